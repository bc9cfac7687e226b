"""Acceptance 8: no command changes a book of a newer version of kin, not even its modification time."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import schema
from tests.cli.test_contract import SHAPES
from tests.conftest import Kin
from tests.durability import protections
from tests.test_store import print_of

# doctor reports it, see its own tests; restore lists the backups, and there are none
NO_BOOK_NEEDED = ("help", "completion", "demo", "doctor", "restore")
A_WEEK_AGO = 1_700_000_000


def make_newer(book: Path) -> None:
    """Turn the book into one of a newer version of kin."""
    with closing(sqlite3.connect(book)) as db:
        db.execute("CREATE TABLE next_year (plan TEXT)")
        db.execute("DROP TRIGGER person_undo_insert")
        db.execute(f"PRAGMA user_version = {schema.NEWEST_VERSION + 1}")
    os.utime(book, (A_WEEK_AGO, A_WEEK_AGO))


def find_changes(book: Path, kin: Kin) -> list[str]:
    """Run every command; return which were not refused, and which changed something."""
    make_newer(book)
    before, names = print_of(book), {path.name for path in book.parent.iterdir()}
    faults = []
    for command, (words, _) in SHAPES.items():
        result = kin(*words)
        is_refused = (
            result.code == 5
            and "newer version of kin" in result.err
            and result.err.count("\n") == 1
        )
        if not is_refused and command not in NO_BOOK_NEEDED:
            faults.append(f"{command}: {result}")
        if print_of(book) != before:
            faults.append(f"{command} has changed it")
            before = print_of(book)
    left = {path.name for path in book.parent.iterdir()} - names
    return faults + [f"{name} was left" for name in sorted(left)]


@pytest.mark.usefixtures("met")
def test_no_command_changes_a_newer_book(book: Path, kin: Kin) -> None:
    assert find_changes(book, kin) == []


@pytest.mark.long
@pytest.mark.usefixtures("met")
def test_control_without_the_version_check_a_newer_book_is_changed(book: Path, kin: Kin) -> None:
    with protections.skip_version_check():
        faults = find_changes(book, kin)
    assert any("has changed it" in fault for fault in faults)
