import { fitPowerLaw } from '../../numerics/fits/exponentFit.ts';
import type { Check, Claim, Evidence } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { reverseSdeOvershoot } from './subexponentialLimit.ts';
import { distortionOf, requestsOf, subexponentialStepError, type Measured } from './subexponentialRuns.ts';
import {
  coefficients,
  fullRuns,
  intermediateRuns,
  limitOf,
  oppositeRuns,
  overshootPanel,
  sdeCoefficient,
  sdeRuns,
  shiftsOf,
  sigma,
  variancePanel,
} from './twoClassesRuns.ts';

/** [P25]: two classes at finite dimension. */
export const twoClassesClaim: Claim = {
  id: 'two-classes',
  title: 'Two classes: overshoot and shrinkage vanish with the dimension',
  statement:
    'Between two classes guidance shifts the mean beyond the class and shrinks the variance at finite dimension, both along the line between the classes. The ' +
    'overshoot of the ODE is of order d^(-1/2), that of the SDE of order 1/d, with prefactors from the reduced equation; the variance along that line recovers ' +
    'for the SDE and not for the ODE.',
  formula:
    'ODE: m − 1 = σ⟨X⟩/√d for μ, −μ and σ⟨X⟩/√(2d) for orthogonal centres, dX/dε = wP(X, ε); SDE: m − 1 = σ²Y/(2d); log P/(1 − P) = −εX − ε²/2',
  source:
    '[P25] arXiv 2502.07849, abstract: overshoot and variance reduction at finite dimension, none in high dimension; exponents and prefactors are our derivation from its reduced equation',
  method:
    'Two classes exactly in their plane, d from 10 to 10⁶ (ODE, w = 1, 3) and from 4 to 100 (SDE, w = 3); two explicit classes with independent centres up to ' +
    'd = 400. Exponents by power-law fits, prefactors against the integrated reduced equation.',
  simulations(effort) {
    const runs = [...coefficients.flatMap((w) => oppositeRuns(w, effort)), ...fullRuns(effort)];
    return requestsOf([...runs, ...sdeRuns(effort), ...intermediateRuns(effort)], effort);
  },
  measure(evidence) {
    const ode = oppositeChecks(evidence);
    const sde = sdeChecks(evidence);
    const full = fullChecks(evidence);
    return {
      checks: [...ode.checks, ...sde.checks, ...full.checks, intermediateCheck(evidence)],
      panels: [overshootPanel(evidence), variancePanel(evidence)],
      findings: [...ode.findings, ...sde.findings, ...full.findings],
    };
  },
};

interface Found {
  readonly checks: Check[];
  readonly findings: string[];
}

