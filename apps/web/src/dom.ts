// Small helpers to make elements. Text from the document only ever becomes text, never HTML.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {},
                                                          ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children)
    if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

let lastId = 0;
export const newId = (): string => `i${++lastId}`;

export interface Choice {
  value: string;
  text: string;
  group?: string;
}

function optionsOf(choices: Choice[], chosen: string): Node[] {
  const nodes: Node[] = [];
  let group: HTMLOptGroupElement | null = null;
  for (const choice of choices) {
    const option = el('option', {value: choice.value}, choice.text);
    option.selected = choice.value === chosen;
    if (choice.group === undefined) {
      nodes.push(option);
      continue;
    }
    if (group === null || group.label !== choice.group) {
      group = el('optgroup', {label: choice.group});
      nodes.push(group);
    }
    group.append(option);
  }
  return nodes;
}

/** A labelled list to choose one from. */
export class Select {
  readonly element: HTMLElement;
  private readonly list: HTMLSelectElement;

  constructor(label: string, choices: Choice[], chosen: string, changed: (value: string) => void) {
    const id = newId();
    this.list = el('select', {id, onchange: () => changed(this.list.value)}, ...optionsOf(choices, chosen));
    this.element = el('div', {class: 'field'}, el('label', {for: id}, label), this.list);
  }
  get value(): string {
    return this.list.value;
  }
  set(choices: Choice[], chosen: string): void {
    this.list.replaceChildren(...optionsOf(choices, chosen));
  }
}

/** Labelled radio buttons. */
export function radios(label: string, choices: Choice[], chosen: string, changed: (value: string) => void): HTMLElement {
  const name = newId();
  return el('fieldset', {class: 'field'}, el('legend', {}, label),
            ...choices.map(choice => el('label', {class: 'choice'},
                                        el('input', {type: 'radio', name, value: choice.value,
                                                     checked: choice.value === chosen,
                                                     onchange: () => changed(choice.value)}),
                                        choice.text)));
}

export function checkbox(text: string, checked: boolean, changed: (checked: boolean) => void,
                         mark?: Node): HTMLElement {
  const box = el('input', {type: 'checkbox', checked, onchange: () => changed(box.checked)});
  return el('label', {class: 'choice'}, box, mark ?? null, text);
}
