import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { ParameterError } from '../../numerics/checks.ts';
import { reasonOf } from '../../threads/wholeFile.ts';

/** Files of one result in a folder: checked before the work starts, and written whole or not at all. */
export interface ResultFolder {
  readonly directory: string;
  readonly written: readonly string[];
  /** Why files could not be written, or null. */
  readonly failure: string | null;
  /**
   * Checks that files can be written later.
   * @throws ParameterError if one exists and the folder is not opened by force, or a folder has its name
   */
  reserve(names: readonly string[]): void;
  /** Writes files, all or (`failure` then says why) none; the folder as it was is left. @returns their paths */
  write(files: Readonly<Record<string, string | Uint8Array>>): readonly string[];
  /** Ends the run's claim to the folder, and removes it if it was made for this run and nothing is in it. */
  close(): void;
}

/** Says in a folder which process writes to it. */
const claimName = '.cfg-dmft.run';

/** Ends the claim to a folder of a run that cannot end it itself: its thread was stopped. */
export function releaseFolder(directory: string): void {
  rmSync(path.join(path.resolve(directory), claimName), { force: true });
}

/**
 * Opens a folder for results. Until it is closed no other run can open it, but by force.
 * @param names files that the run will write
 * @throws ParameterError if the folder cannot be written to, another run writes to it, or a file exists and `force` is not set
 */
export function openResultFolder(directory: string, names: readonly string[], force: boolean): ResultFolder {
  if (directory.trim() === '') throw new ParameterError('out', 'the path of a folder', directory);
  const absolute = path.resolve(directory);
  const claim = path.join(absolute, claimName);
  const inFolder = (name: string) => path.join(absolute, name);
  let made: string | null = null;
  let isClaimed = false;
  let failure: string | null = null;
  const written: string[] = [];
  const close = () => {
    process.off('exit', close);
    if (isClaimed) rmSync(claim, { force: true });
    isClaimed = false;
    if (made !== null) removeEmpty(absolute, made);
    made = null;
  };
  const reserve = (wanted: readonly string[]) => {
    for (const name of wanted) {
      const found = statSync(inFolder(name), { throwIfNoEntry: false });
      if (found?.isDirectory() === true) {
        throw new ParameterError('out', `a folder without the folder ${name}`, directory);
      }
      if (found !== undefined && !force) {
        throw new ParameterError('out', `a folder without ${name}`, directory, 'give --force to overwrite');
      }
    }
  };
  try {
    made = makeFolder(absolute);
    claimFolder(claim, directory, force);
    isClaimed = true;
    process.on('exit', close);
    reserve(names);
    removeLeftovers(absolute, names);
  } catch (error) {
    close();
    if (error instanceof ParameterError) throw error;
    throw new ParameterError('out', `a folder that can be written to (${reasonOf(error)})`, directory);
  }
  return {
    directory: absolute,
    written,
    get failure() {
      return failure;
    },
    reserve,
    write(files) {
      const targets = Object.keys(files).map((name) => ({
        name,
        target: inFolder(name),
        part: partOf(inFolder(name)),
      }));
      const kept: string[] = [];
      try {
        makeFolder(absolute);
        for (const { name, part } of targets) writeFileSync(part, files[name]!);
        for (const { target, part } of targets) {
          if (force) renameSync(part, target);
          else moveToNew(part, target);
          kept.push(target);
        }
      } catch (error) {
        for (const { part } of targets) rmSync(part, { force: true });
        if (!force) for (const target of kept) rmSync(target, { force: true });
        failure ??= `no files written to ${absolute} (${reasonOf(error)}): free space there, or give another --out`;
        return [];
      }
      written.push(...kept);
      return kept;
    },
    close,
  };
}

/**
 * Makes a folder and those above it. (Node's own recursive mkdir does not return where the system says that there is no
 * folder above, as in /proc.)
 * @returns the highest that was not there, or null
 */
function makeFolder(folder: string): string | null {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    return null;
  }
  const above = makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // By another run, a moment ago.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      if (above !== null) removeEmpty(path.dirname(folder), above);
      throw error;
    }
  }
  return above ?? folder;
}

/** Removes a folder and those above it up to `top`, as long as they are empty. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== top) removeEmpty(path.dirname(folder), top);
}

function claimFolder(claim: string, directory: string, force: boolean): void {
  const own = `${hostname()} ${process.pid}`;
  const write = (flag: 'w' | 'wx') => {
    writeFileSync(claim, own, { flag });
  };
  if (force) {
    write('w');
    return;
  }
  try {
    write('wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      // A full disk takes the name and not what is in it.
      rmSync(claim, { force: true });
      throw error;
    }
    const holder = readFileSync(claim, 'utf8');
    if (isRunning(holder)) {
      const remedy = `if process ${holder} is gone, delete ${claimName} in it; or give --force`;
      throw new ParameterError('out', 'a folder that no other run writes to', directory, remedy);
    }
    write('w');
  }
}

/** True if the process of a claim may still run; on another machine that cannot be told. */
function isRunning(holder: string): boolean {
  const [host, pid] = holder.split(' ');
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function partOf(target: string): string {
  return `${target}.${process.pid}.part`;
}

/** Removes leftovers of a run that was killed while writing. */
function removeLeftovers(folder: string, names: readonly string[]): void {
  for (const file of readdirSync(folder)) {
    const [, name] = /^(.+)\.\d+\.part$/.exec(file) ?? [];
    if (name !== undefined && names.includes(name)) rmSync(path.join(folder, file), { force: true });
  }
}

/** Gives a file its name, unless there is another by that name: a second run of the same moment must not overwrite the first. */
function moveToNew(part: string, target: string): void {
  try {
    linkSync(part, target);
  } catch {
    if (existsSync(target))
      throw Object.assign(new Error(), { code: `another run has written ${path.basename(target)}` });
    // Not every file system has links.
    renameSync(part, target);
    return;
  }
  rmSync(part);
}
