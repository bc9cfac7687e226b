"""The two doors to the book.

`reading` is a plain sqlite3 connection that cannot write; `writing` is one SQLModel session, one transaction,
commit or nothing.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kin.book import (
    backup as safekeeping,
    connection as opening,
    file_checks as bookfile,
    migrations,
    undo_log as journal,
)
from kin.errors import BookError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlmodel import Session


class _OnlyTried(Exception):
    """Raised at the end of a change that was not to be kept."""


@contextmanager
def reading(path: Path, today: date) -> Iterator[sqlite3.Connection]:
    """Open the book for reading; raise opening.NoBookError where there is none, BookError where it is sick."""
    path = bookfile.located(path)
    with opening.in_words(path), closing(_open_to_read(path, today)) as db:
        yield db


@contextmanager
def writing(
    path: Path,
    today: date,
    *,
    keep: bool = True,
    actor: str | None = journal.YOU,
    before: str | None = None,
) -> Iterator["Session"]:
    """Open the book for one change, made on first use: the block commits, or nothing happened.

    It is one step, which `actor` can undo; without an actor it is none, and leaves the history as it is.
    Without `keep` the change is only tried: it is undone at the end of the block. Whether a step was kept
    stands in `session.info["step"]`. A backup is made first: of the day, or the one `before` something, without
    which nothing is done; why that of the day could not be made stands in `session.info["no_backup"]`.
    """
    from sqlmodel import Session

    path = bookfile.located(path)
    if not bookfile.is_there(path, migrations.NEWEST):
        bookfile.make(path)
    with opening.in_words(path):
        _bring_up_to_date(path, today)
        no_backup = None
        if keep and actor is not None:
            no_backup = _backed_up(path, today, before)
        with (
            suppress(_OnlyTried),
            Session(_engine(path), expire_on_commit=False) as session,
            session.begin(),
        ):
            session.info["no_backup"] = no_backup
            db = connection_of(session)
            if not opening.version_of(db, path):
                bookfile.check_not_gone(path)
                migrations.make(db, today.isoformat())
            if actor is not None:
                journal.begin(db, today, actor)
            yield session
            if not keep:
                raise _OnlyTried
            if actor is not None:
                session.info["step"] = journal.end(connection_of(session))


@lru_cache(maxsize=1)  # what it has learned of a statement serves the next change
def _engine(path: Path) -> "Engine":
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine(
        "sqlite://",
        creator=lambda: opening.connect(path, "rw", opening.WRITE_PATIENCE),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


@contextmanager
def empty(today: date) -> Iterator[sqlite3.Connection]:
    """Open a book with nobody in it, in memory: what a program reads where there is no book yet."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        opening.teach(db)
        migrations.make(db, today.isoformat())
        yield db


def connection_of(session: "Session") -> sqlite3.Connection:
    """Return the session's own sqlite3 connection, so that a service asks the same queries."""
    session.flush()
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _open_to_read(path: Path, today: date) -> sqlite3.Connection:
    if not bookfile.is_there(path, migrations.NEWEST):
        raise opening.NoBookError(f"There is no book at {path} yet.", "Begin one: kin add NAME")
    db = opening.mended(path)
    try:
        version = opening.version_of(db, path)
    except BaseException:
        db.close()
        raise
    if version == migrations.NEWEST:
        return db
    db.close()
    if version == 0:
        raise opening.still_empty(path)
    _bring_up_to_date(path, today)
    return opening.mended(path)


def _bring_up_to_date(path: Path, today: date) -> None:
    """Take an older book to the newest schema, once, whoever comes first; a new one is made elsewhere."""
    with closing(opening.mended(path)) as db:
        if opening.version_of(db, path) in (0, migrations.NEWEST):
            return
    safekeeping.backup(path, today, "migration")
    with opening.rewriting(path) as db:
        version = opening.version_of(db, path)
        if version:
            migrations.upgrade(db, version)


def _backed_up(path: Path, today: date, before: str | None) -> BookError | None:
    """Make the backup that is due before a change; return why that of the day could not be made."""
    from kin.book import backup_files as backups

    try:
        if before is None and backups.has_daily(path, today):
            return None
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return None  # nothing can be written, and that is to be said of the book
        with closing(opening.mended(path)) as db:
            version = opening.version_of(db, path)
            if not version or not db.execute("SELECT 1 FROM person WHERE id > 1").fetchone():
                return None  # nobody is in it yet
            (born,) = db.execute("SELECT added_on FROM person WHERE id = 1").fetchone()
        # On its first day a book needs none. A day before that one is a clock that is wrong, not a new book.
        if before is not None or born != today.isoformat():
            safekeeping.backup(path, today, before or backups.DAILY)
    except BookError as error:
        if before is not None:
            raise
        return error
    return None
