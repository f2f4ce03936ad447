import { element, setText } from './dom.ts';

/**
 * A note beside the pointer that says what is under it.
 * @param area the plot's box in `plane`
 * @param describe words for a place, as shares of the area from its upper left corner; null: nothing
 */
export function hoverNote(
  plane: HTMLElement,
  area: HTMLElement,
  describe: (x: number, y: number) => string | null,
): void {
  const note = element('p', { class: 'hover-note', hidden: true, 'aria-hidden': 'true' });
  plane.append(note);
  area.addEventListener('pointermove', (event) => {
    const box = area.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const inside = x >= 0 && x <= 1 && y >= 0 && y <= 1;
    const text = inside ? describe(x, y) : null;
    note.hidden = text === null;
    if (text === null) return;
    setText(note, text);
    const { width, height, left, top } = plane.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    // Above the pointer where there is room, and within the plane.
    const room = Math.max(0, width - note.offsetWidth);
    note.style.left = `${Math.min(room, Math.max(0, at.x - note.offsetWidth / 2))}px`;
    const above = at.y - note.offsetHeight - 14;
    note.style.top = `${above >= 0 ? above : Math.min(height - note.offsetHeight, at.y + 20)}px`;
  });
  area.addEventListener('pointerleave', () => {
    note.hidden = true;
  });
}
