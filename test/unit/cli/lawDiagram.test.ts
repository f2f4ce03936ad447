import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliHere, jsonHere } from './inProcess.ts';
import { columnsWithoutUnits } from './examples.ts';

const levels = ['phase-diagram', '--levels', '0.1:0.8,0.1:0.2', '--sigma2', '0.1'];
const power = ['phase-diagram', '--spectrum', 'power:0.5:0.2:4'];

describe('phase-diagram over class laws', () => {
  it('--level-rates: row-major [alpha2][alpha1], with overlaps and times per level', async () => {
    const document = await jsonHere(...levels, '--w', '1', '--level-rates', '0,0.15,3;0.3,0.5');
    expect(document).toMatchObject({ alpha1: [0, 0.15, 3], alpha2: [0.3, 0.5], w: 1 });
    const overlaps = document['levels'] as number[][][];
    const times = document['levelTimes'] as (number | null)[][][];
    expect(overlaps[0]![1]![0]).toBeCloseTo(1.1012, 4);
    expect(overlaps[0]![1]![1]).toBeCloseTo(1.3055, 4);
    expect(times[0]![1]![0]).toBeCloseTo(1.0034, 4);
    // Known from the start, and never.
    expect([times[0]![0]![0], times[0]![2]![1]]).toEqual([null, null]);
    expect((document['phase'] as string[][])[0]![2]).toBe('unspeciated');
  });

  it('--exponent: row-major [exponent][alpha], C and BANDS from --spectrum, the centres too', async () => {
    const document = await jsonHere(...power, '--alpha', '0.2,0.6', '--exponent', '0,0.5', '--scale', '2');
    expect(document).toMatchObject({ alpha: [0.2, 0.6], exponent: [0, 0.5], w: 1 });
    const solved = await jsonHere('solve', ...power.slice(1), '--alpha', '0.6', '--w', '1');
    const m = document['m'] as number[][];
    expect(m[1]![1]).toBeCloseTo(solved['m'] as number, 8);
    expect(m[0]![1]).not.toBeCloseTo(m[1]![1]!, 3);
    const signs = ['--spectrum', 'power:0.5:0.25:1', '--centres-law', 'signs'];
    const rest = ['--alpha', '0.3', '--w', '1'];
    const one = await jsonHere('phase-diagram', ...signs, '--exponent', '0', ...rest);
    expect((one['m'] as number[][])[0]![0]).toBeCloseTo(1.2212, 3);
  });

  it.each([
    [[...levels, '--w', '1,2', '--level-rates', '0.1;0.2'], /--w must be one value with --level-rates/],
    [
      [...power, '--alpha', '1', '--scale', '1,2', '--exponent', '0.2'],
      /--scale must be one value with --exponent/,
    ],
    [[...levels, '--w', '1', '--level-rates', '0.1'], /--level-rates must be two ranges/],
    [[...levels, '--w', '1', '--level-rates', '0.1;-1'], /--level-rates must be .*>= 0/],
    [[...levels, '--w', '1', '--level-rates', '0.2,0.1;1'], /--level-rates must be increasing/],
    [
      [...levels, '--w', '1', '--level-rates', '1;1', '--alpha', '1'],
      /--level-rates must be given without --alpha/,
    ],
    [
      ['phase-diagram', '--levels', '1:1', '--sigma2', '1', '--w', '1', '--level-rates', '1;1'],
      /two --levels/,
    ],
    [[...power, '--w', '1', '--level-rates', '1;1'], /--level-rates must be given with --levels/],
    [[...power, '--w', '1', '--exponent', '0.2'], /--alpha must be given/],
    [[...power, '--w', '1', '--alpha', '1', '--exponent', '1'], /--exponent must be in \[0, 1\)/],
    [
      ['phase-diagram', '--spectrum', '1:0.1:1', '--w', '1', '--alpha', '1', '--exponent', '0.2'],
      /--exponent must be given with --spectrum power/,
    ],
    [[...levels, '--w', '1'], /--alpha must be given \(or --level-rates\)/],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await cliHere(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('writes a page, and a table whose columns all have units', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'law-diagram-'));
    try {
      await cliHere(
        ...levels,
        '--w',
        '1',
        '--level-rates',
        '0.05:0.2:3;0.1:0.4:4',
        '--out',
        folder,
        '--force',
      );
      const rows = readFileSync(path.join(folder, 'phase-diagram.csv'), 'utf8').trim().split('\r\n');
      expect(rows).toHaveLength(13);
      expect(rows[0]).toBe(
        'alpha1,alpha2,w,m,v,m1,m2,speciationTime1,speciationTime2,speciationTime,phase,minComplexity',
      );
      expect(columnsWithoutUnits(folder)).toEqual([]);
      const page = readFileSync(path.join(folder, 'phase-diagram.html'), 'utf8');
      expect(page).toContain('overlap of level 2');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
