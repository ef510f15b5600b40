import type {WhySetting} from '../document';
import {el, Select} from '../dom';
import {estimateText, mean, shown} from '../numbers';
import {figure, kInk, kSoft, partColour, tip, type Option} from '../plot';
import type {State} from '../state';
import type {TableData} from '../table';
import {note, type Section} from './section';

const height = (scenarios: number): number => 70 + scenarios * 46;

function option(state: State, setting: WhySetting, width: number): Option {
  const scenarios = state.scenariosOfValues(), room = Math.min(210, width * 0.28);
  return {
    grid: {left: room, right: 30, top: 8, bottom: 46},
    xAxis: {type: 'value', min: 0, name: 'clients waiting on average', nameLocation: 'middle', nameGap: 28, nameTextStyle: {color: kSoft},
            axisLabel: {color: kSoft, hideOverlap: true}, splitLine: {lineStyle: {color: '#eceff2'}}},
    yAxis: {type: 'category', inverse: true, data: scenarios.map(scenario => state.name(scenario)), axisTick: {show: false},
            axisLine: {lineStyle: {color: '#888'}}, axisLabel: {color: kInk, width: room - 16, overflow: 'break', interval: 0}},
    tooltip: {trigger: 'item', formatter: (event: unknown) => {
                const {seriesIndex, dataIndex} = event as {seriesIndex: number; dataIndex: number};
                const part = setting.parts[seriesIndex], scenario = scenarios[dataIndex];
                return part && scenario !== undefined
                    ? tip([state.name(scenario), `Wait ${part.words}: ${estimateText(part.values[scenario] ?? null, 'clients')}`]) : '';
              }},
    series: setting.parts.map((part, i) => ({
      type: 'bar' as const, stack: 'all', name: part.words, barWidth: 24, itemStyle: {color: partColour(i), borderColor: '#fff', borderWidth: 1},
      data: scenarios.map(scenario => Math.max(0, part.values[scenario]?.[0] ?? 0)),
    })),
  };
}

function table(state: State, setting: WhySetting, title: string): TableData {
  const scenarios = state.scenariosOfValues();
  const line = (words: string, values: WhySetting['queue']) => [words, ...scenarios.flatMap(scenario => [
    {text: mean(values[scenario] ?? null), value: values[scenario]?.[0] ?? null},
    values[scenario]?.[1] == null ? '' : `${shown(values[scenario]?.[1], values[scenario]?.[3])} to ${shown(values[scenario]?.[2], values[scenario]?.[3])}`])];
  return {
    caption: `${title}, clients, with the ${shown(state.report.confidence)}% interval`,
    head: ['They wait', ...scenarios.flatMap(scenario => [state.name(scenario), 'interval'])],
    numbers: [false, ...scenarios.flatMap(() => [true, true])],
    rows: [...setting.parts.map(part => line(part.words, part.values)), line('all who wait', setting.queue)],
  };
}

export const why: Section = {
  id: 'why',
  title: 'Why people wait',
  absent: 'Why people wait: nobody waits.',
  make: state => {
    const settings = state.report.why;
    if (settings === null || settings.length === 0) return null;
    const place = el('div', {'aria-live': 'polite'});
    const show = (id: string): void => {
      const setting = settings.find(one => one.id === id);
      if (!setting) return;
      const title = `${setting.name}: what those waiting wait for`;
      place.replaceChildren(figure({
        title, how: 'Average number waiting over the whole time, divided by the cause that keeps them waiting. The parts add up to all who wait.',
        above: el('ul', {class: 'legend'}, ...setting.parts.map((part, i) => {
          const mark = el('span', {class: 'swatch', 'aria-hidden': 'true'});
          mark.style.background = partColour(i);
          return el('li', {}, mark, part.words);
        })),
        label: `${title}: ` + state.scenariosOfValues().map(scenario => `${state.name(scenario)}: ` + setting.parts.map(part =>
            `${mean(part.values[scenario] ?? null)} ${part.words}`).join(', ')).join('; '),
        height: height(state.scenariosOfValues().length), option: width => option(state, setting, width),
        table: () => table(state, setting, title),
      }), ...(setting.changeTexts.length > 0 ? setting.changeTexts : setting.texts).map(text => el('p', {class: 'text'}, text.replace(/(^|[ (])-(?=\d)/g, '$1\u2212'))));
    };
    const select = new Select('The longest queues first', settings.map(one => ({value: one.id, text: one.name})), settings[0]?.id ?? '', show);
    state.follow(() => show(select.value));
    return [note('A place that is not there, a place without staff, a rule, a paper that is missing: they ask for different answers.'),
            el('div', {class: 'controls'}, select.element), place];
  },
};
