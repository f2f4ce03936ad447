import { scheduledOverlap, scheduledVarianceRatio } from '../../closedForms/scheduled.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { compileSchedule, type Guidance } from '../../guidance/schedule.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { RandomStream } from '../../numerics/random.ts';
import { guidanceOf } from '../../guidance/written.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { dataClock } from '../../process/variances.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, SimulationRequest } from './claim.ts';
import { claimSigma2, requestOf } from './requests.ts';

/** Schedules of practice in the OU time t, w(t) >= 0, as simulated. */
const simulated: readonly (readonly [name: string, formula: string])[] = [
  ['constant', '2'],
  ['limited interval', '(t > 0.5 and t < 1.5) ? 4 : 0'],
  ['increasing', '5*exp(-t)'],
  ['decreasing', 't < 3 ? t : 3'],
  ['cosine', 't < 2 ? 1.5*(1 + cos(pi*t/2)) : 0'],
  ['early only', 't > 0.8 ? 3 : 0'],
  ['late only', 't < 1 ? 3 : 0'],
];

const alpha = 0.5;
/** Relative error of v that 40 steps leave (docs/theory/particles.md, tables of steps). */
const stepError = 3e-4;
/** Bound on the coefficient of 1/d in v/sigma2: it is below 0.5 at constant w (docs/theory/particles.md). */
const sizeCorrection = 1;
const reducedDimension = 2000;
const fullDimension = 16;
const samplerNames: readonly SamplerName[] = ['ode', 'sde'];
/** Of the random numbers of the schedules. */
const scheduleStream = 100;
const bumps = 3;

type Sample = Readonly<{ particles: number; realizations: number }>;

interface ClaimSize {
  /** Random schedules. */
  readonly random: number;
  readonly reduced: Sample;
  readonly full: Readonly<Record<SamplerName, Sample>>;
  /** 1 - v/sigma2 from which on its sign is asked of the full simulation: a smaller one is lost in its error. */
  readonly resolved: number;
}

