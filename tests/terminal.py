"""kin in a process of its own: on a terminal, with answers typed when it asks, or in parallel with others.

The process is forked from the test's, so that the imports are paid once; what a fresh interpreter
does is tested by `python -m kin`, in the environment of `fresh()`.
"""

import codecs
import ctypes
import os
import pty
import re
import select
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from tempfile import TemporaryFile
from termios import TIOCSWINSZ
from typing import NoReturn

import rich.console
import rich.text  # noqa: F401

import kin
import kin.cli.commands.demo
from kin.cli import main
from tests.conftest import Result

PATIENCE = 30.0  # seconds until a test reports that kin hangs
SILENCE = b"silence"
KEYS = {"^C": b"\x03", "^D": b"\x04"}
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")

Answer = str | Callable[[], str]
Words = Sequence[str]


@dataclass(frozen=True)
class Seen:
    """What the terminal showed, and how kin ended."""

    code: int
    screen: str

    @property
    def rows(self) -> list[str]:
        """The lines on the screen, without their styles."""
        return ESCAPES.sub("", self.screen).removesuffix("\n").split("\n")


def on_terminal(
    words: Words,
    answers: Sequence[tuple[str, Answer]] = (),
    *,
    columns: int = 80,
    rows: int = 24,
    environment: Mapping[str, str] | None = None,
    stdout: int | None = None,
) -> Seen:
    """Run kin on a pty; for each (question, answer) type the answer once the question is seen.

    The answers `^C` and `^D` are those keys; a function is called while kin waits, and returns
    the answer. `environment` is added to the test's own; `stdout` gets the result in its place.
    """
    own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    all_variables = {"TERM": "xterm-256color", "PAGER": "cat", **own, **(environment or {})}
    sys.stdout.flush()
    child, terminal = pty.fork()
    if child == 0:
        ioctl(0, TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if stdout is not None:
            os.dup2(stdout, 1)
        _be_kin([words], all_variables)
    return _watched(child, terminal, list(answers))


def beside(
    *commands: Words,
    streams: Mapping[int, int | None] | None = None,
    before: Callable[[], object] = lambda: None,
) -> int:
    """Start these commands in another process, and return its ID for `ended`.

    Its streams 0, 1 and 2 are /dev/null, or the given files, or closed where None is given;
    `before` is called in it first.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    null = os.open(os.devnull, os.O_RDWR)
    given = {0: null, 1: null, 2: null, **(streams or {})}
    for stream, file in given.items():
        if file is not None:
            os.dup2(file, stream)
    closed = [stream for stream, file in given.items() if file is None]
    _be_kin(commands, dict(os.environ), closed, before)


def ended(child: int) -> int:
    """Wait for another process and return its exit code: minus its signal, if one ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def apart(*words: str, before: Callable[[], object] = lambda: None) -> Result:
    """Run kin in another process, after calling `before` in it, and return its result."""
    with TemporaryFile() as out, TemporaryFile() as err:
        code = ended(beside(words, streams={1: out.fileno(), 2: err.fileno()}, before=before))
        output = []
        for file in (out, err):
            file.seek(0)
            output.append(file.read().decode())
    return Result(code, *output)


def at_once(*processes: Sequence[Words]) -> list[int]:
    """Start several processes at the same moment, each with its commands; return their exit codes."""
    gate, opened = os.pipe()

    def wait() -> None:
        os.close(opened)
        os.read(gate, 1)  # ends when the last writer has closed the pipe

    children = [beside(*commands, before=wait) for commands in processes]
    os.close(gate)
    os.close(opened)
    return list(map(ended, children))


def fresh(**more: str) -> dict[str, str]:
    """Return the environment for `python -m kin` in an interpreter of its own."""
    return {**os.environ, "PYTHONPATH": str(Path(kin.__file__).parents[1]), **more}


def program(path: Path, *lines: str) -> str:
    """Write a shell script, an editor or a pager, and return its path."""
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return str(path)


def _be_kin(
    commands: Sequence[Words],
    environment: Mapping[str, str],
    closed: Sequence[int] = (),
    before: Callable[[], object] = lambda: None,
) -> NoReturn:
    """Turn this forked process into kin, and end it with the first exit code that is not 0."""
    code = 70  # a traceback, which kin must never show
    try:
        os.environ.clear()
        os.environ.update(environment)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _ask_without_readline()
        for at in closed:
            os.close(at)
        sys.stdin, sys.stdout, sys.stderr = (
            None if at in closed else os.fdopen(at, mode, closefd=False)
            for at, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        before()
        for words in commands:
            code = main(words)
            if code:
                break
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BrokenPipeError:
        code = 120  # as Python ends when it cannot flush its streams
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _ask_without_readline() -> None:
    """Let questions be asked as in a fresh kin: pytest has loaded readline, which kin never does."""
    pointer = ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_ReadlineFunctionPointer")
    pointer.value = None


def _watched(child: int, terminal: int, answers: list[tuple[str, Answer]]) -> Seen:
    seen, looked_to, pressed, end = "", 0, b"", time.monotonic() + PATIENCE
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while part := _read(terminal, 1.0 if pressed else PATIENCE):
        if part is not SILENCE:
            seen += decoder.decode(part)
        elif pressed and time.monotonic() < end:
            os.write(terminal, pressed)  # pressed just before kin began to read: press it again
            continue
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError(f"kin hangs; the screen says:\n{seen}")
        if answers and answers[0][0] in seen[looked_to:]:
            looked_to = len(seen)
            answer = answers.pop(0)[1]
            typed = answer if isinstance(answer, str) else answer()
            pressed = KEYS.get(typed, b"")
            os.write(terminal, pressed or typed.encode() + b"\n")
    os.close(terminal)
    code = ended(child)
    assert not answers, f"never asked: {answers[0][0]!r}; the screen says:\n{seen}"
    return Seen(code, seen.replace("\r\n", "\n"))


def _read(terminal: int, patience: float) -> bytes:
    """Return what comes next from the terminal, SILENCE if nothing does, b"" at its end."""
    ready, _, _ = select.select([terminal], [], [], patience)
    if not ready:
        return SILENCE
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side has closed
        return b""
