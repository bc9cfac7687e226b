"""Opening a book: checks of the file, connection settings, the schema version, and SQLite errors as sentences.

Nothing else in kin opens a book. The settings and their reasons: docs/explanation/safety.md.
"""

import os
import shlex
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from kin.book import atomic_write, schema
from kin.book.atomic_write import fsync_directory, read_head
from kin.constants import APPLICATION_ID
from kin.errors import BookError, KinError, UsageError
from kin.language.text import format_command, normalize

# Sections of https://sqlite.org/fileformat2.html.
_ORIGINAL_PAGE_COUNT = slice(16, 20)  # in the header of a rollback journal, section 3
# The first bytes of a journal that is still needed, section 3.
_JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_WAL_HEADER_SIZE = 32  # bytes of a write-ahead log without changes, section 4

# Of the files that SQLite keeps next to a database.
SIDE_FILE_SUFFIXES = ("-journal", "-wal", "-shm")
_OTHER_BOOK_HINT = "Name another book with --db PATH or KIN_DB."
_PERMISSIONS_HINT = "Nothing was written. Check the permissions of the file and its folder."


class DamagedBookError(BookError):
    """The file is damaged, or not a database any more; a backup can replace it."""


class MissingBookError(DamagedBookError):
    """The book is missing or empty, but it has backups, so this is not a first run."""


def resolve_path(path: Path) -> Path:
    """Return the absolute path, with all links resolved."""
    return Path(os.path.realpath(path))


def book_exists(path: Path, newest: int) -> bool:
    """Return whether there is a book; raise BookError if the file is not one, or its schema is newer than `newest`.

    An empty file counts as a book that is about to be created. If it has backups, it is lost, as a missing file is.
    """
    if _file_holds_book(path, newest):
        return True
    try:
        check_not_missing(path)
    except MissingBookError:
        # Another process may just have created the book, and then a backup.
        if not _file_holds_book(path, newest):
            raise
        return True
    return False


def check_not_missing(path: Path) -> None:
    """Raise MissingBookError if a book that is missing or empty has backups."""
    from kin.book import backup_files  # not while the book is there

    existing = backup_files.list_backups(path)
    if not existing:
        return
    undamaged = [each for each in existing if each.reason != backup_files.DAMAGED]
    what = "a backup" if undamaged else "a damaged copy"
    state = "empty" if path.exists() else "gone"
    raise MissingBookError(
        f"The book at {path} is {state}, but there is {what} of {(undamaged or existing)[0].day}.",
        f"Restore it: {'kin restore' if undamaged else 'kin restore FILE'}. To start a new book, choose another file "
        f"with --db, or move {backup_files.get_backup_folder(path)} away.",
    )


def _file_holds_book(path: Path, newest: int) -> bool:
    try:
        status = path.stat()
        _check_side_files(path)
        if not status.st_size or not stat.S_ISREG(status.st_mode):
            return _check_empty_file(path, status)
        # Closing the file drops the locks of this process on it; no connection holds one yet.
        header = read_head(path, atomic_write.HEADER_SIZE)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BookError(
            f"Cannot open the book at {path}: {error.strerror}.", _PERMISSIONS_HINT
        ) from error
    check_header(path, header, newest)
    return True


def _check_empty_file(path: Path, status: os.stat_result) -> bool:
    if stat.S_ISDIR(status.st_mode):
        raise BookError(f"{path} is a folder, not a book.", _OTHER_BOOK_HINT)
    if not stat.S_ISREG(status.st_mode):
        raise BookError(f"{path} is not a regular file, so it cannot be a book.", _OTHER_BOOK_HINT)
    return False


def check_header(path: Path, header: bytes, newest: int) -> None:
    """Raise BookError if a file does not begin like a book of this version of kin, or of an older one."""
    application_id = atomic_write.parse_application_id(header)
    # The first page need not have reached the disk first.
    could_be_book = header.startswith(atomic_write.SQLITE_MAGIC) or not any(header)
    if could_be_book and not application_id and _was_creation_interrupted(path):
        return
    if not header.startswith(atomic_write.SQLITE_MAGIC):
        raise DamagedBookError(
            f"{path} is not a readable book.",
            f"It was not changed. Restore a backup: kin restore. {_OTHER_BOOK_HINT}",
        )
    check_owner(path, application_id, atomic_write.parse_schema_version(header), newest)


