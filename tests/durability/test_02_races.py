"""Acceptance 2: when several processes create or upgrade the book at once, one of them does, and none fails."""

import shutil
from pathlib import Path

import pytest

from kin.book import schema, session
from kin.cli import main
from tests.durability import protections, writes
from tests.durability.processes import Report, Work, run_together
from tests.older import old_book, one_schema_ahead
from tests.test_migrations import read_rows, read_version


def make_adder(name: str) -> Work:
    """Return the work of a process that adds a person."""

    def work(report: Report) -> None:
        code = main(["add", name])
        assert code == 0, f"exit code {code}"
        report(name)

    return work


def create_together(folder: Path, times: int, processes: int) -> list[str]:
    """Let several processes create the same book, many times; return the failures."""
    failures = []
    names = [f"{chr(ord('A') + number)}da" for number in range(processes)]
    for time in range(times):
        book = folder / f"first-{time}" / "book.db"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KIN_DB", str(book))
            ended = run_together([make_adder(name) for name in names])
        failures += [line for each in ended for line in each.lines if line.startswith("!")]
        failures += writes.read_content(book).faults
        added = [
            str(name) for (name,) in writes.query(book, "SELECT name FROM person WHERE NOT is_me")
        ]
        failures += [f"{name} is lost" for name in sorted(set(names) - set(added))]
        failures += [f"{len(added)} people"] if len(added) > processes else []
    return failures


def make_reader(book: Path) -> Work:
    """Return the work of a process that reads an older book."""

    def work(report: Report) -> None:
        with session.open_for_reading(book, writes.TODAY) as db:
            (count,) = db.execute("SELECT count(*) FROM person").fetchone()
        report(f"{count}")

    return work


@one_schema_ahead()
def upgrade_together(folder: Path, times: int, processes: int) -> list[str]:
    """Let several processes read the same older book, many times; return the failures."""
    failures = []
    old = old_book()
    before = read_rows(old)
    for time in range(times):
        book = folder / f"old-{time}.db"
        shutil.copy(old, book)
        ended = run_together([make_reader(book) for _ in range(processes)])
        lines = [line for each in ended for line in each.lines]
        failures += [line for line in lines if line != str(len(before["person"]))]
        failures += writes.check_integrity(book)
        failures += [] if read_version(book) == schema.NEWEST_VERSION else ["it was not upgraded"]
        after = read_rows(book)
        failures += [
            f"{table} has changed"
            for table, table_rows in before.items()
            if after.get(table) != table_rows
        ]
    return failures


def test_several_simultaneous_first_runs_are_all_kept(tmp_path: Path) -> None:
    assert create_together(tmp_path, 2, 6) == []


def test_several_simultaneous_upgrades_succeed(tmp_path: Path) -> None:
    assert upgrade_together(tmp_path, 2, 6) == []


@pytest.mark.long
def test_fifteen_simultaneous_first_runs_are_all_kept(tmp_path: Path) -> None:
    assert create_together(tmp_path, 20, 15) == []


@pytest.mark.long
def test_ten_simultaneous_upgrades_succeed(tmp_path: Path) -> None:
    assert upgrade_together(tmp_path, 20, 10) == []


@pytest.mark.long
def test_control_without_a_transaction_first_runs_fail(tmp_path: Path) -> None:
    with protections.begin_transactions_with(None):
        assert create_together(tmp_path, 2, 15) != []


@pytest.mark.long
@pytest.mark.parametrize("begin", ["BEGIN", None])
def test_control_without_the_lock_upgrades_fail(begin: str | None, tmp_path: Path) -> None:
    with protections.begin_migrations_with(begin):
        assert upgrade_together(tmp_path, 2, 10) != []
