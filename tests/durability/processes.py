"""Processes that work on one book: begun at once, heard through a pipe, ended by a signal at any moment.

Its one rule: what a process says is heard even if it is killed right behind it. The process is forked from
the test's, so that a protection which a test takes away is away in it too.
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

PATIENCE = 120.0  # seconds until a test says that a process hangs
Say = Callable[[str], None]
Work = Callable[[Say], object]


class Told(NamedTuple):
    """How a process ended (minus the signal, if one ended it), and the lines it said."""

    code: int
    lines: list[str]


@dataclass
class Process:
    """A process that runs beside the test."""

    number: int
    pipe: int
    heard: bytes = b""

    def listen(self, patience: float = PATIENCE) -> bool:
        """Hear what it says next; tell whether there may be more. Nothing within `patience` is more, too."""
        ready, _, _ = select.select([self.pipe], [], [], patience)
        if not ready:
            return True
        said = os.read(self.pipe, 65536)
        self.heard += said
        return bool(said)

    def says(self, lines: int) -> None:
        """Hear it until it has said so many lines, or ends."""
        while self.heard.count(b"\n") < lines and self.listen():
            pass

    def run_for(self, seconds: float) -> bool:
        """Hear what it says, for so long or until it ends; tell whether it goes on."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not self.listen(left):
                return False
        return True

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.number, number)

    def ended(self) -> Told:
        """Hear it to its end."""
        while True:
            before = len(self.heard)
            if not self.listen():
                break
            if len(self.heard) == before:
                self.send(signal.SIGKILL)
                raise AssertionError("a process hangs")
        os.close(self.pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(self.number, 0)[1])
        return Told(code, self.heard.decode().split("\n")[:-1])


def begun(work: Work, gate: tuple[int, int] | None = None) -> Process:
    """Begin a process that does `work`, once the gate is open; its exit code is 0, or 1 for any exception.

    What kin says on the terminal is not heard.
    """
    hears, says = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.close(says)
        return Process(child, hears)
    os.close(hears)
    _work(work, says, gate)


def at_once(works: Sequence[Work]) -> list[Told]:
    """Do these works in processes that begin at the same moment."""
    gate = os.pipe()
    processes = [begun(work, gate) for work in works]
    for end in gate:
        os.close(end)
    return [process.ended() for process in processes]


def _work(work: Work, says: int, gate: tuple[int, int] | None) -> NoReturn:
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
            os.read(gate[0], 1)  # ends when the last other hand has let go
        work(lambda words: _say(says, words))
        code = 0
    except KeyboardInterrupt:
        code = 130
    except KinError as error:
        _say(says, f"! {error.message}")
    except BaseException as error:
        _say(says, f"! {type(error).__name__}: {error}".replace("\n", " "))
    finally:
        os._exit(code)


def _say(pipe: int, words: str) -> None:
    os.write(pipe, f"{words}\n".encode())
