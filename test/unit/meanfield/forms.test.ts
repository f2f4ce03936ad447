import { describe, expect, it } from 'vitest';
import { compileForm } from '../../../src/guidance/forms/compile.ts';
import { parseForm, resolveForm } from '../../../src/guidance/forms/form.ts';
import { competingInvariants, guidedInvariants } from '../../../src/guidance/forms/limit.ts';
import { emptyInvariants } from '../../../src/guidance/forms/rule.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { disorderCorrection } from '../../../src/finiteSize/disorder/correction.ts';
import { formDynamics } from '../../../src/meanfield/forms.ts';
import { guidedPhase, isotropicPhases } from '../../../src/meanfield/isotropic.ts';
import { composeDynamics } from '../../../src/meanfield/phases.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';
import { smoothedMeanField } from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { trajectory } from '../../../src/meanfield/trajectory.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';
import { odeAndSde, problem, relative, uniform } from './sampling.ts';

/** Solution of a problem with a form given as text. */
async function solve(
  text: string,
  alpha: number,
  w: number,
  parts: Partial<GuidedProblem> = {},
  fluctuations = false,
) {
  const form = await resolveForm(parseForm(text));
  return solveOrderParameters(problem(alpha, w, { ...parts, form }), { fluctuations });
}

const neutral = [
  'linear',
  'power:exponent=0',
  'nonlinear:phi=1',
  'rescaled:phi=0',
  'renormalised:cap=1000',
  'projected:parallel=1',
  'autoguidance:delta=0,against=mixture',
  'mambo-g:damping=0',
  'vags:kappa=0',
  'pmc:cap=1000',
];

describe('forms that a parameter turns into linear guidance', () => {
  it.each(odeAndSde)(
    '%s, both ensembles: m, v, transition (1e-8) and vParallel (1e-5) of linear guidance at alpha = 0.5, w = 1',
    async (_name, sampler) => {
      for (const ensemble of ['gaussian', 'spherical'] as const) {
        const linear = solveOrderParameters(problem(0.5, 1, { sampler, ensemble }));
        for (const text of neutral) {
          const solution = await solve(text, 0.5, 1, { sampler, ensemble }, true);
          expect(relative(solution.final!.m, linear.final!.m)).toBeLessThan(1e-8);
          expect(relative(solution.final!.v, linear.final!.v)).toBeLessThan(1e-8);
          expect(relative(solution.speciationTime!, linear.speciationTime!)).toBeLessThan(1e-8);
          expect(relative(solution.vParallel!, linear.vParallel!)).toBeLessThan(1e-5);
        }
      }
    },
  );

  it('and with a schedule, from a finite start, where the classes condense: as linear guidance (1e-8)', async () => {
    const { formula } = {
      formula: (await import('../../../src/guidance/formula.ts')).parseFormula(
        'schedule',
        't > 1 ? 2 : -0.5',
        't',
      ),
    };
    const guidance = { formula, clock: 't' } as const;
    for (const parts of [{ guidance }, { startTime: 2 }, { guidance, startTime: 3 }]) {
      const linear = solveOrderParameters(problem(0.5, 1, parts), { fluctuations: false });
      const solution = await solve('rescaled:phi=0', 0.5, 1, parts);
      expect(relative(solution.final!.m, linear.final!.m)).toBeLessThan(1e-8);
      expect(relative(solution.final!.v, linear.final!.v)).toBeLessThan(1e-8);
    }
    const condensed = solveOrderParameters(problem(0.3, -0.4), { fluctuations: false });
    const solution = await solve('power:exponent=0', 0.3, -0.4);
    expect(solution.phase).toBe('condensed');
    expect(relative(solution.staticClosure!.v, condensed.staticClosure!.v)).toBeLessThan(1e-7);
    expect(relative(solution.crossings[0]!.time, condensed.crossings[0]!.time)).toBeLessThan(1e-7);
  });
});

