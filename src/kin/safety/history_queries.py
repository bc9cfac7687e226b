"""What was done, the newest first."""

import sqlite3
from typing import NamedTuple

from kin.records import Hidden


class Step(NamedTuple):
    """One change, in words; `actor` is you or a program, `undone`: it was taken back and may come back."""

    on: str
    what: str
    actor: str
    undone: bool
    id: Hidden[int] = 0


def steps(db: sqlite3.Connection, limit: int) -> tuple[Step, ...]:
    """Tell the last steps, the newest first; 0 is all."""
    rows = db.execute(
        "SELECT day, words, actor, undone, id FROM step ORDER BY id DESC LIMIT ?", (limit or -1,)
    )
    return tuple(Step(on, what, actor, bool(undone), id) for on, what, actor, undone, id in rows)


def last_done(db: sqlite3.Connection) -> Step | None:
    """Tell the step that undo would take back."""
    return _first(
        db,
        "SELECT day, words, actor, undone, id FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1",
    )


def last_undone(db: sqlite3.Connection) -> Step | None:
    """Tell the step that redo would bring back."""
    return _first(
        db, "SELECT day, words, actor, undone, id FROM step WHERE undone = 1 ORDER BY id LIMIT 1"
    )


def _first(db: sqlite3.Connection, sql: str) -> Step | None:
    row = db.execute(sql).fetchone()
    return Step(row[0], row[1], row[2], bool(row[3]), row[4]) if row else None
