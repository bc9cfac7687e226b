"""The page of one person in kin's Markdown: what a friend would want to read before a visit.

Its one rule: each line can be read in one way only, and a line about another page's words says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kin.formats.book import Held, Person, Talk, Thread, Tie
from kin.formats.card import Way
from kin.formats.markdown.names import (
    VERSION,
    Links,
)
from kin.formats.markdown.words import (
    code,
    dated,
    day,
    listed,
    plain,
    quoted,
    yearly,
)
from kin.language.text import (
    clipped,
    visible,
)

DASH = re.compile(r" (?:—|–|--|·)(?= |\Z)")
CLOSING = re.compile(r"\)")
STAMP = re.compile(r"[0-9T:+.Z-]+")
_SNIPPET = 60  # cells of another page's words
ELSEWHERE = "On other pages"
# Each section: its heading on somebody's page.
STORY, INTO, DAYS, WAYS = "How you met", "What lights them up", "Days", "How to reach them"
KNOWS, THREADS, SENT, NOTES, TALKS = (
    "Who they know",
    "To ask about",
    "What you sent",
    "Notes",
    "Conversations",
)


@dataclass(slots=True)
class Page:
    """What stands on a page besides the card, with the places in the book counted from 1; and what others hold."""

    talks: list[tuple[int, Talk]] = field(default_factory=list)
    threads: list[tuple[int, Thread]] = field(default_factory=list)
    ties: list[tuple[int, Tie]] = field(default_factory=list)
    talks_elsewhere: list[tuple[Talk, str]] = field(default_factory=list)
    threads_elsewhere: list[tuple[Thread, str]] = field(default_factory=list)
    ties_elsewhere: list[Tie] = field(default_factory=list)


def page(person: Person, held: Page, links: Links) -> Iterator[str]:
    """Yield the lines of somebody's page."""
    yield f"# {plain(person.name)} <!-- kin page {VERSION} -->"
    yield ""
    yield from (f"- {key}: {value}" for key, value in _facts(person))
    yield from blocks(STORY, _met(person, links), _story(person))
    yield from blocks(INTO, [f"- {_held(each, links)}" for each in person.interests])
    yield from blocks(DAYS, [f"- {plain(name)}: {yearly(on)}" for name, on in person.days])
    yield from blocks(WAYS, [f"- {_way(each)}" for each in person.contacts])
    ties = [f"- {links.to(tie.b)}’s {plain(tie.word)} {_mark('tie', at)}" for at, tie in held.ties]
    yield from blocks(KNOWS, ties)
    yield from threads(held, links)
    yield from blocks(SENT, [f"- {day(each.day)}: {plain(each.text)}" for each in person.sent])
    yield from _notes(person)
    yield from conversations(held, links)
    yield from _elsewhere(held, links)


def blocks(heading: str, *parts: Iterable[str]) -> Iterator[str]:
    """Yield a section if anything stands in it, its parts apart."""
    filled = [lines for part in parts if (lines := list(part))]
    if filled:
        yield from ("", f"## {heading}")
    for lines in filled:
        yield ""
        yield from lines


def _facts(person: Person) -> Iterator[tuple[str, str]]:
    yield "Handle", plain(person.handle)
    if person.me:
        yield "You", "yes, this is your own page"
    if person.nicknames:
        yield "Also called", listed(person.nicknames)
    if person.lives is not None:
        yield "Lives", plain(person.lives)
    if person.birthday is not None:
        yield "Birthday", yearly(person.birthday)
    if person.circle is not None:
        yield "Circle", person.circle
    if person.groups:
        yield "Groups", listed(person.groups)
    if person.rest is not None:
        until = day(person.rest.until) if person.rest.until is not None else "you say otherwise"
        yield "Left in peace", f"until {until}"
    yield "In kin since", day(person.added_on)


def _met(person: Person, links: Links) -> Iterator[str]:
    if person.met_on is not None:
        yield f"- On: {dated(person.met_on, person.met_precision or 'day')}"
    if (person.met_on is None) != (person.met_precision is None):
        yield f"- Known to the: {person.met_precision or 'unsaid'}"
    if person.met_at is not None:
        yield f"- At: {plain(person.met_at)}"
    if person.met_through is not None:
        yield f"- Through: {links.to(person.met_through)}"


