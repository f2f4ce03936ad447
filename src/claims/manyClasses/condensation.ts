import { complexity } from '../../closedForms/complexity.ts';
import { gaussianCondensedRoot } from '../../meanfield/competing/gaussian.ts';
import { trajectoryRow } from '../../meanfield/trajectory.ts';
import { findRoot } from '../../numerics/roots.ts';
import { invariantRatio } from '../../process/variances.ts';
import type { Check, Claim, Evidence } from '../protocol/claim.ts';
import { randomEnergies, unguidedParticipation } from './condensationEnergies.ts';
import { complexityPanel, participationPanel } from './condensationPanels.ts';
import {
  condensationRequests,
  condensationRuns,
  condensationTitle,
  participationGrowth,
  participationRate,
  resultAt,
  rowAt,
  unguidedClocks,
  type CondensationRuns,
} from './condensationRuns.ts';
import {
  identityChecks,
  intermediate,
  intermediateName,
  intermediateProblem,
} from '../protocol/intermediateNoise.ts';
import { problemOf } from '../protocol/requests.ts';

/** Where the classes are far from condensed, at condensation, and condensed under negative guidance. */
const early = [-2.1, -1.7];
const condensing = -0.07;
const condensed = [0.5, 0.9];

/** Bias of a growth rate between the dimensions used: powers of d before the exponential. */
const growthBias = 0.01;
/** Complexity at finite d less its limit, at the early clocks. */
const complexityBias = 0.004;

/** Condensation of the competing classes. */
export const condensationClaim: Claim = {
  id: 'condensation',
  title: 'Condensation of the competing classes',
  statement:
    'Where the complexity of the competing classes is positive, exponentially many share the posterior weight; where it vanishes they condense: a ' +
    'number of them that does not grow with d shares it, with the participation ratio of the random energy model. Negative guidance brings a particle there ' +
    'before it has reached its class.',
  formula:
    'E Σp² = 1 − β_c/β for β > β_c (centres independent of x), 0 else; typically log(1/Σp²)/d → 2φ − φ₂',
  source:
    'our derivation; the random energy model’s law is Derrida’s, and at w = 0 the vanishing complexity is the collapse of [B24] arXiv 2402.18491',
  method:
    'Full simulation. w = 0, α = 0.5: mean inverse participation ratio against the exact finite-d average of the random energy model. w = −0.4, ' +
    'α = 0.3: complexity against the mean field, growth of the participation ratio with d before and after condensation.',
  simulations(effort) {
    const { unguided, negative, strong } = condensationRuns(effort);
    return condensationRequests([unguided, ...negative, ...(strong === null ? [] : [strong])]);
  },
  measure(evidence) {
    const { unguided, negative, strong } = condensationRuns(evidence.effort);
    const predicted = unguided.dimensions.map((d) =>
      unguidedClocks.map((clock) => unguidedParticipation(d, unguided.point.alpha * d, Math.exp(-clock))),
    );
    return {
      checks: [
        ...negative.flatMap((run) => negativeChecks(evidence, run)),
        ...unguidedChecks(evidence, unguided, predicted),
        ...limitChecks(unguided.point.alpha),
        ...negative.slice(0, 1).flatMap((run) => intermediateChecks(evidence, run)),
      ],
      panels: [
        participationPanel(evidence, unguided, predicted),
        complexityPanel(evidence, negative[0]!, solved(evidence, negative[0]!)),
      ],
      findings: [
        ...negative.map((run) => negativeFinding(evidence, run)),
        ...(strong === null ? [] : [strongFinding(evidence, strong)]),
      ],
    };
  },
};

function solved(evidence: Evidence, run: CondensationRuns) {
  return evidence.solve(problemOf({ ...run.point, guidance: run.point.w }), { fluctuations: false });
}

/** Mean inverse participation ratio at w = 0 against the exact average (eq. energies-laplace). */
function unguidedChecks(
  evidence: Evidence,
  run: CondensationRuns,
  predicted: readonly (readonly number[])[],
): Check[] {
  return run.dimensions.flatMap((d, i) =>
    unguidedClocks.map((clock, j): Check => {
      const row = rowAt(evidence, run, d, clock);
      const expected = predicted[i]![j]!;
      return {
        label: `full, ${condensationTitle(run)}, d = ${d}, λ = ${clock}: mean inverse participation ratio`,
        test: 'agreement',
        expected,
        measured: row.inverseParticipation?.mean ?? NaN,
        standardError: row.inverseParticipation?.standardError ?? 1,
        degreesOfFreedom: run.realizations - 1,
        // Particles that the guided class has to 1e-6 are not recorded; they see other classes' weights more uneven.
        bias: 0.2 * (1 - row.othersFraction),
        margin: 0.2 * expected,
      };
    }),
  );
}

/** The exact average at d = 1e5 against its limit 1 - 1/x (eq. energies-limit). */
function limitChecks(alpha: number): Check[] {
  return [0, 0.7, 1.1].map((clock): Check => {
    const variance = Math.exp(-clock);
    const d = 1e5;
    // x = 1 on the uncondensed branch.
    const x = gaussianCondensedRoot(alpha, Math.exp(clock), 1);
    return {
      label: `random energy model, α = ${alpha}, λ = ${clock}, d = ${d}: mean inverse participation ratio`,
      test: 'identity',
      expected: 1 - 1 / x,
      measured: randomEnergies(d, alpha * d, 1 + variance, variance).inverseParticipation,
      standardError: null,
      margin: 1e-3,
    };
  });
}

