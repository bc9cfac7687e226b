"""Acceptance 6: a read-only book can be read, and a write fails with a plain error. Runs as user nobody, not as root."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import connection
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
    """Return a copy of the book that every user can reach; only root can enter the folder of the fixture."""
    if apart("--version", before=become_nobody).code:
        pytest.skip("permissions do not apply to root, and this root cannot become another user")
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    shutil.copy(book, folder / "book.db")
    if os.getuid() == 0:
        for path in (folder, folder / "book.db"):
            os.chown(path, NOBODY, NOBODY)
    for words in (*READS, *MORE, *WRITES, ["recall", "nobody"]):
        maya(*words)  # so that everything is imported: user nobody cannot read root's Python
    yield folder / "book.db"
    folder.chmod(0o700)
    shutil.rmtree(folder)


def become_nobody() -> None:
    """Become a user to whom permissions apply, if this is root."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def as_nobody(book: Path, *words: str) -> Result:
    """Run kin as a user to whom permissions apply."""

    def become() -> None:
        os.environ.update(KIN_DB=str(book), KIN_CONFIG=str(book.with_name("config.toml")))
        become_nobody()

    return apart(*words, before=become)


def find_faults(book: Path) -> list[str]:
    """Return the reads that fail, the writes that do not fail with a plain error, and what was changed."""
    before, faults = print_of(book), []
    for words in (*READS, *MORE[:2]):
        result = as_nobody(book, *words)
        faults += [f"{words}: {result}"] if result.code else []
    for words in (*WRITES, *MORE[2:]):
        result = as_nobody(book, *words)
        is_plain = in_words(result) and "othing was written" in result.err
        faults += [] if is_plain else [f"{words}: {result}"]
    left = sorted(path.name for path in book.parent.iterdir())
    is_unchanged = print_of(book) == before and left == ["book.db"]
    return faults + ([] if is_unchanged else [f"changed: {left}"])


def test_a_read_only_file_is_read_and_not_written(shared: Path) -> None:
    shared.chmod(0o400)
    assert find_faults(shared) == []


def test_a_read_only_folder_is_read_and_not_written(shared: Path) -> None:
    shared.parent.chmod(0o500)
    assert find_faults(shared) == []


def test_a_read_only_file_in_a_read_only_folder_is_read_and_not_written(shared: Path) -> None:
    shared.chmod(0o400)
    shared.parent.chmod(0o500)
    assert find_faults(shared) == []


@pytest.mark.long
def test_control_a_book_in_wal_mode_cannot_be_read_normally_in_a_read_only_folder(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(shared)) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    shared.parent.chmod(0o500)
    assert find_faults(shared) == []
    monkeypatch.setattr(connection, "is_in_wal_mode", lambda _: False)
    assert any("people" in fault for fault in find_faults(shared))


@pytest.mark.long
def test_control_without_error_translation_a_read_only_book_is_a_bug(shared: Path) -> None:
    shared.parent.chmod(0o500)
    with protections.skip_error_translation():
        assert any("bug" in fault for fault in find_faults(shared))


def test_an_unreadable_book_is_reported(shared: Path) -> None:
    shared.chmod(0o000)
    for words in (*READS, *WRITES):
        result = as_nobody(shared, *words)
        assert in_words(result), result.err


def test_an_unreadable_folder_is_reported(shared: Path) -> None:
    shared.parent.chmod(0o000)
    for words in (*READS, *WRITES):
        result = as_nobody(shared, *words)
        assert in_words(result), result.err


def test_a_crashed_book_in_a_read_only_folder_is_reported(shared: Path) -> None:
    killed_in_a_commit(shared)
    if os.getuid() == 0:
        os.chown(shared.with_name("book.db-journal"), NOBODY, NOBODY)
    shared.parent.chmod(0o500)
    result = as_nobody(shared, "people")
    assert in_words(result), result.err
    assert "othing was written" not in result.err or "permissions" in result.err


def test_unreadable_settings_are_reported(shared: Path) -> None:
    shared.with_name("config.toml").touch(0o000)
    result = as_nobody(shared, "note", "tea with Maya")
    assert in_words(result, 2), result


def test_a_folder_where_no_book_can_be_created_is_reported(shared: Path) -> None:
    shared.parent.chmod(0o500)
    result = as_nobody(shared.with_name("new.db"), "add", "Ada")
    assert in_words(result), result.err
