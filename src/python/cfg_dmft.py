"""Dynamical mean-field theory of guided diffusion, from Python.

    >>> import cfg_dmft
    >>> cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25).m
    1.277543408...

One function per command of the program ``cfg-dmft``, with the options of the command as keywords.
The numbers are those of the command, to the last bit: a Node process of the package answers the
calls of this Python process, from any of its threads. It starts with the first call and ends with
Python.

The module is one file without dependencies, for Python 3.9 or newer. NumPy arrays come back where
NumPy is installed, and ``Result.to_pandas`` needs pandas. The package (Node 20 or newer) is looked
for where ``Server`` says.
"""

from __future__ import annotations

import atexit
import base64
import importlib.util
import itertools
import json
import keyword
import logging
import math
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
import warnings
import weakref
from array import array
from concurrent.futures import CancelledError, Future, InvalidStateError
from html import escape
from pathlib import Path
from types import TracebackType
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Literal,
    Mapping,
    Optional,
    Protocol,
    Sequence,
    Tuple,
    Type,
    Union,
)

__all__ = [
    "Cancelled",
    "CfgDmftWarning",
    "NumericalFailure",
    "ParameterError",
    "Result",
    "Server",
    "ServerError",
    "call",
    "default_server",
    "functions",
]

PROTOCOL = 1

_log = logging.getLogger("cfg_dmft")


class Array(Protocol):
    """An array of NumPy, a Series of pandas, or another value that becomes a list."""

    def tolist(self) -> Any: ...


Progress = Callable[[str, float], object]
"""Function that is told the stage of a computation, and the fraction that is done."""

Scalar = Union[float, Sequence[float], Array]
"""A number; several of them make one run for each."""

Numbers = Union[float, str, Sequence[float], Array]
"""Numbers, or a range as text: start:stop:count, start:stop:count:log."""

Rows = Union[str, Sequence[float], Sequence[Sequence[float]], Array]
"""Points: a row of coordinates each. On the line numbers do."""

Matrices = Union[
    float, str, Sequence[float], Sequence[Sequence[float]], Sequence[Sequence[Sequence[float]]], Array
]
"""A variance or a matrix, or one for each class."""

Settings = Union[str, Mapping[str, Union[float, str]]]
"""Numbers and words by name."""

Words = Union[str, Sequence[str]]

FilePath = Union[str, "os.PathLike[str]"]


class ParameterError(ValueError):
    """A parameter is not what it must be."""

    def __init__(
        self,
        message: str,
        parameter: Optional[str] = None,
        condition: Optional[str] = None,
        value: Any = None,
        remedy: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.parameter = parameter
        """Name of the parameter; None if the refusal is about no single one."""
        self.condition = condition
        self.value = value
        self.remedy = remedy


class NumericalFailure(ArithmeticError):
    """A computation could not be completed."""

    def __init__(self, message: str, remedy: Optional[str] = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class Cancelled(CancelledError):
    """The request was cancelled."""


class ServerError(RuntimeError):
    """The process that answers could not be started, has ended, or has a fault."""


class CfgDmftWarning(UserWarning):
    """A computation was completed and did not reach its end: a claim that failed, a run of several."""


class Result(Dict[str, Any]):
    """A result: the JSON document of the command, with its keys as attributes too.

    Lists of numbers are NumPy arrays, and null in them NaN, where NumPy is installed. Several runs
    at once have a column for each quantity.
    """

    notes: List[str]
    """Remarks of the computation, which are logged as well (logger ``cfg_dmft``)."""
    failure: Optional[str]
    """Reason why a completed computation did not reach its end; None usually."""
    _method: str
    _table: Optional[Dict[str, Any]]
    _columns: Tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            pass
        if name in ("notes", "_columns"):
            return []
        if name in ("failure", "_method", "_table"):
            return None
        raise AttributeError(f"no {name} here, but {', '.join(self)}")

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *self]

    @property
    def record(self) -> Result:
        """Problem, resolved options, seed, version: what repeats the run."""
        record: Result = self["record"]
        return record

    def to_pandas(self) -> Any:
        """The result as a DataFrame.

        It has the table of the command's CSV file; without one, its rows; without these, one row of
        the numbers and words. Several runs have a row each.
        """
        import pandas

        if self._columns:
            return pandas.DataFrame({name: _column(self[name]) for name in self._columns})
        if self._table is not None:
            return pandas.DataFrame(self._table)
        if isinstance(self.get("rows"), list):
            return pandas.DataFrame(self["rows"])
        return pandas.DataFrame([dict(_scalars(self))])

    def __repr__(self) -> str:
        title = self._method or "Result"
        parts = (f"{key}={_short(value)}" for key, value in self.items() if key != "record")
        return f"<{title}: {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(key)}</th><td>{escape(_short(value))}</td></tr>"
            for key, value in self.items()
            if key != "record"
        )
        return f"<table><caption>{escape(self._method or 'result')}</caption>{rows}</table>"


