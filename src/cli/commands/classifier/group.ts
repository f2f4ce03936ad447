import type { CommandGroup } from '../../frame/commandIndex.ts';

/** `classifier`: classifier guidance with imperfect classifiers. */
export const classifierCommands: CommandGroup = {
  name: 'classifier',
  summary:
    'Imperfect classifiers: their cross-entropy against the error of their guidance, training, counterexamples, samples.',
  example:
    'cfg-dmft classifier measure --family temperature --centres "-1;1" --parameters 0.1,0.01\n  slope 0.988045; T - 1 = 0.1: KL 0.001051, guidance MSE 0.00832, bound 0.01038; 0.01: 1.193e-5, 9.967e-5, 0.0001252',
  commands: [
    {
      name: 'measure',
      summary:
        'Conditional KL of a classifier against the mean square error of its guidance, with the bound and the exponent between the two.',
      load: async () => (await import('./measure.ts')).measureCommand,
    },
    {
      name: 'train',
      summary:
        'Train a classifier on noised samples by cross-entropy; its losses and guidance errors by noise level.',
      load: async () => (await import('./train.ts')).trainCommand,
    },
    {
      name: 'counterexample',
      summary:
        'Ripples on the log-probability: a conditional KL as small as one likes with a guidance error as large as one likes.',
      load: async () => (await import('./counterexample.ts')).counterexampleCommand,
    },
    {
      name: 'propagate',
      summary:
        'What imperfect classifiers do to guided samples: error of the output against cross-entropy, by noise level, and under a budget.',
      load: async () => (await import('./propagate.ts')).propagateCommand,
    },
    {
      name: 'calibrate',
      summary: 'Many classes: distortion by a classifier of the wrong temperature, theory and simulation.',
      load: async () => (await import('./calibrate.ts')).calibrateCommand,
    },
  ],
};
