import {el} from './dom';

/** A cell: what is read, and for the file the number behind it. */
export interface Cell {
  text: string;
  value?: number | string | null;
  mark?: string;  // a class
}
export interface TableData {
  caption: string;
  head: string[];
  numbers: boolean[];  // columns of numbers, set to the right
  rows: (string | Cell)[][];
}

const cellOf = (cell: string | Cell): Cell => typeof cell === 'string' ? {text: cell} : cell;

export function tableElement(data: TableData): HTMLElement {
  const scope = (row: (string | Cell)[]): Node[] => row.map((one, column) => {
    const cell = cellOf(one), number = data.numbers[column] ?? false;
    const of = [number ? 'n' : '', cell.mark ?? ''].filter(Boolean).join(' ') || undefined;
    return column === 0 ? el('th', {scope: 'row', class: of}, cell.text) : el('td', {class: of}, cell.text);
  });
  return el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': data.caption},
            el('table', {}, el('caption', {}, data.caption),
               el('thead', {}, el('tr', {}, ...data.head.map((text, column) => el('th', {
                 scope: 'col', class: data.numbers[column] ? 'n' : undefined}, text)))),
               el('tbody', {}, ...data.rows.map(row => el('tr', {}, ...scope(row))))));
}

/** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvCell(cell: string | Cell): string {
  const {text, value} = cellOf(cell);
  if (typeof value === 'number') return String(value);
  const plain = value === null ? '' : value ?? text;
  const safe = /^[=+\-@\t\r]/.test(plain) ? "'" + plain : plain;
  return /[",\r\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
}

export function csvOf(data: TableData): string {
  return [data.head, ...data.rows].map(row => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(['\ufeff' + text], {type: 'text/csv;charset=utf-8'}));
  const link = el('a', {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The numbers behind a chart: shown when asked for, and as a file. */
export function numbersBehind(name: string, data: () => TableData, csv?: string): HTMLElement {
  const fold = el('details', {class: 'numbers'}, el('summary', {}, 'The numbers as a table'));
  fold.addEventListener('toggle', () => {
    if (fold.open && fold.children.length === 1) fold.append(tableElement(data()));
  });
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) + '.csv';
  return el('div', {class: 'behind'}, fold,
            el('button', {type: 'button', class: 'quiet', 'aria-label': `Download the numbers of: ${name} (CSV)`,
                          onclick: () => download(file, csv ?? csvOf(data()))}, 'Download (CSV)'));
}
