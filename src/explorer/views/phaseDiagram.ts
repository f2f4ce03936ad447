import { cellEdges } from '../../figures/manyClasses/diagramCells.ts';
import { isGeometric } from '../../figures/drawing/digitTicks.ts';
import { axisTitle, shortNumber } from '../../figures/drawing/theme.ts';
import type { DiagramPass } from '../compute/protocol.ts';
import { choices } from '../controls/choices.ts';
import { dragIn, handle } from '../controls/handle.ts';
import { colours, isDark } from '../drawing/colours.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import type { Store } from '../state/store.ts';
import { limits, usesW, type ExplorerState, type GuidedState } from '../state/state.ts';
import { canvasView } from '../drawing/canvasView.ts';
import type { Card } from './card.ts';
import { centredRange, cssColourAt, type ScaleName } from '../drawing/colourScale.ts';
import { hoverNote } from '../drawing/hoverNote.ts';
import {
  canvasFont,
  drawAxes,
  placesIn,
  shareOf,
  valueAt,
  type Axis,
  type Box,
} from '../drawing/plotFrame.ts';

type Quantity = ExplorerState['map'];

/** The diagram of constant guidance, with a point that is the page's alpha and w. */
export interface DiagramView {
  readonly show: (pass: DiagramPass) => void;
}

const scale = (): ScaleName => (isDark() ? 'divergingDark' : 'divergingLight');
const margins = { left: 52, top: 10, right: 66, bottom: 44 };
const rounding = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toFixed(6));

/** Heat map of m or v/sigma2 over class rate and guidance; drag the point or use the arrow keys. */
export function phaseDiagramView(card: Card, store: Store): DiagramView {
  let pass: DiagramPass | null = null;
  const alphaAxis = (): Axis => {
    const grid = pass?.alpha ?? limits.alpha;
    return {
      range: [grid[0]!, grid[grid.length - 1]!],
      title: axisTitle.alpha,
      logarithmic: pass !== null && isGeometric(pass.alpha),
    };
  };
  const wAxis = (): Axis => {
    const grid = pass?.w ?? limits.w;
    return { range: [grid[0]!, grid[grid.length - 1]!], title: 'guidance coefficient w' };
  };
  const valuesOf = (shownPass: DiagramPass): (number | null)[][] => {
    const { sigma2, map } = store.state();
    return map === 'm'
      ? shownPass.m.map((row) => [...row])
      : shownPass.v.map((row) => row.map((v) => (v === null ? null : v / sigma2)));
  };
  const view = canvasView('diagram-canvas', 330, margins, (context, box) => {
    if (pass !== null) {
      const values = valuesOf(pass);
      drawCells(context, box, pass, values, store.state().map, alphaAxis(), wAxis());
      drawPoints(context, box, store.state(), alphaAxis(), wAxis());
    }
    drawAxes(context, box, alphaAxis(), wAxis());
  });
  view.area.style.cursor = 'crosshair';
  const move = (x: number, y: number, done: boolean): void => {
    const alpha = rounding(within(valueAt(alphaAxis(), x), limits.alpha), 0.005);
    const w = rounding(within(valueAt(wAxis(), 1 - y), limits.w), 0.02);
    store.change(usesW(store.state()) ? { alpha, w } : { alpha }, done);
  };
  const point = handle(view.area, {
    name: 'Point of the diagram, arrow keys move it',
    className: 'handle-point',
    onDrag: move,
    onStep: (right, up) => {
      const state = store.state();
      const alpha = rounding(within(state.alpha + 0.01 * right, limits.alpha), 0.001);
      const w = rounding(within(state.w + 0.1 * up, limits.w), 0.001);
      store.change(usesW(state) ? { alpha, w } : { alpha }, true);
    },
  });
  dragIn(view.area, view.canvas, move);
  dragIn(view.area, view.area, move);
  hoverNote(view.root, view.area, (x, y) =>
    pass === null
      ? null
      : cellText(pass, store.state().sigma2, valueAt(alphaAxis(), x), valueAt(wAxis(), 1 - y)),
  );
  const place = (): void => {
    const state = store.state();
    const { alpha, w } = state;
    const inside = (share: number) => Math.min(1, Math.max(0, share));
    // Where the schedule sets w, the point is on the upper edge, off the numbers of the axis.
    point.place(
      inside(shareOf(alphaAxis(), alpha)),
      usesW(state) ? 1 - inside(shareOf(wAxis(), w)) : 0,
      `α = ${shortNumber(alpha)}${usesW(state) ? `, w = ${shortNumber(w)}` : ''}`,
    );
  };
  const caption = (): void => {
    const state = store.state();
    const { schedule, ensemble, sampler, map } = state;
    const what = map === 'm' ? 'Overlap m' : 'Variance v/σ²';
    const others = usesW(state)
      ? ' The point marks α and the strength w; the schedule itself is not constant.'
      : ' The line marks α: the schedule sets w, and the map is of constant w.';
    setText(
      card.caption,
      `${what} at the end of sampling, ${sampler.toUpperCase()}, ${ensemble} classes, constant w. 1: undistorted.` +
        (schedule.kind === 'constant' ? '' : others),
    );
    view.canvas.setAttribute(
      'aria-label',
      `${what} over class rate and guidance coefficient, with the critical line`,
    );
  };
  const quantities = choices<Quantity>(
    'diagram-quantity',
    'Quantity',
    [
      { name: 'm', title: 'm' },
      { name: 'v', title: 'v/σ²' },
    ],
    (map) => {
      store.change({ map }, true);
    },
  );
  quantities.root.querySelector('legend')?.classList.add('hidden-text');
  card.tools.append(quantities.root);
  const pinned = element('li', { hidden: true }, key('ring', 'var(--text)'), 'pinned');
  const hatched = element('li', { hidden: true }, key('hatched', ''), 'condensed: equations do not close');
  card.body.append(
    view.root,
    element(
      'ul',
      { class: 'legend' },
      element('li', {}, key('', 'var(--text)'), 'critical class rate: no transition to its right'),
      pinned,
      hatched,
    ),
  );
  const follow = (): void => {
    const { map, pin } = store.state();
    quantities.set(map);
    pinned.hidden = pin === null || !usesW(pin);
    place();
    caption();
    view.redraw();
  };
  store.onChange((_state, changed) => {
    if (changed('map', 'pin', 'schedule', 'ensemble', 'sampler')) follow();
    else if (changed('alpha', 'w')) {
      place();
      if (!usesW(store.state())) view.redraw();
    }
  });
  follow();
  return {
    show: (next) => {
      pass = next;
      hatched.hidden = !next.phase.some((row) => row.includes('condensed'));
      view.canvas.dataset['pass'] = String(next.pass);
      place();
      view.redraw();
    },
  };
}

