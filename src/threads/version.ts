import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the package: the folder of package.json above this file. */
export const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

let version: string | undefined;

/** Version of the package. */
export function packageVersion(): string {
  return (version ??= readVersion());
}

function readVersion(): string {
  const text = readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * JavaScript engine with its major version, as V8 11. Its exp and log are part of every result's last bits: the same seed gives the
 * same bits on the same engine, and on another the same to about 1e-11.
 */
export function engineVersion(): string {
  const { v8 } = process.versions as { readonly v8?: string };
  return v8 === undefined ? `unknown ${process.version}` : `V8 ${v8.split('.')[0]}`;
}
