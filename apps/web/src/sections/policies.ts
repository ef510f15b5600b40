import {CourseBook} from '../courses';
import type {Policy} from '../document';
import {el} from '../dom';
import {fanHeight, fanOption, fanTable, kFanHow, type FanPlot} from '../fan';
import {shown} from '../numbers';
import {colourOf, figure, kSoft, tip, type Option} from '../plot';
import type {State} from '../state';
import {legend, type Section} from './section';
import {Browser, tableOf} from './tables';

function openOption(state: State, policy: Policy, periods: string[]): Option {
  return {
    grid: {left: 62, right: 20, top: 30, bottom: 34},
    xAxis: {type: 'category', data: periods, axisLabel: {color: kSoft, hideOverlap: true}},
    yAxis: {type: 'value', min: 0, max: 100, interval: 50, name: '% of the time open', axisLabel: {color: kSoft, formatter: '{value}%'},
            nameTextStyle: {color: kSoft, align: 'left', padding: [0, 0, 0, -50]}, splitLine: {lineStyle: {color: '#e6eaee'}}},
    tooltip: {trigger: 'axis', formatter: (event: unknown) => {
                const at = (event as {dataIndex: number}[])[0]?.dataIndex ?? 0;
                return tip([periods[at] ?? '', ...state.scenariosOfValues().map(scenario =>
                    `${state.name(scenario)}: open ${shown(policy.open[scenario]?.[at], 1)}% of the time`)]);
              }},
    series: state.scenariosOfValues().map(scenario => ({
      type: 'line' as const, step: 'middle' as const, symbol: 'none', data: policy.open[scenario] ?? [],
      lineStyle: {color: colourOf(scenario), width: 1.5}, areaStyle: {color: colourOf(scenario), opacity: 0.25},
    })),
  };
}

function parts(state: State, book: CourseBook, policy: Policy): Node[] {
  const nodes: Node[] = [];
  const course = policy.measure === '' ? null : book.course(policy.measure, 'policy', policy.id);
  if (course) {
    const fans = state.scenariosOfValues().flatMap(scenario => {
      const bands = course.bands(scenario);
      return bands?.[2]?.some(value => value !== null) ? [{scenario, name: state.name(scenario), bands}] : [];
    });
    const level = (words: string, value: number | null, colour: string) =>
        value === null ? [] : [{words, values: book.periods.map(() => value), colour}];
    const plot: FanPlot = {periods: book.periods, fans, unit: policy.unit, decimals: course.decimals(false), zero: true, panels: fans.length > 3,
                           lines: [...level('opens', policy.opens, '#b03a00'), ...level('closes', policy.closes, '#00704f')]};
    const title = `${policy.name}: what it looks at`;
    nodes.push(figure({
      title, how: `${policy.looksAt}, as seen at its reviews. ${kFanHow} Dashed: it opens at ${shown(policy.opens)}` +
                  (policy.closes === null ? '.' : `, closes at ${shown(policy.closes)} ${policy.unit}.`),
      label: title, above: legend(state, true), height: width => fanHeight(plot, width), option: width => fanOption(plot, width),
      table: () => fanTable(plot, title),
    }));
  }
  const title = `${policy.name}: when it is open`;
  nodes.push(figure({
    title, how: 'Share of the time and of the replications in which it is open: a mean over replications. Its interval, over the whole time, stands below.',
    label: title, height: 190, option: () => openOption(state, policy, book.periods), above: course ? undefined : legend(state, true),
    table: () => ({caption: `${title} [% of the time]`, head: ['Period', ...state.scenariosOfValues().map(scenario => state.name(scenario))],
                   numbers: [false, ...state.scenariosOfValues().map(() => true)],
                   rows: book.periods.map((period, i) => [period, ...state.scenariosOfValues().map(scenario => ({
                     text: shown(policy.open[scenario]?.[i], 1), value: policy.open[scenario]?.[i] ?? null}))])}),
  }));
  return nodes;
}

export const policies: Section = {
  id: 'policies',
  title: 'Policies over time',
  absent: 'Policies: the model has no rules that look at the state.',
  make: state => {
    const {policies: all, courses} = state.report;
    if (all === null || all.length === 0 || courses === null) return null;
    const book = new CourseBook(courses, state);
    const table = tableOf(state, 'policies');
    const overall = table && table.groups.length > 0
        ? [el('h3', {}, 'Over the whole time'), new Browser(state, table.groups, 'Measure of the policies', 'policy_open policy').element] : [];
    return [...all.flatMap(policy => {
      const place = el('div');
      state.follow(() => place.replaceChildren(...parts(state, book, policy)));
      return [el('h3', {}, policy.name),
              el('p', {}, `${policy.about ? policy.about.replace(/[^.!?]$/, '$&.') + ' ' : ''}It ${policy.rule}. While it is open: ${policy.changes}.`), place];
    }), ...overall];
  },
};
