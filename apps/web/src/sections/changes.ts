import type {TableGroup, TableRow} from '../document';
import {el} from '../dom';
import {intervalHeight, intervalOption, type IntervalPlot} from '../intervals';
import {estimateText, interval, isClear, mean, reading, sentence, shown, withUnit} from '../numbers';
import {figure, swatch} from '../plot';
import type {State} from '../state';
import {numbersBehind, type Cell, type TableData} from '../table';
import {legend, lively, note, type Section} from './section';

/** What the scenarios change. */
export const differences: Section = {
  id: 'differences',
  title: 'What differs between the scenarios',
  make: state => [el('dl', {class: 'scenarios'}, ...state.report.scenarios.flatMap((scenario, i) => [
    el('dt', {}, swatch(i), scenario.name),
    el('dd', {}, scenario.about ? el('p', {}, scenario.about) : null,
       scenario.changes.length === 0
           ? el('p', {}, 'The model as written.')
           : el('ul', {}, ...scenario.changes.map(change => el('li', {}, change)))),
  ]))],
};

function plotOf(state: State, group: TableGroup, row: TableRow): IntervalPlot {
  const target = !state.difference && group.target !== null
      ? [{value: group.target, words: `target ${withUnit(shown(group.target), group.unit)}`}] : [];
  return {
    rows: [{label: '', marks: state.scenarios().map(scenario => ({
      scenario, name: state.name(scenario), estimate: state.estimate(row, scenario)}))}],
    unit: state.unit(group), zero: state.difference, lines: target, labels: 22,
  };
}

/** A metric with its number in each scenario: in words what the marks show. */
function numbersOf(state: State, group: TableGroup, row: TableRow): HTMLElement {
  return el('ul', {class: 'figures'}, ...state.scenarios().map(scenario => {
    const change = state.several && scenario !== state.baseline ? state.change(row, scenario) : null;
    return el('li', {}, swatch(scenario), el('span', {}, `${state.name(scenario)}: `,
              el('b', {}, estimateText(state.estimate(row, scenario), state.unit(group)))),
              change === null ? null : el('span', {class: isClear(change) ? 'reading clear' : 'reading'},
                                          state.difference ? reading(change)
                                                           : `${reading(change)}, ${estimateText(change, group.changeUnit)}`));
  }));
}

function card(state: State, group: TableGroup): HTMLElement[] {
  return group.rows.map(row => {
    const plot = plotOf(state, group, row);
    const shape = figure({
      title: sentence(group.words), how: '', compact: true,
      label: `${group.words}: ` + state.scenarios().map(scenario =>
          `${state.name(scenario)} ${estimateText(state.estimate(row, scenario), state.unit(group))}`).join('; '),
      height: intervalHeight(plot), option: width => intervalOption(plot, width),
      table: () => ({caption: '', head: [], numbers: [], rows: []}),
    });
    shape.append(numbersOf(state, group, row));
    return shape;
  });
}

/** All numbers of some groups: before, change, and what it means. */
export function comparisonTable(state: State, groups: TableGroup[], caption: string, subjects: boolean): TableData {
  const rows: (string | Cell)[][] = [];
  for (const group of groups)
    for (const row of group.rows)
      for (const scenario of state.scenarios()) {
        const estimate = state.estimate(row, scenario), unit = state.unit(group);
        const cells: (string | Cell)[] = [sentence(group.words), ...(subjects ? [row.of] : []), state.name(scenario),
                                          {text: mean(estimate), value: estimate?.[0] ?? null},
                                          {text: interval(estimate)}, unit];
        if (state.difference) {
          const before = row.values[state.baseline] ?? null;
          cells.push({text: mean(before), value: before?.[0] ?? null},
                     {text: reading(estimate), mark: isClear(estimate) ? 'clear' : ''});
        } else {
          cells.push({text: group.target === null ? '' : shown(group.target), value: group.target});
        }
        rows.push(cells);
      }
  return {
    caption,
    head: ['Measure', ...(subjects ? ['Of'] : []), 'Scenario', state.difference ? 'Difference' : 'Mean',
           `${shown(state.report.confidence)}% interval`, 'Unit',
           ...(state.difference ? [`In \u201C${state.name(state.baseline)}\u201D`, 'Reading'] : ['Target'])],
    numbers: [false, ...(subjects ? [false] : []), false, true, true, false, true, false],
    rows,
  };
}

/** The metrics that the model names, side by side or as differences. */
export const comparison: Section = {
  id: 'comparison',
  title: 'What changes',
  make: state => {
    const groups = state.report.tables.find(table => table.id === 'headline')?.groups ?? [];
    if (groups.length === 0) return null;
    return [lively(state, () => {
      const percent = shown(state.report.confidence);
      const how = state.difference
          ? `Each scenario less \u201C${state.name(state.baseline)}\u201D, replication by replication. The mark is the mean ` +
            `difference, the bar its ${percent}% interval. A bar that crosses the line at 0 may be chance.`
          : `The mark is the mean over replications, the bar its ${percent}% interval. Bars that overlap can still differ ` +
            'clearly, as scenarios are compared with the same luck: look at the differences.';
      return [note(how), legend(state), el('div', {class: 'cards'}, ...groups.flatMap(group => card(state, group))),
              numbersBehind('What changes', () => comparisonTable(state, groups, 'The metrics of this study', false))];
    })];
  },
};
