import { infiniteClasses } from '../../closedForms/afterTransition.ts';
import { criticalClassRate } from '../../closedForms/transition.ts';
import { samplerLabel, samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { constantSchedule } from '../../guidance/schedule.ts';
import { projectGaussianPair } from '../../particles/gaussianPair/estimates.ts';
import { infiniteClassesPair } from '../../particles/gaussianPair/problem.ts';
import { simulateGaussianPair } from '../../particles/gaussianPair/simulate.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Check, Claim, Evidence } from './claim.ts';
import { classesPanel, dimensionPanel } from './infiniteClassesPanels.ts';
import {
  above,
  coefficients,
  dimensions,
  growing,
  growingName,
  infiniteRequests,
  pairDimensions,
  reducedName,
  samplerNames,
  sizes,
  stepError,
} from './infiniteClassesRuns.ts';
import { claimSigma2 } from './requests.ts';

/** [V26]: with infinitely many classes the distortion is there at any dimension, in closed form. */
export const infiniteClassesClaim: Claim = {
  id: 'infinite-classes',
  title: 'Infinitely many classes distort in any dimension',
  statement:
    'With infinitely many classes, or exponentially many above the critical rate, the unconditional model is one wide Gaussian and guidance acts down to the ' +
    'data. Mean and variance of the samples are then known in closed form, the same in every dimension, and differ from those of the class.',
  formula:
    'r₀ = σ²/(1 + σ²): ODE v = σ² r₀^w; SDE m = (1 − r₀^{1+w})/(1 − r₀), v = σ² (1 − r₀^{1+2w})/((1 + 2w)(1 − r₀)); m > 1, v < σ² for w > 0',
  source:
    '[V26] arXiv 2602.00716, abstract: "in the infinite-class limit, distortions remain unavoidable regardless of dimensionality" (and sec. 4.1 for the ' +
    'variance); the other closed forms are our derivation',
  method:
    `Reduced simulation without weight of the guided class at d = ${dimensions.join(', ')}; Gaussian guided by a Gaussian in full coordinates; full ` +
    `simulation with up to ${growing.classes.at(-1)!} explicit classes at d = ${growing.dimensions.join(' and ')}, and with exp(αd) above critical.`,
  simulations: infiniteRequests,
  measure(evidence) {
    const checks = samplerNames.flatMap((sampler) => [
      ...coefficients.flatMap((w) => dimensions.flatMap((d) => reducedChecks(evidence, sampler, w, d))),
      ...pairDimensions.flatMap((d) => pairChecks(evidence, samplers[sampler], d)),
      ...growing.dimensions.flatMap((d) => growingChecks(evidence, sampler, d)),
      ...aboveChecks(evidence, sampler),
      ...solverChecks(evidence, samplers[sampler]),
    ]);
    const between = [
      ...pairDimensions.flatMap((d) => pairChecks(evidence, intermediate, d)),
      ...solverChecks(evidence, intermediate),
    ];
    return {
      checks: [...checks, ...between],
      panels: [dimensionPanel(evidence), classesPanel(evidence)],
      findings: samplerNames.map((sampler) => aboveFinding(evidence, sampler)),
    };
  },
};

/** Between the two samplers: 1 + eta and 1 + eta^2 are different numbers. */
const intermediate: Sampler = { eta: 0.5 };
const titleOf = (sampler: Sampler) =>
  samplerLabel(sampler)
    .replace('eta=', 'η = ')
    .replace(/^[a-z]+$/, (name) => name.toUpperCase());

const quantities = ['m', 'v'] as const;
type Quantity = (typeof quantities)[number];
const classMoments: Readonly<Record<Quantity, number>> = { m: 1, v: claimSigma2 };

/** A fifth of the distortion of the mean, or of the variance itself (a w wrong by 0.14 in the ODE), would contradict the closed form. */
function marginOf(quantity: Quantity, expected: number): number {
  return quantity === 'm' ? (expected - 1) / 5 : expected / 5;
}

function reducedChecks(evidence: Evidence, sampler: SamplerName, w: number, d: number): Check[] {
  const result = evidence.result(reducedName(sampler, w, d));
  const closed = infiniteClasses(w, claimSigma2, samplers[sampler]);
  const label = `single Gaussian, ${sampler.toUpperCase()}, w = ${w}, d = ${d}`;
  const degreesOfFreedom = sizes[evidence.effort].realizations - 1;
  return quantities.flatMap((quantity): Check[] => {
    const { mean, standardError } = result[quantity];
    const shared = {
      measured: mean,
      standardError: standardError!,
      degreesOfFreedom,
      bias: stepError[quantity] * closed[quantity],
    };
    const agreement: Check = {
      ...shared,
      label: `${label}: ${quantity}`,
      test: 'agreement',
      expected: closed[quantity],
      margin: marginOf(quantity, closed[quantity]),
    };
    // At stronger guidance it is so large that nothing is learned from asking.
    if (w > 1) return [agreement];
    return [
      agreement,
      {
        ...shared,
        label: `${label}: ${quantity} against the class's`,
        test: quantity === 'm' ? 'above' : 'below',
        expected: classMoments[quantity],
        margin: Math.abs(closed[quantity] - classMoments[quantity]),
      },
    ];
  });
}

/** A Gaussian guided by a Gaussian, in all coordinates. */
function pairChecks(evidence: Evidence, sampler: Sampler, d: number): Check[] {
  const w = 1;
  const pair = infiniteClassesPair(d, claimSigma2);
  const realizations = 40;
  const result = simulateGaussianPair(
    {
      ...pair,
      schedule: constantSchedule(w),
      sampler,
      process: ornsteinUhlenbeck,
      startTime: null,
    },
    {
      particles: Math.round((4 * sizes[evidence.effort].pair) / d),
      realizations,
      steps: 60,
      seed: evidence.seed,
    },
  );
  const along = projectGaussianPair(result, pair, pair.conditionalMean).meanFactor!;
  const closed = infiniteClasses(w, claimSigma2, sampler);
  const label = `Gaussian pair, ${titleOf(sampler)}, w = ${w}, d = ${d}`;
  return quantities.map((quantity) => {
    const { mean, standardError } = quantity === 'm' ? along : result.variance;
    return {
      label: `${label}: ${quantity}`,
      test: 'agreement',
      expected: closed[quantity],
      measured: mean,
      standardError: standardError!,
      degreesOfFreedom: realizations - 1,
      bias: stepError[quantity] * closed[quantity],
      margin: marginOf(quantity, closed[quantity]),
    };
  });
}

/** Explicit classes, the largest number: half the distance to the class's moments would contradict the limit. */
function growingChecks(evidence: Evidence, sampler: SamplerName, d: number): Check[] {
  const closed = infiniteClasses(growing.w, claimSigma2, samplers[sampler]);
  const classes = growing.classes.at(-1)!;
  return fullChecks(evidence, growingName(sampler, d, classes), closed, classMoments, {
    label: `full, ${sampler.toUpperCase()}, w = ${growing.w}, d = ${d}, K = ${classes}`,
  });
}

function aboveChecks(evidence: Evidence, sampler: SamplerName): Check[] {
  const { w, sigma2, alpha, d } = above;
  const closed = infiniteClasses(w, sigma2, samplers[sampler]);
  return fullChecks(
    evidence,
    `above ${sampler}`,
    closed,
    { m: 1, v: sigma2 },
    {
      label: `full, ${sampler.toUpperCase()}, σ² = ${sigma2}, w = ${w}, α = ${alpha} above critical, d = ${d}`,
    },
  );
}

function fullChecks(
  evidence: Evidence,
  name: string,
  closed: Readonly<Record<Quantity, number>>,
  ofClass: Readonly<Record<Quantity, number>>,
  { label }: { readonly label: string },
): Check[] {
  const result = evidence.result(name);
  return quantities.map((quantity) => {
    const { mean, standardError } = result[quantity];
    const distortion = Math.abs(closed[quantity] - ofClass[quantity]);
    return {
      label: `${label}: ${quantity}`,
      test: 'agreement',
      expected: closed[quantity],
      measured: mean,
      standardError: standardError!,
      degreesOfFreedom: sizes[evidence.effort].realizations - 1,
      // As far as the guided class has weight at the data, guidance is already off.
      bias: result.guidedWeight.mean * distortion + stepError[quantity] * closed[quantity],
      margin: distortion / 2,
    };
  });
}

/** The mean field at infinite rate. */
function solverChecks(evidence: Evidence, sampler: Sampler): Check[] {
  return coefficients.flatMap((w) => {
    const { final } = evidence.solve(
      {
        alpha: Infinity,
        sigma2: claimSigma2,
        ensemble: 'gaussian',
        sampler,
        process: ornsteinUhlenbeck,
        guidance: { w },
        startTime: null,
      },
      { fluctuations: false },
    );
    const closed = infiniteClasses(w, claimSigma2, sampler);
    return quantities.map((quantity): Check => ({
      label: `mean field, ${titleOf(sampler)}, w = ${w}, infinite rate: ${quantity}`,
      test: 'identity',
      expected: closed[quantity],
      measured: final === null ? NaN : final[quantity],
      standardError: null,
      margin: 1e-7,
    }));
  });
}

function aboveFinding(evidence: Evidence, sampler: SamplerName): string {
  const { w, sigma2, alpha, d } = above;
  const { guidedWeight } = evidence.result(`above ${sampler}`);
  const critical = criticalClassRate(w, sigma2, samplers[sampler]);
  return (
    `${sampler.toUpperCase()}, σ² = ${sigma2}, w = ${w}: critical rate ${critical.toFixed(3)}. At α = ${alpha}, d = ${d} the guided class still has the ` +
    `mean weight ${guidedWeight.mean.toFixed(3)} at the data, which vanishes with growing d.`
  );
}
