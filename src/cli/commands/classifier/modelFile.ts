import type { Classifier } from '../../../classifier/classifier.ts';
import { trainedClassifier, type TrainedModel } from '../../../classifier/training/trainedClassifier.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { reasonOf, inputOf } from '../../../threads/wholeFile.ts';

/** A trained classifier read from a file. */
export interface ModelFile {
  readonly classifier: Classifier;
  readonly model: TrainedModel;
  /** Number of training samples, where the file says so. */
  readonly trainingSamples: number | null;
  /** Centres of the mixture that it was trained on, where the file says so. */
  readonly centres: unknown;
}

/** Fields of a model, with the types required before they are read. */
const shapes: Readonly<Record<keyof TrainedModel, (value: unknown) => boolean>> = {
  kind: isText,
  process: isText,
  dimension: isNumber,
  classes: isNumber,
  hidden: isNumbers,
  activation: isText,
  scales: (value) => isObject(value) && isNumbers(value['mean']),
  timeRange: isObject,
  steps: isNumber,
  // NaN is null in JSON, and null would be read as 0.
  parameters: isNumbers,
};

/**
 * Reads a model: a file of `classifier train`, or the model alone.
 * @throws ParameterError that names the option, for a file that cannot be read or holds no trained model
 */
export function readModelFile(option: string, path: string): ModelFile {
  let content: unknown;
  try {
    content = JSON.parse(inputOf(path).toString('utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.split('\n')[0]! : reasonOf(error);
    throw new ParameterError(option, `a JSON file that can be read (${reason})`, path);
  }
  const whole = isObject(content) ? content : {};
  const raw = isObject(whole['model']) ? whole['model'] : whole;
  for (const [key, fits] of Object.entries(shapes)) {
    if (!fits(raw[key])) {
      throw new ParameterError(
        option,
        `a trained model (its field ${key} is missing, of another type or not finite)`,
        path,
      );
    }
  }
  // trainedClassifier checks the values of the fields.
  const model = raw as unknown as TrainedModel;
  const record = isObject(whole['record']) ? whole['record'] : {};
  const problem = isObject(record['problem']) ? record['problem'] : {};
  const options = isObject(record['options']) ? record['options'] : {};
  const samples = options['trainingSamples'];
  try {
    return {
      classifier: trainedClassifier(model),
      model,
      trainingSamples: typeof samples === 'number' ? samples : null,
      centres: problem['centres'] ?? null,
    };
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new ParameterError(option, `a trained model (${error.message})`, path);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'number' && Number.isFinite(one));
}
