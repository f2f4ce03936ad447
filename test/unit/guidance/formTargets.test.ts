import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { compileForm } from '../../../src/guidance/forms/compile.ts';
import { parseForm, resolveForm } from '../../../src/guidance/forms/form.ts';
import {
  conditionalScore,
  logDensity,
  posterior,
  posteriorMean,
  unconditionalScore,
  type MixtureCentres,
} from '../../../src/mixture/score.ts';
import { formTargets } from '../../../src/particles/steps/formTarget.ts';
import { processes, type ForwardProcess } from '../../../src/process/process.ts';
import { uniform } from '../meanfield/sampling.ts';

// The forms as their papers write them, on vectors, in the process's own x: nothing here is shared with the rules.

type Vector = readonly number[];
const combine = (a: number, x: Vector, b: number, y: Vector): Vector =>
  x.map((value, i) => a * value + b * y[i]!);
const dot = (x: Vector, y: Vector) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
const norm = (x: Vector) => Math.sqrt(dot(x, x));

interface Place {
  readonly process: ForwardProcess;
  readonly time: number;
  readonly sigma2: number;
  readonly mixture: MixtureCentres;
  readonly x: Vector;
  readonly w: number;
}

/** Scores at a place, of classes wider by delta. */
function scoresAt({ process, time, sigma2, mixture, x }: Place, delta = 0) {
  const a = process.signalScale(time);
  const b2 = process.noiseVariance(time);
  const Gamma = a * a * (sigma2 + delta) + b2;
  const at = Float64Array.from(x);
  return {
    a,
    b: Math.sqrt(b2),
    Gamma,
    class: [...conditionalScore(at, mixture, a, Gamma)] as Vector,
    mixture: [...unconditionalScore(at, mixture, a, Gamma)] as Vector,
  };
}

type Space = 'score' | 'noise' | 'data' | 'velocity';

/** What a model of a kind predicts for a score, and back. */
function predictionSpace(
  place: Place,
  space: Space,
): { readonly to: (s: Vector) => Vector; readonly from: (P: Vector) => Vector } {
  const { a, b } = scoresAt(place);
  const { x } = place;
  const { name } = place.process;
  const noiseOf = (s: Vector) => s.map((value) => -b * value);
  const dataOf = (s: Vector) => combine(1 / a, x, (b * b) / a, s);
  const fromNoise = (eps: Vector) => eps.map((value) => -value / b);
  switch (space) {
    case 'score':
      return { to: (s) => s, from: (P) => P };
    case 'noise':
      return { to: noiseOf, from: fromNoise };
    case 'data':
      return { to: dataOf, from: (P) => combine(a / (b * b), P, -1 / (b * b), x) };
    case 'velocity':
      if (name === 've') return { to: noiseOf, from: fromNoise };
      // v = a eps - b x_0 and eps = b x + a v where a^2 + b^2 = 1; v = eps - x_0 and eps = x + (1 - t) v in the flow.
      return name === 'ou'
        ? {
            to: (s) => combine(a, noiseOf(s), -b, dataOf(s)),
            from: (v) => fromNoise(combine(b, x, a, v)),
          }
        : {
            to: (s) => combine(1, noiseOf(s), -1, dataOf(s)),
            from: (v) => fromNoise(combine(1, x, a, v)),
          };
  }
}

type Literal = (place: Place) => Vector;

const nonlinear =
  (phi: (norm: number) => number, space: Space, perCoordinate: boolean): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to } = predictionSpace(place, space);
    const length = norm(combine(1, to(c), -1, to(u))) / (perCoordinate ? Math.sqrt(c.length) : 1);
    return combine(1, c, place.w * phi(length), combine(1, c, -1, u));
  };

const multiplied =
  (factor: (conditional: number, guided: number) => number, space: Space): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to, from } = predictionSpace(place, space);
    const guided = combine(1 + place.w, to(c), -place.w, to(u));
    const rho = factor(norm(to(c)), norm(guided));
    return from(guided.map((value) => rho * value));
  };

