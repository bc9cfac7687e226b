"""Acceptance 9: a book of an older schema keeps every row on its way to the newest.

Nothing is released yet, so the older book is a made-up one (tests/older.py); more: tests/test_migrations.py.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import migrations
from tests.conftest import Kin
from tests.durability import writes
from tests.older import ahead as ahead, old_book
from tests.test_migrations import rows, version


def lost(book: Path, kin: Kin) -> list[str]:
    """Let kin take an older book to the newest schema; return what changed in it."""
    shutil.copy(old_book(), book)
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


@pytest.mark.usefixtures("ahead")
def test_every_row_of_an_older_book_is_there_after_the_steps(book: Path, kin: Kin) -> None:
    assert lost(book, kin) == []


@pytest.mark.usefixtures("ahead")
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
    steps = dict(migrations.STEPS)
    last = migrations.NEWEST - 1
    monkeypatch.setattr(
        migrations, "STEPS", {**steps, last: lambda db: (steps[last](db), db.execute(mishap))}
    )
    assert lost(book, kin)
