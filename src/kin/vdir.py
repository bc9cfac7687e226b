"""A folder of cards as other programs share it (a vdir): read without following links, written whole.

Its one rule: a file is only put in the place of the very bytes that were read; what changed meanwhile
is left to its writer. See vdirsyncer.pimutils.org/en/stable/vdir.html.
"""

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Container, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from kin.errors import KinError

ENDING = ".vcf"
LARGEST = 64 << 20  # bytes of one card: a photo of some ten million fits
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}", re.ASCII)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class File(NamedTuple):
    """A file of the folder: its bytes and what tells them, or why it was not read."""

    name: str
    data: bytes
    digest: str
    trouble: str = ""


class Folder(NamedTuple):
    """What stands in a folder; `below` are folders in it that have cards."""

    path: Path
    files: tuple[File, ...]
    below: tuple[str, ...]


def digest(data: bytes) -> str:
    """Return what tells these bytes from all others."""
    return hashlib.sha256(data).hexdigest()


def masked(words: str) -> str:
    """Return what tells these words again, and does not tell them."""
    return hashlib.sha256(f"kin:forgotten:{words}".encode()).hexdigest()


def located(path: Path) -> Path:
    """Return the folder's own path; raise KinError where there is none."""
    if not path.is_dir():
        raise KinError(f"There is no folder {path}.", "Make it, or name another.")
    return path.resolve()


def read(path: Path) -> Folder:
    """Read all cards of a folder, not those of folders below."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        named = [each for each in entries if not each.name.startswith(".")]
        files = tuple(
            _read(Path(each.path)) for each in named if each.name.casefold().endswith(ENDING)
        )
        below = tuple(
            each.name
            for each in named
            if each.is_dir(follow_symlinks=False) and any(_cards(Path(each.path)))
        )
    except OSError as error:
        raise KinError(f"Cannot read {path}: {error.strerror}.", "Nothing was written.") from error
    return Folder(path, files, below)


def _cards(folder: Path) -> Iterator[str]:
    try:
        yield from (name for name in os.listdir(folder) if name.casefold().endswith(ENDING))
    except PermissionError:
        return


def _read(path: Path) -> File:
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return File(path.name, b"", "", "its name is no UTF-8 text")
    kind = path.lstat().st_mode
    if not stat.S_ISREG(kind):
        link = stat.S_ISLNK(kind)
        why = "a link, which kin does not follow" if link else "no plain file"
        return File(path.name, b"", "", why)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | _NO_LINK), "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        return File(path.name, b"", "", f"cannot be read: {error.strerror}")
    if len(data) > LARGEST:
        return File(path.name, b"", "", "larger than any card")
    return File(path.name, data, digest(data))


def free_name(uid: str, taken: Container[str]) -> str:
    """Return a name for a new file; `taken` are names in small letters."""
    stem = uid if _PLAIN.fullmatch(uid) else masked(uid)[:32]
    return next(f"{stem}{tail}" for tail in _tails() if f"{stem}{tail}".casefold() not in taken)


def _tails() -> Iterator[str]:
    yield ENDING
    yield from (f"-{number}{ENDING}" for number in count(2))


def put(folder: Path, name: str, data: bytes, expected: str | None) -> bool:
    """Write a file in the place of the one that was read, or, where None is expected, of none.

    Returns False, and has written nothing, where something else stands there now.
    """
    path = folder / name
    # Hidden, and not ending as a card does: nobody who shares the folder takes it for one.
    temporary = folder / f".kin-{secrets.token_hex(8)}.part"
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | _NO_LINK
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            try:
                file.write(data)
                file.flush()
                if expected is not None:
                    os.fchmod(file.fileno(), stat.S_IMODE(path.lstat().st_mode))
                os.fsync(file.fileno())
                if expected is None:
                    _place(temporary, path)
                elif _read(path).digest == expected:
                    os.replace(temporary, path)
                else:
                    return False
            finally:
                temporary.unlink(missing_ok=True)
    except (FileExistsError, FileNotFoundError):
        return False
    except OSError as error:
        raise KinError(
            f"Cannot write {path}: {error.strerror}.",
            "What is not written is left to the next sync.",
        ) from error
    return True


def _place(temporary: Path, path: Path) -> None:
    """Give a file a name that is free; raise FileExistsError where it is not."""
    try:
        os.link(temporary, path)  # fails where the name is taken, unlike a rename
    except FileExistsError:
        raise
    except OSError:  # a memory card's file system has no links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(temporary, path)


def remove(folder: Path, name: str, expected: str) -> bool:
    """Remove the file that was read; return False where something else stands there now."""
    path = folder / name
    if not os.path.lexists(path) or _read(path).digest != expected:
        return False
    path.unlink()
    return True