def _column(values: Any) -> Any:
    """A column for a data frame: a matrix is a list of its rows."""
    return list(values) if getattr(values, "ndim", 1) > 1 else values


def _scalars(document: Mapping[str, Any], prefix: str = "") -> Iterator[Tuple[str, Any]]:
    """Numbers and words of a document, those below a key with a dot in their names."""
    for key, value in document.items():
        if key == "record":
            continue
        if isinstance(value, dict):
            yield from _scalars(value, f"{prefix}{key}.")
        elif value is None or isinstance(value, (bool, int, float, str)):
            yield prefix + key, value


def _short(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_short(one)}" for key, one in itertools.islice(value.items(), 6)) + "}"
    if isinstance(value, list):
        if len(value) <= 4 and all(isinstance(one, (float, int, str)) for one in value):
            return "[" + ", ".join(map(_short, value)) + "]"
        return f"<{len(value)} {'entry' if len(value) == 1 else 'entries'}>"
    shape = getattr(value, "shape", None)
    if shape is None:
        return repr(value)
    if len(shape) == 1 and shape[0] <= 4:
        return "[" + ", ".join(map(_short, value.tolist())) + "]"
    return f"<{' x '.join(map(str, shape))} numbers>"


def _is_installed(module: str) -> bool:
    if module in sys.modules:
        return sys.modules[module] is not None
    return importlib.util.find_spec(module) is not None


def _parameter(name: str) -> str:
    """Name of an option, or its key, as a keyword of Python: --t-max and tMax are t_max."""
    word = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name.lstrip("-")).replace("-", "_").lower()
    return f"{word}_" if keyword.iskeyword(word) else word


def _in_python(text: str) -> str:
    """A message of the program with the names of Python's parameters."""
    return re.sub(r"(?<![\w-])--([a-z][a-z0-9-]*)", lambda found: _parameter(found[1]), text)


def _error(error: Mapping[str, Any]) -> Exception:
    kind, message, remedy = error["kind"], _in_python(error["message"]), error.get("remedy")
    remedy = None if remedy is None else _in_python(remedy)
    if kind == "parameter":
        parameter, condition = error.get("parameter"), error.get("condition")
        return ParameterError(
            message,
            None if parameter is None else _parameter(parameter),
            None if condition is None else _in_python(condition),
            error.get("value"),
            remedy,
        )
    if kind == "failure":
        return NumericalFailure(message, remedy)
    if kind == "cancelled":
        return Cancelled(message)
    return ServerError(message)


def _array_in(values: Sequence[float]) -> Dict[str, Any]:
    """Numbers as they stand in a request, among them such that JSON has no word for."""
    numbers = array("d", values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return {"$array": base64.b64encode(numbers.tobytes()).decode("ascii"), "shape": [len(numbers)]}


def _object_out(found: Dict[str, Any]) -> Any:
    """An object of an answer: an array, or a document."""
    data = found.get("$array")
    if data is None:
        return Result(found)
    import numpy

    numbers = numpy.frombuffer(base64.b64decode(data), dtype="<f8").astype(float)
    return numbers.reshape(found["shape"])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: Any, name: str) -> Any:
    """A value as JSON has it. Infinity and NaN are words: JSON has no numbers for them."""
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        # A float of NumPy is one of Python too, with another text.
        return float(value) if math.isfinite(value) else str(float(value)).replace("inf", "infinity")
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one, name) for key, one in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist(), name)
    if isinstance(value, (Sequence, range)):
        values = list(value)
        if all(map(_is_number, values)) and not all(map(math.isfinite, values)):
            return _array_in(values)
        return [_plain(one, name) for one in values]
    raise TypeError(f"{name} must be a number, a text or a list, got {type(value).__name__}")


