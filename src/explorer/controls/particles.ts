import type { ParticleUpdate } from '../compute/protocol.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import type { Store } from '../state/store.ts';
import { limits, type ExplorerState } from '../state/state.ts';
import { numberField } from './numberField.ts';
import { slider, type Slider } from './slider.ts';

/** Settings and progress of the particles. */
export interface ParticleControls {
  readonly root: HTMLElement;
  /** True if the particles run automatically after a change. */
  readonly automatic: () => boolean;
  readonly show: (full: ParticleUpdate | null, reduced: ParticleUpdate | null, running: boolean) => void;
  readonly refuse: (message: string | null) => void;
}

const keys = ['dimension', 'particles', 'realizations', 'seed'] as const;

/** Controls of the particle simulation. */
export function particleControls(store: Store, run: () => void, stop: () => void): ParticleControls {
  const number = (key: (typeof keys)[number], label: string, symbol?: string): Slider =>
    slider({
      id: key,
      label,
      ...(symbol === undefined ? {} : { symbol }),
      range: limits[key],
      step: 1,
      integer: true,
      logarithmic: limits[key][0] > 0,
      ...(key === 'dimension' ? { note: () => classesText(store.state()) } : {}),
      onChange: (value, done) => {
        store.change({ [key]: value }, done);
      },
    });
  const sliders = {
    dimension: number('dimension', 'dimension', 'd'),
    particles: number('particles', 'particles'),
    realizations: number('realizations', 'draws of the classes'),
  };
  const seed = numberField({
    id: 'seed',
    name: 'seed',
    label: null,
    range: limits.seed,
    integer: true,
    onChange: (value) => {
      store.change({ seed: value }, true);
    },
  });
  const automatic = element('input', {
    type: 'checkbox',
    id: 'automatic',
    checked: true,
    onchange: () => {
      if (automatic.checked) run();
      else stop();
    },
  });
  const runButton = element('button', { type: 'button', id: 'run', class: 'primary', onclick: run }, 'Run');
  const stopButton = element('button', { type: 'button', id: 'stop', disabled: true, onclick: stop }, 'Stop');
  const progress = element('progress', { max: 1, value: 0, 'aria-label': 'Particles done' });
  const status = element('p', { class: 'note', id: 'particle-status' });
  const notes = element('p', { class: 'note', id: 'particle-notes' });
  const error = element('p', { class: 'error', id: 'particle-error', role: 'alert' });
  const follow = (state: ExplorerState): void => {
    sliders.dimension.set(state.dimension);
    sliders.particles.set(state.particles);
    sliders.realizations.set(state.realizations);
    seed.set(state.seed);
    setText(root.querySelector('#dimension-note')!, classesText(state));
  };
  const root = element(
    'div',
    { class: 'group-body' },
    sliders.dimension.root,
    sliders.particles.root,
    sliders.realizations.root,
    element('div', { class: 'field' }, element('label', { for: 'seed' }, 'seed'), seed.input, seed.error),
    element('div', { class: 'row' }, runButton, stopButton),
    element('label', { class: 'note' }, automatic, ' run by itself after a change'),
    progress,
    status,
    notes,
    error,
  );
  store.onChange((state, changed) => {
    if (changed('alpha', ...keys)) follow(state);
  });
  follow(store.state());
  return {
    root,
    automatic: () => automatic.checked,
    show: (full, reduced, running) => {
      stopButton.disabled = !running;
      const latest = full ?? reduced;
      progress.value = Math.max(full?.done ?? 0, reduced?.done ?? 0);
      setText(
        status,
        latest === null ? (running ? 'starting ...' : 'no particles yet') : statusText(full, reduced),
      );
      setText(notes, [...new Set([...(full?.notes ?? []), ...(reduced?.notes ?? [])])].join(' '));
    },
    refuse: (message) => {
      setText(error, message ?? '');
    },
  };
}

function classesText({ alpha, dimension }: ExplorerState): string {
  const classes = Math.exp(alpha * dimension);
  return `K = ${classes < 1e6 ? String(Math.max(1, Math.round(classes))) : shown(classes, 3)} classes`;
}

function statusText(full: ParticleUpdate | null, reduced: ParticleUpdate | null): string {
  const parts: string[] = [];
  if (full !== null) {
    const speed =
      full.pairsPerSecond === null ? '' : `, ${shown(full.pairsPerSecond / 1e6, 3)} million pairs/s`;
    parts.push(
      `full: ${full.realizationsDone} of ${full.realizations}${speed}${full.kernel === null ? '' : ` (${full.kernel})`}`,
    );
  }
  if (reduced !== null) parts.push(`reduced: ${reduced.realizationsDone} of ${reduced.realizations}`);
  return parts.join('; ');
}
