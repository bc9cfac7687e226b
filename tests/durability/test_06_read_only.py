"""Acceptance 6: a book that may only be read is read, and a write says that it cannot; shown as nobody, not as root."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import file_checks as bookfile
from tests.conftest import Kin, Result
from tests.durability import protections
from tests.terminal import apart
from tests.test_store import READS, WRITES, in_words, killed_in_a_commit, maya, print_of

__all__ = ["maya"]  # a fixture

NOBODY = 65534
CSV = Path(__file__).parents[1] / "fixtures" / "people.csv"
MORE = (["export", "--format", "csv"], ["history"], ["undo"], ["import", str(CSV)])


@pytest.fixture
def shared(maya: Kin, book: Path) -> Iterator[Path]:
    """Return a copy of the book where everybody may come by; the fixture's folder is root's alone."""
    if apart("--version", before=become_nobody).code:
        pytest.skip("rights do not count for root, and this root may not become somebody else")
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    shutil.copy(book, folder / "book.db")
    if os.getuid() == 0:
        for path in (folder, folder / "book.db"):
            os.chown(path, NOBODY, NOBODY)
    for words in (*READS, *MORE, *WRITES, ["recall", "nobody"]):
        maya(*words)  # so that all is imported: nobody may not read root's Python
    yield folder / "book.db"
    folder.chmod(0o700)
    shutil.rmtree(folder)


def become_nobody() -> None:
    """Become somebody for whom rights count, if this is root."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def as_nobody(book: Path, *words: str) -> Result:
    """Run kin as somebody for whom rights count."""

    def become() -> None:
        os.environ.update(KIN_DB=str(book), KIN_CONFIG=str(book.with_name("config.toml")))
        become_nobody()

    return apart(*words, before=become)


def faults(book: Path) -> list[str]:
    """Tell which reads do not work, which writes do not say that they cannot, and what was touched."""
    before, found = print_of(book), []
    for words in (*READS, *MORE[:2]):
        told = as_nobody(book, *words)
        found += [f"{words}: {told}"] if told.code else []
    for words in (*WRITES, *MORE[2:]):
        told = as_nobody(book, *words)
        good = in_words(told) and "othing was written" in told.err
        found += [] if good else [f"{words}: {told}"]
    left = sorted(path.name for path in book.parent.iterdir())
    untouched = print_of(book) == before and left == ["book.db"]
    return found + ([] if untouched else [f"touched: {left}"])


def test_a_read_only_file_is_read_and_not_written(shared: Path) -> None:
    shared.chmod(0o400)
    assert faults(shared) == []


def test_a_read_only_folder_is_read_and_not_written(shared: Path) -> None:
    shared.parent.chmod(0o500)
    assert faults(shared) == []


def test_a_read_only_file_in_a_read_only_folder_is_read_and_not_written(shared: Path) -> None:
    shared.chmod(0o400)
    shared.parent.chmod(0o500)
    assert faults(shared) == []


@pytest.mark.long
def test_control_a_book_in_wal_mode_cannot_be_read_in_a_read_only_folder_as_any_other(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(shared)) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    shared.parent.chmod(0o500)
    assert faults(shared) == []
    monkeypatch.setattr(bookfile, "is_write_ahead", lambda _: False)
    assert any("people" in fault for fault in faults(shared))


@pytest.mark.long
def test_control_without_words_for_it_a_read_only_book_is_a_bug(shared: Path) -> None:
    shared.parent.chmod(0o500)
    with protections.nothing_in_words():
        assert any("bug" in fault for fault in faults(shared))


def test_a_book_that_may_not_be_read_is_said(shared: Path) -> None:
    shared.chmod(0o000)
    for words in (*READS, *WRITES):
        told = as_nobody(shared, *words)
        assert in_words(told), told.err


def test_a_folder_that_may_not_be_entered_is_said(shared: Path) -> None:
    shared.parent.chmod(0o000)
    for words in (*READS, *WRITES):
        told = as_nobody(shared, *words)
        assert in_words(told), told.err


def test_a_book_left_by_a_crash_in_a_read_only_folder_is_said(shared: Path) -> None:
    killed_in_a_commit(shared)
    if os.getuid() == 0:
        os.chown(shared.with_name("book.db-journal"), NOBODY, NOBODY)
    shared.parent.chmod(0o500)
    told = as_nobody(shared, "people")
    assert in_words(told), told.err
    assert "othing was written" not in told.err or "rights" in told.err


def test_settings_that_may_not_be_read_are_said(shared: Path) -> None:
    shared.with_name("config.toml").touch(0o000)
    told = as_nobody(shared, "note", "tea with Maya")
    assert in_words(told, 2), told


def test_a_place_where_no_book_can_be_is_said(shared: Path) -> None:
    shared.parent.chmod(0o500)
    told = as_nobody(shared.with_name("new.db"), "add", "Ada")
    assert in_words(told), told.err
