import { NumericalFailure, ParameterError } from '../../../numerics/checks.ts';
import type { Discretization, FewClassProblem } from '../../../fewClass/problem.ts';
import { samplerLabel, type Sampler } from '../../../guidance/sampler.ts';
import { fewClassDensityFigure } from '../../../plots/fewClassDensityFigure.ts';
import { fewClassLineFigure } from '../../../plots/fewClassLineFigure.ts';
import { figureCsv, type Figure } from '../../../plots/figure.ts';
import { figurePage } from '../../../plots/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import type { RawOptions } from '../../options.ts';
import { show, table } from '../../output.ts';
import { parseRange } from '../../ranges.ts';
import { axisTitles, inCoordinates, readAxes } from './coordinates.ts';
import { gridDensity, wayText, type GridDensity } from './outputDensities.ts';
import { titled, withPreset } from './presets.ts';
import {
  addMixtureOptions,
  addSamplingOptions,
  addStartOption,
  fewClassRecord,
  problemLabel,
  readDiscretizations,
  readProblem,
  readSamplers,
  readSampling,
  readStart,
  readStrengths,
  samplerTitleOf,
} from './problemOptions.ts';

const csvName = 'few-class-density.csv';
const pageName = 'few-class-density.html';
/** Points of a grid along one coordinate. */
const linePoints = 241;
const planePoints = 61;
/** Standard deviations beyond the outermost centres that a grid shows. */
const reach = 3.5;
/** Probability beyond the grid, or lost between its points, above which a note is given. */
const noticeable = 0.02;

interface OutputDensity extends GridDensity {
  readonly w: number;
  readonly stepSize: number | null;
}

interface Densities {
  /** In the coordinates that are shown. */
  readonly problem: FewClassProblem;
  readonly axes: readonly (readonly number[])[];
  readonly titles: readonly string[];
  readonly all: readonly OutputDensity[];
  readonly label: string;
}

/** `few-class density`: density of the output for several strengths and step sizes. */
export const densityCommand: CommandDefinition = {
  name: 'density',
  summary: 'Density of the output for several strengths and step sizes, on the line or in the plane.',
  example:
    'cfg-dmft few-class density --centres "1;-1" --w 0,1,4 --out densities\n  ode: w 0, largest 0.39891, on the grid 0.99978; ...; files few-class-density.json, .csv and .html',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addStartOption(
      addSamplingOptions(
        addMixtureOptions(command, 'density'),
        'step sizes in process time, a range (default: continuous)',
      ),
      'normal',
    )
      .option('--x <range>', 'grid of the first coordinate (default: around the centres)')
      .option('--y <range>', 'grid of the second coordinate')
      .option(
        '--axes <list>',
        'one or two coordinates that are shown, from 0 (default: those in which the centres differ)',
      ),
  run(given, { progress }) {
    const { raw, preset } = withPreset(given, 'density');
    const [sampler] = readSamplers(raw, preset);
    const whole = readProblem(raw, sampler!);
    const coordinates = readAxes(raw, whole);
    const problem = inCoordinates(whole, coordinates);
    const w = readStrengths(raw);
    const discretizations = readDiscretizations(raw, whole.startTime);
    const sampling = readSampling(raw);
    const start = readStart(raw, problem.mixture.dimension, { kind: 'normal' });
    if (start.kind === 'point' && problem.sampler.eta === 0) {
      throw new ParameterError(
        'start',
        'normal with the sampler ode',
        raw['start'],
        'from a point it has one output',
      );
    }
    const axes = readGrid(raw, problem);
    const all: OutputDensity[] = [];
    const failures: string[] = [];
    for (const discretization of discretizations) {
      for (const one of w) {
        progress.stage(`density at w = ${show(one)}${stepText(discretization)}`);
        const task = { problem, start, discretization, ...sampling };
        const found = gridDensity(task, one, axes);
        if (found.diverged > 0) failures.push(`w = ${show(one)}${stepText(discretization)}`);
        all.push({ ...found, w: one, stepSize: discretization?.stepSize ?? null });
        progress.update(all.length / (w.length * discretizations.length));
      }
    }
    if (all.every(({ diverged }) => diverged >= 1)) {
      throw new NumericalFailure(
        `the sampler diverges at ${failures.join('; ')}`,
        'take smaller steps or weaker guidance',
      );
    }
    const densities: Densities = {
      problem,
      axes,
      titles: axisTitles(coordinates, whole.mixture.dimension),
      all,
      label: `${samplerTitleOf(sampler!)}, ${problemLabel(whole)}${ruleText(discretizations)}`,
    };
    const figure = titled(densityFigure(densities), preset);
    return Promise.resolve({
      document: {
        w,
        stepSizes: discretizations.map((one) => one?.stepSize ?? null),
        confidence: null,
        entropy: null,
        thresholds: null,
        coordinates,
        x: axes[0]!,
        y: axes[1] ?? null,
        densities: all.map(({ w: at, stepSize, way, mass, diverged, density }) => ({
          w: at,
          stepSize,
          method: way,
          mass,
          diverged,
          density,
        })),
      },
      text: densityText(densities, sampler!),
      notes: [
        ...failures.map((one) => `${one}: some starts diverge and are left out`),
        ...all
          .filter(({ mass, diverged }) => Math.abs(mass + diverged - 1) > noticeable)
          .map(
            ({ w: at, stepSize, mass }) =>
              `w = ${show(at)}${stepSize === null ? '' : `, step ${show(stepSize)}`}: the grid holds ${show(mass, 3)} of the probability; it needs a wider range or more points (--x, --y)`,
          ),
      ],
      record: {
        problem: { ...fewClassRecord(whole, w), start },
        options: { ...sampling, discretizations, coordinates, figure: preset?.name ?? null },
        seed: sampling.seed,
      },
      figures: () => [figure],
      files: (record) => ({
        [csvName]: figureCsv(figure.table),
        [pageName]: figurePage(figure, record, plotlySource(), record.command),
      }),
    });
  },
};

