"""Removing one protection of the book during a control.

Only the process of the test and those forked from it are affected; kin itself has no such switch.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy.event

from kin.book import connection, schema

# A small page cache: much of a change is in the file before the commit, so that there is something to roll back.
SMALL = {"cache_size": "5", "cache_spill": "5"}


@contextmanager
def begin_transactions_with(
    statement: str | None, *, left_to_python: bool = False
) -> Iterator[None]:
    """Let writers begin a transaction with another statement than BEGIN IMMEDIATE, or with none (autocommit).

    With `left_to_python`, the sqlite3 module begins transactions by default, after the first SELECT.
    """
    listen = sqlalchemy.event.listen

    def hook(target: Any, name: str, handler: Callable[..., Any], **options: Any) -> None:
        if name != "begin":
            listen(target, name, handler, **options)
        elif statement:
            listen(target, name, lambda connection: connection.exec_driver_sql(statement))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlalchemy.event, "listen", hook)
        if left_to_python:
            connect = connection.connect

            def with_default(path: Path, mode: str, patience: float) -> sqlite3.Connection:
                db = connect(path, mode, patience)
                db.isolation_level = "DEFERRED"
                return db

            patch.setattr(connection, "connect", with_default)
        yield


@contextmanager
def use_settings(**other: str) -> Iterator[None]:
    """Open the book with other settings, such as `journal_mode="MEMORY"`."""
    unchanged = [line for line in connection._WRITE_PRAGMAS if line.split()[1] not in other]
    changed = [f"PRAGMA {name} = {value}" for name, value in other.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_WRITE_PRAGMAS", (*unchanged, *changed))
        yield


@contextmanager
def begin_migrations_with(statement: str | None) -> Iterator[None]:
    """Upgrade older books with another statement than BEGIN IMMEDIATE, or without a transaction."""

    @contextmanager
    def open_for_maintenance(path: Path) -> Iterator[sqlite3.Connection]:
        with closing(connection.connect(path, "rw", connection.WRITE_TIMEOUT)) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            if statement:
                db.execute(statement)
            yield db
            if statement:
                db.execute("COMMIT")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "open_for_maintenance", open_for_maintenance)
        yield


@contextmanager
def skip_version_check() -> Iterator[None]:
    """Open any file as if it were a book of this version of kin, whatever its version and schema."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "check_owner", lambda *_: None)
        patch.setattr(schema, "check_schema", lambda *_, **__: None)
        yield


@contextmanager
def skip_error_translation() -> Iterator[None]:
    """Let SQLite's errors pass unchanged."""

    @contextmanager
    def pass_errors(_: Path) -> Iterator[None]:
        yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "translate_errors", pass_errors)
        patch.setattr(connection, "is_sound", lambda _: True)
        yield
