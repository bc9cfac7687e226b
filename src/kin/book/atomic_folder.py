"""Writing a folder of files, readable by the owner only, and without touching the owner's own files in it.

A new folder is written under a hidden name and renamed when it is complete. In an existing folder, the files are
replaced one by one. The index file of the folder lists the files that kin wrote. During an export it lists the old and
the new ones, so that the next export can tell them from the owner's files, even if this one is killed.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kin.book import atomic_write
from kin.book.atomic_write import fsync_directory, is_regular_file
from kin.errors import KinError


class FolderIndex(NamedTuple):
    """The file that lists which files of a folder kin wrote: its name, how to read it, and how to add paths to it."""

    name: str
    read: Callable[[bytes], set[str]]  # the paths of the files in the folder, with /
    add: Callable[[bytes, Iterable[str]], bytes]


def write_folder(
    path: Path, files: Iterable[tuple[str, bytes]], index: FolderIndex, *, force: bool = False
) -> None:
    """Write a folder of files, given by their paths in it; raise KinError if it is not empty (unless `force`), or on error."""
    path = path.absolute()
    placed: list[Path] = []  # the files that have their final names if something fails
    try:
        atomic_write.remove_abandoned(path.parent)
        if os.path.lexists(path):
            _write_into_folder(path, files, index, force, placed)
        else:
            _write_new_folder(path, files)
    except OSError as error:
        hint = (
            "Nothing was written. Free some space, check the permissions, or choose another place."
        )
        if placed:
            hint = "Some pages are new, the others as before; your own files are unchanged. Write it again with --force."
        raise KinError(f"Cannot write {path}: {error.strerror}.", hint) from error


def find_stopped_exports(path: Path) -> list[Path]:
    """Return the hidden folders in which an interrupted export to `path` by an older version left files of the owner."""
    path = path.absolute()
    prefix = f".{path.name[:80]}."
    try:
        return [
            each
            for each in atomic_write.find_unclear_leftovers(path.parent)
            if each.name.startswith(prefix)
        ]
    except PermissionError:
        return []  # a folder that can be written but not listed


def _write_new_folder(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with atomic_write.create_part_folder(path.parent) as part:
        _write_files(part, files)
        _sync_disk()
        os.rename(part, path)
    fsync_directory(path.parent)


def _write_into_folder(
    path: Path,
    files: Iterable[tuple[str, bytes]],
    index: FolderIndex,
    force: bool,
    placed: list[Path],
) -> None:
    if path.is_symlink() or not path.is_dir():
        raise KinError(f"{path} is not a folder.", "Choose another path.")
    with _lock_folder(path):
        atomic_write.remove_abandoned(path)
        listed = _read_listed_names(path, index)
        old_names = {name for name in listed if _is_file_without_links(path, name)}
        owner_files = list(_list_owner_files(path, listed, old_names))
        if (owner_files or any(path.iterdir())) and not force:
            raise KinError(
                f"{path} is not empty.",
                "Choose another folder, or replace the files that kin wrote there with --force.",
            )
        with atomic_write.create_part_folder(path) as part:
            wanted = _write_files(part, files)
            _check_no_conflicts(owner_files, wanted)
            removed_names = sorted(old_names - wanted)
            if removed_names:
                _write_new_file(
                    part / f"{index.name}-both",
                    index.add((part / index.name).read_bytes(), removed_names),
                )
            _sync_disk()
            _move_files_into_place(path, part, wanted, old_names, index, placed)
    for folder in sorted({path, *((path / name).parent for name in wanted)}):
        fsync_directory(folder)


@contextmanager
def _lock_folder(path: Path) -> Iterator[None]:
    """Keep other processes of kin from writing to a folder during the block."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KinError(
                f"Another kin is writing to {path}.",
                "Try again in a moment; nothing was written.",
            ) from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(descriptor)


def _read_listed_names(path: Path, index: FolderIndex) -> set[str]:
    file = path / index.name
    return index.read(file.read_bytes()) if is_regular_file(file) else set()


def _is_file_without_links(path: Path, name: str) -> bool:
    """Return whether a path in a folder is a regular file, and not in a linked folder."""
    return is_regular_file(path / name) and not (path / name).parent.is_symlink()


def _list_owner_files(path: Path, listed: set[str], old_names: set[str]) -> Iterator[str]:
    """Yield the paths of everything in a folder that kin did not write."""
    folders = {name.partition("/")[0] for name in listed if "/" in name}
    for entry in path.iterdir():
        if entry.name in folders and not entry.is_symlink() and entry.is_dir():
            names = (f"{entry.name}/{each.name}" for each in entry.iterdir())
            yield from (name for name in names if name not in old_names)
        elif entry.name not in old_names:
            yield entry.name


def _write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> set[str]:
    """Write all files into a new folder; return their paths in it."""
    names: set[str] = set()
    for name, data in files:
        subfolder, _, file = name.rpartition("/")
        if (
            not file
            or file in (".", "..")
            or subfolder in (".", "..")
            or set("/\\\0") & {*subfolder, *file}
        ):
            raise ValueError(f"{name!r} would be outside of the folder")
        if subfolder:
            (folder / subfolder).mkdir(0o700, exist_ok=True)
        _write_new_file(folder / name, data)
        names.add(name)
    return names


def _write_new_file(path: Path, data: bytes) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(data)


def _sync_disk() -> None:
    if hasattr(os, "sync"):
        os.sync()  # once for all files: thousands of single calls take minutes


def _check_no_conflicts(owner_files: Iterable[str], wanted: set[str]) -> None:
    folders = {name.rpartition("/")[0] for name in wanted}
    for name in owner_files:
        if name in wanted or name in folders:
            raise KinError(
                f"{name} was not written by kin, and is in the way.",
                "Move it, or choose another folder.",
            )


def _move_files_into_place(
    path: Path,
    part: Path,
    wanted: set[str],
    old_names: set[str],
    index: FolderIndex,
    placed: list[Path],
) -> None:
    """Move the new files to their final names, and remove old ones that are no longer needed."""
    removed_names = sorted(old_names - wanted)

    def put(name: str, to: str) -> None:
        if to in old_names and _is_file_without_links(path, to):
            os.replace(part / name, path / to)
        else:
            atomic_write.move_into_place(part / name, path / to)
        placed.append(path / to)

    put(f"{index.name}-both" if removed_names else index.name, index.name)
    for name in sorted(wanted - {index.name}):
        (path / name).parent.mkdir(0o700, exist_ok=True)
        put(name, name)
    # On a disk that ignores case, an old and a new name may be the same file.
    new_files = {(status.st_dev, status.st_ino) for each in placed if (status := each.lstat())}
    for name in removed_names:
        old = path / name
        if (
            _is_file_without_links(path, name)
            and (old.lstat().st_dev, old.lstat().st_ino) not in new_files
        ):
            old.unlink()
    for folder in {(path / name).parent for name in removed_names} - {path}:
        with suppress(OSError):  # not empty
            folder.rmdir()
    if removed_names:
        os.replace(part / index.name, path / index.name)
