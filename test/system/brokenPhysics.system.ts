import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  isStructured,
  type Claim,
  type ClaimRequest,
  type ClaimRequestResult,
} from '../../src/claims/protocol/claim.ts';
import { annealedArtefactClaim } from '../../src/claims/manyClasses/annealedArtefact.ts';
import { infiniteClassesClaim } from '../../src/claims/manyClasses/infiniteClasses.ts';
import { claimSigma2 } from '../../src/claims/protocol/requests.ts';
import { simulatePlanned } from '../../src/claims/protocol/simulate.ts';
import { finerLevelClaim } from '../../src/claims/structured/finerLevel.ts';
import type { GuidanceText } from '../../src/guidance/written.ts';
import { solveOrderParameters } from '../../src/meanfield/solve.ts';
import { measureClaim, planSimulations, type ClaimResult } from '../../src/claims/protocol/validate.ts';
import { loadKernel } from '../../src/threads/kernel.ts';
import type { ClassKernel } from '../../src/particles/kernels/kernel.ts';
import type * as Isotropic from '../../src/meanfield/isotropic.ts';
import { claims } from '../../src/claims/registry.ts';
import type { StepCoefficients } from '../../src/sampler/step.ts';
import type * as Exponential from '../../src/sampler/exponential.ts';
import type * as AveragedCoordinates from '../../src/particles/structured/averagedCoordinate.ts';

/**
 * Slips seen in research code, made on purpose: a claim that measures the physics must fail under them. The steps of the
 * particles are broken in their module, which everything that simulates goes through.
 */
type Slip =
  | 'none'
  | 'drift +x dropped'
  | 'step size in place of 1 - exp(-2t)'
  | '1 + eta in place of 1 + eta^2'
  | 'competing classes without width'
  | 'competing centres gaussian';
const broken = vi.hoisted(() => ({ slip: 'none' as Slip }));

vi.mock('../../src/sampler/exponential.ts', async (load) => {
  const real = await load<typeof Exponential>();
  const heun: typeof Exponential.exponentialHeun = (...given) => breakStep(real.exponentialHeun(...given));
  const euler: typeof Exponential.exponentialEuler = (...given) => breakStep(real.exponentialEuler(...given));
  return { ...real, exponentialHeun: heun, exponentialEuler: euler };
});

// The flow of the mean field with e = 1 + eta: the same at eta = 0 and 1.
vi.mock('../../src/meanfield/isotropic.ts', async (load) => {
  const real = await load<typeof Isotropic>();
  const isotropicDynamics: typeof Isotropic.isotropicDynamics = (parameters) => {
    const dynamics = real.isotropicDynamics(parameters);
    if (broken.slip !== '1 + eta in place of 1 + eta^2') return dynamics;
    const { eta } = parameters;
    const ratio = (1 + eta) / (1 + eta * eta);
    return {
      ...dynamics,
      field(phase, clock, state, out) {
        dynamics.field(phase, clock, state, out);
        // Everything but the drift of the frame and of the noise is a score times e.
        const own = (0.5 * state[0]!) / (1 + Math.exp(clock));
        const noise = 1 + eta * eta * Math.exp(-state[1]!);
        out[0] = own + ratio * (out[0]! - own);
        out[1] = noise + ratio * (out[1]! - noise);
      },
    };
  };
  return { ...real, isotropicDynamics };
});

// The average over classes of a law, which the reduced simulations of structured classes compete with.
vi.mock('../../src/particles/structured/averagedCoordinate.ts', async (load) => {
  const real = await load<typeof AveragedCoordinates>();
  const averagedCoordinate: typeof AveragedCoordinates.averagedCoordinate = (band) => {
    const { slip } = broken;
    if (slip === 'competing classes without width') return real.averagedCoordinate({ ...band, c: 0 });
    if (slip === 'competing centres gaussian')
      return real.averagedCoordinate({ ...band, centres: { kind: 'gaussian' } });
    return real.averagedCoordinate(band);
  };
  return { ...real, averagedCoordinate };
});

function breakStep(step: StepCoefficients): StepCoefficients {
  const { corrector } = step;
  if (broken.slip === 'drift +x dropped') {
    // In y = x/a the drift is in the frame: without it x, and so y, is short by e^-(t - t') after a step.
    const time = (variance: number) => Math.log1p(Math.max(0, variance - claimSigma2)) / 2;
    const short = Math.exp(time(step.endVariance) - time(step.variance));
    const shrunk = <T extends { decay: number; gain: number; noise: number }>(part: T): T => ({
      ...part,
      decay: part.decay * short,
      gain: part.gain * short,
      noise: part.noise * short,
    });
    return {
      ...shrunk(step),
      corrector: corrector === null ? null : { ...shrunk(corrector), endGain: corrector.endGain * short },
    };
  }
  if (broken.slip === 'step size in place of 1 - exp(-2t)' && step.noise !== 0) {
    // The variance that a step adds, Gamma (1 - e^-h) for the SDE, to first order in its length.
    const noise = Math.sqrt(step.endVariance * Math.log(step.variance / step.endVariance));
    return { ...step, noise, corrector: corrector === null ? null : { ...corrector, noise } };
  }
  return step;
}

