"""kin in a real terminal: a pty, a size, answers typed when they are asked for."""

import os
import pty
import select
import signal
import struct
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from termios import TIOCSWINSZ

PATIENCE = 30.0  # seconds until a test says that kin hangs


@dataclass(frozen=True)
class Seen:
    """What the terminal showed, and how kin ended."""

    code: int
    screen: str


def on_terminal(
    words: Sequence[str],
    answers: Sequence[tuple[str, str]] = (),
    *,
    columns: int = 80,
    rows: int = 24,
    environment: Mapping[str, str] = os.environ,
) -> Seen:
    """Run kin on a pty; for each (question, answer) type the answer once the question is seen.

    The answer `^C` is the interrupt key.
    """
    child, terminal = pty.fork()
    if child == 0:
        ioctl(0, TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        kept = {
            name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")
        }
        os.execve(
            sys.executable,
            [sys.executable, "-m", "kin", *words],
            {"TERM": "xterm-256color", "PAGER": "cat", **kept},
        )
    return _watched(child, terminal, list(answers))


def _watched(child: int, terminal: int, answers: list[tuple[str, str]]) -> Seen:
    screen, looked_to, end = "", 0, time.monotonic() + PATIENCE
    while True:
        ready, _, _ = select.select([terminal], [], [], max(end - time.monotonic(), 0))
        if not ready:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError(f"kin hangs; the screen says:\n{screen}")
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other side has closed
            part = b""
        if not part:
            break
        screen += part.decode(errors="replace")
        if answers and answers[0][0] in screen[looked_to:]:
            looked_to = len(screen)
            answer = answers.pop(0)[1]
            os.write(terminal, b"\x03" if answer == "^C" else answer.encode() + b"\n")
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert not answers, f"never asked: {answers[0][0]!r}; the screen says:\n{screen}"
    return Seen(os.waitstatus_to_exitcode(status), screen.replace("\r\n", "\n"))
