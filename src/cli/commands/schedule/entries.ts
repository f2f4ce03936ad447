import { parametersOf, scheduleEntry, writeSchedule } from '../../../guidance/schedules/catalogue.ts';
import type { ScheduleEntry } from '../../../guidance/schedules/entry.ts';
import type { WrittenSchedule } from '../../../guidance/written.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import type { ScheduleKind } from '../../../plots/schedules/scheduleLook.ts';

/** A schedule of the catalogue with its numbers. */
export interface NamedSchedule {
  readonly entry: ScheduleEntry;
  readonly written: WrittenSchedule;
  /** Null where it takes none. */
  readonly w: number | null;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Kind of an entry, which sets its colour. */
export function kindOf({ id, nonNegative }: ScheduleEntry): ScheduleKind {
  if (id === 'constant') return 'constant';
  return nonNegative ? 'nonNegative' : 'signed';
}

/** Parameters of an entry: those that are set, and defaults; a schedule that is made for a variance gets that of the problem. */
export function valuesFor(
  entry: ScheduleEntry,
  settings: Readonly<Record<string, number>>,
  sigma2: number,
): Record<string, number> {
  const takesVariance = entry.parameters.some(({ name }) => name === 'sigma2');
  const own = takesVariance ? { sigma2 } : {};
  return parametersOf(entry, { ...own, ...settings });
}

/**
 * A schedule of the catalogue by its name.
 * @param strength of --w or --scale, or null
 * @param settings of --set
 * @param usual default strength, where one is needed; null: it must be given
 * @throws ParameterError for an unknown name (with the list) or key, a value outside its domain, a strength that is missing or not wanted
 */
export function namedSchedule(
  id: string,
  strength: number | null,
  settings: Readonly<Record<string, number>>,
  sigma2: number,
  usual: number | null = null,
): NamedSchedule {
  const entry = scheduleEntry(id);
  const names = entry.parameters.map(({ name }) => name);
  for (const key of Object.keys(settings)) {
    if (names.includes(key)) continue;
    const condition =
      names.length === 0 ? `left out: ${id} has no parameters` : `a list with keys among ${names.join(', ')}`;
    throw new ParameterError('set', condition, key);
  }
  const w = entry.strength === 'none' ? null : (strength ?? usual);
  if (w === null && entry.strength !== 'none') {
    throw new ParameterError('w', `given (or scale) for the schedule ${id}`, undefined);
  }
  if (strength !== null && entry.strength === 'none') {
    const instead =
      entry.strengthParameter === undefined ? undefined : `use --set ${entry.strengthParameter}=...`;
    throw new ParameterError(
      'w',
      `left out for the schedule ${id}, which takes no strength`,
      strength,
      instead,
    );
  }
  try {
    const parameters = valuesFor(entry, settings, sigma2);
    return { entry, written: writeSchedule(id, w ?? 0, parameters), w, parameters };
  } catch (error) {
    if (!(error instanceof ParameterError) || !names.includes(error.parameter)) throw error;
    // On the command line a parameter of the schedule is part of an option.
    const again = new ParameterError(`set ${error.parameter}`, '', null);
    again.message = `set ${error.message}`;
    throw again;
  }
}
