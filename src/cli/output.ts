import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ParameterError } from '../numerics/checks.ts';

/** Replaces everything JSON cannot say (NaN, infinities) by null. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? null : item),
    indent,
  );
}

/** A number for people: at most `digits` significant ones, nothing for null. */
export function show(value: number | null | undefined, digits = 6): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  if (!Number.isFinite(value)) return value > 0 ? 'infinity' : '-infinity';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(Math.max(0, digits - 1));
  return String(Number(value.toPrecision(digits)));
}

/** A value with its standard error, both to the digits that mean something: 1.2755 +- 0.0018. */
export function showWithError(value: number, error: number | null): string {
  // An error of the size of rounding says nothing.
  if (error === null || !(error > 1e-10 * Math.abs(value))) return show(value);
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(decimals)} +- ${error.toFixed(decimals)}`;
}

/** Columns aligned on the left for the first, on the right for the others. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Files of one result in a folder. They are checked before the work starts and each is written whole or not at all. */
export interface ResultFolder {
  /** Writes one file (through a temporary one, so that an interrupt never leaves half of it). Returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Removes the folder again if it was made for this run and nothing is in it. */
  abandon(): void;
  readonly written: readonly string[];
  readonly directory: string;
}

/**
 * Opens a folder for results.
 * @param names files that the run will write
 * @throws ParameterError if the folder cannot be written to, or a file exists and `force` is not set
 */
export function openResultFolder(directory: string, names: readonly string[], force: boolean): ResultFolder {
  if (directory.trim() === '') throw new ParameterError('out', 'the path of a folder', directory);
  const absolute = path.resolve(directory);
  for (const name of names) {
    if (!force && existsSync(path.join(absolute, name))) {
      throw new ParameterError('out', `a folder without ${name}`, directory, 'give --force to overwrite');
    }
  }
  // Permissions do not tell everything (read-only mounts, root): try.
  const probe = path.join(absolute, `.cfg-dmft.${process.pid}.probe`);
  let made: string | undefined;
  try {
    made = mkdirSync(absolute, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
  } catch {
    throw new ParameterError('out', 'a folder that can be written to', directory);
  }
  const written: string[] = [];
  return {
    directory: absolute,
    written,
    abandon() {
      if (made !== undefined && written.length === 0) rmSync(made, { recursive: true, force: true });
    },
    write(name, content) {
      mkdirSync(absolute, { recursive: true });
      const target = path.join(absolute, name);
      const temporary = `${target}.${process.pid}.part`;
      writeFileSync(temporary, content);
      renameSync(temporary, target);
      written.push(target);
      return target;
    },
  };
}

/** The same with the error in units of the last digits, in parentheses: 1.2755(18). */
export function showCompact(value: number, error: number | null): string {
  const [digits, spread] = showWithError(value, error).split(' +- ');
  return spread === undefined ? digits! : `${digits!}(${Number(spread.replace('.', ''))})`;
}
