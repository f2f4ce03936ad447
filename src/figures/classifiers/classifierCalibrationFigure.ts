import type { CalibrationRow } from '../../finiteSize/calibration.ts';
import type { MiscalibratedSolution } from '../../meanfield/calibration/solve.ts';
import { extent, ratio, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import {
  axisTitle,
  ink,
  palette,
  samplerColour,
  simulationMark,
  sourceLine,
  sourceTitle,
} from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

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
  { title: 'Separation', y: axisTitle.m, value: 'm', fallback: 'staticM', error: 'mError' },
  {
    title: 'Diversity',
    y: axisTitle.vRatio,
    value: 'varianceRatio',
    fallback: 'staticVarianceRatio',
    error: 'varianceRatioError',
  },
] as const;

/** Overlap and variance ratio of the output against the temperature of the classifier that guides. */
export function classifierCalibrationFigure(input: CalibrationFigureInput): Figure {
  const { theory, simulated, source, label } = input;
  const colour = samplerColour[input.sampler];
  const across = extent([...theory, ...simulated].map(({ temperature }) => temperature));
  const mark = simulationMark(source, colour);
  const condensed = theory.filter(({ staticM }) => staticM !== null);
  const x = 'temperature';
  return figureOf({
    id: 'classifier-calibration',
    title: 'Guidance by a mis-calibrated classifier',
    caption:
      `Overlap and variance ratio of the output against the temperature of the classifier (${label}); T < 1 is overconfident, T = 1 the true classifier, ` +
      'that is plain guidance. An underconfident classifier guides less and for longer.' +
      (simulated.length > 0 ? ' Bars: one standard error over realisations of the classes.' : ''),
    panels: panels.map(({ title, y, value, fallback, error }) => ({
      title,
      x: { title: { text: 'temperature T of the classifier' }, type: 'log' },
      y,
      marks: [
        {
          name: 'undistorted',
          colour: ink.muted,
          x: across,
          y: [1, 1],
          line: { width: 1 },
          decoration: true,
        },
        condensed.length > 0 && {
          name: staticName,
          colour: palette.vermillion,
          inLegend: true,
          ...along(theory, { x, y: fallback }),
          line: { width: 2, dash: 'dot' },
        },
        {
          name: sourceTitle.theory,
          colour,
          inLegend: true,
          ...along(theory, { x, y: value }),
          line: { ...sourceLine.theory, width: 2.5 },
        },
        simulated.length > 0 && {
          name: sourceTitle[source],
          colour,
          ...along(simulated, { x, y: value, error }),
          mark,
        },
      ],
    })),
    keys: simulated.length > 0 && { key: sourceTitle[source], mark },
    perRow: [3, 1],
    heights: [340, 280],
    table: recordTable(
      ['source', 'temperature', 'm', 'mError', 'varianceRatio', 'varianceRatioError'],
      [
        ...theory.map((point) => ({ ...point, source: 'theory' })),
        ...condensed.map(({ temperature, staticM, staticVarianceRatio }) => ({
          source: 'static closure',
          temperature,
          m: staticM,
          varianceRatio: staticVarianceRatio,
        })),
        ...simulated.map((point) => ({ ...point, source })),
      ],
    ),
  });
}
