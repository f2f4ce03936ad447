import type { VectorField } from '../../numerics/ode/integrator.ts';
import type { ScaledMoments } from './moments.ts';
import { gammaRows, mapRow, reachOf, type RowMap } from './rows.ts';
import { follow, type FollowControl, type SmoothedSetup } from './setup.ts';

/**
 * The smoothed mean field with noise: the density of the particles as a truncated expansion about the law that they would
 * have if the posterior weight did not vary among them (eq. density-expansion),
 *   rho = normal(xi) gamma_k(U) sum_(a + b <= order) c_ab h_a(xi) l_b(U),  N = mu + sigma xi,  V = <V> U,  k = (d - 1)/2,
 * with the orthonormal Hermite and Laguerre polynomials and c_00 = 1, c_10 = c_20 = c_01 = 0, which define mu, sigma
 * and <V>. Order 2 is the closure of second cumulants.
 */

const sqrtTwoPi = Math.sqrt(2 * Math.PI);
// Coefficients are of order 1 at most while the expansion makes sense.
const largestCoefficient = 20;

/** Averages under the expansion at one clock. */
interface Projections {
  /** <f h_a l_b> with f = p sqrt(s) + P N, at a (order + 1) + b. */
  readonly f: Float64Array;
  /** <P h_a l_b>, P = (1 - p)(1 - g). */
  readonly pull: Float64Array;
  guidedWeight: number;
}

/**
 * Averages over particles along the density expansion.
 * @param clocks ascending
 * @param order largest total degree, >= 2
 * @returns averages at each of the clocks, then at the data
 * @throws NumericalFailure if the expansion diverges or cannot be followed
 */
export function averageOverExpansion(
  setup: SmoothedSetup,
  clocks: readonly number[],
  order: number,
  control: FollowControl,
): ScaledMoments[] {
  const flow = expansionFlow(setup, order);
  const moments: ScaledMoments[] = [];
  follow(setup, flow.field, flow.start, clocks, control, (_index, clock, state) => {
    moments.push(flow.moments(clock, state));
  });
  return moments;
}

interface ExpansionFlow {
  /** mu, log(sigma sqrt(d)), log <V>, then the free coefficients. */
  readonly start: Float64Array;
  readonly field: VectorField;
  readonly moments: (clock: number, state: Float64Array) => ScaledMoments;
}

