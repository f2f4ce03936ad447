import { shortNumber } from '../../figures/drawing/theme.ts';

/** Digits that read-outs show. */
export const shownDigits = 4;

/** A number as read-outs show it; a dash where it does not exist. */
export function shown(value: number | null | undefined, digits = shownDigits): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 2)).split('e');
    return `${Number(mantissa)}·10${superscript(Number(exponent))}`.replace('-', '−');
  }
  return shortNumber(value, digits);
}

function superscript(exponent: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return Array.from(String(exponent), (sign) => (sign === '-' ? '⁻' : digits[Number(sign)]!)).join('');
}

/** Round values for the ticks of an axis. */
export function ticks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / Math.max(1, count);
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = unit * ([1, 2, 5, 10].find((factor) => factor * unit >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
