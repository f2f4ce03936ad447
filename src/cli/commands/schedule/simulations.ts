import { deviation } from '../../../finiteSize/compare.ts';
import type { OrderParameterSolution } from '../../../meanfield/solve.ts';
import { mostSteps } from '../../../particles/problem/problem.ts';
import type { SimulatedOutcome } from '../../../threads/scheduleSimulation.ts';
import { group } from '../../frame/input.ts';
import { integer, number } from '../../frame/options.ts';
import { besideOptions } from '../../frame/beside.ts';
import { pick, show, showWithError, table } from '../../terminal/output.ts';

/** Full simulations beside the theory; null if none is requested. */
export const simulationOptions = group(
  {
    ...besideOptions,
    simulationSteps: number('time steps of a simulation', {
      as: 'S',
      default: 60,
      // The library says `steps`, which are other ones here.
      domain: integer(1, mostSteps),
      with: 'simulate',
    }),
  },
  ({ simulate: dimensions, particles, realizations, simulationSteps: steps, seed, workers }) =>
    dimensions === null ? null : { dimensions, options: { particles, realizations, steps, seed }, workers },
);

/** Simulations for the document. */
export function simulationDocument(outcomes: readonly SimulatedOutcome[]): Record<string, unknown>[] {
  return outcomes.map(({ d, result }) => ({
    d,
    ...pick(result, ['classes', 'm', 'q', 'v', 'vParallel', 'speciatedFraction']),
  }));
}

/** Theory and simulations as readable text, none without simulations. */
export function simulationText(
  { final, vParallel }: OrderParameterSolution,
  outcomes: readonly SimulatedOutcome[],
  source: 'full' | 'reduced' = 'full',
): string[] {
  if (outcomes.length === 0) return [];
  const theory = { m: final?.m ?? null, v: final?.v ?? null, vParallel };
  const rows = outcomes.flatMap(({ d, result }) =>
    (['m', 'v', 'vParallel'] as const).map((observable) => {
      const { mean, standardError } = result[observable];
      const row = { alpha: 0, w: null, d, observable, source, value: mean, standardError } as const;
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
  return [
    table([['observable', 'd', 'theory', `${source} simulation`, 'relative', 'in standard errors'], ...rows]),
  ];
}
