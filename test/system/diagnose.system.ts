import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../unit/structure/pages.ts';

// Debian's Python, which has the packages.
const python = '/usr/bin/python3';
const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-diagnose-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const fashion = '/usr/share/datasets/fashion-mnist';
const missing = [
  ...(spawnSync(python, ['-c', 'import numpy, sklearn']).status === 0 ? [] : ['python3-sklearn']),
  ...(existsSync(fashion) ? [] : ['dataset-fashion-mnist']),
];
if (missing.length > 0) process.stdout.write(`diagnose: left out, missing ${missing.join(', ')}\n`);

/** Writes the digits as they are, and Fashion-MNIST in 50 principal components. */
const write = `
import gzip, numpy as np
from sklearn.datasets import load_digits
X, y = load_digits(return_X_y=True)
np.savez('digits.npz', X=X, y=y)
read = lambda name, skip: np.frombuffer(gzip.open('${fashion}/' + name).read(), np.uint8, offset=skip)
X = read('train-images-idx3-ubyte.gz', 16).reshape(-1, 784) / 255.0
y = read('train-labels-idx1-ubyte.gz', 8)
X = X - X.mean(0)
values, vectors = np.linalg.eigh(X.T @ X)
np.save('fashion.npy', (X @ vectors[:, :-51:-1]).astype(np.float32))
np.save('labels.npy', y)
`;

interface Estimate {
  readonly value: number;
  readonly standardError: number;
}
interface Outcome {
  readonly class: string;
  readonly scale: number;
  readonly varianceRatio: Estimate;
  readonly meanShift: Estimate;
}
interface Diagnosis {
  readonly model: { readonly chosen: string };
  readonly dimension: number;
  readonly predictions: readonly Outcome[];
  readonly theory: readonly Outcome[];
  readonly warnings: readonly string[];
}

function diagnose(...args: readonly string[]): Diagnosis {
  const out = path.join(folder, String(Math.random()));
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      path.join(root, 'dist/cli/main.js'),
      'diagnose',
      ...args,
      '--scales',
      '1,2,4',
      '--sampler',
      'heun',
      '--steps',
      '40',
      '--out',
      out,
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(readFileSync(path.join(out, 'diagnose.json'), 'utf8')) as Diagnosis;
}

const average = (rows: readonly Outcome[], scale: number, of: 'varianceRatio' | 'meanShift') => {
  const values = rows.filter((one) => one.scale === scale).map((one) => one[of].value);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

describe.skipIf(missing.length > 0)('diagnose on data', () => {
  it('writes the data', () => {
    const { status, stderr } = spawnSync(python, ['-c', write], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  // The mean field does not see changes of a class that it has within `blind`; `own` is below the variance ratio of covariances of their own.
  const cases = [
    {
      name: 'digits',
      args: ['digits.npz', '--particles', '200'],
      dimension: 61,
      blind: 0,
      own: 1,
      error: 0.03,
    },
    {
      name: 'Fashion-MNIST',
      args: ['fashion.npy', '--labels', 'labels.npy', '--particles', '200'],
      dimension: 50,
      blind: 0.05,
      own: 0.97,
      error: 0.06,
    },
  ];

  it.each(cases)(
    '$name: classes have covariances of their own, and the mean field the signs and the means',
    ({ args, dimension, blind, own }) => {
      const found = diagnose(...args);
      expect(found.model.chosen).toBe('own-full');
      expect(found.dimension).toBe(dimension);
      // Every class's sign right where the exact change exceeds 3 standard errors.
      const changes = found.predictions.flatMap(({ scale, varianceRatio }, i) =>
        scale > 1 && Math.abs(varianceRatio.value - 1) > 3 * varianceRatio.standardError
          ? [[varianceRatio.value - 1, found.theory[i]!.varianceRatio.value - 1] as const]
          : [],
      );
      expect(changes.length).toBeGreaterThan(5);
      expect(changes.filter(([exact, theory]) => exact * theory <= 0 && Math.abs(theory) > blind)).toEqual(
        [],
      );
      for (const scale of [2, 4]) {
        const [exact, theory] = [found.predictions, found.theory].map(
          (rows) => 1 + average(rows, scale, 'meanShift'),
        );
        expect(Math.abs(theory! / exact! - 1)).toBeLessThan(0.05);
        expect(average(found.predictions, scale, 'varianceRatio')).toBeGreaterThan(own);
      }
    },
  );

  it.each(cases)('$name: one covariance for all classes has the sign wrong', ({ args, error }) => {
    const found = diagnose(...args, '--covariances', 'pooled');
    for (const scale of [2, 4]) {
      expect(average(found.predictions, scale, 'varianceRatio')).toBeLessThan(0.96);
      const [exact, theory] = [found.predictions, found.theory].map((rows) =>
        average(rows, scale, 'varianceRatio'),
      );
      expect(Math.abs(theory! - exact!)).toBeLessThan(error);
    }
  });
});
