import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import { trajectoryRow } from '../../meanfield/trajectory.ts';
import { gaussianCondensedRoot } from '../../meanfield/competing/gaussian.ts';
import type { Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { unguidedParticipation } from './condensationEnergies.ts';
import { rowAt, unguidedClocks, type CondensationRuns } from './condensationRuns.ts';

/** Mean inverse participation ratio without guidance: exact averages at each d, their limit, simulations. */
export function participationPanel(
  evidence: Evidence,
  run: CondensationRuns,
  predicted: readonly (readonly number[])[],
): EvidencePanel {
  const { alpha } = run.point;
  const clocks = Array.from({ length: 8 }, (_, i) => -0.6 + 0.2 * i);
  const fine = Array.from({ length: 61 }, (_, i) => -0.6 + 0.0225 * i);
  return {
    title: 'Mean inverse participation ratio of the other classes, w = 0, α = 0.5',
    x: { label: 'solver clock λ' },
    y: { label: 'E Σp²' },
    series: [
      {
        label: 'd → ∞: 1 − β_c/β',
        source: 'theory',
        group: 'limit',
        x: fine,
        y: fine.map((clock) => 1 - 1 / gaussianCondensedRoot(alpha, Math.exp(clock), 1)),
      },
      ...run.dimensions.flatMap((d, i): EvidenceSeries[] => {
        const group = `d = ${d}`;
        const rows = unguidedClocks.map((clock) => rowAt(evidence, run, d, clock).inverseParticipation);
        return [
          {
            label: `${group}, exact average`,
            source: 'theory',
            group,
            x: clocks,
            y: clocks.map((clock) => unguidedParticipation(d, alpha * d, Math.exp(-clock))),
          },
          {
            label: group,
            source: 'full',
            group,
            x: unguidedClocks,
            y: rows.map((row) => row?.mean ?? null),
            standardError: rows.map((row) => row?.standardError ?? null),
            expected: predicted[i]!,
          },
        ];
      }),
    ],
  };
}

/** Entropy and participation per dimension under negative guidance, with the complexity of the mean field. */
export function complexityPanel(
  evidence: Evidence,
  run: CondensationRuns,
  solution: OrderParameterSolution,
): EvidencePanel {
  const end = solution.flow.endClock;
  const fine = Array.from({ length: 61 }, (_, i) => Math.min(end, -2.3 + ((end + 2.3) * i) / 60));
  return {
    title: `Complexity of the other classes, α = ${run.point.alpha}, w = ${run.point.w}`,
    x: { label: 'solver clock λ' },
    y: { label: 'Σ' },
    series: [
      {
        label: 'mean field, up to condensation',
        source: 'theory',
        group: 'limit',
        x: fine,
        y: fine.map((clock) => trajectoryRow(solution, clock).complexity),
      },
      ...run.dimensions.map((d): EvidenceSeries => {
        const rows = run.clocks.map((clock) => rowAt(evidence, run, d, clock).complexity);
        return {
          label: `d = ${d}`,
          source: 'full',
          group: `d = ${d}`,
          x: run.clocks,
          y: rows.map((row) => row?.mean ?? null),
          standardError: rows.map((row) => row?.standardError ?? null),
        };
      }),
    ],
  };
}
