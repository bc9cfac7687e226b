"""A book in WAL mode, into which another program put it: nothing is lost, and no file is left next to it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kin.book import atomic_write, backup_files, connection
from tests.cli.test_restore import dump
from tests.conftest import Kin
from tests.durability.test_06_read_only import as_nobody, maya, shared
from tests.test_store import READS

__all__ = ["maya", "shared"]  # fixtures
SIDES = ("-wal", "-shm", "-journal")


def set_wal_mode(book: Path) -> None:
    """Put a database into WAL mode, with an empty log."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    assert atomic_write.has_wal_mode(book.read_bytes())


def copy_with_log(book: Path, to: Path) -> None:
    """Copy a book as after a killed program: its newest change is only in the log."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("UPDATE person SET name = 'Newest Name' WHERE handle = 'grace-h'")
        copies = [(f"{to}{tail}", Path(f"{book}{tail}").read_bytes()) for tail in ("", "-wal")]
    for path, data in copies:
        Path(path).touch(0o600)
        Path(path).write_bytes(data)


@contextmanager
def open_in_wal_mode(book: Path) -> Iterator[None]:
    """Let another program read the book in WAL mode."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM person").fetchone()
        yield


def side_files(folder: Path) -> list[str]:
    """Return the names of SQLite's files in a folder."""
    return [path.name for path in folder.iterdir() if path.name.endswith(SIDES)]


@pytest.mark.parametrize(
    "words", [*READS, ["doctor"], ["export"], ["history"], ["forget", "maya", "--dry-run"]]
)
def test_reading_leaves_no_files(words: list[str], met: Kin, book: Path) -> None:
    before = dump(book)
    set_wal_mode(book)
    result = met(*words)
    assert (result.code, "bug" in result.err) == (0, False), result.err
    assert side_files(book.parent) == []
    assert dump(book) == before


