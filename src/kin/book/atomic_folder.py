"""Folders that kin writes for their owner: readable by no one else, and never over the owner's own files.

A new folder is written under a hidden name and renamed when it is whole. Into a folder that is there, the files
are put one by one, each whole; the owner's files are never moved. The index of such a folder lists the files that
are kin's. It lists those of before and those to come as long as either may be there, so that a kin that is killed
at any moment leaves a folder in which the next export can tell kin's files from the owner's.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kin.book import part_files as partfiles
from kin.book.fsync import is_regular, settle
from kin.errors import KinError


class Index(NamedTuple):
    """The file that says which files of a folder kin wrote: its name, how it is read, how more is added to it."""

    name: str
    read: Callable[[bytes], set[str]]  # the paths of kin's files in the folder, with /
    add: Callable[[bytes, Iterable[str]], bytes]


def write(
    path: Path, files: Iterable[tuple[str, bytes]], index: Index, *, force: bool = False
) -> None:
    """Write a folder of files, given by their paths in it; raise KinError where it is not empty, or no room."""
    path = path.absolute()
    done: list[Path] = []  # what has its name already, should something fail
    try:
        partfiles.sweep(path.parent)
        if os.path.lexists(path):
            _write_into(path, files, index, force, done)
        else:
            _write_new(path, files)
    except OSError as error:
        hint = "Nothing was written. Make room, check the rights, or name another place."
        if done:
            hint = "Some pages are new, the others as before; your own files are untouched. Write it again with --force."
        raise KinError(f"Cannot write {path}: {error.strerror}.", hint) from error


def left_by_older(path: Path) -> list[Path]:
    """Return the hidden folders in which an older kin, stopped in an export to `path`, left files of the owner's."""
    path = path.absolute()
    began = f".{path.name[:80]}."
    try:
        return [each for each in partfiles.unclear(path.parent) if each.name.startswith(began)]
    except PermissionError:
        return []  # a folder that may be written and not read: nothing can be seen there


def _write_new(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with partfiles.part_folder(path.parent) as part:
        _fill(part, files)
        _sync()
        os.rename(part, path)
    settle(path.parent)


def _write_into(
    path: Path,
    files: Iterable[tuple[str, bytes]],
    index: Index,
    force: bool,
    done: list[Path],
) -> None:
    if path.is_symlink() or not path.is_dir():
        raise KinError(f"{path} is not a folder.", "Name another.")
    with _alone(path):
        partfiles.sweep(path)
        listed = _listed(path, index)
        before = {name for name in listed if _is_file(path, name)}
        owners = list(_owners(path, listed, before))
        if (owners or any(path.iterdir())) and not force:
            raise KinError(
                f"There is something in {path} already.",
                "Name another folder, or replace what kin wrote there with --force.",
            )
        with partfiles.part_folder(path) as part:
            wanted = _fill(part, files)
            _refuse_taken(owners, wanted)
            gone = sorted(before - wanted)
            if gone:
                _write(
                    part / f"{index.name}-both", index.add((part / index.name).read_bytes(), gone)
                )
            _sync()
            _put(path, part, wanted, before, index, done)
    for folder in sorted({path, *((path / name).parent for name in wanted)}):
        settle(folder)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other kins from writing into a folder."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KinError(
                f"Another kin is writing into {path}.",
                "Try again in a moment; nothing was written.",
            ) from None
        except OSError:
            pass  # a file system without locks: as with two programs of any other sort
        yield
    finally:
        os.close(opened)


def _listed(path: Path, index: Index) -> set[str]:
    file = path / index.name
    return index.read(file.read_bytes()) if is_regular(file) else set()


def _is_file(path: Path, name: str) -> bool:
    """Tell whether a name in a folder is a regular file that no link leads to."""
    return is_regular(path / name) and not (path / name).parent.is_symlink()


def _owners(path: Path, listed: set[str], before: set[str]) -> Iterator[str]:
    """Yield the paths of all in a folder that is not kin's."""
    folders = {name.partition("/")[0] for name in listed if "/" in name}
    for entry in path.iterdir():
        if entry.name in folders and not entry.is_symlink() and entry.is_dir():
            names = (f"{entry.name}/{each.name}" for each in entry.iterdir())
            yield from (name for name in names if name not in before)
        elif entry.name not in before:
            yield entry.name


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> set[str]:
    """Write all files into a new folder; return their paths."""
    names: set[str] = set()
    for name, data in files:
        below, _, file = name.rpartition("/")
        if (
            not file
            or file in (".", "..")
            or below in (".", "..")
            or set("/\\\0") & {*below, *file}
        ):
            raise ValueError(f"{name!r} would be outside of the folder")
        if below:
            (folder / below).mkdir(0o700, exist_ok=True)
        _write(folder / name, data)
        names.add(name)
    return names


def _write(path: Path, data: bytes) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as opened:
        opened.write(data)


def _sync() -> None:
    if hasattr(os, "sync"):
        os.sync()  # once for all files: one at a time takes minutes for thousands


def _refuse_taken(owners: Iterable[str], wanted: set[str]) -> None:
    folders = {name.rpartition("/")[0] for name in wanted}
    for name in owners:
        if name in wanted or name in folders:
            raise KinError(
                f"{name} is not kin’s, and is in the way.", "Move it, or name another folder."
            )


def _put(
    path: Path, part: Path, wanted: set[str], before: set[str], index: Index, done: list[Path]
) -> None:
    """Give the new files their names, and remove those of before that are no longer wanted."""
    gone = sorted(before - wanted)

    def put(name: str, to: str) -> None:
        if to in before and _is_file(path, to):
            os.replace(part / name, path / to)
        else:
            partfiles.place(part / name, path / to)
        done.append(path / to)

    put(f"{index.name}-both" if gone else index.name, index.name)
    for name in sorted(wanted - {index.name}):
        (path / name).parent.mkdir(0o700, exist_ok=True)
        put(name, name)
    # On a disk that ignores case, an old name and a new one may be one file.
    new = {(found.st_dev, found.st_ino) for each in done if (found := each.lstat())}
    for name in gone:
        old = path / name
        if _is_file(path, name) and (old.lstat().st_dev, old.lstat().st_ino) not in new:
            old.unlink()
    for folder in {(path / name).parent for name in gone} - {path}:
        with suppress(OSError):  # other files are in it
            folder.rmdir()
    if gone:
        os.replace(part / index.name, path / index.name)
