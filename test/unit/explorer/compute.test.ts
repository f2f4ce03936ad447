import { describe, expect, it, vi } from 'vitest';
import { predictedError } from '../../../src/finiteSize/validity.ts';
import { outputDensity2d } from '../../../src/fewClass/density/outputDensity2d.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { criticalClassRate } from '../../../src/meanfield/transition/criticalRate.ts';
import { phaseDiagram } from '../../../src/meanfield/transition/phaseDiagram.ts';
import { diagramOf } from '../../../src/explorer/compute/diagram.ts';
import { fewClassOf } from '../../../src/explorer/compute/fewClass.ts';
import { fullRefusal, particleLimits } from '../../../src/explorer/compute/particleLimits.ts';
import { particleRuns } from '../../../src/explorer/compute/particles.ts';
import { noPause } from '../../../src/explorer/compute/pause.ts';
import { potentialOf } from '../../../src/explorer/compute/potential.ts';
import { outcomeOf } from '../../../src/explorer/compute/problem.ts';
import type { DiagramPass, Outcome, ParticleUpdate } from '../../../src/explorer/compute/protocol.ts';
import { samplesOf } from '../../../src/explorer/compute/samples.ts';
import { simulationOf } from '../../../src/explorer/compute/simulation.ts';
import { trajectoryOf } from '../../../src/explorer/compute/trajectory.ts';
import { validityOf } from '../../../src/explorer/compute/validity.ts';
import { fewClassMixtures } from '../../../src/explorer/state/fewClassMixtures.ts';
import { defaultState, limits, type ExplorerState } from '../../../src/explorer/state/state.ts';

const problem = {
  alpha: 0.5,
  sigma2: 0.25,
  ensemble: 'gaussian' as const,
  sampler: samplers.ode,
  process: ornsteinUhlenbeck,
  guidance: { w: 1 },
  startTime: null,
};
const formula = (text: string, clock: 't' | 'tau' | 'progress' = 't'): ExplorerState => ({
  ...defaultState,
  schedule: { kind: 'formula', text, clock },
});

function refusalOf(outcome: Outcome<unknown>): { field: string; message: string } {
  if (outcome.ok) throw new Error('it was not refused');
  return outcome.refusal;
}

describe('trajectory', () => {
  it('has the numbers of the library, bit for bit', async () => {
    const { alpha: _alpha, ...free } = problem;
    expect(_alpha).toBe(defaultState.alpha);
    const solution = solveOrderParameters(problem);
    const shown = await trajectoryOf(defaultState);
    expect(shown).toMatchObject({
      final: solution.final,
      vParallel: solution.vParallel,
      distortion: solution.distortion,
      speciationTime: solution.speciationTime,
      minComplexity: solution.minComplexity,
      criticalAlpha: criticalClassRate(free).criticalAlpha,
      infiniteClassLimit: solveOrderParameters({ ...problem, alpha: Infinity }).final,
    });
    expect(shown.crossings.map(({ kind, t }) => [kind, t])).toEqual([
      ['speciation', solution.speciationTime],
    ]);
  });

  it('columns run from noise to the data, all of one length, w that of the schedule', async () => {
    const { columns } = await trajectoryOf(formula('1 + t'));
    for (const column of Object.values(columns)) expect(column).toHaveLength(columns.t.length);
    expect(columns.t.every((t, i) => i === 0 || t < columns.t[i - 1]!)).toBe(true);
    expect(columns.t.at(-1)).toBe(0);
    columns.w.forEach((w, i) => {
      expect(w).toBeCloseTo(1 + columns.t[i]!, 10);
    });
    expect(columns.r.at(-1)).toBeCloseTo(0.2, 12);
  });

  it.each(['ou', 've', 'flow'] as const)('is the same in OU time for every process: %s', async (process) => {
    const drawn = {
      kind: 'drawn',
      points: [
        [0, 0],
        [0.5, 2],
        [2, 1],
      ],
    } as const;
    const here = await trajectoryOf({ ...defaultState, schedule: drawn, process });
    const there = await trajectoryOf({ ...defaultState, schedule: drawn });
    expect(here.final!.m).toBeCloseTo(there.final!.m, 7);
    expect(here.final!.v).toBeCloseTo(there.final!.v, 7);
    expect(here.speciationTime).toBeCloseTo(there.speciationTime!, 7);
  });

  it('says where the static closure begins when the classes condense', async () => {
    const { phase, final, staticClosure, staticFrom, columns, crossings } = await trajectoryOf({
      ...defaultState,
      w: -0.5,
    });
    expect([phase, final]).toEqual(['condensed', null]);
    expect(staticClosure).not.toBeNull();
    const condensation = crossings.find(({ kind }) => kind === 'condensation')!.t;
    expect(columns.t[staticFrom!]).toBeLessThan(condensation);
    expect(columns.t[staticFrom! - 1]).toBeGreaterThanOrEqual(condensation);
  });

  it.each([
    ['1 +', 'schedule must be a formula in t'],
    ['config()', 'the function config is not among'],
    ['1/(1 - 1)', 'schedule must be finite during sampling'],
    ['exp(exp(t))', 'where it must be finite too'],
    ['exp(t)', 'bound it there, as min(8, ...) does'],
    ['', 'it is empty'],
  ])('a formula that fails is an answer for its field: %s', async (text, reason) => {
    const { field, message } = refusalOf(await outcomeOf(() => trajectoryOf(formula(text))));
    expect(field).toBe('schedule');
    expect(message).toContain(reason);
    expect(message).not.toContain('--');
  });

  it('a fault is no answer', async () => {
    await expect(
      outcomeOf(() => {
        throw new TypeError('a fault');
      }),
    ).rejects.toThrow('a fault');
  });
});

