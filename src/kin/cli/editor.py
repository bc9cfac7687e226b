"""Editing a text in VISUAL or EDITOR, started without a shell on a file in a folder of its own."""

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
from kin.language.text import format_command

DraftKind = Literal["card", "note"]


class EditorError(KinError):
    """The text could not be edited."""


def get_draft_path(folder: Path, kind: DraftKind) -> Path:
    """Return the path of the file to edit.

    Other users see it in the process list while the editor is open, so the name says nothing
    about who is in the book.
    """
    return folder / f"{kind}.txt"


class Draft:
    """A text being edited, as a file (0600) in a folder of its own (0700).

    The folder stays until `remove` is called, which removes this folder and nothing else.
    """

    def __init__(self, kind: DraftKind, text: str) -> None:
        """Make the folder and write the text; remove both where that fails."""
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="kin-"))
        except OSError as error:
            raise _make_temporary_file_error(error) from error
        self._identity = _read_identity(self._folder)
        self.path = get_draft_path(self._folder, kind)
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            with open(os.open(self.path, flags, 0o600), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            self.remove()
            raise _make_temporary_file_error(error) from error
        except BaseException:
            self.remove()
            raise

    def read(self) -> str:
        """Return what the editor wrote; raise EditorError where it cannot be read."""
        if not self.path.is_file():  # so that reading does not wait for a pipe
            problem = "left no regular file" if os.path.lexists(self.path) else "removed the file"
            raise EditorError(
                f"Your editor {problem}. Nothing was written.", self.describe_location()
            )
        try:
            with open(self.path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, UnicodeDecodeError, MemoryError) as error:
            reason = "not enough memory" if isinstance(error, MemoryError) else error
            raise EditorError(
                f"Cannot read what your editor wrote: {reason}.", self.describe_location()
            ) from error

    def describe_location(self) -> str:
        """Return a sentence that says where the typed text is; remove the folder where it is empty."""
        if self.path.is_file():
            return f"What you typed is kept in {self.path}"
        try:
            entries = os.listdir(self._folder)
        except OSError:
            entries = []
        if entries:
            return f"The file is gone. What your editor left is in {self._folder}"
        self.remove()
        return "The file is gone, and with it what you typed."

    def remove(self) -> None:
        """Remove the folder and everything in it; warn where that fails."""
        try:
            # Only the folder made above: not another one at its path, and not a link.
            if _read_identity(self._folder) == self._identity:
                shutil.rmtree(self._folder)
        except FileNotFoundError:
            pass  # the editor removed it
        except OSError as error:
            console.print_warning(
                f"Cannot remove a temporary folder: {error.strerror}. "
                f"Remove it: {format_command('rm -r', str(self._folder))}"
            )


def edit_text(
    environment: Mapping[str, str], kind: DraftKind, initial_text: str
) -> tuple[str, Draft]:
    """Open the editor on a draft with the initial text; return the edited text and the draft.

    The caller removes the draft once its text is in the book. Until then the file stays, and every
    error says where it is.
    """
    editor = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    draft = Draft(kind, initial_text)
    try:
        with console.leave_interrupts_to_child():
            words = [*shlex.split(editor), str(draft.path)]
            code = subprocess.run(words, check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        draft.remove()
        raise EditorError(
            f"Cannot start your editor “{editor}”: {getattr(error, 'strerror', None) or error}.",
            "Set EDITOR to another program. Nothing was written.",
        ) from error
    if code != 0:
        raise EditorError(
            f"Your editor ended with code {code}. Nothing was written.", draft.describe_location()
        )
    return draft.read(), draft


def _read_identity(folder: Path) -> tuple[int, int]:
    status = folder.lstat()
    return status.st_dev, status.st_ino


def _make_temporary_file_error(error: OSError) -> EditorError:
    return EditorError(
        f"Cannot make a temporary file for your editor: {error.strerror}.",
        "Free some disk space, or set TMPDIR to another folder. Nothing was written.",
    )
