import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { ParameterError } from '../numerics/checks.ts';
import {
  checkpointLine,
  checkpointTitle,
  entryText,
  identityDifference,
  isFinishedLine,
  PartialTasks,
  readCheckpoint,
  resealedLine,
  type Checkpoint,
  type CheckpointIdentity,
  type PartialTask,
} from '../particles/checkpoint/checkpoint.ts';
import type { ParticleRange } from '../particles/observables/observables.ts';
import { linesOf, linkTarget, reasonOf, writeBytes, writeWhole } from './wholeFile.ts';

/** A checkpoint on disk: the finished work at the last write, which a later run does not repeat. */
export interface CheckpointFile {
  /** Work of earlier runs. */
  readonly earlier: {
    readonly finished: readonly ParticleRange[];
    readonly partial: readonly PartialTask[];
    readonly seconds: number;
  };
  /** @param seconds of sampling in this run so far */
  finished(range: ParticleRange, seconds: number): void;
  state(partial: PartialTask, seconds: number): void;
  /** Writes all pending work at once. @returns true if the file is up to date */
  save(): boolean;
}

/** Milliseconds between two writes during the work. */
const writeEvery = 2000;
/** Superseded bytes above which the file is rewritten without them, if they are also half of it. */
const wasteAllowed = 4e6;

/** Text of the state of a task that is under way. */
interface PartialText {
  readonly text: string;
  isWritten: boolean;
}

/**
 * Opens a checkpoint: reads the file if there is one, else makes it, so that a path that cannot be written to is
 * found before the work starts. Finished work is appended.
 * @param file a symbolic link stays one
 * @param identity identity of the simulation
 * @param onNote called once if the file cannot be written later (the simulation continues)
 * @throws ParameterError if the file is damaged, of another simulation, or cannot be read or written
 */
export function openCheckpoint(
  file: string,
  identity: CheckpointIdentity,
  onNote: (note: string) => void,
): CheckpointFile {
  const target = targetOf(file);
  const earlier = readIfThere(file, target, identity);
  if (earlier.cutShort) onNote('the end of the checkpoint is damaged: what was written last is done again');
  /** Texts of finished ranges that are not in the file yet. */
  let finished: string[] = [];
  const partial = new PartialTasks<PartialText>();
  for (const entry of earlier.partial) {
    partial.set(entry.task, { text: entryText({ kind: 'partial', ...entry }), isWritten: false });
  }
  let { seconds } = earlier;
  /** Contents of the file: its last line, its bytes, and those of them that later lines supersede. */
  let last = '';
  let size = earlier.length;
  // Start without the superseded lines and the truncated end of the earlier run.
  let waste = Infinity;
  let lastWrite = 0;
  let pending: NodeJS.Timeout | null = null;
  let unwritten = false;
  let complained = false;

  /** Lines not yet in the file; `all`: also those of unfinished tasks that it already has. */
  function* newLines(before: string, all: boolean): Generator<string> {
    let line = before;
    if (finished.length > 0) yield (line = checkpointLine(finished, line));
    const texts = partial.all().filter(({ isWritten }) => all || !isWritten);
    const time = entryText({ kind: 'seconds', seconds });
    yield checkpointLine([...texts.map(({ text }) => text), time], line);
  }
  function* wholeFile(): Generator<string> {
    yield checkpointTitle;
    let line = checkpointLine([entryText({ kind: 'identity', identity })]);
    yield line;
    // No copy of the lines that stay is kept in memory.
    for (const old of linesOf(target, size) ?? []) {
      if (isFinishedLine(old) && old.endsWith('\n')) yield (line = resealedLine(old, line));
    }
    yield* newLines(line, true);
  }
  const write = () => {
    const handle = waste > wasteAllowed && waste > size / 2 ? null : openToAppend(target, size);
    const at = handle === null ? 0 : size;
    const written = { last: '', size: at };
    const counted = function* (lines: Iterable<string>) {
      for (const line of lines) {
        yield line;
        written.last = line;
        written.size += line.length;
      }
    };
    if (handle === null) {
      writeWhole(target, counted(wholeFile()));
      waste = 0;
    } else {
      try {
        append(handle, counted(newLines(last, false)), size);
      } finally {
        closeSync(handle);
      }
    }
    ({ last, size } = written);
    finished = [];
    for (const text of partial.all()) text.isWritten = true;
    unwritten = false;
    lastWrite = Date.now();
  };
  const save = (): boolean => {
    if (pending !== null) clearTimeout(pending);
    pending = null;
    if (!unwritten) return true;
    try {
      write();
    } catch (error) {
      lastWrite = Date.now();
      if (!complained)
        onNote(`the checkpoint could not be written (${reasonOf(error)}); the simulation goes on`);
      complained = true;
    }
    return !unwritten;
  };
  const changed = (sampled: number) => {
    seconds = earlier.seconds + sampled;
    unwritten = true;
    const wait = lastWrite + writeEvery - Date.now();
    if (wait <= 0) save();
    else pending ??= setTimeout(save, wait).unref();
  };
  const overtaken = (texts: readonly (PartialText | undefined)[]) => {
    for (const old of texts) if (old?.isWritten === true) waste += old.text.length;
  };

  try {
    write();
    // Write the first finished range at once.
    lastWrite = 0;
  } catch (error) {
    throw new ParameterError('checkpoint', `a file that can be written to (${reasonOf(error)})`, file);
  }
  return {
    earlier,
    finished(range, sampled) {
      finished.push(entryText({ kind: 'finished', range }));
      overtaken(partial.drop(range));
      changed(sampled);
    },
    state(entry, sampled) {
      overtaken([
        partial.set(entry.task, { text: entryText({ kind: 'partial', ...entry }), isWritten: false }),
      ]);
      changed(sampled);
    },
    save,
  };
}

/** Opens a file to append after so many bytes and truncates the rest; null if the file is missing or shorter. */
function openToAppend(file: string, size: number): number | null {
  let handle: number;
  try {
    handle = openSync(file, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const found = fstatSync(handle).size;
  if (found > size) ftruncateSync(handle, size);
  if (found >= size) return handle;
  closeSync(handle);
  return null;
}

function append(handle: number, lines: Iterable<string>, size: number): void {
  let at = size;
  for (const line of lines) {
    writeBytes(handle, line, at);
    at += line.length;
  }
  fsyncSync(handle);
}

function targetOf(file: string): string {
  try {
    return linkTarget(file);
  } catch (error) {
    throw new ParameterError('checkpoint', `a file that can be read (${reasonOf(error)})`, file);
  }
}

function readIfThere(file: string, target: string, identity: CheckpointIdentity): Checkpoint {
  let lines: Iterable<string> | null;
  try {
    lines = linesOf(target);
  } catch (error) {
    throw new ParameterError('checkpoint', `a file that can be read (${reasonOf(error)})`, file);
  }
  if (lines === null) return { identity, finished: [], partial: [], seconds: 0, length: 0, cutShort: false };
  const found = readCheckpoint(lines, file);
  const difference = identityDifference(found.identity, identity);
  if (difference !== null) {
    throw new ParameterError(
      'checkpoint',
      'a checkpoint of the same simulation',
      file,
      `its ${difference.path} is ${difference.there}, here it is ${difference.here}`,
    );
  }
  return found;
}
