import type { Command } from 'commander';
import { deviation } from '../../../comparison/compare.ts';
import type { OrderParameterSolution } from '../../../meanfield/solve.ts';
import { ParameterError, requireInteger } from '../../../numerics/checks.ts';
import type { ParticleResult } from '../../../particles/tasks.ts';
import type { SimulationSpec } from '../../../particles/simulationSpec.ts';
import type { SchedulePathPoint } from '../../../plots/schedules/schedulePathFigure.ts';
import { clockAtNoiseToSignal, dataClock } from '../../../process/variances.ts';
import { integerOption, requiredText, type RawOptions } from '../../options.ts';
import { show, showWithError, table } from '../../output.ts';
import type { Progress } from '../../progress.ts';
import { parseRange } from '../../ranges.ts';
import { defaultWorkers, runSimulation } from '../../../threads/pool.ts';
import { relativeToClass, type DrawnProblem } from './series.ts';

const defaults = { particles: 200, realizations: 8, steps: 60, seed: 1 } as const;
/** Points of a simulation in the figure. */
const seriesPoints = 10;

/** Options of the simulations beside the theory. */
export function addSimulationOptions(command: Command): Command {
  return command
    .option('--simulate <list>', 'full simulations beside the theory at these dimensions, by comma')
    .option('--particles <N>', `particles per realisation (default: ${defaults.particles})`)
    .option('--realizations <R>', `realisations of the classes (default: ${defaults.realizations})`)
    .option('--simulation-steps <S>', `time steps of a simulation (default: ${defaults.steps})`)
    .option('--seed <I>', `seed of the random numbers (default: ${defaults.seed})`)
    .option('--workers <P>', `threads (default: all ${defaultWorkers()})`);
}

/** Requested simulations. */
export interface SimulationRequest {
  readonly dimensions: readonly number[];
  readonly options: {
    readonly particles: number;
    readonly realizations: number;
    readonly steps: number;
    readonly seed: number;
  };
  readonly workers: number;
}

/** Reads the simulations; null if none is requested. */
export function readSimulations(
  raw: RawOptions,
  given: (key: string) => boolean,
  alpha: number,
): SimulationRequest | null {
  if (raw['simulate'] === undefined) {
    for (const [key, option] of simulationKeys) {
      if (given(key)) throw new ParameterError(option, 'given with --simulate', raw[key]);
    }
    return null;
  }
  const dimensions = parseRange('simulate', requiredText(raw, 'simulate', 'simulate'));
  for (const dimension of dimensions) requireInteger('simulate', dimension, 2);
  if (alpha === Infinity) throw new ParameterError('alpha', 'finite in a simulation', 'infinity');
  return {
    dimensions,
    options: {
      particles: integerOption(raw, 'particles', 'particles', defaults.particles),
      realizations: integerOption(raw, 'realizations', 'realizations', defaults.realizations),
      steps: integerOption(raw, 'simulationSteps', 'simulation-steps', defaults.steps),
      seed: integerOption(raw, 'seed', 'seed', defaults.seed),
    },
    workers: integerOption(raw, 'workers', 'workers', defaultWorkers()),
  };
}

const simulationKeys = [
  ['particles', 'particles'],
  ['realizations', 'realizations'],
  ['simulationSteps', 'simulation-steps'],
  ['seed', 'seed'],
  ['workers', 'workers'],
] as const;

/** A full simulation beside the theory. */
export interface SimulatedOutcome {
  readonly d: number;
  readonly result: ParticleResult;
}

/** Runs the simulations, each with points along the way. @param from earliest process time of the points */
export async function simulateSchedule(
  spec: Omit<SimulationSpec, 'mode' | 'dimension' | 'classes' | 'logClasses' | 'guidedClass'>,
  alpha: number,
  problem: DrawnProblem,
  { dimensions, options, workers }: SimulationRequest,
  from: number,
  progress: Progress,
): Promise<SimulatedOutcome[]> {
  const outcomes: SimulatedOutcome[] = [];
  const clocks = Array.from({ length: seriesPoints }, (_, i) =>
    i === seriesPoints - 1
      ? dataClock(problem.sigma2)
      : clockAtNoiseToSignal(
          problem.process.noiseToSignal((from * (seriesPoints - 1 - i)) / seriesPoints),
          problem.sigma2,
        ),
  );
  for (const d of dimensions) {
    progress.stage(`full simulation, d = ${d}`);
    const full = {
      ...spec,
      mode: 'full',
      dimension: d,
      classes: null,
      logClasses: alpha * d,
      guidedClass: 'typical',
    } as const;
    const onProgress = progress.update.bind(progress);
    const { result } = await runSimulation(full, { ...options, clocks }, { workers, onProgress });
    outcomes.push({ d, result });
  }
  return outcomes;
}

/** Simulations for the document. */
export function simulationDocument(outcomes: readonly SimulatedOutcome[]): Record<string, unknown>[] {
  return outcomes.map(({ d, result }) => {
    const { classes, m, q, v, vParallel, speciatedFraction } = result;
    return { d, classes, m, q, v, vParallel, speciatedFraction };
  });
}

/** Points of the simulations for the figure. */
export function simulationPoints(
  problem: DrawnProblem,
  outcomes: readonly SimulatedOutcome[],
): SchedulePathPoint[] {
  return outcomes.flatMap(({ d, result }) =>
    result.series.map(({ time, m, v }) => {
      const unit = relativeToClass(problem, time, 1, 1);
      return {
        d,
        time,
        overlap: m.mean * unit.overlap,
        overlapError: m.standardError === null ? null : m.standardError * unit.overlap,
        variance: v.mean * unit.variance,
        varianceError: v.standardError === null ? null : v.standardError * unit.variance,
      };
    }),
  );
}

/** Theory and simulations as readable text. */
export function simulationText(
  solution: OrderParameterSolution,
  outcomes: readonly SimulatedOutcome[],
): string {
  const { final, vParallel } = solution;
  const theory = { m: final?.m ?? null, v: final?.v ?? null, vParallel };
  const rows = outcomes.flatMap(({ d, result }) =>
    (['m', 'v', 'vParallel'] as const).map((observable) => {
      const { mean, standardError } = result[observable];
      const row = { alpha: 0, w: null, d, observable, source: 'full', value: mean, standardError } as const;
      const difference = deviation(row, { ...row, value: theory[observable], standardError: null });
      return [
        observable,
        String(d),
        show(theory[observable]),
        showWithError(mean, standardError),
        difference.relative === null ? '' : `${(100 * difference.relative).toFixed(2)} %`,
        difference.standardErrors?.toFixed(1) ?? '',
      ];
    }),
  );
  return table([['observable', 'd', 'theory', 'full simulation', 'relative', 'in standard errors'], ...rows]);
}
