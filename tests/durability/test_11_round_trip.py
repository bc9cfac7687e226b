"""Acceptance 11: exported as JSON, imported into an empty book and exported again, a book is the same to the byte."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kin.formats.records import Question
from kin.transfer import load_book
from tests.conftest import Kin, Result
from tests.make import grow
from tests.terminal import fresh

ENOUGH = 1 << 30  # bytes of memory; 10,000 people need less than half of it


def export_twice(book: Path, kin: Kin) -> tuple[bytes, bytes]:
    """Export the book, import the file into an empty one, and export that; return both files."""
    once, again, other = (book.with_name(name) for name in ("once.json", "again.json", "other.db"))
    for words in (
        ("export", "--to", str(once)),
        ("import", str(once), "--db", str(other)),
        ("export", "--to", str(again), "--db", str(other)),
    ):
        result = kin(*words)
        assert result.code == 0, (words, result.err)
    return once.read_bytes(), again.read_bytes()


def test_a_book_with_everything_comes_back_the_same(met: Kin, book: Path) -> None:
    for words in (
        ("add", "Ana \u202e Ruiz", "--anyway", "--date", "wedding=12 june 2019", "--phone", "1"),
        ("edit", "tom-k", "--into", "chess", "--from", "tom-b"),
        ("answered", "maya", "kiln", "--answer", "it did, “both halves”"),
        ("vocab", "under", "fado", "saudade songs"),
        ("reconnect", "--snooze", "tom-b"),
        ("reconnect",),
        ("introduce", "maya", "tom-b", "--yes-from", "maya"),
        ("share", "a kiln opening", "--sent-to", "maya"),
        ("note", "2026-11-23: two\r\nlines \x1b[2J with Zo\u00eb and e\u0301"),
    ):
        assert met(*words).code == 0, words
    once, again = export_twice(book, met)
    assert once == again


def test_a_generated_book_comes_back_the_same(book: Path, kin: Kin) -> None:
    grow(book, people=150, notes=300, links=300, seed=5)
    once, again = export_twice(book, kin)
    assert once == again


@pytest.mark.parametrize("field", ["answer", "on"])
def test_control_a_field_that_is_not_imported_is_detected(
    field: str, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_question: Callable[..., None] = load_book._load_question

    def drop_field(rows: object, question: Question, *rest: object) -> None:
        load_question(rows, replace(question, **{field: None}), *rest)  # type: ignore[arg-type]

    met("answered", "maya", "kiln", "--answer", "it did")
    monkeypatch.setattr(load_book, "_load_question", drop_field)
    once, again = export_twice(book, met)
    assert once != again


@pytest.mark.long
def test_ten_thousand_people_come_back_the_same(book: Path) -> None:
    grow(book, people=10_000, notes=50_000, links=50_000, seed=6)
    once, again = export_twice(book, run_measured)
    assert once == again
    assert once.count(b"\n") > 10_000 or len(once) > 10_000_000


def run_measured(*words: str) -> Result:
    """Run kin in a separate interpreter, and print the time and memory it takes."""
    started = time.monotonic()
    child = os.spawnve(os.P_NOWAIT, sys.executable, [sys.executable, "-m", "kin", *words], fresh())
    _, status, used = os.wait4(child, 0)
    peak = used.ru_maxrss * 1024
    print(
        f"{words[0]}: {time.monotonic() - started:.1f} s, CPU {used.ru_utime:.1f} s, {peak >> 20} MB"
    )
    assert peak < ENOUGH
    return Result(os.waitstatus_to_exitcode(status), "", "")
