"""Acceptance 7: a damaged book is reported, not as a bug, and kin does not overwrite it or make it worse."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.durability import protections
from tests.make import grow
from tests.test_bookfile import NOT_BOOKS
from tests.test_store import print_of

Damage = Callable[[bytearray, random.Random], object]
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("people",),
    ("recall", "maya"),
    ("note", "tea with Maya"),
    ("find", "tea"),
)


def flip_bits(book: bytearray, chance: random.Random) -> None:
    """Flip a hundred bits in one page, as a failing disk does."""
    page = chance.randrange(len(book) // 4096) * 4096
    for _ in range(100):
        book[page + chance.randrange(4096)] ^= 1 << chance.randrange(8)


def change_bytes(book: bytearray, chance: random.Random) -> None:
    """Change some bytes anywhere."""
    for _ in range(chance.choice((1, 5, 40))):
        book[chance.randrange(len(book))] = chance.randrange(256)


def change_header(book: bytearray, chance: random.Random) -> None:
    """Change some bytes in the header of the file."""
    for _ in range(chance.choice((1, 4))):
        book[chance.randrange(120)] = chance.randrange(256)


def truncate(book: bytearray, chance: random.Random) -> None:
    """Cut off the end."""
    del book[chance.randrange(1, len(book)) :]


def wipe_pages(book: bytearray, chance: random.Random) -> None:
    """Set whole pages to zero."""
    for _ in range(chance.choice((1, 3))):
        page = chance.randrange(len(book) // 4096) * 4096
        book[page : page + 4096] = bytes(4096)


def swap_pages(book: bytearray, chance: random.Random) -> None:
    """Swap two pages."""
    a, b = (chance.randrange(len(book) // 4096) * 4096 for _ in range(2))
    book[a : a + 4096], book[b : b + 4096] = book[b : b + 4096], book[a : a + 4096]


DAMAGES: tuple[Damage, ...] = (
    flip_bits,
    change_bytes,
    change_header,
    truncate,
    wipe_pages,
    swap_pages,
)


@pytest.fixture
def grown(book: Path) -> Path:
    """Return a book of many pages, with a Maya in it."""
    grow(book, people=60, notes=200, links=100, seed=3)
    return book


def find_faults(book: Path, kin: Kin, times: int, seed: int) -> tuple[int, list[str]]:
    """Damage the book this many times, in different ways; return how often it was refused, and all faults."""
    good, chance = book.read_bytes(), random.Random(seed)
    refused, found = 0, []
    for number in range(times):
        damage = DAMAGES[number % len(DAMAGES)]
        bad = bytearray(good)
        damage(bad, chance)
        book.write_bytes(bad)
        for words in COMMANDS:
            before = print_of(book)
            result = kin(*words)
            refused += result.code == 5
            fault = describe_fault(result.code, result.err, print_of(book) == before, words)
            found += [f"{number} {damage} {words}: {fault}"] if fault else []
            if result.code == 0 and words[0] == "note":
                book.write_bytes(bad)
    return refused, found


def describe_fault(code: int, message: str, is_unchanged: bool, words: tuple[str, ...]) -> str:
    """Return what is wrong with the result on a damaged book, or "": it must be refused, or not have met the damage."""
    if code not in (0, 3, 4, 5) or "bug" in message or "Traceback" in message:
        return f"{code} {message}"
    if not is_unchanged and (code == 5 or words[0] != "note"):
        return f"overwritten: {code} {message}"
    if code == 5 and not any(hint in message for hint in HINTS):
        return f"nothing to do next: {message}"
    return ""


HINTS = ("kin restore", "was not changed", "Upgrade kin", "permissions")


def test_a_damaged_book_is_reported_and_not_made_worse(grown: Path, kin: Kin) -> None:
    refused, found = find_faults(grown, kin, 18, seed=1)
    assert (found, refused > 0) == ([], True)


@pytest.mark.long
def test_nine_hundred_damaged_books_are_reported_and_not_made_worse(grown: Path, kin: Kin) -> None:
    refused, found = find_faults(grown, kin, 900, seed=2)
    print(refused)
    assert found == []
    assert refused > 900


@pytest.mark.parametrize("how", [*NOT_BOOKS, "empty"])
def test_a_file_that_is_not_a_book_is_not_changed(how: str, grown: Path, kin: Kin) -> None:
    assert kin("backup").code == 0
    bad = NOT_BOOKS[how](grown.read_bytes()) if how != "empty" else b""
    grown.write_bytes(bad)
    for words in COMMANDS:
        result = kin(*words)
        assert not describe_fault(result.code, result.err, grown.read_bytes() == bad, words), result
        assert result.code == 5 or how == "an odd end", result  # the end may be unused
        if result.code == 0:
            grown.write_bytes(bad)


ON_A_LOST_BOOK = (
    "|people|people --json|recall tom|today|upcoming|interests|notes|find tea|history|undo|backup|"
    "export --to x.json|import people.csv --yes|import people.csv --dry-run|add New|note tea|note tea --dry-run|"
    "me|me --into kites|edit maya --lives Porto|forget maya --yes|tie maya tom --as friend|ask maya why|doctor"
)


@pytest.mark.parametrize("how", ["empty", "gone"])
def test_a_lost_book_with_a_backup_is_not_a_first_run(how: str, grown: Path, kin: Kin) -> None:
    assert kin("backup").code == 0
    people = grown.with_name("people.csv")
    people.write_text("Name\nAda Lovelace\n")
    grown.unlink()
    if how == "empty":
        grown.touch()
    before = sorted(grown.parent.rglob("*"))
    for line in ON_A_LOST_BOOK.split("|"):
        result = kin(*line.replace("people.csv", str(people)).split())
        message = " ".join((result.out if line == "doctor" else result.err).split())
        assert result.code == 5, (line, result)
        for word in (how, "there is a backup of 2026-11-23", "kin restore", "--db"):
            assert word in message, (line, result)
        assert sorted(grown.parent.rglob("*")) == before, line
    assert how == "gone" or grown.read_bytes() == b""
    assert kin("restore", "2026-11-23", "--yes").code == 0
    assert kin("recall", "maya").code in (0, 4)


def test_without_the_book_other_commands_work(grown: Path, kin: Kin) -> None:
    assert kin("backup").code == 0
    grown.unlink()
    result = kin("__complete", "bash", stdin="kin\0recall\0m\0")
    assert (result.code, result.out, result.err) == (0, "", "")
    for words in (["restore"], ["demo"], ["completion", "bash"], ["--version"]):
        assert kin(*words).code == 0, words
    assert kin("add", "Ada", "--db", str(grown.with_name("new.db"))).code == 0
    (grown.parent / "backups").rename(grown.parent / "old")
    assert kin("add", "Ada").code == 0


def test_a_lost_book_with_a_damaged_copy_is_not_a_first_run(
    grown: Path, kin: Kin, tmp_path: Path
) -> None:
    assert kin("backup", "--to", str(tmp_path / "stick")).code == 0
    grown.write_text("once upon a time")
    assert kin("restore", str(tmp_path / "stick"), "--yes").code == 0
    grown.unlink()
    result = kin("add", "Ada")
    assert (result.code, "a damaged copy of 2026-11-23" in result.err) == (5, True)
    assert kin("restore", str(tmp_path / "stick"), "--yes").code == 0
    assert kin("recall", "maya").code in (0, 4)


@pytest.mark.long
def test_control_without_error_translation_damage_is_a_bug(grown: Path, kin: Kin) -> None:
    with protections.skip_error_translation():
        _, found = find_faults(grown, kin, 36, seed=1)
    assert found


@pytest.mark.long
def test_control_starting_a_new_book_overwrites_the_damaged_one(
    grown: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start_new_book(path: Path, *_: object) -> bool:
        if not path.read_bytes().startswith(b"SQLite format 3\0"):
            path.write_bytes(b"")
        return bool(path.stat().st_size)

    monkeypatch.setattr("kin.book.connection.book_exists", start_new_book)
    _, found = find_faults(grown, kin, 36, seed=1)
    assert found
