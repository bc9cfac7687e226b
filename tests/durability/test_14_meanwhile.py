"""Acceptance 14: while a pager, a prompt or an editor is open, the book is not locked."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from kin.book import connection, session as book_session
from kin.formats.editor_card import Card
from kin.people import service as people_service
from tests.durability import writes
from tests.make import grow
from tests.terminal import Answer, beside, ended, on_terminal, program

SHOWN = "SHOWN"
WAITS = (f"printf {SHOWN} >/dev/tty", "read line </dev/tty")
# What waits: the command, and the texts on its screen with the answers.
MOMENTS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "pager of people": (["people", "-n", "0"], [(SHOWN, "")]),
    "pager of notes": (["notes", "-n", "0"], [(SHOWN, "")]),
    "pager of a find": (["find", "coffee", "-n", "0"], [(SHOWN, "")]),
    "questions of add": (
        ["add"],
        [
            ("Who did you", "Eva"),
            ("What are they", "tea"),
            ("Where do", "cats"),
            ("How did", "in rain"),
        ],
    ),
    "choice of a person": (["note", "tea with Tom"], [("Which one", "1")]),
    "question of forget": (["forget", "maya zero"], [("?", "n")]),
    "editor of a card": (["edit", "maya zero"], [(SHOWN, "")]),
    "editor of a note": (["note"], [(SHOWN, "")]),
}


@pytest.fixture
def crowd(book: Path) -> Path:
    """Return a book with more people and notes than a screen has lines, and two people called Tom."""
    grow(book, people=60, notes=120, links=60, seed=2)
    with book_session.open_for_writing(book, writes.TODAY) as session:
        for name in ("Maya Zero", "Tom One", "Tom Two"):
            people_service.add_person(session, Card(name=name), today=writes.TODAY)
    return book


def find_faults(
    book: Path, tmp_path: Path, words: Sequence[str], answers: list[tuple[str, str]]
) -> list[str]:
    """Wait at each prompt; return what another process could not do meanwhile."""
    faults = []
    tried = 0

    def act_meanwhile(answer: str) -> Answer:
        def act() -> str:
            nonlocal tried
            tried += 1
            faults.extend(_check_unlocked(book))
            if code := ended(beside(["add", f"Ada Number{tried}"])):
                faults.append(f"add ended with {code}")
            return answer

        return act

    waiting = program(
        tmp_path / "waiting",
        *WAITS,
        'test -n "$1" || cat',
        'test -z "$1" || echo "tea with Maya" >> "$1"',
    )
    seen = on_terminal(
        words,
        [(question, act_meanwhile(answer)) for question, answer in answers],
        environment={"EDITOR": waiting, "PAGER": waiting},
    )
    faults += [] if tried == len(answers) else [f"asked {tried} times"]
    faults += writes.check_integrity(book)
    return faults + ([f"a bug: {seen.screen}"] if "bug in kin" in seen.screen else [])


def _check_unlocked(book: Path) -> list[str]:
    """Return the error if any process has a lock on the book, even a reader."""
    with closing(sqlite3.connect(book, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            return [str(error)]
        db.execute("ROLLBACK")
    return []


@pytest.mark.parametrize("moment", MOMENTS)
def test_another_process_can_write_while_one_waits(
    moment: str, crowd: Path, tmp_path: Path
) -> None:
    assert find_faults(crowd, tmp_path, *MOMENTS[moment]) == []


@contextmanager
def open_and_leave(path: Path, today: date) -> Iterator[sqlite3.Connection]:
    """Open the book to read, and leave the transaction open."""
    db = book_session._connect_to_read(path, today)
    db.execute("BEGIN")
    db.execute("SELECT id FROM person").fetchone()
    LEFT_OPEN.append(db)
    yield db


LEFT_OPEN: list[sqlite3.Connection] = []


@pytest.mark.long
@pytest.mark.parametrize("moment", ["pager of people", "question of forget", "editor of a card"])
def test_control_an_open_reader_blocks_others(
    moment: str, crowd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_session, "open_for_reading", open_and_leave)
    monkeypatch.setattr(connection, "WRITE_TIMEOUT", 0.2)
    found = find_faults(crowd, tmp_path, *MOMENTS[moment])
    assert any("locked" in fault for fault in found)
    assert any("add ended with 5" in fault for fault in found)
