"""Writing files atomically, readable by the owner only; part files, and reading the header of a book.

An existing file is refused, or, with --force, replaced if it is a regular file. A link is never followed.
"""

import errno
import fcntl
import os
import re
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from kin.constants import APPLICATION_ID
from kin.errors import KinError

_unsynced: ContextVar[list[Path] | None] = ContextVar("unsynced", default=None)


def fsync_directory(folder: Path) -> bool:
    """Sync the names in a folder to disk; return False if that is impossible, and add it to the collected folders.

    Some network and FUSE file systems cannot sync folders, and some folders can be changed but not opened. The names
    exist all the same; only a power cut could lose them.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        unsynced = _unsynced.get()
        if unsynced is not None and folder not in unsynced:
            unsynced.append(folder)
        return False
    return True


@contextmanager
def collect_unsynced_folders() -> Iterator[list[Path]]:
    """Yield the list to which `fsync_directory` adds the folders that it could not sync during the block."""
    folders: list[Path] = []
    token = _unsynced.set(folders)
    try:
        yield folders
    finally:
        _unsynced.reset(token)


def read_head(path: Path, size: int) -> bytes:
    """Return the first bytes of a regular file; raise OSError for anything else, and never wait on a pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def is_regular_file(path: Path) -> bool:
    """Return whether a path is a regular file, and not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise


SQLITE_MAGIC = b"SQLite format 3\0"
HEADER_SIZE = 100  # bytes
_WRITE_AND_READ_FORMAT, _VERSION, _APPLICATION = slice(18, 20), slice(60, 64), slice(68, 72)


def parse_application_id(header: bytes) -> int:
    """Return the application id in the header of a database, 0 for none."""
    return int.from_bytes(header[_APPLICATION], "big")


def parse_schema_version(header: bytes) -> int:
    """Return the schema version in the header of a database."""
    return int.from_bytes(header[_VERSION], "big", signed=True)


def is_kin_book(header: bytes) -> bool:
    """Return whether a file with this header is a book of any version of kin."""
    return header.startswith(SQLITE_MAGIC) and parse_application_id(header) == APPLICATION_ID


def has_wal_mode(header: bytes) -> bool:
    """Return whether the database is in WAL mode, so that even a reader would create files next to it."""
    return header.startswith(SQLITE_MAGIC) and 2 in header[_WRITE_AND_READ_FORMAT]


_PART_NAME = re.compile(r"(\.kin-[0-9a-f]{8,32}\.part)(-[a-z-]+)?")
# The names that older versions used. They took no locks, so that only the content shows whose the files are.
_OLD_PART_NAME = re.compile(r"(\..+\.[0-9a-f]{8}\.part)(-hash)?", re.DOTALL)
_OLD_FOLDER = re.compile(r"\..+\.[0-9a-f]{8}\.(part|old)", re.DOTALL)
_HASH_START = re.compile(rb"[0-9a-f]{64}  ")
_PAGE_HEADING = re.compile(rb"#[ \t].*<!-- kin (page|folder) [0-9]{1,9} -->\s*")
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_TRIES = 3


class PartFile(NamedTuple):
    """An open and locked part file: a file that does not have its final name yet."""

    path: Path
    descriptor: int


@contextmanager
def create_part_file(folder: Path) -> Iterator[PartFile]:
    """Create a part file, readable by the owner only. At the end, no file has its name or a name that begins with it."""
    part = _create_locked_part(folder)
    try:
        yield part
    finally:
        # What cannot be removed now, the next process that writes here removes. An error would mean that nothing was
        # written, but the file may have its final name by now.
        with suppress(OSError):
            for name in os.listdir(folder):
                if name.startswith(f"{part.path.name}-"):
                    (folder / name).unlink(missing_ok=True)
            part.path.unlink(missing_ok=True)
        os.close(part.descriptor)


@contextmanager
def create_part_folder(folder: Path) -> Iterator[Path]:
    """Create a part folder in `folder`. At the end, no folder has its name."""
    import secrets  # not for reads
    import shutil

    path = folder / f".kin-{secrets.token_hex(8)}.part"
    path.mkdir(0o700)
    descriptor = os.open(path, os.O_RDONLY | _NO_FOLLOW)
    try:
        if not _try_lock(descriptor):
            raise BlockingIOError(0, "another kin removes the files that are written there")
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)  # as in create_part_file
        os.close(descriptor)


def move_into_place(part: Path, path: Path) -> None:
    """Move a part file to its final name; raise FileExistsError if that exists."""
    try:
        os.link(part, path)  # fails if the name exists, unlike a rename
    except FileExistsError:
        raise
    except OSError:  # some file systems, as on memory sticks, have no hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(part, path)


def find_abandoned(folder: Path) -> list[Path]:
    """Return the part files and folders that a killed process left in a folder; raise OSError if it cannot be read."""
    return [path for group in _group_abandoned(folder) for path in group]


def remove_abandoned(folder: Path) -> None:
    """Remove the part files and folders that a killed process left in a folder.

    Never raises: what cannot be removed must not prevent writing there, and if the folder itself is missing or closed,
    the writer reports it.
    """
    with suppress(OSError):
        for group in _group_abandoned(folder):
            for path in group:
                with suppress(OSError):
                    _remove_path(path)


def find_unclear_leftovers(folder: Path) -> list[Path]:
    """Return what looks like a part file or folder of an older version, but may have files of the owner in it."""
    removable = set(find_abandoned(folder))
    return [
        folder / name
        for name in sorted(os.listdir(folder))
        if (_OLD_PART_NAME.fullmatch(name) or _OLD_FOLDER.fullmatch(name))
        and not _PART_NAME.fullmatch(name)
        and folder / name not in removable
        and _is_own_file_or_folder(folder / name)
    ]


def find_part_files_in_use(folder: Path) -> list[Path]:
    """Return the part files in a folder that are in use, or cannot be removed."""
    unused = set(find_abandoned(folder))
    names = [name for name in sorted(os.listdir(folder)) if _PART_NAME.fullmatch(name)]
    return [folder / name for name in names if folder / name not in unused]


def _create_locked_part(folder: Path) -> PartFile:
    import secrets  # not for reads

    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_FOLLOW
    for _ in range(_TRIES):
        path = folder / f".kin-{secrets.token_hex(8)}.part"
        descriptor = os.open(path, flags, 0o600)
        # Another process may have removed it as abandoned before it was locked.
        if _try_lock(descriptor) and os.fstat(descriptor).st_nlink:
            return PartFile(path, descriptor)
        os.close(descriptor)
    raise BlockingIOError(0, "another kin removes the files that are written there")


def _try_lock(descriptor: int) -> bool:
    """Lock a part file; return False if another process has the lock. True too on file systems without locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _group_abandoned(folder: Path) -> Iterator[list[Path]]:
    """Yield groups of abandoned files that belong together. The first of a group stays locked meanwhile."""
    groups: dict[str, list[str]] = {}
    for name in sorted(os.listdir(folder)):
        match = _PART_NAME.fullmatch(name) or _OLD_PART_NAME.fullmatch(name)
        if match:
            groups.setdefault(match[1], []).append(name)
    for first, names in groups.items():
        with _hold_lock_if_free(folder / first) as is_free:
            if is_free:
                # The first one last: while it exists, the others belong to it.
                own_paths = [
                    folder / name for name in reversed(names) if _is_written_by_kin(folder / name)
                ]
                yield own_paths


