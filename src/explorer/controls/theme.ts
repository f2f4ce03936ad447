import { showTheme } from '../drawing/colours.ts';
import { setText } from '../drawing/dom.ts';
import { themes } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** Makes a button go through the themes: as the system says, light, dark. */
export function themeSwitch(button: HTMLElement, store: Store): void {
  const follow = (): void => {
    const { theme } = store.state();
    setText(button, `Theme: ${theme}`);
    showTheme(theme);
  };
  button.addEventListener('click', () => {
    const next = themes[(themes.indexOf(store.state().theme) + 1) % themes.length]!;
    store.change({ theme: next }, true);
  });
  store.onChange((_state, changed) => {
    if (changed('theme')) follow();
  });
  follow();
}
