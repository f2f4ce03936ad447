import { describe, expect, it } from 'vitest';
import { decodeState, encodeState } from '../../../src/explorer/state/address.ts';
import { presets } from '../../../src/explorer/state/presets.ts';
import { tasks } from '../../../src/explorer/state/worksheet.ts';
import { fewClassMixtures } from '../../../src/explorer/state/fewClassMixtures.ts';
import {
  defaultState,
  guidedPart,
  limits,
  scaleOf,
  type ExplorerState,
} from '../../../src/explorer/state/state.ts';
import { states } from './states.ts';

describe('the state in the address', () => {
  it.each(states.map((state) => [encodeState(state), state] as const))(
    'goes there and back exactly: %s',
    (hash, state) => {
      expect(decodeState(hash)).toEqual({ state, notice: null });
      expect(decodeState(`#${hash}`)).toEqual({ state, notice: null });
      expect(encodeState(decodeState(hash).state)).toBe(hash);
    },
  );

  it('the states of this test differ from the default in every field', () => {
    for (const key of Object.keys(defaultState) as (keyof ExplorerState)[]) {
      expect(states.map((state) => JSON.stringify(state[key]))).toContainEqual(
        expect.not.stringMatching(new RegExp(`^${escaped(JSON.stringify(defaultState[key]))}$`)),
      );
    }
  });

  it('the default is empty, and only what differs is written', () => {
    expect(encodeState(defaultState)).toBe('');
    expect(encodeState({ ...defaultState, w: 3, seed: 7 })).toBe('w=3&seed=7');
  });

  it('the default lies within the limits', () => {
    for (const [key, [least, largest]] of Object.entries(limits)) {
      const value = (defaultState as unknown as Record<string, unknown>)[key];
      if (typeof value !== 'number') continue;
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(largest);
    }
  });

  it.each([
    ['alpha=3', 'alpha must be a number in [0.01, 2], not "3".'],
    ['alpha=', 'alpha must be a number in [0.01, 2], not "".'],
    ['w=NaN', 'w must be a number in [-0.8, 8], not "NaN".'],
    ['w=Infinity', 'w must be'],
    ['w=0x1', 'w must be'],
    ['w=1e999', 'w must be'],
    ['sigma2=-1', 'sigma2 must be a number in [0.05, 2]'],
    ['dimension=12.5', 'dimension must be a whole number in [4, 512], not "12.5".'],
    ['seed=-1', 'seed must be a whole number'],
    ['time=-0.1', 'time must be a number in [0, 5]'],
    ['ensemble=uniform', 'ensemble must be one of gaussian, spherical, not "uniform".'],
    ['ensemble=__proto__', 'ensemble must be one of'],
    ['process=constructor', 'process must be one of ou, ve, flow'],
    ['sampler=', 'sampler must be one of ode, sde'],
    ['few=nothing', 'There is no few "nothing".'],
    ['fewW=21', 'fewW must be a number in [0, 20]'],
    ['preset=toString', 'There is no preset "toString".'],
    ['schedule=named:__proto__', 'There is no schedule "__proto__".'],
    ['schedule=later:1', 'The schedule "later:1" is of no known kind.'],
    ['schedule=tau:1%0A2', 'has characters that are not printed'],
    [`schedule=tau:${'1'.repeat(501)}`, 'at most 500 characters, not 501'],
    ['schedule=drawn:0,1', '2 to 64 points, not 1'],
    ['schedule=drawn:1,1;0,1', 'do not ascend'],
    ['schedule=drawn:0,1;1,x', 'is no pair of time and w'],
    ['schedule=drawn:0,1;1,2,3', 'is no pair of time and w'],
    ['schedule=drawn:0,1;1,99', 'is no pair of time and w within its ends'],
    ['map=q', 'map must be one of m, v, not "q".'],
    ['theme=blue', 'theme must be one of auto, light, dark, not "blue".'],
    ['scale=10', 'scale must be a number in [0.2, 9], not "10".'],
    ['unknown=1', '"unknown" is not a part of a state.'],
    ['<script>alert(1)</script>', '"<script>alert(1)</script>" is not a part of a state.'],
    ['w=%E0%A4%A', '"w" is not written as addresses are.'],
    [`alpha=${'9'.repeat(9000)}`, 'The address is longer than 8000 characters: it was not read.'],
  ])('%s falls back to the default, with a notice', (hash, reason) => {
    const { state, notice } = decodeState(hash);
    expect(state).toEqual(defaultState);
    expect(notice).toContain(reason);
  });

  it.each([...presets, ...tasks].map(({ id, state }) => [id, state] as const))(
    'a chapter or task is opened by its name alone, and left again: %s',
    (id, state) => {
      expect(encodeState(state)).toBe(`preset=${id}`);
      expect(decodeState(`preset=${id}`)).toEqual({ state, notice: null });
      const plain = { ...defaultState, preset: id };
      expect(decodeState(encodeState(plain))).toEqual({ state: plain, notice: null });
    },
  );

  it('what is right beside what is wrong is kept', () => {
    const { state, notice } = decodeState('alpha=99&w=2&process=xx&seed=5');
    expect(state).toEqual({ ...defaultState, w: 2, seed: 5 });
    expect(notice).toMatch(/alpha must be .* process must be/);
  });

  it.each([
    ['scale=7.5', 6.5],
    ['scale=1', 0],
    ['scale=1.1', 0.1],
    ['scale=0.2', -0.8],
  ])('%s is w = scale - 1', (hash, w) => {
    expect(decodeState(hash)).toEqual({ state: { ...defaultState, w }, notice: null });
    expect(scaleOf(w)).toBe(Number(hash.slice(6)));
  });

  it('w and scale together: the scale holds, and the notice says so', () => {
    const { state, notice } = decodeState('w=2&scale=4');
    expect(state.w).toBe(3);
    expect(notice).toContain('w and scale = 1 + w are one number: give one.');
  });

  it('a pin is short, and what is wrong in it is named', () => {
    const pin = { ...guidedPart(defaultState), sampler: 'sde' as const };
    expect(encodeState({ ...defaultState, pin })).toBe('pin=sampler%3Dsde');
    expect(decodeState('alpha=0.7&pin=')).toEqual({
      state: { ...defaultState, alpha: 0.7, pin: guidedPart(defaultState) },
      notice: null,
    });
    const { state, notice } = decodeState('pin=w%3D2%26alpha%3D9%26seed%3D1');
    expect(state.pin).toEqual({ ...guidedPart(defaultState), w: 2 });
    expect(notice).toMatch(
      /In the pin: alpha must be .*In the pin: "seed" is not a part of a pinned problem/,
    );
  });

  it('many faults are counted, not listed', () => {
    const hash = Array.from({ length: 50 }, (_, i) => `x${i}=1`).join('&');
    expect(decodeState(hash).notice).toMatch(/And 45 more\.$/);
  });

  it('the strength of few classes has the end that its mixture has', () => {
    for (const { id, largestW } of fewClassMixtures) {
      expect(decodeState(`few=${id}&fewW=${largestW}`).notice).toBeNull();
      expect(decodeState(`few=${id}&fewW=${largestW + 1}`).notice).not.toBeNull();
    }
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
