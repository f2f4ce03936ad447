import { group, optionName } from '../../frame/input.ts';
import { text } from '../../frame/options.ts';

const inputs = {
  alpha: text('class rate, or rates', { as: 'A', kind: 'numbers' }),
  w: text('guidance coefficient, or coefficients', { as: 'W', kind: 'numbers' }),
  scale: text('guidance scale 1 + w, in place of --w', { as: 'S', kind: 'numbers' }),
  schedule: text('w as a formula of --clock, in place of --w', { as: 'formula' }),
  clock: text('variable of --schedule', { as: 'name' }),
  sigma2: text('variance inside a class', { as: 'S', kind: 'number' }),
  ensemble: text('class centres', { as: 'name' }),
  sampler: text('probability flow or reverse diffusion', { as: 'name' }),
  eta: text('noise level of the sampler, in place of --sampler', { as: 'E', kind: 'number' }),
  process: text('forward process', { as: 'name' }),
  tMax: text('start of sampling in process time', { as: 'T', kind: 'number' }),
  d: text('dimension of simulations, or dimensions', { as: 'D', kind: 'numbers' }),
  seed: text('seed of the random numbers', { as: 'I', kind: 'number' }),
  workers: text('threads', { as: 'P', kind: 'number' }),
} as const;

/** Options that replace those of the command of a figure, by key, as they are typed. */
export type FigureChanges = Readonly<Partial<Record<keyof typeof inputs, string>>>;

/** Options of the commands that compute figures, which read them. */
export const changedOptions = group(inputs, (given): FigureChanges =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
);

// Options that say the same thing: one given takes the place of the others.
const alternatives: readonly (readonly string[])[] = [
  ['w', 'scale', 'schedule'],
  ['sampler', 'eta'],
];

/** A command line with options in place of its own. */
export function changed(args: readonly string[], changes: FigureChanges): string[] {
  const given = Object.entries(changes);
  const replaced = given.flatMap(([key]) => alternatives.find((keys) => keys.includes(key)) ?? [key]);
  const options = replaced.map((key) => `--${optionName(key)}`);
  return [
    ...args.filter((arg, i) => !options.includes(arg) && !options.includes(args[i - 1] ?? '')),
    ...given.flatMap(([key, value]) => [`--${optionName(key)}`, value]),
  ];
}
