"""Leaving and coming back, by the front door: whatever a book holds goes out to files and comes in the same."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from kin.formats.book import Book
from kin.formats.kin_json import write
from tests.conftest import Kin
from tests.formats.books import BOOKS

ANY = {
    "deadline": None,
    "phases": (Phase.explicit, Phase.generate),  # each example takes a while: none is made smaller
    "suppress_health_check": list(HealthCheck),
}


def both_ways(kin: Kin, folder: Path, book: Book) -> None:
    """Bring a book in, and take it out and in as JSON and as Markdown: each gives the same JSON again."""
    given_, out = folder / "given.json", folder / "out.json"
    given_.write_bytes(write(book, exported_on="2026-11-23"))
    whole = through(kin, folder, given_)
    out.write_text(whole, newline="")
    assert json.loads(whole)["kin"] == 1
    assert through(kin, folder, out) == whole
    pages = folder / "pages"
    told = kin("export", "--format", "markdown", "--to", str(pages), "--force")
    assert told.code == 0, told.err
    assert through(kin, folder, pages) == whole


def through(kin: Kin, folder: Path, path: Path) -> str:
    """Import into an empty book and return what that exports."""
    (folder / "book.db").unlink(missing_ok=True)
    told = kin("import", str(path), "--json")
    assert told.code == 0, told.err
    if path.name != "given.json":
        assert (told.json["skipped"], told.json["remarks"]) == ([], [])
    return kin("export").out


@settings(max_examples=12, **ANY)  # type: ignore[arg-type]
@given(BOOKS.filter(lambda book: len(book.people) > 1))
def test_any_book_goes_out_and_comes_back(kin: Kin, tmp_path: Path, book: Book) -> None:
    both_ways(kin, tmp_path, book)


@pytest.mark.long
@settings(max_examples=500, **ANY)  # type: ignore[arg-type]
@given(BOOKS)
def test_hundreds_of_books_go_out_and_come_back(kin: Kin, tmp_path: Path, book: Book) -> None:
    both_ways(kin, tmp_path, book)
