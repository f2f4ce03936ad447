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
    cast,
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

    notes: Sequence[str] = ()
    """Remarks of the computation, which are logged as well (logger ``cfg_dmft``)."""
    failure: Optional[str] = None
    """Reason why a completed computation did not reach its end; None usually."""
    _origin: Mapping[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(f"the result has no {name}; its keys are {', '.join(self)}")

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *self]

    @property
    def record(self) -> Result:
        """Problem, resolved options, seed, version: what repeats the run."""
        record: Result = self["record"]
        return record

    def to_pandas(self) -> Any:
        """The result as a DataFrame.

        It has the table of the command's CSV file; without one, its rows or the trajectory; without
        these, one row of the numbers and words. Several runs have a row each.
        """
        import pandas  # type: ignore

        frame: Any = getattr(pandas, "DataFrame")
        table = self._origin.get("table")
        if table is not None:
            return frame(table)
        for key in ("rows", "trajectory"):
            if isinstance(self.get(key), list):
                return frame(self[key])
        return frame([dict(_scalars(self))])

    def __repr__(self) -> str:
        title = self._origin.get("method")
        if title is None:
            return _short(self)
        parts = (f"{key}={_short(value)}" for key, value in self.items() if key != "record")
        return f"<{title}: {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(key)}</th><td>{escape(_short(value))}</td></tr>"
            for key, value in self.items()
            if key != "record"
        )
        title = escape(self._origin.get("method", "result"))
        return f"<table><caption>{title}</caption>{rows}</table>"


def _column(values: Any) -> Any:
    """A column for a data frame: a matrix is a list of its rows."""
    return list(values) if getattr(values, "ndim", 1) > 1 else values


def _scalars(document: Mapping[str, Any], prefix: str = "") -> Iterator[Tuple[str, Any]]:
    """Numbers and words of a document, those below a key with a dot in their names."""
    for key, value in document.items():
        if key == "record":
            continue
        if isinstance(value, Result):
            yield from _scalars(value, f"{prefix}{key}.")
        elif value is None or isinstance(value, (bool, int, float, str)):
            yield prefix + key, value


