import type { Page } from 'playwright-core';

/** Measurements of an image of a figure, where a browser has drawn it. */
export interface Measured {
  readonly outside: readonly string[];
  readonly overlapping: readonly string[];
  /** Smallest letters in points on paper. */
  readonly smallest: number;
  readonly emptyPanels: number;
  readonly panels: number;
  /** Millimetres on paper. */
  readonly width: number;
  readonly height: number;
}

/** Texts that leave the drawing or lie on each other, the smallest letters in points on paper, and panels without marks. */
export async function measureSvg(tab: Page, source: string): Promise<Measured> {
  await tab.setContent(`<!doctype html><style>body { margin: 0 }</style>${source}`);
  return tab.evaluate(() => {
    const svg = document.querySelector('svg')!;
    const frame = svg.getBoundingClientRect();
    const [width, height] = [parseFloat(svg.getAttribute('width')!), parseFloat(svg.getAttribute('height')!)];
    const pointsPerPixel = ((width / 25.4) * 72) / frame.width;
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '');
    const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    const margin = 0.5;
    const outside = boxes.filter(
      ({ box }) =>
        box.left < frame.left - margin ||
        box.right > frame.right + margin ||
        box.top < frame.top - margin ||
        box.bottom > frame.bottom + margin,
    );
    const overlapping: string[] = [];
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Boxes are taller than letters.
        const letters = 0.55 * Math.min(a.box.height, b.box.height, a.box.width, b.box.width);
        if (across > 1 && down > letters) overlapping.push(`${a.text} on ${b.text}`);
      }
    });
    const scale = frame.width / svg.viewBox.baseVal.width;
    const sizes = texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale * pointsPerPixel);
    const panels = [...svg.querySelectorAll('.cartesianlayer > .subplot')];
    const isEmpty = (panel: Element) =>
      panel.querySelector('.scatterlayer path, .heatmaplayer image, .contourlayer path') === null;
    return {
      outside: outside.map(({ text }) => text),
      overlapping,
      smallest: Math.min(...sizes),
      emptyPanels: panels.filter(isEmpty).length,
      panels: panels.length,
      width,
      height,
    };
  });
}
