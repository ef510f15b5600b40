import type {CourseMeasure, Courses, CourseScope, PackedBands} from './document';
import type {State} from './state';

/** Quantiles over time: [5 %, 25 %, 50 %, 75 %, 95 %][period], null where nothing has a value. */
export type Bands = (number | null)[][];

export interface Course {
  measure: CourseMeasure;
  scope: CourseScope;
  decimals: (difference: boolean) => number;
  bands: (scenario: number, versus?: number) => Bands | null;
  target: number | null;
}

/** Every kept series, by what it is of. */
export class CourseBook {
  private readonly at = new Map<string, number>();

  constructor(private readonly courses: Courses, private readonly state: State) {
    courses.series.forEach((series, i) => {
      const scope = courses.scopes[series.s], measure = courses.measures[series.m];
      if (scope && measure) this.at.set(this.key(measure.id, scope.kind, scope.id), i);
    });
  }
  private key(measure: string, kind: string, id: string): string {
    return `${measure}\n${kind}\n${id}`;
  }
  get periods(): string[] {
    return this.courses.periods;
  }
  get every(): string {
    return this.courses.every;
  }
  kinds(): string[] {
    return [...new Set(this.courses.series.map(series => this.courses.scopes[series.s]?.kind ?? ''))];
  }
  subjects(kind: string): CourseScope[] {
    const seen = new Map<string, CourseScope>();
    for (const series of this.courses.series) {
      const scope = this.courses.scopes[series.s];
      if (scope?.kind === kind && !seen.has(scope.id)) seen.set(scope.id, scope);
    }
    return [...seen.values()];
  }
  measures(kind: string, id: string): {measure: CourseMeasure; zero: boolean}[] {
    const found: {measure: CourseMeasure; zero: boolean}[] = [];
    for (const measure of this.courses.measures) {
      const i = this.at.get(this.key(measure.id, kind, id));
      if (i !== undefined) found.push({measure, zero: this.courses.series[i]?.v === undefined});
    }
    return found;
  }

  course(measure: string, kind: string, id: string): Course | null {
    const i = this.at.get(this.key(measure, kind, id));
    const series = i === undefined ? undefined : this.courses.series[i];
    const words = series && this.courses.measures[series.m], scope = series && this.courses.scopes[series.s];
    if (!series || !words || !scope) return null;
    const target = this.courses.targets.find(one => one.m === series.m && one.s === series.s);
    return {
      measure: words, scope, target: target?.value ?? null,
      decimals: difference => Math.max(0, (difference ? series.e : series.d) ?? 0),
      bands: (scenario, versus) => {
        if (series.v === undefined) return this.zeros();
        if (versus === undefined) return unpack(series.v[scenario], series.d ?? 0);
        const later = Math.max(scenario, versus), earlier = Math.min(scenario, versus);
        const stored = this.state.report.pairs.filter(([of, than]) => of > than);
        const bands = unpack(series.x?.[stored.findIndex(([of, than]) => of === later && than === earlier)], series.e ?? 0);
        if (bands === null || scenario === later) return bands;
        // The upper end of the one is the lower of the other.
        return bands.map(band => band.map(value => value === null ? null : -value)).reverse();
      },
    };
  }
  private zeros(): Bands {
    return [0, 1, 2, 3, 4].map(() => this.periods.map(() => 0));
  }
}

function unpack(packed: PackedBands | undefined, decimals: number): Bands | null {
  if (packed === undefined) return null;
  let before = 0;
  const whole: (number | null)[][] = [];
  packed.forEach((band, b) => whole.push(band.map((value, period) => {
    if (value === null) return null;
    if (b > 0) return value + (whole[b - 1]?.[period] ?? 0);
    before += value;
    return before;
  })));
  // Divided or multiplied, never both, so that the number is the one nearest to the decimal.
  return whole.map(band => band.map(value => value === null ? null : decimals < 0 ? value * 10 ** -decimals : value / 10 ** decimals));
}

const kKinds: Record<string, string> = {
  model: 'The whole system', setting: 'A setting', department: 'A department', domain: 'A domain of care',
  level: 'A level of care', reason: 'A reason for leaving', event: 'An event', outcome: 'An outcome counted',
  milestone: 'A milestone', role: 'Staff of a role', staffing: 'Staff in a setting', policy: 'A policy',
  payer: 'A payer', item: 'A cost item',
};
export const kindWords = (kind: string): string => kKinds[kind] ?? kind;

/** Measures under a heading, so that a long list can be read. */
export function headingOf(measure: CourseMeasure): string {
  const id = measure.id;
  if (/^(cost)/.test(id)) return 'Money';
  if (/^(fte|staff|setting_)/.test(id)) return 'Staff';
  if (/^policy/.test(id)) return 'The policy';
  if (/(queue|wait|boarding|over_level|discharge_delay)/.test(id)) return 'Waiting';
  if (/(census|capacity|occupancy|present|client_days|reserved|turnaround|held|need)/.test(id)) return 'Who is there, and room';
  if (/(stay|milestone)/.test(id)) return 'How long things take';
  return 'Coming, going and being lost';
}
