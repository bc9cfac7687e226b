"""Acceptance 9: upgrading a book with an older schema keeps every row.

Nothing is released yet, so the older book is made up (tests/older.py). See also tests/test_migrations.py.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import schema
from tests.conftest import Kin
from tests.durability import writes
from tests.older import ahead as ahead, old_book
from tests.test_migrations import read_rows, read_version


def find_changes(book: Path, kin: Kin) -> list[str]:
    """Let kin upgrade an older book; return what changed in it."""
    shutil.copy(old_book(), book)
    before = read_rows(book)
    result = kin("people", "--json")
    if result.code or read_version(book) != schema.NEWEST_VERSION:
        return [f"{result}"]
    after = read_rows(book)
    faults = [
        f"{name}: {table_rows ^ after.get(name, set())}"
        for name, table_rows in before.items()
        if after.get(name) != table_rows
    ]
    return faults + writes.check_integrity(book) + _check_search_index(book)


def _check_search_index(book: Path) -> list[str]:
    """Return how the full-text index differs from the book."""
    with closing(sqlite3.connect(book)) as db:
        try:
            db.execute("INSERT INTO search(search) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return []


@pytest.mark.usefixtures("ahead")
def test_every_row_of_an_older_book_is_kept(book: Path, kin: Kin) -> None:
    assert find_changes(book, kin) == []


@pytest.mark.usefixtures("ahead")
@pytest.mark.parametrize(
    "mishap",
    [
        "UPDATE person SET lives = 'elsewhere' WHERE lives IS NULL",
        "DELETE FROM question WHERE id = 1",
        "INSERT INTO nickname (person_id, nickname) VALUES (2, 'May')",
    ],
)
def test_control_a_migration_that_changes_a_row_is_detected(
    mishap: str, book: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = dict(schema.MIGRATIONS)
    last = schema.NEWEST_VERSION - 1
    monkeypatch.setattr(
        schema, "MIGRATIONS", {**steps, last: lambda db: (steps[last](db), db.execute(mishap))}
    )
    assert find_changes(book, kin)
