"""Acceptance 3: after a kill -9 or Ctrl-C at any moment, no acknowledged write is lost and none is there in part."""

import hashlib
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kin.book import schema, session
from tests.durability import protections, writes
from tests.durability.processes import Process, Report, Work, start
from tests.older import old_book, one_schema_ahead
from tests.test_migrations import read_rows, read_version

LONG = "x" * 40_000


class Outcome(NamedTuple):
    """The result of processes that were killed at random moments."""

    acknowledged: int = 0
    faults: tuple[str, ...] = ()  # what was lost, or is there only in part
    hot: int = 0  # how often a journal was left to be rolled back
    changed: int = 0  # how often rolling it back changed the file

    def __add__(self, other: tuple[object, ...]) -> "Outcome":
        return Outcome(*(a + b for a, b in zip(self, other, strict=True)))  # type: ignore[operator]


def make_writer(book: Path) -> Work:
    """Return the work of a process that writes continually."""

    def work(report: Report) -> None:
        report("begun")
        for number in range(1000):
            writes.write(book, str(number), LONG)
            report(str(number))

    return work


def kill_writer(book: Path, by: signal.Signals, chance: random.Random) -> Outcome:
    """Kill a writer, and check what a reader finds."""
    process = start(make_writer(book))
    process.wait_for_lines(chance.randrange(1, 4))
    run_randomly(process, book, chance)
    process.send(by)
    if by == signal.SIGINT:
        while process.run_for(1.0):  # Python drops a KeyboardInterrupt raised in a destructor
            process.send(by)
    exited = process.wait()
    acknowledged = exited.lines[1:]
    is_hot, before = writes.has_hot_journal(book), compute_digest(book)
    content = writes.read_content(book)
    faults = [f"{tag} is lost" for tag in content.find_lost(acknowledged)] + content.faults
    if unexpected := set(content.tags) - {*acknowledged, str(len(acknowledged))}:
        faults.append(f"{unexpected} are unexpected")
    if exited.code not in (-by, 130):
        faults.append(f"ended by itself: {exited}")
    was_changed = is_hot and compute_digest(book) != before
    return Outcome(len(acknowledged), tuple(faults), is_hot, was_changed)


def run_randomly(process: Process, book: Path, chance: random.Random) -> None:
    """Let it run for a random time; in two of three cases, from the moment at which it began to change the file."""
    if chance.random() < 2 / 3:
        looks = 0
        while looks < 300 and not writes.has_hot_journal(book) and process.run_for(0.0005):
            looks += 1
        process.run_for(chance.uniform(0, 0.01))
    else:
        process.run_for(chance.uniform(0, 0.05))


def compute_digest(book: Path) -> str:
    """Return the SHA-256 of the file, which no process has open."""
    return hashlib.sha256(book.read_bytes()).hexdigest()


def kill_writers(book: Path, by: signal.Signals, times: int, seed: int) -> Outcome:
    """Kill a writer this many times, at random moments, each on a new book."""
    chance, outcome = random.Random(seed), Outcome()
    fresh = book.with_name("fresh.db")
    writes.create_book(fresh)
    for _ in range(times):
        shutil.copy(fresh, book)
        book.with_name("book.db-journal").unlink(missing_ok=True)
        outcome += kill_writer(book, by, chance)
    return outcome


@one_schema_ahead()
def kill_migrations(book: Path, times: int, seed: int) -> Outcome:
    """Kill an upgrade of an older book this many times."""
    chance, outcome = random.Random(seed), Outcome()
    for _ in range(times):
        shutil.copy(old_book(), book)
        book.with_name("book.db-journal").unlink(missing_ok=True)
        outcome += kill_migration(book, chance)
    return outcome


def kill_migration(book: Path, chance: random.Random) -> Outcome:
    """Kill an upgrade, and check what the next process finds."""

    def work(report: Report) -> None:
        report("begun")
        with session.open_for_reading(book, writes.TODAY):
            report("upgraded")

    process = start(work)
    process.wait_for_lines(1)
    run_randomly(process, book, chance)
    process.send(signal.SIGKILL)
    acknowledged = process.wait().lines[1:]
    is_hot, before = writes.has_hot_journal(book), compute_digest(book)
    if acknowledged and is_hot:
        return Outcome(1, ("a journal is left after the commit",))
    try:
        with session.open_for_reading(book, writes.TODAY):
            pass
    except Exception as error:
        return Outcome(len(acknowledged), (f"{type(error).__name__}: {error}",), is_hot)
    after, expected = read_rows(book), read_rows(old_book())
    faults = [f"{table} has changed" for table in expected if after.get(table) != expected[table]]
    faults += [] if read_version(book) == schema.NEWEST_VERSION else ["it was not upgraded"]
    faults += writes.check_integrity(book)
    was_changed = is_hot and compute_digest(book) != before
    return Outcome(len(acknowledged), tuple(faults), is_hot, was_changed)


@pytest.fixture(autouse=True)
def _small_page_cache() -> Iterator[None]:
    with protections.use_settings(**protections.SMALL):
        yield


def test_a_killed_writer_leaves_all_or_nothing(book: Path) -> None:
    outcome = kill_writers(book, signal.SIGKILL, 8, seed=1)
    assert (outcome.faults, outcome.acknowledged > 0, outcome.hot > 0) == ((), True, True)


def test_an_interrupted_writer_leaves_all_or_nothing(book: Path) -> None:
    outcome = kill_writers(book, signal.SIGINT, 4, seed=2)
    assert (outcome.faults, outcome.acknowledged > 0) == ((), True)


def test_a_killed_migration_leaves_all_or_nothing(book: Path) -> None:
    assert kill_migrations(book, 3, seed=3).faults == ()


@pytest.mark.long
def test_many_killed_writers_leave_all_or_nothing(book: Path) -> None:
    outcome = kill_writers(book, signal.SIGKILL, 200, seed=4)
    print(outcome)
    assert outcome.faults == ()
    assert outcome.hot >= 100


@pytest.mark.long
def test_many_interrupted_writers_leave_all_or_nothing(book: Path) -> None:
    outcome = kill_writers(book, signal.SIGINT, 100, seed=5)
    print(outcome)
    assert outcome.faults == ()


@pytest.mark.long
def test_many_killed_migrations_leave_all_or_nothing(book: Path) -> None:
    outcome = kill_migrations(book, 60, seed=6)
    print(outcome)
    assert outcome.faults == ()
    assert outcome.hot >= 20


@pytest.mark.long
def test_control_a_journal_in_memory_is_lost_with_the_writer(book: Path) -> None:
    with protections.use_settings(**protections.SMALL, journal_mode="MEMORY"):
        outcome = kill_writers(book, signal.SIGKILL, 40, seed=7)
    print(outcome)
    assert outcome.faults


@pytest.mark.long
def test_control_without_a_transaction_an_interrupted_write_is_there_in_part(book: Path) -> None:
    with protections.begin_transactions_with(None):
        outcome = kill_writers(book, signal.SIGINT, 40, seed=8)
    print(outcome)
    assert outcome.faults


@pytest.mark.long
def test_control_without_a_transaction_a_killed_migration_stays_incomplete(book: Path) -> None:
    with protections.begin_migrations_with(None):
        outcome = kill_migrations(book, 20, seed=9)
    print(outcome)
    assert outcome.faults
