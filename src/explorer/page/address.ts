import { decodeState, encodeState } from '../state/address.ts';
import type { Store } from '../state/store.ts';

/**
 * A change belongs to the gesture before it if that gesture continues, or ended less than this many milliseconds ago. A
 * gesture makes one entry of the browser's history.
 */
const gesturePause = 700;
/** Browsers refuse to write the address much more often. */
const writePause = 250;

/**
 * Keeps the page's address and the state equal: a gesture makes one entry in the history, and back and forward go
 * through them.
 * @param onNotice called with the problem of an address, or null
 */
export function keepAddress(store: Store, onNotice: (text: string | null) => void): void {
  let written = '';
  let lastChange = -Infinity;
  let gestureEnded = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  const hashOf = (): string => {
    const text = encodeState(store.state());
    return text === '' ? location.pathname + location.search : `#${text}`;
  };
  const write = (): void => {
    timer = undefined;
    const hash = hashOf();
    if (hash === written) return;
    history.replaceState(null, '', hash);
    written = hash;
  };
  written = hashOf();
  store.onChange((_state, _changed, done) => {
    if (reading) return;
    // What was wrong with the address that was opened is no longer in it.
    onNotice(null);
    const continues = !gestureEnded;
    gestureEnded = done;
    const hash = hashOf();
    if (hash === written) return;
    const now = performance.now();
    // In a frame of another page its back button goes back on that page.
    if (!continues && now - lastChange > gesturePause && window.parent === window) {
      clearTimeout(timer);
      timer = undefined;
      history.pushState(null, '', hash);
      written = hash;
    } else {
      timer ??= setTimeout(write, done ? 0 : writePause);
    }
    lastChange = now;
  });
  const read = (): void => {
    clearTimeout(timer);
    timer = undefined;
    lastChange = -Infinity;
    gestureEnded = true;
    const { state, notice } = decodeState(location.hash.replace(/^#/, ''));
    reading = true;
    store.change(state, true);
    reading = false;
    written = location.hash === '' ? location.pathname + location.search : location.hash;
    onNotice(notice);
  };
  window.addEventListener('popstate', read);
}
