import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineVersion } from '../../../../src/threads/version.ts';
import { cli, json, program } from '../run.ts';

type Line = Readonly<Record<string, unknown>> & {
  readonly id?: unknown;
  readonly error?: { readonly kind: string };
};

/** A running server, and the lines that it has written. */
interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: Line[];
  readonly ended: Promise<number | null>;
  readonly send: (request: object | string) => void;
  /** The first line that comes, or has come, of those that are meant. */
  readonly line: (isMeant: (line: Line) => boolean) => Promise<Line>;
  readonly answer: (id: number | string | null) => Promise<Line>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [program, 'serve', '--stdio', ...args]);
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as Line);
    for (const listener of listeners) listener();
  });
  const line = (isMeant: (line: Line) => boolean) =>
    new Promise<Line>((resolve) => {
      const look = () => {
        const found = lines.find(isMeant);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  return {
    child,
    lines,
    ended: new Promise((resolve) => child.on('close', resolve)),
    send: (request) =>
      child.stdin.write(`${typeof request === 'string' ? request : JSON.stringify(request)}\n`),
    line,
    answer: (id) => line((one) => one.id === id && !('progress' in one)),
  };
}

const model = { alpha: 0.5, w: 1, sigma2: 0.25 };
/** More work than any test waits for. */
const endless = {
  alpha: 0.5,
  w: 1,
  sigma2: 0.25,
  d: 14,
  particles: 2000,
  realizations: 1000,
  steps: 400,
  workers: 1,
};

describe('serve', () => {
  let server: Running;
  const folder = mkdtempSync(path.join(tmpdir(), 'serve-'));
  beforeAll(() => {
    server = start('--workers', '2');
  });
  afterAll(() => {
    server.child.kill();
    rmSync(folder, { recursive: true });
  });

  it('says its protocol first', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
    ) as {
      version: string;
    };
    expect(await server.line(() => true)).toEqual({
      protocol: 1,
      version,
      engine: engineVersion(),
    });
  });

  it('answers a fast request before a slow one, tells progress, and gives up what is cancelled', async () => {
    const out = path.join(folder, 'new', 'one');
    server.send({ id: 'slow', method: 'simulate', params: { ...endless, out }, progress: true });
    await server.line((one) => one.id === 'slow' && 'progress' in one);
    expect(existsSync(out)).toBe(true);
    server.send({ id: 'fast', method: 'solve', params: model });
    const { m } = (await server.answer('fast'))['result'] as { m: number };
    expect(m).toBe(json('solve', '--alpha', '0.5', '--w', '1', '--sigma2', '0.25')['m']);
    expect(server.lines.some((one) => one.id === 'slow' && 'error' in one)).toBe(false);
    // Its id is taken, and two threads are at work: the third request waits, and is given up there.
    server.send({ id: 'slow', method: 'solve', params: model });
    expect((await server.answer(null)).error).toMatchObject({ parameter: 'id', value: 'slow' });
    server.send({ id: 'second', method: 'simulate', params: endless });
    // It waits for the folder's name, which the first run has to itself and keeps.
    server.send({ id: 'third', method: 'solve', params: { ...model, out } });
    server.send({ cancel: 'third' });
    await server.answer('third');
    expect(existsSync(path.join(out, '.cfg-dmft.run'))).toBe(true);
    for (const id of ['slow', 'second']) server.send({ cancel: id });
    for (const id of ['third', 'slow', 'second']) {
      expect((await server.answer(id)).error?.kind).toBe('cancelled');
    }
    // The folder is free again.
    server.send({ id: 'again', method: 'solve', params: { ...model, out } });
    expect(await server.answer('again')).toMatchObject({ notes: [expect.stringContaining('wrote 3 files')] });
  });

  it('refuses what is no request in one answer, and lives', async () => {
    server.send('{"id": 20, "method"');
    server.send({ id: 21, method: 'solve', protocol: 2 });
    server.send({ id: 22, method: 'sovle' });
    server.child.stdin.write('"');
    for (let i = 0; i < 80; i++) server.child.stdin.write('x'.repeat(2 ** 20));
    server.send('"');
    server.send({ cancel: 'nothing' });
    server.send({ id: 23, method: 'solve', params: model, arrays: 'base64' });
    expect((await server.answer(23))['result']).toHaveProperty('m');
    expect((await server.answer(21)).error).toMatchObject({ kind: 'request', parameter: 'protocol' });
    expect((await server.answer(22)).error).toMatchObject({ kind: 'request', parameter: 'method' });
    const refused = server.lines
      .filter(({ id }) => id === null)
      .map(({ error }) => (error as { message?: string }).message);
    expect(refused.slice(-2)).toEqual([
      'line must be one JSON document, got "{\\"id\\": 20, \\"method\\""',
      'line must be at most 67108864 bytes',
    ]);
  });

  it('shares a batch among its threads, in order', async () => {
    const alpha = Array.from({ length: 120 }, (_, i) => 0.1 + 0.01 * i);
    alpha[70] = -1;
    server.send({
      id: 30,
      method: 'solve',
      params: { w: 1, sigma2: 0.25 },
      batch: { alpha },
      arrays: 'base64',
    });
    const { columns, failures } = (await server.answer(30))['result'] as {
      columns: Record<string, { $array: string }>;
      failures: { index: number }[];
    };
    const numbers = (key: string) =>
      new Float64Array(Uint8Array.from(Buffer.from(columns[key]!.$array, 'base64')).buffer);
    expect([...numbers('alpha')]).toEqual(alpha);
    expect(numbers('m')[40]).toBe(json('solve', '--alpha', '0.5', '--w', '1', '--sigma2', '0.25')['m']);
    expect(numbers('m')[70]).toBe(NaN);
    expect(failures.map(({ index }) => index)).toEqual([70]);
  });

  it('ends when its input has ended and all is answered', async () => {
    const { stdout } = await piped(
      '{"id": 1, "method": "solve", "params": {"alpha": 0.5, "w": 1, "sigma2": 0.25}}',
    );
    expect(stdout.map(({ id }) => id).filter((id) => id !== undefined)).toEqual([1]);
  });

  it('ends when nobody reads its answers', async () => {
    const lonely = start('--workers', '1');
    await lonely.line(() => true);
    lonely.send({ id: 1, method: 'simulate', params: endless, progress: true });
    await lonely.line(({ id }) => id === 1);
    lonely.child.stdout.destroy();
    lonely.child.stdin.end();
    expect(await lonely.ended).not.toBe(0);
  });

  it('must be given its streams', () => {
    expect(cli('serve')).toMatchObject({ status: 2, stdout: '' });
    expect(cli('serve').stderr).toContain('--stdio must be given');
  });
});

async function piped(line: string): Promise<{ stdout: readonly Line[] }> {
  const one = start('--workers', '1');
  // Without the end of its line.
  one.child.stdin.end(line);
  expect(await one.ended).toBe(0);
  return { stdout: one.lines };
}
