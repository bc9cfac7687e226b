"""The write that these tests acknowledge, and what a book must hold of those that were.

Its one rule: a write has several parts (a note, two people in it, what to ask next time), so that half
of one is seen.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from kin.book import connection as opening, session as store
from kin.errors import KinError
from kin.formats.card import Card
from kin.notes import service as conversations
from kin.notes.parser import Beside
from kin.people import service as people

NOW = datetime(2026, 11, 23, 12)
TODAY = NOW.date()
WHO = ("Maya", "Tom")


def begin(book: Path) -> None:
    """Make a book in which are those who are written about."""
    with store.writing(book, TODAY) as session:
        for name in WHO:
            people.add(session, Card(name=name), today=TODAY)


def write(book: Path, tag: str, more: str = "", today: date = TODAY) -> None:
    """Note a conversation of two, with a thread; it is on the disk when this returns."""
    with store.writing(book, today) as session:
        prose = f"{tag}: tea with Maya and Tom {more} ?what came of {tag}"
        conversations.note(session, prose, Beside(on=str(today)), now=NOW)


class Held(NamedTuple):
    """What a book holds: the tags of its notes, and what is wrong with it."""

    tags: list[str]
    wrong: list[str]

    def loses(self, acknowledged: Iterable[str]) -> list[str]:
        """Tell what was acknowledged and is not there, or not once."""
        there = Counter(self.tags)
        return [tag for tag in acknowledged if there[tag] != 1]


def held(book: Path) -> Held:
    """Open the book as a read command does, and look at all that the writes have left."""
    try:
        with store.reading(book, TODAY) as db:
            return Held(_tags(db), _wrong(db))
    except opening.NoBookError:
        return Held([], [])
    except (KinError, sqlite3.Error) as error:
        return Held([], [str(error)])


def _tags(db: sqlite3.Connection) -> list[str]:
    rows = db.execute("SELECT substr(text, 1, instr(text, ':') - 1) FROM conversation").fetchall()
    return [tag for (tag,) in rows]


PARTS = """
SELECT substr(c.text, 1, 40) FROM conversation c
WHERE (SELECT count(*) FROM conversation_person p WHERE p.conversation_id = c.id) != 2
   OR (SELECT count(*) FROM thread t WHERE t.conversation_id = c.id) != 1
   OR (SELECT count(*) FROM thread t JOIN thread_person p ON p.thread_id = t.id WHERE t.conversation_id = c.id) != 2
"""


def _wrong(db: sqlite3.Connection) -> list[str]:
    """Tell what is not sound, and what is there by half."""
    wrong = [f"half: {text}" for (text,) in db.execute(PARTS).fetchall()]
    wrong += [
        f"open step {row}" for row in db.execute("SELECT id FROM step WHERE open = 1").fetchall()
    ]
    return wrong + _unsound(db)


def unsound(book: Path) -> list[str]:
    """Tell what SQLite itself finds wrong with a book, through a connection of the test's own."""
    with closing(sqlite3.connect(book)) as db:
        return _unsound(db)


def _unsound(db: sqlite3.Connection) -> list[str]:
    hanging = [f"no one to {row}" for row in db.execute("PRAGMA foreign_key_check").fetchall()]
    told = db.execute("PRAGMA integrity_check").fetchall()
    return hanging + ([] if told == [("ok",)] else [str(told)])


def hot(book: Path) -> bool:
    """Tell whether a journal lies beside the book that is to be rolled back."""
    try:
        with open(f"{book}-journal", "rb") as journal:
            return journal.read(1) not in (b"", b"\0")
    except FileNotFoundError:
        return False


def rows(book: Path, sql: str) -> list[tuple[object, ...]]:
    """Return what the book says, through a connection of the test's own."""
    with closing(sqlite3.connect(book)) as db:
        return db.execute(sql).fetchall()
