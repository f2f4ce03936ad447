import { gridCoordinates, inCoordinates } from '../../../fewClass/density/coordinates.ts';
import {
  gridAround,
  gridDensity,
  requireEvenGrid,
  type DensityWay,
  type GridDensity,
} from '../../../fewClass/output/gridDensity.ts';
import { divergence, type Discretization, type FewClassProblem } from '../../../fewClass/problem.ts';
import { samplerLabel, type Sampler } from '../../../guidance/sampler.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { fewClassDensityFigure } from '../../../figures/fewClasses/fewClassDensityFigure.ts';
import { fewClassLineFigure } from '../../../figures/fewClasses/fewClassLineFigure.ts';
import type { Figure } from '../../../figures/drawing/figure.ts';
import { command } from '../../frame/command.ts';
import { option } from '../../frame/input.ts';
import { numbers } from '../../frame/options.ts';
import { show, table } from '../../terminal/output.ts';
import { parseRange } from '../../frame/ranges.ts';
import { titled, withPreset } from './presets.ts';
import {
  fromNoise,
  oneClassNotes,
  problemLabel,
  problemOf,
  requireInRun,
  rowsOf,
  samplersOf,
  samplerTitle,
  samplingRecord,
  whereText,
} from './problem.ts';
import { samplingInputs, stepsOptions } from './problemOptions.ts';

/** Probability beyond the grid, or lost between its points, above which a note is given. */
const noticeable = 0.02;

interface OutputDensity extends GridDensity {
  readonly w: number;
  readonly stepSize: number | null;
}

const gridOption = (help: string, words: { readonly usual?: string } = {}) =>
  option(help, { as: 'range', kind: 'numbers', ...words }, (name, text) => {
    const grid = parseRange(name, text);
    requireEvenGrid(name, grid);
    return grid;
  });

/** `few-class density`: density of the output for several strengths and step sizes. */
export const densityCommand = command({
  name: 'density',
  summary: 'Density of the output for several strengths and step sizes, on the line or in the plane.',
  example:
    'cfg-dmft few-class density --centres "1;-1" --w 0,1,4 --out densities\n  ode: w 0, largest 0.39891, on the grid 0.99978; ...; files few-class-density.json, .csv and .html',
  files: ['.csv', '.html'],
  prepare: withPreset('density'),
  options: {
    ...samplingInputs('density', stepsOptions, { start: 'normal' }),
    x: gridOption('grid of the first coordinate', { usual: 'around the centres' }),
    y: gridOption('grid of the second coordinate'),
    axes: numbers('one or two coordinates that are shown, from 0', {
      usual: 'those in which the centres differ',
    }),
  },
  run(values, { progress }) {
    const { w, sampling, steps: discretizations, figure: preset } = values;
    const sampler = samplersOf(values)[0]!;
    const whole = problemOf(values, sampler);
    const coordinates = gridCoordinates(whole.mixture, values.axes);
    const problem = inCoordinates(whole, coordinates);
    const stepSizes = discretizations.map((one) => one?.stepSize ?? null);
    requireInRun(
      'step',
      stepSizes.filter((one) => one !== null),
      whole.startTime,
    );
    const start = values.start ?? fromNoise;
    if (coordinates.length === 1 && values.y !== null)
      throw new ParameterError('y', 'given with two coordinates to show', values.y);
    const axes = gridAround(problem.mixture).map((usual, i) => [values.x, values.y][i] ?? usual);
    const all: OutputDensity[] = [];
    for (const discretization of discretizations) {
      const stepSize = discretization?.stepSize ?? null;
      for (const strength of w) {
        progress.stage(`density at ${whereText(strength, stepSize)}`);
        const found = gridDensity({ problem, start, discretization, ...sampling }, strength, axes);
        all.push({ ...found, w: strength, stepSize });
        progress.update(all.length / (w.length * discretizations.length));
      }
    }
    const where = (one: OutputDensity) => whereText(one.w, one.stepSize);
    const failed = all.filter(({ diverged }) => diverged > 0).map(where);
    if (all.every(({ diverged }) => diverged >= 1)) throw divergence(failed.join('; '));
    const label = `${samplerTitle(sampler)}, ${problemLabel(whole)}${ruleText(discretizations)}`;
    const titles = coordinates.map((axis) =>
      whole.mixture.dimension === 1 ? 'x' : `x<sub>${axis + 1}</sub>`,
    );
    return {
      document: {
        w,
        stepSizes,
        confidence: null,
        entropy: null,
        thresholds: null,
        coordinates,
        x: axes[0]!,
        y: axes[1] ?? null,
        densities: all.map(({ w: strength, stepSize, way, mass, diverged, density }) => ({
          w: strength,
          stepSize,
          method: way,
          mass,
          diverged,
          density,
        })),
      },
      text: densityText(all, sampler),
      notes: [
        ...oneClassNotes(whole.mixture),
        ...failed.map((one) => `${one}: some starts diverge and are left out`),
        ...all
          .filter(({ mass, diverged }) => Math.abs(mass + diverged - 1) > noticeable)
          .map(
            (one) =>
              `${where(one)}: the grid holds ${show(one.mass, 3)} of the probability; it needs a wider range or more points (--x, --y)`,
          ),
      ],
      record: samplingRecord(values, whole, start, { discretizations, coordinates }),
      figure: titled(densityFigure(problem, axes, all, { label, titles }), preset),
    };
  },
});

