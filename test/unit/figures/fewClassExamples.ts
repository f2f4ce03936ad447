import { fewClassCurveFigure } from '../../../src/figures/fewClasses/fewClassCurveFigure.ts';
import { fewClassDensityFigure } from '../../../src/figures/fewClasses/fewClassDensityFigure.ts';
import { fewClassLineFigure } from '../../../src/figures/fewClasses/fewClassLineFigure.ts';
import { fewClassMapFigure } from '../../../src/figures/fewClasses/fewClassMapFigure.ts';
import { fewClassSplitFigure } from '../../../src/figures/fewClasses/fewClassSplitFigure.ts';
import type { Figure } from '../../../src/figures/drawing/figure.ts';

const label = '3 classes, class 0 guided';
const grid = [-2, -1, 0, 1, 2];
const bump = (centre: number) => grid.map((x) => Math.exp(-0.5 * (x - centre) ** 2));

/** Every figure of few classes, with numbers that need no sampler. */
export function fewClassFigures(): Record<string, Figure> {
  return {
    density: fewClassDensityFigure({
      densities: [0.04, 0.1].flatMap((stepSize) =>
        [0, 20, 50].map((w) => ({
          w,
          stepSize,
          x: grid,
          y: grid,
          density: bump(0).map((row) => bump(w / 50).map((value) => (w === 50 ? NaN : row * value))),
        })),
      ),
      centres: [
        [0, 0],
        [1, 1],
        [-1, -1],
      ],
      guidedClass: 0,
      axes: ['x', 'y'],
      label,
      method: 'Exact.',
    }),
    line: fewClassLineFigure({
      densities: [null, 0.1].flatMap((stepSize) =>
        [0, 3].map((w) => ({ w, stepSize, x: grid, density: [null, ...bump(w).slice(1)] })),
      ),
      centres: [-1, 1],
      axis: 'x',
      label,
      method: 'Exact.',
    }),
    confidence: fewClassCurveFigure({
      quantity: 'confidence',
      label,
      curves: [
        {
          name: 'ODE',
          sampler: 'ode',
          look: 'line',
          points: [0, 1, 2].map((w) => ({
            w,
            value: 0.8 + 0.05 * w,
            standardError: null,
            lower: null,
            upper: null,
          })),
        },
        {
          name: 'SDE',
          sampler: 'sde',
          look: 'line',
          points: [0, 1, 2].map((w) => ({
            w,
            value: w === 2 ? NaN : 0.7 + 0.05 * w,
            standardError: w === 2 ? null : 0.01,
            lower: w === 2 ? null : 0.2 + 0.1 * w,
            upper: w === 2 ? null : 0.99,
          })),
        },
      ],
    }),
    entropy: fewClassCurveFigure({
      quantity: 'entropy',
      label,
      curves: [
        {
          name: 'ODE, exact',
          sampler: 'ode',
          look: 'line',
          points: [0, 1].map((w) => ({ w, value: 1.4 - w, standardError: null, lower: null, upper: null })),
        },
        {
          name: 'ODE, nearest neighbour',
          sampler: 'ode',
          look: 'marks',
          points: [0, 1].map((w) => ({ w, value: 1.41 - w, standardError: 0.02, lower: null, upper: null })),
        },
      ],
    }),
    map: fewClassMapFigure({
      panels: [20, 130].map((w) => ({
        w,
        place: w > 43 ? 'above the threshold' : 'below the threshold',
        lines: [0.5, 1].map((time) => ({
          time,
          x: [0, 1, 2],
          next: [0, 1 - 0.02 * w * time, w === 130 && time === 1 ? NaN : 2],
        })),
      })),
      stepSize: 0.05,
      label,
    }),
    split: fewClassSplitFigure({
      w: [5, 50, 500],
      stepSizes: [0.01, 0.1],
      labels: [
        ['one', 'one', 'split'],
        ['one', 'unstable', 'diverged'],
      ],
      instability: [216, 21.6],
      contraction: [100, 10],
      visible: [300, null],
      label,
    }),
  };
}
