"""Somebody's page in kin's Markdown read back, as kin wrote it or as its owner changed it.

Its one rule: what is not understood stands among the notes, as text, and is told with its line.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from kin.constants import (
    CIRCLES,
    CONTACT_KINDS,
    PRECISIONS,
)
from kin.errors import UsageError
from kin.formats import checked
from kin.formats.book import Given, Held, Person, Remark, Rest, Tie
from kin.formats.card import Way
from kin.formats.markdown import page as markdown_page
from kin.formats.markdown.lines import (
    Line,
    Page,
    Section,
    parted,
    quotes,
    title,
)
from kin.formats.markdown.page import DASH
from kin.formats.markdown.talks import (
    Talks,
    read_talks,
    read_threads,
)
from kin.formats.markdown.words import (
    UnreadError,
    coded,
    linked,
    read_dated,
    read_day,
    read_yearly,
    several,
    words,
)

SOURCE = "Markdown"  # of notes that were no line of kin's
_WAY = re.compile(rf"({'|'.join(CONTACT_KINDS)})\b *", re.IGNORECASE)
_TIE = re.compile(r"<!-- tie ([0-9]{1,9}) -->\Z")
_PRECISION = "unsaid"


class Reading:
    """A page as it is being read: the fields of a card, and what else stands there."""

    def __init__(self, page: Page, handle: str, name: str, talks: Talks) -> None:
        """Take the page, whose it is, and where conversations and threads are collected."""
        self.page, self.talks = page, talks
        self.card: dict[str, Any] = {"handle": handle, "name": name}
        self.ties: list[tuple[int | None, Tie]] = []

    def more(self, field: str, *values: Any) -> None:
        """Add to a list."""
        self.card.setdefault(field, []).extend(values)


def read(lines: list[Line], reading: Reading, *, added_on: str) -> Person:
    """Read a page without its title; `added_on` is for one that does not say it."""
    for section in parted(lines, "## "):
        named = title(section.heading) if section.heading else ""
        if section.heading is None:
            reading.page.items(section.lines, _one_of(reading, _FACTS))
        elif one := _SECTIONS.get(named):
            one(reading, section)
        elif named != markdown_page.ELSEWHERE.casefold():
            reading.page.leave([section.heading, *section.lines], "kin knows no such section")
        else:
            reading.page.items(section.lines, _elsewhere)
    held = {each.text for each in reading.card.get("remarks", ())}
    kept = dict.fromkeys(text for text in reading.page.kept() if text not in held)
    reading.more("remarks", *(Remark(text, SOURCE) for text in kept))
    card: dict[str, Any] = {"added_on": added_on}
    for field, value in reading.card.items():
        card[field] = tuple(value) if isinstance(value, list) else value
    return Person(**card)


def _elsewhere(line: Line, body: str) -> None:
    """Pass over what another page says."""
    if not (body.endswith(".md)") and ": [" in body and "](" in body):
        raise UnreadError("it tells of no other page")


_Setter = Callable[[Reading, int, str], None]


def _one_of(reading: Reading, known: Mapping[str, _Setter]) -> Callable[[Line, str], None]:
    """Return what reads `key: value` by its key."""

    def one(line: Line, body: str) -> None:
        key, colon, value = body.partition(":")
        set_field = known.get(" ".join(key.split()).casefold())
        if not colon or set_field is None:
            raise UnreadError("kin knows no such line here")
        if value.strip():
            set_field(reading, line.at, value.strip())

    return one


def _text(field: str) -> _Setter:
    return lambda reading, at, value: reading.card.update({field: words(value)})


def _several(field: str) -> _Setter:
    return lambda reading, at, value: reading.more(field, *several(value))


def _handle(reading: Reading, at: int, value: str) -> None:
    if reading.card["handle"] != words(value):
        reading.page.remark(at, f"the handle is “{reading.card['handle']}” here")


def _me(reading: Reading, at: int, value: str) -> None:
    reading.card["me"] = True


def _birthday(reading: Reading, at: int, value: str) -> None:
    reading.card["birthday"] = read_yearly(value)


def _circle(reading: Reading, at: int, value: str) -> None:
    if value.casefold() not in CIRCLES:
        raise UnreadError(f"a circle is {', '.join(CIRCLES)}")
    reading.card["circle"] = value.casefold()


def _rest(reading: Reading, at: int, value: str) -> None:
    until = value.removeprefix("until ")
    said = until.casefold() in ("you say otherwise", "yes")
    reading.card["rest"] = Rest(None if said else read_day(until))


def _added(reading: Reading, at: int, value: str) -> None:
    reading.card["added_on"] = read_day(value)


def _met_on(reading: Reading, at: int, value: str) -> None:
    reading.card["met_on"], reading.card["met_precision"] = read_dated(value)


def _met_precision(reading: Reading, at: int, value: str) -> None:
    if value not in (*PRECISIONS, _PRECISION):
        raise UnreadError("a day is known to the day, week, month or year")
    reading.card["met_precision"] = None if value == _PRECISION else value


def _met_through(reading: Reading, at: int, value: str) -> None:
    handle, rest = reading.page.somebody(at, value)
    if rest.strip():
        raise UnreadError("something stands behind the link")
    reading.card["met_through"] = handle


_FACTS: Mapping[str, _Setter] = {
    "handle": _handle,
    "you": _me,
    "also called": _several("nicknames"),
    "lives": _text("lives"),
    "birthday": _birthday,
    "circle": _circle,
    "groups": _several("groups"),
    "left in peace": _rest,
    "in kin since": _added,
}
_MET: Mapping[str, _Setter] = {
    "on": _met_on,
    "known to the": _met_precision,
    "at": _text("met_at"),
    "through": _met_through,
}


def _story(reading: Reading, section: Section) -> None:
    """Read how you met: its lines, and the story."""
    told: list[str] = []
    for lines, text in quotes(section.lines):
        if text is not None:
            told.append(text)
        elif told or not lines[0].text.startswith(("- ", "* ")):
            reading.page.leave(lines, "it is not quoted")
        else:
            reading.page.items(lines, _one_of(reading, _MET))
    if told:
        reading.card["met_story"] = "\n\n".join(told)


def _interests(reading: Reading, section: Section) -> None:
    def one(line: Line, body: str) -> None:
        label, rest = _until(body, DASH)
        stance, giver, note = "into", None, None
        if rest.startswith(_COLLIDES):
            stance, rest = "collides", rest.removeprefix(_COLLIDES)
        if rest.startswith(" · from ["):
            giver, rest = _giver(reading, line.at, rest.removeprefix(" · from "))
        if mark := re.match(r" (?:—|–|--) ", rest):
            note, rest = words(rest[mark.end() :]), ""
        if rest.strip():
            raise UnreadError("what follows the interest is no note")
        reading.more("interests", Held(label, stance, note, giver))

    reading.page.items(section.lines, one)


_COLLIDES = " · you see it otherwise"


def _giver(reading: Reading, at: int, text: str) -> tuple[str | None, str]:
    found = linked(text)
    return reading.page.whom(at, found), found.rest


def _until(body: str, marks: re.Pattern[str]) -> tuple[str, str]:
    """Read words until a mark; return them and what follows, with the mark."""
    held = coded(body)
    if held is None:
        mark = marks.search(body)
        held = (body[: mark.start()].rstrip(), body[mark.start() :]) if mark else (body, "")
    if not held[0]:
        raise UnreadError("it names nothing")
    return held


def _days(reading: Reading, section: Section) -> None:
    def one(line: Line, body: str) -> None:
        label, colon, on = body.rpartition(": ")
        if not colon:
            raise UnreadError("a day is written as “wedding: 12 June 2019”")
        reading.more("days", (words(label), read_yearly(on)))

    reading.page.items(section.lines, one)


def _ways(reading: Reading, section: Section) -> None:
    def one(line: Line, body: str) -> None:
        kind, label = _WAY.match(body), None
        if kind is None:
            raise UnreadError("it begins with none of email, phone and link")
        rest = body[kind.end() :]
        if rest.startswith("("):
            label, rest = coded(rest[1:]) or (rest[1:].partition(")")[0], rest.partition(")")[2])
            rest = rest.removeprefix(")")
        if not rest.startswith(":") or not (value := words(rest[1:])):
            raise UnreadError("it is written as “phone (home): 0123 456”")
        reading.more("contacts", Way(kind[1].casefold(), value, label))

    reading.page.items(section.lines, one)


def _knows(reading: Reading, section: Section) -> None:
    def one(line: Line, body: str) -> None:
        mark = _TIE.search(body)
        handle, rest = reading.page.somebody(
            line.at, body[: mark.start()].rstrip() if mark else body
        )
        if not rest.startswith(("’s ", "'s ")) or not (word := words(rest[3:])):
            raise UnreadError("it is written as “[Tom](tom.md)’s sister”")
        if handle == reading.card["handle"]:
            raise UnreadError("nobody is tied to themselves")
        if handle is not None:
            tie = Tie(reading.card["handle"], handle, word)
            reading.ties.append((int(mark[1]) if mark else None, tie))

    reading.page.items(section.lines, one)


def _sent(reading: Reading, section: Section) -> None:
    def one(line: Line, body: str) -> None:
        on, colon, what = body.partition(": ")
        if not colon or not (text := words(what)):
            raise UnreadError("it is written as “2 October 2026: a film”")
        reading.more("sent", Given(read_day(on), text))

    reading.page.items(section.lines, one)


def _notes(reading: Reading, section: Section) -> None:
    """Read notes, each with where it is from; words that are not quoted are a note too."""
    source: str | None = None
    loose: list[str] = []

    def close() -> None:
        if loose:
            reading.more("remarks", Remark("\n".join(loose)))
            loose.clear()

    last = 0
    for lines, text in quotes(section.lines):
        words_of = lines[0].text.strip()
        if text is not None:
            close()
            reading.more("remarks", *([Remark(text, source)] if text else []))
            source = None
        elif words_of.startswith("From ") and words_of.endswith(":"):
            close()
            source = words(words_of[5:-1])
        else:
            if lines[0].at != last + 1:
                close()
            loose.append(lines[0].text)
            last = lines[0].at
    close()


def _threads(reading: Reading, section: Section) -> None:
    read_threads(reading.page, section.lines, reading.talks, reading.card["handle"])


def _talks(reading: Reading, section: Section) -> None:
    card = reading.card
    read_talks(reading.page, section.lines, reading.talks, (card["handle"], card["name"]))


_SECTIONS: Mapping[str, Callable[[Reading, Section], None]] = {
    markdown_page.STORY.casefold(): _story,
    markdown_page.INTO.casefold(): _interests,
    "what lights you up": _interests,
    markdown_page.DAYS.casefold(): _days,
    markdown_page.WAYS.casefold(): _ways,
    markdown_page.KNOWS.casefold(): _knows,
    markdown_page.THREADS.casefold(): _threads,
    markdown_page.SENT.casefold(): _sent,
    markdown_page.NOTES.casefold(): _notes,
    markdown_page.TALKS.casefold(): _talks,
}


def handle_of(lines: list[Line]) -> str | None:
    """Return the handle that a page gives, None where there is none that can be one."""
    for line in lines:
        if line.text.startswith("## "):
            return None
        found = re.match(r"[-*] +handle *: *(.+)", line.text, re.IGNORECASE)
        if found:
            try:
                return checked.handle(words(found[1]), "")
            except (UnreadError, UsageError):
                return None  # told where the line is read
    return None
