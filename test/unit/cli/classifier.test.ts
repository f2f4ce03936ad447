import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classifierCommands } from '../../../src/cli/commands/classifier/group.ts';
import { runHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-classifier-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Row = Record<string, number | string | null>;
type Document = Record<string, unknown> & { rows: Row[]; slopes: Record<string, number | null>[] };

async function run(...args: string[]): Promise<Document> {
  return JSON.parse(await runHere(classifierCommands, ...args, '--json')) as Document;
}

const line = ['--centres', '-1;1', '--weights', '0.4,0.6'];
const modelFolder = path.join(folder, 'model');
const modelFile = path.join(modelFolder, 'classifier-model.json');
const training = ['train', ...line, '--training-samples', '300', '--steps', '60', '--samples', '100'];

beforeAll(async () => {
  await run(...training, '--out', modelFolder);
});

describe('classifier measure', () => {
  it('temperature on the line: rows and slopes of the contract, slope 1 within 0.02 by quadrature', async () => {
    const found = await run('measure', ...line, '--family', 'temperature', '--parameters', '0.1,0.01');
    expect(found.rows).toHaveLength(2);
    for (const row of found.rows) {
      for (const key of [
        'family',
        'parameter',
        'time',
        'kl',
        'guidanceMse',
        'bound',
        'standardError',
        'dimension',
      ])
        expect(row).toHaveProperty(key);
      expect(row['guidanceMse'] as number).toBeLessThanOrEqual(row['bound'] as number);
      expect(row['standardError']).toBeNull();
    }
    expect(Math.abs(found.slopes[0]!['slope']! - 1)).toBeLessThan(0.02);
    expect(found.slopes[0]).toMatchObject({
      family: 'temperature',
      dimension: 1,
      time: 0.3,
      standardError: null,
    });
    expect(found).toHaveProperty('record.seed', 1);
  });

  it('samples in two dimensions: the interval lies about the slope; the same seed gives the same document', async () => {
    const args = ['measure', '--family', 'bias,wave', '--d', '2,3', '--samples', '100', '--times', '0.2,0.5'];
    const found = await run(...args);
    expect(found.rows).toHaveLength(2 * 2 * 2 * 5);
    expect(found.slopes).toHaveLength(8);
    for (const { slope, lower, upper, standardError } of found.slopes) {
      expect(standardError!).toBeGreaterThan(0);
      expect(lower!).toBeLessThan(slope!);
      expect(upper!).toBeGreaterThan(slope!);
    }
    expect((await run(...args)).rows).toEqual(found.rows);
  });

  it('writes a table and a page; text of several noise levels says where a trained classifier errs', async () => {
    const out = path.join(folder, 'measure');
    const args = ['measure', ...line, '--family', 'logistic', '--parameters', '50,100', '--times', '0.2,0.5'];
    const text = await runHere(classifierCommands, ...args, '--out', out);
    expect(text).toMatch(/trained: share of/);
    expect(readFileSync(path.join(out, 'classifier-measure.csv'), 'utf8').split('\r\n')[0]).toMatch(
      /^family,parameter,dimension,time,label,kl,/,
    );
    expect(readFileSync(path.join(out, 'classifier-measure.html'), 'utf8')).toContain('Guidance error');
    expect(existsSync(path.join(out, 'classifier-measure.json'))).toBe(true);
  });

  it('measures a trained model from its file or from the document of its training, in its own mixture', async () => {
    const found = await run('measure', '--classifier', modelFile, ...line, '--time', '0.5');
    expect(found.rows).toHaveLength(1);
    expect(found.rows[0]).toMatchObject({ family: 'logistic', parameter: 300, dimension: 1, time: 0.5 });
    const document = path.join(modelFolder, 'classifier-train.json');
    expect((await run('measure', '--classifier', document, ...line, '--time', '0.5')).rows).toEqual(
      found.rows,
    );
  });
});

describe('classifier train', () => {
  it('one class: nothing to learn, and no share of it', async () => {
    const args = ['--training-samples', '50', '--steps', '3', '--samples', '20'];
    const text = await runHere(classifierCommands, 'train', '--centres', '1,0', ...args);
    expect(text).not.toContain('NaN');
    expect(text).toMatch(/\n0\.125 +0 +0 +0 +0 +- +0/);
  });

  it('is deterministic from its seed, with a row for each noise level and losses that fall towards the least', async () => {
    const first = await run(...training);
    const again = await run(...training);
    const other = await run(...training, '--seed', '2');
    expect(again['model']).toEqual(first['model']);
    expect(other['model']).not.toEqual(first['model']);
    expect(first.rows).toHaveLength(16);
    for (const row of first.rows) {
      expect(row['kl'] as number).toBeGreaterThan(0);
      expect(row['loss'] as number).toBeGreaterThan(row['bayesLoss'] as number);
    }
    const losses = first['losses'] as { heldOutLoss: number }[];
    expect(losses.at(-1)!.heldOutLoss).toBeLessThan(losses[0]!.heldOutLoss);
    expect(losses.at(-1)!.heldOutLoss).toBeGreaterThan(first['bayesLoss'] as number);
  });

  it('epochs are steps by the batch', async () => {
    const args = ['train', ...line, '--training-samples', '300', '--samples', '50'];
    const found = await run(...args, '--epochs', '2', '--batch', '50');
    expect(found).toHaveProperty('model.steps', 12);
  });
});

describe('classifier counterexample', () => {
  it('on the line: KL below 1e-6 at a guidance error of 1 (1e-3), measured as predicted', async () => {
    const out = path.join(folder, 'counterexample');
    const found = await run('counterexample', ...line, '--kl', '1e-5', '--out', out);
    const last = found.rows.at(-1)!;
    expect(last['kl'] as number).toBeLessThanOrEqual(1.001e-6);
    expect(found.rows).toHaveLength(5);
    for (const row of found.rows.slice(1)) {
      expect(Math.abs((row['guidanceMse'] as number) - 1)).toBeLessThan(1e-3);
      expect(Math.abs((row['kl'] as number) / (row['predictedKl'] as number) - 1)).toBeLessThan(1e-3);
    }
    expect(Math.abs(found.slopes[0]!['slope']!)).toBeLessThan(0.02);
    expect(readFileSync(path.join(out, 'classifier-counterexample.html'), 'utf8')).toContain(
      'wild gradients',
    );
  });

  it('random mixtures in several dimensions', async () => {
    const found = await run('counterexample', '--d', '2,4', '--mixtures', '3', '--samples', '200');
    expect(
      new Set(found.rows.map((row) => `${String(row['dimension'])} ${String(row['mixture'])}`)).size,
    ).toBe(6);
    for (const row of found.rows) expect(row['guidanceMse'] as number).toBeGreaterThan(0.5);
  });
});

/** Model files that are none, made from a good one. */
const spoilt: Readonly<Record<string, (model: Record<string, unknown>) => void>> = {
  'a NaN weight': (model) => ((model['parameters'] as unknown[])[1] = NaN),
  'a weight that is text': (model) => ((model['parameters'] as unknown[])[1] = 'NaN'),
  'a weight too few': (model) => (model['parameters'] as unknown[]).pop(),
  'no training': (model) => (model['steps'] = 0),
  'another kind': (model) => (model['kind'] = 'forest'),
  'no scales': (model) => (model['scales'] = undefined),
};

describe('classifier, misuse', () => {
  const bad: readonly [string, readonly string[], RegExp][] = [
    ['a label out of range', ['measure', '--label', '4'], /label must be an integer in \[0, 3\], got 4/],
    ['a label that is no integer', ['measure', '--label', '0.5'], /label must be an integer/],
    ['an unknown family', ['measure', '--family', 'forest'], /family must be one of temperature/],
    [
      'a temperature below 0',
      ['measure', '--family', 'temperature', '--parameters', '-1'],
      /parameters must be T - 1 > -1/,
    ],
    [
      'an amplitude of 0',
      ['measure', '--family', 'fourier', '--parameters', '0'],
      /parameters must be a finite number > 0/,
    ],
    [
      'half a sample',
      ['measure', '--family', 'logistic', '--parameters', '0.5'],
      /parameters must be an integer/,
    ],
    [
      'parameters of several families',
      ['measure', '--parameters', '1'],
      /parameters must be given with one --family/,
    ],
    ['no samples', ['measure', '--samples', '0'], /samples must be an integer in \[20/],
    ['no dimension', ['measure', '--d', '0'], /d must be an integer in \[1, 1024\]/],
    ['one class', ['measure', '--classes', '1'], /classes must be an integer in \[2/],
    ['both mixtures', ['measure', ...line, '--d', '2'], /d must be given without --centres/],
    ['weights without centres', ['measure', '--weights', '1'], /weights must be given with --centres/],
    ['a time without a signal', ['measure', '--process', 'flow', '--time', '1'], /time must be in \[0, 1\)/],
    ['both times', ['measure', '--time', '1', '--times', '1,2'], /times must be given without --time/],
    [
      'no such file',
      ['measure', '--classifier', '/nowhere'],
      /classifier must be a JSON file that can be read \(ENOENT\)/,
    ],
    [
      'a device, which may have no end',
      ['measure', '--classifier', '/dev/zero'],
      /classifier must be a JSON file that can be read \(it is longer than 64 MiB\)/,
    ],
    ['a KL of 0', ['counterexample', '--kl', '0'], /kl must be a finite number > 0/],
    ['a negative error', ['counterexample', '--guidance-error', '-1'], /guidance-error must be/],
    [
      'an amplitude of 0',
      ['counterexample', '--amplitude', '0', '--frequency', '1'],
      /amplitude must be in \(0, 100\]/,
    ],
    ['a frequency of 0', ['counterexample', '--amplitude', '1', '--frequency', '0'], /frequency must be/],
    [
      'an amplitude alone',
      ['counterexample', '--amplitude', '1'],
      /amplitude must be given with --frequency/,
    ],
    [
      'a KL beside an amplitude',
      ['counterexample', '--amplitude', '1', '--frequency', '1', '--kl', '1'],
      /kl must be given without/,
    ],
    ['no mixtures', ['counterexample', '--mixtures', '0'], /mixtures must be/],
    ['a kind that is none', ['train', '--kind', 'forest'], /kind must be one of logistic, perceptron/],
    ['no training samples', ['train', '--training-samples', '0'], /training-samples must be/],
    [
      'hidden layers of a logistic regression',
      ['train', '--hidden', '3'],
      /hidden must be given with --kind perceptron/,
    ],
    ['both lengths', ['train', '--steps', '2', '--epochs', '1'], /epochs must be given without --steps/],
    ['times in the wrong order', ['train', '--from', '2', '--to', '1'], /timeRange.to must be at least 2/],
    ['two dimensions', ['train', '--d', '2,3'], /d must be one dimension/],
  ];

  it.each(bad)('%s', async (_what, args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });

  it.each(Object.keys(spoilt))('a model file with %s', async (name) => {
    const content = JSON.parse(readFileSync(modelFile, 'utf8')) as { model: Record<string, unknown> };
    spoilt[name]!(content.model);
    const file = path.join(folder, 'spoilt.json');
    writeFileSync(file, JSON.stringify(content));
    await expect(run('measure', '--classifier', file, ...line)).rejects.toThrow(
      /classifier must be a trained model/,
    );
  });

  it('a model of another dimension, number of classes or process, or at a time it does not know', async () => {
    const measured = (...args: string[]) => run('measure', '--classifier', modelFile, ...args);
    await expect(measured('--d', '2', '--classes', '2')).rejects.toThrow(
      /classifier must be for the 2 dimensions/,
    );
    await expect(measured('--centres', '-1;0;1')).rejects.toThrow(/classifier must be for the 3 classes/);
    await expect(measured(...line, '--process', 've')).rejects.toThrow(/process must be ou/);
    await expect(measured(...line, '--time', '9')).rejects.toThrow(/time must be between 0 and/);
  });
});
