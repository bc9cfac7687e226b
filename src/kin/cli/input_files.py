"""Files given to `kin import`: opened one at a time, regular files only, without following links in folders.

What is in a folder and cannot be read is passed over and listed; a file that was named is an error.
"""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kin import paths
from kin.errors import KinError, UsageError
from kin.formats.detect import HEAD, File, Folder
from kin.formats.markdown import read as markdown
from kin.formats.markdown.syntax import INDEX, KEPT, PEOPLE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST = 1 << 30  # bytes of one file: larger is no address book
_READ = frozenset((".vcf", ".vcard", ".md", ".csv", ".tsv", ".json", ".txt"))
_LINK = "a link, which kin does not follow"
_NOT_REGULAR = "no plain file"

Passed = list[tuple[str, str]]


def given(named: Sequence[str], kind: str | None = None) -> tuple[list[File | Folder], Passed]:
    """Find what was named: files, the files of a folder, `-` for standard input; `kind` is the owner's word.

    Returns them with those that were passed over, and why. Reading a Markdown folder later may add to
    these. No file stays open.
    """
    files: list[File | Folder] = []
    passed: Passed = []
    for each in named:
        path = paths.home(each)
        if each == "-":
            data = _stdin()
            files.append(File("standard input", data[:HEAD], partial(BytesIO, data)))
        elif not os.path.isdir(path):
            files.append(_file(path.name, path, 0))
        elif kind == "markdown" or (kind is None and _is_own(path)):
            files.append(Folder(path.name, _own(path, passed)))
        else:
            files += _found(path, passed)
    return files, passed


def _is_own(folder: Path) -> bool:
    """Tell whether a folder is one of kin's Markdown, by the page that leads to the others."""
    index = folder / INDEX
    if not os.path.isfile(index) or index.is_symlink():
        return False
    with _opened(index, os.O_NOFOLLOW) as stream:
        return markdown.recognise(stream.read(HEAD))


def _own(folder: Path, passed: Passed) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a Markdown folder from where kin writes them; what else is there is passed over."""
    room = LARGEST
    for path in _places(folder, passed):
        name = path.relative_to(folder).as_posix()
        why = _unreadable(path)
        if not why and not _is_page(name):
            why = "no page of kin’s"
        if not why:
            try:
                with _opened(path, os.O_NOFOLLOW) as stream:
                    most = min(room, markdown.LARGEST)
                    data = stream.read(most + 1)
                why = "larger than a page can be" if len(data) > most else ""
            except KinError as error:
                why = error.message
        if why:
            passed.append((name, why))
        else:
            room -= len(data)
            yield name, data


def _places(folder: Path, passed: Passed) -> Iterator[Path]:
    """Yield what is in a folder and in those of its folders that kin writes, hidden files left out."""
    for path in _entries(folder):
        if path.name not in (PEOPLE, KEPT) or path.is_symlink() or not path.is_dir():
            yield path
            continue
        try:
            yield from _entries(path)
        except KinError as error:
            passed.append((path.name, error.message))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except OSError as error:
        raise _cannot_read(str(folder), error) from error


def _is_page(name: str) -> bool:
    below, _, file = name.rpartition("/")
    return (
        name == INDEX or {PEOPLE: ".md", KEPT: ".json"}.get(below, "/") == file[file.rfind(".") :]
    )


def _found(folder: Path, passed: Passed) -> Iterator[File]:
    """Yield the files below a folder that kin may read; hidden ones are left out."""

    def unreadable(error: OSError) -> None:
        where = os.path.relpath(error.filename, folder) if error.filename else "."
        passed.append((where, _cannot_read(where, error).message))

    for here, folders, names in os.walk(folder, onerror=unreadable, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in sorted(Path(here, name) for name in names):
            if path.name.startswith(".") or path.suffix.casefold() not in _READ:
                continue
            name = str(path.relative_to(folder))
            if not (why := _unreadable(path)):
                try:
                    yield _file(name, path, os.O_NOFOLLOW)._replace(found=True)
                except KinError as error:
                    why = error.message
            if why:
                passed.append((name, why))


def _unreadable(path: Path) -> str:
    """Return why what is in a folder is no file to be read, or "" where it is one."""
    try:
        kind = path.lstat().st_mode
    except OSError as error:
        return _cannot_read(path.name, error).message
    if stat.S_ISREG(kind):
        return ""
    return _LINK if stat.S_ISLNK(kind) else _NOT_REGULAR


def _file(name: str, path: Path, flags: int) -> File:
    with _opened(path, flags) as stream:
        head = stream.read(HEAD)
        if len(head) < HEAD:  # all of it
            return File(name, head, partial(BytesIO, head))
        seen = _identity(stream.fileno())
    return File(name, head, partial(_opened, path, flags, seen))


def _opened(path: Path, flags: int, seen: tuple[int, ...] | None = None) -> BinaryIO:
    """Open a regular file to read; with `seen` only the very file that was opened before."""
    try:
        # Non-blocking: a named pipe that nobody writes to would be waited for.
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
    except FileNotFoundError:
        raise KinError(f"There is no file {path}.", "Name a file or a folder.") from None
    except OSError as error:
        raise _cannot_read(str(path), error) from error
    trouble = None
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode):
        trouble = KinError(f"{path} is no plain file.", "Name a file or a folder.")
    elif found.st_size > LARGEST:
        trouble = KinError(f"{path} is larger than 1 GB.", "Part it; nothing was written.")
    elif seen and _identity(opened) != seen:
        trouble = KinError(f"{path} changed while kin read it.", "Nothing was written.")
    if trouble:
        os.close(opened)
        raise trouble
    return BufferedReader(_Source(opened, str(path)))


def _identity(opened: int) -> tuple[int, ...]:
    found = os.fstat(opened)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class _Source(FileIO):
    """An open file whose reading fails with a KinError."""

    def __init__(self, opened: int, path: str) -> None:
        super().__init__(opened, "rb")
        self._path = path

    def readinto(self, buffer: "WriteableBuffer") -> int:
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise _cannot_read(self._path, error) from error

    def readall(self) -> bytes:
        try:
            return super().readall()
        except OSError as error:
            raise _cannot_read(self._path, error) from error


def _cannot_read(name: str, error: OSError) -> KinError:
    return KinError(f"Cannot read {name}: {error.strerror}.", "Nothing was written.")


def _stdin() -> bytes:
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Nothing was written.")
    try:
        return sys.stdin.buffer.read(LARGEST)
    except OSError as error:
        raise _cannot_read("standard input", error) from error