function within(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}

/** A key of a legend. */
export function key(kind: string, colour: string): HTMLElement {
  const made = element('span', { class: `key ${kind}`, 'aria-hidden': 'true' });
  if (colour !== '') made.style.color = colour;
  return made;
}

function drawCells(
  context: CanvasRenderingContext2D,
  box: Box,
  pass: DiagramPass,
  values: readonly (readonly (number | null)[])[],
  quantity: Quantity,
  x: Axis,
  y: Axis,
): void {
  const places = placesIn(box, x, y);
  const known = values.flat().filter((value) => value !== null);
  const range = centredRange(quantity, known);
  const share = (value: number) => shareOf({ range, title: '' }, value);
  const alpha = cellEdges(pass.alpha, x.logarithmic === true);
  const w = cellEdges(pass.w, false);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const hatch = hatching(context);
  values.forEach((row, j) => {
    const [bottom, top] = [Math.round(places.y(w[j]!)), Math.round(places.y(w[j + 1]!))];
    row.forEach((value, i) => {
      const [left, right] = [Math.round(places.x(alpha[i]!)), Math.round(places.x(alpha[i + 1]!))];
      context.fillStyle = value === null ? hatch : cssColourAt(scale(), share(value));
      context.fillRect(left, top, right - left, bottom - top);
    });
  });
  const { text, paper } = colours();
  for (const [width, colour] of [
    [6, paper],
    [2.5, text],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.lineJoin = 'round';
    context.beginPath();
    let drawing = false;
    for (const [alpha, w] of criticalLine(pass)) {
      if (alpha === null) drawing = false;
      else {
        const at = [places.x(alpha), places.y(w)] as const;
        if (drawing) context.lineTo(...at);
        else context.moveTo(...at);
        drawing = true;
      }
    }
    context.stroke();
  }
  context.restore();
  if (known.length > 0) drawBar(context, box, range, known);
}

/** The pinned problem, and where the schedule sets w the class rate of the state. */
function drawPoints(
  context: CanvasRenderingContext2D,
  box: Box,
  state: ExplorerState,
  x: Axis,
  y: Axis,
): void {
  const places = placesIn(box, x, y);
  const { text, paper } = colours();
  const strokes = [
    [5, paper],
    [2, text],
  ] as const;
  const ring = ({ alpha, w }: GuidedState): void => {
    context.beginPath();
    context.arc(places.x(alpha), places.y(w), 6, 0, 2 * Math.PI);
    context.stroke();
  };
  for (const [width, colour] of strokes) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    if (state.pin !== null && usesW(state.pin)) ring(state.pin);
    if (usesW(state)) continue;
    context.beginPath();
    context.moveTo(places.x(state.alpha), box.top);
    context.lineTo(places.x(state.alpha), box.top + box.height);
    context.stroke();
  }
}

