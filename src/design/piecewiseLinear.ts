import { Matrix } from 'ml-matrix';
import { ornsteinUhlenbeck } from '../process/process.ts';
import { angleAtClock, clockAtAngle, clockAtNoiseToSignal, dataClock } from '../process/variances.ts';
import {
  crossingSteepness,
  effortOf,
  leastSteepness,
  separationGap,
  type Candidate,
  type Trial,
  type Trials,
} from './candidate.ts';
import { displacedProblems, judgedErrors } from './displaced.ts';
import { rounded, timeAtClock, type WrittenCandidate } from './families.ts';
import type { DesignOptions, DesignProblem, DesignTarget } from './problem.ts';
import { firm, leastOnTangent } from './quadraticStep.ts';

/** A schedule that is linear in process time between nodes, and constant beyond them. */
export interface Nodes {
  /** Process times, ascending from the data. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

// OU times: of the earliest node at least, and how much earlier than the unguided decision it is.
const earliestNode = 2.5;
const lead = 1.5;
// The last node, as a share of the OU time of the unguided decision: designs decide earlier, and later nothing acts.
const lastShare = 0.6;

/**
 * Node times, even in theta with sqrt(1 - r) = tanh(theta), in which the flow is smooth. The last one is at the data,
 * or a little later than the unguided decision.
 * @param unguidedTime OU time of the decision without guidance, or null
 */
export function nodeTimes(problem: DesignProblem, count: number, unguidedTime: number | null): number[] {
  const thetaAt = (time: number) => {
    const tau = ornsteinUhlenbeck.noiseToSignal(time);
    return angleAtClock(clockAtNoiseToSignal(tau, problem.sigma2));
  };
  const to = thetaAt(lastShare * (unguidedTime ?? 0));
  const from = thetaAt(Math.max(earliestNode, (unguidedTime ?? 0) + lead));
  return Array.from({ length: count }, (_, i) => {
    if (i === 0 && unguidedTime === null) return 0;
    const theta = to + ((from - to) * i) / (count - 1);
    return rounded(timeAtClock(problem, clockAtAngle(theta)));
  });
}

/** The schedule through the nodes. */
export function nodesCandidate({ times, values }: Nodes, { process }: DesignProblem): Candidate {
  const last = times.length - 1;
  return {
    coefficient(tau) {
      const time = process.timeAtNoiseToSignal(tau);
      if (!(time < times[last]!)) return values[last]!;
      if (time <= times[0]!) return values[0]!;
      let i = 1;
      while (times[i]! < time) i++;
      const share = (time - times[i - 1]!) / (times[i]! - times[i - 1]!);
      return values[i - 1]! + share * (values[i]! - values[i - 1]!);
    },
    breakpoints: times.filter((time) => time > 0).map((time) => process.noiseToSignal(time)),
  };
}

/** Its text. */
export function writeNodes({ times, values }: Nodes): WrittenCandidate {
  const points = times.map((time, i) => `${time}, ${rounded(values[i]!)}`);
  const parameters = Object.fromEntries(
    times.flatMap((time, i) => [
      [`t${i}`, time],
      [`w${i}`, rounded(values[i]!)],
    ]),
  );
  return { schedule: { schedule: `interpolate(t, ${points.join(', ')})`, clock: 't' }, parameters };
}

/** Nodes with their outcome. */
export interface RatedNodes {
  readonly nodes: Nodes;
  readonly trial: Trial;
  readonly separation: number;
  readonly complexity: number;
  readonly steepness: number;
  /** The less of the two above: >= 0 within the limits of the path. */
  readonly margin: number;
}

const slack = 2e-5;
const mostIterations = 30;
// The search gives up where the constraints are not missed by less within so many steps.
const patience = 8;
const difference = 1e-4;

/**
 * Node values that meet the target with v = sigma2 at little effort and sensitivity, by sequential quadratic
 * programming (eq. nodes-programme): effort, and the squares of log(v/sigma2) in displaced problems, are quadratic
 * forms; log v and the separation, as equalities, and the limits of the path, where they would be left, are
 * linearised by differences.
 * @param start node values to begin with, not condensed
 * @param yielded how much less separation than asked is enough
 * @returns the last iterate; it may miss the target
 */
export function searchNodes(
  trials: Trials,
  target: DesignTarget,
  options: DesignOptions,
  start: Nodes,
  yielded = 0,
): RatedNodes {
  const { problem } = trials;
  const { limits } = options;
  const effort = effortForm(start.times, problem);
  // Edges of the rectangle of errors: one parameter off.
  const edges = displacedProblems(problem, judgedErrors(problem, options))
    .slice(1)
    .filter(({ alpha, sigma2 }) => alpha === problem.alpha || sigma2 === problem.sigma2);
  const evaluate = (values: readonly number[]): RatedNodes => {
    const nodes = { times: start.times, values };
    const trial = trials.run(nodesCandidate(nodes, problem));
    const steepness = crossingSteepness(trial.solution) - leastSteepness;
    const separation = separationGap(trial, target) + yielded - slack;
    const complexity = trial.complexity - limits.complexity - slack;
    return { nodes, trial, separation, complexity, steepness, margin: Math.min(complexity, steepness) };
  };
  const rowsOf = ({ nodes, trial, separation, complexity, steepness }: RatedNodes): Row[] => {
    const candidate = nodesCandidate(nodes, problem);
    return [
      { value: trial.logRatio!, kind: 'equal', give: firm },
      { value: separation, kind: 'equal', give: firm },
      { value: complexity, kind: 'atLeast', give: firm },
      { value: steepness, kind: 'atLeast', give: firm },
      ...edges.map((moved): Row => {
        const { logRatio } = trials.run(candidate, moved);
        return { value: logRatio ?? NaN, kind: 'near', give: sensitivityGive };
      }),
    ];
  };
  const miss = (at: RatedNodes): number =>
    at.trial.logRatio === null
      ? Infinity
      : Math.abs(at.trial.logRatio) + Math.max(0, -at.separation) + Math.max(0, -at.margin);
  let current = evaluate(start.values);
  let least = miss(current);
  let idle = 0;
  for (let iteration = 0; iteration < mostIterations && current.trial.logRatio !== null; iteration++) {
    const here = current;
    const { values } = here.nodes;
    const constraints = rowsOf(here).map((row) => ({ ...row, slope: values.map(() => 0) }));
    for (let j = 0; j < values.length; j++) {
      const other = evaluate(values.map((w, i) => (i === j ? w + difference : w)));
      if (other.trial.logRatio === null) continue;
      rowsOf(other).forEach(({ value }, row) => {
        const constraint = constraints[row]!;
        const slope = (value - constraint.value) / difference;
        if (Number.isFinite(slope)) constraint.slope[j] = slope;
      });
    }
    const wanted = leastOnTangent(effort, constraints, values, limits);
    const change = Math.max(...wanted.map((w, j) => Math.abs(w - values[j]!)));
    // Damped until the constraints are not missed by much more than before.
    let share = Math.min(1, 0.7 / change);
    let next = here;
    for (let halving = 0; halving < 8; halving++) {
      next = evaluate(values.map((w, j) => w + share * (wanted[j]! - w)));
      if (miss(next) <= Math.max(0.95 * miss(here), 3e-3)) break;
      share *= 0.5;
    }
    if (next.trial.logRatio === null) break;
    current = next;
    if (change * share < 1e-5) break;
    const missed = miss(current);
    idle = missed < Math.max(0.9 * least, 2 * slack) ? 0 : idle + 1;
    least = Math.min(least, missed);
    if (idle > patience) break;
  }
  return current;
}

interface Row {
  readonly value: number;
  readonly kind: 'equal' | 'atLeast' | 'near';
  readonly give: number;
}

// An error of 1 % in a displaced problem weighs as much as an effort of 0.1.
const sensitivityGive = 1e-3;

/**
 * Matrix of the effort, Int h_j h_k s dlambda down to the data for the hat functions h of the nodes; where nothing
 * acts, w = 0.
 */
function effortForm(times: readonly number[], problem: DesignProblem): Matrix {
  const count = times.length;
  const end = dataClock(problem.sigma2);
  const hats = times.map((_, j) =>
    nodesCandidate({ times, values: times.map((_time, i) => Number(i === j)) }, problem),
  );
  const entry = (j: number, k: number): number => {
    const { breakpoints } = hats[j]!;
    const coefficient = (sign: number) => (tau: number) =>
      hats[j]!.coefficient(tau) + sign * hats[k]!.coefficient(tau);
    // h_j h_k from two squares.
    const squares = [1, -1].map((sign) =>
      effortOf({ coefficient: coefficient(sign), breakpoints }, problem.sigma2, end),
    );
    return (squares[0]! - squares[1]!) / 4;
  };
  const form = Matrix.eye(count, count).mul(leastForm);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < count; k++) form.set(j, k, form.get(j, k) + entry(j, k));
  }
  return form;
}

const leastForm = 1e-4;
