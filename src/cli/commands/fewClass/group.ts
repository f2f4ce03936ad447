import type { CommandGroup } from '../../frame/commandIndex.ts';

/** `few-class`: guided sampling of mixtures of a few classes in low dimension. */
export const fewClassCommands: CommandGroup = {
  name: 'few-class',
  summary:
    'A few classes in low dimension: confidence, entropy, densities, and the split under strong guidance.',
  example:
    'cfg-dmft few-class entropy --centres "1;-1" --class 0 --sigma2 1 --w 0,1 --sampler ode --start normal\n  ode: w 0, entropy 1.41894 (exact); w 1, 1.1372 (exact)',
  commands: [
    {
      name: 'confidence',
      summary: 'Classification confidence P(c | x) of the output against guidance, from a given start.',
      load: async () => (await import('./confidence.ts')).confidenceCommand,
    },
    {
      name: 'entropy',
      summary:
        'Differential entropy of the output against guidance: exact, from its density, or from samples.',
      load: async () => (await import('./entropy.ts')).entropyCommand,
    },
    {
      name: 'density',
      summary: 'Density of the output for several strengths and step sizes, on the line or in the plane.',
      load: async () => (await import('./density.ts')).densityCommand,
    },
    {
      name: 'split',
      summary:
        'Splitting of the middle one of three classes by finite steps: thresholds, phase diagram, one-step map.',
      load: async () => (await import('./split.ts')).splitCommand,
    },
  ],
};
