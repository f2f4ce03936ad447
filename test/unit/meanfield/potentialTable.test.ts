import { describe, expect, it } from 'vitest';
import { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
import { samplerWithEta } from '../../../src/guidance/sampler.ts';
import { isotropicDynamics, isotropicPhases } from '../../../src/meanfield/isotropic.ts';
import { guidedPotential, phaseGap } from '../../../src/meanfield/potential.ts';
import { defaultPotentialTimes, potentialTable } from '../../../src/meanfield/potentialTable.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { trajectoryRow } from '../../../src/meanfield/trajectory.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { ensembles } from '../../../src/mixture/ensemble.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { linearInterpolant } from '../../../src/process/process.ts';
import { problem } from './sampling.ts';

const [alpha, sigma2] = [0.5, 0.25];
const overlaps = Array.from({ length: 81 }, (_, i) => -0.5 + i / 20);

/** Scale a, variance Gamma and D of the Ornstein-Uhlenbeck process at a time. */
function scales(time: number) {
  const a = Math.exp(-time);
  const Gamma = a * a * sigma2 + 1 - a * a;
  return { a, Gamma, D: Gamma + a * a };
}

/** psi and phi (gaussian, uncondensed) as theory/potential.md has them. */
function energies(time: number, m: number, v: number) {
  const { a, Gamma, D } = scales(time);
  const q = m * m + v;
  return {
    psi: -(q - 2 * a * m + a * a) / (2 * Gamma),
    phi: alpha + 0.5 * Math.log(Gamma / D) - q / (2 * D),
  };
}

/** Complexity of the competing classes on that branch: below 0 they are condensed and phi is another. */
function complexity(time: number, m: number, v: number): number {
  const { a, Gamma, D } = scales(time);
  const r = Gamma / D;
  return alpha - (a * a * (m * m + v)) / (2 * D * D) - 0.5 * (r - 1 - Math.log(r));
}

describe('guided potential', () => {
  it.each(ensembles)(
    '%s: its slope drives the overlap, the drift of x included (eq. guided-potential)',
    (ensemble) => {
      // dm/dtau = -(e/2) g^2 dU/dm in Ornstein-Uhlenbeck time, where g^2 = 2 and f = -1; the field is that of N = m/sqrt(D).
      const [w, v, m, time] = [1.7, 0.4, 0.9, 0.6];
      const { a, Gamma, D } = scales(time);
      for (const eta of [0, 0.8]) {
        const e = 1 + eta * eta;
        const clock = Math.log((a * a) / Gamma);
        const parameters = {
          alpha: 1.5,
          ensemble,
          eta,
          schedule: constantSchedule(w),
          average: 'quenched',
          closure: 'static',
        } as const;
        const phases = isotropicPhases(parameters);
        const moment = { clock, signalScale: a, withinClassVariance: Gamma, v, w, driftWeight: -1 / (2 * e) };
        const h = 1e-4;
        const slope =
          (guidedPotential(phases, moment, m + h) - guidedPotential(phases, moment, m - h)) / (2 * h);
        const field = new Float64Array(2);
        isotropicDynamics(parameters).field(
          phaseGap(phases, moment, m) > 0 ? 0 : 1,
          clock,
          Float64Array.of(m / Math.sqrt(D), Math.log(v / Gamma)),
          field,
        );
        // Towards the data, per unit of time: dlambda = 2/Gamma, dD = 2 (D - 1).
        const rate = Math.sqrt(D) * field[0]! * (2 / Gamma) + (m / D) * (D - 1);
        expect(-e * slope).toBeCloseTo(rate, 7);
      }
    },
  );
});

describe('table of potentials', () => {
  const solution = solveOrderParameters(problem(alpha, 1));
  const crossing = solution.speciationTime!;
  const times = [2, crossing, 0.2];
  const table = potentialTable(solution, times, overlaps);

  it('cuts at the variance of the trajectory: Gamma r^w and the overlap of the closed form before the transition (1e-8)', () => {
    expect(table.time).toEqual(times);
    expect(table.m).toEqual(overlaps);
    const { a, Gamma, D } = scales(2);
    expect(table.state[0]!.v).toBeCloseTo(Gamma * varianceRatio(Gamma / D, 1, { eta: 0 }), 8);
    expect(table.state[0]!.m).toBeCloseTo(a * overlapRatio(Gamma / D, 1, { eta: 0 }), 8);
    times.forEach((time, i) => {
      const row = trajectoryRow(solution, Math.log(scales(time).a ** 2 / scales(time).Gamma));
      expect(table.state[i]!.m).toBeCloseTo(row.m, 8);
      expect(table.state[i]!.v).toBeCloseTo(row.v, 8);
    });
  });

  it('is -(1 + w) psi + w max(psi, phi) + f q/(e g^2), with 1/2 added to both free energies (1e-9)', () => {
    for (const eta of [0, 0.7]) {
      const noisy = solveOrderParameters(problem(alpha, 1, { sampler: samplerWithEta(eta) }));
      const { potential, state } = potentialTable(noisy, times, overlaps);
      times.forEach((time, row) => {
        const { v } = state[row]!;
        const value = (m: number) => {
          const { psi, phi } = energies(time, m, v);
          return -2 * psi + Math.max(psi, phi) - (m * m + v) / (2 * (1 + eta * eta));
        };
        const uncondensed = overlaps.filter((m) => complexity(time, m, v) > 0);
        expect(uncondensed.length).toBeGreaterThan(30);
        for (const m of uncondensed) {
          expect(potential[row]![overlaps.indexOf(m)]! - value(m)).toBeCloseTo(-0.5, 9);
        }
      });
    }
  });

  it('finds the kinks where psi = phi: roots of a quadratic, the trajectory at one of them at its crossing (1e-7)', () => {
    times.forEach((time, i) => {
      const { a, Gamma, D } = scales(time);
      const { v } = table.state[i]!;
      // m^2 (1/D - 1/Gamma)/2 + m a/Gamma = alpha + log(Gamma/D)/2 + a^2/(2 Gamma) + v (1/Gamma - 1/D)/2
      const second = 0.5 * (1 / D - 1 / Gamma);
      const constant = alpha + 0.5 * Math.log(Gamma / D) + (a * a) / (2 * Gamma) - v * second;
      const root = Math.sqrt((a / Gamma) ** 2 + 4 * second * constant);
      const expected = [-1, 1]
        .map((sign) => (-a / Gamma - sign * root) / (2 * second))
        .filter((m) => m > overlaps[0]! && m < overlaps.at(-1)! && complexity(time, m, v) > 0)
        .sort((p, q) => p - q);
      expect(table.kink[i]!.length).toBe(expected.length);
      table.kink[i]!.forEach((m, k) => {
        expect(m).toBeCloseTo(expected[k]!, 7);
      });
    });
    expect(table.kink.map(({ length }) => length)).toContain(1);
    expect(Math.min(...table.kink[1]!.map((m) => Math.abs(m - table.state[1]!.m)))).toBeLessThan(1e-7);
  });

  it('finds every minimum of the cut, between its points too', () => {
    const { minima } = table;
    times.forEach((time, i) => {
      const { v } = table.state[i]!;
      const value = (m: number) => {
        const { psi, phi } = energies(time, m, v);
        return -2 * psi + Math.max(psi, phi) - (m * m + v) / 2;
      };
      const fine: number[] = [];
      for (let m = overlaps[0]! + 1e-4; m < overlaps.at(-1)! - 1e-4; m += 1e-4) {
        if (value(m) < value(m - 1e-4) && value(m) <= value(m + 1e-4)) fine.push(m);
      }
      expect(minima[i]!.map(({ m }) => m)).toEqual(fine.map((m) => expect.closeTo(m, 3) as number));
      for (const { m, potential } of minima[i]!) {
        const offset = table.potential[i]![0]! - value(overlaps[0]!);
        expect(potential - offset).toBeCloseTo(value(m), 9);
      }
    });
    expect(minima.some((found) => found.length > 0)).toBe(true);
  });

  it('leaves the drift out where the noise of the interpolant vanishes, and refuses what it cannot draw', () => {
    const flow = solveOrderParameters(problem(alpha, 1, { process: linearInterpolant, startTime: 0.9 }));
    const [first, second] = potentialTable(flow, [0], [1.2, 1.6]).potential[0]!;
    // At the data psi dominates at both: U = -psi, with psi = -((m - 1)^2 + v)/(2 sigma2).
    expect(first! - second!).toBeCloseTo((0.04 - 0.36) / (2 * sigma2), 9);
    for (const time of [-0.1, 0.95, NaN]) {
      expect(() => potentialTable(flow, [time], overlaps)).toThrow(ParameterError);
    }
    expect(potentialTable(flow, [0.9], overlaps).state[0]!.m).toBeCloseTo(0, 12);
    expect(() => potentialTable(flow, [0.95], overlaps)).toThrow(/in \[0, 0\.9\]/);
    const endless = solveOrderParameters(problem(alpha, 1, { process: linearInterpolant }));
    expect(() => potentialTable(endless, [1], overlaps)).toThrow(/in \[0, 1\)/);
    for (const m of [
      [1, 1],
      [0, 1, 0.5],
    ]) {
      expect(() => potentialTable(flow, [0], m)).toThrow(/an increasing list/);
    }
  });

  it('is drawn by default at even angles from noise to data, with the crossing in place of the nearest time', () => {
    const found = defaultPotentialTimes(solution, 12);
    expect(found).toContain(crossing);
    for (let i = 1; i < found.length; i++) expect(found[i]!).toBeLessThan(found[i - 1]!);
    const apart = (time: number) => Math.abs(time - crossing);
    const others = found.filter((time) => time !== crossing);
    expect(Math.min(...found.map(apart))).toBe(0);
    // Without guidance there is no transition at an infinite rate: nothing is replaced.
    const even = defaultPotentialTimes(solveOrderParameters(problem(Infinity, 1)), 12);
    expect(even.filter((time) => !others.some((other) => Math.abs(other - time) < 1e-6))).toHaveLength(1);
    const [replaced] = even.filter((time) => !others.some((other) => Math.abs(other - time) < 1e-6));
    for (const time of even) expect(apart(time)).toBeGreaterThanOrEqual(apart(replaced!));
  });
});
