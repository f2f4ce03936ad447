import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeCommands } from '../../../src/cli/frame/describe.ts';
import { isServed } from '../../../src/cli/service/options.ts';
import { protocolVersion } from '../../../src/cli/service/protocol.ts';
import { allCommands } from '../../../src/cli/program.ts';
import { packageVersion } from '../../../src/threads/version.ts';
import { pythonName, pythonPart, withPart } from '../../python/functions.ts';
import { root } from '../structure/pages.ts';

const file = path.join(root, 'src/python/cfg_dmft.py');
const served = describeCommands((await allCommands()).filter(isServed));

describe('the functions of the Python module', () => {
  it('are those of the commands: npm run python writes them', async () => {
    expect(served.length).toBeGreaterThan(20);
    const source = readFileSync(file, 'utf8');
    await expect(
      withPart(source, pythonPart(served, { version: packageVersion(), protocol: protocolVersion })),
    ).toMatchFileSnapshot(file);
  });

  it('have names that Python takes', () => {
    expect(
      ['few-class entropy', '--t-max', 'centreOverlap', 'class', 'for', 'sigma2'].map(pythonName),
    ).toEqual(['few_class_entropy', 't_max', 'centre_overlap', 'class_', 'for_', 'sigma2']);
    expect(() => withPart('no markers', '')).toThrow('markers');
  });
});
