"""Reads and writes a folder of cards that other programs share, a vdir: vdirsyncer.pimutils.org/en/stable/vdir.html.

Links are not followed. A file is replaced or removed only if it still has the bytes that were read; what another
program has written in the meantime stays.
"""

import ctypes
import errno
import hashlib
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable, Container, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

from kin.errors import KinError

_AT_FDCWD = -100  # AT_FDCWD on Linux: paths are relative to the working directory
# Flags of renameat2 on Linux and of renamex_np on macOS.
_NO_REPLACE, _EXCHANGE = (4, 2) if sys.platform == "darwin" else (1, 2)
# The errors of a kernel, a file system or a sandbox that does not know the call or the flag.
_UNSUPPORTED_ERRORS = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)


def exchange_files(one: Path, other: Path) -> bool:
    """Exchange two files atomically; return False, with nothing changed, if the file system cannot."""
    return _rename(one, other, _EXCHANGE)


def rename_without_replacing(source: Path, target: Path) -> bool:
    """Rename a file; raise FileExistsError if the target exists, return False if the file system cannot."""
    return _rename(source, target, _NO_REPLACE)


def _rename(source: Path, target: Path, flag: int) -> bool:
    call = _load_rename_call()
    if call is None:
        return False
    if call(os.fsencode(source), os.fsencode(target), flag) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED_ERRORS:
        return False
    raise OSError(code, os.strerror(code), os.fspath(source), None, os.fspath(target))


@cache
def _load_rename_call() -> Callable[[bytes, bytes, int], int] | None:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            rename = library.renamex_np
            rename.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
            return lambda source, target, flag: int(rename(source, target, flag))
        renameat2 = library.renameat2
    except (OSError, AttributeError):  # no C library to load, or one without the call
        return None
    renameat2.argtypes = (
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    )
    return lambda source, target, flag: int(renameat2(_AT_FDCWD, source, _AT_FDCWD, target, flag))


CARD_SUFFIX = ".vcf"
MAX_CARD_SIZE = 16 << 20  # bytes; kin does not read larger cards
_SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}", re.ASCII)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class CardFile(NamedTuple):
    """A file of the folder and the hash of its bytes, or why it was not read.

    The bytes are not kept, so that a folder of photos fits into memory: `load_card` reads them again.
    """

    name: str
    digest: str
    problem: str = ""


class CardFolder(NamedTuple):
    """The card files of a folder, and the names of its subfolders with cards."""

    path: Path
    files: tuple[CardFile, ...]
    subfolders: tuple[str, ...]


def compute_digest(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def resolve_folder(path: Path) -> Path:
    """Return the absolute path of a folder; raise KinError if it does not exist."""
    if not path.is_dir():
        raise KinError(f"There is no folder {path}.", "Create it, or choose another.")
    return path.resolve()


def list_cards(path: Path) -> CardFolder:
    """List the cards of a folder, without those of its subfolders; raise KinError if it cannot be read."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        visible_entries = [each for each in entries if not each.name.startswith(".")]
        files = tuple(
            _read_card_file(Path(each.path))
            for each in visible_entries
            if each.name.casefold().endswith(CARD_SUFFIX)
        )
        subfolders = tuple(
            each.name
            for each in visible_entries
            if each.is_dir(follow_symlinks=False) and any(_list_card_names(Path(each.path)))
        )
    except OSError as error:
        raise KinError(f"Cannot read {path}: {error.strerror}.", "Nothing was written.") from error
    return CardFolder(path, files, subfolders)


def load_card(folder: Path, file: CardFile) -> bytes | None:
    """Return the bytes of a file that was listed; None if they have changed since."""
    data, _ = _read_bytes(folder / file.name)
    return data if data is not None and compute_digest(data) == file.digest else None


def _list_card_names(folder: Path) -> Iterator[str]:
    try:
        yield from (name for name in os.listdir(folder) if name.casefold().endswith(CARD_SUFFIX))
    except PermissionError:
        return


def _read_card_file(path: Path) -> CardFile:
    data, problem = _read_bytes(path)
    return (
        CardFile(path.name, "", problem)
        if data is None
        else CardFile(path.name, compute_digest(data))
    )


def _read_bytes(path: Path) -> tuple[bytes | None, str]:
    """Return a file's bytes, or None and why they cannot be read."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return None, "its name is not UTF-8"
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            is_link = stat.S_ISLNK(mode)
            return None, "a link, which kin does not follow" if is_link else "not a regular file"
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | _NO_FOLLOW), "rb") as file:
            if os.fstat(file.fileno()).st_size <= MAX_CARD_SIZE:
                data = file.read(MAX_CARD_SIZE + 1)
                if len(data) <= MAX_CARD_SIZE:
                    return data, ""
    except OSError as error:
        return None, f"cannot be read: {error.strerror}"
    return None, f"larger than a card can be ({MAX_CARD_SIZE >> 20} MB)"


def _compute_file_digest(path: Path) -> str | None:
    data, _ = _read_bytes(path)
    return None if data is None else compute_digest(data)


