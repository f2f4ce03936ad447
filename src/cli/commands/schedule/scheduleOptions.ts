import { coefficientFromScale } from '../../../guidance/coefficient.ts';
import {
  parametersFor,
  scheduleCatalogue,
  scheduleEntry,
  writeSchedule,
} from '../../../guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../guidance/schedules/clocks.ts';
import type { ScheduleEntry } from '../../../guidance/schedules/entry.ts';
import { resolveHorizon } from '../../../guidance/schedules/horizon.ts';
import { unitVarianceCentreScale } from '../../../guidance/schedules/stepScales.ts';
import {
  parseScheduleTable,
  writeScheduleTable,
  type ScheduleTable,
} from '../../../guidance/schedules/tableText.ts';
import { scheduleClocks } from '../../../guidance/schedule.ts';
import type { GuidanceText, WrittenSchedule } from '../../../guidance/written.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { processes } from '../../../process/process.ts';
import { inputOf, reasonOf } from '../../../threads/wholeFile.ts';
import { group, missing, option, type OptionWords, type Values } from '../../frame/input.ts';
import { choice, number, oneOf, settings, text, withSettings } from '../../frame/options.ts';
import { formulaHelp, guidanceRange, type ModelOptions } from '../../frame/physics.ts';
import { parseNumber } from '../../frame/ranges.ts';

/** --w or --scale; null without either. */
export const strengthOptions = (help: string, words: Pick<OptionWords, 'usual' | 'without'> = {}) =>
  group(
    {
      w: number(help, { as: 'W', domain: guidanceRange, ...words }),
      scale: number('guidance scale 1 + w of image tools, in place of --w', {
        as: 'S',
        domain: guidanceRange,
        without: ['w', ...(words.without ?? [])],
      }),
    },
    ({ w, scale }) => (scale === null ? w : coefficientFromScale(scale)),
  );

/** Strength of a schedule of the catalogue, in the help. */
export const strengthHelp = 'strength: the guidance coefficient w of s = s_c + w (s_c - s_u)';

/** --horizon. */
export const horizonOption = (usual = '3 in OU time, 1 for flow') =>
  number('start T of the clock progress = 1 - t/T', { as: 'T', usual });

const scheduleIds = scheduleCatalogue.map(({ id }) => id);
const insteadOfSchedule = ['name', 'table', 'w', 'scale'] as const;

/** Options that give a schedule: exactly one of --name, --schedule, --table, or a constant --w or --scale. */
export const scheduleOptions = {
  strength: strengthOptions(strengthHelp, { without: ['schedule', 'table'] }),
  set: settings('parameters of --name: key=value,key=value', { with: 'name' }),
  name: oneOf('a schedule of the catalogue (see schedule list), of strength --w or --scale', scheduleIds, {
    as: 'id',
  }),
  schedule: text(`w as a formula of --clock (${formulaHelp})`, {
    as: 'formula',
    without: ['name'],
    or: insteadOfSchedule,
  }),
  table: option(
    'w, or the scale 1 + w, at points of a clock: sorted, columns as their header says',
    { as: 'file', kind: 'file', without: ['name', 'schedule'] },
    readScheduleTable,
  ),
  clock: choice('variable of --schedule, --table', scheduleClocks, { usual: 't', without: ['name'] }),
  horizon: horizonOption('--t-max, else 3 in OU time, 1 for flow'),
} as const;

