import {
  distortionSeries,
  distortionTable,
  shiftOf,
  type DistortionCurve,
  type DistortionPoint,
  type DistortionSeries,
  type Shift,
} from './distortionSeries.ts';
import { extent, finite, positive, ratio, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import type { Panel } from '../drawing/panels.ts';
import {
  axisTitle,
  ink,
  palette,
  samplerColour,
  samplerTitle,
  shortNumber,
  simulationMark,
  sourceTitle,
} from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

/** Input of {@link distortionFigure}. */
export interface DistortionInput {
  readonly w: number;
  readonly sigma2: number;
  readonly curves: readonly DistortionCurve[];
  readonly points?: readonly DistortionPoint[];
}

const lawName = 'law for α → 0';
const lawLine = { width: 2, dash: 'dash' } as const;
const criticalLine = { width: 1.5, dash: 'dot' } as const;
const criticalName = 'critical class rate α<sub>c</sub>';

/** Mean shift and lost variance against the class rate on logarithmic axes, with the laws for small alpha. */
export function distortionFigure(input: DistortionInput): Figure {
  const { w, sigma2, curves, points = [] } = input;
  const series = curves.map((curve) => distortionSeries(curve, w, sigma2));
  const shifts = points.map((point) => ({ ...point, ...shiftOf(point.alpha, point.m, point.v, sigma2) }));
  const range = axisRange(curves.flatMap((curve) => curve.alpha));
  const drawn = [...series.flatMap(({ theory, law }) => [...theory, ...law]), ...shifts];
  const sources = [...new Set(points.map((point) => point.source))];
  const panels = [
    { title: 'mean shift', y: 'mean shift m − 1', value: 'mean' },
    { title: 'lost variance', y: 'lost variance 1 − v/σ²', value: 'variance' },
  ] as const;
  return figureOf({
    id: 'distortion',
    title: `Distortion against the class rate (w = ${shortNumber(w)}, σ² = ${shortNumber(sigma2)})`,
    caption: caption(points.length > 0),
    panels: panels.map(({ title, y, value }) => ({
      title,
      x: { title: { text: axisTitle.alpha }, type: 'log', ...(range === null ? {} : { range }) },
      y: verticalAxis(
        y,
        drawn.map((shift) => shift[value]),
      ),
      marks: [
        series.map((one) => seriesMarks(one, value)),
        sources.flatMap((source) =>
          (['ode', 'sde'] as const).map((sampler) => {
            const chosen = shifts.filter((point) => point.source === source && point.sampler === sampler);
            const colour = samplerColour[sampler];
            return (
              chosen.length > 0 && {
                name: sourceTitle[source],
                colour,
                ...along(chosen, {
                  x: 'alpha',
                  y: (shift) => positive(shift[value]),
                  error: ({ mError, vError }) => (value === 'mean' ? mError : ratio(vError, sigma2)),
                  text: ({ d, alpha }) => `${sourceTitle[source]}, d = ${d}<br>α = ${shortNumber(alpha, 4)}`,
                }),
                mark: simulationMark(source, colour),
              }
            );
          }),
        ),
      ],
    })),
    keys: [
      { key: lawName, line: { color: palette.sky, ...lawLine } },
      curves.some((curve) => curve.criticalAlpha !== null) && {
        key: criticalName,
        line: { color: ink.muted, ...criticalLine },
      },
      sources.map((source) => ({ key: sourceTitle[source], mark: simulationMark(source, ink.muted) })),
    ],
    entries: curves.length + 2 + sources.length,
    heights: [380, 300],
    columnGap: 0.13,
    table: distortionTable(series, shifts, sigma2),
  });
}

/** Theory, law for small alpha and critical rate of a curve. */
function seriesMarks({ curve, theory, law }: DistortionSeries, value: 'mean' | 'variance'): Marks {
  const colour = samplerColour[curve.sampler];
  const of = { x: 'alpha', y: (shift: Shift) => positive(shift[value]) } as const;
  const { criticalAlpha } = curve;
  const shown = along([...theory, ...law], of).y.filter((y) => y !== null);
  return [
    {
      name: `${samplerTitle[curve.sampler]}, theory d → ∞`,
      colour,
      inLegend: true,
      ...along(theory, of),
      line: { width: 2.5 },
    },
    { name: lawName, colour: palette.sky, ...along(law, of), line: lawLine },
    criticalAlpha !== null && {
      name: criticalName,
      colour,
      x: [criticalAlpha, criticalAlpha],
      y: [Math.min(...shown), Math.max(...shown)].map(finite),
      line: criticalLine,
    },
  ];
}

function axisRange(alpha: readonly number[]): [number, number] | null {
  const shown = alpha.filter((value) => value > 0 && Number.isFinite(value));
  if (shown.length === 0) return null;
  return [Math.log10(Math.min(...shown)), Math.log10(Math.max(...shown)) + 0.03];
}

/** A logarithmic axis over the drawn values: error bars that reach beyond zero must not stretch it. */
function verticalAxis(title: string, values: readonly (number | null)[]): Panel['y'] {
  const logs = values.map(positive).flatMap((value) => (value === null ? [] : [Math.log10(value)]));
  const base = { type: 'log' as const, dtick: 1, title: { text: title } };
  if (logs.length === 0) return base;
  const [low, high] = extent(logs);
  const pad = 0.05 * Math.max(1, high - low);
  return { ...base, range: [low - pad, high + pad] };
}

function caption(points: boolean): string {
  return (
    'Distortion at the end of sampling against the class rate, logarithmic axes. Both kinds vanish continuously as α → 0 and follow the dashed ' +
    'laws there: the mean shift as √α for the ODE and as α for the SDE, the lost variance as α for the ODE and as α² for the SDE. From the ' +
    'critical class rate on (dotted) the curves are flat: guidance never switches itself off, and more classes change nothing.' +
    (points ? ' Marks: simulations with standard errors.' : '')
  );
}
