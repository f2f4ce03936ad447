import type { WindowSensitivity } from '../../classifier/sampling/sensitivity.ts';
import type { PropagationRow } from '../../classifier/sampling/study.ts';
import { windowClock } from '../../classifier/sampling/windows.ts';
import type { ForwardProcess } from '../../process/process.ts';
import type { FamilyName } from '../../classifier/study/families.ts';
import { classifierFamily } from '../../classifier/study/families.ts';
import { familyLook, logAxis } from './classifierLook.ts';
import { positive, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type FramePanel, type Marks } from '../drawing/frame.ts';
import { along, type TracePoints } from '../drawing/traces.ts';

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

const klAxis = { ...logAxis, dtick: 2, title: { text: 'conditional KL, mean over noise levels' } };
const clockAxis = 'noise level θ = ½ log(1 + τ)';
const yAxis = (text: string) => ({ ...logAxis, title: { text } });

/** Sampling error against cross-entropy for all families, and the cost of errors at each noise level. */
export function classifierSamplingFigure(input: ClassifierSamplingInput): Figure {
  const { points, sensitivities, label, coarseSteps } = input;
  const hasKl = points.some(({ outputKl }) => outputKl !== null);
  const cost = 'per unit of cross-entropy';
  const panels: FramePanel[] = [
    { title: `${coarseSteps} coarse steps`, x: klAxis, y: yAxis('displacement √E|x̂₀ − x₀|²') },
    {
      title: 'continuous sampler',
      x: klAxis,
      y: yAxis(hasKl ? 'KL of the output' : 'displacement √E|x̂₀ − x₀|²'),
    },
    {
      title: 'errors in one window of noise levels',
      x: clockAxis,
      y: yAxis(`${hasKl ? 'output KL' : 'E|x̂₀ − x₀|²'} ${cost}`),
    },
    { title: 'the same by Girsanov', x: clockAxis, y: yAxis(`KL of SDE paths ${cost}`) },
  ];
  const families = [...new Set(points.map(({ family }) => family))];
  return figureOf({
    id: 'classifier-sampling',
    title: 'What imperfect classifiers do to samples',
    caption:
      `Error of guided samples against the conditional KL of the classifier (${label}). Smooth families lie on lines of slope 1 in the KL and 1/2 in the displacement; ` +
      'the ripple, whose guidance is wrong at any KL, moves the output of a sampler in steps by the same distance however small its KL (wave and ripple are too short for the continuous sampler). ' +
      'Lower panels: cost of errors by noise level, from the data (left) to the noise. Bars: one standard error.',
    panels: panels.slice(0, sensitivities.length === 0 ? 2 : 4),
    marks: families.map((family) => familyMarks(family, input, hasKl)),
    columns: 2,
    perRow: [3, 1],
    heights: [320, 280],
    table: recordTable(
      [
        ...(['kind', 'family', 'parameter', 'clock', 'kl', 'outputKl', 'w2', 'steppedW2'] as const),
        ...(['path', 'couplingSquare', 'outputKlError', 'w2Error', 'steppedW2Error'] as const),
      ],
      [
        ...points.map((point) => ({ ...point, kind: 'sampling error' })),
        ...sensitivities.map((point) => ({ ...point, kind: 'sensitivity' })),
      ],
    ),
  });
}

/** A family in all panels. */
function familyMarks(
  family: FamilyName,
  { points, sensitivities }: ClassifierSamplingInput,
  hasKl: boolean,
): Marks {
  const { colour, symbol } = familyLook[family];
  const own = points.filter((point) => point.family === family).sort((one, other) => one.kl - other.kl);
  const windows = sensitivities
    .filter((point) => point.family === family)
    .sort((one, other) => one.clock - other.clock);
  const joined = (panel: number, shown: TracePoints): Marks => {
    const style = { name: classifierFamily(family).title, colour, legendGroup: family, panel, ...shown };
    return [
      { ...style, line: { width: 1.5 } },
      { ...style, inLegend: true, mark: { symbol, size: 9, color: colour } },
    ];
  };
  const errors = (y: 'steppedW2' | 'outputKl' | 'w2') =>
    along(own, { x: 'kl', y: (point) => positive(point[y]), error: `${y}Error` });
  return [
    joined(0, errors('steppedW2')),
    joined(1, errors(hasKl ? 'outputKl' : 'w2')),
    joined(2, along(windows, { x: 'clock', y: hasKl ? 'outputKl' : 'couplingSquare' })),
    joined(3, along(windows, { x: 'clock', y: 'path' })),
  ];
}
