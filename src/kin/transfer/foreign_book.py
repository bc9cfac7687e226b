"""Reads a book from a SQLite file that kin does not trust: from elsewhere, edited by hand, or damaged.

Each row is copied separately into a new book in memory, whose schema checks it. Nothing of the file's own schema runs:
no trigger, view, virtual table or generated column.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

from kin.book import schema
from kin.constants import LONGEST_NAME, OWNER_ID
from kin.errors import UsageError
from kin.formats import records
from kin.formats.records import FileIssue
from kin.language.text import is_handle, slugify
from kin.transfer import export

# The tables that are not derived and not history, ordered so that no row refers to a later one.
_TABLES = (
    "person",
    "uid",
    "nickname",
    "interest",
    "person_interest",
    "interest_source",
    "yearly_date",
    "contact",
    "people_group",
    "person_group",
    "tie",
    "note",
    "note_person",
    "note_interest",
    "question",
    "question_person",
    "fact",
    "origin",
    "vocabulary_rule",
    "snooze",
    "introduction",
    "sent",
    "showing",
)
_MAX_REPORTED = 20  # rows of one table that are reported one by one; the others are counted
_WAL_FLAGS = slice(18, 20)  # of the header; 2 means a write-ahead log: sqlite.org/fileformat2.html
_COLUMNS_SQL = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0"


def read_foreign_book(data: bytes, name: str) -> tuple[records.Book, tuple[FileIssue, ...]]:
    """Return what can be read of the SQLite file `data`, and what was left out; `name` is the file's name.

    Raises UsageError if SQLite cannot read the file at all.
    """
    issues: list[FileIssue] = []
    if data[_WAL_FLAGS] != b"\1\1":
        data = data[: _WAL_FLAGS.start] + b"\1\1" + data[_WAL_FLAGS.stop :]
        reason = "the last changes may be in its -wal file, which is not read"
        issues.append(FileIssue(name, reason))
    with closing(_open_database(data, name)) as foreign, closing(_create_empty_book()) as db:
        for table in _TABLES:
            issues += _copy_table(foreign, db, table, name)
        with suppress(sqlite3.Error):  # a row that fails is left without met_through
            rows = foreign.execute("SELECT met_through, id FROM person").fetchall()
            db.executemany("UPDATE OR IGNORE person SET met_through = ? WHERE id = ?", rows)
        return export.read_book(db), tuple(issues)


def _open_database(data: bytes, name: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        db.deserialize(data)
        db.text_factory = lambda text: text.decode(errors="replace")
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (sqlite3.Error, OverflowError) as error:
        db.close()
        raise UsageError(
            f"{name}: SQLite cannot read it: {error}.", "For a backup of this book: kin restore"
        ) from None
    return db


def _create_empty_book() -> sqlite3.Connection:
    """Return a new book in memory without anyone in it, not even the owner."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    schema.create_schema(db, "2000-01-01")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("DELETE FROM person")
    return db


def _copy_table(
    foreign: sqlite3.Connection, db: sqlite3.Connection, table: str, name: str
) -> Iterator[FileIssue]:
    """Copy the rows of a table that the schema accepts; yield the others with the reason."""
    place = f"{name}: {table}"
    lost_count = 0
    try:
        is_table = foreign.execute(
            "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND type = 'table'",
            (table,),
        ).fetchone()
        if not is_table:
            yield FileIssue(place, "the file has no such table")
            return
        book_columns = {column for (column,) in db.execute(_COLUMNS_SQL, (table,))}
        columns = [
            each for (each,) in foreign.execute(_COLUMNS_SQL, (table,)) if each in book_columns
        ]
        if not columns:
            yield FileIssue(place, "it has none of the columns of a book")
            return
        column_list = ", ".join(f'"{column}"' for column in columns)
        insert = f'INSERT INTO "{table}" ({column_list}) VALUES ({", ".join("?" * len(columns))})'
        for row in foreign.execute(f'SELECT {column_list} FROM "{table}"'):
            values = dict(zip(columns, row, strict=True))
            try:
                if table == "person":
                    yield from _repair_person(values, place)
                db.execute(insert, [*values.values()])
            except (sqlite3.Error, OverflowError) as error:
                lost_count += 1
                if lost_count <= _MAX_REPORTED:
                    yield FileIssue(f"{place} {row[0]!r:.40}", f"the row is not valid: {error}")
    except sqlite3.Error as error:
        yield FileIssue(place, f"the rest cannot be read: {error}")
    if lost_count > _MAX_REPORTED:
        yield FileIssue(place, f"{lost_count - _MAX_REPORTED:,} more rows are not valid")


def _repair_person(person: dict[str, Any], where: str) -> Iterator[FileIssue]:
    """Make the handle and the name of a person valid, so that no one is left out because of these."""
    number, handle, name = person.get("id"), person.get("handle"), person.get("name")
    person["is_me"] = int(number == OWNER_ID)
    if "met_through" in person:
        person["met_through"] = None  # set once everyone is copied
    if not (isinstance(handle, str) and is_handle(handle)):
        safe_handle = slugify(handle) if isinstance(handle, str) else ""
        person["handle"] = f"{safe_handle[:20].strip('-') or 'p'}-{number}"
        yield FileIssue(
            f"{where} {handle!r:.40}", f"it cannot be a handle; {person['handle']} is used instead"
        )
    if isinstance(name, str) and len(name) > LONGEST_NAME:
        person["name"] = name[:LONGEST_NAME]
        yield FileIssue(f"{where} {number}", f"the name was cut to {LONGEST_NAME} characters")
