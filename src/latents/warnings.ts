import { requireList, requireMembers } from '../numerics/checks.ts';
import type { FittedClasses } from './covariances.ts';
import type { ClassPrediction, DiagnosisPlan } from './diagnosis.ts';
import type { ClassGaussianity } from './gaussianity.ts';

/** Excess of a class's kurtosis over a Gaussian's, in standard errors and absolutely, that is worth a warning. */
const manyErrors = 5;
const muchKurtosis = 0.1;
/** Scale up to which a trained network follows exact scores (docs/theory/own-data.md). */
const moderateScale = 4;
const mostNamed = 5;

/** Plain warnings about a diagnosis: what it leaves out, and where its assumptions fail. */
export function diagnosisWarnings(
  fitted: FittedClasses,
  gaussianity: readonly ClassGaussianity[],
  plan: Pick<DiagnosisPlan, 'classes' | 'particles' | 'wanted'>,
  predictions: readonly ClassPrediction[],
): string[] {
  requireMembers('fitted', fitted, {
    labels: 'list',
    counts: 'list',
    mixture: 'object',
    explained: 'number',
  });
  requireList('gaussianity', gaussianity);
  requireMembers('plan', plan, { classes: 'list', particles: 'number', wanted: 'number' });
  requireList('predictions', predictions);
  const { labels, counts, mixture, explained } = fitted;
  const { classes, particles, wanted } = plan;
  const warnings: string[] = [];
  const d = mixture.dimension;
  const heavy = gaussianity.filter(
    ({ kurtosis, standardError }) =>
      Math.abs(kurtosis - 1) > Math.max(muchKurtosis, manyErrors * standardError),
  );
  if (heavy.length > 0)
    warnings.push(
      `${heavy.length} of ${labels.length} classes are not Gaussian: kurtosis over a Gaussian's ${named(heavy.map(({ label, kurtosis }) => `${label} ${kurtosis.toFixed(2)}`))}; the predictions are those of Gaussians with their covariances`,
    );
  const small = labels.filter((_, k) => counts[k]! <= d);
  if (small.length > 0)
    warnings.push(
      `${small.length} of ${labels.length} classes have no more samples than directions (${d}): their covariances lean on the shrinkage; --components keeps fewer`,
    );
  if (explained < 0.999)
    warnings.push(
      `the components hold ${(100 * explained).toFixed(1)} % of the variance; the rest is left out`,
    );
  if (classes.length < labels.length)
    warnings.push(`${classes.length} of ${labels.length} classes are sampled: a larger --budget takes more`);
  if (particles < wanted)
    warnings.push(
      `${particles} samples a class; an error of 1 % in every band takes ${wanted}: a larger --budget gives them`,
    );
  const scales = predictions.map(({ scale }) => scale);
  const largest = Math.max(...scales);
  if (largest > moderateScale)
    warnings.push(
      `scale ${largest}: above about ${moderateScale} the errors of a trained network, magnified by guidance, are no longer small beside this`,
    );
  return warnings;
}

function named(entries: readonly string[]): string {
  const listed = entries.slice(0, mostNamed).join(', ');
  return entries.length > mostNamed ? `${listed} and ${entries.length - mostNamed} more` : listed;
}
