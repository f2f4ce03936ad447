import type { Data } from 'plotly.js-dist-min';
import {
  distortionSeries,
  distortionTable,
  shiftOf,
  type DistortionCurve,
  type DistortionPoint,
  type Shift,
} from './distortionSeries.ts';
import { finite, ratio, type Figure } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import {
  axisTitle,
  ink,
  palette,
  samplerColour,
  samplerTitle,
  shortNumber,
  simulationMark,
  sourceTitle,
} from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** Input of {@link distortionFigure}. */
export interface DistortionInput {
  readonly w: number;
  readonly sigma2: number;
  readonly curves: readonly DistortionCurve[];
  readonly points?: readonly DistortionPoint[];
}

const lawName = 'law for α → 0';
const criticalName = 'critical class rate α<sub>c</sub>';

/** Mean shift and lost variance against the class rate on logarithmic axes, with the laws for small alpha. */
export function distortionFigure(input: DistortionInput): Figure {
  const { w, sigma2, curves, points = [] } = input;
  const series = curves.map((curve) => distortionSeries(curve, w, sigma2));
  const range = axisRange(curves.flatMap((curve) => curve.alpha));
  const x = { title: { text: axisTitle.alpha }, type: 'log' as const, ...(range === null ? {} : { range }) };
  const drawn = [
    ...series.flatMap(({ theory, law }) => [...theory, ...law]),
    ...points.map((point) => shiftOf(point.alpha, point.m, point.v, sigma2)),
  ];
  const panels: Panel[] = [
    {
      title: 'mean shift',
      x,
      y: verticalAxis(
        'mean shift m − 1',
        drawn.map((shift) => shift.mean),
      ),
    },
    {
      title: 'lost variance',
      x,
      y: verticalAxis(
        'lost variance 1 − v/σ²',
        drawn.map((shift) => shift.variance),
      ),
    },
  ];
  const data: Data[] = [];
  const sources = [...new Set(points.map((point) => point.source))];
  for (const panel of [0, 1]) {
    const of = (shift: Shift) => positive(panel === 0 ? shift.mean : shift.variance);
    for (const { curve, theory, law } of series) {
      const colour = samplerColour[curve.sampler];
      const name = `${samplerTitle[curve.sampler]}, theory d → ∞`;
      data.push(
        lineTrace(
          { name, panel, colour, inLegend: panel === 0 },
          { x: theory.map((shift) => shift.alpha), y: theory.map(of) },
          { width: 2.5 },
        ),
        lineTrace(
          { name: lawName, panel, colour: palette.sky },
          { x: law.map((shift) => shift.alpha), y: law.map(of) },
          { width: 2, dash: 'dash' },
        ),
      );
      if (curve.criticalAlpha !== null) {
        const shown = [...theory, ...law].map(of).filter((value) => value !== null);
        data.push(
          lineTrace(
            { name: criticalName, panel, colour },
            {
              x: [curve.criticalAlpha, curve.criticalAlpha],
              y: [Math.min(...shown), Math.max(...shown)].map(finite),
            },
            { width: 1.5, dash: 'dot' },
          ),
        );
      }
    }
    for (const source of sources) {
      for (const sampler of ['ode', 'sde'] as const) {
        const chosen = points.filter((point) => point.source === source && point.sampler === sampler);
        if (chosen.length === 0) continue;
        const shifts = chosen.map((point) => shiftOf(point.alpha, point.m, point.v, sigma2));
        data.push(
          markerTrace(
            { name: sourceTitle[source], panel, colour: samplerColour[sampler] },
            {
              x: shifts.map((shift) => shift.alpha),
              y: shifts.map(of),
              error: chosen.map((point) =>
                panel === 0 ? finite(point.mError) : ratio(point.vError, sigma2),
              ),
              text: chosen.map(
                (point) => `${sourceTitle[source]}, d = ${point.d}<br>α = ${shortNumber(point.alpha, 4)}`,
              ),
            },
            simulationMark(source, samplerColour[sampler]),
          ),
        );
      }
    }
  }
  data.push(legendKey(lawName, { mode: 'lines', line: { color: palette.sky, width: 2, dash: 'dash' } }));
  if (curves.some((curve) => curve.criticalAlpha !== null)) {
    data.push(
      legendKey(criticalName, { mode: 'lines', line: { color: ink.muted, width: 1.5, dash: 'dot' } }),
    );
  }
  for (const source of sources) {
    data.push(legendKey(sourceTitle[source], { mode: 'markers', marker: simulationMark(source, ink.muted) }));
  }
  const entries = curves.length + 2 + sources.length;
  return {
    id: 'distortion',
    title: `Distortion against the class rate (w = ${shortNumber(w)}, σ² = ${shortNumber(sigma2)})`,
    caption: caption(points.length > 0),
    data,
    layout: panelLayout(panels, {
      panelHeight: 380,
      columns: 2,
      columnGap: 0.13,
      legendRows: Math.ceil(entries / 4),
    }),
    narrowLayout: panelLayout(panels, { panelHeight: 300, columns: 1, legendRows: entries }),
    table: distortionTable(series, points, sigma2),
  };
}

/** A positive value, which a logarithmic axis can show, or null. */
function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
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
  const [low, high] = [logs.reduce((a, b) => Math.min(a, b)), logs.reduce((a, b) => Math.max(a, b))];
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
