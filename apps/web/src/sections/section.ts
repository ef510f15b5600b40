import type {State} from '../state';
import {el} from '../dom';
import {swatch} from '../plot';

/** A part of the page; `null` from `make` leaves it out, and the page says so in `absent`. */
export interface Section {
  id: string;
  title: string;
  make: (state: State) => Node[] | null;
  absent?: string;
}

/** Which colour and shape is which scenario; what stands first is the one compared with. */
export function legend(state: State, ofValues = false): HTMLElement {
  return el('ul', {class: 'legend'}, ...(ofValues ? state.scenariosOfValues() : state.scenarios()).map(scenario =>
      el('li', {}, swatch(scenario), state.name(scenario))));
}

/** A piece that is made anew when the reader chooses otherwise. */
export function lively(state: State, make: () => Node[]): HTMLElement {
  const place = el('div');
  state.follow(() => place.replaceChildren(...make()));
  return place;
}

export const note = (text: string): HTMLElement => el('p', {class: 'note'}, text);

/** "Difference from As it is" or nothing, for captions. */
export const lessWords = (state: State): string =>
    state.difference ? `, difference from \u201C${state.name(state.baseline)}\u201D` : '';
