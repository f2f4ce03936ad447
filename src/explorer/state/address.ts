import { scheduleCatalogue } from '../../guidance/schedules/catalogue.ts';
import { scheduleClocks, type ScheduleClock } from '../../guidance/schedule.ts';
import { ensembles } from '../../mixture/ensemble.ts';
import { fewClassMixture } from './fewClassMixtures.ts';
import { structuredLaw } from './structuredLaws.ts';
import { presets } from './presets.ts';
import {
  coefficientOf,
  defaultState,
  limits,
  mapQuantities,
  mostDrawnPoints,
  mostFormulaCharacters,
  scaleOf,
  themes,
  wholeNumbers,
  type DrawnPoint,
  type ExplorerState,
  type GuidedState,
  type ScheduleChoice,
} from './state.ts';
import { tasks } from './worksheet.ts';

/** State of an address, and its unreadable parts, as sentences; null if there are none. */
export interface DecodedState {
  readonly state: ExplorerState;
  readonly notice: string | null;
}

const whole = new Set<string>(wholeNumbers);
const choices = {
  ensemble: ensembles,
  sampler: ['ode', 'sde'],
  process: ['ou', 've', 'flow'],
  map: mapQuantities,
  theme: themes,
} as const;
const longestAddress = 8000;
/** In an address, the time slider at the data, and no pin: for states whose chapter has them otherwise. */
const atData = 'data';
const nothingPinned = 'none';

/** The state of a chapter or a task, or the default: what an address does not say. */
function baseOf(preset: string | null): ExplorerState {
  return [...presets, ...tasks].find(({ id }) => id === preset)?.state ?? defaultState;
}

/** A state as the hash of an address, without the sign: only what differs from its chapter or task, or from the default. */
export function encodeState(state: ExplorerState): string {
  const base = baseOf(state.preset);
  const parts = guidedParts(state, base);
  parts.push(...differing(state, base, wholeNumbers));
  if (state.time !== base.time) parts.push(['time', state.time === null ? atData : String(state.time)]);
  if (state.few.preset !== base.few.preset) parts.push(['few', state.few.preset]);
  if (state.few.w !== base.few.w) parts.push(['fewW', String(state.few.w)]);
  if (state.law !== base.law) parts.push(['law', state.law]);
  if (state.preset !== null) parts.push(['preset', state.preset]);
  parts.push(...differing(state, base, ['map', 'theme']));
  const [pin, usual] = [pinText(state.pin), pinText(base.pin)];
  if (pin !== usual) parts.push(['pin', pin]);
  return written(parts);
}

type Part = [key: string, value: string];

function written(parts: readonly Part[]): string {
  return parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
}

function differing<State extends Partial<ExplorerState>>(
  state: State,
  base: State,
  keys: readonly (keyof State & string)[],
): Part[] {
  return keys.flatMap((key): Part[] => (state[key] === base[key] ? [] : [[key, String(state[key])]]));
}

function guidedParts(state: GuidedState, base: GuidedState): Part[] {
  const schedule = scheduleText(state.schedule);
  return [
    ...differing(state, base, ['alpha', 'w', 'sigma2', 'ensemble', 'sampler', 'process']),
    ...(schedule === scheduleText(base.schedule) ? [] : [['schedule', schedule] satisfies Part]),
  ];
}

/** A pinned problem is an address within the address. */
function pinText(pin: GuidedState | null): string {
  return pin === null ? nothingPinned : written(guidedParts(pin, defaultState));
}

/**
 * Reads a hash, with or without its sign. Missing parts are those of its chapter or task, or else the default's; so are wrong
 * ones, which are named in the notice.
 */
