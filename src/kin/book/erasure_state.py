"""The mark of an erasure that is not finished: a person is out of the book, the file and its backups are not clean yet.

Every command that writes looks for it, so that this module imports nothing else.
"""

import sqlite3

_NAME = "unfinished erasure"  # in the table `meta`


def is_unfinished(db: sqlite3.Connection) -> bool:
    """Return whether an erasure was stopped before the file and its backups were clean."""
    return read(db) is not None


def read(db: sqlite3.Connection) -> str | None:
    """Return what was noted with the mark, or None if there is no mark."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (_NAME,)).fetchone()
    return None if row is None else str(row[0])


def set_mark(db: sqlite3.Connection, note: str) -> None:
    """Set the mark, within the change that takes a person out of the book."""
    db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_NAME, note))


def remove_mark(db: sqlite3.Connection) -> None:
    """Remove the mark: nothing of the person is left."""
    db.execute("DELETE FROM meta WHERE name = ?", (_NAME,))