def _short(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if isinstance(value, Result):
        shown = [
            f"{key}: {f'<{len(one)} keys>' if isinstance(one, Result) else _short(one)}"
            for key, one in itertools.islice(value.items(), 6)
        ]
        return "{" + ", ".join(shown + ["..."] * (len(value) > 6)) + "}"
    if isinstance(value, list):
        entries = _entries(value) or []
        if len(entries) <= 4 and all(isinstance(one, (float, int, str)) for one in entries):
            return "[" + ", ".join(map(_short, entries)) + "]"
        return f"<{len(entries)} {'entry' if len(entries) == 1 else 'entries'}>"
    shape = getattr(value, "shape", None)
    if shape is None:
        return repr(value)
    if len(shape) == 1 and shape[0] <= 4:
        return "[" + ", ".join(map(_short, value.tolist())) + "]"
    return f"<{' x '.join(map(str, shape))} numbers>"


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # a test has put None in its place
        return False


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
    parameter, condition = error.get("parameter"), error.get("condition")
    if parameter is not None and kind in ("parameter", "request"):
        name = _parameter(parameter)
        if message.startswith(parameter):
            message = name + message[len(parameter) :]
        return ParameterError(
            message, name, None if condition is None else _in_python(condition), error.get("value"), remedy
        )
    if kind == "failure":
        return NumericalFailure(message, remedy)
    if kind == "cancelled":
        return Cancelled(message)
    return ServerError(message)


def _object_out(found: Dict[str, Any]) -> Any:
    """An object of an answer: an array, a number that JSON has no word for, or a document."""
    if "$array" in found:
        import numpy

        numbers = numpy.frombuffer(base64.b64decode(found["$array"]), dtype="<f8")
        return numbers.astype(float).reshape(found["shape"])
    if "$number" in found:
        return float(found["$number"])
    return Result(found)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _entries(value: Any) -> Optional[List[Any]]:
    """Entries of a list, an array, a range; None for a value that is none of these."""
    plain: Any = value.tolist() if hasattr(value, "tolist") else value
    is_list = isinstance(plain, Sequence) and not isinstance(plain, (str, bytes))
    return list(cast(Sequence[Any], plain)) if is_list else None


def _plain(value: Any, name: str) -> Any:
    """A value as a request has it."""
    entries = _entries(value)
    if entries is not None:
        return [_plain(one, name) for one in entries]
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        # A float of NumPy is one of Python too, with another text.
        return float(value) if math.isfinite(value) else {"$number": str(float(value)).replace("inf", "infinity")}
    if isinstance(value, os.PathLike):
        return os.fspath(cast("os.PathLike[str]", value))
    if isinstance(value, Mapping):
        mapping = cast(Mapping[object, object], value)
        return {str(key): _plain(one, name) for key, one in mapping.items()}
    raise TypeError(f"{name} must be a number, a text or a list, got {type(value).__name__}")


def _rows(value: Any) -> Any:
    """Points of the line as points with one coordinate."""
    points = _entries(value)
    return [[one] for one in points] if points is not None and all(map(_is_number, points)) else value


def _matrices(value: Any) -> Any:
    """Variances, or matrices, of several classes as a text with | between them; one for all as it is."""
    parts = _entries(value)
    if parts is None:
        return value
    if all(map(_is_number, parts)):
        return "|".join(repr(float(part)) for part in parts)
    matrices = [[_entries(row) for row in _entries(part) or []] for part in parts]
    if all(row is None for rows in matrices for row in rows):
        return value
    texts = ([",".join(repr(float(one)) for one in row or []) for row in rows] for rows in matrices)
    return "|".join(";".join(rows) for rows in texts)


def _repeated(value: Optional[Words]) -> Optional[str]:
    """Several texts as one, in the way in which the program reads an option that is given several times."""
    return value if value is None or isinstance(value, str) else " ".join(value)


def _path(value: Optional[FilePath]) -> Optional[str]:
    """A path from where Python is now, not from where it was when the server started."""
    return None if value is None else os.path.abspath(os.path.expanduser(os.fspath(value)))


class _RequestFuture(Future[Any]):
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

    def __init__(
        self, method: str, runs: Optional[int], future: _RequestFuture, progress: Optional[Progress]
    ) -> None:
        self.method = method
        self.runs = runs
        """Runs of a batch; None for one that is none."""
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
            try:
                result = self._result(answer)
            except Exception as error:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)
        except InvalidStateError:
            pass  # cancelled meanwhile

    def fail(self, error: Exception) -> None:
        try:
            self.future.set_exception(error)
        except InvalidStateError:
            pass

    def _result(self, answer: Mapping[str, Any]) -> Any:
        if "error" in answer:
            raise _error(answer["error"])
        document = answer["result"]
        if not isinstance(document, Result):
            return document
        failure = answer.get("failure")
        table = answer.get("table")
        origin: Dict[str, Any] = {"method": self.method, "table": None if table is None else dict(table["columns"])}
        if self.runs is not None:
            columns, failures = document["columns"], document["failures"]
            for one in failures:
                one["error"] = _error(one["error"])
            if failures:
                first: Exception = failures[0]["error"]
                if len(failures) == self.runs and len({str(one["error"]) for one in failures}) == 1:
                    raise first  # about what all of them share
                failure = f"{len(failures)} of {self.runs} runs failed; number {failures[0]['index']}: {first}"
            document = Result({**columns, "failures": failures, "record": document["record"]})
            origin["table"] = {name: _column(values) for name, values in columns.items()}
        document.__dict__.update(
            notes=[_in_python(note) for note in answer.get("notes", [])],
            failure=None if failure is None else _in_python(failure),
            _origin=origin,
        )
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
            told = json.loads(line or b"", object_hook=Result)
        except ValueError:
            told = None
        if not isinstance(told, Result) or "protocol" not in told:
            raise ServerError(f"{name} does not answer requests{self._last_words()}")
        if told["protocol"] != _PROTOCOL:
            raise ServerError(
                f"{name} is version {told.get('version')} with protocol {told['protocol']}, and this cfg_dmft.py is "
                f"version {__version__} with protocol {_PROTOCOL}: take both from one version of the package"
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
                stream.close()
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
            else:
                self._dispatch(answer)
        with self.lock:
            self.is_over = True
            lost, self.pending = list(self.pending.values()), {}
        self._close_input()
        code = self._exit_code()
        if lost:
            how = f"code {code}" if code is None or code >= 0 else f"signal {-code}"
            error = f"the process that answers has ended ({how}){self._last_words()}; the next call starts another"
            for one in lost:
                one.fail(ServerError(error))

    def _exit_code(self) -> Optional[int]:
        try:
            return self.popen.wait(2)
        except subprocess.TimeoutExpired:
            return None

    def _dispatch(self, answer: Result) -> None:
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
            runs = len(next(iter(message["batch"].values()))) if message.get("batch") else None
            self.pending[number] = _Pending(message["method"], runs, future, progress)
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
        self._close_input()
        try:
            self.popen.wait(1 if is_busy else 5)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def _close_input(self) -> None:
        with self.writing:
            assert self.popen.stdin is not None
            self.popen.stdin.close()

    def forget(self) -> None:
        """Closes the pipes of the parent's process in a forked child: they would keep it alive."""
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
        message: Dict[str, Any] = {"method": method, "params": plain, "protocol": _PROTOCOL}
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

    def after_fork(self) -> None:
        """Lets go of the parent's process in a forked child, which starts its own."""
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
        server.after_fork()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def call(name: str, *arguments: Any) -> Any:
    """The result of a function of the library: ``call("closed-forms.NAME", ...)``.

    A name without a dot is one of the main entry: ``call("criticalClassRate", {...})``. Arguments
    and result are numbers, texts, lists and mappings.
    """
    return default_server().request(name if "." in name else f"cfg-dmft.{name}", arguments)


def functions() -> List[str]:
    """Names of the functions that ``call`` knows."""
    return list(default_server().request("methods")["functions"])


def _run(
    method: str,
    numbers: Mapping[str, Any],
    others: Mapping[str, Any],
    progress: Optional[Progress],
) -> Result:
    """Runs a command, once for each entry of the numbers that are lists."""
    params: Dict[str, Any] = dict(others)
    lists: Dict[str, List[Any]] = {}
    for key, value in numbers.items():
        entries = _entries(value)
        if entries is None:
            params[key] = value
        else:
            lists[key] = entries
    batch = _broadcast(lists) if lists else None
    table = batch is None and _is_installed("pandas")
    result: Result = default_server().request(method, params, batch=batch, progress=progress, table=table)
    _tell(result)
    return result


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


def _tell(result: Result) -> None:
    """Logs the notes of a result, and warns of its failure, at the line that called a function of this module."""
    for note in result.notes:
        _log.warning("%s", note)
    if result.failure is not None:
        warnings.warn(result.failure, CfgDmftWarning, stacklevel=4)


# --- generated by npm run python: change the options of the commands, not these lines ---
__version__ = "0.1.0"
_PROTOCOL = 1

__all__ += [
    "solve",
    "transition",
    "phase_diagram",
    "potential",
    "simulate",
    "compare",
    "schedule_list",
    "schedule_show",
    "schedule_evaluate",
    "schedule_compare",
    "schedule_design",
    "few_class_confidence",
    "few_class_entropy",
    "few_class_density",
    "few_class_split",
    "classifier_measure",
    "classifier_train",
    "classifier_counterexample",
    "classifier_propagate",
    "classifier_calibrate",
    "diagnose",
    "validity",
    "validate",
    "report",
    "figures",
]


def solve(
    *,
    alpha: Optional[Scalar] = None,
    classes: Optional[Scalar] = None,
    d: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    spectrum: Optional[str] = None,
    centres_law: Optional[str] = None,
    levels: Optional[str] = None,
    towards: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    schedule: Optional[str] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    form: Optional[str] = None,
    integrator: Optional[Literal["dormand-prince", "cash-karp"]] = None,
    tolerance: Optional[Scalar] = None,
    simulate: Optional[Numbers] = None,
    particles: Optional[Scalar] = None,
    realizations: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    mode: Optional[Literal["full", "reduced"]] = None,
    steps: Optional[Scalar] = None,
    trajectory: Optional[Scalar] = None,
    density: Optional[Scalar] = None,
    fluctuations: Optional[Literal["yes", "no"]] = None,
    average: Optional[Literal["quenched", "annealed"]] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Solve the order-parameter dynamics of guided sampling down to the data.

    Parameters
    ----------
    alpha : number, or several; required, or classes
        class rate log(K)/d, >= 0, or infinity
    classes : number, or several
        number of classes, with d in place of alpha
    d : number, or several
        effective dimension of the class centres, not the pixel count, with classes, > 0
    sigma2 : number, or several; required, or spectrum
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    spectrum : text
        bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share;
        C as C1|C2 where each class draws its own), power:EXPONENT:C or marchenko-pastur:RATIO:C, in
        place of sigma2
    centres_law : text; default: gaussian
        law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of
        values
    levels : text
        hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with sigma2
    towards : number, or several; default: all
        levels that guidance knows, with levels
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    w : number, or several; required, or scale, or schedule
        guidance coefficient: s = s_c + w (s_c - s_u)
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    schedule : text
        w as a formula of clock, in place of w (numbers, pi, e, + - * / ^, comparisons, and, or,
        not, c ? a : b, exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh,
        min, max, pow, interpolate)
    clock : word; default: t
        variable of schedule: t, tau, logsnr, progress
    form : text; default: linear
        guidance form, e.g. power:exponent=0.5 (see schedule list)
    integrator : word; default: dormand-prince
        integrator of the order parameters: dormand-prince, cash-karp
    tolerance : number, or several; default: 1e-10
        relative tolerance of a step
    simulate : numbers
        simulations beside the theory at these dimensions, by comma
    particles : number, or several; default: 200
        particles per realisation
    realizations : number, or several; default: 8
        realisations of the classes
    seed : number, or several; default: 1
        seed of the random numbers
    workers : number, or several; default: all processors
        threads
    mode : word; default: full
        explicit classes, or the others averaged: full, reduced
    steps : number, or several; default: 60
        time steps of a simulation
    trajectory : number, or several
        include the trajectory in N rows
    density : number, or several
        structured classes: include the density of a coordinate at N places
    fluctuations : word; default: yes
        vParallel, which takes longer than all else of a solution: yes, no
    average : word; default: quenched
        average over the class centres, annealed to show its artefact: quenched, annealed
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    solve(alpha=0.5, w=1, sigma2=0.25)
    # m 1.27754, v 0.159766, speciation time 0.462243
    """
    return _run(
        "solve",
        {
            "alpha": alpha,
            "classes": classes,
            "d": d,
            "sigma2": sigma2,
            "towards": towards,
            "eta": eta,
            "tMax": t_max,
            "w": w,
            "scale": scale,
            "tolerance": tolerance,
            "particles": particles,
            "realizations": realizations,
            "seed": seed,
            "workers": workers,
            "steps": steps,
            "trajectory": trajectory,
            "density": density,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "spectrum": spectrum,
            "centresLaw": centres_law,
            "levels": levels,
            "sampler": sampler,
            "process": process,
            "schedule": schedule,
            "clock": clock,
            "form": form,
            "integrator": integrator,
            "simulate": simulate,
            "mode": mode,
            "fluctuations": fluctuations,
            "average": average,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def transition(
    *,
    alpha: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    spectrum: Optional[str] = None,
    centres_law: Optional[str] = None,
    levels: Optional[str] = None,
    towards: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    schedule: Optional[str] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    integrator: Optional[Literal["dormand-prince", "cash-karp"]] = None,
    tolerance: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Critical class rate of the transition, also as a table over guidance coefficients, and with
    alpha the speciation time.

    Parameters
    ----------
    alpha : number, or several
        class rate at which to give the speciation time
    sigma2 : number, or several; required, or spectrum
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    spectrum : text
        bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share;
        C as C1|C2 where each class draws its own), power:EXPONENT:C or marchenko-pastur:RATIO:C, in
        place of sigma2
    centres_law : text; default: gaussian
        law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of
        values
    levels : text
        hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with sigma2
    towards : number, or several; default: all
        levels that guidance knows, with levels
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    w : numbers; required, or scale, or schedule
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    schedule : text
        w as a formula of clock, in place of w (numbers, pi, e, + - * / ^, comparisons, and, or,
        not, c ? a : b, exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh,
        min, max, pow, interpolate)
    clock : word; default: t
        variable of schedule: t, tau, logsnr, progress
    integrator : word; default: dormand-prince
        integrator of the order parameters: dormand-prince, cash-karp
    tolerance : number, or several; default: 1e-10
        relative tolerance of a step
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    transition(w=1, alpha=0.5, sigma2=0.25)
    # critical alpha 1.21623765, speciation time 0.46224252
    """
    return _run(
        "transition",
        {
            "alpha": alpha,
            "sigma2": sigma2,
            "towards": towards,
            "eta": eta,
            "tMax": t_max,
            "tolerance": tolerance,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "spectrum": spectrum,
            "centresLaw": centres_law,
            "levels": levels,
            "sampler": sampler,
            "process": process,
            "w": w,
            "scale": scale,
            "schedule": schedule,
            "clock": clock,
            "integrator": integrator,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def phase_diagram(
    *,
    alpha: Optional[Numbers] = None,
    level_rates: Optional[str] = None,
    exponent: Optional[Numbers] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    spectrum: Optional[str] = None,
    centres_law: Optional[str] = None,
    levels: Optional[str] = None,
    towards: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    integrator: Optional[Literal["dormand-prince", "cash-karp"]] = None,
    tolerance: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Phase diagram over class rate and guidance coefficient; CSV, JSON and an HTML figure in out.

    Parameters
    ----------
    alpha : numbers; required, or level_rates
        class rates: start:stop:count[:log] or a comma list, >= 0
    level_rates : text
        class rates of the first and of the second level, in place of those of levels, at one w
    exponent : numbers
        exponents of spectrum power, in place of its own, at one w, in [0, 1)
    w : numbers; required, or scale
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    sigma2 : number, or several; required, or spectrum
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    spectrum : text
        bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share;
        C as C1|C2 where each class draws its own), power:EXPONENT:C or marchenko-pastur:RATIO:C, in
        place of sigma2
    centres_law : text; default: gaussian
        law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of
        values
    levels : text
        hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with sigma2
    towards : number, or several; default: all
        levels that guidance knows, with levels
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    integrator : word; default: dormand-prince
        integrator of the order parameters: dormand-prince, cash-karp
    tolerance : number, or several; default: 1e-10
        relative tolerance of a step
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    phase_diagram(alpha="0.02:1.6:60", w="0:8:33", sigma2=0.25, out="diagram")
    # w 0: critical alpha 0.804719; ...; w 1: 1.21624; ...; files phase-diagram.json, .csv and .html
    """
    return _run(
        "phase-diagram",
        {
            "sigma2": sigma2,
            "towards": towards,
            "eta": eta,
            "tMax": t_max,
            "tolerance": tolerance,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "alpha": alpha,
            "levelRates": level_rates,
            "exponent": exponent,
            "w": w,
            "scale": scale,
            "ensemble": ensemble,
            "spectrum": spectrum,
            "centresLaw": centres_law,
            "levels": levels,
            "sampler": sampler,
            "process": process,
            "integrator": integrator,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def potential(
    *,
    alpha: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    spectrum: Optional[str] = None,
    centres_law: Optional[str] = None,
    levels: Optional[str] = None,
    towards: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    schedule: Optional[str] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    integrator: Optional[Literal["dormand-prince", "cash-karp"]] = None,
    tolerance: Optional[Scalar] = None,
    times: Optional[Numbers] = None,
    m: Optional[Numbers] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Guided effective potential along the overlap m at given times, with its minima and kinks.

    Parameters
    ----------
    alpha : number, or several; required, or levels
        class rate log(K)/d, >= 0, or infinity
    sigma2 : number, or several; required, or spectrum
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    spectrum : text
        bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share;
        C as C1|C2 where each class draws its own), power:EXPONENT:C or marchenko-pastur:RATIO:C, in
        place of sigma2
    centres_law : text; default: gaussian
        law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of
        values
    levels : text
        hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with sigma2
    towards : number, or several; default: all
        levels that guidance knows, with levels
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    w : number, or several; required, or scale, or schedule
        guidance coefficient: s = s_c + w (s_c - s_u)
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    schedule : text
        w as a formula of clock, in place of w (numbers, pi, e, + - * / ^, comparisons, and, or,
        not, c ? a : b, exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh,
        min, max, pow, interpolate)
    clock : word; default: t
        variable of schedule: t, tau, logsnr, progress
    integrator : word; default: dormand-prince
        integrator of the order parameters: dormand-prince, cash-karp
    tolerance : number, or several; default: 1e-10
        relative tolerance of a step
    times : numbers; default: 6 through sampling, the transition among them
        process times, by comma
    m : numbers; default: -0.5:2.5:121
        overlaps
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    potential(alpha=0.5, w=1, sigma2=0.25, times=[1, 0.6, 0.46, 0.3, 0.1])
    # time 1: m 0.702762, kink at 2.3835; ...; time 0.1: m 1.24969, minimum at 1.4736, kink at
        0.69912
    """
    return _run(
        "potential",
        {
            "alpha": alpha,
            "sigma2": sigma2,
            "towards": towards,
            "eta": eta,
            "tMax": t_max,
            "w": w,
            "scale": scale,
            "tolerance": tolerance,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "spectrum": spectrum,
            "centresLaw": centres_law,
            "levels": levels,
            "sampler": sampler,
            "process": process,
            "schedule": schedule,
            "clock": clock,
            "integrator": integrator,
            "times": times,
            "m": m,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def simulate(
    *,
    d: Scalar,
    alpha: Optional[Scalar] = None,
    classes: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    spectrum: Optional[str] = None,
    centres_law: Optional[str] = None,
    levels: Optional[str] = None,
    towards: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    schedule: Optional[str] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    form: Optional[str] = None,
    mode: Optional[Literal["full", "reduced", "two-class"]] = None,
    guided_class: Optional[Literal["typical", "random"]] = None,
    centre_overlap: Optional[Scalar] = None,
    particles: Optional[Scalar] = None,
    realizations: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    tolerance: Optional[Scalar] = None,
    method: Optional[Literal["exponential-heun", "exponential-euler", "exponential-multistep", "euler", "heun", "ddim", "ddpm"]] = None,
    grid: Optional[Literal["auto", "angle", "logsnr", "time"]] = None,
    seed: Optional[Scalar] = None,
    histogram: Optional[Words] = None,
    skip_tolerance: Optional[Scalar] = None,
    classes_from: Optional[Literal["auto", "memory", "stream"]] = None,
    memory_limit: Optional[str] = None,
    times: Optional[Numbers] = None,
    backend: Optional[Literal["auto", "native", "wasm-relaxed", "wasm", "plain"]] = None,
    workers: Optional[Scalar] = None,
    share: Optional[Literal["auto", "particles", "classes"]] = None,
    checkpoint: Optional[FilePath] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Particle simulation of guided sampling with the exact score, or a reduction of it.

    Parameters
    ----------
    d : number, or several; required
        dimension, an integer >= 2
    alpha : number, or several; required, or classes
        class rate: K = exp(alpha d)
    classes : number, or several
        number of classes, in place of alpha
    sigma2 : number, or several; required, or spectrum
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    spectrum : text
        bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share;
        C as C1|C2 where each class draws its own), power:EXPONENT:C or marchenko-pastur:RATIO:C, in
        place of sigma2
    centres_law : text; default: gaussian
        law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of
        values
    levels : text
        hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with sigma2
    towards : number, or several; default: all
        levels that guidance knows, with levels
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    w : number, or several; required, or scale, or schedule
        guidance coefficient: s = s_c + w (s_c - s_u)
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    schedule : text
        w as a formula of clock, in place of w (numbers, pi, e, + - * / ^, comparisons, and, or,
        not, c ? a : b, exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh,
        min, max, pow, interpolate)
    clock : word; default: t
        variable of schedule: t, tau, logsnr, progress
    form : text; default: linear
        guidance form, e.g. power:exponent=0.5 (see schedule list)
    mode : word; default: full
        explicit classes, the others averaged, or two classes exactly: full, reduced, two-class
    guided_class : word; default: typical
        centre of the guided class: |mu_c|^2 = d, or as drawn: typical, random
    centre_overlap : number, or several; default: -1
        mu_c.mu_o/d of the two classes of mode two-class, in [-1, 1)
    particles : number, or several; default: 500
        particles per realisation
    realizations : number, or several; default: 8
        realisations of the classes
    steps : number, or several; default: 40
        time steps
    tolerance : number, or several
        chooses the number of steps by their relative error, in place of steps
    method : word; default: exponential-heun
        time stepping: exponential-heun, exponential-euler, exponential-multistep, euler, heun,
        ddim, ddpm
    grid : word; default: auto
        clock in which the steps are even: auto, angle, logsnr, time
    seed : number, or several; default: 1
        seed of the random numbers
    histogram : text, or several
        observable:from:to:bins, e.g. m:0:2:40 (repeatable; m, q, v, guidedWeight,
        inverseParticipation, complexity)
    skip_tolerance : number, or several; default: 1e-7
        posterior weight that classes left out may have; 0 leaves out none
    classes_from : word; default: auto
        centres held in memory, or drawn anew at each pass: auto, memory, stream
    memory_limit : text; default: 2GiB
        for the centres of all threads: bytes, 500MB, 2GB, 1GiB
    times : numbers
        process times at which the observables are recorded as a series; a step ends at each, so
        that noise and discretisation of the result differ from a run without
    backend : word; default: auto
        engine for the sums over classes: auto, native, wasm-relaxed, wasm, plain
    workers : number, or several; default: all processors
        threads
    share : word; default: auto
        threads have particles of their own, or share the classes: auto, particles, classes
    checkpoint : path
        keeps finished work in a file, and continues from it if it is there
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    simulate(d=12, alpha=0.5, w=1, sigma2=0.25, particles=200, realizations=8, seed=1)
    # m 1.2786 +- 0.0031, v 0.1651 +- 0.0026
    """
    return _run(
        "simulate",
        {
            "d": d,
            "alpha": alpha,
            "classes": classes,
            "sigma2": sigma2,
            "towards": towards,
            "eta": eta,
            "tMax": t_max,
            "w": w,
            "scale": scale,
            "centreOverlap": centre_overlap,
            "particles": particles,
            "realizations": realizations,
            "steps": steps,
            "tolerance": tolerance,
            "seed": seed,
            "skipTolerance": skip_tolerance,
            "workers": workers,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "spectrum": spectrum,
            "centresLaw": centres_law,
            "levels": levels,
            "sampler": sampler,
            "process": process,
            "schedule": schedule,
            "clock": clock,
            "form": form,
            "mode": mode,
            "guidedClass": guided_class,
            "method": method,
            "grid": grid,
            "histogram": _repeated(histogram),
            "classesFrom": classes_from,
            "memoryLimit": memory_limit,
            "times": times,
            "backend": backend,
            "share": share,
            "checkpoint": _path(checkpoint),
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def compare(
    *,
    alpha: Optional[Numbers] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    schedule: Optional[str] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    d: Numbers,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    spectrum: Optional[str] = None,
    centres_law: Optional[str] = None,
    levels: Optional[str] = None,
    towards: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    mode: Optional[Union[Literal["reduced", "full"], Sequence[Literal["reduced", "full"]]]] = None,
    particles: Optional[Scalar] = None,
    realizations: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    times: Optional[Numbers] = None,
    workers: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Mean field, reduced and full simulation side by side, with error bars.

    Parameters
    ----------
    alpha : numbers; required, or levels
        class rates: start:stop:count[:log] or a comma list, >= 0
    w : numbers; required, or scale, or schedule
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    schedule : text
        w as a formula of clock, in place of w (numbers, pi, e, + - * / ^, comparisons, and, or,
        not, c ? a : b, exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh,
        min, max, pow, interpolate)
    clock : word; default: t
        variable of schedule: t, tau, logsnr, progress
    d : numbers; required
        dimensions, by comma
    sigma2 : number, or several; required, or spectrum
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    spectrum : text
        bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share;
        C as C1|C2 where each class draws its own), power:EXPONENT:C or marchenko-pastur:RATIO:C, in
        place of sigma2
    centres_law : text; default: gaussian
        law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of
        values
    levels : text
        hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with sigma2
    towards : number, or several; default: all
        levels that guidance knows, with levels
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    mode : word, or several; default: both
        simulations beside the theory: reduced, full
    particles : number, or several; default: 200
        particles per realisation
    realizations : number, or several; default: 8
        realisations of the classes
    steps : number, or several; default: 60
        time steps
    seed : number, or several; default: 1
        seed of the random numbers
    times : numbers
        process times at which the observables are recorded as a series; a step ends at each, so
        that noise and discretisation of the result differ from a run without
    workers : number, or several; default: all processors
        threads
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    compare(alpha=0.5, w=1, d=[12, 16], sigma2=0.25)
    # v: theory 0.159766; d = 16: reduced 0.1520 +- 0.0013, full 0.1607 +- 0.0013
    """
    return _run(
        "compare",
        {
            "sigma2": sigma2,
            "towards": towards,
            "eta": eta,
            "tMax": t_max,
            "particles": particles,
            "realizations": realizations,
            "steps": steps,
            "seed": seed,
            "workers": workers,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "alpha": alpha,
            "w": w,
            "scale": scale,
            "schedule": schedule,
            "clock": clock,
            "d": d,
            "ensemble": ensemble,
            "spectrum": spectrum,
            "centresLaw": centres_law,
            "levels": levels,
            "sampler": sampler,
            "process": process,
            "mode": mode,
            "times": times,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def schedule_list(
    *,
    out: Optional[FilePath] = None,
    force: bool = False,
    progress: Optional[Progress] = None,
) -> Result:
    """Guidance schedules and guidance forms that have names, with formula, defaults and source.

    Parameters
    ----------
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    schedule_list()
    # cosine                  progress  w*(1 - cos(pi*progress))
    """
    return _run(
        "schedule list",
        {},
        {
            "out": _path(out),
            "force": force,
        },
        progress,
    )


def schedule_show(
    *,
    name: Literal["constant", "linear", "cosine", "inverse-linear", "sine", "v-shape", "lambda-shape", "clamped-linear", "clamped-cosine", "power-cosine", "triangular", "exponential", "beta", "beta-scale", "limited-interval", "early-only", "late-only", "step-up", "step-down", "linear-negative-window", "step-to-minus-one", "neutral-step", "cfg-plus-plus", "cfg-plus-plus-flow"],
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    set: Optional[Settings] = None,
    sigma2: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    horizon: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """One named schedule: formula in every clock, parameters, source, budgets, values along
    sampling.

    Parameters
    ----------
    name : word; required
        a schedule of schedule list
    w : number, or several; default: 1
        strength: the guidance coefficient w of s = s_c + w (s_c - s_u)
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    set : mapping
        parameters of the schedule: key=value,key=value
    sigma2 : number, or several; default: 0.25
        variance inside a class, > 0
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    horizon : number, or several; default: 3 in OU time, 1 for flow
        start T of the clock progress = 1 - t/T
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    schedule_show(name="cosine", w=2)
    # w(t) = 2*(1 - cos(pi*(max(0, 1 - t/3)))), progress budget 2, effective budget 5.9611
    """
    return _run(
        "schedule show",
        {
            "w": w,
            "scale": scale,
            "sigma2": sigma2,
            "horizon": horizon,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "name": name,
            "set": set,
            "process": process,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def schedule_evaluate(
    *,
    alpha: Scalar,
    sigma2: Scalar,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    set: Optional[Settings] = None,
    name: Optional[Literal["constant", "linear", "cosine", "inverse-linear", "sine", "v-shape", "lambda-shape", "clamped-linear", "clamped-cosine", "power-cosine", "triangular", "exponential", "beta", "beta-scale", "limited-interval", "early-only", "late-only", "step-up", "step-down", "linear-negative-window", "step-to-minus-one", "neutral-step", "cfg-plus-plus", "cfg-plus-plus-flow"]] = None,
    schedule: Optional[str] = None,
    table: Optional[FilePath] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    horizon: Optional[Scalar] = None,
    form: Optional[str] = None,
    simulate: Optional[Numbers] = None,
    particles: Optional[Scalar] = None,
    realizations: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    simulation_steps: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    model: Optional[Literal["sd15", "sdxl", "sd3", "flux", "edm"]] = None,
    noise: Optional[Literal["karras", "exponential", "linear", "scaled-linear", "cosine", "flow"]] = None,
    noise_set: Optional[Settings] = None,
    sigmas: Optional[Numbers] = None,
    flow_times: Optional[Numbers] = None,
    for_: Optional[Literal["diffusers", "comfyui", "invokeai"]] = None,
    centre_scale: Optional[Scalar] = None,
    reading: Optional[Literal["point", "mean"]] = None,
    integrator: Optional[Literal["dormand-prince", "cash-karp"]] = None,
    tolerance: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """What a schedule and a guidance form do: order parameters, distortion, budgets; beside full
    simulation.

    Parameters
    ----------
    alpha : number, or several; required
        class rate log(K)/d, >= 0, or infinity
    sigma2 : number, or several; required
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    w : number, or several
        strength: the guidance coefficient w of s = s_c + w (s_c - s_u)
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    set : mapping
        parameters of name: key=value,key=value
    name : word
        a schedule of the catalogue (see schedule list), of strength w or scale
    schedule : text; required, or name, or table, or w, or scale
        w as a formula of clock (numbers, pi, e, + - * / ^, comparisons, and, or, not, c ? a : b,
        exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh, min, max, pow,
        interpolate)
    table : path
        w, or the scale 1 + w, at points of a clock: sorted, columns as their header says
    clock : word; default: t
        variable of schedule, table: t, tau, logsnr, progress
    horizon : number, or several; default: t_max, else 3 in OU time, 1 for flow
        start T of the clock progress = 1 - t/T
    form : text; default: linear
        guidance form, e.g. power:exponent=0.5 (see schedule list)
    simulate : numbers
        simulations beside the theory at these dimensions, by comma
    particles : number, or several; default: 200
        particles per realisation
    realizations : number, or several; default: 8
        realisations of the classes
    seed : number, or several; default: 1
        seed of the random numbers
    workers : number, or several; default: all processors
        threads
    simulation_steps : number, or several; default: 60
        time steps of a simulation
    steps : number, or several
        also list the guidance scale 1 + w at each of N sampler steps of an image pipeline
    model : word
        model whose noise levels they have: sd15, sdxl, sd3, flux, edm
    noise : word; default: that of model, else karras
        noise levels of these steps: karras, exponential, linear, scaled-linear, cosine, flow
    noise_set : mapping
        numbers of the grid: key=value, e.g. sigmaMin=0.03,sigmaMax=14.6 or spacing=trailing
        (karras: sigmaMin, sigmaMax, rho; exponential: sigmaMin, sigmaMax; linear, scaled-linear:
        betaStart, betaEnd, trainingSteps, spacing, offset; cosine: trainingSteps, spacing, offset;
        flow: shift, lastTime)
    sigmas : numbers
        noise levels (noise over signal) as a falling list, in place of steps
    flow_times : numbers
        noise levels as falling times in (0, 1] of a flow, in place of steps
    for_ : word
        write a Python script that gives each step its scale: diffusers, comfyui, invokeai
    centre_scale : number, or several; default: latents of unit variance; 1 for a schedule in
        progress on the flow grid of the process flow
        standard deviation of the class centres per coordinate in the latents of the pipeline, > 0
    reading : word; default: point
        w of a step, at its noise level or as the mean down to the next one: point, mean
    integrator : word; default: dormand-prince
        integrator of the order parameters: dormand-prince, cash-karp
    tolerance : number, or several; default: 1e-10
        relative tolerance of a step
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    schedule_evaluate(alpha=0.45, sigma2=0.3, schedule="t > 0.95 ? 1.45 : -0.53")
    # m 1.21615, v/sigma2 0.999646, speciation time 0.34217
    """
    return _run(
        "schedule evaluate",
        {
            "alpha": alpha,
            "sigma2": sigma2,
            "eta": eta,
            "tMax": t_max,
            "w": w,
            "scale": scale,
            "horizon": horizon,
            "particles": particles,
            "realizations": realizations,
            "seed": seed,
            "workers": workers,
            "simulationSteps": simulation_steps,
            "steps": steps,
            "centreScale": centre_scale,
            "tolerance": tolerance,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "sampler": sampler,
            "process": process,
            "set": set,
            "name": name,
            "schedule": schedule,
            "table": _path(table),
            "clock": clock,
            "form": form,
            "simulate": simulate,
            "model": model,
            "noise": noise,
            "noiseSet": noise_set,
            "sigmas": sigmas,
            "flowTimes": flow_times,
            "for": for_,
            "reading": reading,
            "integrator": integrator,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def schedule_compare(
    *,
    alpha: Scalar,
    sigma2: Scalar,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    budget: Optional[Literal["progress", "effective"]] = None,
    only: Optional[Union[Literal["constant", "linear", "cosine", "inverse-linear", "sine", "v-shape", "lambda-shape", "clamped-linear", "clamped-cosine", "power-cosine", "triangular", "exponential", "beta", "beta-scale", "limited-interval", "early-only", "late-only", "step-up", "step-down", "linear-negative-window", "step-to-minus-one", "neutral-step", "cfg-plus-plus", "cfg-plus-plus-flow"], Sequence[Literal["constant", "linear", "cosine", "inverse-linear", "sine", "v-shape", "lambda-shape", "clamped-linear", "clamped-cosine", "power-cosine", "triangular", "exponential", "beta", "beta-scale", "limited-interval", "early-only", "late-only", "step-up", "step-down", "linear-negative-window", "step-to-minus-one", "neutral-step", "cfg-plus-plus", "cfg-plus-plus-flow"]]]] = None,
    horizon: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """All named schedules at equal guidance budget: what each does to separation and diversity.

    Parameters
    ----------
    alpha : number, or several; required
        class rate log(K)/d, >= 0, or infinity
    sigma2 : number, or several; required
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    w : number, or several; default: 1
        constant coefficient whose budget all get
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    budget : word; default: progress
        mean of w over sampling progress, or Int w s dlambda to the data: progress, effective
    only : word, or several
        these schedules, by comma
    horizon : number, or several; default: 3 in OU time, 1 for flow
        start T of the clock progress = 1 - t/T
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    schedule_compare(alpha=0.5, sigma2=0.25)
    # early-only: w 2, m 1.2162, v/sigma2 0.90407; constant: w 1, m 1.2775, v/sigma2 0.63906; ...
    """
    return _run(
        "schedule compare",
        {
            "alpha": alpha,
            "sigma2": sigma2,
            "eta": eta,
            "w": w,
            "scale": scale,
            "horizon": horizon,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "sampler": sampler,
            "process": process,
            "budget": budget,
            "only": only,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def schedule_design(
    *,
    alpha: Scalar,
    sigma2: Scalar,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    replace_scale: Optional[Scalar] = None,
    min_overlap: Optional[Scalar] = None,
    decide_by: Optional[Scalar] = None,
    posterior: Optional[Scalar] = None,
    dimension: Optional[Scalar] = None,
    family: Optional[Literal["two-level", "linear-window", "three-level", "piecewise-linear"]] = None,
    w_max: Optional[Scalar] = None,
    w_min: Optional[Scalar] = None,
    margin: Optional[Scalar] = None,
    tolerance: Optional[Scalar] = None,
    nodes: Optional[Scalar] = None,
    robust_alpha: Optional[Scalar] = None,
    robust_sigma2: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    pareto: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    model: Optional[Literal["sd15", "sdxl", "sd3", "flux", "edm"]] = None,
    noise: Optional[Literal["karras", "exponential", "linear", "scaled-linear", "cosine", "flow"]] = None,
    noise_set: Optional[Settings] = None,
    sigmas: Optional[Numbers] = None,
    flow_times: Optional[Numbers] = None,
    for_: Optional[Literal["diffusers", "comfyui", "invokeai"]] = None,
    centre_scale: Optional[Scalar] = None,
    reading: Optional[Literal["point", "mean"]] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Design a schedule that keeps the variance of the class and its separation from the others.

    Parameters
    ----------
    alpha : number, or several; required
        class rate log(K)/d, > 0, or infinity
    sigma2 : number, or several; required
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    replace_scale : number, or several
        keep the overlap of this constant guidance scale and regain what it can of the variance, > 1
    min_overlap : number, or several; default: 1
        least overlap m with the class at the data
    decide_by : number, or several; default: half-way to where w = 1 decides
        process time by which the guided class weighs as much as all others
    posterior : number, or several; default: 0.5
        weight of the class at decide_by (needs dimension), in (0, 1)
    dimension : number, or several
        dimension in which posterior is meant
    family : word; default: two-level
        shape: two-level, linear-window, three-level, piecewise-linear
    w_max : number, or several; default: 3; with replace_scale S twice its w
        largest coefficient w, > 0
    w_min : number, or several; default: -1
        least coefficient w, in [-1, 0)
    margin : number, or several; default: 0.002
        least complexity of the competing classes on the way, >= 0
    tolerance : number, or several; default: 0.001
        |v/sigma2 - 1| to reach, > 0
    nodes : number, or several; default: 8
        nodes of family piecewise-linear
    robust_alpha : number, or several
        error of alpha over which the worst |v/sigma2 - 1| is kept small, >= 0
    robust_sigma2 : number, or several
        error of sigma2 over which it is kept small, >= 0
    seed : number, or several; default: 1
        seed of the search
    pareto : number, or several
        also N designs on the front of separation against diversity, beside the standard schedules
    steps : number, or several
        also list the guidance scale 1 + w at each of N sampler steps of an image pipeline
    model : word
        model whose noise levels they have: sd15, sdxl, sd3, flux, edm
    noise : word; default: that of model, else karras
        noise levels of these steps: karras, exponential, linear, scaled-linear, cosine, flow
    noise_set : mapping
        numbers of the grid: key=value, e.g. sigmaMin=0.03,sigmaMax=14.6 or spacing=trailing
        (karras: sigmaMin, sigmaMax, rho; exponential: sigmaMin, sigmaMax; linear, scaled-linear:
        betaStart, betaEnd, trainingSteps, spacing, offset; cosine: trainingSteps, spacing, offset;
        flow: shift, lastTime)
    sigmas : numbers
        noise levels (noise over signal) as a falling list, in place of steps
    flow_times : numbers
        noise levels as falling times in (0, 1] of a flow, in place of steps
    for_ : word
        write a Python script that gives each step its scale: diffusers, comfyui, invokeai
    centre_scale : number, or several; default: latents of unit variance; 1 for a schedule in
        progress on the flow grid of the process flow
        standard deviation of the class centres per coordinate in the latents of the pipeline, > 0
    reading : word; default: mean
        w of a step, at its noise level or as the mean down to the next one: point, mean
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    schedule_design(alpha=0.45, sigma2=0.3)
    # w(t) = t > 2.00458 ? 2.99775 : -0.0927734, m 1.19199, v/sigma2 1, min complexity 0.0519653
    """
    return _run(
        "schedule design",
        {
            "alpha": alpha,
            "sigma2": sigma2,
            "eta": eta,
            "replaceScale": replace_scale,
            "minOverlap": min_overlap,
            "decideBy": decide_by,
            "posterior": posterior,
            "dimension": dimension,
            "wMax": w_max,
            "wMin": w_min,
            "margin": margin,
            "tolerance": tolerance,
            "nodes": nodes,
            "robustAlpha": robust_alpha,
            "robustSigma2": robust_sigma2,
            "seed": seed,
            "pareto": pareto,
            "steps": steps,
            "centreScale": centre_scale,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "sampler": sampler,
            "process": process,
            "family": family,
            "model": model,
            "noise": noise,
            "noiseSet": noise_set,
            "sigmas": sigmas,
            "flowTimes": flow_times,
            "for": for_,
            "reading": reading,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def few_class_confidence(
    *,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    sigma2: Optional[Scalar] = None,
    covariance: Optional[Matrices] = None,
    class_: Optional[Scalar] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    t_max: Optional[Scalar] = None,
    figure: Optional[Literal["wu-2"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    step: Optional[Scalar] = None,
    rule: Optional[Literal["euler", "exponential", "ddim", "ddpm"]] = None,
    samples: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    start: Optional[Numbers] = None,
    path: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Classification confidence P(c | x) of the output against guidance, from a given start.

    Parameters
    ----------
    centres : points; required, or figure
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    sigma2 : number, or several; default: 1
        variance inside a class, > 0
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    class_ : number, or several; default: 0
        class under guidance, counted from 0
    w : numbers; required, or scale, or figure
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    t_max : number, or several; default: 10 + log max(1, r/10), r the size of the mixture
        start of sampling in OU time, > 0
    figure : word
        settings of a named figure: wu-2
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    step : number, or several; default: continuous
        step size in process time
    rule : word; default: euler
        step rule of step: euler, exponential, ddim, ddpm
    samples : number, or several; default: 10000
        particles of estimates from samples
    seed : number, or several; default: 1
        seed of the random numbers
    start : numbers; default: the origin
        coordinates by comma, or normal: N(0, I), the noise of the process
    path : number, or several
        also guided against unguided confidence along the path, at N times (ode from a point,
        continuous)
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    few_class_confidence(centres=[1, -1], w=[0, 1, 4], start=0)
    # ode: w 0, confidence 0.880788; w 1, 0.958014; w 4, 0.994011
    """
    return _run(
        "few-class confidence",
        {
            "sigma2": sigma2,
            "class": class_,
            "tMax": t_max,
            "eta": eta,
            "step": step,
            "samples": samples,
            "seed": seed,
            "path": path,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "w": w,
            "scale": scale,
            "figure": figure,
            "sampler": sampler,
            "rule": rule,
            "start": start,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def few_class_entropy(
    *,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    sigma2: Optional[Scalar] = None,
    covariance: Optional[Matrices] = None,
    class_: Optional[Scalar] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    t_max: Optional[Scalar] = None,
    figure: Optional[Literal["wu-2"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    step: Optional[Scalar] = None,
    rule: Optional[Literal["euler", "exponential", "ddim", "ddpm"]] = None,
    samples: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    start: Optional[Numbers] = None,
    method: Optional[Union[Literal["density", "vasicek", "nearest-neighbour"], Sequence[Literal["density", "vasicek", "nearest-neighbour"]]]] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Differential entropy of the output against guidance: exact, from its density, or from
    samples.

    Parameters
    ----------
    centres : points; required, or figure
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    sigma2 : number, or several; default: 1
        variance inside a class, > 0
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    class_ : number, or several; default: 0
        class under guidance, counted from 0
    w : numbers; required, or scale, or figure
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    t_max : number, or several; default: 20 + log max(1, r), with step or noise 10 + log max(1,
        r/10), r the size of the mixture
        start of sampling in OU time, > 0
    figure : word
        settings of a named figure: wu-2
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    step : number, or several; default: continuous
        step size in process time
    rule : word; default: euler
        step rule of step: euler, exponential, ddim, ddpm
    samples : number, or several; default: 10000
        particles of estimates from samples
    seed : number, or several; default: 1
        seed of the random numbers
    start : numbers; default: normal
        coordinates by comma, or normal: N(0, I), the noise of the process
    method : word, or several; default: density where it is known, else vasicek on the line,
        nearest-neighbour in more dimensions
        by comma, the first is the result and the others stand beside it: density, vasicek,
        nearest-neighbour
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    few_class_entropy(centres=[1, -1], w=[0, 1], sampler="ode", start="normal")
    # ode: w 0, entropy 1.41894 (exact); w 1, 1.1372 (exact)
    """
    return _run(
        "few-class entropy",
        {
            "sigma2": sigma2,
            "class": class_,
            "tMax": t_max,
            "eta": eta,
            "step": step,
            "samples": samples,
            "seed": seed,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "w": w,
            "scale": scale,
            "figure": figure,
            "sampler": sampler,
            "rule": rule,
            "start": start,
            "method": method,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def few_class_density(
    *,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    sigma2: Optional[Scalar] = None,
    covariance: Optional[Matrices] = None,
    class_: Optional[Scalar] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    t_max: Optional[Scalar] = None,
    figure: Optional[Literal["wu-1", "wu-3", "wu-5"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    step: Optional[Numbers] = None,
    rule: Optional[Literal["euler", "exponential", "ddim", "ddpm"]] = None,
    samples: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    start: Optional[Numbers] = None,
    x: Optional[Numbers] = None,
    y: Optional[Numbers] = None,
    axes: Optional[Numbers] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Density of the output for several strengths and step sizes, on the line or in the plane.

    Parameters
    ----------
    centres : points; required, or figure
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    sigma2 : number, or several; default: 1
        variance inside a class, > 0
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    class_ : number, or several; default: 0
        class under guidance, counted from 0
    w : numbers; required, or scale, or figure
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    t_max : number, or several; default: 10 + log max(1, r/10), r the size of the mixture
        start of sampling in OU time, > 0
    figure : word
        settings of a named figure: wu-1, wu-3, wu-5
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    step : numbers; default: continuous
        step sizes in process time
    rule : word; default: euler
        step rule of step: euler, exponential, ddim, ddpm
    samples : number, or several; default: 10000
        particles of estimates from samples
    seed : number, or several; default: 1
        seed of the random numbers
    start : numbers; default: normal
        coordinates by comma, or normal: N(0, I), the noise of the process
    x : numbers; default: around the centres
        grid of the first coordinate
    y : numbers
        grid of the second coordinate
    axes : numbers; default: those in which the centres differ
        one or two coordinates that are shown, from 0
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    few_class_density(centres=[1, -1], w=[0, 1, 4], out="densities")
    # ode: w 0, largest 0.39891, on the grid 0.99978; ...; files few-class-density.json, .csv and
        .html
    """
    return _run(
        "few-class density",
        {
            "sigma2": sigma2,
            "class": class_,
            "tMax": t_max,
            "eta": eta,
            "samples": samples,
            "seed": seed,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "w": w,
            "scale": scale,
            "figure": figure,
            "sampler": sampler,
            "step": step,
            "rule": rule,
            "start": start,
            "x": x,
            "y": y,
            "axes": axes,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def few_class_split(
    *,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    sigma2: Optional[Scalar] = None,
    covariance: Optional[Matrices] = None,
    class_: Optional[Scalar] = None,
    distance: Optional[Scalar] = None,
    t_max: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    rule: Optional[Literal["euler", "exponential", "ddim", "ddpm"]] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    figure: Optional[Literal["wu-4", "phase-diagram"]] = None,
    step: Numbers,
    locate: Optional[Scalar] = None,
    times: Optional[Numbers] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Splitting of the middle one of three classes by finite steps: thresholds, phase diagram,
    one-step map.

    Parameters
    ----------
    centres : points
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    sigma2 : number, or several; default: 1
        variance inside a class, > 0
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    class_ : number, or several; default: 0
        class under guidance, counted from 0
    distance : number, or several
        three classes at -MU, 0 and MU, the middle one guided, in place of centres, > 0
    t_max : number, or several; default: 10 + log max(1, r/10), r the size of the mixture
        start of sampling in OU time, > 0
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    rule : word; default: euler
        step rule of step: euler, exponential, ddim, ddpm
    w : numbers
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    figure : word
        settings of a named figure: wu-4, phase-diagram
    step : numbers; required
        step sizes in process time
    locate : number, or several; default: all up to 6
        number of step sizes, spread over step, at which the split is located by running the sampler
    times : numbers
        also the one-step map from these process times, at one step
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    few_class_split(distance=3, step=0.05)
    # step 0.05: no split below w = 33.474, linear instability at 43.209, visible split in [116.76,
        116.8]
    """
    return _run(
        "few-class split",
        {
            "sigma2": sigma2,
            "class": class_,
            "distance": distance,
            "tMax": t_max,
            "eta": eta,
            "locate": locate,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "sampler": sampler,
            "rule": rule,
            "w": w,
            "scale": scale,
            "figure": figure,
            "step": step,
            "times": times,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def classifier_measure(
    *,
    d: Optional[Numbers] = None,
    classes: Optional[Scalar] = None,
    radius: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    covariance: Optional[Matrices] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    label: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    time: Optional[Scalar] = None,
    times: Optional[Numbers] = None,
    family: Optional[Union[Literal["temperature", "bias", "centres", "variance", "fourier", "logistic", "perceptron", "wave", "ripple"], Sequence[Literal["temperature", "bias", "centres", "variance", "fourier", "logistic", "perceptron", "wave", "ripple"]]]] = None,
    parameters: Optional[Numbers] = None,
    classifier: Optional[FilePath] = None,
    samples: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Conditional KL of a classifier against the mean square error of its guidance, with the bound
    and the exponent between the two.

    Parameters
    ----------
    d : numbers; default: 2,8,32
        dimensions of random mixtures
    classes : number, or several; default: 4
        number of random classes
    radius : number, or several; default: 2
        root mean square length of a random centre, > 0
    sigma2 : number, or several; default: 0.5; 1 with centres
        variance inside a class, > 0
    centres : points
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    label : number, or several; default: 0
        class under guidance, counted from 0
    seed : number, or several; default: 1
        seed of the random numbers
    time : number, or several; default: 0.3
        noise level, in process time
    times : numbers
        several noise levels, in place of time
    family : word, or several; default: all
        families by comma: temperature, bias, centres, variance, fourier, logistic, perceptron,
        wave, ripple
    parameters : numbers; default: its own sweep
        parameters of the one family
    classifier : path
        a trained model (classifier train out) in place of families
    samples : number, or several; default: 4000
        points per noise level
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    classifier_measure(family=["temperature", "wave"], d=8)
    # temperature: slope 0.988010(71), locally 0.959 ... 0.999; wave: 0.4994(23), 95 % 0.495 ...
        0.504
    """
    return _run(
        "classifier measure",
        {
            "classes": classes,
            "radius": radius,
            "sigma2": sigma2,
            "label": label,
            "seed": seed,
            "time": time,
            "samples": samples,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "d": d,
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "process": process,
            "times": times,
            "family": family,
            "parameters": parameters,
            "classifier": _path(classifier),
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def classifier_train(
    *,
    d: Optional[Numbers] = None,
    classes: Optional[Scalar] = None,
    radius: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    covariance: Optional[Matrices] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    label: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    kind: Optional[Literal["logistic", "perceptron"]] = None,
    training_samples: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    epochs: Optional[Scalar] = None,
    batch: Optional[Scalar] = None,
    learning_rate: Optional[Scalar] = None,
    hidden: Optional[Numbers] = None,
    activation: Optional[Literal["tanh", "silu"]] = None,
    from_: Optional[Scalar] = None,
    to: Optional[Scalar] = None,
    samples: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["csv", "json", "npz", "parquet"], Sequence[Literal["csv", "json", "npz", "parquet"]]]] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Train a classifier on noised samples by cross-entropy; its losses and guidance errors by
    noise level.

    Parameters
    ----------
    d : numbers; default: 2
        dimensions of random mixtures
    classes : number, or several; default: 4
        number of random classes
    radius : number, or several; default: 2
        root mean square length of a random centre, > 0
    sigma2 : number, or several; default: 0.5; 1 with centres
        variance inside a class, > 0
    centres : points
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    label : number, or several; default: 0
        class under guidance, counted from 0
    seed : number, or several; default: 1
        seed of the random numbers
    kind : word; default: logistic
        classifier: logistic, perceptron
    training_samples : number, or several; default: 20000
        labelled points
    steps : number, or several; default: 1500
        steps of Adam
    epochs : number, or several
        passes over the training samples, in place of steps, > 0
    batch : number, or several; default: 128
        points per step
    learning_rate : number, or several; default: 0.02
        learning rate of the first step, > 0
    hidden : numbers; default: 32,32
        units of 1 or 2 hidden layers of a perceptron
    activation : word; default: silu
        activation of the hidden units: tanh, silu
    from_ : number, or several; default: 0
        first noise level of the training, in process time
    to : number, or several; default: that of Ornstein-Uhlenbeck time 4
        last noise level
    samples : number, or several; default: 4000
        points per noise level of the measurement
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: csv,json
        formats of the table, a comma list of csv, json, npz, parquet; csv and json are always
        written
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    classifier_train(kind="logistic", d=8, training_samples=5000, out="model")
    # t = 0.125: loss 0.3123, least 0.3063, KL 0.00583 +- 0.00016; ...; files classifier-model.json
        (for measure --classifier), classifier-train.json and .csv
    """
    return _run(
        "classifier train",
        {
            "classes": classes,
            "radius": radius,
            "sigma2": sigma2,
            "label": label,
            "seed": seed,
            "trainingSamples": training_samples,
            "steps": steps,
            "epochs": epochs,
            "batch": batch,
            "learningRate": learning_rate,
            "from": from_,
            "to": to,
            "samples": samples,
        },
        {
            "d": d,
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "process": process,
            "kind": kind,
            "hidden": hidden,
            "activation": activation,
            "out": _path(out),
            "force": force,
            "format": format,
        },
        progress,
    )


def classifier_counterexample(
    *,
    d: Optional[Numbers] = None,
    classes: Optional[Scalar] = None,
    radius: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    covariance: Optional[Matrices] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    label: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    time: Optional[Scalar] = None,
    times: Optional[Numbers] = None,
    kl: Optional[Scalar] = None,
    guidance_error: Optional[Scalar] = None,
    amplitude: Optional[Scalar] = None,
    frequency: Optional[Scalar] = None,
    mixtures: Optional[Scalar] = None,
    samples: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Ripples on the log-probability: a conditional KL as small as one likes with a guidance error
    as large as one likes.

    Parameters
    ----------
    d : numbers; default: 1,2,8
        dimensions of random mixtures
    classes : number, or several; default: 3
        number of random classes
    radius : number, or several; default: 2
        root mean square length of a random centre, > 0
    sigma2 : number, or several; default: 0.5; 1 with centres
        variance inside a class, > 0
    centres : points
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    label : number, or several; default: 0
        class under guidance, counted from 0
    seed : number, or several; default: 1
        seed of the random numbers
    time : number, or several; default: 0.3
        noise level, in process time
    times : numbers
        several noise levels, in place of time
    kl : number, or several; default: 0.000001
        conditional KL; rows from 1000 times to a tenth of it, > 0
    guidance_error : number, or several; default: 1
        wanted E|grad f|^2, > 0
    amplitude : number, or several
        amplitude of the ripple, with frequency in place of kl, in (0, 100]
    frequency : number, or several
        wave number of the ripple, > 0
    mixtures : number, or several; default: 2
        random mixtures in each dimension
    samples : number, or several; default: 4000
        points per mixture beyond one dimension
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    classifier_counterexample(kl=1e-6, guidance_error=1, d=1)
    # KL 0.001: guidance MSE 1; ...; KL 1.000e-7: amplitude 0.00139, wave number 1501, guidance MSE
        1
    """
    return _run(
        "classifier counterexample",
        {
            "classes": classes,
            "radius": radius,
            "sigma2": sigma2,
            "label": label,
            "seed": seed,
            "time": time,
            "kl": kl,
            "guidanceError": guidance_error,
            "amplitude": amplitude,
            "frequency": frequency,
            "mixtures": mixtures,
            "samples": samples,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "d": d,
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "process": process,
            "times": times,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def classifier_propagate(
    *,
    d: Optional[Numbers] = None,
    classes: Optional[Scalar] = None,
    radius: Optional[Scalar] = None,
    sigma2: Optional[Scalar] = None,
    centres: Optional[Rows] = None,
    weights: Optional[Numbers] = None,
    covariance: Optional[Matrices] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    label: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    family: Optional[Union[Literal["temperature", "bias", "centres", "variance", "fourier", "logistic", "perceptron", "wave", "ripple"], Sequence[Literal["temperature", "bias", "centres", "variance", "fourier", "logistic", "perceptron", "wave", "ripple"]]]] = None,
    parameters: Optional[Numbers] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    particles: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    coarse_steps: Optional[Scalar] = None,
    t_max: Optional[Scalar] = None,
    t_end: Optional[Scalar] = None,
    time: Optional[Scalar] = None,
    windows: Optional[Scalar] = None,
    budget: Optional[Scalar] = None,
    cap: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """What imperfect classifiers do to guided samples: error of the output against cross-entropy,
    by noise level, and under a budget.

    Parameters
    ----------
    d : numbers; default: 2
        dimensions of random mixtures
    classes : number, or several; default: 4
        number of random classes
    radius : number, or several; default: 2
        root mean square length of a random centre, > 0
    sigma2 : number, or several; default: 0.5; 1 with centres
        variance inside a class, > 0
    centres : points
        class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"
    weights : numbers; default: equal
        weights of the classes by comma, summing to 1
    covariance : matrix, or one per class
        covariance inside a class in place of sigma2: rows by semicolon; one per class with |
        between them
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    label : number, or several; default: 0
        class under guidance, counted from 0
    seed : number, or several; default: 1
        seed of the random numbers
    family : word, or several; default: all but the trained ones, on "1.5,0;-0.75,1.3;-0.75,-1.3"
        families by comma: temperature, bias, centres, variance, fourier, logistic, perceptron,
        wave, ripple
    parameters : numbers; default: its own sweep
        parameters of the one family
    w : number, or several; default: 1
        guidance coefficient: s_u + (1 + w) grad log c
    scale : number, or several
        guidance scale 1 + w, in place of w
    sampler : word; default: ode
        continuous sampler: ode, sde
    particles : number, or several; default: 500
        particles
    steps : number, or several; default: 48; of the sde twice as many
        steps of the continuous sampler
    coarse_steps : number, or several; default: 50
        steps of the sampler in coarse steps
    t_max : number, or several; default: 3.5 in OU time
        start of sampling, in process time
    t_end : number, or several; default: 0
        end of sampling, in process time
    time : number, or several; default: 0.5 in OU time
        noise level at which waves have their KL
    windows : number, or several; default: 6
        windows of noise levels of the study by noise level; 0: none
    budget : number, or several
        also share this cross-entropy between the windows: by the rule, evenly, reversed, > 0
    cap : number, or several; default: 2.5
        largest KL of a window in units of budget, >= 1
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    classifier_propagate(family="temperature", parameters=[0.2, 0.05], windows=0)
    # parameter 0.2: KL 0.00215, output KL 0.052(15); 0.05: KL 0.000166, output KL 0.0047(12)
    """
    return _run(
        "classifier propagate",
        {
            "classes": classes,
            "radius": radius,
            "sigma2": sigma2,
            "label": label,
            "seed": seed,
            "w": w,
            "scale": scale,
            "particles": particles,
            "steps": steps,
            "coarseSteps": coarse_steps,
            "tMax": t_max,
            "tEnd": t_end,
            "time": time,
            "windows": windows,
            "budget": budget,
            "cap": cap,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "d": d,
            "centres": _rows(centres),
            "weights": weights,
            "covariance": _matrices(covariance),
            "process": process,
            "family": family,
            "parameters": parameters,
            "sampler": sampler,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def classifier_calibrate(
    *,
    alpha: Scalar,
    sigma2: Scalar,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    t_max: Optional[Scalar] = None,
    w: Optional[Scalar] = None,
    scale: Optional[Scalar] = None,
    schedule: Optional[str] = None,
    clock: Optional[Literal["t", "tau", "logsnr", "progress"]] = None,
    temperature: Optional[Numbers] = None,
    bias: Optional[Scalar] = None,
    simulate: Optional[Literal["full", "reduced"]] = None,
    d: Optional[Scalar] = None,
    particles: Optional[Scalar] = None,
    realizations: Optional[Scalar] = None,
    steps: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    backend: Optional[Literal["auto", "native", "wasm-relaxed", "wasm", "plain"]] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Many classes: distortion by a classifier of the wrong temperature, theory and simulation.

    Parameters
    ----------
    alpha : number, or several; required
        class rate log(K)/d, >= 0, or infinity
    sigma2 : number, or several; required
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    t_max : number, or several; default: the exact asymptotic start
        start of sampling in process time
    w : number, or several; required, or scale, or schedule
        guidance coefficient: s = s_c + w (s_c - s_u)
    scale : number, or several
        guidance scale 1 + w of image tools, in place of w
    schedule : text
        w as a formula of clock, in place of w (numbers, pi, e, + - * / ^, comparisons, and, or,
        not, c ? a : b, exp, expm1, log, log1p, sqrt, abs, sin, cos, tan, atan, sinh, cosh, tanh,
        min, max, pow, interpolate)
    clock : word; default: t
        variable of schedule: t, tau, logsnr, progress
    temperature : numbers; default: 0.5:2:13:log
        temperatures T of the logits, > 0
    bias : number, or several; default: 0
        added to the logit of the guided class, per dimension
    simulate : word
        also simulate: full, reduced
    d : number, or several; default: 16
        dimension of the simulation
    particles : number, or several; default: 100
        particles per realisation
    realizations : number, or several; default: 16
        realisations of the classes
    steps : number, or several; default: 60
        time steps
    seed : number, or several; default: 1
        seed of the random numbers
    workers : number, or several; default: all processors
        threads
    backend : word; default: auto
        engine for the sums over classes: auto, native, wasm-relaxed, wasm, plain
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    classifier_calibrate(alpha=0.45, w=1, sigma2=0.25, temperature=[0.8, 1, 1.25])
    # T 0.8: m 1.28623, v 0.155901; T 1: 1.2654, 0.169232; T 1.25: 1.22033, 0.201256
    """
    return _run(
        "classifier calibrate",
        {
            "alpha": alpha,
            "sigma2": sigma2,
            "eta": eta,
            "tMax": t_max,
            "w": w,
            "scale": scale,
            "bias": bias,
            "d": d,
            "particles": particles,
            "realizations": realizations,
            "steps": steps,
            "seed": seed,
            "workers": workers,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "sampler": sampler,
            "process": process,
            "schedule": schedule,
            "clock": clock,
            "temperature": temperature,
            "simulate": simulate,
            "backend": backend,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def diagnose(
    *,
    file: str,
    labels: Optional[FilePath] = None,
    scales: Optional[Numbers] = None,
    steps: Optional[Scalar] = None,
    model: Optional[Literal["sd15", "sdxl", "sd3", "flux", "edm"]] = None,
    noise: Optional[Literal["karras", "exponential", "linear", "scaled-linear", "cosine", "flow"]] = None,
    noise_set: Optional[Settings] = None,
    sampler: Optional[Literal["euler", "heun", "ancestral"]] = None,
    components: Optional[Scalar] = None,
    covariances: Optional[Literal["isotropic", "pooled", "own-diagonal", "own-full"]] = None,
    budget: Optional[str] = None,
    particles: Optional[Scalar] = None,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Cost of guidance scales for the classes of your own latents, sampled by your own steps with
    exact scores.

    Parameters
    ----------
    file : word; required
        latents with labels: .npy, .npz or .csv
    labels : path
        labels of a file .npy: a file .npy, or one a line
    scales : numbers; default: 1,2,4
        guidance scales 1 + w
    steps : number, or several; default: 30
        steps of the sampler
    model : word
        model whose noise levels they have: sd15, sdxl, sd3, flux, edm
    noise : word; default: that of model, else karras
        noise levels of these steps: karras, exponential, linear, scaled-linear, cosine, flow
    noise_set : mapping
        numbers of the grid: key=value, e.g. sigmaMin=0.03,sigmaMax=14.6 or spacing=trailing
        (karras: sigmaMin, sigmaMax, rho; exponential: sigmaMin, sigmaMax; linear, scaled-linear:
        betaStart, betaEnd, trainingSteps, spacing, offset; cosine: trainingSteps, spacing, offset;
        flow: shift, lastTime)
    sampler : word; default: euler
        sampler of the steps: euler, heun, ancestral
    components : number, or several; default: all that vary
        principal components that are kept
    covariances : word; default: the likeliest ones
        covariances of the classes: isotropic, pooled, own-diagonal, own-full
    budget : text; default: 3min
        time for sampling: classes and samples are chosen to fit
    particles : number, or several
        samples of each class, in place of budget
    seed : number, or several; default: 1
        seed of the random numbers
    workers : number, or several; default: all processors
        threads
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    diagnose(file="latents.npz", scales=[1, 3, 7.5], model="sd15", steps=30)
    """
    return _run(
        "diagnose",
        {
            "steps": steps,
            "components": components,
            "particles": particles,
            "seed": seed,
            "workers": workers,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "file": file,
            "labels": _path(labels),
            "scales": scales,
            "model": model,
            "noise": noise,
            "noiseSet": noise_set,
            "sampler": sampler,
            "covariances": covariances,
            "budget": budget,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def validity(
    *,
    alpha: Numbers,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    d: Numbers,
    sigma2: Scalar,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    sampler: Optional[Literal["ode", "sde"]] = None,
    eta: Optional[Scalar] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """How far the mean field is from particles at finite dimension, predicted without a simulation.

    Parameters
    ----------
    alpha : numbers; required
        class rates: start:stop:count[:log] or a comma list, > 0
    w : numbers; required, or scale
        guidance coefficients: s = s_c + w (s_c - s_u)
    scale : numbers
        guidance scales 1 + w, in place of w
    d : numbers; required
        dimensions, a range or a comma list
    sigma2 : number, or several; required
        variance inside a class, > 0
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    sampler : word; default: ode
        probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm): ode, sde
    eta : number, or several
        noise level of the sampler, >= 0, in place of sampler
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    validity(alpha=0.5, w=[1, 4], d=[16, 32, 64], sigma2=0.25)
    # d = 16: w = 1 within 1 %, w = 4 within 5 %
    """
    return _run(
        "validity",
        {
            "sigma2": sigma2,
            "eta": eta,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "alpha": alpha,
            "w": w,
            "scale": scale,
            "d": d,
            "ensemble": ensemble,
            "sampler": sampler,
            "process": process,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def validate(
    *,
    quick: bool = False,
    thorough: bool = False,
    only: Optional[Words] = None,
    list: bool = False,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    backend: Optional[Literal["auto", "native", "wasm-relaxed", "wasm", "plain"]] = None,
    checkpoint: Optional[FilePath] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Claims about guided diffusion, each measured by theory and simulation and judged by a stated
    test.

    Parameters
    ----------
    quick : bool
        under a minute; claims that need more effort are reported inconclusive
    thorough : bool
        hours; use checkpoint (without either: under ten minutes on two cores)
    only : text, or several
        these claims, a comma list
    list : bool
        say what is claimed, and by whom, and measure nothing
    seed : number, or several; default: 1
        seed of the random numbers
    workers : number, or several; default: all processors
        threads
    backend : word; default: auto
        engine for the sums over classes: auto, native, wasm-relaxed, wasm, plain
    checkpoint : path
        keeps finished work in a file, and continues from it if it is there
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    validate(quick=True, out="validation")
    """
    return _run(
        "validate",
        {
            "seed": seed,
            "workers": workers,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "quick": quick,
            "thorough": thorough,
            "only": only,
            "list": list,
            "backend": backend,
            "checkpoint": _path(checkpoint),
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def report(
    *,
    sigma2: Optional[Scalar] = None,
    w: Optional[Scalar] = None,
    ensemble: Optional[Literal["gaussian", "spherical"]] = None,
    process: Optional[Literal["ou", "ve", "flow"]] = None,
    only: Optional[Union[Literal["phase-diagram", "trajectories-ode", "trajectories-sde", "potential", "distortion", "comparison-ode", "comparison-sde"], Sequence[Literal["phase-diagram", "trajectories-ode", "trajectories-sde", "potential", "distortion", "comparison-ode", "comparison-sde"]]]] = None,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    progress: Optional[Progress] = None,
) -> Result:
    """Phase diagram, trajectories, potentials and their cross-check by simulation, on one
    self-contained page.

    Parameters
    ----------
    sigma2 : number, or several; default: 0.25
        variance inside a class, > 0
    w : number, or several; default: 1
        guidance coefficient of the trajectories
    ensemble : word; default: gaussian
        class centres: gaussian, spherical
    process : word; default: ou
        forward process (vp is ou): ou, ve, flow
    only : word, or several
        these figures, a comma list of phase-diagram, trajectories-ode, trajectories-sde, potential,
        distortion, comparison-ode, comparison-sde
    seed : number, or several; default: 1
        seed of the random numbers
    workers : number, or several; default: all processors
        threads
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    format : word, or several; default: html
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet; csv and json are always written
    width : text, or several; default: page
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    report(out="report")
    """
    return _run(
        "report",
        {
            "sigma2": sigma2,
            "w": w,
            "seed": seed,
            "workers": workers,
            "resolution": resolution,
            "fontSize": font_size,
        },
        {
            "ensemble": ensemble,
            "process": process,
            "only": only,
            "out": _path(out),
            "force": force,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
        },
        progress,
    )


def figures(
    *,
    only: Optional[Words] = None,
    quick: bool = False,
    format: Optional[Union[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"], Sequence[Literal["html", "svg", "png", "pdf", "csv", "json", "npz", "parquet"]]]] = None,
    width: Optional[Words] = None,
    resolution: Optional[Scalar] = None,
    font_size: Optional[Scalar] = None,
    title: Optional[str] = None,
    font: Optional[str] = None,
    colours: Optional[Words] = None,
    panels: Optional[Words] = None,
    alpha: Optional[Numbers] = None,
    w: Optional[Numbers] = None,
    scale: Optional[Numbers] = None,
    schedule: Optional[str] = None,
    clock: Optional[str] = None,
    sigma2: Optional[Scalar] = None,
    ensemble: Optional[str] = None,
    sampler: Optional[str] = None,
    eta: Optional[Scalar] = None,
    process: Optional[str] = None,
    t_max: Optional[Scalar] = None,
    d: Optional[Numbers] = None,
    seed: Optional[Scalar] = None,
    workers: Optional[Scalar] = None,
    out: Optional[FilePath] = None,
    force: bool = False,
    progress: Optional[Progress] = None,
) -> Result:
    """Lists the named figures, or draws them (only) to HTML, SVG, PNG and PDF with their data
    beside them.

    Parameters
    ----------
    only : text, or several
        draw these figures, a comma list; all for every one (without it: list them)
    quick : bool
        figures of claims from the quick simulations of validate
    format : word, or several; default: html,svg,png,pdf,csv,json
        formats of the figure and its numbers, a comma list of html, svg, png, pdf, csv, json, npz,
        parquet
    width : text, or several; default: page,column
        width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several
        by comma
    resolution : number, or several; default: 300
        dots per inch of PNG files
    font_size : number, or several; default: 8.3
        points of the axis titles of images; marks and lines scale along, in [5, 14]
    title : text
        title of the figure, which images have above their panels
    font : text
        font of its letters, where the machine has it
    colours : text, or several; default: okabe-ito
        okabe-ito, tol-bright, grey, or colours by comma for those of the figure in their order
        (#0072b2, red)
    panels : text, or several; default: all
        panels that are kept, in their new order: a,c
    alpha : numbers
        class rate, or rates
    w : numbers
        guidance coefficient, or coefficients
    scale : numbers
        guidance scale 1 + w, in place of w
    schedule : text
        w as a formula of clock, in place of w
    clock : text
        variable of schedule
    sigma2 : number, or several
        variance inside a class
    ensemble : text
        class centres
    sampler : text
        probability flow or reverse diffusion
    eta : number, or several
        noise level of the sampler, in place of sampler
    process : text
        forward process
    t_max : number, or several
        start of sampling in process time
    d : numbers
        dimension of simulations, or dimensions
    seed : number, or several
        seed of the random numbers
    workers : number, or several
        threads
    out : path
        also write files to this folder
    force : bool
        overwrite results in out
    progress : function, optional
        is told the stage and the fraction that is done

    Example
    -------
    figures(only=["phase-diagram", "potential"], out="figures")
    figures(only="phase-diagram", sigma2=0.1, format="pdf", width="86mm")
    figures(only="all", quick=True)
    """
    return _run(
        "figures",
        {
            "resolution": resolution,
            "fontSize": font_size,
            "sigma2": sigma2,
            "eta": eta,
            "tMax": t_max,
            "seed": seed,
            "workers": workers,
        },
        {
            "only": only,
            "quick": quick,
            "format": format,
            "width": width,
            "title": title,
            "font": font,
            "colours": colours,
            "panels": panels,
            "alpha": alpha,
            "w": w,
            "scale": scale,
            "schedule": schedule,
            "clock": clock,
            "ensemble": ensemble,
            "sampler": sampler,
            "process": process,
            "d": d,
            "out": _path(out),
            "force": force,
        },
        progress,
    )
# --- end of the generated part ---
