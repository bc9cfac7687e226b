"""The owner's editor: no shell, a folder of its own for the file, and nothing lost when it fails."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kin.cli import console
from kin.errors import KinError


class EditorError(KinError):
    """The editor did not do its work."""


def edit(environment: Mapping[str, str], start: str, name: str) -> tuple[str, Path]:
    """Let the owner write, beginning with `start`; return the text and the file it is kept in.

    The file is the owner's alone (0700, 0600). Who calls removes it with `done` once the text is
    safe in the book; until then it stays, and an error names it.
    """
    folder = Path(tempfile.mkdtemp(prefix="kin-"))  # mkdtemp makes it 0700
    path = folder / name
    with open(
        os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600),
        "w",
        encoding="utf-8",
        newline="",
    ) as file:
        file.write(start)
    code = _ran(environment, path)
    if code != 0:
        raise EditorError(
            f"Your editor ended with code {code}; nothing was written.", _where_it_is(path)
        )
    if not path.is_file():  # nor is a pipe waited for
        what = "left no file" if os.path.lexists(path) else "took the file away"
        raise EditorError(f"Your editor {what}; nothing was written.", _where_it_is(path))
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read(), path
    except (OSError, UnicodeDecodeError) as error:
        raise EditorError(
            f"Cannot read back what the editor wrote: {error}.", _where_it_is(path)
        ) from error


def _where_it_is(path: Path) -> str:
    """Say where the words are that were typed, if they are anywhere."""
    if path.is_file():
        return f"What you typed is kept in {path}"
    if any(path.parent.iterdir()):
        return f"There is no such file any more. What your editor left is in {path.parent}"
    done(path)
    return "There is no such file any more, and nothing is left of what was typed."


def _ran(environment: Mapping[str, str], path: Path) -> int:
    named = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    try:
        with console.interrupts_are_theirs():
            words = [*shlex.split(named), str(path)]
            return subprocess.run(words, check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        done(path)
        raise EditorError(
            f"Cannot start your editor “{named}”: {getattr(error, 'strerror', None) or error}.",
            "Set EDITOR to a program that is there; nothing was written.",
        ) from error


def done(path: Path) -> None:
    """Remove the file and what an editor left beside it, now that its words are in the book."""
    shutil.rmtree(path.parent)
