"""Writing a book as a folder of Markdown: a page for each person, and an index that links to them.

Each fact is written once. What only kin needs is in `kept/` as JSON; numbers in comments keep the order.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kin.formats.book import Book, Held, Introduction, Person, Talk, Thread, Tie, Word
from kin.formats.card import Way
from kin.formats.kin_json import VERSION as JSON_VERSION, encode_origin, encode_shown
from kin.formats.markdown.syntax import (
    CONTACTS,
    CONVERSATIONS,
    DASH,
    DAYS,
    INDEX,
    INTERESTS,
    INTRODUCTION,
    KEPT,
    MEETING,
    NOTES,
    OTHER_PAGES,
    PEOPLE,
    SENT,
    THREADS,
    TIES,
    VERSION,
    VOCABULARY_PHRASE,
    VOCABULARY_PHRASES,
    Links,
    assign_file_stems,
    format_code,
    format_dated,
    format_day,
    format_list,
    format_quote,
    format_value,
    format_yearly,
)
from kin.language.text import clipped, escaped, visible

_CLOSING = re.compile(r"\)")
_STAMP = re.compile(r"[0-9T:+.Z-]+")
_SNIPPET = 60  # cells of another page's words


def write(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the folder: its path in it, with `/`, and its bytes."""
    files = assign_file_stems(book.people)
    links = Links(book.people, files)
    pages = _Pages(book)
    for person in book.people:
        stem = files[person.handle]
        yield f"{PEOPLE}/{stem}.md", _encode(_format_page(person, pages.get(person.handle), links))
        if person.origins or person.shown or person.uid:
            yield f"{KEPT}/{stem}.json", _encode_kept(person)
    index_links = Links(book.people, files, f"{PEOPLE}/")
    yield INDEX, _encode(_format_index(book, pages.get(None), index_links))


@dataclass(slots=True)
class _PageContent:
    """The conversations, threads and ties of a page with their numbers in the book, from 1.

    Those `elsewhere` are written on another page, and only summarized here.
    """

    talks: list[tuple[int, Talk]] = field(default_factory=list)
    threads: list[tuple[int, Thread]] = field(default_factory=list)
    ties: list[tuple[int, Tie]] = field(default_factory=list)
    talks_elsewhere: list[tuple[Talk, str]] = field(default_factory=list)
    threads_elsewhere: list[tuple[Thread, str]] = field(default_factory=list)
    ties_elsewhere: list[Tie] = field(default_factory=list)


class _Pages:
    """Assigns items to pages: those of several people to the page of the first who is not the owner."""

    def __init__(self, book: Book) -> None:
        self._me = {person.handle for person in book.people if person.me}
        self._contents: defaultdict[str | None, _PageContent] = defaultdict(_PageContent)
        for number, talk in enumerate(book.talks, 1):
            first, others = self._split_first([each.handle for each in talk.people])
            self._contents[first].talks.append((number, talk))
            for other in others:
                self._contents[other].talks_elsewhere.append((talk, first or ""))
        for number, thread in enumerate(book.threads, 1):
            first, others = self._split_first(list(thread.people))
            self._contents[first].threads.append((number, thread))
            for other in others:
                self._contents[other].threads_elsewhere.append((thread, first or ""))
        for number, tie in enumerate(book.ties, 1):
            self._contents[tie.a].ties.append((number, tie))
            self._contents[tie.b].ties_elsewhere.append(tie)

    def get(self, handle: str | None) -> _PageContent:
        """Return the content of a person's page, or, for None, of the index."""
        return self._contents.get(handle, _PageContent())

    def _split_first(self, people: list[str]) -> tuple[str | None, list[str]]:
        first = next((each for each in people if each not in self._me), None)
        first = first if first is not None else next(iter(people), None)
        return first, [each for each in people if each != first]