/** A schedule of the catalogue with its numbers. */
export interface NamedSchedule {
  readonly entry: ScheduleEntry;
  readonly written: WrittenSchedule;
  /** Null where it takes none. */
  readonly w: number | null;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A schedule as given on the command line, and its form for the solvers. */
export interface GivenSchedule extends Omit<NamedSchedule, 'entry'> {
  /** Entry of the catalogue, or null. */
  readonly entry: ScheduleEntry | null;
  /** Guidance for the solver and the simulation; never in the progress clock, which an infinite start does not have. */
  readonly guidance: GuidanceText;
  /** Name for tables and figures. */
  readonly title: string;
  /** The T of the clock progress = max(0, 1 - t/T). */
  readonly horizon: number;
  /** A table in sigma, which --centre-scale reads. */
  readonly inSigma: boolean;
}

type RecordedSchedule = Pick<GivenSchedule, 'written' | 'entry' | 'w' | 'parameters' | 'horizon'>;

/** The schedule that the options give. @param centreScale of a table in sigma; null: latents of unit variance */
export function givenSchedule(
  { strength, set, name, schedule, table, clock, ...rest }: Values<typeof scheduleOptions>,
  centreScale: number | null,
  model: Pick<ModelOptions, 'process' | 'startTime' | 'sigma2'>,
): GivenSchedule {
  const process = processes[model.process];
  const horizon = resolveHorizon(process, rest.horizon ?? model.startTime);
  const given = (written: WrittenSchedule, title = written.schedule): GivenSchedule => ({
    written,
    guidance: written.clock === 'progress' ? scheduleInClock(written, 't', process, horizon) : written,
    entry: null,
    w: null,
    parameters: {},
    title,
    horizon,
    inSigma: false,
  });
  if (name !== null) {
    const { written, ...named } = namedSchedule(name, strength, set, model.sigma2);
    return { ...given(written, named.entry.title), ...named };
  }
  if (schedule !== null) return given({ schedule, clock: clock ?? 't' });
  if (table !== null) {
    if (table.clock !== null && clock !== null && table.clock !== clock)
      throw new ParameterError('clock', `${table.clock}, as the table says`, clock);
    const scale = centreScale ?? unitVarianceCentreScale(model.sigma2);
    const written = writeScheduleTable(table, clock ?? 't', scale);
    return { ...given(written, 'table'), inSigma: table.clock === 'sigma' };
  }
  if (strength === null) throw missing('schedule', insteadOfSchedule);
  const constant = given({ schedule: String(strength), clock: 't' }, `w = ${strength}`);
  return { ...constant, guidance: { w: strength }, w: strength };
}

/**
 * A schedule of the catalogue by its name.
 * @param strength of --w or --scale, or null
 * @param set settings of --set
 * @param usual default strength, where one is needed; null: it must be given
 * @throws ParameterError for an unknown name (with the list) or key, a value outside its domain, a strength that is missing or not wanted
 */
export function namedSchedule(
  id: string,
  strength: number | null,
  set: Readonly<Record<string, string>>,
  sigma2: number,
  usual: number | null = null,
): NamedSchedule {
  const entry = scheduleEntry(id);
  const names = entry.parameters.map(({ name }) => name);
  requireSettings('set', set, names, id);
  const w = entry.strength === 'none' ? null : (strength ?? usual);
  if (w === null && entry.strength !== 'none') throw missing('w', ['scale'], ` for the schedule ${id}`);
  if (strength !== null && entry.strength === 'none') {
    const { strengthParameter: own } = entry;
    throw new ParameterError(
      'w',
      `left out for the schedule ${id}, which takes no strength`,
      strength,
      own === undefined ? undefined : `use --set ${own}=...`,
    );
  }
  return withSettings('set', names, () => {
    const parameters = parametersFor(entry, settingNumbers('set', set), sigma2);
    return { entry, written: writeSchedule(id, w ?? 0, parameters), w, parameters };
  });
}

/** Throws unless the keys of settings are known. @param of what takes them */
export function requireSettings(name: string, given: object, known: readonly string[], of: string): void {
  const key = Object.keys(given).find((one) => !known.includes(one));
  if (key === undefined) return;
  const condition =
    known.length === 0
      ? `left out: ${of} has no parameters`
      : `a list with keys among ${known.join(', ')} for ${of}`;
  throw new ParameterError(name, condition, key);
}

/** Settings as numbers. */
export function settingNumbers(
  name: string,
  given: Readonly<Record<string, string>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(given).map(([key, typed]) => [key, parseNumber(`${name} ${key}`, typed)]),
  );
}

/** A table from a file. */
function readScheduleTable(name: string, path: string): ScheduleTable {
  let content: Buffer;
  try {
    content = inputOf(path);
  } catch (error) {
    throw new ParameterError(name, `a file that can be read (${reasonOf(error)})`, path);
  }
  return parseScheduleTable(content.toString('utf8'));
}

/** A schedule for records and documents. */
export function scheduleRecord({ written, entry, w, parameters, horizon }: RecordedSchedule) {
  return { formula: written.schedule, clock: written.clock, name: entry?.id ?? null, w, parameters, horizon };
}
