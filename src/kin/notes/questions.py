"""What you want to hear the end of."""

import sqlite3
from typing import NamedTuple

from kin.records import Hidden


class Thread(NamedTuple):
    """An open question to somebody; `due_on` is the day from which it is ripe, if one was named."""

    text: str
    opened_on: str
    due_on: str | None
    id: Hidden[int] = 0


class RipeThread(NamedTuple):
    """An open thread whose day has come, and whom to ask."""

    text: str
    opened_on: str
    due_on: str
    people: tuple[str, ...]
    names: Hidden[tuple[str, ...]] = ()


def open_with(db: sqlite3.Connection, person_id: int, today: str) -> tuple[Thread, ...]:
    """Tell the open threads with one person: the ripe first, then those without a day, then the rest."""
    rows = db.execute(
        "SELECT t.text, t.opened_on, t.due_on, t.id FROM thread_person tp JOIN thread t ON t.id = tp.thread_id "
        "WHERE tp.person_id = ? AND t.heard_on IS NULL ORDER BY CASE WHEN t.due_on <= ? THEN 0 WHEN t.due_on IS NULL THEN 1 ELSE 2 END, t.due_on, t.opened_on, t.id",
        (person_id, today),
    )
    return tuple(Thread(*row) for row in rows)


def ripening(db: sqlite3.Connection, since: str, until: str) -> tuple[RipeThread, ...]:
    """Tell the open threads whose day lies between, soonest first."""
    rows = db.execute(
        "SELECT id, text, opened_on, due_on FROM thread WHERE heard_on IS NULL AND due_on BETWEEN ? AND ? ORDER BY due_on, id",
        (since, until),
    ).fetchall()
    return tuple(_with_people(db, *row) for row in rows)


def _with_people(
    db: sqlite3.Connection, thread_id: int, words: str, opened_on: str, due_on: str
) -> RipeThread:
    rows = db.execute(
        "SELECT p.handle, p.name FROM thread_person tp JOIN person p ON p.id = tp.person_id WHERE tp.thread_id = ? ORDER BY p.name",
        (thread_id,),
    ).fetchall()
    return RipeThread(
        words, opened_on, due_on, tuple(row[0] for row in rows), tuple(row[1] for row in rows)
    )


class PersonThread(NamedTuple):
    """A thread with one person, after it was opened or heard."""

    handle: str
    name: str
    text: str
    opened_on: str
    due_on: str | None
    heard_on: str | None
    outcome: str | None
