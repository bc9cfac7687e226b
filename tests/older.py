"""An older book, while only one schema exists: a kin with one more schema version, and a book of the current one.

Processes that a test forks inherit the made-up schema.
"""

import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

from kin.book import schema, undo_log
from kin.cli.app import run
from tests.conftest import TODAY

_TABLE = "CREATE TABLE next_year (\n\tid INTEGER PRIMARY KEY,\n\tplan TEXT NOT NULL\n)\n STRICT"
_ROWS = (
    "INSERT INTO next_year WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
    "SELECT i, 'plan ' || i FROM n"
)
# Rows in every table, so that a migration that loses one is noticed.
_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("me", "--name", "Robin", "--lives", "Leeds", "--into", "pottery", "--into", "chess"),
    ("add", "Maya Okafor", "--both", "pottery -- her father had a kiln", "--into", "fado", "--differ",
     "pineapple on pizza", "--met", "at the open kiln,\nlaughing", "--on", "march 2026", "--at", "Kiln House",
     "--birthday", "26 november 1984", "--date", "wedding=12 june 2019", "--lives", "Lisbon", "--group", "book club",
     "--circle", "close", "--email", "maya@example.org", "--phone", "+351 21 000", "--nick", "Mo"),
    ("add", "Tom Becker", "--both", "chess", "--at", "PyCon", "--into", "birding", "--birthday", "29 february"),
    ("add", "Tom King", "--lives", "Leeds", "--into", "pottery"),
    ("add", "Zoë O’Brien", "--into", "sourdough", "--through", "maya"),
    ("add", "小林 さくら", "--into", "陶芸"),
    ("note", "2026-10-01: coffee with Maya and Tom Becker at Blue Door about #pottery ?did the kiln survive"),
    ("note", "2026-11-20: Maya rang, a #fado evening is planned", "--by", "call"),
    ("ask", "maya", "how was the concert", "--on", "2026-11-30"),
    ("tie", "zoe", "maya", "--as", "flat mate"),
    ("import", str(Path(__file__).parent / "fixtures" / "people.csv")),
    ("vocab", "under", "fado", "saudade songs"),
    ("edit", "tom-b", "--into", "wheel throwing", "--from", "maya"),
    ("reconnect",),
    ("reconnect", "--snooze", "tom-k"),
    ("introduce", "maya", "tom-b", "--yes-from", "maya"),
    ("share", "a kiln opening", "--sent-to", "maya"),
    ("note", "2026-11-22: tea with Maya about #sailing"),
    ("undo",),
)  # fmt: skip


@cache
def old_book() -> Path:
    """Return a book of the schema before the made-up one; it is created once and never changed."""
    folder = Path(tempfile.mkdtemp(prefix="kin-tests-"))
    path = folder / "old.db"
    environment = {
        "KIN_DB": str(path),
        "KIN_NOW": TODAY,
        "KIN_CONFIG": os.devnull,
        "HOME": str(folder),
    }
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in _COMMANDS:
            assert run(list(words), environment) == 0, words
    shutil.rmtree(folder / "backups", ignore_errors=True)
    with closing(sqlite3.connect(path)) as db:
        for statement in (
            "INSERT OR IGNORE INTO rhythm VALUES (2, '2026-11-20', 2, '50')",
            "INSERT INTO synced_card VALUES ('/folder', 'a.vcf', 2, 'uid', 'digest', x'00')",
            "INSERT INTO forgotten VALUES (x'01', x'02')",
            "INSERT INTO meta VALUES ('device', 'here')",
            "INSERT OR IGNORE INTO fact (person_id, text) VALUES (2, 'a fact')",
        ):
            db.execute(statement)
        db.commit()
        db.execute("VACUUM")
    return path


@contextmanager
def one_schema_ahead() -> Iterator[None]:
    """Give kin one more schema version, with a migration to it."""
    old_book()  # created before kin has the new schema
    newest = schema.NEWEST_VERSION
    read_statements = schema.read_schema_statements

    def migrate(db: sqlite3.Connection) -> None:
        db.execute(_TABLE)
        db.execute(_ROWS)

    def read_with_new_table(version: int) -> tuple[str, ...]:
        if version <= newest:
            return read_statements(version)
        return (*read_statements(newest), _TABLE, *_build_triggers())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, newest: migrate})
        patch.setattr(schema, "NEWEST_VERSION", newest + 1)
        patch.setattr(schema, "read_schema_statements", read_with_new_table)
        yield


@cache
def _build_triggers() -> tuple[str, ...]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(_TABLE)
        return tuple(undo_log.build_undo_triggers(db))


@pytest.fixture
def ahead() -> Iterator[None]:
    """Run a test with a kin that has one more schema version."""
    with one_schema_ahead():
        yield
