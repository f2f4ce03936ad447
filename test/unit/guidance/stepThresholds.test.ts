import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { writeSchedule } from '../../../src/guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../src/guidance/schedules/clocks.ts';
import { defaultHorizon } from '../../../src/guidance/schedules/horizon.ts';
import { listedNoiseLevels, noiseGrids, noiseLevels } from '../../../src/guidance/schedules/noiseLevels.ts';
import { stepScales, unitVarianceCentreScale } from '../../../src/guidance/schedules/stepScales.ts';
import type { WrittenSchedule } from '../../../src/guidance/written.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';

const sigma2 = 0.25;

/** The schedule at the steps, in the clock in which it can be solved from infinite noise. */
function coefficients(
  written: WrittenSchedule,
  processName: ProcessName,
  levels: Parameters<typeof stepScales>[1],
  options: Parameters<typeof stepScales>[3],
  horizon = defaultHorizon(processes[processName]),
): number[] {
  const process = processes[processName];
  const { schedule, clock } =
    written.clock === 'progress' ? scheduleInClock(written, 't', process, horizon) : written;
  const compiled = compileSchedule(
    { formula: parseFormula('schedule', schedule, clock), clock },
    { process, sigma2, startTime: null },
  );
  return stepScales(compiled, levels, sigma2, options).map(({ w }) => w);
}

/** A decimal as a fraction of integers. */
function fraction(decimal: string): [bigint, bigint] {
  const [digits = '', exponent = '0'] = decimal.split('e');
  const [whole = '', part = ''] = digits.split('.');
  const power = part.length - Number(exponent);
  const scaled = BigInt(whole + part);
  return power >= 0 ? [scaled, 10n ** BigInt(power)] : [scaled * 10n ** BigInt(-power), 1n];
}

/** Sign of a - b. */
function compare([a, p]: readonly [bigint, bigint], [b, q]: readonly [bigint, bigint]): number {
  const difference = a * q - b * p;
  return Number(difference > 0n) - Number(difference < 0n);
}

/** All small numbers of steps, and some up to 1000. */
const stepNumbers = [
  ...Array.from({ length: 30 }, (_, i) => i + 1),
  48,
  61,
  100,
  103,
  250,
  333,
  720,
  999,
  1000,
];
/** Some steps of a grid, the second and the last among them. */
const someOf = (count: number, salt: number) => [
  ...new Set(
    [1, count - 1, (salt * 7919) % count, (salt * 104729 + 13) % count].filter((i) => i > 0 && i < count),
  ),
];

/** w of the named schedules that switch in progress, early and late, with a switch at progress x in place of 1 - fraction where they have it. */
const switching = [
  { id: 'early-only', key: 'fraction', fromEnd: false, levels: [2, 0] },
  { id: 'late-only', key: 'fraction', fromEnd: true, levels: [0, 2] },
  { id: 'step-up', key: 'at', fromEnd: false, levels: [1, 2] },
  { id: 'step-down', key: 'at', fromEnd: false, levels: [2, 1] },
  { id: 'step-to-minus-one', key: 'fraction', fromEnd: true, levels: [2, -1] },
] as const;
const settings = (id: string, key: string, value: number) => ({
  [key]: value,
  ...(id.startsWith('step-u') || id === 'step-down' ? { ratio: 0.5 } : {}),
});