def _check_side_files(path: Path) -> None:
    """Raise BookError if a pipe or a link is in place of one of SQLite's files: it would wait forever, or write elsewhere."""
    for suffix in SIDE_FILE_SUFFIXES:
        side_file = Path(f"{path}{suffix}")
        try:
            is_file = stat.S_ISREG(side_file.lstat().st_mode)
        except FileNotFoundError:
            continue
        if not is_file:
            raise BookError(
                f"{side_file} is not a regular file, so the book cannot be opened safely.",
                f"Nothing was changed. Check what it is, and move it away: {format_command('mv', str(side_file))} ELSEWHERE",
            )


def check_not_side_file(path: Path) -> None:
    """Raise UsageError for a name that SQLite would treat as its own file, and read or delete."""
    for suffix in SIDE_FILE_SUFFIXES:
        if path.name.endswith(suffix):
            raise UsageError(
                f"A name that ends with {suffix} is reserved for SQLite, which would delete the file.",
                "Choose another name.",
            )


def is_in_wal_mode(path: Path) -> bool:
    """Return whether another program put the book into WAL mode, or left a log that SQLite would read.

    Call it only while this process has no connection to the book: closing the file would drop its lock.
    """
    try:
        header = read_head(path, atomic_write.HEADER_SIZE)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BookError(
            f"Cannot open the book at {path}: {error.strerror}.", _PERMISSIONS_HINT
        ) from error
    log = Path(f"{path}-wal")  # SQLite ignores an empty one
    return atomic_write.has_wal_mode(header) or (log.exists() and log.stat().st_size > 0)


def find_unmerged_changes(path: Path) -> Path | None:
    """Return the log or journal with changes that are not in the database yet, or None."""
    log, journal = Path(f"{path}-wal"), Path(f"{path}-journal")
    try:
        if log.stat().st_size > _WAL_HEADER_SIZE:
            return log
    except FileNotFoundError:
        pass
    try:
        return journal if read_head(journal, len(_JOURNAL_MAGIC)) == _JOURNAL_MAGIC else None
    except FileNotFoundError:
        return None


def _was_creation_interrupted(path: Path) -> bool:
    """Return whether a crash interrupted the creation of a book: according to the journal, it had no pages before."""
    try:
        return read_head(Path(f"{path}-journal"), 28)[_ORIGINAL_PAGE_COUNT] == bytes(4)
    except OSError:
        return False


def check_owner(path: Path, application_id: int, version: int, newest: int) -> None:
    """Raise BookError for the database of another program, and for a book of a newer version of kin."""
    if application_id != APPLICATION_ID:
        raise BookError(
            f"{path} is a database of another program.", f"It was not changed. {_OTHER_BOOK_HINT}"
        )
    if version > newest:
        raise BookError(
            f"{path} was written by a newer version of kin (schema {version}; this one reads up to {newest}).",
            "Upgrade kin; the book was not changed.",
        )


def create_book_file(path: Path) -> None:
    """Create the file before SQLite sees it, so that it is never readable by others."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    create_book_folder(path)
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        return  # another process was first, and both use the same file; or it is still empty
    except OSError as error:
        raise BookError(
            f"Cannot make a book at {path}: {error.strerror}.", _OTHER_BOOK_HINT
        ) from error


def create_book_folder(path: Path) -> None:
    """Create the folder of a book and its parents, readable by the owner only."""
    try:
        for folder in reversed(path.parents):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                fsync_directory(folder.parent)
    except OSError as error:
        raise BookError(
            f"Cannot make a book at {path}: {error.strerror}.", _OTHER_BOOK_HINT
        ) from error


def make_locked_error(path: Path) -> BookError:
    """Return the error for a book that another program has locked."""
    return BookError(
        f"Another program is using the book at {path}.",
        "Try again in a moment; nothing was written.",
    )


def make_lock_check(path: Path) -> Callable[[int, int, int], None]:
    """Return a progress callback for copying into the book. It raises if the book is locked; SQLite would retry forever."""

    def check_not_locked(status: int, _: int, __: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise make_locked_error(path)

    return check_not_locked


def make_database_error(path: Path, error: sqlite3.DatabaseError) -> BookError:
    """Return a SQLite error as a sentence about the book."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return make_locked_error(path)
    if code == sqlite3.SQLITE_READONLY:
        return BookError(f"The book at {path} is read-only.", _PERMISSIONS_HINT)
    if code == sqlite3.SQLITE_FULL:
        return BookError("The disk is full.", "Nothing was written. Free some space and try again.")
    if code in (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_AUTH,
    ):
        return BookError(f"Cannot open the book at {path}: {error}.", _PERMISSIONS_HINT)
    return DamagedBookError(
        f"The book at {path} is damaged: {error}.",
        f"Nothing was written. Restore a backup: kin restore. {_OTHER_BOOK_HINT}",
    )


