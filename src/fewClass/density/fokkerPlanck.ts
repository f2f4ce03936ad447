import {
  NumericalFailure,
  ParameterError,
  requireInteger,
  requireKnownKeys,
  requirePositive,
} from '../../numerics/checks.ts';
import { checkFewClassProblem, type FewClassProblem } from '../problem.ts';
import { cellCentres, DriftDiffusion, type CellGrid } from './driftDiffusion.ts';
import { requireDimension, standardForm, type StandardForm } from './standardForm.ts';

/** Numerical options of {@link fokkerPlanckDensity1d}. */
export interface FokkerPlanckOptions {
  /** Cells of the grid over the interval that the density ever visits, 50 to 100000. */
  readonly cells: number;
  /** Time steps, 20 to 100000. */
  readonly steps: number;
  /** Probability density (relative to the largest) that the ends of the interval may see at any time. */
  readonly edge: number;
}

/** Defaults of {@link fokkerPlanckDensity1d}. */
export const fokkerPlanckDefaults: FokkerPlanckOptions = { cells: 800, steps: 400, edge: 1e-14 };

/** Density on even cells. */
export interface CellDensity {
  /** Centres of the cells. */
  readonly x: Float64Array;
  /** Averages over the cells. */
  readonly density: Float64Array;
  /** Sum of density times width: 1 but for rounding. */
  readonly mass: number;
}

/** The steps get shorter towards the data, in proportion to e^(-grading) at the end (u = 0) against the start. */
const grading = 3;
/** Resolution of the runs that look for the interval, and how many of them. */
const pilotCells = 300;
const pilotSteps = 80;
const mostPilots = 24;

/**
 * Density of the output of the guided sampler with noise (eta > 0) on the line, from its normal start, by the Fokker-Planck
 * equation of the backward dynamics in the OU clock,
 *   dp/dtau = -d/dx [(x + (1 + eta^2) s_w) p] + eta^2 d^2p/dx^2   (eq. few-class-fokker-planck),
 * by finite volumes (see {@link DriftDiffusion}); steps geometric in the clock, short near the data. The interval is found by
 * coarse runs: it is widened until the density at its ends stays below `edge` at all times. Second order in cells and
 * steps: at w = 0 against the Gaussian, 800 cells and 400 steps leave an error of 3e-5 of the peak.
 *
 * @throws ParameterError if eta = 0, the mixture is not on the line, or an option is outside its domain; NumericalFailure if
 *   no interval holds the density
 */
export function fokkerPlanckDensity1d(
  problem: FewClassProblem,
  w: number,
  options: Partial<FokkerPlanckOptions> = {},
): CellDensity {
  const { cells, steps, edge } = checked(problem, options);
  const form = standardForm(problem, w);
  const span = visitedInterval(problem, form, w, edge);
  return onCells({ ...span, cells }, evolve(problem, form, w, { ...span, cells }, steps));
}

/** {@link fokkerPlanckDensity1d} on the grid and on one with half the cells and half the steps: the pair shows the error. */
export function fokkerPlanckPair1d(
  problem: FewClassProblem,
  w: number,
  options: Partial<FokkerPlanckOptions> = {},
): { fine: CellDensity; coarse: CellDensity } {
  const { cells, steps, edge } = checked(problem, options);
  const form = standardForm(problem, w);
  const span = visitedInterval(problem, form, w, edge);
  const on = (n: number, m: number) =>
    onCells({ ...span, cells: n }, evolve(problem, form, w, { ...span, cells: n }, m));
  return { fine: on(cells, steps), coarse: on(Math.round(cells / 2), Math.round(steps / 2)) };
}

function checked(problem: FewClassProblem, options: Partial<FokkerPlanckOptions>): FokkerPlanckOptions {
  checkFewClassProblem(problem);
  requireKnownKeys('options', options, Object.keys(fokkerPlanckDefaults));
  const all = { ...fokkerPlanckDefaults, ...options };
  requireInteger('cells', all.cells, 50, 100_000);
  requireInteger('steps', all.steps, 20, 100_000);
  requirePositive('edge', all.edge);
  requireDimension(problem, 1);
  if (!(problem.sampler.eta > 0)) {
    const remedy = 'without noise the density follows from the flow (flowDensity1d)';
    throw new ParameterError('sampler.eta', 'above 0 for the Fokker-Planck equation', 0, remedy);
  }
  return all;
}

