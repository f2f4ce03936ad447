import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import type { Store } from '../state/store.ts';
import { coefficientOf, limits, scaleOf, usesW, type ExplorerState } from '../state/state.ts';
import { choices, list } from './choices.ts';
import { numberField } from './numberField.ts';
import { slider } from './slider.ts';

/** A titled part of the form that can be folded. */
export function group(title: string, open: boolean, ...body: readonly Node[]): HTMLElement {
  return element(
    'details',
    { class: 'group', open },
    element('summary', {}, title),
    element('div', { class: 'group-body' }, ...body),
  );
}

/** Controls of the guidance problem. */
export function physicsControls(store: Store): HTMLElement[] {
  const number = (key: 'alpha' | 'w' | 'sigma2') => (value: number, done: boolean) => {
    store.change({ [key]: value }, done);
  };
  const alpha = slider({
    id: 'alpha',
    label: 'class rate',
    symbol: 'α',
    range: limits.alpha,
    step: 0.005,
    onChange: number('alpha'),
    note: (value) => `log K / d: K = exp(${shown(value, 3)} d)`,
  });
  const w = slider({
    id: 'w',
    label: 'guidance',
    symbol: 'w',
    range: limits.w,
    step: 0.02,
    onChange: number('w'),
  });
  const scale = numberField({
    id: 'scale',
    name: 'scale',
    label: null,
    range: limits.scale,
    onChange: (value) => {
      store.change({ w: coefficientOf(value) }, true);
    },
  });
  const scaleNote = element('p', { class: 'note', id: 'scale-note' });
  const scaleRow = element(
    'div',
    { class: 'slider' },
    element('label', { for: 'scale' }, 'scale 1 + ', element('var', {}, 'w')),
    scale.input,
    scaleNote,
    scale.error,
  );
  const sigma2 = slider({
    id: 'sigma2',
    label: 'class variance',
    symbol: 'σ²',
    range: limits.sigma2,
    step: 0.01,
    onChange: number('sigma2'),
  });
  const sampler = choices<ExplorerState['sampler']>(
    'sampler',
    'Sampler',
    [
      { name: 'ode', title: 'ODE (DDIM)' },
      { name: 'sde', title: 'SDE (DDPM)' },
    ],
    (name) => {
      store.change({ sampler: name }, true);
    },
  );
  const ensemble = choices<ExplorerState['ensemble']>(
    'ensemble',
    'Class centres',
    [
      { name: 'gaussian', title: 'Gaussian' },
      { name: 'spherical', title: 'spherical' },
    ],
    (name) => {
      store.change({ ensemble: name }, true);
    },
  );
  const process = list<ExplorerState['process']>(
    'process',
    'Process',
    [
      { name: 'ou', title: 'Ornstein-Uhlenbeck (VP)' },
      { name: 've', title: 'variance exploding' },
      { name: 'flow', title: 'linear interpolant (flow)' },
    ],
    (name) => {
      store.change({ process: name }, true);
    },
  );
  const follow = (state: ExplorerState): void => {
    alpha.set(state.alpha);
    w.set(state.w);
    scale.set(scaleOf(state.w));
    const used = usesW(state);
    w.setEnabled(used);
    scale.setEnabled(used);
    scaleRow.classList.toggle('off', !used);
    setText(
      scaleNote,
      used ? '' : `w is set by the ${state.schedule.kind === 'drawn' ? 'drawing' : 'formula'}`,
    );
    sigma2.set(state.sigma2);
    sampler.set(state.sampler);
    ensemble.set(state.ensemble);
    process.set(state.process);
  };
  store.onChange((state, changed) => {
    if (changed('alpha', 'w', 'sigma2', 'sampler', 'ensemble', 'process', 'schedule')) follow(state);
  });
  follow(store.state());
  return [alpha.root, w.root, scaleRow, sigma2.root, sampler.root, ensemble.root, process.root];
}
