"""Days in words, from the ISO text that queries return."""

from datetime import date

from kin.language import date_format as saying
from kin.language.dates import Day, format_day


def named(on: str, precision: str = "day") -> str:
    """Say a day in full: `Tue 17 Nov 2026`, `March 2024`."""
    return format_day(Day(date.fromisoformat(on), precision))  # type: ignore[arg-type]


def ago(on: str, today: date, precision: str = "day") -> str:
    """Say how long ago, coarsely and without reproach: `yesterday`, `in March`."""
    return saying.ago(date.fromisoformat(on), today, precision)  # type: ignore[arg-type]


def ahead(on: str, in_days: int) -> str:
    """Say a day to come: `today`, `tomorrow`, `Thu 26 Nov, in 3 days`."""
    if in_days < 2:
        return ("today", "tomorrow")[in_days]
    day = date.fromisoformat(on)
    said = f"{day:%a} {day.day} {day:%b}"
    return f"{said}, in {in_days} days" if in_days < 14 else said


def yearly(stored: str) -> str:
    """Say a day that comes back: `12 March 1984`, `12 March`."""
    day = date.fromisoformat(stored.replace("--", "2000-") if stored.startswith("--") else stored)
    return f"{day.day} {day:%B}" if stored.startswith("--") else f"{day.day} {day:%B} {day.year}"
