"""The undo log: triggers record, for every row that a step changes, how to undo the change.

SQLite records and not the services, so that no change can be missed. The log itself and what triggers maintain (the
full-text index, the rhythm cache) are not recorded. After https://sqlite.org/undoredo.html.
"""

import json
import sqlite3
from datetime import date
from typing import Any, NamedTuple

OWNER_ACTOR = "you"
KEPT_STEPS = 1000  # the newest ones; older steps cannot be undone, so that the book stays small
_UNRECORDED_TABLES = ("step", "change", "search", "rhythm", "meta", "sqlite_")
# Also written without a step, so their rows may have changed since a step was recorded.
TABLES_OUTSIDE_STEPS = ("showing",)
_OPEN_STEP = "(SELECT id FROM step WHERE open = 1)"


class Column(NamedTuple):
    """A column: what the trigger needs to know to record it."""

    name: str
    is_blob: bool
    in_key: bool


def build_undo_triggers(db: sqlite3.Connection) -> list[str]:
    """Return the SQL that creates the undo triggers of every table."""
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall()
    recorded = [name for (name,) in tables if not name.startswith(_UNRECORDED_TABLES)]
    return [
        sql for table in recorded for sql in _build_table_triggers(table, _read_columns(db, table))
    ]


def create_undo_triggers(db: sqlite3.Connection) -> None:
    """Create the undo triggers again, for the tables as they are now."""
    old = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%#_undo#_%' ESCAPE '#'"
    for (name,) in db.execute(old).fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    for sql in build_undo_triggers(db):
        db.execute(sql)


def begin_step(db: sqlite3.Connection, today: date, actor: str) -> None:
    """Begin a step: from here on, changes are recorded."""
    db.execute(
        "INSERT INTO step (day, label, actor, open, undone) VALUES (?, '', ?, 1, 0)",
        (f"{today:%Y-%m-%d}", actor),
    )


def name_step(db: sqlite3.Connection, label: str) -> None:
    """Set the label of the open step, if there is one."""
    db.execute("UPDATE step SET label = ? WHERE open = 1", (label,))


def end_step(db: sqlite3.Connection) -> bool:
    """End the open step; return whether it changed anything. If it did, undone steps cannot be redone any more."""
    (step,) = db.execute("SELECT id FROM step WHERE open = 1").fetchone()
    if not db.execute("SELECT 1 FROM change WHERE step_id = ? LIMIT 1", (step,)).fetchone():
        db.execute("DELETE FROM step WHERE id = ?", (step,))
        return False
    db.execute("UPDATE step SET open = 0 WHERE id = ?", (step,))
    db.execute("DELETE FROM step WHERE undone = 1")
    db.execute("DELETE FROM step WHERE id <= ?", (step - KEPT_STEPS,))
    return True


def replay_step(db: sqlite3.Connection, step: int) -> None:
    """Undo a step, or redo an undone one: apply its changes in reverse, and record the opposite ones in their place.

    Foreign keys must be off, because the changes that they caused are recorded too.
    """
    rows = db.execute(
        "SELECT table_name, action, key_values, image FROM change WHERE step_id = ? ORDER BY id DESC",
        (step,),
    ).fetchall()
    db.execute("DELETE FROM change WHERE step_id = ?", (step,))
    db.execute("UPDATE step SET open = 1 WHERE id = ?", (step,))
    for table, action, key_json, image in rows:
        _undo_change(db, table, action, _parse_values(key_json), _parse_values(image))
    # Their rows that no step recorded must not outlive the person.
    for table in TABLES_OUTSIDE_STEPS:
        db.execute(f"DELETE FROM {table} WHERE person_id NOT IN (SELECT id FROM person)")
    db.execute("UPDATE step SET open = 0, undone = 1 - undone WHERE id = ?", (step,))


def _undo_change(
    db: sqlite3.Connection,
    table: str,
    action: str,
    key_values: dict[str, Any],
    image: dict[str, Any],
) -> None:
    is_outside_steps = table in TABLES_OUTSIDE_STEPS
    or_ignore = "OR IGNORE" if is_outside_steps else ""
    if action == "insert":
        columns = ", ".join(f'"{name}"' for name in image)
        placeholders = ", ".join("?" * len(image))
        sql = f'INSERT {or_ignore} INTO "{table}" ({columns}) VALUES ({placeholders})'
        cursor = db.execute(sql, [*image.values()])
    elif action == "update":
        cursor = db.execute(
            f'UPDATE {or_ignore} "{table}" SET {_join_equalities(image, ", ")} WHERE {_join_equalities(key_values, " AND ")}',
            [*image.values(), *key_values.values()],
        )
    if action == "delete" or (is_outside_steps and action == "update" and not cursor.rowcount):
        cursor = db.execute(
            f'DELETE FROM "{table}" WHERE {_join_equalities(key_values, " AND ")}',
            [*key_values.values()],
        )
    if cursor.rowcount != 1 and not is_outside_steps:
        raise sqlite3.DatabaseError(
            f"the history does not match the book: {action} of {cursor.rowcount} rows"
        )


def _join_equalities(values: dict[str, Any], separator: str) -> str:
    return separator.join(f'"{name}" = ?' for name in values)


def _parse_values(json_text: str | None) -> dict[str, Any]:
    values = json.loads(json_text) if json_text else {}
    return {
        name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
        for name, value in values.items()
    }


def _read_columns(db: sqlite3.Connection, table: str) -> tuple[Column, ...]:
    rows = db.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
    return tuple(Column(name, kind == "BLOB", bool(key)) for name, kind, key in rows)


def _build_table_triggers(table: str, columns: tuple[Column, ...]) -> tuple[str, str, str]:
    key = tuple(column for column in columns if column.in_key)
    return (
        _build_trigger(table, "insert", "delete", _build_image("new", key), "NULL"),
        _build_trigger(
            table, "update", "update", _build_image("new", key), _build_image("old", columns)
        ),
        _build_trigger(table, "delete", "insert", "NULL", _build_image("old", columns)),
    )


def _build_trigger(table: str, change: str, action: str, key_sql: str, image_sql: str) -> str:
    return (
        f"CREATE TRIGGER {table}_undo_{change} AFTER {change.upper()} ON {table} WHEN {_OPEN_STEP} IS NOT NULL BEGIN "
        "INSERT INTO change (step_id, table_name, action, key_values, image) "
        f"VALUES ({_OPEN_STEP}, '{table}', '{action}', {key_sql}, {image_sql}); END"
    )


def _build_image(row: str, columns: tuple[Column, ...]) -> str:
    return f"json_object({', '.join(_build_image_pair(row, column) for column in columns)})"


def _build_image_pair(row: str, column: Column) -> str:
    value = f'{row}."{column.name}"'
    if column.is_blob:  # JSON holds no bytes
        value = f"iif({value} IS NULL, NULL, json_object('hex', hex({value})))"
    return f"'{column.name}', {value}"
