import type { SamplerName } from '../../guidance/sampler.ts';
import { guidanceOf } from '../../guidance/written.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, SimulationRequest } from '../protocol/claim.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';
import { lawOutcome, scheduleProblem } from './schedulesShrinkLaws.ts';
import { listedSchedule, listedSchedules } from './schedulesShrinkListed.ts';
import { intermediateSchedules, randomSchedules } from './schedulesShrinkRandom.ts';

/** Schedules of the list as simulated: strength w, parameters. */
const simulated: readonly (readonly [id: string, w: number, values?: Readonly<Record<string, number>>])[] = [
  ['constant', 2],
  ['limited-interval', 4],
  ['linear', 2],
  ['inverse-linear', 3],
  ['cosine', 2],
  ['triangular', 3],
  ['early-only', 3, { fraction: 0.7 }],
  ['late-only', 3],
];

const alpha = 0.5;
/** Relative error of v that 40 steps leave (docs/theory/particles.md, tables of steps). */
const stepError = 3e-4;
/** Bound on the coefficient of 1/d in v/sigma2: it is below 0.5 at constant w (docs/theory/particles.md). */
const sizeCorrection = 1;
const reducedDimension = 2000;
const fullDimension = 16;
const samplerNames: readonly SamplerName[] = ['ode', 'sde'];

type Sample = Readonly<{ particles: number; realizations: number }>;

interface ClaimSize {
  readonly reduced: Sample;
  readonly full: Readonly<Record<SamplerName, Sample>>;
  /** 1 - v/sigma2 from which on its sign is asked of the full simulation: a smaller one is lost in its error. */
  readonly resolved: number;
}

// The SDE shrinks so much less that its sign takes a larger sample.
const sizes: Readonly<Record<Effort, ClaimSize>> = {
  quick: {
    reduced: { particles: 60, realizations: 16 },
    full: { ode: { particles: 60, realizations: 16 }, sde: { particles: 60, realizations: 16 } },
    resolved: 0.2,
  },
  default: {
    reduced: { particles: 60, realizations: 48 },
    full: { ode: { particles: 60, realizations: 32 }, sde: { particles: 250, realizations: 96 } },
    resolved: 0.042,
  },
  thorough: {
    reduced: { particles: 200, realizations: 200 },
    full: { ode: { particles: 400, realizations: 200 }, sde: { particles: 800, realizations: 400 } },
    resolved: 0.02,
  },
};

/** [V26]: no non-negative schedule prevents the shrinkage of the variance. */
export const schedulesShrinkClaim: Claim = {
  id: 'schedules-shrink',
  title: 'Every non-negative schedule shrinks the variance',
  statement:
    'Whatever the schedule, if the guidance coefficient is nowhere negative and acts at all, the samples have less variance across the class direction ' +
    'than their class. [V26] states it for standard schedules; the sign argument holds for every non-negative schedule and for the SDE as well.',
  formula: 'w(t) ≥ 0, not 0 before the transition  ⇒  v < σ²; ODE: v = σ² exp(−2 ∫ w (1/Γ − 1/D) dt)',
  source:
    '[V26] abstract and section on guidance schedules (ODE, infinitely many classes); the SDE and finite α are our derivation',
  method:
    'Every non-negative schedule of the list through the mean-field solver, over a grid of class rates and variances, and random ones, against the integral laws; ' +
    'eight of the list in the ' +
    `reduced simulation (d = ${reducedDimension}) and the full one (d = ${fullDimension}) at α = ${alpha}, both samplers.`,
  simulations(effort) {
    const { reduced, full } = sizes[effort];
    const requests: Record<string, SimulationRequest> = {};
    for (const sampler of samplerNames) {
      for (const [name, w, values] of simulated) {
        const guidance = listedSchedule(name, w, values);
        requests[`reduced ${sampler} ${name}`] = requestOf(
          { mode: 'reduced', d: reducedDimension, alpha, guidance, sampler },
          { ...reduced, steps: 40 },
        );
        requests[`full ${sampler} ${name}`] = requestOf(
          { mode: 'full', d: fullDimension, alpha, guidance, sampler },
          { ...full[sampler], steps: 16 },
        );
      }
    }
    return requests;
  },
  async measure(evidence) {
    const random = randomSchedules(evidence);
    const listed = await listedSchedules(evidence);
    const practice = await Promise.all(samplerNames.map((sampler) => practiceOf(evidence, sampler)));
    return {
      checks: [
        ...random.checks,
        ...listed.checks,
        ...practice.flatMap(({ checks }) => checks),
        ...intermediateSchedules(evidence),
      ],
      panels: [panelOf(practice.map(({ points }) => points)), listed.panel, random.panel],
      findings: [
        ...listed.findings,
        ...random.findings,
        forgettingOf(practice.map(({ points }) => points.theory)),
      ],
    };
  },
};

