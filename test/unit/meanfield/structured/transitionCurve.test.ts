import { describe, expect, it } from 'vitest';
import { bandRateAtTransition } from '../../../../src/closedForms/bands.ts';
import { classRateAtTransition } from '../../../../src/closedForms/transition.ts';
import { probabilityFlow, reverseSde } from '../../../../src/guidance/sampler.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import { transitionCurve } from '../../../../src/meanfield/transition/transitionCurve.ts';
import type { BandLaw, CentreLaw } from '../../../../src/mixture/classLaw.ts';

const signs: CentreLaw = { kind: 'signs' };
const own = [
  { value: 0.1, weight: 0.5 },
  { value: 0.6, weight: 0.5 },
];
/** Laws of one shape: variances times `scale`, after `shift` has been added to those inside a class. */
const lawsAt = (scale: number, shift: number): Record<'gaussian' | 'discrete' | 'own', BandLaw> => {
  const c = (value: number) => scale * (value + shift);
  return {
    gaussian: {
      kind: 'bands',
      bands: [
        { weight: 0.5, rho: 1.5 * scale, c: c(0.4) },
        { weight: 0.5, rho: 0.5 * scale, c: c(0.1) },
      ],
    },
    discrete: { kind: 'bands', bands: [{ weight: 1, rho: scale, c: c(0.25), centres: signs }] },
    own: {
      kind: 'bands',
      bands: [{ weight: 1, rho: scale, c: own.map(({ value, weight }) => ({ value: c(value), weight })) }],
    },
  };
};
const laws = lawsAt(1, 0);
const noise = [3, 0.5, 0.02];

describe('transitions of all class rates', () => {
  it('laws of one shape share a curve, whatever their scale, least variance and process (1e-9)', () => {
    const [scale, shift] = [3, -0.05];
    const others = lawsAt(scale, shift);
    for (const name of ['gaussian', 'discrete', 'own'] as const)
      for (const sampler of ['ode', 'sde'] as const) {
        const curve = transitionCurve({ law: laws[name], sampler, guidance: { w: 1 } }, noise);
        const other = transitionCurve(
          { law: others[name], sampler, guidance: { w: 1 }, process: 'flow' },
          noise.map((tau) => scale * (tau - shift)),
        );
        curve.forEach(({ alpha, information }, i) => {
          expect(other[i]!.alpha).toBeCloseTo(alpha, 9);
          expect(other[i]!.information).toBeCloseTo(information, 9);
        });
      }
  });

  it('are where the solver has them', () => {
    for (const law of Object.values(laws)) {
      const [row] = transitionCurve({ law, guidance: { w: 1 } }, [0.5]);
      const { alpha, time } = row!;
      const { crossings } = solveStructured({ law, alpha, guidance: { w: 1 } });
      expect(crossings[0]!.time).toBeCloseTo(time, 6);
    }
  });

  it('without guidance the rate is the information; at high noise 1 + 2w times as much', () => {
    for (const law of Object.values(laws)) {
      for (const { alpha, information } of transitionCurve(
        { law, guidance: { w: 0 }, sampler: 'sde' },
        noise,
      ))
        expect(alpha).toBeCloseTo(information, 5);
      for (const sampler of ['ode', 'sde'] as const) {
        const [row] = transitionCurve({ law, guidance: { w: 2 }, sampler }, [1e4]);
        expect(row!.alpha / row!.information).toBeCloseTo(5, 2);
      }
    }
  });

  it('gaussian bands have the closed curve, and at equal information no larger rate than one band with noise', () => {
    const bands = laws.gaussian.bands.map(({ weight, rho, c }) => ({ weight, rho, c: c as number }));
    for (const sampler of [probabilityFlow, reverseSde])
      for (const row of transitionCurve({ law: laws.gaussian, sampler, guidance: { w: 1 } }, noise)) {
        expect(row.alpha).toBeCloseTo(bandRateAtTransition(bands, row.noise, 1, sampler), 8);
        const information = bands.reduce(
          (sum, { weight, rho, c }) => sum + 0.5 * weight * Math.log1p(rho / (c + row.noise)),
          0,
        );
        expect(row.information).toBeCloseTo(information, 9);
        const isotropic = classRateAtTransition(Math.exp(-2 * information), 1, reverseSde);
        if (sampler === reverseSde) expect(row.alpha).toBeLessThan(isotropic);
      }
  });

  it('refuses a hierarchy and noise before the start', () => {
    const law = { kind: 'levels', sigma2: 0.1, levels: [{ alpha: 0.1, r: 1 }] } as const;
    expect(() => transitionCurve({ law, guidance: { w: 1 } }, [1])).toThrow(
      'problem.law must be of bands, got "levels"',
    );
    expect(() => transitionCurve({ law: laws.gaussian, guidance: { w: 1 }, startTime: 1 }, [1, 10])).toThrow(
      'noise[1] must be at most that of the start, got 10',
    );
  });
});
