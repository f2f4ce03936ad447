import type { LevelLoss } from '../training/heldOut.ts';
import type { Training } from '../training/train.ts';
import type { StudyOptions, StudyProblem } from './noiseLevel.ts';
import { classifierRows, type StudyRow } from './study.ts';

/** A trained classifier at a noise level: its errors, its cross-entropy and that of the exact posterior. */
export interface TrainingRow extends StudyRow, Pick<LevelLoss, 'loss' | 'bayesLoss'> {}

/**
 * Rows of a training, one for each noise level of its held-out losses.
 * @param samples number of its training samples: the parameter of the rows
 * @param done called with the rows so far after each
 * @throws ParameterError for a problem that is not the one of the training, or sizes out of range
 */
export function trainingRows(
  problem: StudyProblem,
  { classifier, model, levels }: Pick<Training, 'classifier' | 'model' | 'levels'>,
  samples: number,
  options: StudyOptions,
  done?: (rows: number) => void,
): TrainingRow[] {
  const times = levels.map(({ time }) => time);
  const as = { family: model.kind, parameter: samples };
  return classifierRows(problem, classifier, as, times, options, done).map((row, n) => {
    const { loss, bayesLoss } = levels[n]!;
    return { ...row, loss, bayesLoss };
  });
}
