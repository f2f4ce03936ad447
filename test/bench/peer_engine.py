"""NumPy and PyTorch peers of the particle engine: posterior means of N particles over K classes, as fast as they get.

A server: one JSON command per line on stdin, one JSON answer per line on stdout.
  {"command": "prepare", "dimension": d, "classes": K, "particles": N, "variance": Gamma, "seed": s}
      draws a workload and starts two worker processes
  {"command": "tune", "peer": p, "threads": 1 or 2}
      finds the best plan of a peer and keeps it
  {"command": "time", "peer": p, "threads": 1 or 2, "seconds": s}
      seconds per evaluation, over about s seconds
  {"command": "error", "peer": p, "threads": 1 or 2}
      largest relative error of the score against double precision
Peers: numpy32, numpy64, torch32, torch64, and chunked-numpy32, ...: the same mathematics as one would write it, with a
running maximum over chunks of classes, only the sizes of the chunks tuned. Closing stdin ends it.

The quantity. With delta_k = mu_k - mu_c, z = y - mu_c and L_k = (z.delta_k - |delta_k|^2/2)/Gamma, the log-weight
relative to the guided class c,
    mean = mu_c + sum_k e^(L_k) delta_k / (1 + sum_k e^(L_k)).

What makes those without "chunked" fast:
- Both sums are matrix products. A class is a column (delta_k, 1, -|delta_k|^2/2), a particle a column (z/Gamma,
  -reference, 1/Gamma): the first product gives finished exponents, without a pass over them for scale, half norm and
  reference. The second one, with the rows (delta_k, 1) of the same block, gives numerators and the sum of weights.
  So there are three passes: product, exp in place, product.
- No maximum is taken, because L_k <= |z|^2/(2 Gamma) gives a reference beforehand, and the guided class, which counts
  1, keeps the sum from underflowing. (What that cannot cover would overflow; it is checked for.)
- Classes lie in blocks [block][d + 2][classes of a block] and particles in blocks too, so that the exponents stay in
  cache between the passes, and small enough for OpenBLAS's kernels for small matrices (below 10^6 multiply-adds), which
  do not pack their operands. Several blocks go through one call (batched matmul), which keeps the interpreter
  out of the way. The three sizes are searched for, per peer, workload and number of threads.
- PyTorch's AVX-512 kernels are switched on (its exp is then twice as fast).
- Two threads: two processes with one BLAS thread each, which have half of the particles or half of the classes and
  share nothing but the result, started before the clock and kept in step by counters in shared memory; or one process
  with two library threads. The best of the three is taken.
"""

import ctypes
import json
import mmap
import os
import sys
import time
from itertools import product

# Read when the libraries load.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if "avx512f" in open("/proc/cpuinfo").read():
    os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")
from multiprocessing import get_context  # noqa: E402

import numpy as np  # noqa: E402

try:
    import torch

    torch.set_grad_enabled(False)
except ImportError:
    torch = None

# Padding of the last block: a class whose weight is exactly 0.
NOWHERE = -1e30


def set_threads(count):
    """Threads inside the libraries."""
    for name in ("libblas.so.3", "libopenblas.so.0"):
        try:
            ctypes.CDLL(name).openblas_set_num_threads(count)
            break
        except (OSError, AttributeError):
            continue
    if torch is not None:
        torch.set_num_threads(count)


