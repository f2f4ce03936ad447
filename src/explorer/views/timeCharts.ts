import { processes } from '../../process/process.ts';
import type { ParticleUpdate, TrajectoryResult } from '../compute/protocol.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import { latestTime, type ExplorerState, type GuidedState } from '../state/state.ts';
import { processTimeOf } from '../state/command.ts';
import type { Card } from './card.ts';
import { lineChart, type Line, type Mark, type TimeLine } from '../drawing/lineChart.ts';
import { key } from './phaseDiagram.ts';
import { curvesOf, readingAt, type Reading } from './readings.ts';

/** Charts over time, with one pointer for all. */
export interface TimeCharts {
  readonly show: (state: ExplorerState, result: TrajectoryResult) => void;
  readonly showParticles: (full: ParticleUpdate | null, reduced: ParticleUpdate | null) => void;
  readonly setTime: (t: number | null) => void;
  /** Curves that stay beside those of the state; null: none. */
  readonly showPinned: (
    pinned: { readonly state: GuidedState; readonly result: TrajectoryResult } | null,
  ) => void;
}

/** Points of a curve. */
const curvePoints = 161;

type Column = readonly (number | null)[];

/** The charts of both cards. */
export function timeCharts(order: Card, energies: Card, onHover: (t: number | null) => void): TimeCharts {
  const fromZero = (low: number, high: number): readonly [number, number] => {
    const [bottom, top] = [Math.min(0, low), Math.min(high, 6)];
    const room = 0.08 * Math.max(top - bottom, 0.1);
    return [bottom < 0 ? bottom - room : 0, top + room];
  };
  const around = (low: number, high: number): readonly [number, number] => {
    const [bottom, top] = [Math.max(low, -8), Math.min(high, 8)];
    const room = 0.08 * Math.max(top - bottom, 0.05);
    return [bottom - room, top + room];
  };
  const shared = { latest: latestTime, onHover, height: 165 };
  const reference: Line = { name: null, colour: 'reference', width: 1.6, dash: [2, 4] };
  const stopped = [6, 5];
  const pinnedLine = (name: string): Line => ({
    name: `pinned ${name}`,
    colour: 'text',
    width: 1.5,
    dash: [7, 4],
  });
  const pastLine: Line = { name: 'Σ', colour: 'reference', width: 1.3 };
  const m = lineChart({
    ...shared,
    label: 'overlap m',
    range: fromZero,
    last: false,
    lines: [
      reference,
      { name: 'm', colour: 'm' },
      { name: 'm, static', colour: 'm', dash: stopped },
      pinnedLine('m'),
    ],
  });
  const v = lineChart({
    ...shared,
    label: 'variance v',
    range: fromZero,
    last: true,
    lines: [
      reference,
      { name: 'v', colour: 'v' },
      { name: 'v, static', colour: 'v', dash: stopped },
      pinnedLine('v'),
    ],
  });
  const energy = lineChart({
    ...shared,
    label: 'free energies',
    range: around,
    last: false,
    lines: [
      { name: 'ψ', colour: 'psi', dash: [9, 4] },
      { name: 'φ', colour: 'phi' },
      { ...pinnedLine('ψ'), width: 1.1 },
      pinnedLine('φ'),
    ],
  });
  const complexity = lineChart({
    ...shared,
    label: 'complexity Σ',
    range: (low, high) => around(Math.min(0, low), high),
    last: true,
    // At a crossing both have a value: the note then names the one that counts.
    lines: [{ ...pastLine, name: 'Σ, past' }, { name: 'Σ', colour: 'complexity' }, pinnedLine('Σ')],
  });
  const item = (kind: string, colour: string, text: string) =>
    element('li', {}, key(kind, `var(--${colour})`), text);
  const condensedKey = element(
    'li',
    { hidden: true },
    key('dashed', 'var(--muted)'),
    'static closure, no solution',
  );
  const pinnedKeys = [order, energies].map(() =>
    element('li', { hidden: true }, key('dashed thin', 'var(--text)'), 'pinned'),
  );
  order.body.append(
    element(
      'ul',
      { class: 'legend' },
      item('dotted', 'reference', 'the class itself (w = 0)'),
      item('dot', 'text', 'full simulation'),
      item('diamond', 'text', 'reduced simulation'),
      condensedKey,
      pinnedKeys[0]!,
    ),
    m.root,
    v.root,
  );
  energies.body.append(
    element(
      'ul',
      { class: 'legend' },
      item('dashed', 'psi', 'ψ, guided class'),
      item('', 'phi', 'φ, all others'),
      item('', 'complexity', 'Σ, of the others'),
      item('', 'reference', 'Σ after the transition'),
      pinnedKeys[1]!,
    ),
    energy.root,
    complexity.root,
  );
  let drawn: Record<'m' | 'v' | 'energy' | 'complexity', Column[]> & { times: readonly number[] } = {
    times: [],
    m: [],
    v: [],
    energy: [],
    complexity: [],
  };
  let pinned: { readonly state: GuidedState; readonly result: TrajectoryResult } | null = null;
  const draw = (): void => {
    const { times } = drawn;
    if (times.length === 0) return;
    const of = (name: keyof Reading): Column => {
      if (pinned === null) return times.map(() => null);
      const { state, result } = pinned;
      return columnOf(
        times.map((t) => readingAt(result, state.sigma2, t)),
        name,
      );
    };
    m.setData([times, ...drawn.m, of('m')]);
    v.setData([times, ...drawn.v, of('v')]);
    energy.setData([times, ...drawn.energy, of('psi'), of('phi')]);
    complexity.setData([times, ...drawn.complexity, of('complexity')]);
  };
  let crossings: readonly TimeLine[] = [];
  let crossingMarks: { m: Mark[]; v: Mark[]; energy: Mark[] } = { m: [], v: [], energy: [] };
  let particleMarks: { m: Mark[]; v: Mark[] } = { m: [], v: [] };
  let time: number | null = null;
  const marks = (): void => {
    const lines: TimeLine[] =
      time === null ? [...crossings] : [...crossings, { t: time, colour: 'text', dash: [] }];
    m.setMarks([...particleMarks.m, ...crossingMarks.m], lines);
    v.setMarks([...particleMarks.v, ...crossingMarks.v], lines);
    energy.setMarks(crossingMarks.energy, lines);
    complexity.setMarks([], lines);
  };
  return {
    show: (state, result) => {
      const { columns, staticFrom } = result;
      const process = processes[state.process];
      const last = columns.t.length - 1;
      const { t: times, readings } = curvesOf(result, state.sigma2, latestTime, curvePoints);
      const pick = (name: keyof Reading): Column => columnOf(readings, name);
      const closed = staticFrom === null ? 0 : staticEnd(result, columns.t[staticFrom]!);
      // From the condensation on, which is in both, a line of its own.
      const parts = (name: 'm' | 'v'): Column[] => [
        pick(name).map((value, k) => (times[k]! >= closed ? value : null)),
        pick(name).map((value, k) => (staticFrom !== null && times[k]! <= closed ? value : null)),
      ];
      const scale = times.map((t) => process.signalScale(processTimeOf(state, t)));
      const classVariance = times.map(
        (t, k) => scale[k]! ** 2 * state.sigma2 + process.noiseVariance(processTimeOf(state, t)),
      );
      // Only while the other classes outweigh the guided one does their complexity count.
      const counts = readings.map(({ psi, phi }) => phi - psi > -sameEnergy);
      const past = readings.map(({ psi, phi }) => phi - psi < sameEnergy);
      const sigma = pick('complexity');
      drawn = {
        times,
        m: [scale, ...parts('m')],
        v: [classVariance, ...parts('v')],
        energy: [pick('psi'), pick('phi')],
        complexity: [past, counts].map((part) => sigma.map((value, k) => (part[k]! ? value : null))),
      };
      draw();
      crossings = result.crossings.map(({ t }) => ({ t, colour: 'muted', dash: [4, 4] }));
      const mark = (t: number, y: number): Mark => ({ t, y, error: null, colour: 'text', shape: 'square' });
      crossingMarks = {
        m: result.crossings.map((crossing) => mark(crossing.t, crossing.m)),
        v: result.crossings.map((crossing) => mark(crossing.t, crossing.v)),
        energy: result.crossings.map(({ t }) => mark(t, readingAt(result, state.sigma2, t).psi)),
      };
      condensedKey.hidden = staticFrom === null;
      setText(order.caption, crossingText(result));
      setText(
        energies.caption,
        'The larger of ψ and φ rules. While φ does, guidance acts, and Σ < 0 would mean condensed competing classes; afterwards Σ (grey) does not matter.',
      );
      order.body.dataset['m'] = shown(columns.m[last]);
      order.body.dataset['v'] = shown(columns.v[last]);
      energies.body.dataset['complexity'] = shown(result.minComplexity);
      marks();
    },
    showParticles: (full, reduced) => {
      const of = (name: 'm' | 'v'): Mark[] =>
        [reduced, full].flatMap((update) =>
          update === null
            ? []
            : update[name].map(({ mean, error }, i) => ({
                t: update.t[i]!,
                y: mean,
                error,
                colour: name,
                shape: update.source === 'full' ? ('disc' as const) : ('diamond' as const),
              })),
        );
      particleMarks = { m: of('m'), v: of('v') };
      order.body.dataset['points'] = String(particleMarks.m.length);
      marks();
    },
    showPinned: (next) => {
      pinned = next;
      for (const item of pinnedKeys) item.hidden = next === null;
      order.body.dataset['pinned'] = next === null ? '' : shown(next.result.columns.m.at(-1));
      draw();
    },
    setTime: (t) => {
      if (t === time) return;
      time = t;
      marks();
    },
  };
}

