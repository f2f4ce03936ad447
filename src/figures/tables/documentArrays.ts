import type { NpyArray, NpyEntries } from './npy.ts';

/**
 * The arrays of a document, by key (`budget.values` of an object inside): lists, at any depth of lists, that are rectangular and hold
 * numbers and null, texts and null, or truth values. Lists of objects are tables, not arrays.
 */
export function documentArrays(document: Readonly<Record<string, unknown>>): Record<string, NpyArray> {
  return Object.fromEntries(arraysBelow(document, ''));
}

function arraysBelow(node: object, prefix: string): [string, NpyArray][] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): [string, NpyArray][] => {
    const name = `${prefix}${key}`;
    if (Array.isArray(value)) {
      const array = arrayOf(value);
      return array === null ? [] : [[name, array]];
    }
    return typeof value === 'object' && value !== null ? arraysBelow(value, `${name}.`) : [];
  });
}

function arrayOf(list: readonly unknown[]): NpyArray | null {
  const shape: number[] = [];
  for (let one: unknown = list; Array.isArray(one); one = one[0]) shape.push(one.length);
  const leaves = leavesOf(list, shape);
  const entries = leaves === null || leaves.length === 0 ? null : entriesOf(leaves);
  return entries === null ? null : { ...entries, shape };
}

/** The entries in their order, or null if the lists are not of the shape. */
function leavesOf(node: unknown, [length, ...inner]: readonly number[]): unknown[] | null {
  if (length === undefined) return Array.isArray(node) ? null : [node];
  if (!Array.isArray(node) || node.length !== length) return null;
  const leaves: unknown[] = [];
  for (const one of node as readonly unknown[]) {
    const below = leavesOf(one, inner);
    if (below === null) return null;
    for (const leaf of below) leaves.push(leaf);
  }
  return leaves;
}

function entriesOf(leaves: readonly unknown[]): NpyEntries | null {
  const isNumber = (leaf: unknown): leaf is number | null => leaf === null || typeof leaf === 'number';
  const isText = (leaf: unknown): leaf is string | null => leaf === null || typeof leaf === 'string';
  const isTruth = (leaf: unknown): leaf is boolean => typeof leaf === 'boolean';
  if (leaves.every(isNumber)) return { kind: 'number', values: leaves };
  if (leaves.every(isText)) return { kind: 'text', values: leaves };
  return leaves.every(isTruth) ? { kind: 'boolean', values: leaves } : null;
}
