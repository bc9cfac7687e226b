"""How often you talk with each, and in the whole book: as the book keeps it, and else reckoned.

Its one rule: several talks in one day are one, and one in large company is contact, but tells no gap. What
is kept of somebody holds until their talks change, when triggers let go of it (kin.book.rhythm_triggers).
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import chain
from typing import NamedTuple

from kin.constants import ME
from kin.suggestions import scoring as reckoning
from kin.suggestions.scoring import Gaps
from kin.suggestions.weights import COMPANY

_ONE_BY_ONE = 200  # people of whom nothing is kept: for more, one pass over all talks is cheaper

_IN_COMPANY_OF = (
    "SELECT cp.person_id, cp.day FROM conversation_person cp WHERE cp.person_id IN (SELECT value FROM json_each(:people)) "
    "AND cp.day <= :today AND (SELECT count(*) FROM conversation_person o "
    "WHERE o.conversation_id = cp.conversation_id AND o.person_id <> :me) > :company"
)
_IN_COMPANY = (
    "SELECT cp.person_id, cp.day FROM (SELECT conversation_id AS id FROM conversation_person WHERE person_id <> :me "
    "GROUP BY conversation_id HAVING count(*) > :company) large "
    "CROSS JOIN conversation_person cp ON cp.conversation_id = large.id WHERE cp.day <= :today"
)


class Rhythm(NamedTuple):
    """The talks with somebody: the day of the last, on how many days, and the gaps from one to the next, in days."""

    last: str
    days: int
    gaps: list[int]


def of_each(db: sqlite3.Connection, today: str) -> dict[int, Rhythm]:
    """Return the rhythm with each to whom you have talked, up to an ISO day."""
    kept = db.execute(
        "SELECT person_id, last, days, gaps FROM rhythm WHERE last <= ?", (today,)
    ).fetchall()
    told = json.loads(f"[{','.join([f'[{gaps}]' for *_, gaps in kept])}]")  # at once: the quickest
    found = {
        person: Rhythm(last, days, gaps)
        for (person, last, days, _), gaps in zip(kept, told, strict=True)
    }
    return {**found, **dict(reckoned(db, today))}


def lacking(db: sqlite3.Connection, today: str) -> tuple[tuple[int, Rhythm], ...]:
    """Return what may be kept of those of whom nothing is: whom you talk with in days to come is left out."""
    ahead = db.execute(
        "SELECT DISTINCT cp.person_id FROM conversation c CROSS JOIN conversation_person cp "
        "ON cp.conversation_id = c.id WHERE c.day > ?",
        (today,),
    ).fetchall()
    still_to_come = {person for (person,) in ahead}
    return tuple(each for each in reckoned(db, today) if each[0] not in still_to_come)


def of_the_book(rhythms: Iterable[Rhythm]) -> Gaps:
    """Return how many gaps there are with all together, and their median, without sorting them all."""
    counted = Counter(chain.from_iterable(each.gaps for each in rhythms))
    count, ordered = counted.total(), sorted(counted.items())
    middles = (_nth(ordered, (count - 1) // 2), _nth(ordered, count // 2)) if count else (0, 0)
    return Gaps(count, sum(middles) / 2)


def _nth(counted: list[tuple[int, int]], place: int) -> int:
    for gap, count in counted:
        place -= count
        if place < 0:
            return gap
    raise IndexError("there are not so many gaps")


def reckoned(db: sqlite3.Connection, today: str) -> Iterator[tuple[int, Rhythm]]:
    """Reckon the rhythm with all of whom none is kept that holds on an ISO day."""
    people = [
        person
        for (person,) in db.execute(
            "SELECT p.id FROM person p WHERE p.id <> :me "
            "AND NOT EXISTS (SELECT 1 FROM rhythm r WHERE r.person_id = p.id AND r.last <= :today) "
            "AND EXISTS (SELECT 1 FROM conversation_person cp WHERE cp.person_id = p.id AND cp.day <= :today)",
            {"me": ME, "today": today},
        )
    ]
    asked: dict[str, int | str] = {
        "me": ME,
        "company": COMPANY,
        "today": today,
        "people": json.dumps(people),
    }
    in_company = _in_company(
        db, _IN_COMPANY if len(people) > _ONE_BY_ONE else _IN_COMPANY_OF, asked
    )
    day_number = cache(ordinal)
    for person, told in db.execute(
        "SELECT person_id, group_concat(day) FROM conversation_person "
        "WHERE person_id IN (SELECT value FROM json_each(:people)) AND day <= :today GROUP BY person_id",
        asked,
    ):
        days = sorted(dict.fromkeys(told.split(",")))
        alone = days
        if person in in_company:
            large = in_company[person]
            alone = [day for day in days if day not in large or told.count(day) > large[day]]
        yield person, Rhythm(days[-1], len(days), reckoning.gaps([*map(day_number, alone)]))


def _in_company(
    db: sqlite3.Connection, sql: str, asked: dict[str, int | str]
) -> dict[int, Counter[str]]:
    """Count the talks of each in large company, by day."""
    found: dict[int, Counter[str]] = {}
    for person, day in db.execute(sql, asked):
        found.setdefault(person, Counter())[day] += 1
    return found


def ordinal(day: str) -> int:
    """Return the ordinal of an ISO day."""
    return date.fromisoformat(day).toordinal()
