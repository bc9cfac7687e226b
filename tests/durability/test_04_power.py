"""Acceptance 4: whatever of the unsure the disk has kept when the power goes, all that was acknowledged is there."""

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
    """What was found in the states in which the power may have left the disk."""

    states: int
    losing: int  # states in which something acknowledged is not there
    sick: int  # states that are not sound, or have something by half
    example: str = ""


@pytest.fixture
def bench(strace: None) -> Iterator[Path]:
    """Return a folder in memory, if there is one: thousands of books are opened here."""
    memory = Path("/dev/shm")
    folder = Path(mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def strace() -> None:
    """See to it that a writer can be traced here."""
    if why := traced.missing():
        pytest.skip(why)


def lose_power(
    bench: Path, times: int, torn: int, most: int, synchronous: str = "EXTRA"
) -> Outcome:
    """Write so often, and look at about `most` states in which the disk may be, at moments all along."""
    folder = bench / "asked"
    folder.mkdir()
    asked = traced.trace(folder, times, synchronous)
    chance = random.Random(11)
    seen: set[bytes] = set()
    chosen = _chosen(asked, folder, chance, torn, most)
    losing = sick = 0
    example = ""
    for moment, acknowledged, files in chosen:
        name = hashlib.sha256(repr((len(acknowledged), sorted(files.items()))).encode()).digest()
        if name in seen:
            continue
        seen.add(name)
        held = _held(bench, files)
        lost = held.loses(acknowledged)
        later = set(held.tags) - {*acknowledged, str(len(acknowledged))}
        losing += bool(lost)
        sick += bool(held.wrong or later)
        if (lost or held.wrong or later) and not example:
            example = f"moment {moment}: lost {lost}, {held.wrong}, {later}, {[(n, len(d)) for n, d in files.items()]}"
    return Outcome(len(seen), losing, sick, example)


def _chosen(
    asked: list[traced.Asked], folder: Path, chance: random.Random, torn: int, most: int
) -> Iterator[tuple[int, list[str], Mapping[str, bytes]]]:
    """Yield states of all moments; where fewer are wanted than there are, of moments all along the way."""
    moments = sum(1 for _ in disk.moments(asked, folder))
    share = most / (moments * (torn + 2))
    for number, moment in enumerate(disk.moments(asked, folder)):
        for state in moment.states(chance, torn):
            if chance.random() < share:
                yield number, list(moment.acknowledged), state


def _held(bench: Path, files: Mapping[str, bytes]) -> writes.Held:
    """Open a book as the power has left it."""
    shutil.rmtree(bench / "new", ignore_errors=True)
    for name, data in files.items():
        (bench / name).parent.mkdir(parents=True, exist_ok=True)
        (bench / name).write_bytes(data)
    return writes.held(bench / BOOK)


def test_what_was_acknowledged_is_there_when_the_power_goes(bench: Path) -> None:
    outcome = lose_power(bench, times=5, torn=3, most=300)
    assert (outcome.losing, outcome.sick, outcome.example) == (0, 0, "")
    assert outcome.states >= 100


def test_a_book_whose_making_was_cut_off_before_its_first_page_is_begun_again(book: Path) -> None:
    book.write_bytes(bytes(4096) + b"a later page".ljust(4096))
    journal = (
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(12) + (512).to_bytes(4) + (4096).to_bytes(4)
    )
    book.with_name("book.db-journal").write_bytes(journal.ljust(512, b"\0"))
    writes.begin(book)
    writes.write(book, "0")
    assert writes.held(book) == (["0"], [])


@pytest.mark.long
def test_what_was_acknowledged_is_there_in_thousands_of_states(bench: Path) -> None:
    outcome = lose_power(bench, times=30, torn=14, most=8000)
    print(outcome)
    assert (outcome.losing, outcome.sick, outcome.example) == (0, 0, "")
    assert outcome.states >= 5000


@pytest.mark.long
def test_control_a_journal_whose_end_is_not_synced_comes_back(bench: Path) -> None:
    outcome = lose_power(bench, times=12, torn=8, most=2000, synchronous="FULL")
    print(outcome)
    assert outcome.losing


@pytest.mark.long
def test_control_without_syncing_the_book_does_not_stay_sound(bench: Path) -> None:
    outcome = lose_power(bench, times=12, torn=8, most=600, synchronous="OFF")
    print(outcome)
    assert outcome.losing and outcome.sick