export function decodeState(hash: string): DecodedState {
  const text = hash.replace(/^#/, '');
  if (text.length > longestAddress) {
    return {
      state: defaultState,
      notice: `The address is longer than ${longestAddress} characters: it was not read.`,
    };
  }
  const problems: string[] = [];
  const read = new Reader(partsOf(text, problems), problems);
  const preset = read.known('preset', (id) => baseOf(id) !== defaultState);
  const base = baseOf(preset);
  const few = read.known('few', (id) => fewClassMixture(id) !== undefined) ?? base.few.preset;
  const state: ExplorerState = {
    ...guidedOf(read, base),
    dimension: read.number('dimension', base.dimension),
    particles: read.number('particles', base.particles),
    realizations: read.number('realizations', base.realizations),
    seed: read.number('seed', base.seed),
    time: read.is('time', atData) ? null : read.number('time', base.time),
    few: { preset: few, w: read.number('fewW', base.few.w, fewClassMixture(few)!.largestW) },
    law: read.known('law', (id) => structuredLaw(id) !== undefined) ?? base.law,
    preset,
    map: read.choice('map', base.map),
    theme: read.choice('theme', base.theme),
    pin: read.is('pin', nothingPinned) ? null : (pinOf(read, problems) ?? base.pin),
  };
  read.end('a state');
  const notice =
    problems.length === 0
      ? null
      : `The address was not understood entirely: ${problems.slice(0, 5).join(' ')}${problems.length > 5 ? ` And ${problems.length - 5} more.` : ''}`;
  return { state, notice };
}

function partsOf(text: string, problems: string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    try {
      values.set(key, decodeURIComponent(at < 0 ? '' : part.slice(at + 1)));
    } catch {
      problems.push(`${shown(key)} is not written as addresses are.`);
    }
  }
  return values;
}

function guidedOf(read: Reader, base: GuidedState): GuidedState {
  return {
    alpha: read.number('alpha', base.alpha),
    w: read.coefficient(base.w),
    sigma2: read.number('sigma2', base.sigma2),
    ensemble: read.choice('ensemble', base.ensemble),
    sampler: read.choice('sampler', base.sampler),
    process: read.choice('process', base.process),
    schedule: read.parsed('schedule', parseSchedule) ?? base.schedule,
  };
}

function pinOf(read: Reader, problems: string[]): GuidedState | null {
  return read.parsed('pin', (text) => {
    const inner: string[] = [];
    const part = new Reader(partsOf(text, inner), inner);
    const pin = guidedOf(part, defaultState);
    part.end('a pinned problem');
    problems.push(...inner.map((problem) => `In the pin: ${problem}`));
    return pin;
  });
}

/** Reads the parts of an address one by one, and records their errors. */
class Reader {
  readonly #values: Map<string, string>;
  readonly #problems: string[];

  constructor(values: Map<string, string>, problems: string[]) {
    this.#values = values;
    this.#problems = problems;
  }

