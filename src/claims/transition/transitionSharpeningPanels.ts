import { normalCdf } from '../../numerics/distributions.ts';
import type { SizeCurve } from '../../numerics/fits/sizeCurve.ts';
import type { EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { familyName, type CriticalFamily, type Crossover } from './criticalRateRuns.ts';

/** Curves of a family drawn on one, and their law. */
export interface CollapsedFamily {
  readonly curves: readonly SizeCurve[];
  readonly collapse: { readonly centre: number; readonly drift: number };
  readonly spread: number;
}

/** Curves against (alpha - alpha_c - drift/d) sqrt(d)/s, with the exponent 1/2 and not the fitted one. */
export function collapsePanel(title: string, { curves, collapse, spread }: CollapsedFamily): EvidencePanel {
  const x = Array.from({ length: 61 }, (_, i) => -2 + i / 15);
  const y = x.map((at) => normalCdf(-at));
  const { centre, drift } = collapse;
  return {
    title: `Collapse of the fraction speciated with the exponent 1/2, ${title}`,
    x: { label: 'X = (α − α_c − drift/d) √d/s' },
    y: { label: 'fraction of particles' },
    series: [
      { label: 'Φ(−X)', source: 'theory', group: 'law', x, y },
      ...curves.map(({ size, points }): EvidenceSeries => {
        const scaled = points.map((point) => ((point.x - centre - drift / size) * Math.sqrt(size)) / spread);
        return {
          label: `d = ${size}`,
          source: 'reduced',
          group: `d = ${size}`,
          x: scaled,
          y: points.map(({ value }) => value),
          standardError: points.map(({ standardError }) => standardError),
          expected: scaled.map((position) => normalCdf(-position)),
        };
      }),
    ],
  };
}

/** Widths of one family, and the predicted s. */
export interface FamilyWidths {
  readonly family: CriticalFamily;
  readonly crossovers: readonly (Crossover | null)[];
  readonly spread: number;
}

/** Widths over s against d, with 1/sqrt(d). */
export function widthPanel(families: readonly FamilyWidths[]): EvidencePanel {
  const x = Array.from({ length: 31 }, (_, i) => 18 * (1600 / 18) ** (i / 30));
  return {
    title: 'Width of the crossover over s',
    x: { label: 'd', scale: 'log' },
    y: { label: 'width/s', scale: 'log' },
    series: [
      { label: '1/√d', source: 'theory', group: 'law', x, y: x.map((d) => 1 / Math.sqrt(d)) },
      ...families.map(({ family, crossovers, spread }): EvidenceSeries => {
        const defined = crossovers.filter((at) => at !== null);
        return {
          label: familyName(family),
          source: family.mode,
          group: family.point.sampler,
          x: defined.map(({ size }) => size),
          y: defined.map(({ width }) => width / spread),
          standardError: defined.map(({ widthError }) => widthError / spread),
          expected: defined.map(({ size }) => 1 / Math.sqrt(size)),
        };
      }),
    ],
  };
}
