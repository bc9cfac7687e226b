"""Folders that kin writes for their owner: for nobody else to read, whole or not at all, over nobody's files.

Its one rule: what kin did not write itself is never touched; it lies in the new folder as it lay in the old.
"""

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kin.errors import KinError


def write(
    path: Path,
    files: Iterable[tuple[str, bytes]],
    index: str,
    written: Callable[[bytes], set[str]],
    *,
    force: bool = False,
) -> None:
    """Write a folder of files, given by their paths in it; raise KinError where it is not empty, or no room.

    `index` is the file by which `written` tells what of a folder kin wrote: only that may be replaced.
    """
    path = path.absolute()
    try:
        theirs = _theirs(path, index, written, force) if os.path.lexists(path) else []
        new = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            names = _fill(new, files)
            _refuse_taken(theirs, names)
            _put(new, path, theirs)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise KinError(f"Cannot write {path}: {error.strerror}.", "Nothing is there.") from error


def _theirs(path: Path, index: str, written: Callable[[bytes], set[str]], force: bool) -> list[str]:
    """Return what lies there and is not kin's, by paths; refuse what is no folder, or not empty."""
    if path.is_symlink() or not path.is_dir():
        raise KinError(f"{path} is no folder.", "Name another.")
    there = list(_below(path, index, written))
    if (there or any(path.iterdir())) and not force:
        raise KinError(
            f"There is something in {path} already.",
            "Name another folder, or replace what kin wrote there with --force.",
        )
    return there


def _below(path: Path, index: str, written: Callable[[bytes], set[str]]) -> Iterator[str]:
    ours = written((path / index).read_bytes()) if _is_file(path / index) else set()
    folders = {name.partition("/")[0] for name in ours if "/" in name}
    for entry in path.iterdir():
        if entry.name in folders and not entry.is_symlink() and entry.is_dir():
            for each in entry.iterdir():
                name = f"{entry.name}/{each.name}"
                if name not in ours or not _is_file(each):
                    yield name
        elif entry.name not in ours or not _is_file(entry):
            yield entry.name


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> set[str]:
    """Write all files into a new folder; return their paths, and those of the folders in it."""
    folder.mkdir(0o700)
    names: set[str] = set()
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    for name, data in files:
        below, _, file = name.rpartition("/")
        if (
            not file
            or file in (".", "..")
            or below in (".", "..")
            or set("/\\\0") & {*below, *file}
        ):
            raise ValueError(f"{name!r} would lie outside of the folder")
        if below and below not in names:
            (folder / below).mkdir(0o700)
            names.add(below)
        with os.fdopen(os.open(folder / name, flags, 0o600), "wb") as opened:
            opened.write(data)
        names.add(name)
    if hasattr(os, "sync"):
        os.sync()  # once for all files: one at a time takes minutes for thousands
    return names


def _refuse_taken(theirs: Iterable[str], names: set[str]) -> None:
    for name in theirs:
        if name in names:
            raise KinError(
                f"{name} is not kin’s, and is in the way.", "Move it, or name another folder."
            )


def _put(new: Path, path: Path, theirs: Iterable[str]) -> None:
    """Give the new folder its name; what is not kin's moves from the old one, the rest of that goes."""
    if not os.path.lexists(path):
        os.rename(new, path)
        return
    old = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.old")
    os.rename(path, old)
    try:
        os.rename(new, path)
    except OSError:
        os.rename(old, path)
        raise
    for name in theirs:
        (path / name).parent.mkdir(0o700, exist_ok=True)
        os.rename(old / name, path / name)
    shutil.rmtree(old)
