"""Dates as people say them: 'yesterday', 'last tue', '3 weeks ago', '12 march', 'march 2024'.

`parse` reads a phrase into a `Day`; `format_day` writes a `Day`, and `parse` reads that back. A
phrase is understood as a whole and in exactly one way, or refused.
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

LONGEST_PHRASE = 80  # characters: no day takes more, and a pasted page is refused at once
DOUBTFUL = timedelta(days=20 * 365)  # '27' is 1927 only if nobody can mean a 2027 soon to come
EXAMPLES = "Say it as yesterday, last tue, 3 weeks ago, 12 march, 2026-03-12 or march 2024"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPRING = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_SPRING, "July", "August", "September", "October", "November", "December")
_WEEKDAY_OF = {name.lower(): at for at, name in enumerate(WEEKDAYS)}
_WEEKDAY_OF |= {name[:3]: at for name, at in _WEEKDAY_OF.items()}
_WEEKDAY_OF |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTH_OF = {name.lower(): at for at, name in enumerate(MONTHS, 1)}
_MONTH_OF |= {name[:3]: at for name, at in _MONTH_OF.items()} | {"sept": 9}
_COUNT_OF = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNT_OF |= {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20}
_COUNT_OF |= {"a couple of": 2, "couple of": 2, "a couple": 2, "couple": 2, "a few": 3, "few": 3}
_COUNT_OF |= {"a": 1, "an": 1}
_NAMED = dict.fromkeys(("today", "tonight", "now", "just now", "right now", "earlier today"), 0)
_NAMED |= dict.fromkeys(("this morning", "this afternoon", "this evening", "later today"), 0)
_NAMED |= {"yesterday": -1, "last night": -1, "last evening": -1, "tomorrow": 1}
_NAMED |= {"day before yesterday": -2, "the day before yesterday": -2}
_NAMED |= {"day after tomorrow": 2, "the day after tomorrow": 2}
_SHIFT = {"last": -1, "this": 0, "earlier this": 0, "next": 1, "before last": -2}
_UNITS: dict[str, tuple[int, timedelta, Precision]] = {  # finest first: months, time, how exact
    "minute": (0, timedelta(minutes=1), "day"),
    "hour": (0, timedelta(hours=1), "day"),
    "day": (0, timedelta(days=1), "day"),
    "week": (0, timedelta(days=7), "week"),
    "fortnight": (0, timedelta(days=14), "week"),
    "month": (1, timedelta(), "month"),
    "year": (12, timedelta(), "year"),
}
_UNIT_OF = {"min": "minute", "hr": "hour", "h": "hour", "d": "day", "wk": "week"}
_UNIT_OF |= {"w": "week", "mo": "month", "mth": "month", "yr": "year", "y": "year"}


def _any(*tables: Iterable[str]) -> str:
    """Return a pattern for any key of the tables, the longest first."""
    return "|".join(sorted((word for table in tables for word in table), key=len, reverse=True))


# Patterns stay strings: `re` compiles each at its first use, which keeps the start of kin quick.
_TH = r"(?<=1)(?<!11)st|(?<=2)(?<!12)nd|(?<=3)(?<!13)rd|(?<=[04-9])th|(?<=1[123])th"
_DAY = rf"(?P<day>\d\d?(?:{_TH})?)"
_MONTH = rf"(?P<month>{_any(_MONTH_OF)})"
_YEAR = r"(?P<year>\d{4}|'\d\d|(?:last|this|next) year)"
_CLOCKLIKE = r" (?:0\d|1[0-8])\d\d$"  # '12 march 1730' hardly means a year
_ANY_YEAR = _YEAR.replace("'", "'?")
_WEEKDAY = rf"(?P<weekday>{_any(_WEEKDAY_OF)})"
_DATED = rf"(?P<week>(?:the )?week of )?(?:{_WEEKDAY} )?(?P<date>.+)"
_WRITTEN = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)",
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
_TERM = (
    rf"(?:\d{{1,6}} ?(?:{_any(_UNITS, _UNIT_OF)})s?"
    rf"|(?:{_any(_COUNT_OF)}) (?:{_any(_UNITS)})s?)"
)
_SUM = rf"(?P<sum>{_TERM}(?:(?: and)? {_TERM}){{0,3}})"
_HOUR, _HALF_DAY = r"(?:[01]?\d|2[0-3])", r"(?:0?[1-9]|1[0-2])"
_SECONDS = r"(?::?[0-5]\d(?:\.\d{1,9})?)"
_ZONE = r"(?: ?(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?))?"
_CLOCK = (
    rf"(?:{_HALF_DAY}(?:[:.][0-5]\d)? ?[ap]m|{_HALF_DAY} o'clock|midnight"
    rf"|{_HOUR}:[0-5]\d{_SECONDS}?{_ZONE})"
)
_AT_CLOCK = rf"(?:(?:at )?{_CLOCK}|at {_HOUR}(?:\.?[0-5]\d{_SECONDS}?)?{_ZONE})"
_PART = r"(?:(?:in the )?(?:morning|afternoon|evening|night)|(?:at )?(?:noon|midday|night))"
_RESPELLED = (
    (r"\b([ap])\.m\b\.?", r"\1m"),
    (r"(?<=[a-z])\.(?= )", ""),
    (rf"(?<=\d)[-/.]? ?(?=(?:{_any(_MONTH_OF)})(?![a-z]))", " "),  # 12-mar, 12. march, 12mar
    (rf"(?<=\d )({_any(_MONTH_OF)})[-/.]?(?=\d)", r"\1 "),
    (rf"^({_any(_MONTH_OF)})[-/.]?(?=\d{{4}}$)", r"\1 "),
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


class _Asked(NamedTuple):
    """What was typed, and the light in which to read it."""

    typed: str
    today: date
    now: datetime
    prefer: Prefer
    order: DateOrder | None


_Reading = tuple[str, int, int, str]  # year or '', month, day or 0, order of figures or ''


def parse(
    text: str, *, now: datetime, prefer: Prefer = "past", date_order: DateOrder | None = None
) -> Day:
    """Parse a date as people say it.

    `now` is the local time that relative phrases count from. A date without a year is the latest one
    up to today, with `prefer="future"` the earliest from today on; "past" refuses "next" and "coming".
    `date_order` settles 3/4 ("dmy" or "mdy"). A time or a zone after a date is dropped.

    Raises UnclearDateError, with a hint, for a phrase that kin does not know, that is not in the
    calendar, or that can mean several dates, which are its `readings`.
    """
    asked = _Asked(text, now.date(), now, prefer, date_order)
    phrase = _cleaned(asked)
    try:
        day = _resolved(phrase, asked)
    except (ValueError, OverflowError):
        raise _unclear(asked, "lies outside the calendar") from None
    if day is None:
        raise _not_understood(phrase, asked)
    return day


def _cleaned(asked: _Asked) -> str:
    """Return the phrase in small letters, with single spaces and one spelling of each form."""
    phrase = asked.typed.strip()
    if not phrase:
        raise UnclearDateError("No day was given.", EXAMPLES)
    plain = str.maketrans("’‘‐‑–−", "''----")
    words = phrase[: LONGEST_PHRASE + 1].replace(",", " ").translate(plain).split()
    if len(phrase) > LONGEST_PHRASE or not all(w.isascii() and w.isprintable() for w in words):
        raise _unclear(asked, _UNKNOWN)
    phrase = " ".join(words).lower().removesuffix(".")
    for form, spelling in _RESPELLED:
        phrase = re.sub(form, spelling, phrase)
    return phrase


def _resolved(phrase: str, asked: _Asked) -> Day | None:
    """Return the day of a whole phrase: plain, behind a preposition, or with a time of day."""
    if asked.prefer == "past" and re.search(r"\b(?:next|coming)\b", phrase):
        raise _unclear(asked, "is still to come", "Say tomorrow, in 3 days, or the date itself")
    return _untimed(phrase, asked) or _introduced(phrase, asked) or _timed(phrase, asked)


def _untimed(phrase: str, asked: _Asked) -> Day | None:
    """Return what the first rule that knows the phrase makes of it."""
    for form, rule in _RULES:
        if (said := re.fullmatch(form, phrase)) and (day := rule(said, asked)):
            return day
    return None


def _introduced(phrase: str, asked: _Asked) -> Day | None:
    """Read 'since' before anything, 'on' and 'at' before a day, 'in' before a month or a year."""
    said = re.fullmatch(r"(since|on|at|(?:back )?in) (?!in )(.+)", phrase)
    day = said and (_untimed(said[2], asked) or _timed(said[2], asked))
    if not said or not day or said[1] == "since":
        return day or None
    if said[1] in ("on", "at"):
        return day if day.precision == "day" else None
    relative = re.search(r"\b(?:ago|back|from|hence)\b", said[2])
    return day if day.precision in ("month", "year") and not relative else None


def _timed(phrase: str, asked: _Asked) -> Day | None:
    """Read a day with a time of day behind or before it; nothing but a day has one."""
    hours = r"now$|(?:minute|hour|min|hr|h)s? (?:ago|back)$"
    for form, exact in (
        (rf"(?:{_CLOCK}|noon|midday) (?:on )?(.+)", hours),
        (rf"(.+?) {_AT_CLOCK}", hours),
        (rf"(.+?) {_PART}(?: {_AT_CLOCK})?", rf"{hours}|(?:morning|afternoon|evening|night)$"),
    ):
        if (said := re.fullmatch(form, phrase)) and not re.search(exact, said[1]):
            day = _untimed(said[1], asked)
            if day and day.precision == "day":
                return day
    return None


def _moved(asked: _Asked, months: int, time: timedelta, precision: Precision) -> Day:
    """Move from now; a month too short for the day ends on its last one."""
    there = asked.now
    if months:
        from dateutil.relativedelta import relativedelta

        there += relativedelta(months=months)
    return Day((there + time).date(), precision)


def _offset(said: re.Match[str], asked: _Asked) -> Day | None:
    """Read '3 weeks and 2 days ago', 'in a few days', 'a year ago today'."""
    way = said["way"]
    if bool(way) == bool(said["ahead"]):
        return None
    months, time, units = 0, timedelta(), []
    for term in re.findall(_TERM, said["sum"]):
        split = re.split(rf"^(\d+|{_any(_COUNT_OF)}) ?", term)
        count = int(split[1]) if split[1].isdecimal() else _COUNT_OF[split[1]]
        unit = _UNIT_OF.get(split[2].removesuffix("s"), split[2].removesuffix("s"))
        months, time = months + count * _UNITS[unit][0], time + count * _UNITS[unit][1]
        units.append(unit)
    if len(set(units)) < len(units):
        return None
    sign = -1 if way and way.startswith(("ago", "back")) else 1
    finest = "day" if way and way.endswith("today") else min(units, key=list(_UNITS).index)
    return _moved(asked, sign * months, sign * time, _UNITS[finest][2])


def _period(said: re.Match[str], asked: _Asked) -> Day:
    """Read 'last week', 'this month', 'the year before last': as many units away from today."""
    (months, time, precision), shift = _UNITS[said["unit"]], _SHIFT[said["shift"]]
    return _moved(asked, shift * months, shift * time, precision)


def _weekday(said: re.Match[str], asked: _Asked) -> Day:
    """Read 'tue', 'last tuesday', 'this friday': today itself is neither last nor next."""
    today, past, lead = asked.today, asked.prefer == "past", said["lead"]
    steps = _WEEKDAY_OF[said["weekday"]] - today.weekday()
    before, after = (today + timedelta(days=n) for n in (steps % 7 - 7, steps % 7 or 7))
    if lead == "this":
        if steps > 0 if past else steps < 0:
            raise _unclear(asked, readings=(before, after))
        return Day(today + timedelta(days=steps))
    return Day(before if lead in ("last", "this past") or (past and not lead) else after)


def _weekday_of_week(said: re.Match[str], asked: _Asked) -> Day:
    """Read 'tuesday last week'; weeks begin on Monday."""
    steps = _WEEKDAY_OF[said["weekday"]] - asked.today.weekday()
    return Day(asked.today + timedelta(days=steps + 7 * _SHIFT[said["shift"]]))


def _named_month(said: re.Match[str], asked: _Asked) -> Day:
    """Read 'last march', 'this march', 'next march'; the current one is neither last nor next."""
    month, now = _MONTH_OF[said["month"]], asked.today
    turns = {"last": -(month >= now.month), "this": 0, "next": int(month <= now.month)}
    return Day(date(now.year + turns[said["shift"]], month, 1), "month")


def _iso_week(said: re.Match[str], asked: _Asked) -> Day:
    day = date.fromisocalendar(int(said["year"]), int(said["week"]), int(said["day"] or 1))
    return Day(day, "day" if said["day"] else "week")


def _calendar(said: re.Match[str], asked: _Asked) -> Day | None:
    """Read a calendar date, perhaps behind its weekday, which has to agree, or 'the week of'."""
    readings, weekday = _readings(said["date"]), said["weekday"]
    if not readings or ((weekday or said["week"]) and not readings[0][2]):
        return None
    if not (weekday or said["week"] or not readings[0][2]) and re.search(_CLOCKLIKE, said["date"]):
        raise _unclear(asked, "ends in a year or in a time", "Say 'at 17:30', or the weekday too")
    found = [(reading[3], day) for reading in readings for day in _days(reading, asked)]
    configured = [day for order, day in found if order == asked.order]
    days = configured or list(dict.fromkeys(day for _, day in found))
    if not days:
        raise _unclear(asked, "is not in the calendar")
    on = next((day for day in days if weekday and day.weekday() == _WEEKDAY_OF[weekday]), None)
    if weekday and not on:
        raise _unclear(asked, f"is not one day: the date is {format_day(Day(days[0]))}")
    if len(days) > 1 and not on:
        raise _unclear(asked, readings=tuple(days))
    precision: Precision = "week" if said["week"] else "day" if readings[0][2] else "month"
    return Day(on or days[0], precision)


def _readings(phrase: str) -> list[_Reading]:
    """Return the readings of a date in figures or words, none if it is not one."""
    if said := re.fullmatch(r"(\d\d?)(?:/(\d\d?)|([-/])(\d\d?)\3(\d{4}|\d\d))", phrase):
        first, second, year = int(said[1]) or 99, int(said[2] or said[4]) or 99, said[5] or ""
        readings = [(year, second, first, "dmy"), (year, first, second, "mdy")]
        if said[3] == "-" and len(year) == len(said[1]) == 2:
            readings.append((f"20{said[1]}", second, int(year) or 99, "ymd"))
        return readings
    for form in _WRITTEN:
        if said := re.fullmatch(form, phrase):
            parts = said.groupdict()
            month = _MONTH_OF.get(parts["month"]) or int(parts["month"])
            day = parts.get("day")
            number = int(day.rstrip("stndrh")) or 99 if day else 0  # a day that no month has
            return [(parts.get("year") or "", month, number, "")]
    return []


def _days(reading: _Reading, asked: _Asked) -> list[date]:
    """Return the days a reading stands for: none, one, or two when the century is in doubt."""
    (year, month, day, order), past = reading, asked.prefer == "past"
    today = asked.today if day else asked.today.replace(day=1)
    years = list(range(today.year - 8, today.year + 9))  # 1896 to 1904 had no 29 February
    if year.endswith("year"):
        years = [today.year + _SHIFT[year.split()[0]]]
    elif len(year) == 4:
        years = [int(year)]
    elif year:
        years = [today.year // 100 * 100 + int(year[-2:]) + century for century in (-100, 0, 100)]
    days = []
    for at in years:
        with suppress(ValueError):
            days.append(date(at, month, day or 1))
    behind = [day for day in days if day < today or (past and day == today)]
    ahead = [day for day in days if day not in behind]
    if order == "ymd":
        return behind if past else ahead
    if len(years) == 1:
        return days
    meant, other = (behind[-1:], ahead[:1]) if past else (ahead[:1], behind[-1:])
    return meant + [day for day in other if year and abs(day - today) < DOUBTFUL]


_LEAD = "(?:(?P<lead>last|this past|this coming|this|next) )?"
_OF_WEEK = "(?P<shift>last|this|next) week"
_WAY = "ago today|ago|back|from now|from today|hence"
_RULES: tuple[tuple[str, Callable[[re.Match[str], _Asked], Day | None]], ...] = (
    (_any(_NAMED), lambda said, asked: Day(asked.today + timedelta(days=_NAMED[said[0]]))),
    (rf"(?P<ahead>in )?{_SUM}(?: (?P<way>{_WAY}))?", _offset),
    ("(?P<shift>last|this|earlier this|next) (?P<unit>week|month|year)", _period),
    ("(?:the )?(?P<unit>week|month|year) (?P<shift>before last)", _period),
    (f"{_LEAD}{_WEEKDAY}", _weekday),
    (f"{_WEEKDAY} (?:of )?{_OF_WEEK}", _weekday_of_week),
    (f"{_OF_WEEK} (?:on )?{_WEEKDAY}", _weekday_of_week),
    (f"(?P<shift>last|this|next) {_MONTH}", _named_month),
    (r"(?P<year>\d{4})(?P<mark>-?)w(?P<week>\d\d)(?:(?P=mark)(?P<day>[1-7]))?", _iso_week),
    (r"(?:the )?year (\d{4})", lambda said, asked: Day(date(int(said[1]), 1, 1), "year")),
    (r"19\d\d|20\d\d|2100", lambda said, asked: Day(date(int(said[0]), 1, 1), "year")),
    (_DATED, _calendar),
)
_UNKNOWN = "is not a day that kin knows"
_OTHER_WORDS = ("ago", "days", "weeks", "months", "years", "noon", "since", "on", "at", "in")
_REFUSALS = (
    (r"\d+", "is only a number", EXAMPLES),
    (rf"(?:on )?(?:the )?{_DAY}", "is of no month", "Say the month too, as in '12 march'"),
    (r"\d+ ?m ago", "could be minutes or months", "Say '3 months ago'"),
    (_SUM, "has no direction", "Say 'ago' behind it, as in '3 weeks ago'"),
    (rf"{_MONTH}[-/]?\d\d?", "could be a day or a year", "Say '12 march' or 'march 2012'"),
)


def _unclear(
    asked: _Asked, why: str = "", hint: str = EXAMPLES, readings: tuple[date, ...] = ()
) -> UnclearDateError:
    """Return the refusal, with what was typed shortened and harmless to print."""
    typed = "".join(c if c.isprintable() else " " for c in asked.typed.strip()[:40])
    if readings:
        why = f"can be {' or '.join(f'{day} ({format_date(day)})' for day in readings)}"
        hint = f"Say which, as in '{readings[0]}'"
    return UnclearDateError(f"“{typed}” {why}.", hint, readings)


def _not_understood(phrase: str, asked: _Asked) -> UnclearDateError:
    """Return the refusal of a phrase no rule knows, with the nearest one that would do."""
    for form, why, hint in _REFUSALS:
        if re.fullmatch(form, phrase):
            return _unclear(asked, why, hint)
    from difflib import get_close_matches

    tables = (_WEEKDAY_OF, _MONTH_OF, _UNITS, _NAMED, _SHIFT, _COUNT_OF, _OTHER_WORDS)
    known = [word for table in tables for name in table for word in name.split()]
    words = [[*get_close_matches(word, known, 1, 0.75), word][0] for word in phrase.split()]
    with suppress(UnclearDateError, ValueError, OverflowError):
        if _resolved(" ".join(words), asked):
            return _unclear(asked, _UNKNOWN, f"Did you mean '{' '.join(words)}'?")
    return _unclear(asked, _UNKNOWN)


def birthday(text: str, *, now: datetime, date_order: DateOrder | None = None) -> str:
    """Read a birthday into 'YYYY-MM-DD', or '--MM-DD' without a year (RFC 6350, section 4.3.1).

    A month alone, a relative phrase and a day to come are refused.
    """
    asked = _Asked(text, now.date(), now, "past", date_order)
    phrase = re.sub(r"^--(\d\d)-?(\d\d)$", r"\2.\1", _cleaned(asked))
    said = re.fullmatch(_DATED, phrase)
    day = said and _calendar(said, asked)
    year = _readings(said["date"])[0][0] if said and day else ""
    if not day or day.precision != "day" or year.endswith("year"):
        raise _unclear(asked, "is not a birthday", "Say it as 12 march 1984 or 12 march")
    if day.on > asked.today:
        raise _unclear(asked, "is still to come", "Say the year of birth, or no year at all")
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