const projected =
  (parallel: number, threshold: number): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to, from } = predictionSpace(place, 'data');
    const [denoised, difference] = [to(c), combine(1, to(c), -1, to(u))];
    const size = norm(difference) / Math.sqrt(c.length);
    const capped = difference.map((value) => value * Math.min(1, threshold / size));
    const along = dot(capped, denoised) / dot(denoised, denoised);
    const update = combine(1, capped, -(1 - parallel) * along, denoised);
    return from(combine(1, denoised, place.w, update));
  };

const zeroStar =
  (space: Space): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to, from } = predictionSpace(place, space);
    const star = dot(to(c), to(u)) / dot(to(u), to(u));
    return from(combine(1 + place.w, to(c), -place.w * star, to(u)));
  };

const feedback =
  (mixing: number): Literal =>
  (place) => {
    const { a, Gamma, class: c, mixture: u } = scoresAt(place);
    const x = Float64Array.from(place.x);
    const own = { centres: place.mixture.centres.slice(0, c.length), dimension: c.length };
    const ratio = Math.exp(logDensity(x, own, a, Gamma) - logDensity(x, place.mixture, a, Gamma));
    const w = ratio > 1 - mixing ? Math.min(place.w, ratio / (ratio - 1 + mixing) - 1) : place.w;
    return combine(1 + w, c, -w, u);
  };

const autoguidance =
  (delta: number, against: 'class' | 'mixture'): Literal =>
  (place) => {
    const { class: c } = scoresAt(place);
    const bad = scoresAt(place, delta)[against];
    return combine(1 + place.w, c, -place.w, bad);
  };

/** The projection on the first singular vector, from a decomposition of the whole matrix. */
const tangential =
  (space: Space): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to, from } = predictionSpace(place, space);
    const columns = Matrix.columnVector([...to(u)]).addColumn([...to(c)]);
    const first = new SVD(columns).leftSingularVectors.getColumn(0);
    const damped = first.map((value) => value * dot(first, to(u)));
    return from(combine(1 + place.w, to(c), -place.w, damped));
  };

const angle =
  (limit: number): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to, from } = predictionSpace(place, 'data');
    const [denoised, other] = [to(c), to(u)];
    const theta = Math.acos(dot(denoised, other) / (norm(denoised) * norm(other)));
    const turn = Math.min(Math.max(0, place.w) * theta, limit);
    const across = combine(1, denoised, -dot(denoised, other) / dot(other, other), other);
    return from(combine(Math.cos(turn), denoised, Math.sin(turn) / Math.sin(theta), across));
  };

const magnitude =
  (damping: number, space: Space): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to } = predictionSpace(place, space);
    const ratio = norm(combine(1, to(c), -1, to(u))) / norm(to(u));
    const scale = 1 + place.w * Math.exp(-damping * ratio);
    return combine(scale, c, 1 - scale, u);
  };

const velocityAdaptive =
  (kappa: number, space: Space): Literal =>
  (place) => {
    const { a, b, class: c, mixture: u } = scoresAt(place);
    const { to } = predictionSpace(place, space);
    const cosine = dot(to(c), to(u)) / (norm(to(c)) * norm(to(u)));
    // The flow's own time at this ratio of noise to signal.
    const t = b / (a + b);
    const scale = (1 + place.w) * (place.w > 0 ? Math.exp(kappa * (2 * (1 - t) - 1) * cosine) : 1);
    return combine(scale, c, 1 - scale, u);
  };

/** The cap by bisection: the norm of the guided prediction is convex in the coefficient, and below the cap at 0. */
const capped =
  (cap: number): Literal =>
  (place) => {
    const { class: c, mixture: u } = scoresAt(place);
    const { to } = predictionSpace(place, 'data');
    const difference = combine(1, to(c), -1, to(u));
    const isBelow = (w: number) => norm(combine(1, to(c), w, difference)) <= cap * norm(to(c));
    let [low, high] = [0, Math.max(0, place.w)];
    for (let i = 0; i < 200 && !isBelow(high); i++) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle;
      else high = middle;
      if (high - low < 1e-15) break;
    }
    const w = place.w < 0 || isBelow(high) ? place.w : low;
    return combine(1 + w, c, -w, u);
  };

