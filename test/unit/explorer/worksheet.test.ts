import { describe, expect, it } from 'vitest';
import { trajectoryOf } from '../../../src/explorer/compute/trajectory.ts';
import { decodeState, encodeState } from '../../../src/explorer/state/address.ts';
import { coefficientOf, type ExplorerState } from '../../../src/explorer/state/state.ts';
import { tasks } from '../../../src/explorer/state/worksheet.ts';

function taskOf(id: string) {
  const task = tasks.find((one) => one.id === id);
  if (task === undefined) throw new Error(`no task ${id}`);
  const answer = task.answer.join(' ');
  return {
    state: task.state,
    question: task.question.join(' '),
    /** Asserts that the answer has this text. */
    says: (text: string): void => {
      expect(answer).toContain(text);
    },
  };
}

/** The trajectory of a state, which must not be condensed, with v over sigma2. */
async function solved(state: ExplorerState) {
  const { final, ...rest } = await trajectoryOf(state);
  if (final === null) throw new Error('condensed');
  return { ...rest, m: final.m, ratio: final.v / state.sigma2 };
}

/** A state with a formula in t that the task writes out. */
function withFormula({ state, text }: { state: ExplorerState; text: string }): ExplorerState {
  return { ...state, schedule: { kind: 'formula', text, clock: 't' } };
}

describe('the worksheet', () => {
  it('has five tasks, each with a state that names it and comes back from its link', () => {
    expect(tasks).toHaveLength(5);
    for (const { id, state, question, answer } of tasks) {
      expect(state.preset).toBe(id);
      expect(decodeState(encodeState(state))).toEqual({ state, notice: null });
      for (const sentence of [...question, ...answer]) expect(sentence).toMatch(/^\S.*[.?]$/);
    }
  });

  it('scale: m and v/sigma2 at the four scales, and how much they change', async () => {
    const { state, question, says } = taskOf('task-scale');
    expect(question).toContain('the scales 1, 2, 4 and 7.5');
    const found = await Promise.all(
      [1, 2, 4, 7.5].map((scale) => solved({ ...state, w: coefficientOf(scale) })),
    );
    const listed = (values: readonly number[]) => {
      const [last = '', ...others] = values.map((value) => value.toFixed(3)).reverse();
      return `${others.reverse().join(', ')}, ${last}`;
    };
    says(`m = ${listed(found.map(({ m }) => m))} and v/σ² = ${listed(found.map(({ ratio }) => ratio))}`);
    says(`grows by ${(found[3]!.m - found[2]!.m).toFixed(3)}`);
    says(`no more than ${(found[2]!.ratio - found[3]!.ratio).toFixed(3)}`);
    // "Which of the two keeps growing": the gain in m does not shrink as the loss of variance does.
    expect((found[3]!.m - found[2]!.m) / (found[2]!.m - found[1]!.m)).toBeGreaterThan(1);
    expect((found[2]!.ratio - found[3]!.ratio) / (found[1]!.ratio - found[2]!.ratio)).toBeLessThan(0.5);
  });

  it('transition: its time, a formula that changes nothing, and one that does', async () => {
    const { state, question, says } = taskOf('task-transition');
    const constant = await solved(state);
    says(`t* = ${constant.speciationTime!.toFixed(3)}`);
    const late = 't < 0.4 ? 0 : 1';
    const early = 't < 0.6 ? 0 : 1';
    for (const text of [late, early]) expect(question).toContain(text);
    const same = await solved(withFormula({ state, text: late }));
    expect(same.m).toBeCloseTo(constant.m, 8);
    expect(same.ratio).toBeCloseTo(constant.ratio, 8);
    says(`m = ${same.m.toFixed(3)} and v/σ² = ${same.ratio.toFixed(3)}, as with constant w = 1`);
    const other = await solved(withFormula({ state, text: early }));
    says(`m = ${other.m.toFixed(3)} and v/σ² = ${other.ratio.toFixed(3)}.`);
  });

  it('critical rate: the transition moves to the data, and beyond is the limit of infinitely many classes', async () => {
    const { state, says } = taskOf('task-critical');
    const before = await solved(state);
    says(`t* = ${before.speciationTime!.toFixed(3)}`);
    says(`the critical rate α = ${before.criticalAlpha!.toFixed(3)}`);
    for (const alpha of [1.3, 2]) {
      const beyond = await solved({ ...state, alpha });
      expect(beyond.speciationTime).toBeNull();
      expect(beyond.m).toBeCloseTo(beyond.infiniteClassLimit!.m, 8);
      says(`m = ${beyond.m.toFixed(3)} and v/σ² = ${beyond.ratio.toFixed(3)}`);
    }
  });

  it('noise: ODE and SDE at w = 1 and w = 3', async () => {
    const { state, says } = taskOf('task-noise');
    expect(state.pin?.sampler).toBe('ode');
    const [ode, sde, ode3, sde3] = await Promise.all([
      solved(state),
      solved({ ...state, sampler: 'sde' }),
      solved({ ...state, w: 3 }),
      solved({ ...state, w: 3, sampler: 'sde' }),
    ]);
    says(`v/σ² = ${ode.ratio.toFixed(3)} for the ODE and ${sde.ratio.toFixed(3)} for the SDE`);
    says(`m = ${ode.m.toFixed(3)} and ${sde.m.toFixed(3)}`);
    says(`t* = ${ode.speciationTime!.toFixed(3)} and ${sde.speciationTime!.toFixed(3)}`);
    says(`the ODE has ${ode3.ratio.toFixed(3)}, and the SDE ${sde3.ratio.toFixed(3)}: a little more`);
    says(`t* = ${sde3.speciationTime!.toFixed(3)}`);
    expect(sde3.ratio).toBeGreaterThan(sde.ratio);
  });

  it('schedule: the example meets the task, and its price', async () => {
    const { state, question, says } = taskOf('task-schedule');
    const constant = await solved(state);
    expect(question).toContain(`v/σ² = ${constant.ratio.toFixed(3)}`);
    const text = 't < 1 ? -0.5 : 2';
    says(text);
    const example = await solved(withFormula({ state, text }));
    says(`m = ${example.m.toFixed(3)} and v/σ² = ${example.ratio.toFixed(3)}`);
    expect(example.ratio).toBeGreaterThan(0.9);
    expect(example.m).toBeGreaterThan(1.2);
    says(`${example.minComplexity!.toFixed(3)} in place of ${constant.minComplexity!.toFixed(3)}`);
  });
});