def _story(person: Person) -> list[str]:
    return quoted(person.met_story) if person.met_story is not None else []


def _held(held: Held, links: Links) -> str:
    stance = " · you see it otherwise" if held.stance == "collides" else ""
    giver = f" · from {links.to(held.caught_from)}" if held.caught_from is not None else ""
    note = f" — {plain(held.note)}" if held.note is not None else ""
    return f"{plain(held.label, DASH)}{stance}{giver}{note}"


def _way(way: Way) -> str:
    label = f" ({plain(way.label, CLOSING)})" if way.label is not None else ""
    return f"{way.kind}{label}: {plain(way.value)}"


def _mark(kind: str, number: int) -> str:
    return f"<!-- {kind} {number} -->"


def threads(held: Page, links: Links) -> Iterator[str]:
    """Yield the threads of a page."""
    yield from blocks(
        THREADS, [line for at, each in held.threads for line in _thread(at, each, links)]
    )


def _thread(number: int, thread: Thread, links: Links) -> Iterator[str]:
    done = "x" if thread.heard_on is not None else " "
    talk = f", talk {thread.talk + 1}" if thread.talk is not None else ""
    yield f"- [{done}] {plain(thread.text)} <!-- thread {number}{talk} -->"
    yield f"  - since {day(thread.opened_on)}"
    if thread.due_on is not None:
        yield f"  - ask from {day(thread.due_on)}"
    if thread.heard_on is not None:
        yield f"  - heard {day(thread.heard_on)}"
    if thread.outcome is not None:
        yield f"  - outcome: {plain(thread.outcome)}"
    if thread.people:
        yield f"  - with {', '.join(links.to(each) for each in thread.people)}"


def _notes(person: Person) -> Iterator[str]:
    parts: list[list[str]] = []
    for each in person.remarks:
        if each.source is not None:
            parts.append([f"From {plain(each.source)}:"])
        parts.append(quoted(each.text))
    yield from blocks(NOTES, *parts)


def conversations(held: Page, links: Links) -> Iterator[str]:
    """Yield the conversations of a page, the last first."""
    if held.talks:
        yield from ("", f"## {TALKS}")
    for number, talk in reversed(held.talks):
        yield from _talk(number, talk, links)


def _talk(number: int, talk: Talk, links: Links) -> Iterator[str]:
    way = f" · {talk.by}" if talk.by is not None else ""
    place = f" · at {plain(talk.place)}" if talk.place is not None else ""
    stamp = talk.noted_at if STAMP.fullmatch(talk.noted_at) else _hidden(talk.noted_at)
    begins = f", told from {talk.told_from}" if talk.told_from else ""
    yield ""
    yield f"### {dated(talk.on, talk.precision)}{way}{place}"
    yield ""
    if talk.people:
        yield f"With {', '.join(links.to(each.handle, each.matched) for each in talk.people)}"
    if talk.topics:
        yield f"About {listed(talk.topics)}"
    if talk.people or talk.topics:
        yield ""
    yield from quoted(talk.text)
    yield ""
    yield f"<!-- talk {number}, noted {stamp}{begins} -->"


def _hidden(words: str) -> str:
    """Return code that cannot end the comment in which it stands."""
    return code(words).replace("-", "\\u002d").replace(">", "\\u003e")


def _elsewhere(held: Page, links: Links) -> Iterator[str]:
    yield from blocks(
        ELSEWHERE,
        [f"- {_name(tie.a, links)} is their {_line(tie.word)}: {links.to(tie.a)}" for tie in held.ties_elsewhere],
        [f"- to ask: “{_line(each.text)}”: {links.to(where)}" for each, where in held.threads_elsewhere if each.heard_on is None],
        [f"- {dated(talk.on, talk.precision)}: “{_line(talk.text[talk.told_from :])}”: {links.to(where)}" for talk, where in reversed(held.talks_elsewhere)],
    )  # fmt: skip


def _name(handle: str, links: Links) -> str:
    return _line(links.name(handle))


def _line(words: str) -> str:
    return clipped(visible(words), _SNIPPET)
