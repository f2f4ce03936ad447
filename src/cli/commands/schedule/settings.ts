import { ParameterError } from '../../../numerics/checks.ts';
import type { RawOptions } from '../../options.ts';
import { parseNumber } from '../../ranges.ts';

/** Reads an option of the form key=value,key=value; empty if it is not given. */
export function readSettingTexts(raw: RawOptions, key: string, option: string): Record<string, string> {
  const text = raw[key];
  if (typeof text !== 'string') return {};
  const settings: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [name, value, ...rest] = part.split('=').map((piece) => piece.trim());
    if (name === undefined || name === '' || value === undefined || rest.length > 0) {
      throw new ParameterError(option, 'key=value,key=value', text);
    }
    if (Object.hasOwn(settings, name))
      throw new ParameterError(option, 'a list that names no key twice', text);
    settings[name] = value;
  }
  return settings;
}

/** {@link readSettingTexts} for numeric values. */
export function readSettings(raw: RawOptions, key: string, option: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(readSettingTexts(raw, key, option)).map(([name, text]) => [
      name,
      parseNumber(`${option} ${name}`, text),
    ]),
  );
}
