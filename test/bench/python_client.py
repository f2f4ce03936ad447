"""What the module costs its user: reads {"checkout": path} from stdin, writes seconds, one line of JSON.

start: from the import to the first result; one: the median of single solves; batch: 10 000 solves in one call; diagram: a phase
diagram of 2500 points as a DataFrame. Beside them the results of some problems, for their error.
"""

import json
import statistics
import sys
import time

job = json.load(sys.stdin)
sys.path.insert(0, job["checkout"] + "/src/python")
began = time.perf_counter()
import cfg_dmft  # noqa: E402

cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25)
seconds = {"start": time.perf_counter() - began}

count = job["count"]
alpha = [0.1 + 1e-4 * i for i in range(count)]
w = [1 + 1e-4 * i for i in range(count)]
for name, fluctuations in (("batch", "yes"), ("batchWithoutFluctuations", "no")):
    began = time.perf_counter()
    cfg_dmft.solve(alpha=alpha, w=w, sigma2=0.25, fluctuations=fluctuations)
    seconds[name] = time.perf_counter() - began

singles = []
for i in range(500):
    began = time.perf_counter()
    cfg_dmft.solve(alpha=0.3 + 1e-3 * i, w=1, sigma2=0.25)
    singles.append(time.perf_counter() - began)
seconds["one"] = statistics.median(singles)

began = time.perf_counter()
frame = cfg_dmft.phase_diagram(alpha="0.02:1.6:50", w="0:8:50", sigma2=0.25).to_pandas()
seconds["diagram"] = time.perf_counter() - began

problems = job["problems"]
solved = cfg_dmft.solve(
    alpha=[p["alpha"] for p in problems],
    w=[p["w"] for p in problems],
    eta=[p["eta"] for p in problems],
    sigma2=[p["sigma2"] for p in problems],
    fluctuations="no",
)
m, v = ([float(value) for value in solved[key]] for key in ("m", "v"))
json.dump({"seconds": seconds, "rows": len(frame), "m": m, "v": v}, sys.stdout)
