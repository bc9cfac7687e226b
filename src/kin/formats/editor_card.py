"""The whole card of a person as a text file, to edit in an editor and read back.

What is written reads back the same. Text that cannot be read is refused with its line number, never
dropped. A value that would be misread as plain text is written as a JSON string, in double quotes.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, TypeVar, cast

from kin.constants import CIRCLES, CONTACT_KINDS
from kin.errors import UnclearDateError, UsageError
from kin.language import dates as language_dates
from kin.language.date_format import format_yearly_date
from kin.language.text import escape_control, join_words, truncate

LIST_FIELDS = ("nicknames", "groups")
LINE_FIELDS = ("name", "handle", "birthday", "lives", "circle", "met on", "met at", "met through")
FACTS_FIELD = "facts"
BLOCK_FIELDS = ("into", "differ", "dates", *CONTACT_KINDS, FACTS_FIELD)
STORY_FIELD = "how you met"
FIELDS = (*LINE_FIELDS, *LIST_FIELDS, *BLOCK_FIELDS, STORY_FIELD)
HEADER = f"""\
# {{}}. Change what you like, then save and close. To remove something, empty its field.
# circle: {join_words(CIRCLES, "or")}. into: one per line; after ' -- ', how they got into it.
"""
QUOTE_HINT = r"put all of it in double quotes, with \" for a quote inside and \n for a line break"
# Valid inside a JSON string, but editors may end a line there.
_LINE_BREAK = re.compile(r"[\x7f-\x9f\u2028\u2029]")
_NOT_PLAIN = re.compile(rf'\A["\s]|\s\Z|[\x00-\x1f]|{_LINE_BREAK.pattern}')
_NEVER = re.compile("(?!)")
_COMMA = re.compile(r"\s*,")
_COMMA_OR_QUOTE = re.compile('[,"]')
_SEPARATORS = {" -- ": re.compile(r"[ \t]--(?=[ \t]|\Z)"), ": ": re.compile(r":(?=[ \t]|\Z)")}
_T = TypeVar("_T")


class CardError(UsageError):
    """A card that cannot be read; the message begins with the line number."""

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint[:1].upper() + hint[1:], candidates)


@dataclass(frozen=True, slots=True)
class CardInterest:
    """An interest on a card, and how the person got into it."""

    label: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """An address, number or link of a person."""

    kind: str  # email, phone or link
    value: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """All fields of a person that can be edited; a day is YYYY-MM-DD, or --MM-DD if its year is unknown."""

    name: str
    handle: str | None = None
    nicknames: tuple[str, ...] = ()
    into: tuple[CardInterest, ...] = ()
    differ: tuple[CardInterest, ...] = ()
    met_on: str | None = None
    met_precision: str | None = None
    met_at: str | None = None
    met_story: str | None = None
    met_through: str | None = None
    lives: str | None = None
    circle: str | None = None
    groups: tuple[str, ...] = ()
    birthday: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    contacts: tuple[Contact, ...] = ()
    facts: tuple[str, ...] = ()


def format_card(card: Card) -> str:
    """Return the card as text, with every field, even if it is empty."""
    lines = {
        "name": _format_value(card.name),
        "handle": _format_value(card.handle),
        "nicknames": ", ".join(_format_value(each, _COMMA_OR_QUOTE) for each in card.nicknames),
        "birthday": _format_yearly_date(card.birthday) if card.birthday else "",
        "lives": _format_value(card.lives),
        "circle": _format_value(card.circle),
        "groups": ", ".join(_format_value(each, _COMMA_OR_QUOTE) for each in card.groups),
        "met on": _format_met_on(card.met_on, card.met_precision or "day") if card.met_on else "",
        "met at": _format_value(card.met_at),
        "met through": _format_value(card.met_through),
    }
    blocks = {
        "into": [_format_item(interest.label, " -- ", interest.note) for interest in card.into],
        "differ": [_format_item(interest.label, " -- ", interest.note) for interest in card.differ],
        "dates": [_format_item(label, ": ", _format_yearly_date(day)) for label, day in card.dates],
    }
    for kind in [*(contact.kind for contact in card.contacts), *CONTACT_KINDS]:
        labelled_values = [
            (contact.label, contact.value) for contact in card.contacts if contact.kind == kind
        ]
        blocks[kind] = [
            _format_item(label or value, ": ", label and value) for label, value in labelled_values
        ]
    blocks[FACTS_FIELD] = [_format_value(each) for each in card.facts]
    text = HEADER.format(escape_control(card.name, newlines=False)) + "\n"
    text += "".join(f"{name}: {value}".rstrip() + "\n" for name, value in lines.items()) + "\n"
    text += "".join("\n  ".join([f"{name}:", *items]) + "\n" for name, items in blocks.items())
    return text + _format_story(card.met_story)


def _format_value(words: str | None, terminator: re.Pattern[str] = _NEVER) -> str:
    """Return the text, in quotes if it would be misread, or if `terminator` would end it too early."""
    if not words or not (_NOT_PLAIN.search(words) or terminator.search(words)):
        return words or ""
    return _LINE_BREAK.sub(lambda c: f"\\u{ord(c[0]):04x}", json.dumps(words, ensure_ascii=False))


def _format_item(head: str, separator: str, tail: str | None) -> str:
    return _format_value(head, _SEPARATORS[separator]) + (
        separator + _format_value(tail) if tail else ""
    )


def _format_yearly_date(stored: str) -> str:
    """Return '12 March 1984' or '12 March'; the ISO date if the year would look like a time of day."""
    year = stored.rsplit("-", 2)[0]
    return format_yearly_date(stored) if year == "-" or "1900" <= year < "2100" else stored


def _format_met_on(stored: str, precision: str) -> str:
    """Return the day in kin's usual format; as 'month of …' if it is not the first of its month."""
    on = date.fromisoformat(stored)
    if stored.endswith({"month": "-01", "year": "-01-01"}.get(precision, "")):
        return language_dates.format_day(
            language_dates.Day(on, cast(language_dates.Precision, precision))
        )
    return f"{precision} of {language_dates.format_day(language_dates.Day(on))}"


