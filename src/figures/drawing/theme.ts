import type { Config, LayoutAxis, Legend, ScatterData } from 'plotly.js-dist-min';
import type { ProcessName } from '../../process/process.ts';

/** Place of a class rate with respect to the critical one. */
export type Regime = 'below' | 'at' | 'above';

/** Simulations, each with its mark. */
export type SimulationSource = 'reduced' | 'full' | 'two classes' | 'gaussian pair';

/** Source of a number, as in the comparison table and in the evidence of a claim. */
export type Source = 'theory' | 'closed form' | 'fit' | SimulationSource;

/** Okabe and Ito's palette: distinguishable with every common kind of colour blindness. */
export const palette = {
  black: '#000000',
  orange: '#e69f00',
  sky: '#56b4e9',
  green: '#009e73',
  yellow: '#f0e442',
  blue: '#0072b2',
  vermillion: '#d55e00',
  purple: '#cc79a7',
} as const;

/** Ink: text and axes, secondary lines, grid. */
export const ink = { text: '#1a1a1a', muted: '#767676', grid: '#e6e6e6', paper: '#ffffff' } as const;

/** Colour of each regime, common to all figures. */
export const regimeColour: Readonly<Record<Regime, string>> = {
  below: palette.blue,
  at: palette.green,
  above: palette.vermillion,
};

/** Line of the theory per regime: above and at the critical rate the curves coincide, so one must show through. */
export const regimeLine: Readonly<
  Record<Regime, { readonly width: number; readonly dash: 'solid' | 'dash' }>
> = {
  below: { width: 2.5, dash: 'solid' },
  at: { width: 2.5, dash: 'dash' },
  above: { width: 4.5, dash: 'solid' },
};

/** Size of simulation marks per regime: where they coincide, the larger ones show as rims. */
export const regimeMarkSize: Readonly<Record<Regime, number>> = { below: 9, at: 7, above: 12 };

/** Colours of the samplers. */
export const samplerColour = { ode: palette.black, sde: palette.orange } as const;

/** Names of the samplers in labels. */
export const samplerTitle = { ode: 'ODE', sde: 'SDE' } as const;

/** Colours for parameter pairs without distinct regimes. */
export const sequence: readonly string[] = [
  palette.blue,
  palette.vermillion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.black,
];

/** Mark of each source, common to all figures. */
export const sourceSymbol = {
  theory: 'star',
  'closed form': 'x',
  fit: 'cross',
  reduced: 'diamond-open',
  full: 'circle',
  'two classes': 'square-open',
  'gaussian pair': 'triangle-up-open',
} as const satisfies Record<Source, string>;

/** Lines of the sources that are no simulation. */
export const sourceLine = {
  theory: { width: 2, dash: 'solid' },
  'closed form': { width: 2.5, dash: 'dot' },
  fit: { width: 1.5, dash: 'dash' },
} as const satisfies Record<Exclude<Source, SimulationSource>, { width: number; dash: string }>;

/** Look of a mark. */
export type MarkerLook = NonNullable<ScatterData['marker']>;

/** Mark of a simulation point; a white rim keeps it apart from the line that it should lie on. */
export function simulationMark(source: SimulationSource, colour: string, size = 9): MarkerLook {
  return source === 'full'
    ? { symbol: sourceSymbol.full, size, line: { width: 1, color: ink.paper }, color: colour }
    : { symbol: sourceSymbol[source], size, line: { width: 2, color: colour }, color: colour };
}

/** Names of the sources in legends. */
export const sourceTitle: Readonly<Record<Source, string>> = {
  theory: 'theory, d → ∞',
  'closed form': 'closed form',
  fit: 'fit',
  reduced: 'reduced simulation',
  full: 'full simulation',
  'two classes': 'simulation of two classes',
  'gaussian pair': 'simulation with two Gaussians',
};

/** Axis labels, spelt the same in every figure. */
export const axisTitle = {
  alpha: 'class rate α = log K / d',
  w: 'guidance coefficient w (scale 1 + w)',
  wShort: 'guidance coefficient w',
  m: 'overlap m',
  v: 'variance v',
  vRatio: 'variance v/σ²',
  time: 'time t (OU)',
} as const;

/** A line that shows where something would be undistorted, or an identity. */
export const referenceLine = { color: ink.muted, width: 1.5, dash: 'dot' } as const;

/** Title of the axis of each process's time. */
export const timeTitle: Readonly<Record<ProcessName, string>> = {
  ou: axisTitle.time,
  ve: 'time τ (VE)',
  flow: 'time t (interpolant)',
};

/** Width in pixels at which a figure is exported: 1000 px across a two-column page set labels at 7 to 8 points. */
export const figureWidth = 1000;

/** Container width in pixels below which the panels are stacked. */
export const narrowWidth = 640;

/** Text of figures. */
export const font = {
  family: "Helvetica, Arial, 'Liberation Sans', sans-serif",
  size: 15,
  color: ink.text,
} as const;

/** Size in pixels of tick labels, legends and colour bars. */
export const smallSize = 13;

/** Style of every axis: closed frame, ticks outside, faint grid. */
export const axisStyle: Partial<LayoutAxis> = {
  showline: true,
  mirror: true,
  linecolor: ink.text,
  linewidth: 1,
  ticks: 'outside',
  ticklen: 5,
  tickcolor: ink.text,
  gridcolor: ink.grid,
  zeroline: false,
  automargin: true,
  exponentformat: 'power',
};

/** Style of every legend: one block under the panels. */
export const legendStyle: Legend = {
  orientation: 'h',
  font: { size: smallSize },
  bgcolor: 'rgba(255,255,255,0)',
  itemsizing: 'trace',
  tracegroupgap: 4,
};

/**
 * Plotly's configuration of a figure: responsive, no logo, a button that saves the figure as SVG. Plotly's own
 * default has a button that uploads the figure to a server: it is off, and there is no server.
 */
export function plotConfig(id: string): Partial<Config> {
  return {
    responsive: true,
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: '',
    showTips: false,
    modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d'],
    toImageButtonOptions: { format: 'svg', filename: id, width: figureWidth },
  };
}

/** A number with a few digits, for labels: 0.4622 rather than 0.46224251937902866, 1 rather than 1.000. */
export function shortNumber(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits))).replace('-', '−');
}

/** Text broken into lines of at most so many characters, at blanks; an equation stays together. */
export function wrapped(text: string, length: number): string {
  const lines: string[] = [];
  for (const word of text.split(/(?<![=<>≈]) (?![=<>≈])/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('<br>');
}
