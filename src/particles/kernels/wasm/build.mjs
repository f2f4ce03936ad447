// Compiles assembly/ to binaries.ts, or with --check compares it with what is there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const packageFile = createRequire(import.meta.url).resolve('assemblyscript/package.json');
const compiler = join(packageFile, '..', 'bin', 'asc.js');
const folder = mkdtempSync(join(tmpdir(), 'cfg-dmft-kernel-'));

function compile(name, features) {
  const out = join(folder, `${name}.wasm`);
  const flags = [
    '--runtime',
    'stub',
    '--importMemory',
    '--memoryBase',
    '4096',
    '-O3',
    '--converge',
    '--noAssert',
  ];
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const args = [compiler, here('assembly/index.ts'), '-o', out, ...flags, ...enabled];
  const result = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
  return readFileSync(out).toString('base64');
}

/** A string constant in lines that a review tool can show. */
function constant(name, comment, text) {
  const lines = text.match(/.{1,100}/g).map((line) => `  '${line}'`);
  return `/** ${comment} */\nexport const ${name} = [\n${lines.join(',\n')},\n].join('');\n`;
}

try {
  const source = [
    '// Compiled from assembly/ by build.mjs (npm run build:kernel); not edited by hand.\n',
    constant('simdBinary', 'WebAssembly with 128-bit SIMD, base64.', compile('simd', ['simd'])),
    constant(
      'relaxedBinary',
      'The same with fused multiply-add of relaxed SIMD, base64.',
      compile('relaxed', ['simd', 'relaxed-simd']),
    ),
  ].join('\n');
  const file = here('binaries.ts');
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== source) {
      console.error('binaries.ts is not what assembly/ compiles to: run npm run build:kernel');
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, source);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
