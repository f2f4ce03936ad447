import type { PlaneMoments, PlanePoint, SampleResult } from '../compute/protocol.ts';
import { colours } from '../drawing/colours.ts';
import { element, setText } from '../drawing/dom.ts';
import { shown } from '../drawing/numbers.ts';
import { canvasView } from '../drawing/canvasView.ts';
import type { Card } from './card.ts';
import { key } from './phaseDiagram.ts';
import { hoverNote } from '../drawing/hoverNote.ts';
import { drawAxes, placesIn, valueAt, type Axis, type Places } from '../drawing/plotFrame.ts';

/** Samples of the class and guided ones in the plane of the class direction and another. */
export interface SamplesView {
  readonly show: (result: SampleResult | null, refusal: string | null) => void;
}

/** Points of both kinds, with ellipses of two standard deviations. */
export function samplesView(card: Card, sigma2: () => number): SamplesView {
  let result: SampleResult | null = null;
  let axes: { readonly x: Axis; readonly y: Axis } = { x: emptyAxis, y: emptyAxis };
  const view = canvasView(
    'samples-canvas',
    330,
    { left: 52, top: 10, right: 12, bottom: 44 },
    (context, box) => {
      if (result === null) return;
      const { truthMoments, guidedMoments } = result;
      const spread = 3.4 * Math.sqrt(Math.max(sigma2(), truthMoments.along, guidedMoments.across));
      const middle = 0.5 * guidedMoments.mean;
      // One unit is the same length along both axes.
      const unit = Math.max((2 * (spread + Math.abs(middle))) / box.width, (2 * spread) / box.height);
      const x: Axis = {
        range: [middle - 0.5 * unit * box.width, middle + 0.5 * unit * box.width],
        title: 'along the class direction',
      };
      const y: Axis = {
        range: [-0.5 * unit * box.height, 0.5 * unit * box.height],
        title: 'a random direction',
      };
      axes = { x, y };
      drawAxes(context, box, x, y);
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.width, box.height);
      context.clip();
      const places = placesIn(box, x, y);
      const known = colours();
      dots(context, places, result.truth, known.reference, false);
      dots(context, places, result.guided, known.m, true);
      ellipse(context, places, result.truthMoments, known.reference, [6, 5]);
      ellipse(context, places, result.guidedMoments, known.m, []);
      context.restore();
    },
  );
  hoverNote(view.root, view.area, (x, y) => {
    const { x: across, y: up } = axes;
    return result === null
      ? null
      : `along ${shown(valueAt(across, x), 3)}, across ${shown(valueAt(up, 1 - y), 3)}`;
  });
  view.canvas.setAttribute('aria-label', 'Scatter of samples of the class and of guided samples');
  card.body.append(
    view.root,
    element(
      'ul',
      { class: 'legend' },
      element('li', {}, key('ring', 'var(--reference)'), 'the class itself'),
      element('li', {}, key('dot', 'var(--m)'), 'guided samples; ellipses: 2 standard deviations'),
    ),
  );
  return {
    show: (next, refusal) => {
      if (next === null) {
        if (refusal !== null) setText(card.caption, refusal);
        return;
      }
      result = next;
      const { guidedMoments: guided, theory, source, dimension } = next;
      setText(
        card.caption,
        `From the centre of the class. Variance over σ²: ${shown(guided.along / sigma2(), 3)} along the class direction (theory ${ratio(theory?.along, sigma2())}), ` +
          `${shown(guided.across / sigma2(), 3)} across it (theory ${ratio(theory?.across, sigma2())}). ` +
          `d = ${dimension}, ${source === 'full' ? 'explicit classes' : 'averaged classes'}.`,
      );
      view.canvas.dataset['along'] = shown(guided.along);
      view.redraw();
    },
  };
}

const emptyAxis: Axis = { range: [0, 1], title: '' };

function ratio(value: number | null | undefined, unit: number): string {
  return value === null || value === undefined ? '–' : shown(value / unit, 3);
}

function dots(
  context: CanvasRenderingContext2D,
  places: Places,
  points: readonly PlanePoint[],
  colour: string,
  filled: boolean,
): void {
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.globalAlpha = filled ? 0.7 : 0.6;
  context.lineWidth = 1;
  for (const [along, across] of points) {
    context.beginPath();
    context.arc(places.x(along), places.y(across), filled ? 2.2 : 2.6, 0, 2 * Math.PI);
    if (filled) context.fill();
    else context.stroke();
  }
  context.globalAlpha = 1;
}

function ellipse(
  context: CanvasRenderingContext2D,
  places: Places,
  { mean, along, across }: PlaneMoments,
  colour: string,
  dash: number[],
): void {
  const unit = Math.abs(places.x(1) - places.x(0));
  const vertical = Math.abs(places.y(1) - places.y(0));
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.setLineDash(dash);
  context.beginPath();
  context.ellipse(
    places.x(mean),
    places.y(0),
    2 * unit * Math.sqrt(along),
    2 * vertical * Math.sqrt(across),
    0,
    0,
    2 * Math.PI,
  );
  context.stroke();
  context.setLineDash([]);
}
