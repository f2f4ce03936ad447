import type { Data } from 'plotly.js-dist-min';
import type { FamilyName } from '../classifier/study/families.ts';
import { classifierFamily } from '../classifier/study/families.ts';
import type { WindowSensitivity } from '../classifier/sampling/sensitivity.ts';
import type { PropagationRow } from '../classifier/sampling/study.ts';
import { windowClock } from '../classifier/sampling/windows.ts';
import type { ForwardProcess } from '../process/process.ts';
import { familyLook } from './classifierLook.ts';
import { finite, type Figure } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { lineTrace, markerTrace } from './traces.ts';

/** Sampling error of one classifier; null where a measure does not exist. */
export interface SamplingPoint {
  readonly family: FamilyName;
  readonly parameter: number;
  /** Conditional KL, mean over the noise levels. */
  readonly kl: number;
  readonly outputKl: number | null;
  readonly outputKlError: number | null;
  /** Root mean square displacement of the coupled outputs, continuous sampler. */
  readonly w2: number | null;
  readonly w2Error: number | null;
  /** Root mean square displacement of the coupled outputs, sampler in coarse steps. */
  readonly steppedW2: number;
  readonly steppedW2Error: number | null;
}

/** Cost of errors in one window of noise levels. */
export interface SensitivityPoint {
  readonly family: FamilyName;
  /** Middle of the window, in theta = log(1 + tau)/2. */
  readonly clock: number;
  /** Error of the output per unit of cross-entropy. */
  readonly path: number;
  readonly outputKl: number | null;
  readonly couplingSquare: number;
}

/** Point of a member of a family. */
export function samplingPoint(
  family: FamilyName,
  { parameter, levels, output, stepped }: PropagationRow,
): SamplingPoint {
  return {
    family,
    parameter,
    kl: levels.kl.mean,
    outputKl: output?.kl?.mean ?? null,
    outputKlError: output?.kl?.standardError ?? null,
    w2: output?.coupling.mean ?? null,
    w2Error: output?.coupling.standardError ?? null,
    steppedW2: stepped.coupling.mean,
    steppedW2Error: stepped.coupling.standardError,
  };
}

/** Point of a window. */
export function sensitivityPoint(
  process: ForwardProcess,
  family: FamilyName,
  { window, sensitivity }: WindowSensitivity,
): SensitivityPoint {
  return { family, clock: windowClock(process, window), ...sensitivity };
}

/** Input of {@link classifierSamplingFigure}. */
export interface ClassifierSamplingInput {
  readonly points: readonly SamplingPoint[];
  readonly sensitivities: readonly SensitivityPoint[];
  /** Mixture, class, guidance and sampler. */
  readonly label: string;
  readonly coarseSteps: number;
}

const logAxis = { type: 'log', dtick: 1, exponentformat: 'power' } as const;
const klAxis = { ...logAxis, dtick: 2, title: { text: 'conditional KL, mean over noise levels' } } as const;

