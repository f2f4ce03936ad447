import { ParameterError, requireText } from '../numerics/checks.ts';
import { didYouMean } from '../numerics/spelling.ts';
import { marchenkoPasturBands, powerLawBands } from './spectra.ts';
import type { CentreLaw, ClassBand, ClassLevel, WeightedValue } from './classLaw.ts';

/**
 * Bands of a spectrum as text: RHO:C:WEIGHT with commas between bands, C also as values with | between them (equally likely, each class and
 * coordinate its own); power:EXPONENT:C[:BANDS]; marchenko-pastur:RATIO:C[:BANDS].
 * @param parameter name used in error messages
 * @throws ParameterError for a text that is none
 * @example parseSpectrum('1.5:0.4:0.5,0.5:0.1:0.5').length; // 2
 */
export function parseSpectrum(text: string, parameter = 'spectrum'): ClassBand[] {
  requireText(parameter, text);
  const [word = '', ...rest] = text.split(':').map((part) => part.trim());
  if (/^[a-z]/i.test(word)) {
    const known = ['power', 'marchenko-pastur'];
    if (!known.includes(word))
      throw new ParameterError(
        parameter,
        'RHO:C:WEIGHT,..., power:EXPONENT:C or marchenko-pastur:RATIO:C',
        text,
        didYouMean(word, known),
      );
    const [shape, c, bands, ...more] = rest.map((part) => numberIn(parameter, part, text));
    if (shape === undefined || c === undefined || more.length > 0)
      throw new ParameterError(
        parameter,
        word === 'power' ? 'power:EXPONENT:C[:BANDS]' : 'marchenko-pastur:RATIO:C[:BANDS]',
        text,
      );
    const number = bands === undefined ? {} : { bands };
    return word === 'power'
      ? powerLawBands({ exponent: shape, c, ...number }, parameter)
      : marchenkoPasturBands({ ratio: shape, c, ...number }, parameter);
  }
  return text.split(',').map((band) => {
    const parts = band.split(':');
    const [rho, c, weight] = parts;
    if (rho === undefined || c === undefined || weight === undefined || parts.length !== 3)
      throw new ParameterError(parameter, 'RHO:C:WEIGHT with commas between bands', text);
    const variances = c.split('|').map((one) => numberIn(parameter, one, text));
    return {
      rho: numberIn(parameter, rho, text),
      c: variances.length === 1 ? variances[0]! : equally(variances),
      weight: numberIn(parameter, weight, text),
    };
  });
}

/**
 * Levels of a hierarchy as text: ALPHA:R with commas between levels, the coarsest first.
 * @throws ParameterError for a text that is none
 * @example parseLevels('0.15:0.8,0.3:0.2')[1].r; // 0.2
 */
export function parseLevels(text: string, parameter = 'levels'): ClassLevel[] {
  requireText(parameter, text);
  return text.split(',').map((level) => {
    const parts = level.split(':');
    const [alpha, r] = parts;
    if (alpha === undefined || r === undefined || parts.length !== 2)
      throw new ParameterError(parameter, 'ALPHA:R with commas between levels', text);
    return { alpha: numberIn(parameter, alpha, text), r: numberIn(parameter, r, text) };
  });
}

/**
 * Law of a centre's coordinate as text: gaussian, signs, laplace, bernoulli-gauss:P.
 * @returns null for another text, which may name a file
 * @throws ParameterError for a share that is none
 */
export function parseCentreLaw(text: string, parameter = 'centres-law'): CentreLaw | null {
  requireText(parameter, text);
  const [word = '', share, ...more] = text.split(':').map((part) => part.trim());
  if ((word === 'gaussian' || word === 'signs' || word === 'laplace') && share === undefined)
    return { kind: word };
  if (word !== 'bernoulli-gauss') return null;
  if (share === undefined || more.length > 0)
    throw new ParameterError(parameter, 'bernoulli-gauss:P with P in (0, 1]', text);
  const value = numberIn(parameter, share, text);
  if (!(value > 0 && value <= 1))
    throw new ParameterError(parameter, 'bernoulli-gauss:P with P in (0, 1]', text);
  return { kind: word, share: value };
}

/**
 * Law of the values in a text, one a line or with commas or blanks between them: a sample, or VALUE:WEIGHT each for an alphabet.
 * @throws ParameterError for a text without numbers, or weights that do not sum to 1
 */
export function valuesLaw(text: string, parameter = 'centres-law'): CentreLaw {
  requireText(parameter, text);
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length === 0) throw new ParameterError(parameter, 'a file of numbers', text);
  const parts = entries.map((entry) => entry.split(':').map((part) => numberIn(parameter, part, entry)));
  const values = parts.every((part) => part.length === 1)
    ? equally(parts.map(([value]) => value!))
    : parts.map(([value, weight]) => ({ value: value!, weight: weight ?? NaN }));
  return { kind: 'values', values };
}

function equally(values: readonly number[]): WeightedValue[] {
  return values.map((value) => ({ value, weight: 1 / values.length }));
}

function numberIn(parameter: string, part: string, text: string): number {
  const value = part.trim() === '' ? NaN : Number(part);
  if (!Number.isFinite(value)) throw new ParameterError(parameter, 'made of finite numbers', text);
  return value;
}
