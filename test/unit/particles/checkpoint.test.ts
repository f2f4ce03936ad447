import { describe, expect, it } from 'vitest';
import {
  checkpointLine,
  checkpointTitle,
  crc32,
  entryText,
  identityDifference,
  readCheckpoint,
  remainingTasks,
  type CheckpointEntry,
} from '../../../src/particles/checkpoint/checkpoint.ts';
import { parsePlainData, plainDataText } from '../../../src/particles/checkpoint/plainData.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { planTasks, type ParticleTask } from '../../../src/particles/tasks.ts';
import { particleProblem } from './problems.ts';
import { reducedRange } from './ranges.ts';

const options = resolveParticleOptions({ particles: 8, realizations: 2, steps: 4 });
const range = reducedRange(particleProblem(1, { dimension: 20, logClasses: 8 }), options, 1, 0, 4);
const entries: CheckpointEntry[] = [
  { kind: 'identity', identity: { problem: { w: 1, name: 'σ² "x"\n' }, options: { seed: 1 } } },
  { kind: 'finished', range },
  {
    kind: 'partial',
    task: { realization: 1, begin: 4, end: 8 },
    fraction: 0.5,
    state: { y: new Float32Array([1, 2]), step: 3 },
  },
  { kind: 'seconds', seconds: 1.5 },
];
/** A line for each entry. */
function linesFor(all: readonly CheckpointEntry[]): string[] {
  const lines = [checkpointTitle];
  for (const entry of all) lines.push(checkpointLine([entryText(entry)], lines.at(-1)));
  return lines;
}
const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const read = (text: string) => readCheckpoint(linesOf(text), 'file');
const lines = linesFor(entries);
const text = lines.join('');

describe('plain data as text', () => {
  it('comes back bit for bit: doubles of all sizes, NaN, infinities, -0, typed arrays that begin anywhere', () => {
    const bits = new BigUint64Array(2000);
    let state = 1n;
    for (let i = 0; i < bits.length; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
      bits[i] = state;
    }
    const any = new Float64Array(bits.buffer);
    // A number that is NaN has one form; in an array the bits of each are kept.
    const value = {
      numbers: [...any].filter((x) => !Number.isNaN(x)),
      special: [NaN, Infinity, -Infinity, -0, 0, 5e-324, Number.MAX_VALUE],
      any,
      part: any.subarray(3, 7),
      bytes: new Uint8Array(any.buffer, 5, 9),
      singles: Float32Array.of(1.1, -0, NaN),
      integers: [
        Int32Array.of(-1),
        Uint32Array.of(2 ** 32 - 1),
        Int16Array.of(-2),
        Uint16Array.of(9),
        Int8Array.of(-3),
      ],
      words: ['', 'σ', '\n', '\u{1f600}', '$number'],
      nothing: [null, true, false, {}, []],
    };
    const written = plainDataText(value);
    expect(written).toMatch(/^[\x20-\x7e]*$/);
    const back = parsePlainData(written) as typeof value;
    expect(new BigUint64Array(back.any.buffer)).toEqual(bits);
    expect(back.numbers.every((x, i) => Object.is(x, value.numbers[i]))).toBe(true);
    expect(back.special.every((x, i) => Object.is(x, value.special[i]))).toBe(true);
    for (const key of ['part', 'bytes', 'singles', 'integers', 'words', 'nothing'] as const) {
      expect(back[key]).toEqual(value[key]);
    }
  });

  it('leaves out keys without a value, and refuses what is not plain', () => {
    expect(parsePlainData(plainDataText({ a: undefined, b: 1 }))).toEqual({ b: 1 });
    for (const wrong of [() => 1, new Date(), new Map(), { $number: 'NaN' }, 1n, BigInt64Array.of(1n)]) {
      expect(() => plainDataText(wrong)).toThrow(TypeError);
    }
  });
});

