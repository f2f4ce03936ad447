import { normalCdf } from '../../numerics/distributions.ts';
import {
  NumericalFailure,
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
} from '../../numerics/checks.ts';
import { checkFewClassProblem, type Discretization, type FewClassProblem } from '../problem.ts';
import { DiscreteMap } from './discreteMap.ts';
import { cellCentres, type CellGrid } from './driftDiffusion.ts';
import type { CellDensity } from './fokkerPlanck.ts';
import { requireDimension } from './standardForm.ts';

/** Density of the output of a discretised map on the line, over cells. */
export interface MapDensity extends CellDensity {
  /** Probability that the output lies within the cells. */
  readonly mass: number;
  /** Probability of starts whose runs leave every bound. */
  readonly divergedMass: number;
  /** Folds of the map seen for starts within 6 standard deviations: 0 where it is monotone. */
  readonly folds: number;
}

/** Cells of {@link discreteDensity1d}; ends that are absent come from the range of the outputs. */
export interface GridRequest {
  readonly cells: number;
  readonly from?: number;
  readonly to?: number;
}

interface Start {
  /** x_T in standard deviations. */
  readonly z: number;
  /** x_0, NaN if diverged. */
  readonly y: number;
  /** dy/dz with its sign. */
  readonly slope: number;
}

/** Starts within +-9 standard deviations, at first even; then bisected down to `finest`, up to `mostStarts` of them. */
const reach = 9;
const firstStarts = 1001;
const finest = 1e-6;
const mostStarts = 60_000;
/** Reach within which folds are counted, and the probability below which a segment is not refined. */
const foldReach = 6;
const negligible = 1e-10;

/**
 * Density of the output of the discretised sampler (eta = 0) on the line from its normal start, averaged over even cells. The
 * map is continuous but, at large steps and strengths, not monotone: every branch adds
 *   p_0(x) = sum over x_T(x) of N(x_T; 0, P)/|dx_0/dx_T|   (eq. discrete-density),
 * infinite at the folds, where the averages stay finite. Starts are refined until neighbours land within half a cell and
 * folds lie between starts 1e-6 apart; cell edges are inverted by the cubic through values and slopes (eq. discrete-jacobian), so
 * that the probability of a cell is exact to about 1e-9 per branch.
 *
 * @param grid cells; if `from` and `to` are absent, the range of the outputs of starts within 6 standard deviations
 * @throws ParameterError if the sampler has noise, the mixture is not on the line, or the cells are inadmissible; NumericalFailure
 *   if the ends are absent and the outputs differ by rounding only, or all runs diverge
 */
export function discreteDensity1d(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
  grid: GridRequest,
): MapDensity {
  checkFewClassProblem(problem);
  requireDimension(problem, 1);
  requireKnownKeys('grid', grid, ['cells', 'from', 'to']);
  requireInteger('cells', grid.cells, 2, 100_000);
  const { first, follow } = evenStarts(problem, w, discretization);
  const cells = grid.from === undefined || grid.to === undefined ? fitted(grid, first, follow) : given(grid);
  const width = (cells.to - cells.from) / cells.cells;
  const starts = refined(first, follow, 0.5 * width);
  const masses = new Float64Array(cells.cells);
  let mass = 0;
  let divergedMass = 0;
  let folds = 0;
  let below = normalCdf(-reach);
  for (let i = 1; i < starts.length; i++) {
    const a = starts[i - 1]!;
    const b = starts[i]!;
    const above = normalCdf(b.z);
    if (Number.isNaN(a.y) || Number.isNaN(b.y)) divergedMass += above - below;
    else {
      if (a.slope * b.slope < 0 && Math.abs(a.z) < foldReach) folds++;
      mass += deposit(masses, cells, a, b, [below, above]);
    }
    below = above;
  }
  return { x: cellCentres(cells), density: masses.map((m) => m / width), mass, divergedMass, folds };
}

/**
 * Folds of the map x_T -> x_0 between even starts (spacing 0.018) within 6 standard deviations: 0 where the map is monotone, up to
 * pairs of folds closer than the spacing.
 * @throws ParameterError as {@link discreteDensity1d}
 */
export function mapFolds(problem: FewClassProblem, w: number, discretization: Discretization): number {
  checkFewClassProblem(problem);
  requireDimension(problem, 1);
  const { first } = evenStarts(problem, w, discretization);
  return first.filter(
    ({ z, slope }, i) => i > 0 && Math.abs(z) < foldReach && slope * first[i - 1]!.slope < 0,
  ).length;
}

