import type { Data } from 'plotly.js-dist-min';
import { fewClassColour, type FewClassSamplerName } from './fewClassLook.ts';
import { finite, type Figure } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { axisTitle, ink } from './theme.ts';
import { lineTrace, markerTrace } from './traces.ts';

/** A quantity at one guidance strength; null where it does not exist. */
export interface CurvePoint {
  readonly w: number;
  readonly value: number | null;
  readonly standardError: number | null;
  /** Quantiles over the particles. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** A curve over guidance strengths. */
export interface FewClassCurve {
  /** For the legend: sampler and method. */
  readonly name: string;
  readonly sampler: FewClassSamplerName;
  /** A line, or the marks of an estimator that is a witness of one. */
  readonly look: 'line' | 'marks';
  readonly points: readonly CurvePoint[];
}

/** Input of {@link fewClassCurveFigure}. */
export interface FewClassCurveInput {
  readonly quantity: 'confidence' | 'entropy';
  readonly curves: readonly FewClassCurve[];
  /** Mixture, class and start. */
  readonly label: string;
}

const axis = { confidence: 'confidence P(c | x)', entropy: 'differential entropy (nats)' } as const;
const title = {
  confidence: 'Classification confidence under guidance',
  entropy: 'Differential entropy of the output under guidance',
} as const;
const symbols = ['circle', 'diamond-open', 'square-open', 'triangle-up-open'] as const;
const band = {
  ode: 'rgba(0,0,0,0.12)',
  sde: 'rgba(230,159,0,0.25)',
  other: 'rgba(118,118,118,0.2)',
} as const;

/** Confidence or entropy of the output against the guidance coefficient: lines with quantile bands, and marks of estimators. */
export function fewClassCurveFigure({ quantity, curves, label }: FewClassCurveInput): Figure {
  const data: Data[] = [];
  let marks = 0;
  // Bands lie behind all lines.
  for (const { name, sampler, points } of curves) {
    if (points.some(({ lower, upper }) => lower !== null && upper !== null)) {
      data.push(bandTrace(name, band[sampler], points));
    }
  }
  for (const { name, sampler, look, points } of curves) {
    const colour = fewClassColour[sampler];
    const style = { name, panel: 0, colour, inLegend: true };
    const x = points.map(({ w }) => w);
    const values = { x, y: points.map(({ value }) => finite(value)) };
    const error = points.map(({ standardError }) => finite(standardError));
    if (look === 'marks') {
      const symbol = symbols[marks++ % symbols.length]!;
      data.push(
        markerTrace(style, { ...values, error }, { symbol, size: 10, line: { width: 2, color: colour } }),
      );
    } else {
      data.push(
        lineTrace(style, values, { width: 2.5, dash: 'solid' }),
        ...(error.some((one) => one !== null)
          ? [markerTrace({ ...style, inLegend: false }, { ...values, error }, { size: 6 })]
          : []),
      );
    }
  }
  const panel: Panel = {
    title: '',
    x: { title: { text: axisTitle.w } },
    y: { title: { text: axis[quantity] } },
  };
  const hasBands = curves.some(({ points }) => points.some(({ lower }) => lower !== null));
  const entries = data.filter((trace) => 'showlegend' in trace && trace.showlegend === true).length;
  return {
    id: `few-class-${quantity}`,
    title: title[quantity],
    caption: caption(quantity, label, hasBands),
    data,
    layout: panelLayout([panel], { columns: 1, panelHeight: 380, legendRows: Math.ceil(entries / 3) }),
    narrowLayout: panelLayout([panel], { columns: 1, panelHeight: 300, legendRows: entries }),
    table: {
      columns: ['curve', 'w', quantity, 'standardError', 'lower', 'upper'],
      rows: curves.flatMap(({ name, points }) =>
        points.map(({ w, value, standardError, lower, upper }) => [
          name,
          w,
          finite(value),
          finite(standardError),
          finite(lower),
          finite(upper),
        ]),
      ),
    },
  };
}

/** The band as a closed path: along the upper edge and back along the lower. */
function bandTrace(name: string, fill: string, points: readonly CurvePoint[]): Data {
  const inside = points.filter(({ lower, upper }) => finite(lower) !== null && finite(upper) !== null);
  const back = inside.toReversed();
  const path = {
    x: [...inside, ...back].map(({ w }) => w),
    y: [...inside.map(({ upper }) => upper), ...back.map(({ lower }) => lower)],
  };
  return {
    ...lineTrace(
      { name: `${name}, 95 % of the particles`, panel: 0, colour: ink.muted, inLegend: true },
      path,
      { width: 0 },
    ),
    fill: 'toself',
    fillcolor: fill,
    hoverinfo: 'skip',
  };
}

function caption(quantity: 'confidence' | 'entropy', label: string, hasBands: boolean): string {
  return quantity === 'confidence'
    ? `Posterior weight of the guided class, under the data mixture, of the output against the guidance coefficient w (${label}). At w = 0 the sampler is the conditional model.` +
        (hasBands
          ? ' Band: from the 2.5 to the 97.5 % quantile over the particles; bars: one standard error of the mean.'
          : '')
    : `Differential entropy of the output in nats against the guidance coefficient w (${label}). Less entropy is less diversity; at w = 0 the output is the class itself. ` +
        'Lines: exact, or from the density; marks: estimators from samples, with bars of one standard error.';
}
