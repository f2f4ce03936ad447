// Compiles src/ to plain JavaScript and declarations in dist/, bundles the parser of formulas and the explorer, makes the command executable, and compiles
// the native kernel where there is a C compiler.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildNative } from '../src/particles/kernels/native/build.mjs';

const root = new URL('..', import.meta.url);
const here = (relative) => fileURLToPath(new URL(relative, root));
// Installed from the packed package there is nothing to compile: of src it has the C sources only.
if (!existsSync(here('src/index.ts'))) process.exit(0);
// The compiled kernel stays: it is made again only if its sources or the compiler have changed.
for (const name of existsSync(here('dist')) ? readdirSync(here('dist')) : []) {
  if (name !== 'native') rmSync(here(`dist/${name}`), { recursive: true, force: true });
}
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const result = spawnSync(process.execPath, [compiler, '-p', here('test/tsconfig.build.json')], {
  stdio: 'inherit',
});
if (result.status !== 0) process.exit(result.status ?? 1);
const { build } = await import('vite');
const { bundleLicences } = await import('./licences.mjs');
const parser = bundleLicences();
// In place of the compiled module, which would load all of mathjs.
await build({
  configFile: false,
  root: here('src/guidance'),
  logLevel: 'warn',
  plugins: [parser.notePackages(), parser.licences()],
  build: {
    lib: { entry: 'parser.ts', formats: ['es'], fileName: () => 'parser.js' },
    outDir: here('dist/guidance'),
    emptyOutDir: false,
    target: 'es2022',
  },
});
const { licences, notePackages } = bundleLicences();
await build({
  configFile: here('src/explorer/vite.config.ts'),
  logLevel: 'warn',
  plugins: [notePackages(), licences()],
  worker: { plugins: () => [notePackages()] },
});
if (existsSync(here('dist/cli/main.js'))) chmodSync(here('dist/cli/main.js'), 0o755);
console.log(buildNative());
