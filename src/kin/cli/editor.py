"""The owner's editor: no shell, a folder of its own for the file, and nothing lost when it fails."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

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
    words = shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "vi")
    try:
        code = subprocess.run([*words, str(path)], check=False).returncode  # noqa: S603
    except OSError as error:
        done(path)
        raise EditorError(
            f"Cannot start your editor “{words[0] if words else ''}”: {error.strerror}.",
            "Set EDITOR to a program that is there; nothing was written.",
        ) from error
    if code != 0:
        raise EditorError(
            f"Your editor ended with code {code}; nothing was written.",
            f"What you typed is kept in {path}",
        )
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read(), path
    except (OSError, UnicodeDecodeError) as error:
        raise EditorError(
            f"Cannot read back what the editor wrote: {error}.", f"It is kept in {path}"
        ) from error


def done(path: Path) -> None:
    """Remove the file, now that its words are in the book."""
    path.unlink(missing_ok=True)
    for left in path.parent.iterdir():  # an editor's own backup of the same words
        left.unlink()
    path.parent.rmdir()
