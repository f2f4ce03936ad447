import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../../src/claims/protocol/claim.ts';
import { discreteCentresClaim } from '../../../../src/claims/structured/discreteCentres.ts';
import { finerLevelClaim } from '../../../../src/claims/structured/finerLevel.ts';
import { ownCovariancesClaim } from '../../../../src/claims/structured/ownCovariances.ts';
import { spectrumBandsClaim } from '../../../../src/claims/structured/spectrumBands.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import type { BandLaw } from '../../../../src/mixture/classLaw.ts';
import type { StructuredSpec } from '../../../../src/particles/structured/spec.ts';
import { expectDrawablePanels, labelsOf } from '../synthetic.ts';
import { expectAdmissibleStructuredPlan, judgeStructured } from './structuredSynthetic.ts';

/** The bands of a spec in place of its own. */
function withBands(
  spec: StructuredSpec,
  change: (bands: BandLaw['bands']) => BandLaw['bands'],
): StructuredSpec {
  const { law } = spec;
  return law.kind === 'bands' ? { ...spec, law: { kind: 'bands', bands: change(law.bands) } } : spec;
}

const claims: readonly (readonly [string, Claim])[] = [
  spectrumBandsClaim,
  discreteCentresClaim,
  ownCovariancesClaim,
  finerLevelClaim,
].map((claim) => [claim.id, claim]);

describe.each(claims)('claim %s', (_, claim) => {
  it('asks for admissible simulations', () => expectAdmissibleStructuredPlan(claim));

  it('passes on the mean field at every effort, and can be drawn', async () => {
    for (const effort of ['quick', 'default'] as const) {
      const judged = await judgeStructured(claim, undefined, { effort });
      expect(labelsOf(judged, 'failed')).toEqual([]);
      expect(labelsOf(judged, 'inconclusive')).toEqual([]);
      expectDrawablePanels(judged);
    }
  });

  it('fails if the particles take the scale 1 + w for w', async () => {
    const scaled = await judgeStructured(claim, (spec) => ({
      ...spec,
      guidance: 'w' in spec.guidance ? { w: 1 + spec.guidance.w } : spec.guidance,
    }));
    expect(scaled.verdict).toBe('failed');
    expect(labelsOf(scaled, 'failed').some((label) => label.startsWith('averaged'))).toBe(true);
    expect(labelsOf(scaled, 'failed').some((label) => label.startsWith('mean field'))).toBe(false);
  });

  it('fails at the noise level between the samplers if the mean field has 1 + eta in place of 1 + eta^2', async () => {
    const judged = await judgeStructured(claim, undefined, {
      solveStructured: (problem, options) => {
        const eta = typeof problem.sampler === 'object' ? problem.sampler.eta : 0;
        return eta === 0.5
          ? solveStructured({ ...problem, sampler: { eta: Math.SQRT1_2 } }, options)
          : solveStructured(problem, options);
      },
    });
    const failed = labelsOf(judged, 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every((label) => label.includes('η = 0.5'))).toBe(true);
  });
});

describe('claims on structured classes', () => {
  it('spectrum-bands fails if each band has a transition of its own', async () => {
    const judged = await judgeStructured(spectrumBandsClaim, undefined, {}, (state) => ({
      ...state,
      // m and v/c of a band alone at the same rate.
      bands: state.bands.map((band) => ({ ...band, m: band.c > 0.2 ? 1.2866 : 1.2482, v: 0.6391 * band.c })),
    }));
    const failed = labelsOf(judged, 'failed').filter((label) => label.startsWith('averaged, ODE'));
    expect(failed).toHaveLength(4);
  });

  it('discrete-centres fails if the output is that of gaussian centres', async () => {
    const judged = await judgeStructured(discreteCentresClaim, undefined, {}, (state) => ({
      ...state,
      coordinate: state.coordinate && { ...state.coordinate, skewness: 0 },
    }));
    const failed = labelsOf(judged, 'failed');
    expect(failed.filter((label) => label.endsWith('skewness at d → ∞'))).toHaveLength(2);
    const gaussian = await judgeStructured(discreteCentresClaim, (spec) =>
      withBands(spec, (bands) => bands.map((band) => ({ ...band, centres: { kind: 'signs' } }))),
    );
    expect(labelsOf(gaussian, 'failed')).toEqual([]);
    const moments = await judgeStructured(discreteCentresClaim, undefined, {}, (state, { law, alpha }) =>
      law.kind === 'bands' && alpha === 0.5 ? { ...state, m: 1.4409, v: 0.1354 } : state,
    );
    expect(labelsOf(moments, 'failed')).toEqual(
      ['m', 'v'].map((name) => `averaged, ±1, ODE, α = 0.5: ${name} at d → ∞`),
    );
  });

  it('own-covariances fails if own and common variances change places, and if they do the same', async () => {
    const common: BandLaw['bands'] = [0.1, 1.2].map((c) => ({ weight: 0.5, rho: 1, c }));
    const own: BandLaw['bands'] = [
      { weight: 1, rho: 1, c: [0.1, 1.2].map((value) => ({ value, weight: 0.5 })) },
    ];
    const swapped = await judgeStructured(ownCovariancesClaim, (spec) =>
      withBands(spec, (bands) => (bands.length === 1 ? common : own)),
    );
    expect(labelsOf(swapped, 'failed').filter((label) => label.includes('own − common'))).toHaveLength(4);
    const same = await judgeStructured(ownCovariancesClaim, (spec) => withBands(spec, () => common));
    expect(labelsOf(same, 'failed').filter((label) => label.startsWith('averaged, own'))).toHaveLength(4);
    expect(labelsOf(same, 'inconclusive').length).toBeGreaterThan(0);
  });

  it('finer-level fails if the levels change places, and if late guidance acts on the coarse one', async () => {
    const swapped = await judgeStructured(finerLevelClaim, undefined, {}, (state) => ({
      ...state,
      levels: [...state.levels!].reverse(),
    }));
    expect(labelsOf(swapped, 'failed')).toEqual(
      expect.arrayContaining(['averaged, ODE: coarse m at d → ∞', 'averaged, ODE: fine m at d → ∞']),
    );
    expect(labelsOf(swapped, 'inconclusive').some((label) => label.includes('against the coarse one'))).toBe(
      true,
    );
    const late = await judgeStructured(finerLevelClaim, (spec) =>
      'schedule' in spec.guidance && spec.guidance.schedule.includes('0.45')
        ? { ...spec, guidance: { w: 1 } }
        : spec,
    );
    const failed = labelsOf(late, 'failed');
    expect(failed).toHaveLength(2);
    expect(failed.every((label) => label.includes('late guidance'))).toBe(true);
  });
});
