"""Renames that cannot lose a file: two names exchanged in one step, and a rename that never replaces.

POSIX has neither. Linux has renameat2(2) and macOS renamex_np(2), which Python reaches only through ctypes;
this is the one module that uses it.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_HERE = -100  # AT_FDCWD on Linux: paths are relative to the working directory
# Flags of renameat2 on Linux and of renamex_np on macOS.
_NO_REPLACE, _EXCHANGE = (4, 2) if sys.platform == "darwin" else (1, 2)
# What a kernel, a file system or a sandbox answers if it does not know the call or the flag.
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files in one step; return False, with nothing changed, if the file system cannot."""
    return _rename(one, other, _EXCHANGE)


def rename_without_replacing(source: Path, target: Path) -> bool:
    """Rename a file; raise FileExistsError if the target exists, return False if the file system cannot."""
    return _rename(source, target, _NO_REPLACE)


def _rename(source: Path, target: Path, flag: int) -> bool:
    call = _system_call()
    if call is None:
        return False
    if call(os.fsencode(source), os.fsencode(target), flag) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), os.fspath(source), None, os.fspath(target))


@cache
def _system_call() -> Callable[[bytes, bytes, int], int] | None:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            rename = library.renamex_np
            rename.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
            return lambda source, target, flag: int(rename(source, target, flag))
        at = library.renameat2
    except (OSError, AttributeError):  # no C library to load, or one without the call
        return None
    at.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return lambda source, target, flag: int(at(_HERE, source, _HERE, target, flag))
