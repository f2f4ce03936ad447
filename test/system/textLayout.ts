import type { BrowserContext, Page } from 'playwright-core';

/**
 * Records the texts that a page draws on its canvases, so that {@link textFaults} sees them. Call it before the page opens. As
 * a string, which nothing transforms.
 */
export async function watchCanvasText(context: BrowserContext): Promise<void> {
  await context.addInitScript(`(() => {
    const drawn = new WeakMap();
    window.canvasTexts = (canvas) => drawn.get(canvas) ?? [];
    const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...args) {
      drawn.set(this.canvas, []);
      return clearRect.apply(this, args);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      const size = this.measureText(text);
      const matrix = this.getTransform();
      const corners = [
        [x - size.actualBoundingBoxLeft, y - size.actualBoundingBoxAscent],
        [x + size.actualBoundingBoxRight, y - size.actualBoundingBoxAscent],
        [x - size.actualBoundingBoxLeft, y + size.actualBoundingBoxDescent],
        [x + size.actualBoundingBoxRight, y + size.actualBoundingBoxDescent],
      ].map(([a, b]) => matrix.transformPoint(new DOMPoint(a, b)));
      const list = drawn.get(this.canvas) ?? [];
      list.push({
        text,
        left: Math.min(...corners.map((corner) => corner.x)),
        right: Math.max(...corners.map((corner) => corner.x)),
        top: Math.min(...corners.map((corner) => corner.y)),
        bottom: Math.max(...corners.map((corner) => corner.y)),
      });
      drawn.set(this.canvas, list);
      return fillText.apply(this, [text, x, y]);
    };
  })()`);
}

/**
 * Visible texts that lie on each other, or are cut by a box, a canvas or the window: of the document, its fields, and, where
 * {@link watchCanvasText} has recorded them, its canvases. Each is a line for a reader.
 */
export async function textFaults(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const faults = [];
    const boxes = [];
    const name = (text) => '"' + text.trim().replace(/\\s+/g, ' ').slice(0, 40) + '"';
    const seen = (element) => {
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      for (let one = element; one !== null; one = one.parentElement) {
        const style = getComputedStyle(one);
        if (style.clipPath.startsWith('inset') || one.getBoundingClientRect().right < 0) return false;
      }
      return true;
    };
    const add = (owner, text, box, from) => {
      let { left, right, top, bottom } = box;
      for (let one = from; one !== null && one !== document.documentElement; one = one.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(one);
        if (overflowX === 'visible' && overflowY === 'visible') continue;
        const edge = one.getBoundingClientRect();
        // What a box scrolls out of sight is not there; what it cuts is.
        const scrolls = /auto|scroll/.test(overflowY);
        if (scrolls && (bottom <= edge.top + 1 || top >= edge.bottom - 1)) return;
        if (left < edge.left - 1 || right > edge.right + 1 || (!scrolls && (top < edge.top - 1 || bottom > edge.bottom + 1)))
          faults.push(name(text) + ' is cut by ' + one.tagName.toLowerCase() + '.' + one.className);
        top = Math.max(top, edge.top);
        bottom = Math.min(bottom, edge.bottom);
      }
      if (left < -1 || right > document.documentElement.clientWidth + 1) faults.push(name(text) + ' is cut by the window');
      if (bottom - top > 2) boxes.push({ owner, text, left, right, top, bottom });
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (node.data.trim() === '' || parent === null || !seen(parent) || parent.closest('select') !== null) continue;
      range.selectNodeContents(node);
      for (const { left, right, top, bottom } of range.getClientRects()) {
        // A line's box is taller than its letters.
        const room = 0.16 * (bottom - top);
        add(node, node.data, { left, right, top: top + room, bottom: bottom - room }, parent);
      }
    }
    const pen = document.createElement('canvas').getContext('2d');
    for (const field of document.querySelectorAll('select, input[type=number], input[type=text]')) {
      if (!seen(field)) continue;
      const style = getComputedStyle(field);
      const text = field.tagName === 'SELECT' ? (field.selectedOptions[0]?.text ?? '') : field.value;
      pen.font = style.font;
      const arrow = field.tagName === 'SELECT' ? 16 : 0;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
      if (pen.measureText(text).width > room + 1) faults.push(name(text) + ' is cut by its field ' + field.id);
    }
    for (const canvas of document.querySelectorAll('canvas')) {
      if (!seen(canvas)) continue;
      const place = canvas.getBoundingClientRect();
      const [across, up] = [place.width / canvas.width, place.height / canvas.height];
      for (const one of window.canvasTexts?.(canvas) ?? []) {
        const box = {
          left: place.left + one.left * across,
          right: place.left + one.right * across,
          top: place.top + one.top * up,
          bottom: place.top + one.bottom * up,
        };
        if (box.left < place.left - 0.5 || box.right > place.right + 0.5 || box.top < place.top - 0.5 || box.bottom > place.bottom + 0.5)
          faults.push(name(one.text) + ' is cut by its canvas in ' + (canvas.closest('[id]')?.id ?? ''));
        add(one, one.text, box, canvas.parentElement);
      }
    }
    for (let i = 0; i < boxes.length; i++) {
      for (let k = i + 1; k < boxes.length; k++) {
        const [a, b] = [boxes[i], boxes[k]];
        if (a.owner === b.owner) continue;
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 1.5 && height > 2) faults.push(name(a.text) + ' lies on ' + name(b.text));
      }
    }
    return faults;
  })()`)) as string[];
}
