import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireMembers,
  requireObject,
} from '../../numerics/checks.ts';
import type { WrittenSchedule } from '../written.ts';
import type { ScheduleEntry, ScheduleParameter } from './entry.ts';
import { shapes } from './shapes.ts';
import { steps } from './steps.ts';
import { windows } from './windows.ts';

/** Every named schedule, in the order in which lists show them. */
export const scheduleCatalogue: readonly ScheduleEntry[] = [...shapes, ...steps, ...windows];

/** Descriptions, for lists, of schedules that a few numbers do not determine. */
export const freeSchedules = [
  {
    id: 'table',
    title: 'Piecewise linear table',
    summary: 'Any points (clock, w), linear between them and constant beyond (`writeTable`).',
    formula: 'interpolate(clock, x0, w0, x1, w1, ...)',
  },
  {
    id: 'formula',
    title: 'Formula',
    summary: 'Any formula in t, tau, logsnr or progress (`parseFormula`).',
    formula: 'w(clock)',
  },
] as const;

/** The entry of a name. @throws ParameterError with the list of names */
export function scheduleEntry(id: string): ScheduleEntry {
  requireChoice(
    'name',
    id,
    scheduleCatalogue.map((known) => known.id),
  );
  return scheduleCatalogue.find((candidate) => candidate.id === id)!;
}

/**
 * A named schedule of strength w.
 * @param values parameters of the entry; omitted ones take their default
 * @throws ParameterError for an unknown name or parameter, a value outside its domain, or values that contradict each other
 */
export function writeSchedule(
  id: string,
  w: number,
  values: Readonly<Record<string, number>> = {},
): WrittenSchedule {
  const entry = scheduleEntry(id);
  requireFinite('w', w);
  return { schedule: entry.write(w, parametersOf(entry, values)), clock: entry.clock };
}

/** The parameters of an entry with defaults filled in. @throws ParameterError outside their domain */
export function parametersOf(
  entry: { readonly id: string; readonly parameters: readonly ScheduleParameter[] },
  values: Readonly<Record<string, number>>,
): Record<string, number> {
  requireMembers('entry', entry, { id: 'text', parameters: 'list' });
  requireObject(`parameters of ${entry.id}`, values);
  if (entry.parameters.length === 0) {
    for (const key of Object.keys(values))
      throw new ParameterError('parameter', `left out: ${entry.id} has none`, key);
  }
  requireKnownKeys(
    `parameters of ${entry.id}`,
    values,
    entry.parameters.map(({ name }) => name),
  );
  const resolved: Record<string, number> = {};
  for (const parameter of entry.parameters) {
    const value = values[parameter.name] === undefined ? parameter.default : values[parameter.name]!;
    checkValue(parameter, value);
    resolved[parameter.name] = value;
  }
  return resolved;
}

/** {@link parametersOf} at a class variance, which a schedule that is made for one takes unless `values` says another. */
export function parametersFor(
  entry: Pick<ScheduleEntry, 'id' | 'parameters'>,
  values: Readonly<Record<string, number>>,
  sigma2: number,
): Record<string, number> {
  const takesVariance = entry.parameters.some(({ name }) => name === 'sigma2');
  return parametersOf(entry, { ...(takesVariance ? { sigma2 } : {}), ...values });
}

/** Domain of a parameter as people write it: "[0, 1)", "an integer in [1, 100]". */
export function domainText(parameter: ScheduleParameter): string {
  requireMembers('parameter', parameter, { least: 'number', largest: 'number' });
  const { least, largest, openLeast, openLargest, integer } = parameter;
  const interval = `${openLeast === true ? '(' : '['}${least}, ${largest}${openLargest === true ? ')' : ']'}`;
  return integer === true ? `an integer in ${interval}` : `in ${interval}`;
}

function checkValue(parameter: ScheduleParameter, value: number): void {
  const { name, least, largest, openLeast, openLargest, integer } = parameter;
  if (integer === true) {
    requireInteger(name, value, least, largest);
    return;
  }
  requireFinite(name, value);
  const above = openLeast === true ? value > least : value >= least;
  const below = openLargest === true ? value < largest : value <= largest;
  if (!above || !below) throw new ParameterError(name, domainText(parameter), value);
}
