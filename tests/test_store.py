"""The book on the disk: whose it is, what it survives, and what kin does not touch."""

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

from kin.book import connection as opening, migrations, session as store
from tests.conftest import Kin, Result
from tests.make import grow
from tests.terminal import apart, at_once, beside, ended

TODAY = date(2026, 11, 23)
NOBODY = 65534
READS: tuple[list[str], ...] = (
    *(["people"], ["recall", "maya"], ["talks"], ["interests"], ["today"], ["find", "tea"], []),
)
WRITES: tuple[list[str], ...] = (
    *(["add", "Ada"], ["note", "tea with Maya"], ["me", "--into", "fado"], ["ask", "maya", "how"]),
)


def print_of(path: Path) -> tuple[str, int]:
    """Return what must stay the same of a file that is not touched: its bytes, and when it changed."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def mode(path: Path) -> str:
    """Return who may do what with a file, as in `chmod`."""
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def names(book: Path) -> list[str]:
    """Return everybody's name but the owner's."""
    with closing(sqlite3.connect(book)) as db:
        return [
            name for (name,) in db.execute("SELECT name FROM person WHERE is_me = 0 ORDER BY name")
        ]


def whole(book: Path) -> bool:
    """Tell whether the book is sound, to the last reference."""
    with closing(sqlite3.connect(book)) as db:
        sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return sound and db.execute("PRAGMA foreign_key_check").fetchall() == []


def in_words(told: Result, code: int = 5) -> bool:
    """Tell whether an error is this one, in one line that is no bug and no trace."""
    lines = told.err.splitlines()
    return (
        told.code == code
        and len(lines) == 1
        and lines[0].startswith("kin: ")
        and "bug" not in told.err
    )


@pytest.fixture
def maya(kin: Kin) -> Kin:
    """Return kin with somebody in the book, and a note."""
    assert kin("add", "Maya", "--into", "pottery").code == 0
    assert kin("note", "tea with Maya #fado").code == 0
    return kin


# The two doors.


def test_the_reading_door_cannot_write(maya: Kin, book: Path) -> None:
    with (
        store.reading(book, TODAY) as db,
        pytest.raises(sqlite3.OperationalError, match=r"readonly|unsafe"),
    ):
        db.execute("DELETE FROM person")


def test_the_writing_door_has_the_settings_of_the_book(book: Path) -> None:
    with store.writing(book, TODAY) as session:
        db = store.connection_of(session)
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
        "application_id": migrations.APPLICATION_ID,
        "user_version": migrations.NEWEST,
    }


def test_a_block_that_fails_did_not_happen(maya: Kin, book: Path) -> None:
    def changed_and_failed() -> None:
        with store.writing(book, TODAY) as session:
            store.connection_of(session).execute("UPDATE person SET name = 'Eve'")
            raise LookupError

    before = book.read_bytes()
    with pytest.raises(LookupError):
        changed_and_failed()
    assert book.read_bytes() == before


def test_no_file_is_left_beside_the_book(maya: Kin, book: Path) -> None:
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


# Whose it is.


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_book_is_the_owners_alone_whatever_the_umask(
    umask: int, kin: Kin, tmp_path: Path
) -> None:
    book = tmp_path / "one" / "two" / "book.db"
    assert apart("add", "Ada", "--db", str(book), before=lambda: os.umask(umask)).code == 0
    assert mode(book) == "600"
    assert [mode(folder) for folder in (book.parent, book.parent.parent)] == ["700", "700"]


def test_the_journal_is_the_owners_alone(book: Path) -> None:
    before = os.umask(0)
    try:
        with store.writing(book, TODAY) as session:
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
def test_a_book_may_have_any_name(
    name: str, kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIN_DB", name)
    told = kin("add", "Ada")
    assert (told.code, os.listdir(tmp_path)) == (0, [name]), told.err
    assert [each["name"] for each in kin("people", "--json").json] == ["Ada"]


# Several at once.


def test_eight_first_runs_at_once_are_all_kept(book: Path) -> None:
    everybody = [f"{letter}da" for letter in "ABCDEFGH"]
    assert at_once(*([["add", name]] for name in everybody)) == [0] * 8
    assert (names(book), whole(book)) == (everybody, True)


def test_four_at_ten_notes_each_are_all_kept(kin: Kin, book: Path) -> None:
    kin("add", "Maya")
    notes = [
        [["note", f"tea {who} {number} with Maya"] for number in range(10)] for who in range(4)
    ]
    assert at_once(*notes) == [0] * 4
    kept = {each["text"] for each in kin("talks", "maya", "-n", "0", "--json").json}
    assert kept == {words for some in notes for _, words in some}
    assert whole(book)


@contextmanager
def held(book: Path, how: str) -> Iterator[None]:
    """Hold the book as another program would."""
    with closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a moment only for another program."""
    monkeypatch.setattr(opening, "READ_PATIENCE", 0.2)
    monkeypatch.setattr(opening, "WRITE_PATIENCE", 0.2)


@pytest.mark.usefixtures("impatient")
def test_a_book_that_another_holds_is_said_after_a_while(maya: Kin, book: Path) -> None:
    before = print_of(book)
    with held(book, "EXCLUSIVE"):
        for words in (["recall", "maya"], ["add", "Ada"]):
            told = maya(*words)
            assert in_words(told) and "holding the book" in told.err, told.err
    assert print_of(book) == before


@pytest.mark.usefixtures("impatient")
def test_a_book_that_another_writes_can_be_read(maya: Kin, book: Path) -> None:
    with held(book, "IMMEDIATE"):
        assert maya("recall", "maya").code == 0
        assert in_words(maya("add", "Ada"))
    assert maya("add", "Ada").code == 0


# What it survives.


CHANGES = (
    "UPDATE person SET name = name || ' the other'",
    "UPDATE conversation SET text = hex(zeroblob(20000)) WHERE id < 4",
)


def killed_in_a_commit(book: Path, changes: tuple[str, ...] = CHANGES) -> None:
    """Die by kill -9 in a change of which a part is in the file, so that a hot journal is left."""

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
def test_a_book_left_by_a_crash_is_whole(first: list[str], grown: Path, kin: Kin) -> None:
    people, sound = names(grown), print_of(grown)[0]
    killed_in_a_commit(grown)
    assert print_of(grown)[0] != sound  # the file itself is half changed
    assert kin(*first).code == 0
    assert (names(grown), whole(grown)) == (people, True)
    assert not grown.with_name("book.db-journal").exists()


def test_two_who_find_a_crash_at_once_both_read_a_whole_book(grown: Path) -> None:
    people = names(grown)
    killed_in_a_commit(grown)
    assert at_once(*([["people"], ["note", "tea"]] for _ in range(4))) == [0] * 4
    assert (names(grown), whole(grown)) == (people, True)
