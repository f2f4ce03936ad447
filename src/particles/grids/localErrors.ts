import { combineNoise, negateNoise, spanWeights } from './coupledNoise.ts';
import { createPilot, halvedNodes } from './pilot.ts';
import type { ResolvedProblem } from '../problem/resolved.ts';
import type { StepMethod } from '../../sampler/sequence.ts';
import { place, reducedState } from '../reduced/reducedStep.ts';
import { stepSequence } from '../../sampler/sequence.ts';

/** Pairs of pilot particles along which local errors are measured. */
const pairs = 16;

/** Perturbation, relative to the spread of the state, for derivatives. */
const perturbation = 1e-5;

/**
 * Contribution of a step over each of the given intervals to the errors of m and v at the data
 * (eq. error-contributions): the local error, one step against two, along pilot trajectories, times the derivatives of
 * the final m and v with respect to the state at the end of the interval. The contributions are averaged over particles;
 * the result is the root of the sum of both squares, each relative to m or v itself.
 * @param nodes ascending solver clocks, from the start to the data, through every breakpoint of w
 */
export function errorContributions(
  resolved: ResolvedProblem,
  method: StepMethod,
  nodes: Float64Array,
): Float64Array {
  const intervals = nodes.length - 1;
  // Multistep and one-step methods of second order err where G'' is large: the same place.
  const oneStep = method === 'exponential-multistep' ? 'exponential-heun' : method;
  const halved = halvedNodes(nodes);
  const wholes = stepSequence(resolved.problem, oneStep, nodes);
  const halves = stepSequence(resolved.problem, oneStep, halved);
  const path = stepSequence(resolved.problem, 'exponential-heun', halved);
  const weights = spanWeights(halves);
  const pilot = createPilot(resolved);
  const { dimension, noise } = pilot;
  const state = reducedState();
  const one = reducedState();
  const two = reducedState();
  const errorM = new Float64Array(intervals);
  const errorS = new Float64Array(intervals);
  // Derivatives of (M, S) at the end of an interval by M, then by S, at its beginning.
  const derivatives = new Float64Array(4 * intervals);
  const ofM = new Float64Array(intervals);
  const ofV = new Float64Array(intervals);

  /** Two steps of the trajectory from (M, S), into `two`. */
  const follow = (n: number, M: number, S: number) => {
    place(two, M, S);
    pilot.advance(two, path[2 * n]!, noise.first);
    pilot.advance(two, path[2 * n + 1]!, noise.second);
  };
  // With noise an interval is followed with both of its signs: the error that is odd in it is random and averages out over a run.
  const isNoisy = resolved.problem.sampler.eta > 0;
  const share = isNoisy ? 1 / 2 : 1;
  /** Adds a share of the difference of one step and two from (M, S). */
  const addError = (n: number, M: number, S: number) => {
    combineNoise(noise, weights[n]!);
    place(one, M, S);
    pilot.advance(one, wholes[n]!, noise.whole);
    place(two, M, S);
    pilot.advance(two, halves[2 * n]!, noise.first);
    pilot.advance(two, halves[2 * n + 1]!, noise.second);
    errorM[n]! += (one.M - two.M) * share;
    errorS[n]! += (one.S - two.S) * share;
  };

  let finalM = 0;
  let finalV = 0;
  for (let particle = 0; particle < 2 * pairs; particle++) {
    pilot.start(state, particle, path[0]!.w);
    errorM.fill(0);
    errorS.fill(0);
    for (let n = 0; n < intervals; n++) {
      const { M, S } = state;
      pilot.draw(particle, n);
      addError(n, M, S);
      if (isNoisy) {
        negateNoise(noise);
        addError(n, M, S);
        negateNoise(noise);
      }
      follow(n, M, S);
      place(state, two.M, two.S);
      for (let i = 0; i < 2; i++) {
        const change = perturbation * (i === 0 ? Math.sqrt(path[2 * n]!.variance / dimension) : S);
        follow(n, i === 0 ? M + change : M, i === 0 ? S : S + change);
        derivatives[4 * n + 2 * i] = (two.M - state.M) / change;
        derivatives[4 * n + 2 * i + 1] = (two.S - state.S) / change;
      }
    }
    finalM += state.M;
    finalV += state.S / (dimension - 1);
    // Derivatives of the final m, then v, by M and S at the end of each interval, backwards.
    let [mM, mS, vM, vS] = [1, 0, 0, 1 / (dimension - 1)];
    for (let n = intervals - 1; n >= 0; n--) {
      ofM[n]! += mM * errorM[n]! + mS * errorS[n]!;
      ofV[n]! += vM * errorM[n]! + vS * errorS[n]!;
      const [MM, SM] = [derivatives[4 * n]!, derivatives[4 * n + 1]!];
      const [MS, SS] = [derivatives[4 * n + 2]!, derivatives[4 * n + 3]!];
      [mM, mS] = [mM * MM + mS * SM, mM * MS + mS * SS];
      [vM, vS] = [vM * MM + vS * SM, vM * MS + vS * SS];
    }
  }
  return ofM.map((value, n) => Math.hypot(value / finalM, ofV[n]! / finalV));
}
