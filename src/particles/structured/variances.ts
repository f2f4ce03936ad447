import type { StructuredClasses } from './explicitClasses.ts';
import type { LawSize } from './size.ts';

/** A variance inside the guided class, and the coordinates that have it: in one band, neighbours or not. */
export interface VarianceGroup {
  readonly band: number;
  readonly c: number;
  readonly coordinates: readonly number[];
}

/** Band of each coordinate. */
export function bandOfCoordinates({ counts }: Pick<LawSize, 'counts'>): Uint16Array {
  return Uint16Array.from(counts.flatMap((count, b) => new Array<number>(count).fill(b)));
}

/** The guided class's coordinates by band and variance, one group for each variance that the law has there; a group may be empty. */
export function varianceGroups(size: LawSize, { choices }: StructuredClasses): VarianceGroup[] {
  const bands = bandOfCoordinates(size);
  return size.variances.flatMap((values, band) =>
    values.map((c, choice) => ({
      band,
      c,
      coordinates: Array.from(bands.keys()).filter(
        (i) => bands[i] === band && (choices?.[i] ?? 0) === choice,
      ),
    })),
  );
}
