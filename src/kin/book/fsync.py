"""What is certainly on the disk, and reading a file that may turn out to be something else."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_unsynced: ContextVar[list[Path] | None] = ContextVar("unsynced", default=None)


def settle(folder: Path) -> bool:
    """Sync the names in a folder to the disk; return False where its file system cannot do that.

    The names are there either way, and what was asked is done: some network and FUSE file systems do not
    sync folders, and some folders may be changed but not opened. Only a power cut could lose a name then.
    """
    try:
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError:
        unsynced = _unsynced.get()
        if unsynced is not None and folder not in unsynced:
            unsynced.append(folder)
        return False
    return True


@contextmanager
def noting_unsynced() -> Iterator[list[Path]]:
    """Yield the list of folders that `settle` could not sync while the block runs."""
    found: list[Path] = []
    token = _unsynced.set(found)
    try:
        yield found
    finally:
        _unsynced.reset(token)


def head(path: Path, size: int) -> bytes:
    """Return the first bytes of a regular file; raise OSError for anything else, and never wait for a pipe."""
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file", str(path))
        return os.read(opened, size)
    finally:
        os.close(opened)


def is_regular(path: Path) -> bool:
    """Tell whether a path is a regular file itself, and not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise
