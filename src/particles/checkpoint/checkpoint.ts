import { ParameterError } from '../../numerics/checks.ts';
import type { ParticleRange } from '../observables/observables.ts';
import { parsePlainData, plainDataText } from './plainData.ts';
import type { ParticleOptions } from '../problem/problem.ts';
import type { ParticleTask } from '../tasks.ts';

/**
 * Checkpoints of a particle simulation: text that grows by a line at a time. A title with the version of the format, then
 * lines of entries, each with a CRC-32 over the line's plain data and the CRC of the line before: a changed, missing or added
 * character is found (with certainty for a single flipped bit, else with probability 1 - 2^-32). Damage in the last line is
 * what a crash leaves that happened while it was written; it is left out. Anywhere else it makes the whole refused.
 */

/** Version of the format. Texts of another version are refused. */
export const checkpointVersion = 2;
const title = 'cfg-dmft checkpoint';

/** First line of a checkpoint. */
export const checkpointTitle = `${title} ${checkpointVersion}\n`;

/** Inputs that determine the result of a simulation bit for bit, as plain data. */
export type CheckpointIdentity = Readonly<Record<string, unknown>>;

/** Progress of an unfinished task. */
export interface PartialTask {
  readonly task: ParticleTask;
  /** Share of it that is done, in [0, 1]. */
  readonly fraction: number;
  /** Plain data from which the simulation of the task continues. */
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
  /** Characters up to the end of the last complete line. */
  readonly length: number;
  /** True if a crash truncated a further line. */
  readonly cutShort: boolean;
}

/** Text of one entry, for {@link checkpointLine}. */
export function entryText(entry: CheckpointEntry): string {
  return plainDataText(entry);
}

/** True if a line holds finished ranges only: such lines stay, others are superseded. */
export function isFinishedLine(line: string): boolean {
  return line.startsWith(finishedStart, sealLength + 1);
}

/** A line of a checkpoint. @param entries their texts: an identity, finished ranges, or others; @param before the line before it */
export function checkpointLine(entries: readonly string[], before = checkpointTitle): string {
  return resealedLine(`${' '.repeat(sealLength + 1)}[${entries.join(',')}]\n`, before);
}

/** The line resealed to follow another one. */
export function resealedLine(line: string, before: string): string {
  const text = line.slice(sealLength + 1);
  return `${hex(crc32(before.slice(0, sealLength) + text))} ${text}`;
}

const sealLength = 8;
const finishedStart = '[{"kind":"finished"';

/** A line of text with its CRC-32 before it. */
export function sealedLine(text: string): string {
  return `${hex(crc32(text))} ${text}`;
}

/** The text of a sealed line, or null if the line is damaged. */
export function unsealedLine(line: string): string | null {
  const text = line.slice(9);
  return line === sealedLine(text) ? text : null;
}

/**
 * Reads a checkpoint.
 * @param lines with their ends, one character per byte (Latin-1)
 * @param name its name in error messages
 * @throws ParameterError if it is damaged before its last line, of another version, or something else altogether
 */
export function readCheckpoint(lines: Iterable<string>, name: string): Checkpoint {
  const refuse = (why: string) =>
    new ParameterError(
      'checkpoint',
      'a whole checkpoint of this program',
      name,
      `${why}; delete it to begin anew`,
    );
  let identity: CheckpointIdentity | null = null;
  let seconds = 0;
  const finished: ParticleRange[] = [];
  const partial = new PartialTasks<PartialTask>();
  let before: string | null = null;
  let damaged = false;
  let length = checkpointTitle.length;
  for (const line of lines) {
    if (before === null) {
      if (!line.startsWith(title)) throw refuse('the file is something else');
      if (line !== checkpointTitle) throw refuse(`its version is not ${checkpointVersion}`);
      before = line;
      continue;
    }
    // Only the last line can be the trace of a crash.
    if (damaged) throw refuse('it is damaged');
    damaged = line !== resealedLine(line, before);
    if (damaged) continue;
    before = line;
    length += line.length;
    for (const entry of parsePlainData(line.slice(sealLength + 1)) as CheckpointEntry[]) {
      if (entry.kind === 'identity') identity = entry.identity;
      else if (entry.kind === 'seconds') seconds = entry.seconds;
      else if (entry.kind === 'partial') partial.set(entry.task, entry);
      else {
        finished.push(entry.range);
        partial.drop(entry.range);
      }
    }
    if (identity === null) throw refuse('it does not say of what');
  }
  if (before === null) throw refuse('the file is empty');
  if (identity === null) throw refuse('it is cut short');
  return {
    identity,
    finished,
    partial: partial.all().map(({ task, fraction, state }) => ({ task, fraction, state })),
    seconds,
    length,
    cutShort: damaged,
  };
}

/** Newest value for each unfinished task. */
export class PartialTasks<T> {
  private readonly entries = new Map<string, { readonly task: ParticleTask; readonly value: T }>();

  /** @returns the value that it replaces */
  set(task: ParticleTask, value: T): T | undefined {
    const { realization, begin, end } = task;
    const key = `${realization}:${begin}:${end}`;
    const old = this.entries.get(key)?.value;
    this.entries.set(key, { task, value });
    return old;
  }

  /** Drops the tasks that share particles with a finished one: of other tasks too, if an earlier run has cut them differently. */
  drop(finished: ParticleTask): T[] {
    const dropped: T[] = [];
    for (const [key, { task, value }] of this.entries) {
      if (task.realization !== finished.realization) continue;
      if (task.begin >= finished.end || finished.begin >= task.end) continue;
      this.entries.delete(key);
      dropped.push(value);
    }
    return dropped;
  }

  all(): T[] {
    return [...this.entries.values()].map(({ value }) => value);
  }
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
 * Unfinished tasks: those of a plan, cut to the particles that no finished range covers. The
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
