import type { BandLaw } from '../../mixture/classLaw.ts';
import { RandomStream } from '../../numerics/random.ts';
import { SingleNormals } from '../../numerics/singleNormals.ts';
import { lawNormalStream, lawUniformStream } from '../problem/streams.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import { centreWriter, choiceWriter, isNormal } from './lawDraws.ts';
import type { StructuredProblem } from './spec.ts';

/**
 * Classes of a law of bands: the coordinates of each band are neighbours, and class k has its normals and its uniform variates at the
 * address (realisation, k), those of its variances at (realisation, k, 1).
 */
export function drawBandClasses(
  { spec, size }: StructuredProblem,
  law: BandLaw,
  seed: number,
  realization: number,
): StructuredClasses {
  const { dimension, guidedClass } = spec;
  const { classes, counts } = size;
  const normals = new SingleNormals(seed, lawNormalStream);
  const uniforms = new RandomStream(seed, lawUniformStream);
  const hasNormals = law.bands.some(({ centres }) => isNormal(centres));
  const row = new Float64Array(dimension);
  const chosen = new Uint16Array(dimension);
  let end = 0;
  const bands = law.bands.map(({ rho, centres, c }, b) => {
    const begin = end;
    end += counts[b]!;
    return {
      begin,
      end,
      scale: Math.sqrt(rho),
      centre: row.subarray(begin, end),
      choice: chosen.subarray(begin, end),
      writeCentre: centreWriter(centres, uniforms, counts[b]!),
      writeChoice: typeof c !== 'number' && c.length > 1 ? choiceWriter(c, uniforms) : null,
    };
  });
  const choices = bands.some(({ writeChoice }) => writeChoice !== null)
    ? new Uint16Array(classes * dimension)
    : null;
  const first = new Float64Array(dimension);
  const deltas = new Float32Array((classes - 1) * dimension);
  for (let k = 0; k < classes; k++) {
    const isTypical = k === 0 && guidedClass === 'typical';
    if (hasNormals) normals.fill(realization, k, row, 0, dimension);
    uniforms.moveTo(realization, k);
    for (const { centre, scale, writeCentre } of bands) {
      writeCentre(centre, isTypical);
      for (let i = 0; i < centre.length; i++) centre[i]! *= scale;
    }
    if (k === 0) first.set(row);
    else for (let i = 0; i < dimension; i++) deltas[(k - 1) * dimension + i] = row[i]! - first[i]!;
    if (choices === null) continue;
    uniforms.moveTo(realization, k, 1);
    for (const { choice, writeChoice } of bands) writeChoice?.(choice, isTypical);
    choices.set(chosen, k * dimension);
  }
  return { classes, dimension, first, deltas, choices, parts: [first] };
}
