import type { ServiceError } from './protocol.ts';

/** A run of a batch that failed. */
export interface BatchFailure {
  readonly index: number;
  readonly error: ServiceError;
}

/** Runs of a batch as columns, one entry a run. */
export interface BatchRun {
  /** The options that differ, and the scalars of the documents: of nested ones with a dot, `distortion.meanShift`. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  readonly failures: readonly BatchFailure[];
  /** Record of the first run that did not fail. */
  readonly record: unknown;
}

type Document = Readonly<Record<string, unknown>>;

/** @param documents of the runs; null of one that failed */
export function batchColumns(
  options: Readonly<Record<string, ArrayLike<unknown>>>,
  documents: readonly (Document | null)[],
  failures: readonly BatchFailure[],
): BatchRun {
  const count = documents.length;
  const columns = new Map<string, unknown[]>();
  documents.forEach((document, index) => {
    if (document === null) return;
    for (const [key, value] of flattened(document)) {
      const column = columns.get(key) ?? Array.from<unknown>({ length: count }).fill(null);
      column[index] = value;
      columns.set(key, column);
    }
  });
  // A part that some runs do not have is null there as a whole.
  const keys = [...columns.keys()];
  const isWhole = (key: string) => !keys.some((other) => other.startsWith(`${key}.`));
  const inputs = Object.entries(options).map(([key, list]): [string, unknown[]] => [key, Array.from(list)]);
  return {
    columns: Object.fromEntries([
      ...inputs,
      ...[...columns].filter(([key]) => isWhole(key) && !Object.hasOwn(options, key)),
    ]),
    failures,
    record: documents.find((document) => document !== null)?.['record'] ?? null,
  };
}

function flattened(document: Document, above = ''): [string, unknown][] {
  return Object.entries(document).flatMap(([key, value]): [string, unknown][] => {
    if (above === '' && key === 'record') return [];
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isNested ? flattened(value as Document, `${above}${key}.`) : [[`${above}${key}`, value]];
  });
}

/** Batches of consecutive runs as one. */
export function joinBatches(parts: readonly BatchRun[]): BatchRun {
  const counts = parts.map(({ columns }) => Object.values(columns)[0]?.length ?? 0);
  const keys = [...new Set(parts.flatMap(({ columns }) => Object.keys(columns)))];
  const isWhole = (key: string) => !keys.some((other) => other.startsWith(`${key}.`));
  const columnOf = (key: string) =>
    parts.flatMap(({ columns }, i) => columns[key] ?? Array.from<unknown>({ length: counts[i]! }).fill(null));
  let before = 0;
  return {
    columns: Object.fromEntries(keys.filter(isWhole).map((key) => [key, columnOf(key)])),
    failures: parts.flatMap(({ failures }, i) => {
      const from = before;
      before += counts[i]!;
      return failures.map(({ index, error }) => ({ index: index + from, error }));
    }),
    record: parts.find(({ record }) => record !== null)?.record ?? null,
  };
}
