import type {Choice} from '../dom';
import {checkbox, el, radios, Select} from '../dom';
import {CourseBook, headingOf, kindWords, type Bands} from '../courses';
import {fanHeight, fanOption, fanTable, kFanHow, wantsZero, type FanLine, type FanPlot} from '../fan';
import {sentence, shown, withUnit} from '../numbers';
import {colourOf, figure, swatch} from '../plot';
import type {State} from '../state';
import {legend, lessWords, note, type Section} from './section';

class Explorer {
  private kind: string;
  private id: string;
  private measure: string;
  private panels = false;
  private zero: boolean | null = null;  // as it fits
  private readonly kinds: Select;
  private readonly subjects: Select;
  private readonly measures: Select;
  private readonly place = el('div', {'aria-live': 'polite'});
  private readonly boxes = el('div');
  readonly element: HTMLElement;

  constructor(private readonly state: State, private readonly book: CourseBook) {
    const first = state.report.courses?.first ?? {m: 'census_mean', kind: 'model', id: ''};
    this.kind = first.kind;
    this.id = first.id;
    this.measure = first.m;
    this.panels = state.report.scenarios.length > 3;
    this.kinds = new Select('Look at', [], '', value => {
      this.kind = value;
      this.choose();
    });
    this.subjects = new Select('Which', [], '', value => {
      this.id = value;
      this.choose();
    });
    this.measures = new Select('Measure', [], '', value => {
      this.measure = value;
      this.choose();
    });
    const row = el('div', {class: 'controls'}, this.kinds.element, this.subjects.element, this.measures.element);
    this.element = el('div', {}, row, this.boxes, this.place);
    state.follow(() => this.choose());
  }

  /** Lists and chart follow what is chosen; what is not there gives way to the first that is. */
  private choose(): void {
    const kinds = this.book.kinds();
    if (!kinds.includes(this.kind)) this.kind = kinds[0] ?? '';
    this.kinds.set(kinds.map(kind => ({value: kind, text: kindWords(kind)})), this.kind);
    const subjects = this.book.subjects(this.kind);
    if (!subjects.some(scope => scope.id === this.id)) this.id = subjects[0]?.id ?? '';
    this.subjects.set(subjects.map(scope => ({value: scope.id, text: sentence(scope.name)})), this.id);
    this.subjects.element.hidden = subjects.length < 2;
    const measures = this.book.measures(this.kind, this.id);
    if (!measures.some(one => one.measure.id === this.measure))
      this.measure = (measures.find(one => !one.zero) ?? measures[0])?.measure.id ?? '';
    const choices: Choice[] = measures.map(one => ({value: one.measure.id, group: headingOf(one.measure),
                                                    text: `${sentence(one.measure.words)} [${one.measure.unit}]` +
                                                          (one.zero ? ' \u2013 always 0' : '')}));
    choices.sort((a, b) => (a.group ?? '').localeCompare(b.group ?? ''));
    this.measures.set(choices, this.measure);
    this.show();
  }

  private show(): void {
    const course = this.book.course(this.measure, this.kind, this.id);
    if (course === null) {
      this.place.replaceChildren(note('Nothing is kept of this over time.'));
      return;
    }
    const {state} = this, scenarios = state.scenarios();
    const fans = scenarios.flatMap(scenario => {
      const bands = course.bands(scenario, state.difference ? state.baseline : undefined);
      return bands?.[2]?.some(value => value !== null) ? [{scenario, name: state.name(scenario), bands}] : [];
    });
    if (fans.length === 0) {
      this.controls();
      this.place.replaceChildren(note(scenarios.length === 0 ? 'No scenario is chosen: mark one above.'
                                                             : 'These scenarios have nothing of this.'));
      return;
    }
    const unit = state.difference ? course.measure.changeUnit : course.measure.unit;
    const lines = state.difference ? [] : this.lines(course.measure.limit, course.target, scenarios, course.scope.standard);
    const shape = {periods: this.book.periods, fans, lines, unit, decimals: course.decimals(state.difference), panels: this.panels};
    const plot: FanPlot = {...shape, zero: this.zero ?? wantsZero(shape)};
    const of = this.kind === 'model' ? '' : `, ${course.scope.name}`;
    const title = sentence(`${course.measure.words}${of}${lessWords(state)}`);
    const how = `By ${this.book.every}, in ${unit}. ${kFanHow}` + this.limitWords(course.measure.limit, lines) +
                (plot.zero ? '' : ' The axis does not begin at zero.');
    const drawing = figure({
      title, how, label: `${title}, by ${this.book.every}: ` + fans.map(fan => this.course(fan.name, fan.bands, plot)).join('; '),
      above: legend(state), height: width => fanHeight(plot, width), option: width => fanOption(plot, width),
      table: () => fanTable(plot, title),
    });
    this.place.replaceChildren(drawing);
    this.controls(plot.zero);
  }

