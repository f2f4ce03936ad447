import { smallAlphaParallelVariance } from '../../closedForms/smallAlpha.ts';
import type { Check, Claim, Evidence } from '../protocol/claim.ts';
import { fitInverseDimension } from '../../numerics/fits/inverseDimensionFit.ts';
import {
  coefficients,
  fullRuns,
  growingRuns,
  linearRuns,
  logClassesOf,
  otherRuns,
  parallelOf,
  rateOfConvergencePanel,
  samplersPanel,
} from './classDirectionSubexponentialRuns.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { classDirectionLimit, parallelVarianceLaw } from './subexponentialLimit.ts';
import { requestsOf, subexponentialStepError, type SubexponentialRun } from './subexponentialRuns.ts';

/** Our derivation: the ODE loses diversity along the class direction even with sub-exponentially many classes. */
export const classDirectionSubexponentialClaim: Claim = {
  id: 'class-direction-subexponential',
  title: 'The ODE keeps a loss of diversity along the class direction',
  statement:
    'With sub-exponentially many classes, where every distortion per coordinate vanishes, the variance of the ODE samples along the direction of the class ' +
    'stays shrunk by a finite factor, whatever the dimension, the variance inside the class and the process; for the SDE it recovers.',
  formula:
    'ODE: v∥/σ² → ((1 + w)/(1 + 2w))² − (1 − 1/(4 + 8w)) w²/((1 + 2w)² log K) + O(1/log²K); SDE: v∥/σ² → 1',
  source: 'our derivation: the crossing time of a particle moves with its own fluctuation',
  method:
    'Reduced simulation of K = d to d⁸ at d = 10⁶, w = 0.5, 1, 3, extrapolated in 1/log K with a free coefficient; other σ² and process against the limit at fixed K; ' +
    'full simulation with K = d up to 400.',
  simulations(effort) {
    const runs = [
      ...coefficients.flatMap((w) => growingRuns(w, effort)),
      ...otherRuns(),
      ...linearRuns('ode', effort),
      ...linearRuns('sde', effort),
      ...fullRuns('ode', 1, effort),
      ...fullRuns('ode', 3, effort),
      ...fullRuns('sde', 1, effort),
    ];
    return requestsOf(runs, effort);
  },
  measure(evidence) {
    const extrapolated = coefficients.map((w) => extrapolate(evidence, w));
    return {
      checks: [
        ...extrapolated.map(({ check }) => check),
        ...coefficients.map(lawCheck),
        ...otherRuns().map((run) => otherCheck(evidence, run)),
        ...sdeChecks(evidence),
        ...fullChecks(evidence),
        ...intermediateChecks(evidence),
      ],
      panels: [rateOfConvergencePanel(evidence), samplersPanel(evidence)],
      findings: [...extrapolated.map(({ finding }) => finding), ...fullFindings(evidence)],
    };
  },
};

/** Between the samplers the loss vanishes with the class rate, as its power eta^2 (eq. small-alpha-parallel). */
function intermediateChecks(evidence: Evidence): Check[] {
  const alpha = 1e-6;
  return [1, 3].flatMap((w) => {
    const { vParallel } = evidence.solve(intermediateProblem(alpha, { w }), { staticClosure: false });
    const loss = 1 - smallAlphaParallelVariance(alpha, w, claimSigma2, intermediate);
    return identityChecks(
      `mean field, ${intermediateName}, w = ${w}, α = ${alpha}`,
      [['1 − v∥/σ² over the law', 1, (1 - (vParallel ?? NaN) / claimSigma2) / loss]],
      1e-4,
    );
  });
}

