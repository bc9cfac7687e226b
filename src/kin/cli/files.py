"""Files that are given to kin: opened without following what a folder may hide, never more than a limit.

Its one rule: what is no plain file is said and passed over, and what was named and is not there is an error.
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
from kin.formats.recognise import HEAD, File

LARGEST = 1 << 30  # bytes of one file: larger is no address book
_READ = frozenset((".vcf", ".vcard", ".md", ".csv", ".tsv", ".json", ".txt"))


def given(named: Sequence[str]) -> tuple[list[File], list[tuple[str, str]]]:
    """Open what was named: files, the files of a folder, `-` for standard input.

    Returns them with those that were passed over, and why.
    """
    files: list[File] = []
    passed: list[tuple[str, str]] = []
    for each in named:
        path = paths.home(each)
        if each == "-":
            files.append(_file("standard input", _stdin()))
        elif path.is_dir():
            for found, why in _below(path):
                name = str(found.relative_to(path))
                if why:
                    passed.append((name, why))
                else:
                    files.append(_file(name, _opened(found, os.O_NOFOLLOW)))
        else:
            files.append(_file(path.name, _opened(path, 0)))
    return files, passed


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
    head = stream.read(HEAD)
    stream.seek(0)
    return File(name, head, stream)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Nothing was written.")
    return BytesIO(sys.stdin.buffer.read(LARGEST))
