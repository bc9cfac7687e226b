"""The book as a file: where it really lies, whose it is, and what is wrong with it, in words.

Looks before SQLite does: opening another program's database, even to read, may write beside it.
"""

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

from kin.book import file_header as bookheader
from kin.book.file_header import APPLICATION_ID as APPLICATION_ID, is_kins as is_kins
from kin.book.fsync import head, settle
from kin.errors import BookError, UsageError
from kin.language.text import command_line

_PAGES_BEFORE = slice(16, 20)  # of a rollback journal, section 3
_JOURNAL = (
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"  # how a journal begins that is still needed, section 3
)
_WAL_HEADER = 32  # bytes of a write-ahead log without a change in it, section 4

SIDE_TAILS = ("-journal", "-wal", "-shm")  # of the files that SQLite keeps next to a database
_ELSEWHERE = "Name another book with --db PATH or KIN_DB."
_RIGHTS = "Nothing was written. Check the rights of the file and its folder."


class DamagedError(BookError):
    """The file is no database any more, or a torn one; another copy can take its place."""


class GoneError(DamagedError):
    """There is no book any more, but there are backups of it: this is no first run."""


def located(path: Path) -> Path:
    """Return the absolute path behind all links."""
    return Path(os.path.realpath(path))


def is_there(path: Path, newest: int) -> bool:
    """Tell whether a book lies there; raise BookError for what is none, or newer than `newest`.

    An empty file is a book that is about to be made; or, as one that is missing, lost if there are backups of it.
    """
    if _looks_there(path, newest):
        return True
    try:
        check_not_gone(path)
    except GoneError:
        if not _looks_there(
            path, newest
        ):  # another kin may just have made it, and a backup behind it
            raise
        return True
    return False


def check_not_gone(path: Path) -> None:
    """Raise GoneError if there are backups of a book that is missing, or has nothing in it."""
    from kin.book import backup_files as backups  # not while the book is there

    found = backups.listed(path)
    if not found:
        return
    sound = [each for each in found if each.why != backups.DAMAGED]
    what = "a backup" if sound else "a damaged copy"
    how = "is empty" if path.exists() else "is gone"
    raise GoneError(
        f"The book at {path} {how}, and {what} of {(sound or found)[0].day} is there.",
        f"Bring it back: {'kin restore' if sound else 'kin restore FILE'}. To begin anew, name another book "
        f"with --db, or move {backups.folder_of(path)} away.",
    )


def _looks_there(path: Path, newest: int) -> bool:
    try:
        found = path.stat()
        _check_side_files(path)
        if not found.st_size or not stat.S_ISREG(found.st_mode):
            return _is_begun(path, found)
        # No connection of this process holds a lock yet that closing the file could drop.
        header = head(path, bookheader.SIZE)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BookError(f"Cannot open the book at {path}: {error.strerror}.", _RIGHTS) from error
    check_header(path, header, newest)
    return True


def _is_begun(path: Path, found: os.stat_result) -> bool:
    if stat.S_ISDIR(found.st_mode):
        raise BookError(f"{path} is a folder, not a book.", _ELSEWHERE)
    if not stat.S_ISREG(found.st_mode):
        raise BookError(f"{path} is no file that could be a book.", _ELSEWHERE)
    return False


def check_header(path: Path, header: bytes, newest: int) -> None:
    """Refuse a file that does not begin as a book of this kin, or of an older one, does."""
    application = bookheader.application(header)
    # What comes first in the file need not have come first to the disk.
    begun = header.startswith(bookheader.MAGIC) or not any(header)
    if begun and not application and _was_being_made(path):
        return
    if not header.startswith(bookheader.MAGIC):
        raise DamagedError(
            f"{path} is not a readable book.",
            f"It was not touched. Put a copy of the book back: kin restore. {_ELSEWHERE}",
        )
    check_owner(path, application, bookheader.version(header), newest)


