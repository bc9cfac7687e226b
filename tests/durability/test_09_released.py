"""Acceptance 9: a book of every schema that was released keeps every row on its way to the newest.

The books and how they were made: tests/fixtures/README.md; more on the steps: tests/test_migrations.py.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kin import migrations
from tests.conftest import Kin
from tests.durability import writes
from tests.test_migrations import FIXTURES, VERSIONS, rows, version


def lost(number: int, book: Path, kin: Kin) -> list[str]:
    """Let kin take the book of a schema to the newest; tell what is another behind it."""
    shutil.copy(FIXTURES / f"book-v{number}.db", book)
    was = rows(book)
    told = kin("people", "--json")
    if told.code or version(book) != migrations.NEWEST:
        return [f"{told}"]
    now = rows(book)
    faults = [
        f"{name}: {held ^ now.get(name, set())}"
        for name, held in was.items()
        if now.get(name) != held
    ]
    return faults + writes.unsound(book) + _not_found(book)


def _not_found(book: Path) -> list[str]:
    """Tell whether the full-text search is off from what stands in the book."""
    with closing(sqlite3.connect(book)) as db:
        try:
            db.execute("INSERT INTO search(search) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return []


@pytest.mark.parametrize("number", VERSIONS)
def test_every_row_of_a_released_book_is_there_behind_the_steps(
    number: int, book: Path, kin: Kin
) -> None:
    assert lost(number, book, kin) == []


@pytest.mark.parametrize(
    "mishap",
    [
        "UPDATE person SET lives = 'elsewhere' WHERE lives IS NULL",
        "DELETE FROM thread WHERE id = 1",
        "INSERT INTO nickname (person_id, nickname) VALUES (2, 'May')",
    ],
)
def test_control_a_step_that_changes_a_row_is_seen(
    mishap: str, book: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(db: sqlite3.Connection) -> None:
        migrations.STEPS[1](db)
        db.execute(mishap)

    steps = dict(migrations.STEPS)
    monkeypatch.setattr(
        migrations, "STEPS", {**steps, 1: lambda db: (steps[1](db), db.execute(mishap))}
    )
    assert lost(1, book, kin)
