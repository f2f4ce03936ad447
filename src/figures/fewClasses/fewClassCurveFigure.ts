import { fewClassColour, type FewClassSamplerName } from './fewClassLook.ts';
import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { axisTitle, ink } from '../drawing/theme.ts';
import { along, around } from '../drawing/traces.ts';

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
  /** Sampler and method, for the legend. */
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
  const witnesses = curves.filter(({ look }) => look === 'marks');
  const hasBands = curves.some(({ points }) => points.some(({ lower }) => lower !== null));
  return figureOf({
    id: `few-class-${quantity}`,
    title: title[quantity],
    caption: caption(quantity, label, hasBands),
    panels: [
      {
        title: '',
        x: axisTitle.w,
        y: axis[quantity],
        // Bands lie behind all lines.
        marks: [curves.map(quantileBand), curves.map((curve) => marksOf(curve, witnesses.indexOf(curve)))],
      },
    ],
    perRow: [3, 1],
    heights: [380, 300],
    table: recordTable(
      ['curve', 'w', quantity, 'standardError', 'lower', 'upper'],
      curves.flatMap(({ name, points }) =>
        points.map((point) => ({ ...point, curve: name, [quantity]: point.value })),
      ),
    ),
  });
}

function quantileBand({ name, sampler, points }: FewClassCurve): Marks {
  if (!points.some(({ lower, upper }) => lower !== null && upper !== null)) return null;
  const inside = points.filter(({ lower, upper }) => finite(lower) !== null && finite(upper) !== null);
  return {
    name: `${name}, 95 % of the particles`,
    colour: ink.muted,
    inLegend: true,
    ...around(inside, { x: 'w', low: 'lower', high: 'upper' }),
    line: { width: 0 },
    fill: band[sampler],
  };
}

function marksOf({ name, sampler, look, points }: FewClassCurve, witness: number): Marks {
  const colour = fewClassColour[sampler];
  const style = { name, colour, ...along(points, { x: 'w', y: 'value', error: 'standardError' }) };
  const symbol = symbols[witness % symbols.length]!;
  if (look === 'marks')
    return { ...style, inLegend: true, mark: { symbol, size: 10, line: { width: 2, color: colour } } };
  return [
    { ...style, inLegend: true, line: { width: 2.5, dash: 'solid' } },
    style.error!.some((one) => one !== null) && { ...style, mark: { size: 6 } },
  ];
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
