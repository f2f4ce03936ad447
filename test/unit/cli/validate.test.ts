import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { registerCommand } from '../../../src/cli/frame/register.ts';
import { validateCommand } from '../../../src/cli/commands/validate.ts';
import type { Claim } from '../../../src/claims/protocol/claim.ts';
import { measuredClaim, tinyClaim, tinyRequest } from '../claims/tinyClaims.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-validate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const holds = measuredClaim('holds');
const weak = tinyClaim('weak', {}, () => ({ margin: 0.2, label: 'the overlap at d = 10' }));
const wrong = tinyClaim('wrong', {}, () => ({ measured: 3 }));
const wrongBound = tinyClaim('wrong-bound', {}, () => ({ test: 'below', measured: 3 }));
const noNumber = tinyClaim('no-number', {}, () => ({
  test: 'identity',
  measured: NaN,
  standardError: null,
}));

/** Runs the command on some claims in this process, as main.ts does. */
async function validate(claims: readonly Claim[], ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const capture = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  const spies = [capture('stdout'), capture('stderr')];
  process.exitCode = 0;
  try {
    const program = new Command('cfg-dmft').exitOverride();
    registerCommand(
      program,
      validateCommand(() => Promise.resolve(claims)),
      ['validate', ...args],
    );
    await program.parseAsync(['validate', '--workers', '1', ...args], { from: 'user' });
    return { ...written, code: process.exitCode };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
  }
}

interface Document {
  readonly claims: readonly Record<string, unknown>[];
  readonly record: Record<string, unknown>;
  readonly simulations: readonly Record<string, unknown>[];
}

const documentOf = (text: string) => JSON.parse(text) as Document & Record<string, unknown>;

/** What a document says about its claims, without what it cost. */
function resultOf({ claims, simulations }: Document) {
  const words = claims.map((claim) => ({ ...claim, seconds: null }));
  return { claims: words, simulations };
}

