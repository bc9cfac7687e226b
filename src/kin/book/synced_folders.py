"""The folders of cards that the book was synced with."""

import sqlite3

_PREFIX = "synced folder: "  # before a folder that a sync is writing to, in the table `meta`


def list_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return the folders of cards that the book was synced with, or that a sync began to write to."""
    rows = db.execute(
        "SELECT folder FROM synced UNION SELECT substr(name, length(?1) + 1) FROM meta "
        "WHERE substr(name, 1, length(?1)) = ?1 ORDER BY 1",
        (_PREFIX,),
    )
    return tuple(folder for (folder,) in rows if isinstance(folder, str))


def note_folder(db: sqlite3.Connection, folder: str) -> None:
    """Note a folder that a sync is about to write to, so that what it may leave there is found."""
    db.execute("INSERT OR IGNORE INTO meta (name, value) VALUES (?, '')", (_PREFIX + folder,))


def drop_folder_note(db: sqlite3.Connection, folder: str) -> None:
    """Drop the note of a folder: the sync is done, and what the book has of its cards names it."""
    db.execute("DELETE FROM meta WHERE name = ?", (_PREFIX + folder,))
