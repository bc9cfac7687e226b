"""The words by which people are found, made anew from what they are called."""

import sqlite3

from kin.queries import doctor as queries


def index_anew(db: sqlite3.Connection) -> None:
    """Let everybody be found by each word of their names, and by no other."""
    wanted = sorted(queries.wanted_words(db))
    db.execute("DELETE FROM name_word WHERE person_id <> 1")
    db.executemany("INSERT INTO name_word (word, person_id) VALUES (?, ?)", wanted)