@contextmanager
def _hold_lock_if_free(path: Path) -> Iterator[bool]:
    """Lock a part file during the block; yield whether that was possible, and no one else has the lock."""
    if not os.path.lexists(path):
        yield True  # the writer removes it last
        return
    # Some file systems lock only files opened for writing.
    access = os.O_RDONLY if path.is_dir() else os.O_RDWR
    try:
        descriptor = (
            os.open(path, access | os.O_NONBLOCK | _NO_FOLLOW)
            if _is_own_file_or_folder(path)
            else None
        )
    except OSError:
        descriptor = None
    if descriptor is None:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _is_written_by_kin(path: Path) -> bool:
    """Return whether kin certainly wrote a file or folder: by its name or, for older versions, its content."""
    if not _is_own_file_or_folder(path):
        return False
    if path.is_dir():
        return _is_markdown_export(path)
    if _PART_NAME.fullmatch(path.name):
        return True
    try:
        start = read_head(path, HEADER_SIZE)
    except OSError:
        return False
    if path.name.endswith("-hash"):
        return not start or bool(_HASH_START.match(start))
    return not any(start) or is_kin_book(start)


def _is_own_file_or_folder(path: Path) -> bool:
    """Return whether a path is a regular file or a folder, and belongs to this user."""
    try:
        status = path.lstat()
    except OSError:
        return False
    kind = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return kind and status.st_uid == os.geteuid()


