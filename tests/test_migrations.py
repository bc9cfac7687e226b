"""Migrations: an older book is upgraded to the newest schema by numbered steps, completely or not at all.

While only one schema exists, the step is made up (tests/older.py). From the first release on, a book of every released
schema stays in tests/fixtures and goes through the same tests.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kin.book import schema, session
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.schema import build_from_models
from tests.terminal import at_once

TODAY = date(2026, 11, 23)


def read_schema(book: Path) -> list[tuple[str, str, str]]:
    """Return the parts of a schema by name, without SQLite's internal ones."""
    with closing(sqlite3.connect(book)) as db:
        return db.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        ).fetchall()


def read_version(book: Path) -> int:
    """Return the schema version of a book."""
    with closing(sqlite3.connect(book)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def read_rows(book: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return every row of every table, without the search index."""
    tables = [
        name
        for kind, name, _ in read_schema(book)
        if kind == "table" and not name.startswith("search")
    ]
    with closing(sqlite3.connect(book)) as db:
        return {name: set(db.execute(f"SELECT * FROM {name}")) for name in tables}


@pytest.fixture
def old(book: Path, ahead: None) -> Path:
    """Return an older book as the book of this test, for a kin with one more schema version."""
    shutil.copy(old_book(), book)
    book.chmod(0o600)
    return book


def test_the_shipped_schema_is_made_from_the_models() -> None:
    assert schema.read_schema_statements(schema.NEWEST_VERSION) == build_from_models()


def test_a_new_book_has_the_shipped_schema(kin: Kin, book: Path) -> None:
    assert kin("add", "Ada").code == 0
    made = {
        sql
        for _, name, sql in read_schema(book)
        if not name.startswith("search_") or sql.startswith("CREATE VIEW")
    }
    assert made - {None} == set(schema.read_schema_statements(schema.NEWEST_VERSION))


def test_the_older_book_has_rows_in_every_table() -> None:
    assert [name for name, rows in read_rows(old_book()).items() if not rows] == []


def test_an_upgraded_book_has_the_schema_of_a_new_one(old: Path, kin: Kin, tmp_path: Path) -> None:
    before = read_rows(old)
    assert kin("people").code == 0
    fresh = tmp_path / "fresh.db"
    with session.open_for_writing(fresh, TODAY):
        pass
    assert read_schema(old) == read_schema(fresh)
    assert read_version(old) == read_version(fresh) == schema.NEWEST_VERSION
    assert {name: read_rows(old)[name] for name in before} == before


def test_an_upgraded_book_can_be_written(old: Path, kin: Kin) -> None:
    assert kin("note", "tea with Maya and Tom King about #fado ?did it rain").code == 0
    assert kin("edit", "maya", "--not-into", "fado", "--lives", "Porto").code == 0
    assert kin("answered", "maya", "kiln").code == 0
    assert kin("find", "Porto", "--json").json and not kin("find", "Lisbon", "--json").json
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute(
            "INSERT INTO search(search) VALUES ('integrity-check')"
        )  # raises if it does not match


def test_a_newer_book_is_not_changed(met: Kin, book: Path) -> None:
    with closing(sqlite3.connect(book)) as db:
        db.execute("PRAGMA user_version = 99")
    before = book.read_bytes(), book.stat().st_mtime_ns
    for words in ([], ["people"], ["recall", "maya"], ["add", "Ada"], ["note", "tea"], ["me"]):
        result = met(*words)
        assert (words, result.code, "newer version of kin" in result.err) == (words, 5, True)
        assert len(result.err.splitlines()) == 1
    assert met("people", "--json").error["code"] == 5
    assert (book.read_bytes(), book.stat().st_mtime_ns) == before
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


def test_no_migration_is_missing() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.NEWEST_VERSION))


@pytest.mark.parametrize("words", [["people"], ["add", "Ada"]])
def test_a_read_upgrades_the_book_as_a_write_does(words: list[str], old: Path, kin: Kin) -> None:
    assert kin(*words).code == 0
    assert read_version(old) == schema.NEWEST_VERSION
    assert "next_year" in [name for _, name, _ in read_schema(old)]


def test_several_processes_upgrade_the_book_once(old: Path) -> None:
    before = len(read_rows(old)["note"])
    assert at_once(*([["people"], ["note", "tea with Maya"]] for _ in range(4))) == [0] * 4
    assert read_version(old) == schema.NEWEST_VERSION
    assert len(read_rows(old)["note"]) == before + 4


def test_a_failed_migration_leaves_the_book_unchanged(
    old: Path, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = dict(schema.MIGRATIONS)
    complete_step = steps[schema.NEWEST_VERSION - 1]

    def fails(db: sqlite3.Connection) -> None:
        complete_step(db)
        raise RuntimeError("secret words")

    monkeypatch.setattr(schema, "MIGRATIONS", steps | {schema.NEWEST_VERSION - 1: fails})
    before = old.read_bytes()
    for words in (["people"], ["add", "Ada"]):
        result = kin(*words)
        assert (result.code, "secret" in result.err) == (1, False)
    assert old.read_bytes() == before
