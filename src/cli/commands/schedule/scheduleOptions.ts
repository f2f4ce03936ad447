import type { Command } from 'commander';
import { scheduleInClock } from '../../../guidance/schedules/clocks.ts';
import { unitVarianceCentreScale } from '../../../guidance/schedules/stepScales.ts';
import {
  writeEvenSteps,
  writeSigmaSteps,
  writeSigmaTable,
  writeTable,
} from '../../../guidance/schedules/table.ts';
import type { ScheduleEntry } from '../../../guidance/schedules/entry.ts';
import { defaultHorizon, requireHorizon } from '../../../guidance/schedules/horizon.ts';
import { scheduleClocks, type ScheduleClock } from '../../../guidance/schedule.ts';
import type { GuidanceText, WrittenSchedule } from '../../../guidance/written.ts';
import { ParameterError, requireChoice } from '../../../numerics/checks.ts';
import type { ForwardProcess } from '../../../process/process.ts';
import {
  optionalNumber,
  readGuidance,
  requiredText,
  type ModelOptions,
  type RawOptions,
} from '../../options.ts';
import { namedSchedule } from './entries.ts';
import { readSettings } from './settings.ts';
import { readCentreScale } from './stepOptions.ts';
import { readScheduleTable, type ScheduleTable } from './tableFile.ts';

/** A schedule as given on the command line, and its form for the solvers. */
export interface GivenSchedule {
  /** In the clock in which it was written; the constant as a formula too. */
  readonly written: WrittenSchedule;
  /** Guidance for the solver and the simulation; never in the progress clock, which an infinite start does not have. */
  readonly guidance: GuidanceText;
  /** Of the catalogue, or null. */
  readonly entry: ScheduleEntry | null;
  /** The strength it was written with, or null. */
  readonly w: number | null;
  readonly parameters: Readonly<Record<string, number>>;
  /** Name for tables and figures. */
  readonly title: string;
  /** The T of the clock progress = max(0, 1 - t/T). */
  readonly horizon: number;
  /** A table in sigma, which --centre-scale reads. */
  readonly inSigma: boolean;
}

/** Options that name a schedule. */
export function addScheduleOptions(command: Command): Command {
  return addHorizonOption(
    addNameOptions(command)
      .option('--name <id>', 'a schedule of the catalogue (see schedule list), of strength --w or --scale')
      .option('--schedule <formula>', 'w as a formula of --clock')
      .option(
        '--table <file>',
        'w, or the scale 1 + w, at points of a clock: columns as their header says, sorted',
      )
      .option('--clock <name>', `variable of --schedule, --table: ${scheduleClocks.join(', ')}`, 't'),
  );
}

/** Strength and parameters of a schedule of the catalogue. */
export function addNameOptions(command: Command): Command {
  return command
    .option('--w <W>', 'strength: the guidance coefficient w of s = s_c + w (s_c - s_u)')
    .option('--scale <S>', 'guidance scale 1 + w of image tools, in place of --w')
    .option('--set <list>', 'parameters of --name: key=value,key=value');
}

/** The T of the clock progress. */
export function addHorizonOption(command: Command): Command {
  return command.option(
    '--horizon <T>',
    'start that the clock progress = 1 - t/T refers to (default: --t-max, else 3 in OU time, 1 for flow)',
  );
}

/** The T of the clock progress: --horizon, or the finite start of sampling, or that of the process. */
export function readHorizon(raw: RawOptions, process: ForwardProcess, startTime: number | null): number {
  const horizon = optionalNumber(raw, 'horizon', 'horizon') ?? startTime ?? defaultHorizon(process);
  requireHorizon(process, horizon);
  return horizon;
}

/** Strength from --w or --scale, or null. */
export function readStrength(raw: RawOptions): number | null {
  if (raw['w'] === undefined && raw['scale'] === undefined) return null;
  const guidance = readGuidance({ w: raw['w'], scale: raw['scale'] });
  return 'w' in guidance ? guidance.w : null;
}

/**
 * The schedule that the options name: exactly one of --name, --schedule, --table, or a constant --w or --scale.
 * @param given whether an option was written on the command line
 */
export function readSchedule(
  raw: RawOptions,
  given: (key: string) => boolean,
  { process, startTime, sigma2 }: Pick<ModelOptions, 'startTime' | 'sigma2'> & { process: ForwardProcess },
): GivenSchedule {
  const sources = (['name', 'schedule', 'table'] as const).filter((key) => raw[key] !== undefined);
  const [source, other] = sources;
  if (other !== undefined) {
    throw new ParameterError(other, `given without --${source!}`, raw[other]);
  }
  if (raw['set'] !== undefined && source !== 'name') {
    throw new ParameterError('set', 'given with --name', raw['set']);
  }
  const horizon = readHorizon(raw, process, startTime);
  const strength = readStrength(raw);
  const shared = { entry: null, w: null, parameters: {}, horizon, inSigma: false };
  const solvable = (written: WrittenSchedule): WrittenSchedule =>
    written.clock === 'progress' ? scheduleInClock(written, 't', process, horizon) : written;
  if (source === undefined) {
    if (strength === null) {
      throw new ParameterError('schedule', 'given (or name, or table, or w)', undefined);
    }
    const written = { schedule: String(strength), clock: 't' } as const;
    return { ...shared, written, guidance: { w: strength }, w: strength, title: `w = ${strength}` };
  }
  if (source === 'name') {
    const id = requiredText(raw, 'name', 'name');
    const { written, ...rest } = namedSchedule(id, strength, readSettings(raw, 'set', 'set'), sigma2);
    if (given('clock')) throw new ParameterError('clock', 'given with --schedule or --table', raw['clock']);
    const title = rest.entry.title;
    return { ...shared, ...rest, written, guidance: solvable(written), title };
  }
  if (strength !== null) {
    const key = raw['w'] === undefined ? 'scale' : 'w';
    throw new ParameterError(key, `given without --${source}`, raw[key]);
  }
  const clock = requiredText(raw, 'clock', 'clock');
  requireChoice('clock', clock, scheduleClocks);
  if (source === 'schedule') {
    const written = { schedule: requiredText(raw, 'schedule', 'schedule'), clock };
    return { ...shared, written, guidance: solvable(written), title: written.schedule };
  }
  const table = readScheduleTable(requiredText(raw, 'table', 'table'));
  if (table.clock !== null && given('clock') && table.clock !== clock)
    throw new ParameterError('clock', `${table.clock}, as the table says`, clock);
  const centreScale = readCentreScale(raw) ?? unitVarianceCentreScale(sigma2);
  const written = tableSchedule(table, clock, centreScale);
  return {
    ...shared,
    written,
    guidance: solvable(written),
    title: 'table',
    inSigma: table.clock === 'sigma',
  };
}

/** A table as a formula. @param usual clock of a table without a header */
function tableSchedule(
  { clock, held, points }: ScheduleTable,
  usual: ScheduleClock,
  centreScale: number,
): WrittenSchedule {
  if (clock === 'sigma') return (held ? writeSigmaSteps : writeSigmaTable)(points, centreScale);
  return clock === 'step'
    ? writeEvenSteps(points, points.at(-1)![0] + 1)
    : writeTable(points, clock ?? usual);
}

/** A schedule for records and documents. */
export function scheduleRecord({
  written,
  entry,
  w,
  parameters,
  horizon,
}: GivenSchedule): Record<string, unknown> {
  return {
    formula: written.schedule,
    clock: written.clock,
    name: entry?.id ?? null,
    w,
    parameters,
    horizon,
  };
}
