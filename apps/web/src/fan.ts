import type {Bands} from './courses';
import {shown, withUnit} from './numbers';
import {colourOf, dashOf, kSoft, symbolOf, tip, type Option} from './plot';
import type {TableData} from './table';

export interface Fan {
  scenario: number;  // gives the colour
  name: string;
  bands: Bands;
}
export interface FanLine {
  words: string;
  values: (number | null)[];  // by period
  colour: string;
}
export interface FanPlot {
  periods: string[];
  fans: Fan[];
  lines: FanLine[];
  unit: string;
  decimals: number;
  zero: boolean;  // the axis begins at 0
  panels: boolean;  // one for each scenario, on one scale
}

export const kFanHow = 'Line: the middle replication. Dark band: half of the replications. Light band: nine in ten.';

const panelsOf = (plot: FanPlot): Fan[][] => plot.panels ? plot.fans.map(fan => [fan]) : [plot.fans];
const across = (plot: FanPlot, width: number): number => Math.min(panelsOf(plot).length, width < 620 ? 1 : 2);
const kPanel = 300;
export const fanHeight = (plot: FanPlot, width: number): number =>
    Math.ceil(panelsOf(plot).length / across(plot, width)) * (plot.panels && plot.fans.length > 1 ? 260 : kPanel + 60);

function ends(plot: FanPlot): [number, number] {
  const all = [...plot.fans.flatMap(fan => [...fan.bands[0] ?? [], ...fan.bands[4] ?? []]),
               ...plot.lines.flatMap(line => line.values)].filter((value): value is number => value !== null);
  if (plot.zero || all.length === 0) all.push(0);
  return [Math.min(...all), Math.max(...all)];
}

/** Whether the axis begins at 0 unless somebody wishes otherwise. */
export function wantsZero(plot: Omit<FanPlot, 'zero'>): boolean {
  const [low, high] = ends({...plot, zero: false});
  return low < 0 || low < 0.6 * high;
}

/** A round step that divides the span into some five parts. */
function step(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span / 5 || 1));
  return [1, 2, 2.5, 5, 10].map(factor => factor * power).find(size => span / size <= 6) ?? 10 * power;
}

function describe(plot: FanPlot, period: number): string[] {
  const number = (value: number | null | undefined): string => shown(value, plot.decimals);
  const lines = [plot.periods[period] ?? ''];
  for (const {name, bands} of plot.fans) {
    if (bands[2]?.[period] == null) {
      lines.push(`${name}: no value`);
      continue;
    }
    lines.push(`${name}: ${withUnit(number(bands[2][period]), plot.unit)} in the middle replication; half of them ` +
               `${number(bands[1]?.[period])} to ${number(bands[3]?.[period])}, nine in ten ` +
               `${number(bands[0]?.[period])} to ${number(bands[4]?.[period])}`);
  }
  for (const line of plot.lines)
    if (line.values[period] != null) lines.push(`${line.words}: ${withUnit(shown(line.values[period]), plot.unit)}`);
  return lines;
}

type Series = NonNullable<Option['series']> extends infer S ? S extends (infer One)[] ? One : never : never;

/** Bands as areas stacked on their lower ends, which are not drawn. */
function fanSeries(plot: FanPlot, fan: Fan, panel: number): Series[] {
  const colour = colourOf(fan.scenario), [b0 = [], b1 = [], b2 = [], b3 = [], b4 = []] = fan.bands;
  const common = {type: 'line' as const, xAxisIndex: panel, yAxisIndex: panel, symbol: 'none', silent: true, z: 2};
  const minus = (high: (number | null)[], low: (number | null)[]): (number | null)[] =>
      high.map((value, i) => value === null || low[i] == null ? null : value - (low[i] ?? 0));
  const band = (name: string, low: (number | null)[], high: (number | null)[], opacity: number): Series[] => [
    {...common, stack: name, stackStrategy: 'all', data: low, lineStyle: {opacity: 0}},
    {...common, stack: name, stackStrategy: 'all', data: minus(high, low), lineStyle: {opacity: 0},
     areaStyle: {color: colour, opacity}},
  ];
  const every = Math.max(1, Math.round(plot.periods.length / 6));
  return [
    ...band(`a${fan.scenario}`, b0, b4, 0.16),
    ...band(`b${fan.scenario}`, b1, b3, 0.26),
    // The mark of the legend stands on the line here and there, so that paper without colours tells which is which.
    {...common, z: 4, name: fan.name, data: b2, lineStyle: {color: colour, width: 2, type: dashOf(fan.scenario)},
     symbol: symbolOf(fan.scenario), showSymbol: true, showAllSymbol: true, itemStyle: {color: colour},
     symbolSize: (_: unknown, at: {dataIndex: number}) => (at.dataIndex + fan.scenario) % every === 0 ? 8 : 0},
  ];
}

