"""Parsing dates as people write them: 'yesterday', 'last tue', '3 weeks ago', '12 march', 'march 2024'.

A phrase must be understood as a whole and in exactly one way. `parse` also reads what `format_day` returns.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from kin.constants import DateOrder as DateOrder
from kin.errors import UnclearDateError

Prefer = Literal["past", "future"]
Precision = Literal["day", "week", "month", "year"]

LONGEST_PHRASE = 80  # characters: no date needs more, and a pasted page is refused at once
# '27' is only 1927 if it cannot be a 2027 in the near future.
AMBIGUOUS_CENTURY_WINDOW = timedelta(days=20 * 365)
EXAMPLES = "Try yesterday, last tue, 3 weeks ago, 12 march, 2026-03-12 or march 2024"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_SIX_MONTHS = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_FIRST_SIX_MONTHS, "July", "August", "September", "October", "November", "December")
_WEEKDAY_OF = {name.lower(): at for at, name in enumerate(WEEKDAYS)}
_WEEKDAY_OF |= {name[:3]: at for name, at in _WEEKDAY_OF.items()}
_WEEKDAY_OF |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTH_OF = {name.lower(): at for at, name in enumerate(MONTHS, 1)}
_MONTH_OF |= {name[:3]: at for name, at in _MONTH_OF.items()} | {"sept": 9}
_COUNT_OF = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNT_OF |= {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20}
_COUNT_OF |= {"a couple of": 2, "couple of": 2, "a couple": 2, "couple": 2, "a few": 3, "few": 3}
_COUNT_OF |= {"a": 1, "an": 1}
_NAMED_DAYS = dict.fromkeys(
    ("today", "tonight", "now", "just now", "right now", "earlier today"), 0
)
_NAMED_DAYS |= dict.fromkeys(("this morning", "this afternoon", "this evening", "later today"), 0)
_NAMED_DAYS |= {"yesterday": -1, "last night": -1, "last evening": -1, "tomorrow": 1}
_NAMED_DAYS |= {"day before yesterday": -2, "the day before yesterday": -2}
_NAMED_DAYS |= {"day after tomorrow": 2, "the day after tomorrow": 2}
_SHIFT = {"last": -1, "this": 0, "earlier this": 0, "next": 1, "before last": -2}
_UNITS: dict[str, tuple[int, timedelta, Precision]] = {  # finest first: months, time, precision
    "minute": (0, timedelta(minutes=1), "day"),
    "hour": (0, timedelta(hours=1), "day"),
    "day": (0, timedelta(days=1), "day"),
    "week": (0, timedelta(days=7), "week"),
    "fortnight": (0, timedelta(days=14), "week"),
    "month": (1, timedelta(), "month"),
    "year": (12, timedelta(), "year"),
}
_UNIT_ABBREVIATIONS = {"min": "minute", "hr": "hour", "h": "hour", "d": "day", "wk": "week"}
_UNIT_ABBREVIATIONS |= {"w": "week", "mo": "month", "mth": "month", "yr": "year", "y": "year"}


def _join_alternatives(*tables: Iterable[str]) -> str:
    """Return a pattern that matches any key of the tables, longest first."""
    return "|".join(sorted((word for table in tables for word in table), key=len, reverse=True))


# Patterns stay strings, so that `re` compiles each at its first use and kin starts quickly.
_ORDINAL_SUFFIX = r"(?<=1)(?<!11)st|(?<=2)(?<!12)nd|(?<=3)(?<!13)rd|(?<=[04-9])th|(?<=1[123])th"
_DAY = rf"(?P<day>\d\d?(?:{_ORDINAL_SUFFIX})?)"
_MONTH = rf"(?P<month>{_join_alternatives(_MONTH_OF)})"
_YEAR = r"(?P<year>\d{4}|'\d\d|(?:last|this|next) year)"
_YEAR_LIKE_TIME = r" (?:0\d|1[0-8])\d\d$"  # the last word of '12 march 1730' is hardly a year
_ANY_YEAR = _YEAR.replace("'", "'?")
_WEEKDAY = rf"(?P<weekday>{_join_alternatives(_WEEKDAY_OF)})"
_CALENDAR_DATE = rf"(?P<week>(?:the )?week of )?(?:{_WEEKDAY} )?(?P<date>.+)"
_DATE_FORMS = (
    r"(?P<year>\d{4})(?P<separator>[-/.])(?P<month>\d\d?)(?P=separator)(?P<day>\d\d?)",
    r"(?P<year>\d{4})[-/](?P<month>\d\d?)",
    r"(?P<month>\d\d?)[-/.](?P<year>\d{4})",
    r"(?P<year>(?:1[89]|2[01])\d\d)(?P<month>\d\d)(?P<day>\d\d)",
    r"(?P<day>\d\d?)\.(?P<month>\d\d?)(?:\.(?P<year>\d{4}|\d\d)?)?",
    rf"(?:the )?{_DAY} (?:of )?{_MONTH}(?: (?:of )?{_ANY_YEAR})?",
    rf"{_MONTH} (?:the )?{_DAY}(?: (?:of )?{_YEAR})?",
    rf"(?P<year>\d{{4}}) {_MONTH} {_DAY}",
    rf"{_MONTH}(?: (?:of )?{_YEAR})?",
    rf"{_YEAR} (?:in )?{_MONTH}".replace(r"'\d\d|", ""),
)
_DURATION_TERM = (
    rf"(?:\d{{1,6}} ?(?:{_join_alternatives(_UNITS, _UNIT_ABBREVIATIONS)})s?"
    rf"|(?:{_join_alternatives(_COUNT_OF)}) (?:{_join_alternatives(_UNITS)})s?)"
)
_DURATION = rf"(?P<sum>{_DURATION_TERM}(?:(?: and)? {_DURATION_TERM}){{0,3}})"
_HOUR, _HALF_DAY = r"(?:[01]?\d|2[0-3])", r"(?:0?[1-9]|1[0-2])"
_SECONDS = r"(?::?[0-5]\d(?:\.\d{1,9})?)"
_ZONE = r"(?: ?(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?))?"
_CLOCK_TIME = (
    rf"(?:{_HALF_DAY}(?:[:.][0-5]\d)? ?[ap]m|{_HALF_DAY} o'clock|midnight"
    rf"|{_HOUR}:[0-5]\d{_SECONDS}?{_ZONE})"
)
_AT_CLOCK_TIME = rf"(?:(?:at )?{_CLOCK_TIME}|at {_HOUR}(?:\.?[0-5]\d{_SECONDS}?)?{_ZONE})"
_PART_OF_DAY = r"(?:(?:in the )?(?:morning|afternoon|evening|night)|(?:at )?(?:noon|midday|night))"
_RESPELLINGS = (
    (r"\b([ap])\.m\b\.?", r"\1m"),
    (r"(?<=[a-z])\.(?= )", ""),
    (
        rf"(?<=\d)[-/.]? ?(?=(?:{_join_alternatives(_MONTH_OF)})(?![a-z]))",
        " ",
    ),  # 12-mar, 12. march, 12mar
    (rf"(?<=\d )({_join_alternatives(_MONTH_OF)})[-/.]?(?=\d)", r"\1 "),
    (rf"^({_join_alternatives(_MONTH_OF)})[-/.]?(?=\d{{4}}$)", r"\1 "),
    (r"^([\dw-]{7,10})t(?=\d\d)", r"\1 at "),
    (r"\bhalf a year\b", "6 months"),
    (r"\bhalf an hour\b", "30 minutes"),
    (r"\b(?:a|one) year and a half\b", "18 months"),
    (r"^(?=(?:day|week|fortnight|month|year) ago)", "a "),
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date and how precisely it is known: `on` is a date in the week, month or year that was meant."""

    on: date
    precision: Precision = "day"


