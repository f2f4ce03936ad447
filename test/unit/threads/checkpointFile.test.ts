import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCheckpoint, type CheckpointFile } from '../../../src/threads/checkpointFile.ts';
import { readCheckpoint } from '../../../src/particles/checkpoint/checkpoint.ts';
import { linesOf } from '../../../src/threads/wholeFile.ts';
import { simulate } from '../cli/simulation.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-checkpoint-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const silent = () => undefined;
const read = (file: string) => readCheckpoint(linesOf(file)!, file);

/** Runs until `tasks` tasks are finished in this run, then stops as an interrupt does: saves and ends. */
async function interruptedAfter(tasks: number, file: string, mode: 'full' | 'reduced'): Promise<void> {
  const stop = new Error('interrupted');
  let left = tasks;
  const onCheckpoint = (opened: CheckpointFile) => {
    const finished = opened.finished.bind(opened);
    opened.finished = (...args) => {
      finished(...args);
      left -= 1;
      if (left === 0) throw stop;
    };
  };
  await expect(simulate(mode, { checkpoint: file, onCheckpoint })).rejects.toBe(stop);
}

describe.each(['full', 'reduced'] as const)('a %s simulation with a checkpoint', (mode) => {
  it('interrupted and resumed any number of times gives the same bits', async () => {
    const { result } = await simulate(mode);
    for (const stops of [[1], [3], [5], [1, 1, 1, 1, 1], [2, 3]]) {
      const file = path.join(folder, `${mode}-${stops.join('-')}`);
      let finished = 0;
      for (const tasks of stops) {
        await interruptedAfter(tasks, file, mode);
        finished += tasks;
        expect(read(file).finished).toHaveLength(finished);
      }
      const resumed = await completed(file);
      expect(resumed.result).toEqual(result);
      expect(resumed.resumed).toBeGreaterThan(0);
      // The complete checkpoint stays: nothing is left to do.
      const again = await completed(file);
      expect(again.result).toEqual(result);
      expect(again).toMatchObject({ resumed: 1, workers: 0 });
    }
  });

  const completed = (file: string) => simulate(mode, { checkpoint: file });
});

