import { formCatalogue, type FormEntry } from '../../../guidance/forms/catalogue.ts';
import { domainText, freeSchedules, scheduleCatalogue } from '../../../guidance/schedules/catalogue.ts';
import type { Citation, ScheduleEntry, ScheduleParameter } from '../../../guidance/schedules/entry.ts';
import { command } from '../../frame/command.ts';
import { leftAligned, pick, show } from '../../terminal/output.ts';
import { citationText } from './text.ts';

/** `schedule list`: the schedules and guidance forms that have names. */
export const listCommand = command({
  name: 'list',
  summary: 'Guidance schedules and guidance forms that have names, with formula, defaults and source.',
  example:
    'cfg-dmft schedule list\n  cosine  progress  Wang et al. 2024, arXiv 2404.13040  w*(1 - cos(pi*progress))',
  options: {},
  run: () => ({
    document: {
      m: null,
      v: null,
      schedule: null,
      pareto: null,
      schedules: scheduleCatalogue.map(scheduleDocument),
      forms: formCatalogue.map(formDocument),
    },
    text: [scheduleTable(), formTable()].join('\n\n'),
    notes: [
      'w in a formula is the strength (--w); --set key=value gives parameters other values; cfg-dmft schedule show NAME tells more',
    ],
    record: { problem: {}, options: {}, seed: null },
  }),
});

/** An entry of the catalogue as plain data. */
export function scheduleDocument(entry: ScheduleEntry): Record<string, unknown> {
  return {
    ...pick(entry, ['id', 'title', 'summary', 'clock', 'formula', 'nonNegative', 'strength']),
    parameters: entry.parameters.map(parameterDocument),
    citation: citationDocument(entry.citation),
  };
}

function formDocument(entry: FormEntry): Record<string, unknown> {
  return {
    ...pick(entry, ['id', 'title', 'summary', 'formula']),
    parameters: [...entry.formulas, ...entry.parameters.map(parameterDocument), ...entry.choices],
    citation: citationDocument(entry.citation),
  };
}

function parameterDocument(parameter: ScheduleParameter): Record<string, unknown> {
  return { ...pick(parameter, ['name', 'meaning', 'default']), domain: domainText(parameter) };
}

function citationDocument(citation: Citation | null): Record<string, unknown> | null {
  return citation === null ? null : { ...citation, where: citation.where ?? null };
}

function scheduleTable(): string {
  return leftAligned([
    ['schedule', 'clock', 'source', 'defaults', 'w(clock)'],
    ...scheduleCatalogue.map(({ id, clock, formula, parameters, citation }) => [
      id,
      clock,
      citationText(citation),
      defaultsText(parameters),
      formula,
    ]),
    ...freeSchedules.map(({ id, formula }) => [
      id === 'table' ? '--table' : '--schedule',
      'any',
      '-',
      '',
      formula,
    ]),
  ]);
}

function formTable(): string {
  return leftAligned([
    ['form', 'source', 'defaults', 'guided score (delta = s_c - s_u)'],
    ...formCatalogue.map(({ id, formula, parameters, choices, formulas, citation }) => [
      id,
      citationText(citation),
      defaultsText([...formulas, ...parameters, ...choices]),
      formula,
    ]),
  ]);
}

function defaultsText(
  parameters: readonly { readonly name: string; readonly default: number | string }[],
): string {
  return parameters
    .map(({ name, default: usual }) => `${name}=${typeof usual === 'number' ? show(usual) : usual}`)
    .join(', ');
}
