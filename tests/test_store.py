"""The book as a file: sessions, permissions, concurrent processes, and crashes."""

import hashlib
import os
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from kin.book import connection, schema, session as book_session
from kin.constants import APPLICATION_ID
from tests.conftest import Kin, Result
from tests.make import grow
from tests.terminal import apart, at_once, beside, ended

TODAY = date(2026, 11, 23)
NOBODY = 65534
READS: tuple[list[str], ...] = (
    *(["people"], ["recall", "maya"], ["notes"], ["interests"], ["today"], ["find", "tea"], []),
)
WRITES: tuple[list[str], ...] = (
    *(["add", "Ada"], ["note", "tea with Maya"], ["me", "--into", "fado"], ["ask", "maya", "how"]),
)


def print_of(path: Path) -> tuple[str, int]:
    """Return what must not change in a file: its bytes, as a hash, and its modification time."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def mode(path: Path) -> str:
    """Return the permissions of a file, as for `chmod`."""
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def names(book: Path) -> list[str]:
    """Return the names of all people but the owner."""
    with closing(sqlite3.connect(book)) as db:
        return [
            name for (name,) in db.execute("SELECT name FROM person WHERE is_me = 0 ORDER BY name")
        ]


def whole(book: Path) -> bool:
    """Return whether the book is intact, foreign keys included."""
    with closing(sqlite3.connect(book)) as db:
        sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return sound and db.execute("PRAGMA foreign_key_check").fetchall() == []


def in_words(result: Result, code: int = 5) -> bool:
    """Return whether a command failed with this code and one plain line, not with a bug or a traceback."""
    lines = result.err.splitlines()
    return (
        result.code == code
        and len(lines) == 1
        and lines[0].startswith("kin: ")
        and "bug" not in result.err
    )


@pytest.fixture
def maya(kin: Kin) -> Kin:
    """Return kin with a person and a note in the book."""
    assert kin("add", "Maya", "--into", "pottery").code == 0
    assert kin("note", "tea with Maya #fado").code == 0
    return kin


# Sessions.


def test_a_read_session_cannot_write(maya: Kin, book: Path) -> None:
    with (
        book_session.open_for_reading(book, TODAY) as db,
        pytest.raises(sqlite3.OperationalError, match=r"readonly|unsafe"),
    ):
        db.execute("DELETE FROM person")


def test_a_write_session_has_the_settings_of_a_book(book: Path) -> None:
    with book_session.open_for_writing(book, TODAY) as session:
        db = book_session.get_connection(session)
        settings = {
            name: db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store",
                         "mmap_size", "application_id", "user_version")
        }  # fmt: skip
        assert db.in_transaction
    assert settings == {
        "journal_mode": "delete",
        "synchronous": 3,  # EXTRA
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "mmap_size": 0,
        "application_id": APPLICATION_ID,
        "user_version": schema.NEWEST_VERSION,
    }


def test_a_failed_block_changes_nothing(maya: Kin, book: Path) -> None:
    def change_and_fail() -> None:
        with book_session.open_for_writing(book, TODAY) as session:
            book_session.get_connection(session).execute("UPDATE person SET name = 'Eve'")
            raise LookupError

    before = book.read_bytes()
    with pytest.raises(LookupError):
        change_and_fail()
    assert book.read_bytes() == before


def test_no_file_is_left_next_to_the_book(maya: Kin, book: Path) -> None:
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


# Permissions and names.


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_the_book_whatever_the_umask(
    umask: int, kin: Kin, tmp_path: Path
) -> None:
    book = tmp_path / "one" / "two" / "book.db"
    assert apart("add", "Ada", "--db", str(book), before=lambda: os.umask(umask)).code == 0
    assert mode(book) == "600"
    assert [mode(folder) for folder in (book.parent, book.parent.parent)] == ["700", "700"]


def test_only_the_owner_can_read_the_journal(book: Path) -> None:
    before = os.umask(0)
    try:
        with book_session.open_for_writing(book, TODAY) as session:
            session.flush()
            assert [mode(path) for path in book.parent.glob("book.db*")] == ["600", "600"]
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    "name",
    [
        "a b.db",
        "ü.db",
        "50%25.db",
        "what?.db",
        "a#b.db",
        "it's.db",
        ":memory:",
        "file:x",
        "-x",
        "caf\udce9.db",
    ],
)
def test_a_book_can_have_any_file_name(
    name: str, kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIN_DB", name)
    result = kin("add", "Ada")
    assert (result.code, os.listdir(tmp_path)) == (0, [name]), result.err
    assert [each["name"] for each in kin("people", "--json").json] == ["Ada"]


# Concurrent processes.


def test_eight_simultaneous_first_runs_are_all_kept(book: Path) -> None:
    everyone = [f"{letter}da" for letter in "ABCDEFGH"]
    assert at_once(*([["add", name]] for name in everyone)) == [0] * 8
    assert (names(book), whole(book)) == (everyone, True)


def test_notes_of_four_simultaneous_writers_are_all_kept(kin: Kin, book: Path) -> None:
    kin("add", "Maya")
    notes = [
        [["note", f"tea {who} {number} with Maya"] for number in range(10)] for who in range(4)
    ]
    assert at_once(*notes) == [0] * 4
    kept = {each["text"] for each in kin("notes", "maya", "-n", "0", "--json").json["notes"]}
    assert kept == {words for some in notes for _, words in some}
    assert whole(book)


@contextmanager
def locked(book: Path, how: str) -> Iterator[None]:
    """Lock the book as another program would."""
    with closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only briefly for a lock."""
    monkeypatch.setattr(connection, "READ_TIMEOUT", 0.2)
    monkeypatch.setattr(connection, "WRITE_TIMEOUT", 0.2)


