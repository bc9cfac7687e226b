"""Files that are given to kin: opened without following what a folder may hide, never more than a limit.

Its one rule: what lies in a folder and cannot be opened is said and passed over; what was named is an error.
"""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from kin import paths
from kin.errors import KinError, UsageError
from kin.formats import markdown
from kin.formats.markdown_names import INDEX, KEPT, PEOPLE
from kin.formats.recognise import HEAD, File, Folder

LARGEST = 1 << 30  # bytes of one file: larger is no address book
_READ = frozenset((".vcf", ".vcard", ".md", ".csv", ".tsv", ".json", ".txt"))


def given(
    named: Sequence[str], kind: str | None = None
) -> tuple[list[File | Folder], list[tuple[str, str]]]:
    """Open what was named: files, the files of a folder, `-` for standard input; `kind` is the owner's word.

    Returns them with those that were passed over, and why.
    """
    files: list[File | Folder] = []
    passed: list[tuple[str, str]] = []
    for each in named:
        path = paths.home(each)
        if each == "-":
            files.append(_file("standard input", _stdin()))
        elif os.path.isdir(path) and (kind == "markdown" or (kind is None and _is_own(path))):
            files.append(Folder(path.name, _own(path, passed)))
        elif os.path.isdir(path):
            for found, why in _below(path):
                name = str(found.relative_to(path))
                if not why:
                    try:
                        stream = _opened(found, os.O_NOFOLLOW)
                        files.append(_file(name, stream)._replace(found=True))
                    except KinError as error:
                        why = error.message
                if why:
                    passed.append((name, why))
        else:
            files.append(_file(path.name, _opened(path, 0)))
    return files, passed


def _is_own(folder: Path) -> bool:
    """Tell whether a folder is one of kin's Markdown, by the page that leads to the others."""
    index = folder / INDEX
    if not index.exists() or index.is_symlink():
        return False
    with _opened(index, os.O_NOFOLLOW) as stream:
        return markdown.recognise(stream.read(HEAD))


def _own(folder: Path, passed: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a Markdown folder from where kin writes them; what else is there is passed over."""
    room = LARGEST
    for path in _places(folder):
        name = path.relative_to(folder).as_posix()
        kind = path.lstat().st_mode
        if not stat.S_ISREG(kind):
            why = "a link, which kin does not follow" if stat.S_ISLNK(kind) else "no plain file"
            passed.append((name, why))
        elif not _is_page(name):
            passed.append((name, "no page of kin’s"))
        elif path.lstat().st_size > min(room, markdown.LARGEST):
            passed.append((name, "larger than a page can be"))
        else:
            with _opened(path, os.O_NOFOLLOW) as stream:
                data = stream.read(markdown.LARGEST)
            room -= len(data)
            yield name, data


def _places(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and in those of its folders that kin writes; hidden files are left alone."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.name in (PEOPLE, KEPT) and path.is_dir() and not path.is_symlink():
            yield from sorted(each for each in path.iterdir() if not each.name.startswith("."))
        else:
            yield path


def _is_page(name: str) -> bool:
    below, _, file = name.rpartition("/")
    return (
        name == INDEX or {PEOPLE: ".md", KEPT: ".json"}.get(below, "/") == file[file.rfind(".") :]
    )


def _below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files below a folder in order, with what speaks against one; hidden ones are left alone."""
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            if name.startswith(".") or path.suffix.casefold() not in _READ:
                continue
            kind = path.lstat().st_mode
            why = "a link, which kin does not follow" if stat.S_ISLNK(kind) else "no plain file"
            yield path, "" if stat.S_ISREG(kind) else why


def _opened(path: Path, flags: int) -> BinaryIO:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
    except FileNotFoundError:
        raise KinError(f"There is no file {path}.", "Name a file or a folder.") from None
    except OSError as error:
        raise KinError(f"Cannot read {path}: {error.strerror}.", "Nothing was written.") from error
    held = os.fstat(opened)
    if not stat.S_ISREG(held.st_mode):
        os.close(opened)
        raise KinError(f"{path} is no plain file.", "Name a file or a folder.")
    if held.st_size > LARGEST:
        os.close(opened)
        raise KinError(f"{path} is larger than 1 GB.", "Part it; nothing was written.")
    return os.fdopen(opened, "rb")


def _file(name: str, stream: BinaryIO) -> File:
    try:
        head = stream.read(HEAD)
        if len(head) < HEAD:
            stream.close()  # thousands of small files would be more than may be open at once
            return File(name, head, BytesIO(head))
        stream.seek(0)
    except OSError as error:
        raise KinError(f"Cannot read {name}: {error.strerror}.", "Nothing was written.") from error
    return File(name, head, stream)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Nothing was written.")
    return BytesIO(sys.stdin.buffer.read(LARGEST))
