"""Part files: what kin is still writing, under a hidden name, until it is whole and gets its own.

A part file is `.kin-<16 hex digits>.part`; files that belong to it begin with that name and a dash. Its writer
holds a lock (flock) on it, so a part file whose lock can be taken was abandoned: its kin was killed. Whoever
writes into a folder next removes the abandoned ones there.
"""

import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kin.book import file_header as bookheader, fsync as disk

_NAME = re.compile(r"(\.kin-[0-9a-f]{8,32}\.part)(-[a-z-]+)?")
# As kin up to 0.3 named them, which took no locks: what is in them has to show whose they are.
_OLD_NAME = re.compile(r"(\..+\.[0-9a-f]{8}\.part)(-hash)?", re.DOTALL)
_OLD_FOLDER = re.compile(r"\..+\.[0-9a-f]{8}\.(part|old)", re.DOTALL)
_HASH = re.compile(rb"[0-9a-f]{64}  ")
_PAGE = re.compile(rb"#[ \t].*<!-- kin (page|folder) [0-9]{1,9} -->\s*")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_TRIES = 3


class Part(NamedTuple):
    """A part file that is open and locked."""

    path: Path
    file: int


@contextmanager
def part_file(folder: Path) -> Iterator[Part]:
    """Create a part file for its owner alone; at the end nothing has its name, or a name that begins with it."""
    part = _create(folder)
    try:
        yield part
    finally:
        # What cannot be removed now is removed by whoever writes here next. An error would say that
        # nothing was written, and the file may have its own name by now.
        with suppress(OSError):
            for name in os.listdir(folder):
                if name.startswith(f"{part.path.name}-"):
                    (folder / name).unlink(missing_ok=True)
            part.path.unlink(missing_ok=True)
        os.close(part.file)


@contextmanager
def part_folder(folder: Path) -> Iterator[Path]:
    """Create a folder in `folder` for what is being written; at the end nothing has its name."""
    path = folder / f".kin-{secrets.token_hex(8)}.part"
    path.mkdir(0o700)
    opened = os.open(path, os.O_RDONLY | _NO_LINK)
    try:
        if not _lock(opened):
            raise BlockingIOError(0, "Another kin removes what is written there")
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)  # as above
        os.close(opened)


def place(part: Path, path: Path) -> None:
    """Give a part file a name that is free; raise FileExistsError where it is not."""
    try:
        os.link(part, path)  # fails where the name is taken, unlike a rename
    except FileExistsError:
        raise
    except OSError:  # a memory stick's file system has no links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(part, path)


def abandoned(folder: Path) -> list[Path]:
    """Return the part files and folders that a stopped kin left in a folder; raise OSError where it cannot be read."""
    return [path for group in _abandoned(folder) for path in group]


def sweep(folder: Path) -> None:
    """Remove the part files that a stopped kin left in a folder.

    What cannot be removed stays for `abandoned` to find: it must not hinder what is written there now, and
    where the folder itself is missing or closed, that is for its writer to say.
    """
    with suppress(OSError):
        for group in _abandoned(folder):
            for path in group:
                with suppress(OSError):
                    _remove(path)


def unclear(folder: Path) -> list[Path]:
    """Return what looks like a part file or folder of an older kin, but may hold files of the owner's."""
    mine = set(abandoned(folder))
    return [
        folder / name
        for name in sorted(os.listdir(folder))
        if (_OLD_NAME.fullmatch(name) or _OLD_FOLDER.fullmatch(name))
        and not _NAME.fullmatch(name)
        and folder / name not in mine
        and _is_plain(folder / name)
    ]


def held(folder: Path) -> list[Path]:
    """Return the part files in a folder that are in use, or cannot be removed."""
    free = set(abandoned(folder))
    names = [name for name in sorted(os.listdir(folder)) if _NAME.fullmatch(name)]
    return [folder / name for name in names if folder / name not in free]


def _create(folder: Path) -> Part:
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_LINK
    for _ in range(_TRIES):
        path = folder / f".kin-{secrets.token_hex(8)}.part"
        file = os.open(path, flags, 0o600)
        # Someone may have taken it for abandoned before it was locked.
        if _lock(file) and os.fstat(file).st_nlink:
            return Part(path, file)
        os.close(file)
    raise BlockingIOError(0, "Another kin removes what is written there")


def _lock(file: int) -> bool:
    """Lock a part file; return False where another kin holds it. Some file systems have no locks."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _abandoned(folder: Path) -> Iterator[list[Path]]:
    """Yield what belongs together and was abandoned, the first of it locked while it is yielded."""
    groups: dict[str, list[str]] = {}
    for name in sorted(os.listdir(folder)):
        found = _NAME.fullmatch(name) or _OLD_NAME.fullmatch(name)
        if found:
            groups.setdefault(found[1], []).append(name)
    for first, names in groups.items():
        with _taken(folder / first) as is_free:
            if is_free:
                # The first goes last: while it is there, the others belong to something.
                mine = [folder / name for name in reversed(names) if _is_kins(folder / name)]
                yield mine


@contextmanager
def _taken(path: Path) -> Iterator[bool]:
    """Take the lock of a part file; yield whether no one else has it, and it could be asked for."""
    if not os.path.lexists(path):
        yield True  # its writer removes it last
        return
    kind = (
        os.O_RDONLY if path.is_dir() else os.O_RDWR
    )  # some file systems lock only what may be written
    try:
        opened = os.open(path, kind | os.O_NONBLOCK | _NO_LINK) if _is_plain(path) else None
    except OSError:
        opened = None
    if opened is None:
        yield False
        return
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(opened)


def _is_kins(path: Path) -> bool:
    """Tell whether kin certainly wrote a file or folder, by its name or, of older ones, by what is in it."""
    if not _is_plain(path):
        return False
    if path.is_dir():
        return _is_export(path)
    if _NAME.fullmatch(path.name):
        return True
    try:
        start = disk.head(path, bookheader.SIZE)
    except OSError:
        return False
    if path.name.endswith("-hash"):
        return not start or bool(_HASH.match(start))
    return not any(start) or bookheader.is_kins(start)


def _is_plain(path: Path) -> bool:
    """Tell whether a path is a regular file or a folder of this user's."""
    try:
        found = path.lstat()
    except OSError:
        return False
    kind = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return kind and found.st_uid == os.geteuid()


def _is_export(folder: Path) -> bool:
    """Tell whether all in a folder is a Markdown page of kin's, or the data that goes with one."""
    try:
        for above, folders, files in os.walk(folder, onerror=_raise):
            place = Path(above)
            known = place == folder or place.parent == folder
            if not known or any((place / name).is_symlink() for name in folders):
                return False
            for name in files:
                if not _is_page(place / name, place.name if place != folder else ""):
                    return False
    except OSError:
        return False
    return True


def _raise(error: OSError) -> None:
    raise error


def _is_page(path: Path, below: str) -> bool:
    if not disk.is_regular(path):
        return False
    if below == "kept":
        return path.suffix == ".json"
    start = disk.head(path, 4096).partition(b"\n")[0]
    return path.suffix in (".md", ".md-both") and (not start or bool(_PAGE.fullmatch(start)))


def _remove(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()
