import {el} from '../dom';
import {shown} from '../numbers';
import type {Section} from './section';

const row = (head: string, ...value: (Node | string)[]): HTMLElement =>
    el('tr', {}, el('th', {scope: 'row'}, head), el('td', {}, ...value));

export const methods: Section = {
  id: 'methods',
  title: 'How this was made, and how to repeat it',
  make: ({report}) => {
    const percent = `${shown(report.confidence)}%`;
    return [
      el('p', {}, 'A replication is one possible future of the system, with its own chance events: every client is followed through the settings, ' +
         `with queues, full beds and lost referrals. Means are over replications. A ${percent} interval says how surely the mean is known from so many ` +
         'replications (Student\u2019s t); it covers chance alone, not whether the model or its numbers are right.'),
      el('p', {}, 'Scenarios are compared replication by replication: the same clients meet the same luck, so a difference is due to what was changed. ' +
         '\u201CNo clear change\u201D means that the interval includes none. Numbers are rounded to what their intervals support. ' +
         'A measure has no value where it has no meaning, such as a wait where nobody waited.'),
      el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Facts of the study'}, el('table', {class: 'facts'}, el('caption', {}, 'Facts of the study'), el('tbody', {},
         row('Study', report.study), row('Model', report.model || 'has no name'),
         row('Results', `from ${report.start}, ${shown(report.days)} days`),
         row('Replications', `${report.planned} of each scenario`),
         row('Seed', report.seed), row('Program', `Throughline ${report.program}, engine ${report.engine}`),
         ...report.scenarios.map(scenario => row(`Digest of ${scenario.name}`, el('code', {class: 'digest'}, scenario.digest)))))),
      el('h3', {}, 'To repeat it'),
      el('p', {}, 'With the study\u2019s file below, its model beside it, and the same version of the program, these commands give the same numbers to the last digit, ' +
         'on any machine and any number of cores. Equal digests mean the same model, lengths and seed.'),
      el('pre', {tabindex: 0}, el('code', {}, `throughline run ${report.study} -o results --seed ${report.seed} --replications ${report.planned}\nthroughline report results`)),
      el('details', {class: 'numbers'}, el('summary', {}, 'The study\u2019s file'), el('pre', {tabindex: 0}, el('code', {}, report.studyText))),
    ];
  },
};
