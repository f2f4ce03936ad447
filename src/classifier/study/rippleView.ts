import type { Ripple } from '../counterexample.ts';
import { requireTime } from '../../process/process.ts';
import { requireStudyProblem, type StudyProblem } from './noiseLevel.ts';
import { rippleLine, type RippleLine } from './rippleStudy.ts';

/** A ripple along its direction: all classes, and a few waves. */
export interface RippleView {
  readonly whole: RippleLine;
  /** Six waves about the point of `whole` where the label is most in doubt. */
  readonly zoom: RippleLine;
  /** Number of waves on the whole line. */
  readonly waves: number;
}

/** Standard deviations beyond the outermost centres. */
const reach = 2;
const wavesShown = 6;

/**
 * Lines for a picture of a ripple ({@link rippleLine}): from two standard deviations before the classes to two behind.
 * @throws ParameterError for an argument outside its domain; NumericalFailure for a wave too short for so long a line
 */
export function rippleView(problem: StudyProblem, time: number, ripple: Ripple): RippleView {
  requireStudyProblem(problem);
  const { mixture, process } = problem.diffused;
  requireTime('time', process, time);
  const { dimension: d, classes, centres, covariances } = mixture;
  const a = process.signalScale(time);
  const largest = Math.max(...covariances.map((one) => one[0]!));
  const width = Math.sqrt(a * a * largest + process.noiseVariance(time));
  const radius = Array.from({ length: classes }, (_, k) =>
    d === 1 ? centres[k]! : Math.hypot(...centres.subarray(k * d, (k + 1) * d)),
  );
  const high = Math.max(...radius);
  const low = d === 1 ? Math.min(...radius) : -high;
  const [from, to] = [a * low - reach * width, a * high + reach * width];
  const whole = rippleLine(problem, time, ripple, { from, to, perWave: 16, least: 400 });
  const doubt = whole.exact.reduce(
    (best, value, n) => (Math.abs(value - 0.5) < Math.abs(whole.exact[best]! - 0.5) ? n : best),
    0,
  );
  const half = (wavesShown * Math.PI) / ripple.frequency;
  const at = whole.x[doubt]!;
  const zoom = rippleLine(problem, time, ripple, { from: at - half, to: at + half, perWave: 32, least: 200 });
  return { whole, zoom, waves: ((to - from) * ripple.frequency) / (2 * Math.PI) };
}
