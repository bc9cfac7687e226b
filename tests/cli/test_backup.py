"""Backing up on request: beside the book, or where its owner says; and what forgetting does to backups."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import backup_files as backups, migrations, verified_copy as snapshot
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.test_architecture import ORM, modules_after


def test_a_backup_says_what_is_safe_and_where(met: Kin, book: Path) -> None:
    told = met("backup")
    made = backups.folder_of(book) / "2026-11-23-1-hand.db"
    assert (told.code, told.err) == (0, "")
    assert told.out == f"5 people and 2 conversations are safe at {made}.\n"
    assert snapshot.proven(made, migrations.NEWEST)


def test_one_can_be_put_anywhere(met: Kin, tmp_path: Path) -> None:
    told = met("backup", "--to", str(tmp_path / "stick.db"), "--json").json
    assert told["path"] == str(tmp_path / "stick.db")
    assert told["sha256"] == (tmp_path / "stick.db.sha256").read_text().split()[0]
    assert stat.S_IMODE((tmp_path / "stick.db").stat().st_mode) == 0o600
    assert not (tmp_path / "backups").exists()


def test_into_a_folder_it_is_called_for_book_and_day(met: Kin, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert met("backup", "--to", str(stick)).code == 0
    assert sorted(os.listdir(stick)) == ["book-2026-11-23.db", "book-2026-11-23.db.sha256"]


def test_nothing_is_overwritten_and_never_the_book(met: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    before = book.read_bytes()
    (tmp_path / "link").symlink_to(book)
    for to, code in (("mine", 1), ("book.db", 2), ("link", 2), ("nowhere/x.db", 5)):
        told = met("backup", "--to", str(tmp_path / to))
        assert (to, told.code, told.err.count("\n")) == (to, code, 1), told.err
    assert (tmp_path / "mine").read_text() == "mine"
    assert book.read_bytes() == before


def test_without_a_book_there_is_nothing_to_back_up(kin: Kin, tmp_path: Path) -> None:
    told = kin("backup")
    assert (told.code, told.err.count("\n")) == (5, 1)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("held", [b"", b"once upon a time" * 100])
def test_what_is_no_book_is_not_backed_up(
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
    """Return kin with somebody in the book, and in a backup of every kind."""
    met("add", "Xavierine Quillfeather", "--email", "xq@plumette.example")
    met("note", "yesterday: Xavierine told of Kryptonote")
    met("backup")
    met("merge", "tom-b", "tom-k")
    met("restore", "2026-11-23-1-hand", "--yes")
    monkeypatch.setenv("KIN_NOW", "2026-11-25")
    met("note", "tea with Maya")
    folder = backups.folder_of(book)
    (folder / ".2026-11-25-9-daily.db.0a0a.part").write_bytes(book.read_bytes())
    (folder / "2026-11-24-1-damaged.db").write_bytes(book.read_bytes()[:-100])
    (folder / "2026-11-24-1-damaged.db-journal").write_bytes(book.read_bytes())
    return met


def left(folder: Path) -> list[str]:
    """Return which files below a folder hold a word of hers."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word in path.read_bytes() for word in SENTINELS)]


def test_forgetting_renews_the_backups(known: Kin, book: Path, tmp_path: Path) -> None:
    assert len(left(tmp_path)) == 8
    assert known("forget", "xavierine", "--yes").code == 0
    assert left(tmp_path) == []
    assert sorted(os.listdir(backups.folder_of(book))) == [
        "2026-11-25-1-daily.db",
        "2026-11-25-1-daily.db.sha256",
    ]
    with snapshot.opened(backups.folder_of(book) / "2026-11-25-1-daily.db") as db:
        assert db.execute("SELECT count(*) FROM person").fetchone() == (6,)


def test_another_books_backups_are_let_be(known: Kin, book: Path) -> None:
    other = book.with_name("other.db")
    known("add", "Ada", "--db", str(other))
    known("backup", "--db", str(other))
    known("forget", "xavierine", "--yes")
    assert len(backups.listed(other)) == 1


def test_where_no_fresh_one_can_be_made_it_is_said(
    known: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "_on_disk", full)
    told = known("forget", "xavierine", "--yes")
    assert told.out == "Xavierine Quillfeather is forgotten.\n"
    assert (told.code, told.err.count("\n")) == (5, 1)
    assert "No space left" in told.err
    assert left(tmp_path) == []  # what was there is gone nevertheless


def test_where_old_ones_cannot_be_removed_it_is_said(
    known: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(backups, "remove", refuse)
    told = known("forget", "xavierine", "--yes")
    assert (told.code, "Permission denied" in told.err) == (5, True)
    assert str(backups.folder_of(book)) in told.err
    with closing(sqlite3.connect(book)) as db:
        found = db.execute("SELECT count(*) FROM person WHERE name LIKE 'Xav%'").fetchone()
    assert found == (0,)


def test_a_folder_that_is_not_there_is_no_file(met: Kin, tmp_path: Path) -> None:
    told = met("backup", "--to", f"{tmp_path}/stick/")
    assert told.code == 1 and "There is no folder" in told.err
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("tail", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("command", ["backup", "export"])
def test_a_name_that_sqlite_would_take_for_its_own_is_refused(
    command: str, tail: str, met: Kin, book: Path
) -> None:
    for name in (f"{book.name}{tail}", f"other.db{tail}"):
        told = met(command, "--to", str(book.with_name(name)))
        assert (told.code, told.err.count("\n"), book.with_name(name).exists()) == (2, 1, False)
