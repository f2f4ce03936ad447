import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { guidanceBudget } from '../../../src/guidance/schedules/budget.ts';
import { listedNoiseLevels } from '../../../src/guidance/schedules/noiseLevels.ts';
import { stepScales } from '../../../src/guidance/schedules/stepScales.ts';
import {
  writeEvenSteps,
  writeSigmaSteps,
  writeSigmaTable,
  writeTable,
  type TablePoint,
} from '../../../src/guidance/schedules/table.ts';
import { processes } from '../../../src/process/process.ts';

const read = ({ schedule, clock }: { schedule: string; clock: string }) => {
  const formula = parseFormula('schedule', schedule, clock);
  return (x: number) => formula.evaluate(x);
};

describe('a schedule from the steps of a sampler', () => {
  const points: readonly TablePoint[] = [
    [0.5, 1],
    [1, 1],
    [2, 4],
    [3, -1],
    [Infinity, 2],
  ];

  it('holds w of each step from its own noise level down to that of the next, in any units', () => {
    for (const centreScale of [0.4, 1, 3]) {
      const written = writeSigmaSteps(points, centreScale);
      expect(written.clock).toBe('tau');
      const w = read(written);
      const at = (sigma: number) => w((sigma / centreScale) ** 2);
      for (const sigma of [0, 0.1, 0.5, 0.7, 1]) expect(at(sigma)).toBe(1);
      for (const sigma of [1 + 1e-6, 1.3, 2]) expect(at(sigma)).toBe(4);
      for (const sigma of [2 + 1e-6, 2.5, 3]) expect(at(sigma)).toBe(-1);
      for (const sigma of [3 + 1e-6, 7, 1e6]) expect(at(sigma)).toBe(2);
    }
  });

  it('gives a pipeline its own scales back, and spends what they do', () => {
    const sigma2 = 0.3;
    const { schedule, clock } = writeSigmaSteps(points, 0.7);
    const compiled = compileSchedule(
      { formula: parseFormula('schedule', schedule, clock), clock: 'tau' },
      { process: processes.ou, sigma2, startTime: null },
    );
    const levels = listedNoiseLevels([3, 2, 1, 0.5]);
    const scales = stepScales(compiled, levels, sigma2, { centreScale: 0.7 });
    expect(scales.map(({ w }) => w)).toEqual([-1, 4, 1, 1]);
    // -log r at sigma: Int s dlambda = log(1 + 1/(sigma2 + tau)).
    const spent = (sigma: number) => Math.log1p(1 / (sigma2 + (sigma / 0.7) ** 2));
    const exact = 2 * spent(3) - (spent(2) - spent(3)) + 4 * (spent(1) - spent(2)) + (spent(0) - spent(1));
    const context = { process: processes.ou, sigma2, horizon: 3 };
    expect(Math.abs(guidanceBudget(compiled, 'effective', context) - exact)).toBeLessThan(1e-7);
  });

  it('even in progress: step i of N begins at i/N', () => {
    const written = writeEvenSteps(
      [
        [0, 3],
        [1, 3],
        [2, -1],
        [3, 5],
      ],
      4,
    );
    expect(written.clock).toBe('progress');
    const w = read(written);
    for (const progress of [0, 0.2, 0.25, 0.4, 0.5 - 1e-6]) expect(w(progress)).toBe(3);
    for (const progress of [0.5, 0.6, 0.75 - 1e-6]) expect(w(progress)).toBe(-1);
    for (const progress of [0.75, 0.9, 1]) expect(w(progress)).toBe(5);
  });

  it('equal steps, or a single one, are a constant', () => {
    const equal: readonly TablePoint[] = [
      [1, 2.5],
      [2, 2.5],
    ];
    for (const written of [
      writeSigmaSteps(equal, 1),
      writeSigmaSteps([[1, 2.5]], 1),
      writeEvenSteps(equal, 3),
      writeEvenSteps([[0, 2.5]], 1),
    ])
      expect(read(written)(0.3)).toBe(2.5);
  });

  it('is refused without steps, with values that are no numbers, or out of order', () => {
    expect(() => writeSigmaSteps([], 1)).toThrow(/^table must be a list of steps/);
    expect(() => writeEvenSteps([], 1)).toThrow(/^table must be a list of steps/);
    expect(() => writeSigmaSteps([[1, NaN]], 1)).toThrow(/^w of step 1 must be a finite number/);
    expect(() => writeSigmaSteps(points, 0)).toThrow(/^centreScale must be/);
    expect(() => writeEvenSteps([[0, 1]], 0)).toThrow(/^count must be an integer >= 1/);
    expect(() => writeEvenSteps([[0, 1]], 1.5)).toThrow(/^count must be/);
    for (const write of [
      (list: unknown) => writeTable(list as TablePoint[], 't'),
      (list: unknown) => writeSigmaTable(list as TablePoint[], 1),
      (list: unknown) => writeSigmaSteps(list as TablePoint[], 1),
      (list: unknown) => writeEvenSteps(list as TablePoint[], 1),
    ]) {
      for (const list of [3, 'no', [1, 2], [[0, 1], 2]])
        expect(() => write(list)).toThrow(/^points.* must be/);
    }
  });

  it('is refused out of order, at whichever step, though w does not change there', () => {
    for (const [steps, found] of [
      [[1, 3, 2], '"3, 2"; points 2 and 3'],
      [[3, 1, 2], '"3, 1"; points 1 and 2'],
      [[1, 2, 2], '"2, 2"; points 2 and 3'],
    ] as const) {
      for (const w of [
        [0, 1, 2],
        [1, 1, 1],
      ]) {
        const disordered = steps.map((step, i): TablePoint => [step, w[i]!]);
        expect(() => writeSigmaSteps(disordered, 1)).toThrow(
          `table must be ascending in sigma, got ${found}`,
        );
        expect(() => writeEvenSteps(disordered, 5)).toThrow(`table must be ascending in step, got ${found}`);
      }
    }
  });
});

describe('a table of points', () => {
  const line = (count: number) => Array.from({ length: count }, (_, i): TablePoint => [i, 1]);

  it('has 2 to 2048 of them, and 1 to 100 digits', () => {
    expect(() => writeTable(line(2048), 't')).not.toThrow();
    expect(() => writeTable(line(2049), 't')).toThrow(/^table must be 2 to 2048 points, got 2049/);
    expect(() => writeTable(line(2), 't')).not.toThrow();
    for (const digits of [1, 100]) expect(() => writeTable(line(2), 't', digits)).not.toThrow();
    for (const digits of [0, 101, 2.5])
      expect(() => writeTable(line(2), 't', digits)).toThrow(/^digits must be an integer in \[1, 100\]/);
    expect(() => writeTable(line(2), 'sigma' as 't')).toThrow(/^clock must be one of/);
  });

  it('has no two equal times, and says which two', () => {
    const twice: readonly TablePoint[] = [
      [0, 1],
      [0.5, 1],
      [0.5, 2],
    ];
    expect(() => writeTable(twice, 't')).toThrow(
      /ascending in t, got "0.5, 0.5"; points 2 and 3 are out of order/,
    );
  });
});
