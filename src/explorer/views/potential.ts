import { axisTitle } from '../../figures/drawing/theme.ts';
import type { PotentialResult } from '../compute/protocol.ts';
import { colours } from '../drawing/colours.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import { canvasView } from '../drawing/canvasView.ts';
import type { Card } from './card.ts';
import { key } from './phaseDiagram.ts';
import { hoverNote } from '../drawing/hoverNote.ts';
import { canvasFont, drawAxes, placesIn, type Axis, type Box } from '../drawing/plotFrame.ts';

/** The potential at one time. */
export interface PotentialFrame {
  readonly t: number;
  readonly m: readonly number[];
  readonly potential: readonly number[];
  readonly kink: readonly number[];
  readonly minima: readonly { readonly m: number; readonly potential: number }[];
  readonly state: { readonly m: number; readonly v: number; readonly potential: number };
  readonly side: PotentialResult['side'][number];
}

/** The effective potential with the state in it, at the time of the slider. */
export interface PotentialView {
  readonly show: (result: PotentialResult) => void;
  /** @param state of the trajectory at that time; null: as computed with the potential */
  readonly setTime: (t: number, state: { readonly m: number; readonly v: number } | null) => void;
}

const margins = { left: 66, top: 30, right: 12, bottom: 44 };

/** View of the potential along m. */
export function potentialView(card: Card): PotentialView {
  let result: PotentialResult | null = null;
  let time = 0;
  let exact: { readonly m: number; readonly v: number } | null = null;
  const view = canvasView('potential-canvas', 330, margins, (context, box) => {
    const frame = result === null ? null : frameAt(result, time, exact);
    if (frame === null) return;
    draw(context, box, frame);
    const side = {
      competing: 'the other classes dominate at the state, and guidance acts',
      guided: 'the guided class dominates at the state: guidance has switched itself off',
      condensed: 'the other classes are condensed: the equations do not close here',
    }[frame.side];
    setText(card.caption, `At t = ${shown(frame.t, 3)}: ${side}. The slope at the state drives m.`);
    view.canvas.setAttribute(
      'aria-label',
      `Effective potential along m at t = ${shown(frame.t, 3)}; state at m = ${shown(frame.state.m)}`,
    );
    view.canvas.dataset['m'] = shown(frame.state.m);
    view.canvas.dataset['kink'] = frame.kink.map((m) => shown(m)).join(' ');
  });
  hoverNote(view.root, view.area, (x) => {
    const frame = result === null ? null : frameAt(result, time, exact);
    if (frame === null) return null;
    const { m, potential, state } = frame;
    const at = m[0]! + x * (m[m.length - 1]! - m[0]!);
    return `m = ${shown(at, 3)}, U − U(state) = ${shown(valueOn(m, potential, at) - state.potential, 3)}`;
  });
  const item = (kind: string, colour: string, words: string) =>
    element('li', {}, key(kind, `var(--${colour})`), words);
  card.body.append(
    view.root,
    element(
      'ul',
      { class: 'legend' },
      item('', 'phi', 'guidance acts (φ > ψ)'),
      item('dashed', 'psi', 'guidance off (ψ > φ)'),
      item('square', 'text', 'kink ψ = φ'),
      item('dot', 'complexity', 'state'),
      item('ring', 'text', 'minimum'),
    ),
  );
  return {
    show: (next) => {
      result = next;
      view.redraw();
    },
    setTime: (t, state) => {
      time = t;
      exact = state;
      view.redraw();
    },
  };
}

/** The potential between two computed times, by linear interpolation. */
export function frameAt(
  result: PotentialResult,
  t: number,
  exact: { readonly m: number; readonly v: number } | null,
): PotentialFrame | null {
  const { t: times } = result;
  if (times.length === 0) return null;
  const clamped = Math.min(times[0]!, Math.max(times[times.length - 1]!, t));
  let i = 0;
  while (i + 2 < times.length && times[i + 1]! > clamped) i++;
  const k = Math.min(i + 1, times.length - 1);
  const gap = times[i]! - times[k]!;
  const share = gap > 0 ? (times[i]! - clamped) / gap : 0;
  const mix = (a: number, b: number) => (share === 0 ? a : share === 1 ? b : a + share * (b - a));
  const near = share < 0.5 ? i : k;
  const [before, after] = [result.state[i]!, result.state[k]!];
  const m = exact?.m ?? mix(before.m, after.m);
  const potential = result.potential[i]!.map((value, j) => mix(value, result.potential[k]![j]!));
  const [kinkBefore, kinkAfter] = [result.kink[i]!, result.kink[k]!];
  return {
    t: clamped,
    m: result.m,
    potential,
    kink:
      kinkBefore.length === kinkAfter.length
        ? kinkBefore.map((value, j) => mix(value, kinkAfter[j]!))
        : result.kink[near]!,
    minima: result.minima[near]!.map((minimum) => ({
      m: minimum.m,
      potential: valueOn(result.m, potential, minimum.m),
    })),
    state: { m, v: exact?.v ?? mix(before.v, after.v), potential: valueOn(result.m, potential, m) },
    side: result.side[near]!,
  };
}

