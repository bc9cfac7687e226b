"""The schema of a book as SQL text: creating it, upgrading an older one, and checking that a file has it.

kin does not open a file whose tables, triggers or views it did not create, because their SQL would run with the
owner's rights. `python -m tests.schema` writes `schema-N.sql` from the models; a test compares the two.
"""

import re
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kin.book import undo_log
from kin.constants import APPLICATION_ID
from kin.errors import BookError
from kin.language.text import format_command, new_uid

NEWEST_VERSION = 1

# MIGRATIONS[n] takes a book from version n to n + 1. A release that changes interests.tsv or senses.tsv needs one too:
# indexes.rebuild_interest_index. Before the first release, the schema may change without one.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}


def create_schema(db: sqlite3.Connection, today: str) -> None:
    """Create the newest schema and the owner's row in an empty file, inside the open transaction."""
    for statement in read_schema_statements(NEWEST_VERSION):
        db.execute(statement)
    db.execute(
        "INSERT INTO person (id, handle, name, is_me, added_on) VALUES (1, 'me', 'You', 1, ?)",
        (today,),
    )
    db.execute("INSERT INTO uid (person_id, uid) VALUES (1, ?)", (new_uid(),))
    db.execute("INSERT INTO name_word (word, person_id) VALUES ('me', 1)")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {NEWEST_VERSION}")


def upgrade_schema(db: sqlite3.Connection, version: int) -> None:
    """Upgrade the book from `version` to the newest schema, inside the open transaction. Foreign keys must be off."""
    for number in range(version, NEWEST_VERSION):
        MIGRATIONS[number](db)
        db.execute(f"PRAGMA user_version = {number + 1}")
    undo_log.create_undo_triggers(db)


_DELETE_RHYTHM = (
    "DELETE FROM rhythm WHERE person_id = {row}.person_id OR person_id IN "
    "(SELECT person_id FROM note_person WHERE note_id = {row}.note_id);"
)
_TRIGGER_EVENTS = {
    "person_added": ("INSERT", ("new",)),
    "person_removed": ("DELETE", ("old",)),
    "person_changed": ("UPDATE OF person_id, day, note_id", ("old", "new")),
}


def build_rhythm_triggers() -> tuple[str, ...]:
    """Return the SQL of the triggers that delete a cached rhythm when the notes with a person change."""
    return tuple(
        f"CREATE TRIGGER rhythm_{name} AFTER {change} ON note_person BEGIN "
        f"{' '.join(_DELETE_RHYTHM.format(row=row) for row in rows)} END"
        for name, (change, rows) in _TRIGGER_EVENTS.items()
    )


# The internal tables of FTS5 and SQLite: plain columns and nothing else.
_INTERNAL_TABLE = re.compile(
    r"CREATE TABLE '?(?:search_|sqlite_)\w+'?\([\w ,]*(?:PRIMARY KEY\([\w ,]*\))?\)(?: WITHOUT ROWID)?"
)
_CREATE_STATEMENT = re.compile(r"CREATE (?:UNIQUE |VIRTUAL )?(TABLE|INDEX|TRIGGER|VIEW) (\w+)")
_CHECK_CONSTRAINT = re.compile(r"^\tCONSTRAINT \w+ CHECK \((.+)\),?$", re.MULTILINE)
FIRST_VERSION = 1  # the version of the first schema
_MOST_SHOWN = 3  # differences that an error names


class Differences(NamedTuple):
    """How a schema differs: parts that kin did not create or that were changed, and missing parts that kin can recreate."""

    foreign: tuple[str, ...]
    missing: tuple[str, ...]


class ForeignSchemaError(BookError):
    """The file has tables, triggers or views that kin did not create, or lacks tables."""


@cache
def read_schema_statements(version: int) -> tuple[str, ...]:
    """Return the SQL that creates a schema, in order: tables, indexes, full-text search, triggers."""
    text = Path(__file__).with_name(f"schema-{version}.sql").read_text(encoding="utf-8")
    return tuple(text.rstrip().split("\n\n"))


def find_differences(db: sqlite3.Connection, version: int) -> Differences:
    """Describe how the schema of the open file differs from kin's; both fields are empty if it does not."""
    if version < FIRST_VERSION:
        return Differences((f"kin never had a schema {version}",), ())
    actual = db.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    expected = read_schema_statements(version)
    kinds_by_name = {
        match[2]: match[1].lower() for sql in expected if (match := _CREATE_STATEMENT.match(sql))
    }
    known_sql = {*expected}
    foreign = [
        f"the {kind} “{name}” {'has been changed' if name in kinds_by_name else 'is not part of a book'}"
        for kind, name, sql in sorted(actual, key=lambda each: str(each[1]))
        if sql not in known_sql and not _is_internal(kind, name, sql)
    ]
    names = {name for _, name, _ in actual}
    missing_kinds = {name: kind for name, kind in kinds_by_name.items() if name not in names}
    foreign += [
        f"the table “{name}” is missing"
        for name in missing_kinds
        if _is_irreplaceable(name, missing_kinds[name])
    ]
    missing = [
        f"the {missing_kinds[name]} “{name}”"
        for name in missing_kinds
        if not _is_irreplaceable(name, missing_kinds[name])
    ]
    return Differences(tuple(foreign), tuple(missing))


def check_schema(
    db: sqlite3.Connection, path: Path, version: int, *, complete: bool = True
) -> None:
    """Raise BookError if the schema of the open file is not kin's own.

    With `complete=False`, indexes and triggers that `kin doctor --fix` can recreate may be missing.
    """
    diff = find_differences(db, version)
    if diff.foreign:
        raise ForeignSchemaError(
            f"{path} is not a book as kin creates it: {_format_list(diff.foreign)}.",
            "It was not opened. Import its people safely into a book of your own: "
            + format_command("kin import", str(path)),
        )
    if diff.missing and complete:
        raise BookError(
            f"The book at {path} is incomplete. Missing: {_format_list(diff.missing)}.",
            "Nothing was written. Repair it: kin doctor --fix",
        )


def find_check_violation(db: sqlite3.Connection, version: int) -> str | None:
    """Return the first table with a row that violates its CHECK constraints, as a sentence, or None.

    On a read-only connection, `PRAGMA integrity_check` does not test them.
    """
    for sql in read_schema_statements(version):
        table_match = _CREATE_STATEMENT.match(sql)
        checks = _CHECK_CONSTRAINT.findall(sql)
        if table_match and checks:
            violated = " OR ".join(f"NOT ({check})" for check in checks)
            if db.execute(f"SELECT 1 FROM {table_match[2]} WHERE {violated} LIMIT 1").fetchone():
                return f"a row of {table_match[2]} has an invalid value"
    return None


def _format_list(items: tuple[str, ...]) -> str:
    more = f" (and {len(items) - _MOST_SHOWN:,} more)" if len(items) > _MOST_SHOWN else ""
    return "; ".join(items[:_MOST_SHOWN]) + more


def _is_irreplaceable(name: str, kind: str) -> bool:
    """Return whether a part of the schema cannot be recreated from the rest."""
    return kind == "table" and name != "search"


def _is_internal(kind: str, name: str, sql: str | None) -> bool:
    if sql is None:  # the index of a UNIQUE or PRIMARY KEY, which SQLite creates itself
        return kind == "index" and name.startswith("sqlite_autoindex_")
    return kind == "table" and _INTERNAL_TABLE.fullmatch(sql) is not None