class _DateQuery(NamedTuple):
    """What was typed, and how to read it."""

    typed: str
    today: date
    now: datetime
    prefer: Prefer
    order: DateOrder | None


_Reading = tuple[str, int, int, str]  # year or '', month, day or 0, order of the numbers or ''


def parse(
    text: str, *, now: datetime, prefer: Prefer = "past", date_order: DateOrder | None = None
) -> Day:
    """Parse a date as people write it.

    Args:
        text: the phrase, such as `last tue`. A time or time zone after the date is ignored.
        now: the local time from which relative phrases count.
        prefer: which date to choose if the year is missing: the latest up to today, or with "future" the earliest
            from today on. "past" refuses "next" and "coming".
        date_order: how to read 3/4, "dmy" or "mdy"; without it, both readings count.

    Raises:
        UnclearDateError: the phrase is unknown, is not in the calendar, or can mean several dates (its `readings`).
    """
    query = _DateQuery(text, now.date(), now, prefer, date_order)
    phrase = _normalize_phrase(query)
    try:
        day = _parse_phrase(phrase, query)
    except (ValueError, OverflowError):
        raise _make_unclear_error(query, "is outside the calendar") from None
    if day is None:
        raise _make_not_understood_error(phrase, query)
    return day


def _normalize_phrase(query: _DateQuery) -> str:
    """Return the phrase in lower case, with single spaces and one spelling of each form."""
    phrase = query.typed.strip()
    if not phrase:
        raise UnclearDateError("No date given.", EXAMPLES)
    ascii_signs = str.maketrans("’‘‐‑–−", "''----")
    words = phrase[: LONGEST_PHRASE + 1].replace(",", " ").translate(ascii_signs).split()
    if len(phrase) > LONGEST_PHRASE or not all(
        word.isascii() and word.isprintable() for word in words
    ):
        raise _make_unclear_error(query, _UNKNOWN_DATE)
    phrase = " ".join(words).lower().removesuffix(".")
    for form, spelling in _RESPELLINGS:
        phrase = re.sub(form, spelling, phrase)
    return phrase


