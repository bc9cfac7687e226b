"""One gentle suggestion: somebody you share something with, and have not talked to for a while."""

import sqlite3
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from kin.queries.interests import ME

QUIET_FROM = 30  # days: a judgement; sooner than a month, a hello needs no prompting


class Suggestion(NamedTuple):
    """Somebody who may be glad of a hello, and the shared interest that it rests on."""

    handle: str
    name: str
    interest: str
    because: str


def suggestion(db: sqlite3.Connection, today: date) -> Suggestion | None:
    """Suggest one person, the same all day, another tomorrow; None where nothing is shared."""
    rows = db.execute(
        "SELECT p.id, p.handle, p.name, i.label, (SELECT max(day) FROM conversation_person cp "
        "WHERE cp.person_id = p.id AND cp.day <= ?) AS last FROM person_interest mine "
        "JOIN person_interest theirs ON theirs.interest_id = mine.interest_id AND theirs.stance = 'into' "
        "JOIN person p ON p.id = theirs.person_id AND p.is_me = 0 JOIN interest i ON i.id = mine.interest_id "
        "WHERE mine.person_id = ? AND mine.stance = 'into' AND last <= ?",
        (today.isoformat(), ME, (today - timedelta(days=QUIET_FROM)).isoformat()),
    ).fetchall()
    if not rows:
        return None
    _, handle, name, label, _ = min(rows, key=lambda row: _lot(today, f"{row[1]} {row[3]}"))
    return Suggestion(handle, name, label, f"You both care about {label}.")


def _lot(today: date, drawn: str) -> bytes:
    return sha256(f"{today} {drawn}".encode()).digest()