  number<F extends number | null>(key: keyof typeof limits, fallback: F, largest?: number): number | F {
    const text = this.#take(key);
    if (text === undefined) return fallback;
    const [least, most] = limits[key];
    const value = parsedNumber(text);
    const top = largest ?? most;
    if (value !== null && value >= least && value <= top && (!whole.has(key) || Number.isInteger(value))) {
      return value;
    }
    this.#problems.push(
      `${key} must be ${whole.has(key) ? 'a whole number' : 'a number'} in [${least}, ${top}], not ${shown(text)}.`,
    );
    return fallback;
  }

  /** w, which may be given as the scale 1 + w. */
  coefficient(fallback: number): number {
    if (!this.#values.has('scale')) return this.number('w', fallback);
    if (this.#take('w') !== undefined) this.#problems.push('w and scale = 1 + w are one number: give one.');
    return coefficientOf(this.number('scale', scaleOf(fallback)));
  }

  /** True if a part is this word, which is then read. */
  is(key: string, word: string): boolean {
    if (this.#values.get(key) !== word) return false;
    this.#values.delete(key);
    return true;
  }

  choice<K extends keyof typeof choices>(key: K, fallback: ExplorerState[K]): ExplorerState[K] {
    const text = this.#take(key);
    if (text === undefined) return fallback;
    const names: readonly string[] = choices[key];
    if (names.includes(text)) return text as ExplorerState[K];
    this.#problems.push(`${key} must be one of ${names.join(', ')}, not ${shown(text)}.`);
    return fallback;
  }

  known(key: string, isKnown: (text: string) => boolean): string | null {
    const text = this.#take(key);
    if (text === undefined || isKnown(text)) return text ?? null;
    this.#problems.push(`There is no ${key} ${shown(text)}.`);
    return null;
  }

  parsed<T>(key: string, parse: (text: string) => T | string): T | null {
    const text = this.#take(key);
    if (text === undefined) return null;
    const found = parse(text);
    if (typeof found !== 'string') return found;
    this.#problems.push(found);
    return null;
  }

  /** Records what is left over. */
  end(what: string): void {
    for (const key of this.#values.keys()) this.#problems.push(`${shown(key)} is not a part of ${what}.`);
  }

  #take(key: string): string | undefined {
    const text = this.#values.get(key);
    this.#values.delete(key);
    return text;
  }
}

function parsedNumber(text: string): number | null {
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return null;
  // No negative zero: it would be written back as 0.
  return Number(text) + 0;
}

/** Quoted input, shortened to fit a sentence, with control characters replaced by spaces. */
function shown(text: string): string {
  const plain = text.replace(/[\p{C}]/gu, ' ');
  return `"${plain.length > 40 ? `${plain.slice(0, 37)}...` : plain}"`;
}

/** named:step-up; tau:1 + tau; drawn:0,1;0.5,2 */
function scheduleText(schedule: ScheduleChoice): string {
  switch (schedule.kind) {
    case 'constant':
      return 'constant';
    case 'named':
      return `named:${schedule.name}`;
    case 'formula':
      return `${schedule.clock}:${schedule.text}`;
    case 'drawn':
      return `drawn:${schedule.points.map((point) => point.join(',')).join(';')}`;
  }
}

/** @returns the error, if it is not a schedule */
function parseSchedule(text: string): ScheduleChoice | string {
  const at = text.indexOf(':');
  const kind = text.slice(0, Math.max(0, at));
  const rest = text.slice(at + 1);
  if (text === 'constant') return { kind: 'constant' };
  if (kind === 'named') {
    return scheduleCatalogue.some(({ id }) => id === rest)
      ? { kind: 'named', name: rest }
      : `There is no schedule ${shown(rest)}.`;
  }
  if (kind === 'drawn') return parsePoints(rest);
  const clock = scheduleClocks.find((name) => name === kind);
  if (clock === undefined) return `The schedule ${shown(text)} is of no known kind.`;
  return parsedFormula(rest, clock);
}

function parsedFormula(text: string, clock: ScheduleClock): ScheduleChoice | string {
  if (text.length > mostFormulaCharacters) {
    return `A formula has at most ${mostFormulaCharacters} characters, not ${text.length}.`;
  }
  return /\p{C}/u.test(text)
    ? `The formula ${shown(text)} has characters that are not printed.`
    : { kind: 'formula', text, clock };
}

function parsePoints(text: string): ScheduleChoice | string {
  const rows = text.split(';');
  if (rows.length < 2 || rows.length > mostDrawnPoints) {
    return `A drawn schedule has 2 to ${mostDrawnPoints} points, not ${rows.length}.`;
  }
  const points: DrawnPoint[] = [];
  for (const row of rows) {
    const [time, w, ...others] = row.split(',').map(parsedNumber);
    const isPoint = others.length === 0 && within(time, limits.drawnTime) && within(w, limits.drawnW);
    if (!isPoint)
      return `The point ${shown(row)} of the drawn schedule is no pair of time and w within its ends.`;
    if (!(time! > (points.at(-1)?.[0] ?? -Infinity)))
      return 'The points of the drawn schedule do not ascend.';
    points.push([time!, w!]);
  }
  return { kind: 'drawn', points };
}

function within(value: number | null | undefined, [least, largest]: readonly [number, number]): boolean {
  return value !== null && value !== undefined && value >= least && value <= largest;
}
