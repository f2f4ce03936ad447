import type { CommandGroup } from '../../frame/command.ts';
import { confidenceCommand } from './confidence.ts';
import { densityCommand } from './density.ts';
import { entropyCommand } from './entropy.ts';
import { splitCommand } from './split.ts';

/** `few-class`: guided sampling of mixtures of a few classes in low dimension. */
export const fewClassCommands: CommandGroup = {
  name: 'few-class',
  summary:
    'A few classes in low dimension: confidence, entropy, densities, and the split under strong guidance.',
  example:
    'cfg-dmft few-class entropy --centres "1;-1" --class 0 --sigma2 1 --w 0,1 --sampler ode --start normal\n  ode: w 0, entropy 1.41894 (exact); w 1, 1.1372 (exact)',
  commands: [confidenceCommand, entropyCommand, densityCommand, splitCommand],
};
