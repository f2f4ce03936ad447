// Builds the program and checks types, lint and format, two at a time: all that `npm test` does before the tests themselves.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/${name}`;

/** Runs a check; what it printed appears in one piece. @returns if it passed */
function run(name, ...args) {
  return new Promise((done) => {
    const started = performance.now();
    const printed = [];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => printed.push(piece));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`${name}: ${code === 0 ? 'passed' : 'FAILED'} (${seconds} s)`);
      if (printed.length > 0) process.stdout.write(Buffer.concat(printed));
      done(code === 0);
    });
  });
}

// The lint takes as long as the others together, and reads nothing that they make.
const linted = run('lint', bin('eslint/bin/eslint.js'), '.');
const built = await run('build', 'test/build.mjs');
const formatted = await run(
  'format',
  bin('prettier/bin/prettier.cjs'),
  '--check',
  '.',
  '--log-level',
  'warn',
);
const typed = await run('types', bin('typescript/bin/tsc'), '--noEmit');
process.exit(built && formatted && typed && (await linted) ? 0 : 1);
