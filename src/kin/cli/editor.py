"""The owner's editor: started without a shell, on a file in a temporary folder made for it."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from kin.cli import console
from kin.errors import KinError
from kin.language.text import command_line

Kind = Literal["card", "note"]


class EditorError(KinError):
    """The text could not be edited."""


def file_in(folder: Path, kind: Kind) -> Path:
    """Return the path of the file to edit.

    Other users see it in the process list while the editor is open, so the name says nothing
    about who is in the book.
    """
    return folder / f"{kind}.txt"


class Draft:
    """A text being edited, as a file (0600) in a folder of its own (0700).

    The folder stays until `remove` is called, which removes this folder and nothing else.
    """

    def __init__(self, kind: Kind, text: str) -> None:
        """Make the folder and write the text; leave nothing behind where that fails."""
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="kin-"))
        except OSError as error:
            raise _no_temporary_file(error) from error
        self._identity = _identity(self._folder)
        self.path = file_in(self._folder, kind)
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            with open(os.open(self.path, flags, 0o600), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            self.remove()
            raise _no_temporary_file(error) from error
        except BaseException:
            self.remove()
            raise

    def read(self) -> str:
        """Return what the editor wrote; raise EditorError where it cannot be read."""
        if not self.path.is_file():  # so that reading does not wait for a pipe
            what = "left no file" if os.path.lexists(self.path) else "took the file away"
            raise EditorError(f"Your editor {what}; nothing was written.", self.whereabouts())
        try:
            with open(self.path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, UnicodeDecodeError, MemoryError) as error:
            why = "not enough memory" if isinstance(error, MemoryError) else error
            raise EditorError(
                f"Cannot read back what the editor wrote: {why}.", self.whereabouts()
            ) from error

    def whereabouts(self) -> str:
        """Say where the typed text is now; remove the folder where it holds nothing."""
        if self.path.is_file():
            return f"What you typed is kept in {self.path}"
        try:
            left = os.listdir(self._folder)
        except OSError:
            left = []
        if left:
            return f"There is no such file any more. What your editor left is in {self._folder}"
        self.remove()
        return "There is no such file any more, and nothing is left of what was typed."

    def remove(self) -> None:
        """Remove the folder with everything in it; warn where it cannot be removed."""
        try:
            # Only the very folder that was made: not one put in its place, and no link.
            if _identity(self._folder) == self._identity:
                shutil.rmtree(self._folder)
        except FileNotFoundError:
            pass  # the editor has removed it
        except OSError as error:
            console.warn(
                f"Cannot remove a temporary folder: {error.strerror}. "
                f"Remove it: {command_line('rm -r', str(self._folder))}"
            )


def edit(environment: Mapping[str, str], kind: Kind, start: str) -> tuple[str, Draft]:
    """Open the owner's editor on a draft that begins with `start`; return the text and the draft.

    The caller removes the draft once its text is in the book. Until then it stays, and an error
    names its file.
    """
    named = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    draft = Draft(kind, start)
    try:
        with console.interrupts_are_theirs():
            words = [*shlex.split(named), str(draft.path)]
            code = subprocess.run(words, check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        draft.remove()
        raise EditorError(
            f"Cannot start your editor “{named}”: {getattr(error, 'strerror', None) or error}.",
            "Set EDITOR to a program that is there; nothing was written.",
        ) from error
    if code != 0:
        raise EditorError(
            f"Your editor ended with code {code}; nothing was written.", draft.whereabouts()
        )
    return draft.read(), draft


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.lstat()
    return found.st_dev, found.st_ino


def _no_temporary_file(error: OSError) -> EditorError:
    return EditorError(
        f"Cannot make a temporary file for your editor: {error.strerror}.",
        "Make room, or set TMPDIR to another folder; nothing was written.",
    )
