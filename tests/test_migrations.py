"""A book of every schema that was ever released opens, with all that stood in it."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kin import migrations, store
from tests.conftest import Kin
from tests.terminal import at_once

TODAY = date(2026, 11, 23)
FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = range(1, migrations.NEWEST + 1)


def schema(book: Path) -> list[tuple[str, str, str]]:
    """Return all that a book is made of, by name; what SQLite keeps for itself is left out."""
    with closing(sqlite3.connect(book)) as db:
        return db.execute(
            "SELECT type, name, trim(sql, char(10)) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        ).fetchall()


def version(book: Path) -> int:
    """Return the number of a book's schema."""
    with closing(sqlite3.connect(book)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def rows(book: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return every row of every table that people fill."""
    tables = [
        name for kind, name, _ in schema(book) if kind == "table" and not name.startswith("search")
    ]
    with closing(sqlite3.connect(book)) as db:
        return {name: set(db.execute(f"SELECT * FROM {name}")) for name in tables}


@pytest.fixture
def first(book: Path) -> Path:
    """Return a book as the first release left it."""
    shutil.copy(FIXTURES / "book-v1.db", book)
    book.chmod(0o600)
    return book


@pytest.mark.parametrize("number", VERSIONS)
def test_every_schema_has_a_book_with_something_in_every_table(number: int) -> None:
    kept = FIXTURES / f"book-v{number}.db"
    assert version(kept) == number
    assert [name for name, found in rows(kept).items() if not found] == []


@pytest.mark.parametrize("number", VERSIONS)
def test_an_older_book_comes_to_the_schema_of_a_fresh_one(
    number: int, kin: Kin, book: Path, tmp_path: Path
) -> None:
    shutil.copy(FIXTURES / f"book-v{number}.db", book)
    before = rows(book)
    assert kin("people").code == 0
    fresh = tmp_path / "fresh.db"
    with store.writing(fresh, TODAY):
        pass
    assert schema(book) == schema(fresh)
    assert version(book) == version(fresh) == migrations.NEWEST
    assert {name: rows(book)[name] for name in before} == before


def test_all_that_stood_in_the_first_book_is_told(first: Path, kin: Kin) -> None:
    maya = kin("recall", "maya", "--json").json
    assert maya["person"]["name"] == "Maya Okafor"
    assert maya["person"]["met"]["story"] == "at the open kiln,\nlaughing"
    assert [each["text"] for each in maya["threads"]] == [
        "did the kiln survive",
        "how was the concert",
    ]
    assert [each["key"] for each in maya["shared"]] == ["pottery"]
    assert maya["ties"] and maya["dates"]
    texts = [each["text"] for each in kin("talks", "--json").json]
    assert texts[-1] == "october 2025: tea with Zoë\r\n\t\x1b[2J \u202e kept as typed"
    for words in ("kiln", "marathon", "rain", "陶芸", "lisbon"):
        assert kin("find", words, "--json").json, words
    assert [each["handle"] for each in kin("people", "--json").json] == [
        *("maya-o", "tom-b", "tom-k", "zoe-o", "小林-さ")
    ]


def test_the_first_book_can_be_written_on(first: Path, kin: Kin) -> None:
    assert kin("note", "tea with Maya and Tom King about #fado ?did it rain").code == 0
    assert kin("edit", "maya", "--not-into", "fado", "--lives", "Porto").code == 0
    assert kin("heard", "maya", "kiln").code == 0
    assert kin("find", "Porto", "--json").json and not kin("find", "Lisbon", "--json").json
    with closing(sqlite3.connect(first)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("INSERT INTO search(search) VALUES ('integrity-check')")  # raises if it is off


def test_a_newer_book_is_not_touched(first: Path, kin: Kin) -> None:
    with closing(sqlite3.connect(first)) as db:
        db.execute("PRAGMA user_version = 99")
    before = first.read_bytes(), first.stat().st_mtime_ns
    for words in ([], ["people"], ["recall", "maya"], ["add", "Ada"], ["note", "tea"], ["me"]):
        told = kin(*words)
        assert (words, told.code, "newer kin" in told.err) == (words, 5, True)
        assert len(told.err.splitlines()) == 1
    assert kin("people", "--json").error["code"] == 5
    assert (first.read_bytes(), first.stat().st_mtime_ns) == before
    assert [path.name for path in first.parent.iterdir()] == ["book.db"]


def test_no_step_is_left_out() -> None:
    assert sorted(migrations.STEPS) == list(VERSIONS)[:-1]


# The way a step is taken, shown with one that is not released.


@pytest.fixture
def a_step_ahead(first: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the first book, read by a kin that knows one schema more."""

    def step(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE next_year (plan TEXT)")
        db.execute("UPDATE person SET lives = 'elsewhere' WHERE lives IS NULL")

    ahead = migrations.NEWEST + 1
    steps = {**migrations.STEPS, migrations.NEWEST: step}
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations, "NEWEST", ahead)
    return first


@pytest.mark.parametrize("words", [["people"], ["add", "Ada"]])
def test_a_read_takes_the_step_as_a_write_does(
    words: list[str], a_step_ahead: Path, kin: Kin
) -> None:
    assert kin(*words).code == 0
    assert version(a_step_ahead) == migrations.NEWEST
    assert "next_year" in [name for _, name, _ in schema(a_step_ahead)]


def test_many_who_take_the_step_at_once_take_it_once(a_step_ahead: Path) -> None:
    assert at_once(*([["people"], ["note", "tea with Maya"]] for _ in range(4))) == [0] * 4
    assert version(a_step_ahead) == migrations.NEWEST
    assert len(rows(a_step_ahead)["conversation"]) == 7


def test_a_step_that_fails_leaves_the_book_as_it_was(
    a_step_ahead: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = dict(migrations.STEPS)
    half_way = steps[migrations.NEWEST - 1]

    def fails(db: sqlite3.Connection) -> None:
        half_way(db)
        raise RuntimeError("secret words")

    monkeypatch.setattr(migrations, "STEPS", steps | {migrations.NEWEST - 1: fails})
    before = a_step_ahead.read_bytes()
    for words in (["people"], ["add", "Ada"]):
        told = kin(*words)
        assert (told.code, "secret" in told.err) == (1, False)
    assert a_step_ahead.read_bytes() == before
