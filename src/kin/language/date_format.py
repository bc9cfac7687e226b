"""Formatting days: the echo of a date, how long ago a day was, and when a yearly date comes next.

`dates.parse` reads what these functions return.
"""

from datetime import date, datetime

from kin.language.dates import MONTHS, Day, Precision, format_day

MOST_DAYS, MOST_WEEKS = 13, 8  # people do not count further in days or weeks


def format_day_echo(day: Day, now: datetime) -> str:
    """Return a day as kin confirms it: 'Tue 17 Nov 2026, yesterday'."""
    if day.precision == "week":
        return f"the week of {format_day(Day(day.on))}"
    is_near = day.precision == "day" and abs((day.on - now.date()).days) <= MOST_DAYS
    return (
        f"{format_day(day)}, {format_relative_date(day.on, now.date())}"
        if is_near
        else format_day(day)
    )


def format_relative_date(on: date, today: date, precision: Precision = "day") -> str:
    """Return roughly how long ago a day was, or how far off it is; in days only up to 13.

    'yesterday', '3 days ago', '2 weeks ago', 'last month', 'in March', 'in March 2024', 'in 2019'.
    """
    days, years = (on - today).days, on.year - today.year
    weeks = round(days / 7)
    if precision == "week":
        weeks = (days + today.weekday() - on.weekday()) // 7
    months = 12 * years + on.month - today.month
    if precision == "day" and abs(days) <= MOST_DAYS:
        return (
            ("today", "tomorrow", "yesterday")[days]
            if abs(days) < 2
            else _format_relative_count(days, "day")
        )
    if precision in ("day", "week") and abs(weeks) <= MOST_WEEKS:
        return _format_relative_count(weeks, "week")
    if precision == "year":
        return (
            _format_relative_count(years, "year")
            if abs(years) < 2
            else f"in {format_day(Day(on, 'year'))}"
        )
    if precision == "month" and abs(months) < 2:
        return _format_relative_count(months, "month")
    return f"in {format_day(Day(on, 'month'))[: -5 if abs(months) < 12 else None]}"


def _format_relative_count(count: int, unit: str) -> str:
    if abs(count) < 2:
        return f"{('this', 'next', 'last')[count]} {unit}"
    return f"in {count} {unit}s" if count > 0 else f"{-count} {unit}s ago"


def find_next_occurrence(date_text: str, today: date) -> tuple[date, int | None]:
    """Return when a yearly date comes next, from `today` on, and the age on that day (None without a year).

    In a common year, 29 February counts as the 28th.
    """
    born = date.fromisoformat(date_text.replace("--", "2000-", 1))
    on = _move_to_year(born, today.year)
    if on < today:
        on = _move_to_year(born, today.year + 1)
    return on, None if date_text.startswith("--") else on.year - born.year


def _move_to_year(born: date, year: int) -> date:
    is_leap_year = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (
        date(year, 2, 28)
        if (born.month, born.day) == (2, 29) and not is_leap_year
        else born.replace(year=year)
    )


def format_yearly_date(date_text: str) -> str:
    """Return a yearly date in full: '12 March 1984', or '12 March' without a year."""
    year, month, day = date_text.rsplit("-", 2)
    return f"{int(day)} {MONTHS[int(month) - 1]} {year.strip('-')}".rstrip()
