import {
  largestComputed,
  largestUncertainty,
  leastDimension,
  validityMap,
  type ValidityCell,
} from '../../finiteSize/validity.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { shortNumber } from '../../figures/drawing/theme.ts';
import { validityFigure } from '../../figures/manyClasses/validityFigure.ts';
import { processes } from '../../process/process.ts';
import { criticalClassRate } from '../../meanfield/transition/criticalRate.ts';
import { command } from '../frame/command.ts';
import { integer, range } from '../frame/options.ts';
import {
  asymptoticModelOptions,
  coefficientsOptions,
  positiveAlphasOption,
  problemRecord,
} from '../frame/physics.ts';
import { show, table } from '../terminal/output.ts';

/** Fewer classes than this are no mixture of many. */
const leastClasses = 3;

/** `validity`: predicted error of the mean field at finite dimension. */
export const validityCommand = command({
  name: 'validity',
  summary: 'How far the mean field is from particles at finite dimension, predicted without a simulation.',
  example:
    'cfg-dmft validity --alpha 0.5 --w 1,4 --d 16,32,64 --sigma2 0.25\n  d = 16: w = 1 within 1 %, w = 4 within 5 %',
  files: ['.csv', '.html'],
  options: {
    alpha: positiveAlphasOption,
    w: coefficientsOptions,
    d: range('dimensions, a range or a comma list', { required: true, domain: integer(4) }),
    model: asymptoticModelOptions,
  },
  run({ alpha, w, d, model }, { progress }) {
    for (const one of d) {
      if (alpha[0]! * one < Math.log(leastClasses)) {
        const needed = Math.ceil(Math.log(leastClasses) / alpha[0]!);
        throw new ParameterError(
          'd',
          `at least ${needed}, to have ${leastClasses} classes at alpha = ${show(alpha[0])}`,
          one,
        );
      }
    }
    const { sampler, sigma2, ensemble } = model;
    progress.stage('validity');
    const cells: ValidityCell[] = [];
    for (const [i, rate] of alpha.entries()) {
      for (const [j, strength] of w.entries()) {
        cells.push(...validityMap({ alpha: [rate], w: [strength], d, sampler, sigma2, ensemble }));
        progress.update((i + (j + 1) / w.length) / alpha.length);
      }
    }
    const criticalAlpha = w.map((strength) =>
      strength < 0
        ? null
        : criticalClassRate({
            sigma2,
            ensemble,
            sampler,
            process: processes[model.process],
            guidance: { w: strength },
            startTime: null,
          }).criticalAlpha,
    );
    const label = `${samplerLabel(sampler).toUpperCase()}, σ² = ${shortNumber(sigma2)}`;
    return {
      document: {
        alpha,
        w,
        d,
        cells: cells.map(({ dimension, ...rest }) => ({ ...rest, d: dimension })),
        criticalAlpha,
      },
      text: cellsText(cells),
      record: { problem: { ...problemRecord(model, alpha, { w }), d }, options: {}, seed: null },
      figure: validityFigure({ alpha, w, d, cells, criticalAlpha, label }),
    };
  },
});

function cellsText(cells: readonly ValidityCell[]): string {
  const percent = (share: number | undefined) => (share === undefined ? '-' : `${show(100 * share, 2)} %`);
  const rows = table([
    ['alpha', 'w', 'd', 'mean field', 'm off by', 'v off by'],
    ...cells.map(({ alpha, w, dimension, label, relative }) => [
      show(alpha),
      show(w),
      String(dimension),
      label,
      percent(relative?.m),
      percent(relative?.v),
    ]),
  ]);
  const unexplained = cells.filter(({ relative, label }) => relative === null && label !== 'condensed');
  const unknown = unexplained.filter(({ label }) => label === 'unknown').map(({ alpha }) => alpha);
  const worse = unexplained.filter(({ label }) => label === 'worse');
  const runsAway = worse.some(({ uncertainty }) => uncertainty === null);
  return [
    rows,
    ...(worse.length === 0
      ? []
      : [
          `-: the second order exceeds ${100 * largestUncertainty} % of m or v${runsAway ? ', or paths run away from the classes' : ''}, so that the first predicts nothing`,
        ]),
    ...(unknown.length === 0
      ? []
      : [
          `unknown: three classes at alpha = ${show(unknown[0])} need d = ${leastDimension(unknown[0]!)}, beyond the ${largestComputed} up to which the disorder is computed`,
        ]),
  ].join('\n\n');
}