def _format_page(person: Person, content: _PageContent, links: Links) -> Iterator[str]:
    """Yield the lines of a person's page."""
    yield f"# {format_value(person.name)} <!-- kin page {VERSION} -->"
    yield ""
    yield from (f"- {key}: {value}" for key, value in _list_facts(person))
    yield from _format_section(MEETING, _format_meeting(person, links), _format_story(person))
    yield from _format_section(
        INTERESTS, [f"- {_format_interest(each, links)}" for each in person.interests]
    )
    yield from _format_section(
        DAYS, [f"- {format_value(name)}: {format_yearly(on)}" for name, on in person.days]
    )
    yield from _format_section(CONTACTS, [f"- {_format_contact(each)}" for each in person.contacts])
    ties = [
        f"- {links.link_to(tie.b)}’s {format_value(tie.word)} <!-- tie {at} -->"
        for at, tie in content.ties
    ]
    yield from _format_section(TIES, ties)
    yield from _format_threads(content, links)
    yield from _format_section(
        SENT, [f"- {format_day(each.day)}: {format_value(each.text)}" for each in person.sent]
    )
    yield from _format_notes(person)
    yield from _format_conversations(content, links)
    yield from _format_other_pages(content, links)


def _format_section(heading: str, *parts: Iterable[str]) -> Iterator[str]:
    """Yield a section unless it is empty, with a blank line between its parts."""
    filled = [lines for part in parts if (lines := list(part))]
    if filled:
        yield from ("", f"## {heading}")
    for lines in filled:
        yield ""
        yield from lines


def _list_facts(person: Person) -> Iterator[tuple[str, str]]:
    yield "Handle", format_value(person.handle)
    if person.me:
        yield "You", "yes, this is your own page"
    if person.nicknames:
        yield "Also called", format_list(person.nicknames)
    if person.lives is not None:
        yield "Lives", format_value(person.lives)
    if person.birthday is not None:
        yield "Birthday", format_yearly(person.birthday)
    if person.circle is not None:
        yield "Circle", person.circle
    if person.groups:
        yield "Groups", format_list(person.groups)
    if person.rest is not None:
        until = (
            format_day(person.rest.until) if person.rest.until is not None else "you say otherwise"
        )
        yield "Left in peace", f"until {until}"
    yield "In kin since", format_day(person.added_on)


def _format_meeting(person: Person, links: Links) -> Iterator[str]:
    if person.met_on is not None:
        yield f"- On: {format_dated(person.met_on, person.met_precision or 'day')}"
    if (person.met_on is None) != (person.met_precision is None):
        yield f"- Known to the: {person.met_precision or 'unsaid'}"
    if person.met_at is not None:
        yield f"- At: {format_value(person.met_at)}"
    if person.met_through is not None:
        yield f"- Through: {links.link_to(person.met_through)}"


def _format_story(person: Person) -> list[str]:
    return format_quote(person.met_story) if person.met_story is not None else []


def _format_interest(interest: Held, links: Links) -> str:
    stance = " · you see it otherwise" if interest.stance == "collides" else ""
    source = (
        f" · from {links.link_to(interest.caught_from)}" if interest.caught_from is not None else ""
    )
    note = f" — {format_value(interest.note)}" if interest.note is not None else ""
    return f"{format_value(interest.label, DASH)}{stance}{source}{note}"


def _format_contact(way: Way) -> str:
    label = f" ({format_value(way.label, _CLOSING)})" if way.label is not None else ""
    return f"{way.kind}{label}: {format_value(way.value)}"


def _format_threads(content: _PageContent, links: Links) -> Iterator[str]:
    """Yield the threads of a page."""
    yield from _format_section(
        THREADS, [line for at, each in content.threads for line in _format_thread(at, each, links)]
    )


def _format_thread(number: int, thread: Thread, links: Links) -> Iterator[str]:
    done = "x" if thread.heard_on is not None else " "
    talk = f", talk {thread.talk + 1}" if thread.talk is not None else ""
    yield f"- [{done}] {format_value(thread.text)} <!-- thread {number}{talk} -->"
    yield f"  - since {format_day(thread.opened_on)}"
    if thread.due_on is not None:
        yield f"  - ask from {format_day(thread.due_on)}"
    if thread.heard_on is not None:
        yield f"  - heard {format_day(thread.heard_on)}"
    if thread.outcome is not None:
        yield f"  - outcome: {format_value(thread.outcome)}"
    if thread.people:
        yield f"  - with {', '.join(links.link_to(each) for each in thread.people)}"


