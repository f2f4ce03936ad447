import { requireNoise } from '../guidance/sampler.ts';
import { ParameterError, requireChoice } from '../numerics/checks.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { requireProcess, requireTime, type ForwardProcess } from '../process/process.ts';
import { ddimWeights, ddpmWeights } from './denoising.ts';

/** Time-stepping rules (docs/theory/few-classes.md): `ddim` for eta <= 1, `ddpm` for eta = 1 alone. */
export const stepRules = ['euler', 'exponential', 'ddim', 'ddpm'] as const;

/** One of {@link stepRules}. */
export type StepRule = (typeof stepRules)[number];

/** A step of any rule, x' = state x + score s(x, t) + noise xi, s the guided score at the beginning and xi ~ N(0, I). */
export interface LinearStep {
  readonly state: number;
  readonly score: number;
  readonly noise: number;
}

/**
 * Coefficients of one step from forward time `from` down to `to` (eq. few-class-rules), e = 1 + eta^2:
 *   euler        x - h f x + h (e/2) g^2 s + eta g sqrt(h) xi, all at `from`;
 *   exponential  the drift -f x exactly with the score held fixed, and the exact noise of dx = -f x dtau + eta g dB;
 *   ddim, ddpm   eqs. ddim-step, ddpm-step, the score in the frame x/a being a s.
 * For the Ornstein-Uhlenbeck process: euler 1 + h and e h; exponential e^h and e (e^h - 1); ddpm e^h and 2 sinh(h).
 * @throws ParameterError for an eta or a rule that is none, times outside those of the process, or `to` not below `from`
 */
export function linearStep(
  process: ForwardProcess,
  eta: number,
  rule: StepRule,
  from: number,
  to: number,
): LinearStep {
  requireProcess(process);
  requireNoise('eta', eta);
  requireChoice('rule', rule, stepRules);
  requireTime('from', process, from);
  requireTime('to', process, to);
  if (!(to < from)) throw new ParameterError('to', `below from = ${from}`, to);
  const step = stepCoefficients(process, eta, rule, from, to);
  if (!Number.isFinite(step.state + step.score + step.noise)) {
    throw new ParameterError('from', `a time at which a step of the rule ${rule} has finite numbers`, from);
  }
  return step;
}

/** {@link linearStep} unchecked: for runs, whose problem has been checked. */
export function stepCoefficients(
  process: ForwardProcess,
  eta: number,
  rule: StepRule,
  from: number,
  to: number,
): LinearStep {
  const h = from - to;
  const half = 0.5 * (1 + eta * eta);
  const ratio = process.signalScale(to) / process.signalScale(from);
  if (rule === 'euler') {
    const diffusion = process.squaredDiffusion(from);
    return {
      state: 1 - h * process.driftRate(from),
      score: h * half * diffusion,
      noise: eta * Math.sqrt(h * diffusion),
    };
  }
  const tau = process.noiseToSignal(from);
  const next = process.noiseToSignal(to);
  const end = process.signalScale(to);
  if (rule === 'exponential') {
    return {
      state: ratio,
      score: half * heldScore(process, from, to),
      noise: eta * end * Math.sqrt(tau - next),
    };
  }
  // s_y = a s of the score at x = a y.
  const start = process.signalScale(from);
  const { gain, noise } =
    rule === 'ddim' ? ddimWeights(tau, next, eta, 1) : ddpmWeights(tau, next, start / end, 1);
  return { state: ratio, score: end * start * gain, noise: end * noise };
}

/** Limit on the panels. Only the variance-exploding process exceeds it, where its integrand is constant. */
const mostPanels = 1000;

/** Int_to^from [a(to)/a(s)] g(s)^2 ds: exact in the closed cases, Gauss-Legendre with 16 nodes per unit of time. */
function heldScore(process: ForwardProcess, from: number, to: number): number {
  if (process.name === 'ou') return 2 * Math.expm1(from - to);
  const { nodes, weights } = gaussLegendre(16);
  const panels = Math.max(1, Math.min(mostPanels, Math.ceil(from - to)));
  const half = (from - to) / (2 * panels);
  const end = process.signalScale(to);
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < nodes.length; i++) {
      const time = to + half * (2 * panel + 1 + nodes[i]!);
      sum += (weights[i]! * end * process.squaredDiffusion(time)) / process.signalScale(time);
    }
  }
  return half * sum;
}