/** Words for the cell of a class rate and a coefficient. */
function cellText(pass: DiagramPass, sigma2: number, alpha: number, w: number): string {
  const nearest = (values: readonly number[], value: number): number =>
    values.reduce((best, one, i) => (Math.abs(one - value) < Math.abs(values[best]! - value) ? i : best), 0);
  const [i, j] = [nearest(pass.alpha, alpha), nearest(pass.w, w)];
  const [m, v] = [pass.m[j]?.[i] ?? null, pass.v[j]?.[i] ?? null];
  const place = `α = ${shown(pass.alpha[i], 3)}, w = ${shown(pass.w[j], 3)}`;
  const values = m === null || v === null ? '' : `m = ${shown(m)}, v/σ² = ${shown(v / sigma2)}, `;
  return `${place}: ${values}${pass.phase[j]![i]!}`;
}

/** From w = 0, which need not be a row of the grid, upwards: there is no critical rate below. */
function criticalLine({ w, criticalAlpha, unguidedCriticalAlpha }: DiagramPass): [number | null, number][] {
  const rows = w.flatMap((value, j): [number | null, number][] =>
    value > 0 ? [[criticalAlpha[j]!, value]] : [],
  );
  return [[unguidedCriticalAlpha, 0], ...rows];
}

function hatching(context: CanvasRenderingContext2D): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = 7;
  tile.height = 7;
  const ink = tile.getContext('2d');
  if (ink === null) return '#d0d0d0';
  ink.fillStyle = '#dcdcdc';
  ink.fillRect(0, 0, 7, 7);
  ink.strokeStyle = '#767676';
  ink.lineWidth = 1.2;
  for (const shift of [-7, 0, 7]) {
    ink.beginPath();
    ink.moveTo(shift, 7);
    ink.lineTo(shift + 7, 0);
    ink.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? '#d0d0d0';
}

/** The bar of the scale, with the undistorted value marked; values beyond its ends have the ends' colours. */
function drawBar(
  context: CanvasRenderingContext2D,
  box: Box,
  range: readonly [number, number],
  known: readonly number[],
): void {
  const left = box.left + box.width + 10;
  const name = scale();
  for (let i = 0; i < box.height; i++) {
    context.fillStyle = cssColourAt(name, 1 - i / box.height);
    context.fillRect(left, box.top + i, 13, 1.5);
  }
  const { text, muted } = colours();
  context.strokeStyle = muted;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, box.top + 0.5, 12, box.height - 1);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const [low, high] = range;
  const below = known.some((value) => value < low - 1e-9);
  const above = known.some((value) => value > high + 1e-9);
  const middle = box.top + box.height / 2;
  for (const value of [low, 0.5 * (low + 1), 1, 0.5 * (1 + high), high]) {
    const at = box.top + box.height * (1 - shareOf({ range, title: '' }, value));
    const sign = value === low && below ? '≤ ' : value === high && above ? '≥ ' : '';
    context.fillStyle = value === 1 ? text : muted;
    context.font = `${value === 1 ? 'bold ' : ''}${canvasFont(12)}`;
    // The end labels stay within the picture.
    const inside = Math.min(box.top + box.height - 5, Math.max(box.top + 5, at));
    context.fillText(`${sign}${shown(value, 3)}`, left + 19, inside);
  }
  context.strokeStyle = text;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left - 2, middle);
  context.lineTo(left + 16, middle);
  context.stroke();
}
