import { describe, expect, it } from 'vitest';
import { progressLine, showDuration, showRate } from '../../../src/cli/terminal/progress.ts';

describe('progress', () => {
  it('says percentage, speed and the time left', () => {
    expect(progressLine('full', 0.25, 0, 30, 4.1e8)).toBe('full 25 %, 410 million pairs/s, 2 min left');
    expect(progressLine('full', 0.5, 0, 30, null)).toBe('full 50 %, 30 s left');
  });

  it('estimates no time before there is something to go by', () => {
    expect(progressLine('full', 0, 0, 10, null)).toBe('full 0 %');
    expect(progressLine('full', 0.1, 0, 1, null)).toBe('full 10 %');
  });

  it('of a resumed run goes by what this run has done', () => {
    // 25 % in 20 s, 25 % to go; if all 75 % had taken these 20 s it would be 7 s.
    expect(progressLine('full', 0.75, 0.5, 20, null)).toBe('full 75 %, 20 s left');
  });

  it('rates and durations to the digits that mean something', () => {
    expect([99.94, 953_988, 25_057_903, 2.05e9, 31e9].map(showRate)).toEqual([
      '99.9',
      '954 thousand',
      '25.1 million',
      '2.05 billion',
      '31.0 billion',
    ]);
    expect([0.2, 89.5, 90, 5000, 5400, 172_799, 260_000].map(showDuration)).toEqual([
      '1 s',
      '90 s',
      '2 min',
      '84 min',
      '1.5 h',
      '48.0 h',
      '3.0 days',
    ]);
  });
});