@pytest.mark.usefixtures("impatient")
def test_a_locked_book_is_reported_after_a_while(maya: Kin, book: Path) -> None:
    before = print_of(book)
    with locked(book, "EXCLUSIVE"):
        for words in (["recall", "maya"], ["add", "Ada"]):
            result = maya(*words)
            assert in_words(result) and "using the book" in result.err, result.err
    assert print_of(book) == before


@pytest.mark.usefixtures("impatient")
def test_a_book_that_another_program_writes_can_be_read(maya: Kin, book: Path) -> None:
    with locked(book, "IMMEDIATE"):
        assert maya("recall", "maya").code == 0
        assert in_words(maya("add", "Ada"))
    assert maya("add", "Ada").code == 0


# Crashes.


CHANGES = (
    "UPDATE person SET name = name || ' the other'",
    "UPDATE note SET text = hex(zeroblob(20000)) WHERE id < 4",
)


def killed_in_a_commit(book: Path, changes: tuple[str, ...] = CHANGES) -> None:
    """Kill a process in the middle of a change that is partly in the file, so that a hot journal is left."""

    def die() -> None:
        db = sqlite3.connect(book, isolation_level=None)
        db.execute("PRAGMA cache_size = 5")
        db.execute("PRAGMA cache_spill = 5")
        db.execute("BEGIN IMMEDIATE")
        for change in changes:
            db.execute(change)
        os.kill(os.getpid(), signal.SIGKILL)

    assert ended(beside([], before=die)) == -signal.SIGKILL
    assert book.with_name(book.name + "-journal").stat().st_size > 0


@pytest.fixture
def grown(book: Path) -> Path:
    """Return a book of many pages, with a Maya in it."""
    grow(book, people=60, notes=300, links=100, seed=3)
    return book


@pytest.mark.parametrize("first", [["people", "--json"], ["note", "tea"]])
def test_a_book_is_intact_after_a_crash(first: list[str], grown: Path, kin: Kin) -> None:
    people, sound = names(grown), print_of(grown)[0]
    killed_in_a_commit(grown)
    assert print_of(grown)[0] != sound  # the file itself is partly changed
    assert kin(*first).code == 0
    assert (names(grown), whole(grown)) == (people, True)
    assert not grown.with_name("book.db-journal").exists()


def test_several_processes_recover_from_a_crash_at_once(grown: Path) -> None:
    people = names(grown)
    killed_in_a_commit(grown)
    assert at_once(*([["people"], ["note", "tea"]] for _ in range(4))) == [0] * 4
    assert (names(grown), whole(grown)) == (people, True)
