import { colours, onTheme } from '../drawing/colours.ts';
import { element, inFrame, setText, sharpContext } from '../drawing/dom.ts';
import { shown, ticks } from '../drawing/numbers.ts';
import { limits, mostDrawnPoints, type DrawnPoint } from '../state/state.ts';
import { canvasFont } from '../drawing/plotFrame.ts';
import { handle, type Handle } from './handle.ts';

/** A small picture of w over time; where a schedule is drawn by hand, its points can be moved. */
export interface DrawnSchedule {
  readonly root: HTMLElement;
  /** Points that can be moved; null: none. */
  readonly setPoints: (points: readonly DrawnPoint[] | null) => void;
  /** The coefficient along OU times. */
  readonly setCurve: (t: readonly number[], w: readonly number[]) => void;
}

const height = 150;
const margin = { left: 30, top: 8, right: 8, bottom: 24 };
const latest = 4;
const timeStep = 0.05;
const strengthStep = 0.1;
/** Points keep this distance in time. */
const leastGap = 0.02;

/** The picture, with its buttons. */
export function drawnSchedule(
  onChange: (points: readonly DrawnPoint[], done: boolean) => void,
): DrawnSchedule {
  let points: readonly DrawnPoint[] | null = null;
  let curve: { t: readonly number[]; w: readonly number[] } = { t: [], w: [] };
  let handles: Handle[] = [];
  const canvas = element('canvas', { role: 'img', 'aria-label': 'Guidance coefficient over time' });
  const area = element('div', { class: 'drawing-area' });
  const box = element('div', { class: 'drawing' }, canvas, area);
  const range = (): readonly [number, number] => {
    const shownW = curve.w.filter((value, i) => curve.t[i]! <= latest && Number.isFinite(value));
    const all = [...shownW, ...(points ?? []).map(([, w]) => w), 0];
    const low = Math.max(Math.min(...all), limits.drawnW[0]);
    const high = Math.min(Math.max(...all, 1), limits.drawnW[1]);
    return points === null ? [low - 0.1, high + 0.3] : [-2, Math.max(6, Math.ceil(high) + 1)];
  };
  const yOf = (w: number): number => {
    const [low, high] = range();
    return 1 - (w - low) / (high - low);
  };
  const place = (): void => {
    (points ?? []).forEach(([t, w], i) => {
      handles[i]?.place(1 - t / latest, yOf(w), `t = ${shown(t, 3)}, w = ${shown(w, 3)}`);
    });
  };
  const draw = inFrame(() => {
    const width = box.clientWidth;
    if (width > 0) drawCurve(canvas, width, curve, range());
    place();
  });
  const within = (value: number, [low, high]: readonly [number, number]) =>
    Math.min(high, Math.max(low, value));
  const move = (i: number, t: number, w: number, done: boolean): void => {
    if (points === null) return;
    const low = i === 0 ? 0 : points[i - 1]![0] + leastGap;
    const high = i === points.length - 1 ? latest : points[i + 1]![0] - leastGap;
    const next: DrawnPoint = [
      Number(within(t, [low, Math.max(low, high)]).toFixed(2)),
      Number(within(w, limits.drawnW).toFixed(2)),
    ];
    onChange(
      points.map((point, k) => (k === i ? next : point)),
      done,
    );
  };
  const remove = (i: number): void => {
    if (points === null || points.length <= 2) return;
    onChange(
      points.filter((_, k) => k !== i),
      true,
    );
  };
  const addAt = (t: number, w: number): void => {
    if (points === null || points.length >= mostDrawnPoints) return;
    if (points.some(([at]) => Math.abs(at - t) < leastGap)) return;
    const added: DrawnPoint = [Number(t.toFixed(2)), Number(within(w, limits.drawnW).toFixed(2))];
    onChange(
      [...points, added].sort((a, b) => a[0] - b[0]),
      true,
    );
  };
  const add = element(
    'button',
    {
      type: 'button',
      onclick: () => {
        if (points === null) return;
        // In the middle of the widest gap.
        const edges = [0, ...points.map(([t]) => t), latest];
        let widest = 0;
        for (let i = 1; i + 1 < edges.length; i++) {
          if (edges[i + 1]! - edges[i]! > edges[widest + 1]! - edges[widest]!) widest = i;
        }
        addAt(0.5 * (edges[widest]! + edges[widest + 1]!), 1);
      },
    },
    'Add point',
  );
  const drop = element(
    'button',
    {
      type: 'button',
      onclick: () => {
        const focused = handles.findIndex(({ root }) => root === lastFocused);
        remove(focused >= 0 ? focused : (points?.length ?? 0) - 1);
      },
    },
    'Remove point',
  );
  let lastFocused: Element | null = null;
  area.addEventListener('focusin', (event) => {
    lastFocused = event.target as Element;
  });
  area.addEventListener('dblclick', (event) => {
    if (event.target !== area) return;
    const shape = area.getBoundingClientRect();
    const [low, high] = range();
    addAt(
      latest * (1 - (event.clientX - shape.left) / shape.width),
      high - ((event.clientY - shape.top) / shape.height) * (high - low),
    );
  });
  const note = element('p', { class: 'note' });
  const buttons = element('div', { class: 'row' }, add, drop);
  const build = (count: number): void => {
    for (const { root } of handles) root.remove();
    handles = Array.from({ length: count }, (_, i) =>
      handle(area, {
        name: `Point ${i + 1} of the schedule, arrow keys move it, Delete removes it`,
        className: 'handle-schedule',
        onDrag: (x, y, done) => {
          const [low, high] = range();
          move(i, latest * (1 - x), high - y * (high - low), done);
        },
        onStep: (right, up) => {
          const [t, w] = points![i]!;
          move(i, t - timeStep * right, w + strengthStep * up, true);
        },
        onRemove: () => {
          remove(i);
        },
      }),
    );
  };
  new ResizeObserver(draw).observe(box);
  onTheme(draw);
  return {
    root: element('div', { class: 'field' }, box, buttons, note),
    setPoints: (next) => {
      points = next;
      if (handles.length !== (next?.length ?? 0)) build(next?.length ?? 0);
      box.classList.toggle('editable', next !== null);
      buttons.style.display = next === null ? 'none' : '';
      setText(
        note,
        next === null ? '' : 'Drag the points, or move them with the arrow keys; a double click adds one.',
      );
      draw();
    },
    setCurve: (t, w) => {
      curve = { t, w };
      draw();
    },
  };
}

