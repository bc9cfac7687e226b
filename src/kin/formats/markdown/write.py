"""Writing a book as a folder of Markdown: a page for each person, and an index that links to them.

Each fact is written once. What only kin needs is in `kept/` as JSON; numbers in comments keep the order.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kin.formats.editor_card import Contact
from kin.formats.kin_json import VERSION as JSON_VERSION, encode_origin, encode_showing
from kin.formats.markdown import (
    CONTACTS,
    DASH,
    DATES,
    FACTS,
    INDEX_FILE,
    INTERESTS,
    INTRODUCTION,
    INTRODUCTIONS,
    KEPT_FOLDER,
    MEETING,
    NOTES,
    OTHER_PAGES,
    PEOPLE,
    PEOPLE_FOLDER,
    QUESTIONS,
    SENT,
    TIES,
    VERSION,
    VOCABULARY,
    VOCABULARY_PHRASE,
    VOCABULARY_PHRASES,
    Links,
    assign_file_stems,
    format_code,
    format_day,
    format_day_with_precision,
    format_list,
    format_quote,
    format_value,
)
from kin.formats.records import (
    Book,
    Introduction,
    Note,
    Person,
    PersonInterest,
    Question,
    Tie,
    VocabularyRule,
)
from kin.language.date_format import format_yearly_date
from kin.language.text import escape_control, escape_json, truncate

_CLOSING = re.compile(r"\)")
_STAMP = re.compile(r"[0-9T:+.Z-]+")
_SNIPPET = 60  # cells of another page's words


def write_pages(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the folder: its path in it, with `/`, and its bytes."""
    stems = assign_file_stems(book.people)
    links = Links(book.people, stems)
    pages = _Pages(book)
    for person in book.people:
        stem = stems[person.handle]
        yield (
            f"{PEOPLE_FOLDER}/{stem}.md",
            _encode(_format_page(person, pages.get(person.handle), links)),
        )
        if person.origins or person.showings or person.uid:
            yield f"{KEPT_FOLDER}/{stem}.json", _encode_kept_fields(person)
    index_links = Links(book.people, stems, f"{PEOPLE_FOLDER}/")
    yield INDEX_FILE, _encode(_format_index(book, pages.get(None), index_links))


@dataclass(slots=True)
class _PageContent:
    """The notes, questions and ties of a page with their numbers in the book, from 1.

    Those `elsewhere` are written on another page, and only summarized on this one.
    """

    notes: list[tuple[int, Note]] = field(default_factory=list)
    questions: list[tuple[int, Question]] = field(default_factory=list)
    ties: list[tuple[int, Tie]] = field(default_factory=list)
    notes_elsewhere: list[tuple[Note, str]] = field(default_factory=list)
    questions_elsewhere: list[tuple[Question, str]] = field(default_factory=list)
    ties_elsewhere: list[Tie] = field(default_factory=list)


class _Pages:
    """Assigns items to pages: those of several people to the page of the first who is not the owner."""

    def __init__(self, book: Book) -> None:
        self._owner_handles = {person.handle for person in book.people if person.me}
        self._contents: defaultdict[str | None, _PageContent] = defaultdict(_PageContent)
        for number, note in enumerate(book.notes, 1):
            first, others = self._split_first([each.handle for each in note.people])
            self._contents[first].notes.append((number, note))
            for other in others:
                self._contents[other].notes_elsewhere.append((note, first or ""))
        for number, question in enumerate(book.questions, 1):
            first, others = self._split_first(list(question.people))
            self._contents[first].questions.append((number, question))
            for other in others:
                self._contents[other].questions_elsewhere.append((question, first or ""))
        for number, tie in enumerate(book.ties, 1):
            self._contents[tie.a].ties.append((number, tie))
            self._contents[tie.b].ties_elsewhere.append(tie)

    def get(self, handle: str | None) -> _PageContent:
        """Return the content of a person's page, or, for None, of the index."""
        return self._contents.get(handle, _PageContent())

    def _split_first(self, people: list[str]) -> tuple[str | None, list[str]]:
        first = next((each for each in people if each not in self._owner_handles), None)
        first = first if first is not None else next(iter(people), None)
        return first, [each for each in people if each != first]


