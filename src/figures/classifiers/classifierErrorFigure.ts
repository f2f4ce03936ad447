import type { FamilyName } from '../../classifier/study/families.ts';
import { classifierFamily, familyNames } from '../../classifier/study/families.ts';
import type { StudyRow, StudySlope } from '../../classifier/study/study.ts';
import { familyLook, logAxis, type FamilyLook } from './classifierLook.ts';
import { recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { ink, palette, shortNumber } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

/** Input of {@link classifierErrorFigure}. */
export interface ClassifierErrorInput {
  readonly rows: readonly StudyRow[];
  readonly slopes: readonly StudySlope[];
  /** Mixture and class. */
  readonly label: string;
}

const otherLook: FamilyLook = { colour: palette.black, symbol: 'star' };

/**
 * Guidance error against conditional KL, logarithmic: all families with error bars, their fitted lines (slopes in the legend), their
 * bounds (dotted), and guide lines of slope 1 and 1/2. One panel for each dimension and noise level.
 */
export function classifierErrorFigure({ rows, slopes, label }: ClassifierErrorInput): Figure {
  const keys = [...new Set(rows.map(panelKey))];
  const families = [...new Set(rows.map(({ family }) => family))];
  return figureOf({
    id: 'classifier-error',
    title: 'Guidance error of imperfect classifiers',
    caption:
      `Mean square error of the guidance vector, E|∇log ĉ − ∇log c|² under p_t, against the excess cross-entropy of the classifier (${label}). ` +
      'Bars: one standard error. Smooth perturbations that keep their shape have slope 1; a wave whose length shrinks like the square root of its amplitude has the theorem’s slope 1/2 and attains its bound; ' +
      'a ripple has slope 0: the error of its probabilities vanishes, that of its guidance stays.',
    panels: keys.map((key) => {
      const own = rows.filter((row) => panelKey(row) === key);
      const { dimension, time } = own[0]!;
      const marksOf = (family: string) =>
        familyMarks(
          family,
          own.filter((row) => row.family === family).toSorted((one, other) => one.kl - other.kl),
          slopes.find((one) => one.family === family && panelKey(one) === key),
        );
      return {
        title: `d = ${dimension}, t = ${shortNumber(time)}`,
        x: { ...logAxis, title: { text: 'conditional KL (nats)' } },
        y: { ...logAxis, title: { text: 'guidance error E|∇f|²' } },
        marks: [guideLines(own), families.map(marksOf)],
      };
    }),
    keys: [
      families.map((family) => {
        const { colour, symbol } = lookOf(family);
        return { key: legendText(family, slopes), mark: { color: colour, symbol, size: 8 } };
      }),
      { key: 'fitted power law', line: { color: ink.muted, width: 1.5 } },
      { key: 'bound √(E f²) √(E(Δf + ∇f·s)²)', line: { color: ink.muted, width: 1.5, dash: 'dot' } },
      { key: 'slopes 1 and 1/2', line: { color: ink.muted, width: 1, dash: 'dash' } },
    ],
    columns: Math.min(3, keys.length),
    perRow: [2, 1],
    heights: [380, 320],
    columnGap: 0.1,
    table: recordTable(tableColumns, rows),
  });
}

const tableColumns = [
  'family',
  'parameter',
  'dimension',
  'time',
  'label',
  'kl',
  'klError',
  'guidanceMse',
  'standardError',
  'bound',
  'boundError',
  'byParts',
  'byPartsError',
  'classMse',
  'classMseError',
  'classBound',
  'klBound',
  'labelKl',
  'logErrorSquare',
  'generatorSquare',
  'curvature',
] as const satisfies readonly (keyof StudyRow)[];

function panelKey({ dimension, time }: { readonly dimension: number; readonly time: number }): string {
  return `${dimension} ${time}`;
}

function lookOf(family: string): FamilyLook {
  return familyNames.some((name) => name === family) ? familyLook[family as FamilyName] : otherLook;
}

function legendText(family: string, slopes: readonly StudySlope[]): string {
  const name = familyNames.find((one) => one === family);
  const own = slopes.filter((one) => one.family === family);
  const title = name === undefined ? family : classifierFamily(name).title;
  if (own.length === 0) return title;
  return `${title}: slope ${own.map(({ slope }) => slopeText(slope)).join(', ')}`;
}

function isTrained(family: string): boolean {
  const name = familyNames.find((one) => one === family);
  return name !== undefined && classifierFamily(name).trained;
}

function slopeText(slope: number): string {
  const text = slope.toFixed(2);
  return Number(text) === 0 ? '0.00' : text.replace('-', '−');
}

function familyMarks(family: string, points: readonly StudyRow[], fit: StudySlope | undefined): Marks {
  if (points.length === 0) return [];
  const { colour, symbol } = lookOf(family);
  const style = { name: family, colour };
  return [
    // Between independent trainings a line means nothing.
    points.length > 1 &&
      !isTrained(family) && {
        ...style,
        ...along(points, { x: 'kl', y: 'bound' }),
        line: { width: 1.5, dash: 'dot' },
      },
    fit && { ...style, ...fitted(points, fit.slope), line: { width: 1.5, dash: 'solid' } },
    {
      ...style,
      ...along(points, {
        x: 'kl',
        y: 'guidanceMse',
        error: 'standardError',
        text: ({ parameter, kl, guidanceMse, bound }) =>
          `${family}${parameter === null ? '' : ` ${shortNumber(parameter)}`}: KL ${kl.toExponential(2)}, error ${guidanceMse.toExponential(2)}, bound ${bound.toExponential(2)}`,
      }),
      mark: { symbol, size: 7, line: { width: 1.5, color: colour } },
    },
  ];
}

/** The fitted line through the logarithmic means of the points, from the first to the last. */
function fitted(points: readonly StudyRow[], slope: number) {
  const mean = (of: 'kl' | 'guidanceMse') =>
    points.reduce((sum, row) => sum + Math.log(row[of]), 0) / points.length;
  const x = [points[0]!.kl, points.at(-1)!.kl];
  return {
    x,
    y: x.map((kl) => Math.exp(mean('guidanceMse') + slope * (Math.log(kl) - mean('kl')))),
  };
}

/** Lines of slope 1 and 1/2 through the upper right of the points. */
function guideLines(rows: readonly StudyRow[]): Marks {
  const kls = rows.map(({ kl }) => kl).filter((kl) => kl > 0);
  if (kls.length < 2) return [];
  const [least, most] = [Math.min(...kls), Math.max(...kls)];
  const top = Math.max(...rows.map(({ bound }) => bound));
  const bottom = Math.min(...rows.map(({ guidanceMse }) => guidanceMse).filter((error) => error > 0));
  return [1, 0.5].map((slope) => {
    const x = [Math.max(least, most * (bottom / top) ** (1 / slope)), most];
    const y = x.map((kl) => top * (kl / most) ** slope);
    return { name: `slope ${slope}`, colour: ink.muted, x, y, line: { width: 1, dash: 'dash' } };
  });
}
