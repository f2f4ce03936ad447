import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { markdownTable } from './lineServer.ts';

/**
 * Streamed classes: 10^8 of them in d = 30 within 300 MB, and what a pair costs compared with centres in memory. All
 * classes are looked at (no skipping), two threads. A streamed pass draws every centre anew, for as many particles as
 * there are, up to a block of 1024: with 8 particles the drawing is most of the cost, with many it is not.
 */
const rows = [
  { place: 'memory', classes: 4e6, particles: 8 },
  { place: 'stream', classes: 4e6, particles: 8 },
  { place: 'stream', classes: 1e8, particles: 8 },
  { place: 'memory', classes: 4e6, particles: 512 },
  { place: 'stream', classes: 4e6, particles: 512 },
] as const;

/** Tells the peak of the resident memory, in KiB, on stderr at the end of the main thread. */
const report = `
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () => { console.error('peak', process.resourceUsage().maxRSS); });`;

interface Cost {
  readonly seconds: number;
  readonly pairs: number;
  readonly backend: string;
  readonly peak: number;
}

function run({ place, classes, particles }: (typeof rows)[number]): Cost {
  const options = {
    d: 30,
    classes,
    particles,
    realizations: 1,
    steps: 3,
    w: 1,
    sigma2: 0.25,
    workers: 2,
    'skip-tolerance': 0,
    'classes-from': place,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const hook = `data:text/javascript,${encodeURIComponent(report)}`;
  const command = ['--import', hook, 'dist/cli/main.js', 'simulate', '--json', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const document = JSON.parse(stdout) as Omit<Cost, 'peak'>;
  return { ...document, peak: 1024 * Number(/^peak (\d+)$/m.exec(stderr)![1]) };
}

describe('streamed classes', () => {
  it('10^8 classes in d = 30: 8 particles, 3 steps, in less than 300 MB', () => {
    const costs = rows.map((row) => ({ ...row, ...run(row) }));
    const cells = costs.map(({ place, classes, particles, seconds, pairs, peak, backend }) => [
      `${place} (${backend})`,
      classes.toExponential(0),
      String(particles),
      seconds.toPrecision(3),
      ((1e9 * seconds) / pairs).toPrecision(3),
      (peak / 1e6).toFixed(0),
    ]);
    console.log(markdownTable(['centres', 'K', 'particles', 'seconds', 'ns per pair', 'peak MB'], cells));
    const largest = costs.find(({ classes }) => classes === 1e8)!;
    expect(largest.peak).toBeLessThan(300e6);
  }, 3_600_000);
});