def _format_story(story: str | None) -> str:
    """Return the story indented, or in quotes if blank lines at its ends or carriage returns would be lost."""
    lines = story.split("\n") if story else []
    if story and not (lines[0].strip() and lines[-1].strip() and "\r" not in story):
        return f"{STORY_FIELD}: {_format_value(story)}\n"
    return "\n  ".join([f"{STORY_FIELD}:", *lines]) + "\n"


class _Field(NamedTuple):
    name: str
    line_number: int
    value: str  # what follows the colon
    lines_below: list[tuple[int, str]]  # numbered lines


def parse_card(
    text: str, *, now: datetime, date_order: language_dates.DateOrder | None = None
) -> Card:
    """Parse a card; a field that is missing or empty is None or (). Raises CardError."""
    fields = _parse_fields(text)
    text_by_field = {name: _parse_line_field(fields[name]) or None for name in LINE_FIELDS}
    if not text_by_field["name"]:
        raise CardError(
            f"line {fields['name'].line_number}: the name is empty.", "write it after 'name:'"
        )
    circle = text_by_field["circle"].lower() if text_by_field["circle"] else None
    if circle and circle not in CIRCLES:
        raise _line_error(
            fields["circle"].line_number,
            circle,
            "is not a circle",
            f"use {join_words(CIRCLES, 'or')}",
        )
    parse_date = partial(_parse_yearly_date, now=now, order=date_order)
    met_day = _parse_day_on_line(
        fields["met on"].line_number,
        text_by_field["met on"],
        partial(_parse_met_on, now=now, order=date_order),
    )
    return Card(
        name=text_by_field["name"],
        handle=text_by_field["handle"],
        nicknames=_parse_list_field(fields["nicknames"]),
        into=tuple(
            CardInterest(label, note) for _, label, note in _parse_pairs(fields["into"], " -- ")
        ),
        differ=tuple(
            CardInterest(label, note) for _, label, note in _parse_pairs(fields["differ"], " -- ")
        ),
        met_on=met_day.on.isoformat() if met_day else None,
        met_precision=met_day.precision if met_day else None,
        met_at=text_by_field["met at"],
        met_story=_parse_story(fields[STORY_FIELD]),
        met_through=text_by_field["met through"],
        lives=text_by_field["lives"],
        circle=circle,
        groups=_parse_list_field(fields["groups"]),
        birthday=_parse_day_on_line(
            fields["birthday"].line_number, text_by_field["birthday"], parse_date
        ),
        dates=tuple(_parse_dates(fields["dates"], parse_date)),
        contacts=tuple(_parse_contacts(fields)),
        facts=tuple(
            _split_at(line_number, line.strip())[0]
            for line_number, line in fields[FACTS_FIELD].lines_below
            if line.strip()
        ),
    )


def _parse_fields(text: str) -> dict[str, _Field]:
    """Return every field, in the order of the file; blank lines stay with the field above them."""
    text = text.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n") if text.count("\r\n") == text.count("\n") else text
    fields: dict[str, _Field] = {}
    lines_below: list[tuple[int, str]] = []
    for line_number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line[0].isspace():
            lines_below.append((line_number, line))
            if line.strip() and not fields:
                raise _line_error(
                    line_number, line, "is above the first field", "begin with 'name:'"
                )
        elif not line.startswith("#"):
            field = _parse_heading(line_number, line)
            if field.name in fields:
                raise _line_error(
                    line_number,
                    line,
                    "is a duplicate field",
                    f"see line {fields[field.name].line_number}",
                )
            fields[field.name], lines_below = field, field.lines_below
    return fields | {name: _Field(name, 1, "", []) for name in FIELDS if name not in fields}