  private course(name: string, bands: Bands, plot: FanPlot): string {
    const middle = bands[2] ?? [], last = middle.length - 1;
    return `${name} from ${withUnit(shown(middle[0], plot.decimals), plot.unit)} to ` +
           withUnit(shown(middle[last], plot.decimals), plot.unit);
  }

  private limitWords(limit: string, lines: FanLine[]): string {
    if (lines.length === 0) return '';
    if (limit === 'standard') return ' Dashed: the setting\u2019s standard, and the target where there is one.';
    return ` Dashed: ${lines.map(line => line.words).join('; ')}.`;
  }

  /** What the course is held against: capacity over time, the standard of a setting, a metric's target. */
  private lines(limit: string, target: number | null, scenarios: number[], standard: number | undefined): FanLine[] {
    const level = (words: string, value: number): FanLine =>
        ({words, values: this.book.periods.map(() => value), colour: '#8a3b00'});
    const lines: FanLine[] = [];
    if (limit === 'standard' && standard !== undefined) lines.push(level('the standard', standard));
    if (limit === 'full') lines.push(level('full', 100));
    if (target !== null) lines.push(level('the target', target));
    if (limit === '' || limit === 'standard' || limit === 'full') return lines;
    const course = this.book.course(limit, this.kind, this.id);
    const seen = new Map<string, FanLine>();
    for (const scenario of course ? scenarios : []) {
      const values = course?.bands(scenario)?.[2];
      if (!values || values.every(value => value === null)) continue;
      const key = values.join();
      const same = seen.get(key);
      const what = limit === 'capacity_mean' ? 'the capacity' : course?.measure.words ?? '';
      if (same) same.words = what;
      else seen.set(key, {words: this.state.scenarios().length > 1 ? `${what} with ${this.state.name(scenario)}` : what,
                          values, colour: colourOf(scenario)});
    }
    return [...lines, ...seen.values()];
  }

  private controls(zero = true): void {
    if (this.boxes.childElementCount > 0) return;
    const {state} = this, nodes: Node[] = [];
    if (state.report.scenarios.length > 1) {
      nodes.push(el('fieldset', {class: 'field'}, el('legend', {}, 'Scenarios'), ...state.report.scenarios.map((scenario, i) =>
          checkbox(scenario.name, state.chosen.has(i), checked => {
            if (checked) state.chosen.add(i);
            else state.chosen.delete(i);
            state.changed();
          }, swatch(i)))));
      nodes.push(radios('Charts', [{value: 'one', text: 'one for all'}, {value: 'each', text: 'one for each scenario'}],
                        this.panels ? 'each' : 'one', value => {
                          this.panels = value === 'each';
                          this.show();
                        }));
    }
    nodes.push(el('fieldset', {class: 'field'}, el('legend', {}, 'Axis'), checkbox('begins at zero', zero, checked => {
      this.zero = checked;
      this.show();
    })));
    this.boxes.replaceChildren(el('div', {class: 'controls'}, ...nodes));
  }
}

export const explorer: Section = {
  id: 'explorer',
  title: 'Over time: look at anything',
  absent: 'The course over time: results were kept for a single period only.',
  make: state => {
    if (state.report.courses === null) return null;
    const book = new CourseBook(state.report.courses, state);
    return [note('Any setting, department, domain or level of care, any measure, any of the scenarios. Bands show how much ' +
                 'single futures differ; they are wider than the interval of the average, as one real year is one future.'),
            new Explorer(state, book).element];
  },
};
