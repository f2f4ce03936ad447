import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openSimulationFile } from '../../../src/threads/simulationFile.ts';
import { measureClaims } from '../../../src/threads/simulationQueue.ts';
import type { Claim } from '../../../src/claims/protocol/claim.ts';
import { measuredClaim, tinyRequest } from '../claims/tinyClaims.ts';

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    /** A disk that is full takes half of what is written, and then complains. */
    writeSync(handle: number, bytes: Uint8Array, at: number): number {
      if (!disk.isFull) return real.writeSync(handle, bytes, at);
      real.writeSync(handle, bytes, at, bytes.length >> 1);
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    },
  };
});

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-validate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const silent = () => undefined;
const claims = [20, 22, 24, 26].map((particles) =>
  measuredClaim(`claim-${particles}`, tinyRequest(particles)),
);

async function measured(file: string | null, own: readonly Claim[] = claims, version = '1') {
  const store = file === null ? null : openSimulationFile(file, version, silent);
  const run = await measureClaims(own, 'quick', 1, { workers: 1, ...(store === null ? {} : { store }) });
  store?.close();
  return { checks: run.claims.map(({ checks }) => checks), resumed: run.resumed };
}

/** Runs until so many simulations are finished in this run, then stops as a kill does: nothing more is written. */
async function killedAfter(simulations: number, file: string): Promise<void> {
  const store = openSimulationFile(file, '1', silent);
  const stop = new Error('killed');
  let left = simulations;
  const run = measureClaims(claims, 'quick', 1, {
    workers: 1,
    store: {
      get: (key) => store.get(key),
      put(key, finished) {
        store.put(key, finished);
        left -= 1;
        if (left === 0) throw stop;
      },
    },
  });
  await expect(run).rejects.toThrow('killed');
}

const lines = (file: string) => readFileSync(file, 'latin1').split('\n').slice(1, -1);

describe('validate with a checkpoint', () => {
  it('killed and resumed any number of times gives the same numbers', async () => {
    const { checks } = await measured(null);
    for (const stops of [[3], [1, 1, 1]]) {
      const file = path.join(folder, stops.join('-'));
      let finished = 0;
      for (const count of stops) {
        await killedAfter(count, file);
        finished += count;
        expect(lines(file)).toHaveLength(finished);
      }
      expect(await measured(file)).toEqual({ checks, resumed: finished });
      expect(await measured(file)).toEqual({ checks, resumed: 4 });
      expect(lines(file)).toHaveLength(4);
    }
  });

  it('cut off anywhere, or damaged in any line, runs again what is lost and keeps the rest', async () => {
    const { checks } = await measured(null);
    const file = path.join(folder, 'damaged');
    await measured(file);
    const whole = readFileSync(file, 'latin1');
    const lengths = whole.split('\n').map((line) => line.length + 1);
    const startOfLast = whole.length - lengths.at(-2)!;
    for (const cut of [0, 5, lengths[0]!, startOfLast + 1, whole.length - 1]) {
      writeFileSync(file, whole.slice(0, cut), 'latin1');
      // The last line is whole also without its end.
      const kept = cut === whole.length - 1 ? 4 : cut >= startOfLast ? 3 : 0;
      expect((await measured(file)).resumed, `cut at ${cut}`).toBe(kept);
      expect(await measured(file)).toEqual({ checks, resumed: 4 });
    }
    for (const place of [lengths[0]! + 3, lengths[0]! + 200, startOfLast + 100]) {
      const flipped = String.fromCharCode(whole.charCodeAt(place) ^ 1);
      writeFileSync(file, whole.slice(0, place) + flipped + whole.slice(place + 1), 'latin1');
      expect(openSimulationFile(file, '1', silent).damaged).toBe(1);
      expect((await measured(file)).resumed, `changed at ${place}`).toBe(3);
      expect(await measured(file)).toEqual({ checks, resumed: 4 });
    }
  });

  it('serves other claims and other versions of the program from the same file, each with its own', async () => {
    const file = path.join(folder, 'shared');
    expect((await measured(file, claims.slice(0, 2))).resumed).toBe(0);
    expect((await measured(file, claims.slice(1))).resumed).toBe(1);
    expect((await measured(file, claims, '2')).resumed).toBe(0);
    expect((await measured(file, claims, '1')).resumed).toBe(4);
    expect((await measured(file, claims, '2')).resumed).toBe(4);
  });

  it('keeps every number as it is, those that JSON cannot say too', () => {
    const file = path.join(folder, 'numbers');
    const result = { m: { mean: 0.1 + 0.2, standardError: null }, series: [NaN, -0, Infinity, 5e-324] };
    const first = openSimulationFile(file, '1', silent);
    first.put('key', { result: result as never, seconds: 0.25 });
    first.close();
    expect(openSimulationFile(file, '1', silent).get('key')).toEqual({ result, seconds: 0.25 });
  });

  it('is refused and left as it was if it is something else, or cannot be read or written', () => {
    const file = path.join(folder, 'other');
    for (const content of ['x', 'cfg-dmft checkpoint 1\n', 'cfg-dmft simulations 2\n', '{"m": 1}']) {
      writeFileSync(file, content);
      expect(() => openSimulationFile(file, '1', silent)).toThrow(
        /checkpoint must be a file of finished simulations of this program, got/,
      );
      expect(readFileSync(file, 'latin1')).toBe(content);
    }
    expect(() => openSimulationFile(folder, '1', silent)).toThrow(
      /checkpoint must be a file that can be read/,
    );
    expect(() => openSimulationFile(path.join(folder, 'no', 'such'), '1', silent)).toThrow(
      /checkpoint must be a file that can be written to \(ENOENT\)/,
    );
  });

  it('on a full disk says so once, and writes everything when there is room again', () => {
    const file = path.join(folder, 'full');
    const notes: string[] = [];
    const opened = openSimulationFile(file, '1', (note) => notes.push(note));
    const finished = (classes: number) => ({ result: { classes } as never, seconds: 1 });
    opened.put('before', finished(0));
    disk.isFull = true;
    opened.put('a', finished(1));
    opened.put('b', finished(2));
    disk.isFull = false;
    expect(opened.isSaved()).toBe(false);
    expect(opened.get('a')).toEqual(finished(1));
    expect(notes).toEqual(['the checkpoint could not be written (ENOSPC); the simulations go on']);
    opened.put('c', finished(3));
    expect(opened.isSaved()).toBe(true);
    opened.close();
    const again = openSimulationFile(file, '1', silent);
    expect(['before', 'a', 'b', 'c'].map((key) => again.get(key)?.result.classes)).toEqual([0, 1, 2, 3]);
    // What was half written counts as damaged.
    expect(again.damaged).toBeGreaterThan(0);
  });

  it('leaves no temporary file behind', () => {
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});