let kernel: ClassKernel;
beforeAll(async () => {
  ({ kernel } = await loadKernel('auto'));
});
afterEach(() => {
  broken.slip = 'none';
});

/** A quick run of a claim, its simulations perhaps changed on the way. */
async function run(
  claim: Claim,
  change: (request: ClaimRequest) => ClaimRequest = (request) => request,
  solve = solveOrderParameters,
): Promise<ClaimResult> {
  const results = new Map<string, ClaimRequestResult>();
  for (const { key, request, seed } of planSimulations([claim], 'quick', 1)) {
    results.set(key, await simulatePlanned({ request: change(request), seed }, kernel));
  }
  return measureClaim(claim, 'quick', 1, results, solve);
}
/** The scale 1 + w in place of a constant w. */
function scaled(request: ClaimRequest): ClaimRequest {
  const withScale = <S extends { readonly guidance: GuidanceText }>(spec: S): S => ({
    ...spec,
    guidance: 'w' in spec.guidance ? { w: 1 + spec.guidance.w } : spec.guidance,
  });
  return isStructured(request)
    ? { ...request, structured: withScale(request.structured) }
    : { ...request, spec: withScale(request.spec) };
}
const failedLabels = ({ checks }: ClaimResult) =>
  checks.filter(({ verdict }) => verdict === 'failed').map(({ label }) => label);
const of = (labels: readonly string[], sampler: 'ODE' | 'SDE') =>
  labels.filter((label) => label.includes(sampler));
// Thirty simulations each.
const timeout = 300_000;

describe('broken physics makes the right claims fail', () => {
  it(
    'sound: nothing fails',
    async () => {
      expect(failedLabels(await run(infiniteClassesClaim))).toEqual([]);
    },
    timeout,
  );

  it(
    'drift +x dropped: both samplers',
    async () => {
      broken.slip = 'drift +x dropped';
      const failed = failedLabels(await run(infiniteClassesClaim));
      expect(of(failed, 'ODE')).not.toEqual([]);
      expect(of(failed, 'SDE')).not.toEqual([]);
    },
    timeout,
  );

  it(
    'step size in place of 1 - exp(-2t): the variance of the SDE, and nothing of the ODE',
    async () => {
      broken.slip = 'step size in place of 1 - exp(-2t)';
      const failed = failedLabels(await run(infiniteClassesClaim));
      expect(of(failed, 'SDE').some((label) => label.endsWith(': v'))).toBe(true);
      expect(of(failed, 'ODE')).toEqual([]);
    },
    timeout,
  );

  it(
    'scale used for w in the simulations: both samplers, mean and variance',
    async () => {
      const failed = failedLabels(await run(infiniteClassesClaim, scaled));
      for (const sampler of ['ODE', 'SDE'] as const) {
        expect(of(failed, sampler).some((label) => label.endsWith(': m'))).toBe(true);
        expect(of(failed, sampler).some((label) => label.endsWith(': v'))).toBe(true);
      }
    },
    timeout,
  );

  it(
    'annealed free energy at strong guidance, w = 8 and 12',
    async () => {
      expect(failedLabels(await run(annealedArtefactClaim))).toEqual([]);
      const annealed = await run(annealedArtefactClaim, undefined, (problem, options) =>
        solveOrderParameters(problem, { ...options, average: 'annealed' }),
      );
      expect(failedLabels(annealed)).not.toEqual([]);
    },
    timeout,
  );

  it(
    '1 + eta in place of 1 + eta^2 in the mean field: the checks at eta = 0.5, and only they',
    async () => {
      broken.slip = '1 + eta in place of 1 + eta^2';
      const ids = ['infinite-classes', 'negative-window', 'annealed-artefact', 'unguided-control'];
      for (const claim of claims.filter(({ id }) => ids.includes(id))) {
        const failed = failedLabels(await run(claim));
        expect(failed, claim.id).not.toEqual([]);
        expect(
          failed.every((label) => label.includes('η = 0.5')),
          claim.id,
        ).toBe(true);
      }
    },
    timeout,
  );

  it.each([
    [
      'spectrum-bands',
      'competing classes without width',
      'averaged, ODE, band ρ = 0.5, c = 0.1: v/c at d → ∞',
    ],
    ['own-covariances', 'competing classes without width', 'averaged, own, narrow coordinates: v/c at d → ∞'],
    ['discrete-centres', 'competing centres gaussian', 'averaged, ±1, ODE, α = 0.5: skewness at d → ∞'],
  ] as const)(
    '%s: %s',
    async (id, slip, label) => {
      broken.slip = slip;
      expect(failedLabels(await run(claims.find((claim) => claim.id === id)!))).toContain(label);
    },
    timeout,
  );

  it(
    'finer-level: scale used for w',
    async () => {
      const failed = failedLabels(await run(finerLevelClaim, scaled));
      expect(failed).toContain('averaged, ODE: fine m at d → ∞');
      expect(failed).toContain('averaged, ODE: coarse m at d → ∞');
      expect(failed.some((label) => label.startsWith('full'))).toBe(true);
    },
    timeout,
  );
});
