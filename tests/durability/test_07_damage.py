"""Acceptance 7: a damaged book is no bug, is not overwritten, and is no book that kin makes worse."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.durability import protections
from tests.make import grow
from tests.test_bookfile import NO_BOOKS
from tests.test_store import print_of

Damage = Callable[[bytearray, random.Random], object]
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("people",),
    ("recall", "maya"),
    ("note", "tea with Maya"),
    ("find", "tea"),
)


def flip_bits(book: bytearray, chance: random.Random) -> None:
    """Turn one bit in a hundred places of one page, as a dying disk does."""
    page = chance.randrange(len(book) // 4096) * 4096
    for _ in range(100):
        book[page + chance.randrange(4096)] ^= 1 << chance.randrange(8)


def change_bytes(book: bytearray, chance: random.Random) -> None:
    """Change some bytes anywhere."""
    for _ in range(chance.choice((1, 5, 40))):
        book[chance.randrange(len(book))] = chance.randrange(256)


def change_header(book: bytearray, chance: random.Random) -> None:
    """Change some bytes where the first page says what the file is."""
    for _ in range(chance.choice((1, 4))):
        book[chance.randrange(120)] = chance.randrange(256)


def cut(book: bytearray, chance: random.Random) -> None:
    """Cut the end off."""
    del book[chance.randrange(1, len(book)) :]


def wipe(book: bytearray, chance: random.Random) -> None:
    """Set whole pages to zero."""
    for _ in range(chance.choice((1, 3))):
        page = chance.randrange(len(book) // 4096) * 4096
        book[page : page + 4096] = bytes(4096)


def swap(book: bytearray, chance: random.Random) -> None:
    """Exchange two pages."""
    a, b = (chance.randrange(len(book) // 4096) * 4096 for _ in range(2))
    book[a : a + 4096], book[b : b + 4096] = book[b : b + 4096], book[a : a + 4096]


DAMAGES: tuple[Damage, ...] = (flip_bits, change_bytes, change_header, cut, wipe, swap)


@pytest.fixture
def grown(book: Path) -> Path:
    """Return a book of many pages, with a Maya in it."""
    grow(book, people=60, notes=200, links=100, seed=3)
    return book


def faults(book: Path, kin: Kin, times: int, seed: int) -> tuple[int, list[str]]:
    """Damage the book so often, each time in another way; return how often it was refused, and all faults."""
    good, chance = book.read_bytes(), random.Random(seed)
    refused, found = 0, []
    for number in range(times):
        damage = DAMAGES[number % len(DAMAGES)]
        bad = bytearray(good)
        damage(bad, chance)
        book.write_bytes(bad)
        for words in COMMANDS:
            before = print_of(book)
            told = kin(*words)
            refused += told.code == 5
            fault = wrong(told.code, told.err, print_of(book) == before, words)
            found += [f"{number} {damage} {words}: {fault}"] if fault else []
            if told.code == 0 and words[0] == "note":
                book.write_bytes(bad)
    return refused, found


def wrong(code: int, said: str, untouched: bool, words: tuple[str, ...]) -> str:
    """Tell what is wrong with an answer about a damaged book: it is refused, or the damage was not met."""
    if code not in (0, 3, 4, 5) or "bug" in said or "Traceback" in said:
        return f"{code} {said}"
    if not untouched and (code == 5 or words[0] != "note"):
        return f"overwritten: {code} {said}"
    if code == 5 and not any(hint in said for hint in HINTS):
        return f"nothing to do next: {said}"
    return ""


HINTS = ("Put a copy of the book back", "kin restore", "was not touched", "Upgrade kin", "rights")


def test_a_damaged_book_is_said_and_not_made_worse(grown: Path, kin: Kin) -> None:
    refused, found = faults(grown, kin, 18, seed=1)
    assert (found, refused > 0) == ([], True)


@pytest.mark.long
def test_nine_hundred_damaged_books_are_said_and_not_made_worse(grown: Path, kin: Kin) -> None:
    refused, found = faults(grown, kin, 900, seed=2)
    print(refused)
    assert found == []
    assert refused > 900


@pytest.mark.parametrize("how", [*NO_BOOKS, "empty"])
def test_what_is_no_book_stays_as_it_is(how: str, grown: Path, kin: Kin) -> None:
    assert kin("backup").code == 0
    bad = NO_BOOKS[how](grown.read_bytes()) if how != "empty" else b""
    grown.write_bytes(bad)
    for words in COMMANDS:
        told = kin(*words)
        assert not wrong(told.code, told.err, grown.read_bytes() == bad, words), told
        assert told.code == 5 or how == "an odd end", told  # nobody may miss an end
        if told.code == 0:
            grown.write_bytes(bad)


ON_A_LOST_BOOK = (
    "|people|people --json|recall tom|today|upcoming|interests|talks|find tea|history|undo|backup|"
    "export --to x.json|import people.csv --yes|import people.csv --dry-run|add New|note tea|note tea --dry-run|"
    "me|me --into kites|edit maya --lives Porto|forget maya --yes|tie maya tom --as friend|ask maya why|doctor"
)


@pytest.mark.parametrize("how", ["empty", "gone"])
def test_a_lost_book_with_a_backup_is_no_first_run(how: str, grown: Path, kin: Kin) -> None:
    assert kin("backup").code == 0
    people = grown.with_name("people.csv")
    people.write_text("Name\nAda Lovelace\n")
    grown.unlink()
    if how == "empty":
        grown.touch()
    before = sorted(grown.parent.rglob("*"))
    for line in ON_A_LOST_BOOK.split("|"):
        told = kin(*line.replace("people.csv", str(people)).split())
        said = " ".join((told.out if line == "doctor" else told.err).split())
        assert told.code == 5, (line, told)
        for word in (how, "a backup of 2026-11-23 is there", "kin restore", "--db"):
            assert word in said, (line, told)
        assert sorted(grown.parent.rglob("*")) == before, line
    assert how == "gone" or grown.read_bytes() == b""
    assert kin("restore", "2026-11-23", "--yes").code == 0
    assert kin("recall", "maya").code in (0, 4)


def test_a_lost_book_leaves_the_rest_as_it_was(grown: Path, kin: Kin) -> None:
    assert kin("backup").code == 0
    grown.unlink()
    told = kin("__complete", "bash", stdin="kin\0recall\0m\0")
    assert (told.code, told.out, told.err) == (0, "", "")
    for words in (["restore"], ["demo"], ["completion", "bash"], ["--version"]):
        assert kin(*words).code == 0, words
    assert kin("add", "Ada", "--db", str(grown.with_name("new.db"))).code == 0
    (grown.parent / "backups").rename(grown.parent / "old")
    assert kin("add", "Ada").code == 0


def test_a_book_of_which_only_a_damaged_copy_is_left_is_no_first_run(
    grown: Path, kin: Kin, tmp_path: Path
) -> None:
    assert kin("backup", "--to", str(tmp_path / "stick")).code == 0
    grown.write_text("once upon a time")
    assert kin("restore", str(tmp_path / "stick"), "--yes").code == 0
    grown.unlink()
    told = kin("add", "Ada")
    assert (told.code, "a damaged copy of 2026-11-23" in told.err) == (5, True)
    assert kin("restore", str(tmp_path / "stick"), "--yes").code == 0
    assert kin("recall", "maya").code in (0, 4)


@pytest.mark.long
def test_control_without_words_for_them_damages_are_bugs(grown: Path, kin: Kin) -> None:
    with protections.nothing_in_words():
        _, found = faults(grown, kin, 36, seed=1)
    assert found


@pytest.mark.long
def test_control_a_kin_that_begins_anew_overwrites(
    grown: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin_anew(path: Path, *_: object) -> bool:
        if not path.read_bytes().startswith(b"SQLite format 3\0"):
            path.write_bytes(b"")
        return bool(path.stat().st_size)

    monkeypatch.setattr("kin.book.file_checks.is_there", begin_anew)
    _, found = faults(grown, kin, 36, seed=1)
    assert found
