import type {FlowMap, MapArrow, MapBox} from '../document';
import {checkbox, el, radios, Select} from '../dom';
import {estimateText, mean, shown} from '../numbers';
import {figure, kInk, tip, type Option} from '../plot';
import type {State} from '../state';
import type {TableData} from '../table';
import {note, type Section} from './section';

type Point = [number, number];

/** A swing between two level stretches, as a line of points. */
function swing(from: Point, to: Point, lift: number): Point[] {
  const points: Point[] = [];
  for (let i = 1; i <= 12; ++i) {
    const t = i / 12, u = 1 - t;
    const x = u ** 3 * from[0] + 3 * u * u * t * (from[0] + lift) + 3 * u * t * t * (to[0] - lift) + t ** 3 * to[0];
    const y = u ** 3 * from[1] + 3 * u * u * t * from[1] + 3 * u * t * t * to[1] + t ** 3 * to[1];
    points.push([x, y]);
  }
  return points;
}

/** The way of an arrow from box to box, through the gaps that the program's layout found. */
function wayOf(arrow: MapArrow): Point[] {
  const first = arrow.way[0], last = arrow.way[arrow.way.length - 1];
  if (!first || !last) return [];
  const start: Point = [first[1], first[2]];
  if (arrow.bulge > 0) {
    const out = arrow.bulge * 1.3 + 8, points: Point[] = [start];
    for (let i = 1; i <= 12; ++i) {
      const t = i / 12, u = 1 - t, x = first[1] + 3 * u * t * (u + t) * out + t * (last[0] - first[1]);
      points.push([x, u * u * (u + 3 * t) * first[2] + t * t * (t + 3 * u) * last[2]]);
    }
    return points;
  }
  const points: Point[] = [start];
  for (let i = 1; i < arrow.way.length; ++i) {
    const from = arrow.way[i - 1], to = arrow.way[i];
    if (!from || !to) continue;
    points.push(...swing([from[1], from[2]], [to[0], to[2]], (to[0] - from[1]) / 2));
    if (i + 1 < arrow.way.length) points.push([to[1], to[2]]);
  }
  return points;
}

const plain = (text: string): string => text.replace(/[{}|]/g, ' ');

interface View {
  scenario: number;
  setting: string;  // empty: all
  back: boolean;
}

function shownArrows(map: FlowMap, view: View): MapArrow[] {
  return map.arrows.filter(arrow => (!view.back || arrow.back) &&
                                    (view.setting === '' || arrow.from === view.setting || arrow.to === view.setting));
}

