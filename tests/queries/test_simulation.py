"""Ninety days with a book of 150: who is shown, how often again, and who is left in peace.

For more seeds than the test uses: python -m tests.queries.test_simulation [SEEDS]
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
from kin.suggestions.candidates import Candidates
from kin.suggestions.ranking import rank_candidates
from tests.make import TODAY, grow

DAYS = 90
BY_CHANCE = 1 / 2  # talks a day that come about without a suggestion


class Figures(NamedTuple):
    """The results: shares of 1, and how many people were shown too soon after a talk."""

    ever_shown: float
    repeated: float
    too_soon: int
    shown: int
    most_often: int


def live(seed: int, taken_up: float, days: int = DAYS) -> Figures:
    """Live some days on which people who are shown are talked to with some probability."""
    with _book(seed) as db:
        chance = random.Random(f"{seed}/{taken_up}")
        order = [row[0] for row in db.execute("SELECT id FROM person WHERE is_me = 0").fetchall()]
        chance.shuffle(order)
        reasons: set[int] = set()
        lists: list[set[int]] = []
        too_soon = 0
        for ahead in range(1, days + 1):
            day = TODAY + timedelta(days=ahead)
            candidates = Candidates(db, day)
            if ahead % 7 == 1:  # a date counts for a week
                reasons |= {
                    each.candidate.id for each in rank_candidates(candidates, lambda _: True)
                }
            found = reconnect.suggest_from_candidates(candidates, seed=str(seed))
            lists.append({each.score.candidate.id for each in found})
            too_soon += sum(_just_met(db, each.score.candidate.id, day) for each in found)
            for each in found:
                who = each.score.candidate.id
                db.execute("INSERT INTO showing VALUES (?, ?, ?)", (who, day.isoformat(), each.opener.key if each.opener else None))  # fmt: skip
                if chance.random() < taken_up:
                    _talk(db, who, day, each.interest)
            if chance.random() < BY_CHANCE:
                _talk(db, _draw_friend(chance, order), day, None)
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
    """Return an in-memory copy of a generated book of 150 people."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.db"
        grow(path, people=150, notes=1000, links=600, seed=seed)
        kept, db = connect(path), connect(":memory:", isolation_level=None)
        kept.backup(db)
        kept.close()
    yield db
    db.close()


def _draw_friend(chance: random.Random, order: list[int]) -> int:
    """Draw a person: some friends are met often, most hardly ever."""
    return chance.choices(order, [1 / (rank + 10) for rank in range(len(order))])[0]


def _just_met(db: Connection, who: int, day: date) -> bool:
    (last,) = db.execute(
        "SELECT max(day) FROM note_person WHERE person_id = ? AND day <= ?",
        (who, day.isoformat()),
    ).fetchone()
    return last is not None and (day - date.fromisoformat(last)).days < 3


def _talk(db: Connection, who: int, day: date, about: str | None) -> None:
    (talk,) = db.execute(
        "INSERT INTO note (day, precision, text, text_from, noted_at) VALUES (?, 'day', 'a hello', 0, ?) RETURNING id",
        (day.isoformat(), day.isoformat()),
    ).fetchone()
    db.execute("INSERT INTO note_person VALUES (?, ?, ?, '')", (who, day.isoformat(), talk))
    db.execute("INSERT INTO note_interest SELECT id, ? FROM interest WHERE label = ?", (talk, about))  # fmt: skip


@pytest.mark.parametrize("taken_up", [0.0, 0.2, 0.5])
def test_nearly_everyone_comes_up_hardly_anyone_twice_and_no_one_too_soon(
    taken_up: float,
) -> None:
    found = live(1, taken_up)
    assert found.shown == 3 * DAYS
    assert found.ever_shown >= 0.85
    assert found.repeated <= 0.10
    assert found.too_soon == 0


def test_the_same_days_give_the_same_figures() -> None:
    assert live(2, 0.5, days=20) == live(2, 0.5, days=20)


if __name__ == "__main__":
    print("take-up  seed  ever shown  repeated  too soon  most often")
    for share in (0.0, 0.2, 0.5):
        for number in range(1, int(sys.argv[1]) + 1 if sys.argv[1:] else 6):
            figures = live(number, share)
            print(
                f"{share:7.0%}  {number:4}  {figures.ever_shown:10.1%}  {figures.repeated:8.1%}  {figures.too_soon:8}  {figures.most_often:10}"
            )