/** Limit for K -> infinity, by a fit in 1/log K. */
function extrapolate(evidence: Evidence, w: number): { check: Check; finding: string } {
  const runs = growingRuns(w, evidence.effort);
  const fit = fitInverseDimension(
    runs.map((run) => {
      const { value, ...error } = parallelOf(evidence, run);
      return { size: logClassesOf(run), value, ...error };
    }),
    // The next coefficient, 0.07 to 0.17 for these w by the limit at fixed K.
    { curvature: 0.2 },
  );
  const law = ((1 + w) / (1 + 2 * w)) ** 2;
  const slope = -((1 - 0.25 / (1 + 2 * w)) * w * w) / (1 + 2 * w) ** 2;
  const show = ({ value, standardError }: typeof fit.limit) =>
    `${value.toFixed(4)} ± ${standardError.toFixed(4)}`;
  return {
    check: {
      label: `reduced, ODE, w = ${w}: v∥/σ² at 1/log K → 0`,
      test: 'agreement',
      expected: law,
      measured: fit.limit.value,
      standardError: fit.limit.standardError,
      degreesOfFreedom: fit.effectiveDegrees,
      bias: subexponentialStepError,
      margin: 0.2 * (1 - law),
    },
    finding:
      `ODE, w = ${w}: v∥/σ² = ${show(fit.limit)} at 1/log K → 0 (law ${law.toFixed(4)}), with the slope ${show(fit.slope)} ` +
      `in 1/log K (derived ${slope.toFixed(4)}); goodness p = ${fit.pValue?.toFixed(2) ?? 'none'}.`,
  };
}

/** The limit at fixed K against its expansion, where the next order is negligible. */
function lawCheck(w: number): Check {
  const logClasses = 1000;
  return {
    label: `theory, w = ${w}, log K = ${logClasses}: v∥/σ² of the limit at fixed K`,
    test: 'identity',
    expected: parallelVarianceLaw(w, logClasses),
    measured: classDirectionLimit(w, logClasses).variance,
    standardError: null,
    margin: 2e-6,
  };
}

function otherCheck(evidence: Evidence, run: SubexponentialRun): Check {
  const { value, ...error } = parallelOf(evidence, run);
  const { sigma2 = claimSigma2, process = 'ou', w } = run;
  return {
    label: `reduced, ODE, K = d = ${run.d}, w = ${w}, σ² = ${sigma2}, ${process}: v∥/σ²`,
    test: 'agreement',
    expected: classDirectionLimit(w, logClassesOf(run)).variance,
    measured: value,
    ...error,
    bias: subexponentialStepError,
    margin: 0.2 * (1 - ((1 + w) / (1 + 2 * w)) ** 2),
  };
}

/** The SDE recovers. */
function sdeChecks(evidence: Evidence): Check[] {
  const last = linearRuns('sde', evidence.effort).at(-1)!;
  const full = fullRuns('sde', 1, evidence.effort).at(-1)!;
  return [last, full].map((run): Check => {
    const { value, ...error } = parallelOf(evidence, run);
    return {
      label: `${run.mode}, SDE, K = d = ${run.d}: v∥/σ²`,
      test: 'agreement',
      expected: 1,
      measured: value,
      ...error,
      // Still missing: about (8/9) sigma2 log K/(1.5 d), and what the switch adds to log K.
      bias: 0.3 * (Math.log(run.d) / run.d) + subexponentialStepError,
      // The ODE loses 0.56.
      margin: 0.5,
    };
  });
}

/** Explicit classes: the loss is there; at w = 3, where the disorder falls fastest with K, near its limit already. */
function fullChecks(evidence: Evidence): Check[] {
  return [1, 3].map((w): Check => {
    const run = fullRuns('ode', w, evidence.effort).at(-1)!;
    const { value, ...error } = parallelOf(evidence, run);
    const law = ((1 + w) / (1 + 2 * w)) ** 2;
    return {
      label: `full, ODE, K = d = ${run.d}, w = ${w}: v∥/σ²`,
      test: 'agreement',
      expected: law,
      measured: value,
      ...error,
      // Averaging over the classes leaves -0.015 to -0.03 (limit at this K), their disorder adds 0.02 to 0.045 (page).
      bias: 0.05,
      margin: 0.5 * (1 - law),
    };
  });
}

function fullFindings(evidence: Evidence): string[] {
  return [1, 3].map((w) => {
    const runs = fullRuns('ode', w, evidence.effort);
    const values = runs.map((run) => parallelOf(evidence, run));
    return (
      `Full simulation, ODE, w = ${w}, K = d = ${runs.map(({ d }) => d).join(', ')}: v∥/σ² = ` +
      `${values.map(({ value, standardError }) => `${value.toFixed(3)} ± ${standardError.toFixed(3)}`).join(', ')}; classes averaged: ` +
      `${runs.map((run) => classDirectionLimit(w, logClassesOf(run)).variance.toFixed(3)).join(', ')}. The difference is the disorder of the draws.`
    );
  });
}
