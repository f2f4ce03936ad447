import { NumericalFailure } from '../../numerics/checks.ts';
import { placeCentres } from '../../particles/engine/engine.ts';
import type { ClassKernel } from '../../particles/kernels/kernel.ts';
import type { ParticleOptions, ParticleProblem } from '../../particles/problem/problem.ts';
import { classCountOrNull, logClassCount } from '../../particles/problem/problem.ts';

/** Limits on the work that a page gives a browser. */
export const particleLimits = {
  /** Bytes of the class centres and the data kept about them. */
  bytes: 512 * 2 ** 20,
  /** Largest estimated duration of the full simulation, seconds. */
  seconds: 600,
  /** Largest estimated duration for the picture of samples, which is redrawn after every change, seconds. */
  pictureSeconds: 20,
  leastClasses: 3,
} as const;

/** Pairs of a particle and a class per second that are counted on, per engine: less than is usual. */
const pairsPerSecond: Readonly<Record<string, number>> = { 'wasm-relaxed': 2e8, wasm: 1.5e8, plain: 1e7 };

/** Scores per particle: two per step, and the recorded moments. */
function evaluations({ steps, clocks }: ParticleOptions): number {
  return 2 * ((steps ?? 40) + clocks.length) + 2;
}

/** Why a full simulation is not run in a browser, in words; null if it can be. */
export function fullRefusal(
  problem: ParticleProblem,
  options: ParticleOptions,
  kernel: ClassKernel,
  mostSeconds: number = particleLimits.seconds,
): string | null {
  const { dimension } = problem;
  const rate = logClassCount(problem) / dimension;
  const classes = classCountOrNull(problem);
  const advice = 'take a smaller alpha or d, or see the reduced simulation';
  const manyBytes = (bytes: number) =>
    `K = exp(${shown(rate)} x ${dimension}) = ${shown(Math.exp(rate * dimension))} classes need ${bytes < 1e17 ? `${shownBytes(bytes)} of memory` : 'more memory than any machine has'}; this page takes at most ${shownBytes(particleLimits.bytes)}: ${advice}`;
  if (classes === null || classes > 2 ** 32)
    return manyBytes(4 * (dimension + 1) * Math.exp(rate * dimension));
  if (classes < particleLimits.leastClasses) {
    return `K = exp(${shown(rate)} x ${dimension}) rounds to ${classes}: there are at least ${particleLimits.leastClasses} classes; take a larger alpha or d`;
  }
  try {
    const limited = { ...options, memoryLimit: Number.MAX_SAFE_INTEGER };
    const { streamed, bytes } = placeCentres(problem, limited, kernel);
    if (streamed || bytes > particleLimits.bytes) {
      return manyBytes(Math.max(bytes, 4 * (dimension + 1) * classes));
    }
  } catch (error) {
    if (error instanceof NumericalFailure) return error.message;
    throw error;
  }
  const pairs = options.particles * options.realizations * classes * evaluations(options);
  const seconds = pairs / (pairsPerSecond[kernel.name] ?? 1e7);
  if (seconds <= mostSeconds) return null;
  return `${shown(pairs)} pairs of a particle and a class would take about ${shownTime(seconds)}; this page takes at most ${shownTime(mostSeconds)}: take fewer particles or realisations, a smaller alpha or d, or the command line`;
}

function shown(value: number): string {
  if (value === Infinity) return 'too many';
  return value >= 1e5 ? value.toExponential(1).replace('e+', 'e') : String(Number(value.toPrecision(3)));
}

function shownBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${shown(value)} ${units[unit]!}`;
}

function shownTime(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`;
  return seconds < 3e9 ? `${shown(Math.round(seconds / 86_400))} days` : 'centuries';
}
