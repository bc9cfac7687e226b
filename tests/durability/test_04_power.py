"""Acceptance 4: after a power cut, every acknowledged write is there, whichever unsynced changes reached the disk."""

import hashlib
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import pytest

from tests.durability import disk, traced, writes

BOOK = "new/folder/book.db"


class Outcome(NamedTuple):
    """What was found in the states that are possible after a power cut."""

    states: int
    losing: int  # states in which an acknowledged write is missing
    damaged: int  # states that are damaged, or have a write only in part
    example: str = ""


@pytest.fixture
def bench(strace: None) -> Iterator[Path]:
    """Return a folder, in memory if possible: thousands of books are opened there."""
    memory = Path("/dev/shm")
    folder = Path(mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def strace() -> None:
    """Skip the test where strace cannot be used."""
    if why := traced.explain_missing_strace():
        pytest.skip(why)


def lose_power(
    bench: Path, times: int, partial: int, most: int, synchronous: str = "EXTRA"
) -> Outcome:
    """Write this many times, and check about `most` states in which a power cut could leave the disk."""
    folder = bench / "traced"
    folder.mkdir()
    calls = traced.trace(folder, times, synchronous)
    chance = random.Random(11)
    seen: set[bytes] = set()
    states = _choose_states(calls, folder, chance, partial, most)
    losing = damaged = 0
    example = ""
    for moment, acknowledged, files in states:
        name = hashlib.sha256(repr((len(acknowledged), sorted(files.items()))).encode()).digest()
        if name in seen:
            continue
        seen.add(name)
        content = _read_after_power_cut(bench, files)
        lost = content.find_lost(acknowledged)
        unexpected = set(content.tags) - {*acknowledged, str(len(acknowledged))}
        losing += bool(lost)
        damaged += bool(content.faults or unexpected)
        if (lost or content.faults or unexpected) and not example:
            example = f"call {moment}: lost {lost}, {content.faults}, {unexpected}, {[(n, len(d)) for n, d in files.items()]}"
    return Outcome(len(seen), losing, damaged, example)


def _choose_states(
    calls: list[traced.SystemCall], folder: Path, chance: random.Random, partial: int, most: int
) -> Iterator[tuple[int, list[str], Mapping[str, bytes]]]:
    """Yield possible states after each system call, or a random sample of about `most`."""
    moments = sum(1 for _ in disk.replay(calls, folder))
    share = most / (moments * (partial + 2))
    for number, moment in enumerate(disk.replay(calls, folder)):
        for state in moment.states(chance, partial):
            if chance.random() < share:
                yield number, list(moment.acknowledged), state


def _read_after_power_cut(bench: Path, files: Mapping[str, bytes]) -> writes.BookContent:
    """Return the content of a book in this state of the disk."""
    shutil.rmtree(bench / "new", ignore_errors=True)
    for name, data in files.items():
        (bench / name).parent.mkdir(parents=True, exist_ok=True)
        (bench / name).write_bytes(data)
    return writes.read_content(bench / BOOK)


def test_acknowledged_writes_are_there_after_a_power_cut(bench: Path) -> None:
    outcome = lose_power(bench, times=5, partial=3, most=300)
    assert (outcome.losing, outcome.damaged, outcome.example) == (0, 0, "")
    assert outcome.states >= 100


def test_a_book_whose_creation_was_cut_off_is_created_again(book: Path) -> None:
    book.write_bytes(bytes(4096) + b"a later page".ljust(4096))
    journal = (
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(12) + (512).to_bytes(4) + (4096).to_bytes(4)
    )
    book.with_name("book.db-journal").write_bytes(journal.ljust(512, b"\0"))
    writes.create_book(book)
    writes.write(book, "0")
    assert writes.read_content(book) == (["0"], [])


@pytest.mark.long
def test_acknowledged_writes_are_there_in_thousands_of_states(bench: Path) -> None:
    outcome = lose_power(bench, times=30, partial=14, most=8000)
    print(outcome)
    assert (outcome.losing, outcome.damaged, outcome.example) == (0, 0, "")
    assert outcome.states >= 5000


@pytest.mark.long
def test_control_a_deleted_journal_that_is_not_synced_comes_back(bench: Path) -> None:
    outcome = lose_power(bench, times=12, partial=8, most=2000, synchronous="FULL")
    print(outcome)
    assert outcome.losing


@pytest.mark.long
def test_control_without_syncing_the_book_is_damaged(bench: Path) -> None:
    outcome = lose_power(bench, times=12, partial=8, most=600, synchronous="OFF")
    print(outcome)
    assert outcome.losing and outcome.damaged
