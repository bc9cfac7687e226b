"""Reading a note's prose into what it says: when, with whom, about what, what to ask next time.

Nothing is guessed in silence: what may mean several people is `unsure`, what means nobody is text.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from kin.config import DateOrder
from kin.constants import LONGEST_LABEL, LONGEST_THREAD
from kin.errors import MOST_CANDIDATES, KinError, UnclearDateError, UsageError
from kin.language import dates, text
from kin.language.person_names import prose_words
from kin.notes import name_detection as names
from kin.notes.queries import Mentioned, Note, Unsure
from kin.notes.syntax import Marks, read_marks, split_day
from kin.people import queries as people
from kin.vocabulary import catalog as vocabulary

SHOWN = 6  # candidates that are told apart: more than one reads, and the handles are all there


class Chosen(NamedTuple):
    """The person whom an answer chose, as they were shown when the question was asked."""

    id: int
    handle: str
    name: str


class Beside(NamedTuple):
    """What was said beside the prose, by flags or in answer to a question.

    `choices` are the answers to who is meant by words of the prose, by the folded words; `meant`
    is what a topic means, by its key.
    """

    people: tuple[str, ...] = ()
    on: str | None = None
    place: str | None = None
    about: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    by: str | None = None
    choices: Mapping[str, Chosen] = MappingProxyType({})
    meant: Mapping[str, str] = MappingProxyType({})


def read(
    db: sqlite3.Connection,
    prose: str,
    said: Beside,
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> Note:
    """Read a note's prose: when, with whom, about what, and what to ask next time.

    Raises UnclearDateError for a day that is given but not clear, NotFoundError and AmbiguousError
    for people who are given by flag or @handle.
    """
    if not prose.strip():
        raise UsageError(
            "The note is empty.", 'Say it in a line: kin note "coffee with Maya about #pottery"'
        )
    day, told_from, no_day = _day(prose, said, now, date_order)
    marks = read_marks(prose)
    # What says the day says nothing else: in "May: rain" nobody is May.
    marks = replace(marks, spans=((0, told_from), *marks.spans) if told_from else marks.spans)
    given = [_given(db, who) for who in said.people]
    by_handle, strange_handles = _handles(db, marks)
    certain, unsure, found = _named(db, prose, marks, [*given, *by_handle], said)
    topics, no_topics = _filed(marks.topics, lambda each: bool(vocabulary.key(each)), LONGEST_LABEL)
    threads, no_threads = _filed(marks.threads, bool, LONGEST_THREAD)
    places, _ = _filed(filter(None, [names.place(prose, found, marks.spans)]), bool, LONGEST_LABEL)
    return Note(
        on=day.on.isoformat(),
        precision=day.precision,
        text=prose,
        people=tuple(certain),
        unsure=tuple(unsure),
        topics=_distinct(
            [said.meant.get(vocabulary.key(each), each) for each in (*topics, *said.about)]
        ),
        threads=_distinct([*threads, *said.threads]),
        place=said.place or next(iter(places), None),
        by=said.by,
        told_from=told_from,
        strangers=(*strange_handles, *names.strangers(prose, found, marks.spans)),
        left=(*no_day, *no_topics, *no_threads),
    )


def _filed(
    found: Iterable[str], fits: Callable[[str], bool], longest: int
) -> tuple[list[str], list[str]]:
    """Part what can be filed from what stays text: kin found it, so it is never refused for it."""
    filed: list[str] = []
    left: list[str] = []
    for each in found:
        (filed if fits(each) and len(each) <= longest else left).append(each)
    return filed, left


def _day(
    prose: str, said: Beside, now: datetime, date_order: DateOrder | None
) -> tuple[dates.Day, int, tuple[str, ...]]:
    """Return the day, where the telling begins, and words before a colon that were no day."""
    if said.on is not None:
        return dates.parse(said.on, now=now, date_order=date_order), 0, ()
    today = dates.Day(now.date(), "day")
    split = split_day(prose) or _unspaced(prose)
    if split is None:
        return today, 0, ()
    before, rest = split
    try:
        return dates.parse(before, now=now, date_order=date_order), len(prose) - len(rest), ()
    except UnclearDateError as unclear:
        if unclear.readings:
            raise
        return today, 0, (f"{before}:",)


def _unspaced(prose: str) -> tuple[str, str] | None:
    """Split `yesterday:coffee`, where letters stand on both sides of the colon."""
    before, _, rest = prose[:60].partition(":")
    parted = before[-1:].isalpha() and rest[:1].isalpha() and "\n" not in before
    return (before, prose[len(before) + 1 :]) if parted else None


def _given(db: sqlite3.Connection, who: str) -> Mentioned:
    found = people.find(db, who)
    return Mentioned(found.handle, found.name, who)


def _handles(db: sqlite3.Connection, marks: Marks) -> tuple[list[Mentioned], list[str]]:
    """Resolve the @handles; one that nobody has stays text, and is reported."""
    known, strange = [], []
    for _, _, handle in marks.handles:
        # Mostly a whole handle; @maya is Maya Okafor too while she is the only one.
        matched = people.match(db, "@" + handle) or people.match(db, handle)
        if len(matched) == 1:
            known.append(Mentioned(matched[0].handle, matched[0].name, "@" + handle))
        else:
            strange.append("@" + handle)
    return known, strange


def _named(
    db: sqlite3.Connection, prose: str, marks: Marks, certain: list[Mentioned], said: Beside
) -> tuple[list[Mentioned], list[Unsure], tuple[names.Mention, ...]]:
    known = people.known_in_prose(db, prose_words(prose))
    by_handle = {each.handle: each for each in known}
    found = names.mentions(prose, known, marks.spans)
    answers = {words: _still(db, chosen) for words, chosen in said.choices.items()}
    already = {each.handle for each in certain}
    settled = names.settled(_chosen(found, already, answers), _together(db, found, already))
    told: dict[str, Mentioned] = {each.handle: each for each in certain}
    unsure: dict[str, Unsure] = {}
    for mention in settled:
        if len(mention.candidates) == 1:
            (handle,) = mention.candidates
            told.setdefault(handle, Mentioned(handle, by_handle[handle].name, mention.text))
        else:
            handles = mention.candidates
            apart = people.apart(db, handles[:SHOWN])
            unsure.setdefault(
                text.fold(mention.text),
                Unsure(mention.text, handles[:MOST_CANDIDATES], apart, len(handles)),
            )
    return list(told.values()), list(unsure.values()), settled


def chosen(db: sqlite3.Connection, handle: str) -> Chosen:
    """Return the person with this handle as the answer to a question."""
    row = db.execute("SELECT id, handle, name FROM person WHERE handle = ?", (handle,)).fetchone()
    return Chosen(*row)


def _still(db: sqlite3.Connection, chosen: Chosen) -> str:
    """Return the handle of a chosen person; raise KinError if they are not who was shown any more."""
    row = db.execute("SELECT handle, name FROM person WHERE id = ?", (chosen.id,)).fetchone()
    if row != (chosen.handle, chosen.name):
        raise KinError(
            f"{chosen.name} ({chosen.handle}) was changed while you were asked.",
            "Nothing was written. Run the command again.",
        )
    return chosen.handle


def _chosen(
    found: Sequence[names.Mention], already: set[str], answers: Mapping[str, str]
) -> list[names.Mention]:
    """Settle what a flag, an @handle or an answer has already settled."""
    chosen = []
    for mention in found:
        answer = answers.get(text.fold(mention.text))
        meant = {answer} if answer else already & set(mention.candidates)
        if len(meant) == 1:
            (handle,) = meant
            mention = names.Mention(
                mention.start, mention.end, mention.text, mention.how, (handle,)
            )
        chosen.append(mention)
    return chosen


def _together(
    db: sqlite3.Connection, found: Sequence[names.Mention], already: set[str]
) -> dict[str, frozenset[str]]:
    """Return, for each candidate of an ambiguous name, with whom of this note they have been."""
    candidates = {
        handle for mention in found if len(mention.candidates) > 1 for handle in mention.candidates
    }
    company = already | {
        handle for mention in found if len(mention.candidates) == 1 for handle in mention.candidates
    }
    together: dict[str, frozenset[str]] = {}
    for candidate in sorted(candidates):
        together[candidate] = frozenset(
            other
            for other in sorted(company)
            if db.execute(
                "SELECT 1 FROM person a JOIN conversation_person x ON x.person_id = a.id "
                "JOIN person b ON b.handle = ? JOIN conversation_person y ON y.conversation_id = x.conversation_id "
                "AND y.person_id = b.id WHERE a.handle = ? LIMIT 1",
                (other, candidate),
            ).fetchone()
        )
    return together


def _distinct(words: Sequence[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(text.fold(word) or word, word)
    return tuple(kept.values())
