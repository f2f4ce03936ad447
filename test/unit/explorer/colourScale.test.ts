import { describe, expect, it } from 'vitest';
import { centredRange, colourAt } from '../../../src/explorer/drawing/colourScale.ts';

const shares = Array.from({ length: 65 }, (_, i) => i / 64);

/** Relative luminance, which colour blindness leaves. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) =>
    value / 255 <= 0.04045 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

describe('the scale of the map', () => {
  it.each([
    ['divergingLight', -1],
    ['divergingDark', 1],
  ] as const)('%s goes from the paper in the middle to both ends, in luminance too', (name, sign) => {
    const values = shares.map((share) => luminance(colourAt(name, share)));
    const outwards = (list: readonly number[]) =>
      list.every((value, i) => i === 0 || sign * (value - list[i - 1]!) > 0);
    expect(outwards(values.slice(32))).toBe(true);
    expect(outwards(values.slice(0, 33).reverse())).toBe(true);
  });

  it.each(['divergingLight', 'divergingDark'] as const)('%s is blue below and orange above', (name) => {
    for (const share of [0.1, 0.25, 0.4]) {
      const [below, above] = [colourAt(name, share), colourAt(name, 1 - share)];
      expect(below[2]).toBeGreaterThan(below[0]);
      expect(above[0]).toBeGreaterThan(above[2]);
    }
  });

  it('is centred on 1: of the variance ratio 0 to 2, of the overlap as far as all but one in twenty go', () => {
    expect(centredRange('v', [0.2, 13])).toEqual([0, 2]);
    expect(centredRange('m', [0.9, 1, 1.04])).toEqual([0.9, 1.1]);
    expect(centredRange('m', [...Array<number>(19).fill(1.3), 9])).toEqual([0.5, 1.5]);
    expect(centredRange('m', [1, 7.2])).toEqual([-6, 8]);
  });
});
