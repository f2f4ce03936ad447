import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formCatalogue } from '../../../src/guidance/forms/catalogue.ts';
import { compileForm } from '../../../src/guidance/forms/compile.ts';
import {
  checkForm,
  formText,
  linearForm,
  parseForm,
  resolveForm,
  type GuidanceForm,
} from '../../../src/guidance/forms/form.ts';
import { competingInvariants, overlapAtNoise, targetOverlap } from '../../../src/guidance/forms/limit.ts';
import { linearPrediction } from '../../../src/guidance/forms/predictions.ts';
import { refusedForms } from '../../../src/guidance/forms/refused.ts';
import { emptyInvariants, type GuidanceTarget } from '../../../src/guidance/forms/rule.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { ornsteinUhlenbeck, processes } from '../../../src/process/process.ts';
import { uniform } from '../meanfield/sampling.ts';

const context = { process: ornsteinUhlenbeck, sigma2: 0.25 };

/** Target of a form at a point of the competing classes' phase. */
async function targetOf(
  form: GuidanceForm,
  place: { M: number; v: number; h: number; variance: number; w: number; information?: number },
  process = context.process,
): Promise<GuidanceTarget> {
  const rule = compileForm(await resolveForm(form), { process, sigma2: 0.25 })!;
  const at = emptyInvariants();
  competingInvariants(place.M, place.v, place.h, at);
  at.information = place.information ?? 0.1;
  const target = { centre: NaN, guidance: NaN, state: NaN };
  rule.target(at, place.variance, place.w, target);
  return target;
}

const place = { M: 1.3, v: 0.7, h: 0.4, variance: 0.9, w: 2 };

describe('forms as text', () => {
  it('every entry of the catalogue reads its id alone with its defaults, and is written and read back unchanged', () => {
    for (const entry of formCatalogue) {
      const form = parseForm(entry.id);
      expect(form.kind).toBe(entry.id);
      for (const { name, default: value } of [...entry.parameters, ...entry.choices, ...entry.formulas]) {
        expect((form as unknown as Record<string, unknown>)[name]).toBe(value);
      }
      expect(parseForm(formText(form))).toEqual(form);
      expect(structuredClone(form)).toEqual(form);
    }
  });

  it('reads parameters in any order, and commas inside brackets', () => {
    expect(parseForm('rescaled:prediction=data, phi=0.3')).toEqual({
      kind: 'rescaled',
      phi: 0.3,
      prediction: 'data',
    });
    expect(parseForm('nonlinear:phi=min(x, 2),dimension=4')).toEqual({
      kind: 'nonlinear',
      phi: 'min(x, 2)',
      dimension: 4,
      prediction: 'score',
    });
    expect(parseForm('projected:threshold=Infinity')).toEqual(parseForm('projected'));
    expect(parseForm(' linear ')).toEqual(linearForm);
  });

  it.each([
    ['quadratic', /one of linear, power/],
    ['power:strength=2', /strength/],
    ['linear:w=1', /no parameters/],
    ['power:exponent', /key=value/],
    ['power:exponent=1,exponent=2', /once/],
    ['power:exponent=-1', /power:exponent must be a number in \(-1, Infinity\)/],
    ['power:exponent=', /power:exponent/],
    ['power:exponent=one', /power:exponent/],
    ['rescaled:phi=1.2', /rescaled:phi must be a number in \[0, 1\]/],
    ['renormalised:cap=0.9', /renormalised:cap/],
    ['projected:threshold=0', /projected:threshold/],
    ['feedback:mixing=0', /feedback:mixing/],
    ['autoguidance:delta=Infinity', /autoguidance:delta/],
    ['autoguidance:against=nobody', /one of class, mixture/],
    ['zero-star:prediction=score', /one of noise, data, velocity/],
    ['nonlinear:phi=', /a formula/],
    ['adg:limit=0', /adg:limit must be a number in \(0, 180\]/],
    ['adg:limit=181', /adg:limit/],
    ['mambo-g:damping=-1', /mambo-g:damping must be a number in \[0, Infinity\)/],
    ['vags:kappa=-0.1', /vags:kappa/],
    ['pmc:cap=0.99', /pmc:cap must be a number in \[1, Infinity\)/],
    ['tcfg:prediction=score', /one of noise, data, velocity/],
  ])('refuses %s with one line that names what is wrong', (text, message) => {
    expect(() => parseForm(text)).toThrow(ParameterError);
    expect(() => parseForm(text)).toThrow(message);
  });

  it('a nonlinear form needs a formula in x, and to be resolved before it is used', async () => {
    const form = parseForm('nonlinear:phi=x^2/(1 + x)');
    expect(() => compileForm(form, context)).toThrow(/must be read before it is used/);
    expect(compileForm(await resolveForm(form), context)).not.toBeNull();
    await expect(resolveForm(parseForm('nonlinear:phi=y^2'))).rejects.toThrow(/unknown/);
    expect(() => {
      checkForm({ ...form, extra: 1 } as unknown as GuidanceForm);
    }).toThrow(/extra/);
  });
});

