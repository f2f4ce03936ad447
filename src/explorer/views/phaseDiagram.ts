import { cellEdges } from '../../figures/manyClasses/diagramCells.ts';
import { isGeometric } from '../../figures/drawing/digitTicks.ts';
import { axisTitle, palette, shortNumber } from '../../figures/drawing/theme.ts';
import type { DiagramPass } from '../compute/protocol.ts';
import { choices } from '../controls/choices.ts';
import { dragIn, handle } from '../controls/handle.ts';
import { colours } from '../drawing/colours.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown, ticks } from '../drawing/numbers.ts';
import type { Store } from '../state/store.ts';
import { limits } from '../state/state.ts';
import { canvasView } from '../drawing/canvasView.ts';
import type { Card } from './card.ts';
import { cssColourAt, type ScaleName } from '../drawing/colourScale.ts';
import {
  canvasFont,
  drawAxes,
  placesIn,
  shareOf,
  valueAt,
  type Axis,
  type Box,
} from '../drawing/plotFrame.ts';

type Quantity = 'm' | 'v';

/** The diagram of constant guidance, with a point that is the page's alpha and w. */
export interface DiagramView {
  readonly show: (pass: DiagramPass) => void;
}

const scale: Readonly<Record<Quantity, ScaleName>> = { m: 'viridis', v: 'cividis' };
const margins = { left: 52, top: 10, right: 74, bottom: 44 };
const rounding = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toFixed(6));

/** Heat map of m or v/sigma2 over class rate and guidance; drag the point or use the arrow keys. */
export function phaseDiagramView(card: Card, store: Store): DiagramView {
  let pass: DiagramPass | null = null;
  let quantity: Quantity = 'm';
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
    const { sigma2 } = store.state();
    return quantity === 'm'
      ? shownPass.m.map((row) => [...row])
      : shownPass.v.map((row) => row.map((v) => (v === null ? null : v / sigma2)));
  };
  const view = canvasView('diagram-canvas', 330, margins, (context, box) => {
    if (pass !== null) drawCells(context, box, pass, valuesOf(pass), quantity, alphaAxis(), wAxis());
    drawAxes(context, box, alphaAxis(), wAxis());
  });
  view.area.style.cursor = 'crosshair';
  const move = (x: number, y: number, done: boolean): void => {
    store.change(
      {
        alpha: rounding(within(valueAt(alphaAxis(), x), limits.alpha), 0.005),
        w: rounding(within(valueAt(wAxis(), 1 - y), limits.w), 0.02),
      },
      done,
    );
  };
  const point = handle(view.area, {
    name: 'Point of the diagram, arrow keys move it',
    className: 'handle-point',
    onDrag: move,
    onStep: (right, up) => {
      const { alpha, w } = store.state();
      store.change(
        {
          alpha: rounding(within(alpha + 0.01 * right, limits.alpha), 0.001),
          w: rounding(within(w + 0.1 * up, limits.w), 0.001),
        },
        true,
      );
    },
  });
  dragIn(view.area, view.canvas, move);
  dragIn(view.area, view.area, move);
  const place = (): void => {
    const { alpha, w } = store.state();
    const inside = (share: number) => Math.min(1, Math.max(0, share));
    point.place(
      inside(shareOf(alphaAxis(), alpha)),
      1 - inside(shareOf(wAxis(), w)),
      `α = ${shortNumber(alpha)}, w = ${shortNumber(w)}`,
    );
  };
  const caption = (): void => {
    const { schedule, ensemble, sampler } = store.state();
    const what = quantity === 'm' ? 'Overlap m' : 'Variance v/σ²';
    setText(
      card.caption,
      `${what} at the end of sampling, ${sampler.toUpperCase()}, ${ensemble} classes, constant w; undistorted: 1.` +
        (schedule.kind === 'constant'
          ? ''
          : ' The point marks α and the strength w; the schedule itself is not constant.'),
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
    (name) => {
      quantity = name;
      caption();
      view.redraw();
    },
  );
  quantities.root.querySelector('legend')?.classList.add('hidden-text');
  quantities.set(quantity);
  card.tools.append(quantities.root);
  const hatched = element('li', { hidden: true }, key('hatched', ''), 'condensed: equations do not close');
  card.body.append(
    view.root,
    element(
      'ul',
      { class: 'legend' },
      element('li', {}, key('', palette.vermillion), 'critical class rate: no transition to its right'),
      hatched,
    ),
  );
  store.onChange((_state, changed) => {
    if (changed('alpha', 'w')) place();
    if (changed('schedule', 'ensemble', 'sampler')) caption();
  });
  place();
  caption();
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
  const low = known.reduce((a, b) => Math.min(a, b), Infinity);
  const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
  const share = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
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
      context.fillStyle = value === null ? hatch : cssColourAt(scale[quantity], share(value));
      context.fillRect(left, top, right - left, bottom - top);
    });
  });
  for (const [width, colour] of [
    [6, '#ffffff'],
    [3, palette.vermillion],
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
  if (known.length > 0) drawBar(context, box, scale[quantity], low, high);
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

function drawBar(
  context: CanvasRenderingContext2D,
  box: Box,
  name: ScaleName,
  low: number,
  high: number,
): void {
  const left = box.left + box.width + 12;
  for (let i = 0; i < box.height; i++) {
    context.fillStyle = cssColourAt(name, 1 - i / box.height);
    context.fillRect(left, box.top + i, 13, 1.5);
  }
  context.fillStyle = colours().muted;
  context.font = canvasFont(12);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const value of high > low ? ticks(low, high, 5) : [low]) {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    context.fillText(shown(value, 3), left + 18, box.top + box.height * (1 - share));
  }
}
