import type {Occupancy} from '../document';
import {el, Select} from '../dom';
import {estimateText, shown} from '../numbers';
import {colourOf, dashOf, figure, kSoft, tip, type Option} from '../plot';
import type {State} from '../state';
import type {TableData} from '../table';
import {legend, note, type Section} from './section';

type Setting = Occupancy['settings'][number];

function option(state: State, setting: Setting, steps: number[]): Option {
  const most = Math.ceil(Math.max(100, ...setting.scenarios.map(one => steps[one.points.length - 1] ?? 0)) / 10) * 10;
  const series = state.scenariosOfValues().flatMap(scenario => {
    const points = setting.scenarios[scenario]?.points ?? [], colour = colourOf(scenario);
    const there = points.map((point, i) => ({x: steps[i] ?? 0, point})).filter(({point}) => point[0] !== null);
    const data = (pick: (low: number, mean: number, high: number) => number): number[][] => there.map(({x, point}) =>
        [x, pick(Math.max(0, point[1] ?? point[0] ?? 0), point[0] ?? 0, Math.min(100, point[2] ?? point[0] ?? 0))]);
    const common = {type: 'line' as const, symbol: 'none', silent: true};
    return [
      {...common, stack: `s${scenario}`, stackStrategy: 'all' as const, data: data(low => low), lineStyle: {opacity: 0}},
      {...common, stack: `s${scenario}`, stackStrategy: 'all' as const, data: data((low, _, high) => high - low), lineStyle: {opacity: 0},
       areaStyle: {color: colour, opacity: 0.2}},
      {...common, z: 4, data: data((_, mean) => mean), lineStyle: {color: colour, width: 2, type: dashOf(scenario)}},
    ];
  });
  return {
    grid: {left: 62, right: 30, top: 34, bottom: 52},
    xAxis: {type: 'value', min: 0, max: most, interval: 10, name: 'occupancy: clients there, % of capacity', nameLocation: 'middle',
            nameGap: 30, nameTextStyle: {color: kSoft}, axisLabel: {color: kSoft, hideOverlap: true, formatter: '{value}%'},
            splitLine: {lineStyle: {color: '#f0f2f4'}}},
    yAxis: {type: 'value', min: 0, max: 100, interval: 25, name: '% of the time at or above it',
            nameTextStyle: {color: kSoft, align: 'left', padding: [0, 0, 0, -50]},
            axisLabel: {color: kSoft, formatter: '{value}%'}, splitLine: {lineStyle: {color: '#e6eaee'}}},
    tooltip: {trigger: 'axis', axisPointer: {type: 'line', snap: true}, formatter: (event: unknown) => {
                const at = (event as {axisValue: number}[])[0]?.axisValue ?? 0;
                const point = steps.reduce((best, step, i) => Math.abs(step - at) < Math.abs((steps[best] ?? 0) - at) ? i : best, 0);
                return tip([`At or above ${shown(steps[point])}% of capacity`, ...state.scenariosOfValues().map(scenario => {
                  const estimate = setting.scenarios[scenario]?.points[point];
                  return `${state.name(scenario)}: ` + (estimate ? estimateText(estimate, '%') + ' of the time' : '0% of the time');
                })]);
              }},
    series: [...series, {type: 'line', data: [], markLine: {silent: true, symbol: 'none', data: [
               {xAxis: 100, lineStyle: {color: '#8a3b00', type: 'dashed'}, label: {formatter: 'full', color: '#8a3b00'}}]}}],
  };
}

function table(state: State, setting: Setting, steps: number[], title: string): TableData {
  const scenarios = state.scenariosOfValues();
  const length = Math.max(...scenarios.map(scenario => setting.scenarios[scenario]?.points.length ?? 0));
  return {
    caption: `${title}, % of the time with its ${shown(state.report.confidence)}% interval`,
    head: ['At or above, % of capacity', ...scenarios.map(scenario => state.name(scenario))],
    numbers: [true, ...scenarios.map(() => true)],
    rows: Array.from({length}, (_, i) => [{text: `${steps[i]}%`, value: steps[i] ?? null}, ...scenarios.map(scenario => {
      const estimate = setting.scenarios[scenario]?.points[i];
      return {text: estimate ? estimateText(estimate, '%') : '0%', value: estimate ? estimate[0] : 0};
    })]),
  };
}

export const occupancy: Section = {
  id: 'occupancy',
  title: 'How full, how much of the time',
  absent: 'Time at each occupancy: no setting has a capacity that stays the same over the results.',
  make: state => {
    const data = state.report.occupancy;
    if (data === null) return null;
    const place = el('div', {'aria-live': 'polite'});
    const fullest = (setting: Setting): number => Math.max(...setting.scenarios.map(one => one.points[data.steps.indexOf(95)]?.[0] ?? 0));
    const settings = [...data.settings].sort((a, b) => fullest(b) - fullest(a));
    const show = (id: string): void => {
      const setting = settings.find(one => one.id === id);
      if (!setting) return;
      const title = `${setting.name}: share of the time at or above each occupancy`;
      const capacities = state.scenariosOfValues().map(scenario =>
          `${shown(setting.scenarios[scenario]?.capacity)} with ${state.name(scenario)}`);
      place.replaceChildren(figure({
        title, above: legend(state, true),
        how: `Read from the bottom: at 90% on the lower axis the line tells how much of the time the setting was nine tenths full ` +
             `or fuller. Line: mean over replications; band: its ${shown(state.report.confidence)}% interval. Capacity: ${capacities.join('; ')}.`,
        label: `${title}. At full capacity: ` + state.scenariosOfValues().map(scenario => {
          const full = setting.scenarios[scenario]?.points[data.steps.indexOf(100)];
          return `${state.name(scenario)} ${full ? estimateText(full, '%') : '0%'} of the time`;
        }).join('; '),
        height: 360, option: () => option(state, setting, data.steps), table: () => table(state, setting, data.steps, title),
      }));
    };
    const select = new Select('Setting, the fullest first', settings.map(one => ({value: one.id, text: one.name})),
                              settings[0]?.id ?? '', show);
    state.follow(() => show(select.value));
    return [note('An average hides how often a place is full. Settings whose capacity changes at a date are not here: the time at ' +
                 'each occupancy is kept over the whole time only.'),
            el('div', {class: 'controls'}, select.element), place];
  },
};
