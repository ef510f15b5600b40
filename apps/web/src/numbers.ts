import type {Estimate} from './document';

/** With its decimals, thousands set off, and a true minus sign: as the program's own tables show it. */
export function shown(value: number | string | null | undefined, decimals?: number): string {
  if (value === null || value === undefined) return 'n/a';
  if (typeof value === 'string') return value;
  const text = decimals === undefined ? String(Math.abs(value)) : Math.abs(value).toFixed(decimals);
  const [whole = '', part] = text.split('.');
  const size = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part ? '.' + part : '');
  return value < 0 && Number(text) !== 0 ? '\u2212' + size : size;
}

export const hasInterval = (estimate: Estimate | null): boolean => estimate !== null && estimate[1] !== null;

export function mean(estimate: Estimate | null): string {
  return estimate === null || estimate[0] === null ? '\u2013' : shown(estimate[0], estimate[3]);
}

/** "78.1 to 82.3", or why there is none. */
export function interval(estimate: Estimate | null): string {
  if (estimate === null) return 'not there';
  if (estimate[1] === null) return estimate[5] || 'no interval';
  return `${shown(estimate[1], estimate[3])} to ${shown(estimate[2], estimate[3])}`;
}

export function estimateText(estimate: Estimate | null, unit: string): string {
  if (estimate === null) return 'not there';
  if (estimate[0] === null) return `no value: ${estimate[5] ?? ''}`;
  const number = withUnit(mean(estimate), unit);
  return hasInterval(estimate) ? `${number} (${interval(estimate)})` : `${number} (${interval(estimate)})`;
}

export function withUnit(number: string, unit: string): string {
  return unit === '%' ? number + '%' : unit === '' ? number : `${number} ${unit}`;
}

/** What a difference means, as the program judged it before rounding. */
export function reading(change: Estimate | null): string {
  switch (change?.[6]) {
    case 'better': return (change[0] ?? 0) < 0 ? 'lower: better' : 'higher: better';
    case 'worse': return (change[0] ?? 0) < 0 ? 'lower: worse' : 'higher: worse';
    case 'lower': return 'lower';
    case 'higher': return 'higher';
    case 'same': return 'the same';
    case 'unclear': return 'no clear change';
    default: return change === null ? '' : change[0] === null ? 'no value' : 'too few replications';
  }
}

export const isClear = (change: Estimate | null): boolean =>
    ['better', 'worse', 'lower', 'higher'].includes(change?.[6] ?? '');

/** Its first letter large. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
