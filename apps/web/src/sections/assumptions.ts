import type {Assumption} from '../document';
import {checkbox, el, newId} from '../dom';
import type {State} from '../state';
import {numbersBehind, type TableData} from '../table';
import type {Section} from './section';

const kHead = ['Number', 'Value', 'Range', 'Unit', 'Grade', 'Source and note'];

function row(assumption: Assumption): HTMLElement {
  return el('tr', {class: assumption.weak ? 'is-weak' : undefined},
            el('th', {scope: 'row'}, assumption.id), el('td', {class: 'n'}, assumption.value),
            el('td', {class: 'n'}, assumption.range || 'none given'), el('td', {}, assumption.unit),
            el('td', {}, assumption.weak ? el('strong', {class: 'weak'}, 'weak') : null, ` ${assumption.kind}`),
            el('td', {}, assumption.source || el('em', {}, 'no source given'),
               assumption.note ? el('span', {class: 'note'}, ` ${assumption.note}`) : null));
}

function tableData(rows: Assumption[]): TableData {
  return {caption: 'Assumptions', head: ['Number', 'Value', 'Range', 'Unit', 'Grade', 'Weak', 'Source', 'Note'],
          numbers: [false, true, true, false, false, false, false, false],
          rows: rows.map(one => [one.id, {text: one.value, value: Number(one.value)}, one.range, one.unit, one.kind, one.weak ? 'weak' : '', one.source, one.note])};
}

function table(state: State): Node[] {
  const {rows, weak} = state.report.assumptions;
  let onlyWeak = false, looked = '';
  const body = el('tbody'), count = el('p', {class: 'note', 'aria-live': 'polite'});
  const fill = (): void => {
    const found = rows.filter(one => (!onlyWeak || one.weak) &&
                                     `${one.id} ${one.source} ${one.note}`.toLowerCase().includes(looked.toLowerCase()));
    found.sort((a, b) => Number(b.weak) - Number(a.weak));  // the weak first: they are what to ask about
    body.replaceChildren(...found.map(row));
    count.textContent = `${found.length} of ${rows.length} numbers shown.`;
  };
  const id = newId();
  const search = el('input', {type: 'search', id, oninput: () => {
    looked = search.value;
    fill();
  }});
  fill();
  return [
    el('p', {}, `${weak} of ${rows.length} numbers are weak: recalled or assumed, or without a source. They are the first to check with those who know.`),
    el('div', {class: 'controls'}, el('div', {class: 'field'}, el('label', {for: id}, 'Find'), search),
       el('fieldset', {class: 'field'}, el('legend', {}, 'Show'), checkbox('only the weak', false, checked => {
         onlyWeak = checked;
         fill();
       }))),
    count,
    el('div', {class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Assumptions'},
       el('table', {class: 'assumptions'}, el('caption', {}, 'Assumptions, as the model\u2019s files state them'),
          el('thead', {}, el('tr', {}, ...kHead.map((text, i) => el('th', {scope: 'col', class: i === 1 || i === 2 ? 'n' : undefined}, text)))), body)),
    numbersBehind('Assumptions', () => tableData(rows)),
  ];
}

export const assumptions: Section = {
  id: 'assumptions',
  title: 'What this rests on',
  make: state => {
    const {rows, findings} = state.report.assumptions;
    return [...(rows.length === 0 ? [el('p', {}, 'The model lists no parameters.')] : table(state)),
            ...(findings.length === 0 ? [] : [el('h3', {}, 'What the model\u2019s check warns of'),
                                              el('ul', {}, ...findings.map(text => el('li', {}, text)))])];
  },
};
