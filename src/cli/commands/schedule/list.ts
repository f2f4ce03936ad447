import { formCatalogue } from '../../../guidance/forms/catalogue.ts';
import type { FormEntry } from '../../../guidance/forms/entry.ts';
import { refusedForms } from '../../../guidance/forms/refused.ts';
import { domainText, freeSchedules, scheduleCatalogue } from '../../../guidance/schedules/catalogue.ts';
import type { Citation, ScheduleEntry, ScheduleParameter } from '../../../guidance/schedules/entry.ts';
import { command } from '../../frame/command.ts';
import { leftAligned, pick, show } from '../../terminal/output.ts';
import { citationText } from './text.ts';

/** `schedule list`: the schedules and guidance forms that have names. */
export const listCommand = command({
  name: 'list',
  summary: 'Guidance schedules and guidance forms that have names, with formula, defaults and source.',
  example: 'cfg-dmft schedule list\n  cosine                  progress  w*(1 - cos(pi*progress))',
  options: {},
  run: (_, { width }) => {
    const tables = [scheduleTable('all'), formTable('all')].join('\n\n');
    const isNarrow = tables.split('\n').some(({ length }) => length > width);
    return {
      document: {
        m: null,
        v: null,
        schedule: null,
        pareto: null,
        schedules: scheduleCatalogue.map(scheduleDocument),
        forms: formCatalogue.map(formDocument),
        refusedForms,
      },
      text: isNarrow ? [scheduleTable('short'), formTable('short')].join('\n\n') : tables,
      notes: [
        ...(isNarrow ? ['sources and defaults are left out; --wide shows them'] : []),
        `no forms here, as --form ID says why: ${refusedForms.map(({ id }) => id).join(', ')}`,
        'w in a formula is the strength (--w); --set key=value gives parameters other values; cfg-dmft schedule show NAME tells more',
      ],
      record: { problem: {}, options: {}, seed: null },
    };
  },
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

/** Columns of a list: all of them, or those without which it says nothing. */
type Extent = 'all' | 'short';

function scheduleTable(extent: Extent): string {
  const rows = scheduleCatalogue.map(({ id, clock, formula, parameters, citation }) => ({
    ...{ id, clock, formula },
    source: citationText(citation),
    defaults: defaultsText(parameters),
  }));
  const free = freeSchedules.map(({ id, formula }) => ({
    ...{ id: id === 'table' ? '--table' : '--schedule', clock: 'any', formula },
    ...{ source: '-', defaults: '' },
  }));
  return listTable(extent, [
    { id: 'schedule', clock: 'clock', source: 'source', defaults: 'defaults', formula: 'w(clock)' },
    ...rows,
    ...free,
  ]);
}

function formTable(extent: Extent): string {
  return listTable(extent, [
    { id: 'form', source: 'source', defaults: 'defaults', formula: 'guided score (delta = s_c - s_u)' },
    ...formCatalogue.map(({ id, formula, parameters, choices, formulas, citation }) => ({
      ...{ id, formula },
      source: citationText(citation),
      defaults: defaultsText([...formulas, ...parameters, ...choices]),
    })),
  ]);
}

interface ListRow {
  readonly id: string;
  readonly clock?: string;
  readonly source: string;
  readonly defaults: string;
  readonly formula: string;
}

function listTable(extent: Extent, rows: readonly ListRow[]): string {
  return leftAligned(
    rows.map(({ id, clock, source, defaults, formula }) => [
      id,
      ...(clock === undefined ? [] : [clock]),
      ...(extent === 'all' ? [source, defaults] : []),
      formula,
    ]),
  );
}

function defaultsText(
  parameters: readonly { readonly name: string; readonly default: number | string }[],
): string {
  return parameters
    .map(({ name, default: usual }) => `${name}=${typeof usual === 'number' ? show(usual) : usual}`)
    .join(', ');
}
