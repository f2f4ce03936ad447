import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../../problem/record.ts';
import { engineVersion, packageRoot, packageVersion } from '../../threads/version.ts';

/** Commit of the code, found once: a program that runs for long keeps the code with which it began. */
let found: string | null | undefined;

/** Commit of the checkout that runs, with "-dirty" after it if tracked files differ; null outside a checkout. */
export function gitHash(): string | null {
  return (found ??= currentHash());
}

function currentHash(): string | null {
  if (!existsSync(path.join(packageRoot, '.git'))) return null;
  const git = (...args: string[]) => {
    const result = spawnSync('git', args, { cwd: packageRoot, encoding: 'utf8' });
    return result.status === 0 ? result.stdout.trim() : null;
  };
  const lines = git('status', '--porcelain=v2', '--branch', '--untracked-files=no')?.split('\n') ?? [];
  const hash = lines.find((line) => line.startsWith('# branch.oid '))?.split(' ')[2];
  if (hash === undefined || hash === '(initial)') return null;
  return lines.every((line) => line.startsWith('#')) ? hash : `${hash}-dirty`;
}

/** The record of this run. @param args command-line arguments after the program's name */
export function makeRecord(
  args: readonly string[],
  parts: Pick<RunRecord, 'problem' | 'options' | 'seed'>,
): RunRecord {
  const quoted = args.map((arg) => (/^[\w.,:=+/-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`));
  return {
    command: `cfg-dmft ${quoted.join(' ')}`,
    ...parts,
    version: packageVersion(),
    engine: engineVersion(),
    gitHash: gitHash(),
  };
}