function option(map: FlowMap, view: View, scale: number): Option {
  const nameOf = new Map(map.boxes.map(box => [box.id, box.name]));
  const end = map.height - 12;
  const lanes = map.lanes.map(lane => ({
    type: 'rect', silent: true, shape: {x: (lane.x - 8) * scale, y: (map.placesY - 34) * scale, width: (lane.width + 16) * scale,
                          height: (end - map.placesY + 34) * scale, r: 4}, style: {fill: '#f3f5f7'}}));
  const headings = map.lanes.map(lane => ({
    type: 'text', silent: true, x: lane.x * scale, y: (map.placesY - 26) * scale,
    style: {text: `Level ${lane.level}` + (lane.level === 0 ? ': own home' : lane.level === 6 ? ': locked' : ''),
            font: `600 ${12 * scale}px system-ui, sans-serif`, fill: '#555'}}));
  const boxTip = (box: MapBox): HTMLElement => {
    const own = box.scenarios[view.scenario];
    return tip([box.name, `${box.department}, level ${box.level}, ${box.program ? 'a program' : 'a place'}`,
                ...(own ? [`Clients there on average: ${estimateText(own.census, '')}`,
                           `Capacity: ${shown(own.capacity)}`,
                           `In use: ${own.occupancy[0] === null ? 'unlimited' : estimateText(own.occupancy, '%')}`,
                           `Waiting for it on average: ${estimateText(own.queue, 'clients')}`] : [])]);
  };
  const arrowTip = (arrow: MapArrow): HTMLElement =>
      tip([`${nameOf.get(arrow.from)} to ${nameOf.get(arrow.to)}`,
           `${shown(arrow.perYear[view.scenario])} moves a year expected`,
           arrow.back ? 'Back to a more restrictive setting' : '']);
  const arrows = shownArrows(map, view);
  return {
    grid: {left: 0, right: 0, top: 0, bottom: 0},
    xAxis: {type: 'value', min: 0, max: map.width, show: false},
    yAxis: {type: 'value', min: 0, max: map.height, inverse: true, show: false},
    tooltip: {trigger: 'item', formatter: (event: unknown) => {
                const {seriesType, dataIndex} = event as {seriesType: string; dataIndex: number};
                const box = map.boxes[dataIndex], arrow = arrows[dataIndex];
                return seriesType === 'graph' ? box ? boxTip(box) : '' : arrow ? arrowTip(arrow) : '';
              }},
    series: [
      {type: 'custom', silent: true, z: 1, data: [0], tooltip: {show: false},
       renderItem: (() => ({type: 'group', children: [...lanes, ...headings]})) as never},
      {type: 'lines', coordinateSystem: 'cartesian2d', polyline: true, z: 2, symbol: ['none', 'arrow'],
       data: arrows.map(arrow => ({coords: wayOf(arrow), name: `${arrow.from} ${arrow.to}`,
                                   lineStyle: {color: arrow.back ? '#b03a00' : arrow.colour, width: arrow.width * scale,
                                               opacity: view.setting === '' && !view.back ? 0.55 : 0.85,
                                               type: arrow.back ? [5, 3] : 'solid'},
                                   symbolSize: Math.max(6, arrow.width * 1.6 * scale + 4)})),
       emphasis: {lineStyle: {opacity: 1}}} as never,
      {type: 'graph', coordinateSystem: 'cartesian2d', z: 3, symbol: 'rect', cursor: 'pointer',
       data: map.boxes.map(box => {
         const near = view.setting === '' || box.id === view.setting ||
                      arrows.some(arrow => arrow.from === box.id || arrow.to === box.id);
         return {
           name: box.id, value: [box.x + box.w / 2, box.y + box.h / 2], symbolSize: [box.w * scale, box.h * scale],
           symbol: box.program ? 'roundRect' : 'rect',
           itemStyle: {color: '#fff', borderColor: box.colour, borderWidth: box.id === view.setting ? 4 : 2,
                       borderType: box.program ? 'dashed' as const : 'solid' as const, opacity: near ? 1 : 0.35},
           label: {show: true, opacity: near ? 1 : 0.5, lineHeight: 14 * scale,
                   formatter: [...box.lines.map(line => `{n|${plain(line)}}`),
                               `{v|${plain(box.scenarios[view.scenario]?.label ?? '')}}`].join('\n'),
                   rich: {n: {fontWeight: 600, fontSize: 11.5 * scale, color: kInk, lineHeight: 14 * scale},
                          v: {fontSize: 11 * scale, color: '#444', lineHeight: 14 * scale}}},
         };
       })} as never,
    ],
  };
}

function table(map: FlowMap, view: View, state: State): TableData {
  const nameOf = new Map(map.boxes.map(box => [box.id, box.name]));
  return {
    caption: 'Moves a year that the model\u2019s routes make expected with unlimited capacity',
    head: ['From', 'To', ...state.report.scenarios.map(scenario => `${scenario.name} [moves a year]`), 'Direction'],
    numbers: [false, false, ...state.report.scenarios.map(() => true), false],
    rows: shownArrows(map, view).map(arrow => [
      nameOf.get(arrow.from) ?? arrow.from, nameOf.get(arrow.to) ?? arrow.to,
      ...arrow.perYear.map(value => ({text: shown(value), value})),
      arrow.back ? 'back to a more restrictive setting' : ''])
  };
}

