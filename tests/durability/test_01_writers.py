"""Acceptance 1: concurrent writers lose nothing, and do not overwrite each other."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from kin.book import session as book_session
from kin.people import queries as people_queries, service as people_service
from kin.people.service import build_card
from tests.durability import protections, writes
from tests.durability.processes import Report, Work, run_together


class Outcome(NamedTuple):
    """The result of concurrent writers."""

    acknowledged: int
    kept: int
    counted: int
    errors: list[str]
    faults: list[str]

    @property
    def is_complete(self) -> bool:
        """Return whether everything that was written is there, once."""
        is_kept = self.acknowledged == self.kept == self.counted
        return is_kept and not self.errors and not self.faults


def count_up(book: Path) -> None:
    """Read a number from Maya's card and write the next one: a count is lost if two writers read the same number."""
    with book_session.open_for_writing(book, writes.TODAY, actor=None) as session:
        db = book_session.get_connection(session)
        number = people_queries.find_person(db, "maya").id
        maya = people_queries.load_person(db, number, str(writes.TODAY))
        changed = replace(build_card(maya), lives=str(int(maya.lives or 0) + 1))
        people_service.edit_person(session, number, changed)


def make_writer(book: Path, number: int, times: int) -> Work:
    """Return the work of one writer."""

    def work(report: Report) -> None:
        for time in range(times):
            writes.write(book, f"{number}-{time}")
            count_up(book)
            report(f"{number}-{time}")

    return work


def write_together(book: Path, writers: int, times: int) -> Outcome:
    """Let this many writers write this many times each, at the same time."""
    writes.create_book(book)
    ended = run_together([make_writer(book, number, times) for number in range(writers)])
    lines = [line for each in ended for line in each.lines]
    acknowledged = [line for line in lines if not line.startswith("!")]
    content = writes.read_content(book)
    kept = len(acknowledged) - len(content.find_lost(acknowledged))
    ((counted,),) = writes.query(book, "SELECT coalesce(lives, 0) FROM person WHERE name = 'Maya'")
    errors = [line for line in lines if line.startswith("!")]
    return Outcome(len(acknowledged), kept, int(str(counted)), errors, content.faults)


def test_writes_of_four_concurrent_writers_are_all_kept(book: Path) -> None:
    assert write_together(book, 4, 12) == Outcome(48, 48, 48, [], [])


@pytest.mark.long
@pytest.mark.parametrize(("writers", "times"), [(8, 200), (20, 100)])
def test_writes_of_many_concurrent_writers_are_all_kept(
    writers: int, times: int, book: Path
) -> None:
    total = writers * times
    assert write_together(book, writers, times) == Outcome(total, total, total, [], [])


@pytest.mark.long
def test_control_with_pythons_own_transactions_writes_are_lost(book: Path) -> None:
    with protections.begin_transactions_with(None, left_to_python=True):
        outcome = write_together(book, 8, 25)
    assert not outcome.is_complete
    assert outcome.counted < outcome.acknowledged  # without any error


@pytest.mark.long
def test_control_transactions_that_begin_with_a_read_fail(book: Path) -> None:
    with protections.begin_transactions_with("BEGIN"):
        outcome = write_together(book, 8, 25)
    assert not outcome.is_complete
    assert outcome.errors