def _check_side_files(path: Path) -> None:
    """Refuse what would make SQLite wait for ever, or write elsewhere: a pipe or a link in place of its files."""
    for tail in SIDE_TAILS:
        side = Path(f"{path}{tail}")
        try:
            is_file = stat.S_ISREG(side.lstat().st_mode)
        except FileNotFoundError:
            continue
        if not is_file:
            raise BookError(
                f"{side} is not a regular file, so the book cannot be opened safely.",
                f"Nothing was touched. Look at it, and move it away: {command_line('mv', str(side))} ELSEWHERE",
            )


def check_not_side_file(path: Path) -> None:
    """Refuse a name that SQLite takes for a file of its own: it would delete what is there, or read it."""
    for tail in SIDE_TAILS:
        if path.name.endswith(tail):
            raise UsageError(
                f"A file whose name ends with {tail} belongs to SQLite, which would delete it.",
                "Name another file.",
            )


def is_write_ahead(path: Path) -> bool:
    """Tell whether a book is in WAL mode, or has a log that SQLite would read: another program did that.

    To be asked only while this process has no connection to it: closing the file would drop the lock.
    """
    try:
        header = head(path, bookheader.SIZE)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BookError(f"Cannot open the book at {path}: {error.strerror}.", _RIGHTS) from error
    log = Path(f"{path}-wal")  # an empty one is none to SQLite
    return bookheader.is_write_ahead(header) or (log.exists() and log.stat().st_size > 0)


def unmerged(path: Path) -> Path | None:
    """Return the file next to a database that has changes which are not in it yet, None where there is none."""
    log, journal = Path(f"{path}-wal"), Path(f"{path}-journal")
    try:
        if log.stat().st_size > _WAL_HEADER:
            return log
    except FileNotFoundError:
        pass
    try:
        return journal if head(journal, len(_JOURNAL)) == _JOURNAL else None
    except FileNotFoundError:
        return None


def _was_being_made(path: Path) -> bool:
    """Tell whether a crash left a book half made: the journal says that there were no pages before."""
    try:
        return head(Path(f"{path}-journal"), 28)[_PAGES_BEFORE] == bytes(4)
    except OSError:
        return False


def check_owner(path: Path, application: int, version: int, newest: int) -> None:
    """Refuse another program's database, and a book of a newer kin."""
    if application != APPLICATION_ID:
        raise BookError(
            f"{path} is a database, but not kin's.", f"It was not touched. {_ELSEWHERE}"
        )
    if version > newest:
        raise BookError(
            f"{path} was written by a newer kin (schema {version}; this one knows {newest}).",
            "Upgrade kin; the book was not touched.",
        )


def make(path: Path) -> None:
    """Create the file before SQLite sees it, so that it is never readable by others."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    make_folder(path)
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        return  # another kin was first, and both go on with the one file; or it is still empty
    except OSError as error:
        raise BookError(f"Cannot make a book at {path}: {error.strerror}.", _ELSEWHERE) from error


def make_folder(path: Path) -> None:
    """Create the folder of a book, and those above it, for its owner alone."""
    try:
        for folder in reversed(path.parents):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                settle(folder.parent)
    except OSError as error:
        raise BookError(f"Cannot make a book at {path}: {error.strerror}.", _ELSEWHERE) from error


def held(path: Path) -> BookError:
    """Say that another program does not let go of the book."""
    return BookError(
        f"Another program is holding the book at {path}.",
        "Try again in a moment; nothing was written.",
    )


def not_held(path: Path) -> Callable[[int, int, int], None]:
    """Return what a copy into the book asks after each try: it would try for ever."""

    def look(status: int, _: int, __: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise held(path)

    return look


def trouble(path: Path, error: sqlite3.DatabaseError) -> BookError:
    """Say an error of SQLite's as a sentence about the book."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return held(path)
    if code == sqlite3.SQLITE_READONLY:
        return BookError(f"The book at {path} is read-only.", _RIGHTS)
    if code == sqlite3.SQLITE_FULL:
        return BookError("The disk is full.", "Nothing was written. Make room and try again.")
    if code in (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_AUTH,
    ):
        return BookError(f"Cannot open the book at {path}: {error}.", _RIGHTS)
    return DamagedError(
        f"The book at {path} is damaged: {error}.",
        f"Nothing was written. Put a copy of the book back: kin restore. {_ELSEWHERE}",
    )
