import { latestTime } from '../state/state.ts';
import type { TrajectoryResult } from '../compute/protocol.ts';
import { element, inFrame } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import type { Store } from '../state/store.ts';
import { readingAt } from './readings.ts';

/** The time slider with its play button, and every curve's value at a time. */
export interface Timeline {
  readonly show: (result: TrajectoryResult, sigma2: number) => void;
  /** Time under a pointer, or null. */
  readonly hover: (t: number | null) => void;
}

/** Milliseconds from noise to data. */
const playing = 7000;
/** With reduced motion: jumps of this many milliseconds. */
const jump = 700;

/** Fills the bar of the time. */
export function timeline(root: HTMLElement, store: Store): Timeline {
  let result: TrajectoryResult | null = null;
  let variance = 1;
  let hovered: number | null = null;
  let started: { readonly at: number; readonly from: number } | null = null;
  let nextJump = 0;
  const bar = element('input', {
    type: 'range',
    id: 'time',
    min: 0,
    max: latestTime,
    step: 0.01,
    'aria-label': 'Time of sampling, from noise to data',
    oninput: () => {
      stop();
      put(Number(bar.value), false);
    },
    onchange: () => {
      put(Number(bar.value), true);
    },
  });
  const play = element('button', {
    type: 'button',
    id: 'play',
    class: 'primary',
    onclick: () => {
      if (started !== null) stop();
      else start();
    },
  });
  const output = element('output', { for: 'time', id: 'values' });
  root.append(
    play,
    element('div', { class: 'slider-time' }, element('span', {}, 'noise'), bar, element('span', {}, 'data')),
    output,
  );

  function put(sampled: number, done: boolean): void {
    const t = Number((latestTime - sampled).toFixed(2));
    store.change({ time: t <= 0 ? null : t }, done);
  }
  function start(): void {
    const now = latestTime - (store.state().time ?? 0);
    started = { at: performance.now(), from: now >= latestTime ? 0 : now };
    nextJump = 0;
    name();
    requestAnimationFrame(step);
  }
  function stop(): void {
    if (started === null) return;
    started = null;
    store.change({}, true);
    name();
  }
  function step(now: number): void {
    if (started === null) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const sampled = Math.min(
      latestTime,
      started.from + (latestTime * Math.max(0, now - started.at)) / playing,
    );
    if (!calm || now >= nextJump || sampled >= latestTime) {
      nextJump = now + jump;
      put(sampled, sampled >= latestTime);
    }
    if (sampled >= latestTime) stop();
    else requestAnimationFrame(step);
  }
  function name(): void {
    play.textContent = started === null ? '▶ Play' : '❚❚ Pause';
  }
  const write = inFrame(() => {
    const time = store.state().time ?? 0;
    bar.value = String(latestTime - time);
    bar.setAttribute('aria-valuetext', `t = ${shown(time, 3)}`);
    if (result === null) return;
    const t = Math.min(hovered ?? time, latestTime);
    const reading = readingAt(result, variance, t);
    const parts: readonly (readonly [string, string])[] = [
      ['t', shown(t, 3)],
      ['m', shown(reading.m)],
      ['v', shown(reading.v)],
      ['w', shown(reading.w)],
      ['ψ', shown(reading.psi)],
      ['φ', shown(reading.phi)],
      ['Σ', shown(reading.complexity)],
    ];
    // Once the guided class outweighs the others, their complexity does not count.
    const past = reading.psi > reading.phi;
    output.replaceChildren(
      ...parts.map(([symbol, value]) =>
        element('span', { class: past && symbol === 'Σ' ? 'past' : null }, `${symbol} = ${value}`),
      ),
    );
  });
  name();
  store.onChange((_state, changed) => {
    if (changed('time')) write();
  });
  return {
    show: (next, sigma2) => {
      result = next;
      variance = sigma2;
      write();
    },
    hover: (t) => {
      if (t === hovered) return;
      hovered = t;
      write();
    },
  };
}
