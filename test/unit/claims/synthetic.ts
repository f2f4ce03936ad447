import { expect } from 'vitest';
import {
  efforts,
  type Claim,
  type ClaimMeasurement,
  type Evidence,
  type SimulationRequest,
} from '../../../src/claims/protocol/claim.ts';
import { judge, type JudgedMeasurement } from '../../../src/claims/protocol/verdict.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { solveStructured } from '../../../src/meanfield/structured/solve.ts';
import type { ParticleEstimate } from '../../../src/particles/observables/estimates.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';
import { requireParticleProblem, resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { particleProblem } from '../../../src/particles/simulationSpec.ts';
import type { ParticleResult, ParticleSeriesRow } from '../../../src/particles/tasks.ts';

/** The problem with another coefficient in place of its constant one; as it is with a schedule. */
export function withStrength(problem: GuidedProblem, change: (w: number) => number): GuidedProblem {
  const { guidance } = problem;
  const w = 'w' in guidance ? guidance.w : null;
  return typeof w === 'number' ? { ...problem, guidance: { w: change(w) } } : problem;
}

/** Observables of a simulation that was never run. What is left out has its value for undistorted samples. */
export interface SyntheticValues {
  readonly m?: number;
  readonly v?: number;
  /** Default: m^2 + v. */
  readonly q?: number;
  /** Default: v. */
  readonly vParallel?: number;
  readonly guidedWeight?: number;
  readonly speciatedFraction?: number;
  /** Entropy of the other classes per dimension; null where they have no weight. */
  readonly complexity?: number | null;
  /** 1/Y; its inverse is the inverse participation. */
  readonly participation?: number | null;
}

/** {@link SyntheticValues} at a requested clock. */
export interface SyntheticRow extends SyntheticValues {
  readonly clock: number;
}

/** Errors of a synthetic result. */
export interface SyntheticErrors {
  /** Standard error of every observable in units of max(|value|, 1). */
  readonly relativeError?: number;
  readonly series?: readonly SyntheticRow[];
}

/** A particle result with given averages at the data, and rows of a time series if they are given. */
export function syntheticResult(
  values: SyntheticValues,
  { relativeError = 1e-4, series = [] }: SyntheticErrors = {},
): ParticleResult {
  const rows = series.map(({ clock, ...at }): ParticleSeriesRow => ({
    clock,
    time: NaN,
    ...observables(at, relativeError),
  }));
  return {
    classes: null,
    pairs: 0,
    pairsEvaluated: 0,
    pairsPrecise: 0,
    series: rows,
    ...observables(values, relativeError),
  };
}

function observables(
  values: SyntheticValues,
  relativeError: number,
): Omit<ParticleSeriesRow, 'clock' | 'time'> {
  const { m = 1, v = 0.25, guidedWeight = 1, complexity = null, participation = null } = values;
  const at = (mean: number): ParticleEstimate => {
    const standardError = relativeError * Math.max(Math.abs(mean), 1);
    return { mean, standardError, particleError: standardError };
  };
  const optional = (mean: number | null) => (mean === null ? null : at(mean));
  const vParallel = values.vParallel ?? v;
  return {
    m: at(m),
    q: at(values.q ?? m * m + v),
    v: at(v),
    vFromMeans: at(v),
    vParallel: at(vParallel),
    vParallelTotal: at(vParallel),
    speciatedFraction: at(values.speciatedFraction ?? (guidedWeight > 0.5 ? 1 : 0)),
    guidedWeight: at(guidedWeight),
    othersFraction: complexity === null ? 0 : 1,
    inverseParticipation: optional(participation === null ? null : 1 / participation),
    participation: optional(participation),
    complexity: optional(complexity),
    histograms: [],
  };
}

/** What stands for a claim's simulations in a test, by the name and the request of each. */
export type SyntheticSimulation = (name: string, request: SimulationRequest) => ParticleResult;

/** Evidence whose simulations are synthetic, each made once, and whose mean field may be another one. */
export function syntheticEvidence(
  claim: Claim,
  simulation: SyntheticSimulation,
  { effort = 'default', seed = 1, solve = solveOrderParameters, ...structured }: Partial<Evidence> = {},
): Evidence {
  const requests = claim.simulations(effort);
  const results = new Map<string, ParticleResult>();
  return {
    effort,
    seed,
    solve,
    solveStructured,
    structuredResult(name) {
      throw new RangeError(`claim ${claim.id}: no structured simulation "${name}"`);
    },
    ...structured,
    result(name) {
      const request = requests[name];
      if (request === undefined) throw new RangeError(`claim ${claim.id}: no simulation "${name}"`);
      const result = results.get(name) ?? simulation(name, request);
      results.set(name, result);
      return result;
    },
  };
}

/** Measures and judges a claim on synthetic simulations. */
export async function judgeSynthetic(
  claim: Claim,
  simulation: SyntheticSimulation,
  options: Partial<Evidence> = {},
): Promise<JudgedMeasurement & Pick<ClaimMeasurement, 'panels' | 'findings'>> {
  const measurement = await claim.measure(syntheticEvidence(claim, simulation, options));
  return { ...judge(measurement), panels: measurement.panels, findings: measurement.findings };
}

/** Labels of the checks with a verdict. */
export function labelsOf(judged: JudgedMeasurement, verdict: JudgedMeasurement['verdict']): string[] {
  return judged.checks.filter((check) => check.verdict === verdict).map(({ label }) => label);
}

/** Every simulation that a claim asks for can be run, at every effort; options leave the seed to the run. */
export async function expectAdmissiblePlan(claim: Claim): Promise<void> {
  for (const effort of efforts) {
    for (const [name, { spec, options }] of Object.entries(claim.simulations(effort))) {
      requireParticleProblem(await particleProblem(spec), 'all');
      resolveParticleOptions(options);
      expect(options, `${effort}: ${name}`).not.toHaveProperty('seed');
    }
  }
}

/** Panels can be drawn: arrays of one length, finite abscissae, errors on points and none on lines. */
export function expectDrawablePanels({ panels }: Pick<ClaimMeasurement, 'panels'>): void {
  expect(panels.length).toBeGreaterThan(0);
  const lines = ['theory', 'closed form', 'fit'];
  for (const { series, title } of panels) {
    expect(series.length, title).toBeGreaterThan(0);
    for (const { label, source, x, y, standardError, expected } of series) {
      const name = `${title}: ${label}`;
      expect(x.every(Number.isFinite), name).toBe(true);
      expect(x.length, name).toBeGreaterThan(0);
      for (const column of [y, standardError, expected]) {
        if (column !== undefined) expect(column.length, name).toBe(x.length);
      }
      expect(standardError === undefined, name).toBe(lines.includes(source));
    }
  }
}
