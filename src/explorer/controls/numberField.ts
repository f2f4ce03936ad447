import { element, setText } from '../drawing/dom.ts';

/** A number that is typed. */
export interface NumberFieldOptions {
  readonly id: string;
  /** Name in the refusal of a value. */
  readonly name: string;
  /** Name that is read out; null: the field has a label of its own. */
  readonly label: string | null;
  readonly range: readonly [number, number];
  readonly integer?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number field and the refusal of what is typed in it. */
export interface NumberField {
  readonly input: HTMLInputElement;
  readonly error: HTMLElement;
  readonly set: (value: number) => void;
  readonly setEnabled: (enabled: boolean) => void;
}

/** A field that takes any number of its range and refuses others until it is left, which restores the last good one. */
export function numberField(options: NumberFieldOptions): NumberField {
  const { id, name, label, range, integer = false, onChange } = options;
  const [low, high] = range;
  let value = low;
  const error = element('p', { id: `${id}-error`, class: 'error', role: 'alert' });
  const input = element('input', {
    type: 'number',
    id,
    min: low,
    max: high,
    step: integer ? 1 : 'any',
    'aria-label': label,
    'aria-describedby': error.id,
    inputmode: 'decimal',
    oninput: () => {
      const typed = input.valueAsNumber;
      if (typed >= low && typed <= high && (!integer || Number.isInteger(typed))) {
        set(typed);
        onChange(typed);
        return;
      }
      input.setAttribute('aria-invalid', 'true');
      setText(error, `${name} must be ${integer ? 'an integer ' : ''}from ${low} to ${high}`);
    },
    onblur: () => {
      set(value);
    },
  });
  function set(next: number): void {
    value = next;
    if (document.activeElement !== input || Number(input.value) !== value) input.value = String(value);
    setText(error, '');
    input.removeAttribute('aria-invalid');
  }
  set(value);
  return {
    input,
    error,
    set,
    setEnabled: (enabled) => {
      input.disabled = !enabled;
    },
  };
}
