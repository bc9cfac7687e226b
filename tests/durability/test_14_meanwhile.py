"""Acceptance 14: while a pager, a question or an editor waits for its owner, nobody else waits for the book."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from kin.book import connection as opening, session as store
from kin.formats.card import Card
from kin.people import service as people
from tests.durability import writes
from tests.make import grow
from tests.terminal import Answer, beside, ended, on_terminal, program

SHOWN = "SHOWN"
WAITS = (f"printf {SHOWN} >/dev/tty", "read line </dev/tty")
# What waits: the command, what its screen says then, and what is answered in the end.
MOMENTS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "pager of people": (["people", "-n", "0"], [(SHOWN, "")]),
    "pager of talks": (["talks", "-n", "0"], [(SHOWN, "")]),
    "pager of a find": (["find", "coffee", "-n", "0"], [(SHOWN, "")]),
    "questions of add": (
        ["add"],
        [("Who did you", "Eva"), ("What lit", "tea"), ("Where do", "cats"), ("How did", "in rain")],
    ),
    "choice of a person": (["note", "tea with Tom"], [("Which one", "1")]),
    "question of forget": (["forget", "maya zero"], [("?", "n")]),
    "editor of a card": (["edit", "maya zero"], [(SHOWN, "")]),
    "editor of a note": (["note"], [(SHOWN, "")]),
}


@pytest.fixture
def crowd(book: Path) -> Path:
    """Return a book with more in it than a screen has lines, and two by the name of Tom."""
    grow(book, people=60, notes=120, links=60, seed=2)
    with store.writing(book, writes.TODAY) as session:
        for name in ("Maya Zero", "Tom One", "Tom Two"):
            people.add(session, Card(name=name), today=writes.TODAY)
    return book


def faults(
    book: Path, tmp_path: Path, words: Sequence[str], answers: list[tuple[str, str]]
) -> list[str]:
    """Wait at each question; tell what another could not do meanwhile."""
    found = []
    tried = 0

    def meanwhile(answer: str) -> Answer:
        def other() -> str:
            nonlocal tried
            tried += 1
            found.extend(_locked(book))
            if code := ended(beside(["add", f"Ada Number{tried}"])):
                found.append(f"add ended with {code}")
            return answer

        return other

    waiting = program(
        tmp_path / "waiting",
        *WAITS,
        'test -n "$1" || cat',
        'test -z "$1" || echo "tea with Maya" >> "$1"',
    )
    seen = on_terminal(
        words,
        [(question, meanwhile(answer)) for question, answer in answers],
        environment={"EDITOR": waiting, "PAGER": waiting},
    )
    found += [] if tried == len(answers) else [f"asked {tried} times"]
    found += writes.unsound(book)
    return found + ([f"a bug: {seen.screen}"] if "bug in kin" in seen.screen else [])


def _locked(book: Path) -> list[str]:
    """Tell who holds the book: even a reader would keep this lock away."""
    with closing(sqlite3.connect(book, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            return [str(error)]
        db.execute("ROLLBACK")
    return []


@pytest.mark.parametrize("moment", MOMENTS)
def test_another_can_write_while_one_waits(moment: str, crowd: Path, tmp_path: Path) -> None:
    assert faults(crowd, tmp_path, *MOMENTS[moment]) == []


@contextmanager
def left_open(path: Path, today: date) -> Iterator[sqlite3.Connection]:
    """Open the book to read, and forget to close what was begun."""
    db = store._open_to_read(path, today)
    db.execute("BEGIN")
    db.execute("SELECT id FROM person").fetchone()
    LEFT.append(db)
    yield db


LEFT: list[sqlite3.Connection] = []


@pytest.mark.long
@pytest.mark.parametrize("moment", ["pager of people", "question of forget", "editor of a card"])
def test_control_a_reader_that_is_left_open_keeps_others_waiting(
    moment: str, crowd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "reading", left_open)
    monkeypatch.setattr(opening, "WRITE_PATIENCE", 0.2)
    found = faults(crowd, tmp_path, *MOMENTS[moment])
    assert any("locked" in fault for fault in found)
    assert any("add ended with 5" in fault for fault in found)
