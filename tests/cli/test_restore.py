"""Going back to a backup: shown before, exact after, and undone by the same command."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import backup_files, connection, verified_copy
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.terminal import on_terminal
from tests.test_store import CHANGES, killed_in_a_commit, locked, whole

KEPT = "2026-11-23-1-manual"


def dump(book: Path) -> list[str]:
    """Return everything in a book."""
    with closing(sqlite3.connect(book)) as db:
        return list(db.iterdump())


def names(kin: Kin) -> list[str]:
    """Return the names of all people."""
    return [each["name"] for each in kin("people", "--json").json]


@pytest.fixture
def kept(met: Kin) -> Kin:
    """Return kin with a backup, after which Ada was added."""
    met("backup")
    met("add", "Ada Lovelace")
    met("note", "tea with Ada")
    return met


# The list.


def test_the_list_has_the_newest_first(kept: Kin) -> None:
    kept("merge", "tom-b", "tom-k")
    result = kept("restore")
    assert [row.split("\t")[:2] for row in result.out.splitlines()] == [
        ["2026-11-23-2-merge", "before a merge"],
        ["2026-11-23-1-manual", "made by you"],
    ]
    assert result.err == "Go back to one: kin restore 2026-11-23-2-merge\n"


def test_without_any_it_says_how_to_make_one(met: Kin) -> None:
    result = met("restore")
    assert (result.code, result.out) == (0, "")
    assert "kin backup" in result.err
    assert met("restore", "--json").json == []


def test_what_would_change_is_shown_and_nothing_done(kept: Kin, book: Path) -> None:
    before = book.read_bytes()
    result = kept("restore", KEPT, "--dry-run")
    assert result.out == (
        "2026-11-23-1-manual\n"
        "  now       6 people, 3 notes, the last on Mon 23 Nov 2026\n"
        "  backup    5 people, 2 notes, the last on Fri 20 Nov 2026\n"
        "  gone      Ada Lovelace\n"
    )
    found = kept("restore", KEPT, "--dry-run", "--json").json
    assert found["saved_as"] is None
    assert found["removed_people"] == [{"handle": "ada-l", "name": "Ada Lovelace"}]
    assert (book.read_bytes(), len(backup_files.list_backups(book))) == (before, 1)


# Back, and forth again.


def test_the_book_is_as_it_was_and_that_can_be_undone(kept: Kin, book: Path) -> None:
    with_ada = dump(book)
    result = kept("restore", KEPT, "--yes")
    assert result.code == 0
    assert result.err == "Undo it: kin restore 2026-11-23-2-restore\n"
    assert "Ada Lovelace" not in names(kept)
    with verified_copy.open_copy(backup_files.get_backup_folder(book) / f"{KEPT}.db") as then:
        assert dump(book) == list(then.iterdump())
    words = result.err.split("kin ")[1].split()
    assert kept(*words, "--yes").code == 0
    assert dump(book) == with_ada


@pytest.mark.parametrize("named", [KEPT, f"{KEPT}.db", "2026-11-23"])
def test_a_backup_goes_by_name_file_or_day(named: str, kept: Kin) -> None:
    assert kept("restore", named, "--yes").code == 0
    assert "Ada Lovelace" not in names(kept)


def test_a_day_with_several_is_a_question(kept: Kin) -> None:
    kept("backup")
    result = kept("restore", "2026-11-23", "--yes", "--json")
    assert result.code == 4
    assert result.error["candidates"] == ["2026-11-23-2-manual", "2026-11-23-1-manual"]


def test_a_backup_can_be_any_file(kept: Kin, book: Path, tmp_path: Path) -> None:
    kept("backup", "--to", str(tmp_path / "stick.db"))
    kept("add", "Bea")
    assert kept("restore", str(tmp_path / "stick.db"), "--yes").code == 0
    assert "Bea" not in names(kept) and "Ada Lovelace" in names(kept)


def test_the_book_is_not_a_backup_of_itself(kept: Kin, book: Path) -> None:
    assert kept("restore", str(book), "--yes").code == 2
    assert kept("restore", "nowhere", "--yes").code == 3


def test_it_asks_and_takes_no_for_an_answer(kept: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert kept("restore", KEPT).code == 2  # there is no one to ask
    seen = on_terminal(["restore", KEPT], [("Replace the book with 2026-11-23-1-manual?", "n")])
    assert (seen.code, "Nothing was restored." in seen.screen) == (0, True)
    assert "Ada Lovelace" in seen.screen
    assert on_terminal(["restore"], [("Which one?", "")]).code == 0
    assert book.read_bytes() == before
    seen = on_terminal(["restore"], [("Which one?", "1"), ("Replace the book", "y")])
    assert seen.code == 0
    assert "Ada Lovelace" not in names(kept)


def test_the_last_of_its_kind_is_not_thrown_away_while_it_is_restored(
    kept: Kin, book: Path
) -> None:
    for _ in range(4):
        kept("restore", KEPT, "--yes")
    oldest = backup_files.list_backups(book)[-2].name
    assert oldest == "2026-11-23-2-restore"
    assert kept("restore", oldest, "--yes").code == 0
    assert "Ada Lovelace" in names(kept)
    assert oldest in [each.name for each in backup_files.list_backups(book)]


# Stale and damaged files.


@pytest.mark.parametrize("tail", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("owner", ["the book", "the backup"])
def test_stale_side_files_change_nothing(
    owner: str, tail: str, kept: Kin, book: Path, tmp_path: Path
) -> None:
    then = dump_of_backup(book)
    source = backup_files.get_backup_folder(book) / f"{KEPT}.db"
    stale = {"-journal": _a_journal, "-wal": _a_wal, "-shm": _a_wal}[tail](tmp_path, book, tail)
    shutil.copy(stale, f"{book if owner == 'the book' else source}{tail}")
    assert kept("restore", KEPT, "--yes").code == 0
    assert dump(book) == then
    assert whole(book)


def dump_of_backup(book: Path) -> list[str]:
    """Return everything in the backup."""
    with verified_copy.open_copy(backup_files.get_backup_folder(book) / f"{KEPT}.db") as then:
        return list(then.iterdump())


def _a_journal(folder: Path, book: Path, tail: str) -> Path:
    other = folder / "other.db"
    shutil.copy(book, other)
    killed_in_a_commit(other, (CHANGES[0],))
    return other.with_name("other.db-journal")


def _a_wal(folder: Path, book: Path, tail: str) -> Path:
    other = folder / "other.db"
    shutil.copy(book, other)
    with closing(sqlite3.connect(other, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("UPDATE person SET name = 'Eve'")
        shutil.copy(f"{other}{tail}", folder / f"stale{tail}")
    return folder / f"stale{tail}"


def test_a_book_that_a_crash_left_is_kept_whole_before(kept: Kin, book: Path) -> None:
    everyone = names(kept)
    killed_in_a_commit(book, (CHANGES[0],))
    assert kept("restore", KEPT, "--yes").code == 0
    assert kept("restore", "2026-11-23-2-restore", "--yes").code == 0
    assert names(kept) == everyone


@pytest.mark.parametrize(
    "damage",
    [
        lambda book: book.write_text("once upon a time"),
        lambda book: book.write_bytes(book.read_bytes()[:10_000]),
        lambda book: book.write_bytes(book.read_bytes()[:8192] + os.urandom(90_000)),
    ],
    ids=["a text", "cut", "torn"],
)
def test_a_damaged_book_is_moved_aside(
    damage: Callable[[Path], object], kept: Kin, book: Path
) -> None:
    then = dump_of_backup(book)
    damage(book)
    damaged = book.read_bytes()
    result = kept("restore", KEPT, "--yes")
    assert result.code == 0
    assert "2026-11-23-2-damaged" in result.out
    assert (
        backup_files.get_backup_folder(book) / "2026-11-23-2-damaged.db"
    ).read_bytes() == damaged
    assert dump(book) == then
    assert book.stat().st_mode & 0o777 == 0o600
    assert kept("restore").err == f"Go back to one: kin restore {KEPT}\n"
    assert kept("restore", "2026-11-23", "--yes").code == 0
    assert kept("restore", "2026-11-23-2-damaged", "--yes").code == 5


@pytest.mark.parametrize("gone", [True, False], ids=["no book", "an empty one"])
def test_where_there_is_no_book_it_comes_back(gone: bool, kept: Kin, book: Path) -> None:
    then = dump_of_backup(book)
    book.unlink()
    if not gone:
        book.touch()
    result = kept("restore", KEPT, "--yes", "--json")
    assert (result.code, result.json["saved_as"]) == (0, None)
    assert dump(book) == then


@pytest.mark.usefixtures("ahead")
def test_an_older_backup_comes_to_the_newest_schema(kept: Kin, tmp_path: Path) -> None:
    shutil.copy(old_book(), tmp_path / "old.db")
    result = kept("restore", str(tmp_path / "old.db"), "--yes", "--json")
    assert (result.code, result.json["migrated"]) == (0, True)
    assert "小林 さくら" in names(kept)
    assert (tmp_path / "old.db").read_bytes() == old_book().read_bytes()


# What is refused.


def test_a_spoiled_backup_is_refused_before_anything_is_touched(kept: Kin, book: Path) -> None:
    source = backup_files.get_backup_folder(book) / f"{KEPT}.db"
    source.write_bytes(source.read_bytes().replace(b"Blue Door", b"Blue Boor"))
    before = book.read_bytes(), source.read_bytes(), sorted(os.listdir(source.parent))
    for more in ([], ["--yes"], ["--dry-run"]):
        result = kept("restore", KEPT, *more)
        assert (result.code, "SHA-256" in result.err) == (5, True)
    assert (book.read_bytes(), source.read_bytes(), sorted(os.listdir(source.parent))) == before


@pytest.mark.parametrize("pragma", ["user_version = 99", "application_id = 7"])
@pytest.mark.parametrize("which", ["the book", "the backup"])
def test_what_is_newer_or_not_kins_is_refused(
    which: str, pragma: str, kept: Kin, book: Path, tmp_path: Path
) -> None:
    kept("backup", "--to", str(tmp_path / "copy.db"))
    (tmp_path / "copy.db.sha256").unlink()
    with closing(sqlite3.connect(book if which == "the book" else tmp_path / "copy.db")) as db:
        db.execute(f"PRAGMA {pragma}")
    before = book.read_bytes()
    assert kept("restore", str(tmp_path / "copy.db"), "--yes").code == 5
    assert (book.read_bytes(), len(backup_files.list_backups(book))) == (before, 1)


def test_without_room_to_keep_the_book_nothing_is_restored(
    kept: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(verified_copy, "_sync_and_hash", full)
    before = book.read_bytes()
    assert kept("restore", KEPT, "--yes").code == 5
    assert book.read_bytes() == before


def test_a_book_that_another_program_has_locked_is_not_restored(
    kept: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WRITE_TIMEOUT", 0.2)
    before = book.read_bytes()
    with locked(book, "IMMEDIATE"):
        result = kept("restore", KEPT, "--yes")
    assert (result.code, "using the book" in result.err) == (5, True)
    assert book.read_bytes() == before