def choose_free_name(uid: str, taken_names: Container[str]) -> str:
    """Return a name for a new file; `taken_names` are in lower case."""
    stem = uid if _SAFE_NAME.fullmatch(uid) else compute_digest(uid.encode())[:32]
    return next(
        f"{stem}{suffix}"
        for suffix in _generate_suffixes()
        if f"{stem}{suffix}".casefold() not in taken_names
    )


def _generate_suffixes() -> Iterator[str]:
    yield CARD_SUFFIX
    yield from (f"-{number}{CARD_SUFFIX}" for number in count(2))


def write_card(folder: Path, name: str, data: bytes, expected: str | None) -> bool:
    """Replace the file whose digest is `expected`, or create a new one if `expected` is None.

    Returns False if the folder has something else under that name by now, which stays.
    """
    path, temporary = folder / name, _make_hidden_path(folder)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | _NO_FOLLOW
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            try:
                file.write(data)
                file.flush()
                if expected is not None:
                    os.fchmod(file.fileno(), stat.S_IMODE(path.lstat().st_mode))
                os.fsync(file.fileno())
                if expected is None:
                    _rename_to_free_name(temporary, path)
                    return True
                return _compute_file_digest(path) == expected and _replace_file(
                    temporary, path, expected
                )
            finally:
                temporary.unlink(missing_ok=True)
    except (FileExistsError, FileNotFoundError):
        return False
    except OSError as error:
        raise KinError(
            f"Cannot write {path}: {error.strerror}.",
            "The next sync writes what is missing.",
        ) from error


def remove_card(folder: Path, name: str, expected: str) -> bool:
    """Remove the file whose digest is `expected`; if it has changed, it stays, and False is returned."""
    path, aside_path = folder / name, _make_hidden_path(folder)
    try:
        if _compute_file_digest(path) != expected:
            return False
        os.rename(path, aside_path)  # from here on no other program writes into it
        is_same = False
        try:
            is_same = _compute_file_digest(aside_path) == expected
        finally:  # after Ctrl-C too
            if is_same or not _restore_file_name(aside_path, path):
                aside_path.unlink()
        return is_same
    except FileNotFoundError:
        return False
    except OSError as error:
        raise KinError(
            f"Cannot remove {path}: {error.strerror}.",
            "Check the permissions of the folder, then try again.",
        ) from error


def _restore_file_name(aside_path: Path, path: Path) -> bool:
    """Give a file its name back; return False if a newer file has the name by now."""
    try:
        _rename_to_free_name(aside_path, path)
    except FileExistsError:
        return False
    return True


def _make_hidden_path(folder: Path) -> Path:
    # Hidden, and without the suffix of a card, so that no other program reads it as one.
    return folder / f".kin-{secrets.token_hex(8)}.part"


class _FileState(NamedTuple):
    """Which file has a name, and its digest (None if kin does not read it)."""

    inode: int
    digest: str | None


def _read_file_state(path: Path) -> _FileState:
    return _FileState(path.lstat().st_ino, _compute_file_digest(path))


def _replace_file(new_path: Path, path: Path, expected: str) -> bool:
    """Replace a file that has the expected bytes; return False if it has changed.

    The replaced file is checked after it has lost its name: until then another program may write into it.
    """
    placed_state = own_state = _read_file_state(new_path)
    if not exchange_files(new_path, path):
        return _replace_by_link(new_path, path, expected)
    try:
        removed_state = _read_file_state(new_path)
        if removed_state.digest == expected:
            return True
        while True:
            # Put back what another program wrote. If the name has anything but the file that was just placed there,
            # that is newer still, and is put back in turn.
            if not exchange_files(new_path, path):
                raise OSError(0, "two files can no longer be exchanged", os.fspath(path))
            newer_state = _read_file_state(new_path)
            if newer_state == placed_state:
                return False
            placed_state, removed_state = removed_state, newer_state
    except FileNotFoundError:
        return False  # the file was deleted in the meantime: what is left here is older
    except BaseException:  # Ctrl-C too: another program's file must not be lost
        if os.path.lexists(new_path) and _compute_file_digest(new_path) not in (
            expected,
            own_state.digest,
        ):
            os.replace(new_path, path)
        raise


def _replace_by_link(new_path: Path, path: Path, expected: str) -> bool:
    """Replace a file on a file system that cannot exchange two.

    A second name for the old file shows, after the rename, whether it was written into until then. Without links
    there is only the check right before the rename.
    """
    second_name = _make_hidden_path(path.parent)
    try:
        os.link(path, second_name)
    except FileNotFoundError:
        raise
    except OSError:
        if _compute_file_digest(path) != expected:
            return False
        os.replace(new_path, path)
        return True
    try:
        if _compute_file_digest(second_name) != expected or not os.path.samefile(second_name, path):
            return False
        os.replace(new_path, path)
        if _compute_file_digest(second_name) == expected:
            return True
        os.replace(second_name, path)
        return False
    finally:
        second_name.unlink(missing_ok=True)


def _rename_to_free_name(source: Path, path: Path) -> None:
    """Rename a file to a free name; raise FileExistsError if the name is taken."""
    if rename_without_replacing(source, path):
        return
    try:
        os.link(source, path)  # fails if the name is taken, unlike a rename
    except FileExistsError:
        raise
    except OSError:  # a memory card's file system has no links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(source, path)
