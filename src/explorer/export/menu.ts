import { figureCsv, figureRecords, type Figure } from '../../figures/drawing/figure.ts';
import { element, setText } from '../drawing/dom.ts';

/** Exports of a view. */
export interface Exportable {
  /** Figure of the view, with its numbers; null until there are results. */
  readonly figure: () => Figure | null;
  /** Command line that reproduces it. @throws ParameterError where there is none */
  readonly command: () => string;
  /** Parameters that the numbers were computed for. */
  readonly record: () => unknown;
}

/** Formats of a file. */
const formats = ['svg', 'png', 'csv', 'json'] as const;
type Format = (typeof formats)[number];

/** A menu that saves a view and its numbers, and shows the command that repeats them. */
export function exportMenu(title: string, view: Exportable): HTMLElement {
  const status = element('p', { class: 'note', role: 'status' });
  const command = element('code', { tabindex: '0', 'aria-label': 'Command line' });
  const save = async (format: Format): Promise<void> => {
    const figure = view.figure();
    if (figure === null) {
      setText(status, 'There is nothing to save yet.');
      return;
    }
    setText(status, 'Writing ...');
    const blob = await fileOf(figure, format, view);
    download(blob, `cfg-dmft-${figure.id}.${format}`);
    setText(status, `Saved cfg-dmft-${figure.id}.${format}.`);
  };
  const buttons = formats.map((format) =>
    element(
      'button',
      {
        type: 'button',
        'data-format': format,
        onclick: () => {
          save(format).catch((error: unknown) => {
            setText(status, `Could not be saved: ${error instanceof Error ? error.message : String(error)}`);
          });
        },
      },
      format.toUpperCase(),
    ),
  );
  const copy = element(
    'button',
    {
      type: 'button',
      onclick: () => {
        void copyText(command.textContent).then((done) => {
          setText(status, done ? 'Command copied.' : 'Select the command and copy it.');
        });
      },
    },
    'Copy command',
  );
  const menu = element(
    'details',
    { class: 'export' },
    element('summary', { 'aria-label': `Export: ${title}` }, 'Export'),
    element(
      'div',
      { class: 'export-panel' },
      element('h3', {}, 'Picture and numbers'),
      element('div', { class: 'row' }, ...buttons),
      element('h3', {}, 'The same on the command line'),
      command,
      element('div', { class: 'row' }, copy),
      status,
    ),
  );
  const fill = (): void => {
    try {
      setText(command, view.command());
      copy.disabled = false;
    } catch (error) {
      setText(command, error instanceof Error ? error.message : String(error));
      copy.disabled = true;
    }
  };
  menu.addEventListener('toggle', () => {
    if (!menu.open) return;
    setText(status, '');
    fill();
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (menu.open && !menu.contains(event.target as Node)) menu.open = false;
  });
  return menu;
}

async function fileOf(figure: Figure, format: Format, view: Exportable): Promise<Blob> {
  switch (format) {
    case 'csv':
      return new Blob([figureCsv(figure.table)], { type: 'text/csv' });
    case 'json': {
      const rows = figureRecords(figure.table);
      const text = { title: figure.title, caption: figure.caption, record: view.record(), rows };
      return new Blob([`${JSON.stringify(text, null, 2)}\n`], { type: 'application/json' });
    }
    case 'svg':
    case 'png': {
      // Only here: a page that saves no picture never loads Plotly.
      const { pictureOf } = await import('./picture.ts');
      return pictureOf(figure, format);
    }
  }
}

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

/** Copies a text. @returns whether the browser allowed it */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
