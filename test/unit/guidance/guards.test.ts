import { describe, expect, it } from 'vitest';
import { coefficientAtNoise, requireSchedule } from '../../../src/guidance/compiled.ts';
import { distortion } from '../../../src/guidance/distortion.ts';
import { formulaExcerpt } from '../../../src/guidance/excerpt.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { requireNoise, requireSampler, samplerLabel, type Sampler } from '../../../src/guidance/sampler.ts';
import { checkGuidance, constantSchedule, type Guidance } from '../../../src/guidance/schedule.ts';
import { scheduleAtBudget, strengthAtBudget } from '../../../src/guidance/schedules/budget.ts';
import { domainText, parametersOf } from '../../../src/guidance/schedules/catalogue.ts';
import {
  listedNoiseLevels,
  noiseLevels,
  requireLevels,
} from '../../../src/guidance/schedules/noiseLevels.ts';
import { stepScales } from '../../../src/guidance/schedules/stepScales.ts';
import { guidanceOf, requireGuidanceText, type GuidanceText } from '../../../src/guidance/written.ts';
import { processes } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal } from '../../../src/process/variances.ts';

const context = { process: processes.ou, sigma2: 0.25, horizon: 3 };

describe('strength at a budget', () => {
  it('of a factor is a ratio, for any sign and size of the budget: constant and early only (1e-12)', () => {
    for (const budget of [-7, -1.5, 0.3, 4e7]) {
      expect(strengthAtBudget('constant', {}, 'progress', budget, context)).toBe(budget);
      const early = strengthAtBudget('early-only', { fraction: 0.25 }, 'progress', budget, context);
      expect(Math.abs(early / (4 * budget) - 1)).toBeLessThan(1e-9);
    }
  });

  it('of a schedule that spends nothing is 0 for nothing, and out of reach for anything else', () => {
    // Before the horizon: progress is 0 there.
    const beyond = { sigma_lo: 1e4, sigma_hi: 2e4 };
    expect(strengthAtBudget('limited-interval', beyond, 'progress', 0, context)).toBe(0);
    expect(() => strengthAtBudget('limited-interval', beyond, 'progress', 1, context)).toThrow(
      /^budget must be within reach of limited-interval, got 1; it spends nothing here, whatever w/,
    );
  });

  it('of a level is found above 1, between 0 and 1, and below 0: 0.6 w - 0.4 for a step to -1 (1e-8)', () => {
    for (const w of [70, 1.2, 0.4, -0.6]) {
      const budget = 0.6 * w - 0.4;
      const found = scheduleAtBudget('step-to-minus-one', {}, 'progress', budget, context);
      expect(Math.abs(found.w! - w)).toBeLessThan(1e-8 * Math.max(1, w));
      expect(found.values).toEqual({ fraction: 0.4, late: -1 });
    }
  });
});

