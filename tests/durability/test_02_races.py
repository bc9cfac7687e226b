"""Acceptance 2: whoever comes first makes the book, or takes it to the newest schema; nobody stumbles."""

import shutil
from pathlib import Path

import pytest

from kin.book import migrations, session as store
from kin.cli import main
from tests.durability import protections, writes
from tests.durability.processes import Say, Work, at_once
from tests.older import old_book, one_schema_ahead
from tests.test_migrations import rows, version


def add(name: str) -> Work:
    """Return the work of one kin that adds somebody."""

    def work(say: Say) -> None:
        code = main(["add", name])
        assert code == 0, f"exit code {code}"
        say(name)

    return work


def first_runs(folder: Path, times: int, at_a_time: int) -> list[str]:
    """Let so many kins make the same book, again and again; tell what failed."""
    failures = []
    names = [f"{chr(ord('A') + number)}da" for number in range(at_a_time)]
    for time in range(times):
        book = folder / f"first-{time}" / "book.db"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KIN_DB", str(book))
            ended = at_once([add(name) for name in names])
        failures += [line for each in ended for line in each.lines if line.startswith("!")]
        failures += writes.held(book).wrong
        there = [
            str(name) for (name,) in writes.rows(book, "SELECT name FROM person WHERE NOT is_me")
        ]
        failures += [f"{name} is lost" for name in sorted(set(names) - set(there))]
        failures += [f"{len(there)} people"] if len(there) > at_a_time else []
    return failures


def open_it(book: Path) -> Work:
    """Return the work of one kin that reads an older book."""

    def work(say: Say) -> None:
        with store.reading(book, writes.TODAY) as db:
            (found,) = db.execute("SELECT count(*) FROM person").fetchone()
        say(f"{found}")

    return work


@one_schema_ahead()
def migrations_at_once(folder: Path, times: int, at_a_time: int) -> list[str]:
    """Let so many kins find the same older book, again and again; tell what failed."""
    failures = []
    old = old_book()
    before = rows(old)
    for time in range(times):
        book = folder / f"old-{time}.db"
        shutil.copy(old, book)
        ended = at_once([open_it(book) for _ in range(at_a_time)])
        lines = [line for each in ended for line in each.lines]
        failures += [line for line in lines if line != str(len(before["person"]))]
        failures += writes.unsound(book)
        failures += [] if version(book) == migrations.NEWEST else ["it is no newer"]
        after = rows(book)
        failures += [
            f"{table} is another" for table, held in before.items() if after.get(table) != held
        ]
    return failures


def test_several_who_make_the_book_at_once_are_all_in_it(tmp_path: Path) -> None:
    assert first_runs(tmp_path, 2, 6) == []


def test_several_who_find_an_older_book_all_read_it(tmp_path: Path) -> None:
    assert migrations_at_once(tmp_path, 2, 6) == []


@pytest.mark.long
def test_fifteen_who_make_the_book_at_once_are_all_in_it(tmp_path: Path) -> None:
    assert first_runs(tmp_path, 20, 15) == []


@pytest.mark.long
def test_ten_who_find_an_older_book_all_read_it(tmp_path: Path) -> None:
    assert migrations_at_once(tmp_path, 20, 10) == []


@pytest.mark.long
def test_control_without_a_transaction_the_first_runs_fail(tmp_path: Path) -> None:
    with protections.transactions_begin(None):
        assert first_runs(tmp_path, 2, 15) != []


@pytest.mark.long
@pytest.mark.parametrize("begin", ["BEGIN", None])
def test_control_without_the_lock_the_migrations_fail(begin: str | None, tmp_path: Path) -> None:
    with protections.migrations_begin(begin):
        assert migrations_at_once(tmp_path, 2, 10) != []
