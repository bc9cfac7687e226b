"""A folder of cards as other programs share it (a vdir): listed, read, written and cleared file by file.

Links are not followed. A file is replaced or removed only if it still has the bytes that were read; what another
program wrote in the meantime stays. See vdirsyncer.pimutils.org/en/stable/vdir.html.
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
from kin.transfer.sync import atomic_rename

ENDING = ".vcf"
LARGEST = 16 << 20  # bytes of a card: more than that kin does not read of one
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}", re.ASCII)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class File(NamedTuple):
    """A file of the folder and the hash of its bytes, or why it was not read.

    The bytes are not kept, so that a folder of photos fits into memory: `load` reads them again.
    """

    name: str
    digest: str
    trouble: str = ""


class Folder(NamedTuple):
    """The files of a folder; `below` are folders in it that have cards."""

    path: Path
    files: tuple[File, ...]
    below: tuple[str, ...]


def digest(data: bytes) -> str:
    """Return the hash by which kin recognizes these bytes."""
    return hashlib.sha256(data).hexdigest()


def located(path: Path) -> Path:
    """Return the folder's own path; raise KinError if there is none."""
    if not path.is_dir():
        raise KinError(f"There is no folder {path}.", "Make it, or name another.")
    return path.resolve()


def read(path: Path) -> Folder:
    """List all cards of a folder, not those of folders below."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        named = [each for each in entries if not each.name.startswith(".")]
        files = tuple(
            _listed(Path(each.path)) for each in named if each.name.casefold().endswith(ENDING)
        )
        below = tuple(
            each.name
            for each in named
            if each.is_dir(follow_symlinks=False) and any(_cards(Path(each.path)))
        )
    except OSError as error:
        raise KinError(f"Cannot read {path}: {error.strerror}.", "Nothing was written.") from error
    return Folder(path, files, below)


def load(folder: Path, file: File) -> bytes | None:
    """Return the bytes of a file that was listed; None if they have changed since."""
    data, _ = _read(folder / file.name)
    return data if data is not None and digest(data) == file.digest else None


def _cards(folder: Path) -> Iterator[str]:
    try:
        yield from (name for name in os.listdir(folder) if name.casefold().endswith(ENDING))
    except PermissionError:
        return


def _listed(path: Path) -> File:
    data, trouble = _read(path)
    return File(path.name, "", trouble) if data is None else File(path.name, digest(data))


def _read(path: Path) -> tuple[bytes | None, str]:
    """Return a file's bytes, or None and why they cannot be read."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return None, "its name is no UTF-8 text"
    try:
        kind = path.lstat().st_mode
        if not stat.S_ISREG(kind):
            link = stat.S_ISLNK(kind)
            return None, "a link, which kin does not follow" if link else "no plain file"
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | _NO_LINK), "rb") as file:
            if os.fstat(file.fileno()).st_size <= LARGEST:  # before it is read
                data = file.read(LARGEST + 1)
                if len(data) <= LARGEST:
                    return data, ""
    except OSError as error:
        return None, f"cannot be read: {error.strerror}"
    return None, f"larger than a card can be ({LARGEST >> 20} MB)"


def _digest_at(path: Path) -> str | None:
    data, _ = _read(path)
    return None if data is None else digest(data)


def free_name(uid: str, taken: Container[str]) -> str:
    """Return a name for a new file; `taken` are names in small letters."""
    stem = uid if _PLAIN.fullmatch(uid) else digest(uid.encode())[:32]
    return next(f"{stem}{tail}" for tail in _tails() if f"{stem}{tail}".casefold() not in taken)


def _tails() -> Iterator[str]:
    yield ENDING
    yield from (f"-{number}{ENDING}" for number in count(2))


