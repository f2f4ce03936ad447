import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrateCommand } from '../../../src/cli/commands/classifier/calibrate.ts';
import { runHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-calibrate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Row {
  readonly temperature: number;
  readonly m: number | null;
  readonly v: number | null;
  readonly phase: string;
  readonly speciationTime: number | null;
  readonly classifierSpeciationTime: number | null;
  readonly simulated: { readonly m: number; readonly mError: number } | null;
}

async function calibrate(...args: string[]): Promise<{ rows: Row[]; neutralTemperature: number | null }> {
  return JSON.parse(await runHere(calibrateCommand, ...args, '--json')) as never;
}

const model = ['--alpha', '0.45', '--w', '1', '--sigma2', '0.25'];

describe('classifier calibrate', () => {
  it('prints the rows of its example (1e-5), null where the classes condense, and the neutral temperature', async () => {
    const { rows, neutralTemperature } = await calibrate(...model, '--temperature', '0.8,1,1.25,2');
    const known = [
      [1.28623, 0.155901],
      [1.2654, 0.169232],
      [1.22033, 0.201256],
    ];
    known.forEach(([m, v], i) => {
      expect(Math.abs(rows[i]!.m! - m!)).toBeLessThan(1e-5);
      expect(Math.abs(rows[i]!.v! - v!)).toBeLessThan(1e-5);
      expect(rows[i]!.simulated).toBeNull();
    });
    expect(rows[0]!.classifierSpeciationTime).toBeGreaterThan(rows[0]!.speciationTime!);
    expect(rows[3]).toMatchObject({
      phase: 'condensed',
      m: null,
      v: null,
      family: 'temperature',
      parameter: 1,
    });
    expect(neutralTemperature).toBeCloseTo(1.572307, 6);
  });

  it('simulates, reduced and full, and writes table and page', async () => {
    const simulation = ['--simulate', 'reduced', '--d', '2000', '--particles', '40', '--realizations', '6'];
    const out = ['--out', folder, '--workers', '1'];
    const { rows } = await calibrate(...model, '--temperature', '1.25', ...simulation, ...out);
    const { m, mError } = rows[0]!.simulated!;
    expect(Math.abs(m - rows[0]!.m!)).toBeLessThan(4 * mError + 2e-3);
    const csv = readFileSync(path.join(folder, 'classifier-calibration.csv'), 'utf8');
    expect(csv.split('\r\n')[0]).toBe('source,temperature,m,mError,varianceRatio,varianceRatioError');
    expect(csv).toMatch(/^reduced,1.25,/m);
    expect(readFileSync(path.join(folder, 'classifier-calibration.html'), 'utf8')).toContain(
      'mis-calibrated',
    );
    const full = [
      '--simulate',
      'full',
      '--d',
      '6',
      '--particles',
      '5',
      '--realizations',
      '2',
      '--steps',
      '6',
    ];
    const found = await calibrate(
      ...model,
      '--temperature',
      '0.5',
      '--bias',
      '0.1',
      ...full,
      '--workers',
      '1',
    );
    expect(found.rows[0]!.simulated!.m).toBeGreaterThan(0);
    expect(found.neutralTemperature).toBeNull();
  });

  it.each([
    [['--temperature', '0'], /temperature must be/],
    [['--d', '12'], /d must be given with --simulate/],
    [['--simulate', 'two-class'], /simulate must be/],
    [['--bias', 'much'], /bias must be/],
    [['--simulate', 'full', '--backend', 'gpu'], /backend must be/],
  ])('refuses %j', async (args, message) => {
    await expect(calibrate(...model, ...args)).rejects.toThrow(message);
  });
});
