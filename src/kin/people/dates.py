"""Birthdays and other days that come back every year, with time to think of them."""

import sqlite3
from datetime import date, timedelta
from typing import NamedTuple

from kin.language import date_format as saying
from kin.records import Hidden


class NearDate(NamedTuple):
    """A day that comes: `on` its next date, `in_days` from today, `label` in words."""

    kind: str
    on: str
    in_days: int
    label: str
    age: Hidden[int | None] = None


class Upcoming(NamedTuple):
    """A day that comes, and whose it is."""

    person: str
    name: str
    kind: str
    on: str
    in_days: int
    label: str
    age: Hidden[int | None] = None


def of(db: sqlite3.Connection, person_id: int, today: date, within: int) -> tuple[NearDate, ...]:
    """Tell one person's days within the next `within` days, soonest first."""
    rows = db.execute(
        "SELECT kind, label, on_day FROM occasion WHERE person_id = ?", (person_id,)
    ).fetchall()
    near = [_near(kind, label, stored, today) for kind, label, stored in rows]
    return tuple(
        sorted(
            (day for day in near if day.in_days <= within), key=lambda day: (day.in_days, day.label)
        )
    )


def upcoming(db: sqlite3.Connection, today: date, within: int) -> tuple[Upcoming, ...]:
    """Tell everybody's days within the next `within` days (at most 366), soonest first."""
    found = []
    for start, end in _ranges(today, within):
        for handle, name, kind, label, stored in db.execute(
            "SELECT p.handle, p.name, o.kind, o.label, o.on_day FROM occasion o JOIN person p ON p.id = o.person_id "
            "WHERE substr(o.on_day, -5) BETWEEN ? AND ?",
            (start, end),
        ):
            near = _near(kind, label, stored, today)
            if near.in_days <= within:
                found.append(
                    Upcoming(handle, name, near.kind, near.on, near.in_days, near.label, near.age)
                )
    return tuple(sorted(set(found), key=lambda day: (day.in_days, day.name, day.label)))


def _near(kind: str, label: str, stored: str, today: date) -> NearDate:
    on, age = saying.next_occurrence(stored, today)
    return NearDate(kind, on.isoformat(), (on - today).days, label, age)


def _ranges(today: date, within: int) -> tuple[tuple[str, str], ...]:
    """Return the spans of MM-DD from today on, split at the turn of the year.

    29 February is kept on the 28th in common years, so the 28th looks one day further.
    """
    last = today + timedelta(days=within)
    start, end = f"{today:%m-%d}", f"{last:%m-%d}"
    end = "02-29" if end == "02-28" else end
    if within >= 365:
        return (("01-01", "12-31"),)
    if last.year == today.year:
        return ((start, end),)
    return ((start, "12-31"), ("01-01", end))
