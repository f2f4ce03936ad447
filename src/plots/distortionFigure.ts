import type { Data } from 'plotly.js-dist-min';
import { smallAlphaMeanShift, smallAlphaVarianceShift } from '../closedForms/smallAlpha.ts';
import { samplers, type SamplerName } from '../guidance/sampler.ts';
import { finite, ratio, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import {
  axisTitle,
  ink,
  samplerColour,
  samplerTitle,
  shortNumber,
  simulationMark,
  sourceTitle,
} from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** Order parameters at the end of sampling against the class rate; null where the equations do not close. */
export interface DistortionCurve {
  readonly sampler: SamplerName;
  readonly alpha: readonly number[];
  readonly m: readonly (number | null)[];
  readonly v: readonly (number | null)[];
  readonly criticalAlpha: number | null;
}

/** A simulation at one class rate. */
export interface DistortionPoint {
  readonly sampler: SamplerName;
  readonly source: 'full' | 'reduced';
  readonly alpha: number;
  readonly d: number;
  readonly m: number | null;
  readonly mError: number | null;
  readonly v: number | null;
  readonly vError: number | null;
}

/** Input of {@link distortionFigure}. */
export interface DistortionInput {
  readonly w: number;
  readonly sigma2: number;
  readonly curves: readonly DistortionCurve[];
  readonly points?: readonly DistortionPoint[];
}

interface Shift {
  readonly alpha: number;
  /** m - 1. */
  readonly mean: number | null;
  /** 1 - v/sigma2. */
  readonly variance: number | null;
}

const lawName = 'law for α → 0';
const criticalName = 'critical class rate α<sub>c</sub>';

/** Mean shift and lost variance against the class rate on logarithmic axes, with the laws for small alpha. */
export function distortionFigure(input: DistortionInput): Figure {
  const { w, sigma2, curves, points = [] } = input;
  const series = curves.map((curve) => ({
    curve,
    theory: curve.alpha.map((alpha, i) => shiftOf(alpha, curve.m[i], curve.v[i], sigma2)),
    law: lawOf(curve, w, sigma2),
  }));
  const range = axisRange(curves.flatMap((curve) => curve.alpha));
  const x = { title: { text: axisTitle.alpha }, type: 'log' as const, ...(range === null ? {} : { range }) };
  const powers = { type: 'log' as const, dtick: 1 };
  const panels: Panel[] = [
    { title: 'mean shift', x, y: { ...powers, title: { text: 'mean shift m − 1' } } },
    {
      title: 'lost variance across the class direction',
      x,
      y: { ...powers, title: { text: 'lost variance 1 − v/σ²' } },
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
          { name: lawName, panel, colour },
          { x: law.map((shift) => shift.alpha), y: law.map(of) },
          { width: 1.75, dash: 'dash' },
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
  data.push(legendKey(lawName, { mode: 'lines', line: { color: ink.muted, width: 1.75, dash: 'dash' } }));
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
    table: { columns: tableColumns, rows: tableRows(series, points, sigma2) },
  };
}

function shiftOf(
  alpha: number,
  m: number | null | undefined,
  v: number | null | undefined,
  sigma2: number,
): Shift {
  const vRatio = ratio(v, sigma2);
  return {
    alpha,
    mean: typeof m === 'number' ? finite(m - 1) : null,
    variance: vRatio === null ? null : finite(1 - vRatio),
  };
}

/** The laws for alpha -> 0, as far as the leading term is meant: up to the critical rate. */
function lawOf(curve: DistortionCurve, w: number, sigma2: number): Shift[] {
  const sampler = samplers[curve.sampler];
  if (!(w > -0.5)) return [];
  return curve.alpha
    .filter((alpha) => alpha > 0 && alpha <= (curve.criticalAlpha ?? Infinity))
    .map((alpha) => ({
      alpha,
      mean: finite(smallAlphaMeanShift(alpha, w, sigma2, sampler)),
      variance: finite(-smallAlphaVarianceShift(alpha, w, sigma2, sampler)),
    }));
}

/** What a logarithmic axis can show. */
function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function axisRange(alpha: readonly number[]): [number, number] | null {
  const shown = alpha.filter((value) => value > 0 && Number.isFinite(value));
  if (shown.length === 0) return null;
  return [Math.log10(Math.min(...shown)), Math.log10(Math.max(...shown)) + 0.03];
}

const tableColumns = [
  'sampler',
  'source',
  'd',
  'alpha',
  'm',
  'mError',
  'v',
  'vError',
  'meanShift',
  'lostVariance',
  'lostVarianceError',
  'criticalAlpha',
];

function tableRows(
  series: readonly { curve: DistortionCurve; theory: readonly Shift[]; law: readonly Shift[] }[],
  points: readonly DistortionPoint[],
  sigma2: number,
): FigureCell[][] {
  return [
    ...series.flatMap(({ curve, theory, law }) => {
      const critical = finite(curve.criticalAlpha);
      return [
        ...theory.map((shift, i): FigureCell[] => [
          curve.sampler,
          'theory',
          null,
          shift.alpha,
          finite(curve.m[i]),
          null,
          finite(curve.v[i]),
          null,
          shift.mean,
          shift.variance,
          null,
          critical,
        ]),
        ...law.map((shift): FigureCell[] => [
          curve.sampler,
          'law',
          null,
          shift.alpha,
          null,
          null,
          null,
          null,
          shift.mean,
          shift.variance,
          null,
          critical,
        ]),
      ];
    }),
    ...points.map((point): FigureCell[] => {
      const shift = shiftOf(point.alpha, point.m, point.v, sigma2);
      return [
        point.sampler,
        point.source,
        point.d,
        point.alpha,
        finite(point.m),
        finite(point.mError),
        finite(point.v),
        finite(point.vError),
        shift.mean,
        shift.variance,
        ratio(point.vError, sigma2),
        null,
      ];
    }),
  ];
}

function caption(points: boolean): string {
  return (
    'Distortion at the end of sampling against the class rate, logarithmic axes. Both kinds vanish continuously as α → 0 and follow the dashed ' +
    'laws there: the mean shift as √α for the ODE and as α for the SDE, the lost variance as α for the ODE and as α² for the SDE. From the ' +
    'critical class rate on (dotted) the curves are flat: guidance never switches itself off, and more classes change nothing.' +
    (points ? ' Marks: simulations with standard errors.' : '')
  );
}
