import type {Estimate, Report, TableGroup, TableRow} from './document';

/** What the reader has chosen for the whole page. */
export class State {
  baseline = 0;
  difference = false;
  readonly chosen: Set<number>;
  private readonly listeners: (() => void)[] = [];

  constructor(readonly report: Report) {
    this.chosen = new Set(report.scenarios.keys());
  }

  /** Calls `listener` now, and whenever something changes. */
  follow(listener: () => void): void {
    this.listeners.push(listener);
    listener();
  }
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  get several(): boolean {
    return this.report.scenarios.length > 1;
  }
  name(scenario: number): string {
    return this.report.scenarios[scenario]?.name ?? '';
  }
  /** Scenarios that can be compared with: all, where all pairs are there. */
  baselines(): number[] {
    return [...new Set(this.report.pairs.map(([, versus]) => versus))];
  }
  /** Scenarios that are shown; of differences not the one compared with. */
  scenarios(): number[] {
    return [...this.chosen].sort((a, b) => a - b).filter(scenario => !this.difference || scenario !== this.baseline);
  }
  /** Of charts that show values whatever is chosen for the others. */
  scenariosOfValues(): number[] {
    return [...this.chosen].sort((a, b) => a - b);
  }
  pair(of: number, versus: number): number {
    return this.report.pairs.findIndex(pair => pair[0] === of && pair[1] === versus);
  }
  change(row: TableRow, of: number): Estimate | null {
    return row.changes[this.pair(of, this.baseline)] ?? null;
  }
  /** As chosen: the value in a scenario, or its difference. */
  estimate(row: TableRow, scenario: number): Estimate | null {
    return this.difference ? this.change(row, scenario) : row.values[scenario] ?? null;
  }
  unit(group: TableGroup): string {
    return this.difference ? group.changeUnit : group.unit;
  }
}
