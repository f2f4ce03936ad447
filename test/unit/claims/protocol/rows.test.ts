import { describe, expect, it } from 'vitest';
import { curve, onLogAxis, points } from '../../../../src/claims/protocol/panels.ts';
import { groupsBy, where } from '../../../../src/claims/protocol/runs.ts';

const rows = [
  { mode: 'full', w: 1 },
  { mode: 'reduced', w: 1 },
  { mode: 'full', w: 3 },
];

describe('rows of a claim', () => {
  it('are found by some of their values, and grouped by a key in the order of their first', () => {
    expect(where(rows, { mode: 'full' })).toEqual([rows[0], rows[2]]);
    expect(where(rows, { mode: 'full', w: 3 })).toEqual([rows[2]]);
    expect(where(rows, { mode: 'reduced', w: 3 })).toEqual([]);
    expect(groupsBy(rows, ({ w }) => w)).toEqual([
      [1, [rows[0], rows[1]]],
      [3, [rows[2]]],
    ]);
  });

  it('series leave out what is not a number, and on a logarithmic axis what its error hides', () => {
    const look = { label: 'a', source: 'full', group: 'a' } as const;
    expect(curve(look, [1, 2], (x) => (x > 1 ? NaN : x))).toEqual({ ...look, x: [1, 2], y: [1, null] });
    const numbers = [0.3, 0.1, -1].map((value) => ({ value, standardError: 0.1, degreesOfFreedom: 3 }));
    const drawn = (errors?: number) =>
      points(
        look,
        numbers.map((y, x) => ({ x, y: onLogAxis(y, errors) })),
      );
    expect(drawn()).toEqual({ ...look, x: [0, 1, 2], y: [0.3, null, null], standardError: [0.1, 0.1, 0.1] });
    expect(drawn(0).y).toEqual([0.3, 0.1, null]);
  });
});