export function fanOption(plot: FanPlot, width: number): Option {
  const panels = panelsOf(plot), columns = across(plot, width), several = panels.length > 1;
  const [low, high] = ends(plot), size = step(high - low || Math.abs(high) || 1);
  const min = plot.zero && low >= 0 ? 0 : Math.floor(low / size) * size, max = Math.max(Math.ceil(high / size - 1e-9) * size, min + size);
  const high1 = several ? 260 : kPanel + 60;
  const left = 62, right = 24, wide = width / columns;
  const grid = panels.map((_, i) => ({left: (i % columns) * wide + left, top: Math.floor(i / columns) * high1 + 34,
                                      width: wide - left - right, height: high1 - 34 - (several ? 44 : 50)}));
  const title = (panel: number): string => several ? panels[panel]?.[0]?.name ?? '' : '';
  const tick = {color: kSoft, fontSize: 12, hideOverlap: true};
  const lines: Series[] = panels.flatMap((_, panel) => plot.lines.map(line => ({
    type: 'line' as const, xAxisIndex: panel, yAxisIndex: panel, symbol: 'none', silent: true, z: 3, step: 'middle' as const,
    data: line.values, lineStyle: {color: line.colour, width: 1.5, type: [7, 5]},
  })));
  return {
    grid,
    xAxis: panels.map((_, i) => ({type: 'category' as const, gridIndex: i, data: plot.periods, boundaryGap: false,
                                  axisLabel: tick, axisTick: {alignWithLabel: true},
                                  axisLine: {lineStyle: {color: '#888'}, onZero: false}})),
    yAxis: panels.map((_, i) => ({type: 'value' as const, gridIndex: i, min, max, interval: size, axisLabel: tick,
                                  name: several ? `${title(i)} [${plot.unit}]` : plot.unit, nameLocation: 'end' as const,
                                  nameGap: 12, nameTextStyle: {color: several ? '#1b1f24' : kSoft, align: 'left' as const,
                                                               fontSize: 12, padding: [0, 0, 0, -50],
                                                               fontWeight: several ? 600 : 400,
                                                               width: wide - 20, overflow: 'truncate' as const},
                                  splitLine: {lineStyle: {color: '#e6eaee'}}, axisLine: {show: false}})),
    axisPointer: {link: [{xAxisIndex: 'all'}]},
    tooltip: {trigger: 'axis', axisPointer: {type: 'line', lineStyle: {color: '#888'}},
              formatter: (event: unknown) => {
                const first = (event as {dataIndex: number; axisIndex?: number}[])[0];
                return first ? tip(describe(plot, first.dataIndex)) : '';
              }},
    series: [
      ...panels.flatMap((fans, panel) => fans.flatMap(fan => fanSeries(plot, fan, panel))),
      ...lines,
      ...(min < 0 && max > 0 ? panels.map((_, panel): Series => ({
        type: 'line', xAxisIndex: panel, yAxisIndex: panel, symbol: 'none', silent: true, z: 1,
        data: plot.periods.map(() => 0), lineStyle: {color: '#555', width: 1},
      })) : []),
    ],
  };
}

export function fanTable(plot: FanPlot, caption: string): TableData {
  const names = ['lowest 5 % under', 'lowest 25 % under', 'middle', '75 % under', '95 % under'];
  return {
    caption: `${caption} [${plot.unit}]. Quantiles between replications: how much single futures differ.`,
    head: ['Period', ...plot.fans.flatMap(fan => names.map(name => `${fan.name}: ${name}`)),
           ...plot.lines.map(line => line.words)],
    numbers: [false, ...plot.fans.flatMap(() => names.map(() => true)), ...plot.lines.map(() => true)],
    rows: plot.periods.map((period, i) => [
      period,
      ...plot.fans.flatMap(fan => fan.bands.map(band => ({text: shown(band[i], plot.decimals), value: band[i] ?? null}))),
      ...plot.lines.map(line => ({text: shown(line.values[i]), value: line.values[i] ?? null})),
    ]),
  };
}