def _joined(value: Any, separator: str) -> Any:
    """Texts as one, in the way in which the program reads several; settings as key=value."""
    if isinstance(value, Mapping):
        return separator.join(f"{key}={one}" for key, one in value.items())
    return value if value is None or isinstance(value, str) else separator.join(map(str, value))


def _matrices(value: Any) -> Any:
    """Matrices with | between them; one matrix, or a number, as it is."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    is_list = isinstance(plain, Sequence) and not isinstance(plain, str)
    if not is_list or not any(isinstance(row, Sequence) and any(isinstance(one, Sequence) for one in row) for row in plain):
        return plain
    return "|".join(";".join(",".join(map(repr, map(float, row))) for row in matrix) for matrix in plain)


def _path(value: Optional[FilePath]) -> Optional[str]:
    """A path from where Python is now, not from where it was when the server started."""
    return None if value is None else os.path.abspath(os.path.expanduser(os.fspath(value)))


class _RequestFuture(Future):  # type: ignore[type-arg]
    """The future of a request. Cancelling it tells the server."""

    def __init__(self, withdraw: Callable[[], None]) -> None:
        super().__init__()
        self._withdraw = withdraw

    def cancel(self) -> bool:
        if self.done() or not super().cancel():
            return self.cancelled()
        self.set_running_or_notify_cancel()
        self._withdraw()
        return True


class _Pending:
    """A request that waits for its answer."""

    def __init__(self, method: str, is_batch: bool, future: _RequestFuture, progress: Optional[Progress]) -> None:
        self.method = method
        self.is_batch = is_batch
        self.future = future
        self.progress = progress

    def tell(self, answer: Mapping[str, Any]) -> None:
        """Passes on progress. An error in the user's function must not end the thread that reads."""
        if self.progress is None or self.future.done():
            return
        told = answer["progress"]
        try:
            self.progress(told["stage"], told["fraction"])
        except Exception:
            _log.exception("the function that is told the progress of %s failed", self.method)

    def end(self, answer: Mapping[str, Any]) -> None:
        try:
            if "error" in answer:
                self.future.set_exception(_error(answer["error"]))
            else:
                self.future.set_result(self._result(answer))
        except InvalidStateError:
            pass  # cancelled meanwhile

    def fail(self, error: Exception) -> None:
        try:
            self.future.set_exception(error)
        except InvalidStateError:
            pass

    def _result(self, answer: Mapping[str, Any]) -> Any:
        document = answer["result"]
        if not isinstance(document, Result):
            return document
        columns: Tuple[str, ...] = ()
        failure = answer.get("failure")
        if self.is_batch:
            columns = tuple(document["columns"])
            failures = document["failures"]
            for one in failures:
                one["error"] = _error(one["error"])
            if failures:
                first = failures[0]
                failure = f"{len(failures)} runs failed; number {first['index']}: {first['error']}"
            document = Result({**document["columns"], "failures": failures, "record": document["record"]})
        table = answer.get("table")
        document._method = self.method
        document._columns = columns
        document._table = None if table is None else dict(table["columns"])
        document.notes = [_in_python(note) for note in answer.get("notes", [])]
        document.failure = None if failure is None else _in_python(failure)
        return document


