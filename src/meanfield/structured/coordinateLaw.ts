import type { CentreLaw, ClassBand, WeightedValue } from '../../mixture/classLaw.ts';
import { scaledErfc } from '../../numerics/erfc.ts';
import { logSumExp } from '../../numerics/logSumExp.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';

/**
 * Law of a coordinate over the classes, at noise tau: Z(y) = E N(y; mu, c + tau) over (mu, c) (eq. coordinate-evidence). All three in one
 * evaluation, written into `out`. `y` counts from an origin (0): from an atom it keeps its digits where classes are narrow.
 */
export interface CoordinateLaw {
  evaluate(y: number, tau: number, out: CoordinateEvidence, origin?: number): void;
  /** d log Z/dy alone. */
  score(y: number, tau: number, origin?: number): number;
  /** log E N(y; mu, c + tau)^x + (x/2) log(2 pi), the evidence at a weight x in (0, 1] (eq. coordinate-condensed). */
  power(y: number, tau: number, x: number, origin?: number): number;
}

/** Values of a {@link CoordinateLaw}. */
export interface CoordinateEvidence {
  /** log Z + (1/2) log(2 pi). */
  logEvidence: number;
  /** Relative entropy of the law of (mu, c) given y from the law itself. */
  relativeEntropy: number;
}

/** A part of the guided class's coordinates: their share, centre and variance. */
export interface GuidedPart {
  readonly weight: number;
  readonly mu: number;
  readonly c: number;
  /** Band of the law, and index of c among its values. */
  readonly band: number;
  readonly value: number;
}

/** A gaussian component of the law of (mu, c): mu ~ N(centre, spread). */
interface Atom {
  readonly p: number;
  readonly centre: number;
  readonly spread: number;
  readonly c: number;
}

/** Values of c in a band. @param least variance that stands for none */
export function variancesOf({ c }: ClassBand, least: number): readonly WeightedValue[] {
  const values = typeof c === 'number' ? [{ value: c, weight: 1 }] : c;
  return values.map(({ value, weight }) => ({ value: Math.max(value, least), weight }));
}

/** The law of a coordinate of a band. */
export function coordinateLaw(band: ClassBand, least: number): CoordinateLaw {
  const { centres = { kind: 'gaussian' }, rho } = band;
  const variances = variancesOf(band, least);
  if (centres.kind === 'laplace' && rho > 0 && variances.length === 1)
    return laplaceLaw(rho, variances[0]!.value);
  const atoms = variances.flatMap(({ value: c, weight }) =>
    componentsOf(centres).map(({ p, centre, spread }) => ({
      p: p * weight,
      centre: Math.sqrt(rho) * centre,
      spread: rho * spread,
      c,
    })),
  );
  return mixtureLaw(atoms);
}

/** Gaussian components of u. */
function componentsOf(law: CentreLaw): readonly Omit<Atom, 'c'>[] {
  switch (law.kind) {
    case 'gaussian':
      return [{ p: 1, centre: 0, spread: 1 }];
    case 'signs':
      return [
        { p: 0.5, centre: 1, spread: 0 },
        { p: 0.5, centre: -1, spread: 0 },
      ];
    case 'bernoulli-gauss':
      return law.share === 1
        ? [{ p: 1, centre: 0, spread: 1 }]
        : [
            { p: 1 - law.share, centre: 0, spread: 0 },
            { p: law.share, centre: 0, spread: 1 / law.share },
          ];
    case 'values':
      return law.values.map(({ value, weight }) => ({ p: weight, centre: value, spread: 0 }));
    case 'laplace':
      return scaleMixture();
  }
}

/** A Laplace law as N(0, E) with E ~ Exp(1), by quadrature: where classes have variances of their own. */
function scaleMixture(): readonly Omit<Atom, 'c'>[] {
  // E = -log(uniform) through the logistic variable, in which the integrand is smooth at both ends.
  const count = 108;
  const from = -28;
  const to = 4;
  const step = (to - from) / (count - 1);
  const parts = Array.from({ length: count }, (_, i) => {
    const spread = Math.exp(from + i * step);
    return { p: spread * Math.exp(-spread), centre: 0, spread };
  });
  const sum = parts.reduce((total, { p }) => total + p, 0);
  return parts.map((part) => ({ ...part, p: part.p / sum }));
}

