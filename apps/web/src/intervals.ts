import type {CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams} from 'echarts';
import type {Estimate} from './document';
import {estimateText} from './numbers';
import {colourOf, kInk, kLine, kSoft, shapeOf, tip, type Option} from './plot';

/** A mark with its interval. */
export interface IntervalMark {
  scenario: number;  // gives colour and shape
  name: string;
  estimate: Estimate | null;
}
export interface IntervalRow {
  label: string;
  marks: IntervalMark[];
}
export interface IntervalPlot {
  rows: IntervalRow[];
  unit: string;
  zero: boolean;  // draw a line at none
  lines?: {value: number; words: string}[];
  labels?: number;  // room for the rows' labels
}

const kPitch = 17;
export const intervalHeight = (plot: IntervalPlot): number =>
    52 + plot.rows.reduce((sum, row) => sum + Math.max(row.marks.length, 1) * kPitch + 9, 0);

/** Dot, square, triangle, diamond: for paper without colours. */
function shape(kind: number, x: number, y: number, colour: string): object {
  const style = {fill: colour}, r = 5;
  if (kind === 0) return {type: 'circle', shape: {cx: x, cy: y, r}, style};
  if (kind === 1) return {type: 'rect', shape: {x: x - 4.5, y: y - 4.5, width: 9, height: 9}, style};
  const points = kind === 2 ? [[x, y - 5.5], [x + 5.5, y + 4.5], [x - 5.5, y + 4.5]]
                            : [[x, y - 6], [x + 6, y], [x, y + 6], [x - 6, y]];
  return {type: 'polygon', shape: {points}, style};
}

/** Estimates with their intervals, one row a subject. */
export function intervalOption(plot: IntervalPlot, width: number): Option {
  const room = plot.labels ?? Math.min(260, Math.max(90, width * 0.28));
  // A value axis from below up: each mark has a height of its own, each row a label at its middle.
  const marks: {mark: IntervalMark; row: IntervalRow; y: number}[] = [], middles: {y: number; label: string}[] = [];
  let at = 0;
  for (const row of plot.rows) {
    const count = Math.max(row.marks.length, 1);
    middles.push({y: at + count * kPitch / 2, label: row.label});
    row.marks.forEach((mark, i) => marks.push({mark, row, y: at + (i + 0.5) * kPitch}));
    at += count * kPitch + 9;
  }
  const ends = marks.flatMap(({mark}) => mark.estimate?.slice(0, 3) ?? []).filter(value => typeof value === 'number');
  ends.push(...(plot.lines ?? []).map(line => line.value));
  if (plot.zero || ends.length === 0) ends.push(0);
  let low = Math.min(...ends), high = Math.max(...ends);
  if (!plot.zero && low > 0 && low < high / 2) low = 0;
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  low -= low === 0 && !plot.zero ? 0 : margin;
  high += margin;
  const render = (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): object | undefined => {
    const one = marks[api.value(2) as number];
    if (one === undefined || one.mark.estimate?.[0] == null) return undefined;
    const [mean, from, to] = one.mark.estimate, colour = colourOf(one.mark.scenario);
    const [x = 0, y = 0] = api.coord([mean, one.y]), children: object[] = [];
    if (from != null && to != null) {
      const [left = 0] = api.coord([from, one.y]), [right = 0] = api.coord([to, one.y]);
      for (const [x1, y1, x2, y2] of [[left, y, right, y], [left, y - 4, left, y + 4], [right, y - 4, right, y + 4]])
        children.push({type: 'line', shape: {x1, y1, x2, y2}, style: {stroke: colour, lineWidth: 2}});
    }
    children.push(shape(shapeOf(one.mark.scenario), x, y, colour));
    return {type: 'group', children};
  };
  const labels = (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): object => {
    const one = middles[api.value(2) as number] ?? {y: 0, label: ''};
    const [, y = 0] = api.coord([low, one.y]);
    return {type: 'text', x: room - 10, y, silent: true,
            style: {text: one.label, fill: kInk, fontSize: 12, align: 'right', verticalAlign: 'middle',
                    width: room - 14, overflow: 'break', lineHeight: 14}};
  };
  return {
    grid: {left: room, right: 26, top: plot.lines?.length ? 22 : 8, bottom: 42, containLabel: false},
    xAxis: {type: 'value', min: low, max: high, name: plot.unit, nameLocation: 'middle', nameGap: 26,
            nameTextStyle: {color: kSoft}, axisLabel: {color: kSoft, showMinLabel: false, showMaxLabel: false,
                                                       hideOverlap: true},
            splitLine: {lineStyle: {color: '#eceff2'}}, axisLine: {show: true, lineStyle: {color: kLine}}},
    yAxis: {type: 'value', min: 0, max: Math.max(at - 9, kPitch), inverse: true, show: false},
    tooltip: {trigger: 'item', formatter: (event: unknown) => {
                const one = marks[(event as {dataIndex: number}).dataIndex];
                return one ? tip([one.row.label || one.mark.name, one.row.label ? one.mark.name : '',
                                  estimateText(one.mark.estimate, plot.unit)].filter(Boolean)) : '';
              }},
    series: [
      {type: 'custom', renderItem: render as never, encode: {x: 0, y: 1},
       data: marks.map((one, i) => [one.mark.estimate?.[0] ?? 0, one.y, i]),
       markLine: {silent: true, symbol: 'none', animation: false,
                  data: [...(plot.zero ? [{xAxis: 0, lineStyle: {color: '#555', type: 'solid' as const, width: 1},
                                           label: {show: false}}] : []),
                         ...(plot.lines ?? []).map(line => ({xAxis: line.value, name: line.words,
                                                             lineStyle: {color: '#a34700', type: 'dashed' as const, width: 1.4},
                                                             label: {formatter: line.words, color: '#8a3b00', fontSize: 11,
                                                                     position: 'end' as const}}))]}},
      {type: 'custom', renderItem: labels as never, encode: {x: 0, y: 1}, silent: true, clip: false, tooltip: {show: false},
       data: middles.map((one, i) => [low, one.y, i])},
    ],
  };
}
