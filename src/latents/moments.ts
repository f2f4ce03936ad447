import { ParameterError, requireMembers } from '../numerics/checks.ts';
import type { Latents } from './reading/latents.ts';

/** Count, mean and scatter sum (x - mean)(x - mean)^T of samples, the scatter d x d. */
export interface SampleMoments {
  readonly count: number;
  readonly mean: Float64Array;
  readonly scatter: Float64Array;
}

/** Moments of a class: of the samples that fit it, and of those that are held out. */
export interface ClassMoments {
  readonly label: string;
  readonly fitted: SampleMoments;
  readonly heldOut: SampleMoments;
}

/** Every fifth sample of a class is held out of the fit that chooses a model. */
const everyHeldOut = 5;
/** Fewest samples of a class. */
export const fewestSamples = 5;
const mostListed = 5;

/** Sums about a common shift. */
class Sums {
  count = 0;
  readonly first: Float64Array;
  readonly second: Float64Array;

  constructor(dimension: number) {
    this.first = new Float64Array(dimension);
    this.second = new Float64Array(dimension * dimension);
  }

  add(x: Float64Array): void {
    const { first, second } = this;
    const d = first.length;
    this.count++;
    for (let i = 0; i < d; i++) {
      const one = x[i]!;
      first[i]! += one;
      const row = i * d;
      for (let j = 0; j <= i; j++) second[row + j]! += one * x[j]!;
    }
  }

  moments(shift: Float64Array): SampleMoments {
    const { count, first, second } = this;
    const d = first.length;
    const scatter = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const entry = count === 0 ? 0 : second[i * d + j]! - (first[i]! * first[j]!) / count;
        scatter[i * d + j] = entry;
        scatter[j * d + i] = entry;
      }
    }
    return { count, mean: first.map((sum, i) => shift[i]! + (count === 0 ? 0 : sum / count)), scatter };
  }
}

/**
 * Moments of every class in one pass, the classes in the order of their labels (numbers by value). Memory: K d^2 numbers, whatever the file's
 * length.
 * @throws ParameterError for rows that are not numbers (how many, and the first), one class alone, or classes of fewer than 5 samples
 */
export function classMoments(latents: Latents): ClassMoments[] {
  requireMembers('latents', latents, { dimension: 'number', scan: 'function' });
  const { dimension: d } = latents;
  const classes = new Map<string, { seen: number; fitted: Sums; heldOut: Sums }>();
  const shift = new Float64Array(d);
  const x = new Float64Array(d);
  let [row, bad, firstBad, hasShift] = [0, 0, 0, false];
  latents.scan((values, labels, count) => {
    for (let n = 0; n < count; n++, row++) {
      let sum = 0;
      for (let i = 0; i < d; i++) sum += values[n * d + i]!;
      if (!Number.isFinite(sum)) {
        if (bad++ === 0) firstBad = row;
        continue;
      }
      // About a point among the data, squares lose no digits.
      if (!hasShift) for (let i = 0; i < d; i++) shift[i] = values[n * d + i]!;
      hasShift = true;
      for (let i = 0; i < d; i++) x[i] = values[n * d + i]! - shift[i]!;
      const label = String(labels[n]);
      let own = classes.get(label);
      if (own === undefined)
        classes.set(label, (own = { seen: 0, fitted: new Sums(d), heldOut: new Sums(d) }));
      (++own.seen % everyHeldOut === 0 ? own.heldOut : own.fitted).add(x);
    }
  });
  if (bad > 0)
    throw new ParameterError('file', 'rows of finite numbers', `${bad} others, the first in row ${firstBad}`);
  if (classes.size < 2) throw new ParameterError('labels', 'of two classes or more', `${classes.size}`);
  const sorted = [...classes].sort(([a], [b]) => byLabel(a, b));
  const small = sorted.filter(([, { seen }]) => seen < fewestSamples);
  if (small.length > 0) {
    const listed = small.slice(0, mostListed).map(([label, { seen }]) => `${label} (${seen})`);
    const more = small.length > mostListed ? ` and ${small.length - mostListed} more` : '';
    throw new ParameterError(
      'labels',
      `of at least ${fewestSamples} samples a class`,
      `${listed.join(', ')}${more}`,
    );
  }
  return sorted.map(([label, { fitted, heldOut }]) => ({
    label,
    fitted: fitted.moments(shift),
    heldOut: heldOut.moments(shift),
  }));
}

function byLabel(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isFinite(x) && Number.isFinite(y)) return x - y;
  return a < b ? -1 : 1;
}

/** Moments of two samples together. */
export function joined(a: SampleMoments, b: SampleMoments): SampleMoments {
  const count = a.count + b.count;
  const d = a.mean.length;
  const share = count === 0 ? 0 : b.count / count;
  const step = a.mean.map((one, i) => b.mean[i]! - one);
  const factor = a.count * share;
  const scatter = a.scatter.map(
    (one, ij) => one + b.scatter[ij]! + factor * step[Math.floor(ij / d)]! * step[ij % d]!,
  );
  return { count, mean: a.mean.map((one, i) => one + share * step[i]!), scatter };
}