describe('steps that stand on a threshold', () => {
  it('limited interval: bounds copied from any grid are (lo, hi], whatever the scale of the centres', () => {
    for (const [salt, count] of stepNumbers.entries()) {
      for (const grid of noiseGrids) {
        if (count === 1000 && grid === 'scaled-linear') continue;
        const levels = noiseLevels(grid, count);
        for (const centreScale of [1, [null, 0.7, 0.13][salt % 3] ?? null]) {
          const scale = centreScale ?? unitVarianceCentreScale(sigma2);
          const [high, low] = someOf(count, salt + 1).sort((a, b) => a - b);
          if (high === undefined || low === undefined) continue;
          const bounds = {
            // As people divide: by c, or times its inverse.
            sigma_hi: levels[high]!.sigma / scale,
            sigma_lo: levels[low]!.sigma * (1 / scale),
          };
          const w = coefficients(writeSchedule('limited-interval', 6.5, bounds), 'ou', levels, {
            centreScale,
          });
          expect(w, `${grid} ${count} ${scale}`).toEqual(
            levels.map((_, i) => (i >= high && i < low ? 6.5 : 0)),
          );
        }
      }
    }
  });

  it('limited interval: decimals against exact fractions, sigma/c > lo and sigma/c <= hi', () => {
    const sigmas = Array.from({ length: 60 }, (_, i) => `${(60 - i) * 7}e-2`);
    for (const [c, lo, hi] of [
      ['0.7', '0.3', '3.3'],
      ['0.7', '0.29999999999', '3.30000000001'],
      ['0.35', '1.2', '1.4'],
      ['1', '0.28', '5.42'],
      ['0.07', '9', '59'],
      ['1.4', '0.05', '2.85'],
    ] as const) {
      const [numerator, denominator] = fraction(c);
      const expected = sigmas.map((sigma) => {
        const [a, p] = fraction(sigma);
        const ratio = [a * denominator, p * numerator] as const;
        return compare(ratio, fraction(lo)) > 0 && compare(ratio, fraction(hi)) <= 0 ? 6.5 : 0;
      });
      const bounds = { sigma_lo: Number(lo), sigma_hi: Number(hi) };
      const levels = listedNoiseLevels(sigmas.map(Number));
      const options = { centreScale: Number(c) };
      expect(coefficients(writeSchedule('limited-interval', 6.5, bounds), 'flow', levels, options)).toEqual(
        expected,
      );
    }
  });

  it('switches in progress on the flow grid, shifted and with any centres: exact fractions c i/(shift (N - i) + c i)', () => {
    for (const [salt, count] of stepNumbers.entries()) {
      for (const [shift, c] of [
        ['1', '1'],
        [['3', '1.15', '0.5'][salt % 3]!, ['1', '0.7', '2'][salt % 2]!],
      ] as const) {
        const levels = noiseLevels('flow', count, { shift: Number(shift) });
        const [s, p] = fraction(shift);
        const [d, q] = fraction(c);
        const progress = levels.map((_, i): [bigint, bigint] => {
          const data = d * p * BigInt(i);
          return [data, s * q * BigInt(count - i) + data];
        });
        const { id, key, fromEnd, levels: w } = switching[salt % switching.length]!;
        const decimals = ['0.1', '0.2', '0.25', '0.3', '0.5', '0.65', '0.7', '0.75', '0.8', '0.9', '0.95'];
        // A share of steps as it is on the grid, and shares that people type.
        const shares: [number, readonly [bigint, bigint]][] = [
          decimals[salt % 11]!,
          decimals[(salt * 3) % 11]!,
        ].map((decimal) => [Number(decimal), fraction(decimal)]);
        for (const k of someOf(count, salt + 1)) {
          const [a, b] = progress[k]!;
          shares.push(fromEnd ? [1 - Number(a) / Number(b), [b - a, b]] : [Number(a) / Number(b), [a, b]]);
        }
        for (const [value, [a, b]] of shares) {
          const threshold: [bigint, bigint] = fromEnd ? [b - a, b] : [a, b];
          const written = writeSchedule(id, 2, settings(id, key, value));
          expect(
            coefficients(written, 'flow', levels, { centreScale: Number(c) }),
            `${id} ${value}, ${count} steps, shift ${shift}, c ${c}`,
          ).toEqual(progress.map((at) => w[compare(at, threshold) < 0 ? 0 : 1]));
        }
      }
    }
  });

  it('switches in progress at a step of any grid in the time of any process: that step is the first after it', () => {
    const times: Record<ProcessName, (sigma: number) => number> = {
      ou: (sigma) => Math.log(1 + sigma * sigma) / 2,
      ve: (sigma) => sigma * sigma,
      flow: (sigma) => (sigma === Infinity ? 1 : sigma / (1 + sigma)),
    };
    for (const [salt, count] of stepNumbers.slice(1).entries()) {
      for (const [g, grid] of noiseGrids.entries()) {
        if (count === 1000 && grid === 'scaled-linear') continue;
        const processName = (['ou', 've', 'flow'] as const)[(salt + g) % 3]!;
        const levels = noiseLevels(grid, count);
        const [first] = someOf(count, salt + g);
        const horizon =
          processName === 'flow' ? 1 : times[processName](Math.min(100, levels[0]!.sigma)) * 1.01;
        const at = 1 - times[processName](levels[first!]!.sigma) / horizon;
        if (!(at > 1e-9 && at < 1 - 1e-9)) continue;
        const { id, key, fromEnd, levels: w } = switching[(salt + 2 * g) % switching.length]!;
        const written = writeSchedule(id, 2, settings(id, key, fromEnd ? 1 - at : at));
        expect(
          coefficients(written, processName, levels, { centreScale: 1 }, horizon),
          `${id} ${grid} ${processName} ${count}`,
        ).toEqual(levels.map((_, i) => w[i < first! ? 0 : 1]));
      }
    }
  });

  it('formulas in t, tau and logsnr that switch at a step of the grid', () => {
    const clocks = {
      t: (sigma: number) => Math.log1p(sigma ** 2) / 2,
      tau: (sigma: number) => sigma ** 2,
      logsnr: (sigma: number) => -2 * Math.log(sigma),
    };
    for (const [salt, count] of [2, 7, 10, 50, 500].entries()) {
      for (const grid of noiseGrids) {
        const levels = noiseLevels(grid, count);
        for (const clock of ['t', 'tau', 'logsnr'] as const) {
          const [k] = someOf(count, salt + 1);
          const value = clocks[clock](levels[k!]!.sigma);
          const sign = clock === 'logsnr' ? '<' : '>';
          const strict = { schedule: `${clock} ${sign} ${value} ? 3 : -1`, clock };
          const including = { schedule: `not ${clock} ${sign}= ${value} ? -1 : 3`, clock };
          const options = { centreScale: 1 };
          expect(coefficients(strict, 'ou', levels, options)).toEqual(
            levels.map((_, i) => (i < k! ? 3 : -1)),
          );
          expect(coefficients(including, 'ou', levels, options)).toEqual(
            levels.map((_, i) => (i <= k! ? 3 : -1)),
          );
        }
      }
    }
  });

  it('a log-SNR close to 0 is known to the rounding of 1', () => {
    const levels = listedNoiseLevels(Array.from({ length: 40 }, (_, i) => 1.004 - i * 1e-4));
    for (const [k, { sigma }] of levels.entries()) {
      const written = { schedule: `logsnr < ${-2 * Math.log(sigma)} ? 3 : -1`, clock: 'logsnr' } as const;
      expect(coefficients(written, 'ou', levels, { centreScale: 1 })).toEqual(
        levels.map((_, i) => (i < k ? 3 : -1)),
      );
    }
  });

  it("CFG++ in flow time on its own grid: 1 + w = lambda sigma/(sigma - sigma') at every step, the last one on its threshold (1e-9)", () => {
    for (const count of [2, 3, 10, 49, 1000]) {
      const levels = noiseLevels('flow', count);
      const written = writeSchedule('cfg-plus-plus-flow', 0, { lambda: 0.6, steps: count });
      const w = coefficients(written, 'flow', levels, { centreScale: 1 });
      for (let i = 1; i < count; i++) {
        const next = i + 1 < count ? (count - i - 1) / (i + 1) : 0;
        const own = (count - i) / i;
        expect(Math.abs(w[i]! - (0.6 / (1 - next / own) - 1))).toBeLessThan(1e-9 * count);
      }
      expect(Math.abs(w.at(-1)! + 0.4)).toBeLessThan(1e-12);
    }
  });
});
