"""Acceptance 8: a book of a newer kin is not touched by any command, to the byte and the minute."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import migrations
from tests.cli.test_contract import SHAPES
from tests.conftest import Kin
from tests.durability import protections
from tests.test_store import print_of

# doctor looks, and is told in its own tests; restore lists the backups, of which there are none
NO_BOOK_NEEDED = ("completion", "demo", "doctor", "restore")
A_WEEK_AGO = 1_700_000_000


def newer(book: Path) -> None:
    """Make the book one of a kin that knows a schema more."""
    with closing(sqlite3.connect(book)) as db:
        db.execute("CREATE TABLE next_year (plan TEXT)")
        db.execute("DROP TRIGGER person_back_insert")
        db.execute(f"PRAGMA user_version = {migrations.NEWEST + 1}")
    os.utime(book, (A_WEEK_AGO, A_WEEK_AGO))


def touched(book: Path, kin: Kin) -> list[str]:
    """Call every command; tell which did not refuse, and which left a trace."""
    newer(book)
    before, beside = print_of(book), {path.name for path in book.parent.iterdir()}
    faults = []
    for command, (words, _) in SHAPES.items():
        told = kin(*words)
        refused = told.code == 5 and "newer kin" in told.err and told.err.count("\n") == 1
        if not refused and command not in NO_BOOK_NEEDED:
            faults.append(f"{command}: {told}")
        if print_of(book) != before:
            faults.append(f"{command} has touched it")
            before = print_of(book)
    left = {path.name for path in book.parent.iterdir()} - beside
    return faults + [f"{name} was left" for name in sorted(left)]


@pytest.mark.usefixtures("met")
def test_no_command_touches_a_newer_book(book: Path, kin: Kin) -> None:
    assert touched(book, kin) == []


@pytest.mark.long
@pytest.mark.usefixtures("met")
def test_control_without_a_look_at_the_version_a_newer_book_is_touched(
    book: Path, kin: Kin
) -> None:
    with protections.no_look_at_the_version():
        faults = touched(book, kin)
    assert any("has touched it" in fault for fault in faults)
