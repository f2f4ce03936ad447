import { infiniteClasses } from '../../closedForms/afterTransition.ts';
import { samplers } from '../../guidance/sampler.ts';
import type { Evidence, EvidencePanel, EvidenceSeries } from './claim.ts';
import {
  coefficients,
  dimensions,
  growing,
  growingName,
  reducedName,
  samplerNames,
} from './infiniteClassesRuns.ts';
import { claimSigma2 } from './requests.ts';

function variancePoints(
  evidence: Evidence,
  names: readonly string[],
): Pick<EvidenceSeries, 'y' | 'standardError'> {
  const values = names.map((name) => evidence.result(name).v);
  return {
    y: values.map(({ mean }) => mean / claimSigma2),
    standardError: values.map(({ standardError }) => standardError! / claimSigma2),
  };
}

/** Variance without weight of the guided class against the dimension. */
export function dimensionPanel(evidence: Evidence): EvidencePanel {
  return {
    title: 'One Gaussian as unconditional model: variance at any dimension',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'variance over σ²', scale: 'log' },
    series: samplerNames.flatMap((sampler) =>
      coefficients.flatMap((w): EvidenceSeries[] => {
        const closed = infiniteClasses(w, claimSigma2, samplers[sampler]).v / claimSigma2;
        const label = `${sampler.toUpperCase()}, w = ${w}`;
        const at = dimensions.map(() => closed);
        return [
          { label: `${label}, closed form`, source: 'closed form', group: sampler, x: dimensions, y: at },
          {
            label: `${label}, reduced`,
            source: 'reduced',
            group: sampler,
            x: dimensions,
            ...variancePoints(
              evidence,
              dimensions.map((d) => reducedName(sampler, w, d)),
            ),
            expected: at,
          },
        ];
      }),
    ),
  };
}

/** Variance with explicit classes against their number. */
export function classesPanel(evidence: Evidence): EvidencePanel {
  const { classes, w } = growing;
  return {
    title: `Explicit classes, w = ${w}: variance as their number grows`,
    x: { label: 'number of classes K', scale: 'log' },
    y: { label: 'variance over σ²' },
    series: samplerNames.flatMap((sampler): EvidenceSeries[] => {
      const closed = infiniteClasses(w, claimSigma2, samplers[sampler]).v / claimSigma2;
      return [
        {
          label: `${sampler.toUpperCase()}, K → ∞`,
          source: 'closed form',
          group: sampler,
          x: classes,
          y: classes.map(() => closed),
        },
        ...growing.dimensions.map((d): EvidenceSeries => ({
          label: `full, ${sampler.toUpperCase()}, d = ${d}`,
          source: 'full',
          group: sampler,
          x: classes,
          ...variancePoints(
            evidence,
            classes.map((count) => growingName(sampler, d, count)),
          ),
        })),
      ];
    }),
  };
}