function expansionFlow(setup: SmoothedSetup, order: number): ExpansionFlow {
  const { dimension: d, schedule } = setup;
  const posterior = setup.posterior();
  const noise = setup.eta * setup.eta;
  const e = 1 + noise;
  const shape = (d - 1) / 2;
  const rows = gammaRows(shape, order);
  const reach = reachOf(order);
  const n = order + 1;
  const free = freeModes(order);
  const roots = Float64Array.from({ length: n + 1 }, (_, a) => Math.sqrt(a));
  const c = new Float64Array(n * n);
  c[0] = 1;
  const projections: Projections = {
    f: new Float64Array(n * n),
    pull: new Float64Array(n * n),
    guidedWeight: 0,
  };
  const [ofRow, fRow, pullRow, hermite] = [0, 1, 2, 3].map(() => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const map: RowMap = { centre: 0, width: 0, step: 0, from: 0, to: 0 };

  /** Fills in the coefficients and all projections on them. */
  const project = (clock: number, state: Float64Array): void => {
    const mu = state[0]!;
    const sigma = Math.exp(state[1]!) / Math.sqrt(d);
    const V = Math.exp(state[2]!);
    const rootShare = Math.sqrt(1 / (1 + Math.exp(-clock)));
    const { f, pull } = projections;
    free.forEach((mode, i) => (c[mode.index] = state[3 + i]!));
    f.fill(0);
    pull.fill(0);
    projections.guidedWeight = 0;
    posterior.moveTo(clock);
    for (const { U, weight: rowWeight, polynomials } of rows) {
      for (let a = 0; a <= order; a++) {
        let sum = 0;
        for (let b = 0; a + b <= order; b++) sum += c[a * n + b]! * polynomials[b]!;
        ofRow[a] = sum;
      }
      fRow.fill(0);
      pullRow.fill(0);
      let weightRow = 0;
      mapRow(posterior, mu, sigma, V * U, reach, map);
      const { centre, width, step, to } = map;
      for (let i = map.from; i <= to; i++) {
        const growth = Math.exp(i * step);
        const xi = centre + 0.5 * width * (growth - 1 / growth);
        const N = mu + sigma * xi;
        posterior.evaluate(N, V * U);
        let density = 0;
        let before = 0;
        let here = 1;
        for (let a = 0; a <= order; a++) {
          hermite[a] = here;
          density += ofRow[a]! * here;
          const next = (xi * here - roots[a]! * before) / roots[a + 1]!;
          before = here;
          here = next;
        }
        density *= Math.exp(-0.5 * xi * xi) * 0.5 * width * (growth + 1 / growth) * step;
        const ofPull = density * posterior.pull;
        const ofWeight = density * posterior.guidedWeight;
        const ofF = ofWeight * rootShare + ofPull * N;
        weightRow += ofWeight;
        for (let a = 0; a <= order; a++) {
          fRow[a]! += ofF * hermite[a]!;
          pullRow[a]! += ofPull * hermite[a]!;
        }
      }
      const weight = rowWeight / sqrtTwoPi;
      projections.guidedWeight += weight * weightRow;
      for (let a = 0; a <= order; a++) {
        for (let b = 0; a + b <= order; b++) {
          f[a * n + b]! += weight * fRow[a]! * polynomials[b]!;
          pull[a * n + b]! += weight * pullRow[a]! * polynomials[b]!;
        }
      }
    }
  };

  const admissible = (state: Float64Array) => {
    for (let i = 3; i < state.length; i++) if (!(Math.abs(state[i]!) < largestCoefficient)) return false;
    return Math.abs(state[1]!) < 50 && Math.abs(state[2]!) < 50;
  };

  return {
    start: Float64Array.from([
      setup.startN,
      0.5 * Math.log(setup.spreadN),
      Math.log(setup.startV),
      ...free.map(() => 0),
    ]),
    moments: (clock, state) => {
      project(clock, state);
      const { guidedWeight } = projections;
      return { N: state[0]!, spread: Math.exp(2 * state[1]!), V: Math.exp(state[2]!), guidedWeight };
    },
    // eq. density-expansion-flow
    field: (clock, state, out) => {
      if (!admissible(state)) {
        out.fill(NaN);
        return;
      }
      const w = schedule.constant ?? schedule.coefficient(clock);
      project(clock, state);
      const { f, pull } = projections;
      const sigma = Math.exp(state[1]!) / Math.sqrt(d);
      const r = 1 / (1 + Math.exp(clock));
      const rate = 0.5 * (r - e);
      const renewalN = (noise * r) / (d * sigma * sigma);
      const renewalV = noise === 0 ? 0 : noise * Math.exp(-state[2]!);
      const meanF = f[0]!;
      const slopeF = f[n]!;
      // U = 1 - l_1/sqrt(k)
      const meanPullU = pull[0]! - pull[1]! / Math.sqrt(shape);
      out[0] = rate * state[0]! + 0.5 * e * ((1 + w) * Math.sqrt(1 - r) - w * meanF);
      out[1] = rate + 0.5 * renewalN - (0.5 * e * w * slopeF) / sigma;
      out[2] = renewalV - noise - e * w * meanPullU;
      const strength = (0.5 * e * w) / sigma;
      const ofN = (a: number, b: number) => {
        const i = a * n + b;
        const xiMoment = roots[a + 1]! * c[i + n]! + (a > 0 ? roots[a]! * c[i - n]! : 0);
        return strength * (slopeF * xiMoment + meanF * c[i]! - f[i]!);
      };
      const ofV = (i: number) => e * w * (meanPullU * c[i]! - pull[i]!);
      free.forEach(({ a, b, index }, m) => {
        let slope = -(0.5 * a * renewalN + b * renewalV) * c[index]!;
        if (a > 0) slope += roots[a]! * ofN(a - 1, b);
        if (b > 0) slope += b * ofV(index) - Math.sqrt(b * (b + shape - 1)) * ofV(index - 1);
        out[3 + m] = slope;
      });
    },
  };
}

interface Mode {
  readonly a: number;
  readonly b: number;
  readonly index: number;
}

/** The coefficients that are not fixed by normalisation, mu, sigma and <V>. */
function freeModes(order: number): Mode[] {
  const modes: Mode[] = [];
  for (let a = 0; a <= order; a++) {
    for (let b = 0; a + b <= order; b++) {
      const fixed = b === 0 ? a <= 2 : a === 0 && b === 1;
      if (!fixed) modes.push({ a, b, index: a * (order + 1) + b });
    }
  }
  return modes;
}