def _parse_phrase(phrase: str, query: _DateQuery) -> Day | None:
    """Return the day of a whole phrase: plain, after a preposition, or with a time of day."""
    if query.prefer == "past" and re.search(r"\b(?:next|coming)\b", phrase):
        raise _make_unclear_error(
            query, "is still to come", "Say tomorrow, in 3 days, or the date itself"
        )
    return (
        _parse_without_time(phrase, query)
        or _parse_after_preposition(phrase, query)
        or _parse_with_time(phrase, query)
    )


def _parse_without_time(phrase: str, query: _DateQuery) -> Day | None:
    """Return the result of the first rule that matches the phrase."""
    for form, rule in _RULES:
        if (match := re.fullmatch(form, phrase)) and (day := rule(match, query)):
            return day
    return None


def _parse_after_preposition(phrase: str, query: _DateQuery) -> Day | None:
    """Read 'since' before anything, 'on' and 'at' before a day, 'in' before a month or a year."""
    match = re.fullmatch(r"(since|on|at|(?:back )?in) (?!in )(.+)", phrase)
    day = match and (_parse_without_time(match[2], query) or _parse_with_time(match[2], query))
    if not match or not day or match[1] == "since":
        return day or None
    if match[1] in ("on", "at"):
        return day if day.precision == "day" else None
    relative = re.search(r"\b(?:ago|back|from|hence)\b", match[2])
    return day if day.precision in ("month", "year") and not relative else None


def _parse_with_time(phrase: str, query: _DateQuery) -> Day | None:
    """Read a day with a time before or after it; only a day can have one, not a month."""
    exact_times = r"now$|(?:minute|hour|min|hr|h)s? (?:ago|back)$"
    for form, excluded in (
        (rf"(?:{_CLOCK_TIME}|noon|midday) (?:on )?(.+)", exact_times),
        (rf"(.+?) {_AT_CLOCK_TIME}", exact_times),
        (
            rf"(.+?) {_PART_OF_DAY}(?: {_AT_CLOCK_TIME})?",
            rf"{exact_times}|(?:morning|afternoon|evening|night)$",
        ),
    ):
        if (match := re.fullmatch(form, phrase)) and not re.search(excluded, match[1]):
            day = _parse_without_time(match[1], query)
            if day and day.precision == "day":
                return day
    return None


def _shift_from_now(query: _DateQuery, months: int, time: timedelta, precision: Precision) -> Day:
    """Move from now; in a month that is too short for the day, return its last day."""
    moment = query.now
    if months:
        from dateutil.relativedelta import relativedelta

        moment += relativedelta(months=months)
    return Day((moment + time).date(), precision)


