import { normalCdf } from '../../numerics/distributions.ts';
import type { CrossingAnalysis } from '../../numerics/fits/crossingPoint.ts';
import type { SizeCurve } from '../../numerics/fits/sizeCurve.ts';
import type { EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { closedCriticalRate, closedGapSpread, familyName, type CriticalFamily } from './criticalRateRuns.ts';

/** The curves of one family with the Gaussian law of their crossover (eq. crossover). */
export function curvesPanel(family: CriticalFamily, curves: readonly SizeCurve[]): EvidencePanel {
  const centre = closedCriticalRate(family.point);
  const spread = closedGapSpread(family.point);
  const law = (d: number, alpha: number) => normalCdf((Math.sqrt(d) * (centre - alpha)) / spread);
  return {
    title: `Fraction speciated at the data, ${familyName(family)}`,
    x: { label: 'class rate α' },
    y: { label: 'fraction of particles' },
    series: curves.flatMap(({ size, points }): EvidenceSeries[] => {
      const reach = (1.7 * spread) / Math.sqrt(size);
      const x = Array.from({ length: 41 }, (_, n) => centre + reach * (n / 20 - 1));
      const group = `d = ${size}`;
      return [
        {
          label: `${group}, Gaussian law`,
          source: 'theory',
          group,
          x,
          y: x.map((alpha) => law(size, alpha)),
        },
        {
          label: group,
          source: 'reduced',
          group,
          x: points.map((at) => at.x),
          y: points.map(({ value }) => value),
          standardError: points.map(({ standardError }) => standardError),
          expected: points.map((at) => law(size, at.x)),
        },
      ];
    }),
  };
}

/** Crossings less the critical rate against 1/sqrt(d_1 d_2), with their extrapolation. */
export function centresPanel(
  measured: readonly { readonly family: CriticalFamily; readonly analysis: CrossingAnalysis }[],
): EvidencePanel {
  return {
    title: 'Crossings of successive curves less α_c',
    x: { label: '1/√(d₁d₂)' },
    y: { label: 'α − α_c' },
    series: measured.flatMap(({ family, analysis: { crossings, extrapolation } }): EvidenceSeries[] => {
      const { w, sampler } = family.point;
      const centre = closedCriticalRate(family.point);
      const group = w === 1 ? sampler : `${sampler}, w = ${w}`;
      const defined = crossings.filter(({ position }) => Number.isFinite(position.estimate));
      const points: EvidenceSeries = {
        label: familyName(family),
        source: 'reduced',
        group,
        x: defined.map(({ size }) => 1 / size),
        y: defined.map(({ position }) => position.estimate - centre),
        standardError: defined.map(({ position }) => position.standardError),
      };
      if (extrapolation === null) return [points];
      const x = [0, Math.max(...points.x)];
      const y = x.map((at) => extrapolation.limit - centre + extrapolation.slope * at);
      return [points, { label: `${familyName(family)}, line`, source: 'fit', group, x, y }];
    }),
  };
}