function stepText(discretization: Discretization | null): string {
  return discretization === null ? '' : `, step ${show(discretization.stepSize)}`;
}

function ruleText(discretizations: readonly (Discretization | null)[]): string {
  const first = discretizations[0] ?? null;
  if (first === null) return ', continuous time';
  return `, rule ${first.rule}${discretizations.length === 1 ? `, step ${show(first.stepSize)}` : ''}`;
}

/** Grids of --x and --y, even; by default as far around the centres as a class reaches. */
function readGrid(raw: RawOptions, { mixture }: FewClassProblem): number[][] {
  const { dimension, classes, centres, covariances } = mixture;
  if (dimension === 1 && raw['y'] !== undefined) {
    throw new ParameterError('y', 'given with two coordinates to show', raw['y']);
  }
  return Array.from({ length: dimension }, (_, i) => {
    const name = i === 0 ? 'x' : 'y';
    const text = raw[name];
    if (typeof text === 'string') {
      const grid = parseRange(name, text);
      const step = (grid.at(-1)! - grid[0]!) / (grid.length - 1);
      if (grid.length < 3 || grid.some((at, k) => Math.abs(at - grid[0]! - k * step) > 1e-6 * step)) {
        throw new ParameterError(name, 'an even range of at least 3 values', text);
      }
      return grid;
    }
    const at = Array.from({ length: classes }, (_k, k) => centres[k * dimension + i]!);
    const width = Math.sqrt(Math.max(...covariances.map((matrix) => matrix[i * dimension + i]!)));
    const [low, high] = [Math.min(...at) - reach * width, Math.max(...at) + reach * width];
    const points = dimension === 1 ? linePoints : planePoints;
    return Array.from({ length: points }, (_k, k) => low + ((high - low) * k) / (points - 1));
  });
}

function densityFigure({ problem, axes, titles, all, label }: Densities): Figure {
  const { mixture, guidedClass } = problem;
  const method = [...new Set(all.map(({ way }) => way))].map((way) => wayText[way]).join(' ');
  const [x, y] = axes;
  if (y === undefined) {
    return fewClassLineFigure({
      densities: all.map(({ w, stepSize, density }) => ({ w, stepSize, x: x!, density })),
      centres: [...mixture.centres],
      axis: titles[0]!,
      label,
      method,
    });
  }
  const columns = x!.length;
  return fewClassDensityFigure({
    densities: all.map(({ w, stepSize, density }) => ({
      w,
      stepSize,
      x: x!,
      y,
      density: y.map((_, j) => density.slice(j * columns, (j + 1) * columns)),
    })),
    centres: Array.from({ length: mixture.classes }, (_, k) => [...mixture.centres.slice(2 * k, 2 * k + 2)]),
    guidedClass,
    axes: [titles[0]!, titles[1]!],
    label,
    method,
  });
}

function densityText({ all }: Densities, sampler: Sampler): string {
  return table([
    ['sampler', 'w', 'step', 'method', 'largest', 'on the grid', 'diverged'],
    ...all.map(({ w, stepSize, way, density, mass, diverged }) => [
      samplerLabel(sampler),
      show(w),
      stepSize === null ? '-' : show(stepSize),
      way,
      show(
        density.reduce((a, b) => Math.max(a, b), 0),
        5,
      ),
      show(mass, 5),
      show(diverged, 3),
    ]),
  ]);
}
