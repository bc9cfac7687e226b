"""What is no book, and whose book it is: refused in words, and not touched."""

import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.terminal import apart
from tests.test_store import (
    READS,
    WRITES,
    grown,
    in_words,
    killed_in_a_commit,
    maya,
    mode,
    names,
    print_of,
)

__all__ = ["grown", "maya"]  # fixtures


# What is no book.


NO_BOOKS: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda good: b"Dear diary, today I met Maya.\n" * 200,
    "short text": lambda good: b"hello\n",
    "zip": lambda good: b"PK\x03\x04" + random.Random(1).randbytes(5000),
    "random": lambda good: random.Random(2).randbytes(20000),
    "zeros": lambda good: bytes(8192),
    "half": lambda good: good[: len(good) // 2],
    "one page": lambda good: good[:4096],
    "header only": lambda good: good[:100],
    "an odd end": lambda good: good[:-1000],
    "flipped magic": lambda good: b"Z" + good[1:],
    "flipped page size": lambda good: good[:16] + b"\xff\xff" + good[18:],
    "flipped header": lambda good: (
        good[:18] + bytes(~each & 255 for each in good[18:100]) + good[100:]
    ),
    "wiped tables": lambda good: good[:4096] + bytes(len(good) - 4096),
}


@pytest.mark.parametrize("how", NO_BOOKS)
def test_what_is_no_book_is_said_and_not_touched(how: str, maya: Kin, book: Path) -> None:
    book.write_bytes(NO_BOOKS[how](book.read_bytes()))
    before = print_of(book)
    for words in (*READS, *WRITES):
        told = maya(*words)
        assert in_words(told), (words, told)
        assert print_of(book) == before, words
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


def test_a_damaged_book_is_trouble_and_no_bug(grown: Path, kin: Kin) -> None:
    good, chance = grown.read_bytes(), random.Random(7)
    for number in range(40):
        bad = bytearray(good)
        for _ in range(20):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        grown.write_bytes(bad)
        for words in (["people"], ["recall", "maya"], ["talks"], ["note", "tea"]):
            told = kin(*words)
            assert (number, words, "bug" in told.err) == (number, words, False), told.err
            assert told.code in (0, 3, 4, 5), told.err


def test_an_empty_file_is_a_book_with_nobody_in_it(book: Path, kin: Kin) -> None:
    book.touch()
    assert (kin("people").code, kin("people", "--json").out) == (0, "[]\n")
    assert book.read_bytes() == b""
    assert kin("add", "Ada").code == 0
    assert names(book) == ["Ada"]


def test_a_missing_book_is_a_welcome_and_stays_missing(book: Path, kin: Kin) -> None:
    for words in ([], ["people"], ["interests"], ["talks"], ["today"], ["find", "tea"], ["me"]):
        told = kin(*words)
        assert (words, told.code, "kin add" in told.err) == (words, 0, True)
    for words in (["people"], ["interests"], ["talks"], ["find", "tea"]):
        told = kin(*words, "--json")
        assert (told.code, told.out, told.err) == (0, "[]\n", "")
    assert kin("recall", "maya", "--json").error["code"] == 3
    assert not book.exists()


@pytest.mark.parametrize(
    "place",
    ["folder", "file/book.db", "x" * 300, "~no-such-user/book.db", "loop"],
)
def test_a_path_that_cannot_be_a_book_is_said(
    place: str, kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("hello")
    (tmp_path / "loop").symlink_to("loop")
    for words in (["add", "Ada"], ["people"]):
        told = kin(*words, "--db", place)
        if words != ["people"] or told.code:  # where nothing is, a read may welcome
            assert in_words(told, told.code) and told.code in (2, 5), (words, told)
    assert (tmp_path / "file").read_text() == "hello"


def test_a_pipe_is_no_book_and_is_not_waited_for(kin: Kin, book: Path) -> None:
    os.mkfifo(book)
    for words in (["people"], ["add", "Ada"]):
        assert in_words(apart(*words, before=lambda: signal.alarm(3)))


def test_a_link_to_the_book_is_the_book(maya: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(book)
    assert maya("add", "Ada", "--db", str(tmp_path / "link.db")).code == 0
    assert "Ada" in names(book)
    assert (tmp_path / "link.db").is_symlink()


@pytest.mark.parametrize("named", ["link", "link/book.db"])
def test_a_link_to_where_nothing_is_yet_is_followed(named: str, kin: Kin, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("not-yet")
    assert kin("add", "Ada", "--db", str(tmp_path / named)).code == 0
    made = tmp_path / named.replace("link", "not-yet")
    assert (names(made), mode(made)) == (["Ada"], "600")


# Whose book it is.


def foreign(path: Path, journal: str) -> sqlite3.Connection:
    """Make another program's database, and return the open connection to it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA journal_mode = {journal}")
    db.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
    db.execute("INSERT INTO person (name) VALUES ('Eve')")
    return db


@pytest.mark.parametrize("journal", ["DELETE", "WAL", "TRUNCATE"])
@pytest.mark.parametrize("state", ["closed", "open", "left"])
def test_another_programs_database_is_not_touched(
    journal: str, state: str, book: Path, kin: Kin
) -> None:
    other = foreign(book.with_name("other.db") if state == "left" else book, journal)
    if state == "left":  # as a crash leaves it, with what belongs to it
        for path in book.parent.glob("other.db*"):
            shutil.copy(path, book.with_name(path.name.replace("other.db", "book.db")))
    if state != "open":
        other.close()
    before = beside_it(book)
    for words in (*READS, *WRITES):
        told = kin(*words)
        assert in_words(told) and "not kin's" in told.err, (words, told)
        assert beside_it(book) == before, words
    other.close()


def beside_it(book: Path) -> dict[str, tuple[str, int] | None]:
    """Return what a database and its side files are; of -shm, in which readers stand, only its name."""
    files = book.parent.glob("book.db*")
    return {path.name: None if path.name.endswith("-shm") else print_of(path) for path in files}


def test_another_programs_crash_is_not_mended(book: Path, kin: Kin) -> None:
    foreign(book, "DELETE").close()
    killed_in_a_commit(book, ("INSERT INTO person (name) VALUES (hex(zeroblob(99999)))",))
    before = beside_it(book)
    for words in (["people"], ["add", "Ada"]):
        assert in_words(kin(*words))
        assert beside_it(book) == before, words
