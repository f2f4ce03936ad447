import { onTheme } from './colours.ts';
import { element, inFrame, sharpContext } from './dom.ts';
import type { Box } from './plotFrame.ts';

/** A canvas that fills its parent's width, with the box of its plot. */
export interface CanvasView {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** The plot's box as an element: handles and pointers live in it. */
  readonly area: HTMLElement;
  readonly redraw: () => void;
}

/** Margins of a plot in CSS pixels. */
export interface Margins {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A canvas that is drawn again, in a frame, when its size or the theme changes. */
export function canvasView(
  id: string,
  height: number,
  margins: Margins,
  draw: (context: CanvasRenderingContext2D, box: Box) => void,
): CanvasView {
  const canvas = element('canvas', { id, role: 'img' });
  const area = element('div', { class: 'plane-area' });
  const root = element('div', { class: 'plane' }, canvas, area);
  root.style.height = `${height}px`;
  area.style.inset = `${margins.top}px ${margins.right}px ${margins.bottom}px ${margins.left}px`;
  const redraw = inFrame(() => {
    const width = root.clientWidth;
    if (width === 0) return;
    const context = sharpContext(canvas, width, height);
    draw(context, {
      left: margins.left,
      top: margins.top,
      width: width - margins.left - margins.right,
      height: height - margins.top - margins.bottom,
    });
  });
  new ResizeObserver(redraw).observe(root);
  onTheme(redraw);
  return { root, canvas, area, redraw };
}