describe('the flow of (N, L) under a form', () => {
  it('equals the composed one, drift + scoreRate [A S_c + B S_p + C S_y], at random states (1e-9)', async () => {
    const random = uniform(3);
    const texts = [
      'power',
      'rescaled:prediction=velocity',
      'projected',
      'zero-star:prediction=data',
      'feedback',
      'autoguidance',
      'tcfg',
      'adg',
      'mambo-g:damping=1',
      'vags',
      'pmc',
    ];
    for (const text of texts) {
      for (const ensemble of ['gaussian', 'spherical'] as const) {
        const eta = random(0, 1.2);
        const rule = compileForm(await resolveForm(parseForm(text)), {
          process: ornsteinUhlenbeck,
          sigma2: 0.25,
        })!;
        const schedule = constantSchedule(random(-0.5, 3));
        const parameters = {
          alpha: 1.5,
          ensemble,
          eta,
          schedule,
          average: 'quenched',
          closure: 'stopAtCondensation',
        } as const;
        const phases = isotropicPhases(parameters);
        const at = emptyInvariants();
        const target = { centre: 0, guidance: 0, state: 0 };
        const slope = new Float64Array(2);
        const composed = composeDynamics({
          dimension: 2,
          phases,
          guided: guidedPhase,
          scoreRate: 0.5 * (1 + eta * eta),
          coefficients(phase, clock, state, out) {
            const E = Math.exp(clock);
            const [M, v] = [state[0]! * Math.sqrt((1 + E) / E), Math.exp(state[1]!) / E];
            // The score of the competing phase is -g y.
            phases[1].score(clock, state, slope);
            if (phase === guidedPhase) guidedInvariants(M, v, at);
            else competingInvariants(M, v, 1 + slope[1]! / 2, at);
            at.information =
              1.5 +
              phases[0].freeEnergy(clock, state) -
              phases[phase === guidedPhase ? 0 : 1].freeEnergy(clock, state);
            rule.target(at, 1 / E, schedule.coefficient(clock), target);
            out.A = target.centre + target.guidance;
            out.B = -target.guidance;
            out.C = target.centre + target.state - 1;
          },
          outward(state, out) {
            out[0] = state[0]!;
            out[1] = 2;
          },
          drift(clock, state, out) {
            out[0] = (0.5 * state[0]!) / (1 + Math.exp(clock));
            out[1] = 1 + eta * eta * Math.exp(-state[1]!);
          },
          diffusion: () => undefined,
        });
        const fast = formDynamics({ ...parameters, rule });
        const [one, two] = [new Float64Array(2), new Float64Array(2)];
        for (let i = 0; i < 20; i++) {
          const clock = random(-6, 1.3);
          const state = Float64Array.of(random(0, 1.2), random(-1, 0.3));
          for (const phase of [0, 1]) {
            composed.field(phase, clock, state, one);
            fast.field(phase, clock, state, two);
            expect(Math.abs(one[0]! - two[0]!)).toBeLessThan(1e-9 * (1 + Math.abs(one[0]!)));
            expect(Math.abs(one[1]! - two[1]!)).toBeLessThan(1e-9 * (1 + Math.abs(one[1]!)));
          }
        }
      }
    }
  });
});