def _line_error(line_number: int, words: str, why: str, hint: str) -> CardError:
    return CardError(
        f"line {line_number}: “{truncate(escape_control(words, newlines=False), 40)}” {why}.", hint
    )


def _parse_heading(line_number: int, line: str) -> _Field:
    """Parse 'name: value'; the items of a block are below the heading, not after its colon."""
    head, colon, value = line.partition(":")
    name = " ".join(head.lower().split())
    if not colon or name not in FIELDS:
        from difflib import get_close_matches

        suggestions = get_close_matches(name, FIELDS, 1)
        hint = (
            f"did you mean '{suggestions[0]}:'?"
            if suggestions
            else "indent it if it belongs to the field above"
        )
        raise _line_error(line_number, head, "is not a field of a card", hint)
    if name in BLOCK_FIELDS and value.strip():
        raise _line_error(
            line_number,
            line,
            "has text after the colon",
            "write each item below, indented, on a line of its own",
        )
    return _Field(name, line_number, value.strip(), [])


def _split_at(
    line_number: int, words: str, separator: re.Pattern[str] = _NEVER
) -> tuple[str, str | None]:
    """Split a text after its closing quote, or else at the separator; without one the tail is None."""
    if words.startswith('"'):
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(words)
        except json.JSONDecodeError:
            raise _line_error(
                line_number, words, "has a quote that is not closed", QUOTE_HINT
            ) from None
        match = separator.match(words, end)
        if words[end:] and not match:
            raise _line_error(line_number, words, "has text after its closing quote", QUOTE_HINT)
    else:
        match = separator.search(words)
        value = words[: match.start()].rstrip() if match else words
    return value, words[match.end() :].lstrip() if match else None


def _parse_pairs(field: _Field, separator: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield the line number and the two parts of each item of a block; the second may be None."""
    for line_number, line in field.lines_below:
        head, rest = _split_at(line_number, line.strip(), _SEPARATORS[separator])
        tail = _split_at(line_number, rest)[0] if rest else rest
        if line.strip() and (not head or (tail == "" and separator == ": ")):
            raise _line_error(
                line_number, line, "has only one of its two parts", f"write both, or {QUOTE_HINT}"
            )
        if head:
            yield line_number, head, tail or None


def _parse_line_field(field: _Field) -> str:
    for line_number, line in field.lines_below:
        if line.strip():
            raise _line_error(
                line_number, line, f"is below '{field.name}:'", "write it after the colon"
            )
    return (
        field.value if field.name in LIST_FIELDS else _split_at(field.line_number, field.value)[0]
    )


def _parse_list_field(field: _Field) -> tuple[str, ...]:
    rest: str | None = _parse_line_field(field)
    values = []
    while rest:
        value, rest = _split_at(field.line_number, rest, _COMMA)
        values.append(value)
    return tuple(filter(None, values))


def _parse_contacts(fields: dict[str, _Field]) -> Iterator[Contact]:
    for kind in (name for name in fields if name in CONTACT_KINDS):
        for _, head, tail in _parse_pairs(fields[kind], ": "):
            yield Contact(kind, tail, head) if tail else Contact(kind, head)


def _parse_dates(field: _Field, parse_date: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for line_number, label, words in _parse_pairs(field, ": "):
        day = _parse_day_on_line(line_number, words, parse_date)
        if day is None:
            raise _line_error(
                line_number, label, "has no date", "write it as 'wedding: 12 June 2019'"
            )
        yield label, day


def _parse_day_on_line(
    line_number: int, words: str | None, parse: Callable[[str], _T]
) -> _T | None:
    """Parse a day, None for no text; raise CardError with the line number if it is unclear."""
    try:
        return parse(words) if words else None
    except UnclearDateError as error:
        raise CardError(
            f"line {line_number}: {error.message}", error.hint, error.candidates
        ) from None


def _parse_yearly_date(words: str, now: datetime, order: language_dates.DateOrder | None) -> str:
    # A day with its full year does not depend on today, and may be in the future.
    clock = datetime.max if re.search("[0-9]{4}", words) else now
    return language_dates.parse_birthday(words, now=clock, date_order=order)


def _parse_met_on(
    words: str, now: datetime, order: language_dates.DateOrder | None
) -> language_dates.Day:
    span = re.fullmatch("(month|year) of (.*[0-9] .*[0-9]{4})", words, re.IGNORECASE)
    day = language_dates.parse(span[2] if span else words, now=now, date_order=order)
    return replace(day, precision=cast(language_dates.Precision, span[1].lower())) if span else day


def _parse_story(field: _Field) -> str | None:
    """Return the lines below without their indent, and without blank lines at the ends."""
    if field.value:
        return _parse_line_field(field) or None
    lines = [re.sub(r"\A(?:  |\t| )", "", line) for _, line in field.lines_below]
    nonblank_indexes = [index for index, line in enumerate(lines) if line.strip()]
    return (
        "\n".join(lines[nonblank_indexes[0] : nonblank_indexes[-1] + 1])
        if nonblank_indexes
        else None
    )