describe('forms that have no place here', () => {
  it.each(refusedForms)('$id: the error has the title and the reason', ({ id, title, reason }) => {
    expect(formCatalogue.map((entry) => entry.id as string)).not.toContain(id);
    expect(() => parseForm(id)).toThrow(ParameterError);
    expect(() => parseForm(`${id}:scale=2`)).toThrow(
      `form must be a function of the scalar products of the scores and x, got "${id}"; ${title} ${reason}`,
    );
  });

  it('are told to the guide of forms', () => {
    const page = readFileSync(new URL('../../../docs/theory/guidance-forms.md', import.meta.url), 'utf8');
    const rows = page.split('\n');
    for (const { id, arxiv } of refusedForms) {
      const row = rows.find((line) => line.startsWith(`| \`${id}\` |`));
      expect(row?.includes(arxiv), id).toBe(true);
    }
  });
});

describe('targets of the forms', () => {
  it('are the conditional one at w = 0, and the linear one where a parameter switches the form off (1e-14)', async () => {
    const neutral = [
      'power:exponent=0',
      'nonlinear:phi=1',
      'rescaled:phi=0',
      'renormalised:cap=1e6',
      'projected:parallel=1',
      'feedback:mixing=0.999999,dimension=1e-9',
      'autoguidance:delta=0,against=mixture',
      'mambo-g:damping=0',
      'vags:kappa=0',
      'pmc:cap=1e6',
    ];
    for (const text of neutral) {
      const w = text.startsWith('feedback') ? 1e-7 : place.w;
      const target = await targetOf(parseForm(text), { ...place, w });
      expect(target.centre).toBeCloseTo(1, 14);
      expect(target.guidance).toBeCloseTo(w, 14);
      expect(target.state).toBeCloseTo(0, 14);
    }
    for (const entry of formCatalogue.slice(1)) {
      const target = await targetOf(parseForm(entry.id), { ...place, w: 0 });
      expect([target.centre, target.guidance, Math.abs(target.state)]).toEqual([1, 0, 0]);
    }
  });

  it('stay finite, and their part along y stays small, from infinite noise to the data', async () => {
    const random = uniform(7);
    for (const entry of formCatalogue.slice(1)) {
      for (const process of Object.values(processes)) {
        for (const variance of [1e14, 1e6, 3, 0.25 + 1e-9, 0.25]) {
          const M = random(0.5, 2);
          const v = variance * random(0.5, 1.2);
          const target = await targetOf(
            parseForm(entry.id),
            { M, v, h: 1 / (variance + 1), variance, w: 3 },
            process,
          );
          expect(Math.abs(target.centre) + Math.abs(target.guidance)).toBeLessThan(50);
          // The flow of log v is integrable there only if this falls at least like 1/sqrt(Gamma).
          expect(Math.abs(target.state) * Math.min(1, Math.sqrt(variance))).toBeLessThan(10);
        }
      }
    }
  });

  it('rescaled noise, by hand: |P_c|^2 = |mu_c - y|^2, |P|^2 = |mu_c - y + w Delta|^2', async () => {
    const { M, v, h, w } = place;
    const along = 1 - M + w * (1 - h * M);
    const across = 1 + w * h;
    const conditional = (1 - M) ** 2 + v;
    const guided = along ** 2 + across ** 2 * v;
    const rho = Math.sqrt(conditional / guided);
    const target = await targetOf(parseForm('rescaled:phi=1,prediction=noise'), place);
    expect(target.centre).toBeCloseTo(rho, 12);
    expect(target.guidance).toBeCloseTo(rho * w, 12);
    expect(target.state).toBeCloseTo(1 - rho, 12);
    const capped = await targetOf(parseForm('renormalised:cap=1,prediction=noise'), place);
    expect(capped.centre).toBeCloseTo(target.centre, 12);
  });

  it('feedback: the scale of a linear admixture, capped at w, and w where the ratio is below 1 - mixing', async () => {
    const form = parseForm('feedback:mixing=0.8,dimension=3');
    const at = async (information: number) => (await targetOf(form, { ...place, information })).guidance;
    const R = Math.exp(3 * 0.2);
    expect(await at(0.2)).toBeCloseTo(0.2 / (R - 0.2), 12);
    expect(await at(-0.5)).toBe(place.w);
    expect(await at(-Infinity)).toBe(place.w);
    expect(await at(Infinity)).toBe(0);
    // R = 1, where sampling starts: (1 - mixing)/mixing.
    expect(await at(0)).toBeCloseTo(0.25, 12);
  });

  it('the limit at infinite noise: 1 + w where nothing else is said, 1 + parallel w when projected, growth where there is none', () => {
    const overlap = (text: string, variance = 1e12) =>
      overlapAtNoise(compileForm(parseForm(text), context)!, variance, 2);
    expect(overlap('power:exponent=0')).toBeCloseTo(3, 10);
    expect(overlap('projected:parallel=0.3')).toBeCloseTo(1.6, 5);
    // Of the noise only half of what is across it is left, X_u vanishes beside X_c, and a turn of 60 degrees is from right angles.
    expect(overlap('tcfg')).toBeCloseTo(2, 5);
    expect(overlap('tcfg:prediction=data')).toBeCloseTo(3, 5);
    expect(overlap('adg')).toBeCloseTo((1 + Math.sqrt(3)) / 2, 5);
    expect(overlap('adg:limit=180')).toBeCloseTo(-1, 5);
    expect(overlap('pmc:cap=1.4')).toBeCloseTo(1.4, 5);
    expect(overlap('pmc:cap=4')).toBeCloseTo(3, 5);
    // The velocity is eps in the noise: of length 1, and the difference too.
    const flow = { ...context, process: processes.flow };
    const inFlow = (text: string) => overlapAtNoise(compileForm(parseForm(text), flow)!, 1e12, 2);
    expect(inFlow('mambo-g:damping=1.5')).toBeCloseTo(1 + 2 * Math.exp(-1.5), 5);
    expect(inFlow('vags:kappa=0.8')).toBeCloseTo(3 * Math.exp(-0.8 * Math.SQRT1_2), 4);
    expect(overlap('zero-star:prediction=noise')).toBeCloseTo(3, 5);
    expect(overlap('power:exponent=0.9')).toBeCloseTo(1, 4);
    expect(overlap('rescaled:phi=1,prediction=data')).toBeCloseTo(1, 5);
    expect(overlap('power:exponent=-0.5', 1e18) / overlap('power:exponent=-0.5')).toBeGreaterThan(20);
  });

  it('predictions: Gamma P = pull mu + rest y of eps, x_0 and v, up to one factor (1e-12)', () => {
    for (const process of Object.values(processes)) {
      for (const time of [0.1, 0.5, 0.9]) {
        const a = process.signalScale(time);
        const b = Math.sqrt(process.noiseVariance(time));
        const tau = (b / a) ** 2;
        const Gamma = 0.25 + tau;
        const [mu, y] = [0.7, -1.9];
        const score = (mu - y) / Gamma;
        const noise = -Math.sqrt(tau) * score;
        const data = y + tau * score;
        const velocity = { ou: a * noise - b * data, flow: noise - data, ve: noise }[process.name];
        for (const [name, value] of [
          ['noise', noise],
          ['data', data],
          ['velocity', velocity],
        ] as const) {
          const { pull, rest } = linearPrediction(name, process, 0.25, tau);
          // The factor is the same at another point.
          const other = (mu + 1 - y) / Gamma;
          const otherNoise = -Math.sqrt(tau) * other;
          const otherData = y + tau * other;
          const otherVelocity = {
            ou: a * otherNoise - b * otherData,
            flow: otherNoise - otherData,
            ve: otherNoise,
          };
          const second = { noise: otherNoise, data: otherData, velocity: otherVelocity[process.name] }[name];
          expect((pull * mu + rest * y) / value).toBeCloseTo((pull * (mu + 1) + rest * y) / second, 10);
        }
      }
    }
  });
});

describe('a target in the plane of the centre and the state', () => {
  it('has the overlap that its vector has (1e-14)', () => {
    const draw = uniform(5);
    for (let trial = 0; trial < 20; trial++) {
      const [M, h, across] = [draw(-2, 3), draw(0, 1), draw(-2, 2)];
      const target: GuidanceTarget = { centre: draw(-2, 2), guidance: draw(-5, 5), state: draw(-2, 2) };
      // mu_c = (1, 0), y = (M, across), mubar = h y; target = centre mu_c + guidance (mu_c - mubar) + state y.
      const y = [M, across] as const;
      const vector = [1, 0].map(
        (mu, i) => target.centre * mu + target.guidance * (mu - h * y[i]!) + target.state * y[i]!,
      );
      expect(targetOverlap(target, M, h)).toBeCloseTo(vector[0]!, 13);
    }
  });
});

describe('a form whose formula is not one', () => {
  it('is refused by name', () => {
    for (const phi of ['', '  ', 3, undefined]) {
      const form = { ...parseForm('nonlinear'), phi } as unknown as Parameters<typeof checkForm>[0];
      expect(() => {
        checkForm(form);
      }).toThrow(/^form nonlinear:phi must be a formula/);
    }
  });
});
