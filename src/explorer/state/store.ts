import type { ExplorerState } from './state.ts';

/** The state of the page and its listeners. */
export interface Store {
  readonly state: () => ExplorerState;
  /** @param done false while a gesture continues */
  readonly change: (patch: Partial<ExplorerState>, done: boolean) => void;
  readonly onChange: (listener: (state: ExplorerState, changed: Changed, done: boolean) => void) => void;
}

/** Tells whether any of these parts of the state has changed. */
export type Changed = (...keys: readonly (keyof ExplorerState)[]) => boolean;

/** A store that tells every listener at once. */
export function openStore(first: ExplorerState): Store {
  let current = first;
  const listeners: ((state: ExplorerState, changed: Changed, done: boolean) => void)[] = [];
  return {
    state: () => current,
    change: (patch, done) => {
      const previous = current;
      current = { ...current, ...patch };
      const changed: Changed = (...keys) => keys.some((key) => !sameValue(previous[key], current[key]));
      for (const listener of listeners) listener(current, changed, done);
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