def _format_page(person: Person, content: _PageContent, links: Links) -> Iterator[str]:
    """Yield the lines of a person's page."""
    yield f"# {format_value(person.name)} <!-- kin page {VERSION} -->"
    yield ""
    yield from (f"- {key}: {value}" for key, value in _list_fields(person))
    yield from _format_section(MEETING, _format_meeting(person, links), _format_story(person))
    yield from _format_section(
        INTERESTS, [f"- {_format_interest(each, links)}" for each in person.interests]
    )
    yield from _format_section(
        DATES, [f"- {format_value(name)}: {format_yearly_date(on)}" for name, on in person.dates]
    )
    yield from _format_section(CONTACTS, [f"- {_format_contact(each)}" for each in person.contacts])
    ties = [
        f"- {links.link_to(tie.b)}’s {format_value(tie.word)} <!-- tie {at} -->"
        for at, tie in content.ties
    ]
    yield from _format_section(TIES, ties)
    yield from _format_questions(content, links)
    yield from _format_section(
        SENT, [f"- {format_day(each.day)}: {format_value(each.text)}" for each in person.sent]
    )
    yield from _format_facts(person)
    yield from _format_notes(content, links)
    yield from _format_other_pages(content, links)


def _format_section(heading: str, *parts: Iterable[str]) -> Iterator[str]:
    """Yield a section unless it is empty, with a blank line between its parts."""
    filled = [lines for part in parts if (lines := list(part))]
    if filled:
        yield from ("", f"## {heading}")
    for lines in filled:
        yield ""
        yield from lines


def _list_fields(person: Person) -> Iterator[tuple[str, str]]:
    yield "Handle", format_value(person.handle)
    if person.me:
        yield "You", "yes, this is your own page"
    if person.nicknames:
        yield "Also called", format_list(person.nicknames)
    if person.lives is not None:
        yield "Lives", format_value(person.lives)
    if person.birthday is not None:
        yield "Birthday", format_yearly_date(person.birthday)
    if person.circle is not None:
        yield "Circle", person.circle
    if person.groups:
        yield "Groups", format_list(person.groups)
    if person.snooze is not None:
        until = (
            format_day(person.snooze.until)
            if person.snooze.until is not None
            else "you say otherwise"
        )
        yield "Snoozed", f"until {until}"
    yield "In kin since", format_day(person.added_on)


def _format_meeting(person: Person, links: Links) -> Iterator[str]:
    if person.met_on is not None:
        yield f"- On: {format_day_with_precision(person.met_on, person.met_precision or 'day')}"
    if (person.met_on is None) != (person.met_precision is None):
        yield f"- Precision: {person.met_precision or 'unknown'}"
    if person.met_at is not None:
        yield f"- At: {format_value(person.met_at)}"
    if person.met_through is not None:
        yield f"- Through: {links.link_to(person.met_through)}"


def _format_story(person: Person) -> list[str]:
    return format_quote(person.met_story) if person.met_story is not None else []


def _format_interest(interest: PersonInterest, links: Links) -> str:
    stance = " · you see it differently" if interest.stance == "differ" else ""
    source = (
        f" · from {links.link_to(interest.learned_from)}"
        if interest.learned_from is not None
        else ""
    )
    note = f" — {format_value(interest.note)}" if interest.note is not None else ""
    return f"{format_value(interest.label, DASH)}{stance}{source}{note}"


def _format_contact(contact: Contact) -> str:
    label = f" ({format_value(contact.label, _CLOSING)})" if contact.label is not None else ""
    return f"{contact.kind}{label}: {format_value(contact.value)}"


def _format_questions(content: _PageContent, links: Links) -> Iterator[str]:
    """Yield the questions of a page."""
    yield from _format_section(
        QUESTIONS,
        [line for at, each in content.questions for line in _format_question(at, each, links)],
    )


def _format_question(number: int, question: Question, links: Links) -> Iterator[str]:
    check = "x" if question.answered_on is not None else " "
    note_reference = f", note {question.note_index + 1}" if question.note_index is not None else ""
    yield f"- [{check}] {format_value(question.text)} <!-- question {number}{note_reference} -->"
    yield f"  - since {format_day(question.opened_on)}"
    if question.on is not None:
        yield f"  - on {format_day(question.on)}"
    if question.answered_on is not None:
        yield f"  - answered {format_day(question.answered_on)}"
    if question.answer is not None:
        yield f"  - answer: {format_value(question.answer)}"
    if question.people:
        yield f"  - with {', '.join(links.link_to(each) for each in question.people)}"


