"""How a file that holds a book is opened: its settings, its version, and what SQLite says of it, in words.

The settings and their reasons: docs/explanation/safety.md. Nothing else in kin opens a book.
"""

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from kin.book import file_checks as bookfile, fsync as disk, migrations, schema
from kin.errors import BookError, KinError
from kin.language.text import fold

READ_PATIENCE = 10.0  # seconds that a reader waits for a writer's commit
GLANCE_PATIENCE = 0.2  # somebody has pressed TAB
WRITE_PATIENCE = 30.0  # with 30 s, 2,000 concurrent updates lost none (durability.md)

_OWN_BOOK = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
    "PRAGMA cell_size_check = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA fullfsync = ON",
)

_ANY_BOOK = (
    "PRAGMA query_only = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",  # not for writers: before SQLite 3.43 the triggers of the index need it on
)
# A writer died halfway: its journal must be rolled back, which a reader may not do.
_LEFT_BY_A_CRASH = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY)

# What passes through an open book and says nothing about it: kin's own words, the system's, a command's end.
_NO_BUGS = (KinError, OSError, RuntimeError)


class NoBookError(BookError):
    """There is no book yet at this path."""


@contextmanager
def glancing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book for a look in passing, which waits for nobody, mends nothing and takes no step.

    Raises BookError wherever one of these would be needed.
    """
    path = bookfile.located(path)
    if not bookfile.is_there(path, migrations.NEWEST):
        raise NoBookError(f"There is no book at {path} yet.")
    if bookfile.is_write_ahead(path):
        raise BookError(f"The book at {path} is in WAL mode.", "See: kin doctor")
    with in_words(path), closing(connect(path, "ro", GLANCE_PATIENCE)) as db:
        if version_of(db, path) != migrations.NEWEST:
            raise BookError(f"The book at {path} is of another kin.")
        yield db


@contextmanager
def as_it_is(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book to look at it, of whatever schema up to the newest; it is not brought up to date.

    Indexes and triggers may be missing from it, so that it can be examined and backed up.
    """
    path = bookfile.located(path)
    if not bookfile.is_there(path, migrations.NEWEST):
        raise NoBookError(f"There is no book at {path} yet.", "Begin one: kin add NAME")
    with in_words(path), closing(mended(path)) as db:
        if not version_of(db, path, complete=False):
            raise still_empty(path)
        yield db


