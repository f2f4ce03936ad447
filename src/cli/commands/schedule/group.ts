import type { CommandGroup } from '../../frame/command.ts';
import { compareCommand } from './compare.ts';
import { designCommand } from './design.ts';
import { evaluateCommand } from './evaluate.ts';
import { listCommand } from './list.ts';
import { showCommand } from './show.ts';

/** `schedule`: guidance schedules and guidance forms. */
export const scheduleCommands: CommandGroup = {
  name: 'schedule',
  summary: 'Guidance schedules: list, show, evaluate, compare and design them.',
  example:
    "cfg-dmft schedule evaluate --alpha 0.5 --sigma2 0.25 --schedule '2*exp(-t)'\n  m 1.20267, v 0.155537, speciation time 0.401003",
  commands: [listCommand, showCommand, evaluateCommand, compareCommand, designCommand],
};
