import { element, setText } from '../drawing/dom.ts';
import { numberField } from './numberField.ts';

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
  const field = numberField({
    id: `${id}-number`,
    name: symbol ?? label,
    label: `${label}, number`,
    range,
    integer,
    onChange: (typed) => {
      value = typed;
      show();
      onChange(value, true);
    },
  });
  const below = element('p', { id: noteId, class: 'note' });
  let value = low;
  const show = (): void => {
    bar.value = String(toPosition(value));
    bar.setAttribute('aria-valuetext', String(value));
    bar.style.setProperty(
      '--filled',
      `${(100 * (toPosition(value) - Number(bar.min))) / (Number(bar.max) - Number(bar.min))}%`,
    );
    field.set(value);
    if (note) setText(below, note(value));
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
  const root = element(
    'div',
    { class: 'slider' },
    element('label', { for: id }, label, symbol === undefined ? null : element('var', {}, ` ${symbol}`)),
    field.input,
    bar,
    note ? below : null,
    field.error,
  );
  return {
    root,
    set: (next) => {
      value = next;
      show();
    },
    setEnabled: (enabled) => {
      bar.disabled = !enabled;
      field.setEnabled(enabled);
      root.classList.toggle('off', !enabled);
    },
  };
}