describe('potential', () => {
  it('the kink passes the state at the transition, and the side changes there', async () => {
    const { speciationTime } = await trajectoryOf(defaultState);
    const t = speciationTime!;
    const overlaps = Array.from({ length: 61 }, (_, i) => -0.5 + i / 20);
    const shown = await potentialOf(defaultState, [1, t + 1e-3, t, t - 1e-3, 0], overlaps, noPause);
    expect(shown.side).toEqual(['competing', 'competing', expect.anything(), 'guided', 'guided']);
    expect(Math.min(...shown.kink[2]!.map((m) => Math.abs(m - shown.state[2]!.m)))).toBeLessThan(1e-6);
    for (const [i, { m, potential }] of shown.state.entries()) {
      const j = overlaps.findIndex((overlap) => overlap > m);
      const [before, after] = [shown.potential[i]![j - 1]!, shown.potential[i]![j]!];
      expect(potential).toBeLessThan(Math.max(before, after) + 1e-9);
    }
  });
});

describe('diagram', () => {
  it('in passes, coarse to fine, each that of the library', async () => {
    const passes: DiagramPass[] = [];
    const sizes = [
      [4, 3],
      [7, 5],
    ] as const;
    await diagramOf(defaultState, (pass) => passes.push(pass), noPause, sizes);
    expect(passes.map(({ pass, last }) => [pass, last])).toEqual([
      [0, false],
      [1, true],
    ]);
    const { alpha: _alpha, guidance: _guidance, ...free } = problem;
    expect([_alpha, _guidance.w]).toEqual([0.5, 1]);
    for (const [i, pass] of passes.entries()) {
      expect([pass.alpha.length, pass.w.length]).toEqual(sizes[i]);
      expect([pass.alpha[0], pass.alpha.at(-1), pass.w[0], pass.w.at(-1)]).toEqual([
        ...limits.alpha,
        ...limits.w,
      ]);
      const { m, v, phase, speciationTime, criticalAlpha } = phaseDiagram(free, pass.alpha, pass.w, {
        fluctuations: false,
        staticClosure: false,
      });
      expect(pass).toMatchObject({ m, v, phase, speciationTime, criticalAlpha });
      expect(pass.unguidedCriticalAlpha).toBeCloseTo(0.5 * Math.log(1 + 1 / free.sigma2), 8);
    }
  });

  it.each([
    ['gaussian', 'ode'],
    ['gaussian', 'sde'],
    ['spherical', 'ode'],
    ['spherical', 'sde'],
  ] as const)('can be drawn at both ends of sigma2: %s, %s', async (ensemble, sampler) => {
    for (const sigma2 of limits.sigma2) {
      let count = 0;
      await diagramOf({ sigma2, ensemble, sampler }, () => count++, noPause, [[16, 9]]);
      expect(count).toBe(1);
    }
  });
});

