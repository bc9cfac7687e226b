"""Whatever is typed behind `kin find` is words, and never the syntax of a search."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from kin.book import session as store
from kin.notes import search
from tests.conftest import Kin
from tests.threats.payloads import searches


def look(book: Path, number: int) -> int:
    """Look for so many hostile strings; return how many found something."""
    found = 0
    with store.reading(book, date(2026, 11, 23)) as db:
        for words in searches(number):
            typed = (
                words.encode(errors="replace").decode().strip()
            )  # halves of characters end at the door
            found += bool(typed and search.find(db, typed, 50))
    return found


def test_no_string_is_an_error(met: Kin, book: Path) -> None:
    assert look(book, 3_000) > 20


@pytest.mark.long
def test_not_one_of_twenty_thousand_strings_is_an_error(met: Kin, book: Path) -> None:
    assert look(book, 20_000) > 100


def test_no_string_is_an_error_at_the_door_either(met: Kin) -> None:
    for words in searches(150, seed=2):
        told = met("find", "--json", "--", words)
        assert told.code in (0, 2), (words, told.err)
        assert "bug" not in told.err, (words, told.err)


def test_most_of_them_would_be_one_as_a_search(met: Kin, book: Path) -> None:
    failed = 0
    with sqlite3.connect(book) as db:
        for words in searches(500):
            try:
                db.execute("SELECT rowid FROM search WHERE search MATCH ?", (words,)).fetchall()
            except (sqlite3.Error, UnicodeEncodeError):
                failed += 1
    assert failed > 250
