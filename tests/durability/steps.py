"""Ending kin at any of its steps: before the n-th time that it asks the system to change a name or a file."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.terminal import beside, ended

STEPS = ("open", "fsync", "link", "replace", "rename", "unlink", "mkdir", "rmdir")


def killed_at(number: int, steps: tuple[str, ...] = STEPS) -> Callable[[], None]:
    """Return what makes a process kill itself before the step of that number, if it comes to it."""

    def prepare() -> None:
        left = [number]

        def counted(asked: Callable[..., Any]) -> Callable[..., Any]:
            def step(*given: Any, **named: Any) -> Any:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return asked(*given, **named)

            return step

        for name in steps:
            setattr(os, name, counted(getattr(os, name)))

    return prepare


def each_kill(*words: str, most: int = 300, steps: tuple[str, ...] = STEPS) -> Iterator[int]:
    """Run a command again and again, killed one step later each time; yield after each, until it ends by itself."""
    for number in range(most):
        code = ended(beside(words, before=killed_at(number, steps)))
        if code == 0:
            assert number, "it was never killed"
            return
        assert code == -signal.SIGKILL, (words, number, code)
        yield number
    raise AssertionError(f"{words} goes on after {most} steps")


def hidden(folder: Path) -> list[str]:
    """Return all hidden names below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(".*"))
