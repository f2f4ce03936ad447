import type { StructuredResult } from '../compute/protocol.ts';
import { list } from '../controls/choices.ts';
import { canvasView } from '../drawing/canvasView.ts';
import { colours } from '../drawing/colours.ts';
import { element, setText } from '../drawing/dom.ts';
import { hoverNote } from '../drawing/hoverNote.ts';
import { shown } from '../drawing/numbers.ts';
import { drawAxes, placesIn, type Axis, type Box } from '../drawing/plotFrame.ts';
import type { Store } from '../state/store.ts';
import { structuredLaw, structuredLaws } from '../state/structuredLaws.ts';
import type { Card } from './card.ts';
import { key } from './phaseDiagram.ts';

/** Structured classes: density of a coordinate with and without guidance, and m and v per band or level. */
export interface StructuredView {
  readonly show: (result: StructuredResult | null, refusal: string | null) => void;
}

/** Axis of the places, or an empty one. */
const axisX = (x: readonly number[]): Axis => ({
  range: [x[0] ?? -2, x.at(-1) ?? 4],
  title: 'coordinate × sign of the class centre',
});

/** View with a class law of its own, under the guidance of the page. */
export function structuredView(card: Card, store: Store): StructuredView {
  let result: StructuredResult | null = null;
  const view = canvasView(
    'structured-canvas',
    250,
    { left: 52, top: 10, right: 12, bottom: 44 },
    (context, box) => {
      draw(context, box, result ?? { x: [], density: [], classDensity: [] });
    },
  );
  view.canvas.setAttribute(
    'aria-label',
    'Density of a coordinate of guided samples, and of the class itself',
  );
  hoverNote(view.root, view.area, (across) => {
    if (result === null || result.x.length === 0) return null;
    const i = Math.round(across * (result.x.length - 1));
    return `x = ${shown(result.x[i], 3)}: guided ${shown(result.density[i], 3)}, class itself ${shown(result.classDensity[i], 3)}`;
  });
  const law = list(
    'structured-law',
    'Classes',
    structuredLaws.map(({ id, title }) => ({ name: id, title })),
    (id) => {
      store.change({ law: id }, true);
    },
  );
  const table = element('table', { class: 'parts', id: 'structured-parts' });
  const follow = (): void => {
    law.set(store.state().law);
  };
  store.onChange((_, changed) => {
    if (changed('law')) follow();
  });
  follow();
  card.body.append(
    view.root,
    element(
      'div',
      { class: 'structured-side' },
      law.root,
      element(
        'ul',
        { class: 'legend' },
        element('li', {}, key('', 'var(--m)'), 'guided'),
        element('li', {}, key('dashed', 'var(--reference)'), 'the class itself (w = 0)'),
      ),
      table,
    ),
  );
  return {
    show: (next, refusal) => {
      result = next;
      if (next === null) {
        table.replaceChildren();
        setText(card.caption, refusal ?? '');
      } else {
        table.replaceChildren(...rows(next));
        const sentence = structuredLaw(next.law)?.sentence ?? '';
        const condensed = 'The other classes condense while they still dominate: the equations do not close.';
        setText(card.caption, next.phase === 'condensed' ? condensed : sentence);
      }
      view.canvas.dataset['mode'] = shown(next === null ? null : modeOf(next));
      view.redraw();
    },
  };
}

/** Place of the largest density. */
function modeOf({ x, density }: StructuredResult): number | null {
  return x[density.indexOf(Math.max(...density))] ?? null;
}

function rows({ parts, hasLevels, m, v, phase }: StructuredResult): HTMLElement[] {
  const cell = (text: string) => element('td', {}, text);
  const row = (name: string, ...texts: string[]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...texts.map(cell));
  const time = (value: number | null) =>
    value === null && phase !== 'condensed' ? 'none' : value === Infinity ? 'from the start' : shown(value);
  const head = hasLevels ? ['level', 'm', 'v', 'time t*'] : ['band', 'm', 'v', 'v/c', 'time t*'];
  return [
    element('caption', { class: 'hidden-text' }, `Order parameters of the parts: ${phase}`),
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...parts.map((part) =>
        hasLevels
          ? row(part.name, shown(part.m), '', time(part.speciationTime))
          : row(
              part.name,
              shown(part.m),
              shown(part.v),
              shown(part.v === null || part.c === null ? null : part.v / part.c),
              time(part.speciationTime),
            ),
      ),
      ...(hasLevels ? [row('in all', shown(m), shown(v), '')] : []),
    ),
  ];
}

function draw(
  context: CanvasRenderingContext2D,
  box: Box,
  { x, density, classDensity }: Pick<StructuredResult, 'x' | 'density' | 'classDensity'>,
): void {
  const known = colours();
  const top = x.length === 0 ? 1 : 1.06 * Math.max(...density, ...classDensity);
  const [across, up] = [axisX(x), { range: [0, top], title: 'density' } satisfies Axis];
  const places = placesIn(box, across, up);
  drawAxes(context, box, across, up, true);
  if (x.length === 0) return;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  for (const [values, colour, dash] of [
    [classDensity, known.reference, [7, 5]],
    [density, known.m, []],
  ] as const) {
    context.beginPath();
    values.forEach((value, i) => {
      const [left, height] = [places.x(x[i]!), places.y(value)];
      if (i === 0) context.moveTo(left, height);
      else context.lineTo(left, height);
    });
    context.strokeStyle = colour;
    context.lineWidth = 2.2;
    context.setLineDash(dash);
    context.stroke();
    if (dash.length > 0) continue;
    context.lineTo(places.x(x.at(-1)!), places.y(0));
    context.lineTo(places.x(x[0]!), places.y(0));
    context.globalAlpha = 0.13;
    context.fillStyle = colour;
    context.fill();
  }
  context.restore();
}