def _is_markdown_export(folder: Path) -> bool:
    """Return whether a folder has only Markdown pages of kin in it, and their data."""
    try:
        for current_path, folders, files in os.walk(folder, onerror=_raise_error):
            current = Path(current_path)
            is_known_depth = current == folder or current.parent == folder
            if not is_known_depth or any((current / name).is_symlink() for name in folders):
                return False
            for name in files:
                if not _is_markdown_page(current / name, current.name if current != folder else ""):
                    return False
    except OSError:
        return False
    return True


def _raise_error(error: OSError) -> None:
    raise error


def _is_markdown_page(path: Path, subfolder: str) -> bool:
    if not is_regular_file(path):
        return False
    if subfolder == "kept":
        return path.suffix == ".json"
    start = read_head(path, 4096).partition(b"\n")[0]
    return path.suffix in (".md", ".md-both") and (
        not start or bool(_PAGE_HEADING.fullmatch(start))
    )


def _remove_path(path: Path) -> None:
    import shutil  # not for reads

    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()


_FILE_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_STDOUT_NAMES = ("stdout", "1")  # file names below /dev and /proc


def write_file(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file and sync it to disk; raise KinError if it exists (with `force`: if it is not a regular file), or on error."""
    if not path.name or (os.path.isdir(path) and not os.path.islink(path)):
        raise KinError(f"{path} is a folder.", "Name a file in it.")
    _write_atomically(path, data, force)
    fsync_directory(path.parent)


def _write_atomically(path: Path, data: bytes, force: bool) -> None:
    _check_free(path, force)
    remove_abandoned(path.parent)
    try:
        with create_part_file(path.parent) as part:
            with os.fdopen(part.descriptor, "wb", closefd=False) as file:
                file.write(data)
            os.fsync(part.descriptor)
            if force:
                _check_free(path, force)  # it may have been replaced in the meantime
                os.replace(part.path, path)
            else:
                move_into_place(part.path, path)
    except FileExistsError:
        _check_free(path, force)
        raise _make_taken_error(path) from None
    except OSError as error:
        raise KinError(f"Cannot write {path}: {error.strerror}.", _suggest_remedy(error)) from error


def _check_free(path: Path, force: bool) -> None:
    """Raise KinError if the path exists; with `force`, only if it is not a regular file."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return  # it does not exist, or the folder cannot be reached, which writing reports
    if stat.S_ISREG(mode):
        if not force:
            raise _make_taken_error(path)
        return
    if stat.S_ISDIR(mode):
        raise KinError(f"{path} is a folder.", "Name a file in it.")
    kind = next((words for is_it, words in _FILE_KINDS if is_it(mode)), "not a regular file")
    raise KinError(
        f"{path} is {kind}; kin overwrites regular files only.", _suggest_alternative(path, mode)
    )


def _suggest_alternative(path: Path, mode: int) -> str:
    """Return a hint how to write to something that is not a regular file."""
    if path.parts[1:2] in (("dev",), ("proc",)) and path.name in _STDOUT_NAMES:
        return "To write to standard output, leave out --to: kin export"
    try:
        target_mode = path.stat().st_mode
        is_stream = not stat.S_ISREG(target_mode) and not stat.S_ISDIR(target_mode)
    except OSError:  # such as a broken link
        is_stream = False
    if is_stream and not stat.S_ISSOCK(mode):
        return (
            f"Leave out --to and let the shell write there: kin export > {shlex.quote(str(path))}"
        )
    return "Choose another file."


def _make_taken_error(path: Path) -> KinError:
    return KinError(f"{path} already exists.", "Choose another name, or overwrite it with --force.")


def _suggest_remedy(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "Nothing was written. Create the folder first, or choose another place."
    return "Nothing was written. Free some space, check the permissions, or choose another place."
