import type { LevelLaw } from '../../mixture/classLaw.ts';
import { SingleNormals } from '../../numerics/singleNormals.ts';
import { lawNormalStream } from '../problem/streams.ts';
import { rescale, type StructuredClasses } from './explicitClasses.ts';
import type { StructuredProblem } from './spec.ts';

/**
 * Classes of a hierarchy. The branches of all levels are counted through, level by level: branch number n of a level has the normals at
 * the address (realisation, n + branches of the coarser levels). Classes of one branch are neighbours.
 */
export function drawLevelClasses(
  { spec, size }: StructuredProblem,
  law: LevelLaw,
  seed: number,
  realization: number,
): StructuredClasses {
  const { dimension, guidedClass } = spec;
  const { classes, branches } = size;
  const guidedLevels = law.towards ?? law.levels.length;
  const normals = new SingleNormals(seed, lawNormalStream);
  let node = 0;
  let before = 1;
  const levels = law.levels.map(({ r }, l) => {
    before *= branches[l]!;
    const firstNode = node;
    node += before;
    return {
      scale: Math.sqrt(r),
      r,
      firstNode,
      classesEach: classes / before,
      part: new Float64Array(dimension),
    };
  });
  const drawPart = (l: number, branch: number): void => {
    const { part, scale, r, firstNode } = levels[l]!;
    normals.fill(realization, firstNode + branch, part, 0, dimension);
    for (let i = 0; i < dimension; i++) part[i]! *= scale;
    if (branch === 0 && guidedClass === 'typical' && l < guidedLevels) rescale(part, r * dimension);
  };
  const first = new Float64Array(dimension);
  const centre = new Float64Array(dimension);
  const deltas = new Float32Array((classes - 1) * dimension);
  let parts: Float64Array[] = [];
  for (let k = 0; k < classes; k++) {
    levels.forEach(({ classesEach }, l) => {
      if (k % classesEach === 0) drawPart(l, k / classesEach);
    });
    centre.fill(0);
    for (const { part } of levels) for (let i = 0; i < dimension; i++) centre[i]! += part[i]!;
    if (k === 0) {
      first.set(centre);
      parts = levels.slice(0, guidedLevels).map(({ part }) => part.slice());
      continue;
    }
    const row = (k - 1) * dimension;
    for (let i = 0; i < dimension; i++) deltas[row + i] = centre[i]! - first[i]!;
  }
  return { classes, dimension, first, deltas, choices: null, parts };
}
