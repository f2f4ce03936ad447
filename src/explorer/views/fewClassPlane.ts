import type { FewClassResult } from '../compute/protocol.ts';
import { list } from '../controls/choices.ts';
import { slider } from '../controls/slider.ts';
import { element, setText } from '../drawing/dom.ts';
import type { Store } from '../state/store.ts';
import { fewClassMixture, fewClassMixtures } from '../state/fewClassMixtures.ts';
import { canvasView } from '../drawing/canvasView.ts';
import type { Card } from './card.ts';
import { shown } from '../drawing/numbers.ts';
import { hoverNote } from '../drawing/hoverNote.ts';
import { colourAt } from '../drawing/colourScale.ts';
import { key } from './phaseDiagram.ts';
import { drawAxes, placesIn, type Axis, type Box } from '../drawing/plotFrame.ts';

/** A few classes in the plane: density of the guided output and paths. */
export interface FewClassView {
  readonly show: (result: FewClassResult) => void;
}

/** View with its own mixture and strength. */
export function fewClassView(card: Card, store: Store): FewClassView {
  let result: FewClassResult | null = null;
  let picture: HTMLCanvasElement | null = null;
  const view = canvasView('few-canvas', 320, { left: 46, top: 10, right: 12, bottom: 44 }, (context, box) => {
    if (result === null || picture === null) return;
    draw(context, box, result, picture);
  });
  view.canvas.setAttribute('aria-label', 'Density of the guided output in the plane, with paths of samples');
  hoverNote(view.root, view.area, (x, y) => {
    if (result === null) return null;
    const { width, height } = view.area.getBoundingClientRect();
    const side = Math.min(width, height);
    // The plot is a square in the middle of the area.
    const share = { x: (x * width - (width - side) / 2) / side, y: 1 - (y * height) / side };
    if (share.x < 0 || share.x >= 1 || share.y < 0 || share.y >= 1) return null;
    const [i, j] = [Math.floor(share.x * result.x.length), Math.floor(share.y * result.y.length)];
    const density = result.density[j * result.x.length + i]!;
    const largest = result.density.reduce((a, b) => Math.max(a, b), 0);
    return `x = ${shown(result.x[i], 3)}, y = ${shown(result.y[j], 3)}: ${shown(density / largest, 3)} of the largest density`;
  });
  const mixture = list(
    'few-mixture',
    'Mixture',
    fewClassMixtures.map(({ id, title }) => ({ name: id, title })),
    (preset) => {
      const largest = fewClassMixture(preset)?.largestW ?? 0;
      const { few } = store.state();
      store.change({ few: { preset, w: Math.min(few.w, largest) } }, true);
    },
  );
  const settings = element('div', { class: 'few-settings' }, mixture.root);
  let strength = strengthFor(store.state().few.preset);
  function strengthFor(preset: string) {
    const made = slider({
      id: 'few-w',
      label: 'guidance',
      symbol: 'w',
      range: [0, fewClassMixture(preset)?.largestW ?? 20],
      step: (fewClassMixture(preset)?.largestW ?? 20) / 100,
      onChange: (w, done) => {
        store.change({ few: { ...store.state().few, w } }, done);
      },
    });
    settings.querySelector('.slider')?.remove();
    settings.append(made.root);
    return made;
  }
  const follow = (): void => {
    const { few } = store.state();
    mixture.set(few.preset);
    strength.set(few.w);
    setText(
      card.caption,
      `${fewClassMixture(few.preset)?.sentence ?? ''} Density of the output in units of its largest value.`,
    );
  };
  let preset = store.state().few.preset;
  store.onChange((state, changed) => {
    if (!changed('few')) return;
    if (state.few.preset !== preset) {
      preset = state.few.preset;
      strength = strengthFor(preset);
    }
    follow();
  });
  follow();
  card.body.append(
    settings,
    view.root,
    element(
      'ul',
      { class: 'legend' },
      element('li', {}, key('', '#56b4e9'), 'paths of samples'),
      element('li', {}, element('span', { 'aria-hidden': 'true' }, '✕'), 'centres, bold: the guided class'),
    ),
  );
  return {
    show: (next) => {
      result = next;
      picture = pictureOf(next);
      view.canvas.dataset['peak'] = String(Math.max(...next.density));
      view.redraw();
    },
  };
}

function pictureOf({ x, y, density }: FewClassResult): HTMLCanvasElement {
  const made = document.createElement('canvas');
  made.width = x.length;
  made.height = y.length;
  const context = made.getContext('2d');
  if (context === null) return made;
  const image = context.createImageData(x.length, y.length);
  const largest = density.reduce((a, b) => Math.max(a, b), 0);
  for (let j = 0; j < y.length; j++) {
    for (let i = 0; i < x.length; i++) {
      const share = largest > 0 ? Math.sqrt(density[j * x.length + i]! / largest) : 0;
      const at = 4 * ((y.length - 1 - j) * x.length + i);
      image.data.set([...colourAt('cividis', share), 255], at);
    }
  }
  context.putImageData(image, 0, 0);
  return made;
}

function draw(
  context: CanvasRenderingContext2D,
  whole: Box,
  { x, y, centres, guidedClass, paths }: FewClassResult,
  picture: HTMLCanvasElement,
): void {
  const side = Math.min(whole.width, whole.height);
  const box = { ...whole, left: whole.left + (whole.width - side) / 2, width: side, height: side };
  const half = (values: readonly number[]) => 0.5 * ((values[1] ?? 1) - (values[0] ?? 0));
  const axis = (values: readonly number[], title: string): Axis => ({
    range: [values[0]! - half(values), values[values.length - 1]! + half(values)],
    title,
  });
  const [across, up] = [axis(x, 'x'), axis(y, 'y')];
  const places = placesIn(box, across, up);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, box.left, box.top, box.width, box.height);
  context.strokeStyle = '#56b4e9';
  context.fillStyle = '#ffffff';
  context.lineWidth = 1.2;
  for (const path of paths) {
    context.beginPath();
    path.forEach(([at, height], i) => {
      if (i === 0) context.moveTo(places.x(at), places.y(height));
      else context.lineTo(places.x(at), places.y(height));
    });
    context.stroke();
    const end = path[path.length - 1];
    if (end === undefined) continue;
    context.beginPath();
    context.arc(places.x(end[0]), places.y(end[1]), 2.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.strokeStyle = '#ffffff';
  centres.forEach(([at, height], k) => {
    const [left, top, size] = [places.x(at), places.y(height), 6];
    context.lineWidth = k === guidedClass ? 3.5 : 1.5;
    context.beginPath();
    context.moveTo(left - size, top - size);
    context.lineTo(left + size, top + size);
    context.moveTo(left + size, top - size);
    context.lineTo(left - size, top + size);
    context.stroke();
  });
  context.restore();
  drawAxes(context, box, across, up);
}
