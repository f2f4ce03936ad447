import { trajectoryRow } from '../../meanfield/trajectory.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';

/** What is drawn of one point. */
export interface DrawnArtefact {
  readonly title: string;
  readonly quenched: OrderParameterSolution;
  readonly annealed: OrderParameterSolution;
  readonly full: readonly { readonly d: number; readonly v: number; readonly standardError: number }[];
  readonly reduced: readonly { readonly d: number; readonly v: number; readonly standardError: number }[];
}

/** Variance in units of the quenched one against 1/d: full simulations, reduced ones, and both solutions. */
export function artefactPanel(points: readonly DrawnArtefact[]): EvidencePanel {
  const largest = 1 / Math.min(...points.flatMap(({ full }) => full.map(({ d }) => d)));
  const x = [0, 1.05 * largest];
  return {
    title: 'Variance across the class over its quenched value',
    x: { label: '1/d' },
    y: { label: 'v/v(quenched)' },
    series: [
      { label: 'quenched', source: 'theory', group: 'quenched', x, y: [1, 1] },
      ...points.flatMap(({ title, quenched, annealed, full, reduced }): EvidenceSeries[] => {
        const unit = quenched.final?.v ?? NaN;
        const trapped = (annealed.final?.v ?? NaN) / unit;
        const simulated = (source: 'full' | 'reduced', values: DrawnArtefact['full']): EvidenceSeries => ({
          label: `${title}, ${source}`,
          source,
          group: title,
          x: values.map(({ d }) => 1 / d),
          y: values.map(({ v }) => finiteOrNull(v / unit)),
          standardError: values.map(({ standardError }) => finiteOrNull(standardError / unit)),
        });
        return [
          {
            label: `${title}, annealed`,
            source: 'theory',
            group: title,
            x,
            y: [finiteOrNull(trapped), finiteOrNull(trapped)],
          },
          simulated('full', full),
          simulated('reduced', reduced),
        ];
      }),
    ],
  };
}

/** The gap psi - phi along both solutions: after the transition the annealed one comes back to 0. */
export function gapPanel(
  quenched: OrderParameterSolution,
  annealed: OrderParameterSolution,
  title: string,
): EvidencePanel {
  const from = (quenched.speciationClock ?? 0) - 0.5;
  const to = quenched.flow.endClock;
  const clocks = Array.from({ length: 81 }, (_, i) => from + ((to - from) * i) / 80);
  const along = (solution: OrderParameterSolution, label: string): EvidenceSeries => ({
    label,
    source: 'theory',
    group: label,
    x: clocks,
    y: clocks.map((clock) => {
      if (clock > solution.flow.endClock) return null;
      const { psi, phi } = trajectoryRow(solution, clock);
      return psi - phi;
    }),
  });
  return {
    title: `Gap of the free energies along the trajectory, ${title}`,
    x: { label: 'solver clock λ' },
    y: { label: 'ψ − φ' },
    series: [along(quenched, 'quenched'), along(annealed, 'annealed')],
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
