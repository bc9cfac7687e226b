"""A book that another program has put into WAL mode: read and written with nothing lost, and nothing left next to it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kin.book import backup_files as backups, file_checks as bookfile, file_header as bookheader
from tests.cli.test_restore import dump
from tests.conftest import Kin
from tests.durability.test_06_read_only import as_nobody, maya, shared
from tests.test_store import READS

__all__ = ["maya", "shared"]  # fixtures
SIDES = ("-wal", "-shm", "-journal")


def into_wal(book: Path) -> None:
    """Put a database into WAL mode, and leave it whole."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    assert bookheader.is_write_ahead(book.read_bytes())


def with_a_log(book: Path, to: Path) -> None:
    """Copy a book as a program left it that was killed: its newest change is only in the log."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("UPDATE person SET name = 'Newest Name' WHERE handle = 'grace-h'")
        copies = [(f"{to}{tail}", Path(f"{book}{tail}").read_bytes()) for tail in ("", "-wal")]
    for path, data in copies:
        Path(path).touch(0o600)
        Path(path).write_bytes(data)


@contextmanager
def held_open(book: Path) -> Iterator[None]:
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
def test_reading_leaves_nothing_behind(words: list[str], met: Kin, book: Path) -> None:
    before = dump(book)
    into_wal(book)
    told = met(*words)
    assert (told.code, "bug" in told.err) == (0, False), told.err
    assert side_files(book.parent) == []
    assert dump(book) == before


def test_what_is_only_in_the_log_is_read(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "else.db"
    with_a_log(book, copy)
    names = {each["name"] for each in met("people", "--json", "--db", str(copy)).json}
    assert "Newest Name" in names
    assert side_files(tmp_path) == []


def test_writing_takes_it_out_of_that_mode(met: Kin, book: Path) -> None:
    into_wal(book)
    assert met("note", "tea with Maya").code == 0
    assert not bookheader.is_write_ahead(book.read_bytes())
    assert side_files(book.parent) == []


def test_completing_leaves_nothing_behind(met: Kin, book: Path) -> None:
    into_wal(book)
    met("__complete", "kin recall ")
    assert side_files(book.parent) == []


def test_a_book_that_another_program_has_open_is_said(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.book.connection.READ_PATIENCE", 0.1)
    with held_open(book):
        told = met("people")
        assert (told.code, told.err.count("\n")) == (5, 1)
        assert "WAL" in told.err and "Close that program" in told.err
    assert met("people").code == 0
    assert side_files(book.parent) == []


@pytest.mark.parametrize("log", [False, True], ids=["whole", "with a log"])
def test_in_a_read_only_folder_it_is_read_or_said(log: bool, shared: Path) -> None:
    if log:
        with_a_log_of_maya(shared)
    else:
        into_wal(shared)
    if os.getuid() == 0:
        for path in shared.parent.iterdir():
            os.chown(path, 65534, 65534)
    shared.parent.chmod(0o500)
    names = sorted(path.name for path in shared.parent.iterdir())
    told = as_nobody(shared, "people")
    if log:
        assert told.code == 5 and "book.db-wal" in told.err and "kin people --db" in told.err
    else:
        assert (told.code, "Maya" in told.out) == (0, True), told.err
    assert sorted(path.name for path in shared.parent.iterdir()) == names


def with_a_log_of_maya(book: Path) -> None:
    """Leave a change in the log of the book itself."""
    copy = book.with_name("copy.db")
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("UPDATE person SET lives = 'Lisbon'")
        for tail in ("", "-wal"):
            shutil.copy(f"{book}{tail}", f"{copy}{tail}")
    for tail in ("", "-wal"):
        os.replace(f"{copy}{tail}", f"{book}{tail}")


# Backup and restore.


def test_a_backup_of_it_is_in_no_such_mode(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "else.db"
    with_a_log(book, copy)
    assert met("backup", "--db", str(copy), "--to", str(tmp_path / "safe.db")).code == 0
    assert not bookheader.is_write_ahead((tmp_path / "safe.db").read_bytes())
    assert any("Newest Name" in line for line in dump(tmp_path / "safe.db"))
    assert side_files(tmp_path) == []


@pytest.mark.parametrize("lost", [False, True], ids=["over a book", "where there is none"])
def test_a_restored_book_is_in_no_such_mode(
    lost: bool, met: Kin, book: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "else.db"
    shutil.copy(book, copy)
    into_wal(copy)
    if lost:
        book.unlink()
    assert met("restore", str(copy), "--yes").code == 0
    assert not bookheader.is_write_ahead(book.read_bytes())
    assert side_files(tmp_path) == []
    assert len(met("people", "--json").json) == 5


def test_a_restore_never_loses_what_is_in_the_log(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "my else.db"
    with_a_log(book, copy)
    before = copy.read_bytes(), Path(f"{copy}-wal").read_bytes(), book.read_bytes()
    for more in ((), ("--yes",), ("--dry-run",)):
        told = met("restore", str(copy), *more)
        assert (told.code, told.err.count("\n"), "my else.db-wal" in told.err) == (5, 1, True)
    assert (copy.read_bytes(), Path(f"{copy}-wal").read_bytes(), book.read_bytes()) == before
    whole = tmp_path / "my else.db.whole.db"
    assert f"kin backup --db '{copy}' --to '{whole}'" in told.err
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
    journal.write_bytes(bytes(512))  # done with: SQLite has wiped its first bytes
    assert met("restore", str(copy), "--yes").code == 0


def test_an_empty_log_is_no_change(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "else.db"
    shutil.copy(book, copy)
    Path(f"{copy}-wal").touch()
    assert met("restore", str(copy), "--yes").code == 0


# What is in the place of SQLite's files.


@pytest.mark.parametrize("tail", SIDES)
@pytest.mark.parametrize("kind", ["a pipe", "a link", "a folder"])
def test_what_is_no_file_in_the_place_of_sqlites_is_refused(
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
        told = met(*words)
        assert (told.code, "not a regular file" in told.out + told.err) == (5, True), told
    assert not (tmp_path / "elsewhere").exists()


def test_control_read_as_any_other_it_leaves_files_behind(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into_wal(book)
    monkeypatch.setattr(bookfile, "is_write_ahead", lambda _: False)
    assert met("people").code == 0
    assert side_files(book.parent) != []


def test_control_without_the_look_the_log_is_lost(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "else.db"
    with_a_log(book, copy)
    monkeypatch.setattr(bookfile, "unmerged", lambda _: None)
    assert met("restore", str(copy), "--yes").code == 0
    assert "Newest Name" not in {each["name"] for each in met("people", "--json").json}
    assert backups.listed(book)
