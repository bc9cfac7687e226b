"""The write that these tests make, and the check that a book has all acknowledged writes.

A write has several parts (a note, two people, a question), so that a partial one is detected.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from kin.book import connection, session as book_session
from kin.errors import KinError
from kin.formats.editor_card import Card
from kin.notes import service as notes_service
from kin.notes.parser import NoteOptions
from kin.people import service as people_service

NOW = datetime(2026, 11, 23, 12)
TODAY = NOW.date()
WHO = ("Maya", "Tom")


def create_book(book: Path) -> None:
    """Create a book with the people in the notes."""
    with book_session.open_for_writing(book, TODAY) as session:
        for name in WHO:
            people_service.add_person(session, Card(name=name), today=TODAY)


def write(book: Path, tag: str, more: str = "", today: date = TODAY) -> None:
    """Add a note with two people and a question; it is on the disk when this returns."""
    with book_session.open_for_writing(book, today) as session:
        prose = f"{tag}: tea with Maya and Tom {more} ?what came of {tag}"
        notes_service.add_note(session, prose, NoteOptions(on=str(today)), now=NOW)


class BookContent(NamedTuple):
    """The tags of the notes in a book, and what is wrong with it."""

    tags: list[str]
    faults: list[str]

    def find_lost(self, acknowledged: Iterable[str]) -> list[str]:
        """Return the acknowledged tags that are not in the book exactly once."""
        counts = Counter(self.tags)
        return [tag for tag in acknowledged if counts[tag] != 1]


def read_content(book: Path) -> BookContent:
    """Open the book as a read command does, and return and check its content."""
    try:
        with book_session.open_for_reading(book, TODAY) as db:
            return BookContent(_read_tags(db), _find_faults(db))
    except connection.NoBookError:
        return BookContent([], [])
    except (KinError, sqlite3.Error) as error:
        return BookContent([], [str(error)])


def _read_tags(db: sqlite3.Connection) -> list[str]:
    rows = db.execute("SELECT substr(text, 1, instr(text, ':') - 1) FROM note").fetchall()
    return [tag for (tag,) in rows]


INCOMPLETE_NOTES = """
SELECT substr(n.text, 1, 40) FROM note n
WHERE (SELECT count(*) FROM note_person p WHERE p.note_id = n.id) != 2
   OR (SELECT count(*) FROM question q WHERE q.note_id = n.id) != 1
   OR (SELECT count(*) FROM question q JOIN question_person p ON p.question_id = q.id WHERE q.note_id = n.id) != 2
"""


def _find_faults(db: sqlite3.Connection) -> list[str]:
    """Return what is damaged, and what is there only in part."""
    faults = [f"half: {text}" for (text,) in db.execute(INCOMPLETE_NOTES).fetchall()]
    faults += [
        f"open step {row}" for row in db.execute("SELECT id FROM step WHERE open = 1").fetchall()
    ]
    return faults + _check_integrity(db)


def check_integrity(book: Path) -> list[str]:
    """Return what SQLite finds wrong with a book, through a connection of the test."""
    with closing(sqlite3.connect(book)) as db:
        return _check_integrity(db)


def _check_integrity(db: sqlite3.Connection) -> list[str]:
    missing = [
        f"missing reference {row}" for row in db.execute("PRAGMA foreign_key_check").fetchall()
    ]
    result = db.execute("PRAGMA integrity_check").fetchall()
    return missing + ([] if result == [("ok",)] else [str(result)])


def has_hot_journal(book: Path) -> bool:
    """Return whether there is a journal next to the book that must be rolled back."""
    try:
        with open(f"{book}-journal", "rb") as journal:
            return journal.read(1) not in (b"", b"\0")
    except FileNotFoundError:
        return False


def query(book: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a query, through a connection of the test."""
    with closing(sqlite3.connect(book)) as db:
        return db.execute(sql).fetchall()