class _Process:
    """A running process of the package."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.pending: Dict[int, _Pending] = {}
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.is_over = False
        self.ids = itertools.count(1)
        self.said: List[str] = []
        started: "queue.SimpleQueue[Optional[bytes]]" = queue.SimpleQueue()
        options: Dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        else:
            # An interrupt from the terminal is for Python, which cancels the request that it waits for.
            options["start_new_session"] = True
        # Without buffers, whose locks a forked child could find taken.
        self.popen = subprocess.Popen(
            list(command), bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
        )
        self.listener = threading.Thread(target=self._listen, name="cfg_dmft notes", daemon=True)
        self.listener.start()
        threading.Thread(target=self._read, args=(started,), name="cfg_dmft answers", daemon=True).start()
        try:
            first = started.get(timeout=60)
        except queue.Empty:
            first = None
        try:
            self._greet(first)
        except ServerError:
            self.end()
            raise

    def _greet(self, line: Optional[bytes]) -> None:
        name = " ".join(self.command)
        try:
            told = json.loads(line) if line else {}
        except ValueError:
            told = {}
        if not isinstance(told, dict) or "protocol" not in told:
            raise ServerError(f"{name} does not answer requests{self._last_words()}")
        if told["protocol"] != PROTOCOL:
            raise ServerError(
                f"{name} is version {told.get('version')} with protocol {told['protocol']}, and this cfg_dmft.py is "
                f"version {__version__} with protocol {PROTOCOL}: take both from one version of the package"
            )

    def _last_words(self) -> str:
        self.listener.join(1)
        return f": {self.said[-1]}" if self.said else ""

    def _lines(self, stream: Any) -> Iterator[bytes]:
        """Whole lines of a stream."""
        parts: List[bytes] = []
        descriptor = stream.fileno()
        while True:
            try:
                chunk = os.read(descriptor, 1 << 18)
            except OSError:
                chunk = b""
            if not chunk:
                return
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                yield b"".join([*parts, line])
                parts.clear()
            parts.append(rest)

    def _listen(self) -> None:
        for line in self._lines(self.popen.stderr):
            text = line.decode("utf-8", "replace").strip()
            if text:
                self.said = [*self.said[-19:], text]
                _log.debug("%s", text)

    def _read(self, started: "queue.SimpleQueue[Optional[bytes]]") -> None:
        lines = self._lines(self.popen.stdout)
        started.put(next(lines, None))
        for line in lines:
            try:
                answer = json.loads(line, object_hook=_object_out)
            except ValueError:
                _log.error("the server wrote a line that is no JSON: %.200r", line)
                continue
            self._dispatch(answer)
        with self.lock:
            self.is_over = True
            lost, self.pending = list(self.pending.values()), {}
        if lost:
            code = self._exit_code()
            how = f"code {code}" if code is None or code >= 0 else f"signal {-code}"
            error = f"the process that answers has ended ({how}){self._last_words()}; the next call starts another"
            for one in lost:
                one.fail(ServerError(error))

    def _exit_code(self) -> Optional[int]:
        try:
            return self.popen.wait(2)
        except subprocess.TimeoutExpired:
            return None

    def _dispatch(self, answer: Mapping[str, Any]) -> None:
        number = answer.get("id")
        if number is None:
            if "error" in answer:
                _log.error("the server refused a line: %s", answer["error"]["message"])
            return
        if "progress" in answer:
            one = self.pending.get(number)
            if one is not None:
                one.tell(answer)
            return
        with self.lock:
            one = self.pending.pop(number, None)
        if one is not None:
            one.end(answer)

    def send(self, message: Mapping[str, Any]) -> None:
        data = memoryview(json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n")
        assert self.popen.stdin is not None
        descriptor = self.popen.stdin.fileno()
        with self.writing:
            while data:
                data = data[os.write(descriptor, data) :]

    def submit(self, message: Mapping[str, Any], progress: Optional[Progress]) -> Optional[_RequestFuture]:
        """The future of a request; None if the process has ended."""
        number = next(self.ids)
        future = _RequestFuture(lambda: self._withdraw(number))
        with self.lock:
            if self.is_over:
                return None
            self.pending[number] = _Pending(message["method"], "batch" in message, future, progress)
        try:
            self.send({"id": number, **message})
        except (OSError, ValueError):
            with self.lock:
                withdrawn = self.pending.pop(number, None)
                self.is_over = True
            # Otherwise the thread that reads has seen the end, and told.
            return None if withdrawn is not None else future
        except BaseException:
            with self.lock:
                self.pending.pop(number, None)
            raise
        return future

    def _withdraw(self, number: int) -> None:
        with self.lock:
            is_pending = self.pending.pop(number, None) is not None
        if is_pending:
            try:
                self.send({"cancel": number})
            except (OSError, ValueError):
                pass  # it has ended

    def end(self) -> None:
        """Ends the process: at once if it still computes."""
        with self.lock:
            self.is_over = True
            is_busy = bool(self.pending)
        if is_busy:
            self.popen.terminate()
        try:
            assert self.popen.stdin is not None
            self.popen.stdin.close()
        except OSError:
            pass
        try:
            self.popen.wait(1 if is_busy else 5)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def forget(self) -> None:
        """Lets go of the parent's process in a forked child: an open pipe would keep it alive."""
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            if stream is not None:
                stream.close()
        self.popen.returncode = 0  # no child of this process


