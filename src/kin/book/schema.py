"""The schema of a book as SQL text, and the comparison of a file with it.

A file whose tables, triggers or views are not kin's own is not opened: its SQL would run in the owner's name.
`schema-N.sql` is made from the models by `python -m tests.schema`; a test compares the two.
"""

import re
import sqlite3
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kin.errors import BookError
from kin.language.text import command_line

# Tables in which FTS5 and SQLite keep their own data: plain columns and nothing else.
_INTERNAL = re.compile(
    r"CREATE TABLE '?(?:search_|sqlite_)\w+'?\([\w ,]*(?:PRIMARY KEY\([\w ,]*\))?\)(?: WITHOUT ROWID)?"
)
_NAME = re.compile(r"CREATE (?:UNIQUE |VIRTUAL )?(TABLE|INDEX|TRIGGER|VIEW) (\w+)")
_CHECK = re.compile(r"^\tCONSTRAINT \w+ CHECK \((.+)\),?$", re.MULTILINE)
FIRST = 1  # the version of the first schema
_SHOWN = 3  # differences that an error names


class Differences(NamedTuple):
    """What is not kin's own in a schema, or was changed, and what kin can make again because it is derived."""

    foreign: tuple[str, ...]
    missing: tuple[str, ...]


class ForeignSchemaError(BookError):
    """The file has tables, triggers or views that kin did not make, or lacks some that it makes."""


@cache
def statements(version: int) -> tuple[str, ...]:
    """Return the SQL that makes a schema, in order: tables, indexes, full-text search, triggers."""
    text = Path(__file__).with_name(f"schema-{version}.sql").read_text(encoding="utf-8")
    return tuple(text.rstrip().split("\n\n"))


def differences(db: sqlite3.Connection, version: int) -> Differences:
    """Return what in the open file is not as kin makes it, in words; both empty if the schema is kin's own."""
    if version < FIRST:
        return Differences((f"its version, {version}, was never one of kin’s",), ())
    found = db.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    expected = statements(version)
    own = {match[2]: match[1].lower() for sql in expected if (match := _NAME.match(sql))}
    known = {*expected}
    foreign = [
        f"the {kind} “{name}” {'has been changed' if name in own else 'is not one of kin’s'}"
        for kind, name, sql in sorted(found, key=lambda each: str(each[1]))
        if sql not in known and not _is_internal(kind, name, sql)
    ]
    names = {name for _, name, _ in found}
    lost = {name: kind for name, kind in own.items() if name not in names}
    foreign += [f"the table “{name}” is missing" for name in lost if _is_kept(name, lost[name])]
    missing = [f"the {lost[name]} “{name}”" for name in lost if not _is_kept(name, lost[name])]
    return Differences(tuple(foreign), tuple(missing))


def check(db: sqlite3.Connection, path: Path, version: int, *, complete: bool = True) -> None:
    """Raise BookError if the open file's schema is not kin's own.

    Without `complete`, indexes and triggers that `kin doctor --fix` can make again may be missing.
    """
    found = differences(db, version)
    if found.foreign:
        raise ForeignSchemaError(
            f"{path} is not as kin makes a book: {_listed(found.foreign)}.",
            "It was not used. Take its people out safely, into a book of your own: "
            + command_line("kin import", str(path)),
        )
    if found.missing and complete:
        raise BookError(
            f"Parts of the book at {path} are missing: {_listed(found.missing)}.",
            "Nothing was written. Make them again: kin doctor --fix",
        )


def violation(db: sqlite3.Connection, version: int) -> str | None:
    """Return which table has a row that its CHECKs forbid, or None.

    `PRAGMA integrity_check` leaves the CHECKs out on a connection that can only read.
    """
    for sql in statements(version):
        made = _NAME.match(sql)
        checks = _CHECK.findall(sql)
        if made and checks:
            broken = " OR ".join(f"NOT ({check})" for check in checks)
            if db.execute(f"SELECT 1 FROM {made[2]} WHERE {broken} LIMIT 1").fetchone():
                return f"a row of {made[2]} holds what no book can hold"
    return None


def _listed(told: tuple[str, ...]) -> str:
    more = f" (and {len(told) - _SHOWN:,} more)" if len(told) > _SHOWN else ""
    return "; ".join(told[:_SHOWN]) + more


def _is_kept(name: str, kind: str) -> bool:
    """Return whether a part of the schema holds what cannot be made again from the rest."""
    return kind == "table" and name != "search"


def _is_internal(kind: str, name: str, sql: str | None) -> bool:
    if sql is None:  # the index behind UNIQUE or PRIMARY KEY, which SQLite makes itself
        return kind == "index" and name.startswith("sqlite_autoindex_")
    return kind == "table" and _INTERNAL.fullmatch(sql) is not None
