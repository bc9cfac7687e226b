"""An older book comes to the newest schema by numbered steps, once, whole, or not at all.

While only one schema exists, the step is a made-up one (tests/older.py). From the first release on, a book of
every released schema stays in tests/fixtures and goes through the same tests.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kin.book import migrations, schema, session as store
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.schema import made_from_models
from tests.terminal import at_once

TODAY = date(2026, 11, 23)


def schema_of(book: Path) -> list[tuple[str, str, str]]:
    """Return all that a book is made of, by name; what SQLite keeps for itself is left out."""
    with closing(sqlite3.connect(book)) as db:
        return db.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        ).fetchall()


def version(book: Path) -> int:
    """Return the number of a book's schema."""
    with closing(sqlite3.connect(book)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def rows(book: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return every row of every table that people fill."""
    tables = [
        name
        for kind, name, _ in schema_of(book)
        if kind == "table" and not name.startswith("search")
    ]
    with closing(sqlite3.connect(book)) as db:
        return {name: set(db.execute(f"SELECT * FROM {name}")) for name in tables}


@pytest.fixture
def old(book: Path, ahead: None) -> Path:
    """Return an older book, in the place of this test's, for a kin that knows one schema more."""
    shutil.copy(old_book(), book)
    book.chmod(0o600)
    return book


def test_the_schema_that_kin_ships_is_the_one_that_the_models_make() -> None:
    assert schema.statements(migrations.NEWEST) == made_from_models()


def test_a_new_book_has_the_schema_of_the_file(kin: Kin, book: Path) -> None:
    assert kin("add", "Ada").code == 0
    made = {
        sql
        for _, name, sql in schema_of(book)
        if not name.startswith("search_") or sql.startswith("CREATE VIEW")
    }
    assert made - {None} == set(schema.statements(migrations.NEWEST))


def test_the_older_book_has_something_in_every_table() -> None:
    assert [name for name, found in rows(old_book()).items() if not found] == []


def test_an_older_book_comes_to_the_schema_of_a_fresh_one(
    old: Path, kin: Kin, tmp_path: Path
) -> None:
    before = rows(old)
    assert kin("people").code == 0
    fresh = tmp_path / "fresh.db"
    with store.writing(fresh, TODAY):
        pass
    assert schema_of(old) == schema_of(fresh)
    assert version(old) == version(fresh) == migrations.NEWEST
    assert {name: rows(old)[name] for name in before} == before


def test_an_older_book_can_be_written_on(old: Path, kin: Kin) -> None:
    assert kin("note", "tea with Maya and Tom King about #fado ?did it rain").code == 0
    assert kin("edit", "maya", "--not-into", "fado", "--lives", "Porto").code == 0
    assert kin("heard", "maya", "kiln").code == 0
    assert kin("find", "Porto", "--json").json and not kin("find", "Lisbon", "--json").json
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("INSERT INTO search(search) VALUES ('integrity-check')")  # raises if it is off


def test_a_newer_book_is_not_touched(met: Kin, book: Path) -> None:
    with closing(sqlite3.connect(book)) as db:
        db.execute("PRAGMA user_version = 99")
    before = book.read_bytes(), book.stat().st_mtime_ns
    for words in ([], ["people"], ["recall", "maya"], ["add", "Ada"], ["note", "tea"], ["me"]):
        told = met(*words)
        assert (words, told.code, "newer kin" in told.err) == (words, 5, True)
        assert len(told.err.splitlines()) == 1
    assert met("people", "--json").error["code"] == 5
    assert (book.read_bytes(), book.stat().st_mtime_ns) == before
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


def test_no_step_is_left_out() -> None:
    assert sorted(migrations.STEPS) == list(range(1, migrations.NEWEST))


@pytest.mark.parametrize("words", [["people"], ["add", "Ada"]])
def test_a_read_takes_the_step_as_a_write_does(words: list[str], old: Path, kin: Kin) -> None:
    assert kin(*words).code == 0
    assert version(old) == migrations.NEWEST
    assert "next_year" in [name for _, name, _ in schema_of(old)]


def test_many_who_take_the_step_at_once_take_it_once(old: Path) -> None:
    before = len(rows(old)["conversation"])
    assert at_once(*([["people"], ["note", "tea with Maya"]] for _ in range(4))) == [0] * 4
    assert version(old) == migrations.NEWEST
    assert len(rows(old)["conversation"]) == before + 4


def test_a_step_that_fails_leaves_the_book_as_it_was(
    old: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = dict(migrations.STEPS)
    half_way = steps[migrations.NEWEST - 1]

    def fails(db: sqlite3.Connection) -> None:
        half_way(db)
        raise RuntimeError("secret words")

    monkeypatch.setattr(migrations, "STEPS", steps | {migrations.NEWEST - 1: fails})
    before = old.read_bytes()
    for words in (["people"], ["add", "Ada"]):
        told = kin(*words)
        assert (told.code, "secret" in told.err) == (1, False)
    assert old.read_bytes() == before