def _parse_offset(match: re.Match[str], query: _DateQuery) -> Day | None:
    """Read '3 weeks and 2 days ago', 'in a few days', 'a year ago today'."""
    direction = match["direction"]
    if bool(direction) == bool(match["ahead"]):
        return None
    months, time, units = 0, timedelta(), []
    for term in re.findall(_DURATION_TERM, match["sum"]):
        split = re.split(rf"^(\d+|{_join_alternatives(_COUNT_OF)}) ?", term)
        count = int(split[1]) if split[1].isdecimal() else _COUNT_OF[split[1]]
        unit = _UNIT_ABBREVIATIONS.get(split[2].removesuffix("s"), split[2].removesuffix("s"))
        months, time = months + count * _UNITS[unit][0], time + count * _UNITS[unit][1]
        units.append(unit)
    if len(set(units)) < len(units):
        return None
    sign = -1 if direction and direction.startswith(("ago", "back")) else 1
    finest = (
        "day" if direction and direction.endswith("today") else min(units, key=list(_UNITS).index)
    )
    return _shift_from_now(query, sign * months, sign * time, _UNITS[finest][2])


def _parse_period(match: re.Match[str], query: _DateQuery) -> Day:
    """Read 'last week', 'this month', 'the year before last': the same number of units from today."""
    (months, time, precision), shift = _UNITS[match["unit"]], _SHIFT[match["shift"]]
    return _shift_from_now(query, shift * months, shift * time, precision)


def _parse_weekday(match: re.Match[str], query: _DateQuery) -> Day:
    """Read 'tue', 'last tuesday', 'this friday': today itself is neither last nor next."""
    today, past, lead = query.today, query.prefer == "past", match["lead"]
    steps = _WEEKDAY_OF[match["weekday"]] - today.weekday()
    before, after = (today + timedelta(days=n) for n in (steps % 7 - 7, steps % 7 or 7))
    if lead == "this":
        if steps > 0 if past else steps < 0:
            raise _make_unclear_error(query, readings=(before, after))
        return Day(today + timedelta(days=steps))
    return Day(before if lead in ("last", "this past") or (past and not lead) else after)


def _parse_weekday_of_week(match: re.Match[str], query: _DateQuery) -> Day:
    """Read 'tuesday last week'; weeks begin on Monday."""
    steps = _WEEKDAY_OF[match["weekday"]] - query.today.weekday()
    return Day(query.today + timedelta(days=steps + 7 * _SHIFT[match["shift"]]))


def _parse_named_month(match: re.Match[str], query: _DateQuery) -> Day:
    """Read 'last march', 'this march', 'next march'; the current one is neither last nor next."""
    month, now = _MONTH_OF[match["month"]], query.today
    year_shifts = {"last": -(month >= now.month), "this": 0, "next": int(month <= now.month)}
    return Day(date(now.year + year_shifts[match["shift"]], month, 1), "month")


def _parse_iso_week(match: re.Match[str], query: _DateQuery) -> Day:
    day = date.fromisocalendar(int(match["year"]), int(match["week"]), int(match["day"] or 1))
    return Day(day, "day" if match["day"] else "week")


def _parse_calendar_date(match: re.Match[str], query: _DateQuery) -> Day | None:
    """Read a calendar date, perhaps after 'the week of' or its weekday, which has to match."""
    readings, weekday = _list_date_readings(match["date"]), match["weekday"]
    if not readings or ((weekday or match["week"]) and not readings[0][2]):
        return None
    if not (weekday or match["week"] or not readings[0][2]) and re.search(
        _YEAR_LIKE_TIME, match["date"]
    ):
        raise _make_unclear_error(
            query, "ends in a year or a time", "Say 'at 17:30', or add the weekday"
        )
    candidates = [
        (reading[3], day) for reading in readings for day in _list_possible_dates(reading, query)
    ]
    preferred = [day for order, day in candidates if order == query.order]
    days = preferred or list(dict.fromkeys(day for _, day in candidates))
    if not days:
        raise _make_unclear_error(query, "is not in the calendar")
    on = next((day for day in days if weekday and day.weekday() == _WEEKDAY_OF[weekday]), None)
    if weekday and not on:
        raise _make_unclear_error(query, f"does not match: that date is {format_day(Day(days[0]))}")
    if len(days) > 1 and not on:
        raise _make_unclear_error(query, readings=tuple(days))
    precision: Precision = "week" if match["week"] else "day" if readings[0][2] else "month"
    return Day(on or days[0], precision)