/** Readmissions: what share of those admitted had left the same setting not long before. */
function returns(map: FlowMap, view: View, state: State): Node | null {
  const rows = map.boxes.map(box => ({box, share: box.scenarios[view.scenario]?.returns}))
                   .filter(({share}) => share !== undefined && (share[0] ?? 0) > 0)
                   .sort((a, b) => (b.share?.[0] ?? 0) - (a.share?.[0] ?? 0)).slice(0, 5);
  if (rows.length === 0) return null;
  return el('div', {}, el('h3', {}, `Who comes back soon, with \u201C${state.name(view.scenario)}\u201D`), el('ul', {}, ...rows.map(({box, share}) =>
      el('li', {}, `${box.name}: `, el('b', {}, share ? estimateText(share, '%') : ''), ' of admissions are returns'))));
}

export const flows: Section = {
  id: 'flows',
  title: 'The system at a glance: who moves where',
  make: state => {
    const map = state.report.map;
    if (map === null || map.boxes.length === 0) return null;
    const view: View = {scenario: state.baseline, setting: '', back: false};
    const place = el('div', {'aria-live': 'polite'});
    const show = (): void => {
      const least = Math.max(map.width * 0.78, 320);
      const height = (width: number): number => map.height * Math.min(width / map.width, 1.3);
      const busiest = [...map.boxes].sort((a, b) => (b.scenarios[view.scenario]?.queue[0] ?? 0) - (a.scenarios[view.scenario]?.queue[0] ?? 0)).slice(0, 3);
      place.replaceChildren(figure({
        title: `Average clients of capacity in each setting, with \u201C${state.name(view.scenario)}\u201D`,
        how: 'Columns by how restrictive a setting is. Solid boxes are places, dashed ones programs, colours departments. The wider an ' +
             'arrow, the more moves a year are expected; it has the colour of the department it leaves. Dashed red arrows go back to a ' +
             'more restrictive setting. Arrows are worked out from the model\u2019s routes with unlimited capacity, not simulated, and so ' +
             'have no interval. Choose a box to see its arrows alone.' +
             (map.leftOut > 0 ? ` The ${map.leftOut} smallest arrows are left out, ${shown(map.leftOutShare)}% of all moves.` : ''),
        label: `Map of ${map.boxes.length} settings and ${map.arrows.length} flows. Most wait for ` + busiest.map(box =>
            `${box.name}: ${mean(box.scenarios[view.scenario]?.queue ?? null)} clients`).join('; '),
        height, least, option: width => option(map, view, Math.min(width / map.width, 1.3)),
        table: () => table(map, view, state),
        clicked: name => {
          if (!map.boxes.some(box => box.id === name)) return;
          view.setting = view.setting === name ? '' : name;
          select.set(choices(), view.setting);
          show();
        },
        above: el('ul', {class: 'legend'}, ...map.departments.map(department => {
          const mark = el('span', {class: 'swatch', 'aria-hidden': 'true'});
          mark.style.background = department.colour;
          return el('li', {}, mark, department.name || department.id);
        })),
      }), ...[returns(map, view, state)].filter((node): node is Node => node !== null));
    };
    const choices = () => [{value: '', text: 'of all settings'}, ...map.boxes.map(box => ({value: box.id, text: `of ${box.name}`}))];
    const select = new Select('Arrows', choices(), '', value => {
      view.setting = value;
      show();
    });
    const controls = el('div', {class: 'controls'}, select.element,
                        el('fieldset', {class: 'field'}, el('legend', {}, 'Moves'), checkbox('only back to more restrictive settings', false, checked => {
                          view.back = checked;
                          show();
                        })));
    if (state.several)
      controls.prepend(radios('Numbers of', state.report.scenarios.map((scenario, i) => ({value: String(i), text: scenario.name})), '0', value => {
        view.scenario = Number(value);
        show();
      }));
    show();
    return [note('Whoever waits for a place further to the left fills the one they are in.'), controls, place];
  },
};
