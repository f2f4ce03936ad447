import type { Command } from 'commander';
import {
  designDefaults,
  designFamilies,
  type DesignOptions,
  type DesignTarget,
} from '../../../design/problem.ts';
import { ParameterError, requireChoice, requireInteger } from '../../../numerics/checks.ts';
import { integerOption, optionalNumber, requiredText, type RawOptions } from '../../options.ts';

const { limits } = designDefaults;

/** Options of a design: target and limits. */
export function addDesignOptions(command: Command): Command {
  return command
    .option('--family <name>', `shape: ${designFamilies.join(', ')}`, designDefaults.family)
    .option('--min-overlap <M>', 'least overlap m with the class at the data (default: 1)')
    .option(
      '--decide-by <T>',
      'process time by which the guided class weighs as much as all others (default: half-way to where w = 1 decides)',
    )
    .option('--posterior <P>', 'weight of the class at --decide-by, with --dimension (default: 0.5)')
    .option('--dimension <D>', 'dimension in which --posterior is meant')
    .option('--w-max <W>', `largest coefficient w (default: ${limits.largest})`)
    .option('--w-min <W>', `least coefficient w, in [-1, 0) (default: ${limits.least})`)
    .option(
      '--margin <C>',
      `least complexity of the competing classes on the way (default: ${limits.complexity})`,
    )
    .option('--tolerance <X>', `|v/sigma2 - 1| to reach (default: ${designDefaults.tolerance})`)
    .option('--nodes <N>', `nodes of piecewise-linear (default: ${designDefaults.nodes})`)
    .option('--robust-alpha <E>', 'error of alpha over which the worst |v/sigma2 - 1| is kept small')
    .option('--robust-sigma2 <E>', 'the same of sigma2')
    .option(
      '--pareto <N>',
      'also N designs on the front of separation against diversity, beside the standard schedules',
    )
    .option('--seed <I>', `seed of the search (default: ${designDefaults.seed})`);
}

/** Target of the design, from the options. */
export function readTarget(raw: RawOptions): DesignTarget {
  const overlap = optionalNumber(raw, 'minOverlap', 'min-overlap') ?? 1;
  const time = optionalNumber(raw, 'decideBy', 'decide-by');
  const posterior = optionalNumber(raw, 'posterior', 'posterior');
  const dimension = optionalNumber(raw, 'dimension', 'dimension');
  if (time === null) {
    if (posterior !== null) throw new ParameterError('posterior', 'given with --decide-by', posterior);
    if (dimension !== null) throw new ParameterError('dimension', 'given with --posterior', dimension);
    return { overlap, decision: null };
  }
  if (posterior === null) {
    if (dimension !== null) throw new ParameterError('dimension', 'given with --posterior', dimension);
    return { overlap, decision: { time, logOdds: 0 } };
  }
  if (!(posterior > 0 && posterior < 1)) throw new ParameterError('posterior', 'in (0, 1)', posterior);
  if (dimension === null) {
    throw new ParameterError(
      'dimension',
      'given with --posterior: a weight means nothing without it',
      undefined,
    );
  }
  requireInteger('dimension', dimension, 1);
  return { overlap, decision: { time, logOdds: Math.log(posterior / (1 - posterior)) / dimension } };
}

/** Method and limits of the design, from the options. */
export function readDesignOptions(raw: RawOptions): DesignOptions {
  const family = requiredText(raw, 'family', 'family');
  requireChoice('family', family, designFamilies);
  const nodes = optionalNumber(raw, 'nodes', 'nodes');
  if (nodes !== null && family !== 'piecewise-linear') {
    throw new ParameterError('nodes', 'given with --family piecewise-linear', nodes);
  }
  const [alpha, sigma2] = [
    optionalNumber(raw, 'robustAlpha', 'robust-alpha'),
    optionalNumber(raw, 'robustSigma2', 'robust-sigma2'),
  ];
  return {
    family,
    limits: {
      least: optionalNumber(raw, 'wMin', 'w-min') ?? limits.least,
      largest: optionalNumber(raw, 'wMax', 'w-max') ?? limits.largest,
      complexity: optionalNumber(raw, 'margin', 'margin') ?? limits.complexity,
    },
    nodes: nodes ?? designDefaults.nodes,
    tolerance: optionalNumber(raw, 'tolerance', 'tolerance') ?? designDefaults.tolerance,
    robust: alpha === null && sigma2 === null ? null : { alpha: alpha ?? 0, sigma2: sigma2 ?? 0 },
    seed: integerOption(raw, 'seed', 'seed', designDefaults.seed),
  };
}

const mostDesigns = 100;

/** Requested number of designs on the front. */
export function readPareto(raw: RawOptions): number {
  const count = integerOption(raw, 'pareto', 'pareto', 0);
  // A front needs two designs.
  if (count !== 0) requireInteger('pareto', count, 2, mostDesigns);
  return count;
}
