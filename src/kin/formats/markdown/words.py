"""How words, days and links stand on a page of kin's Markdown: as they are, wherever that is possible.

Its one rule: what would be read otherwise, or could drive a terminal, stands as a JSON string in a
code span, `"like \\n this"`: every text comes back byte for byte.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kin.formats.checked import LEAP_YEAR
from kin.language import day as days
from kin.language.text import (
    escaped,
    visible,
)

NEVER = re.compile("(?!)")
COMMA = re.compile(",")
BRACKETS = re.compile(r"[][]")
_CODE = '`"'
_FILE = r"[^()\s]+"
_LINK = re.compile(rf"\[([^][]*)\]\(({_FILE})\)")
_LINK_END = re.compile(rf"\]\(({_FILE})\)")
_COMMA_HERE = re.compile(r"\s*(?:,\s*|\Z)")
_NEXT_LINK = re.compile(r",? and |, ?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = re.compile(r"(?:[A-Za-z]+,? )?([0-9]{1,2}) ([A-Za-z]{3,9}) ([0-9]{4})")
_YEARLY = re.compile(r"([0-9]{1,2}) ([A-Za-z]{3,9})")
_WIDE = re.compile(r"(week|month|year) of (.+)")
_MONTH = re.compile(r"([A-Za-z]{3,9}) ([0-9]{4})")
_WIDTH = {"month": "-01", "year": "-01-01"}


class UnreadError(Exception):
    """What stands there is not what kin writes; the message says why, in words."""


class Link(NamedTuple):
    """A link to a page: its words and its file, and the text behind it."""

    words: str
    file: str
    rest: str


def code(words: str) -> str:
    """Return any text in one line that can be read in one way only."""
    return f"`{escaped(json.dumps(words, ensure_ascii=False)).replace('`', chr(92) + 'u0060')}`"


def plain(words: str, marks: re.Pattern[str] = NEVER) -> str:
    """Return the words as they are; as code where they would not come back, or `marks` are in them."""
    same = words and not words.startswith(_CODE) and words == words.strip()
    if same and visible(words, newlines=False) == words and not marks.search(words):
        return words
    return code(words)


def coded(text: str) -> tuple[str, str] | None:
    """Read a text that begins with code: the words, and what stands behind; None where none is there."""
    found = _coded_at(text, 0)
    return None if found is None else (found[0], text[found[1] :])


def _coded_at(text: str, at: int) -> tuple[str, int] | None:
    """Read code that begins at a place: the words, and where it ends."""
    if not text.startswith(_CODE, at):
        return None
    try:
        words, end = json.JSONDecoder().raw_decode(text, at + 1)
        words.encode()
    except (ValueError, RecursionError):
        raise UnreadError("a code span in it is not whole") from None
    if "\0" in words or not text.startswith("`", end):
        raise UnreadError("a code span in it is not closed, or has a NUL character in it")
    return words, end + 1


def words(text: str) -> str:
    """Read a value that goes to the end of its line."""
    text = text.strip()
    found = coded(text)
    if found is None:
        return text
    if found[1].strip():
        raise UnreadError("something stands behind its code span")
    return found[0]


def listed(several: Iterable[str]) -> str:
    """Return several values in one line."""
    return ", ".join(plain(each, COMMA) for each in several)


def several(text: str) -> tuple[str, ...]:
    """Read values that stand in one line, with commas between them."""
    found, text, at = [], text.strip(), 0
    while at < len(text):
        held = _coded_at(text, at)
        if held is None:
            end = text.find(",", at)
            end = len(text) if end < 0 else end
            held = text[at:end].strip(), end
        if held[0]:
            found.append(held[0])
        comma = _COMMA_HERE.match(text, held[1])
        if comma is None:
            raise UnreadError("something stands behind its code span")
        at = comma.end()
    return tuple(found)


def quoted(text: str) -> list[str]:
    """Return a text as quoted lines; as code where it would not come back."""
    if not text or text.startswith(_CODE) or visible(text) != text:
        return [f"> {code(text)}"]
    return [f"> {line}" if line else ">" for line in text.split("\n")]


def unquoted(lines: Sequence[str]) -> str:
    """Read a text from its quoted lines."""
    bare = [line[2:] if line.startswith("> ") else line[1:] for line in lines]
    if len(bare) == 1:
        try:
            found = coded(bare[0])
        except UnreadError:
            return bare[0]  # words that merely look like code, typed by their owner
        if found and not found[1].strip():
            return found[0]
    return "\n".join(bare)


def link(text: str, file: str) -> str:
    """Return a link to a page."""
    return f"[{plain(text, BRACKETS)}]({file})"


def linked(text: str) -> Link:
    """Read a link that a text begins with."""
    words, file, end = _link_at(text, 0)
    return Link(words, file, text[end:])


def _link_at(text: str, at: int) -> tuple[str, str, int]:
    """Read a link that begins at a place: its words, its file, and where it ends."""
    held = _coded_at(text, at + 1) if text.startswith("[", at) else None
    found = _LINK_END.match(text, held[1]) if held else _LINK.match(text, at)
    if found is None:
        raise UnreadError("no link to a page stands there")
    return (held[0], found[1], found.end()) if held else (found[1].strip(), found[2], found.end())


def links(text: str) -> list[Link]:
    """Read the links that a text consists of."""
    found, text, at = [], text.strip(), 0
    while at < len(text):
        words, file, end = _link_at(text, at)
        found.append(Link(words, file, ""))
        comma = _NEXT_LINK.match(text, end)
        at = comma.end() if comma else end
    return found


def day(stored: str) -> str:
    """Return a day of a year, `12 March 1984`."""
    on = date.fromisoformat(stored)
    return f"{on.day} {days.MONTHS[on.month - 1]} {on.year:04}"


def yearly(stored: str) -> str:
    """Return a day that may have no year, `12 March`."""
    return day(LEAP_YEAR + stored[1:])[:-5] if stored.startswith("--") else day(stored)


def dated(stored: str, precision: str) -> str:
    """Return a day as exactly as it is known: `Tue 17 November 2026`, `week of …`, `March 2024`."""
    if precision == "day":
        return f"{days.WEEKDAYS[date.fromisoformat(stored).weekday()][:3]} {day(stored)}"
    if precision in _WIDTH and stored.endswith(_WIDTH[precision]):
        return day(stored).split(" ", {"month": 1, "year": 2}[precision])[-1]
    return f"{precision} of {day(stored)}"


def read_day(text: str) -> str:
    """Read a day with its year."""
    text = text.strip()
    if _ISO.fullmatch(text):
        return _in_calendar(text)
    found = _DAY.fullmatch(text)
    if found is None:
        raise UnreadError("no day as kin writes it, such as 17 November 2026")
    return _in_calendar(f"{found[3]}-{_month(found[2])}-{int(found[1]):02}")


def read_yearly(text: str) -> str:
    """Read a day with or without its year."""
    text = text.strip()
    if found := _YEARLY.fullmatch(text):
        on = f"-{_month(found[2])}-{int(found[1]):02}"
        _in_calendar(LEAP_YEAR + on)
        return f"-{on}"
    if re.fullmatch("--[0-9]{2}-[0-9]{2}", text):
        _in_calendar(LEAP_YEAR + text[1:])
        return text
    return read_day(text)


def read_dated(text: str) -> tuple[str, str]:
    """Read a day and how exactly it is known."""
    text = text.strip()
    if found := _WIDE.fullmatch(text):
        return read_day(found[2]), found[1]
    if found := _MONTH.fullmatch(text):
        return _in_calendar(f"{found[2]}-{_month(found[1])}-01"), "month"
    if re.fullmatch("[0-9]{4}", text):
        return _in_calendar(f"{text}-01-01"), "year"
    return read_day(text), "day"


def _month(name: str) -> str:
    number = _MONTHS.get(name.casefold())
    if number is None:
        raise UnreadError(f"“{name}” is no month")
    return number


# Written out, or in three letters or more.
_MONTHS = {
    month.casefold()[:letters]: f"{number:02}"
    for number, month in enumerate(days.MONTHS, 1)
    for letters in range(3, len(month) + 1)
}


def _in_calendar(on: str) -> str:
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        raise UnreadError("that day is not in the calendar") from None
