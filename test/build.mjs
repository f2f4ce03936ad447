// Compiles src/ to plain JavaScript and declarations in dist/, and makes the command executable.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const here = (relative) => fileURLToPath(new URL(relative, root));
// Installed from the packed package there is nothing to compile: src is not in it.
if (!existsSync(here('src'))) process.exit(0);
rmSync(here('dist'), { recursive: true, force: true });
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const result = spawnSync(process.execPath, [compiler, '-p', here('test/tsconfig.build.json')], {
  stdio: 'inherit',
});
if (result.status !== 0) process.exit(result.status ?? 1);
if (existsSync(here('dist/cli/main.js'))) chmodSync(here('dist/cli/main.js'), 0o755);