describe('validity', () => {
  it('is what the library says', async () => {
    const shown = await validityOf(defaultState);
    const dimension = shown.requiredDimension!;
    expect(shown).toMatchObject({ extrapolated: false, relativeError: 0.05 });
    // From there on the error is at most 5 %.
    expect(predictedError(problem, dimension).label).toBe('5 %');
    expect(predictedError(problem, dimension - 1).label).toBe('worse');
    expect(shown.minComplexity).toBeCloseTo(0.186, 3);
  }, 60_000);
});

describe('particles', () => {
  const small = { ...defaultState, dimension: 8, particles: 100, realizations: 6 };

  it('both simulations report after every realisation, and land on theory within 4 standard errors or 4 %', async () => {
    const updates: ParticleUpdate[] = [];
    await particleRuns({ ...small, dimension: 16 }, (update) => updates.push(update), noPause);
    expect(updates.map(({ source }) => source)).toEqual(
      Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 'reduced' : 'full')),
    );
    expect(updates.map(({ done }) => done)).toEqual(Array.from({ length: 12 }, (_, i) => (i + 1) / 12));
    const { columns, final } = await trajectoryOf(defaultState);
    for (const { t, m, v, classes, pairsPerSecond, source } of updates.slice(-2)) {
      expect(classes).toBe(2981);
      expect(pairsPerSecond === null).toBe(source === 'reduced');
      expect(t[0]).toBeLessThan(columns.t[0]!);
      for (const [estimate, theory] of [
        [m.at(-1)!, final!.m],
        [v.at(-1)!, final!.v],
      ] as const) {
        expect(Math.abs(estimate.mean - theory)).toBeLessThan(4 * estimate.error! + 0.04 * theory);
      }
    }
  }, 60_000);

  it.each([
    [
      { dimension: 28 },
      /^\S+ pairs of a particle and a class would take about .*; this page takes at most 10 minutes/,
    ],
    [
      { dimension: 36 },
      /^K = exp\(0\.5 x 36\) = \S+ classes need \S+ GB of memory; this page takes at most 512 MB: take a/,
    ],
    [{ dimension: 512, alpha: 2 }, /too many classes need more memory than any machine has/],
    [{ dimension: 4, alpha: 0.01 }, /rounds to 1: there are at least 3 classes/],
    [{ dimension: 24, particles: 5000, realizations: 64 }, /take fewer particles or realisations/],
  ])(
    'settings beyond a browser are refused in words, and the reduced ones run: %o',
    async (changes, reason) => {
      const state = { ...defaultState, ...changes };
      const { particles, realizations } = state;
      expect((await simulationOf(state, { particles, realizations })).refusal).toMatch(reason);
      if (particles !== defaultState.particles) return;
      const updates: ParticleUpdate[] = [];
      await particleRuns(state, (update) => updates.push(update), noPause);
      expect(updates.map(({ source }) => source)).toEqual(
        Array.from({ length: realizations }, () => 'reduced'),
      );
      expect(updates[0]!.fullRefused).toMatch(reason);
    },
  );

  it('where WebAssembly is forbidden the plain engine is used, and that is said', async () => {
    const runtime = Reflect.get(globalThis, 'WebAssembly') as unknown as { compile: () => Promise<unknown> };
    const forbidden = vi.spyOn(runtime, 'compile').mockRejectedValue(new Error('forbidden by the page'));
    const plan = { particles: 20, realizations: 2 };
    const { engine } = await simulationOf(defaultState, plan);
    expect(engine.kernel.name).toBe('plain');
    expect(engine.notes).toEqual([expect.stringMatching(/does not run WebAssembly.*10 times slower/)]);
    await expect(simulationOf(defaultState, plan, 'wasm')).rejects.toThrow('forbidden');
    forbidden.mockRestore();
  });

  it('what is admitted needs no more memory than allowed', async () => {
    for (let dimension = 8; dimension <= 40; dimension += 4) {
      const { resolved, options, engine } = await simulationOf(
        { ...defaultState, dimension },
        { particles: 20, realizations: 2 },
      );
      if (fullRefusal(resolved.problem, options, engine.kernel) !== null) continue;
      const classes = Math.round(Math.exp(0.5 * dimension));
      expect(4 * (dimension + 1) * classes).toBeLessThan(particleLimits.bytes);
    }
  });
});

