"""Who is left in peace, and until when."""

import sqlite3
from typing import NamedTuple


class Resting(NamedTuple):
    """Somebody who is not suggested: until a day, or, without one, until you take it back."""

    handle: str
    name: str
    until: str | None
    rests: bool = True


def of(db: sqlite3.Connection, person_id: int, today: str) -> Resting | None:
    """Tell whether somebody is left in peace."""
    row = db.execute(
        "SELECT p.handle, p.name, r.until FROM rest r JOIN person p ON p.id = r.person_id "
        "WHERE r.person_id = ? AND (r.until IS NULL OR r.until > ?)",
        (person_id, today),
    ).fetchone()
    return Resting(*row) if row else None


def describe_snooze(name: str, until: str | None) -> str:
    """Say that somebody is left in peace."""
    return f"{name} rests until {until}." if until else f"{name} rests until you say otherwise."
