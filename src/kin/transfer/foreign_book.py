"""The people in a SQLite file that kin does not trust: a book from elsewhere, changed by hand, or damaged.

Each row is copied by itself into a new book in memory, whose schema decides what it may hold. Nothing of the
file's own schema runs: no trigger, no view, no virtual table, no generated column.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

from kin.book import migrations
from kin.constants import LONGEST_NAME, ME
from kin.errors import UsageError
from kin.formats import book as out
from kin.formats.incoming import Skipped
from kin.language.text import is_handle, slug
from kin.transfer import export

# What people told kin, in an order in which no row refers to a later one; the rest is derived or history.
_TABLES = (
    "person",
    "uid",
    "nickname",
    "interest",
    "person_interest",
    "caught",
    "occasion",
    "contact",
    "people_group",
    "person_group",
    "tie",
    "conversation",
    "conversation_person",
    "conversation_topic",
    "thread",
    "thread_person",
    "remark",
    "origin",
    "vocabulary_word",
    "rest",
    "introduction",
    "sent",
    "showing",
)
_REPORTED = 20  # rows of one table that are named; the others are counted
_WRITE_AHEAD = slice(
    18, 20
)  # in the file's header, 2 means a write-ahead log; sqlite.org/fileformat2.html
_FIELDS = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0"


def read(data: bytes, name: str) -> tuple[out.Book, tuple[Skipped, ...]]:
    """Return what can be read of the SQLite file `data`, and what was left out; `name` is the file's.

    Raises UsageError where SQLite cannot read the file at all.
    """
    told: list[Skipped] = []
    if data[_WRITE_AHEAD] != b"\1\1":
        data = data[: _WRITE_AHEAD.start] + b"\1\1" + data[_WRITE_AHEAD.stop :]
        why = "another program's last changes may be in its -wal file, which is not read"
        told.append(Skipped(name, why))
    with closing(_opened(data, name)) as foreign, closing(_new_book()) as db:
        for table in _TABLES:
            told += _copy(foreign, db, table, name)
        with suppress(sqlite3.Error):  # who they were met through; a row that fails keeps none
            rows = foreign.execute("SELECT met_through, id FROM person").fetchall()
            db.executemany("UPDATE OR IGNORE person SET met_through = ? WHERE id = ?", rows)
        return export.whole(db), tuple(told)


def _opened(data: bytes, name: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        db.deserialize(data)
        db.text_factory = lambda text: text.decode(errors="replace")
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (sqlite3.Error, OverflowError) as error:
        db.close()
        raise UsageError(f"{name}: SQLite cannot read it: {error}.", "See: kin restore") from None
    return db


def _new_book() -> sqlite3.Connection:
    """Return a new book in memory that has no one in it, not even the owner."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.make(db, "2000-01-01")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("DELETE FROM person")
    return db


def _copy(
    foreign: sqlite3.Connection, db: sqlite3.Connection, table: str, name: str
) -> Iterator[Skipped]:
    """Copy the rows of a table that a book can hold; yield the others, with the reason."""
    where = f"{name}: {table}"
    lost = 0
    try:
        is_table = foreign.execute(
            "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND type = 'table'",
            (table,),
        ).fetchone()
        if not is_table:
            yield Skipped(where, "it is not a table of this file")
            return
        wanted = {column for (column,) in db.execute(_FIELDS, (table,))}
        columns = [each for (each,) in foreign.execute(_FIELDS, (table,)) if each in wanted]
        if not columns:
            yield Skipped(where, "it has none of the columns of a book")
            return
        listed = ", ".join(f'"{column}"' for column in columns)
        insert = f'INSERT INTO "{table}" ({listed}) VALUES ({", ".join("?" * len(columns))})'
        for row in foreign.execute(f'SELECT {listed} FROM "{table}"'):
            values = dict(zip(columns, row, strict=True))
            try:
                if table == "person":
                    yield from _fit(values, where)
                db.execute(insert, [*values.values()])
            except (sqlite3.Error, OverflowError) as error:
                lost += 1
                if lost <= _REPORTED:
                    yield Skipped(f"{where} {row[0]!r:.40}", f"it does not fit: {error}")
    except sqlite3.Error as error:
        yield Skipped(where, f"the rest of it cannot be read: {error}")
    if lost > _REPORTED:
        yield Skipped(where, f"{lost - _REPORTED:,} more rows do not fit")


def _fit(person: dict[str, Any], where: str) -> Iterator[Skipped]:
    """Give a person a handle and a name that can be kept, so that no one is lost for want of one."""
    number, handle, name = person.get("id"), person.get("handle"), person.get("name")
    person["is_me"] = int(number == ME)
    if "met_through" in person:
        person["met_through"] = None  # set once everyone is there
    if not (isinstance(handle, str) and is_handle(handle)):
        safe = slug(handle) if isinstance(handle, str) else ""
        person["handle"] = f"{safe[:20].strip('-') or 'p'}-{number}"
        yield Skipped(
            f"{where} {handle!r:.40}", f"it cannot be a handle; {person['handle']} is used"
        )
    if isinstance(name, str) and len(name) > LONGEST_NAME:
        person["name"] = name[:LONGEST_NAME]
        yield Skipped(f"{where} {number}", f"its name was cut to {LONGEST_NAME} characters")