const d = 5;
const literals: readonly (readonly [string, Literal])[] = [
  [`power:exponent=0.9,dimension=${d}`, nonlinear((s) => s ** 0.9, 'score', false)],
  ['power:exponent=-0.4', nonlinear((s) => s ** -0.4, 'score', true)],
  ['power:exponent=0.5,prediction=noise', nonlinear((s) => s ** 0.5, 'noise', true)],
  ['power:exponent=0.5,prediction=data', nonlinear((s) => s ** 0.5, 'data', true)],
  ['power:exponent=0.5,prediction=velocity', nonlinear((s) => s ** 0.5, 'velocity', true)],
  ['nonlinear:phi=x/(1+x)', nonlinear((s) => s / (1 + s), 'score', true)],
  ...(['noise', 'data', 'velocity'] as const).flatMap((space): (readonly [string, Literal])[] => [
    [`rescaled:phi=0.7,prediction=${space}`, multiplied((c, g) => (0.7 * c) / g + 0.3, space)],
    [`renormalised:cap=1,prediction=${space}`, multiplied((c, g) => Math.min(1, c / g), space)],
    [`renormalised:cap=1.2,prediction=${space}`, multiplied((c, g) => Math.min(1, (1.2 * c) / g), space)],
    [`zero-star:prediction=${space}`, zeroStar(space)],
    [`tcfg:prediction=${space}`, tangential(space)],
    [`mambo-g:damping=1.3,prediction=${space}`, magnitude(1.3, space)],
    [`vags:kappa=0.8,prediction=${space}`, velocityAdaptive(0.8, space)],
  ]),
  ['adg:limit=60', angle(Math.PI / 3)],
  ['adg:limit=180', angle(Math.PI)],
  ['pmc:cap=1.05', capped(1.05)],
  ['pmc:cap=1.6', capped(1.6)],
  ['projected:parallel=0', projected(0, Infinity)],
  ['projected:parallel=0.3,threshold=0.2', projected(0.3, 0.2)],
  [`feedback:mixing=0.6,dimension=${d}`, feedback(0.6)],
  ['autoguidance:delta=0.2', autoguidance(0.2, 'class')],
  ['autoguidance:delta=0.2,against=mixture', autoguidance(0.2, 'mixture')],
];

describe('targets of explicit particles against the forms as their papers write them', () => {
  it.each(literals)(
    '%s: the guided score, three processes, 60 random mixtures in 2 to 12 dimensions (1e-9)',
    async (text, literal) => {
      const random = uniform(11);
      const form = await resolveForm(parseForm(text));
      for (let n = 0; n < 60; n++) {
        const process = Object.values(processes)[n % 3]!;
        const classes = 2 + (n % 4);
        // A norm summed over d coordinates knows its d.
        const dimension = text.includes('dimension=') ? d : 2 + (n % 11);
        const centres = Float64Array.from({ length: classes * dimension }, () => random(-2, 2));
        const mixture = { centres, dimension };
        const x = Array.from({ length: dimension }, () => random(-2, 2));
        const place = {
          process,
          time: random(0.05, 0.95),
          sigma2: random(0.1, 0.6),
          mixture,
          x,
          w: random(-0.5, 3),
        };
        const rule = compileForm(form, place)!;
        const a = process.signalScale(place.time);
        const Gamma = place.sigma2 + process.noiseToSignal(place.time);
        const y = Float64Array.from(x, (value) => value / a);
        const means = posteriorMean(y, mixture, 1, Gamma + rule.shift);
        const weights = posterior(y, mixture, 1, Gamma);
        const target = new Float64Array(dimension);
        const targets = formTargets(rule, centres.slice(0, dimension), Math.log(classes));
        targets.write(target, y, means, weights, 1, Gamma, place.w);
        const expected = literal(place);
        const size = Math.max(1, norm(expected));
        for (let i = 0; i < dimension; i++) {
          const score = (target[i]! - y[i]!) / (a * Gamma);
          expect(Math.abs(score - expected[i]!) / size).toBeLessThan(1e-9);
        }
      }
    },
  );
});
