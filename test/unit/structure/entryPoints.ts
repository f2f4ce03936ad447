import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** An entry point of the package. */
export interface EntryPoint {
  /** Subpath; cfg-dmft for the package itself. */
  readonly name: string;
  /** As in an import: cfg-dmft/guidance. */
  readonly specifier: string;
  /** Its file in src. */
  readonly source: string;
  /** Its file in dist. */
  readonly built: string;
}

/** The entry points that package.json exports. */
export function entryPoints(): EntryPoint[] {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const built = path.join(root, target.default);
    const inSource = target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
    return [
      {
        name: subpath === '.' ? 'cfg-dmft' : subpath.slice(2),
        specifier: `cfg-dmft${subpath.slice(1)}`,
        source: path.join(root, inSource),
        built,
      },
    ];
  });
}
