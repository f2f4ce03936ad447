import type { Data } from 'plotly.js-dist-min';
import type { FamilyName } from '../classifier/study/families.ts';
import { classifierFamily, familyNames } from '../classifier/study/families.ts';
import type { StudyRow, StudySlope } from '../classifier/study/study.ts';
import { familyLook, type FamilyLook } from './classifierLook.ts';
import { finite, type Figure } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { ink, palette, shortNumber } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** Input of {@link classifierErrorFigure}. */
export interface ClassifierErrorInput {
  readonly rows: readonly StudyRow[];
  readonly slopes: readonly StudySlope[];
  /** Mixture and class. */
  readonly label: string;
}

const otherLook: FamilyLook = { colour: palette.black, symbol: 'star' };
const guides = [1, 0.5] as const;

/**
 * Guidance error against conditional KL, logarithmic: all families with error bars, their fitted lines (slopes in the legend), their
 * bounds (dotted), and guide lines of slope 1 and 1/2. One panel for each dimension and noise level.
 */
export function classifierErrorFigure({ rows, slopes, label }: ClassifierErrorInput): Figure {
  const keys = rows.map(panelKey).filter((key, n, all) => all.indexOf(key) === n);
  const families = rows.map(({ family }) => family).filter((name, n, all) => all.indexOf(name) === n);
  const data: Data[] = [];
  const panels = keys.map((key, panel): Panel => {
    const own = rows.filter((row) => panelKey(row) === key);
    data.push(...guideTraces(own, panel));
    for (const family of families) {
      const points = own.filter((row) => row.family === family).toSorted((one, other) => one.kl - other.kl);
      const fit = slopes.find((one) => one.family === family && panelKey(one) === key);
      data.push(...familyTraces(family, points, fit, panel));
    }
    const { dimension, time } = own[0]!;
    return {
      title: `d = ${dimension}, t = ${shortNumber(time)}`,
      x: { ...logAxis, title: { text: 'conditional KL (nats)' } },
      y: { ...logAxis, title: { text: 'guidance error E|∇f|²' } },
    };
  });
  for (const family of families) {
    const { colour, symbol } = lookOf(family);
    data.push(
      legendKey(legendText(family, slopes), { mode: 'markers', marker: { color: colour, symbol, size: 8 } }),
    );
  }
  data.push(
    legendKey('fitted power law', { mode: 'lines', line: { color: ink.muted, width: 1.5 } }),
    legendKey('bound √(E f²) √(E(Δf + ∇f·s)²)', {
      mode: 'lines',
      line: { color: ink.muted, width: 1.5, dash: 'dot' },
    }),
    legendKey('slopes 1 and 1/2', { mode: 'lines', line: { color: ink.muted, width: 1, dash: 'dash' } }),
  );
  const columns = Math.min(3, panels.length);
  const entries = families.length + 3;
  return {
    id: 'classifier-error',
    title: 'Guidance error of imperfect classifiers',
    caption:
      `Mean square error of the guidance vector, E|∇log ĉ − ∇log c|² under p_t, against the excess cross-entropy of the classifier (${label}). ` +
      'Bars: one standard error. Smooth perturbations that keep their shape have slope 1; a wave whose length shrinks like the square root of its amplitude has the theorem’s slope 1/2 and attains its bound; ' +
      'a ripple has slope 0: the error of its probabilities vanishes, that of its guidance stays.',
    data,
    layout: panelLayout(panels, {
      columns,
      panelHeight: 380,
      legendRows: Math.ceil(entries / 2),
      columnGap: 0.1,
    }),
    narrowLayout: panelLayout(panels, { columns: 1, panelHeight: 320, legendRows: entries }),
    table: {
      columns: [...tableColumns],
      rows: rows.map((row) =>
        tableColumns.map((column) => (typeof row[column] === 'string' ? row[column] : finite(row[column]))),
      ),
    },
  };
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

const logAxis = { type: 'log', dtick: 1, exponentformat: 'power' } as const;

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

function familyTraces(
  family: string,
  points: readonly StudyRow[],
  fit: StudySlope | undefined,
  panel: number,
): Data[] {
  if (points.length === 0) return [];
  const { colour, symbol } = lookOf(family);
  const style = { name: family, panel, colour, legendGroup: family };
  const x = points.map(({ kl }) => finite(kl));
  const traces: Data[] = [];
  // Between independent trainings a line means nothing.
  if (points.length > 1 && !isTrained(family)) {
    const line = { width: 1.5, dash: 'dot' } as const;
    traces.push(lineTrace(style, { x, y: points.map(({ bound }) => finite(bound)) }, line));
  }
  if (fit !== undefined) {
    const [u, v] = [(row: StudyRow) => Math.log(row.kl), (row: StudyRow) => Math.log(row.guidanceMse)];
    const mean = (of: (row: StudyRow) => number) =>
      points.reduce((sum, row) => sum + of(row), 0) / points.length;
    const at = (kl: number) => Math.exp(mean(v) + fit.slope * (Math.log(kl) - mean(u)));
    const ends = [points[0]!.kl, points.at(-1)!.kl];
    traces.push(lineTrace(style, { x: ends, y: ends.map(at) }, { width: 1.5, dash: 'solid' }));
  }
  traces.push(
    markerTrace(
      style,
      {
        x,
        y: points.map(({ guidanceMse }) => finite(guidanceMse)),
        error: points.map(({ standardError }) => finite(standardError)),
        text: points.map(
          ({ parameter, kl, guidanceMse, bound }) =>
            `${family}${parameter === null ? '' : ` ${shortNumber(parameter)}`}: KL ${kl.toExponential(2)}, error ${guidanceMse.toExponential(2)}, bound ${bound.toExponential(2)}`,
        ),
      },
      { symbol, size: 7, line: { width: 1.5, color: colour } },
    ),
  );
  return traces;
}

/** Lines of slope 1 and 1/2 through the upper right of the points. */
function guideTraces(rows: readonly StudyRow[], panel: number): Data[] {
  const kls = rows.map(({ kl }) => kl).filter((kl) => kl > 0);
  if (kls.length < 2) return [];
  const [least, most] = [Math.min(...kls), Math.max(...kls)];
  const top = Math.max(...rows.map(({ bound }) => bound));
  const bottom = Math.min(...rows.map(({ guidanceMse }) => guidanceMse).filter((error) => error > 0));
  const guideEnds = (slope: number) => {
    const ends = [Math.max(least, most * (bottom / top) ** (1 / slope)), most];
    return { x: ends, y: ends.map((kl) => top * (kl / most) ** slope) };
  };
  return guides.map((slope) =>
    lineTrace({ name: `slope ${slope}`, panel, colour: ink.muted }, guideEnds(slope), {
      width: 1,
      dash: 'dash',
    }),
  );
}
