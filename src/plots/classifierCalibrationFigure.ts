import type { Data } from 'plotly.js-dist-min';
import type { CalibrationRow } from '../finiteSize/calibration.ts';
import type { MiscalibratedSolution } from '../meanfield/calibration/solve.ts';
import { finite, ratio, type Figure } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { axisTitle, ink, palette, samplerColour, simulationMark, sourceLine, sourceTitle } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** m and v/sigma2 at the data for one temperature of the classifier. */
export interface CalibrationPoint {
  readonly temperature: number;
  /** Null where the classes condense. */
  readonly m: number | null;
  readonly varianceRatio: number | null;
  /** Values of the static closure where the classes condense; not a solution. */
  readonly staticM: number | null;
  readonly staticVarianceRatio: number | null;
}

/** A simulation of one temperature. */
export interface SimulatedPoint {
  readonly temperature: number;
  readonly m: number;
  readonly mError: number | null;
  readonly varianceRatio: number;
  readonly varianceRatioError: number | null;
}

/** Point of a solution. */
export function calibrationPoint({
  classifier,
  final,
  staticClosure,
  problem,
}: MiscalibratedSolution): CalibrationPoint {
  return {
    temperature: classifier.temperature,
    m: final?.m ?? null,
    varianceRatio: ratio(final?.v, problem.sigma2),
    staticM: staticClosure?.m ?? null,
    staticVarianceRatio: ratio(staticClosure?.v, problem.sigma2),
  };
}

/** Points of the rows that were simulated. */
export function simulatedPoints(rows: readonly CalibrationRow[], sigma2: number): SimulatedPoint[] {
  return rows.flatMap(({ temperature, simulated }) => {
    if (simulated === null) return [];
    const { m, mError, v, vError } = simulated;
    return [{ temperature, m, mError, varianceRatio: v / sigma2, varianceRatioError: ratio(vError, sigma2) }];
  });
}

/** Input of {@link classifierCalibrationFigure}. */
export interface CalibrationFigureInput {
  /** The theory, ascending in the temperature. */
  readonly theory: readonly CalibrationPoint[];
  readonly simulated: readonly SimulatedPoint[];
  /** Kind of the simulation. */
  readonly source: 'full' | 'reduced';
  readonly label: string;
  /** The colour is that of the sampler in every figure. */
  readonly sampler: keyof typeof samplerColour;
}

const staticName = 'static closure where the classes condense (no solution)';
const panels = [
  { title: 'Separation', value: 'm', fallback: 'staticM', error: 'mError', axis: axisTitle.m },
  {
    title: 'Diversity',
    value: 'varianceRatio',
    fallback: 'staticVarianceRatio',
    error: 'varianceRatioError',
    axis: axisTitle.vRatio,
  },
] as const;

/** Overlap and variance ratio of the output against the temperature of the classifier that guides. */
export function classifierCalibrationFigure(input: CalibrationFigureInput): Figure {
  const { theory, simulated, source, label } = input;
  const colour = samplerColour[input.sampler];
  const data: Data[] = [];
  const x = theory.map(({ temperature }) => temperature);
  const ends = [...x, ...simulated.map(({ temperature }) => temperature)];
  const across = [Math.min(...ends), Math.max(...ends)];
  const hasStatic = theory.some(({ staticM }) => staticM !== null);
  panels.forEach(({ value, fallback, error }, panel) => {
    data.push({
      ...lineTrace({ name: 'undistorted', panel, colour: ink.muted }, { x: across, y: [1, 1] }, { width: 1 }),
      hoverinfo: 'skip',
      meta: { decoration: true },
    });
    if (hasStatic) {
      data.push(
        lineTrace(
          { name: staticName, panel, colour: palette.vermillion, inLegend: panel === 0 },
          { x, y: theory.map((point) => finite(point[fallback])) },
          { width: 2, dash: 'dot' },
        ),
      );
    }
    data.push(
      lineTrace(
        { name: sourceTitle.theory, panel, colour, inLegend: panel === 0 },
        { x, y: theory.map((point) => finite(point[value])) },
        { ...sourceLine.theory, width: 2.5 },
      ),
    );
    if (simulated.length === 0) return;
    data.push(
      markerTrace(
        { name: sourceTitle[source], panel, colour },
        {
          x: simulated.map(({ temperature }) => temperature),
          y: simulated.map((point) => finite(point[value])),
          error: simulated.map((point) => finite(point[error])),
        },
        simulationMark(source, colour),
      ),
    );
  });
  if (simulated.length > 0) {
    data.push(legendKey(sourceTitle[source], { mode: 'markers', marker: simulationMark(source, colour) }));
  }
  const layouts = panels.map(({ title, axis }): Panel => ({
    title,
    x: { title: { text: 'temperature T of the classifier' }, type: 'log' },
    y: { title: { text: axis } },
  }));
  const entries = 1 + (hasStatic ? 1 : 0) + (simulated.length > 0 ? 1 : 0);
  return {
    id: 'classifier-calibration',
    title: 'Guidance by a mis-calibrated classifier',
    caption:
      `Overlap and variance ratio of the output against the temperature of the classifier (${label}); T < 1 is overconfident, T = 1 the true classifier, ` +
      'that is plain guidance. An underconfident classifier guides less and for longer.' +
      (simulated.length > 0 ? ' Bars: one standard error over realisations of the classes.' : ''),
    data,
    layout: panelLayout(layouts, { columns: 2, panelHeight: 340, legendRows: Math.ceil(entries / 3) }),
    narrowLayout: panelLayout(layouts, { columns: 1, panelHeight: 280, legendRows: entries }),
    table: {
      columns: ['source', 'temperature', 'm', 'mError', 'varianceRatio', 'varianceRatioError'],
      rows: [
        ...theory.map(({ temperature, m, varianceRatio }) => [
          'theory',
          temperature,
          finite(m),
          null,
          finite(varianceRatio),
          null,
        ]),
        ...theory
          .filter(({ staticM }) => staticM !== null)
          .map(({ temperature, staticM, staticVarianceRatio }) => [
            'static closure',
            temperature,
            finite(staticM),
            null,
            finite(staticVarianceRatio),
            null,
          ]),
        ...simulated.map(({ temperature, m, mError, varianceRatio, varianceRatioError }) => [
          source,
          temperature,
          finite(m),
          finite(mError),
          finite(varianceRatio),
          finite(varianceRatioError),
        ]),
      ],
    },
  };
}
