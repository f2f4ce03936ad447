import type { FamilyName } from '../../classifier/study/families.ts';
import { ink, palette, type MarkerLook } from '../drawing/theme.ts';

/** Colour and mark of a family. */
export interface FamilyLook {
  readonly colour: string;
  readonly symbol: NonNullable<MarkerLook['symbol']>;
}

/** Look of each family, common to all figures; marks differ where colours are similar. */
export const familyLook: Readonly<Record<FamilyName, FamilyLook>> = {
  temperature: { colour: palette.blue, symbol: 'circle' },
  bias: { colour: palette.sky, symbol: 'square' },
  centres: { colour: palette.green, symbol: 'diamond' },
  variance: { colour: palette.purple, symbol: 'triangle-up' },
  fourier: { colour: palette.orange, symbol: 'triangle-down' },
  logistic: { colour: ink.muted, symbol: 'square-open' },
  perceptron: { colour: palette.black, symbol: 'diamond-open' },
  wave: { colour: palette.vermillion, symbol: 'x' },
  ripple: { colour: palette.vermillion, symbol: 'circle-open' },
};

/** Logarithmic axis over many decades. */
export const logAxis = { type: 'log', dtick: 1, exponentformat: 'power' } as const;
