import { describe, expect, it } from 'vitest';
import { compileForm } from '../../../src/guidance/forms/compile.ts';
import { checkForm, parseForm, resolveForm, type GuidanceForm } from '../../../src/guidance/forms/form.ts';
import {
  competingInvariants,
  guidedInvariants,
  overlapAtNoise,
  overlapLimit,
} from '../../../src/guidance/forms/limit.ts';
import { emptyInvariants, rememberLast, type FormInvariants } from '../../../src/guidance/forms/rule.ts';
import { ornsteinUhlenbeck, processes } from '../../../src/process/process.ts';
import { uniform } from '../meanfield/sampling.ts';

const rule = (text: string, sigma2 = 0.25) =>
  compileForm(parseForm(text), { process: ornsteinUhlenbeck, sigma2 })!;
const dot = (x: readonly number[], y: readonly number[]) => x[0]! * y[0]! + x[1]! * y[1]!;

/** The invariants of a centre, y and a posterior mean in the plane, from their definitions. */
function invariantsOf(
  centre: readonly number[],
  y: readonly number[],
  mean: readonly number[],
): Omit<FormInvariants, 'information'> {
  const difference = centre.map((value, i) => value - mean[i]!);
  return {
    centre: dot(centre, centre),
    overlap: dot(centre, y),
    square: dot(y, y),
    difference: dot(difference, difference),
    differenceCentre: dot(difference, centre),
    differenceState: dot(difference, y),
    mean: dot(mean, mean),
    differenceMean: dot(difference, mean),
  };
}

describe('invariants of the two phases', () => {
  it('are the products of the vectors: mubar = h y among the others, mubar = mu_c in the class (1e-14)', () => {
    const draw = uniform(31);
    for (let trial = 0; trial < 20; trial++) {
      const [M, v, h] = [draw(-2, 3), draw(0, 4), draw(0, 1)];
      const at = emptyInvariants();
      for (const [write, mean] of [
        [
          () => {
            competingInvariants(M, v, h, at);
          },
          [h * M, h * Math.sqrt(v)],
        ],
        [
          () => {
            guidedInvariants(M, v, at);
          },
          [1, 0],
        ],
      ] as const) {
        write();
        for (const [name, value] of Object.entries(invariantsOf([1, 0], [M, Math.sqrt(v)], mean)))
          expect(at[name as keyof FormInvariants], name).toBeCloseTo(value, 12);
      }
    }
  });
});

