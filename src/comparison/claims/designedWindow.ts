import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { guidanceOf, type WrittenSchedule } from '../../guidance/written.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { ParticleEstimate } from '../../particles/observables/estimates.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, SimulationRequest } from './claim.ts';
import { requestOf } from './requests.ts';

/** A designed schedule and the problem it is for. */
interface DesignedPoint {
  readonly regime: 'exponential' | 'infinite';
  readonly sampler: SamplerName;
  readonly alpha: number;
  readonly sigma2: number;
  /** As `cfg-dmft schedule design --alpha A --sigma2 S --sampler NAME` gives it. */
  readonly schedule: string;
}

// With this rate and sigma2 = 1 the guided path stays above its critical rate: what happens is what happens with infinitely many classes.
const points: readonly DesignedPoint[] = [
  {
    regime: 'exponential',
    sampler: 'ode',
    alpha: 0.45,
    sigma2: 0.3,
    schedule: 't > 2.00458 ? 2.99775 : -0.0927734',
  },
  {
    regime: 'exponential',
    sampler: 'sde',
    alpha: 0.45,
    sigma2: 0.3,
    schedule: 't > 0.997329 ? 2.90545 : -0.105078',
  },
  {
    regime: 'infinite',
    sampler: 'ode',
    alpha: 0.6,
    sigma2: 1,
    schedule: 't > 2.1898 ? 2.98939 : -0.0546875',
  },
  {
    regime: 'infinite',
    sampler: 'sde',
    alpha: 0.6,
    sigma2: 1,
    schedule: 't > 0.825133 ? 1.77888 : -0.087207',
  },
];
const dimension = 20;
/** |v/sigma2 - 1| in the mean field, and in the full simulation. */
const withinTheory = 0.01;
const withinSimulation = 0.03;
/** log K at which the guided class has no weight: infinitely many classes. */
const infinite = 1e6;

type Sample = Readonly<{ particles: number; realizations: number }>;

interface ClaimSize {
  readonly exponential: Sample;
  /** Explicit classes above the critical rate; null: not simulated, 3 % cannot be told in a few seconds. */
  readonly infinite: Sample | null;
  readonly reduced: Sample;
}

const sizes: Readonly<Record<Effort, ClaimSize>> = {
  quick: {
    exponential: { particles: 100, realizations: 64 },
    infinite: null,
    reduced: { particles: 300, realizations: 24 },
  },
  default: {
    exponential: { particles: 150, realizations: 96 },
    infinite: { particles: 120, realizations: 64 },
    reduced: { particles: 1000, realizations: 48 },
  },
  thorough: {
    exponential: { particles: 400, realizations: 192 },
    infinite: { particles: 400, realizations: 128 },
    reduced: { particles: 4000, realizations: 96 },
  },
};

const nameOf = ({ sampler, alpha, sigma2 }: DesignedPoint) =>
  `${sampler.toUpperCase()}, α = ${alpha}, σ² = ${sigma2}`;
const scheduleOf = ({ schedule }: DesignedPoint): WrittenSchedule => ({ schedule, clock: 't' });

