"""Whether a book is sound inside: rows, references, the indexes that kin keeps, the triggers of undo.

Its one rule: it is asked of a copy in memory, which may be written on, so that the book is not touched.
"""

import sqlite3

from kin.book import (
    interest_index,
    search_index,
)
from kin.book import (
    undo_log as journal,
)
from kin.book import (
    verified_copy as snapshot,
)
from kin.constants import ME
from kin.people import name_index


def integrity(db: sqlite3.Connection) -> str | None:
    """Return what is torn, in SQLite's words, or None."""
    return snapshot.flaws(db)


def search_fits(db: sqlite3.Connection) -> bool:
    """Tell whether the full-text index says what the words say, and is kept by its triggers."""
    if not {each.strip() for each in search_index.statements()} <= _statements(db):
        return False
    try:
        db.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


def interests_fit(db: sqlite3.Connection) -> bool:
    """Tell whether each interest is found by every name of it, and knows what it is a kind of."""
    found = interest_index.anew(db)
    names = set(db.execute("SELECT key, sense FROM interest_name"))
    broader = set(db.execute("SELECT narrow, broad, source FROM interest_broader"))
    wanted = {(key, sense) for key, _, sense, _ in found.names}
    return wanted <= names and set(map(tuple, found.broader)) <= broader


def names_fit(db: sqlite3.Connection) -> bool:
    """Tell whether everybody is found by each word of their names, and nobody by another's."""
    held = set(db.execute("SELECT word, person_id FROM name_word WHERE person_id <> ?", (ME,)))
    return name_index.wanted_words(db) == held


def history_fits(db: sqlite3.Connection) -> bool:
    """Tell whether every table has its triggers of undo."""
    return set(journal.statements(db)) <= _statements(db)


def synced_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return the folders of cards that the book was synced with; none of an older book."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'synced'").fetchone():
        return ()
    rows = db.execute("SELECT DISTINCT folder FROM synced WHERE folder <> '' ORDER BY folder")
    return tuple(folder for (folder,) in rows if isinstance(folder, str))


def _statements(db: sqlite3.Connection) -> set[str]:
    return {
        sql.strip() for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    }