function drawCurve(
  canvas: HTMLCanvasElement,
  width: number,
  { t, w }: { t: readonly number[]; w: readonly number[] },
  [low, high]: readonly [number, number],
): void {
  const context = sharpContext(canvas, width, height);
  const known = colours();
  const [inner, tall] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  const x = (time: number) => margin.left + inner * (1 - time / latest);
  const y = (value: number) => margin.top + tall * (1 - (value - low) / (high - low));
  context.font = canvasFont(11);
  context.fillStyle = known.muted;
  context.strokeStyle = known.grid;
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of ticks(low, high, 4)) {
    const at = Math.round(y(value)) + 0.5;
    context.beginPath();
    context.moveTo(margin.left, at);
    context.lineTo(margin.left + inner, at);
    context.stroke();
    context.fillText(shown(value, 3), margin.left - 5, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const time of [0, 1, 2, 3, 4]) context.fillText(time === 2 ? 't' : String(time), x(time), height - 19);
  context.strokeStyle = known.guidance;
  context.lineWidth = 2;
  context.save();
  context.beginPath();
  context.rect(margin.left, margin.top - 2, inner, tall + 4);
  context.clip();
  context.beginPath();
  t.forEach((time, i) => {
    if (i === 0) context.moveTo(x(time), y(w[i]!));
    else context.lineTo(x(time), y(w[i]!));
  });
  context.stroke();
  context.restore();
}
