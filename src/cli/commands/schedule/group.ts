import type { CommandGroup } from '../../frame/commandIndex.ts';

/** `schedule`: guidance schedules and guidance forms. */
export const scheduleCommands: CommandGroup = {
  name: 'schedule',
  summary: 'Guidance schedules: list, show, evaluate, compare and design them.',
  example:
    "cfg-dmft schedule evaluate --alpha 0.5 --sigma2 0.25 --schedule '2*exp(-t)'\n  m 1.20267, v 0.155537, speciation time 0.401003",
  commands: [
    {
      name: 'list',
      summary: 'Guidance schedules and guidance forms that have names, with formula, defaults and source.',
      load: async () => (await import('./list.ts')).listCommand,
    },
    {
      name: 'show',
      summary:
        'One named schedule: formula in every clock, parameters, source, budgets, values along sampling.',
      load: async () => (await import('./show.ts')).showCommand,
    },
    {
      name: 'evaluate',
      summary:
        'What a schedule and a guidance form do: order parameters, distortion, budgets; beside full simulation.',
      load: async () => (await import('./evaluate.ts')).evaluateCommand,
    },
    {
      name: 'compare',
      summary: 'All named schedules at equal guidance budget: what each does to separation and diversity.',
      load: async () => (await import('./compare.ts')).compareCommand,
    },
    {
      name: 'design',
      summary: 'Design a schedule that keeps the variance of the class and its separation from the others.',
      load: async () => (await import('./design.ts')).designCommand,
    },
  ],
};
