"""Files that kin writes for its owner: readable by no one else, whole or not at all, and never over anything by itself.

A name that is taken is refused, with --force only a regular file is replaced, and a link is never followed.
"""

import errno
import os
import shlex
import stat
from pathlib import Path

from kin.book import part_files as partfiles
from kin.book.fsync import settle
from kin.errors import KinError

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_STDOUT = ("stdout", "1")  # what a system calls it below /dev and /proc


def write(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write one file; raise KinError where there is one already, or no room."""
    if not path.name or (os.path.isdir(path) and not os.path.islink(path)):
        raise KinError(f"{path} is a folder.", "Name a file in it.")
    _put(path, data, force)
    settle(path.parent)


def _put(path: Path, data: bytes, force: bool) -> None:
    _check_free(path, force)
    partfiles.sweep(path.parent)
    try:
        with partfiles.part_file(path.parent) as part:
            with os.fdopen(part.file, "wb", closefd=False) as file:
                file.write(data)
            os.fsync(part.file)
            if force:
                _check_free(path, force)  # what is there may have been replaced meanwhile
                os.replace(part.path, path)
            else:
                partfiles.place(part.path, path)
    except FileExistsError:
        _check_free(path, force)
        raise _taken(path) from None
    except OSError as error:
        raise KinError(f"Cannot write {path}: {error.strerror}.", _what_to_do(error)) from error


def _check_free(path: Path, force: bool) -> None:
    """Refuse a name that is taken; with `force` only what is not a regular file."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return  # nothing is there, or the folder cannot be reached, which writing into it says
    if stat.S_ISREG(mode):
        if not force:
            raise _taken(path)
        return
    if stat.S_ISDIR(mode):
        raise KinError(f"{path} is a folder.", "Name a file in it.")
    kind = next((words for is_it, words in _KINDS if is_it(mode)), "not a regular file")
    raise KinError(f"{path} is {kind}; kin writes over regular files only.", _instead(path, mode))


def _instead(path: Path, mode: int) -> str:
    """Say how to get the words to what is not a file."""
    if path.parts[1:2] in (("dev",), ("proc",)) and path.name in _STDOUT:
        return "To write to standard output, leave out --to: kin export"
    try:
        led_to = path.stat().st_mode
        is_stream = not stat.S_ISREG(led_to) and not stat.S_ISDIR(led_to)
    except OSError:  # a link to nothing, say
        is_stream = False
    if is_stream and not stat.S_ISSOCK(mode):
        return (
            f"Leave out --to and let your shell write there: kin export > {shlex.quote(str(path))}"
        )
    return "Name another file."


def _taken(path: Path) -> KinError:
    return KinError(
        f"There is a file {path} already.", "Name another, or overwrite it with --force."
    )


def _what_to_do(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "Nothing was written. Make its folder first, or name another place."
    return "Nothing was written. Make room, check the rights, or name another place."
