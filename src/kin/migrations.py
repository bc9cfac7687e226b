"""How a book comes to the newest schema: numbered steps over `PRAGMA user_version`.

A new book is made from the models; an older one takes the steps it lacks, in one transaction
that is already open. A test proves that both ways end in the same schema.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from kin import journal
from kin.bookfile import APPLICATION_ID as APPLICATION_ID
from kin.identity import new_uid

NEWEST = 3


def _common_ground(db: sqlite3.Connection) -> None:
    """Add names and kinship of interests, showings, introductions; history; and cards from elsewhere and to there."""
    from kin import interest_index, search_index

    made = Path(__file__).with_name("schema-2.sql").read_text().rstrip().split(";\n")
    for statement in (*made, *search_index.with_remarks()):
        db.execute(statement.strip())
    people = db.execute("SELECT id FROM person").fetchall()
    db.executemany(
        "INSERT INTO uid (person_id, uid) VALUES (?, ?)", [(each, new_uid()) for (each,) in people]
    )
    interest_index.settle(db)


def _rhythms(db: sqlite3.Connection) -> None:
    """Add what is kept of how often you talk with each."""
    from kin import kept_rhythm

    made = Path(__file__).with_name("schema-3.sql").read_text().strip()
    for statement in (made, *kept_rhythm.statements()):
        db.execute(statement)


# STEPS[n] brings a book of version n to n + 1. Version 1 is the first that was released. A release that
# changes interests.tsv or senses.tsv needs a step too: interest_index.settle.
STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _common_ground, 2: _rhythms}


def make(db: sqlite3.Connection, today: str) -> None:
    """Make the newest schema in an empty file, and the owner's row, inside the open transaction."""
    for statement in schema():
        db.execute(statement)
    journal.record(db)
    db.execute(
        "INSERT INTO person (id, handle, name, is_me, added_on) VALUES (1, 'me', 'You', 1, ?)",
        (today,),
    )
    db.execute("INSERT INTO uid (person_id, uid) VALUES (1, ?)", (new_uid(),))
    db.execute("INSERT INTO name_word (word, person_id) VALUES ('me', 1)")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {NEWEST}")


def upgrade(db: sqlite3.Connection, version: int) -> None:
    """Take the book from `version` to NEWEST inside the open transaction; foreign keys are to be off."""
    for number in range(version, NEWEST):
        STEPS[number](db)
        db.execute(f"PRAGMA user_version = {number + 1}")
    journal.record(db)


def schema() -> tuple[str, ...]:
    """Return the SQL that makes the newest schema, in order: tables, indexes, full-text search."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable
    from sqlmodel import SQLModel

    from kin import kept_rhythm, search_index
    from kin import models as models

    tables = SQLModel.metadata.sorted_tables
    made = [str(CreateTable(table).compile(dialect=dialect())) for table in tables]
    made += [
        str(CreateIndex(index).compile(dialect=dialect()))
        for table in tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    return tuple(
        statement.strip()
        for statement in (*made, *search_index.statements(), *kept_rhythm.statements())
    )
