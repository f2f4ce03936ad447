import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/explorer/compute/problem.ts';
import { structuredOf } from '../../../src/explorer/compute/structured.ts';
import { structuredFigureOf } from '../../../src/explorer/export/figures.ts';
import { defaultState, type ExplorerState } from '../../../src/explorer/state/state.ts';
import { structuredLaw, structuredLaws } from '../../../src/explorer/state/structuredLaws.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { coordinateDensity } from '../../../src/meanfield/structured/coordinateDensity.ts';
import { solveStructured } from '../../../src/meanfield/structured/solve.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const ids = structuredLaws.map(({ id }) => id);
const of = (law: string, changes: Partial<ExplorerState> = {}): ExplorerState => ({
  ...defaultState,
  law,
  ...changes,
});
const integral = (x: readonly number[], y: readonly number[], power = 0) =>
  x.slice(1).reduce((sum, right, i) => {
    const left = x[i]!;
    return sum + ((right - left) / 2) * (y[i]! * left ** power + y[i + 1]! * right ** power);
  }, 0);

describe('structured classes', () => {
  it.each(ids)('have the numbers and the density of the library, bit for bit: %s', async (id) => {
    const state = of(id, { sampler: 'sde', w: 2 });
    const law = structuredLaw(id)!.law(state);
    const solution = solveStructured(
      {
        law,
        ...(law.kind === 'levels' ? {} : { alpha: state.alpha }),
        guidance: { w: state.w },
        process: ornsteinUhlenbeck,
        eta: samplers.sde.eta,
      },
      { fluctuations: false },
    );
    const { final, phase, levelTimes } = solution;
    const { x, density, classDensity } = coordinateDensity(solution);
    const shown = await structuredOf(state);
    expect(shown).toMatchObject({ phase, m: final!.m, v: final!.v, x, density, classDensity });
    const times = shown.parts.map(({ speciationTime }) => speciationTime);
    if (law.kind === 'levels') {
      expect(shown.parts.map(({ m }) => m)).toEqual(final!.levels);
      expect(times).toEqual(levelTimes);
    } else {
      expect(shown.parts.map(({ m, v, c }) => ({ m, v, c }))).toMatchObject(
        final!.bands.map(({ m, v, c }) => ({ m, v, c })),
      );
      expect(new Set(times)).toEqual(new Set(levelTimes));
    }
    expect(shown.parts).toHaveLength(structuredLaw(id)!.parts.length);
  });

  it.each(ids)(
    'both densities integrate to 1 within 1e-3, and guidance moves the guided one out: %s',
    async (id) => {
      const { x, density, classDensity } = await structuredOf(of(id));
      for (const values of [density, classDensity])
        expect(Math.abs(integral(x, values) - 1)).toBeLessThan(1e-3);
      expect(integral(x, density, 1)).toBeGreaterThan(integral(x, classDensity, 1) + 0.05);
    },
  );

  it.each(ids)('without guidance the samples are those of the class, to 1e-5: %s', async (id) => {
    const { m, density, classDensity, parts } = await structuredOf(of(id, { w: 0, alpha: 0.3 }));
    expect(m).toBeCloseTo(1, 5);
    const largest = Math.max(...classDensity);
    density.forEach((value, i) => {
      expect(Math.abs(value - classDensity[i]!) / largest).toBeLessThan(1e-5);
    });
    for (const { v, c } of parts) if (v !== null) expect(v / c!).toBeCloseTo(1, 5);
  });

  it('shares sigma2 and |mu|^2/d = 1 between their parts', () => {
    for (const { law: lawOf, parts } of structuredLaws) {
      const law = lawOf({ alpha: 0.5, sigma2: 0.3 });
      if (law.kind === 'levels') {
        expect(law.levels.reduce((sum, { r }) => sum + r, 0)).toBeCloseTo(1, 12);
        expect(law.levels.reduce((sum, { alpha }) => sum + alpha, 0)).toBeCloseTo(0.5, 11);
        expect(law.levels).toHaveLength(parts.length);
        continue;
      }
      const { bands } = law;
      const mean = (valueOf: (band: (typeof bands)[number]) => number) =>
        bands.reduce((sum, band) => sum + band.weight * valueOf(band), 0);
      expect(mean(({ rho }) => rho)).toBeCloseTo(1, 12);
      const variance = mean(({ c }) =>
        typeof c === 'number' ? c : c.reduce((sum, { value, weight }) => sum + value * weight, 0),
      );
      expect(variance).toBeCloseTo(0.3, 11);
    }
  });

  it('have no numbers and no density where the others condense', async () => {
    const result = await structuredOf(of('spectrum', { w: -0.7 }));
    expect(result).toMatchObject({
      phase: 'condensed',
      hasLevels: false,
      m: null,
      v: null,
      x: [],
      density: [],
    });
    expect(result.parts.map(({ m, v }) => [m, v])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('refuse an unknown law at its field', async () => {
    const unknown = await outcomeOf(() => structuredOf(of('none')));
    expect(unknown).toMatchObject({
      ok: false,
      refusal: { field: 'law', message: 'law must be one of the list, got "none"' },
    });
  });

  it('export both densities, named, with the law and the guidance in the title', async () => {
    const result = await structuredOf(of('widths'));
    const { data, table, title } = structuredFigureOf(of('widths'), result);
    expect(data.map(({ name }) => name)).toEqual(['the class itself (w = 0)', 'guided']);
    expect(table.columns).toEqual(['x', 'density', 'classDensity']);
    expect(table.rows).toHaveLength(result.x.length);
    expect(title).toBe('Density of a coordinate: variances of their own (ODE, α = 0.5, w = 1, σ² = 0.25)');
  });
});
