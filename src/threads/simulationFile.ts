import { closeSync, fsyncSync, openSync } from 'node:fs';
import { ParameterError } from '../numerics/checks.ts';
import { sealedLine, unsealedLine } from '../particles/checkpoint/checkpoint.ts';
import { parsePlainData, plainDataText } from '../particles/checkpoint/plainData.ts';
import { contentOf, linkTarget, reasonOf, writeBytes, writeWhole } from './wholeFile.ts';
import type { FinishedSimulation, SimulationStore } from './claimQueue.ts';

/**
 * Finished simulations on disk: a title line with the version of the format, then one line per simulation (its CRC-32, then
 * plain data), appended as it finishes. A simulation's key holds all inputs that determine it bit for bit, so one file serves
 * any choice of claims, effort and seed. The simulation of a damaged line is run again.
 */
export interface SimulationFile extends SimulationStore {
  /** Lines that were damaged (the last one, if a crash has cut it short). */
  readonly damaged: number;
  /** True if the file holds all finished simulations. */
  isSaved(): boolean;
  close(): void;
}

const title = 'cfg-dmft simulations 1';

interface Entry extends FinishedSimulation {
  readonly key: string;
}

/**
 * Opens a file of finished simulations, or makes it, so that a path that cannot be written to is found before the work starts.
 * @param version version of the program and its engine; results of other versions are left alone
 * @param onNote called once if the file cannot be written later (the simulations continue)
 * @throws ParameterError if the file is something else, or cannot be read or written
 */
export function openSimulationFile(
  file: string,
  version: string,
  onNote: (note: string) => void,
): SimulationFile {
  const text = textOf(file);
  const known = new Map<string, FinishedSimulation>();
  let damaged = 0;
  for (const line of text.split('\n').slice(1)) {
    if (line === '') continue;
    const content = unsealedLine(line);
    if (content === null) {
      damaged += 1;
      continue;
    }
    const { key, result, seconds } = parsePlainData(content) as Entry;
    known.set(key, { result, seconds });
  }
  let handle: number;
  try {
    if (text === '') writeWhole(linkTarget(file), [`${title}\n`]);
    handle = openSync(file, 'a');
  } catch (error) {
    throw new ParameterError('checkpoint', `a file that can be written to (${reasonOf(error)})`, file);
  }
  /** Lines not yet written. */
  let unwritten = '';
  let isTorn = text !== '' && !text.endsWith('\n');
  let hasComplained = false;
  const fullKey = (key: string) => `${version}|${key}`;
  return {
    damaged,
    get: (key) => known.get(fullKey(key)),
    put(key, { result, seconds }) {
      const entry: Entry = { key: fullKey(key), result, seconds };
      known.set(entry.key, { result, seconds });
      unwritten += `${sealedLine(plainDataText(entry))}\n`;
      try {
        append(handle, isTorn ? `\n${unwritten}` : unwritten);
        unwritten = '';
        isTorn = false;
      } catch (error) {
        isTorn = true;
        if (!hasComplained) {
          onNote(`the checkpoint could not be written (${reasonOf(error)}); the simulations go on`);
        }
        hasComplained = true;
      }
    },
    isSaved: () => unwritten === '',
    close() {
      closeSync(handle);
    },
  };
}

/** Text of the file from its title on; empty if there is nothing, or less than a title (the rest of a crash). */
function textOf(file: string): string {
  let text: string;
  try {
    text = contentOf(file)?.toString('latin1') ?? '';
  } catch (error) {
    throw new ParameterError('checkpoint', `a file that can be read (${reasonOf(error)})`, file);
  }
  if (`${title}\n`.startsWith(text)) return text.endsWith('\n') ? text : '';
  if (!text.startsWith(`${title}\n`)) {
    throw new ParameterError('checkpoint', 'a file of finished simulations of this program', file);
  }
  return text;
}

function append(handle: number, text: string): void {
  writeBytes(handle, text);
  fsyncSync(handle);
}
