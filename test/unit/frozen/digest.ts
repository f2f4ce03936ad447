import { createHash } from 'node:crypto';
import { jsonHere } from '../cli/inProcess.ts';

/** Keys that a second run need not repeat: time, machine, and where the code stands. */
const passing = new Set([
  'seconds',
  'pairsPerSecond',
  'workers',
  'share',
  'record',
  'centres',
  'centresBytes',
  'backend',
  // Keys that came later, null in all of these documents.
  'script',
  'designed',
]);

/** First 16 digits of the SHA-256 of a command line's JSON document, keys in alphabetical order. */
export async function digestOf(line: string): Promise<string> {
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  // One engine for the sums over classes: the others differ in the last bits.
  const engine = /^(simulate|validate)/.test(line) ? ['--backend', 'plain'] : [];
  const document = await jsonHere(...args, ...engine);
  // Keys that a design got later, null without steps.
  if (line.startsWith('schedule design'))
    for (const key of ['steps', 'sampled', 'replaced']) Reflect.deleteProperty(document, key);
  return createHash('sha256').update(JSON.stringify(document, sorted)).digest('hex').slice(0, 16);
}

function sorted(key: string, value: unknown): unknown {
  if (passing.has(key)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