def _format_facts(person: Person) -> Iterator[str]:
    parts: list[list[str]] = []
    for each in person.facts:
        if each.source is not None:
            parts.append([f"From {format_value(each.source)}:"])
        parts.append(format_quote(each.text))
    yield from _format_section(FACTS, *parts)


def _format_notes(content: _PageContent, links: Links) -> Iterator[str]:
    """Yield the notes of a page, the latest first."""
    if content.notes:
        yield from ("", f"## {NOTES}")
    for number, note in reversed(content.notes):
        yield from _format_note(number, note, links)


def _format_note(number: int, note: Note, links: Links) -> Iterator[str]:
    channel = f" · {note.by}" if note.by is not None else ""
    place = f" · at {format_value(note.place)}" if note.place is not None else ""
    stamp = note.noted_at if _STAMP.fullmatch(note.noted_at) else _escape_comment(note.noted_at)
    body_start = f", text from {note.body_start}" if note.body_start else ""
    yield ""
    yield f"### {format_day_with_precision(note.on, note.precision)}{channel}{place}"
    yield ""
    if note.people:
        yield f"With {', '.join(links.link_to(each.handle, each.matched) for each in note.people)}"
    if note.interests:
        yield f"About {format_list(note.interests)}"
    if note.people or note.interests:
        yield ""
    yield from format_quote(note.text)
    yield ""
    yield f"<!-- note {number}, noted {stamp}{body_start} -->"


def _escape_comment(words: str) -> str:
    """Return a text as code that cannot end the comment around it."""
    return format_code(words).replace("-", "\\u002d").replace(">", "\\u003e")


def _format_other_pages(content: _PageContent, links: Links) -> Iterator[str]:
    yield from _format_section(
        OTHER_PAGES,
        [f"- {_shorten(links.get_name(tie.a))} is their {_shorten(tie.word)}: {links.link_to(tie.a)}" for tie in content.ties_elsewhere],
        [f"- to ask: “{_shorten(each.text)}”: {links.link_to(where)}" for each, where in content.questions_elsewhere if each.answered_on is None],
        [f"- {format_day_with_precision(note.on, note.precision)}: “{_shorten(note.text[note.body_start :])}”: {links.link_to(where)}" for note, where in reversed(content.notes_elsewhere)],
    )  # fmt: skip


def _shorten(words: str) -> str:
    return truncate(escape_control(words), _SNIPPET)


def _encode(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _encode_kept_fields(person: Person) -> bytes:
    record = {
        "kin": JSON_VERSION,
        "handle": person.handle,
        "uid": person.uid,
        "origins": [encode_origin(each) for each in person.origins],
        "shown": [encode_showing(each) for each in person.showings],
    }
    return f"{escape_json(json.dumps(record, ensure_ascii=False, indent=1))}\n".encode()


def _format_index(book: Book, content: _PageContent, links: Links) -> Iterator[str]:
    owner = next((person.name for person in book.people if person.me), "You")
    title = "My people" if owner == "You" else f"{format_value(owner)}’s people"
    yield f"# {title} <!-- kin folder {VERSION} -->"
    yield ""
    yield from INTRODUCTION
    yield from _format_section(
        PEOPLE, [f"- {links.link_to(person.handle)}" for person in book.people]
    )
    yield from _format_section(
        VOCABULARY, [f"- {_format_vocabulary_rule(each)}" for each in book.vocabulary]
    )
    yield from _format_section(
        INTRODUCTIONS, [f"- {_format_introduction(each, links)}" for each in book.introductions]
    )
    yield from _format_questions(content, links)
    yield from _format_notes(content, links)


def _format_vocabulary_rule(rule: VocabularyRule) -> str:
    return f"{format_value(rule.a, VOCABULARY_PHRASE)} {VOCABULARY_PHRASES[rule.relation]} {format_value(rule.b, VOCABULARY_PHRASE)} · since {format_day(rule.added_on)}"


def _format_introduction(pair: Introduction, links: Links) -> str:
    one, other = (
        f"{links.link_to(handle)}{f' said {answer}' if answer else ''}"
        for handle, answer in ((pair.a, pair.a_answer), (pair.b, pair.b_answer))
    )
    return f"{one} and {other}{f' · introduced {format_day(pair.made_on)}' if pair.made_on else ''}"
