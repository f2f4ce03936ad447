import { element } from '../drawing/dom.ts';

/** An option of a choice. */
export interface Choice<Name extends string> {
  readonly name: Name;
  readonly title: string;
}

/** A control that shows and changes one of several names. */
export interface Chooser<Name extends string> {
  readonly root: HTMLElement;
  readonly set: (name: Name) => void;
}

/** A row of radio buttons that looks like one switch. */
export function choices<Name extends string>(
  id: string,
  legend: string,
  options: readonly Choice<Name>[],
  onChange: (name: Name) => void,
): Chooser<Name> {
  const inputs = options.map(({ name }) =>
    element('input', {
      type: 'radio',
      name: id,
      id: `${id}-${name}`,
      value: name,
      onchange: () => {
        onChange(name);
      },
    }),
  );
  const segments = options.flatMap(({ name, title }, i) => [
    inputs[i]!,
    element('label', { for: `${id}-${name}` }, title),
  ]);
  return {
    root: element(
      'fieldset',
      { class: 'choices' },
      element('legend', {}, legend),
      element('div', { class: 'segments' }, ...segments),
    ),
    set: (name) => {
      for (const input of inputs) input.checked = input.value === name;
    },
  };
}

/** A select with a label. */
export function list<Name extends string>(
  id: string,
  label: string,
  options: readonly Choice<Name>[],
  onChange: (name: Name) => void,
): Chooser<Name> {
  const select = element(
    'select',
    {
      id,
      onchange: () => {
        onChange(select.value as Name);
      },
    },
    ...options.map(({ name, title }) => element('option', { value: name }, title)),
  );
  return {
    root: element('div', { class: 'field' }, element('label', { for: id }, label), select),
    set: (name) => {
      select.value = name;
    },
  };
}
