import { element } from '../drawing/dom.ts';

/** Callbacks and label of a handle on a drawing. */
export interface HandleOptions {
  readonly name: string;
  readonly className: string;
  /** Called with a place in the drawing, as shares of its width and height from the upper left corner. */
  readonly onDrag: (x: number, y: number, done: boolean) => void;
  /** Called with steps by arrow keys: +1 right or up; ten with shift. */
  readonly onStep: (right: number, up: number) => void;
  readonly onRemove?: () => void;
}

/** A button on a drawing that is dragged with a pointer and moved with the arrow keys. */
export interface Handle {
  readonly root: HTMLButtonElement;
  readonly place: (x: number, y: number, spoken: string) => void;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Makes a handle in an area: an element whose box is the plot's. */
export function handle(area: HTMLElement, options: HandleOptions): Handle {
  const { name, className, onDrag, onStep, onRemove } = options;
  const root = element('button', { type: 'button', class: `handle ${className}`, 'aria-label': name });
  root.addEventListener('keydown', (event) => {
    const step = arrows[event.key];
    if (step !== undefined) {
      const size = event.shiftKey ? 10 : 1;
      onStep(step[0] * size, step[1] * size);
      event.preventDefault();
    } else if (onRemove && (event.key === 'Delete' || event.key === 'Backspace')) {
      onRemove();
      event.preventDefault();
    }
  });
  dragIn(area, root, onDrag);
  area.append(root);
  return {
    root,
    place: (x, y, spoken) => {
      root.style.left = `${100 * x}%`;
      root.style.top = `${100 * y}%`;
      root.setAttribute('aria-label', `${name}: ${spoken}`);
    },
  };
}

/** Follows a pointer that goes down on `grip`, wherever it moves; places are shares of the area, kept inside it. */
export function dragIn(
  area: HTMLElement,
  grip: HTMLElement,
  onDrag: (x: number, y: number, done: boolean) => void,
): void {
  let dragging: number | null = null;
  const report = (event: PointerEvent, done: boolean): void => {
    const box = area.getBoundingClientRect();
    const share = (value: number) => Math.min(1, Math.max(0, value));
    onDrag(
      share((event.clientX - box.left) / box.width),
      share((event.clientY - box.top) / box.height),
      done,
    );
  };
  grip.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    dragging = event.pointerId;
    grip.setPointerCapture(event.pointerId);
    report(event, false);
  });
  grip.addEventListener('pointermove', (event) => {
    if (event.pointerId === dragging) report(event, false);
  });
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== dragging) return;
    dragging = null;
    report(event, true);
  };
  grip.addEventListener('pointerup', end);
  grip.addEventListener('pointercancel', end);
}
