"""Whatever is typed after `kin find` is words, never the syntax of a search."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from kin.book import session
from kin.notes import search
from tests.conftest import Kin
from tests.threats.payloads import searches


def look(book: Path, number: int) -> int:
    """Search for hostile strings; return how many found something."""
    found = 0
    with session.open_for_reading(book, date(2026, 11, 23)) as db:
        for words in searches(number):
            typed = (
                words.encode(errors="replace").decode().strip()
            )  # kin refuses half characters before the search
            found += bool(typed and search.search_book(db, typed, 50))
    return found


def test_no_string_is_an_error(met: Kin, book: Path) -> None:
    assert look(book, 3_000) > 20


@pytest.mark.long
def test_not_one_of_twenty_thousand_strings_is_an_error(met: Kin, book: Path) -> None:
    assert look(book, 20_000) > 100


def test_no_string_is_an_error_on_the_command_line_either(met: Kin) -> None:
    for words in searches(150, seed=2):
        result = met("find", "--json", "--", words)
        assert result.code in (0, 2), (words, result.err)
        assert "bug" not in result.err, (words, result.err)


def test_control_most_of_them_are_errors_as_a_search(met: Kin, book: Path) -> None:
    failed = 0
    with sqlite3.connect(book) as db:
        for words in searches(500):
            try:
                db.execute("SELECT rowid FROM search WHERE search MATCH ?", (words,)).fetchall()
            except (sqlite3.Error, UnicodeEncodeError):
                failed += 1
    assert failed > 250
