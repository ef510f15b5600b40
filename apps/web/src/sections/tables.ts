import type {Table, TableGroup, TableRow} from '../document';
import type {Choice} from '../dom';
import {el, Select} from '../dom';
import {intervalHeight, intervalOption, type IntervalPlot} from '../intervals';
import {estimateText, sentence, shown, withUnit} from '../numbers';
import {figure} from '../plot';
import type {State} from '../state';
import {comparisonTable} from './changes';
import {legend, lessWords, note, type Section} from './section';

const kScopes: Record<string, string> = {
  setting: 'by setting', department: 'by department', domain: 'by domain of care', level: 'by level of care',
  reason: 'by reason', role: 'by role', staffing: 'by setting and staff', payer: 'by who pays', item: 'by what it is for',
  event: 'by event', outcome: 'by outcome', milestone: 'by milestone', policy: 'by policy',
};

const everZero = (state: State, group: TableGroup): boolean =>
    group.rows.every(row => row.values.every(value => value === null || value[0] === null || value[0] === 0) &&
                            state.report.scenarios.length > 0);

/** One measure of a table at a time: its subjects with their intervals. */
export class Browser {
  private chosen = 0;
  readonly element: HTMLElement;

  constructor(private readonly state: State, private readonly groups: TableGroup[], label: string, first: string) {
    this.chosen = Math.max(groups.findIndex(group => `${group.measure} ${group.scope}` === first), 0);
    const choices: Choice[] = groups.map((group, i) => ({
      value: String(i), text: sentence(group.words) + (kScopes[group.scope] ? `, ${kScopes[group.scope]}` : '') +
                              ` [${group.unit}]` + (everZero(state, group) ? ' \u2013 always 0' : '')}));
    const place = el('div', {'aria-live': 'polite'});
    const select = new Select(label, choices, String(this.chosen), value => {
      this.chosen = Number(value);
      place.replaceChildren(...this.chart());
    });
    state.follow(() => place.replaceChildren(...this.chart()));
    this.element = el('div', {}, el('div', {class: 'controls'}, select.element), place);
  }

  private chart(): Node[] {
    const {state} = this, group = this.groups[this.chosen];
    if (group === undefined) return [];
    const unit = state.unit(group);
    const most = (row: TableRow): number => Math.max(...state.scenarios().map(scenario => Math.abs(state.estimate(row, scenario)?.[0] ?? 0)));
    const there = group.rows.filter(row => state.scenarios().some(scenario => state.estimate(row, scenario)?.[0] != null));
    const other = there.filter(row => most(row) > 0), rows = other.length > 0 ? other : there;
    const zeros = there.length - rows.length;
    if (rows.length > 8) rows.sort((a, b) => most(b) - most(a));
    const title = sentence(group.words) + (kScopes[group.scope] ? `, ${kScopes[group.scope]}` : '') + lessWords(state);
    if (rows.length === 0) return [note(`${title}: nothing to show in the scenarios that are chosen.`)];
    const plot: IntervalPlot = {
      rows: rows.map(row => ({label: sentence(row.of), marks: state.scenarios().map(scenario => ({
        scenario, name: state.name(scenario), estimate: state.estimate(row, scenario)}))})),
      unit, zero: state.difference,
      lines: !state.difference && group.target !== null
          ? [{value: group.target, words: `target ${withUnit(shown(group.target), group.unit)}`}] : [],
    };
    return [figure({
      title, above: legend(state),
      how: `In ${unit}. Mark: mean over replications; bar: its ${shown(state.report.confidence)}% interval.` +
           (group.good === '' ? '' : ` ${sentence(group.good)} is better.`) + (rows.length > 8 ? ' The largest first.' : '') +
           (zeros > 0 ? ` ${zeros} more, where it is 0, ${zeros === 1 ? 'stands' : 'stand'} in the table only.` : ''),
      label: `${title}: ` + rows.slice(0, 8).map(row => `${row.of} ` + state.scenarios().map(scenario =>
          `${state.name(scenario)} ${estimateText(state.estimate(row, scenario), unit)}`).join(', ')).join('; '),
      height: intervalHeight(plot), option: width => intervalOption(plot, width),
      table: () => comparisonTable(state, [group], title, true),
    })];
  }
}

export function tableOf(state: State, id: string): Table | undefined {
  return state.report.tables.find(table => table.id === id);
}

/** Each setting by itself: waits, census, and outcomes of the whole. */
export const settings: Section = {
  id: 'settings',
  title: 'Setting by setting',
  make: state => {
    const groups = ['waits', 'census', 'outcomes'].flatMap(id => tableOf(state, id)?.groups ?? []);
    if (groups.length === 0) return null;
    return [note('Every measure of the tables, with all it is kept of. Averages over the whole time of the results.'),
            new Browser(state, groups, 'Measure', 'queue_mean setting').element];
  },
};

export const staff: Section = {
  id: 'staff',
  title: 'Staff',
  absent: 'Staff: the model has none, so none is said to be needed or missing.',
  make: state => {
    const table = tableOf(state, 'staff');
    if (!table || table.groups.length === 0) return null;
    return [note('FTE: a full-time post. Needed FTE are what beds and slots, or the clients there, ask for; a vacancy is a post ' +
                 'in the budget that nobody holds.'),
            new Browser(state, table.groups, 'Measure', 'fte_employed role').element];
  },
};

export const money: Section = {
  id: 'money',
  title: 'Money',
  absent: 'Money: the model states no costs.',
  make: state => {
    const table = tableOf(state, 'money');
    if (!table || table.groups.length === 0) return null;
    return [note('What the model\u2019s cost items come to over the whole time. Costs by setting, department, domain and payer ' +
                 'are four ways to divide the same total.'),
            new Browser(state, table.groups, 'Measure', 'cost department').element];
  },
};

