import type {EquityBlock} from '../document';
import {el, Select} from '../dom';
import {intervalHeight, intervalOption, type IntervalPlot} from '../intervals';
import {estimateText, sentence, shown} from '../numbers';
import {figure} from '../plot';
import type {State} from '../state';
import type {TableData} from '../table';
import {legend, note, type Section} from './section';

function table(state: State, block: EquityBlock, title: string): TableData {
  return {
    caption: `${title}, with ${shown(state.report.confidence)}% intervals. Gaps are to the group marked *`,
    head: ['Group', 'Scenario', `Value [${block.comparedUnit}]`, `Gap [${block.comparedUnit}]`, 'Ratio',
           ...(block.unit === block.comparedUnit ? [] : [`The measure itself [${block.unit}]`])],
    numbers: [false, false, true, true, true, true],
    rows: block.groups.flatMap(group => state.scenariosOfValues().map(scenario => {
      const result = group.scenarios[scenario] ?? null, name = group.name + (group.reference ? ' *' : '');
      if (result === null) return [name, state.name(scenario), 'not there', '', ''];
      if (result.kept) return [name, state.name(scenario), result.kept, '', '', ...(block.unit === block.comparedUnit ? [] : [''])];
      return [name, state.name(scenario), {text: estimateText(result.compared ?? null, ''), value: result.compared?.[0] ?? null},
              result.gap ? {text: estimateText(result.gap, ''), value: result.gap[0]} : '',
              result.ratio ? {text: estimateText(result.ratio, ''), value: result.ratio[0]} : '',
              ...(block.unit === block.comparedUnit ? [] : [{text: estimateText(result.value ?? null, ''), value: result.value?.[0] ?? null}])];
    })),
  };
}

function chart(state: State, block: EquityBlock): Node[] {
  const title = `${sentence(block.words)}, by ${block.trait}`;
  const kept = block.groups.filter(group => group.scenarios.some(result => result?.kept));
  const plot: IntervalPlot = {
    rows: block.groups.filter(group => !kept.includes(group)).map(group => ({
      label: group.name + (group.reference ? ' *' : ''), marks: state.scenariosOfValues().map(scenario => ({
        scenario, name: state.name(scenario), estimate: group.scenarios[scenario]?.compared ?? null}))})),
    unit: block.comparedUnit, zero: false,
  };
  const gaps = block.groups.flatMap(group => state.scenariosOfValues().flatMap(scenario => {
    const gap = group.scenarios[scenario]?.gap;
    return gap ? [el('li', {}, `${group.name} with ${state.name(scenario)}: `, el('b', {}, estimateText(gap, block.comparedUnit)),
                     gap[1] !== null && (gap[1] > 0 || (gap[2] ?? 0) < 0) ? '' : ' (may be chance)')] : [];
  }));
  return [
    figure({
      title, above: legend(state, true),
      how: `In ${block.comparedUnit}. Mark: mean over replications; bar: its ${shown(state.report.confidence)}% interval. ` +
           'The group marked * is the one the others are compared with.' +
           (block.good === '' ? '' : ` ${sentence(block.good)} is better.`),
      label: `${title}: ` + plot.rows.map(row => `${row.label} ` + row.marks.map(mark => `${mark.name} ${estimateText(mark.estimate, block.comparedUnit)}`).join(', ')).join('; '),
      height: intervalHeight(plot), option: width => intervalOption(plot, width), table: () => table(state, block, title),
    }),
    ...(kept.length > 0 ? [note(`Not shown: ${kept.map(group => group.name).join(', ')}, as a count would be under 11 or could be worked out.`)] : []),
    ...(gaps.length > 0 ? [el('details', {class: 'numbers', open: true}, el('summary', {}, 'Gaps to the group marked *'), el('ul', {}, ...gaps))] : []),
  ];
}

export const equity: Section = {
  id: 'equity',
  title: 'Who is served less well',
  absent: 'Groups: results were not kept by any trait. Add `by` to the model to see who waits longer.',
  make: state => {
    const data = state.report.equity;
    if (data === null || data.blocks.length === 0) return null;
    const place = el('div', {'aria-live': 'polite'});
    const show = (value: string): void => {
      const block = data.blocks[Number(value)];
      if (block) place.replaceChildren(...chart(state, block));
    };
    const tells = (block: EquityBlock): boolean => block.groups.some(group => group.scenarios.some(result => result?.gap));
    const select = new Select('Measure and trait', data.blocks.map((block, i) => ({
      value: String(i), text: `${sentence(block.words)}, by ${block.trait}`})),
      String(Math.max(0, data.blocks.findIndex(tells))), show);
    state.follow(() => show(select.value));
    return [el('div', {class: 'controls'}, select.element), place, ...data.notes.map(text => note(sentence(text) + '.'))];
  },
};
