"""The words by which people are found, made again from their names."""

import sqlite3

from kin.constants import ME
from kin.language.person_names import name_words


def index_anew(db: sqlite3.Connection) -> None:
    """Let everyone be found by each word of their names, and by no other."""
    wanted = sorted(wanted_words(db))
    db.execute("DELETE FROM name_word WHERE person_id <> 1")
    db.executemany("INSERT INTO name_word (word, person_id) VALUES (?, ?)", wanted)


def wanted_words(db: sqlite3.Connection) -> set[tuple[str, int]]:
    """Return the words by which everybody but you is to be found."""
    called = db.execute(
        "SELECT id, name FROM person UNION ALL SELECT id, handle FROM person "
        "UNION ALL SELECT person_id, nickname FROM nickname"
    ).fetchall()
    return {(word, person) for person, name in called for word in name_words(name) if person != ME}