def test_changes_in_the_log_are_read(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "else.db"
    copy_with_log(book, copy)
    names = {each["name"] for each in met("people", "--json", "--db", str(copy)).json}
    assert "Newest Name" in names
    assert side_files(tmp_path) == []


def test_writing_ends_wal_mode(met: Kin, book: Path) -> None:
    set_wal_mode(book)
    assert met("note", "tea with Maya").code == 0
    assert not atomic_write.has_wal_mode(book.read_bytes())
    assert side_files(book.parent) == []


def test_completion_leaves_no_files(met: Kin, book: Path) -> None:
    set_wal_mode(book)
    met("__complete", "kin recall ")
    assert side_files(book.parent) == []


def test_a_book_that_another_program_has_open_is_reported(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.book.connection.READ_TIMEOUT", 0.1)
    with open_in_wal_mode(book):
        result = met("people")
        assert (result.code, result.err.count("\n")) == (5, 1)
        assert "WAL" in result.err and "Close that program" in result.err
    assert met("people").code == 0
    assert side_files(book.parent) == []


@pytest.mark.parametrize("log", [False, True], ids=["without a log", "with a log"])
def test_in_a_read_only_folder_it_is_read_or_refused(log: bool, shared: Path) -> None:
    if log:
        add_log(shared)
    else:
        set_wal_mode(shared)
    if os.getuid() == 0:
        for path in shared.parent.iterdir():
            os.chown(path, 65534, 65534)
    shared.parent.chmod(0o500)
    names = sorted(path.name for path in shared.parent.iterdir())
    result = as_nobody(shared, "people")
    if log:
        assert result.code == 5 and "book.db-wal" in result.err and "kin people --db" in result.err
    else:
        assert (result.code, "Maya" in result.out) == (0, True), result.err
    assert sorted(path.name for path in shared.parent.iterdir()) == names


def add_log(book: Path) -> None:
    """Leave a change in the log of the book."""
    copy = book.with_name("copy.db")
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("UPDATE person SET lives = 'Lisbon'")
        for tail in ("", "-wal"):
            shutil.copy(f"{book}{tail}", f"{copy}{tail}")
    for tail in ("", "-wal"):
        os.replace(f"{copy}{tail}", f"{book}{tail}")


# Backup and restore.


def test_a_backup_is_not_in_wal_mode(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "else.db"
    copy_with_log(book, copy)
    assert met("backup", "--db", str(copy), "--to", str(tmp_path / "safe.db")).code == 0
    assert not atomic_write.has_wal_mode((tmp_path / "safe.db").read_bytes())
    assert any("Newest Name" in line for line in dump(tmp_path / "safe.db"))
    assert side_files(tmp_path) == []


@pytest.mark.parametrize("lost", [False, True], ids=["over a book", "without a book"])
def test_a_restored_book_is_not_in_wal_mode(
    lost: bool, met: Kin, book: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "else.db"
    shutil.copy(book, copy)
    set_wal_mode(copy)
    if lost:
        book.unlink()
    assert met("restore", str(copy), "--yes").code == 0
    assert not atomic_write.has_wal_mode(book.read_bytes())
    assert side_files(tmp_path) == []
    assert len(met("people", "--json").json) == 5


def test_a_restore_never_loses_changes_in_the_log(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "my else.db"
    copy_with_log(book, copy)
    before = copy.read_bytes(), Path(f"{copy}-wal").read_bytes(), book.read_bytes()
    for more in ((), ("--yes",), ("--dry-run",)):
        result = met("restore", str(copy), *more)
        assert (result.code, result.err.count("\n"), "my else.db-wal" in result.err) == (5, 1, True)
    assert (copy.read_bytes(), Path(f"{copy}-wal").read_bytes(), book.read_bytes()) == before
    whole = tmp_path / "my else.db.whole.db"
    assert f"kin backup --db '{copy}' --to '{whole}'" in result.err
    assert met("backup", "--db", str(copy), "--to", str(whole)).code == 0
    assert met("restore", str(whole), "--yes").code == 0
    assert "Newest Name" in {each["name"] for each in met("people", "--json").json}


def test_a_file_with_a_journal_that_is_still_needed_is_refused(
    met: Kin, book: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "else.db"
    shutil.copy(book, copy)
    journal = tmp_path / "else.db-journal"
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(504))
    assert met("restore", str(copy), "--yes").code == 5
    journal.write_bytes(bytes(512))  # not needed any more: SQLite has wiped its first bytes
    assert met("restore", str(copy), "--yes").code == 0


def test_an_empty_log_does_not_matter(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "else.db"
    shutil.copy(book, copy)
    Path(f"{copy}-wal").touch()
    assert met("restore", str(copy), "--yes").code == 0


# Other things in place of SQLite's files.


@pytest.mark.parametrize("tail", SIDES)
@pytest.mark.parametrize("kind", ["a pipe", "a link", "a folder"])
def test_a_pipe_link_or_folder_in_place_of_a_side_file_is_refused(
    kind: str, tail: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    side = Path(f"{book}{tail}")
    if kind == "a pipe":
        os.mkfifo(side)
    elif kind == "a link":
        side.symlink_to(tmp_path / "elsewhere")
    else:
        side.mkdir()
    for words in (["people"], ["note", "tea"], ["doctor"], ["backup"]):
        result = met(*words)
        assert (result.code, "not a regular file" in result.out + result.err) == (5, True), result
    assert not (tmp_path / "elsewhere").exists()


def test_control_without_the_wal_check_reading_leaves_files(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_wal_mode(book)
    monkeypatch.setattr(connection, "is_in_wal_mode", lambda _: False)
    assert met("people").code == 0
    assert side_files(book.parent) != []


def test_control_without_the_log_check_its_changes_are_lost(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "else.db"
    copy_with_log(book, copy)
    monkeypatch.setattr(connection, "find_unmerged_changes", lambda _: None)
    assert met("restore", str(copy), "--yes").code == 0
    assert "Newest Name" not in {each["name"] for each in met("people", "--json").json}
    assert backup_files.list_backups(book)
