import { requireChoice, requireFinite, requireNumbers } from '../numerics/checks.ts';
import { all, create, type MathNode } from 'mathjs/number';

const math = create({ ...all });

/**
 * The free energies and the guided potential as symbolic expressions in the process's own variables, written once;
 * every force is derived from them by symbolic differentiation. Slow and obvious: the hand-written forces of the
 * solver are tested against these (docs/theory/potential.md shows the same expressions).
 *
 * Symbols: m, q order parameters; a signal scale; Gamma, D variances inside a class and overall; alpha class rate;
 * w guidance coefficient; u, rho overlap and spread of the condensed classes, constants of the state by the
 * envelope theorem (their values maximise the expression at complexity 0).
 */
const kappa = '(a * sqrt(q) / Gamma)';
const sphericalOverlap = `((sqrt(1 + 4 * ${kappa}^2) - 1) / (2 * ${kappa}))`;

export const freeEnergyExpressions = {
  /** eq. psi */
  guided: '-(q - 2 * a * m + a^2) / (2 * Gamma)',
  /** eq. phi-gaussian */
  gaussian: 'alpha + log(Gamma / D) / 2 - q / (2 * D)',
  /** eq. condensed-gaussian */
  gaussianCondensed: '-(q - 2 * a * sqrt(q) * u + a^2 * (u^2 + rho)) / (2 * Gamma)',
  /** eq. phi-spherical */
  spherical: `alpha + log(1 - ${sphericalOverlap}^2) / 2 - (q + a^2) / (2 * Gamma) + ${kappa} * ${sphericalOverlap}`,
  /** eq. condensed-spherical */
  sphericalCondensed: `-(q + a^2) / (2 * Gamma) + ${kappa} * u`,
} as const;

/** Name of a free energy of {@link freeEnergyExpressions}. */
export type FreeEnergyName = keyof typeof freeEnergyExpressions;

/** Values of the symbols. */
export type SymbolValues = Readonly<Record<string, number>>;

/** An expression with its derivatives with respect to m and q. */
export interface SymbolicEnergy {
  readonly text: string;
  value(symbols: SymbolValues): number;
  /** Derivatives (d/dm, d/dq) at fixed a, Gamma, D. */
  gradient(symbols: SymbolValues): readonly [number, number];
}

function symbolicEnergy(text: string): SymbolicEnergy {
  const value = math.parse(text).compile();
  const parts = ['m', 'q'].map((name) => math.derivative(text, name, { simplify: false }).compile());
  const evaluate = (code: ReturnType<MathNode['compile']>, symbols: SymbolValues) =>
    code.evaluate({ ...symbols }) as number;
  return {
    text,
    value: (symbols) => evaluate(value, symbols),
    gradient: (symbols) => [evaluate(parts[0]!, symbols), evaluate(parts[1]!, symbols)],
  };
}

function expressionOf(parameter: string, name: FreeEnergyName): string {
  requireChoice(parameter, name, Object.keys(freeEnergyExpressions) as FreeEnergyName[]);
  return freeEnergyExpressions[name];
}

/** A phase's free energy as a symbolic expression. */
export function symbolicFreeEnergy(name: FreeEnergyName): SymbolicEnergy {
  return symbolicEnergy(expressionOf('name', name));
}

/**
 * Guided potential V_w = -(1 + w) psi + w max(psi, phi) (eq. guided-potential) on the side where `dominant` is the
 * larger: guided, or one of the competing free energies.
 */
export function symbolicGuidedPotential(dominant: FreeEnergyName): SymbolicEnergy {
  const largest = expressionOf('dominant', dominant);
  return symbolicEnergy(`-(1 + w) * (${freeEnergyExpressions.guided}) + w * (${largest})`);
}

/**
 * Flow of (m, q) that a potential drives at unit rate (eq. gradient-flow): the score -grad V of a function of m = x.mu_c/d and q = |x|^2/d
 * moves them by -M (dV/dm, dV/dq) with the mobility M = [[1, 2 m], [2 m, 4 q]].
 */
export function gradientFlow(
  m: number,
  q: number,
  slope: readonly [dm: number, dq: number],
): readonly [number, number] {
  requireFinite('m', m);
  requireFinite('q', q);
  requireNumbers('slope', slope);
  const [dm, dq] = slope;
  return [-(dm + 2 * m * dq), -(2 * m * dm + 4 * q * dq)];
}