describe('the overlap from infinite noise', () => {
  it('autoguidance: 1 + w against the mixture, 1 against the class itself (1e-5)', () => {
    expect(overlapAtNoise(rule('autoguidance:delta=0.1,against=mixture'), 1e10, 2)).toBeCloseTo(3, 5);
    expect(overlapAtNoise(rule('autoguidance:delta=0.1'), 1e10, 2)).toBeCloseTo(1, 5);
  });

  it('is the fixed point of the target at a finite Gamma: autoguidance by hand (1e-11)', () => {
    // G = (1 + k) mu_c + w (Gamma/Gamma') (1 - h M) - k M along mu_c, with k = w delta/Gamma' and h = 1/(Gamma' + 1).
    const [Gamma, delta, w] = [50, 0.1, 2];
    const k = (w * delta) / (Gamma + delta);
    const g = (w * Gamma) / (Gamma + delta);
    const h = 1 / (Gamma + delta + 1);
    const M = (1 + k + g) / (1 + k + g * h);
    expect(overlapAtNoise(rule(`autoguidance:delta=${delta},against=mixture`), Gamma, w)).toBeCloseTo(M, 11);
    // Against the class: M = 1 + k - k M.
    expect(overlapAtNoise(rule(`autoguidance:delta=${delta}`), Gamma, w)).toBeCloseTo(1, 11);
  });

  it('is found where the plain iteration swings: 1/(1 - s) of a target mu_c + s y, with s from -1.5 to 0.5 (1e-10)', () => {
    for (const slope of [-1, -1.5, 0.5, -0.3]) {
      const swinging = {
        usesPosterior: true,
        usesInformation: false,
        shift: 0,
        target: (
          _at: FormInvariants,
          _variance: number,
          _w: number,
          out: { centre: number; guidance: number; state: number },
        ) => {
          Object.assign(out, { centre: 1, guidance: 0, state: slope });
        },
      };
      for (const guided of [false, true])
        expect(overlapAtNoise(swinging, 1e10, 1, guided) * (1 - slope)).toBeCloseTo(1, slope < -1 ? 6 : 10);
    }
  });

  it('a single class has the difference 0: every form is conditional sampling, M = 1', () => {
    for (const text of ['power:exponent=0.5', 'rescaled:phi=1', 'projected', 'zero-star', 'autoguidance'])
      expect(overlapAtNoise(rule(text), 1e8, 3, true), text).toBeCloseTo(1, 12);
  });

  it('has a limit, or an error that says how far the target reaches', () => {
    expect(overlapLimit(rule('power:exponent=0'), 'power', 1e12, 2, false)).toBeCloseTo(3, 10);
    // |delta| falls with Gamma, its power -0.5 grows without bound.
    expect(() => overlapLimit(rule('power:exponent=-0.5'), 'power', 1e12, 2, false)).toThrow(
      /^form must be bounded at infinite noise for the asymptotic start, got "power"; its target reaches \d+ class centres/,
    );
    // No growth, but a target beyond the thousandth of the standard deviation that the start leaves out.
    expect(overlapLimit(rule('power:exponent=0'), 'power', 1e12, 900, false)).toBeCloseTo(901, 5);
    expect(() => overlapLimit(rule('power:exponent=0'), 'power', 1e12, 1100, false)).toThrow(
      /its target reaches 1100 class centres/,
    );
    expect(overlapLimit(rule('power:exponent=0'), 'power', 1e12, -1100, true)).toBe(1);
    expect(() => overlapLimit(rule('power:exponent=0'), 'power', 1e12, -1100, false)).toThrow(
      /reaches -1100/,
    );
  });
});

describe('rescaled and projected predictions where there is nothing to divide by', () => {
  it('leave the prediction as it is where one of the two vanishes', () => {
    const out = { centre: NaN, guidance: NaN, state: NaN };
    const at = emptyInvariants();
    // y = mu_c: the conditional noise P_c = mu_c - y is 0.
    competingInvariants(1, 0, 0.5, at);
    rule('rescaled:phi=1,prediction=noise').target(at, 2, 3, out);
    expect(out).toEqual({ centre: 1, guidance: 3, state: -0 });
    // h = 1 and y = mu_c: the unconditional one is 0 as well.
    competingInvariants(1, 0, 1, at);
    rule('zero-star:prediction=noise').target(at, 2, 3, out);
    expect(out).toEqual({ centre: 1, guidance: 3, state: -0 });
    // X_c = (tau mu_c + sigma2 y)/Gamma is 0 at y = -mu_c tau/sigma2: nothing is parallel to it.
    competingInvariants(-1, 0, 0, at);
    rule('projected:parallel=0', 1).target(at, 2, 3, out);
    expect([out.centre, out.guidance, Math.abs(out.state)]).toEqual([1, 3, 0]);
  });

  it('a negative difference from rounding counts as none', () => {
    const at = { ...emptyInvariants(), centre: 1, square: 1, difference: -1e-17 };
    const out = { centre: NaN, guidance: NaN, state: NaN };
    rule('power:exponent=0.5').target(at, 2, 3, out);
    expect(out).toEqual({ centre: 1, guidance: 0, state: 0 });
    rule('projected:threshold=1').target(at, 2, 3, out);
    expect(out.guidance).toBe(3);
  });
});

