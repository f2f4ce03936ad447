import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { claims } from '../../../src/claims/registry.ts';
import { cli, json } from './run.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-validate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));

const compiled = (file: string) => pathToFileURL(path.join(root, 'dist', file)).href;

// Claims whose simulations take a tenth of a second each, in a program of their own that is made of the compiled parts.
writeFileSync(
  path.join(folder, 'claims.mjs'),
  `import { requestOf } from '${compiled('claims/protocol/requests.js')}';
const request = (particles, sampler) => requestOf(
  { mode: 'full', d: 12, classes: 1000, guidance: 1, sampler },
  { particles, realizations: 4, steps: 10, grid: 'angle' },
);
export const claims = ['ode', 'sde'].map((sampler) => ({
  id: sampler, title: sampler, statement: 'x', formula: 'x', source: 'x', method: 'x',
  simulations: () => Object.fromEntries([30, 32, 34].map((n) => [String(n), request(n, sampler)])),
  measure: ({ result }) => ({
    checks: [30, 32, 34].map((n) => {
      const { mean, standardError } = result(String(n)).m;
      return { label: String(n), test: 'above', expected: 0, measured: mean, standardError, margin: 1 };
    }),
    panels: [],
    findings: [],
  }),
}));
`,
);
writeFileSync(
  path.join(folder, 'worker.mjs'),
  `import { serveQueue } from '${compiled('threads/queueService.js')}';
import { claims } from './claims.mjs';
await serveQueue(claims);
`,
);
const program = path.join(folder, 'program.mjs');
writeFileSync(
  program,
  `import { Command } from 'commander';
import { registerCommand } from '${compiled('cli/frame/register.js')}';
import { validateCommand } from '${compiled('cli/commands/validate.js')}';
import { claims } from './claims.mjs';
const args = process.argv.slice(2);
const commands = new Command('cfg-dmft');
registerCommand(commands, validateCommand(async () => claims, new URL('./worker.mjs', import.meta.url)), args);
try {
  await commands.parseAsync(args, { from: 'user' });
} catch (error) {
  process.stderr.write('error: ' + error.message + '\\n');
  process.exit(1);
}
`,
);
const validate = ['validate', '--backend', 'plain'];

function run(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...validate, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}

/** The document without what it cost. */
function resultOf(text: string) {
  const { claims: measured, simulations } = JSON.parse(text) as { claims: object[]; simulations: object[] };
  return { simulations, claims: measured.map((claim) => ({ ...claim, seconds: null })) };
}

const finishedIn = (file: string) =>
  existsSync(file) ? readFileSync(file, 'latin1').split('\n').length - 2 : 0;

/** Starts it and signals it as soon as its checkpoint has one simulation more. */
async function interrupted(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL', file: string, ...args: string[]) {
  const before = finishedIn(file);
  const child = spawn(process.execPath, [program, ...validate, '--checkpoint', file, ...args]);
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  while (child.exitCode === null && finishedIn(file) <= before) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  child.kill(signal);
  return { code: await ended, stderr };
}

describe('validate on threads', () => {
  const whole = run({}, '--workers', '1', '--json');

  it('1 and 3 give the same numbers, also when one dies', () => {
    expect(whole.status, whole.stderr).toBe(0);
    const crashed = run({ CFG_DMFT_TEST_CRASH: '4:0:1' }, '--workers', '3', '--json');
    expect(crashed.status, crashed.stderr).toBe(0);
    expect(crashed.stderr).toMatch(
      /^note: a worker died: it ended with code 3; another takes its place and does its task again\nnote: 6 sim/,
    );
    expect(resultOf(crashed.stdout)).toEqual(resultOf(whole.stdout));
  });

  it('interrupted by SIGINT, SIGTERM and a kill, resumed with other numbers of workers: the same numbers', async () => {
    const file = path.join(folder, 'file');
    const first = await interrupted('SIGINT', file, '--workers', '2');
    expect(first).toEqual({
      code: 130,
      stderr: `interrupted: what was finished is kept; resume with: cfg-dmft ${validate.join(' ')} --checkpoint ${file} --workers 2\n`,
    });
    expect((await interrupted('SIGTERM', file, '--workers', '1', '--quick')).code).toBe(130);
    expect((await interrupted('SIGKILL', file, '--workers', '1', '--only', 'sde')).code).toBeNull();
    const kept = finishedIn(file);
    expect(kept).toBeGreaterThanOrEqual(3);
    expect(kept).toBeLessThan(6);
    const resumed = run({}, '--checkpoint', file, '--workers', '3', '--json');
    expect(resultOf(resumed.stdout)).toEqual(resultOf(whole.stdout));
    expect(JSON.parse(resumed.stdout)).toMatchObject({ resumed: kept });
    expect(run({}, '--checkpoint', file, '--json').stderr).toMatch(/6 simulations \(6 from the checkpoint\)/);
  });

  it('a worker that dies again over a simulation ends the run, which names it; the rest is kept', () => {
    const file = path.join(folder, 'again');
    const { status, stdout, stderr } = run({ CFG_DMFT_TEST_CRASH: '0:0:2' }, '--checkpoint', file);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n')[1]).toMatch(
      /^error: a worker died again \(simulation for ode: \{"spec":.*"particles":30.*\): it ended with code 3; try fewer --workers$/,
    );
    expect(finishedIn(file)).toBeGreaterThanOrEqual(4);
    expect(resultOf(run({}, '--checkpoint', file, '--json').stdout)).toEqual(resultOf(whole.stdout));
  });

  it('the program itself lists every claim that is registered', () => {
    const { claims: listed } = json('validate', '--list');
    expect(listed).toHaveLength(claims.length);
    const { status, stderr } = cli('validate', '--only', 'nothing');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error: --only must be one of .*, got "nothing" \(see: cfg-dmft validate --help\)\n$/,
    );
  });
});