READ_TIMEOUT = 10.0  # seconds to wait for a commit
QUICK_TIMEOUT = 0.2  # seconds; someone has pressed TAB
WRITE_TIMEOUT = 30.0  # seconds; in tests with 2,000 concurrent updates, none was lost

_WRITE_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
    "PRAGMA cell_size_check = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA fullfsync = ON",
)

_READ_PRAGMAS = (
    "PRAGMA query_only = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",  # not for writers: before SQLite 3.43, the triggers of the search index need it
)
# A writer was killed: its journal must be rolled back, which a reader must not do.
_CRASH_RECOVERY_CODES = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY)

# Errors that are not about the book: kin's own, the system's, and the end of a command.
_EXPECTED_ERRORS = (KinError, OSError, RuntimeError)


class NoBookError(BookError):
    """There is no book yet at this path."""


@contextmanager
def open_without_waiting(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book to read, without waiting for a lock, recovering from a crash or upgrading the schema.

    Raises BookError if one of these would be necessary.
    """
    path = resolve_path(path)
    if not book_exists(path, schema.NEWEST_VERSION):
        raise NoBookError(f"There is no book at {path} yet.")
    if is_in_wal_mode(path):
        raise BookError(f"The book at {path} is in WAL mode.", "See: kin doctor")
    with translate_errors(path), closing(connect(path, "ro", QUICK_TIMEOUT)) as db:
        if read_schema_version(db, path) != schema.NEWEST_VERSION:
            raise BookError(f"The book at {path} was written by another version of kin.")
        yield db


@contextmanager
def open_any_version(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a book of any schema up to the newest, to read; it is not upgraded.

    Indexes and triggers may be missing, so that it can be examined and backed up.
    """
    path = resolve_path(path)
    if not book_exists(path, schema.NEWEST_VERSION):
        raise NoBookError(f"There is no book at {path} yet.", "Start one: kin add NAME")
    with translate_errors(path), closing(connect_after_recovery(path)) as db:
        if not read_schema_version(db, path, complete=False):
            raise make_empty_book_error(path)
        yield db


@contextmanager
def open_for_maintenance(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book for undo and migrations, which set all rows themselves.

    One transaction, in which foreign keys have no effect; they are checked at its end.
    """
    path = resolve_path(path)
    with translate_errors(path), closing(connect(path, "rw", WRITE_TIMEOUT)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            if violation := db.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.DatabaseError(f"foreign key check failed in {violation[0]}")
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def compact(path: Path) -> None:
    """Rewrite the file, so that no deleted data is left in it."""
    path = resolve_path(path)
    with translate_errors(path), closing(connect(path, "rw", WRITE_TIMEOUT)) as db:
        db.execute("VACUUM")


def is_sound(path: Path) -> bool:
    """Return False if the book is damaged: what looks like a bug may be a damaged page that SQLite did not notice."""
    try:
        path = resolve_path(path)
        if not book_exists(path, schema.NEWEST_VERSION):
            return True  # there is no book
        if is_in_wal_mode(path):
            return True  # reading it would leave files next to it
        with closing(connect(path, "ro", QUICK_TIMEOUT)) as db:
            is_intact = db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            owner_sql = "SELECT 1 FROM person WHERE id = 1 AND is_me = 1"
            return bool(
                is_intact
                and db.execute("PRAGMA foreign_key_check").fetchone() is None
                and db.execute(owner_sql).fetchone()
                and schema.find_check_violation(db, schema.NEWEST_VERSION) is None
            )
    except (sqlite3.OperationalError, BookError):
        return True  # it cannot be read now, so there is no sign of damage
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # the error message may quote damaged bytes
        return False


def connect_after_recovery(path: Path) -> sqlite3.Connection:
    """Connect to read, after rolling back an interrupted change or leaving WAL mode, which a reader must not do."""
    if is_in_wal_mode(path):
        return _connect_to_wal_book(path)
    db = connect(path, "ro", READ_TIMEOUT)
    try:
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode not in _CRASH_RECOVERY_CODES:
            raise
        with closing(connect(path, "rw", WRITE_TIMEOUT)) as writer:
            writer.execute("PRAGMA user_version").fetchone()
        return connect(path, "ro", READ_TIMEOUT)
    except BaseException:
        db.close()
        raise
    return db


def _connect_to_wal_book(path: Path) -> sqlite3.Connection:
    """Connect to read a book that another program has put into WAL mode, without leaving files next to it.

    Connecting with kin's settings merges the log and ends WAL mode. If nothing can be written there, a book without a
    log can still be read.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        try:
            connect(path, "rw", READ_TIMEOUT).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            raise BookError(
                f"Another program has the book at {path} open in WAL mode.",
                "Close that program and type the command again; nothing was written.",
            ) from error
        return connect(path, "ro", READ_TIMEOUT)
    if log := find_unmerged_changes(path):
        copy = shlex.quote(f"{path.name}.copy")
        raise BookError(
            f"The newest changes to the book are in {log}, and kin cannot write there to merge them.",
            f"Copy both files to a folder of your own, and read the copy: cp {shlex.quote(str(path))} {copy}; "
            f"cp {shlex.quote(str(log))} {copy}-wal; kin people --db {copy}",
        )
    return connect(path, "ro", READ_TIMEOUT, read_immutable=True)


def connect(
    path: Path, mode: str, timeout: float, *, read_immutable: bool = False
) -> sqlite3.Connection:
    """Connect with the settings of a book. With `read_immutable`, no one can write the file, and it needs no locks."""
    immutable = "&immutable=1" if read_immutable else ""
    db = sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode={mode}{immutable}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in _WRITE_PRAGMAS if mode == "rw" else _READ_PRAGMAS:
            db.execute(pragma)
        if mode == "rw" and not atomic_write.fsync_directory(path.parent):
            # EXTRA syncs the folder at the end of a change. Where that is impossible, SQLite would report a failure
            # although the change was made.
            db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()  # at once, and not when the error is garbage-collected
        raise
    register_functions(db)
    return db


def register_functions(db: sqlite3.Connection) -> None:
    """Register the SQL function `folded`, with which queries normalize text."""
    db.create_function("folded", 1, lambda words: words and normalize(words), deterministic=True)


def read_schema_version(db: sqlite3.Connection, path: Path, *, complete: bool = True) -> int:
    """Return the schema version of the book, 0 for an empty file; raise BookError if the schema is not kin's own."""
    with _hold_read_transaction(db):  # another process may be upgrading the book
        (application_id,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if not application_id and db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (
            0,
        ):
            return 0
        check_owner(path, application_id, version, schema.NEWEST_VERSION)
        schema.check_schema(db, path, version, complete=complete)
    return int(version)


@contextmanager
def _hold_read_transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Let everything read in the block come from one state of the file."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def make_empty_book_error(path: Path) -> BookError:
    """Return the error for a book without a schema; raise MissingBookError if it has backups."""
    check_not_missing(path)
    return NoBookError(f"The book at {path} is still empty.", "Start it: kin add NAME")


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn a storage error of the block into a BookError; SQLAlchemy wraps those of sqlite3 as `.orig`."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if isinstance(cause, UnicodeDecodeError):  # bytes in the file that are not text
            raise make_database_error(path, sqlite3.DatabaseError(cause.reason)) from error
        bug_errors = sqlite3.IntegrityError | sqlite3.ProgrammingError
        if not isinstance(cause, sqlite3.DatabaseError) or isinstance(cause, bug_errors):
            if isinstance(error, _EXPECTED_ERRORS) or is_sound(path):
                raise
            raise make_database_error(
                path, sqlite3.DatabaseError("its parts do not match")
            ) from error
        raise make_database_error(path, cause) from error
