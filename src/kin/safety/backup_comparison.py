"""Two states of a book side by side: what the one has that the other has not."""

import sqlite3
from typing import NamedTuple


class Count(NamedTuple):
    """How much is in a book; `last_talk` is the day of the newest conversation."""

    people: int
    conversations: int
    last_talk: str | None


class Known(NamedTuple):
    """Somebody in one of the two."""

    handle: str
    name: str


class Difference(NamedTuple):
    """What a restore would change: the present book, the one of the backup, who comes back and who goes."""

    now: Count
    then: Count
    back: tuple[Known, ...]
    gone: tuple[Known, ...]


NOTHING = Count(0, 0, None)


def count(db: sqlite3.Connection) -> Count:
    """Count a book of any schema."""
    (people,) = db.execute("SELECT count(*) FROM person WHERE is_me = 0").fetchone()
    talks, last = db.execute("SELECT count(*), max(day) FROM conversation").fetchone()
    return Count(people, talks, last)


def difference(now: sqlite3.Connection | None, then: sqlite3.Connection) -> Difference:
    """Compare the present book, where there is a readable one, with that of a backup."""
    here, there = _people(now) if now else {}, _people(then)
    return Difference(
        count(now) if now else NOTHING,
        count(then),
        _only(there, here),
        _only(here, there),
    )


def _people(db: sqlite3.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT handle, name FROM person WHERE is_me = 0").fetchall())


def _only(these: dict[str, str], those: dict[str, str]) -> tuple[Known, ...]:
    found = [Known(handle, name) for handle, name in these.items() if handle not in those]
    return tuple(sorted(found, key=lambda each: each.name.casefold()))
