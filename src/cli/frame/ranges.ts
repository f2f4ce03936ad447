import { ParameterError } from '../../numerics/checks.ts';

/** A decimal number; anything else, 0x10, NaN and empty text included, is refused. */
export function parseNumber(parameter: string, text: string): number {
  const value = /^\s*0[box]|^\s*$/i.test(text) ? NaN : Number(text);
  if (!Number.isFinite(value))
    throw new ParameterError(parameter, 'a finite number', text, numberAdvice(text));
  return value;
}

function numberAdvice(text: string): string | undefined {
  if (!/^\s*[-+]?[\d.]+[,:]/.test(text)) return undefined;
  return text.includes(':') ? 'one number, not a range' : 'one number, with a point before its decimals';
}

/** A class rate: a number >= 0, or "infinity". */
export function parseRate(parameter: string, text: string): number {
  if (/^inf(inity)?$/i.test(text.trim())) return Infinity;
  const value = parseNumber(parameter, text);
  if (value < 0) throw new ParameterError(parameter, 'a finite number >= 0, or infinity', text);
  return value;
}

const mostValues = 100_000;

/**
 * A range: `start:stop:count` (inclusive, linear), `start:stop:count:log` (geometric), or a comma list; the values
 * must increase.
 */
export function parseRange(parameter: string, text: string): number[] {
  if (text.trim() === '') throw new ParameterError(parameter, 'start:stop:count[:log] or a comma list', text);
  const values = text.includes(':')
    ? spaced(parameter, text)
    : text.split(',').map((part) => parseNumber(parameter, part));
  values.forEach((value, i) => {
    if (i > 0 && !(value > values[i - 1]!)) throw new ParameterError(parameter, 'increasing', text);
  });
  return values;
}

function spaced(parameter: string, text: string): number[] {
  const [startText, stopText, countText, kind, ...rest] = text.split(':');
  if (countText === undefined || rest.length > 0 || (kind !== undefined && kind !== 'log')) {
    throw new ParameterError(parameter, 'start:stop:count[:log] or a comma list', text);
  }
  const start = parseNumber(parameter, startText!);
  const stop = parseNumber(parameter, stopText!);
  const count = parseNumber(parameter, countText);
  if (!Number.isInteger(count) || count < 1 || count > mostValues) {
    throw new ParameterError(parameter, `a range with an integer count in [1, ${mostValues}]`, text);
  }
  if (count === 1) {
    if (start !== stop)
      throw new ParameterError(parameter, 'a range with start = stop when its count is 1', text);
    return [start];
  }
  if (!(stop > start)) throw new ParameterError(parameter, 'a range with stop > start', text);
  if (kind === 'log') {
    if (start <= 0) throw new ParameterError(parameter, 'a logarithmic range with start > 0', text);
    const ratio = Math.log(stop / start) / (count - 1);
    return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : start * Math.exp(ratio * i)));
  }
  // Ends exactly on `stop`; decimal steps come out as decimals (0.1 + 0.2 does not become 0.30000000000000004).
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? stop : Number((start + step * i).toPrecision(15)),
  );
}
