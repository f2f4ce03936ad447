import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../unit/cli/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-formats-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Table {
  readonly columns: readonly string[];
  readonly numeric: readonly string[];
  readonly time: readonly (number | null)[];
  readonly arrays: Readonly<Record<string, readonly [kind: string, shape: readonly number[]]>>;
  readonly npz: readonly (number | null)[];
  readonly record: string;
  readonly unit: string;
  readonly schedule?: string;
}
interface Found {
  readonly trajectory: Table;
  readonly 'schedule-path': Table;
  readonly grid: {
    readonly names: readonly string[];
    readonly shape: readonly number[];
    readonly equal: boolean;
    readonly phase: readonly (readonly string[])[];
  };
}
let found: Found;
/** An interpreter with NumPy and pandas: run.mjs names it. */
const python = process.env['PYTHON'] ?? '/usr/bin/python3';
const trajectoryColumns = ['time', 'm', 'q', 'v', 'psi', 'phi', 'complexity'];
// A schedule that a spreadsheet would take for a formula, with a comma in it.
const schedule = '-min(t, 0.5)';

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
const write = (...args: string[]) =>
  run(process.execPath, program, ...args, '--format', 'npz,parquet', '--out', folder);

beforeAll(() => {
  write('solve', '--alpha', '0.5', '--w', '1', '--sigma2', '0.25', '--trajectory', '7');
  // Condensed at alpha = 0.75: numbers that do not exist.
  write('phase-diagram', '--alpha', '0.3,0.75,1.5', '--w', '0,4.5', '--sigma2', '0.25');
  write('schedule', 'evaluate', '--alpha', '0.45', '--sigma2', '0.3', '--schedule', schedule);
  found = JSON.parse(run(python, fileURLToPath(new URL('formats.py', import.meta.url)), folder)) as Found;
});

describe('NumPy and pandas read without options', () => {
  it('CSV: numbers as numbers, texts with commas whole', () => {
    const { trajectory } = found;
    expect(trajectory.columns).toEqual(trajectoryColumns);
    expect(trajectory.numeric).toEqual(trajectoryColumns);
    const document = JSON.parse(readFileSync(path.join(folder, 'solve.json'), 'utf8')) as {
      trajectory: { time: number }[];
    };
    const times = document.trajectory.map(({ time }) => time);
    expect(trajectory.npz).toEqual(times);
    // pandas rounds a text to a number in its last digit.
    for (const [i, time] of trajectory.time.entries()) expect(time).toBeCloseTo(times[i]!, 14);
    const path1 = found['schedule-path'];
    expect(path1.columns.filter((name) => !path1.numeric.includes(name))).toEqual(['schedule', 'source']);
  });

  it('NPZ without pickles: the columns with record and units', () => {
    for (const { time, arrays, record, unit } of [found.trajectory, found['schedule-path']]) {
      expect(arrays['time']).toEqual(['f', [time.length]]);
      expect(arrays['record']).toEqual(['U', []]);
      expect([record.startsWith('cfg-dmft '), unit]).toEqual([true, 'process time']);
    }
    expect(found['schedule-path'].schedule).toBe(schedule);
  });

  it('a phase diagram: grids in NPZ, rows for genfromtxt, and NaN at the same places', () => {
    const { names, shape, equal, phase } = found.grid;
    expect(names.slice(0, 3)).toEqual(['alpha', 'w', 'm']);
    expect([shape, equal]).toEqual([[2, 3], true]);
    expect(phase.flat()).toContain('condensed');
  });
});

describe('DuckDB reads Parquet', () => {
  it('names, types, numbers and texts as in CSV, and the metadata', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const query = async (text: string) => (await connection.runAndReadAll(text)).getRows();
    const file = `'${path.join(folder, 'schedule-path.parquet')}'`;
    const types = await query(`select column_name, column_type from (describe select * from ${file})`);
    expect(types).toEqual([
      ['schedule', 'VARCHAR'],
      ['source', 'VARCHAR'],
      ['d', 'BIGINT'],
      ...['time', 'w', 'overlap', 'overlapError', 'variance', 'varianceError'].map((name) => [
        name,
        'DOUBLE',
      ]),
    ]);
    expect((await query(`select time from ${file}`)).flat()).toEqual(found['schedule-path'].npz);
    expect(await query(`select distinct schedule, count(d) from ${file} group by schedule`)).toEqual([
      [schedule, 0n],
    ]);
    const metadata = await query(`select decode(key), decode(value) from parquet_kv_metadata(${file})`);
    expect(metadata.map(([key]) => key)).toEqual(['title', 'record', 'units']);
    expect((JSON.parse(String(metadata[1]![1])) as { command: string }).command).toMatch(
      /^cfg-dmft schedule/,
    );
  });
});
