import type { TrajectoryResult } from '../compute/protocol.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import { labelOf } from '../state/label.ts';
import { guidedPart, type GuidedState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** The button that pins a problem, and the line that names the pinned one. */
export interface PinControl {
  /** @param result of the pinned problem; null while there is none */
  readonly show: (result: TrajectoryResult | null) => void;
}

/**
 * Pins the problem whose curves are shown; a second press removes it.
 * @param latest the problem of the last good curves
 */
export function pinControl(
  button: HTMLElement,
  line: HTMLElement,
  store: Store,
  latest: () => GuidedState | null,
): PinControl {
  const values = element('span', { id: 'pinned-values' });
  const name = element('span', { id: 'pinned-name' });
  line.append(element('span', { class: 'key dashed thin', 'aria-hidden': 'true' }), name, values);
  const follow = (): void => {
    const { pin } = store.state();
    line.hidden = pin === null;
    button.setAttribute('aria-pressed', String(pin !== null));
    setText(button, pin === null ? 'Pin curves' : 'Unpin curves');
    setText(name, pin === null ? '' : `pinned: ${labelOf(pin)}`);
    setText(values, '');
  };
  button.addEventListener('click', () => {
    const state = latest();
    if (store.state().pin !== null) store.change({ pin: null }, true);
    else if (state !== null) store.change({ pin: guidedPart(state) }, true);
  });
  store.onChange((_state, changed) => {
    if (changed('pin')) follow();
  });
  follow();
  return {
    show: (result) => {
      const pin = store.state().pin;
      if (result === null || pin === null) return;
      const { final, speciationTime } = result;
      const ratio = final === null ? null : final.v / pin.sigma2;
      const parts = [`m = ${shown(final?.m)}`, `v/σ² = ${shown(ratio)}`];
      setText(
        values,
        `${parts.join(', ')}, t* ${speciationTime === null ? 'none' : `= ${shown(speciationTime)}`}`,
      );
    },
  };
}