class Server:
    """The process that answers, started with its first request.

    The functions of this module share one (``default_server``). A server of one's own is for
    requests by name, as in ``server.submit("solve", {"alpha": 0.5, "w": 1, "sigma2": 0.25})``, and
    for another package.

    Parameters
    ----------
    package : path, optional
        the package's folder, a checkout, or its dist/cli/main.js. Without it: the environment
        variable CFG_DMFT, the package that this file lies in, node_modules/cfg-dmft in the
        working directory or above it, cfg-dmft on the PATH, and what npx finds.
    node : path, optional
        the program node; without it the environment variable CFG_DMFT_NODE, or node on the PATH
    """

    def __init__(self, package: Optional[FilePath] = None, node: Optional[FilePath] = None) -> None:
        self._package = package
        self._node = node
        self._process: Optional[_Process] = None
        self._lock = threading.Lock()
        _servers.add(self)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process. A later request starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def submit(
        self,
        method: str,
        params: Union[Mapping[str, Any], Sequence[Any]] = {},
        *,
        batch: Optional[Mapping[str, Any]] = None,
        progress: Optional[Progress] = None,
        table: bool = False,
    ) -> "Future[Any]":
        """The future of a request, which one may wait for, or cancel.

        Parameters
        ----------
        method : text
            a command ("schedule design"), or a function of the library ("closed-forms.NAME")
        params : mapping, or list of arguments
            options of the command by their keys (tMax) or names (t-max)
        batch : mapping, optional
            options that have a list of values: one run for each entry
        progress : function, optional
            is told stage and fraction, by a thread of this module
        table : bool
            also ask for the table of the command's CSV file
        """
        plain: Any
        if isinstance(params, Mapping):
            plain = {key: _plain(one, key) for key, one in params.items() if one is not None}
        else:
            plain = [_plain(one, "an argument") for one in params]
        message: Dict[str, Any] = {"method": method, "params": plain, "protocol": PROTOCOL}
        if batch is not None:
            message["batch"] = {key: _plain(one, key) for key, one in batch.items()}
        if _is_installed("numpy"):
            message["arrays"] = "base64"
        if progress is not None:
            message["progress"] = True
        if table:
            message["table"] = True
        for _ in range(2):
            future = self._started().submit(message, progress)
            if future is not None:
                return future
        raise ServerError("the process that answers ends as soon as it has started")

    def request(
        self,
        method: str,
        params: Union[Mapping[str, Any], Sequence[Any]] = {},
        *,
        batch: Optional[Mapping[str, Any]] = None,
        progress: Optional[Progress] = None,
        table: bool = False,
        timeout: Optional[float] = None,
    ) -> Any:
        """The result of a request, as for ``submit``.

        An interrupt (Ctrl-C) cancels the request. So does the end of ``timeout`` seconds, with a
        TimeoutError.
        """
        events: "queue.SimpleQueue[Optional[Tuple[str, float]]]" = queue.SimpleQueue()

        def told(stage: str, fraction: float) -> None:
            events.put((stage, fraction))

        future = self.submit(
            method, params, batch=batch, progress=None if progress is None else told, table=table
        )
        end = None if timeout is None else time.monotonic() + timeout
        try:
            future.add_done_callback(lambda _: events.put(None))
            while True:
                left = 1.0 if end is None else min(1.0, end - time.monotonic())
                try:
                    event = events.get(timeout=max(0.0, left))
                except queue.Empty:
                    if end is not None and time.monotonic() >= end:
                        raise TimeoutError(f"{method} took longer than {timeout} seconds") from None
                    continue
                if event is None:
                    return future.result()
                if progress is not None:
                    progress(*event)
        except BaseException:
            future.cancel()
            raise

    def _started(self) -> _Process:
        with self._lock:
            if self._process is None or self._process.is_over:
                self._process = _Process([*_command(self._package, self._node), "serve", "--stdio"])
            return self._process

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process is not None:
            process.forget()


def _main_of(package: Path) -> Optional[Path]:
    """The program of a package, in its folder or itself."""
    main = package if package.suffix == ".js" else package / "dist" / "cli" / "main.js"
    return main if main.is_file() else None


