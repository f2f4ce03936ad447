import type { Classifier } from '../../../classifier/classifier.ts';
import type { StudyProblem } from '../../../classifier/study/noiseLevel.ts';
import { trainedClassifier, type TrainedModel } from '../../../classifier/training/trainedClassifier.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { reasonOf, inputOf } from '../../../threads/wholeFile.ts';
import { classifierProblemRecord } from './problemOptions.ts';

/** A trained classifier read from a file. */
export interface ModelFile {
  readonly path: string;
  readonly classifier: Classifier;
  readonly model: TrainedModel;
  /** Number of training samples, where the file says so. */
  readonly trainingSamples: number | null;
  /** Centres of the mixture that it was trained on, where the file says so. */
  readonly centres: unknown;
}

/**
 * Reads a model: a file of `classifier train`, or the model alone.
 * @throws ParameterError that names the option, for a file that cannot be read or holds no trained model
 */
export function readModelFile(name: string, path: string): ModelFile {
  let content: unknown;
  try {
    content = JSON.parse(inputOf(path).toString('utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.split('\n')[0]! : reasonOf(error);
    throw new ParameterError(name, `a JSON file that can be read (${reason})`, path);
  }
  const whole = objectOf(content);
  const samples = objectOf(objectOf(whole['record'])['options'])['trainingSamples'];
  const model = (whole['model'] ?? whole) as TrainedModel;
  try {
    return {
      path,
      classifier: trainedClassifier(model),
      model,
      trainingSamples: typeof samples === 'number' ? samples : null,
      centres: objectOf(objectOf(whole['record'])['problem'])['centres'] ?? null,
    };
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new ParameterError(name, `a trained model (${error.message})`, path);
  }
}

/** The process must be that of the training; another mixture gives a note. */
export function modelNotes({ model, centres }: ModelFile, problem: StudyProblem): string[] {
  const { name } = problem.diffused.process;
  if (model.process !== name)
    throw new ParameterError('process', `${model.process}, as in the training`, name);
  const here = classifierProblemRecord(problem)['centres'];
  const differs = centres !== null && JSON.stringify(centres) !== JSON.stringify(here);
  return differs ? ['the classifier was trained on another mixture than it is measured on'] : [];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
