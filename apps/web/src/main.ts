import {readDocument, type Report} from './document';
import {el, radios, Select} from './dom';
import {assumptions} from './sections/assumptions';
import {comparison, differences} from './sections/changes';
import {equity} from './sections/equity';
import {explorer} from './sections/explorer';
import {flows} from './sections/flows';
import {methods} from './sections/methods';
import {occupancy} from './sections/occupancy';
import {policies} from './sections/policies';
import type {Section} from './sections/section';
import {sensitivity} from './sections/sensitivity';
import {money, settings, staff} from './sections/tables';
import {why} from './sections/why';
import {State} from './state';

const kSections: Section[] = [differences, comparison, explorer, flows, occupancy, why, settings, staff, money, equity,
                              policies, sensitivity, assumptions, methods];

/** What holds for all charts: values or differences, and from which scenario. */
function chooser(state: State): HTMLElement {
  const baseline = new Select('Compare with', state.baselines().map(scenario => ({
    value: String(scenario), text: state.name(scenario)})), String(state.baseline), value => {
    state.baseline = Number(value);
    state.changed();
  });
  const view = radios('Show', [{value: 'values', text: 'values side by side'}, {value: 'differences', text: 'differences only'}],
                      'values', value => {
                        state.difference = value === 'differences';
                        state.changed();
                      });
  return el('form', {class: 'chooser', 'aria-label': 'For all charts', onsubmit: event => event.preventDefault()},
            baseline.element, view);
}

function build(report: Report, place: HTMLElement): void {
  const state = new State(report), links: HTMLElement[] = [], absent: string[] = [];
  const parts: HTMLElement[] = [];
  for (const section of kSections) {
    const nodes = section.make(state);
    if (nodes === null) {
      if (section.absent) absent.push(section.absent);
      continue;
    }
    links.push(el('li', {}, el('a', {href: `#${section.id}`}, section.title)));
    parts.push(el('section', {id: section.id, 'aria-labelledby': `${section.id}-title`},
                  el('h2', {id: `${section.id}-title`}, section.title), ...nodes));
  }
  if (absent.length > 0)
    parts.push(el('section', {id: 'absent', 'aria-labelledby': 'absent-title'}, el('h2', {id: 'absent-title'}, 'What is not in this report'),
                  el('ul', {}, ...absent.map(text => el('li', {}, text)))));
  place.append(...(state.several ? [chooser(state)] : []), ...parts);
  document.querySelector('header')?.after(el('nav', {'aria-label': 'Parts of this report'},
                                             el('ol', {}, el('li', {}, el('a', {href: '#finding'}, 'The finding')), ...links)));
}

const place = document.getElementById('parts'), packed = document.getElementById('document')?.textContent;
if (place && packed)
  readDocument(packed).then(report => build(report, place)).catch((error: unknown) => {
    place.append(el('p', {class: 'caution'}, 'The charts of this report could not be drawn. Browsers from 2023 on can draw them; the finding above ' +
                    `holds all the same. (${String(error)})`));
  });