describe('a checkpoint file', () => {
  const identity = { problem: { w: 1 }, options: { seed: 1 } };

  it('of another simulation is refused, with the first difference, and left as it was', () => {
    const file = path.join(folder, 'other');
    openCheckpoint(file, identity, silent).save();
    const before = readFileSync(file, 'latin1');
    expect(() => openCheckpoint(file, { ...identity, options: { seed: 2 } }, silent)).toThrow(
      `checkpoint must be a checkpoint of the same simulation, got "${file}"; its options.seed is 1, here it is 2`,
    );
    expect(readFileSync(file, 'latin1')).toBe(before);
  });

  it('that is damaged is refused and left as it was', () => {
    const file = path.join(folder, 'damaged');
    for (const content of ['', 'x', 'cfg-dmft checkpoint 1\n', 'cfg-dmft checkpoint 2\n']) {
      writeFileSync(file, content);
      expect(() => openCheckpoint(file, identity, silent)).toThrow(/must be a whole checkpoint/);
      expect(readFileSync(file, 'latin1')).toBe(content);
    }
  });

  it('that cannot be read or written is refused before the work starts', () => {
    expect(() => openCheckpoint(folder, identity, silent)).toThrow(
      /checkpoint must be a file that can be read/,
    );
    expect(() => openCheckpoint(path.join(folder, 'no', 'such'), identity, silent)).toThrow(
      /checkpoint must be a file that can be written to \(ENOENT\)/,
    );
  });

  it('keeps the state of unfinished tasks, hands it out again, and drops it when its particles are finished', () => {
    const file = path.join(folder, 'partial');
    const task = { realization: 0, begin: 32, end: 64 };
    const state = { y: Float64Array.of(0.1, NaN), step: 7 };
    const first = openCheckpoint(file, identity, silent);
    first.state({ task, fraction: 0.1, state: { ...state, step: 1 } }, 1);
    first.state({ task, fraction: 0.4, state }, 2);
    first.save();
    const second = openCheckpoint(file, identity, silent);
    expect(second.earlier).toMatchObject({
      partial: [{ task, fraction: 0.4, state }],
      seconds: 2,
      finished: [],
    });
    const empty = {
      guidedNorm: 1,
      series: [],
      pairs: 0,
      pairsEvaluated: 0,
      pairsPrecise: 0,
      final: {} as never,
    };
    second.finished({ realization: 0, begin: 0, end: 32, ...empty }, 1);
    second.save();
    expect(read(file).partial).toHaveLength(1);
    second.finished({ realization: 0, begin: 32, end: 48, ...empty }, 1.5);
    second.save();
    expect(read(file)).toMatchObject({ partial: [], seconds: 3.5 });
  });

  it('that can no longer be written is reported once and keeps its last content; work goes on', () => {
    const home = path.join(folder, 'gone');
    mkdirSync(home);
    const file = path.join(home, 'file');
    const notes: string[] = [];
    const opened = openCheckpoint(file, identity, (note) => notes.push(note));
    rmSync(home, { recursive: true });
    for (let i = 0; i < 3; i++) {
      opened.state({ task: { realization: 0, begin: i, end: i + 1 }, fraction: 0, state: null }, 1);
      expect(opened.save()).toBe(false);
    }
    expect(notes).toEqual(['the checkpoint could not be written (ENOENT); the simulation goes on']);
    mkdirSync(home);
    expect(opened.save()).toBe(true);
    expect(read(file).partial).toHaveLength(3);
  });

  const task = (i: number) => ({ realization: 0, begin: i, end: i + 1 });
  const nothing = {
    guidedNorm: 1,
    series: [],
    pairs: 0,
    pairsEvaluated: 0,
    pairsPrecise: 0,
    final: {} as never,
  };

  it('grows by what is new: two hundred finished tasks, a save each, are written once', () => {
    const file = path.join(folder, 'growing');
    const opened = openCheckpoint(file, identity, silent);
    const { ino } = statSync(file);
    let size = 0;
    for (let i = 0; i < 200; i++) {
      opened.finished({ ...task(i), ...nothing }, i);
      expect(opened.save()).toBe(true);
      const now = statSync(file).size;
      if (i > 0) expect(now - size).toBeLessThan(400);
      size = now;
    }
    expect(statSync(file).ino).toBe(ino);
    expect(read(file)).toMatchObject({ seconds: 199, cutShort: false });
    expect(read(file).finished.map(({ begin }) => begin)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('drops states that are overtaken: its size stays within twice what it holds', () => {
    const file = path.join(folder, 'states');
    const opened = openCheckpoint(file, identity, silent);
    opened.finished({ ...task(0), ...nothing }, 1);
    for (let i = 0; i < 24; i++) {
      opened.state({ task: task(1), fraction: i / 24, state: new Float64Array(50_000).fill(i) }, i);
      opened.save();
    }
    expect(statSync(file).size).toBeLessThan(5.5e6);
    const { finished, partial } = read(file);
    expect(finished).toHaveLength(1);
    expect(partial).toMatchObject([{ fraction: 23 / 24 }]);
  });

  it('that a crash has cut short in its last line loses that line alone, with a note', () => {
    const file = path.join(folder, 'torn');
    const opened = openCheckpoint(file, identity, silent);
    for (let i = 0; i < 3; i++) {
      opened.finished({ ...task(i), ...nothing }, i);
      opened.save();
    }
    for (const torn of ['deadbeef [{"kind":"fin', '\0\0\0\0', 'deadbeef []\n']) {
      appendFileSync(file, torn);
      const notes: string[] = [];
      const again = openCheckpoint(file, identity, (note) => notes.push(note));
      expect(again.earlier.finished).toHaveLength(3);
      expect(notes).toEqual(['the end of the checkpoint is damaged: what was written last is done again']);
      expect(read(file)).toMatchObject({ cutShort: false, seconds: 2 });
    }
  });

  it('behind a symbolic link is written where the link points to, and the link stays', () => {
    const real = path.join(folder, 'real');
    const link = path.join(folder, 'link');
    symlinkSync('real', link);
    openCheckpoint(link, identity, silent).finished({ ...task(0), ...nothing }, 1);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(read(real).finished).toHaveLength(1);
  });

  it('that is a device is refused', () => {
    for (const device of ['/dev/full', '/dev/zero', '/dev/null']) {
      expect(() => openCheckpoint(device, identity, silent)).toThrow(
        `checkpoint must be a file that can be read (it is no regular file), got "${device}"`,
      );
    }
  });

  it('leaves no temporary file behind', () => {
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});
