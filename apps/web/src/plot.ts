import {BarChart, CustomChart, GraphChart, LineChart, LinesChart} from 'echarts/charts';
import {GridComponent, MarkLineComponent, TooltipComponent} from 'echarts/components';
import {init, use, type EChartsType} from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';
import type {EChartsOption} from 'echarts';

import {el} from './dom';
import {numbersBehind, type TableData} from './table';

use([BarChart, CustomChart, GraphChart, LineChart, LinesChart, GridComponent, MarkLineComponent, TooltipComponent,
     SVGRenderer]);

export type Option = EChartsOption;

export const kInk = '#1b1f24', kSoft = '#4d555e', kLine = '#d9dee3';
const kFont = 'system-ui, -apple-system, "Segoe UI", Roboto, Inter, "Helvetica Neue", Arial, sans-serif';

/** Okabe & Ito (2008), without the yellow that is too light for lines. The scenario that stands first is dark grey. */
const kColours = ['#4d4d4d', '#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'];
export const colourOf = (scenario: number): string => kColours[scenario % kColours.length] ?? '#4d4d4d';
/** For parts of a whole. */
const kParts = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', '#999999', '#000000'];
export const partColour = (part: number): string => kParts[part % kParts.length] ?? '#999999';
/** Told apart without colours too. */
const kDashes: ('solid' | number[])[] = ['solid', [9, 3], [3, 3], [12, 3, 3, 3]];
export const dashOf = (scenario: number): 'solid' | number[] => kDashes[scenario % kDashes.length] ?? 'solid';
const kShapes = ['\u25CF', '\u25A0', '\u25B2', '\u25C6'];
const kSymbols = ['circle', 'rect', 'triangle', 'diamond'];
export const symbolOf = (scenario: number): string => kSymbols[scenario % kSymbols.length] ?? 'circle';
export const shapeOf = (scenario: number): number => scenario % kShapes.length;

export function swatch(scenario: number): HTMLElement {
  const mark = el('span', {class: 'mark', 'aria-hidden': 'true'}, kShapes[shapeOf(scenario)] ?? '');
  mark.style.color = colourOf(scenario);
  return mark;
}

export interface Plot {
  title: string;
  how: string;  // how to read it, in plain words
  label: string;  // what it shows, for who does not see it
  height: number | ((width: number) => number);
  least?: number;  // width below which it is scrolled sideways
  option: (width: number) => Option;
  table: () => TableData;
  clicked?: (name: string) => void;
  above?: Node;  // a legend
  compact?: boolean;  // no table of its own
}

const drawn = new Map<HTMLElement, {render: () => void; dispose: () => void}>();

/** Charts that were in the page and no longer are, are given up. */
function sweep(): void {
  for (const [place, {dispose}] of drawn)
    if (!place.isConnected && place.dataset['drawn'] !== undefined) {
      dispose();
      drawn.delete(place);
    }
}

const kBase: Option = {
  animation: false,
  textStyle: {fontFamily: kFont, color: kInk, fontSize: 12},
  tooltip: {
    confine: true,
    backgroundColor: '#fff',
    borderColor: '#9aa4ad',
    textStyle: {color: kInk, fontSize: 13, fontFamily: kFont},
    extraCssText: 'max-width:26rem;white-space:normal;box-shadow:0 2px 8px rgb(0 0 0 / .15)',
  },
};

function draw(place: HTMLElement, plot: Plot): void {
  let chart: EChartsType | null = null, width = 0;
  const render = (): void => {
    const wide = Math.max(place.clientWidth, plot.least ?? 0);
    if (wide === 0 || wide === width) return;
    width = wide;
    place.dataset['drawn'] = '';
    const height = typeof plot.height === 'number' ? plot.height : plot.height(width);
    inner.style.width = `${width}px`;
    inner.style.height = `${height}px`;
    if (chart === null) {
      chart = init(inner, null, {renderer: 'svg', width, height});
      if (plot.clicked) chart.on('click', event => plot.clicked?.(event.name));
    } else {
      chart.resize({width, height});
    }
    const option = plot.option(width);
    const base = kBase.tooltip as object;
    chart.setOption({...kBase, ...option, tooltip: {...base, ...(option.tooltip as object | undefined)}}, true);
    const svg = inner.querySelector('svg');
    svg?.setAttribute('viewBox', `0 0 ${width} ${height}`);  // so that paper can scale it
    svg?.setAttribute('aria-hidden', 'true');
  };
  const inner = el('div', {class: 'drawing'});
  place.append(inner);
  const watch = new ResizeObserver(() => {
    if (!printing) render();
  });
  watch.observe(place);
  drawn.set(place, {render, dispose: () => {
    watch.disconnect();
    chart?.dispose();
  }});
}

let printing = false;
addEventListener('beforeprint', () => {
  for (const {render} of drawn.values()) render();  // what has not come into sight yet
  printing = true;
});
addEventListener('afterprint', () => printing = false);

/** A chart with its title, how it is read, and the numbers behind it. */
export function figure(plot: Plot): HTMLElement {
  sweep();
  const place = el('div', {class: plot.least ? 'plot scroll' : 'plot', role: plot.least ? 'region' : 'img',
                           'aria-label': plot.label, tabindex: plot.least ? 0 : undefined});
  draw(place, plot);
  return el('figure', {}, el('figcaption', {}, el('strong', {}, plot.title), el('span', {}, plot.how)),
            plot.above ?? null, place, plot.compact ? null : numbersBehind(plot.title, plot.table));
}

/** What stands in a tooltip: lines of text, the first in bold. */
export function tip(lines: string[]): HTMLElement {
  return el('div', {}, ...lines.map((line, i) => el(i === 0 ? 'strong' : 'div', {class: i === 0 ? 'block' : undefined},
                                                    line)));
}
