"""Acceptance 3: a kill -9 or Ctrl-C at any moment loses nothing acknowledged and leaves nothing by half."""

import hashlib
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kin.book import migrations, session as store
from tests.durability import protections, writes
from tests.durability.processes import Process, Say, Work, begun
from tests.older import old_book, one_schema_ahead
from tests.test_migrations import rows, version

LONG = "x" * 40_000


class Outcome(NamedTuple):
    """What came of processes that were ended at any moment."""

    acknowledged: int = 0
    faults: tuple[str, ...] = ()  # what was lost, or is by half
    hot: int = 0  # a journal was left to be rolled back
    changed: int = 0  # and the file held a part of what was then taken back

    def __add__(self, other: tuple[object, ...]) -> "Outcome":
        return Outcome(*(a + b for a, b in zip(self, other, strict=True)))  # type: ignore[operator]


def writer(book: Path) -> Work:
    """Return the work of one who writes on and on."""

    def work(say: Say) -> None:
        say("begun")
        for number in range(1000):
            writes.write(book, str(number), LONG)
            say(str(number))

    return work


def stopped(book: Path, by: signal.Signals, chance: random.Random) -> Outcome:
    """Stop a writer, and look at what is left when a reader has opened it."""
    process = begun(writer(book))
    process.says(chance.randrange(1, 4))
    run_on(process, book, chance)
    process.send(by)
    if by == signal.SIGINT:
        while process.run_for(1.0):  # Python drops a key that comes while it drops an object
            process.send(by)
    end = process.ended()
    said = end.lines[1:]
    left, before = writes.hot(book), digest(book)
    held = writes.held(book)
    faults = [f"{tag} is lost" for tag in held.loses(said)] + held.wrong
    if unsaid := set(held.tags) - {*said, str(len(said))}:
        faults.append(f"{unsaid} from nowhere")
    if end.code not in (-by, 130):
        faults.append(f"ended by itself: {end}")
    return Outcome(len(said), tuple(faults), left, left and digest(book) != before)


def run_on(process: Process, book: Path, chance: random.Random) -> None:
    """Let it run for a moment of chance; two times of three, from when it has begun to change the file."""
    if chance.random() < 2 / 3:
        looks = 0
        while looks < 300 and not writes.hot(book) and process.run_for(0.0005):
            looks += 1
        process.run_for(chance.uniform(0, 0.01))
    else:
        process.run_for(chance.uniform(0, 0.05))


def digest(book: Path) -> str:
    """Return what the file is; nobody has it open."""
    return hashlib.sha256(book.read_bytes()).hexdigest()


def writers_stopped(book: Path, by: signal.Signals, times: int, seed: int) -> Outcome:
    """Stop a writer so many times, at a moment of chance, on a book of its own."""
    chance, outcome = random.Random(seed), Outcome()
    fresh = book.with_name("fresh.db")
    writes.begin(fresh)
    for _ in range(times):
        shutil.copy(fresh, book)
        book.with_name("book.db-journal").unlink(missing_ok=True)
        outcome += stopped(book, by, chance)
    return outcome


@one_schema_ahead()
def migrations_killed(book: Path, times: int, seed: int) -> Outcome:
    """Kill so many times who takes a book of the first release to the newest schema."""
    chance, outcome = random.Random(seed), Outcome()
    for _ in range(times):
        shutil.copy(old_book(), book)
        book.with_name("book.db-journal").unlink(missing_ok=True)
        outcome += migration_killed(book, chance)
    return outcome


def migration_killed(book: Path, chance: random.Random) -> Outcome:
    """Kill one, and look at what the next finds."""

    def work(say: Say) -> None:
        say("begun")
        with store.reading(book, writes.TODAY):
            say("taken")

    process = begun(work)
    process.says(1)
    run_on(process, book, chance)
    process.send(signal.SIGKILL)
    said = process.ended().lines[1:]
    left, before = writes.hot(book), digest(book)
    if said and left:
        return Outcome(1, ("a journal is left of what was done",))
    try:
        with store.reading(book, writes.TODAY):
            pass
    except Exception as error:
        return Outcome(len(said), (f"{type(error).__name__}: {error}",), left)
    held, was = rows(book), rows(old_book())
    faults = [f"{table} is another" for table in was if held.get(table) != was[table]]
    faults += [] if version(book) == migrations.NEWEST else ["it is no newer"]
    faults += writes.unsound(book)
    return Outcome(len(said), tuple(faults), left, left and digest(book) != before)


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    with protections.settings(**protections.SMALL):
        yield


def test_a_writer_who_is_killed_leaves_all_or_nothing(book: Path) -> None:
    outcome = writers_stopped(book, signal.SIGKILL, 8, seed=1)
    assert (outcome.faults, outcome.acknowledged > 0, outcome.hot > 0) == ((), True, True)


def test_a_writer_who_is_interrupted_leaves_all_or_nothing(book: Path) -> None:
    outcome = writers_stopped(book, signal.SIGINT, 4, seed=2)
    assert (outcome.faults, outcome.acknowledged > 0) == ((), True)


def test_a_migration_that_is_killed_leaves_all_or_nothing(book: Path) -> None:
    assert migrations_killed(book, 3, seed=3).faults == ()


@pytest.mark.long
def test_many_writers_who_are_killed_leave_all_or_nothing(book: Path) -> None:
    outcome = writers_stopped(book, signal.SIGKILL, 200, seed=4)
    print(outcome)
    assert outcome.faults == ()
    assert outcome.hot >= 100


@pytest.mark.long
def test_many_writers_who_are_interrupted_leave_all_or_nothing(book: Path) -> None:
    outcome = writers_stopped(book, signal.SIGINT, 100, seed=5)
    print(outcome)
    assert outcome.faults == ()


@pytest.mark.long
def test_many_migrations_that_are_killed_leave_all_or_nothing(book: Path) -> None:
    outcome = migrations_killed(book, 60, seed=6)
    print(outcome)
    assert outcome.faults == ()
    assert outcome.hot >= 20


@pytest.mark.long
def test_control_a_journal_in_memory_dies_with_the_writer(book: Path) -> None:
    with protections.settings(**protections.SMALL, journal_mode="MEMORY"):
        outcome = writers_stopped(book, signal.SIGKILL, 40, seed=7)
    print(outcome)
    assert outcome.faults


@pytest.mark.long
def test_control_without_a_transaction_an_interrupted_write_is_there_by_half(book: Path) -> None:
    with protections.transactions_begin(None):
        outcome = writers_stopped(book, signal.SIGINT, 40, seed=8)
    print(outcome)
    assert outcome.faults


@pytest.mark.long
def test_control_without_a_transaction_a_killed_migration_stays_by_half(book: Path) -> None:
    with protections.migrations_begin(None):
        outcome = migrations_killed(book, 20, seed=9)
    print(outcome)
    assert outcome.faults
