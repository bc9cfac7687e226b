"""Openers: up to three questions to begin with, each built on something you noted about the person.

What you noted is quoted, never conjugated. A template with an empty slot is dropped. A label is
never the subject of a verb, as it may be plural, and never starts a sentence, as it keeps its case.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, cast

from kin.constants import OWNER_ID
from kin.language.dates import Day, Precision, format_day
from kin.language.text import add_quotes, get_first_name, truncate
from kin.notes import queries as notes_queries
from kin.notes.queries import Note
from kin.notes.questions import OpenQuestion
from kin.records import Hidden
from kin.suggestions.scoring import draw_stable_random
from kin.suggestions.weights import CURIOUS_AFTER

_SENTENCE_ENDS = tuple("?.!…？。！｡؟۔।")  # in the scripts that have such signs

FOLLOW_UP_OPENERS = (
    "What’s new with {x}?",
    "How’s it going with {x}?",
    "What’s the latest with {x}?",
    "What have you been up to with {x} lately?",
    "How are you getting on with {x}?",
    "What’s next with {x}?",
    "What’s been your best moment with {x} lately?",
)

SINCE_LAST_TIME_OPENERS = (
    "What’s changed since {since}?",
    "How have you been since {since}?",
    "What’s the best thing that’s happened since {since}?",
    "What’s kept you busy since {since}?",
    "How’s life been since {since}?",
    "What have you seen since {since} that stuck with you?",
    "What’s made you laugh since {since}?",
)

DIFFERENCE_OPENERS = (
    "From one {shared} fan to another: how do you feel about “{x}” these days?",
    "We agree on {shared}. So what’s your take on “{x}” these days?",
    "We both love {shared}, so what am I missing about “{x}”?",
    "Next time we talk {shared}: what would win me over on “{x}”?",
    "How did you end up on that side of “{x}”? At least we agree on {shared}.",
    "How did you come to see “{x}” the way you do? Then back to {shared}, I promise.",
)

NEW_INTEREST_OPENERS = (
    "How did you get into {x}?",
    "What drew you to {x} in the first place?",
    "What do you like best about {x}?",
    "What was it like starting out with {x}?",
    "What would I never guess about {x}?",
    "What do you wish more people knew about {x}?",
)

KNOWN_INTEREST_OPENERS = (
    "What would you miss most if you had to give up {x}?",
    "What do you wish more people knew about {x}?",
    "What are you still learning about {x}?",
    "How do you find time for {x} these days?",
    "What do you get out of {x} now that you didn’t at first?",
    "What would I never guess about {x}?",
)

CURIOUS_OPENERS = (
    "What are you looking forward to at the moment?",
    "What could you talk about for hours?",
    "What did you do last weekend that you’d happily do again?",
    "What have you been enjoying lately?",
    "What did you love doing as a kid, and do you still?",
    "What would you do with a whole day to yourself?",
)

MOST_OPENERS = 3
NO_REPEAT_SHOWINGS = 5  # showings in a row without the same opener twice
_OPENER_QUOTE_WIDTH = 70  # cells of a quoted note: enough to remember it by, short enough to read


class Opener(NamedTuple):
    """A question to begin with, and what it builds on: an open question, a note or an interest.

    `key` identifies its template; `is_question` says that it is an open question of yours.
    """

    text: str
    because: str
    is_question: Hidden[bool] = False
    key: Hidden[str] = ""


class OpenerInterest(NamedTuple):
    """An interest to ask about; `note` is how they came to it, `last_came_up` an ISO day."""

    label: str
    sense: str
    note: str | None
    last_came_up: str | None


class OpenerBasis(NamedTuple):
    """What the openers for one person may build on.

    `headline` is the interest, out of `into` or `differ`, for which the person is suggested.
    """

    person_id: int
    handle: str
    name: str
    questions: Sequence[OpenQuestion] = ()
    into: Sequence[OpenerInterest] = ()
    shared_label: str | None = None
    differ: Sequence[OpenerInterest] = ()
    is_curious: bool = False
    headline: OpenerInterest | None = None


def choose_openers(db: sqlite3.Connection, basis: OpenerBasis, today: date) -> tuple[Opener, ...]:
    """Return up to three openers, the same all day.

    In order: a question that is due, a follow-up on a note, the time since the last note, a
    difference, an interest. If the headline is a difference, it takes the place of the follow-up.
    """
    recent_keys = _load_recent_keys(db, basis.person_id, today)
    openers = [
        opener
        for slot in _iter_opener_slots(db, basis, today)
        if (opener := _choose_unused_opener(slot, recent_keys, today, basis.handle))
    ]
    return tuple(openers[:MOST_OPENERS])


def is_curious(
    db: sqlite3.Connection, person_id: int, handle: str, today: date, one_in: int
) -> bool:
    """Return whether to ask today what someone loves, on one day in `one_in`.

    Only after meeting them on several days; the caller checks that none of their interests is known.
    """
    if draw_stable_random(today.isoformat(), handle, "curious") * one_in >= 1:
        return False
    (day_count,) = db.execute(
        "SELECT count(DISTINCT day) FROM note_person WHERE person_id = ? AND day <= ?",
        (person_id, today.isoformat()),
    ).fetchone()
    return person_id != OWNER_ID and day_count >= CURIOUS_AFTER


def find_last_note_about(
    db: sqlite3.Connection, person_id: int, sense: str, today: date
) -> Note | None:
    """Return the last note with someone in which an interest came up."""
    row = db.execute(
        "SELECT np.note_id FROM note_person np WHERE np.person_id = ? AND np.day <= ? AND EXISTS "
        "(SELECT 1 FROM note_interest ni JOIN interest i ON i.id = ni.interest_id JOIN interest_name n ON n.key = i.key "
        "WHERE ni.note_id = np.note_id AND n.sense = ?) ORDER BY np.day DESC, np.note_id DESC LIMIT 1",
        (person_id, today.isoformat(), sense),
    ).fetchone()
    return notes_queries.load_notes(db, [row[0]])[0] if row else None


def format_as_question(text: str) -> str:
    """Return the text of an open question with a capital letter and a question mark."""
    capitalized = text[:1].upper() + text[1:]
    return capitalized if capitalized.endswith(_SENTENCE_ENDS) else capitalized + "?"


# The slots


def _load_recent_keys(db: sqlite3.Connection, person_id: int, today: date) -> frozenset[str]:
    rows = db.execute(
        "SELECT opener FROM showing WHERE person_id = ? AND day < ? ORDER BY day DESC LIMIT ?",
        (person_id, today.isoformat(), NO_REPEAT_SHOWINGS),
    )
    return frozenset(row[0] for row in rows if row[0])


def _choose_unused_opener(
    slot: Sequence[Opener], recent_keys: frozenset[str], today: date, handle: str
) -> Opener | None:
    """Pick one opener of a slot for the day, but none that was shown lately."""
    shuffled = sorted(
        slot, key=lambda each: draw_stable_random(today.isoformat(), handle, each.key)
    )
    return next((each for each in shuffled if each.key not in recent_keys), None)


def _iter_opener_slots(
    db: sqlite3.Connection, basis: OpenerBasis, today: date
) -> Iterator[Sequence[Opener]]:
    last_note = _find_last_note(db, basis.person_id, today)
    if basis.is_curious:
        yield _build_variants("curious", CURIOUS_OPENERS, _describe_unknown(basis.name))
    yield [_build_question_opener(each) for each in basis.questions if _is_due(each, today)][:1]
    difference_openers = _list_difference_openers(basis, last_note is not None)
    headline_differs = basis.headline in basis.differ
    yield difference_openers if headline_differs else _list_follow_ups(db, basis, today)
    if last_note:
        since = _format_since(date.fromisoformat(last_note.on), last_note.precision, today)
        yield _build_variants(
            "since", SINCE_LAST_TIME_OPENERS, _quote_dated_note(last_note), since=since
        )
    yield () if headline_differs else difference_openers
    yield _list_interest_openers(basis, today)


def _build_variants(
    slot: str, templates: Iterable[str], because: str, **words: str
) -> Sequence[Opener]:
    return [
        Opener(template.format(**words), because, key=f"{slot}.{number}")
        for number, template in enumerate(templates)
    ]


def _is_due(question: OpenQuestion, today: date) -> bool:
    return question.on is None or question.on <= today.isoformat()


def _build_question_opener(question: OpenQuestion) -> Opener:
    return Opener(
        format_as_question(question.text),
        f"on your mind since {_format_day(question.opened_on)}",
        is_question=True,
        key=f"question.{question.id}",
    )


def _list_follow_ups(db: sqlite3.Connection, basis: OpenerBasis, today: date) -> Sequence[Opener]:
    """Follow up on the last note about the headline interest, else about the next one that came up."""
    for each in sorted(basis.into, key=lambda each: each != basis.headline):
        note = (
            find_last_note_about(db, basis.person_id, each.sense, today)
            if each.last_came_up
            else None
        )
        if note:
            return _build_variants("last", FOLLOW_UP_OPENERS, _quote_dated_note(note), x=each.label)
    return ()


def _find_last_note(db: sqlite3.Connection, person_id: int, today: date) -> Note | None:
    criteria = notes_queries.NoteFilter((person_id,), until=today.isoformat(), limit=1)
    return next(iter(notes_queries.list_notes(db, criteria)), None)


def _list_difference_openers(basis: OpenerBasis, has_talked: bool) -> Sequence[Opener]:
    """Bring up a difference together with something shared; not before the first note."""
    if not (basis.differ and basis.shared_label and has_talked):
        return ()
    interest = next((each for each in basis.differ if each == basis.headline), basis.differ[0])
    because = (
        f"you two see {add_quotes(interest.label)} differently{_format_last_came_up(interest)}, "
        f"but you share {basis.shared_label}"
    )
    return _build_variants(
        "spark", DIFFERENCE_OPENERS, because, x=interest.label, shared=basis.shared_label
    )


def _list_interest_openers(basis: OpenerBasis, today: date) -> Sequence[Opener]:
    """Ask about the headline or any other interest; how it began only where that is not noted yet."""
    if not basis.into:
        return ()
    day = today.isoformat()
    headline_interests = [each for each in basis.into if each == basis.headline]
    interest = min(
        headline_interests or basis.into,
        key=lambda each: draw_stable_random(day, basis.handle, each.label),
    )
    because = (
        f"{get_first_name(basis.name)} is into {interest.label}{_format_last_came_up(interest)}"
    )
    if interest.note:
        because += f" {add_quotes(truncate(interest.note, _OPENER_QUOTE_WIDTH))}"
    templates = KNOWN_INTEREST_OPENERS if interest.note else NEW_INTEREST_OPENERS
    return _build_variants("luck" if interest.note else "new", templates, because, x=interest.label)


# The reasons


def _describe_unknown(name: str) -> str:
    return f"you’ve met often, and haven’t noted yet what {get_first_name(name)} loves"


def _quote_dated_note(note: Note) -> str:
    quote = add_quotes(truncate(note.body, _OPENER_QUOTE_WIDTH))
    return f"{_format_day(note.on, note.precision)}: {quote}"


def _format_last_came_up(interest: OpenerInterest) -> str:
    if not interest.last_came_up:
        return ""
    return f" (last came up {_format_day(interest.last_came_up)})"


def _format_day(on: str, precision: str = "day") -> str:
    return format_day(Day(date.fromisoformat(on), cast(Precision, precision)))


def _format_since(last: date, precision: str, today: date) -> str:
    """Name the time of the last note roughly: March, March 2024, 2019, or we last talked."""
    months = 12 * (today.year - last.year) + today.month - last.month
    if precision == "year":
        return str(last.year) if last.year < today.year else "we last talked"
    if months < 2:
        return "we last talked"
    return f"{last:%B}" if months < 12 else f"{last:%B %Y}"
