import { describe, expect, it } from 'vitest';
import { digestOf } from '../unit/frozen/digest.ts';
import { slowLines } from '../unit/frozen/lines.ts';

// As test/unit/frozen/frozen.test.ts, which has the quick ones.
const engine = process.versions.v8.split('.')[0];

describe.skipIf(engine !== '11')('numbers of the program, to the last bit (Node 20)', () => {
  it.each(slowLines)('%s', async (line) => {
    expect(await digestOf(line)).toMatchSnapshot();
  });
});
