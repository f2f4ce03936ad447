"""SciPy peer of the order-parameter solver: the same flow, clock, state, start and tolerances, through solve_ivp.

Reads one JSON document from stdin: {"method", "rtol", "atol", "start", "problems": [{"alpha", "w", "eta", "sigma2"}], "repeats"}.
start: "first-order" begins at 1 - r = 1e-6 with the leading correction, as one would write it; "series" begins where the solver does, from
the same power series.
Writes {"seconds": per trajectory (best of repeats), "m": [...], "v": [...], "evaluations": mean}.
Gaussian ensemble, uncondensed, as a physicist would write it: plain floats (math, not numpy) in the right-hand side, one
terminal event at psi = phi.
"""

import json
import sys
import time
from math import exp, expm1, log, log1p, sqrt

from scipy.integrate import solve_ivp


def series(w, e, s):
    c, b, power, M, V = 1 + w, 1.0, 1.0, 1 + w, 0.0
    for n in range(1, 10):
        c *= (n - 1 - 0.5 * e * w) / (n + 0.5 * e)
        b *= (n - 1 - e * w) / (n + e - 1)
        power *= s
        M += c * power
        V += b * power
    return sqrt(s) * M, log1p(V)


def solve(alpha, w, eta, sigma2, method, rtol, atol, kind):
    noise = eta * eta
    rate = 0.5 * (1 + noise)

    def competing(lam, y):
        E = exp(lam)
        r = 1 / (1 + E)
        N, L = y
        supply = noise * (exp(-L) - 1) if noise else 0.0
        return (
            0.5 * r * N + rate * ((1 + w) * (sqrt(E * r) - N) + w * r * N),
            supply - 2 * rate * w * (1 - r),
        )

    def guided(lam, y):
        E = exp(lam)
        r = 1 / (1 + E)
        N, L = y
        return (
            0.5 * r * N + rate * (sqrt(E * r) - N),
            noise * (exp(-L) - 1) if noise else 0.0,
        )

    def gap(lam, y):
        E = exp(lam)
        r = 1 / (1 + E)
        N, L = y
        Q = exp(L) * r + N * N
        psi = -0.5 * (expm1(L) + (N - sqrt(E * r)) ** 2 / r)
        phi = alpha - 0.5 * (log1p(E) + Q - 1)
        return psi - phi

    gap.terminal = True
    gap.direction = 1
    e = 1 + noise
    end = -log(sigma2)
    if kind == "series":
        s0 = min(0.01 / (1 + e * abs(w)), 0.05 * alpha / (1 + abs(w)))
        y0 = series(w, e, s0)
    else:
        s0 = 1e-6
        y0 = (sqrt(s0) * (1 + w - e * w * (1 + w) / (2 + e) * s0), -w * s0)
    start = log(s0) - log1p(-s0)
    first = solve_ivp(competing, (start, end), y0, method=method, rtol=rtol, atol=atol, events=gap)
    evaluations = first.nfev
    y = first.y[:, -1]
    if first.status == 1:
        second = solve_ivp(guided, (first.t[-1], end), y, method=method, rtol=rtol, atol=atol)
        evaluations += second.nfev
        y = second.y[:, -1]
    s = 1 / (1 + exp(-end))
    return y[0] / sqrt(s), sigma2 * exp(y[1]), evaluations


def main():
    job = json.load(sys.stdin)
    best = float("inf")
    for _ in range(job["repeats"]):
        began = time.perf_counter()
        results = [
            solve(p["alpha"], p["w"], p["eta"], p["sigma2"], job["method"], job["rtol"], job["atol"], job["start"])
            for p in job["problems"]
        ]
        best = min(best, (time.perf_counter() - began) / len(results))
    json.dump(
        {
            "seconds": best,
            "m": [r[0] for r in results],
            "v": [r[1] for r in results],
            "evaluations": sum(r[2] for r in results) / len(results),
        },
        sys.stdout,
    )


main()
