"""The two doors to the book, and nothing else opens it.

`reading` is a plain sqlite3 connection that cannot write; `writing` is one SQLModel session, one
transaction, commit or nothing. The settings and their reasons: docs/explanation/safety.md.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kin import migrations
from kin.errors import BookError
from kin.text import fold

if TYPE_CHECKING:
    from sqlmodel import Session

READ_PATIENCE = 10.0  # seconds that a reader waits for a writer's commit
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

# A writer died halfway: its journal must be rolled back, which a reader may not do.
_LEFT_BY_A_CRASH = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY)


class NoBookError(BookError):
    """There is no book yet at this path."""


class _OnlyTried(Exception):
    """Raised at the end of a change that was not to be kept."""


@contextmanager
def reading(path: Path, today: date) -> Iterator[sqlite3.Connection]:
    """Open the book for reading; raise NoBookError where there is none, BookError where it is sick."""
    with _in_words(path), closing(_open_to_read(path, today)) as db:
        yield db


@contextmanager
def writing(path: Path, today: date, *, keep: bool = True) -> Iterator["Session"]:
    """Open the book for one change, made on first use: the block commits, or nothing happened.

    Without `keep` the change is only tried: it is undone at the end of the block.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool
    from sqlmodel import Session

    with _in_words(path):
        _make_file(path)
        if path.stat().st_size:
            _checked(path).close()  # read-only first: a book that is not ours is not touched
        engine = create_engine(
            "sqlite://",
            creator=lambda: _connect(path, "rw", WRITE_PATIENCE),
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
        with (
            suppress(_OnlyTried),
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            _bring_up_to_date(connection_of(session), path, today)
            yield session
            if not keep:
                raise _OnlyTried


@contextmanager
def empty(today: date) -> Iterator[sqlite3.Connection]:
    """Open a book with nobody in it, in memory: what a program reads where there is no book yet."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrations.make(db, today.isoformat())
        yield db


def connection_of(session: "Session") -> sqlite3.Connection:
    """Return the session's own sqlite3 connection, so that a service asks the same queries."""
    session.flush()
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _open_to_read(path: Path, today: date) -> sqlite3.Connection:
    if not path.exists():
        raise NoBookError(f"There is no book at {path} yet.", "Begin one: kin add NAME")
    db = _checked(path)
    version = _version(db, path)
    if version == migrations.NEWEST:
        return db
    db.close()
    if version == 0:
        raise NoBookError(f"The book at {path} is still empty.", "Begin it: kin add NAME")
    with writing(path, today):
        pass  # the writing door takes the missing steps
    return _checked(path)


def _checked(path: Path) -> sqlite3.Connection:
    """Open read-only and make sure that this is a book, and one that this kin can read."""
    if path.is_dir():
        raise BookError(f"{path} is a folder, not a book.", "Name a file with --db PATH or KIN_DB.")
    db = _connect(path, "ro", READ_PATIENCE)
    try:
        _version(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode not in _LEFT_BY_A_CRASH:
            raise
        with closing(_connect(path, "rw", WRITE_PATIENCE)) as mender:
            mender.execute("SELECT count(*) FROM sqlite_master").fetchall()
        return _connect(path, "ro", READ_PATIENCE)
    except BaseException:
        db.close()
        raise
    return db


def _connect(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in (
        _OWN_BOOK if mode == "rw" else ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY")
    ):
        db.execute(pragma)
    db.create_function("folded", 1, lambda words: words and fold(words), deterministic=True)
    return db


def _version(db: sqlite3.Connection, path: Path) -> int:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application != migrations.APPLICATION_ID:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            return 0
        raise BookError(
            f"{path} is a database, but not kin's.",
            "Name kin's book with --db PATH or KIN_DB; this file was not touched.",
        )
    if version > migrations.NEWEST:
        raise BookError(
            f"{path} was written by a newer kin (schema {version}; this one knows {migrations.NEWEST}).",
            "Upgrade kin; the book was not touched.",
        )
    return int(version)


def _bring_up_to_date(db: sqlite3.Connection, path: Path, today: date) -> None:
    version = _version(db, path)
    if version == 0:
        migrations.make(db, today.isoformat())
    elif version < migrations.NEWEST:
        migrations.upgrade(db, version)


def _make_file(path: Path) -> None:
    """Create the file before SQLite sees it, so that it is never readable by others."""
    if path.exists():
        return
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        return  # another kin was first; both go on with the one file
    except OSError as error:
        raise BookError(
            f"Cannot make a book at {path}: {error.strerror}.",
            "Check the folder, or name another book with --db PATH.",
        ) from error


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Say a storage error as a sentence; sqlite3's own, or wrapped by SQLAlchemy as `.orig`."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if not isinstance(cause, sqlite3.DatabaseError) or isinstance(
            cause, sqlite3.IntegrityError
        ):
            raise
        raise _trouble(path, cause) from error


def _trouble(path: Path, error: sqlite3.DatabaseError) -> BookError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BookError(
            f"Another program is holding the book at {path}.",
            "Try again in a moment; nothing was written.",
        )
    if code == sqlite3.SQLITE_READONLY:
        return BookError(
            f"The book at {path} is read-only.",
            "Nothing was written. Check the rights of the file and its folder.",
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return BookError(
            f"{path} is not a readable book: {error}.",
            "It was not touched. Put a copy of the book back, or name another with --db PATH.",
        )
    if code == sqlite3.SQLITE_FULL:
        return BookError("The disk is full.", "Nothing was written. Make room and try again.")
    if code in (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_AUTH,
    ):
        return BookError(
            f"Cannot open the book at {path}: {error}.",
            "Nothing was written. Check the rights of the file and its folder.",
        )
    raise error
