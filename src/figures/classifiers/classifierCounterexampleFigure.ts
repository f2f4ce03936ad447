import type { RippleLine } from '../../classifier/study/rippleStudy.ts';
import { recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { palette, shortNumber } from '../drawing/theme.ts';
import { around } from '../drawing/traces.ts';

/** Input of {@link classifierCounterexampleFigure}. */
export interface ClassifierCounterexampleInput {
  /** The whole line, and a few waves of it. */
  readonly whole: RippleLine;
  readonly zoom: RippleLine;
  readonly kl: number;
  readonly guidanceMse: number;
  readonly amplitude: number;
  readonly frequency: number;
  /** Number of waves on the whole line. */
  readonly waves: number;
  readonly label: string;
  readonly axis: string;
}

const exactStyle = { name: 'true c', colour: palette.black } as const;
const rippledStyle = { name: 'rippled ĉ', colour: palette.vermillion } as const;

/** Waves that still show as waves; beyond, their extent is drawn, in so many parts. */
const mostWaves = 40;
const bandParts = 120;
const bandFill = 'rgba(213,94,0,0.35)';

/** Counterexample: probabilities that look perfect, gradients that do not. */
export function classifierCounterexampleFigure(input: ClassifierCounterexampleInput): Figure {
  const { whole, zoom, axis: x } = input;
  const slope = '∂ log c(k | x)';
  return figureOf({
    id: 'classifier-counterexample',
    title: 'A classifier with perfect probabilities and wild gradients',
    caption:
      `Label probability and its log-gradient along a line, true and with a ripple of amplitude ${shortNumber(input.amplitude)} and wave number ${shortNumber(input.frequency)} on the logit (${input.label}). ` +
      `Conditional KL ${input.kl.toExponential(2)} nats, mean square guidance error ${shortNumber(input.guidanceMse)}: the cross-entropy does not see it, a sampler does.`,
    panels: [
      {
        title: 'class probability',
        x,
        y: 'c(k | x)',
        marks: [
          {
            ...rippledStyle,
            inLegend: true,
            x: whole.x,
            y: whole.rippled,
            line: { width: 5, simplify: false },
          },
          { ...exactStyle, inLegend: true, x: whole.x, y: whole.exact, line: { width: 1.5, dash: 'dash' } },
        ],
      },
      { title: 'its log-gradient', x, y: slope, marks: slopes(whole, input.waves > mostWaves) },
      { title: 'a few waves of it', x, y: slope, marks: slopes(zoom) },
    ],
    heights: [330, 280],
    legendRows: [1, 2],
    columnGap: 0.1,
    table: recordTable(
      ['part', 'x', 'exact', 'rippled', 'exactSlope', 'rippledSlope'],
      [...tableRows('whole', whole), ...tableRows('zoom', zoom)],
    ),
  });
}

function slopes(line: RippleLine, inBand = false): Marks {
  return [
    inBand ? waveBand(line) : { ...rippledStyle, x: line.x, y: line.rippledSlope, line: { width: 1.5 } },
    { ...exactStyle, x: line.x, y: line.exactSlope, line: { width: 2 } },
  ];
}

/** Extent of the gradient in each of many parts of the line: more waves than can be drawn. */
function waveBand({ x, rippledSlope }: RippleLine): Marks {
  const size = Math.ceil(x.length / bandParts);
  const parts = Array.from({ length: Math.floor(x.length / size) }, (_, n) => {
    const values = rippledSlope.slice(n * size, (n + 1) * size);
    return { x: x[n * size + Math.floor(size / 2)]!, low: Math.min(...values), high: Math.max(...values) };
  });
  return {
    ...rippledStyle,
    name: 'waves of ĉ',
    inLegend: true,
    ...around(parts, { x: 'x', low: 'low', high: 'high' }),
    line: { width: 0.5 },
    fill: bandFill,
  };
}

function tableRows(part: string, line: RippleLine) {
  return line.x.map((x, n) => ({
    part,
    x,
    exact: line.exact[n],
    rippled: line.rippled[n],
    exactSlope: line.exactSlope[n],
    rippledSlope: line.rippledSlope[n],
  }));
}
