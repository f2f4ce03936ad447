import type { TrajectoryResult, ValidityResult } from '../compute/protocol.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import type { ExplorerState } from '../state/state.ts';

/** The numbers of the result. */
export interface Readouts {
  readonly show: (state: ExplorerState, result: TrajectoryResult) => void;
  /** @param result null while it is computed */
  readonly showValidity: (result: ValidityResult | null, refusal: string | null) => void;
}

/** Digits of limits, which say where things go. */
const limitDigits = 3;

const phaseText = {
  speciated: 'speciated',
  unspeciated: 'unspeciated',
  condensed: 'condensed',
} as const;

/** Fills the strip of read-outs. */
export function readouts(root: HTMLElement): Readouts {
  const values = new Map<string, HTMLElement>();
  const row = (id: string, name: string): Node[] => {
    const value = element('dd', { id: `value-${id}` }, '–');
    values.set(id, value);
    return [element('div', {}, element('dt', {}, name), value)];
  };
  const group = (title: string, main: boolean, rows: readonly Node[][], ...more: Node[]): HTMLElement =>
    element(
      'div',
      { class: main ? 'readout main' : 'readout' },
      element('h3', {}, title),
      element('dl', {}, ...rows.flat()),
      ...more,
    );
  const phase = element('p', { class: 'phase', id: 'value-phase' });
  const validityNote = element('p', { id: 'value-validity-note' }, noteOf(usualAccuracy));
  root.append(
    element('h2', { class: 'hidden-text' }, 'Result'),
    group('Output', true, [row('m', 'm'), row('v', 'v/σ²'), row('vParallel', 'v∥/σ²')]),
    group('Transition', false, [row('speciation', 'time t*'), row('critical', 'critical α')], phase),
    group('Distortion', false, [row('shift', 'm − 1'), row('kl', 'KL/d'), row('w2', 'W₂²/d')]),
    group('Limits', false, [
      row('small', 'm, α→0'),
      row('smallV', 'v/σ², α→0'),
      row('infinite', 'm, K→∞'),
      row('infiniteV', 'v/σ², K→∞'),
    ]),
    group('Validity', false, [row('complexity', 'least Σ'), row('dimension', 'd needed')], validityNote),
  );
  let refused = false;
  const set = (id: string, text: string): void => {
    const value = values.get(id);
    if (value) setText(value, text);
  };
  return {
    show: ({ sigma2 }, result) => {
      const { final, distortion, smallAlphaLaw, infiniteClassLimit } = result;
      const ratio = (value: number | null | undefined, digits?: number) =>
        shown(value === null || value === undefined ? null : value / sigma2, digits);
      set('m', shown(final?.m));
      set('v', ratio(final?.v));
      set('vParallel', ratio(result.vParallel));
      set('speciation', result.speciationTime === null ? 'none' : shown(result.speciationTime));
      set('critical', result.criticalAlpha === null ? 'none' : shown(result.criticalAlpha));
      set('shift', settled(distortion?.meanShift));
      set('kl', settled(distortion?.klPerDimension));
      set('w2', settled(distortion?.w2PerDimension));
      set('small', shown(smallAlphaLaw === null ? null : 1 + smallAlphaLaw.meanShift, limitDigits));
      const shift = smallAlphaLaw?.varianceShift ?? null;
      set('smallV', shown(shift === null || shift <= -1 ? null : 1 + shift, limitDigits));
      set('infinite', shown(infiniteClassLimit?.m, limitDigits));
      set('infiniteV', ratio(infiniteClassLimit?.v, limitDigits));
      set('complexity', shown(result.minComplexity));
      setText(phase, phaseText[result.phase]);
      phase.dataset['phase'] = result.phase;
    },
    showValidity: (result, refusal) => {
      set('dimension', result === null ? (refusal === null ? '…' : '–') : dimensionText(result));
      // While it is computed the note stays, unless it is a refusal: nothing on the page may jump under a drag.
      if (result === null && refusal === null && refused) setText(validityNote, noteOf(usualAccuracy));
      refused = refusal !== null;
      if (refusal !== null) setText(validityNote, refusal);
      else if (result !== null) setText(validityNote, noteOf(result));
    },
  };
}

const usualAccuracy = { relativeError: 0.05, extrapolated: false } as const;

/** Rounding noise of the solver is nothing. */
function settled(value: number | undefined): string {
  return shown(value !== undefined && Math.abs(value) < 1e-11 ? 0 : value);
}

function noteOf({
  relativeError,
  extrapolated,
}: Pick<ValidityResult, 'relativeError' | 'extrapolated'>): string {
  return `for errors of m, v below ${shown(100 * relativeError)} %${extrapolated ? ', extrapolated' : ''}`;
}

function dimensionText({ requiredDimension, extrapolated }: ValidityResult): string {
  if (requiredDimension === null) return 'none';
  return `${extrapolated ? '≈ ' : ''}${shown(requiredDimension)}`;
}
