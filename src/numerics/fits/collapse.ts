import {
  NumericalFailure,
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNumbers,
} from '../checks.ts';
import {
  bootstrapDefaults,
  parametricBootstrap,
  type BootstrapEstimate,
  type BootstrapOptions,
} from '../bootstrap.ts';
import { simplexMinimum } from '../simplex.ts';
import {
  collapseData,
  collapseNames,
  qualityOf,
  type CollapseData,
  type CollapseParameters,
  type CollapseQuality,
} from './collapseQuality.ts';
import { drawnCurves, requireCurves, type SizeCurve } from './sizeCurve.ts';

/** A number for a parameter that is known, an interval for one to be searched. */
export type Sought = number | readonly [lo: number, hi: number];

/** Parameters and options of {@link fitCollapse}. */
export interface CollapseOptions extends BootstrapOptions {
  readonly exponent: Sought;
  readonly centre: Sought;
  readonly drift: Sought;
  /** Smallest overlap allowed: parameters that pull the curves apart leave nothing to judge. */
  readonly leastOverlap: number;
  /** Degree of the local master curve, 1 or 2. */
  readonly degree: number;
}

/** Result of {@link fitCollapse}. */
export interface CollapseFit extends CollapseParameters, CollapseQuality {
  /** Errors of the fitted parameters, from a refit of each drawn data set; null for given parameters. */
  readonly bootstrap: Readonly<Record<keyof CollapseParameters, BootstrapEstimate | null>>;
}

/** Tolerance of the simplex search, in cells of the first one. */
const resolution = 1e-3;

/** Points per dimension of the first search, for 1, 2 or 3 parameters sought. */
const gridPoints = [41, 21, 13];

/**
 * Parameters of the best data collapse: the smallest {@link collapseQuality}, by a search on a grid and the simplex method
 * from its best point; errors by drawing all values anew and searching again from there. The three are correlated, so seek
 * only what is not known: the exponent alone if the theory gives the centre.
 * @param curves at least 2, by increasing size
 * @param options `exponent` and `centre` must be given, a number or an interval each; `drift` is 0 by default, `leastOverlap`
 *   0.5
 * @throws ParameterError for inadmissible curves or options; NumericalFailure if no parameters in the intervals let the curves
 *   overlap
 */
export function fitCollapse(
  curves: readonly SizeCurve[],
  options: Partial<CollapseOptions> & Pick<CollapseOptions, 'exponent' | 'centre'>,
): CollapseFit {
  requireKnownKeys('options', options, [
    ...collapseNames,
    'leastOverlap',
    'degree',
    ...Object.keys(bootstrapDefaults),
  ]);
  requireCurves(curves, 2);
  const { exponent, centre, drift = 0, leastOverlap = 0.5, degree = 2, ...bootstrap } = options;
  requireInteger('degree', degree, 1, 2);
  requireFinite('leastOverlap', leastOverlap);
  if (!(leastOverlap > 0 && leastOverlap <= 1))
    throw new ParameterError('leastOverlap', 'a number in (0, 1]', leastOverlap);
  const given = { exponent, centre, drift };
  for (const name of collapseNames) {
    if (typeof given[name] === 'number') requireFinite(name, given[name]);
    else requireNumbers(name, given[name]);
  }
  const sought = collapseNames.filter((name) => typeof given[name] !== 'number');
  requireInteger('number of parameters sought in options', sought.length, 1);
  const ends = sought.map((name) => given[name] as readonly [number, number]);
  for (const name of collapseNames) {
    const value = given[name];
    const [lo, hi] = typeof value === 'number' ? [value, value] : value;
    if (!(Number.isFinite(lo) && Number.isFinite(hi) && (typeof value === 'number' || lo < hi)))
      throw new ParameterError(name, 'a finite number, or [lo, hi] with lo < hi', value);
  }
  const parametersAt = (position: readonly number[]): CollapseParameters => ({
    ...(given as CollapseParameters),
    ...Object.fromEntries(sought.map((name, i) => [name, position[i]!])),
  });
  const cost = (data: CollapseData) => (position: readonly number[]) => {
    if (position.some((value, i) => value < ends[i]![0] || value > ends[i]![1])) return Infinity;
    const { quality, overlap } = qualityOf(data, parametersAt(position), degree);
    return overlap >= leastOverlap ? quality : Infinity;
  };
  const data = collapseData(curves);
  const count = gridPoints[sought.length - 1]!;
  const steps = ends.map(([lo, hi]) => (hi - lo) / count);
  const start = bestOnGrid(
    cost(data),
    ends.map(([lo], i) => Array.from({ length: count }, (_none, n) => lo + (n + 0.5) * steps[i]!)),
  );
  const { position } = simplexMinimum(cost(data), start, inward(start, steps, ends), { resolution });
  const refit = (drawn: CollapseData): readonly number[] => {
    try {
      return simplexMinimum(cost(drawn), position, inward(position, steps, ends), { resolution }).position;
    } catch (error) {
      if (error instanceof NumericalFailure) return position.map(() => NaN);
      throw error;
    }
  };
  const { statistics } = parametricBootstrap(
    position,
    (stream) => refit(collapseData(drawnCurves(curves, stream))),
    bootstrap,
  );
  const best = parametersAt(position);
  const errorOf = (name: keyof CollapseParameters) => statistics[sought.indexOf(name)] ?? null;
  return {
    ...best,
    ...qualityOf(data, best, degree),
    bootstrap: {
      exponent: errorOf('exponent'),
      centre: errorOf('centre'),
      drift: errorOf('drift'),
    },
  };
}

/** First edges of a simplex that stay inside the intervals. */
function inward(
  start: readonly number[],
  steps: readonly number[],
  ends: readonly (readonly [number, number])[],
): number[] {
  return start.map((value, i) => (value + steps[i]! <= ends[i]![1] ? steps[i]! : -steps[i]!));
}

/** Point of a grid (lists of positions along each axis) where f is smallest. */
function bestOnGrid(
  f: (position: readonly number[]) => number,
  axes: readonly (readonly number[])[],
): readonly number[] {
  const points = axes.reduce<readonly (readonly number[])[]>(
    (heads, axis) => heads.flatMap((head) => axis.map((value) => [...head, value])),
    [[]],
  );
  let best: readonly number[] | null = null;
  let least = Infinity;
  for (const point of points) {
    const value = f(point);
    if (value < least) {
      least = value;
      best = point;
    }
  }
  if (best === null)
    throw new NumericalFailure('the curves overlap nowhere in the intervals searched', 'widen the intervals');
  return best;
}
