// Builds the program and checks types, lint and format: all that `npm test` does before the tests themselves. The linter takes
// as long as the others together, and runs beside them.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/${name}`;

const lanes = [
  [['eslint', bin('eslint/bin/eslint.js'), '.']],
  [
    ['build', 'test/build.mjs'],
    ['types', bin('typescript/bin/tsc'), '--noEmit'],
    ['format', bin('prettier/bin/prettier.cjs'), '--check', '.', '--log-level', 'warn'],
  ],
];

/** Runs a check; what it printed appears in one piece. @returns 1 if it failed, else 0 */
function run([name, ...args]) {
  return new Promise((done) => {
    const started = performance.now();
    const printed = [];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => printed.push(piece));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`${name}: ${code === 0 ? 'passed' : 'FAILED'} (${seconds} s)`);
      if (printed.length > 0) process.stdout.write(Buffer.concat(printed));
      done(code === 0 ? 0 : 1);
    });
  });
}

const failures = await Promise.all(
  lanes.map(async (lane) => {
    let failed = 0;
    for (const check of lane) failed += await run(check);
    return failed;
  }),
);
process.exit(failures.some((count) => count > 0) ? 1 : 0);