function valueOn(x: readonly number[], y: readonly number[], at: number): number {
  const last = x.length - 1;
  const next = x.findIndex((value) => value > at);
  const i = next < 0 ? last - 1 : Math.max(0, next - 1);
  const share = (at - x[i]!) / (x[i + 1]! - x[i]!);
  return y[i]! + share * (y[i + 1]! - y[i]!);
}

function draw(context: CanvasRenderingContext2D, box: Box, frame: PotentialFrame): void {
  const known = colours();
  const { m, potential, kink, state, minima } = frame;
  const zero = state.potential;
  const x: Axis = { range: [m[0]!, m[m.length - 1]!], title: axisTitle.m };
  // The steep left wall is cut off: the relevant region is around the state, the kink and the right end.
  const marked = [...kink, state.m].map((at) => valueOn(m, potential, at));
  const lowest = Math.min(...potential.filter(Number.isFinite));
  const right = potential[potential.length - 1]!;
  const highest = Math.max(...marked, Number.isFinite(right) ? right : zero, zero + 0.6 * (zero - lowest));
  const reach = Math.max(highest - lowest, 1e-6);
  const y: Axis = {
    range: [lowest - zero - 0.12 * reach, highest - zero + 0.3 * reach],
    title: 'U(m) − U(state), per dimension',
  };
  const places = placesIn(box, x, y);
  drawAxes(context, box, x, y, true);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const edges = [m[0]!, ...kink, m[m.length - 1]!];
  for (let k = 0; k + 1 < edges.length; k++) {
    const [from, to] = [edges[k]!, edges[k + 1]!];
    const guided = k % 2 === 1;
    context.strokeStyle = guided ? known.psi : known.phi;
    context.setLineDash(guided ? [9, 4] : []);
    context.lineWidth = 3;
    context.beginPath();
    context.moveTo(places.x(from), places.y(valueOn(m, potential, from) - zero));
    m.forEach((at, i) => {
      if (at > from && at < to) context.lineTo(places.x(at), places.y(potential[i]! - zero));
    });
    context.lineTo(places.x(to), places.y(valueOn(m, potential, to) - zero));
    context.stroke();
  }
  context.setLineDash([]);
  context.lineWidth = 2;
  for (const at of kink) {
    const [left, top] = [places.x(at), places.y(valueOn(m, potential, at) - zero)];
    context.strokeStyle = known.muted;
    context.lineWidth = 1;
    context.setLineDash([3, 4]);
    context.beginPath();
    context.moveTo(left, box.top);
    context.lineTo(left, box.top + box.height);
    context.stroke();
    context.setLineDash([]);
    context.strokeStyle = known.text;
    context.lineWidth = 2.2;
    context.strokeRect(left - 6, top - 6, 12, 12);
  }
  context.strokeStyle = known.text;
  for (const minimum of minima) {
    context.beginPath();
    context.arc(places.x(minimum.m), places.y(minimum.potential - zero), 5, 0, 2 * Math.PI);
    context.stroke();
  }
  const ball = [places.x(state.m), places.y(0)] as const;
  context.fillStyle = known.complexity;
  context.strokeStyle = known.paper;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(ball[0], ball[1] - 9, 9, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.restore();
  context.font = canvasFont(12.5);
  context.textBaseline = 'bottom';
  context.textAlign = 'right';
  context.fillStyle = known.text;
  context.fillText(
    `t = ${shown(frame.t, 3)}   m = ${shown(state.m)}   v = ${shown(state.v)}`,
    box.left + box.width,
    box.top - 8,
  );
}
