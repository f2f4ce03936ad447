import { describe, expect, it } from 'vitest';
import { closestWords, didYouMean } from '../../../src/numerics/spelling.ts';

const options = ['alpha', 'w', 'sigma2', 'scale', 'sampler', 'schedule', 't-max', 'tolerance', 'd'];

describe('the word that a misspelt one may stand for', () => {
  it.each([
    ['alhpa', 'alpha', 'neighbours swapped'],
    ['alpa', 'alpha', 'a letter left out'],
    ['allpha', 'alpha', 'a letter too many'],
    ['alpho', 'alpha', 'a wrong letter'],
    ['ALPHA', 'alpha', 'another case'],
    ['t_max', 't-max', 'an underscore'],
    ['sigma', 'sigma2', 'a beginning'],
    ['tol', 'tolerance', 'a short beginning'],
    ['guidance-scale', 'scale', 'a part between hyphens'],
    ['toelranec', 'tolerance', 'two changes of a long word'],
  ])('%s is %s: %s', (typed, meant) => {
    expect(closestWords(typed, options)).toEqual([meant]);
  });

  it.each(['x', 'beta', 'dims', 'temperature', 'ss', 'apl', 'a'.repeat(41)])(
    '%s is no known word',
    (typed) => {
      expect(didYouMean(typed, options)).toBeUndefined();
    },
  );

  it('several at one distance are all named, up to three, and a closer one alone', () => {
    expect(didYouMean('sine', ['sin', 'sinh', 'cosh'])).toBe('did you mean sin or sinh?');
    expect(closestWords('cat', ['bat', 'hat', 'mat', 'rat'])).toEqual(['bat', 'hat', 'mat']);
    expect(closestWords('linaer', ['linear', 'linen'])).toEqual(['linear']);
  });
});