/** Law of gaussian components. */
function mixtureLaw(atoms: readonly Atom[]): CoordinateLaw {
  const n = atoms.length;
  const logP = Float64Array.from(atoms, ({ p }) => Math.log(p));
  const centre = Float64Array.from(atoms, (atom) => atom.centre);
  const width = Float64Array.from(atoms, ({ c, spread }) => c + spread);
  const inverse = new Float64Array(n);
  const offset = new Float64Array(n);
  const exponent = new Float64Array(n);
  let lastTau = NaN;
  const visit = (tau: number) => {
    if (tau === lastTau) return;
    lastTau = tau;
    for (let j = 0; j < n; j++) {
      inverse[j] = 1 / (width[j]! + tau);
      offset[j] = logP[j]! + 0.5 * Math.log(inverse[j]!);
    }
  };
  return {
    score(y, tau, origin = 0) {
      visit(tau);
      let top = -Infinity;
      for (let j = 0; j < n; j++) {
        const lack = centre[j]! - origin - y;
        const value = offset[j]! - 0.5 * lack * lack * inverse[j]!;
        exponent[j] = value;
        if (value > top) top = value;
      }
      let sum = 0;
      let pull = 0;
      for (let j = 0; j < n; j++) {
        const weight = Math.exp(exponent[j]! - top);
        sum += weight;
        pull += weight * (centre[j]! - origin - y) * inverse[j]!;
      }
      return pull / sum;
    },
    evaluate(y, tau, out, origin = 0) {
      visit(tau);
      let top = -Infinity;
      for (let j = 0; j < n; j++) {
        const lack = centre[j]! - origin - y;
        exponent[j] = offset[j]! - 0.5 * lack * lack * inverse[j]!;
        if (exponent[j]! > top) top = exponent[j]!;
      }
      let sum = 0;
      let likelihood = 0;
      for (let j = 0; j < n; j++) {
        const weight = Math.exp(exponent[j]! - top);
        sum += weight;
        // log of the component's evidence, less the entropy of mu inside it.
        const { spread, c } = atoms[j]!;
        const lack = centre[j]! - origin - y;
        const share = spread * inverse[j]!;
        const inside = 0.5 * (share * (lack * lack * inverse[j]! - 1) - Math.log((c + tau) * inverse[j]!));
        likelihood += weight * (exponent[j]! - logP[j]! + inside);
      }
      out.logEvidence = top + Math.log(sum);
      out.relativeEntropy = likelihood / sum - out.logEvidence;
    },
    power(y, tau, x, origin = 0) {
      for (let j = 0; j < n; j++) {
        const { spread, c } = atoms[j]!;
        const g = c + tau;
        const lack = centre[j]! - origin - y;
        const wide = g + x * spread;
        exponent[j] = logP[j]! - 0.5 * (x * Math.log(g) + Math.log(wide / g) + (x * lack * lack) / wide);
      }
      return logSumExp(exponent);
    },
  };
}

/** Noise in units of rho beyond which a centre moves the posterior to first order only. */
const noisy = 1e7;

/**
 * Laplace centres of variance rho in classes of variance c, b = sqrt(rho/2): with g = c + tau and f(x) = erfcx(x),
 *   Z(y) = exp(-y^2/(2 g)) [f(t+) + f(t-)]/(4 b),   t+- = sqrt(g/2)/b -+ y/sqrt(2 g).
 */
function laplaceLaw(rho: number, c: number): CoordinateLaw {
  const b = Math.sqrt(rho / 2);
  const logScale = 0.5 * Math.log(2 * Math.PI) - Math.log(4 * b);
  // The side of y is that of the larger term; the other one is erfc times a small factor.
  const parts = (y: number, g: number) => {
    const root = Math.sqrt(2 * g);
    const size = Math.abs(y);
    const far = scaledErfc(Math.sqrt(g / 2) / b + size / root);
    const t = Math.sqrt(g / 2) / b - size / root;
    // erfcx(t) exp(-y^2/2g) = 2 exp(g/(2 b^2) - |y|/b) - erfcx(-t) exp(-y^2/2g) for t < 0.
    const near = t >= 0 ? scaledErfc(t) : null;
    if (near !== null) {
      const sum = near + far;
      return { log: -(y * y) / (2 * g) + Math.log(sum), balance: (near - far) / sum };
    }
    const logExp = g / (2 * b * b) - size / b + Math.log(2);
    const small = (far - scaledErfc(-t)) * Math.exp(-(y * y) / (2 * g) - logExp);
    const log = logExp + Math.log1p(small);
    const farShare = far * Math.exp(-(y * y) / (2 * g) - log);
    return { log, balance: 1 - 2 * farShare };
  };
  // Posterior weights of the two signs of mu: balance = (near - far)/(near + far).
  return {
    score: (from, tau, origin = 0) => {
      const y = from + origin;
      return -(Math.sign(y) * parts(y, c + tau).balance) / b;
    },
    evaluate(from, tau, out, origin = 0) {
      const y = from + origin;
      const g = c + tau;
      const { log } = parts(y, g);
      out.logEvidence = logScale + log;
      if (g > noisy * rho) {
        // Half the variance of log N(y; mu, g) over mu; the exact terms cancel here.
        out.relativeEntropy = (0.5 * rho * (y * y + 1.25 * rho)) / (g * g);
        return;
      }
      // Its density solves f'' = (f - delta)/b^2, and E[(y - mu)^2 | y] = g + g^2 Z''/Z.
      const normal = Math.exp(-(y * y) / (2 * g) - 0.5 * Math.log(g) - out.logEvidence);
      const curvature = (1 - normal) / (b * b);
      out.relativeEntropy = -0.5 * (g * curvature + 1) - 0.5 * Math.log(g) - out.logEvidence;
    },
    power(from, tau, x, origin = 0) {
      // N(y; mu, g)^x is N(y; mu, g/x) but for a factor.
      const g = c + tau;
      return 0.5 * (Math.log(g / x) - x * Math.log(g)) + logScale + parts(from + origin, g / x).log;
    },
  };
}