/** Our design problem solved: diversity kept, classes apart. */
export const designedWindowClaim: Claim = {
  id: 'designed-window',
  title: 'A designed window keeps the variance of the class and decides it early',
  statement:
    'Below and above the critical class rate, for the ODE and for the SDE, there are schedules, strong and positive early and slightly negative late, that leave the variance of the samples at that of ' +
    'their class, push the mean no less than to the class centre, and keep the competing classes uncondensed; below the critical rate the class is decided earlier than without guidance.',
  formula:
    'w = w₊ for t > t₁, w₋ < 0 below: |v/σ² − 1| < 1 % (theory), < 3 % (full simulation), m ≥ 1, Σ > 0',
  source: 'the window: [V26]; the designs are ours (docs/theory/schedule-design.md)',
  method: `Four schedules made by \`cfg-dmft schedule design\`: mean field at their class rates and at infinite rate, full simulation at d = ${dimension}, reduced simulation with infinitely many classes.`,
  simulations(effort) {
    const requests: Record<string, SimulationRequest> = {};
    for (const point of points) {
      const { regime, sampler, alpha, sigma2 } = point;
      const physics = { d: dimension, guidance: scheduleOf(point), sampler, sigma2 };
      const sample = sizes[effort][regime];
      if (sample !== null) {
        const request = requestOf({ ...physics, mode: 'full', alpha }, { ...sample, steps: 24 });
        requests[`full ${regime} ${sampler}`] = request;
      }
      if (regime === 'infinite') {
        requests[`reduced ${sampler}`] = requestOf(
          { ...physics, mode: 'reduced', logClasses: infinite },
          { ...sizes[effort].reduced, steps: 60 },
        );
      }
    }
    return requests;
  },
  async measure(evidence) {
    const solutions = await Promise.all(points.map((point) => solutionOf(evidence, point, point.alpha)));
    const checks: Check[] = [];
    for (const [i, point] of points.entries()) {
      checks.push(...theoryChecks(point, solutions[i]!), ...fullChecks(evidence, point, solutions[i]!));
      if (point.regime === 'infinite') checks.push(...(await infiniteChecks(evidence, point)));
      else checks.push(await decisionCheck(evidence, point, solutions[i]!));
    }
    return {
      checks,
      panels: [panelOf(evidence, solutions)],
      findings: points.map((point, i) => findingOf(evidence, point, solutions[i]!)),
    };
  },
};

async function solutionOf(
  evidence: Evidence,
  point: DesignedPoint,
  alpha: number,
  w?: number,
): Promise<OrderParameterSolution> {
  return evidence.solve(
    {
      alpha,
      sigma2: point.sigma2,
      ensemble: 'gaussian',
      sampler: samplers[point.sampler],
      process: ornsteinUhlenbeck,
      guidance: w === undefined ? await guidanceOf(scheduleOf(point)) : { w },
      startTime: null,
    },
    { fluctuations: false, staticClosure: false },
  );
}

const identity = { test: 'identity', expected: 0, standardError: null } as const;

function theoryChecks(point: DesignedPoint, solution: OrderParameterSolution): Check[] {
  const name = `theory, ${nameOf(point)}`;
  const { final, minComplexity } = solution;
  return [
    {
      ...identity,
      label: `${name}: v/σ² − 1`,
      measured: final === null ? Infinity : final.v / point.sigma2 - 1,
      margin: withinTheory,
    },
    {
      ...identity,
      label: `${name}: what m lacks of 1`,
      measured: final === null ? Infinity : Math.max(0, 1 - final.m),
      margin: 1e-9,
    },
    {
      ...identity,
      label: `${name}: what the complexity of the competing classes lacks of 0`,
      measured: Math.max(0, -(minComplexity ?? -Infinity)),
      margin: 1e-9,
    },
  ];
}

interface FullResult {
  readonly m: ParticleEstimate;
  readonly v: ParticleEstimate;
  readonly degreesOfFreedom: number;
}

/** The full simulation of a point; null where the effort leaves it out. */
function fullResult(evidence: Evidence, { regime, sampler }: DesignedPoint): FullResult | null {
  const sample = sizes[evidence.effort][regime];
  if (sample === null) return null;
  const { m, v } = evidence.result(`full ${regime} ${sampler}`);
  return { m, v, degreesOfFreedom: sample.realizations - 1 };
}

function fullChecks(evidence: Evidence, point: DesignedPoint, { final }: OrderParameterSolution): Check[] {
  const simulated = fullResult(evidence, point);
  if (simulated === null) return [];
  const { m, v, degreesOfFreedom } = simulated;
  const name = `full, ${nameOf(point)}, d = ${dimension}`;
  const ratio = {
    measured: v.mean / point.sigma2,
    standardError: v.standardError! / point.sigma2,
    degreesOfFreedom,
    margin: withinSimulation,
  };
  return [
    { ...ratio, label: `${name}: v/σ²`, test: 'above', expected: 1 - withinSimulation },
    { ...ratio, label: `${name}: v/σ²`, test: 'below', expected: 1 + withinSimulation },
    {
      label: `${name}: m`,
      test: 'above',
      expected: 1,
      measured: m.mean,
      standardError: m.standardError!,
      degreesOfFreedom,
      margin: (final?.m ?? 1.05) - 1,
    },
  ];
}

