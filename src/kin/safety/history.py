"""The history of the book: lists its steps, and undoes and redoes them in order."""

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from kin.book import undo_log
from kin.errors import KinError
from kin.records import Hidden


class Step(NamedTuple):
    """One undoable change; `what` is its label, `actor` is you or a program."""

    on: str
    what: str
    actor: str
    undone: bool
    id: Hidden[int] = 0


def list_steps(db: sqlite3.Connection, limit: int) -> tuple[Step, ...]:
    """Return the last steps, newest first; a limit of 0 returns all."""
    rows = db.execute(
        "SELECT day, label, actor, undone, id FROM step ORDER BY id DESC LIMIT ?", (limit or -1,)
    )
    return tuple(Step(on, what, actor, bool(undone), id) for on, what, actor, undone, id in rows)


def find_last_done(db: sqlite3.Connection) -> Step | None:
    """Return the step that undo would undo."""
    return _read_first_step(
        db,
        "SELECT day, label, actor, undone, id FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1",
    )


def find_last_undone(db: sqlite3.Connection) -> Step | None:
    """Return the step that redo would redo."""
    return _read_first_step(
        db, "SELECT day, label, actor, undone, id FROM step WHERE undone = 1 ORDER BY id LIMIT 1"
    )


def _read_first_step(db: sqlite3.Connection, sql: str) -> Step | None:
    row = db.execute(sql).fetchone()
    return Step(row[0], row[1], row[2], bool(row[3]), row[4]) if row else None


def undo(db: sqlite3.Connection, count: int) -> tuple[Step, ...]:
    """Undo the last `count` steps, or as many as there are, newest first; raise KinError if there is none."""
    return _play_steps(
        db, count, find_last_done, "There is nothing to undo.", "See the last changes: kin history"
    )


def redo(db: sqlite3.Connection, count: int) -> tuple[Step, ...]:
    """Redo the last `count` undone steps, or as many as there are, the last undone first; raise KinError if there is none."""
    return _play_steps(
        db,
        count,
        find_last_undone,
        "There is nothing to redo.",
        "Any new change clears what was undone. See the last changes: kin history",
    )


def _play_steps(
    db: sqlite3.Connection,
    count: int,
    find_next: Callable[[sqlite3.Connection], Step | None],
    empty_message: str,
    hint: str,
) -> tuple[Step, ...]:
    played: list[Step] = []
    while len(played) < count and (step := find_next(db)):
        undo_log.replay_step(db, step.id)
        played.append(step._replace(undone=not step.undone))
    if not played:
        raise KinError(empty_message, hint)
    return tuple(played)