def _list_date_readings(phrase: str) -> list[_Reading]:
    """Return the possible readings of a date in numbers or words, none if it is not one."""
    if match := re.fullmatch(r"(\d\d?)(?:/(\d\d?)|([-/])(\d\d?)\3(\d{4}|\d\d))", phrase):
        first, second, year = int(match[1]) or 99, int(match[2] or match[4]) or 99, match[5] or ""
        readings = [(year, second, first, "dmy"), (year, first, second, "mdy")]
        if match[3] == "-" and len(year) == len(match[1]) == 2:
            readings.append((f"20{match[1]}", second, int(year) or 99, "ymd"))
        return readings
    for form in _DATE_FORMS:
        if match := re.fullmatch(form, phrase):
            parts = match.groupdict()
            month = _MONTH_OF.get(parts["month"]) or int(parts["month"])
            day = parts.get("day")
            number = int(day.rstrip("stndrh")) or 99 if day else 0  # 99: no month has such a day
            return [(parts.get("year") or "", month, number, "")]
    return []


def _list_possible_dates(reading: _Reading, query: _DateQuery) -> list[date]:
    """Return the dates of a reading: none, one, or two if the century is ambiguous."""
    (year, month, day, order), past = reading, query.prefer == "past"
    today = query.today if day else query.today.replace(day=1)
    years = list(range(today.year - 8, today.year + 9))  # 1896 to 1904 had no 29 February
    if year.endswith("year"):
        years = [today.year + _SHIFT[year.split()[0]]]
    elif len(year) == 4:
        years = [int(year)]
    elif year:
        years = [today.year // 100 * 100 + int(year[-2:]) + century for century in (-100, 0, 100)]
    days = []
    for candidate_year in years:
        with suppress(ValueError):
            days.append(date(candidate_year, month, day or 1))
    past_days = [day for day in days if day < today or (past and day == today)]
    future_days = [day for day in days if day not in past_days]
    if order == "ymd":
        return past_days if past else future_days
    if len(years) == 1:
        return days
    likely, other = (past_days[-1:], future_days[:1]) if past else (future_days[:1], past_days[-1:])
    return likely + [day for day in other if year and abs(day - today) < AMBIGUOUS_CENTURY_WINDOW]


_LEAD = "(?:(?P<lead>last|this past|this coming|this|next) )?"
_OF_WEEK = "(?P<shift>last|this|next) week"
_DIRECTION = "ago today|ago|back|from now|from today|hence"
_RULES: tuple[tuple[str, Callable[[re.Match[str], _DateQuery], Day | None]], ...] = (
    (
        _join_alternatives(_NAMED_DAYS),
        lambda match, query: Day(query.today + timedelta(days=_NAMED_DAYS[match[0]])),
    ),
    (rf"(?P<ahead>in )?{_DURATION}(?: (?P<direction>{_DIRECTION}))?", _parse_offset),
    ("(?P<shift>last|this|earlier this|next) (?P<unit>week|month|year)", _parse_period),
    ("(?:the )?(?P<unit>week|month|year) (?P<shift>before last)", _parse_period),
    (f"{_LEAD}{_WEEKDAY}", _parse_weekday),
    (f"{_WEEKDAY} (?:of )?{_OF_WEEK}", _parse_weekday_of_week),
    (f"{_OF_WEEK} (?:on )?{_WEEKDAY}", _parse_weekday_of_week),
    (f"(?P<shift>last|this|next) {_MONTH}", _parse_named_month),
    (
        r"(?P<year>\d{4})(?P<separator>-?)w(?P<week>\d\d)(?:(?P=separator)(?P<day>[1-7]))?",
        _parse_iso_week,
    ),
    (r"(?:the )?year (\d{4})", lambda match, _: Day(date(int(match[1]), 1, 1), "year")),
    (r"19\d\d|20\d\d|2100", lambda match, _: Day(date(int(match[0]), 1, 1), "year")),
    (_CALENDAR_DATE, _parse_calendar_date),
)
_UNKNOWN_DATE = "is not a date that kin understands"
_OTHER_WORDS = ("ago", "days", "weeks", "months", "years", "noon", "since", "on", "at", "in")
_REFUSALS = (
    (r"\d+", "is only a number", EXAMPLES),
    (rf"(?:on )?(?:the )?{_DAY}", "has no month", "Add the month, as in '12 march'"),
    (r"\d+ ?m ago", "could be minutes or months", "Say '3 months ago'"),
    (_DURATION, "has no direction", "Add 'ago', as in '3 weeks ago'"),
    (rf"{_MONTH}[-/]?\d\d?", "could be a day or a year", "Say '12 march' or 'march 2012'"),
)


def _make_unclear_error(
    query: _DateQuery, reason: str = "", hint: str = EXAMPLES, readings: tuple[date, ...] = ()
) -> UnclearDateError:
    """Return the error; it quotes what was typed, shortened and safe to print."""
    typed = "".join(char if char.isprintable() else " " for char in query.typed.strip()[:40])
    if readings:
        reason = f"can be {' or '.join(f'{day} ({format_date(day)})' for day in readings)}"
        hint = f"Say which, as in '{readings[0]}'"
    return UnclearDateError(f"“{typed}” {reason}.", hint, readings)


def _make_not_understood_error(phrase: str, query: _DateQuery) -> UnclearDateError:
    """Return the error for a phrase that no rule matches, with a hint at the most similar one."""
    for form, reason, hint in _REFUSALS:
        if re.fullmatch(form, phrase):
            return _make_unclear_error(query, reason, hint)
    from difflib import get_close_matches

    tables = (_WEEKDAY_OF, _MONTH_OF, _UNITS, _NAMED_DAYS, _SHIFT, _COUNT_OF, _OTHER_WORDS)
    known = [word for table in tables for name in table for word in name.split()]
    words = [[*get_close_matches(word, known, 1, 0.75), word][0] for word in phrase.split()]
    with suppress(UnclearDateError, ValueError, OverflowError):
        if _parse_phrase(" ".join(words), query):
            return _make_unclear_error(query, _UNKNOWN_DATE, f"Did you mean '{' '.join(words)}'?")
    return _make_unclear_error(query, _UNKNOWN_DATE)


def parse_birthday(text: str, *, now: datetime, date_order: DateOrder | None = None) -> str:
    """Parse a birthday into 'YYYY-MM-DD', or '--MM-DD' without a year (RFC 6350, section 4.3.1).

    Raises UnclearDateError as `parse` does, and for a month alone, a relative phrase and a future date.
    """
    query = _DateQuery(text, now.date(), now, "past", date_order)
    phrase = re.sub(r"^--(\d\d)-?(\d\d)$", r"\2.\1", _normalize_phrase(query))
    match = re.fullmatch(_CALENDAR_DATE, phrase)
    day = match and _parse_calendar_date(match, query)
    year = _list_date_readings(match["date"])[0][0] if match and day else ""
    if not day or day.precision != "day" or year.endswith("year"):
        raise _make_unclear_error(query, "is not a birthday", "Try 12 march 1984 or 12 march")
    if day.on > query.today:
        raise _make_unclear_error(query, "is still to come", "Give the year of birth, or no year")
    return f"{day.on}" if year else f"--{day.on:%m-%d}"


def find_last_date(day: Day) -> date:
    """Return the last date of a day, week (a Sunday), month or year."""
    if day.precision == "week":
        return day.on + timedelta(days=6 - day.on.weekday())
    if day.precision == "month":
        return day.on.replace(day=monthrange(day.on.year, day.on.month)[1])
    return date(day.on.year, 12, 31) if day.precision == "year" else day.on


def format_date(on: date) -> str:
    """Format a date without its weekday: '17 Nov 2026'."""
    return f"{on.day} {MONTHS[on.month - 1][:3]} {on.year:04}"


def format_day(day: Day) -> str:
    """Format a day as lists show it: 'Tue 17 Nov 2026', 'week of 16 Nov 2026', 'March 2024'."""
    if day.precision == "day":
        return f"{WEEKDAYS[day.on.weekday()][:3]} {format_date(day.on)}"
    if day.precision == "week":
        return f"week of {format_date(day.on)}"
    if day.precision == "month":
        return f"{MONTHS[day.on.month - 1]} {day.on.year:04}"
    return f"{day.on.year}" if 1900 <= day.on.year <= 2100 else f"the year {day.on.year:04}"
