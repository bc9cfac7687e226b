"""Read and write sessions.

`open_for_reading` yields a sqlite3 connection that cannot write; `open_for_writing` an SQLModel session with one
transaction.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kin.book import connection, schema, undo_log
from kin.errors import BookError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlmodel import Session


class _DryRun(Exception):
    """Raised at the end of a dry run, to roll it back."""


@contextmanager
def open_for_reading(path: Path, today: date) -> Iterator[sqlite3.Connection]:
    """Open the book for reading; raise NoBookError if there is none, BookError if it cannot be read."""
    path = connection.resolve_path(path)
    with connection.translate_errors(path), closing(_connect_to_read(path, today)) as db:
        yield db


@contextmanager
def open_for_writing(
    path: Path,
    today: date,
    *,
    commit: bool = True,
    actor: str | None = undo_log.OWNER_ACTOR,
    backup_reason: str | None = None,
) -> Iterator["Session"]:
    """Open the book for one change, and create it on first use. The block commits as a whole, or not at all.

    The change is one undoable step of `actor`; without an actor it is not recorded. With `commit=False` it is rolled
    back at the end of the block. A backup comes first: the one of the day, or, with `backup_reason` (such as "merge"),
    one without which the change is refused.

    `session.info["step"]` says afterwards whether a step was recorded, `session.info["no_backup"]` why the backup of
    the day could not be made.
    """
    from sqlmodel import Session

    path = connection.resolve_path(path)
    if not connection.book_exists(path, schema.NEWEST_VERSION):
        connection.create_book_file(path)
    with connection.translate_errors(path):
        _upgrade_if_older(path, today)
        backup_error = None
        if commit and actor is not None:
            backup_error = _make_due_backup(path, today, backup_reason)
        with (
            suppress(_DryRun),
            Session(_get_engine(path), expire_on_commit=False) as session,
            session.begin(),
        ):
            session.info["no_backup"] = backup_error
            db = get_connection(session)
            if not connection.read_schema_version(db, path):
                connection.check_not_missing(path)
                schema.create_schema(db, today.isoformat())
            if actor is not None:
                undo_log.begin_step(db, today, actor)
            yield session
            if not commit:
                raise _DryRun
            if actor is not None:
                session.info["step"] = undo_log.end_step(get_connection(session))


@lru_cache(maxsize=1)  # its compiled statements serve the next change
def _get_engine(path: Path) -> "Engine":
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine(
        "sqlite://",
        creator=lambda: connection.connect(path, "rw", connection.WRITE_TIMEOUT),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


@contextmanager
def open_empty_book(today: date) -> Iterator[sqlite3.Connection]:
    """Open an empty book in memory, to read from where there is no book yet."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        connection.register_functions(db)
        schema.create_schema(db, today.isoformat())
        yield db


def get_connection(session: "Session") -> sqlite3.Connection:
    """Return the sqlite3 connection of the session, so that services can use the same queries as reads."""
    session.flush()
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _connect_to_read(path: Path, today: date) -> sqlite3.Connection:
    if not connection.book_exists(path, schema.NEWEST_VERSION):
        raise connection.NoBookError(f"There is no book at {path} yet.", "Start one: kin add NAME")
    db = connection.connect_after_recovery(path)
    try:
        version = connection.read_schema_version(db, path)
    except BaseException:
        db.close()
        raise
    if version == schema.NEWEST_VERSION:
        return db
    db.close()
    if version == 0:
        raise connection.make_empty_book_error(path)
    _upgrade_if_older(path, today)
    return connection.connect_after_recovery(path)


def _upgrade_if_older(path: Path, today: date) -> None:
    """Upgrade an older book to the newest schema, once, even if several processes try. An empty file is left alone."""
    with closing(connection.connect_after_recovery(path)) as db:
        if connection.read_schema_version(db, path) in (0, schema.NEWEST_VERSION):
            return
    from kin.book import verified_copy  # not for reads of a current book

    verified_copy.make_backup(path, today, "migration")
    with connection.open_for_maintenance(path) as db:
        version = connection.read_schema_version(db, path)
        if version:
            schema.upgrade_schema(db, version)


def _make_due_backup(path: Path, today: date, backup_reason: str | None) -> BookError | None:
    """Make the backup that is due before a change; return why the one of the day could not be made, if so."""
    from kin.book import backup_files, verified_copy

    try:
        if backup_reason is None and backup_files.has_daily_backup(path, today):
            return None
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return None  # the write that follows reports it
        with closing(connection.connect_after_recovery(path)) as db:
            version = connection.read_schema_version(db, path)
            if not version or not db.execute("SELECT 1 FROM person WHERE id > 1").fetchone():
                return None  # no one is in it yet
            (created_on,) = db.execute("SELECT added_on FROM person WHERE id = 1").fetchone()
        # A book needs none on its first day. If today is before that day, the clock is wrong and the book is not new.
        if backup_reason is not None or created_on != today.isoformat():
            verified_copy.make_backup(path, today, backup_reason or backup_files.DAILY)
    except BookError as error:
        if backup_reason is not None:
            raise
        return error
    return None
