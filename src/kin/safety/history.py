"""The history of the book: its steps, and undo and redo, which take back or repeat whole steps in order."""

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from kin.book import undo_log as journal
from kin.errors import KinError
from kin.records import Hidden


class Step(NamedTuple):
    """One change and its label; `actor` is you or a program, and what is `undone` can be redone."""

    on: str
    what: str
    actor: str
    undone: bool
    id: Hidden[int] = 0


def steps(db: sqlite3.Connection, limit: int) -> tuple[Step, ...]:
    """Return the last steps, the newest first; a limit of 0 returns all."""
    rows = db.execute(
        "SELECT day, words, actor, undone, id FROM step ORDER BY id DESC LIMIT ?", (limit or -1,)
    )
    return tuple(Step(on, what, actor, bool(undone), id) for on, what, actor, undone, id in rows)


def last_done(db: sqlite3.Connection) -> Step | None:
    """Return the step that undo would take back."""
    return _first(
        db,
        "SELECT day, words, actor, undone, id FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1",
    )


def last_undone(db: sqlite3.Connection) -> Step | None:
    """Return the step that redo would repeat."""
    return _first(
        db, "SELECT day, words, actor, undone, id FROM step WHERE undone = 1 ORDER BY id LIMIT 1"
    )


def _first(db: sqlite3.Connection, sql: str) -> Step | None:
    row = db.execute(sql).fetchone()
    return Step(row[0], row[1], row[2], bool(row[3]), row[4]) if row else None


def undo(db: sqlite3.Connection, count: int) -> tuple[Step, ...]:
    """Take back the last `count` steps, or as many as there are, the newest first."""
    return _play(
        db, count, last_done, "There is nothing to undo.", "See what was done: kin history"
    )


def redo(db: sqlite3.Connection, count: int) -> tuple[Step, ...]:
    """Repeat the last `count` undone steps, or as many as there are, the last undone first."""
    return _play(
        db,
        count,
        last_undone,
        "There is nothing to redo.",
        "A new change ends redo: kin history",
    )


def _play(
    db: sqlite3.Connection,
    count: int,
    next_of: Callable[[sqlite3.Connection], Step | None],
    nothing: str,
    hint: str,
) -> tuple[Step, ...]:
    played: list[Step] = []
    while len(played) < count and (step := next_of(db)):
        journal.play(db, step.id)
        played.append(step._replace(undone=not step.undone))
    if not played:
        raise KinError(nothing, hint)
    return tuple(played)
