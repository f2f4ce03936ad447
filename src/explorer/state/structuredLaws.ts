import type { ClassLaw } from '../../mixture/classLaw.ts';
import type { ExplorerState } from './state.ts';

/** A class law of the view of structured classes, with the variance sigma2 inside a class on average and |mu|^2/d = 1. */
export interface StructuredLaw {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  /** Names of its bands (or variances in one), or of its levels. */
  readonly parts: readonly string[];
  readonly law: (state: ClassNumbers) => ClassLaw;
  /** Its options on the command line, which contain the rates of a hierarchy. */
  readonly options: (state: ClassNumbers) => readonly (readonly [name: string, value: string | number])[];
}

type ClassNumbers = Pick<ExplorerState, 'alpha' | 'sigma2'>;

/** A product without its rounding error, to be written. */
const round = (value: number) => Number(value.toPrecision(12));

const spectrum = ({ sigma2 }: ClassNumbers) => [
  { weight: 0.5, rho: 1.5, c: round(1.6 * sigma2) },
  { weight: 0.5, rho: 0.5, c: round(0.4 * sigma2) },
];
const widths = ({ sigma2 }: ClassNumbers) => [
  { value: round(0.4 * sigma2), weight: 0.5 },
  { value: round(1.6 * sigma2), weight: 0.5 },
];
const levels = ({ alpha }: ClassNumbers) => [
  { alpha: round(alpha / 3), r: 0.8 },
  { alpha: round((2 * alpha) / 3), r: 0.2 },
];

/** Laws of the view, one for each kind of structure. */
export const structuredLaws: readonly StructuredLaw[] = [
  {
    id: 'spectrum',
    title: 'two bands of a spectrum',
    sentence:
      'Both bands have the same transition. Guidance moves m further in the one that is wider relative to its centre.',
    parts: ['wide', 'narrow'],
    law: (state) => ({ kind: 'bands', bands: spectrum(state) }),
    options: (state) => [
      [
        'spectrum',
        spectrum(state)
          .map(({ rho, c, weight }) => `${rho}:${c}:${weight}`)
          .join(','),
      ],
    ],
  },
  {
    id: 'signs',
    title: 'centres +1 or −1',
    sentence:
      'Guidance pushes the coordinates away from 0 and skews their density. There are 2ᵈ such centres: with α above log 2 = 0.693 they repeat.',
    parts: ['all'],
    law: ({ sigma2 }) => ({
      kind: 'bands',
      bands: [{ weight: 1, rho: 1, c: sigma2, centres: { kind: 'signs' } }],
    }),
    options: ({ sigma2 }) => [
      ['sigma2', sigma2],
      ['centres-law', 'signs'],
    ],
  },
  {
    id: 'widths',
    title: 'variances of their own',
    sentence:
      'Every class draws one of two variances for each coordinate. Guidance moves its mean further where it is wide.',
    parts: ['narrow', 'wide'],
    law: (state) => ({ kind: 'bands', bands: [{ weight: 1, rho: 1, c: widths(state) }] }),
    options: (state) => [
      [
        'spectrum',
        `1:${widths(state)
          .map(({ value }) => value)
          .join('|')}:1`,
      ],
    ],
  },
  {
    id: 'levels',
    title: 'superclasses of classes',
    sentence:
      'A third of α makes superclasses, the rest classes inside them. The superclass is known first; the class is guided for longer and moved further.',
    parts: ['superclass', 'class'],
    law: (state) => ({ kind: 'levels', sigma2: state.sigma2, levels: levels(state) }),
    options: (state) => [
      [
        'levels',
        levels(state)
          .map(({ alpha, r }) => `${alpha}:${r}`)
          .join(','),
      ],
      ['sigma2', state.sigma2],
    ],
  },
];

/** The law of an id, or undefined. */
export function structuredLaw(id: string): StructuredLaw | undefined {
  return structuredLaws.find((law) => law.id === id);
}
