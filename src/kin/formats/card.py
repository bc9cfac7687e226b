"""The whole card of a person as a text file, to be opened in an editor and read back.

Its one rule: what is written reads back the same, and what cannot be read is refused with its line,
never dropped. Words that would not stand plainly are written as a JSON string, in double quotes.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, TypeVar, cast

from kin.errors import UnclearDateError, UsageError
from kin.language import dates
from kin.language.text import clipped, joined, visible

CIRCLES = ("inner", "close", "friend", "wide")
CONTACTS = ("email", "phone", "link")
LISTS = ("nicknames", "groups")
LINES = ("name", "handle", "birthday", "lives", "circle", "met on", "met at", "met through")
REMARKS = "remarks"
BLOCKS = ("into", "collides", "days", *CONTACTS, REMARKS)
STORY = "how you met"
FIELDS = (*LINES, *LISTS, *BLOCKS, STORY)
HEAD = f"""\
# {{}}. Change what you like, then save and close; an empty field is forgotten.
# circle: {joined(CIRCLES, "or")}. into: one a line, and ' -- ' how they came to it.
"""
QUOTES = r"put all of it in double quotes, with \" for a quote inside and \n for a new line"
_BREAK = re.compile(r"[\x7f-\x9f\u2028\u2029]")  # JSON lets it stand, editors may end the line
_NOT_PLAIN = re.compile(rf'\A["\s]|\s\Z|[\x00-\x1f]|{_BREAK.pattern}')
_NEVER = re.compile("(?!)")
_COMMA = re.compile(r"\s*,")
_COMMA_OR_QUOTE = re.compile('[,"]')
_MARKS = {" -- ": re.compile(r"[ \t]--(?=[ \t]|\Z)"), ": ": re.compile(r":(?=[ \t]|\Z)")}
_T = TypeVar("_T")


class CardError(UsageError):
    """A card that cannot be read; the message begins with the line, the hint is a sentence."""

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint[:1].upper() + hint[1:], candidates)


@dataclass(frozen=True, slots=True)
class Loved:
    label: str
    note: str | None = None  # how they came to it


@dataclass(frozen=True, slots=True)
class Way:
    kind: str  # email, phone or link
    value: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """All that is said of a person; a day is YYYY-MM-DD, or --MM-DD if its year is unknown."""

    name: str
    handle: str | None = None
    nicknames: tuple[str, ...] = ()
    into: tuple[Loved, ...] = ()
    collides: tuple[Loved, ...] = ()
    met_on: str | None = None
    met_precision: str | None = None
    met_at: str | None = None
    met_story: str | None = None
    met_through: str | None = None
    lives: str | None = None
    circle: str | None = None
    groups: tuple[str, ...] = ()
    birthday: str | None = None
    days: tuple[tuple[str, str], ...] = ()
    contacts: tuple[Way, ...] = ()
    remarks: tuple[str, ...] = ()


def write(card: Card) -> str:
    """Return the card as text: every field, even an empty one, to show what can be said."""
    lines = {
        "name": _value(card.name),
        "handle": _value(card.handle),
        "nicknames": ", ".join(_value(each, _COMMA_OR_QUOTE) for each in card.nicknames),
        "birthday": _day(card.birthday) if card.birthday else "",
        "lives": _value(card.lives),
        "circle": _value(card.circle),
        "groups": ", ".join(_value(each, _COMMA_OR_QUOTE) for each in card.groups),
        "met on": _met(card.met_on, card.met_precision or "day") if card.met_on else "",
        "met at": _value(card.met_at),
        "met through": _value(card.met_through),
    }
    blocks = {
        "into": [_item(loved.label, " -- ", loved.note) for loved in card.into],
        "collides": [_item(loved.label, " -- ", loved.note) for loved in card.collides],
        "days": [_item(label, ": ", _day(day)) for label, day in card.days],
    }
    for kind in [*(way.kind for way in card.contacts), *CONTACTS]:
        ways = [(way.label, way.value) for way in card.contacts if way.kind == kind]
        blocks[kind] = [_item(label or value, ": ", label and value) for label, value in ways]
    blocks[REMARKS] = [_value(each) for each in card.remarks]
    text = HEAD.format(visible(card.name, newlines=False)) + "\n"
    text += "".join(f"{name}: {value}".rstrip() + "\n" for name, value in lines.items()) + "\n"
    text += "".join("\n  ".join([f"{name}:", *items]) + "\n" for name, items in blocks.items())
    return text + _story(card.met_story)


def _value(words: str | None, mark: re.Pattern[str] = _NEVER) -> str:
    """Return the words, in quotes if they would be read otherwise or `mark` ends them too early."""
    if not words or not (_NOT_PLAIN.search(words) or mark.search(words)):
        return words or ""
    return _BREAK.sub(lambda c: f"\\u{ord(c[0]):04x}", json.dumps(words, ensure_ascii=False))


def _item(head: str, mark: str, tail: str | None) -> str:
    return _value(head, _MARKS[mark]) + (mark + _value(tail) if tail else "")


def _day(stored: str) -> str:
    """Return '12 March 1984' or '12 March'; as it is where the year looks like a time of day."""
    year, month, day = stored.rsplit("-", 2)
    written = f"{int(day)} {dates.MONTHS[int(month) - 1]} {year.strip('-')}".rstrip()
    return written if year == "-" or "1900" <= year < "2100" else stored


def _met(stored: str, precision: str) -> str:
    """Return the day as lists show it; as 'month of …' if it is not the first of its month."""
    on = date.fromisoformat(stored)
    if stored.endswith({"month": "-01", "year": "-01-01"}.get(precision, "")):
        return dates.format_day(dates.Day(on, cast(dates.Precision, precision)))
    return f"{precision} of {dates.format_day(dates.Day(on))}"


def _story(story: str | None) -> str:
    """Return the story indented, or in quotes if blank ends or carriage returns would be lost."""
    lines = story.split("\n") if story else []
    if story and not (lines[0].strip() and lines[-1].strip() and "\r" not in story):
        return f"{STORY}: {_value(story)}\n"
    return "\n  ".join([f"{STORY}:", *lines]) + "\n"


class _Field(NamedTuple):
    name: str
    at: int  # the number of its line
    value: str  # what follows the colon
    below: list[tuple[int, str]]  # numbered lines


def read(text: str, *, now: datetime, date_order: dates.DateOrder | None = None) -> Card:
    """Read a card back, or raise CardError; a field that is missing or empty is None or ()."""
    fields = _fields(text)
    one = {name: _read_line(fields[name]) or None for name in LINES}
    if not one["name"]:
        raise CardError(f"line {fields['name'].at}: the name is empty.", "write it behind 'name:'")
    circle = one["circle"].lower() if one["circle"] else None
    if circle and circle not in CIRCLES:
        raise _refused(fields["circle"].at, circle, "is no circle", f"say {joined(CIRCLES, 'or')}")
    yearly = partial(_yearly, now=now, order=date_order)
    met = _clear(fields["met on"].at, one["met on"], partial(_met_day, now=now, order=date_order))
    return Card(
        name=one["name"],
        handle=one["handle"],
        nicknames=_read_list(fields["nicknames"]),
        into=tuple(Loved(label, note) for _, label, note in _pairs(fields["into"], " -- ")),
        collides=tuple(Loved(label, note) for _, label, note in _pairs(fields["collides"], " -- ")),
        met_on=met.on.isoformat() if met else None,
        met_precision=met.precision if met else None,
        met_at=one["met at"],
        met_story=_read_story(fields[STORY]),
        met_through=one["met through"],
        lives=one["lives"],
        circle=circle,
        groups=_read_list(fields["groups"]),
        birthday=_clear(fields["birthday"].at, one["birthday"], yearly),
        days=tuple(_read_days(fields["days"], yearly)),
        contacts=tuple(_read_contacts(fields)),
        remarks=tuple(
            _taken(at, line.strip())[0] for at, line in fields[REMARKS].below if line.strip()
        ),
    )


def _fields(text: str) -> dict[str, _Field]:
    """Return every field, in the order of the file; blank lines stay with the field above them."""
    text = text.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n") if text.count("\r\n") == text.count("\n") else text
    fields: dict[str, _Field] = {}
    below: list[tuple[int, str]] = []
    for at, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line[0].isspace():
            below.append((at, line))
            if line.strip() and not fields:
                raise _refused(at, line, "stands below no field", "begin with 'name:'")
        elif not line.startswith("#"):
            found = _heading(at, line)
            if found.name in fields:
                raise _refused(at, line, "is here twice", f"see line {fields[found.name].at}")
            fields[found.name], below = found, found.below
    return fields | {name: _Field(name, 1, "", []) for name in FIELDS if name not in fields}


def _refused(at: int, words: str, why: str, hint: str) -> CardError:
    return CardError(f"line {at}: “{clipped(visible(words, newlines=False), 40)}” {why}.", hint)


def _heading(at: int, line: str) -> _Field:
    """Read 'name: value'; items stand below their heading, never behind the colon."""
    head, colon, value = line.partition(":")
    name = " ".join(head.lower().split())
    if not colon or name not in FIELDS:
        from difflib import get_close_matches

        near = get_close_matches(name, FIELDS, 1)
        hint = f"did you mean '{near[0]}:'?" if near else "indent it if it belongs to what is above"
        raise _refused(at, head, "is no field of a card", hint)
    if name in BLOCKS and value.strip():
        raise _refused(at, line, "has words behind the colon", "indent them below, one a line")
    return _Field(name, at, value.strip(), [])


def _taken(at: int, words: str, mark: re.Pattern[str] = _NEVER) -> tuple[str, str | None]:
    """Split words behind their closing quote, or else at the mark; without one the tail is None."""
    if words.startswith('"'):
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(words)
        except json.JSONDecodeError:
            raise _refused(at, words, "has a quote that is not closed rightly", QUOTES) from None
        found = mark.match(words, end)
        if words[end:] and not found:
            raise _refused(at, words, "goes on behind its closing quote", QUOTES)
    else:
        found = mark.search(words)
        value = words[: found.start()].rstrip() if found else words
    return value, words[found.end() :].lstrip() if found else None


def _pairs(found: _Field, mark: str) -> Iterator[tuple[int, str, str | None]]:
    """Split the items of a block at their marks; the second part is None if there is none."""
    for at, line in found.below:
        head, rest = _taken(at, line.strip(), _MARKS[mark])
        tail = _taken(at, rest)[0] if rest else rest
        if line.strip() and (not head or (tail == "" and mark == ": ")):
            raise _refused(at, line, "is only half there", f"say both halves, or {QUOTES}")
        if head:
            yield at, head, tail or None


def _read_line(found: _Field) -> str:
    for at, line in found.below:
        if line.strip():
            raise _refused(at, line, f"stands below '{found.name}:'", "write it behind the colon")
    return found.value if found.name in LISTS else _taken(found.at, found.value)[0]


def _read_list(found: _Field) -> tuple[str, ...]:
    rest: str | None = _read_line(found)
    values = []
    while rest:
        value, rest = _taken(found.at, rest, _COMMA)
        values.append(value)
    return tuple(filter(None, values))


def _read_contacts(fields: dict[str, _Field]) -> Iterator[Way]:
    for kind in (name for name in fields if name in CONTACTS):
        for _, head, tail in _pairs(fields[kind], ": "):
            yield Way(kind, tail, head) if tail else Way(kind, head)


def _read_days(found: _Field, yearly: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for at, label, words in _pairs(found, ": "):
        day = _clear(at, words, yearly)
        if day is None:
            raise _refused(at, label, "has no day", "write it as 'wedding: 12 June 2019'")
        yield label, day


def _clear(at: int, words: str | None, day: Callable[[str], _T]) -> _T | None:
    """Read a day, or say on which line it is unclear; no words are no day."""
    try:
        return day(words) if words else None
    except UnclearDateError as error:
        raise CardError(f"line {at}: {error.message}", error.hint, error.candidates) from None


def _yearly(words: str, now: datetime, order: dates.DateOrder | None) -> str:
    # With its year written out a day needs no clock, and may lie ahead.
    clock = datetime.max if re.search("[0-9]{4}", words) else now
    return dates.birthday(words, now=clock, date_order=order)


def _met_day(words: str, now: datetime, order: dates.DateOrder | None) -> dates.Day:
    span = re.fullmatch("(month|year) of (.*[0-9] .*[0-9]{4})", words, re.IGNORECASE)
    day = dates.parse(span[2] if span else words, now=now, date_order=order)
    return replace(day, precision=cast(dates.Precision, span[1].lower())) if span else day


def _read_story(found: _Field) -> str | None:
    """Return the lines below without their indent, from the first to the last that is not blank."""
    if found.value:
        return _read_line(found) or None
    lines = [re.sub(r"\A(?:  |\t| )", "", line) for _, line in found.below]
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else None
