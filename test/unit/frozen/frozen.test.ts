import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { lines } from './lines.ts';

// Elementary functions of another engine differ in the last bits, and so do their digests.
const engine = process.versions.v8.split('.')[0];

describe.skipIf(engine !== '11')('numbers of the program, to the last bit (Node 20)', () => {
  it.each(lines)('%s', async (line) => {
    expect(await digestOf(line)).toMatchSnapshot();
  });
});
