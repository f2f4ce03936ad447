import { potentialTable } from '../../meanfield/potentialTable.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import { trajectoryRow } from '../../meanfield/trajectory.ts';
import { clockAtNoiseToSignal } from '../../process/variances.ts';
import { processTimeOf } from '../state/command.ts';
import type { ExplorerState } from '../state/state.ts';
import type { Pause } from './pause.ts';
import type { PotentialResult } from './protocol.ts';
import { solutionOf } from './trajectory.ts';

/**
 * The effective potential along m at OU times, with the state in it.
 * @throws ParameterError for a negative time, or overlaps that do not increase
 */
export async function potentialOf(
  state: ExplorerState,
  times: readonly number[],
  overlaps: readonly number[],
  pause: Pause,
): Promise<PotentialResult> {
  const solution = await solutionOf(state);
  const rows = [];
  for (const t of times) {
    await pause();
    const time = processTimeOf(state, t);
    const table = potentialTable(solution, [time], overlaps);
    const at = table.state[0]!;
    const { potential } = potentialTable(solution, [time], [at.m]);
    rows.push({
      potential: table.potential[0]!,
      minima: table.minima[0]!,
      kink: table.kink[0]!,
      state: { ...at, potential: potential[0]![0]! },
      side: sideAt(solution, time),
    });
  }
  return {
    t: times,
    m: overlaps,
    potential: rows.map(({ potential }) => potential),
    minima: rows.map(({ minima }) => minima),
    kink: rows.map(({ kink }) => kink),
    state: rows.map((row) => row.state),
    side: rows.map(({ side }) => side),
  };
}

function sideAt(solution: OrderParameterSolution, time: number): PotentialResult['side'][number] {
  const { process, sigma2 } = solution.problem;
  const { psi, phi, complexity } = trajectoryRow(
    solution,
    clockAtNoiseToSignal(process.noiseToSignal(time), sigma2),
  );
  if (psi >= phi) return 'guided';
  return complexity < 0 ? 'condensed' : 'competing';
}