describe('damped, turned and capped guidance at the ends of their formulas', () => {
  const sigma2 = 0.25;
  const target = (text: string, at: Omit<FormInvariants, 'information'>, tau: number, w = 3) => {
    const out = { centre: NaN, guidance: NaN, state: NaN };
    rule(text, sigma2).target({ ...at, information: 0 }, sigma2 + tau, w, out);
    return out;
  };

  it('mambo-g: no difference is no damping, even beside P_u = 0; a difference beside P_u = 0 is full damping', () => {
    const own = invariantsOf([1, 1], [1, 1], [1, 1]);
    expect(target('mambo-g:prediction=noise', own, 1).guidance).toBe(3);
    const other = invariantsOf([1, -1], [1, 1], [1, 1]);
    expect(target('mambo-g:prediction=noise', other, 1).guidance).toBe(0);
    expect(target('mambo-g:damping=0,prediction=noise', other, 1).guidance).toBe(3);
  });

  it('pmc: a cap next to 1 leaves (cap - 1) |X_c|^2/(X_c.[X_c - X_u]) of the guidance (1e-4)', () => {
    const at = invariantsOf([1.2, 0.3], [0.9, -0.4], [0.2, 0.1]);
    const [tau, excess] = [1, 1e-6];
    // Gamma X_c = tau mu_c + sigma2 y, Gamma (X_c - X_u) = tau Delta.
    const square = 1.425 ** 2 + 0.2 ** 2;
    const product = 1.425 * 1 + 0.2 * 0.2;
    const guidance = target(`pmc:cap=${1 + excess}`, at, tau).guidance;
    expect((guidance * product) / (excess * square)).toBeCloseTo(1, 4);
    expect(target('pmc:cap=1', at, tau).guidance).toBe(0);
    // Nothing to divide by: at the data X_c = X_u.
    for (const cap of [1, 1.05]) expect(target(`pmc:cap=${cap}`, at, 0).guidance).toBe(3);
    expect(target('pmc:cap=1', at, tau, -0.7).guidance).toBe(-0.7);
  });

  it('tcfg and adg: their part along y has a limit at the data, where the difference of the predictions vanishes (1e-5)', () => {
    const at = invariantsOf([1.2, 0.3], [0.9, -0.4], [0.2, 0.1]);
    for (const text of ['tcfg:prediction=data', 'adg']) {
      const [end, before] = [target(text, at, 0), target(text, at, 1e-7)];
      expect(end.centre).toBe(1);
      expect(Math.abs(end.state)).toBeGreaterThan(0.1);
      expect(end.guidance).toBeCloseTo(text === 'adg' ? 3 : 1.5, 12);
      for (const name of ['guidance', 'state'] as const) expect(before[name]).toBeCloseTo(end[name], 5);
    }
  });

  it('adg: small angles turn by their sines, and predictions that are opposite are left to the linear rule', () => {
    // Gamma X = tau mu + sigma2 y: X_u along (1, 0), X_c at the angle theta from it.
    const [tau, w] = [1, 3];
    const at = (theta: number) => {
      const y = [0, 0];
      return invariantsOf([Math.cos(theta), Math.sin(theta)], y, [1, 0]);
    };
    const theta = 5e-4;
    const k = Math.sin(w * theta) / Math.sin(theta);
    expect(k).not.toBeCloseTo(w, 8);
    expect(target('adg', at(theta), tau).guidance).toBeCloseTo(k * Math.cos(theta), 10);
    const opposite = target('adg', at(Math.PI - 1e-9), tau);
    expect(opposite.guidance).toBeCloseTo(-3, 6);
    expect(opposite.centre).toBeCloseTo(0.5 + 6, 6);
    expect(target('adg', at(1), tau, -2)).toEqual(target('adg', at(1), tau, 0));
  });
});

describe('a remembered function', () => {
  it('has the value of its argument, also after another one', () => {
    const square = rememberLast((x) => x * x);
    expect([2, 3, 3, 2].map(square)).toEqual([4, 9, 9, 4]);
  });
});

