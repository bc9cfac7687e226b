"""Backing up on request, next to the book or elsewhere; and what forgetting does to backups."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import backup_files, schema, verified_copy
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.test_architecture import ORM, modules_after


def test_a_backup_says_how_much_it_holds_and_where(met: Kin, book: Path) -> None:
    result = met("backup")
    made = backup_files.get_backup_folder(book) / "2026-11-23-1-manual.db"
    assert (result.code, result.err) == (0, "")
    assert result.out == f"Backed up 5 people and 2 notes to {made}.\n"
    assert verified_copy.verify_copy(made, schema.NEWEST_VERSION)


def test_a_backup_can_go_anywhere(met: Kin, tmp_path: Path) -> None:
    result = met("backup", "--to", str(tmp_path / "stick.db"), "--json").json
    assert result["path"] == str(tmp_path / "stick.db")
    assert result["sha256"] == (tmp_path / "stick.db.sha256").read_text().split()[0]
    assert stat.S_IMODE((tmp_path / "stick.db").stat().st_mode) == 0o600
    assert not (tmp_path / "backups").exists()


def test_in_a_folder_it_is_named_after_book_and_day(met: Kin, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert met("backup", "--to", str(stick)).code == 0
    assert sorted(os.listdir(stick)) == ["book-2026-11-23.db", "book-2026-11-23.db.sha256"]


def test_nothing_is_overwritten_and_never_the_book(met: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    before = book.read_bytes()
    (tmp_path / "link").symlink_to(book)
    for to, code in (("mine", 1), ("book.db", 2), ("link", 2), ("nowhere/x.db", 5)):
        result = met("backup", "--to", str(tmp_path / to))
        assert (to, result.code, result.err.count("\n")) == (to, code, 1), result.err
    assert (tmp_path / "mine").read_text() == "mine"
    assert book.read_bytes() == before


def test_without_a_book_there_is_nothing_to_back_up(kin: Kin, tmp_path: Path) -> None:
    result = kin("backup")
    assert (result.code, result.err.count("\n")) == (5, 1)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("held", [b"", b"once upon a time" * 100])
def test_what_is_not_a_book_is_not_backed_up(
    held: bytes, kin: Kin, book: Path, tmp_path: Path
) -> None:
    book.write_bytes(held)
    assert kin("backup").code == 5
    assert (book.read_bytes(), os.listdir(tmp_path)) == (held, ["book.db"])


@pytest.mark.usefixtures("ahead")
def test_an_older_book_is_backed_up_as_it_is(kin: Kin, book: Path) -> None:
    old = old_book().read_bytes()
    book.write_bytes(old)
    assert kin("backup").code == 0
    assert book.read_bytes() == old


@pytest.mark.parametrize(
    "words", [["backup"], ["restore"], ["restore", "2026-11-23", "--yes"], ["doctor"]]
)
def test_none_of_these_needs_the_orm(words: list[str], met: Kin) -> None:
    met("backup")
    assert not modules_after(words) & ORM


# Forgetting.

SENTINELS = (b"Quillfeather", b"Kryptonote", b"xq@plumette.example")


@pytest.fixture
def known(met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch) -> Kin:
    """Return kin with someone in the book, and in a backup of every kind."""
    met("add", "Xavierine Quillfeather", "--email", "xq@plumette.example")
    met("note", "yesterday: Xavierine spoke of Kryptonote")
    met("backup")
    met("merge", "tom-b", "tom-k")
    met("restore", "2026-11-23-1-manual", "--yes")
    monkeypatch.setenv("KIN_NOW", "2026-11-25")
    met("note", "tea with Maya")
    folder = backup_files.get_backup_folder(book)
    (folder / ".2026-11-25-9-daily.db.0a0a.part").write_bytes(book.read_bytes())
    (folder / "2026-11-24-1-damaged.db").write_bytes(book.read_bytes()[:-100])
    (folder / "2026-11-24-1-damaged.db-journal").write_bytes(book.read_bytes())
    return met


def list_traces(folder: Path) -> list[str]:
    """Return the files in a folder that still have a word of hers."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word in path.read_bytes() for word in SENTINELS)]


def test_forgetting_renews_the_backups(known: Kin, book: Path, tmp_path: Path) -> None:
    assert len(list_traces(tmp_path)) == 8
    assert known("forget", "xavierine", "--yes").code == 0
    assert list_traces(tmp_path) == []
    assert sorted(os.listdir(backup_files.get_backup_folder(book))) == [
        "2026-11-25-1-daily.db",
        "2026-11-25-1-daily.db.sha256",
    ]
    with verified_copy.open_copy(
        backup_files.get_backup_folder(book) / "2026-11-25-1-daily.db"
    ) as db:
        assert db.execute("SELECT count(*) FROM person").fetchone() == (6,)


def test_the_backups_of_another_book_stay(known: Kin, book: Path) -> None:
    other = book.with_name("other.db")
    known("add", "Ada", "--db", str(other))
    known("backup", "--db", str(other))
    known("forget", "xavierine", "--yes")
    assert len(backup_files.list_backups(other)) == 1


def test_where_no_new_backup_can_be_made_that_is_reported(
    known: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(verified_copy, "_sync_and_hash", full)
    result = known("forget", "xavierine", "--yes")
    assert result.out == "Xavierine Quillfeather is forgotten.\n"
    assert (result.code, result.err.count("\n")) == (5, 1)
    assert "No space left" in result.err
    assert list_traces(tmp_path) == []  # the old ones are deleted nevertheless


def test_where_old_ones_cannot_be_deleted_that_is_reported(
    known: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(backup_files, "delete_backup", refuse)
    result = known("forget", "xavierine", "--yes")
    assert (result.code, "Permission denied" in result.err) == (5, True)
    assert str(backup_files.get_backup_folder(book)) in result.err
    with closing(sqlite3.connect(book)) as db:
        found = db.execute("SELECT count(*) FROM person WHERE name LIKE 'Xav%'").fetchone()
    assert found == (0,)


def test_a_missing_folder_is_not_taken_for_a_file(met: Kin, tmp_path: Path) -> None:
    result = met("backup", "--to", f"{tmp_path}/stick/")
    assert result.code == 1 and "There is no folder" in result.err
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("tail", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("command", ["backup", "export"])
def test_a_name_that_sqlite_uses_itself_is_refused(
    command: str, tail: str, met: Kin, book: Path
) -> None:
    for name in (f"{book.name}{tail}", f"other.db{tail}"):
        result = met(command, "--to", str(book.with_name(name)))
        assert (result.code, result.err.count("\n"), book.with_name(name).exists()) == (2, 1, False)
