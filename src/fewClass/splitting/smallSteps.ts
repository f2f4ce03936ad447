import { NumericalFailure } from '../../numerics/checks.ts';
import { goldenPosition } from '../../numerics/extremum.ts';
import { integrate } from '../../numerics/quadrature.ts';
import { findRoot } from '../../numerics/roots.ts';
import { checkSplittingProblem, etaOf, processOfSplit, type SplittingProblem } from './record.ts';

/**
 * Rate at which guidance of w = 1 pulls a small distance from the centre in, relative to the unguided dynamics (per unit of
 * forward time): S(t) = c (a mu/Gamma)^2 eps/(1 + eps), c = (1 + eta^2) g^2/2. In the limit of small steps h every rule has the
 * relative slope 1 - w h S(t) (eq. split-small-steps). Ornstein-Uhlenbeck ODE, unit variance: g(mu e^-t).
 */
function pullRate(problem: SplittingProblem): (time: number) => number {
  checkSplittingProblem(problem);
  const process = processOfSplit(problem);
  const square = etaOf(problem) ** 2;
  const [outer = 1 / 3, middle = 1 / 3] = problem.weights ?? [];
  return (time) => {
    const a = process.signalScale(time);
    const gamma = a * a * problem.variance + process.noiseVariance(time);
    const z2 = (a * a * problem.distance * problem.distance) / gamma;
    const share = 1 / (1 + (middle / (2 * outer)) * Math.exp(0.5 * z2));
    return (0.5 * (1 + square) * process.squaredDiffusion(time) * z2 * share) / gamma;
  };
}

// The rate has one maximum, or decays from the data on; cells of T on which it is looked for.
const cells = 2000;

/** Time of the largest rate in [0, T], to 1e-9. */
function peakTime(rate: (time: number) => number, startTime: number): number {
  let best = 0;
  for (let i = 1; i <= cells; i++) {
    if (rate((i * startTime) / cells) > rate((best * startTime) / cells)) best = i;
  }
  const from = (Math.max(0, best - 1) * startTime) / cells;
  const to = (Math.min(cells, best + 1) * startTime) / cells;
  const inside = goldenPosition((time) => -rate(time), from, to, 1e-9);
  // Where the rate still grows at the data the maximum is at the end.
  return [from, inside, to].reduce((a, b) => (rate(b) > rate(a) ? b : a));
}

/**
 * Limit of step size times {@link instabilityThreshold} for small steps, the same for all rules: 2/max S. 2.1596 for the ODE and
 * unit variances with mu >= 1.7106; half of it for the SDE. 1e-9 relative.
 * @returns the constant, and the time of the maximum
 * @throws ParameterError for a problem outside its domain
 */
export function instabilityConstant(problem: SplittingProblem): { constant: number; time: number } {
  const rate = pullRate(problem);
  const time = peakTime(rate, problem.startTime);
  return { constant: 2 / rate(time), time };
}

/**
 * Limit of step size times the threshold `certain` for small steps, the same for all rules: the c at which the slopes of a run
 * multiply to that of the unguided one, int_0^T log|1 - c S(t)| dt = 0 (eq. split-small-steps). 6.025 at mu = 3, 7.060 at 2 (Ornstein-Uhlenbeck
 * ODE, unit variances). 1e-5 relative. At finite steps h the threshold scatters around c/h by some per cent: a step near slope 0
 * counts much.
 * @throws ParameterError for a problem outside its domain; NumericalFailure if there is no such c up to 1000 times the instability
 */
export function expulsionConstant(problem: SplittingProblem): number {
  const rate = pullRate(problem);
  const { startTime } = problem;
  const peak = peakTime(rate, startTime);
  const growth = (c: number) => {
    const excess = (time: number) => 1 - c * rate(time);
    const zeros: number[] = [];
    if (excess(peak) < 0) {
      if (excess(0) > 0) zeros.push(findRoot(excess, 0, peak).root);
      if (excess(startTime) > 0) zeros.push(findRoot(excess, peak, startTime).root);
    }
    // The integrand has logarithmic singularities at the zeros: never evaluated at -Infinity.
    return integrate((time) => Math.log(Math.max(Math.abs(excess(time)), Number.MIN_VALUE)), 0, startTime, {
      breakpoints: zeros,
      relativeTolerance: 1e-7,
      absoluteTolerance: 1e-7,
    }).value;
  };
  const lo = 1 / rate(peak);
  let hi = 2 * lo;
  while (growth(hi) < 0) {
    hi *= 1.5;
    if (hi > 2000 * lo)
      throw new NumericalFailure(`the centre is not thrown out up to ${hi}/step`, 'take a larger distance');
  }
  return findRoot(growth, Math.max(lo, hi / 1.5), hi, { relativeTolerance: 1e-6 }).root;
}
