"""Acceptance 1: many who write at once lose nothing, and overwrite nothing of each other."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from kin.book import session as store
from kin.people import queries as told, service as people
from kin.people.card_changes import card_of
from tests.durability import protections, writes
from tests.durability.processes import Say, Work, at_once


class Outcome(NamedTuple):
    """What came of many writers."""

    acknowledged: int
    kept: int
    counted: int
    errors: list[str]
    wrong: list[str]

    @property
    def good(self) -> bool:
        """Tell whether all that was to be written is there, once."""
        there = self.acknowledged == self.kept == self.counted
        return there and not self.errors and not self.wrong


def count_up(book: Path) -> None:
    """Read a number off Maya's card and write the next: what is lost if two read the same."""
    with store.writing(book, writes.TODAY, actor=None) as session:
        db = store.connection_of(session)
        number = told.find(db, "maya").id
        maya = told.card(db, number, str(writes.TODAY))
        more = replace(card_of(maya), lives=str(int(maya.lives or 0) + 1))
        people.edit(session, number, more)


def writer(book: Path, number: int, times: int) -> Work:
    """Return the work of one writer."""

    def work(say: Say) -> None:
        for time in range(times):
            writes.write(book, f"{number}-{time}")
            count_up(book)
            say(f"{number}-{time}")

    return work


def many(book: Path, writers: int, times: int) -> Outcome:
    """Let so many write so often at once."""
    writes.begin(book)
    ended = at_once([writer(book, number, times) for number in range(writers)])
    lines = [line for each in ended for line in each.lines]
    said = [line for line in lines if not line.startswith("!")]
    held = writes.held(book)
    kept = len(said) - len(held.loses(said))
    ((counted,),) = writes.rows(book, "SELECT coalesce(lives, 0) FROM person WHERE name = 'Maya'")
    errors = [line for line in lines if line.startswith("!")]
    return Outcome(len(said), kept, int(str(counted)), errors, held.wrong)


def test_four_who_write_at_once_are_all_kept(book: Path) -> None:
    assert many(book, 4, 12) == Outcome(48, 48, 48, [], [])


@pytest.mark.long
@pytest.mark.parametrize(("writers", "times"), [(8, 200), (20, 100)])
def test_many_who_write_at_once_are_all_kept(writers: int, times: int, book: Path) -> None:
    total = writers * times
    assert many(book, writers, times) == Outcome(total, total, total, [], [])


@pytest.mark.long
def test_control_transactions_left_to_python_overwrite_each_other(book: Path) -> None:
    with protections.transactions_begin(None, left_to_python=True):
        outcome = many(book, 8, 25)
    assert not outcome.good
    assert outcome.counted < outcome.acknowledged  # and nobody was told


@pytest.mark.long
def test_control_transactions_that_begin_by_reading_fail(book: Path) -> None:
    with protections.transactions_begin("BEGIN"):
        outcome = many(book, 8, 25)
    assert not outcome.good
    assert outcome.errors
