"""The doctor finds what is wrong, fixes what is safe, says what to do about the rest, and changes nothing unasked."""

import hashlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from kin.book import backup_files
from tests.conftest import Kin
from tests.durability.test_06_read_only import NOBODY, as_nobody
from tests.older import ahead as ahead, old_book
from tests.test_store import CHANGES, killed_in_a_commit

FIXTURES = Path(__file__).parent.parent / "fixtures"


def states(kin: Kin, *more: str) -> dict[str, str]:
    """Return the state of each check that is not fine."""
    result = kin("doctor", "--json", *more)
    found = {each["check"]: each["state"] for each in result.json["checks"]}
    assert result.code == (5 if "wrong" in found.values() else 0)
    assert result.err == ""
    return {check: state for check, state in found.items() if state != "fine"}


def fingerprint(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Return hash, time and mode of every file in a folder."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def well(met: Kin, book: Path) -> Kin:
    """Return kin with a healthy book, and a backup."""
    book.parent.chmod(0o700)
    met("backup")
    return met


def change(book: Path, *statements: str) -> None:
    """Change the book as another program would."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            db.execute(statement)


# A healthy book.


def test_a_healthy_book_is_reported_as_fine(well: Kin, tmp_path: Path) -> None:
    before = fingerprint(tmp_path)
    assert states(well) == {}
    assert states(well, "--fix") == {}
    result = well("doctor")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[0] == str(tmp_path / "book.db")
    assert "  fine      1 backup, the last from 2026-11-23, unchanged." in result.out
    assert fingerprint(tmp_path) == before


def test_the_book_stays_healthy_whatever_is_done(well: Kin, book: Path) -> None:
    for words in (
        ["import", str(FIXTURES / "people.csv")], ["import", str(FIXTURES / "friends.md")],
        ["edit", "maya", "--name", "Maya Becker", "--nick", "Em", "--not-into", "fado"], ["merge", "tom-b", "tom-k"],
        ["vocab", "under", "pottery", "clay"], ["undo", "3"], ["redo", "2"], ["note", "Zoë and Maya: #fado ?why"],
        ["forget", "grace", "--yes"], ["add", "小林 さくら"], ["edit", "zoe", "--name", "Zed"],
    ):  # fmt: skip
        assert well(*words).code == 0, words
        assert states(well) == {}, words


@pytest.mark.usefixtures("ahead")
def test_a_migrated_book_is_healthy(kin: Kin, book: Path) -> None:
    book.parent.chmod(0o700)
    shutil.copy(old_book(), book)
    book.chmod(0o600)
    assert states(kin) == {"schema": "advice", "backups": "advice"}
    assert kin("people").code == 0
    assert states(kin) == {}


# What is wrong inside.


class Fault(NamedTuple):
    """The check that finds a fault, and the statements that cause it."""

    check: str
    statements: tuple[str, ...]


FAULTS = (
    Fault("search", ("INSERT INTO search(search) VALUES ('delete-all')",)),
    Fault("search", ("DROP TRIGGER note_search_update",)),
    Fault("search", ("DROP TRIGGER question_search_insert", "UPDATE search_data SET block = x'00' WHERE id > 10")),
    Fault("search", ("DROP TABLE search",)),
    Fault("interests", ("DELETE FROM interest_name WHERE source = 'shipped'",)),
    Fault("interests", ("DELETE FROM interest_broader",)),
    Fault("names", ("DELETE FROM name_word WHERE word = 'becker'",)),
    Fault("names", ("INSERT INTO name_word (word, person_id) VALUES ('nobody', 2)",)),
    Fault("history", ("DROP TRIGGER person_undo_update",)),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.statements[0][:40])
def test_what_is_wrong_inside_is_found_and_fixed(fault: Fault, well: Kin, book: Path) -> None:
    change(book, *fault.statements)
    before = fingerprint(book.parent)
    assert states(well) == {fault.check: "wrong"}
    assert fingerprint(book.parent) == before
    assert states(well, "--fix") == {fault.check: "fixed"}
    assert states(well) == {}
    assert well("find", "kiln", "--json").json and well("recall", "tom becker").code == 0
    assert well("edit", "tom-b", "--lives", "Leeds").code == 0
    assert well("undo").code == 0


def test_a_broken_reference_is_reported_and_not_fixed(well: Kin, book: Path) -> None:
    change(book, "PRAGMA foreign_keys = OFF", "UPDATE tie SET b_id = 999")
    before = book.read_bytes()
    assert states(well, "--fix") == {"integrity": "wrong"}
    assert "kin restore" in well("doctor").out
    assert book.read_bytes() == before


# A file that is not a book, is damaged, or newer.


def _torn(book: Path) -> None:
    held = bytearray(book.read_bytes())
    held[8192:60000] = bytes(51808)
    book.write_bytes(held)


DAMAGES: tuple[Callable[[Path], object], ...] = (
    lambda book: book.write_text("once upon a time"),
    lambda book: book.write_bytes(b"PK\3\4" + bytes(3000)),
    lambda book: os.truncate(book, 10_000),
    lambda book: change(book, "PRAGMA user_version = 99"),
    lambda book: change(book, "PRAGMA application_id = 7"),
    _torn,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_book_is_reported_and_not_changed(
    damage: Callable[[Path], object], well: Kin, book: Path
) -> None:
    damage(book)
    before = fingerprint(book.parent)
    for more in ((), ("--fix",)):
        found = states(well, *more)
        assert set(found) <= {"book", "integrity"} and set(found.values()) == {"wrong"}
        result = well("doctor", *more)
        assert (result.code, result.err, "Traceback" in result.out) == (5, "", False)
    assert fingerprint(book.parent) == before


def test_random_damage_never_ends_in_a_traceback(well: Kin, book: Path) -> None:
    sound = book.read_bytes()
    for at in range(100, len(sound), 30_011):
        book.write_bytes(sound[:at] + b"\xff" * 700 + sound[at + 700 :])
        result = well("doctor", "--json")
        assert result.code in (0, 5), result.err
        assert result.json["book"] == str(book)


def test_a_missing_book_is_reported(kin: Kin, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert states(kin) == {"book": "advice", "backups": "advice"}
    result = kin("doctor")
    assert (result.code, "There is no book at" in result.out) == (0, True)
    assert os.listdir(tmp_path) == []
    assert kin("doctor", "--db", str(tmp_path / "no" / "where.db")).code == 0


def test_a_book_that_is_gone_can_come_back(well: Kin, book: Path) -> None:
    book.unlink()
    assert states(well, "--fix") == {"book": "wrong"}
    assert "kin restore" in well("doctor").out


def test_a_crash_is_cleared_away_as_by_any_command(well: Kin, book: Path) -> None:
    killed_in_a_commit(book, (CHANGES[0],))
    assert states(well) == {}
    assert len(well("people", "--json").json) == 5


# What is wrong around it.


def test_a_book_that_others_can_read_is_made_private(well: Kin, book: Path) -> None:
    kept = backup_files.get_backup_folder(book)
    for path in (book, *kept.iterdir()):
        path.chmod(0o644)
    kept.chmod(0o755)
    book.parent.chmod(0o755)
    assert states(well) == {"permissions": "wrong", "folder": "advice"}
    assert states(well, "--fix") == {"permissions": "fixed", "folder": "fixed"}
    rights = {path.stat().st_mode & 0o777 for path in (book, *kept.iterdir())}
    assert (rights, kept.stat().st_mode & 0o777, book.parent.stat().st_mode & 0o777) == (
        {0o600},
        0o700,
        0o700,
    )


def test_a_folder_with_other_files_is_not_made_private(well: Kin, book: Path) -> None:
    (book.parent / "photos").mkdir()
    book.parent.chmod(0o777)
    assert states(well, "--fix") == {"folder": "wrong"}
    assert book.parent.stat().st_mode & 0o777 == 0o777


def test_a_full_disk_is_found(well: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    assert states(well) == {"disk_space": "wrong"}


def test_a_damaged_backup_is_found_and_left_alone(well: Kin, book: Path) -> None:
    source = backup_files.get_backup_folder(book) / "2026-11-23-1-manual.db"
    source.write_bytes(source.read_bytes() + b"x")
    assert states(well, "--fix") == {"backups": "wrong"}
    assert "2026-11-23-1-manual" in well("doctor").out
    assert source.exists()


def test_a_backup_without_its_hash_is_found(well: Kin, book: Path) -> None:
    (backup_files.get_backup_folder(book) / "2026-11-23-1-manual.db.sha256").unlink()
    assert states(well) == {"backups": "wrong"}


def test_unfinished_backups_are_deleted(well: Kin, book: Path) -> None:
    folder = backup_files.get_backup_folder(book)
    (folder / ".2026-11-23-2-daily.db.0a0a.part").write_text("x")
    (folder / "2026-11-20-1-daily.db.sha256").write_text("x")
    (folder / "mine.txt").write_text("x")
    for path in folder.iterdir():
        path.chmod(0o600)
    assert states(well) == {"unfinished": "advice"}
    assert states(well, "--fix") == {"unfinished": "fixed"}
    assert sorted(os.listdir(folder)) == [
        "2026-11-23-1-manual.db",
        "2026-11-23-1-manual.db.sha256",
        "mine.txt",
    ]


@pytest.mark.parametrize("name", ["book.db-wal", "book.db-shm"])
def test_side_files_of_another_program_are_reported(name: str, well: Kin, book: Path) -> None:
    (book.parent / name).touch()
    assert states(well, "--fix") == {"side_files": "advice"}
    assert name in well("doctor").out
    assert (book.parent / name).exists()


COPIES = (
    "book (Robin's conflicted copy 2026-11-23).db",
    "book.sync-conflict-20261123-101010-ABCDEF.db",
    "book.db.sync-conflict-20261123",
    "book (копия Robin 2026-11-20).db",
    "book-ROBINSPC.db",
    "book 2.db",
    "book.old",
    ".book.db.Xb3k9",
    "Copy of book.db",
    "BOOK.DB",
    "spare",
)


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_the_book_next_to_it_is_found_whatever_its_name(
    name: str, well: Kin, book: Path
) -> None:
    shutil.copy(book, book.parent / name)
    assert states(well) == {"conflict": "advice"}
    assert states(well, "--fix") == {"conflict": "advice"}
    assert name in well("doctor").out


def test_a_copy_in_which_another_machine_wrote_is_found(well: Kin, book: Path) -> None:
    copy = book.parent / "book (conflicted copy).db"
    shutil.copy(book, copy)
    assert well("note", "tea with Maya", "--db", str(copy)).code == 0
    assert well("note", "coffee with Tom Becker").code == 0
    assert states(well) == {"conflict": "advice"}


@pytest.mark.parametrize("name", ["work.db", "book 2.db"])
def test_a_book_of_another_owner_is_not_a_copy(name: str, well: Kin, book: Path) -> None:
    assert well("add", "Ada", "--db", str(book.parent / name)).code == 0
    assert states(well) == {}


def test_without_a_book_that_can_be_read_any_other_counts_as_a_copy(well: Kin, book: Path) -> None:
    shutil.copy(book, book.parent / "spare.db")
    book.write_text("once upon a time")
    assert states(well) == {"book": "wrong", "conflict": "advice"}


def test_what_is_not_a_book_or_is_made_by_kin_is_not_a_copy(
    well: Kin, book: Path, tmp_path: Path
) -> None:
    (tmp_path / "book-notes.txt").write_text("milk, bread")
    (tmp_path / "book (conflicted copy).db").touch()
    (tmp_path / "book-folder.db").mkdir()
    (tmp_path / "book-link.db").symlink_to(book)
    os.mkfifo(tmp_path / "book-pipe.db")
    with closing(sqlite3.connect(tmp_path / "book-other.db")) as db:
        db.execute("CREATE TABLE other (x)")
    assert well("backup", "--to", str(tmp_path / "book-2026-11-23.db")).code == 0
    assert states(well) == {}


def test_a_copy_next_to_the_book_is_not_opened_by_sqlite(
    well: Kin, book: Path, tmp_path: Path
) -> None:
    shutil.copy(book, other := tmp_path / "book-ROBINSPC.db")
    (tmp_path / "book-ROBINSPC.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 hot")
    other.chmod(0o600)
    before = other.read_bytes(), sorted(os.listdir(tmp_path))
    assert states(well) == {"conflict": "advice"}
    assert (other.read_bytes(), sorted(os.listdir(tmp_path))) == before


def test_a_failed_fix_is_reported(well: Kin, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    book.chmod(0o644)
    monkeypatch.setattr(Path, "chmod", refuse)
    assert states(well, "--fix") == {"permissions": "wrong"}
    assert "The repair failed: Operation not permitted." in well("doctor", "--fix").out


# Whatever is around it.


def _names_that_are_not_text(folder: Path) -> None:
    for name in (b"book \xff.db", b".\xff.0a0a0a0a.part", b"\xff"):
        (folder / os.fsdecode(name)).write_text("x")
        (folder / "backups" / "book.db" / os.fsdecode(name)).write_text("x")
        (folder / "backups" / os.fsdecode(name)).mkdir()


def _links_to_nothing(folder: Path) -> None:
    for name in (
        "book 2.db",
        ".kin-0123456789abcdef.part",
        "backups/book.db/x.db",
        "backups/other.db",
        "book.db.sha256",
    ):
        (folder / name).symlink_to(folder / "nothing")


def _links_in_a_circle(folder: Path) -> None:
    for name in (
        "book 2.db",
        ".x.0a0a0a0a.old",
        "backups/book.db/2026-11-20-1-daily.db",
        "backups/other.db",
    ):
        (folder / name).symlink_to(folder / name)


def _pipes(folder: Path) -> None:
    for name in (
        "book 2.db", "book (conflicted copy).db", ".kin-0123456789abcdef.part", ".x.0a0a0a0a.part", "kin.md", ".stfolder",
        "backups/pipe", "backups/book.db/pipe.db", "backups/book.db/2026-11-22-1-daily.db", "backups/book.db/.x.part",
        "backups/book.db/2026-11-22-1-daily.db.sha256",
    ):  # fmt: skip
        os.mkfifo(folder / name)


def _a_pipe_for_a_hash(folder: Path) -> None:
    path = folder / "backups" / "book.db" / "2026-11-23-1-manual.db.sha256"
    path.unlink()
    os.mkfifo(path)


def _folders(folder: Path) -> None:
    for name in (
        "book 2.db", ".kin-0123456789abcdef.part", ".book.db.0a0a0a0a.restoring", "backups/book.db/2026-11-22-1-daily.db",
        "backups/book.db/.x.part", "backups/book.db/2026-11-22-1-daily.db.sha256", "backups/other.db/2026-11-22-1-daily.db",
    ):  # fmt: skip
        (folder / name).mkdir(parents=True)


def _a_file_for_the_folder_of_backups(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    (folder / "backups").write_text("x")


def _a_pipe_for_the_folder_of_backups(folder: Path) -> None:
    shutil.rmtree(folder / "backups" / "book.db")
    os.mkfifo(folder / "backups" / "book.db")


AROUND = (
    _names_that_are_not_text, _links_to_nothing, _links_in_a_circle, _pipes, _a_pipe_for_a_hash, _folders,
    _a_file_for_the_folder_of_backups, _a_pipe_for_the_folder_of_backups,
)  # fmt: skip


@pytest.mark.parametrize("surround", AROUND)
@pytest.mark.parametrize("lost", [False, True], ids=["a book", "no book"])
def test_the_doctor_never_fails_itself(
    lost: bool, surround: Callable[[Path], None], well: Kin, book: Path
) -> None:
    surround(book.parent)
    if lost:
        book.unlink()
    for more in ((), ("--json",), ("--fix",)):
        result = well("doctor", *more)
        assert result.code in (0, 5) and result.err == "", result
        assert str(book) in result.out
    if not lost:
        for words in (("note", "tea with Maya"), ("forget", "grace", "--yes")):
            assert "bug" not in well(*words).err


CLOSED = (
    "backups", "backups/book.db", "backups/book.db/2026-11-23-1-manual.db", "backups/book.db/2026-11-23-1-manual.db.sha256",
    "book 2.db", ".kin-0123456789abcdef.part", "backups/other.db", "cards", ".",
)  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
def test_what_cannot_be_read_is_reported(name: str, well: Kin, tmp_path: Path) -> None:
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    shutil.copytree(tmp_path, place, dirs_exist_ok=True)
    shutil.copy(place / "book.db", place / "book 2.db")
    (place / ".kin-0123456789abcdef.part").write_text("half")
    shutil.copytree(place / "backups" / "book.db", place / "backups" / "other.db")
    (place / "cards").mkdir()
    for words in (("sync", str(place / "cards")), ("doctor",), ("doctor", "--fix")):
        assert well(*words, "--db", str(place / "book.db")).code in (
            0,
            5,
        )  # so that every module is imported
    (place / ".kin-0123456789abcdef.part").write_text("half")
    if os.geteuid() == 0:
        for path in (place, *place.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    (place / name).chmod(0o000)
    try:
        for more in ((), ("--json",), ("--fix",)):
            result = as_nobody(place / "book.db", "doctor", *more)
            assert result.code in (0, 5) and result.err == "", result
            is_said = result.code == 5 or name in (
                "book 2.db",
                "cards",
                ".kin-0123456789abcdef.part",
            )
            assert is_said or "--fix" in more, result.out
    finally:
        (place / name).chmod(0o700)
        shutil.rmtree(place)


def test_a_failed_check_does_not_hide_others(
    well: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(5, "Input/output error")

    shutil.copy(book, book.with_name("book (conflicted copy).db"))
    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert states(well) == {"disk_space": "wrong", "conflict": "advice"}
    assert "Input/output error" in well("doctor").out


def test_control_a_check_that_opens_a_pipe_never_ends(
    well: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _a_pipe_for_a_hash(book.parent)
    opened = []

    def plain(path: Path, size: int) -> bytes:
        opened.append(stat.S_ISFIFO(path.stat().st_mode))
        return b""

    monkeypatch.setattr("kin.book.verified_copy.read_head", plain)
    well("doctor")
    assert opened == [True]  # a plain open() would still be waiting


# Nothing private.


def test_the_json_has_no_word_of_the_owner(well: Kin, book: Path) -> None:
    shutil.copy(book, book.parent / "book (Maya's conflicted copy).db")
    change(book, "DELETE FROM name_word", "DELETE FROM interest_name", "DROP TABLE search")
    result: Any = well("doctor", "--json").out
    for word in ("Maya", "Okafor", "Tom", "pottery", "kiln", "Robin", "Lisbon"):
        assert word not in result


def test_the_report_fits_on_a_screen(well: Kin) -> None:
    result = well("doctor").out.splitlines()
    assert len(result) < 24