describe('forms as data', () => {
  const refused: readonly [object, RegExp][] = [
    [{ kind: 'power', exponent: '1', dimension: 1, prediction: 'score' }, /power:exponent must be a number/],
    [
      { kind: 'power', exponent: 0.9, prediction: 'score' },
      /power:dimension must be a number in \(0, Infinity\)/,
    ],
    [{ kind: 'rescaled', phi: 0.5 }, /rescaled:prediction must be one of noise, data, velocity/],
    [{ kind: 'renormalised', cap: Infinity, prediction: 'noise' }, /cap must be a number in \[1, Infinity\)/],
    [{ kind: 'projected', parallel: 2, threshold: 1 }, /parallel must be a number in \[0, 1\]/],
    [{ kind: 'feedback', mixing: 1.1, dimension: 1 }, /mixing must be a number in \(0, 1\]/],
    [{ kind: 'linear', w: 1 }, /keys among kind, formula, got "w"/],
  ];
  it.each(refused)('%j is refused', (form, message) => {
    expect(() => {
      checkForm(form as GuidanceForm);
    }).toThrow(message);
  });

  it('accept the closed ends of their domains, and blanks around names and values', () => {
    for (const text of [
      'rescaled:phi=0',
      'rescaled:phi=1',
      'renormalised:cap=1',
      'projected:parallel=1,threshold=Infinity',
      'feedback:mixing=1',
      'autoguidance:delta=0',
    ])
      expect(() => parseForm(text)).not.toThrow();
    expect(parseForm('power: exponent = 0.5 , dimension = 3')).toEqual({
      kind: 'power',
      exponent: 0.5,
      dimension: 3,
      prediction: 'score',
    });
    expect(parseForm('power:')).toEqual(parseForm('power'));
    expect(() => parseForm('power:=1')).toThrow(/parameters exponent, dimension, prediction/);
    expect(() => parseForm('gradient', 'guidance')).toThrow(/^guidance must be one of linear/);
  });

  it('brackets close: a comma behind them divides again', () => {
    expect(parseForm('nonlinear:phi=max(min(x, 2), 1),dimension=4')).toMatchObject({
      phi: 'max(min(x, 2), 1)',
      dimension: 4,
    });
  });

  it('a colon belongs to the formula: phi = x > 1 ? 2 : 3', async () => {
    const form = await resolveForm(parseForm('nonlinear:phi=x > 1 ? 2 : 3'));
    expect(form).toMatchObject({ phi: 'x > 1 ? 2 : 3' });
    const at = { ...emptyInvariants(), difference: 16 };
    const out = { centre: NaN, guidance: NaN, state: NaN };
    // |delta| = 4 sqrt(1 + tau)/Gamma: 3.32 at Gamma = 2, 0.57 at 50.
    for (const [variance, phi] of [
      [2, 2],
      [50, 3],
    ] as const) {
      compileForm(form, { process: processes.ou, sigma2: 0.25 })!.target(at, variance, 1.5, out);
      expect(out.guidance).toBe(1.5 * phi);
    }
    // A form that was resolved already is itself; so is one without a formula.
    expect(await resolveForm(form)).toBe(form);
    const plain = parseForm('power');
    expect(await resolveForm(plain)).toBe(plain);
  });

  it('are compiled for a process and a positive variance only; none is linear guidance', () => {
    const context = { process: ornsteinUhlenbeck, sigma2: 0.25 };
    expect(compileForm(undefined, context)).toBeNull();
    expect(compileForm(parseForm('linear'), context)).toBeNull();
    for (const form of ['linear', 'power'])
      expect(() => compileForm(parseForm(form), { ...context, sigma2: 0 })).toThrow(/^sigma2 must be/);
    expect(() => compileForm({ kind: 'power' } as GuidanceForm, context)).toThrow(/power:exponent/);
    expect(() => compileForm(parseForm('power'), { ...context, process: {} as never })).toThrow(/process/);
  });
});
