"""Birthdays and other days as a calendar (iCalendar, RFC 5545), for a phone or a desk.

Its one rule: the same days are the same bytes, so that a calendar that subscribes to the file finds
its entries again. The clock is the caller's, and UIDs come with the days.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

NAME = "kin"
LINE = 75  # octets of a line, without its end (section 3.1)
NO_YEAR = "2000"  # a leap year, so that 29 February can stand in it
YEARLY = "FREQ=YEARLY"
# A yearly 29 February comes only in leap years; the last day of February comes every year.
LAST_OF_FEBRUARY = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"

_SIGNS = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")  # no TEXT may hold it


@dataclass(frozen=True, slots=True)
class Event:
    """A day that comes back every year: `on` is YYYY-MM-DD, or --MM-DD without a year.

    `uid` is the same for the same day in every export, and so is `since`, the day that is its DTSTAMP.
    """

    uid: str
    title: str
    on: str
    note: str | None = None
    since: str | None = None


def write(events: Iterable[Event], *, stamp: datetime) -> bytes:
    """Write a calendar of whole days that block nobody's time; a naive `stamp` is taken as UTC.

    It is the DTSTAMP of days that do not say since when they are known.

    Raises ValueError where `on` is no day.
    """
    at = stamp.astimezone(UTC) if stamp.tzinfo else stamp
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kin//kin//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{NAME}")
    for event in events:
        since = f"{event.since.replace('-', '')}T000000Z" if event.since else None
        lines += _lines(event, since or f"{at:%Y%m%dT%H%M%SZ}")
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _lines(event: Event, stamp: str) -> list[str]:
    on = date.fromisoformat(event.on.replace("--", f"{NO_YEAR}-", 1))
    rule = LAST_OF_FEBRUARY if (on.month, on.day) == (2, 29) else YEARLY
    note = [f"DESCRIPTION:{_text(event.note)}"] if event.note else []
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{on.isoformat().replace('-', '')}",
        f"RRULE:{rule}",
        f"SUMMARY:{_text(event.title)}",
        *note,
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    """Escape a TEXT value (section 3.3.11); what none may hold is shown as U+FFFD."""
    plain = _CONTROL.sub("\ufffd", _ENDS.sub("\n", words))
    return "".join(_SIGNS.get(sign, sign) for sign in plain)


def _folded(line: str) -> bytes:
    """Fold a line at 75 octets, never inside a character; what goes on begins with a space."""
    octets, pieces, start, room = line.encode(), [], 0, LINE
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a UTF-8 sequence
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, LINE - 1
    return b"\r\n ".join([*pieces, octets[start:]]) + b"\r\n"