/** Sampling error against cross-entropy for all families, and the cost of errors at each noise level. */
export function classifierSamplingFigure(input: ClassifierSamplingInput): Figure {
  const { points, sensitivities, label, coarseSteps } = input;
  const families = [...new Set(points.map(({ family }) => family))];
  const hasKl = points.some(({ outputKl }) => outputKl !== null);
  const data: Data[] = [];
  for (const family of families) {
    const { colour, symbol } = familyLook[family];
    const own = points.filter((point) => point.family === family).sort((one, other) => one.kl - other.kl);
    const x = own.map(({ kl }) => kl);
    const add = (panel: number, y: (number | null)[], error: (number | null)[], inLegend: boolean): void => {
      const style = { name: classifierFamily(family).title, panel, colour, legendGroup: family };
      // Zero has no place on a logarithmic axis.
      const shown = y.map((value) => (value !== null && value > 0 ? value : null));
      data.push(lineTrace(style, { x, y: shown }, { width: 1.5 }));
      data.push(
        markerTrace({ ...style, inLegend }, { x, y: shown, error }, { symbol, size: 9, color: colour }),
      );
    };
    add(
      0,
      own.map(({ steppedW2 }) => steppedW2),
      own.map(({ steppedW2Error }) => steppedW2Error),
      true,
    );
    if (hasKl) {
      add(
        1,
        own.map(({ outputKl }) => outputKl),
        own.map(({ outputKlError }) => outputKlError),
        false,
      );
    } else {
      add(
        1,
        own.map(({ w2 }) => w2),
        own.map(({ w2Error }) => w2Error),
        false,
      );
    }
    const rows = sensitivities
      .filter((point) => point.family === family)
      .sort((one, other) => one.clock - other.clock);
    const costs = ({ outputKl, couplingSquare }: SensitivityPoint): number =>
      hasKl ? (outputKl ?? NaN) : couplingSquare;
    const clocks = rows.map(({ clock }) => clock);
    const style = { name: classifierFamily(family).title, colour, legendGroup: family };
    data.push(
      lineTrace(
        { ...style, panel: 2 },
        { x: clocks, y: rows.map((row) => finite(costs(row))) },
        { width: 1.5 },
      ),
      markerTrace(
        { ...style, panel: 2 },
        { x: clocks, y: rows.map((row) => finite(costs(row))) },
        { symbol, size: 9, color: colour },
      ),
      lineTrace({ ...style, panel: 3 }, { x: clocks, y: rows.map(({ path }) => path) }, { width: 1.5 }),
      markerTrace(
        { ...style, panel: 3 },
        { x: clocks, y: rows.map(({ path }) => path) },
        { symbol, size: 9, color: colour },
      ),
    );
  }
  const clockAxis = { title: { text: 'noise level θ = ½ log(1 + τ)' } };
  const cost = 'per unit of cross-entropy';
  const panels: Panel[] = [
    {
      title: `${coarseSteps} coarse steps`,
      x: klAxis,
      y: { ...logAxis, title: { text: 'displacement √E|x̂₀ − x₀|²' } },
    },
    {
      title: 'continuous sampler',
      x: klAxis,
      y: { ...logAxis, title: { text: hasKl ? 'KL of the output' : 'displacement √E|x̂₀ − x₀|²' } },
    },
    ...(sensitivities.length === 0
      ? []
      : [
          {
            title: 'errors in one window of noise levels',
            x: clockAxis,
            y: { ...logAxis, title: { text: `${hasKl ? 'output KL' : 'E|x̂₀ − x₀|²'} ${cost}` } },
          },
          {
            title: 'the same by Girsanov',
            x: clockAxis,
            y: { ...logAxis, title: { text: `KL of SDE paths ${cost}` } },
          },
        ]),
  ];
  return {
    id: 'classifier-sampling',
    title: 'What imperfect classifiers do to samples',
    caption:
      `Error of guided samples against the conditional KL of the classifier (${label}). Smooth families lie on lines of slope 1 in the KL and 1/2 in the displacement; ` +
      'the ripple, whose guidance is wrong at any KL, moves the output of a sampler in steps by the same distance however small its KL (wave and ripple are too short for the continuous sampler). ' +
      'Lower panels: cost of errors by noise level, from the data (left) to the noise. Bars: one standard error.',
    data,
    layout: panelLayout(panels, { columns: 2, panelHeight: 320, legendRows: Math.ceil(families.length / 3) }),
    narrowLayout: panelLayout(panels, { columns: 1, panelHeight: 280, legendRows: families.length }),
    table: {
      columns: [
        'kind',
        'family',
        'parameter',
        'clock',
        'kl',
        'outputKl',
        'w2',
        'steppedW2',
        'path',
        'couplingSquare',
      ],
      rows: [
        ...points.map((point) => [
          'sampling error',
          point.family,
          point.parameter,
          null,
          finite(point.kl),
          finite(point.outputKl),
          finite(point.w2),
          finite(point.steppedW2),
          null,
          null,
        ]),
        ...sensitivities.map((point) => [
          'sensitivity',
          point.family,
          null,
          point.clock,
          null,
          finite(point.outputKl),
          null,
          null,
          finite(point.path),
          finite(point.couplingSquare),
        ]),
      ],
    },
  };
}
