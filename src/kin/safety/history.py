"""Undo and redo: steps are taken back and brought back whole, in their order."""

import sqlite3
from collections.abc import Callable

from kin.book import undo_log as journal
from kin.errors import KinError
from kin.safety import history_queries as history
from kin.safety.history_queries import Step


def undo(db: sqlite3.Connection, count: int) -> tuple[Step, ...]:
    """Take the last `count` steps back, the newest first; fewer where there are fewer."""
    return _play(
        db, count, history.last_done, "There is nothing to undo.", "See what was done: kin history"
    )


def redo(db: sqlite3.Connection, count: int) -> tuple[Step, ...]:
    """Bring `count` undone steps back, the last undone first."""
    return _play(
        db,
        count,
        history.last_undone,
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