def put(folder: Path, name: str, data: bytes, expected: str | None) -> bool:
    """Write a file in the place of the one that was read, or, if `expected` is None, under a free name.

    Returns False if the folder has something else under that name by now: that stays.
    """
    path, temporary = folder / name, _hidden(folder)
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
                    return True
                return _digest_at(path) == expected and _replace(temporary, path, expected)
            finally:
                temporary.unlink(missing_ok=True)
    except (FileExistsError, FileNotFoundError):
        return False
    except OSError as error:
        raise KinError(
            f"Cannot write {path}: {error.strerror}.",
            "What is not written is left to the next sync.",
        ) from error


def remove(folder: Path, name: str, expected: str) -> bool:
    """Remove a file if it still has the bytes that were read; otherwise it stays, and False is returned."""
    path, aside = folder / name, _hidden(folder)
    try:
        if _digest_at(path) != expected:
            return False
        os.rename(path, aside)  # from here on no one else writes into it under its name
        is_same = False
        try:
            is_same = _digest_at(aside) == expected
        finally:  # after Ctrl-C too
            if is_same or not _put_back(aside, path):
                aside.unlink()
        return is_same
    except FileNotFoundError:
        return False
    except OSError as error:
        raise KinError(
            f"Cannot remove {path}: {error.strerror}.",
            "Check the rights of the folder, then try again.",
        ) from error


def _put_back(aside: Path, path: Path) -> bool:
    """Give a file its name again; return False if a newer file has the name by now."""
    try:
        _place(aside, path)
    except FileExistsError:
        return False
    return True


def _hidden(folder: Path) -> Path:
    # Hidden, and without the ending of a card: no program that shares the folder reads it as one.
    return folder / f".kin-{secrets.token_hex(8)}.part"


class _State(NamedTuple):
    """Which file has a name, and what is in it (None: nothing that kin reads)."""

    inode: int
    digest: str | None


def _state(path: Path) -> _State:
    return _State(path.lstat().st_ino, _digest_at(path))


def _replace(new: Path, path: Path, expected: str) -> bool:
    """Put a file in the place of another with the expected bytes; return False if it had others by then.

    What is replaced is looked at after it has left the folder's name: until then a phone may write it.
    """
    placed = own = _state(new)
    if not atomic_rename.exchange(new, path):
        return _replace_by_link(new, path, expected)
    try:
        found = _state(new)
        if found.digest == expected:
            return True
        while True:
            # Put back what another program wrote. If that meets anything but the file that was put there
            # before, it is newer still, and goes back in turn.
            if not atomic_rename.exchange(new, path):
                raise OSError(0, "two files can no longer be exchanged", os.fspath(path))
            newer = _state(new)
            if newer == placed:
                return False
            placed, found = found, newer
    except FileNotFoundError:
        return False  # the file was deleted in the meantime: what is left here is older
    except BaseException:  # Ctrl-C too: another program's file must not be lost
        if os.path.lexists(new) and _digest_at(new) not in (expected, own.digest):
            os.replace(new, path)
        raise


def _replace_by_link(new: Path, path: Path, expected: str) -> bool:
    """Replace a file on a file system that cannot exchange two.

    A second name for the old file shows, after the rename, what was written into it until then. Without links
    the check right before the rename is all there is.
    """
    aside = _hidden(path.parent)
    try:
        os.link(path, aside)
    except FileNotFoundError:
        raise
    except OSError:
        if _digest_at(path) != expected:
            return False
        os.replace(new, path)
        return True
    try:
        if _digest_at(aside) != expected or not os.path.samefile(aside, path):
            return False
        os.replace(new, path)
        if _digest_at(aside) == expected:
            return True
        os.replace(aside, path)
        return False
    finally:
        aside.unlink(missing_ok=True)


def _place(source: Path, path: Path) -> None:
    """Rename a file to a free name; raise FileExistsError if the name is taken."""
    if atomic_rename.rename_without_replacing(source, path):
        return
    try:
        os.link(source, path)  # fails if the name is taken, unlike a rename
    except FileExistsError:
        raise
    except OSError:  # a memory card's file system has no links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(source, path)
