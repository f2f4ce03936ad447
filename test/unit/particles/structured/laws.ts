import type { ClassBand, ClassLaw } from '../../../../src/mixture/classLaw.ts';
import type { StructuredClasses } from '../../../../src/particles/structured/explicitClasses.ts';
import { drawClasses } from '../../../../src/particles/structured/classes.ts';
import { resolveStructuredOptions } from '../../../../src/particles/structured/options.ts';
import {
  completeStructured,
  resolveStructured,
  type StructuredInput,
  type StructuredProblem,
} from '../../../../src/particles/structured/spec.ts';

/** A law of one or more bands. */
export function bands(...list: ClassBand[]): ClassLaw {
  return { kind: 'bands', bands: list };
}

/** Laws of all kinds, each with the class rate of at most a few hundred classes at d = 8. */
export const laws: readonly (readonly [name: string, law: ClassLaw])[] = [
  ['one band', bands({ weight: 1, rho: 1, c: 0.25 })],
  [
    'three bands',
    bands(
      { weight: 0.5, rho: 1.5, c: 0.4 },
      { weight: 0.25, rho: 0.5, c: 0.03 },
      { weight: 0.25, rho: 0, c: 2 },
    ),
  ],
  [
    'own variances',
    bands({
      weight: 1,
      rho: 1,
      c: [
        { value: 0.05, weight: 0.3 },
        { value: 0.4, weight: 0.5 },
        { value: 3, weight: 0.2 },
      ],
    }),
  ],
  [
    'own variances in one band of two',
    bands(
      {
        weight: 0.5,
        rho: 0.7,
        c: [
          { value: 0.02, weight: 0.5 },
          { value: 0.5, weight: 0.5 },
        ],
        centres: { kind: 'laplace' },
      },
      { weight: 0.5, rho: 1.2, c: 0.1, centres: { kind: 'signs' } },
    ),
  ],
  [
    'values and zeros',
    bands(
      {
        weight: 0.5,
        rho: 0.8,
        c: 0.2,
        centres: {
          kind: 'values',
          values: [
            { value: 2, weight: 0.25 },
            { value: -0.5, weight: 0.75 },
          ],
        },
      },
      { weight: 0.5, rho: 1, c: 0.2, centres: { kind: 'bernoulli-gauss', share: 0.5 } },
    ),
  ],
];

/** Two levels; guidance towards the class, or towards the superclass. */
export function twoLevels(towards: number): ClassLaw {
  return {
    kind: 'levels',
    sigma2: 0.1,
    levels: [
      { alpha: Math.log(12) / 8, r: 0.8 },
      { alpha: Math.log(9) / 8, r: 0.2 },
    ],
    towards,
  };
}

/** A problem at d = 8 with 100 classes, w = 1 and the probability flow, with changes. */
export function structuredInput(law: ClassLaw, changes: Partial<StructuredInput> = {}): StructuredInput {
  return {
    law,
    dimension: 8,
    guidance: { w: 1 },
    ...(law.kind === 'bands' && changes.alpha === undefined ? { classes: 100 } : {}),
    ...changes,
  };
}

export const structuredProblem = (law: ClassLaw, changes: Partial<StructuredInput> = {}) =>
  resolveStructured(completeStructured(structuredInput(law, changes)));

/** Options without skipped classes. */
export const exact = resolveStructuredOptions({ skipTolerance: 0, particles: 40 });

/** Centres and variances of all classes, K x d each. */
export interface WrittenClasses {
  readonly centres: Float64Array;
  readonly variances: Float64Array;
}

/** The classes of a realisation, written out. */
export function writtenClasses(
  { size }: StructuredProblem,
  { classes, dimension, first, deltas, choices }: StructuredClasses,
): WrittenClasses {
  const band = size.counts.flatMap((count, b) => new Array<number>(count).fill(b));
  const length = classes * dimension;
  const centres = Float64Array.from({ length }, (_, j) =>
    j < dimension ? first[j]! : first[j % dimension]! + deltas[j - dimension]!,
  );
  const variances = Float64Array.from(
    { length },
    (_, j) => size.variances[band[j % dimension]!]![choices?.[j] ?? 0]!,
  );
  return { centres, variances };
}

export const draw = (problem: StructuredProblem, seed = 3, realization = 0) =>
  drawClasses(problem, seed, realization);

/** Score at y, and weight of class 0, of the first `count` classes from the definition: a sum over classes and coordinates. */
export function scoreOf(
  { centres, variances }: WrittenClasses,
  count: number,
  y: Float64Array,
  tau: number,
): { score: Float64Array; weight: number } {
  const d = y.length;
  const logs = Array.from({ length: count }, (_, k) =>
    y.reduce((sum, value, i) => {
      const g = variances[k * d + i]! + tau;
      return sum - (value - centres[k * d + i]!) ** 2 / (2 * g) - Math.log(g) / 2;
    }, 0),
  );
  const top = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const score = y.map((value, i) =>
    weights.reduce(
      (sum, weight, k) =>
        sum + ((weight / total) * (centres[k * d + i]! - value)) / (variances[k * d + i]! + tau),
      0,
    ),
  );
  return { score, weight: weights[0]! / total };
}

/** All of them. */
export const allLaws: readonly (readonly [string, ClassLaw])[] = [
  ...laws,
  ['two levels', twoLevels(2)],
  ['a superclass', twoLevels(1)],
];