describe('guards', () => {
  it('samplers: an object with a noise level >= 0, at most 1e70 for steps', () => {
    for (const sampler of [null, 3, {}, { eta: -1 }, { eta: NaN }] as unknown as Sampler[]) {
      expect(() => {
        requireSampler(sampler);
      }).toThrow(/^sampler/);
      expect(() => samplerLabel(sampler)).toThrow(/^sampler/);
    }
    expect(() => {
      requireNoise('eta', 1e70);
    }).not.toThrow();
    for (const eta of [1.01e70, -1])
      expect(() => {
        requireNoise('eta', eta);
      }).toThrow(/^eta must be/);
  });

  it('compiled schedules: all their members, and a constant that is finite or null', () => {
    const schedule = constantSchedule(2);
    for (const member of ['description', 'coefficient', 'breakpoints', 'panels'] as const) {
      const partial = { ...schedule, [member]: undefined };
      expect(() => {
        requireSchedule(partial);
      }).toThrow(`schedule.${member}`);
    }
    for (const constant of [NaN, Infinity])
      expect(() => {
        requireSchedule({ ...schedule, constant });
      }).toThrow(/^schedule.constant must be/);
    expect(() => {
      requireSchedule({ ...schedule, constant: null });
    }).not.toThrow();
  });

  it('a schedule known on the solver clock alone is read there', () => {
    const schedule = { ...constantSchedule(0), coefficient: (clock: number) => 3 * clock };
    expect(coefficientAtNoise(schedule, 0.7, 0.25)).toBe(3 * clockAtNoiseToSignal(0.7, 0.25));
    expect(coefficientAtNoise({ ...schedule, coefficientAtNoise: (tau) => 5 * tau }, 0.7, 0.25)).toBe(3.5);
  });

  it('guidance, parsed or as text: w alone and finite, or a formula and its clock', async () => {
    const formula = parseFormula('schedule', 't', 't');
    for (const guidance of [
      null,
      {},
      { w: NaN },
      { w: 1, clock: 't' },
      { formula, clock: 'x' },
      { formula: 't', clock: 't' },
      { formula, clock: 't', z: 1 },
      { formula: { ...formula, bounds: 1 }, clock: 't' },
    ])
      // prettier-ignore
      expect(() => {
        checkGuidance(guidance as unknown as Guidance);
      }).toThrow(/must be/);
    for (const text of [
      null,
      {},
      { w: '1' },
      { w: 1, clock: 't' },
      { schedule: 3, clock: 't' },
      { schedule: 't', clock: 'x' },
      { schedule: 't', clock: 't', w0: 1 },
    ])
      // prettier-ignore
      expect(() => {
        requireGuidanceText(text as unknown as GuidanceText);
      }).toThrow(/must be/);
    expect(await guidanceOf({ w: 2 })).toEqual({ w: 2 });
    const written = await guidanceOf({ schedule: '1 + 2*t', clock: 't' });
    if (!('formula' in written)) throw new Error('no formula');
    expect([written.clock, written.formula.evaluate(3)]).toEqual(['t', 7]);
    await expect(guidanceOf({ schedule: '', clock: 't' })).rejects.toThrow(/it is empty/);
  });

  it('long formulas are cut in messages from 79 characters on', () => {
    const text = 't'.padEnd(79, '+t');
    expect(formulaExcerpt(text.slice(0, 78))).toBe(text.slice(0, 78));
    expect(formulaExcerpt(text)).toBe(`${text.slice(0, 50)}... (79 characters)`);
    expect(() => parseFormula('schedule', `${text}+x`, 't')).toThrow(
      `got "${text.slice(0, 50)}... (81 characters)"`,
    );
  });

  it('the numbers of tables do not count as length up to 100000 characters, and carry their own sign only', () => {
    const table = (length: number) => `interpolate(t, 0, 1, 1, 2.${'0'.repeat(length - 27)})`;
    expect(table(100_000)).toHaveLength(100_000);
    expect(parseFormula('schedule', table(100_000), 't').evaluate(0.5)).toBe(1.5);
    expect(() => parseFormula('schedule', table(100_001), 't')).toThrow(/longer than 100000 characters/);
    expect(() => parseFormula('schedule', 'interpolate(t, 0, 1, 1, not 2)', 't')).toThrow(
      /points .* are numbers/,
    );
    expect(parseFormula('schedule', 'interpolate(t, -1, +3, 1, -5)', 't').evaluate(0)).toBe(-1);
  });

  it('noise levels: positive numbers, at least one; falling where they are listed', () => {
    for (const sigma of [0, -1, NaN])
      expect(() => {
        requireLevels([{ timestep: null, sigma: 1 }, { timestep: null, sigma }]); // prettier-ignore
      }).toThrow(/^levels\[1\].sigma must be/);
    expect(() => {
      requireLevels([]);
    }).toThrow(/^levels must be a list/);
    for (const sigmas of [[], [2, 0, 0], [2, -1], ['2'], [2, 2], [1, 2], 3])
      expect(() => listedNoiseLevels(sigmas as number[])).toThrow(/^sigmas must be/);
    expect(listedNoiseLevels([3, 1, 0])).toEqual(listedNoiseLevels([3, 1]));
    expect(listedNoiseLevels([Infinity, 1]).map(({ sigma }) => sigma)).toEqual([Infinity, 1]);
  });

  it('noise grids: betas in order below 1, offsets that stay in training', () => {
    for (const options of [{ betaEnd: 1 }, { betaEnd: 1e-4 }, { betaStart: 0.5 }])
      expect(() => noiseLevels('linear', 5, options)).toThrow(/^betaEnd must be in \(betaStart, 1\)/);
    expect(() => noiseLevels('linear', 5, { betaStart: 0 })).toThrow(/^betaStart must be/);
    // The first of three steps of 333 is at 666 + offset, at most 999.
    expect(noiseLevels('linear', 3, { offset: 333 })[0]!.timestep).toBe(999);
    expect(() => noiseLevels('linear', 3, { offset: 334 })).toThrow(
      /^offset must be an integer in \[0, 333\]/,
    );
    expect(noiseLevels('linear', 2, { trainingSteps: 2 }).map(({ timestep }) => timestep)).toEqual([1, 0]);
    expect(() => noiseLevels('linear', 1, { trainingSteps: 1 })).toThrow(/^trainingSteps must be/);
    expect(noiseLevels('cosine', 1, { spacing: 'linspace' })[0]!.timestep).toBe(0);
  });

  it('two steps at infinite noise have w of its own there as their mean', () => {
    const schedule = { ...constantSchedule(0), constant: null, coefficient: () => 4 };
    const levels = [1e40, 1e39, 1].map((sigma) => ({ timestep: null, sigma }));
    expect(stepScales(schedule, levels, 0.25, { reading: 'mean' })[0]!.w).toBe(4);
  });

  it('parameters: defaults, and domains as people write them', () => {
    const parameter = { name: 'n', meaning: '', default: 2, least: 1, largest: 9 };
    expect(parametersOf({ id: 'x', parameters: [parameter] }, {})).toEqual({ n: 2 });
    expect(parametersOf({ id: 'x', parameters: [parameter] }, { n: 9 })).toEqual({ n: 9 });
    expect(domainText(parameter)).toBe('in [1, 9]');
    expect(domainText({ ...parameter, openLeast: true })).toBe('in (1, 9]');
    expect(domainText({ ...parameter, openLargest: true, integer: true })).toBe('an integer in [1, 9)');
  });

  it('a distortion takes log(v/sigma2) where v is too small for it, -Infinity included, but no other', () => {
    // (0 + 0 - 1 + 2000)/2.
    expect(distortion(1, 0, 1, -2000).klPerDimension).toBe(999.5);
    expect(distortion(1, 0, 1, -Infinity).klPerDimension).toBe(Infinity);
    for (const logRatio of [NaN, Infinity])
      expect(() => distortion(1, 1, 1, logRatio)).toThrow(/^logRatio must be/);
    expect(() => distortion(NaN, 1, 1)).toThrow(/^m must be/);
    expect(() => distortion(1, -1, 1)).toThrow(/^v must be/);
    expect(() => distortion(1, 1, 0)).toThrow(/^sigma2 must be/);
  });
});
