"""Birthdays and other dates as a calendar (iCalendar, RFC 5545).

The same dates give the same bytes, so that a calendar that subscribes to the file recognizes its
entries. The caller gives the time and the UIDs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

CALENDAR_NAME = "kin"
LINE_WIDTH = 75  # octets, without the line ending (section 3.1)
_LEAP_YEAR = "2000"  # for dates without a year: it has a 29 February
YEARLY_RULE = "FREQ=YEARLY"
# A yearly 29 February comes only in leap years; the last day of February comes every year.
LAST_OF_FEBRUARY_RULE = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"

_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")  # not allowed in TEXT


@dataclass(frozen=True, slots=True)
class Event:
    """A yearly date: `on` is YYYY-MM-DD, or --MM-DD without a year.

    `uid` and `since` (a day, for the DTSTAMP) are the same for the same date in every export.
    """

    uid: str
    title: str
    on: str
    note: str | None = None
    since: str | None = None


def write_calendar(events: Iterable[Event], *, stamp: datetime) -> bytes:
    """Return a calendar of all-day events that do not show as busy.

    `stamp` is the DTSTAMP of events without `since`; if it is naive, it is taken as UTC. Raises ValueError
    if the `on` of an event is not a date.
    """
    stamp_utc = stamp.astimezone(UTC) if stamp.tzinfo else stamp
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kin//kin//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{CALENDAR_NAME}")
    for event in events:
        since = f"{event.since.replace('-', '')}T000000Z" if event.since else None
        lines += _format_event(event, since or f"{stamp_utc:%Y%m%dT%H%M%SZ}")
    lines.append("END:VCALENDAR")
    return b"".join(_fold_line(line) for line in lines)


def _format_event(event: Event, stamp: str) -> list[str]:
    on = date.fromisoformat(event.on.replace("--", f"{_LEAP_YEAR}-", 1))
    rule = LAST_OF_FEBRUARY_RULE if (on.month, on.day) == (2, 29) else YEARLY_RULE
    note = [f"DESCRIPTION:{_escape_text(event.note)}"] if event.note else []
    return [
        "BEGIN:VEVENT",
        f"UID:{_escape_text(event.uid)}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{on.isoformat().replace('-', '')}",
        f"RRULE:{rule}",
        f"SUMMARY:{_escape_text(event.title)}",
        *note,
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escape_text(words: str) -> str:
    """Escape a TEXT value (section 3.3.11); characters that it must not contain become U+FFFD."""
    plain = _CONTROL.sub("\ufffd", _LINE_BREAKS.sub("\n", words))
    return "".join(_ESCAPES.get(char, char) for char in plain)


def _fold_line(line: str) -> bytes:
    """Fold a line at 75 octets, never inside a character; continuation lines begin with a space."""
    octets, parts, start, room = line.encode(), [], 0, LINE_WIDTH
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a UTF-8 sequence
            end -= 1
        parts.append(octets[start:end])
        start, room = end, LINE_WIDTH - 1
    return b"\r\n ".join([*parts, octets[start:]]) + b"\r\n"
