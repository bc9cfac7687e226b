"""Steps and the way back: triggers write down, for every row that a step changes, how to undo it.

Its one rule: SQLite records, not the services, so that nothing that a step does can be forgotten. What
triggers make themselves (the full-text index) and the history are not recorded. After sqlite.org/undoredo.html.
"""

import json
import sqlite3
from datetime import date
from typing import Any, NamedTuple

YOU = "you"
KEPT_STEPS = 1000  # the newest; older ones can no longer be taken back, and the book stays small
_UNRECORDED = ("step", "change", "search", "rhythm", "meta", "sqlite_")
# Written down without a step too: since a step was taken, their rows may have come and gone.
UNSTEPPED = ("showing",)
_OPEN = "(SELECT id FROM step WHERE open = 1)"


class Column(NamedTuple):
    """A column, by what an image of its row needs."""

    name: str
    is_blob: bool
    in_key: bool


def statements(db: sqlite3.Connection) -> list[str]:
    """Return the SQL that makes the triggers of every table there is."""
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall()
    recorded = [name for (name,) in tables if not name.startswith(_UNRECORDED)]
    return [sql for table in recorded for sql in _triggers(table, _columns(db, table))]


def record(db: sqlite3.Connection) -> None:
    """Make the triggers anew, for the tables as they are now."""
    old = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%#_back#_%' ESCAPE '#'"
    for (name,) in db.execute(old).fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    for sql in statements(db):
        db.execute(sql)


def begin(db: sqlite3.Connection, today: date, actor: str) -> None:
    """Begin a step: what is changed from here on is recorded."""
    db.execute(
        "INSERT INTO step (day, words, actor, open, undone) VALUES (?, '', ?, 1, 0)",
        (f"{today:%Y-%m-%d}", actor),
    )


def name(db: sqlite3.Connection, words: str) -> None:
    """Say what the open step is; said again, the last word counts. Without an open step nothing is said."""
    db.execute("UPDATE step SET words = ? WHERE open = 1", (words,))


def end(db: sqlite3.Connection) -> bool:
    """End the step; return whether it changed anything. If it did, what was undone cannot come back."""
    (step,) = db.execute("SELECT id FROM step WHERE open = 1").fetchone()
    if not db.execute("SELECT 1 FROM change WHERE step_id = ? LIMIT 1", (step,)).fetchone():
        db.execute("DELETE FROM step WHERE id = ?", (step,))
        return False
    db.execute("UPDATE step SET open = 0 WHERE id = ?", (step,))
    db.execute("DELETE FROM step WHERE undone = 1")
    db.execute("DELETE FROM step WHERE id <= ?", (step - KEPT_STEPS,))
    return True


def play(db: sqlite3.Connection, step: int) -> None:
    """Take a step back, row by row; the way forth is recorded in its place, so that it can be played again.

    Foreign keys are to be off: what followed of itself was recorded too.
    """
    rows = db.execute(
        "SELECT of_table, back, keyed, image FROM change WHERE step_id = ? ORDER BY id DESC",
        (step,),
    ).fetchall()
    db.execute("DELETE FROM change WHERE step_id = ?", (step,))
    db.execute("UPDATE step SET open = 1 WHERE id = ?", (step,))
    for table, back, keyed, image in rows:
        _take_back(db, table, back, _values(keyed), _values(image))
    for (
        table
    ) in UNSTEPPED:  # what no step recorded goes with its person, and comes back with this one
        db.execute(f"DELETE FROM {table} WHERE person_id NOT IN (SELECT id FROM person)")
    db.execute("UPDATE step SET open = 0, undone = 1 - undone WHERE id = ?", (step,))


def _take_back(
    db: sqlite3.Connection, table: str, back: str, keyed: dict[str, Any], image: dict[str, Any]
) -> None:
    loose = table in UNSTEPPED
    either = "OR IGNORE" if loose else ""
    if back == "insert":
        columns = ", ".join(f'"{name}"' for name in image)
        marks = ", ".join("?" * len(image))
        sql = f'INSERT {either} INTO "{table}" ({columns}) VALUES ({marks})'
        done = db.execute(sql, [*image.values()])
    elif back == "update":
        done = db.execute(
            f'UPDATE {either} "{table}" SET {_equal(image, ", ")} WHERE {_equal(keyed, " AND ")}',
            [*image.values(), *keyed.values()],
        )
    if back == "delete" or (loose and back == "update" and not done.rowcount):
        done = db.execute(
            f'DELETE FROM "{table}" WHERE {_equal(keyed, " AND ")}', [*keyed.values()]
        )
    if done.rowcount != 1 and not loose:
        raise sqlite3.DatabaseError(f"the history does not fit: {back} of {done.rowcount} rows")


def _equal(values: dict[str, Any], sign: str) -> str:
    return sign.join(f'"{name}" = ?' for name in values)


def _values(told: str | None) -> dict[str, Any]:
    held = json.loads(told) if told else {}
    return {
        name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
        for name, value in held.items()
    }


def _columns(db: sqlite3.Connection, table: str) -> tuple[Column, ...]:
    rows = db.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
    return tuple(Column(name, kind == "BLOB", bool(key)) for name, kind, key in rows)


def _triggers(table: str, columns: tuple[Column, ...]) -> tuple[str, str, str]:
    key = tuple(column for column in columns if column.in_key)
    return (
        _trigger(table, "insert", "delete", _image("new", key), "NULL"),
        _trigger(table, "update", "update", _image("new", key), _image("old", columns)),
        _trigger(table, "delete", "insert", "NULL", _image("old", columns)),
    )


def _trigger(table: str, change: str, back: str, keyed: str, image: str) -> str:
    return (
        f"CREATE TRIGGER {table}_back_{change} AFTER {change.upper()} ON {table} WHEN {_OPEN} IS NOT NULL BEGIN "
        "INSERT INTO change (step_id, of_table, back, keyed, image) "
        f"VALUES ({_OPEN}, '{table}', '{back}', {keyed}, {image}); END"
    )


def _image(row: str, columns: tuple[Column, ...]) -> str:
    return f"json_object({', '.join(_pair(row, column) for column in columns)})"


def _pair(row: str, column: Column) -> str:
    value = f'{row}."{column.name}"'
    if column.is_blob:  # JSON holds no bytes
        value = f"iif({value} IS NULL, NULL, json_object('hex', hex({value})))"
    return f"'{column.name}', {value}"