def _command(package: Optional[FilePath], node: Optional[FilePath]) -> List[str]:
    """Command line of the program. Raises ServerError that says where it was looked for."""
    node_given = node or os.environ.get("CFG_DMFT_NODE")
    node_found = shutil.which(os.fspath(node_given or "node"))
    if node_found is None:
        where = "on the PATH" if node_given is None else f"at {node_given}"
        raise ServerError(f"Node is not {where}: install Node 20 or newer, or set CFG_DMFT_NODE to its path")
    given = package or os.environ.get("CFG_DMFT")
    if given:
        main = _main_of(Path(given).expanduser())
        if main is None:
            name = "CFG_DMFT" if package is None else "package"
            raise ServerError(f"{name} must be a folder with dist/cli/main.js, or that file, got {given}")
        return [node_found, str(main)]
    here, working = Path(__file__).resolve(), Path.cwd()
    places = [
        *([here.parents[2]] if len(here.parents) > 2 else []),
        *(folder / "node_modules" / "cfg-dmft" for folder in (working, *working.parents)),
    ]
    for place in places:
        main = _main_of(place)
        if main is not None:
            return [node_found, str(main)]
    program = shutil.which("cfg-dmft")
    if program is not None:
        return [program]
    npx = shutil.which("npx")
    if npx is not None:
        line = [npx, "--no-install", "cfg-dmft"]
        try:
            if subprocess.run([*line, "--version"], capture_output=True, timeout=60).returncode == 0:
                return line
        except (OSError, subprocess.TimeoutExpired):
            pass
    raise ServerError(
        "the package cfg-dmft was not found: tried CFG_DMFT (not set), "
        f"{places[0] / 'dist'}, node_modules in {working} and above, cfg-dmft on the PATH, npx. "
        "Install it (npm install cfg-dmft), or set CFG_DMFT to its folder"
    )


_servers: "weakref.WeakSet[Server]" = weakref.WeakSet()
_default: Optional[Server] = None
_default_lock = threading.Lock()


def default_server() -> Server:
    """The server of the functions of this module, one for each Python process."""
    global _default
    with _default_lock:
        if _default is None:
            _default = Server()
        return _default


def _close_all() -> None:
    for server in list(_servers):
        server.close()


def _after_fork() -> None:
    global _default_lock
    _default_lock = threading.Lock()
    for server in list(_servers):
        server._after_fork()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def call(name: str, *arguments: Any) -> Any:
    """The result of a function of the library: ``call("closed-forms.NAME", ...)``.

    A name without a dot is one of the main entry: ``call("criticalClassRate", {...})``. Arguments
    and result are numbers, texts, lists and mappings.
    """
    return _answered(default_server().request(name if "." in name else f"cfg-dmft.{name}", arguments))


def functions() -> List[str]:
    """Names of the functions that ``call`` knows."""
    return list(default_server().request("methods")["functions"])


def _run(
    method: str,
    numbers: Mapping[str, Any],
    others: Mapping[str, Any],
    progress: Optional[Progress],
    has_table: bool = False,
) -> Result:
    """Runs a command, once for each entry of the numbers that are lists."""
    params, lists = dict(others), {}
    for key, value in numbers.items():
        plain = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(plain, (Sequence, range)) and not isinstance(plain, str):
            lists[key] = list(plain)
        else:
            params[key] = plain
    batch = _broadcast(lists) if lists else None
    table = has_table and batch is None and _is_installed("pandas")
    result: Result = default_server().request(method, params, batch=batch, progress=progress, table=table)
    return _answered(result)


def _broadcast(lists: Mapping[str, List[Any]]) -> Dict[str, List[Any]]:
    """Lists of one length; one with a single entry is repeated."""
    lengths = {key: len(values) for key, values in lists.items()}
    length = max(lengths.values()) if 0 not in lengths.values() else 0
    for key, values in lists.items():
        name = _parameter(key)
        if not values:
            raise ParameterError(f"{name} must be a list with an entry, got []", name, "a list with an entry", [])
        if len(values) not in (1, length):
            other = _parameter(max(lengths, key=lambda one: lengths[one]))
            condition = f"a list as long as {other} ({length})"
            raise ParameterError(f"{name} must be {condition}, got {len(values)} entries", name, condition, len(values))
        if not all(map(_is_number, values)):
            wrong = next(one for one in values if not _is_number(one))
            condition = "a number, or a list of numbers in one dimension"
            raise ParameterError(f"{name} must be {condition}, got {wrong!r} in it", name, condition, wrong)
    return {key: values * length if len(values) == 1 else values for key, values in lists.items()}


def _answered(result: Any) -> Any:
    """A result whose notes and failure are told."""
    if isinstance(result, Result):
        for note in result.notes:
            _log.warning("%s", note)
        if result.failure is not None:
            warnings.warn(result.failure, CfgDmftWarning, stacklevel=4)
    return result


# --- generated: npm run python ---
__version__ = "0.0.0"
# --- end of the generated part ---
