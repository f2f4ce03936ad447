// Compiles the native kernel to dist/native/kernel.node where a C compiler is present. Run at install: it never fails,
// and says in one line what happened.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const packageRoot = fileURLToPath(new URL('../../../../', import.meta.url));
/** All commands together may take so long: an install must not hang. */
const deadline = Date.now() + 120_000;

// No -ffast-math: the rounding to integers of the exponential, and sums that depend on nothing but their terms, need
// the order of operations that is written. Products and sums may be fused, which every build of one level does alike.
const flags = [
  '-std=gnu11',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
];
const parts = [
  { part: 'accumulate', flags: [] },
  { part: 'precise', flags: [] },
  // Centres have the same bits in every implementation: no operations are fused.
  { part: 'generate', flags: ['-ffp-contract=off'] },
];
const levels = [
  { name: 'avx512', flags: ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mavx2', '-mfma'] },
  { name: 'avx2', flags: ['-mavx2', '-mfma'] },
  { name: 'portable', flags: [] },
].filter(({ name }) => name === 'portable' || process.arch === 'x64');

/** Runs a command; { ok, text } with what it printed or why it could not run. */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: Math.max(1000, deadline - Date.now()),
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = `${stdout ?? ''}${stderr ?? ''}`.trim();
  return { ok: status === 0, text: error ? `${command}: ${error.code ?? error.message}` : text };
}

/** $CC, or the first of the usual compilers that answers; null if there is none. */
function findCompiler() {
  const given = process.env.CC?.trim();
  for (const name of given ? [given] : ['cc', 'gcc', 'clang']) {
    const [command, ...args] = name.split(/\s+/);
    const { ok, text } = run(command, [...args, '--version']);
    if (ok) return { name, command, args, version: text };
  }
  return null;
}

function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => line.includes('error')) ?? lines.at(-1) ?? 'no message').trim().slice(0, 200);
}

/** Compiles into `folder`; returns the path of the addon and the levels that could be compiled. */
function compile({ command, args }, folder) {
  const objects = [];
  const defines = [];
  const names = [];
  for (const level of levels) {
    const compiled = parts.map(({ part, flags: own }) => {
      const object = join(folder, `${part}-${level.name}.o`);
      const options = [
        ...args,
        ...flags,
        ...own,
        ...level.flags,
        `-DLEVEL=${level.name}`,
        '-c',
        join(here, `${part}.c`),
        '-o',
        object,
      ];
      return { object, ...run(command, options) };
    });
    const failure = compiled.find(({ ok }) => !ok);
    if (failure === undefined) {
      objects.push(...compiled.map(({ object }) => object));
      names.push(level.name);
    } else if (level.name === 'portable') {
      throw new Error(lastLine(failure.text));
    } else {
      defines.push(`-DWITHOUT_${level.name.toUpperCase()}`); // the compiler does not know these instructions
    }
  }
  const addon = join(folder, 'kernel.node');
  const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const linked = run(command, [
    ...args,
    ...flags,
    ...defines,
    ...shared,
    join(here, 'addon.c'),
    ...objects,
    '-o',
    addon,
    '-lm',
  ]);
  if (!linked.ok) throw new Error(lastLine(linked.text));
  // In a process of its own: an addon that cannot be loaded must not end this one.
  const loaded = run(process.execPath, ['-e', 'console.log(require(process.argv[1]).levels.join())', addon]);
  if (!loaded.ok) throw new Error(`it cannot be loaded (${lastLine(loaded.text)})`);
  return { addon, levels: names };
}

/**
 * Compiles the addon into `output` unless what is there was made from the same sources by the same compiler.
 * @returns one line about what happened
 */
export function buildNative(output = join(packageRoot, 'dist', 'native')) {
  const without = (reason) => `native kernel: not built, WebAssembly is used instead (${reason})`;
  let folder = null;
  try {
    if (process.env.CFG_DMFT_NATIVE === '0') return without('CFG_DMFT_NATIVE is 0');
    if (process.platform === 'win32') return without('not supported on Windows');
    const compiler = findCompiler();
    if (compiler === null)
      return without(`no C compiler: ${process.env.CC?.trim() || 'cc, gcc, clang'} not found`);
    const hash = createHash('sha256').update(
      JSON.stringify([compiler.name, compiler.version, flags, parts, levels, process.arch]),
    );
    for (const file of readdirSync(here).sort()) hash.update(file).update(readFileSync(join(here, file)));
    const stamp = hash.digest('hex');
    const addonFile = join(output, 'kernel.node');
    const stampFile = join(output, 'kernel.stamp');
    if (existsSync(addonFile) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
      return 'native kernel: up to date';
    rmSync(stampFile, { force: true });
    rmSync(addonFile, { force: true });
    folder = mkdtempSync(join(tmpdir(), 'cfg-dmft-native-'));
    const built = compile(compiler, folder);
    mkdirSync(output, { recursive: true });
    // Renamed into place, so that nobody loads half a file.
    const fresh = `${addonFile}.${process.pid}`;
    writeFileSync(fresh, readFileSync(built.addon));
    renameSync(fresh, addonFile);
    writeFileSync(stampFile, stamp);
    return `native kernel: built by ${compiler.name} for ${built.levels.join(', ')}`;
  } catch (error) {
    return without(`the compilation failed: ${error.message}`);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  console.log(buildNative(process.argv[2]));
