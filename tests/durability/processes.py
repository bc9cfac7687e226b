"""Processes that work on one book: started together, read through a pipe, and killed at any moment.

What a process reports is read even if it is killed right afterwards. The processes are forked from the test, so that a
protection which the test removed is missing in them too.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from kin.errors import KinError

PATIENCE = 120.0  # seconds until a process counts as hanging
Report = Callable[[str], None]
Work = Callable[[Report], object]


class ExitedProcess(NamedTuple):
    """The exit code of a process (minus the signal that killed it, if any), and the lines that it reported."""

    code: int
    lines: list[str]


@dataclass
class Process:
    """A running process."""

    pid: int
    pipe: int
    output: bytes = b""

    def read(self, patience: float = PATIENCE) -> bool:
        """Read its next output; return False at the end. Waits at most `patience` seconds."""
        ready, _, _ = select.select([self.pipe], [], [], patience)
        if not ready:
            return True
        data = os.read(self.pipe, 65536)
        self.output += data
        return bool(data)

    def wait_for_lines(self, lines: int) -> None:
        """Wait until it has reported this many lines, or ends."""
        while self.output.count(b"\n") < lines and self.read():
            pass

    def run_for(self, seconds: float) -> bool:
        """Let it run for this many seconds; return False if it ended."""
        end = time.monotonic() + seconds
        while (remaining := end - time.monotonic()) > 0:
            if not self.read(remaining):
                return False
        return True

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self) -> ExitedProcess:
        """Wait until it ends."""
        while True:
            before = len(self.output)
            if not self.read():
                break
            if len(self.output) == before:
                self.send(signal.SIGKILL)
                raise AssertionError("a process hangs")
        os.close(self.pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return ExitedProcess(code, self.output.decode().split("\n")[:-1])


def start(work: Work, gate: tuple[int, int] | None = None) -> Process:
    """Start a process that does `work` once the gate is open; its exit code is 0, or 1 for any exception.

    Its standard streams are discarded.
    """
    output, report = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.close(report)
        return Process(child, output)
    os.close(output)
    _run(work, report, gate)


def run_together(works: Sequence[Work]) -> list[ExitedProcess]:
    """Do these works in processes that start at the same moment; return how they ended."""
    gate = os.pipe()
    processes = [start(work, gate) for work in works]
    for end in gate:
        os.close(end)
    return [process.wait() for process in processes]


def _run(work: Work, report: int, gate: tuple[int, int] | None) -> NoReturn:
    code = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(stream, mode, closefd=False)
            for stream, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if gate:
            os.close(gate[1])
            os.read(gate[0], 1)  # returns when all other processes have closed it
        work(lambda words: _write_line(report, words))
        code = 0
    except KeyboardInterrupt:
        code = 130
    except KinError as error:
        _write_line(report, f"! {error.message}")
    except BaseException as error:
        _write_line(report, f"! {type(error).__name__}: {error}".replace("\n", " "))
    finally:
        os._exit(code)


def _write_line(pipe: int, words: str) -> None:
    os.write(pipe, f"{words}\n".encode())
