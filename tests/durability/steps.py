"""Killing kin at any step: before the n-th system call that changes a file or a name."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.terminal import beside, ended

STEPS = ("open", "fsync", "link", "replace", "rename", "unlink", "mkdir", "rmdir")


def kill_at(number: int, steps: tuple[str, ...] = STEPS) -> Callable[[], None]:
    """Return a function that makes a process kill itself before the step of this number, if it gets there."""

    def prepare() -> None:
        remaining = [number]

        def count_calls(function: Callable[..., Any]) -> Callable[..., Any]:
            def step(*args: Any, **kwargs: Any) -> Any:
                if not remaining[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                remaining[0] -= 1
                return function(*args, **kwargs)

            return step

        for name in steps:
            setattr(os, name, count_calls(getattr(os, name)))

    return prepare


def kill_at_each_step(
    *words: str, most: int = 300, steps: tuple[str, ...] = STEPS
) -> Iterator[int]:
    """Run a command repeatedly, killed one step later each time; yield after each kill, until the command completes."""
    for number in range(most):
        code = ended(beside(words, before=kill_at(number, steps)))
        if code == 0:
            assert number, "it was never killed"
            return
        assert code == -signal.SIGKILL, (words, number, code)
        yield number
    raise AssertionError(f"{words} is still running after {most} steps")


def list_hidden(folder: Path) -> list[str]:
    """Return the paths of all hidden files and folders below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(".*"))
