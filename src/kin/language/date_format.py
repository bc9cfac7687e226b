"""Days as kin says them: in echoes, in lists, and how long ago, without reproach.

What `spoken` prints, `dates.parse` reads back.
"""

from datetime import date, datetime

from kin.language.dates import Day, Precision, format_day

MOST_DAYS, MOST_WEEKS = 13, 8  # beyond, nobody counts in days, or in weeks


def spoken(day: Day, now: datetime) -> str:
    """Return the echo of what was understood: 'Tue 17 Nov 2026, yesterday'."""
    if day.precision == "week":
        return f"the week of {format_day(Day(day.on))}"
    near = day.precision == "day" and abs((day.on - now.date()).days) <= MOST_DAYS
    return f"{format_day(day)}, {ago(day.on, now.date())}" if near else format_day(day)


def ago(on: date, today: date, precision: Precision = "day") -> str:
    """Return roughly how long ago a day was, or how far off it is; never above 13 days.

    'yesterday', '3 days ago', '2 weeks ago', 'last month', 'in March', 'in March 2024', 'in 2019'.
    """
    days, years = (on - today).days, on.year - today.year
    weeks = round(days / 7)
    if precision == "week":
        weeks = (days + today.weekday() - on.weekday()) // 7
    months = 12 * years + on.month - today.month
    if precision == "day" and abs(days) <= MOST_DAYS:
        return ("today", "tomorrow", "yesterday")[days] if abs(days) < 2 else _counted(days, "day")
    if precision in ("day", "week") and abs(weeks) <= MOST_WEEKS:
        return _counted(weeks, "week")
    if precision == "year":
        return _counted(years, "year") if abs(years) < 2 else f"in {format_day(Day(on, 'year'))}"
    if precision == "month" and abs(months) < 2:
        return _counted(months, "month")
    return f"in {format_day(Day(on, 'month'))[: -5 if abs(months) < 12 else None]}"


def _counted(count: int, unit: str) -> str:
    if abs(count) < 2:
        return f"{('this', 'next', 'last')[count]} {unit}"
    return f"in {count} {unit}s" if count > 0 else f"{-count} {unit}s ago"


def next_occurrence(stored: str, today: date) -> tuple[date, int | None]:
    """Return when a yearly day comes next, from `today` on, and the age it brings (None without a year).

    29 February is kept on the 28th in a common year.
    """
    born = date.fromisoformat(stored.replace("--", "2000-", 1))
    on = _in_year(born, today.year)
    if on < today:
        on = _in_year(born, today.year + 1)
    return on, None if stored.startswith("--") else on.year - born.year


def _in_year(born: date, year: int) -> date:
    leaps = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (
        date(year, 2, 28)
        if (born.month, born.day) == (2, 29) and not leaps
        else born.replace(year=year)
    )