function ruleText([first, ...others]: readonly (Discretization | null)[]): string {
  if (first === null || first === undefined) return ', continuous time';
  return `, rule ${first.rule}${others.length === 0 ? `, step ${show(first.stepSize)}` : ''}`;
}

/** Sentences of the caption. */
const wayText: Readonly<Record<DensityWay, string>> = {
  flow: 'Exact, by the change of variables along the flow.',
  map: 'Exact for the discretised map, all its branches summed, as averages over the cells of the grid.',
  'fokker-planck': 'From the Fokker-Planck equation.',
  samples: 'From samples, smoothed by a Gaussian as wide as a cell of the grid.',
  'split-samples':
    'From samples, smoothed by a Gaussian as wide as a cell of the grid; rounding errors of the sampler, from which a class that was drawn together may grow again, are 2⁻⁵³.',
};

function densityFigure(
  { mixture, guidedClass }: FewClassProblem,
  [x, y]: readonly (readonly number[])[],
  all: readonly OutputDensity[],
  { label, titles }: { readonly label: string; readonly titles: readonly string[] },
): Figure {
  const words = { label, method: [...new Set(all.map(({ way }) => wayText[way]))].join(' ') };
  if (y === undefined) {
    return fewClassLineFigure({
      densities: all.map(({ w, stepSize, density }) => ({ w, stepSize, x: x!, density })),
      centres: [...mixture.centres],
      axis: titles[0]!,
      ...words,
    });
  }
  return fewClassDensityFigure({
    densities: all.map(({ w, stepSize, density }) => ({
      w,
      stepSize,
      x: x!,
      y,
      density: rowsOf(density, x!.length),
    })),
    centres: rowsOf(mixture.centres, 2),
    guidedClass,
    axes: [titles[0]!, titles[1]!],
    ...words,
  });
}

function densityText(all: readonly OutputDensity[], sampler: Sampler): string {
  const largest = (density: readonly number[]) => density.reduce((a, b) => Math.max(a, b), 0);
  return table([
    ['sampler', 'w', 'step', 'method', 'largest', 'on the grid', 'diverged'],
    ...all.map(({ w, stepSize, way, density, mass, diverged }) => [
      samplerLabel(sampler),
      show(w),
      show(stepSize),
      way,
      show(largest(density), 5),
      show(mass, 5),
      show(diverged, 3),
    ]),
  ]);
}
