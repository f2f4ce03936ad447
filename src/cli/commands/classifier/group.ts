import type { CommandGroup } from '../../frame/command.ts';
import { calibrateCommand } from './calibrate.ts';
import { counterexampleCommand } from './counterexample.ts';
import { measureCommand } from './measure.ts';
import { propagateCommand } from './propagate.ts';
import { trainCommand } from './train.ts';

/** `classifier`: classifier guidance with imperfect classifiers. */
export const classifierCommands: CommandGroup = {
  name: 'classifier',
  summary:
    'Imperfect classifiers: their cross-entropy against the error of their guidance, training, counterexamples, samples.',
  example:
    'cfg-dmft classifier measure --family temperature --centres "-1;1" --parameters 0.1,0.01\n  slope 0.988045; T - 1 = 0.1: KL 0.001051, guidance MSE 0.00832, bound 0.01038; 0.01: 1.193e-5, 9.967e-5, 0.0001252',
  commands: [measureCommand, trainCommand, counterexampleCommand, propagateCommand, calibrateCommand],
};
