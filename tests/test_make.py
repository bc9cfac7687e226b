"""The tool that generates books: any size, and the same seed gives the same book."""

import sqlite3
from pathlib import Path

import pytest

from kin.book import schema
from tests.make import main


def test_the_book_has_the_requested_numbers(tmp_path: Path) -> None:
    path = tmp_path / "grown.db"
    assert (
        main([str(path), "--people", "200", "--notes", "900", "--links", "700", "--seed", "5"]) == 0
    )
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM person WHERE is_me = 0").fetchone() == (200,)
        assert db.execute("SELECT count(*) FROM note").fetchone() == (900,)
        assert db.execute(
            "SELECT count(*) FROM person_interest WHERE person_id <> 1"
        ).fetchone() == (700,)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


def test_the_same_seed_generates_the_same_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "new_uid", lambda: "urn:uuid:owner")
    dumps = []
    for name in ("one.db", "two.db"):
        main(
            [
                str(tmp_path / name),
                "--people",
                "50",
                "--notes",
                "100",
                "--links",
                "90",
                "--seed",
                "7",
            ]
        )
        with sqlite3.connect(tmp_path / name) as db:
            dumps.append([row for row in db.iterdump() if "search" not in row])
        db.close()
    assert dumps[0] == dumps[1]
