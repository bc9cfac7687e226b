"""What a day is to kin: a date and how exactly it was meant, and the names that days go by."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "week", "month", "year"]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPRING = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_SPRING, "July", "August", "September", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class Day:
    """A date, and how exactly it was meant: `on` lies inside the week, month or year."""

    on: date
    precision: Precision = "day"


def last(day: Day) -> date:
    """Return the last date of the day, week (until Sunday), month or year that is meant."""
    if day.precision == "week":
        return day.on + timedelta(days=6 - day.on.weekday())
    if day.precision == "month":
        return day.on.replace(day=monthrange(day.on.year, day.on.month)[1])
    return date(day.on.year, 12, 31) if day.precision == "year" else day.on


def plain(on: date) -> str:
    """Return a date without its weekday: '17 Nov 2026'."""
    return f"{on.day} {MONTHS[on.month - 1][:3]} {on.year:04}"


def short(day: Day) -> str:
    """Return the day as lists show it: 'Tue 17 Nov 2026', 'week of 16 Nov 2026', 'March 2024'."""
    if day.precision == "day":
        return f"{WEEKDAYS[day.on.weekday()][:3]} {plain(day.on)}"
    if day.precision == "week":
        return f"week of {plain(day.on)}"
    if day.precision == "month":
        return f"{MONTHS[day.on.month - 1]} {day.on.year:04}"
    return f"{day.on.year}" if 1900 <= day.on.year <= 2100 else f"the year {day.on.year:04}"