describe('samples', () => {
  it('have the moments of theory: within 15 % of vParallel and v, the truth of sigma2', async () => {
    const shown = await samplesOf(defaultState, noPause);
    expect([shown.guided.length, shown.truth.length, shown.source]).toEqual([600, 600, 'full']);
    const { theory, guidedMoments, truthMoments } = shown;
    expect(Math.abs(guidedMoments.along / theory!.along! - 1)).toBeLessThan(0.15);
    expect(Math.abs(guidedMoments.across / theory!.across - 1)).toBeLessThan(0.15);
    expect(Math.abs(guidedMoments.mean - theory!.mean)).toBeLessThan(0.1);
    // 4 standard errors of a variance from 600 samples: 23 %.
    for (const variance of [truthMoments.along, truthMoments.across]) {
      expect(Math.abs(variance / defaultState.sigma2 - 1)).toBeLessThan(0.23);
    }
  });

  it('are those of the reduced simulation where the classes are too many', async () => {
    const shown = await samplesOf({ ...defaultState, dimension: 400 }, noPause);
    expect(shown.source).toBe('reduced');
    expect(shown.fullRefused).toMatch(/memory/);
    expect(shown.guided).toHaveLength(600);
  });
});

describe('few classes', () => {
  it('the density is that of the library to 1e-5, and has mass 1', async () => {
    const shown = await fewClassOf({ preset: 'triangle', w: 3 }, noPause);
    const { centres, guidedClass, id } = fewClassMixtures[0]!;
    expect(id).toBe('triangle');
    const { density } = outputDensity2d(
      {
        mixture: labelledMixture({ centres, covariance: 1 }),
        guidedClass,
        sampler: samplers.ode,
        process: ornsteinUhlenbeck,
        startTime: 10,
      },
      3,
      Float64Array.from(shown.x),
      Float64Array.from(shown.y),
      { tolerance: 1e-6 },
    );
    // Within the tolerance of the paths: the step begins with where the last path has left it.
    const differences = shown.density.map((value, i) => Math.abs(value - density[i]!));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
    const cell = (shown.x[1]! - shown.x[0]!) ** 2;
    expect(cell * shown.density.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 2);
    expect(cell * shown.classDensity.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 1);
  });

  it('the middle class splits with large steps at strong guidance, not with small ones', async () => {
    const middle = async (preset: string) => {
      const { x, density } = await fewClassOf({ preset, w: 80 }, noPause);
      const cell = (x[1]! - x[0]!) ** 2;
      const near = (i: number) => Math.hypot(x[i % x.length]!, x[Math.floor(i / x.length)]!) < 2.5;
      return cell * density.reduce((sum, value, i) => sum + (near(i) ? value : 0), 0);
    };
    expect(await middle('row-large-steps')).toBeLessThan(0.3);
    expect(await middle('row-small-steps')).toBeGreaterThan(0.6);
  });

  it.each(fewClassMixtures.map(({ id, largestW }) => [id, largestW] as const))(
    'every mixture can be shown at its largest strength, paths with it: %s',
    async (preset, w) => {
      const { paths, density } = await fewClassOf({ preset, w }, noPause);
      expect(paths).toHaveLength(24);
      expect(paths.flat(2).every(Number.isFinite)).toBe(true);
      expect(density.every((value) => value >= 0)).toBe(true);
    },
  );

  it('an unknown mixture or a strength beyond it is refused', async () => {
    for (const few of [
      { preset: 'nothing', w: 1 },
      { preset: 'pair', w: 21 },
      { preset: 'pair', w: NaN },
    ]) {
      expect(refusalOf(await outcomeOf(() => fewClassOf(few, noPause))).field).toBe('few');
    }
  });
});
