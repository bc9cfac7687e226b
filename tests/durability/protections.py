"""What protects the book, taken away for as long as a control needs it.

Its one rule: the switch is here, in the test's own process and those forked from it; kin has none.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy.event

from kin.book import connection as opening, file_checks as bookfile

# Few pages in memory: much of a change is in the file before its end, so that there is something to take back.
SMALL = {"cache_size": "5", "cache_spill": "5"}


@contextmanager
def transactions_begin(with_words: str | None, *, left_to_python: bool = False) -> Iterator[None]:
    """Let writers begin with other words than BEGIN IMMEDIATE, or with none: each statement for itself.

    `left_to_python` is what a program has that says nothing: sqlite3 begins behind the first look-up.
    """
    listen = sqlalchemy.event.listen

    def hook(target: Any, name: str, hooked: Callable[..., Any], **how: Any) -> None:
        if name != "begin":
            listen(target, name, hooked, **how)
        elif with_words:
            listen(target, name, lambda begun: begun.exec_driver_sql(with_words))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlalchemy.event, "listen", hook)
        if left_to_python:
            connect = opening.connect

            def with_default(path: Path, mode: str, patience: float) -> sqlite3.Connection:
                db = connect(path, mode, patience)
                db.isolation_level = "DEFERRED"
                return db

            patch.setattr(opening, "connect", with_default)
        yield


@contextmanager
def settings(**other: str) -> Iterator[None]:
    """Open the book with other settings: `journal_mode="MEMORY"`."""
    kept = [line for line in opening._OWN_BOOK if line.split()[1] not in other]
    changed = [f"PRAGMA {name} = {value}" for name, value in other.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_OWN_BOOK", (*kept, *changed))
        yield


@contextmanager
def migrations_begin(with_words: str | None) -> Iterator[None]:
    """Take an older book to the newest schema in another transaction than BEGIN IMMEDIATE, or in none."""

    @contextmanager
    def rewriting(path: Path) -> Iterator[sqlite3.Connection]:
        with closing(opening.connect(path, "rw", opening.WRITE_PATIENCE)) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            if with_words:
                db.execute(with_words)
            yield db
            if with_words:
                db.execute("COMMIT")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "rewriting", rewriting)
        yield


@contextmanager
def no_look_at_the_version() -> Iterator[None]:
    """Open whatever lies there, as if it were a book of this kin."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bookfile, "check_owner", lambda *_: None)
        yield


@contextmanager
def nothing_in_words() -> Iterator[None]:
    """Let errors of SQLite through as they are."""

    @contextmanager
    def as_it_is(_: Path) -> Iterator[None]:
        yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "in_words", as_it_is)
        patch.setattr(opening, "is_sound", lambda _: True)
        yield