describe('closed forms', () => {
  it.each([0, 0.5, 1])(
    'autoguidance against the class, eta = %f: m = 1 and v/sigma2 by quadrature, (1 + delta/sigma2)^-w for the ODE (1e-7)',
    async (eta) => {
      const [delta, w, sigma2] = [0.15, 1.7, 0.25];
      for (const alpha of [0, 0.4, Infinity]) {
        const { final } = await solve(`autoguidance:delta=${delta}`, alpha, w, { sampler: { eta } });
        expect(Math.abs(final!.m - 1)).toBeLessThan(1e-6);
        // dV/du u = eta^2 (1 - V) - e w u/(1 + u) V with u = delta/Gamma: V = Int_0^1 [(1 + u x^k)/(1 + u)]^(e w) dx, k = 1/eta^2.
        const u = delta / sigma2;
        const e = 1 + eta * eta;
        let expected = (1 + u) ** -w;
        if (eta > 0) {
          expected = 0;
          const panels = 20_000;
          for (let i = 0; i < panels; i++) {
            const x = ((i + 0.5) / panels) ** (1 / (eta * eta));
            expected += ((1 + u * x) / (1 + u)) ** (e * w) / panels;
          }
        }
        expect(relative(final!.v / sigma2, expected)).toBeLessThan(1e-7);
      }
    },
  );

  it('autoguidance so strong that v leaves the range of numbers: log(v/sigma2) = -w log(1 + delta/sigma2) (1e-8)', async () => {
    const { flow, final } = await solve('autoguidance:delta=0.15', 0.4, 2000);
    expect(relative(flow.endState[1]!, -2000 * Math.log1p(0.15 / 0.25))).toBeLessThan(1e-8);
    expect(final!.m).toBeCloseTo(1, 8);
    expect(final!.v).toBe(0);
  });

  it('autoguidance against the mixture, infinitely many classes, ODE: v/sigma2 = [1 + (1 + delta)/sigma2]^-w (1e-8)', async () => {
    const { final } = await solve('autoguidance:delta=0.3,against=mixture', Infinity, 1.2);
    expect(relative(final!.v / 0.25, (1 + 1.3 / 0.25) ** -1.2)).toBeLessThan(1e-8);
  });

  it('power law in the data prediction, infinitely many classes: the same in all processes; in the score not (1e-7)', async () => {
    const run = async (text: string) =>
      Promise.all(
        [ornsteinUhlenbeck, varianceExploding, linearInterpolant].map((process) =>
          solve(text, Infinity, 1, { process }),
        ),
      );
    const [ou, ve, flow] = await run('power:exponent=0.5,prediction=data');
    expect(relative(ve!.final!.v, ou!.final!.v)).toBeLessThan(1e-7);
    expect(relative(flow!.final!.m, ou!.final!.m)).toBeLessThan(1e-7);
    const scores = await run('power:exponent=0.5');
    expect(relative(scores[1]!.final!.v, scores[0]!.final!.v)).toBeGreaterThan(1e-3);
  });

  it('zero-star: before the transition P_u is along y, so that the prediction does not matter (1e-7)', async () => {
    for (const [, sampler] of odeAndSde) {
      const [noise, data, velocity] = await Promise.all(
        ['noise', 'data', 'velocity'].map((space) =>
          solve(`zero-star:prediction=${space}`, 0.45, 1.5, { sampler }),
        ),
      );
      for (const other of [data!, velocity!]) {
        expect(relative(other.final!.m, noise!.final!.m)).toBeLessThan(1e-7);
        expect(relative(other.final!.v, noise!.final!.v)).toBeLessThan(1e-7);
      }
      // Not linear guidance, which has m = 1.3494, v = 0.1566 and m = 1.1002, v = 0.2409 here.
      expect(Math.abs(noise!.final!.m - (sampler.eta === 0 ? 1.3494 : 1.1002))).toBeGreaterThan(0.01);
    }
  });

  it('feedback: the larger the dimension of the ratio, the nearer to conditional sampling; exact in the limit', async () => {
    const shifts: number[] = [];
    for (const dimension of [1, 10, 100, 1e4]) {
      const { final } = await solve(`feedback:mixing=0.5,dimension=${dimension}`, 0.5, 2);
      shifts.push(final!.m - 1);
    }
    expect(shifts[0]!).toBeGreaterThan(0.1);
    for (let i = 1; i < shifts.length; i++) expect(shifts[i]!).toBeLessThan(shifts[i - 1]! / 2);
    expect(shifts[3]!).toBeLessThan(0.005);
    // Of infinitely many classes l = psi - (phi - alpha) stays finite.
    expect((await solve('feedback', Infinity, 2)).final!.m).toBeGreaterThan(1);
  });

  it('rescaled guidance in the velocity of a flow restores the variance at a constant w > 0, uncondensed, with m > 1.1', async () => {
    const at = (phi: number) =>
      solve(`rescaled:phi=${phi},prediction=velocity`, 0.45, 1.5, { process: linearInterpolant });
    const [low, high] = [await at(0.7), await at(0.85)];
    expect(low.final!.v).toBeLessThan(0.25);
    expect(high.final!.v).toBeGreaterThan(0.25);
    for (const { phase, minComplexity, final } of [low, high]) {
      expect(phase).toBe('speciated');
      expect(minComplexity!).toBeGreaterThan(0.01);
      expect(final!.m).toBeGreaterThan(1.1);
    }
  });
});

describe('what a form asks of its surroundings', () => {
  it('a form without a limit at infinite noise is refused there, and runs from a finite start', async () => {
    await expect(solve('power:exponent=-0.5', 0.4, 1)).rejects.toThrow(/bounded at infinite noise.*--t-max/);
    const { final } = await solve('power:exponent=-0.5', 0.4, 1, { startTime: 4 });
    expect(final!.m).toBeGreaterThan(1);
  });

  it('a trajectory ends where the solution does; with wider classes the transition is theirs', async () => {
    const solution = await solve('autoguidance:delta=0.4,against=mixture', 0.45, 1.5);
    const rows = trajectory(solution, 60);
    expect(relative(rows.at(-1)!.m, solution.final!.m)).toBeLessThan(1e-8);
    const after = rows.find((row) => row.time < solution.speciationTime!)!;
    const before = rows.filter((row) => row.time > solution.speciationTime!).at(-1)!;
    expect(after.psi).toBeGreaterThan(after.phi);
    expect(before.psi).toBeLessThan(before.phi);
  });

  it('what knows only linear guidance refuses other forms; unknown forms are refused', () => {
    const other = problem(0.4, 1, { form: parseForm('power') });
    expect(() => smoothedMeanField(other, 100)).toThrow(/form must be linear here/);
    expect(() => disorderCorrection(other, 20)).toThrow(/form must be linear here/);
    const unknown = problem(0.4, 1, { form: { kind: 'cubic' } as never });
    expect(() => solveOrderParameters(unknown)).toThrow(/form must be one of/);
    for (const sampler of [probabilityFlow, reverseSde]) {
      expect(() => solveOrderParameters(problem(0.4, 1, { sampler, form: parseForm('nonlinear') }))).toThrow(
        /must be read before it is used/,
      );
    }
  });
});