def class_blocks(delta, size, dtype):
    """Classes (K x d) as columns of blocks [block][d + 2][size]: delta, 1, -|delta|^2/2."""
    classes, dimension = delta.shape
    count = -(-classes // size)
    blocks = np.zeros((count, dimension + 2, size), dtype)
    blocks[:, dimension] = 1
    blocks[:, dimension + 1] = NOWHERE
    for b in range(count):
        part = delta[b * size : (b + 1) * size]
        blocks[b, :dimension, : len(part)] = part.T
        blocks[b, dimension + 1, : len(part)] = -0.5 * np.einsum("ij,ij->i", part, part)
    return blocks


def particle_columns(z, variance):
    """Particles (N x d) as columns: z/Gamma, -reference, 1/Gamma; and the references."""
    count, dimension = z.shape
    columns = np.empty((dimension + 2, count), z.dtype)
    if z.dtype == np.float64:
        reference = np.zeros(count)
    else:
        # exp may reach e^60; the guided class itself must stay above e^-80.
        reference = np.clip(np.einsum("ij,ij->i", z, z) / (2 * variance) - 60, 0, 80)
    columns[:dimension] = z.T
    columns[:dimension] /= variance
    columns[dimension] = -reference
    columns[dimension + 1] = 1 / variance
    return columns, reference


class NumpySums:
    """Sums over classes with NumPy: `sums` (d + 1 x N) of e^(L - reference) (delta, 1)."""

    def __init__(self, blocks, count, particle_block, batch):
        self.blocks, self.batch = blocks, batch
        dtype, (_, rows, size) = blocks.dtype, blocks.shape
        self.sums = np.empty((rows - 1, count), dtype)
        self.ranges = [slice(i, min(i + particle_block, count)) for i in range(0, count, particle_block)]
        self.weights = [np.empty((batch, size, r.stop - r.start), dtype) for r in self.ranges]
        self.parts = [np.empty((batch, rows - 1, r.stop - r.start), dtype) for r in self.ranges]

    def evaluate(self, columns):
        self.sums.fill(0)
        blocks, batch = self.blocks, self.batch
        means = blocks.shape[1] - 1
        particles = [(np.ascontiguousarray(columns[:, r]), self.sums[:, r]) for r in self.ranges]
        for b in range(0, len(blocks), batch):
            some = blocks[b : b + batch]
            turned = some.transpose(0, 2, 1)
            front = some[:, :means]
            n = len(some)
            for (column, sums), weights, parts in zip(particles, self.weights, self.parts):
                weights, parts = weights[:n], parts[:n]
                np.matmul(turned, column, out=weights)
                np.exp(weights, out=weights)
                np.matmul(front, weights, out=parts)
                sums += parts[0] if n == 1 else parts.sum(0)
        return self.sums


class TorchSums:
    """The same with PyTorch; a batch of one accumulates inside the second product (addmm with beta = 1)."""

    def __init__(self, blocks, count, particle_block, batch):
        dtype, (_, rows, size) = blocks.dtype, blocks.shape
        self.blocks, self.batch = torch.from_numpy(blocks), batch
        self.result = np.empty((rows - 1, count), dtype)
        kind = self.blocks.dtype
        self.ranges = [slice(i, min(i + particle_block, count)) for i in range(0, count, particle_block)]
        self.sums = [torch.empty(rows - 1, r.stop - r.start, dtype=kind) for r in self.ranges]
        self.weights = [torch.empty(batch, size, r.stop - r.start, dtype=kind) for r in self.ranges]
        self.parts = [torch.empty(batch, rows - 1, r.stop - r.start, dtype=kind) for r in self.ranges]

    def evaluate(self, columns):
        with torch.inference_mode():
            self.accumulate(columns)
        for r, sums in zip(self.ranges, self.sums):
            self.result[:, r] = sums.numpy()
        return self.result

    def accumulate(self, columns):
        blocks, batch = self.blocks, self.batch
        means = blocks.shape[1] - 1
        particles = [torch.from_numpy(np.ascontiguousarray(columns[:, r])) for r in self.ranges]
        for sums in self.sums:
            sums.zero_()
        for b in range(0, len(blocks), batch):
            some = blocks[b : b + batch]
            n = len(some)
            for column, sums, weights, parts in zip(particles, self.sums, self.weights, self.parts):
                if batch == 1:
                    weights = weights[0]
                    torch.mm(some[0].t(), column, out=weights)
                    weights.exp_()
                    sums.addmm_(some[0, :means], weights)
                    continue
                weights, parts = weights[:n], parts[:n]
                torch.bmm(some.transpose(1, 2), column.expand(n, -1, -1), out=weights)
                weights.exp_()
                torch.bmm(some[:, :means], weights, out=parts)
                sums += parts.sum(0)


class ChunkedSums:
    """
    Softmax over chunks of classes with a running maximum, NumPy or PyTorch: product, bias, maximum, exp, sum, product. The
    arrays of a chunk are reused.
    """

    def __init__(self, delta, variance, count, plan, use_torch):
        self.torch = use_torch
        self.variance, self.plan, self.count = variance, plan, count
        half = 0.5 * np.einsum("ij,ij->i", delta, delta) / variance
        self.delta, self.half = (torch.from_numpy(delta), torch.from_numpy(half)) if use_torch else (delta, half)
        self.room = np.empty(plan["particleBlock"] * plan["classBlock"], delta.dtype)

    def mean_offsets(self, z):
        parts = []
        for begin in range(0, self.count, self.plan["particleBlock"]):
            scaled = z[begin : begin + self.plan["particleBlock"]] / self.variance
            parts.append(self.with_torch(torch.from_numpy(scaled)) if self.torch else self.with_numpy(scaled))
        return np.concatenate(parts)

    def with_numpy(self, scaled):
        count, dimension = scaled.shape
        # The guided class: logarithm 0, weight 1.
        top, total, sums = np.zeros(count, scaled.dtype), np.ones(count, scaled.dtype), np.zeros_like(scaled)
        size = self.plan["classBlock"]
        for begin in range(0, len(self.delta), size):
            delta, half = self.delta[begin : begin + size], self.half[begin : begin + size]
            logs = self.room[: count * len(delta)].reshape(count, len(delta))
            np.matmul(scaled, delta.T, out=logs)
            logs -= half
            larger = np.maximum(top, logs.max(1))
            logs -= larger[:, None]
            np.exp(logs, out=logs)
            factor = np.exp(top - larger)
            total = total * factor + logs.sum(1)
            sums = sums * factor[:, None] + logs @ delta
            top = larger
        return sums / total[:, None]

    def with_torch(self, scaled):
        with torch.inference_mode():
            count, dimension = scaled.shape
            top, total = torch.zeros(count, dtype=scaled.dtype), torch.ones(count, dtype=scaled.dtype)
            sums, room = torch.zeros_like(scaled), torch.from_numpy(self.room)
            size = self.plan["classBlock"]
            for begin in range(0, len(self.delta), size):
                delta, half = self.delta[begin : begin + size], self.half[begin : begin + size]
                logs = room[: count * len(delta)].view(count, len(delta))
                torch.addmm(half.expand_as(logs), scaled, delta.t(), beta=-1, out=logs)
                larger = torch.maximum(top, logs.amax(1))
                logs.sub_(larger[:, None]).exp_()
                factor = torch.exp(top - larger)
                total = total * factor + logs.sum(1)
                sums = torch.addmm(sums * factor[:, None], logs, delta)
                top = larger
            return (sums / total[:, None]).numpy()


class Worker:
    """One of the two processes: holds the workload (shared pages, never copied) and whatever blocks its plans need."""

    def __init__(self, index, workload, shared):
        self.index = index
        self.delta, self.z, self.variance = workload
        self.arrivals, self.exchange = shared
        self.engines = {}
        self.blocks = {}

    def meet(self):
        """Waits for the other process: both count their arrivals in shared memory."""
        self.arrivals[self.index] += 1
        while self.arrivals[1 - self.index] < self.arrivals[self.index]:
            pass

    def engine(self, job):
        key = (job["peer"], job["threads"], job["classes"], json.dumps(job["plan"], sort_keys=True))
        if key not in self.engines:
            plan, peer = job["plan"], job["peer"]
            dtype = np.float32 if peer.endswith("32") else np.float64
            classes, particles = slice(0, job["classes"]), slice(0, len(self.z))
            if plan["split"] == "classes":
                half = job["classes"] // 2
                classes = slice(0, half) if self.index == 0 else slice(half, job["classes"])
            if plan["split"] == "particles":
                half = len(self.z) // 2
                particles = slice(0, half) if self.index == 0 else slice(half, len(self.z))
            if peer.startswith("chunked"):
                if not job["keep"]:
                    self.engines.clear()
                z = self.z[particles].astype(dtype)
                delta = np.ascontiguousarray(self.delta[classes], dtype)
                chunked = ChunkedSums(delta, dtype(self.variance), len(z), plan, "torch" in peer)
                self.engines[key] = (chunked, z, particles)
                return self.engines[key]
            held = (dtype, classes.start, classes.stop, plan["classBlock"])
            if held not in self.blocks:
                if not job["keep"]:
                    self.blocks.clear()
                    self.engines.clear()
                self.blocks[held] = class_blocks(self.delta[classes], plan["classBlock"], dtype)
            kind = NumpySums if peer.startswith("numpy") else TorchSums
            z = self.z[particles].astype(dtype)
            sums = kind(self.blocks[held], len(z), min(plan["particleBlock"], len(z)), plan["batch"])
            self.engines[key] = (sums, z, particles)
        return self.engines[key]

    def mean_offsets(self, job):
        """(mean - mu_c) of all particles into `exchange`, by one process or by both together."""
        sums, z, particles = self.engine(job)
        plan, dimension = job["plan"], z.shape[1]
        if isinstance(sums, ChunkedSums):
            self.exchange[0, :dimension, particles] = sums.mean_offsets(z).T
            return
        columns, reference = particle_columns(z, self.variance)
        total = sums.evaluate(columns)
        if not np.isfinite(total[dimension]).all():
            raise FloatingPointError("the weights overflow: this workload needs the largest log-weight")
        if plan["split"] == "classes":
            self.exchange[1 + self.index, : dimension + 1] = total
            self.meet()
            if self.index == 1:
                return
            total = self.exchange[1, : dimension + 1] + self.exchange[2, : dimension + 1]
        self.exchange[0, :dimension, particles] = total[:dimension] / (np.exp(-reference) + total[dimension])

    def time(self, job):
        """Seconds per evaluation, mean over at least job.seconds; the processes start each evaluation together."""
        set_threads(2 if job["plan"]["split"] == "library" else 1)
        both = job["plan"]["split"] in ("classes", "particles")
        if self.index == 1 and not both:
            return None
        self.engine(job)
        if both:
            self.meet()
        self.mean_offsets(job)
        evaluations = job["evaluations"]
        if both:
            self.meet()
        began = time.perf_counter()
        for _ in range(evaluations):
            self.mean_offsets(job)
            if both:
                self.meet()
        seconds = (time.perf_counter() - began) / evaluations
        set_threads(1)
        return seconds


def serve_worker(pipe, *parts):
    worker = Worker(*parts)
    while True:
        job = pipe.recv()
        if job is None:
            return
        pipe.send(worker.time(job))


def shared_array(shape, dtype):
    return np.frombuffer(mmap.mmap(-1, int(np.prod(shape)) * np.dtype(dtype).itemsize), dtype).reshape(shape)


def candidate_plans(count, peer, threads, best_one):
    """Sizes worth trying. With two threads only near what one thread wants: the caches are the same."""
    item = 4 if peer.endswith("32") else 8
    sizes = ("classBlock", "particleBlock")
    plans = []
    if peer.startswith("chunked"):
        for split in ["none"] if threads == 1 else ["particles", "library"]:
            most = count // 2 if split == "particles" else count
            for class_block, particle_block in product(
                (256, 512, 1024, 2048, 4096, 8192, 16384), (16, 32, 64, 128, 256)
            ):
                plan = {"classBlock": class_block, "particleBlock": particle_block, "batch": 1, "split": split}
                near = best_one is None or all(best_one[key] / 2 <= plan[key] <= 2 * best_one[key] for key in sizes)
                if particle_block <= most and near:
                    plans.append(plan)
        return plans
    for split in ["none"] if threads == 1 else ["classes", "particles", "library"]:
        particles_each = count // 2 if split == "particles" else count
        choices = product((64, 128, 256, 512, 1024, 2048), (32, 64, 128, 256), (1, 4, 16))
        for class_block, particle_block, batch in choices:
            exponents = class_block * particle_block * batch
            # Exponents that leave the L2 cache between the passes are slower; very few of them are all interpreter.
            if particle_block > particles_each or exponents * item > 2**20 or exponents < 2**12:
                continue
            plan = {"classBlock": class_block, "particleBlock": particle_block, "batch": batch, "split": split}
            if best_one is None or all(best_one[key] / 2 <= plan[key] <= 2 * best_one[key] for key in sizes):
                plans.append(plan)
    return plans


class Server:
    def __init__(self):
        self.workers = []
        self.plans = {}

    def prepare(self, job):
        self.close()
        rng = np.random.default_rng(job["seed"])
        d, K, N = job["dimension"], job["classes"], job["particles"]
        self.variance = job["variance"]
        # Centres of the gaussian ensemble; particles around the guided class, as on the way to it.
        guided = rng.standard_normal(d)
        self.delta = rng.standard_normal((K, d)) - guided
        self.z = np.sqrt(self.variance) * rng.standard_normal((N, d))
        self.plans = {}
        self.exchange = shared_array((3, d + 1, N), np.float64)
        arrivals = shared_array((2,), np.int64)
        context = get_context("fork")
        for index in (0, 1):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=serve_worker,
                args=(theirs, index, (self.delta, self.z, self.variance), (arrivals, self.exchange)),
                daemon=True,
            )
            process.start()
            self.workers.append((ours, process))
        return {"numpy": np.__version__, "torch": None if torch is None else torch.__version__}

    def close(self):
        for pipe, process in self.workers:
            pipe.send(None)
            process.join()
        self.workers = []

    def run(self, job):
        for pipe, _ in self.workers:
            pipe.send(job)
        answers = []
        for pipe, process in self.workers:
            while not pipe.poll(1):
                if not process.is_alive():
                    raise RuntimeError("a worker process died")
            answers.append(pipe.recv())
        return max(a for a in answers if a is not None)

    def job(self, peer, threads, plan, classes, evaluations, keep):
        one = {"peer": peer, "threads": threads, "plan": plan, "classes": classes}
        return {**one, "evaluations": evaluations, "keep": keep}

    def tune(self, job):
        """Tries all plans on a part of the classes, then the best ones of each kind on a larger part."""
        peer, threads = job["peer"], job["threads"]
        plans = candidate_plans(len(self.z), peer, threads, self.plans.get((peer, 1)))

        def rate(plan, evaluations, most_pairs):
            classes = min(len(self.delta), most_pairs // len(self.z))
            return classes * len(self.z) / self.run(self.job(peer, threads, plan, classes, evaluations, False))

        ranked = sorted(plans, key=lambda plan: -rate(plan, 3, 2**22))
        splits = {plan["split"] for plan in plans}
        finalists = [plan for split in splits for plan in [p for p in ranked if p["split"] == split][:3]]
        # Other programs can only slow a trial down: the best of several, taken in turns, is what a plan can do.
        trials = ([rate(plan, 3, 2**24) for plan in finalists] for _ in range(4))
        rates = [max(trial) for trial in zip(*trials)]
        best = max(range(len(finalists)), key=lambda i: rates[i])
        self.plans[peer, threads] = finalists[best]
        return {"plan": finalists[best], "rate": rates[best], "tried": len(plans)}

    def time(self, job):
        peer, threads = job["peer"], job["threads"]
        plan = self.plans[peer, threads]
        full = len(self.delta)
        key = ("once", peer, threads)
        if key not in self.plans:
            self.plans[key] = self.run(self.job(peer, threads, plan, full, 1, True))
        evaluations = max(1, round(job["seconds"] / self.plans[key]))
        return {"seconds": self.run(self.job(peer, threads, plan, full, evaluations, True))}

    def error(self, job):
        """Against double precision with every log-weight reduced by the largest of its particle."""
        peer, threads = job["peer"], job["threads"]
        self.run(self.job(peer, threads, self.plans[peer, threads], len(self.delta), 1, True))
        offsets = self.exchange[0, :-1].T
        worst = 0.0
        half = 0.5 * np.einsum("ij,ij->i", self.delta, self.delta)
        for n, z in enumerate(self.z):
            logs = (self.delta @ z - half) / self.variance
            top = max(0.0, logs.max())
            weights = np.exp(logs - top)
            exact = (weights @ self.delta) / (weights.sum() + np.exp(-top))
            worst = max(worst, np.linalg.norm(offsets[n] - exact) / np.linalg.norm(exact - z))
        return {"error": worst}


def main():
    server = Server()
    commands = {"prepare": server.prepare, "tune": server.tune, "time": server.time, "error": server.error}
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = commands[job["command"]](job)
        except Exception as fault:  # the driver has to hear of it, whatever it is
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer), flush=True)
    server.close()


if __name__ == "__main__":
    main()
