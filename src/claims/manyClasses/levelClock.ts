import { logistic } from '../../numerics/logSumExp.ts';
import { notFound, type Measured } from '../../numerics/measured.ts';
import { findRoot } from '../../numerics/roots.ts';
import type { MeasuredRun } from '../protocol/runs.ts';

/** -1/2 log r, which is alpha at the collapse, as a function of the solver clock: log r = -log(1 + e^lambda). */
export function rateAtClock(clock: number): number {
  return 0.5 * Math.log1p(Math.exp(clock));
}

/**
 * Two classes at mu and -mu, |mu|^2 = d: the x = a^2 d/Gamma at which the mean weight of the class of the particle is `level`
 * (eq. cloning-weight), x the root of E[1/(1 + e^(-2x - 2 sqrt(x) z))] = level, z standard normal.
 */
export function speciationRatio(level: number): number {
  const mean = (x: number) => {
    let weight = 0;
    let norm = 0;
    for (let z = -8; z <= 8; z += 0.125) {
      const density = Math.exp(-0.5 * z * z);
      norm += density;
      weight += density * logistic(2 * x + 2 * Math.sqrt(x) * z);
    }
    return weight / norm;
  };
  return findRoot((x) => mean(x) - level, 1e-6, 50).root;
}

/**
 * Clock at which the mean weight of the particle's class passes a level: the log-odds of the weight interpolated between the
 * recorded clocks, or {@link notFound}. The rows share their particles: the errors of the two are taken as fully correlated,
 * an upper bound.
 */
export function levelClock(
  { result, measured }: Pick<MeasuredRun, 'result' | 'measured'>,
  level: number,
): Measured {
  const logOdds = (p: number) => Math.log(p / (1 - p));
  const rows = result.series.map(({ clock, guidedWeight }) => ({ clock, weight: measured(guidedWeight) }));
  for (let i = 1; i < rows.length; i++) {
    const before = rows[i - 1]!;
    const after = rows[i]!;
    const [p, q] = [before.weight, after.weight];
    if (p.value > level || q.value < level || !(q.value > p.value)) continue;
    const share = (logOdds(level) - logOdds(p.value)) / (logOdds(q.value) - logOdds(p.value));
    const width = after.clock - before.clock;
    const error = (1 - share) * p.standardError + share * q.standardError;
    return {
      ...p,
      value: before.clock + share * width,
      standardError: (error * width) / (q.value - p.value),
    };
  }
  return notFound;
}
