"""Files that are not a book, or not kin's: refused with a plain error, and not changed."""

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


# Files that are not a book.


NOT_BOOKS: dict[str, Callable[[bytes], bytes]] = {
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


@pytest.mark.parametrize("how", NOT_BOOKS)
def test_a_file_that_is_not_a_book_is_refused_and_not_changed(
    how: str, maya: Kin, book: Path
) -> None:
    book.write_bytes(NOT_BOOKS[how](book.read_bytes()))
    before = print_of(book)
    for words in (*READS, *WRITES):
        result = maya(*words)
        assert in_words(result), (words, result)
        assert print_of(book) == before, words
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


def test_a_damaged_book_is_not_reported_as_a_bug(grown: Path, kin: Kin) -> None:
    good, chance = grown.read_bytes(), random.Random(7)
    for number in range(40):
        bad = bytearray(good)
        for _ in range(20):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        grown.write_bytes(bad)
        for words in (["people"], ["recall", "maya"], ["notes"], ["note", "tea"]):
            result = kin(*words)
            assert (number, words, "bug" in result.err) == (number, words, False), result.err
            assert result.code in (0, 3, 4, 5), result.err


def test_an_empty_file_is_an_empty_book(book: Path, kin: Kin) -> None:
    book.touch()
    assert (kin("people").code, kin("people", "--json").out) == (0, "[]\n")
    assert book.read_bytes() == b""
    assert kin("add", "Ada").code == 0
    assert names(book) == ["Ada"]


def test_a_missing_book_is_welcomed_and_not_created(book: Path, kin: Kin) -> None:
    for words in ([], ["people"], ["interests"], ["notes"], ["today"], ["find", "tea"], ["me"]):
        result = kin(*words)
        assert (words, result.code, "kin add" in result.err) == (words, 0, True)
    for words in (["people"], ["interests"], ["notes"], ["find", "tea"]):
        result = kin(*words, "--json")
        nothing = '{"notes": []}\n' if words == ["notes"] else "[]\n"
        assert (result.code, result.out, result.err) == (0, nothing, "")
    assert kin("recall", "maya", "--json").error["code"] == 3
    assert not book.exists()


@pytest.mark.parametrize(
    "place",
    ["folder", "file/book.db", "x" * 300, "~no-such-user/book.db", "loop"],
)
def test_a_path_that_cannot_be_a_book_is_refused(
    place: str, kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("hello")
    (tmp_path / "loop").symlink_to("loop")
    for words in (["add", "Ada"], ["people"]):
        result = kin(*words, "--db", place)
        if words != ["people"] or result.code:  # where there is no book, a read may welcome
            assert in_words(result, result.code) and result.code in (2, 5), (words, result)
    assert (tmp_path / "file").read_text() == "hello"


def test_a_pipe_is_refused_without_waiting(kin: Kin, book: Path) -> None:
    os.mkfifo(book)
    for words in (["people"], ["add", "Ada"]):
        assert in_words(apart(*words, before=lambda: signal.alarm(3)))


def test_a_link_to_the_book_is_the_book(maya: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(book)
    assert maya("add", "Ada", "--db", str(tmp_path / "link.db")).code == 0
    assert "Ada" in names(book)
    assert (tmp_path / "link.db").is_symlink()


@pytest.mark.parametrize("named", ["link", "link/book.db"])
def test_a_link_to_a_missing_file_is_followed(named: str, kin: Kin, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("not-yet")
    assert kin("add", "Ada", "--db", str(tmp_path / named)).code == 0
    made = tmp_path / named.replace("link", "not-yet")
    assert (names(made), mode(made)) == (["Ada"], "600")


# Databases of other programs.


def foreign(path: Path, journal: str) -> sqlite3.Connection:
    """Create a database of another program, and return the open connection."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA journal_mode = {journal}")
    db.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
    db.execute("INSERT INTO person (name) VALUES ('Eve')")
    return db


@pytest.mark.parametrize("journal", ["DELETE", "WAL", "TRUNCATE"])
@pytest.mark.parametrize("state", ["closed", "open", "left"])
def test_another_programs_database_is_not_changed(
    journal: str, state: str, book: Path, kin: Kin
) -> None:
    other = foreign(book.with_name("other.db") if state == "left" else book, journal)
    if state == "left":  # as after a crash, with its side files
        for path in book.parent.glob("other.db*"):
            shutil.copy(path, book.with_name(path.name.replace("other.db", "book.db")))
    if state != "open":
        other.close()
    before = read_side_files(book)
    for words in (*READS, *WRITES):
        result = kin(*words)
        assert in_words(result) and "another program" in result.err, (words, result)
        assert read_side_files(book) == before, words
    other.close()


def read_side_files(book: Path) -> dict[str, tuple[str, int] | None]:
    """Return the digests of a database and its side files; of -shm, which readers change, only the name."""
    files = book.parent.glob("book.db*")
    return {path.name: None if path.name.endswith("-shm") else print_of(path) for path in files}


def test_the_journal_of_another_program_is_not_rolled_back(book: Path, kin: Kin) -> None:
    foreign(book, "DELETE").close()
    killed_in_a_commit(book, ("INSERT INTO person (name) VALUES (hex(zeroblob(99999)))",))
    before = read_side_files(book)
    for words in (["people"], ["add", "Ada"]):
        assert in_words(kin(*words))
        assert read_side_files(book) == before, words
