import {
  designDefaults,
  designFamilies,
  logOddsPerDimension,
  type DesignOptions,
  type DesignTarget,
} from '../../../design/problem.ts';
import { coefficientFromScale } from '../../../guidance/coefficient.ts';
import { ParameterError, requireInteger } from '../../../numerics/checks.ts';
import { group } from '../../frame/input.ts';
import {
  choice,
  integer,
  interval,
  nonNegative,
  number,
  positive,
  type Domain,
} from '../../frame/options.ts';

const { limits, nodes, seed, tolerance } = designDefaults;
const mostDesigns = 100;

/** Designs on a front: none, or at least two. */
const frontSize: Domain = {
  text: null,
  require: (name, value) => {
    if (value !== 0) requireInteger(name, value, 2, mostDesigns);
  },
};

/** Target of a design, or the coefficient of constant guidance that it takes the place of. */
interface TargetRequest {
  readonly target: DesignTarget;
  readonly replaces: number | null;
}

/** A guidance scale that guides. */
const guidingScale: Domain = {
  text: '> 1',
  require: (name, value) => {
    if (!(Number.isFinite(value) && value > 1)) throw new ParameterError(name, 'a finite number > 1', value);
  },
};

/** Target of a design. */
export const targetOptions = group(
  {
    replaceScale: number(
      'keep the overlap of this constant guidance scale and regain what it can of the variance',
      {
        as: 'S',
        domain: guidingScale,
        without: ['minOverlap', 'decideBy'],
        sets: ['w'],
      },
    ),
    minOverlap: number('least overlap m with the class at the data', {
      as: 'M',
      default: 1,
      sets: ['overlap'],
    }),
    decideBy: number('process time by which the guided class weighs as much as all others', {
      as: 'T',
      usual: 'half-way to where w = 1 decides',
      domain: { ...nonNegative, text: null },
      sets: ['decision.time'],
    }),
    posterior: number('weight of the class at --decide-by (needs --dimension)', {
      as: 'P',
      usual: '0.5',
      domain: interval('(0, 1)'),
      with: 'decideBy',
      sets: ['decision.logOdds'],
    }),
    dimension: number('dimension in which --posterior is meant', {
      as: 'D',
      domain: integer(1),
      with: 'posterior',
    }),
  },
  ({ replaceScale, minOverlap: overlap, decideBy: time, posterior, dimension }): TargetRequest => {
    const replaces = replaceScale === null ? null : coefficientFromScale(replaceScale);
    const asked = (decision: DesignTarget['decision']) => ({ target: { overlap, decision }, replaces });
    if (time === null) return asked(null);
    if (posterior === null) return asked({ time, logOdds: 0 });
    if (dimension === null)
      throw new ParameterError(
        'dimension',
        'given with --posterior: a weight means nothing without it',
        undefined,
      );
    return asked({ time, logOdds: logOddsPerDimension(posterior, dimension) });
  },
);

/** Options of a design as typed: the largest coefficient may depend on the target. */
interface DesignOptionsTyped extends Omit<DesignOptions, 'limits'> {
  readonly limits: Omit<DesignOptions['limits'], 'largest'> & { readonly largest: number | null };
}

/** Method and limits of a design. */
export const designOptions = group(
  {
    family: choice('shape', designFamilies, { default: designDefaults.family }),
    wMax: number('largest coefficient w', {
      as: 'W',
      usual: `${limits.largest}; with --replace-scale S twice its w`,
      domain: positive,
      sets: ['limits.largest'],
    }),
    wMin: number('least coefficient w', {
      as: 'W',
      default: limits.least,
      domain: interval('[-1, 0)'),
      sets: ['limits.least'],
    }),
    margin: number('least complexity of the competing classes on the way', {
      as: 'C',
      default: limits.complexity,
      domain: nonNegative,
      sets: ['limits.complexity'],
    }),
    tolerance: number('|v/sigma2 - 1| to reach', { default: tolerance, domain: positive }),
    nodes: number('nodes of --family piecewise-linear', { as: 'N', usual: String(nodes) }),
    robustAlpha: number('error of alpha over which the worst |v/sigma2 - 1| is kept small', {
      as: 'E',
      domain: nonNegative,
      sets: ['robust.alpha'],
    }),
    robustSigma2: number('error of sigma2 over which it is kept small', {
      as: 'E',
      domain: nonNegative,
      sets: ['robust.sigma2'],
    }),
    seed: number('seed of the search', { as: 'I', default: seed }),
  },
  ({ family, wMin, wMax, margin, nodes: count, robustAlpha, robustSigma2, ...rest }): DesignOptionsTyped => {
    if (count !== null && family !== 'piecewise-linear')
      throw new ParameterError('nodes', 'given with --family piecewise-linear', count);
    const isRobust = robustAlpha !== null || robustSigma2 !== null;
    return {
      family,
      limits: { least: wMin, largest: wMax, complexity: margin },
      nodes: count ?? nodes,
      tolerance: rest.tolerance,
      robust: isRobust ? { alpha: robustAlpha ?? 0, sigma2: robustSigma2 ?? 0 } : null,
      seed: rest.seed,
    };
  },
);

/** --pareto. */
export const paretoOption = number(
  'also N designs on the front of separation against diversity, beside the standard schedules',
  { as: 'N', domain: frontSize },
);
