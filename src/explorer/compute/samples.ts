import { RandomStream } from '../../numerics/random.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import type { KernelName } from '../../particles/kernels/choose.ts';
import { planResolved } from '../../particles/plan/plan.ts';
import { samplePlan } from '../state/command.ts';
import type { ExplorerState } from '../state/state.ts';
import { particleLimits } from './particleLimits.ts';
import type { Pause } from './pause.ts';
import { problemOf } from './problem.ts';
import type { PlaneMoments, PlanePoint, SampleResult } from './protocol.ts';
import { realizationOf, simulationOf } from './simulation.ts';

/** Tag of the random numbers of the picture, apart from those of the particles (particles/problem/streams.ts). */
const pictureStream = 64;

/**
 * Samples of the true class and of guided sampling in the plane of mu_c and a random direction.
 * @throws ParameterError for a schedule that is not allowed
 */
export async function samplesOf(
  state: ExplorerState,
  pause: Pause,
  kernel: KernelName = 'auto',
): Promise<SampleResult> {
  const { dimension, sigma2, seed } = state;
  const simulation = await simulationOf(state, samplePlan, kernel, particleLimits.pictureSeconds);
  const isFull = simulation.refusal === null;
  await pause();
  const plan = planResolved(simulation.resolved, isFull ? 'full' : 'reduced', simulation.options);
  const root = Math.sqrt(dimension);
  const draws = new RandomStream(seed, pictureStream);
  const guided: PlanePoint[] = [];
  const truth: PlanePoint[] = [];
  for (let r = 0; r < samplePlan.realizations; r++) {
    for (const { begin, final } of await realizationOf(plan, simulation.engine, r, pause)) {
      // Every bundle is one particle: samplePlan has at most 64 of them.
      final.m.mean.forEach((m, i) => {
        draws.moveTo(r, begin + i);
        const across = Math.sqrt((dimension - 1) * final.v.mean[i]!) * directionCosine(draws, dimension - 1);
        guided.push([root * (m - 1), across]);
        const spread = Math.sqrt(sigma2);
        truth.push([spread * draws.nextNormal(), spread * draws.nextNormal()]);
      });
    }
  }
  const solution = solveOrderParameters(await problemOf(state));
  return {
    dimension,
    classes: Math.round(Math.exp(state.alpha * dimension)),
    source: isFull ? 'full' : 'reduced',
    fullRefused: simulation.refusal,
    truth,
    guided,
    truthMoments: momentsOf(truth),
    guidedMoments: momentsOf(guided),
    theory:
      solution.final === null
        ? null
        : { mean: root * (solution.final.m - 1), along: solution.vParallel, across: solution.final.v },
  };
}

/** Component of a fixed unit vector along a random direction in n dimensions. */
function directionCosine(draws: RandomStream, n: number): number {
  const own = draws.nextNormal();
  return own / Math.sqrt(own * own + (n > 1 ? draws.nextChiSquare(n - 1) : 0));
}

function momentsOf(points: readonly PlanePoint[]): PlaneMoments {
  const n = points.length;
  const mean = points.reduce((sum, [along]) => sum + along, 0) / n;
  return {
    mean,
    along: points.reduce((sum, [along]) => sum + (along - mean) ** 2, 0) / (n - 1),
    // The mean across is 0 by symmetry.
    across: points.reduce((sum, [, across]) => sum + across ** 2, 0) / n,
  };
}
