import type { Marks } from './frame.ts';
import { shortNumber } from './theme.ts';
import { along, type KeyOf } from './traces.ts';

/** Mark of the transition on a curve. */
export const transitionLook = (color: string, size = 22) =>
  ({ symbol: 'line-ns', size, line: { width: 3, color } }) as const;

/** The transition of a curve as a point of it, if there is one. */
export function transitionPoint<T extends { readonly time: number }>(
  name: string,
  colour: string,
  transition: T | null,
  x: KeyOf<T>,
  y: KeyOf<T>,
): Marks {
  const text = ({ time }: T) => `transition at t = ${shortNumber(time, 4)}`;
  return transition && { name, colour, ...along([transition], { x, y, text }), mark: transitionLook(colour) };
}
