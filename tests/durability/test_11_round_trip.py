"""Acceptance 11: a book that goes out as JSON and comes into an empty one goes out the same, to the byte."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kin.formats.book import Thread
from kin.transfer import load_book as restoring
from tests.conftest import Kin, Result
from tests.make import grow
from tests.terminal import fresh

ENOUGH = 1 << 30  # bytes of memory: for 10,000 people it needs less than half of that


def there_and_back(book: Path, kin: Kin) -> tuple[bytes, bytes]:
    """Export the book, import that into an empty one, export it again; return both files."""
    once, again, other = (book.with_name(name) for name in ("once.json", "again.json", "other.db"))
    for words in (
        ("export", "--to", str(once)),
        ("import", str(once), "--db", str(other)),
        ("export", "--to", str(again), "--db", str(other)),
    ):
        told = kin(*words)
        assert told.code == 0, (words, told.err)
    return once.read_bytes(), again.read_bytes()


def test_a_book_of_all_kinds_comes_back_as_it_was(met: Kin, book: Path) -> None:
    for words in (
        ("add", "Ana \u202e Ruiz", "--anyway", "--day", "wedding=12 june 2019", "--phone", "1"),
        ("edit", "tom-k", "--into", "chess", "--from", "tom-b"),
        ("heard", "maya", "kiln", "--so", "it did, “both halves”"),
        ("vocab", "under", "fado", "saudade songs"),
        ("reconnect", "--let-rest", "tom-b"),
        ("reconnect",),
        ("introduce", "maya", "tom-b", "--yes-from", "maya"),
        ("share", "a kiln opening", "--sent-to", "maya"),
        ("note", "2026-11-23: two\r\nlines \x1b[2J with Zo\u00eb and e\u0301"),
    ):
        assert met(*words).code == 0, words
    once, again = there_and_back(book, met)
    assert once == again


def test_a_grown_book_comes_back_as_it_was(book: Path, kin: Kin) -> None:
    grow(book, people=150, notes=300, links=300, seed=5)
    once, again = there_and_back(book, kin)
    assert once == again


@pytest.mark.parametrize("forgotten", ["outcome", "due_on"])
def test_control_a_word_that_is_not_brought_back_is_seen(
    forgotten: str, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring: Callable[..., None] = restoring._thread

    def forgetful(rows: object, thread: Thread, *rest: object) -> None:
        bring(rows, replace(thread, **{forgotten: None}), *rest)  # type: ignore[arg-type]

    met("heard", "maya", "kiln", "--so", "it did")
    monkeypatch.setattr(restoring, "_thread", forgetful)
    once, again = there_and_back(book, met)
    assert once != again


@pytest.mark.long
def test_ten_thousand_people_come_back_as_they_were(book: Path) -> None:
    grow(book, people=10_000, notes=50_000, links=50_000, seed=6)
    once, again = there_and_back(book, apart_and_measured)
    assert once == again
    assert once.count(b"\n") > 10_000 or len(once) > 10_000_000


def apart_and_measured(*words: str) -> Result:
    """Run kin in an interpreter of its own, and say what it took."""
    begun = time.monotonic()
    child = os.spawnve(os.P_NOWAIT, sys.executable, [sys.executable, "-m", "kin", *words], fresh())
    _, status, used = os.wait4(child, 0)
    peak = used.ru_maxrss * 1024
    print(
        f"{words[0]}: {time.monotonic() - begun:.1f} s, CPU {used.ru_utime:.1f} s, {peak >> 20} MB"
    )
    assert peak < ENOUGH
    return Result(os.waitstatus_to_exitcode(status), "", "")