// The SDE shrinks so much less that its sign takes a larger sample.
const sizes: Readonly<Record<Effort, ClaimSize>> = {
  quick: {
    random: 12,
    reduced: { particles: 60, realizations: 16 },
    full: { ode: { particles: 60, realizations: 16 }, sde: { particles: 60, realizations: 16 } },
    resolved: 0.2,
  },
  default: {
    random: 60,
    reduced: { particles: 60, realizations: 48 },
    full: { ode: { particles: 60, realizations: 32 }, sde: { particles: 250, realizations: 96 } },
    resolved: 0.042,
  },
  thorough: {
    random: 1000,
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
    'Random non-negative schedules through the mean-field solver at α = 0.3, 0.6 and infinite, against the integral laws; seven schedules of practice in the ' +
    `reduced simulation (d = ${reducedDimension}) and the full one (d = ${fullDimension}) at α = ${alpha}, both samplers.`,
  simulations(effort) {
    const { reduced, full } = sizes[effort];
    const requests: Record<string, SimulationRequest> = {};
    for (const sampler of samplerNames) {
      for (const [name, schedule] of simulated) {
        const guidance = { schedule, clock: 't' } as const;
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
    const practice = await Promise.all(samplerNames.map((sampler) => practiceOf(evidence, sampler)));
    return {
      checks: [...random.checks, ...practice.flatMap(({ checks }) => checks)],
      panels: [panelOf(practice.map(({ points }) => points)), random.panel],
      findings: [...random.findings, forgettingOf(practice.map(({ points }) => points.theory))],
    };
  },
};

function problemOf(sampler: SamplerName, guidance: Guidance, rate: number): GuidedProblem {
  return {
    alpha: rate,
    sigma2: claimSigma2,
    ensemble: 'gaussian',
    sampler: samplers[sampler],
    process: ornsteinUhlenbeck,
    guidance,
    startTime: null,
  };
}

/** v/sigma2 of the solver, and how far v/sigma2 and m are from the integral laws up to the solver's transition. */
interface ScheduleOutcome {
  readonly solver: number;
  readonly varianceError: number;
  readonly overlapError: number;
}

/** One schedule through the solver and the laws; null where the classes condense. */
function outcomeOf(evidence: Evidence, problem: GuidedProblem): ScheduleOutcome | null {
  const solution = evidence.solve(problem, { fluctuations: false, staticClosure: false });
  if (solution.final === null) return null;
  const schedule = compileSchedule(problem.guidance, problem);
  const end = dataClock(problem.sigma2);
  const transition = solution.speciationClock ?? end;
  const solver = solution.final.v / problem.sigma2;
  const law = scheduledVarianceRatio(schedule, problem.sampler, transition, end);
  const overlap = scheduledOverlap(schedule, problem.sampler, transition, end);
  return {
    solver,
    varianceError: Math.abs(solver - law),
    overlapError: Math.abs(solution.final.m - overlap),
  };
}

/** A sum of bumps of the OU time: smooth, positive, of any shape. */
function randomSchedule(seed: number, index: number): Guidance {
  const stream = new RandomStream(seed, scheduleStream, index);
  const terms = Array.from({ length: bumps }, () => ({
    height: 4 * stream.nextUniform() ** 2,
    centre: 3 * stream.nextUniform(),
    width: 0.15 + stream.nextUniform(),
  }));
  const evaluate = (t: number) =>
    terms.reduce(
      (sum, { height, centre, width }) => sum + height * Math.exp(-(((t - centre) / width) ** 2)),
      0,
    );
  return {
    formula: { text: `random schedule ${index}`, variable: 't', evaluate, comparisons: [] },
    clock: 't',
  };
}

function randomSchedules(evidence: Evidence): {
  checks: Check[];
  panel: EvidencePanel;
  findings: string[];
} {
  const { random } = sizes[evidence.effort];
  const checks: Check[] = [];
  const findings: string[] = [];
  const series = samplerNames.map((sampler) => {
    const found: ScheduleOutcome[] = [];
    let condensed = 0;
    for (let i = 0; i < random; i++) {
      for (const rate of [0.3, 0.6, Infinity]) {
        const outcome = outcomeOf(evidence, problemOf(sampler, randomSchedule(evidence.seed, i), rate));
        if (outcome === null) condensed++;
        else found.push(outcome);
      }
    }
    const title = sampler.toUpperCase();
    const largest = Math.max(...found.map(({ solver }) => solver));
    checks.push(
      {
        label: `theory, ${title}: random schedules with v ≥ σ², of ${found.length}`,
        test: 'identity',
        expected: 0,
        measured: found.filter(({ solver }) => !(solver < 1)).length,
        standardError: null,
        margin: 0.5,
      },
      {
        label: `theory, ${title}: largest |v/σ² of the solver − integral law|`,
        test: 'identity',
        expected: 0,
        measured: Math.max(...found.map(({ varianceError }) => varianceError)),
        standardError: null,
        margin: 1e-6,
      },
      {
        label: `theory, ${title}: largest |m of the solver − integral law|`,
        test: 'identity',
        expected: 0,
        measured: Math.max(...found.map(({ overlapError }) => overlapError)),
        standardError: null,
        margin: 1e-6,
      },
    );
    findings.push(
      `${title}: over ${found.length} random non-negative schedules the largest v/σ² is ${largest.toFixed(6)}` +
        (condensed === 0 ? '.' : ` (${condensed} more condense before the transition: no mean-field value).`),
    );
    const sorted = found.map(({ solver }) => solver).sort((a, b) => a - b);
    return {
      label: title,
      source: 'theory' as const,
      group: sampler,
      x: sorted,
      y: sorted.map((_, i) => (i + 1) / sorted.length),
    };
  });
  return {
    checks,
    findings,
    panel: {
      title: 'random schedules: distribution of v/σ²',
      x: { label: 'variance v/σ²' },
      y: { label: 'share of the schedules below' },
      series,
    },
  };
}

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
  for (const [name, schedule] of simulated) {
    const guidance = await guidanceOf({ schedule, clock: 't' });
    const ratios = outcomeOf(evidence, problemOf(sampler, guidance, alpha));
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
      const shared = { group: sampler, x: places };
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
