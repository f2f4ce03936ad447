import type { Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { sizePoint, type Limit, type Quantity } from './exponentialRegimeLimits.ts';
import { claimSigma2 } from '../protocol/requests.ts';

const titles: Readonly<Record<Quantity, string>> = {
  m: 'overlap with the guided class',
  v: 'variance per coordinate over σ²',
};
const units: Readonly<Record<Quantity, number>> = { m: 1, v: claimSigma2 };

/** The first point of each sampler against 1/d. */
export function dimensionPanel(
  evidence: Evidence,
  limits: readonly Limit[],
  quantity: Quantity,
): EvidencePanel {
  const shown = limits.slice(0, 2);
  const unit = units[quantity];
  const series = shown.flatMap(({ runs, fitted }): EvidenceSeries[] => {
    const { point, full, reduced } = runs;
    const { theory, fit } = fitted[quantity];
    const group = point.sampler;
    const label = `${group.toUpperCase()}, α = ${point.alpha}, w = ${point.w}`;
    // Even in 1/d, at whole dimensions, with the limit at 0.
    const inverse = Array.from({ length: 30 }, (_, i) => 1 / Math.round((30 * full[0]!) / (30 - i)));
    const points = (mode: 'full' | 'reduced', dimensions: readonly number[]): EvidenceSeries => {
      const values = dimensions.map((d) => sizePoint(evidence, mode, point, d, quantity));
      return {
        label: `${mode}, ${label}`,
        source: mode,
        group,
        x: dimensions.map((d) => 1 / d),
        y: values.map(({ value }) => value / unit),
        standardError: values.map(({ standardError }) => standardError / unit),
        expected: dimensions.map((d) => fit.curve(mode, d) / unit),
      };
    };
    return [
      {
        label: `theory, ${label}`,
        source: 'theory',
        group,
        x: [0, 1 / full[0]!],
        y: [theory / unit, theory / unit],
      },
      {
        label: `fit, ${label}`,
        source: 'fit',
        group,
        x: [...inverse, 0],
        y: [...inverse.map((x) => fit.curve('full', Math.round(1 / x)) / unit), fit.full.value / unit],
      },
      points('full', full),
      points('reduced', reduced),
    ];
  });
  return {
    title: `${quantity === 'm' ? 'Overlap' : 'Variance'} against 1/d, gaussian ensemble`,
    x: { label: '1/d' },
    y: { label: titles[quantity] },
    series,
  };
}

/** Every limit against its prediction. */
export function limitPanel(limits: readonly Limit[]): EvidencePanel {
  const largest = Math.max(...limits.map(({ fitted }) => fitted.m.theory - 1));
  const of = (sampler: 'ode' | 'sde'): EvidenceSeries => {
    const own = limits.filter(({ runs }) => runs.point.sampler === sampler);
    return {
      label: `full, ${sampler.toUpperCase()}`,
      source: 'full',
      group: sampler,
      x: own.map(({ fitted }) => fitted.m.theory - 1),
      y: own.map(({ fitted }) => fitted.m.fit.full.value - 1),
      standardError: own.map(({ fitted }) => fitted.m.fit.full.standardError),
      expected: own.map(({ fitted }) => fitted.m.theory - 1),
    };
  };
  return {
    title: 'Distortion of the mean at d → ∞, all points',
    x: { label: 'mean field: m − 1' },
    y: { label: 'full simulation: m − 1' },
    series: [
      { label: 'equal', source: 'theory', group: 'equal', x: [0, largest], y: [0, largest] },
      of('ode'),
      of('sde'),
    ],
  };
}
