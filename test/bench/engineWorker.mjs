// One thread of the engine's side of the benchmarks: a kernel with its share of classes or particles, evaluated on command.
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

const dist = new URL('../../dist/', import.meta.url);
const load = (name) => import(new URL(name, dist).href);
const { loadKernel } = await load('threads/kernel.js');
const { RandomStream } = await load('numerics/random.js');
const { rowLength, slabClasses, sumColumns } = await load('particles/kernels/kernel.js');
const { drawnClasses } = await load('particles/kernels/classSource.js');

/** What the evaluator asks of kernels when nothing is skipped. */
const cut = -60;

const { rank } = workerData;
const arrivals = new Int32Array(workerData.arrivals);
let workload;
/** Sums of both threads, side by side: rows of all particles. */
let exchange;
const engines = new Map();

/** Waits for the other thread, spinning: both have a core of their own. */
function meet() {
  const mine = Atomics.add(arrivals, rank, 1) + 1;
  while (Atomics.load(arrivals, 1 - rank) < mine);
}

/** [begin, end) of the items that this thread has, cut at a multiple of `unit`. */
function share(count, unit, isSplit) {
  if (!isSplit) return [0, count];
  const middle = unit * Math.round(count / 2 / unit);
  return rank === 0 ? [0, middle] : [middle, count];
}

async function engine(peer, split) {
  const key = `${peer} ${split}`;
  if (engines.has(key)) return engines.get(key);
  const { dimension, classes, particles, variance, seed } = workload;
  const { kernel } = await loadKernel(peer);
  const ensemble = { ensemble: 'gaussian', guidedClass: 'typical' };
  const source = drawnClasses({ ...ensemble, classes, dimension, seed, realization: 0 });
  const [begin, end] = share(source.others, slabClasses, split === 'classes');
  const [first, last] = share(particles, kernel.groupSize, split === 'particles');
  // Around the guided class, as on the way to it.
  const offsets = new Float64Array(particles * dimension);
  new RandomStream(seed, 2000).normals(offsets, 0, offsets.length);
  for (let i = 0; i < offsets.length; i++) offsets[i] *= Math.sqrt(variance);
  const count = last - first;
  const store = kernel.open(source, end - begin, count, false);
  store.load(begin, end);
  const pass = {
    count,
    offsets: offsets.slice(first * dimension, last * dimension),
    variance,
    cuts: new Float64Array(count).fill(cut),
    squares: false,
    skip: null,
  };
  const made = { store, pass, held: end - begin, first, offsets, row: rowLength(dimension), split };
  engines.set(key, made);
  return made;
}

/** mean - mu_c of all particles into `exchange`, by this thread or by both together. */
function evaluate({ store, pass, held, first, row, split }, precisely = false) {
  const { dimension, particles } = workload;
  const { reference, total, means } = sumColumns;
  const sums = exchange.subarray(
    (rank * particles + first) * row,
    (rank * particles + first + pass.count) * row,
  );
  sums.fill(0);
  if (precisely) {
    const all = Array.from({ length: pass.count }, (_, p) => p);
    store.accumulatePrecisely(pass, all, 0, held, sums);
  } else {
    store.accumulate(pass, 0, held, sums);
  }
  const other = exchange.subarray(particles * row);
  if (split === 'classes') {
    meet();
    if (rank === 1) return;
  }
  for (let at = 0; at < pass.count * row; at += row) {
    const top = Math.max(0, sums[at + reference]);
    const scale = 2 ** (sums[at + reference] - top);
    const more = split === 'classes' ? 2 ** (other[at + reference] - top) : 0;
    const sum = 2 ** -top + sums[at + total] * scale + (more === 0 ? 0 : other[at + total] * more);
    for (let i = at + means; i < at + means + dimension; i++) {
      sums[i] = (sums[i] * scale + (more === 0 ? 0 : other[i] * more)) / sum;
    }
  }
}

/** Seconds per evaluation; the threads start each one together. */
async function time({ peer, split, evaluations }) {
  const both = split !== 'none';
  if (rank === 1 && !both) return null;
  const made = await engine(peer, split);
  const wait = both ? meet : () => undefined;
  wait();
  evaluate(made);
  wait();
  const began = performance.now();
  for (let i = 0; i < evaluations; i++) {
    evaluate(made);
    wait();
  }
  return (performance.now() - began) / 1000 / evaluations;
}

/** Largest relative error of the score against the same kernel in double precision. */
async function error({ peer }) {
  if (rank === 1) return null;
  const made = await engine(peer, 'none');
  const { dimension, particles } = workload;
  evaluate(made);
  const single = exchange.slice(0, particles * made.row);
  evaluate(made, true);
  let worst = 0;
  for (let p = 0; p < particles; p++) {
    let difference = 0;
    let score = 0;
    for (let i = 0; i < dimension; i++) {
      const at = p * made.row + sumColumns.means + i;
      difference += (single[at] - exchange[at]) ** 2;
      score += (exchange[at] - made.offsets[p * dimension + i]) ** 2;
    }
    worst = Math.max(worst, Math.sqrt(difference / score));
  }
  return worst;
}

const commands = {
  prepare: ({ workload: next, exchange: shared }) => {
    workload = next;
    exchange = new Float64Array(shared);
    engines.clear();
    return null;
  },
  available: ({ peer }) => loadKernel(peer).then(() => null),
  time,
  error,
};

parentPort.on('message', async (job) => {
  try {
    parentPort.postMessage({ value: await commands[job.command](job) });
  } catch (fault) {
    parentPort.postMessage({ fault: fault.message });
  }
});
