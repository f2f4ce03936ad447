import { ParameterError } from '../../numerics/checks.ts';
import type { ParticleRange } from '../observables/observables.ts';
import { parsePlainData, plainDataText } from './plainData.ts';
import type { ParticleOptions } from '../problem.ts';
import type { ParticleTask } from '../tasks.ts';

/**
 * Checkpoints of a particle simulation: what has been finished, as text that is either read whole or refused. A
 * title line with the version of the format, one line per entry (its CRC-32, then its plain data), and a last line
 * with the number of entries and a CRC-32 over theirs. The text has no other form: any changed, missing or added
 * character is found (with certainty for a single flipped bit, else with probability 1 - 2^-32).
 */

/** Version of the format. Texts of another version are refused. */
export const checkpointVersion = 1;
const title = 'cfg-dmft checkpoint';

/** What decides the result of a simulation, as plain data: two runs with the same identity give the same bits. */
export type CheckpointIdentity = Readonly<Record<string, unknown>>;

/** How far an unfinished task has come. */
export interface PartialTask {
  readonly task: ParticleTask;
  /** Share of it that is done, in [0, 1]. */
  readonly fraction: number;
  /** Plain data that the simulation of the task has handed out and will take back. */
  readonly state: unknown;
}

/** An entry of a checkpoint. The identity is the first. */
export type CheckpointEntry =
  | { readonly kind: 'identity'; readonly identity: CheckpointIdentity }
  | { readonly kind: 'finished'; readonly range: ParticleRange }
  | ({ readonly kind: 'partial' } & PartialTask)
  /** Wall seconds of sampling so far. */
  | { readonly kind: 'seconds'; readonly seconds: number };

/** A checkpoint that has been read. */
export interface Checkpoint {
  readonly identity: CheckpointIdentity;
  readonly finished: readonly ParticleRange[];
  readonly partial: readonly PartialTask[];
  readonly seconds: number;
}

/** Line of one entry; lines can be kept, so that a checkpoint that grows is not written anew each time. */
export function checkpointLine(entry: CheckpointEntry): string {
  return sealedLine(plainDataText(entry));
}

/** A line of text with its CRC-32 before it. */
export function sealedLine(text: string): string {
  return `${hex(crc32(text))} ${text}`;
}

/** The text of a sealed line, or null if the line is damaged. */
export function unsealedLine(line: string): string | null {
  const text = line.slice(9);
  return line === sealedLine(text) ? text : null;
}

/** Text of a checkpoint from the lines of its entries. */
export function checkpointText(lines: readonly string[]): string {
  const seal = `end ${lines.length} ${hex(crc32(lines.map((line) => line.slice(0, 8)).join('')))}`;
  return `${[`${title} ${checkpointVersion}`, ...lines, seal].join('\n')}\n`;
}

/**
 * Reads a checkpoint.
 * @param text its characters, one per byte (Latin-1)
 * @param name what to call it in errors
 * @throws ParameterError if it is damaged, incomplete, of another version, or something else altogether
 */
export function readCheckpoint(text: string, name: string): Checkpoint {
  const refuse = (why: string) =>
    new ParameterError(
      'checkpoint',
      'a whole checkpoint of this program',
      name,
      `${why}; delete it to begin anew`,
    );
  const [first, ...rest] = text.split('\n');
  if (text === '') throw refuse('the file is empty');
  if (!first!.startsWith(title)) throw refuse('the file is something else');
  if (first !== `${title} ${checkpointVersion}`) {
    throw refuse(`its version is not ${checkpointVersion}`);
  }
  const lines = rest.slice(0, -2);
  // Compared as a whole: the seal and the ends of lines are found damaged with everything else.
  if (text !== checkpointText(lines)) throw refuse('it is damaged or cut short');
  const entries = lines.map((line) => {
    const content = unsealedLine(line);
    if (content === null) throw refuse('it is damaged');
    return parsePlainData(content) as CheckpointEntry;
  });
  const [head] = entries;
  if (head?.kind !== 'identity') throw refuse('it does not say of what');
  return {
    identity: head.identity,
    finished: entries.flatMap((entry) => (entry.kind === 'finished' ? [entry.range] : [])),
    partial: entries.flatMap((entry) =>
      entry.kind === 'partial' ? [{ task: entry.task, fraction: entry.fraction, state: entry.state }] : [],
    ),
    seconds: entries.reduce((sum, entry) => sum + (entry.kind === 'seconds' ? entry.seconds : 0), 0),
  };
}

/**
 * First difference between two identities.
 * @returns where, and both values as text; null if there is none
 */
export function identityDifference(
  there: unknown,
  here: unknown,
  path = '',
): { readonly path: string; readonly there: string; readonly here: string } | null {
  const isFolder = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
  if (isFolder(there) && isFolder(here)) {
    for (const key of new Set([...Object.keys(here), ...Object.keys(there)])) {
      const inner = identityDifference(there[key], here[key], path === '' ? key : `${path}.${key}`);
      if (inner !== null) return inner;
    }
    return null;
  }
  const show = (value: unknown) => (value === undefined ? 'nothing' : plainDataText(value));
  return show(there) === show(here) ? null : { path, there: show(there), here: show(here) };
}

/**
 * Tasks for what is not finished yet: those of a plan, cut to the particles that no finished range covers. The
 * result does not depend on how particles are split into tasks, so the plan need not be the one of the earlier run.
 * @param planned tasks that cover every particle once (planTasks)
 * @throws ParameterError if finished ranges overlap or lie outside the simulation
 */
export function remainingTasks(
  options: ParticleOptions,
  planned: readonly ParticleTask[],
  finished: readonly ParticleRange[],
): ParticleTask[] {
  const byRealization = new Map<number, ParticleRange[]>();
  for (const range of finished) {
    const { realization, begin, end } = range;
    const others = byRealization.get(realization) ?? [];
    const inside =
      realization >= 0 && realization < options.realizations && begin >= 0 && end <= options.particles;
    if (!inside || begin >= end || others.some((other) => begin < other.end && other.begin < end)) {
      throw new ParameterError('finished', 'ranges of the simulation that do not overlap', {
        realization,
        begin,
        end,
      });
    }
    byRealization.set(realization, [...others, range]);
  }
  return planned.flatMap((task) => {
    const covered = [...(byRealization.get(task.realization) ?? [])].sort((p, q) => p.begin - q.begin);
    const gaps: ParticleTask[] = [];
    let { begin } = task;
    for (const range of covered) {
      if (range.end <= begin) continue;
      if (range.begin >= task.end) break;
      if (range.begin > begin) gaps.push({ ...task, begin, end: range.begin });
      begin = range.end;
    }
    if (begin < task.end) gaps.push({ ...task, begin });
    return gaps;
  });
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (as in gzip) of characters below 256. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc = crcTable[(crc ^ text.charCodeAt(i)) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
