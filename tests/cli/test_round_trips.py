"""Round trips from the command line: any book is exported to files and imported the same."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from kin.formats.kin_json import write_book
from kin.formats.records import Book
from tests.conftest import Kin
from tests.formats.books import BOOKS

ANY = {
    "deadline": None,
    "phases": (Phase.explicit, Phase.generate),  # examples are slow, so they are not shrunk
    "suppress_health_check": list(HealthCheck),
}


def check_round_trips(kin: Kin, folder: Path, book: Book) -> None:
    """Import a book, then export and import it as JSON and as Markdown; each must give the same JSON again."""
    start, out = folder / "given.json", folder / "out.json"
    start.write_bytes(write_book(book, exported_on="2026-11-23"))
    whole = import_and_export(kin, folder, start)
    out.write_text(whole, newline="")
    assert json.loads(whole)["kin"] == 1
    assert import_and_export(kin, folder, out) == whole
    pages = folder / "pages"
    result = kin("export", "--format", "markdown", "--to", str(pages), "--force")
    assert result.code == 0, result.err
    assert import_and_export(kin, folder, pages) == whole


def import_and_export(kin: Kin, folder: Path, path: Path) -> str:
    """Import into an empty book and return its export."""
    (folder / "book.db").unlink(missing_ok=True)
    result = kin("import", str(path), "--json")
    assert result.code == 0, result.err
    if path.name != "given.json":
        assert (result.json["skipped"], result.json["warnings"]) == ([], [])
    return kin("export").out


@settings(max_examples=12, **ANY)  # type: ignore[arg-type]
@given(BOOKS.filter(lambda book: len(book.people) > 1))
def test_any_book_is_exported_and_imported_the_same(kin: Kin, tmp_path: Path, book: Book) -> None:
    check_round_trips(kin, tmp_path, book)


@pytest.mark.long
@settings(max_examples=500, **ANY)  # type: ignore[arg-type]
@given(BOOKS)
def test_hundreds_of_books_are_exported_and_imported_the_same(
    kin: Kin, tmp_path: Path, book: Book
) -> None:
    check_round_trips(kin, tmp_path, book)
