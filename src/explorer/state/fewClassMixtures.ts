/** A mixture of [W24] in the plane, with identity covariances and equal weights. */
export interface FewClassMixture {
  readonly id: string;
  readonly title: string;
  readonly centres: readonly (readonly [number, number])[];
  readonly guidedClass: number;
  /** Largest guidance coefficient that its view offers. */
  readonly largestW: number;
  /** Euler steps in OU time; null: continuous time. */
  readonly stepSize: number | null;
  /** Ends of the picture along both axes. */
  readonly window: readonly [from: number, to: number];
  /** Figure of `cfg-dmft few-class density` with the same settings. */
  readonly figure: string | null;
  readonly sentence: string;
}

const root3 = Math.sqrt(3);
const row = {
  centres: [
    [-2, -2],
    [0, 0],
    [2, 2],
  ],
  guidedClass: 1,
  largestW: 150,
  window: [-21, 21],
  figure: 'wu-3',
} as const;

/** Mixtures of the few-class view. */
export const fewClassMixtures: readonly FewClassMixture[] = [
  {
    id: 'triangle',
    title: 'Triangle of three classes',
    centres: [
      [root3 / 2, 0.5],
      [-root3 / 2, 0.5],
      [0, -1],
    ],
    guidedClass: 0,
    largestW: 20,
    stepSize: null,
    window: [-3, 6.5],
    figure: 'wu-1',
    sentence: 'Guidance moves the class away from the others and shrinks it.',
  },
  {
    id: 'pair',
    title: 'Two classes',
    centres: [
      [1, 0],
      [-1, 0],
    ],
    guidedClass: 0,
    largestW: 20,
    stepSize: null,
    window: [-4, 6],
    figure: null,
    sentence: 'The class shrinks along the line of the centres alone: across it, guidance does not act.',
  },
  {
    id: 'row-large-steps',
    title: 'Middle of three, steps of 0.1',
    ...row,
    stepSize: 0.1,
    sentence: 'With large steps the middle class splits in two at strong guidance.',
  },
  {
    id: 'row-small-steps',
    title: 'Middle of three, steps of 0.04',
    ...row,
    stepSize: 0.04,
    sentence: 'With smaller steps the split comes at stronger guidance; in continuous time there is none.',
  },
];

/** The mixture of an id, or undefined. */
export function fewClassMixture(id: string): FewClassMixture | undefined {
  return fewClassMixtures.find((mixture) => mixture.id === id);
}
