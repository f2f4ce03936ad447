import { ParameterError, requireChoice, requireKnownKeys } from '../../numerics/checks.ts';
import type { Bins } from '../../numerics/histogram.ts';
import { requireBins } from '../../numerics/histogram.ts';

/** Observables of a particle that a histogram can have. */
export const histogramObservables = [
  'm',
  'q',
  'v',
  'guidedWeight',
  'inverseParticipation',
  'complexity',
] as const;

/** One of {@link histogramObservables}. */
export type HistogramObservable = (typeof histogramObservables)[number];

/** A requested histogram over the particles: bins of one observable. */
export interface HistogramRequest extends Bins {
  readonly observable: HistogramObservable;
  /** True for a histogram at each of options.clocks as well as at the data (default: false). */
  readonly atClocks?: boolean;
}

/**
 * Checks requests for histograms.
 * @throws ParameterError for an unknown key or observable, or bins outside their domain
 */
export function requireHistograms(requests: readonly HistogramRequest[]): void {
  const given: unknown = requests;
  if (!Array.isArray(given)) throw new ParameterError('histograms', 'an array', given);
  requests.forEach((request, i) => {
    const name = `histograms[${i}]`;
    requireKnownKeys(name, request, ['observable', 'from', 'to', 'bins', 'atClocks']);
    requireChoice(`${name}.observable`, request.observable, histogramObservables);
    requireBins(name, request);
  });
}
