import { choices } from '../controls/choices.ts';
import { element } from '../drawing/dom.ts';
import type { Store } from '../state/store.ts';
import { presets, viewTitle, type StoryPreset } from '../state/presets.ts';
import { tasks, type Task } from '../state/worksheet.ts';

type Guide = 'story' | 'worksheet';

/** The guided story and the worksheet: one button per chapter or task, and its text. */
export function story(root: HTMLElement, store: Store): void {
  // The theme is the reader's, whatever is opened.
  const open = (one: StoryPreset | Task | undefined): void => {
    if (one) store.change({ ...one.state, theme: store.state().theme }, true);
  };
  const isTask = (id: string | null): boolean => tasks.some((task) => task.id === id);
  let guide: Guide = isTask(store.state().preset) ? 'worksheet' : 'story';
  const listed = (): readonly (StoryPreset | Task)[] => (guide === 'story' ? presets : tasks);
  const choice = choices<Guide>(
    'guide',
    'Guide',
    [
      { name: 'story', title: 'Story' },
      { name: 'worksheet', title: 'Worksheet' },
    ],
    (name) => {
      guide = name;
      follow();
    },
  );
  choice.root.querySelector('legend')?.classList.add('hidden-text');
  const arrow = (sign: string, label: string, by: number) =>
    element(
      'button',
      {
        type: 'button',
        'aria-label': label,
        onclick: () => {
          const all = listed();
          const at = all.findIndex(({ id }) => id === store.state().preset);
          open(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
        },
      },
      sign,
    );
  const lists = { story: stepButtons(presets, open), worksheet: stepButtons(tasks, open) };
  const text = element('div', { class: 'story-text', id: 'story-text', role: 'status' });
  const sheet = worksheet(open);
  root.append(
    element('h2', { id: 'story-title', class: 'hidden-text' }, 'Story and worksheet'),
    element(
      'div',
      { class: 'story-steps' },
      choice.root,
      arrow('‹', 'Previous', -1),
      arrow('›', 'Next', 1),
      lists.story,
      lists.worksheet,
    ),
    text,
    sheet.root,
  );
  const follow = (): void => {
    const { preset } = store.state();
    choice.set(guide);
    for (const name of ['story', 'worksheet'] as const) {
      lists[name].hidden = name !== guide;
      for (const button of lists[name].querySelectorAll('button')) {
        if (button.id === `preset-${preset ?? ''}`) button.setAttribute('aria-current', 'step');
        else button.removeAttribute('aria-current');
      }
    }
    const chapter = guide === 'story' ? presets.find(({ id }) => id === preset) : undefined;
    text.replaceChildren(...(chapter ? chapterText(chapter) : []));
    sheet.root.hidden = guide !== 'worksheet';
    sheet.show(preset);
    for (const card of document.querySelectorAll('.card')) {
      card.toggleAttribute('data-effect', card.id === chapter?.view);
    }
  };
  store.onChange((state, changed) => {
    if (!changed('preset')) return;
    if (state.preset !== null) guide = isTask(state.preset) ? 'worksheet' : 'story';
    follow();
  });
  follow();
}

function stepButtons<One extends StoryPreset | Task>(
  all: readonly One[],
  open: (one: One) => void,
): HTMLElement {
  const buttons = all.map((one, i) =>
    element(
      'button',
      {
        type: 'button',
        id: `preset-${one.id}`,
        onclick: () => {
          open(one);
        },
      },
      `${i + 1}`,
      element('span', {}, `. ${one.title}`),
    ),
  );
  return element('ol', {}, ...buttons.map((button) => element('li', {}, button)));
}

function chapterText({ sentences, view }: StoryPreset): HTMLElement[] {
  const link = element(
    'button',
    {
      type: 'button',
      class: 'look',
      onclick: () => {
        document.getElementById(view)?.scrollIntoView({ block: 'center' });
      },
    },
    `See it in: ${viewTitle[view]}`,
  );
  const last = sentences.length - 1;
  return sentences.map((sentence, i) => element('p', {}, `${sentence} `, i === last ? link : null));
}

/** All tasks, of which the screen shows the one of the state, and paper all. */
function worksheet(begin: (task: Task) => void) {
  const articles = tasks.map((task, i) =>
    element(
      'article',
      { class: 'task', 'data-task': task.id },
      element('h3', {}, `Task ${i + 1}. ${task.title}`),
      ...task.question.map((sentence) => element('p', {}, sentence)),
      element(
        'div',
        { class: 'row' },
        element(
          'button',
          {
            type: 'button',
            onclick: () => {
              begin(task);
            },
          },
          'Begin again',
        ),
      ),
      element(
        'details',
        { class: 'answer' },
        element('summary', {}, 'Answer'),
        ...task.answer.map((sentence) => element('p', {}, sentence)),
      ),
    ),
  );
  const intro = element(
    'p',
    { class: 'note' },
    'Five tasks for a class. Each button above opens the state of its task; the answers are hidden. A print has all tasks, and the answers that are open.',
  );
  const answers = (): HTMLDetailsElement[] =>
    articles.map((article) => article.querySelector<HTMLDetailsElement>('.answer')!);
  const root = element(
    'div',
    { id: 'worksheet', class: 'worksheet' },
    intro,
    ...articles,
    element(
      'div',
      { class: 'row sheet-tools' },
      element(
        'button',
        {
          type: 'button',
          onclick: () => {
            const closed = answers().some(({ open }) => !open);
            for (const answer of answers()) answer.open = closed;
          },
        },
        'Open or close all answers',
      ),
      element(
        'button',
        {
          type: 'button',
          onclick: () => {
            window.print();
          },
        },
        'Print',
      ),
    ),
  );
  return {
    root,
    show: (id: string | null): void => {
      for (const article of articles) article.classList.toggle('current', article.dataset['task'] === id);
      intro.hidden = tasks.some((task) => task.id === id);
    },
  };
}
