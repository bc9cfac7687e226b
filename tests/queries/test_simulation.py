"""Ninety days with a book of 150: who is ever shown, how often again, and who is left in peace.

More seeds and take-ups than the test run has: python -m tests.queries.test_simulation
"""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from sqlite3 import Connection, connect
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from kin.suggestions import reconnect
from kin.suggestions.candidates import Standing
from kin.suggestions.ranking import in_order
from tests.make import TODAY, grow

DAYS = 90
BY_CHANCE = 1 / 2  # talks a day that no list has brought about: a life goes on beside it


class Figures(NamedTuple):
    """What came of it: shares of 1, and on how many days somebody was shown too soon after a talk."""

    ever_shown: float
    repeated: float
    too_soon: int
    shown: int
    most_often: int


def lived(seed: int, taken_up: float, days: int = DAYS) -> Figures:
    """Live some days: whoever is shown is talked to that day with some probability."""
    with _book(seed) as db:
        chance = random.Random(f"{seed}/{taken_up}")
        order = [row[0] for row in db.execute("SELECT id FROM person WHERE is_me = 0").fetchall()]
        chance.shuffle(order)
        reasons: set[int] = set()
        lists: list[set[int]] = []
        too_soon = 0
        for ahead in range(1, days + 1):
            day = TODAY + timedelta(days=ahead)
            standing = Standing(db, day)
            if ahead % 7 == 1:  # a day in the calendar is near for a week
                reasons |= {each.who.id for each in in_order(standing, lambda _: True)}
            found = reconnect.suggested(standing, seed=str(seed))
            lists.append({each.reckoned.who.id for each in found})
            too_soon += sum(_just_met(db, each.reckoned.who.id, day) for each in found)
            for each in found:
                who = each.reckoned.who.id
                db.execute("INSERT INTO showing VALUES (?, ?, ?)", (who, day.isoformat(), each.question_key))  # fmt: skip
                if chance.random() < taken_up:
                    _talk(db, who, day, each.interest)
            if chance.random() < BY_CHANCE:
                _talk(db, _whom(chance, order), day, None)
    counted = [sum(who in each for each in lists) for who in reasons]
    again = sum(len(one & two) for one, two in pairwise(lists))
    return Figures(
        sum(map(bool, counted)) / len(reasons),
        again / sum(map(len, lists[1:])),
        too_soon,
        sum(map(len, lists)),
        max(counted),
    )


@contextmanager
def _book(seed: int) -> Iterator[Connection]:
    """Grow a book of 150, and live in a copy in memory."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.db"
        grow(path, people=150, notes=1000, links=600, seed=seed)
        kept, db = connect(path), connect(":memory:", isolation_level=None)
        kept.backup(db)
        kept.close()
    yield db
    db.close()


def _whom(chance: random.Random, order: list[int]) -> int:
    """Draw somebody: some friends are met often, and many hardly."""
    return chance.choices(order, [1 / (rank + 10) for rank in range(len(order))])[0]


def _just_met(db: Connection, who: int, day: date) -> bool:
    (last,) = db.execute(
        "SELECT max(day) FROM conversation_person WHERE person_id = ? AND day <= ?",
        (who, day.isoformat()),
    ).fetchone()
    return last is not None and (day - date.fromisoformat(last)).days < 3


def _talk(db: Connection, who: int, day: date, about: str | None) -> None:
    (talk,) = db.execute(
        "INSERT INTO conversation (day, precision, text, told_from, noted_at) VALUES (?, 'day', 'a hello', 0, ?) RETURNING id",
        (day.isoformat(), day.isoformat()),
    ).fetchone()
    db.execute("INSERT INTO conversation_person VALUES (?, ?, ?, '')", (who, day.isoformat(), talk))
    db.execute("INSERT INTO conversation_topic SELECT id, ? FROM interest WHERE label = ?", (talk, about))  # fmt: skip


@pytest.mark.parametrize("taken_up", [0.0, 0.2, 0.5])
def test_nearly_everybody_comes_up_hardly_anybody_twice_and_nobody_too_soon(
    taken_up: float,
) -> None:
    found = lived(1, taken_up)
    assert found.shown == 3 * DAYS
    assert found.ever_shown >= 0.85
    assert found.repeated <= 0.10
    assert found.too_soon == 0


def test_the_same_days_are_lived_the_same() -> None:
    assert lived(2, 0.5, days=20) == lived(2, 0.5, days=20)


if __name__ == "__main__":
    print("take-up  seed  ever shown  repeated  too soon  most often")
    for share in (0.0, 0.2, 0.5):
        for number in range(1, int(sys.argv[1]) + 1 if sys.argv[1:] else 6):
            told = lived(number, share)
            print(
                f"{share:7.0%}  {number:4}  {told.ever_shown:10.1%}  {told.repeated:8.1%}  {told.too_soon:8}  {told.most_often:10}"
            )
