import { requireFinite, requireKnownKeys, requirePositive } from '../numerics/checks.ts';

/**
 * A classifier of the right classes with the wrong confidence (eq. miscalibrated-classifier), as plain data: its logits are
 *   h_j = (1/T) log c(j|x) + d beta [j = guided class],   c^ = softmax(h).
 * T < 1 is overconfident, T > 1 underconfident. beta is per dimension, as log K is alpha d: a bias of order d beta is what
 * competes with exp(alpha d) classes; beta > 0 favours the guided one.
 */
export interface MiscalibratedClassifier {
  /** T > 0. */
  readonly temperature: number;
  readonly bias: number;
}

/** T = 1 and no bias: the true probabilities. */
export function isCalibrated(classifier: MiscalibratedClassifier): boolean {
  requireMiscalibrated(classifier);
  const { temperature, bias } = classifier;
  return temperature === 1 && bias === 0;
}

/** @throws ParameterError unless T > 0 and beta are finite and the only keys */
export function requireMiscalibrated(classifier: MiscalibratedClassifier): void {
  requireKnownKeys('classifier', classifier, ['temperature', 'bias']);
  requirePositive('classifier.temperature', classifier.temperature);
  requireFinite('classifier.bias', classifier.bias);
}
