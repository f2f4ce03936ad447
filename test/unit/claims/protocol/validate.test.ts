import { describe, expect, it } from 'vitest';
import { efforts } from '../../../../src/claims/protocol/claim.ts';
import { claims } from '../../../../src/claims/registry.ts';
import { requestKey, requestSeed } from '../../../../src/claims/protocol/requests.ts';
import { measureClaim, planSimulations } from '../../../../src/claims/protocol/validate.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { simulatePlanned } from '../../../../src/claims/protocol/simulate.ts';
import { measuredClaim, tinyClaim, tinyRequest } from '../tinyClaims.ts';

describe('the plan of some claims', () => {
  const shared = tinyRequest(20);
  const first = tinyClaim('first', { a: shared, b: tinyRequest(21), again: shared }, () => ({}));
  const second = tinyClaim('second', { c: tinyRequest(22), d: { ...shared } }, () => ({}));

  it('has each simulation once, with the claims that ask for it, in the order of asking', () => {
    const plan = planSimulations([first, second], 'quick', 3);
    expect(plan.map(({ request }) => request.options.particles)).toEqual([20, 21, 22]);
    expect(plan.map((one) => one.claims)).toEqual([['first', 'second'], ['first'], ['second']]);
  });

  it('gives a simulation the same seed whatever else is planned', () => {
    const seedOf = (plan: ReturnType<typeof planSimulations>) =>
      plan.find(({ key }) => key === requestKey(shared))!.seed;
    expect(seedOf(planSimulations([second], 'quick', 3))).toBe(
      seedOf(planSimulations([first, second], 'quick', 3)),
    );
    expect(seedOf(planSimulations([first], 'quick', 3))).toBe(requestSeed(requestKey(shared), 3));
    expect(seedOf(planSimulations([first], 'quick', 4))).not.toBe(
      seedOf(planSimulations([first], 'quick', 3)),
    );
  });
});

describe('a measured claim', () => {
  it('sees its results by name, the seed, the effort and the mean field, and is judged', async () => {
    const claim = measuredClaim('overlap');
    const [planned] = planSimulations([claim], 'default', 5);
    const result = await simulatePlanned(planned!);
    const measured = await measureClaim(claim, 'default', 5, new Map([[planned!.key, result]]));
    expect(measured).toMatchObject({ claim, effort: 'default', verdict: 'passed', findings: [] });
    expect(measured.checks[0]).toMatchObject({ measured: result.m.mean, deviation: 0 });
    expect(measured.panels).toHaveLength(1);
  });

  it('is handed another mean field where there is one', async () => {
    const seen: unknown[] = [];
    const claim = tinyClaim('solver', {}, ({ solve, seed, effort }) => {
      seen.push(solve, seed, effort);
      return {};
    });
    await measureClaim(claim, 'quick', 9, new Map());
    const other = () => {
      throw new Error('not called');
    };
    await measureClaim(claim, 'thorough', 9, new Map(), other);
    expect(seen).toEqual([solveOrderParameters, 9, 'quick', other, 9, 'thorough']);
  });

  it('cannot do with a simulation that is missing or was not asked for', async () => {
    const claim = tinyClaim('greedy', { a: tinyRequest() }, (evidence) => ({
      measured: evidence.result('b').m.mean,
    }));
    await expect(measureClaim(claim, 'quick', 1, new Map())).rejects.toThrow(
      'claim greedy: no result of simulation "b"',
    );
    await expect(measureClaim(measuredClaim('lonely'), 'quick', 1, new Map())).rejects.toThrow(
      'claim lonely: no result of simulation "run"',
    );
  });
});

describe('the registry', () => {
  it('has claims with ids of their own, words for everything, and a plan for every effort', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    for (const claim of claims) {
      expect(claim.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [claim.title, claim.statement, claim.formula, claim.source, claim.method]) {
        expect(text.length, claim.id).toBeGreaterThan(3);
        expect(text, claim.id).toBe(text.trim());
      }
      for (const effort of efforts) expect(() => claim.simulations(effort)).not.toThrow();
    }
  });
});
