import type { Check, Claim } from '../protocol/claim.ts';
import {
  limitOf,
  quantities,
  type FittedQuantity,
  type Limit,
  type Quantity,
} from './exponentialRegimeLimits.ts';
import { dimensionPanel, limitPanel } from './exponentialRegimePanels.ts';
import { limitRequests, limitRuns, limitStepError } from './exponentialRegimeRuns.ts';
import { closedFormChecks } from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';

/** [V26]: with exponentially many classes the distortion survives d -> infinity, at the mean-field value. */
export const exponentialRegimeClaim: Claim = {
  id: 'exponential-regime',
  title: 'Exponentially many classes: distortion at any dimension',
  statement:
    'With K = exp(αd) classes at fixed α > 0, guided samples have too large an overlap with their class and too little variance across it, ' +
    'and with growing dimension both converge to the values of the dynamical mean-field theory, which differ from those of the class.',
  formula: 'K = e^{αd}, d → ∞: m → m(α, w, σ²) > 1, v → v(α, w, σ²) < σ²',
  source:
    '[V26] arXiv 2602.00716, abstract: "distortions arise when the number of classes scales exponentially with the data dimension"; the ' +
    'values are those of our mean field (docs/theory/dynamics.md)',
  method:
    'Full simulations at log K = 5 to 10, both samplers and ensembles, extrapolated in 1/d with the disorder of the classes as a further term; slope and ' +
    'curvature are shared with reduced simulations at d up to 10⁴, which have a limit of their own.',
  simulations: limitRequests,
  measure(evidence) {
    const limits = limitRuns(evidence.effort).map((runs) => limitOf(evidence, runs));
    return {
      checks: [
        ...limits.flatMap((limit) => agreementChecks(limit, 'full')),
        ...limits.flatMap(distortionChecks),
        ...limits.flatMap((limit) => agreementChecks(limit, 'reduced')),
        ...[1, 2].flatMap((w) => closedFormChecks(evidence, 0.3, w)),
      ],
      panels: [
        dimensionPanel(evidence, limits, 'm'),
        dimensionPanel(evidence, limits, 'v'),
        limitPanel(limits),
      ],
      findings: [...limits.map(findingOf), summaryOf(limits)],
    };
  },
};

/** Smallest deviation of v that would contradict the claim: below the shrinkage by any ODE among the points, 0.14 sigma2 at least. */
const varianceMargin = 0.1 * claimSigma2;

/** Limits against the mean field; for m, a third of the distortion would contradict it. */
function agreementChecks({ name, fitted }: Limit, mode: 'full' | 'reduced'): Check[] {
  return quantities.map((quantity) => {
    const { theory, fit } = fitted[quantity];
    const { value, standardError, effectiveDegrees } = fit[mode];
    return {
      label: `${mode}, ${name}: ${quantity} at d → ∞`,
      test: 'agreement',
      expected: theory,
      measured: value,
      standardError,
      degreesOfFreedom: effectiveDegrees,
      bias: limitStepError * value,
      margin: quantity === 'v' ? varianceMargin : theory > 1 ? (theory - 1) / 3 : 0.01,
    };
  });
}

/** The distortion that is left at d -> infinity is not zero. The SDE's in v is a few percent at these points: not asked for. */
function distortionChecks({ name, runs, fitted }: Limit): Check[] {
  const asked = runs.point.sampler === 'ode' ? quantities : (['m'] as const);
  return asked.map((quantity) => {
    const { theory, fit } = fitted[quantity];
    const expected = quantity === 'm' ? 1 : claimSigma2;
    return {
      label: `full, ${name}: ${quantity} at d → ∞ against the class's`,
      test: quantity === 'm' ? 'above' : 'below',
      expected,
      measured: fit.full.value,
      standardError: fit.full.standardError,
      degreesOfFreedom: fit.full.effectiveDegrees,
      bias: limitStepError * fit.full.value,
      margin: Math.max(0.01 * expected, Math.abs(theory - expected)),
    };
  });
}

function findingOf({ name, fitted }: Limit): string {
  const of = (quantity: Quantity) => {
    const { theory, fit, alone } = fitted[quantity];
    const { value, standardError } = fit.full;
    return (
      `${quantity} = ${value.toFixed(4)} ± ${standardError.toFixed(4)} (theory ${theory.toFixed(4)}; without the reduced simulation ` +
      `${alone.value.toFixed(4)} ± ${alone.standardError.toFixed(4)}; goodness ${fit.pValue!.toFixed(3)})`
    );
  };
  return `${name}: full simulation at d → ∞: ${of('m')}, ${of('v')}.`;
}

/** What a reader asks first: how many points agree within two standard errors, and how large those are. */
function summaryOf(limits: readonly Limit[]): string {
  const within = (select: (quantity: FittedQuantity) => { value: number; standardError: number }) =>
    limits.filter(({ fitted }) =>
      quantities.every((quantity) => {
        const { value, standardError } = select(fitted[quantity]);
        return Math.abs(value - fitted[quantity].theory) <= 2 * standardError;
      }),
    ).length;
  const largest = (quantity: Quantity) =>
    Math.max(
      ...limits.map(({ fitted }) => fitted[quantity].fit.full.standardError / fitted[quantity].theory),
    );
  return (
    `Within two standard errors of theory in m and v: ${within(({ fit }) => fit.full)} of ${limits.length} points; without the reduced ` +
    `simulation ${within(({ alone }) => alone)}. Largest standard errors: ${(100 * largest('m')).toFixed(2)} % of m, ` +
    `${(100 * largest('v')).toFixed(2)} % of v.`
  );
}