@contextmanager
def rewriting(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book for a change that sets rows as they are to stand: undo, migrations.

    One transaction, in which foreign keys move nothing of themselves; they are checked at its end.
    """
    path = bookfile.located(path)
    with in_words(path), closing(connect(path, "rw", WRITE_PATIENCE)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            if broken := db.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.DatabaseError(f"rows of {broken[0]} would hang in the air")
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def compact(path: Path) -> None:
    """Write the file anew without a byte of what was deleted."""
    path = bookfile.located(path)
    with in_words(path), closing(connect(path, "rw", WRITE_PATIENCE)) as db:
        db.execute("VACUUM")


def is_sound(path: Path) -> bool:
    """Tell whether the book bears looking into: what seems a bug may be a page that SQLite had no doubt of."""
    try:
        path = bookfile.located(path)
        if not bookfile.is_there(path, migrations.NEWEST):
            return True  # there is none
        if bookfile.is_write_ahead(path):
            return True  # a look would leave files next to it
        with closing(connect(path, "ro", GLANCE_PATIENCE)) as db:
            whole = db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            owner = "SELECT 1 FROM person WHERE id = 1 AND is_me = 1"
            return bool(
                whole
                and db.execute("PRAGMA foreign_key_check").fetchone() is None
                and db.execute(owner).fetchone()
                and schema.violation(db, migrations.NEWEST) is None
            )
    except (sqlite3.OperationalError, BookError):
        return True  # it cannot be looked into now: nothing speaks against it
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # what is wrong may be told in bytes of it
        return False


def mended(path: Path) -> sqlite3.Connection:
    """Connect to read, after what a reader may not do: roll back a change that was stopped, or leave WAL mode."""
    if bookfile.is_write_ahead(path):
        return _out_of_write_ahead(path)
    db = connect(path, "ro", READ_PATIENCE)
    try:
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode not in _LEFT_BY_A_CRASH:
            raise
        with closing(connect(path, "rw", WRITE_PATIENCE)) as mender:
            mender.execute("PRAGMA user_version").fetchone()
        return connect(path, "ro", READ_PATIENCE)
    except BaseException:
        db.close()
        raise
    return db


def _out_of_write_ahead(path: Path) -> sqlite3.Connection:
    """Connect to read a book that another program has put into WAL mode, without leaving files next to it.

    The settings of kin's own connections take the book out of that mode, and its log in. Where nothing may be
    written, a book without a log can be read as it is.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        try:
            connect(path, "rw", READ_PATIENCE).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            raise BookError(
                f"Another program has the book at {path} open in WAL mode.",
                "Close that program and type the command again; nothing was written.",
            ) from error
        return connect(path, "ro", READ_PATIENCE)
    if log := bookfile.unmerged(path):
        copy = shlex.quote(f"{path.name}.copy")
        raise BookError(
            f"The newest changes to the book are in {log}, and nothing may be written there to take them in.",
            f"Copy both files to a folder of yours, and read the copy: cp {shlex.quote(str(path))} {copy}; "
            f"cp {shlex.quote(str(log))} {copy}-wal; kin people --db {copy}",
        )
    return connect(path, "ro", READ_PATIENCE, unchanging=True)


def connect(
    path: Path, mode: str, patience: float, *, unchanging: bool = False
) -> sqlite3.Connection:
    """Connect with the settings of a book; `unchanging` is a file that no one can write, and needs no locks."""
    immutable = "&immutable=1" if unchanging else ""
    db = sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode={mode}{immutable}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in _OWN_BOOK if mode == "rw" else _ANY_BOOK:
            db.execute(pragma)
        if mode == "rw" and not disk.settle(path.parent):
            # EXTRA syncs the folder at the end of a change, and where that cannot be done the change
            # would be made and called a failure.
            db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()  # at once, and not when somebody collects what the error holds on to
        raise
    teach(db)
    return db


def teach(db: sqlite3.Connection) -> None:
    """Give a connection the function that queries fold words with."""
    db.create_function("folded", 1, lambda words: words and fold(words), deterministic=True)


def version_of(db: sqlite3.Connection, path: Path, *, complete: bool = True) -> int:
    """Return the version of the book's schema, 0 for an empty file; raise BookError if it is not kin's own."""
    with _one_state(db):  # another kin may be taking the book to a newer schema
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if not application and db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            return 0
        bookfile.check_owner(path, application, version, migrations.NEWEST)
        schema.check(db, path, version, complete=complete)
    return int(version)


@contextmanager
def _one_state(db: sqlite3.Connection) -> Iterator[None]:
    """Let all that is read in the block be of one state of the file."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def still_empty(path: Path) -> BookError:
    bookfile.check_not_gone(path)
    return NoBookError(f"The book at {path} is still empty.", "Begin it: kin add NAME")


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Say a storage error as a sentence; sqlite3's own, or wrapped by SQLAlchemy as `.orig`."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if isinstance(cause, UnicodeDecodeError):  # bytes in the file that are no text
            raise bookfile.trouble(path, sqlite3.DatabaseError(cause.reason)) from error
        bug = sqlite3.IntegrityError | sqlite3.ProgrammingError
        if not isinstance(cause, sqlite3.DatabaseError) or isinstance(cause, bug):
            if isinstance(error, _NO_BUGS) or is_sound(path):
                raise
            raise bookfile.trouble(path, sqlite3.DatabaseError("its parts do not fit")) from error
        raise bookfile.trouble(path, cause) from error
