"""Whether a book is sound inside: rows, references, the indexes that kin keeps, the triggers of undo.

Its one rule: it is asked of a copy in memory, which may be written on, so that the book is not touched.
"""

import sqlite3

from kin.book import interest_index, search_index, undo_log as journal, verified_copy as snapshot
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


SYNCED_FOLDER = (
    "synced folder: "  # how a folder is noted in the table `meta` before a sync writes to it
)


def synced_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return the folders of cards that the book was synced with, or that a sync began to write to."""
    rows = db.execute(
        "SELECT folder FROM synced UNION SELECT substr(name, length(?1) + 1) FROM meta "
        "WHERE substr(name, 1, length(?1)) = ?1 ORDER BY 1",
        (SYNCED_FOLDER,),
    )
    return tuple(folder for (folder,) in rows if isinstance(folder, str))


def note_folder(db: sqlite3.Connection, folder: str) -> None:
    """Note a folder that a sync is about to write to, so that what it may leave there is found."""
    db.execute("INSERT OR IGNORE INTO meta (name, value) VALUES (?, '')", (SYNCED_FOLDER + folder,))


def drop_folder_note(db: sqlite3.Connection, folder: str) -> None:
    """Drop the note of a folder: the sync is done, and what the book has of its cards names it."""
    db.execute("DELETE FROM meta WHERE name = ?", (SYNCED_FOLDER + folder,))


def _statements(db: sqlite3.Connection) -> set[str]:
    return {
        sql.strip() for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    }