/** Negative guidance: complexity before condensation, growth of the participation ratio, and which comes first. */
function negativeChecks(evidence: Evidence, run: CondensationRuns): Check[] {
  const solution = solved(evidence, run);
  const title = `full, ${condensationTitle(run)}`;
  const d = run.dimensions.at(-1)!;
  const range = `d = ${run.dimensions[0]} to ${d}`;
  const degreesOfFreedom = run.realizations - 1;
  const weight = rowAt(evidence, run, d, condensing).guidedWeight;
  return [
    ...condensed.map((clock): Check => {
      const { value, standardError } = participationGrowth(evidence, run, clock);
      return {
        label: `${title}, λ = ${clock} (condensed): growth of log participation with d, ${range}`,
        test: 'agreement',
        expected: 0,
        measured: value,
        standardError,
        degreesOfFreedom,
        bias: growthBias,
        margin: 0.05,
      };
    }),
    ...early.map((clock): Check => {
      const { complexity } = rowAt(evidence, run, d, clock);
      return {
        label: `${title}, d = ${d}, λ = ${clock}: complexity`,
        test: 'agreement',
        expected: trajectoryRow(solution, clock).complexity,
        measured: complexity?.mean ?? NaN,
        standardError: complexity?.standardError ?? 1,
        degreesOfFreedom,
        bias: complexityBias,
        // A tenth of the class rate, all of which it is at infinite noise.
        margin: run.point.alpha / 10,
      };
    }),
    ...early.map((clock): Check => {
      const { value, standardError } = participationGrowth(evidence, run, clock);
      return {
        label: `${title}, λ = ${clock}: growth of log participation with d, ${range}`,
        test: 'agreement',
        expected: participationRate(solution, clock),
        measured: value,
        standardError,
        degreesOfFreedom,
        bias: growthBias,
        margin: 0.05,
      };
    }),
    {
      label: `${title}, d = ${d}: weight of the guided class at condensation, below 1/2`,
      test: 'below',
      expected: 0.5,
      measured: weight.mean,
      standardError: weight.standardError!,
      degreesOfFreedom,
      margin: 0.25,
    },
    {
      label: `mean field, ${condensationTitle(run)}: clock of condensation, no transition before`,
      test: 'identity',
      expected: condensing,
      measured: solution.phase === 'condensed' ? solution.flow.endClock : NaN,
      standardError: null,
      margin: 0.02,
    },
  ];
}

/** Between the samplers: where the complexity of the closed path vanishes. */
function intermediateChecks(evidence: Evidence, { point: { alpha, w } }: CondensationRuns): Check[] {
  const solution = evidence.solve(intermediateProblem(alpha, { w }), { fluctuations: false });
  const left = (clock: number) => complexity(invariantRatio(clock), alpha, w, intermediate);
  return identityChecks(
    `mean field, ${intermediateName}, α = ${alpha}, w = ${w}`,
    [
      [
        'clock of condensation against the closed form',
        findRoot(left, -1, 1).root,
        solution.phase === 'condensed' ? solution.flow.endClock : NaN,
      ],
    ],
    1e-7,
  );
}

function negativeFinding(evidence: Evidence, run: CondensationRuns): string {
  const solution = solved(evidence, run);
  const d = run.dimensions.at(-1)!;
  const { m, v } = resultAt(evidence, run, d);
  const closure = solution.staticClosure;
  const clock = condensed[0]!;
  const row = trajectoryRow(solution, clock);
  const a = problemOf({ ...run.point, guidance: run.point.w }).process.signalScale(row.time);
  const independent = randomEnergies(d, run.point.alpha * d, row.q / (a * a), Math.exp(-clock));
  const Y = rowAt(evidence, run, d, clock).inverseParticipation;
  return (
    `${condensationTitle(run)}, d = ${d}: at λ = ${clock} the mean inverse participation ratio is ` +
    `${Y?.mean.toFixed(3) ?? '?'}(${Y?.standardError?.toFixed(3) ?? '?'}); classes independent of the particle would have ` +
    `${independent.inverseParticipation.toFixed(3)}: it has moved towards the few that hold it. At the data m = ${m.mean.toFixed(4)}` +
    `(${m.standardError!.toFixed(4)}), v = ${v.mean.toFixed(4)}(${v.standardError!.toFixed(4)}); static closure ` +
    `${closure?.m.toFixed(4) ?? '?'}, ${closure?.v.toFixed(4) ?? '?'}.`
  );
}

/** What the simulation shows of the window at strong guidance, where the mean field condenses. */
function strongFinding(evidence: Evidence, run: CondensationRuns): string {
  const solution = solved(evidence, run);
  const parts = run.clocks.slice(2).map((clock) => {
    const { value, standardError } = participationGrowth(evidence, run, clock);
    return `${value.toFixed(3)}(${standardError.toFixed(3)}) at λ = ${clock}`;
  });
  return (
    `${condensationTitle(run)}: the mean field condenses at λ = ${solution.flow.endClock.toFixed(2)}. Up to d = ${run.dimensions.at(-1)} ` +
    `the simulation does not show it: log participation grows with d at the rate ${parts.join(', ')}.`
  );
}
