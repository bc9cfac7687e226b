"""What the book keeps of how often you talk with each, so that the next look need not read all talks."""

import sqlite3

from kin.suggestions import contact_frequency as rhythm


def keep(db: sqlite3.Connection, today: str) -> None:
    """Keep the rhythm of all of whom none is kept; triggers let go of it when their talks change."""
    db.execute("DELETE FROM rhythm WHERE last > ?", (today,))
    db.executemany(
        "INSERT INTO rhythm (person_id, last, days, gaps) VALUES (?, ?, ?, ?)",
        [
            (person, told.last, told.days, ",".join(map(str, told.gaps)))
            for person, told in rhythm.lacking(db, today)
        ],
    )