describe('checkpoints', () => {
  it('come back whole', () => {
    const { identity, finished, partial, seconds, length, cutShort } = read(text);
    expect(identity).toEqual((entries[0] as { identity: object }).identity);
    expect(finished).toEqual([range]);
    expect(partial).toEqual([
      {
        task: { realization: 1, begin: 4, end: 8 },
        fraction: 0.5,
        state: { y: Float32Array.of(1, 2), step: 3 },
      },
    ]);
    expect({ seconds, length, cutShort }).toEqual({ seconds: 1.5, length: text.length, cutShort: false });
  });

  it('with any single bit flipped are refused, or lose their last line if it is there', () => {
    const short = linesFor([entries[0]!, entries[3]!]);
    const whole = short.join('');
    const lastBegins = whole.length - short.at(-1)!.length;
    for (let i = 0; i < whole.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const letter = String.fromCharCode(whole.charCodeAt(i) ^ (1 << bit));
        const damaged = () => read(whole.slice(0, i) + letter + whole.slice(i + 1));
        if (i >= lastBegins && letter !== '\n') {
          expect(damaged()).toMatchObject({ seconds: 0, length: lastBegins, cutShort: true });
        } else {
          expect(damaged, `bit ${bit} of byte ${i}`).toThrow(
            /^checkpoint must be a whole checkpoint of this program, got "file"; .* delete it to begin anew$/,
          );
        }
      }
    }
  });

  it('cut short anywhere behind their first entry hold what stands in whole lines', () => {
    const known = lines[0]!.length + lines[1]!.length;
    for (let i = 0; i < text.length; i++) {
      if (i < known) expect(() => read(text.slice(0, i))).toThrow(/must be a whole checkpoint/);
      else {
        const begins = text.lastIndexOf('\n', i - 1) + 1;
        expect(read(text.slice(0, i))).toMatchObject({ length: begins, cutShort: begins < i });
      }
    }
  });

  it('with lines missing, repeated or exchanged, or something else, are refused', () => {
    const wrong = [
      [0, 1, 3, 4, 4],
      [0, 1, 2, 2, 3, 4],
      [0, 1, 3, 2, 4],
      [0, 2, 3, 4],
    ].map((order) => order.map((i) => lines[i]).join(''));
    for (const damaged of [
      ...wrong,
      text + text,
      checkpointTitle,
      linesFor([entries[1]!]).join(''),
      text.replace(' 2\n', ' 1\n'),
      '{}',
    ])
      expect(() => read(damaged)).toThrow(/must be a whole checkpoint/);
    expect(read(text).finished).toHaveLength(1);
  });

  it('in which a task was under way at several times have the newest; those that are finished are dropped', () => {
    const at = (fraction: number, end = 8): CheckpointEntry => ({
      kind: 'partial',
      task: { realization: 1, begin: 0, end },
      fraction,
      state: null,
    });
    const later = linesFor([entries[0]!, at(0.1), at(0.2), { kind: 'seconds', seconds: 3 }]);
    expect(read(later.join(''))).toMatchObject({ partial: [{ fraction: 0.2 }], seconds: 3 });
    // Finished: particles 0 to 4.
    expect(read(linesFor([entries[0]!, at(0.1), entries[1]!]).join('')).partial).toEqual([]);
  });

  it('CRC-32 of its standard check word', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });
});

describe('differences between identities', () => {
  it.each([
    [{ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 2] } }, null],
    [{ b: { c: [1, 2] } }, { b: { c: [1, 3] } }, { path: 'b.c.1', there: '2', here: '3' }],
    [{ b: {} }, { b: { c: null } }, { path: 'b.c', there: 'nothing', here: 'null' }],
    [{ b: { w: 1 } }, { b: { schedule: 't' } }, { path: 'b.schedule', there: 'nothing', here: '"t"' }],
    [{ x: -0 }, { x: 0 }, { path: 'x', there: '{"$number":"-0"}', here: '0' }],
  ])('%j and %j', (there, here, difference) => {
    expect(identityDifference(there, here)).toEqual(difference);
  });
});

describe('tasks that remain', () => {
  const many = resolveParticleOptions({ particles: 600, realizations: 3 });
  const particlesOf = (tasks: readonly ParticleTask[]) =>
    tasks.flatMap(({ realization, begin, end }) =>
      Array.from({ length: end - begin }, (_, i) => `${realization}:${begin + i}`),
    );
  const finishedOf = (tasks: readonly ParticleTask[]) => tasks.map((task) => ({ ...range, ...task }));

  it('are the particles that no finished range covers, each once, whatever the two plans', () => {
    const all = particlesOf(planTasks(many));
    for (const [earlier, now] of [
      [64, 64],
      [32, 160],
      [160, 32],
      [600, 64],
    ] as const) {
      for (let keep = 1; keep < 5; keep++) {
        const finished = planTasks(many, earlier).filter((_, i) => i % 5 < keep);
        const rest = remainingTasks(many, planTasks(many, now), finishedOf(finished));
        expect([...particlesOf(finished), ...particlesOf(rest)].sort()).toEqual([...all].sort());
      }
    }
    expect(remainingTasks(many, planTasks(many, 64), [])).toEqual(planTasks(many, 64));
    expect(remainingTasks(many, planTasks(many, 64), finishedOf(planTasks(many)))).toEqual([]);
  });

  it.each([
    [
      'ranges that overlap',
      [
        { realization: 0, begin: 0, end: 64 },
        { realization: 0, begin: 32, end: 96 },
      ],
    ],
    ['a realisation too many', [{ realization: 3, begin: 0, end: 64 }]],
    ['particles too many', [{ realization: 0, begin: 544, end: 608 }]],
    ['an empty range', [{ realization: 0, begin: 64, end: 64 }]],
  ])('%s are refused', (_, finished) => {
    expect(() => remainingTasks(many, planTasks(many), finishedOf(finished))).toThrow(
      /finished must be ranges/,
    );
  });
});