interface FittedExponent {
  readonly exponent: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** Exponent of m - 1 in d; not a number, which fails its check, if some m - 1 is not positive. */
function exponentOf(points: readonly (Measured & { x: number })[]): FittedExponent {
  const { degreesOfFreedom } = points[0]!;
  if (!points.every(({ value }) => value > 0)) return { exponent: NaN, standardError: 1, degreesOfFreedom };
  const { exponent, standardError } = fitPowerLaw(points, { replicates: 50 });
  return { exponent, standardError, degreesOfFreedom };
}

function exponentCheck(label: string, fit: FittedExponent, expected: number, margin: number): Check {
  return {
    label: `${label}: exponent of m − 1 in d`,
    test: 'agreement',
    expected,
    measured: fit.exponent,
    standardError: fit.standardError,
    degreesOfFreedom: fit.degreesOfFreedom,
    bias: subexponentialStepError,
    margin,
  };
}

function ratioCheck(label: string, measured: Measured, expected: number, margin: number, bias = 0): Check {
  return {
    label,
    test: 'agreement',
    expected: 1,
    measured: measured.value / expected,
    standardError: measured.standardError / Math.abs(expected),
    degreesOfFreedom: measured.degreesOfFreedom,
    bias: bias + subexponentialStepError,
    margin,
  };
}

function oppositeChecks(evidence: Evidence): Found {
  const findings: string[] = [];
  const checks = coefficients.flatMap((w) => {
    const runs = oppositeRuns(w, evidence.effort);
    const points = shiftsOf(evidence, runs);
    const { mean, variance } = limitOf(w);
    const fit = exponentOf(points);
    const last = runs.at(-1)!;
    const name = `μ and −μ, ODE, w = ${w}`;
    findings.push(
      `${name}: exponent ${fit.exponent.toFixed(4)} ± ${fit.standardError.toFixed(4)}; √d (m − 1)/σ = ` +
        `${points.map(({ x, value }) => ((Math.sqrt(x) * value) / sigma).toFixed(3)).join(', ')} at d = ${runs.map(({ d }) => d).join(', ')} ` +
        `(reduced equation ${mean.toFixed(4)}).`,
    );
    return [
      exponentCheck(name, fit, -0.5, 0.05),
      ...[0, points.length - 1].map((i) =>
        ratioCheck(
          `${name}, d = ${points[i]!.x}: (m − 1)/(σ⟨X⟩/√d)`,
          points[i]!,
          (sigma * mean) / Math.sqrt(points[i]!.x),
          0.15,
        ),
      ),
      ratioCheck(
        `${name}, d = ${last.d}: v∥ over that of the reduced equation`,
        distortionOf(evidence, last).parallel,
        variance,
        0.2 * (1 / variance - 1),
      ),
    ];
  });
  return { checks, findings };
}

function sdeChecks(evidence: Evidence): Found {
  const runs = sdeRuns(evidence.effort);
  const points = shiftsOf(evidence, runs);
  const fit = exponentOf(points);
  const prefactor = 0.5 * claimSigma2 * reverseSdeOvershoot(sdeCoefficient, Math.log(2));
  const name = `μ and −μ, SDE, w = ${sdeCoefficient}`;
  const first = points[0]!;
  return {
    checks: [
      exponentCheck(name, fit, -1, 0.25),
      ratioCheck(`${name}, d = ${first.x}: (m − 1)/(σ²Y/2d)`, first, prefactor / first.x, 0.2),
      ratioCheck(
        `${name}, d = ${points[1]!.x}: (m − 1)/(σ²Y/2d)`,
        points[1]!,
        prefactor / points[1]!.x,
        0.25,
      ),
    ],
    findings: [
      `${name}: exponent ${fit.exponent.toFixed(3)} ± ${fit.standardError.toFixed(3)}; d (m − 1) = ` +
        `${points.map(({ x, value }) => (x * value).toFixed(3)).join(', ')} at d = ${runs.map(({ d }) => d).join(', ')} ` +
        `(reduced equation ${prefactor.toFixed(4)}).`,
    ],
  };
}

/** Between the samplers the overshoot keeps the part (sigma2/Gamma)^(e/2) of what was made at Gamma ~ d: exponent -(1 + eta^2)/2. */
function intermediateCheck(evidence: Evidence): Check {
  const fit = exponentOf(shiftsOf(evidence, intermediateRuns(evidence.effort)));
  return exponentCheck(
    `μ and −μ, ${intermediateName}, w = ${sdeCoefficient}`,
    fit,
    -0.5 * (1 + intermediate.eta ** 2),
    0.06,
  );
}

/** Independent centres: the line between the classes is at 45 degrees to mu_c (eq. two-class-projection). */
function fullChecks(evidence: Evidence): Found {
  const runs = fullRuns(evidence.effort);
  const points = shiftsOf(evidence, runs);
  const { mean, variance } = limitOf(1);
  const fit = exponentOf(points);
  const last = runs.at(-1)!;
  const parallel = distortionOf(evidence, last).parallel;
  const name = 'full, ODE, K = 2, w = 1';
  return {
    checks: [
      exponentCheck(name, fit, -0.5, 0.2),
      ratioCheck(
        `${name}, d = ${last.d}: (m − 1)/(σ⟨X⟩/√(2d))`,
        points.at(-1)!,
        (sigma * mean) / Math.sqrt(2 * last.d),
        0.3,
        // Centres of finite length and overlap: of order 1/d.
        1 / last.d,
      ),
      ratioCheck(
        `${name}, d = ${last.d}: v∥ over that of the reduced equation`,
        parallel,
        0.5 * (1 + variance),
        1 / (0.5 * (1 + variance)) - 1,
        1 / last.d,
      ),
    ],
    findings: [
      `${name}: v∥/σ² = ${parallel.value.toFixed(3)} ± ${parallel.standardError.toFixed(3)} at d = ${last.d}, half of the loss between opposite ` +
        `centres (${variance.toFixed(4)}), whose line is along μ_c: (1 + ${variance.toFixed(4)})/2 = ${(0.5 * (1 + variance)).toFixed(4)}.`,
    ],
  };
}
