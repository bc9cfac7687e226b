"""The calendar of birthdays and dates: all-day, yearly, the same bytes each time, and correct in February."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from typing import Any

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, strategies as st

from kin.formats.ics import Event, write_calendar

STAMP = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
BIRTHDAY = Event("maya-birthday@kin", "Maya Okafor's birthday", "1984-03-12")

CALENDAR = (
    b"BEGIN:VCALENDAR\r\n"
    b"VERSION:2.0\r\n"
    b"PRODID:-//kin//kin//EN\r\n"
    b"CALSCALE:GREGORIAN\r\n"
    b"X-WR-CALNAME:kin\r\n"
    b"BEGIN:VEVENT\r\n"
    b"UID:maya-birthday@kin\r\n"
    b"DTSTAMP:20261118T090000Z\r\n"
    b"DTSTART;VALUE=DATE:19840312\r\n"
    b"RRULE:FREQ=YEARLY\r\n"
    b"SUMMARY:Maya Okafor's birthday\r\n"
    b"TRANSP:TRANSPARENT\r\n"
    b"END:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)


def lines(event: Event) -> list[bytes]:
    return write_calendar([event], stamp=STAMP).split(b"\r\n")


def unfolded(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_birthday_is_a_yearly_all_day_event() -> None:
    assert write_calendar([BIRTHDAY], stamp=STAMP) == CALENDAR


def test_the_same_dates_give_the_same_bytes() -> None:
    assert write_calendar([BIRTHDAY], stamp=STAMP) == write_calendar([BIRTHDAY], stamp=STAMP)
    elsewhere = STAMP.astimezone(timezone(timedelta(hours=9)))
    assert write_calendar([BIRTHDAY], stamp=elsewhere) == CALENDAR
    assert write_calendar([BIRTHDAY], stamp=STAMP.replace(tzinfo=None)) == CALENDAR


def test_a_book_without_dates_is_an_empty_calendar() -> None:
    assert write_calendar([], stamp=STAMP).endswith(b"X-WR-CALNAME:kin\r\nEND:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("on", "start", "rule"),
    [
        ("--03-12", b"20000312", b"FREQ=YEARLY"),
        ("--02-29", b"20000229", b"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        ("1996-02-29", b"19960229", b"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        ("1995-02-28", b"19950228", b"FREQ=YEARLY"),
        ("--02-28", b"20000228", b"FREQ=YEARLY"),
        ("0900-01-01", b"09000101", b"FREQ=YEARLY"),
    ],
)
def test_the_rule_depends_on_the_date(on: str, start: bytes, rule: bytes) -> None:
    written = lines(Event("a", "b", on))
    assert b"DTSTART;VALUE=DATE:" + start in written
    assert b"RRULE:" + rule in written


def test_an_invalid_date_is_refused() -> None:
    with pytest.raises(ValueError, match="day"):
        write_calendar([Event("a", "b", "2023-02-29")], stamp=STAMP)


def test_text_is_escaped_and_control_characters_are_replaced() -> None:
    event = Event(
        "a", "Ada, Tom; \\o/ “x”: y", "--01-02", "one\r\ntwo\rthree\u2028four\0\x1b[31m\ttab"
    )
    written = lines(event)
    assert "SUMMARY:Ada\\, Tom\\; \\\\o/ “x”: y".encode() in written
    assert "DESCRIPTION:one\\ntwo\\nthree\\nfour\ufffd\ufffd[31m\ttab".encode() in written


def test_text_cannot_begin_a_line() -> None:
    event = Event("a\r\nBEGIN:VALARM", "x\nEND:VEVENT", "--01-02", "\rEND:VCALENDAR\ud800")
    data = write_calendar([event], stamp=STAMP)
    assert data.count(b"\r\nEND:VEVENT") == data.count(b"\r\nEND:VCALENDAR") == 1
    assert b"\r\nBEGIN:VALARM" not in data


@given(st.text(), st.text(), st.dates())
def test_lines_are_folded_between_characters(title: str, note: str, on: date) -> None:
    data = write_calendar([Event("a", title, on.isoformat(), note)], stamp=STAMP)
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line and b"\r" not in line
        line.decode()
    assert unfolded(data)[-2] == "END:VCALENDAR"


def test_long_lines_are_folded_at_75_octets() -> None:
    written = lines(Event("a", "é" * 80, "--01-02"))
    at = next(at for at, line in enumerate(written) if line.startswith(b"SUMMARY"))
    assert [len(line) for line in written[at : at + 3]] == [74, 75, 21]
    assert written[at + 1].startswith(" é".encode())


def parsed(*events: Event) -> Any:
    return icalendar.Calendar.from_ical(write_calendar(events, stamp=STAMP))


def test_icalendar_reads_the_same_events() -> None:
    calendar = parsed(BIRTHDAY, Event("b", "Zoë, Tom; \\n", "--02-29", "one\ntwo “é” " + "王" * 60))
    assert str(calendar["X-WR-CALNAME"]) == "kin"
    first, second = calendar.walk("VEVENT")
    assert (str(first["UID"]), first["DTSTART"].dt) == ("maya-birthday@kin", date(1984, 3, 12))
    assert first["DTSTAMP"].dt == STAMP
    assert str(first["TRANSP"]) == "TRANSPARENT"
    assert str(second["SUMMARY"]) == "Zoë, Tom; \\n"
    assert str(second["DESCRIPTION"]) == "one\ntwo “é” " + "王" * 60
    assert not calendar.errors and not first.errors and not second.errors


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("1996-02-29", ["02-29", "02-28", "02-28", "02-28", "02-29"]),
        ("1996-02-28", ["02-28", "02-28", "02-28", "02-28", "02-28"]),
        ("2000-03-01", ["03-01", "03-01", "03-01", "03-01", "03-01"]),
    ],
)
def test_the_rule_recurs_on_the_right_days(on: str, days: list[str]) -> None:
    (rule,) = [line for line in lines(Event("a", "b", on)) if line.startswith(b"RRULE:")]
    start = datetime.fromisoformat(on)
    came = islice(rrulestr(rule.decode(), dtstart=start), 5)
    expected = [f"{start.year + at}-{day}" for at, day in enumerate(days)]
    assert [f"{day:%Y-%m-%d}" for day in came] == expected


@pytest.mark.parametrize("on", ["1996-02-29", "--02-29", "1995-02-28", "--02-28", "1900-03-01"])
def test_icalendar_places_29_february_on_the_last_day_of_february(on: str) -> None:
    (event,) = parsed(Event("a", "x", on)).walk("VEVENT")
    start = datetime.combine(event["DTSTART"].dt, datetime.min.time())
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
    for year, leap in ((2023, False), (2024, True), (2100, False)):
        (day,) = rule.between(datetime(year, 1, 1), datetime(year, 12, 31), inc=True)
        last = "02-29" if leap else "02-28"
        assert f"{day:%m-%d}" == (last if on.endswith("02-29") else on[-5:])
