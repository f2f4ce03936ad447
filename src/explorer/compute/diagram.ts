import { samplers } from '../../guidance/sampler.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { criticalClassRate } from '../../meanfield/transition/criticalRate.ts';
import { phaseDiagram, type PhaseDiagram } from '../../meanfield/transition/phaseDiagram.ts';
import { diagramPasses } from '../state/command.ts';
import { limits, type ExplorerState } from '../state/state.ts';
import type { Pause } from './pause.ts';
import type { DiagramPass } from './protocol.ts';

const options = { fluctuations: false, staticClosure: false } as const;

/**
 * The phase diagram of constant guidance over the page's ranges of alpha and w, from infinite noise, where the process does not
 * matter: in passes, coarse to fine.
 */
export async function diagramOf(
  { sigma2, ensemble, sampler }: Pick<ExplorerState, 'sigma2' | 'ensemble' | 'sampler'>,
  onPass: (pass: DiagramPass) => void,
  pause: Pause,
  passes: readonly (readonly [alphas: number, ws: number])[] = diagramPasses,
): Promise<void> {
  const problem = {
    sigma2,
    ensemble,
    sampler: samplers[sampler],
    process: ornsteinUhlenbeck,
    startTime: null,
  };
  const { criticalAlpha: unguidedCriticalAlpha } = criticalClassRate({ ...problem, guidance: { w: 0 } });
  for (const [pass, [alphas, ws]] of passes.entries()) {
    const alpha = evenly(limits.alpha, alphas);
    const w = evenly(limits.w, ws);
    const rows: PhaseDiagram[] = [];
    for (const coefficient of w) {
      await pause();
      rows.push(phaseDiagram(problem, alpha, [coefficient], options));
    }
    onPass({
      pass,
      last: pass === passes.length - 1,
      alpha,
      w,
      m: rows.map(({ m }) => m[0]!),
      v: rows.map(({ v }) => v[0]!),
      phase: rows.map(({ phase }) => phase[0]!),
      speciationTime: rows.map(({ speciationTime }) => speciationTime[0]!),
      criticalAlpha: rows.map(({ criticalAlpha }) => criticalAlpha[0]!),
      unguidedCriticalAlpha,
    });
  }
}

/** Values spaced as ranges of the command line are: the last exactly, decimals as decimals. */
function evenly([from, to]: readonly [number, number], count: number): number[] {
  const step = (to - from) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? to : Number((from + step * i).toPrecision(15)),
  );
}
