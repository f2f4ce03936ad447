import { element } from '../drawing/dom.ts';
import type { Store } from '../state/store.ts';
import { presets } from '../state/presets.ts';

/** The guided story: one button per chapter, and its text. */
export function story(root: HTMLElement, store: Store): void {
  const buttons = presets.map((preset, i) =>
    element(
      'button',
      {
        type: 'button',
        id: `preset-${preset.id}`,
        onclick: () => {
          store.change(preset.state, true);
        },
      },
      `${i + 1}. ${preset.title}`,
    ),
  );
  const step = (by: number): void => {
    const at = presets.findIndex(({ id }) => id === store.state().preset);
    const next =
      presets[(at < 0 ? (by > 0 ? 0 : presets.length - 1) : at + by + presets.length) % presets.length];
    if (next) store.change(next.state, true);
  };
  const text = element('div', { class: 'story-text', id: 'story-text', role: 'status' });
  const arrow = (sign: string, label: string, by: number) =>
    element(
      'button',
      {
        type: 'button',
        'aria-label': label,
        onclick: () => {
          step(by);
        },
      },
      sign,
    );
  const chapters = element('ol', {}, ...buttons.map((button) => element('li', {}, button)));
  root.append(
    element(
      'div',
      { class: 'story-steps' },
      element('h2', { id: 'story-title' }, 'The story in six steps'),
      arrow('‹', 'Previous chapter', -1),
      arrow('›', 'Next chapter', 1),
    ),
    chapters,
    text,
  );
  const follow = (): void => {
    const { preset } = store.state();
    presets.forEach(({ id }, i) => {
      const button = buttons[i]!;
      if (id !== preset) {
        button.removeAttribute('aria-current');
        return;
      }
      button.setAttribute('aria-current', 'step');
      // On a phone the chapters are one row that scrolls.
      chapters.scrollLeft = button.offsetLeft - chapters.offsetLeft - 24;
    });
    const sentences = presets.find(({ id }) => id === preset)?.sentences ?? [];
    text.replaceChildren(...sentences.map((sentence) => element('p', {}, sentence)));
  };
  store.onChange((_state, changed) => {
    if (changed('preset')) follow();
  });
  follow();
}
