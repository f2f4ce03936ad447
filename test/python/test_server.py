"""The process that answers: threads, forks, ends, interrupts, and what is told where it cannot be had."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any, List, Tuple

from support import LONG, MAIN, MODULE, NODE, ROOT, cfg_dmft, is_alive, pid_of, python

EASY = {"alpha": 0.5, "w": 1, "sigma2": 0.25}

#: A server of protocol 1 in Python: it answers two requests in their reverse order, and says what it is told to cancel.
STAND_IN = """
import json, sys
print(json.dumps({"protocol": %d, "version": "9.9.9"}), flush=True)
held = []
for line in sys.stdin:
    request = json.loads(line)
    held.append(request)
    if len(held) == 2:
        for one in reversed(held):
            if "id" in one:
                print(json.dumps({"id": one["id"], "result": {"told": held}, "notes": [], "failure": None}), flush=True)
        held = []
"""


def solve_m(alpha: float) -> float:
    m: float = cfg_dmft.solve(alpha=alpha, w=1, sigma2=0.25).m
    return m


def wait_until(condition: Any, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Together(unittest.TestCase):
    """Several that ask."""

    def test_threads_share_one_process(self) -> None:
        alphas = [0.1 * i for i in range(1, 13)]
        expected = [solve_m(alpha) for alpha in alphas]
        pid = pid_of(cfg_dmft.default_server())
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            self.assertEqual(list(pool.map(solve_m, alphas)), expected)
        self.assertEqual(pid_of(cfg_dmft.default_server()), pid)

    def test_answers_in_another_order(self) -> None:
        with stand_in() as server:
            first, second = server.submit("one"), server.submit("two")
            done = concurrent.futures.wait([first, second], 10)
            self.assertEqual(len(done.done), 2)
            self.assertEqual([one["method"] for one in first.result()["told"]], ["one", "two"])

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_forked_child_has_a_process_of_its_own(self) -> None:
        expected = solve_m(0.5)
        server = cfg_dmft.default_server()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.write(writer, f"{solve_m(0.5) == expected} {pid_of(server)}".encode())
                server.close()
                code = 0
            finally:
                os._exit(code)
        os.close(writer)
        told = os.read(reader, 100).decode().split()
        os.close(reader)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(told[0], "True")
        self.assertNotEqual(int(told[1]), pid_of(server))
        self.assertEqual(solve_m(0.5), expected)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_forked_child_does_not_keep_the_process_alive(self) -> None:
        with cfg_dmft.Server() as server:
            server.request("solve", EASY)
            process = server._process
            assert process is not None
            child = os.fork()
            if child == 0:
                time.sleep(60)
                os._exit(0)
            try:
                begin = time.monotonic()
                server.close()
                self.assertEqual(process.popen.returncode, 0)  # it was not killed
                self.assertLess(time.monotonic() - begin, 4)
            finally:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)

    def test_processes_of_multiprocessing(self) -> None:
        alphas = [0.2, 0.4]
        expected = [solve_m(alpha) for alpha in alphas]
        for method in multiprocessing.get_all_start_methods():
            if method != "forkserver":
                with multiprocessing.get_context(method).Pool(1) as pool:
                    self.assertEqual(pool.map(solve_m, alphas), expected, method)


class Ends(unittest.TestCase):
    """Ends of the process, and of this one."""

    def test_a_killed_process_is_told_once_and_replaced(self) -> None:
        with cfg_dmft.Server() as server:
            future = server.submit("simulate", LONG)
            killed = pid_of(server)
            os.kill(killed, signal.SIGKILL)
            with self.assertRaisesRegex(cfg_dmft.ServerError, r"has ended \(signal 9\).*the next call starts another"):
                future.result(20)
            self.assertAlmostEqual(server.request("solve", EASY).m, 1.2775434080020)
            self.assertNotEqual(pid_of(server), killed)

    def test_killed_while_idle(self) -> None:
        with cfg_dmft.Server() as server:
            server.request("solve", EASY)
            process = server._process
            assert process is not None
            process.popen.kill()
            self.assertTrue(wait_until(lambda: process.is_over))
            self.assertAlmostEqual(server.request("solve", EASY).m, 1.2775434080020)

    def test_no_process_is_left_of_a_killed_python(self) -> None:
        for work in ("pass", f"server.submit('simulate', {LONG!r})"):
            parent = python(
                "import cfg_dmft, time\nserver = cfg_dmft.default_server()\n"
                f"server.request('solve', {EASY!r})\n{work}\n"
                "print(server._process.popen.pid, flush=True)\ntime.sleep(60)"
            )
            assert parent.stdout is not None
            pid = int(parent.stdout.readline())
            self.assertTrue(is_alive(pid))
            parent.kill()
            parent.communicate()
            self.assertTrue(wait_until(lambda: not is_alive(pid)), work)

    def test_python_ends_at_once(self) -> None:
        begin = time.monotonic()
        parent = python(
            "import cfg_dmft\nserver = cfg_dmft.default_server()\n"
            f"server.submit('simulate', {LONG!r})\nprint(server._process.popen.pid)"
        )
        out, err = parent.communicate(timeout=30)
        self.assertEqual((parent.returncode, err), (0, ""))
        self.assertLess(time.monotonic() - begin, 10)
        self.assertFalse(is_alive(int(out)))


class GivenUp(unittest.TestCase):
    """Requests that nobody waits for any more."""

    def test_an_interrupt(self) -> None:
        child = python(
            "import cfg_dmft, threading, os, signal, time\nserver = cfg_dmft.default_server()\n"
            f"server.request('solve', {EASY!r})\npid = server._process.popen.pid\n"
            # As a terminal does: to all processes of the group.
            "threading.Timer(0.5, os.killpg, (os.getpgid(0), signal.SIGINT)).start()\n"
            f"try:\n    cfg_dmft.simulate(**{LONG!r})\nexcept KeyboardInterrupt:\n    begin = time.monotonic()\n"
            f"    print(server.request('solve', {EASY!r}).m == 1.277543408002014, server._process.popen.pid == pid, "
            "time.monotonic() - begin < 5)",
            start_new_session=True,
        )
        out, err = child.communicate(timeout=60)
        self.assertEqual((out.split(), err), (["True"] * 3, ""))

    def test_a_cancelled_future(self) -> None:
        server = cfg_dmft.default_server()
        futures = [server.submit("simulate", LONG), server.submit("solve", EASY)]
        self.assertTrue(futures[0].cancel())
        self.assertTrue(futures[0].cancelled())
        finished = list(concurrent.futures.as_completed(futures, 20))
        self.assertEqual(len(finished), 2)
        with self.assertRaises(concurrent.futures.CancelledError):
            futures[0].result()
        self.assertFalse(futures[1].cancel())

    def test_the_server_is_told(self) -> None:
        with stand_in() as server:
            server.submit("one").cancel()
            told = server.submit("three")
            server.submit("four")
            methods = [one.get("method", one.get("cancel")) for one in told.result(10)["told"]]
            self.assertEqual(methods, ["three", "four"])

    def test_the_server_is_told_of_a_request_too(self) -> None:
        with stand_in() as server:
            with self.assertRaises(TimeoutError):
                server.request("one", timeout=0.2)
            told = server.submit("three")
            server.submit("four")
            self.assertEqual([one.get("method") for one in told.result(10)["told"]], ["three", "four"])

    def test_a_time_limit(self) -> None:
        begin = time.monotonic()
        with self.assertRaisesRegex(TimeoutError, "^simulate took longer than 0.3 seconds$"):
            cfg_dmft.default_server().request("simulate", LONG, timeout=0.3)
        self.assertLess(time.monotonic() - begin, 5)

    def test_progress(self) -> None:
        told: List[Tuple[str, float, threading.Thread]] = []
        cfg_dmft.simulate(
            d=10, alpha=0.7, w=1, sigma2=0.25, particles=400, realizations=8, steps=40, workers=1,
            progress=lambda stage, fraction: told.append((stage, fraction, threading.current_thread())),
        )  # fmt: skip
        self.assertGreater(len(told), 1)
        self.assertEqual({stage for stage, _, _ in told}, {"full simulation"})
        self.assertTrue(all(0 <= fraction <= 1 for _, fraction, _ in told))
        self.assertEqual({thread for _, _, thread in told}, {threading.current_thread()})

        def enough(stage: str, fraction: float) -> None:
            raise LookupError("enough")

        begin = time.monotonic()
        with self.assertRaisesRegex(LookupError, "enough"):
            cfg_dmft.simulate(**LONG, progress=enough)  # type: ignore[arg-type]
        self.assertLess(time.monotonic() - begin, 5)


class Missing(unittest.TestCase):
    """What is told where the package cannot be had."""

    def tearDown(self) -> None:
        os.environ.pop("CFG_DMFT", None)

    def told(self, server: cfg_dmft.Server) -> str:
        with self.assertRaises(cfg_dmft.ServerError) as caught:
            server.request("solve", EASY)
        return str(caught.exception)

    def test_another_folder(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            condition = f"must be a folder with dist/cli/main.js, or that file, got {folder}"
            self.assertEqual(self.told(cfg_dmft.Server(folder)), f"package {condition}")
            os.environ["CFG_DMFT"] = folder
            self.assertEqual(self.told(cfg_dmft.Server()), f"CFG_DMFT {condition}")
        for place in (ROOT, MAIN):
            os.environ["CFG_DMFT"] = str(place)
            self.assertEqual(cfg_dmft._command(None, None), [NODE, str(MAIN)])

    def test_no_node(self) -> None:
        self.assertRegex(self.told(cfg_dmft.Server(node="/nowhere/node")), "^Node is not at /nowhere/node: install Node 20")

    def test_no_package(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            lonely = Path(folder, "cfg_dmft.py")
            shutil.copy(MODULE / "cfg_dmft.py", lonely)
            Path(folder, "bin").mkdir()
            os.symlink(NODE, Path(folder, "bin", "node"))
            code = f"import cfg_dmft\ntry: cfg_dmft.solve(**{EASY!r})\nexcept cfg_dmft.ServerError as error: print(error)"
            environment = {"PATH": str(Path(folder, "bin")), "PYTHONPATH": folder}
            line = [sys.executable, "-c", code]
            done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=True)
            self.assertRegex(done.stdout, r"^the package cfg-dmft was not found: tried CFG_DMFT \(not set\), .*PATH, npx\. ")
            # In node_modules above the working directory it is found.
            os.makedirs(Path(folder, "node_modules"))
            os.symlink(ROOT, Path(folder, "node_modules", "cfg-dmft"))
            Path(folder, "deep").mkdir()
            line[-1] = f"import cfg_dmft; print(cfg_dmft.solve(**{EASY!r}).phase)"
            deep = Path(folder, "deep")
            done = subprocess.run(line, cwd=deep, env=environment, capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout, "speciated\n")

    def test_another_protocol(self) -> None:
        with stand_in(protocol=2) as server:
            told = self.told(server)
        self.assertRegex(told, "is version 9.9.9 with protocol 2, and this cfg_dmft.py is version .* with protocol 1: take both")
        self.assertNotIn("\n", told)

    def test_no_server(self) -> None:
        with stand_in("print('hello')") as server:
            self.assertRegex(self.told(server), "does not answer requests$")
        with stand_in("raise SystemExit('error: unknown command serve')") as server:
            self.assertRegex(self.told(server), "does not answer requests: error: unknown command serve$")
        with stand_in(STAND_IN.split("held = []")[0]) as server:
            self.assertRegex(self.told(server), "has ended|ends as soon as it has started")


class stand_in:
    """A server made of Python."""

    def __init__(self, source: str = STAND_IN, protocol: int = 1) -> None:
        self.folder = tempfile.TemporaryDirectory()
        program = Path(self.folder.name, "main.js")
        program.write_text(source % protocol if "%d" in source else source)
        self.server = cfg_dmft.Server(program, node=sys.executable)

    def __enter__(self) -> cfg_dmft.Server:
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.close()
        self.folder.cleanup()


if __name__ == "__main__":
    unittest.main()