/** The same schedule with infinitely many classes: the reduced simulation is exact there, at any d. */
async function infiniteChecks(evidence: Evidence, point: DesignedPoint): Promise<Check[]> {
  const limit = await solutionOf(evidence, point, Infinity);
  const { m, v } = evidence.result(`reduced ${point.sampler}`);
  const name = `reduced, ${point.sampler.toUpperCase()}, infinitely many classes, d = ${dimension}`;
  const shared = {
    degreesOfFreedom: sizes[evidence.effort].reduced.realizations - 1,
    bias: 1e-3,
    margin: withinSimulation,
  };
  return [
    {
      ...identity,
      label: `theory, ${point.sampler.toUpperCase()}, infinitely many classes: v/σ² − 1`,
      measured: limit.final!.v / point.sigma2 - 1,
      margin: withinTheory,
    },
    {
      ...shared,
      label: `${name}: v/σ²`,
      test: 'agreement',
      expected: 1,
      measured: v.mean / point.sigma2,
      standardError: v.standardError! / point.sigma2,
    },
    {
      ...shared,
      label: `${name}: m`,
      test: 'agreement',
      expected: limit.final!.m,
      measured: m.mean,
      standardError: m.standardError!,
    },
  ];
}

/** The class is decided earlier than without guidance: at a larger time. */
async function decisionCheck(
  evidence: Evidence,
  point: DesignedPoint,
  solution: OrderParameterSolution,
): Promise<Check> {
  const unguided = await solutionOf(evidence, point, point.alpha, 0);
  return {
    ...identity,
    label: `theory, ${nameOf(point)}: how much later the class is decided than without guidance`,
    measured: Math.max(0, (unguided.speciationTime ?? Infinity) - (solution.speciationTime ?? 0)),
    margin: 1e-9,
  };
}

function panelOf(evidence: Evidence, solutions: readonly OrderParameterSolution[]): EvidencePanel {
  return {
    title: `designed schedules, d = ${dimension}`,
    x: { label: 'overlap m' },
    y: { label: 'variance v/σ²' },
    series: points.flatMap((point, i) => {
      const simulated = fullResult(evidence, point);
      const { final } = solutions[i]!;
      const shared = { group: point.sampler };
      return [
        {
          ...shared,
          label: `${nameOf(point)}, theory`,
          source: 'theory' as const,
          x: [final?.m ?? 1],
          y: [final === null ? null : final.v / point.sigma2],
        },
        ...(simulated === null
          ? []
          : [
              {
                ...shared,
                label: `${nameOf(point)}, full`,
                source: 'full' as const,
                x: [simulated.m.mean],
                y: [simulated.v.mean / point.sigma2],
                standardError: [simulated.v.standardError! / point.sigma2],
                expected: [1],
              },
            ]),
      ];
    }),
  };
}

function findingOf(evidence: Evidence, point: DesignedPoint, solution: OrderParameterSolution): string {
  const simulated = fullResult(evidence, point);
  const { final, minComplexity, speciationTime } = solution;
  if (final === null)
    return `${nameOf(point)}: the competing classes condense under w(t) = ${point.schedule}.`;
  return (
    `${nameOf(point)}, w(t) = ${point.schedule}: theory m = ${final.m.toFixed(4)}, v/σ² = ${(final.v / point.sigma2).toFixed(4)}, least complexity ${minComplexity!.toFixed(3)}` +
    `${speciationTime === null ? ', not decided' : `, decided at t = ${speciationTime.toFixed(3)}`}${simulated === null ? '' : `; full simulation at d = ${dimension}: ${simulationText(simulated, point.sigma2)}`}.`
  );
}

function simulationText({ m, v }: FullResult, sigma2: number): string {
  const ratio = `${(v.mean / sigma2).toFixed(4)} ± ${(v.standardError! / sigma2).toFixed(4)}`;
  return `m = ${m.mean.toFixed(4)} ± ${m.standardError!.toFixed(4)}, v/σ² = ${ratio}`;
}