def _format_notes(person: Person) -> Iterator[str]:
    parts: list[list[str]] = []
    for each in person.remarks:
        if each.source is not None:
            parts.append([f"From {format_value(each.source)}:"])
        parts.append(format_quote(each.text))
    yield from _format_section(NOTES, *parts)


def _format_conversations(content: _PageContent, links: Links) -> Iterator[str]:
    """Yield the conversations of a page, the latest first."""
    if content.talks:
        yield from ("", f"## {CONVERSATIONS}")
    for number, talk in reversed(content.talks):
        yield from _format_conversation(number, talk, links)


def _format_conversation(number: int, talk: Talk, links: Links) -> Iterator[str]:
    way = f" · {talk.by}" if talk.by is not None else ""
    place = f" · at {format_value(talk.place)}" if talk.place is not None else ""
    stamp = talk.noted_at if _STAMP.fullmatch(talk.noted_at) else _escape_comment(talk.noted_at)
    begins = f", told from {talk.told_from}" if talk.told_from else ""
    yield ""
    yield f"### {format_dated(talk.on, talk.precision)}{way}{place}"
    yield ""
    if talk.people:
        yield f"With {', '.join(links.link_to(each.handle, each.matched) for each in talk.people)}"
    if talk.topics:
        yield f"About {format_list(talk.topics)}"
    if talk.people or talk.topics:
        yield ""
    yield from format_quote(talk.text)
    yield ""
    yield f"<!-- talk {number}, noted {stamp}{begins} -->"


def _escape_comment(words: str) -> str:
    """Return a text as code that cannot end the comment around it."""
    return format_code(words).replace("-", "\\u002d").replace(">", "\\u003e")


def _format_other_pages(content: _PageContent, links: Links) -> Iterator[str]:
    yield from _format_section(
        OTHER_PAGES,
        [f"- {_shorten(links.get_name(tie.a))} is their {_shorten(tie.word)}: {links.link_to(tie.a)}" for tie in content.ties_elsewhere],
        [f"- to ask: “{_shorten(each.text)}”: {links.link_to(where)}" for each, where in content.threads_elsewhere if each.heard_on is None],
        [f"- {format_dated(talk.on, talk.precision)}: “{_shorten(talk.text[talk.told_from :])}”: {links.link_to(where)}" for talk, where in reversed(content.talks_elsewhere)],
    )  # fmt: skip


def _shorten(words: str) -> str:
    return clipped(visible(words), _SNIPPET)


def _encode(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _encode_kept(person: Person) -> bytes:
    record = {
        "kin": JSON_VERSION,
        "handle": person.handle,
        "uid": person.uid,
        "origins": [encode_origin(each) for each in person.origins],
        "shown": [encode_shown(each) for each in person.shown],
    }
    return f"{escaped(json.dumps(record, ensure_ascii=False, indent=1))}\n".encode()


def _format_index(book: Book, content: _PageContent, links: Links) -> Iterator[str]:
    owner = next((person.name for person in book.people if person.me), "You")
    title = "My people" if owner == "You" else f"The people of {format_value(owner)}"
    yield f"# {title} <!-- kin folder {VERSION} -->"
    yield ""
    yield from INTRODUCTION
    yield from _format_section(
        "People", [f"- {links.link_to(person.handle)}" for person in book.people]
    )
    yield from _format_section(
        "Interests", [f"- {_format_vocabulary_word(each)}" for each in book.vocabulary]
    )
    yield from _format_section(
        "Introductions", [f"- {_format_introduction(each, links)}" for each in book.introductions]
    )
    yield from _format_threads(content, links)
    yield from _format_conversations(content, links)


def _format_vocabulary_word(word: Word) -> str:
    return f"{format_value(word.a, VOCABULARY_PHRASE)} {VOCABULARY_PHRASES[word.saying]} {format_value(word.b, VOCABULARY_PHRASE)} · since {format_day(word.said_on)}"


def _format_introduction(pair: Introduction, links: Links) -> str:
    one, other = (
        f"{links.link_to(handle)}{f' said {said}' if said else ''}"
        for handle, said in ((pair.a, pair.a_said), (pair.b, pair.b_said))
    )
    return f"{one} and {other}{f' · introduced {format_day(pair.made_on)}' if pair.made_on else ''}"