function evenStarts(
  problem: FewClassProblem,
  w: number,
  discretization: Discretization,
): { first: Start[]; follow: (z: number) => Start } {
  const map = new DiscreteMap(problem, w, discretization);
  const deviation = Math.sqrt(problem.process.priorVariance(problem.startTime));
  const x = new Float64Array(1);
  const follow = (z: number): Start => {
    x[0] = deviation * z;
    if (!map.apply(x)) return { z, y: NaN, slope: NaN };
    return { z, y: x[0], slope: deviation * map.orientation * Math.exp(map.logJacobian) };
  };
  const first = Array.from({ length: firstStarts }, (_none, i) =>
    follow(reach * ((2 * i) / (firstStarts - 1) - 1)),
  );
  return { first, follow };
}

/** Smallest and largest output of starts within 6 standard deviations. */
function outputRange(starts: readonly Start[]): [number, number] {
  let lo = Infinity;
  let hi = -Infinity;
  for (const { z, y } of starts) {
    if (Number.isNaN(y) || Math.abs(z) > foldReach) continue;
    lo = Math.min(lo, y);
    hi = Math.max(hi, y);
  }
  return [lo, hi];
}

/** Cells whose absent ends come from the range of the outputs. */
function fitted(grid: GridRequest, first: readonly Start[], follow: (z: number) => Start): CellGrid {
  const [low, high] = outputRange(first);
  if (!(high - low > 1e-12 * (1 + Math.abs(low) + Math.abs(high)))) {
    throw new NumericalFailure(
      high >= low ? 'the outputs are closer together than rounding resolves' : 'all runs leave every bound',
      'give the ends of the cells, or take other strengths or steps',
    );
  }
  // Where the map folds, even starts miss the extremes of the output.
  const [lo, hi] = outputRange(refined(first, follow, (high - low) / 400));
  const margin = 0.02 * (hi - lo);
  return given({ cells: grid.cells, from: grid.from ?? lo - margin, to: grid.to ?? hi + margin });
}

function given({ cells, from = NaN, to = NaN }: GridRequest): CellGrid {
  requireFinite('from', from);
  requireFinite('to', to);
  if (!(from < to)) throw new ParameterError('to', `above from = ${from}`, to);
  return { from, to, cells };
}

/** Bisects where neighbours land further apart than `gap`, have a fold between them, or one of them diverged. */
function refined(starts: readonly Start[], follow: (z: number) => Start, gap: number): Start[] {
  const result: Start[] = [starts[0]!];
  const open = starts.slice(1).reverse();
  let count = starts.length;
  for (let b = open.pop(); b !== undefined; b = open.pop()) {
    const a = result[result.length - 1]!;
    const span = b.z - a.z;
    const likely = span * Math.exp(-0.5 * Math.min(a.z * a.z, b.z * b.z)) > negligible;
    const lost = Number.isNaN(a.y) !== Number.isNaN(b.y);
    const apart = Math.abs(b.y - a.y) > gap;
    if (count < mostStarts && span > finest && likely && (lost || apart || a.slope * b.slope < 0)) {
      open.push(b, follow(0.5 * (a.z + b.z)));
      count++;
    } else result.push(b);
  }
  return result;
}

/** Adds the probability of the starts between a and b to the cells they land in. @returns how much landed within the cells */
function deposit(
  masses: Float64Array,
  { from, to, cells }: CellGrid,
  a: Start,
  b: Start,
  [below, above]: readonly [number, number],
): number {
  const width = (to - from) / cells;
  const upwards = b.y >= a.y;
  const position = (y: number) => Math.floor((y - from) / width);
  const add = (cell: number, m: number) => {
    if (cell < 0 || cell >= cells) return 0;
    masses[cell]! += m;
    return m;
  };
  let cell = position(a.y);
  const last = position(b.y);
  let done = below;
  let sum = 0;
  // Whole stretches outside the cells are skipped: no edge of theirs matters.
  if ((cell < 0 && last < 0) || (cell >= cells && last >= cells)) return 0;
  while (cell !== last) {
    if (cell < 0 && upwards) cell = -1;
    if (cell >= cells && !upwards) cell = cells;
    if ((cell >= cells && upwards) || (cell < 0 && !upwards)) break;
    const edge = from + width * (upwards ? cell + 1 : cell);
    const reached = Math.max(done, Math.min(above, normalCdf(inverted(a, b, edge))));
    sum += add(cell, reached - done);
    done = reached;
    cell += upwards ? 1 : -1;
  }
  return sum + add(cell, above - done);
}

/** z between a and b at an output y between theirs: Hermite's cubic of z against y, or the chord if that leaves the segment. */
function inverted(a: Start, b: Start, y: number): number {
  const h = b.y - a.y;
  const t = (y - a.y) / h;
  const chord = a.z + t * (b.z - a.z);
  const left = h / a.slope;
  const right = h / b.slope;
  const s = 1 - t;
  const z = s * s * ((1 + 2 * t) * a.z + t * left) + t * t * ((1 + 2 * s) * b.z - s * right);
  return z >= a.z && z <= b.z ? z : chord;
}
