import { element, setText } from '../drawing/dom.ts';

/** A quantity that a slider sets. */
export interface SliderOptions {
  readonly id: string;
  readonly label: string;
  /** Symbol beside the label. */
  readonly symbol?: string;
  readonly range: readonly [number, number];
  readonly step: number;
  /** The slider moves evenly in the logarithm. */
  readonly logarithmic?: boolean;
  readonly integer?: boolean;
  /** Text below the slider, from the value. */
  readonly note?: (value: number) => string;
  /** @param done false while a slider is dragged */
  readonly onChange: (value: number, done: boolean) => void;
}

/** A slider with a number field, for one value. */
export interface Slider {
  readonly root: HTMLElement;
  readonly set: (value: number) => void;
  readonly setEnabled: (enabled: boolean) => void;
}

const positions = 1000;

/** Slider and number field of one quantity; the field takes any value in the range, the slider round ones. */
export function slider(options: SliderOptions): Slider {
  const { id, label, symbol, range, step, logarithmic = false, integer = false, note, onChange } = options;
  const [low, high] = range;
  const noteId = `${id}-note`;
  const errorId = `${id}-error`;
  const toPosition = (value: number): number =>
    logarithmic ? (positions * Math.log(value / low)) / Math.log(high / low) : value;
  const fromPosition = (position: number): number => {
    if (!logarithmic) return position;
    const value = low * (high / low) ** (position / positions);
    return integer ? Math.round(value) : Number(value.toPrecision(3));
  };
  const bar = element('input', {
    type: 'range',
    id,
    min: logarithmic ? 0 : low,
    max: logarithmic ? positions : high,
    step: logarithmic ? 1 : step,
    'aria-describedby': note ? noteId : null,
  });
  const field = element('input', {
    type: 'number',
    id: `${id}-number`,
    min: low,
    max: high,
    step: integer ? 1 : 'any',
    'aria-label': `${label}, number`,
    'aria-describedby': errorId,
    inputmode: 'decimal',
  });
  const below = element('p', { id: noteId, class: 'note' });
  const error = element('p', { id: errorId, class: 'error', role: 'alert' });
  let value = low;
  const show = (): void => {
    bar.value = String(toPosition(value));
    bar.setAttribute('aria-valuetext', String(value));
    bar.style.setProperty(
      '--filled',
      `${(100 * (toPosition(value) - Number(bar.min))) / (Number(bar.max) - Number(bar.min))}%`,
    );
    if (document.activeElement !== field || Number(field.value) !== value) field.value = String(value);
    if (note) setText(below, note(value));
    setText(error, '');
    field.removeAttribute('aria-invalid');
  };
  const slide = (done: boolean): void => {
    value = Math.min(high, Math.max(low, fromPosition(Number(bar.value))));
    show();
    onChange(value, done);
  };
  bar.addEventListener('input', () => {
    slide(false);
  });
  bar.addEventListener('change', () => {
    slide(true);
  });
  field.addEventListener('input', () => {
    const typed = field.valueAsNumber;
    if (typed >= low && typed <= high && (!integer || Number.isInteger(typed))) {
      value = typed;
      show();
      onChange(value, true);
      return;
    }
    field.setAttribute('aria-invalid', 'true');
    setText(error, `${symbol ?? label} must be ${integer ? 'an integer ' : ''}from ${low} to ${high}`);
  });
  field.addEventListener('blur', show);
  const root = element(
    'div',
    { class: 'slider' },
    element('label', { for: id }, label, symbol === undefined ? null : element('var', {}, ` ${symbol}`)),
    field,
    bar,
    note ? below : null,
    error,
  );
  return {
    root,
    set: (next) => {
      if (next === value && field.value !== '') return;
      value = next;
      show();
    },
    setEnabled: (enabled) => {
      bar.disabled = !enabled;
      field.disabled = !enabled;
      root.classList.toggle('off', !enabled);
    },
  };
}
