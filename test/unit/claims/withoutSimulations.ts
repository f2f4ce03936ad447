import { expect } from 'vitest';
import type { Claim } from '../../../src/claims/protocol/claim.ts';
import { judge } from '../../../src/claims/protocol/verdict.ts';
import { expectDrawablePanels, judgeSynthetic, labelsOf } from './synthetic.ts';

/** For claims that ask for no simulation. */
const none = (name: string): never => {
  throw new RangeError(`no simulation ${name} was asked for`);
};

/** A claim asks for no simulation, passes, can be drawn, and fails if any of its checks is moved beyond its margin. */
export async function expectSelfContained(claim: Claim): Promise<void> {
  expect(claim.simulations('default')).toEqual({});
  const judged = await judgeSynthetic(claim, none, { effort: 'quick' });
  expect(labelsOf(judged, 'failed')).toEqual([]);
  expect(judged.verdict).toBe('passed');
  expectDrawablePanels(judged);
  judged.checks.forEach((check, i) => {
    const { margin, expected, standardError } = check;
    const away = margin + 8 * (standardError ?? 0) + check.bias;
    const measured = check.test === 'above' ? expected - away : expected + 1.01 * away;
    const moved = judged.checks.map((other, j) => (i === j ? { ...other, measured } : other));
    expect(judge({ ...judged, checks: moved }).verdict, check.label).toBe('failed');
  });
}
