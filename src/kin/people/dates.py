"""Reads upcoming birthdays and other yearly dates."""

import sqlite3
from datetime import date, timedelta
from typing import NamedTuple

from kin.language import date_format
from kin.records import Hidden, PersonRef


class UpcomingDate(NamedTuple):
    """The next time of a yearly date: `on` is an ISO day, `in_days` counts from today."""

    label: str
    on: str
    in_days: int
    kind: Hidden[str]
    age: Hidden[int | None] = None


class PersonUpcomingDate(NamedTuple):
    """An upcoming date, and the person whose it is."""

    person: PersonRef
    label: str
    on: str
    in_days: int
    kind: Hidden[str]
    age: Hidden[int | None] = None


def list_dates_of_person(
    db: sqlite3.Connection, person_id: int, today: date, within_days: int
) -> tuple[UpcomingDate, ...]:
    """Return a person's dates in the next `within_days` days, soonest first."""
    rows = db.execute(
        "SELECT kind, label, on_day FROM yearly_date WHERE person_id = ?", (person_id,)
    ).fetchall()
    upcoming_dates = [
        _build_upcoming_date(kind, label, stored, today) for kind, label, stored in rows
    ]
    return tuple(
        sorted(
            (day for day in upcoming_dates if day.in_days <= within_days),
            key=lambda day: (day.in_days, day.label),
        )
    )


def list_upcoming_dates(
    db: sqlite3.Connection, today: date, within_days: int
) -> tuple[PersonUpcomingDate, ...]:
    """Return everyone's dates in the next `within_days` (at most 366) days, soonest first."""
    upcoming_dates = []
    for start, end in _split_month_day_ranges(today, within_days):
        for person_id, handle, name, kind, label, stored in db.execute(
            "SELECT p.id, p.handle, p.name, o.kind, o.label, o.on_day FROM yearly_date o JOIN person p ON p.id = o.person_id "
            "WHERE substr(o.on_day, -5) BETWEEN ? AND ?",
            (start, end),
        ):
            next_date = _build_upcoming_date(kind, label, stored, today)
            if next_date.in_days <= within_days:
                upcoming_dates.append(
                    PersonUpcomingDate(PersonRef(person_id, handle, name), *next_date)
                )
    return tuple(
        sorted(set(upcoming_dates), key=lambda day: (day.in_days, day.person.name, day.label))
    )


def _build_upcoming_date(kind: str, label: str, stored: str, today: date) -> UpcomingDate:
    on, age = date_format.find_next_occurrence(stored, today)
    return UpcomingDate(label, on.isoformat(), (on - today).days, kind, age)


def _split_month_day_ranges(today: date, within_days: int) -> tuple[tuple[str, str], ...]:
    """Return the ranges of MM-DD that the next days cover, split at the end of the year.

    29 February falls on the 28th in common years, so a range to the 28th includes the 29th.
    """
    last = today + timedelta(days=within_days)
    start, end = f"{today:%m-%d}", f"{last:%m-%d}"
    end = "02-29" if end == "02-28" else end
    if within_days >= 365:
        return (("01-01", "12-31"),)
    if last.year == today.year:
        return ((start, end),)
    return ((start, "12-31"), ("01-01", end))
