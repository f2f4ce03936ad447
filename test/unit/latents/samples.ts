import type { Latents } from '../../../src/latents/reading/latents.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

/** A sample with its label. */
export interface Sample {
  readonly label: string | number;
  readonly x: readonly number[];
}

/** Samples as latents, read in chunks of 7. */
export function latentsOf(samples: readonly Sample[]): Latents {
  const dimension = samples[0]!.x.length;
  return {
    dimension,
    scan(visit) {
      for (let from = 0; from < samples.length; from += 7) {
        const part = samples.slice(from, from + 7);
        visit(
          Float64Array.from(part.flatMap(({ x }) => x)),
          part.map(({ label }) => label),
          part.length,
        );
      }
    },
  };
}

/** Three classes in three dimensions, the second three times as wide. @param shape of a coordinate, from a standard normal */
export function threeClasses(each: number, shape: (normal: number) => number = (z) => z): Sample[] {
  const stream = new RandomStream(8, 1);
  return Array.from({ length: 3 * each }, (_, n) => {
    const k = n % 3;
    const width = k === 1 ? 0.9 : 0.3;
    return {
      label: ['cat', 'dog', 'eel'][k]!,
      x: [0, 1, 2].map((i) => (i === k ? 2 : 0) + width * shape(stream.nextNormal())),
    };
  });
}