/** Free energies that differ by less are those of a crossing. */
const sameEnergy = 1e-6;

function columnOf(readings: readonly Reading[], name: keyof Reading): Column {
  return readings.map((reading) => (Number.isFinite(reading[name]) ? reading[name] : null));
}

/** Time of the condensation: until then (to the left) the solution, then the static closure. */
function staticEnd({ crossings }: TrajectoryResult, otherwise: number): number {
  return crossings.find(({ kind }) => kind === 'condensation')?.t ?? otherwise;
}

const crossingName = {
  speciation: 'transition into the guided class’s phase',
  return: 'return to the other classes',
  condensation: 'condensation of the other classes',
  slidingStart: 'sliding along the transition begins',
  slidingEnd: 'sliding ends',
} as const;

function crossingText({ crossings, staticClosure }: TrajectoryResult): string {
  if (crossings.length === 0) return 'No crossing: guidance acts until the data.';
  const parts = crossings.map(({ t, kind }) => `${crossingName[kind]} at t = ${shown(t)}`);
  const closure =
    staticClosure === null
      ? ''
      : ` No solution beyond; the static closure would give m = ${shown(staticClosure.m)}, v = ${shown(staticClosure.v)}.`;
  return `Marked: ${parts.join('; ')}.${closure}`;
}
