import { transitionPoint, transitionRatio } from '../../closedForms/transition.ts';
import { samplers } from '../../guidance/sampler.ts';
import type { Check, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { crossingClock, type BoundaryRun, type BoundarySeries } from './transitionBoundaryRuns.ts';

/** A boundary measured for d -> infinity. */
export interface DrawnBoundary {
  readonly series: BoundarySeries;
  readonly check: Check;
}

/** The boundary r*(alpha, w): closed forms and both simulations. */
export function boundaryPanel(
  reduced: readonly DrawnBoundary[],
  full: readonly DrawnBoundary[],
): EvidencePanel {
  const rates = Array.from({ length: 46 }, (_, i) => 0.01 + 0.022 * i);
  const lines = (['ode', 'sde'] as const).flatMap((sampler) =>
    [1, 3].map((w): EvidenceSeries => ({
      label: `${sampler.toUpperCase()}, w = ${w}`,
      source: 'closed form',
      group: sampler,
      x: rates,
      y: rates.map((alpha) => transitionRatio(alpha, w, samplers[sampler])),
    })),
  );
  const points = (measured: readonly DrawnBoundary[], source: 'reduced' | 'full') =>
    (['ode', 'sde'] as const).map((sampler): EvidenceSeries => {
      const own = measured.filter(({ series }) => series.point.sampler === sampler);
      return {
        label: `${source}, ${sampler.toUpperCase()}, d → ∞`,
        source,
        group: sampler,
        x: own.map(({ series }) => series.point.alpha),
        y: own.map(({ check }) => finiteOrNull(check.measured)),
        standardError: own.map(({ check }) => check.standardError),
        expected: own.map(({ check }) => finiteOrNull(check.expected)),
      };
    });
  return {
    title: 'Universal boundary: clock of the transition against class rate',
    x: { label: 'class rate α' },
    y: { label: 'r* = Γ/D at the transition' },
    series: [
      {
        label: 'w = 0: exp(−2α)',
        source: 'closed form',
        group: 'w = 0',
        x: rates,
        y: rates.map((alpha) => Math.exp(-2 * alpha)),
      },
      ...lines,
      ...points(reduced, 'reduced'),
      ...points(full, 'full'),
    ],
  };
}

/** Approach to the limit at alpha = 0.3, w = 3: full beside reduced, both samplers. */
export function dimensionPanel(evidence: Evidence, full: readonly DrawnBoundary[]): EvidencePanel {
  const shown = full.filter(({ series: { point } }) => point.alpha === 0.3 && point.w === 3);
  const seriesOf = (runs: readonly BoundaryRun[], source: 'full' | 'reduced'): EvidenceSeries => {
    const clocks = runs.map((run) => crossingClock(evidence, run));
    const { sampler, alpha, w } = runs[0]!.point;
    const limit = transitionPoint(alpha, w, samplers[sampler])!.clock;
    return {
      label: `${source}, ${sampler.toUpperCase()}`,
      source,
      group: sampler,
      x: runs.map(({ d }) => 1 / d),
      y: clocks.map((crossing) => (crossing === null ? null : crossing.clock - limit)),
      standardError: clocks.map((crossing) => crossing?.standardError ?? null),
    };
  };
  return {
    title: 'Crossing clock less its limit, α = 0.3, w = 3',
    x: { label: '1/d' },
    y: { label: 'λ(d) − λ*' },
    series: shown.flatMap(({ series }) => [
      seriesOf(series.runs, 'full'),
      seriesOf(series.companions, 'reduced'),
    ]),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
