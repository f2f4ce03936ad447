import type { Data } from 'plotly.js-dist-min';
import type { RippleLine } from '../classifier/study/rippleStudy.ts';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { palette, shortNumber } from './theme.ts';
import { lineTrace } from './traces.ts';

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

const exactStyle = { name: 'true c', colour: palette.black, inLegend: true } as const;
const rippledStyle = { name: 'rippled ĉ', colour: palette.vermillion, inLegend: true } as const;

/** Waves that still show as waves; beyond, their extent is drawn, in so many parts. */
const mostWaves = 40;
const bandParts = 120;
const bandFill = 'rgba(213,94,0,0.35)';

/** Counterexample: probabilities that look perfect, gradients that do not. */
export function classifierCounterexampleFigure(input: ClassifierCounterexampleInput): Figure {
  const { whole, zoom } = input;
  const data: Data[] = [
    lineTrace({ ...rippledStyle, panel: 0 }, { x: whole.x, y: whole.rippled }, { width: 5, simplify: false }),
    lineTrace({ ...exactStyle, panel: 0 }, { x: whole.x, y: whole.exact }, { width: 1.5, dash: 'dash' }),
    ...slopes(whole, 1, input.waves > mostWaves),
    ...slopes(zoom, 2),
  ];
  const x = { title: { text: input.axis } };
  const panels: Panel[] = [
    { title: 'class probability', x, y: { title: { text: 'c(k | x)' } } },
    { title: 'its log-gradient', x, y: { title: { text: '∂ log c(k | x)' } } },
    { title: 'a few waves of it', x, y: { title: { text: '∂ log c(k | x)' } } },
  ];
  return {
    id: 'classifier-counterexample',
    title: 'A classifier with perfect probabilities and wild gradients',
    caption:
      `Label probability and its log-gradient along a line, true and with a ripple of amplitude ${shortNumber(input.amplitude)} and wave number ${shortNumber(input.frequency)} on the logit (${input.label}). ` +
      `Conditional KL ${input.kl.toExponential(2)} nats, mean square guidance error ${shortNumber(input.guidanceMse)}: the cross-entropy does not see it, a sampler does.`,
    data,
    layout: panelLayout(panels, { columns: 3, panelHeight: 330, legendRows: 1, columnGap: 0.1 }),
    narrowLayout: panelLayout(panels, { columns: 1, panelHeight: 280, legendRows: 2 }),
    table: {
      columns: ['part', 'x', 'exact', 'rippled', 'exactSlope', 'rippledSlope'],
      rows: [...tableRows('whole', whole), ...tableRows('zoom', zoom)],
    },
  };
}

function slopes(line: RippleLine, panel: number, inBand = false): Data[] {
  const exact = lineTrace(
    { ...exactStyle, panel, inLegend: false },
    { x: line.x, y: line.exactSlope },
    { width: 2 },
  );
  if (inBand) return [bandTrace(line, panel), exact];
  const style = { ...rippledStyle, panel, inLegend: false };
  return [lineTrace(style, { x: line.x, y: line.rippledSlope }, { width: 1.5 }), exact];
}

/** Extent of the gradient in each of many parts of the line: more waves than can be drawn. */
function bandTrace({ x, rippledSlope }: RippleLine, panel: number): Data {
  const size = Math.ceil(x.length / bandParts);
  const parts = Array.from({ length: Math.floor(x.length / size) }, (_, n) => {
    const values = rippledSlope.slice(n * size, (n + 1) * size);
    return { x: x[n * size + Math.floor(size / 2)]!, low: Math.min(...values), high: Math.max(...values) };
  });
  const back = parts.toReversed();
  const path = {
    x: [...parts, ...back].map((part) => part.x),
    y: [...parts.map(({ high }) => high), ...back.map(({ low }) => low)],
  };
  return {
    ...lineTrace({ ...rippledStyle, name: 'waves of ĉ', panel, inLegend: true }, path, { width: 0.5 }),
    fill: 'toself',
    fillcolor: bandFill,
    hoverinfo: 'skip',
  };
}

function tableRows(part: string, line: RippleLine): FigureCell[][] {
  return line.x.map((x, n) => [
    part,
    x,
    finite(line.exact[n]),
    finite(line.rippled[n]),
    finite(line.exactSlope[n]),
    finite(line.rippledSlope[n]),
  ]);
}