function onCells(grid: CellGrid, density: Float64Array): CellDensity {
  const width = (grid.to - grid.from) / grid.cells;
  let sum = 0;
  for (const value of density) sum += value;
  return { x: cellCentres(grid), density, mass: sum * width };
}

/**
 * Runs the equation from the start to the data.
 * @param peaks if given, receives the largest density each cell has seen, relative to the largest of all at that time
 */
function evolve(
  problem: FewClassProblem,
  form: StandardForm,
  w: number,
  grid: CellGrid,
  steps: number,
  peaks?: Float64Array,
): Float64Array {
  const { diffused, guidedClass, startTime, startDeviation } = form;
  const { eta } = problem.sampler;
  const point = new Float64Array(1);
  const score = new Float64Array(1);
  const fillDrift = (elapsed: number, from: number, width: number, out: Float64Array) => {
    const moment = diffused.at(Math.max(0, startTime - elapsed));
    for (let i = 0; i < out.length; i++) {
      point[0] = from + i * width;
      moment.guidedScore(guidedClass, w, point, score);
      out[i] = point[0] + (1 + eta * eta) * score[0]!;
    }
  };
  const equation = new DriftDiffusion(grid, eta * eta);
  const density = startDensity(grid, startDeviation);
  record(density, peaks);
  const at = (j: number) => startTime - gradedTime(startTime, steps, j);
  for (let j = 0; j < steps; j++) {
    equation.step(density, at(j), at(j + 1) - at(j), fillDrift);
    record(density, peaks);
  }
  return density;
}

/** OU time of step j of M: u(j) = U (e^(g (1 - j/M)) - 1)/(e^g - 1). */
function gradedTime(startTime: number, steps: number, j: number): number {
  return (startTime * Math.expm1(grading * (1 - j / steps))) / Math.expm1(grading);
}

/** Length of the last time step, at the data, OU time. */
export function lastFokkerPlanckStep(problem: FewClassProblem, steps: number): number {
  return gradedTime(standardForm(problem, 0).startTime, steps, steps - 1);
}

function startDensity(grid: CellGrid, deviation: number): Float64Array {
  const density = cellCentres(grid).map((x) => Math.exp(-0.5 * (x / deviation) ** 2));
  let sum = 0;
  for (const value of density) sum += value;
  const norm = (sum * (grid.to - grid.from)) / grid.cells;
  return density.map((value) => value / norm);
}

function record(density: Float64Array, peaks: Float64Array | undefined): void {
  if (peaks === undefined) return;
  let largest = 0;
  for (const value of density) largest = Math.max(largest, value);
  for (let i = 0; i < density.length; i++) peaks[i] = Math.max(peaks[i]!, density[i]! / largest);
}

/** Interval outside of which the density stays below `edge` of its largest value at all times. */
function visitedInterval(
  problem: FewClassProblem,
  form: StandardForm,
  w: number,
  edge: number,
): Omit<CellGrid, 'cells'> {
  const reach = Math.sqrt(-2 * Math.log(edge));
  let from = -reach * form.startDeviation - 1;
  let to = -from;
  for (let pilot = 0; pilot < mostPilots; pilot++) {
    const grid = { from, to, cells: pilotCells };
    const peaks = new Float64Array(pilotCells);
    evolve(problem, form, w, grid, pilotSteps, peaks);
    const width = (to - from) / pilotCells;
    const first = peaks.findIndex((value) => value > edge);
    const last = peaks.findLastIndex((value) => value > edge);
    if (first > 2 && last < pilotCells - 3) {
      const margin = 2 * width;
      return { from: from + first * width - margin, to: from + (last + 1) * width + margin };
    }
    const growth = 0.3 * (to - from);
    if (first <= 2) from -= growth;
    if (last >= pilotCells - 3) to += growth;
  }
  throw new NumericalFailure(
    `no interval up to [${from.toPrecision(3)}, ${to.toPrecision(3)}] holds the density at w = ${w}`,
    'lower |w|: the guided dynamics may be unstable',
  );
}
