// The engine's side of the benchmarks: answers the same commands as peer_engine.py, one JSON document per line. Its
// peers are the kernels: plain, wasm, wasm-relaxed, native. An evaluation is one call of the kernel for all particles
// and the division by the sum of weights; with two threads each has half of the classes or of the particles,
// whichever is faster.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

const arrivals = new SharedArrayBuffer(8);
const threads = [0, 1].map(
  (rank) => new Worker(new URL('./engineWorker.mjs', import.meta.url), { workerData: { rank, arrivals } }),
);
let workload;
const plans = new Map();

/** Sends a job to both threads; the largest of their answers. */
async function run(job) {
  const answers = threads.map((thread) => once(thread, 'message'));
  for (const thread of threads) thread.postMessage(job);
  const values = [];
  for (const [{ value, fault }] of await Promise.all(answers)) {
    if (fault !== undefined) throw new Error(fault);
    if (value !== null) values.push(value);
  }
  return Math.max(...values);
}

/** Seconds per evaluation over at least `seconds`. */
async function timed(peer, split, seconds) {
  const once = await run({ command: 'time', peer, split, evaluations: 1 });
  return run({ command: 'time', peer, split, evaluations: Math.max(1, Math.round(seconds / once)) });
}

const commands = {
  async prepare({ dimension, classes, particles, variance, seed }) {
    workload = { dimension, classes, particles, variance, seed };
    plans.clear();
    const exchange = new SharedArrayBuffer(8 * 2 * particles * (dimension + 8));
    await run({ command: 'prepare', workload, exchange });
    return { node: process.version };
  },
  async available({ peer }) {
    await run({ command: 'available', peer });
    return {};
  },
  async tune({ peer, threads: count }) {
    let best = { split: 'none', seconds: Infinity };
    for (let trial = 0; trial < 4; trial++) {
      for (const split of count === 1 ? ['none'] : ['classes', 'particles']) {
        const seconds = await timed(peer, split, 0.1);
        if (seconds < best.seconds) best = { split, seconds };
      }
    }
    plans.set(`${peer} ${count}`, best.split);
    return { plan: { split: best.split }, rate: (workload.classes * workload.particles) / best.seconds };
  },
  async time({ peer, threads: count, seconds }) {
    return { seconds: await timed(peer, plans.get(`${peer} ${count}`), seconds) };
  },
  async error({ peer }) {
    return { error: await run({ command: 'error', peer }) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  let answer;
  try {
    answer = await commands[job.command](job);
  } catch (fault) {
    answer = { fault: fault.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