/** Coordinates of a band with one variance: centres with their shares, the nodes of an atom or of a panel of the law of mu. */
export interface GuidedPiece {
  /** Band of the law, and index of c among its values. */
  readonly band: number;
  readonly value: number;
  readonly c: number;
  readonly mu: readonly number[];
  readonly weights: readonly number[];
  /** Range of mu in a panel, and its density times the share of the coordinates; null for an atom. */
  readonly panel: {
    readonly low: number;
    readonly high: number;
    readonly density: (mu: number) => number;
  } | null;
}

/**
 * The guided class's coordinates of a band. For laws that are even in mu the half mu >= 0 stands for both.
 * @param order nodes of a continuous law of mu
 */
export function guidedPieces(band: ClassBand, index: number, least: number, order: number): GuidedPiece[] {
  const { centres = { kind: 'gaussian' }, rho, weight } = band;
  const scale = Math.sqrt(rho);
  return variancesOf(band, least).flatMap(({ value: c, weight: share }, value) => {
    const pieces = rho === 0 ? [atom(0, 1)] : centrePieces(centres, order, Math.sqrt(c) / scale);
    return pieces.map(({ u, p, panel }) => ({
      band: index,
      value,
      c,
      mu: u.map((one) => scale * one),
      weights: p.map((one) => weight * share * one),
      panel:
        panel === null
          ? null
          : {
              low: scale * panel.low,
              high: scale * panel.high,
              density: (mu: number) => (weight * share * panel.density(mu / scale)) / scale,
            },
    }));
  });
}

/** The nodes of {@link guidedPieces}, one after the other. */
export function guidedParts(band: ClassBand, index: number, least: number, order: number): GuidedPart[] {
  return guidedPieces(band, index, least, order).flatMap(({ mu, weights, c, value }) =>
    mu.map((centre, i) => ({ weight: weights[i]!, mu: centre, c, band: index, value })),
  );
}

/** Deviations beyond which a gaussian has less weight than rounding. */
const mostDeviations = 8.5;

/** Nodes u with shares p: an atom, or a panel of a density. */
interface CentrePiece {
  readonly u: readonly number[];
  readonly p: readonly number[];
  readonly panel: {
    readonly low: number;
    readonly high: number;
    readonly density: (u: number) => number;
  } | null;
}

function atom(u: number, p: number): CentrePiece {
  return { u: [u], p: [p], panel: null };
}

function centrePieces(law: CentreLaw, order: number, width: number): CentrePiece[] {
  switch (law.kind) {
    case 'gaussian':
      // Not half of Gauss's rule on the whole line: moments in the gauge mu > 0 are odd in mu.
      return panels(
        (u) => (2 * Math.exp(-0.5 * u * u)) / Math.sqrt(2 * Math.PI),
        0.5 * mostDeviations,
        mostDeviations,
        2 * order,
      );
    case 'signs':
      return [atom(1, 1)];
    case 'bernoulli-gauss': {
      if (law.share === 1) return centrePieces({ kind: 'gaussian' }, order, width);
      const scale = Math.sqrt(1 / law.share);
      const density = (u: number) =>
        (2 * law.share * Math.exp(-0.5 * (u / scale) ** 2)) / (scale * Math.sqrt(2 * Math.PI));
      return [atom(0, 1 - law.share), ...panels(density, width, mostDeviations * scale, order)];
    }
    case 'values':
      return law.values.map(({ value, weight }) => atom(value, weight));
    case 'laplace':
      return panels((u) => Math.SQRT2 * Math.exp(-Math.SQRT2 * u), width, 26, order);
  }
}

/**
 * A density on u > 0: Gauss's rule on panels that double in width, the first one as wide as a class. Where the prior has a peak at 0,
 * the score turns there on that scale.
 * @param width of a class in units of u
 */
function panels(density: (u: number) => number, width: number, end: number, order: number): CentrePiece[] {
  const count = Math.min(60, Math.max(1, 1 + Math.ceil(Math.log2(end / width))));
  const { nodes, weights } = gaussLegendre(order);
  return Array.from({ length: count }, (_, panel) => {
    const high = end * 2 ** (panel + 1 - count);
    const low = panel === 0 ? 0 : 0.5 * high;
    const half = 0.5 * (high - low);
    const u = Array.from(nodes, (node) => low + half * (1 + node));
    return {
      u,
      p: u.map((one, i) => half * weights[i]! * density(one)),
      panel: { low, high, density },
    };
  });
}