describe('validate', () => {
  it('prints a table of verdicts and how many there are: exit 0', async () => {
    const { stdout, stderr, code } = await validate([holds, weak], '--quick');
    const [head, first, second, ...rest] = stdout.split('\n');
    expect(head).toMatch(/^claim +verdict +expected +measured +deviation +power +checks$/);
    expect(first).toMatch(/^holds +passed +1\.\d+ +1\.\d+ \+- 0\.\d+ +0\.0 s\.e\. +1\.00 +1\/1$/);
    expect(second).toMatch(/^weak +inconclusive +1 +1\.00 \+- 0\.10 +0\.0 s\.e\. +0\.10 +0\/1$/);
    expect(rest).toEqual([
      '',
      'inconclusive: weak: the overlap at d = 10: 1.00 +- 0.10, expected 1: power 0.10',
      '    to see a deviation of 0.2, 0.9 is required',
      '',
      '2 claims: 1 passed, 0 failed, 1 inconclusive (quick effort, seed 1)',
      '',
    ]);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
    expect(stderr).toMatch(/^note: 1 simulation, \d+ s\nnote: inconclusive: weak\n$/);
    expect(code).toBe(0);
  });

  it('a claim that fails: the whole result, then one line that says which, exit 1', async () => {
    const { stdout, stderr, code } = await validate([wrong, holds, wrongBound, noNumber], '--wide');
    expect(stdout).toContain(
      'failed: wrong: the overlap: 3.00 +- 0.10, expected 1: +20.0 s.e. off, 3.3 are allowed',
    );
    expect(stdout).toContain(
      'failed: wrong-bound: the overlap: 3.00 +- 0.10, expected below 1: +20.0 s.e. off, 3.1 are',
    );
    expect(stdout).toContain('failed: no-number: the overlap: -, expected 1: it may differ by 1');
    expect(stdout).toMatch(/^wrong-bound +failed +< 1 /m);
    expect(stdout).toMatch(/4 claims: 1 passed, 3 failed, 0 inconclusive \(default effort, seed 1\)\n$/);
    expect(stderr).toMatch(/\nerror: 3 of 4 claims failed: wrong, wrong-bound, no-number\n$/);
    expect(code).toBe(1);
  });

  it('--json: the keys of the contract, counts, checks, and null for what is no number', async () => {
    const { stdout } = await validate([holds, weak, wrong, noNumber], '--json', '--thorough', '--seed', '5');
    const document = documentOf(stdout);
    expect(document).toMatchObject({ passed: 1, failed: 2, inconclusive: 1, resumed: 0 });
    expect(document.claims.map(({ id, passed, verdict }) => [id, passed, verdict])).toEqual([
      ['holds', true, 'passed'],
      ['weak', null, 'inconclusive'],
      ['wrong', false, 'failed'],
      ['no-number', false, 'failed'],
    ]);
    const [first, , , last] = document.claims;
    const [check] = first!['checks'] as Record<string, unknown>[];
    for (const key of ['expected', 'measured', 'standardError']) expect(first![key]).toBe(check![key]);
    expect(Object.keys(first!)).toEqual(
      'id,title,statement,formula,source,method,expected,measured,standardError,passed,verdict,falseAlarm,power,checks,findings,panels,seconds'.split(
        ',',
      ),
    );
    expect(check).toMatchObject({ test: 'agreement', degreesOfFreedom: 3, bias: 0, verdict: 'passed' });
    expect(last).toMatchObject({ expected: 1, measured: null, standardError: null, falseAlarm: 0 });
    expect(stdout).not.toMatch(/NaN|Infinity/);
    expect(document.simulations).toEqual([
      { ...tinyRequest(), seed: expect.any(Number) as number, claims: ['holds'] },
    ]);
    expect(document.record).toMatchObject({
      problem: { claims: ['holds', 'weak', 'wrong', 'no-number'] },
      options: { effort: 'thorough' },
      seed: 5,
    });
  });

  it('repeats identically from its seed, also from a checkpoint', async () => {
    const file = path.join(folder, 'checkpoint');
    const [once, again, other] = [
      await validate([holds], '--json', '--checkpoint', file),
      await validate([holds], '--json', '--checkpoint', file, '--quick'),
      await validate([holds], '--json', '--seed', '2'),
    ].map(({ stdout }) => documentOf(stdout));
    expect(again!['resumed']).toBe(1);
    expect(resultOf(again!)).toEqual(resultOf(once!));
    expect(resultOf(other!).claims).not.toEqual(resultOf(once!).claims);
  });

  it('--only measures those claims, in the order in which they are told; --list measures none', async () => {
    const claims = [holds, weak, wrong];
    const { stdout } = await validate(claims, '--only', 'weak, holds', '--json');
    expect(documentOf(stdout).claims.map(({ id }) => id)).toEqual(['holds', 'weak']);
    const listed = await validate(claims, '--list');
    expect(listed.stdout).toMatch(
      /^holds: Title of holds\n {2}The overlap is what it is\.\n {2}m = m\n {2}source: /,
    );
    expect(listed.stdout.split('\n\n')).toHaveLength(3);
    expect(listed.code).toBe(0);
    const json = documentOf((await validate(claims, '--list', '--json', '--only', 'wrong')).stdout);
    expect(json.claims).toEqual([
      {
        id: 'wrong',
        title: 'Title of wrong',
        statement: 'The overlap is what it is.',
        formula: 'm = m',
        source: 'our derivation',
        method: 'A tiny simulation.',
      },
    ]);
  });

  it('--out: document, page and one row per check; nothing is overwritten without --force', async () => {
    const out = path.join(folder, 'out');
    await validate([holds, wrong], '--out', out);
    expect(readdirSync(out).sort()).toEqual(['validate.csv', 'validate.html', 'validate.json']);
    const rows = readFileSync(path.join(out, 'validate.csv'), 'utf8').trim().split('\r\n');
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^claim,claimVerdict,check,test,expected,measured,standardError,/);
    expect(rows[2]).toMatch(/^wrong,failed,the overlap,agreement,1,3,0\.1,/);
    const page = readFileSync(path.join(out, 'validate.html'), 'utf8');
    expect(page).toContain('<a href="#wrong">Title of wrong</a>');
    expect(page).toContain('<span class="mark mark-bad">failed</span>');
    await expect(validate([holds], '--out', out)).rejects.toThrow(
      /out must be a folder without validate.json/,
    );
    expect((await validate([holds], '--out', out, '--force')).code).toBe(0);
  });

  it.each([
    [['--quick', '--thorough'], /^thorough must be given without --quick/],
    [['--only', 'hold'], /^only must be one of holds, weak, got "hold"/],
    [['--only', 'holds,'], /^only must be one of holds, weak, got ""/],
    [['--list', '--out', 'x'], /^out must be given without --list/],
    [['--seed', '-1'], /^seed must be an integer >= 0/],
    [['--seed', '1.5'], /^seed must be an integer/],
    [['--workers', '0'], /^workers must be an integer in \[1, 1024\]/],
    [['--backend', 'gpu'], /^backend must be one of auto/],
    [['--checkpoint', ' '], /^checkpoint must be the path of a file/],
    [['--checkpoint', '/dev/null/file'], /^checkpoint must be a file that can be/],
  ])('misuse %j', async (args, message) => {
    await expect(validate([holds, weak], ...args)).rejects.toThrow(message);
  });
});
