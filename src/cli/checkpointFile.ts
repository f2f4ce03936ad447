import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ParameterError } from '../numerics/checks.ts';
import {
  checkpointLine,
  checkpointText,
  identityDifference,
  readCheckpoint,
  type Checkpoint,
  type CheckpointIdentity,
  type PartialTask,
} from '../particles/checkpoint/checkpoint.ts';
import type { ParticleTask } from '../particles/tasks.ts';
import type { WorkKeeper } from './workers/pool.ts';

/** A checkpoint on disk: always a whole one, the newest that could be written. */
export interface CheckpointFile extends WorkKeeper {
  /** Writes what is not yet written, now. @returns whether the file is up to date */
  save(): boolean;
}

/** Milliseconds between two writes while work goes on. */
const writeEvery = 2000;

/**
 * Opens a checkpoint: reads the file if there is one, else makes it, so that a path that cannot be written to is
 * found before the work starts.
 * @param identity what is simulated
 * @param onNote told once if the file cannot be written later (the simulation goes on)
 * @throws ParameterError if the file is damaged, of another simulation, or cannot be read or written
 */
export function openCheckpoint(
  file: string,
  identity: CheckpointIdentity,
  onNote: (note: string) => void,
): CheckpointFile {
  const earlier = readIfThere(file, identity);
  const head = checkpointLine({ kind: 'identity', identity });
  const finished = earlier.finished.map((range) => checkpointLine({ kind: 'finished', range }));
  const partial = new Map(
    earlier.partial.map((entry) => [keyOf(entry.task), { ...entry.task, line: partialLine(entry) }]),
  );
  let seconds = earlier.seconds;
  let lastWrite = 0;
  let pending: NodeJS.Timeout | null = null;
  let unwritten = false;
  let complained = false;

  const write = () => {
    const time = checkpointLine({ kind: 'seconds', seconds });
    writeWhole(
      file,
      checkpointText([head, ...finished, ...[...partial.values()].map(({ line }) => line), time]),
    );
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

  try {
    write();
    // What is finished first is written at once.
    lastWrite = 0;
  } catch (error) {
    throw new ParameterError('checkpoint', `a file that can be written to (${reasonOf(error)})`, file);
  }
  return {
    earlier,
    finished(range, sampled) {
      finished.push(checkpointLine({ kind: 'finished', range }));
      // Of other tasks too, if this run has cut the particles differently.
      for (const [key, task] of partial) if (overlap(task, range)) partial.delete(key);
      changed(sampled);
    },
    state(entry, sampled) {
      partial.set(keyOf(entry.task), { ...entry.task, line: partialLine(entry) });
      changed(sampled);
    },
    save,
  };
}

function partialLine(entry: PartialTask): string {
  return checkpointLine({ kind: 'partial', ...entry });
}

function overlap(p: ParticleTask, q: ParticleTask): boolean {
  return p.realization === q.realization && p.begin < q.end && q.begin < p.end;
}

function keyOf({ realization, begin, end }: ParticleTask): string {
  return `${realization}:${begin}:${end}`;
}

function readIfThere(file: string, identity: CheckpointIdentity): Checkpoint {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { identity, finished: [], partial: [], seconds: 0 };
    }
    throw new ParameterError('checkpoint', `a file that can be read (${reasonOf(error)})`, file);
  }
  const found = readCheckpoint(text, file);
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

/** Replaces a file by new content such that at any moment, power cuts included, the old or the new one is there whole. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    const handle = openSync(temporary, 'w');
    try {
      const bytes = Buffer.from(text, 'latin1');
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(path.dirname(path.resolve(file)));
}

/** Makes the new name last; not every system can. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // The file itself is safe.
  }
}

/** Short reason of a failed file operation. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