function forgettingOf([ode, sde]: readonly (readonly number[])[]): string {
  const ratios = ode!.map((value, i) => (1 - sde![i]!) / (1 - value));
  const percent = (value: number) => `${Math.round(100 * value)}`;
  return (
    'The SDE forgets most of the shrinkage behind the transition, but never all of it: over the schedules of practice ' +
    `1 − v/σ² is ${percent(Math.min(...ratios))} to ${percent(Math.max(...ratios))} % of the ODE's.`
  );
}

/** One sampler's schedules of practice: v/sigma2 with its theory. */
interface PracticePoints {
  readonly sampler: SamplerName;
  readonly theory: number[];
  readonly reduced: number[];
  readonly reducedError: number[];
  readonly full: number[];
  readonly fullError: number[];
}

async function practiceOf(
  evidence: Evidence,
  sampler: SamplerName,
): Promise<{ checks: Check[]; points: PracticePoints }> {
  const checks: Check[] = [];
  const points: PracticePoints = {
    sampler,
    theory: [],
    reduced: [],
    reducedError: [],
    full: [],
    fullError: [],
  };
  const { reduced, full, resolved } = sizes[evidence.effort];
  for (const [name, w, values] of simulated) {
    const guidance = await guidanceOf(listedSchedule(name, w, values));
    const ratios = lawOutcome(evidence, scheduleProblem(sampler, guidance, alpha, claimSigma2));
    if (ratios === null) throw new RangeError(`schedule ${name} condenses: choose another alpha`);
    points.theory.push(ratios.solver);
    for (const mode of ['reduced', 'full'] as const) {
      const { mean, standardError } = evidence.result(`${mode} ${sampler} ${name}`).v;
      const sample = mode === 'reduced' ? reduced : full[sampler];
      const measured = mean / claimSigma2;
      const error = standardError! / claimSigma2;
      points[mode].push(measured);
      points[mode === 'full' ? 'fullError' : 'reducedError'].push(error);
      const label = `${mode}, ${sampler.toUpperCase()}, ${name}: v/σ²`;
      const common = { measured, standardError: error, degreesOfFreedom: sample.realizations - 1 };
      // A full simulation of affordable size cannot tell the sign of a smaller shrinkage.
      if (mode === 'reduced' || 1 - ratios.solver > resolved) {
        checks.push({ ...common, label, test: 'below', expected: 1, margin: 1 - ratios.solver });
      }
      if (mode === 'reduced') {
        checks.push({
          ...common,
          label: `${label} against the law`,
          test: 'agreement',
          expected: ratios.solver,
          bias: stepError + sizeCorrection / reducedDimension,
          margin: 0.01,
        });
      }
    }
  }
  return { checks, points };
}

function panelOf(samplerPoints: readonly PracticePoints[]): EvidencePanel {
  const places = simulated.map((_, i) => i + 1);
  return {
    title: `schedules of practice, α = ${alpha}`,
    x: { label: simulated.map(([name], i) => `${i + 1} ${name}`).join(', ') },
    y: { label: 'variance v/σ²' },
    series: samplerPoints.flatMap(({ sampler, theory, reduced, reducedError, full, fullError }) => {
      const title = sampler.toUpperCase();
      const shared = { group: sampler, x: places, apart: true };
      return [
        { ...shared, label: `${title}, theory`, source: 'theory' as const, y: theory },
        {
          ...shared,
          label: `${title}, d = ${reducedDimension}`,
          source: 'reduced' as const,
          y: reduced,
          standardError: reducedError,
          expected: theory,
        },
        {
          ...shared,
          label: `${title}, d = ${fullDimension}`,
          source: 'full' as const,
          y: full,
          standardError: fullError,
        },
      ];
    }),
  };
}
