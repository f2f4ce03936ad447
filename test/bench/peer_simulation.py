"""Peers of a whole simulation: guided sampling of a gaussian mixture, exact scores, NumPy float32, two processes.

Reads one JSON job from stdin, writes one JSON answer to stdout.
  {"method": "plain", "steps": n, ...}     (a) what a researcher would write: Ornstein-Uhlenbeck from T = 5, even steps,
                                           Euler, softmax over the matrix of particles and classes
  {"method": "library", "records": [...], "start": {...}, "sums": "plain" or "fast", ...}
                                           (b) the steps of the library (their coefficients, from its own functions) with
                                           the sums of (a), or with the fast ones of peer_engine.py
Both: "dimension", "classes", "sigma2", "w", "eta", "particles" (of a realisation), "realizations", "seed".
"refine": r (default 1) draws the noise of r times as many steps and adds it up: runs with (steps, refine) = (n, 2) and
(2 n, 1) have the same noise, so that their difference is that of the steps.
Answer: {"m": [...], "v": [...], "seconds"}, one value per realisation of the classes.
"""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.dont_write_bytecode = True  # the import below would leave a folder beside the sources
from multiprocessing import get_context  # noqa: E402

import numpy as np  # noqa: E402

from peer_engine import NumpySums, class_blocks, particle_columns  # noqa: E402


def draw_classes(job, rng):
    """Class centres (K x d); class 0 is the guided one, of squared length d."""
    mu = rng.standard_normal((job["classes"], job["dimension"]), dtype=np.float32)
    mu[0] *= np.sqrt(job["dimension"] / (mu[0] @ mu[0]))
    return mu


def noise(rng, shape, refine):
    """Standard normals, as the sum of those of `refine` steps."""
    total = rng.standard_normal(shape, dtype=np.float32)
    for _ in range(refine - 1):
        total += rng.standard_normal(shape, dtype=np.float32)
    return total / np.float32(np.sqrt(refine))


def sample_plain(job, mu, rng):
    """(a): dx = (x + (1 + eta^2) s) dt + eta sqrt(2) dB backwards from T = 5, s the guided score."""
    dimension, sigma2, w, eta = job["dimension"], job["sigma2"], job["w"], job["eta"]
    refine, steps = job.get("refine", 1), job["steps"]
    half_norms = 0.5 * (mu * mu).sum(axis=1)
    x = rng.standard_normal((job["particles"], dimension), dtype=np.float32)
    h = 5.0 / steps
    for i in range(steps):
        a = np.exp(-(5.0 - i * h))
        variance = a * a * sigma2 + 1 - a * a
        unconditional = np.empty_like(x)
        # So many particles at a time that their matrix of log-weights stays in the last cache.
        for first in range(0, len(x), 64):
            block = x[first : first + 64]
            logits = (block @ mu.T - a * half_norms) * (a / variance)
            logits -= logits.max(axis=1, keepdims=True)
            weights = np.exp(logits)
            mean = (weights @ mu) / weights.sum(axis=1, keepdims=True)
            unconditional[first : first + 64] = (a * mean - block) / variance
        conditional = (a * mu[0] - x) / variance
        score = (1 + w) * conditional - w * unconditional
        x = x + h * (x + (1 + eta * eta) * score)
        if eta > 0:
            x += eta * np.sqrt(2 * h) * noise(rng, x.shape, refine)
        x = x.astype(np.float32)
    return x


def sample_library(job, mu, rng):
    """(b): p = decay y + gain G(y) + previousGain G(y_-1) + noise xi, and a second stage where there is a corrector."""
    w, start, plan = job["w"], job["start"], job["plan"]
    guided = mu[0]
    shape = (job["particles"], job["dimension"])
    if job["sums"] == "plain":
        half_norms = 0.5 * (mu * mu).sum(axis=1)
    else:
        blocks = class_blocks(mu[1:] - guided, plan["classBlock"], np.float32)
        sums = NumpySums(blocks, job["particles"], min(plan["particleBlock"], job["particles"]), plan["batch"])

    def target(y, variance, w):
        """G(y) = mu_c - w (mean - mu_c)."""
        if job["sums"] == "plain":
            mean = np.empty_like(y)
            for first in range(0, len(y), 64):
                logits = (y[first : first + 64] @ mu.T - half_norms) / np.float32(variance)
                logits -= logits.max(axis=1, keepdims=True)
                weights = np.exp(logits)
                mean[first : first + 64] = (weights @ mu) / weights.sum(axis=1, keepdims=True)
            return guided - np.float32(w) * (mean - guided)
        columns, reference = particle_columns(y - guided, variance)
        total = sums.evaluate(columns)
        return guided - np.float32(w) * (total[:-1] / (total[-1] + np.exp(-reference).astype(np.float32))).T

    y = np.float32(np.sqrt(start["variance"])) * rng.standard_normal(shape, dtype=np.float32)
    if start["guidedMean"]:
        y += (1 + w) * guided - w * mu.mean(axis=0)
    previous = None
    for record in job["records"]:
        force = target(y, record["variance"], record["w"])
        xi = None
        stage = record["decay"] * y + record["gain"] * force
        if record["previousGain"] != 0:
            stage += record["previousGain"] * previous
        if record["noise"] > 0:
            xi = noise(rng, shape, 1)
            stage += record["noise"] * xi
        corrector = record["corrector"]
        if corrector is not None:
            end = target(stage, record["endVariance"], record["endW"])
            stage = corrector["decay"] * y + corrector["gain"] * force + corrector["endGain"] * end
            if xi is not None:
                stage += corrector["noise"] * xi
        previous, y = force, stage
    return y


def run(job_and_realization):
    """m and v of one realisation."""
    job, realization = job_and_realization
    rng = np.random.default_rng([job["seed"], realization])
    mu = draw_classes(job, rng)
    x = (sample_plain if job["method"] == "plain" else sample_library)(job, mu, rng)
    norm = mu[0] @ mu[0]
    m = x @ mu[0] / norm
    v = ((x - m[:, None] * mu[0]) ** 2).sum(axis=1) / (job["dimension"] - 1)
    return float(m.mean()), float(v.mean())


def main():
    job = json.load(sys.stdin)
    began = time.perf_counter()
    with get_context("fork").Pool(2) as pool:
        results = pool.map(run, [(job, r) for r in range(job["realizations"])], chunksize=1)
    seconds = time.perf_counter() - began
    json.dump({"m": [r[0] for r in results], "v": [r[1] for r in results], "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
