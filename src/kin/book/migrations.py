"""How a book comes to the newest schema: numbered steps over `PRAGMA user_version`.

A new book is made at once as the newest schema; an older one takes the steps it lacks, in one transaction
that is already open. A test proves that both ways end in the same schema.
"""

import sqlite3
from collections.abc import Callable

from kin.book import schema, undo_log as journal
from kin.book.file_header import APPLICATION_ID as APPLICATION_ID
from kin.language.uid import new_uid

NEWEST = 1

# STEPS[n] brings a book of version n to n + 1. A release that changes interests.tsv or senses.tsv needs a
# step too: interest_index.settle. Before the first release the schema may change without one.
STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {}


def make(db: sqlite3.Connection, today: str) -> None:
    """Make the newest schema in an empty file, and the owner's row, inside the open transaction."""
    for statement in schema.statements(NEWEST):
        db.execute(statement)
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
