import type {CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams} from 'echarts';
import type {Estimate, Tornado, WideTable} from '../document';
import {el} from '../dom';
import {estimateText, interval, mean, sentence} from '../numbers';
import {figure, kInk, kSoft, tip, type Option} from '../plot';
import {tableElement, download, type TableData} from '../table';
import {note, type Section} from './section';

const kMost = 20;
type Bar = Tornado['bars'][number];

/** What a bar shows: what the output does from the input's low to its high end. */
function endsOf(bar: Bar): {estimate: Estimate; colour: string; words: string}[] {
  if (bar.atLow !== null || bar.atHigh !== null)
    return [...(bar.atLow ? [{estimate: bar.atLow, colour: '#E69F00', words: 'at the low end'}] : []),
            ...(bar.atHigh ? [{estimate: bar.atHigh, colour: '#0072B2', words: 'at the high end'}] : [])];
  return bar.swing ? [{estimate: bar.swing, colour: '#0072B2', words: 'from the low to the high end'}] : [];
}

function option(tornado: Tornado, bars: Bar[], width: number): Option {
  const room = Math.min(330, width * 0.36);
  const data = bars.flatMap((bar, row) => endsOf(bar).map(end => ({row, end})));
  const render = (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): object | undefined => {
    const one = data[api.value(2) as number];
    if (!one || one.end.estimate[0] === null) return undefined;
    const [value, low, high] = one.end.estimate;
    const [x = 0, y = 0] = api.coord([value, one.row]), [zero = 0] = api.coord([0, one.row]);
    const children: object[] = [{type: 'rect', shape: {x: Math.min(x, zero), y: y - 8, width: Math.abs(x - zero), height: 16},
                                 style: {fill: one.end.colour, opacity: 0.85}}];
    if (low !== null && high !== null) {
      const [from = 0] = api.coord([low, one.row]), [to = 0] = api.coord([high, one.row]);
      children.push({type: 'line', shape: {x1: from, y1: y, x2: to, y2: y}, style: {stroke: kInk, lineWidth: 1.3}});
    }
    return {type: 'group', children};
  };
  const ends = data.flatMap(({end}) => end.estimate.slice(0, 3)).filter((value): value is number => typeof value === 'number');
  return {
    grid: {left: room, right: 30, top: 8, bottom: 46},
    xAxis: {type: 'value', min: Math.min(0, ...ends), max: Math.max(0, ...ends), name: `change, ${tornado.unit}`, nameLocation: 'middle', nameGap: 28,
            nameTextStyle: {color: kSoft}, axisLabel: {color: kSoft, hideOverlap: true, showMinLabel: false, showMaxLabel: false},
            splitLine: {lineStyle: {color: '#eceff2'}}},
    yAxis: {type: 'category', inverse: true, data: bars.map(bar => `${bar.factor}\n${bar.range}`), axisTick: {show: false},
            axisLabel: {color: kInk, width: room - 18, overflow: 'truncate', interval: 0, fontSize: 11.5, lineHeight: 14}, axisLine: {show: false}},
    tooltip: {trigger: 'item', formatter: (event: unknown) => {
                const one = data[(event as {dataIndex: number}).dataIndex], bar = one && bars[one.row];
                return one && bar ? tip([bar.factor, `Range: ${bar.range}`, `${sentence(one.end.words)}: ${estimateText(one.end.estimate, tornado.unit)}`,
                                         ...(bar.correlation ? [`Rank correlation: ${estimateText(bar.correlation, '')}`] : [])]) : '';
              }},
    series: [{type: 'custom', renderItem: render as never, encode: {x: 0, y: 1}, data: data.map(({row, end}, i) => [end.estimate[0] ?? 0, row, i]),
              markLine: {silent: true, symbol: 'none', data: [{xAxis: 0, label: {show: false}, lineStyle: {color: '#555', type: 'solid'}}]}}],
  };
}

function table(tornado: Tornado, title: string): TableData {
  const columns = [['rank correlation', (bar: Bar) => bar.correlation], ['at the low end', (bar: Bar) => bar.atLow],
                   ['at the high end', (bar: Bar) => bar.atHigh], ['from low to high', (bar: Bar) => bar.swing]] as const;
  const used = columns.filter(([, pick]) => tornado.bars.some(bar => pick(bar) !== null));
  return {
    caption: `${title} [${tornado.unit}; correlations have no unit]`,
    head: ['Input', 'Range', ...used.flatMap(([words]) => [words, 'interval'])],
    numbers: [false, false, ...used.flatMap(() => [true, true])],
    rows: tornado.bars.map(bar => [bar.factor, bar.range, ...used.flatMap(([, pick]) => {
      const estimate = pick(bar);
      return [{text: mean(estimate), value: estimate?.[0] ?? null}, estimate ? interval(estimate) : ''];
    })]),
  };
}

function chart(tornado: Tornado): Node | null {
  const bars = tornado.bars.filter(bar => endsOf(bar).length > 0).slice(0, kMost);
  if (bars.length === 0) return null;
  const ends = bars.some(bar => bar.atLow !== null || bar.atHigh !== null);
  const title = `${sentence(tornado.words)}: what moves it most, ${tornado.of === 'the sweep' ? 'in the sweep' : `with \u201C${tornado.of}\u201D`}`;
  return figure({
    title, how: (ends ? 'Each bar: the change from the base when this input alone goes to its low (orange) or high (blue) end. '
                      : 'Each bar: the change when the input goes from its low to its high end, along a straight line through all points. ') +
                'Thin line: the interval. The strongest first' + (tornado.bars.length > kMost ? `; the first ${kMost} of ${tornado.bars.length}.` : '.'),
    label: `${title}: ` + bars.slice(0, 5).map(bar => `${bar.factor} ${endsOf(bar).map(end => `${end.words} ${estimateText(end.estimate, tornado.unit)}`).join(', ')}`).join('; '),
    height: 60 + bars.length * 34, option: width => option(tornado, bars, width), table: () => table(tornado, title),
  });
}

function wide(data: WideTable): HTMLElement {
  const titles: Record<string, string> = {sweep: 'The points of the sweep', sensitivity: 'What moves the metrics', uncertainty: 'Chance and ignorance apart'};
  const title = titles[data.id] ?? data.id;
  const fold = el('details', {class: 'numbers'}, el('summary', {}, title), ...data.before.map(text => el('p', {}, text)));
  fold.append(tableElement({caption: title, head: data.columns.map(column => column.words), numbers: data.columns.map(column => column.number), rows: data.rows}),
              ...data.notes.map(note));
  return el('div', {class: 'behind'}, fold, el('button', {type: 'button', class: 'quiet', 'aria-label': `Download: ${title} (CSV)`,
                                                          onclick: () => download(`${data.id}.csv`, data.csv)}, 'Download (CSV)'));
}

export const sensitivity: Section = {
  id: 'sensitivity',
  title: 'What moves the result most',
  absent: 'What moves the result most: the study has neither a sweep nor uncertain parameters, so how far the assumptions matter is not known from it.',
  make: state => {
    const data = state.report.sensitivity;
    if (data === null) return null;
    return [...data.sentences.map(text => el('p', {class: 'text'}, text)),
            ...data.tornados.map(chart).filter((node): node is Node => node !== null), ...data.tables.map(wide)];
  },
};
