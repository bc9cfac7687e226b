"""Parses the prose of a note: when it was, who was there, what it was about, what to ask next time.

Nothing is guessed silently: words that may mean several people are `unsure`, unknown names are listed.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from kin.config import DateOrder
from kin.constants import LONGEST_LABEL, LONGEST_QUESTION
from kin.errors import MOST_CANDIDATES, KinError, UnclearDateError, UsageError
from kin.language import dates as language_dates, text
from kin.language.person_names import Mention, list_prose_words, resolve_mentions
from kin.notes import name_detection
from kin.notes.queries import NoteInterest, NotePerson, NoteQuestion, UnsureName
from kin.notes.syntax import Marks, parse_marks, split_day
from kin.people import queries as people_queries
from kin.records import Hidden, PersonRef
from kin.vocabulary import catalog

MOST_DESCRIBED = 6  # candidates with a description: more than anyone reads


class ParsedNote(NamedTuple):
    """A note as kin understood it, before or just after it is saved.

    `new_names` are names that no one in the book has, `unparsed` what looks like a day, an interest or
    a question and is not one. The other fields are those of `Note`.
    """

    on: str
    precision: str
    text: str
    people: tuple[NotePerson, ...]
    unsure: tuple[UnsureName, ...]
    interests: tuple[NoteInterest, ...]
    questions: tuple[NoteQuestion, ...]
    place: str | None
    by: str | None
    new_names: tuple[str, ...]
    body_start: Hidden[int] = 0
    unparsed: Hidden[tuple[str, ...]] = ()


class ParsedNotes(NamedTuple):
    """The answer of `kin note`."""

    notes: tuple[ParsedNote, ...]


class NoteOptions(NamedTuple):
    """What the options of `kin note` say, and the answers to what it asked.

    `choices` maps normalized words of the prose to the person they mean, `interest_meanings` the key of
    an interest to the label it means.
    """

    people: tuple[str, ...] = ()
    on: str | None = None
    place: str | None = None
    about: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    by: str | None = None
    choices: Mapping[str, PersonRef] = MappingProxyType({})
    interest_meanings: Mapping[str, str] = MappingProxyType({})


def parse_note(
    db: sqlite3.Connection,
    prose: str,
    options: NoteOptions,
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> ParsedNote:
    """Return what a note says.

    Raises UnclearDateError for an ambiguous day, and NotFoundError or AmbiguousError for a person in
    `options.people`.
    """
    if not prose.strip():
        raise UsageError(
            "The note is empty.", 'For example: kin note "coffee with Maya about #pottery"'
        )
    day, body_start, invalid_day = _parse_note_day(prose, options, now, date_order)
    marks = parse_marks(prose)
    # The words of the day are nothing else: in "May: rain", May is not a person.
    marks = replace(marks, spans=((0, body_start), *marks.spans) if body_start else marks.spans)
    people_by_option = [_find_note_person(db, who) for who in options.people]
    people_by_handle, unknown_handles = _resolve_handles(db, marks)
    certain_people, unsure, mentions = _resolve_names(
        db, prose, marks, [*people_by_option, *people_by_handle], options
    )
    interests, invalid_interests = _split_storable(
        marks.interests, lambda each: bool(catalog.normalize_interest(each)), LONGEST_LABEL
    )
    questions, invalid_questions = _split_storable(marks.questions, bool, LONGEST_QUESTION)
    places, _ = _split_storable(
        filter(None, [name_detection.find_place(prose, mentions, marks.spans)]), bool, LONGEST_LABEL
    )
    question_people = tuple(each.ref for each in certain_people)
    return ParsedNote(
        on=day.on.isoformat(),
        precision=day.precision,
        text=prose,
        people=tuple(certain_people),
        unsure=tuple(unsure),
        interests=tuple(
            NoteInterest(catalog.normalize_interest(each), each)
            for each in _deduplicate_labels(
                [
                    options.interest_meanings.get(catalog.normalize_interest(each), each)
                    for each in (*interests, *options.about)
                ]
            )
        ),
        questions=tuple(
            NoteQuestion(each, question_people, None)
            for each in _deduplicate_labels([*questions, *options.questions])
        ),
        place=options.place or next(iter(places), None),
        by=options.by,
        body_start=body_start,
        new_names=(
            *unknown_handles,
            *name_detection.find_unknown_names(prose, mentions, marks.spans),
        ),
        unparsed=(*invalid_day, *invalid_interests, *invalid_questions),
    )


def _split_storable(
    values: Iterable[str], is_valid: Callable[[str], bool], max_length: int
) -> tuple[list[str], list[str]]:
    """Separate what can be stored from what stays text; a note is never refused for its marks."""
    storable: list[str] = []
    unstorable: list[str] = []
    for each in values:
        (storable if is_valid(each) and len(each) <= max_length else unstorable).append(each)
    return storable, unstorable


def _parse_note_day(
    prose: str, options: NoteOptions, now: datetime, date_order: DateOrder | None
) -> tuple[language_dates.Day, int, tuple[str, ...]]:
    """Return the day, the index at which the body begins, and words before a colon that are not a day."""
    if options.on is not None:
        return language_dates.parse(options.on, now=now, date_order=date_order), 0, ()
    today = language_dates.Day(now.date(), "day")
    split = split_day(prose) or _split_unspaced_day(prose)
    if split is None:
        return today, 0, ()
    before, rest = split
    try:
        return (
            language_dates.parse(before, now=now, date_order=date_order),
            len(prose) - len(rest),
            (),
        )
    except UnclearDateError as error:
        if error.readings:
            raise
        return today, 0, (f"{before}:",)


def _split_unspaced_day(prose: str) -> tuple[str, str] | None:
    """Split `yesterday:coffee`, which has a letter on both sides of the colon."""
    before, _, rest = prose[:60].partition(":")
    is_split = before[-1:].isalpha() and rest[:1].isalpha() and "\n" not in before
    return (before, prose[len(before) + 1 :]) if is_split else None


def _find_note_person(db: sqlite3.Connection, who: str) -> NotePerson:
    person = people_queries.find_person(db, who)
    return NotePerson(*person, who)


def _resolve_handles(db: sqlite3.Connection, marks: Marks) -> tuple[list[NotePerson], list[str]]:
    """Return the people of the @handles, and the @handles that no one has."""
    known_people, unknown_handles = [], []
    for _, _, handle in marks.handles:
        # Usually a whole handle; @maya also means Maya Okafor while she is the only one.
        matches = people_queries.list_matching_people(
            db, "@" + handle
        ) or people_queries.list_matching_people(db, handle)
        if len(matches) == 1:
            (ref,) = people_queries.load_person_refs(db, [matches[0].handle])
            known_people.append(NotePerson(*ref, "@" + handle))
        else:
            unknown_handles.append("@" + handle)
    return known_people, unknown_handles


def _resolve_names(
    db: sqlite3.Connection,
    prose: str,
    marks: Marks,
    certain_people: list[NotePerson],
    options: NoteOptions,
) -> tuple[list[NotePerson], list[UnsureName], tuple[Mention, ...]]:
    """Return who was there, the names that are unsure, and where names are mentioned."""
    known_people = people_queries.load_names_in_prose(db, list_prose_words(prose))
    mentions = name_detection.find_known_names(prose, known_people, marks.spans)
    answers = {words: _check_unchanged(db, person) for words, person in options.choices.items()}
    certain_handles = {each.handle for each in certain_people}
    resolved_mentions = resolve_mentions(
        _apply_answers(mentions, certain_handles, answers),
        _find_companions(db, mentions, certain_handles),
    )
    refs_by_handle = {
        each.handle: each
        for each in people_queries.load_person_refs(
            db, {each for mention in resolved_mentions for each in mention.candidates}
        )
    }
    people_by_handle: dict[str, NotePerson] = {each.handle: each for each in certain_people}
    unsure: dict[str, UnsureName] = {}
    for mention in resolved_mentions:
        if len(mention.candidates) == 1:
            (handle,) = mention.candidates
            people_by_handle.setdefault(handle, NotePerson(*refs_by_handle[handle], mention.text))
        else:
            handles = mention.candidates
            descriptions = people_queries.describe_people(db, handles[:MOST_DESCRIBED])
            unsure.setdefault(
                text.normalize(mention.text),
                UnsureName(
                    "person",
                    mention.text,
                    tuple(refs_by_handle[each] for each in handles[:MOST_CANDIDATES]),
                    descriptions,
                    len(handles),
                ),
            )
    return list(people_by_handle.values()), list(unsure.values()), resolved_mentions


def _check_unchanged(db: sqlite3.Connection, person: PersonRef) -> str:
    """Return the handle of a chosen person; raise KinError if they were changed since the choice."""
    row = db.execute("SELECT handle, name FROM person WHERE id = ?", (person.id,)).fetchone()
    if row != (person.handle, person.name):
        raise KinError(
            f"{person.name} ({person.handle}) was changed while you answered.",
            "Nothing was written. Run the command again.",
        )
    return person.handle


def _apply_answers(
    mentions: Sequence[Mention], certain_handles: set[str], answers: Mapping[str, str]
) -> list[Mention]:
    """Reduce each mention to the person that an option, an @handle or an answer chose."""
    resolved_mentions = []
    for mention in mentions:
        answer = answers.get(text.normalize(mention.text))
        matching_handles = {answer} if answer else certain_handles & set(mention.candidates)
        if len(matching_handles) == 1:
            (handle,) = matching_handles
            mention = Mention(
                mention.start, mention.end, mention.text, mention.name_kind, (handle,)
            )
        resolved_mentions.append(mention)
    return resolved_mentions


def _find_companions(
    db: sqlite3.Connection, mentions: Sequence[Mention], certain_handles: set[str]
) -> dict[str, frozenset[str]]:
    """Return, for each candidate of an ambiguous name, who of this note was in a note with them before."""
    candidates = {
        handle
        for mention in mentions
        if len(mention.candidates) > 1
        for handle in mention.candidates
    }
    present_handles = certain_handles | {
        handle
        for mention in mentions
        if len(mention.candidates) == 1
        for handle in mention.candidates
    }
    companions: dict[str, frozenset[str]] = {}
    for candidate in sorted(candidates):
        companions[candidate] = frozenset(
            other
            for other in sorted(present_handles)
            if db.execute(
                "SELECT 1 FROM person a JOIN note_person x ON x.person_id = a.id "
                "JOIN person b ON b.handle = ? JOIN note_person y ON y.note_id = x.note_id "
                "AND y.person_id = b.id WHERE a.handle = ? LIMIT 1",
                (other, candidate),
            ).fetchone()
        )
    return companions


def _deduplicate_labels(words: Sequence[str]) -> tuple[str, ...]:
    distinct: dict[str, str] = {}
    for word in words:
        distinct.setdefault(text.normalize(word) or word, word)
    return tuple(distinct.values())
