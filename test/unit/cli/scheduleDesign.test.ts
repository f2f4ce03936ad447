import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cliHere, jsonHere } from './inProcess.ts';
import { program } from './run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-design-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const model = ['--alpha', '0.45', '--sigma2', '0.3'];
const design = (...args: string[]) => ['schedule', 'design', ...model, ...args];

interface Design {
  readonly m: number;
  readonly v: number;
  readonly varianceRatio: number;
  readonly margin: number;
  readonly reached: boolean;
  readonly unmet: string[];
  readonly schedule: {
    formula: string;
    clock: string;
    table: [number, number][];
    steps: { scale: number; w: number }[];
  };
  readonly target: { overlap: number; decision: { time: number; logOdds: number } | null };
  readonly robustness: { alpha: number; varianceRatio: number | null }[];
  readonly pareto: { m: number; varianceRatio: number; schedule: { formula: string } }[] | null;
  readonly standards: { name: string; comparable: boolean; dominatedBy: number | null }[];
}

const designed = async (...args: string[]) => (await jsonHere(...design(...args))) as unknown as Design;

describe('schedule design', () => {
  it('keeps v = sigma2 to 1e-3 with m >= 1, and its formula, table and steps do what it says', async () => {
    const out = path.join(folder, 'design');
    const found = await designed('--steps', '12', '--noise', 'flow', '--out', out);
    expect(found).toMatchObject({ reached: true, unmet: [], phase: 'speciated', pareto: null });
    expect(Math.abs(found.varianceRatio - 1)).toBeLessThan(1e-3);
    expect(found.m).toBeGreaterThanOrEqual(1);
    expect(found.margin).toBeGreaterThan(0);
    const evaluated = await jsonHere('schedule', 'evaluate', ...model, '--schedule', found.schedule.formula);
    expect(evaluated['m']).toBeCloseTo(found.m, 8);
    expect(evaluated['v']).toBeCloseTo(found.v, 8);
    expect(readdirSync(out).sort()).toEqual([
      'schedule-design.html',
      'schedule-design.json',
      'schedule-steps.csv',
      'schedule-table.csv',
    ]);
    const table = await jsonHere(
      'schedule',
      'evaluate',
      ...model,
      '--table',
      path.join(out, 'schedule-table.csv'),
    );
    expect(table['v']).toBeCloseTo(found.v, 6);
    expect(found.schedule.steps).toHaveLength(12);
    for (const { scale, w } of found.schedule.steps) expect(scale).toBe(1 + w);
    const page = readFileSync(path.join(out, 'schedule-design.html'), 'utf8');
    expect(page.match(/<figure /g)).toHaveLength(2);
  });

  it('a posterior weight becomes log-odds per dimension', async () => {
    const found = await designed('--decide-by', '0.3', '--posterior', '0.7', '--dimension', '20');
    expect(found.target.decision!.time).toBe(0.3);
    expect(found.target.decision!.logOdds).toBeCloseTo(Math.log(7 / 3) / 20, 14);
    expect(found.reached).toBe(true);
  });

  it('out of reach: exit 1, one line that says what and the best that was found, the document all the same', async () => {
    const { status, stdout, stderr } = await cliHere(...design('--min-overlap', '3', '--json'));
    expect(status).toBe(1);
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('error:')),
    ).toHaveLength(1);
    expect(stderr).toMatch(
      /error: the target is out of reach: m = .* 3; the best that was found has v\/sigma2 = .*, m = 1\./,
    );
    const found = JSON.parse(stdout) as Design;
    expect(found.reached).toBe(false);
    expect(found.unmet.length).toBeGreaterThan(0);
    expect(found.m).toBeGreaterThan(1);
    expect(Math.abs(found.varianceRatio - 1)).toBeLessThan(1e-3);
  });

  it('a front of 8 designs dominates every standard schedule that can be compared with it', async () => {
    const found = await designed('--pareto', '8', '--robust-alpha', '0.02');
    expect(found.pareto!.length).toBeGreaterThan(0);
    expect(found.pareto!.length).toBeLessThanOrEqual(8);
    for (const { m, varianceRatio } of found.pareto!) {
      expect(Number.isFinite(m) && Number.isFinite(varianceRatio)).toBe(true);
    }
    expect(found.standards.length).toBeGreaterThan(50);
    expect(Math.max(...found.robustness.map(({ alpha }) => alpha))).toBeCloseTo(0.47, 12);
    const comparable = found.standards.filter((one) => one.comparable);
    expect(comparable.length).toBeGreaterThan(30);
    for (const { dominatedBy } of comparable) expect(dominatedBy).not.toBeNull();
  });

  it('an interrupt ends it with 130 and leaves no file', async () => {
    const out = path.join(folder, 'interrupted');
    const child = spawn(process.execPath, [program, ...design('--pareto', '60', '--progress', '--out', out)]);
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      if (said === '') child.kill('SIGINT');
      said += data.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(said).toMatch(/designing a schedule/);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });
});
