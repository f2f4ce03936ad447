"""What the tests of the Python module share."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, List

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "src" / "python"
MAIN = ROOT / "dist" / "cli" / "main.js"
NODE = shutil.which("node") or "node"
sys.path.insert(0, str(MODULE))

import cfg_dmft  # noqa: E402

#: A simulation of minutes.
LONG = {"d": 12, "alpha": 0.9, "w": 1, "sigma2": 0.25, "particles": 5000, "realizations": 50, "workers": 1}


def cli(*words: str) -> Any:
    """The JSON document that a command line prints."""
    done = subprocess.run([NODE, str(MAIN), *words, "--json"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def differences(found: Any, expected: Any, place: str = "") -> List[str]:
    """Places at which a result is not, to the last bit, what the command line prints; null is NaN in an array."""
    if hasattr(found, "tolist"):
        found = found.tolist()
    if isinstance(expected, dict):
        if not isinstance(found, dict) or list(found) != list(expected):
            return [f"{place}: keys {found!r}"]
        pairs = [(found[key], expected[key], f"{place}.{key}") for key in expected]
        return [line for pair in pairs for line in differences(*pair)]
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return [f"{place}: {found!r}"]
        pairs = [(found[i], one, f"{place}[{i}]") for i, one in enumerate(expected)]
        return [line for pair in pairs for line in differences(*pair)]
    if expected is None and isinstance(found, float) and math.isnan(found):
        return []
    return [] if found == expected else [f"{place}: {found!r} and {expected!r}"]


def python(code: str, **options: Any) -> "subprocess.Popen[str]":
    """Another Python with the module in reach."""
    environment = {**os.environ, "PYTHONPATH": str(MODULE)}
    flags = ["-S"] if sys.flags.no_site else []
    return subprocess.Popen(
        [sys.executable, *flags, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        **options,
    )


def is_alive(pid: int) -> bool:
    """True for a process that runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def pid_of(server: cfg_dmft.Server) -> int:
    process = server._process
    assert process is not None
    return process.popen.pid
