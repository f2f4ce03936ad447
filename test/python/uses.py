"""Uses of the Python module that a type checker is to accept, and such that it is to refuse (each with its reason)."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any, List, Literal

import cfg_dmft


class Numbers:
    """As an array of NumPy is seen without its types."""

    def tolist(self) -> List[float]:
        return [0.1, 0.2]


sampler: Literal["ode", "sde"] = "sde"
one: cfg_dmft.Result = cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, sampler=sampler, out=Path("here"))
many: cfg_dmft.Result = cfg_dmft.solve(alpha=Numbers(), w=[1, 2], sigma2=0.25)
m: float = one.m
record: cfg_dmft.Result = one.record
cfg_dmft.phase_diagram(alpha="0.1:1:10", w=[0.0, 1.0], sigma2=0.25, progress=lambda stage, fraction: print(stage, fraction))
cfg_dmft.few_class_entropy(centres=[[1.0, 0.0], [-1.0, 0.0]], w=1, method=["density", "vasicek"])
cfg_dmft.schedule_show(name="cosine", set={"mean": 2})
with cfg_dmft.Server(Path("package")) as server:
    future: "Future[Any]" = server.submit("solve", {"alpha": 0.5, "w": 1, "sigma2": 0.25})

cfg_dmft.schedule_compare(alpha=0.5)  # type: ignore[call-arg]
cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, sigma=1)  # type: ignore[call-arg]
cfg_dmft.solve(alpha="0.5", w=1, sigma2=0.25)  # type: ignore[arg-type]
cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, sampler="heun")  # type: ignore[arg-type]
cfg_dmft.solve(0.5, 1, 0.25)  # type: ignore[misc]
