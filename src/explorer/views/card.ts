import { element } from '../drawing/dom.ts';
import { exportMenu, type Exportable } from '../export/menu.ts';

/** A view with its title, text, drawing and export menu. */
export interface Card {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  readonly caption: HTMLElement;
  /** Place of a view's own switches. */
  readonly tools: HTMLElement;
  readonly busy: (on: boolean) => void;
}

/** Frame of a view. */
export function card(id: string, title: string, exportable: Exportable | null): Card {
  const heading = element('h2', { id: `${id}-title` }, title);
  const tools = element('div', { class: 'card-tools' });
  const caption = element('p', { class: 'caption', id: `${id}-caption` });
  const body = element('div', { class: 'card-body' });
  const root = element(
    'section',
    { class: 'card', id, 'aria-labelledby': `${id}-title` },
    element('header', {}, heading, tools, exportable === null ? null : exportMenu(title, exportable)),
    body,
    caption,
  );
  return {
    root,
    body,
    caption,
    tools,
    busy: (on) => {
      root.setAttribute('aria-busy', String(on));
    },
  };
}
