"""What to begin with: open questions about them, each built on something you noted, with its date.

Quoted, never conjugated; nothing about yourself; a template whose slot is empty is dropped.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, cast

from kin.constants import ME
from kin.language.dates import Day, Precision, format_day
from kin.language.text import add_quotes, clipped, get_first_name
from kin.notes import queries as conversations
from kin.notes.queries import Note
from kin.notes.questions import Thread
from kin.records import Hidden
from kin.suggestions.scoring import lot
from kin.suggestions.weights import CURIOUS_AFTER

_SENTENCE_ENDS = tuple(
    "?.!…？。！｡؟۔।"
)  # of a sentence, in the scripts that have signs of their own

FOLLOW_UP = (
    "What is new with {x}?",
    "How is it going with {x}?",
    "What has come of {x} by now?",
    "What are you up to with {x} these days?",
    "How have things gone with {x} lately?",
    "What comes next for you with {x}?",
    "What has surprised you about {x} lately?",
)

SINCE = (
    "What has changed since {since}?",
    "How have you been since {since}?",
    "What has been good since {since}?",
    "What has kept you busy since {since}?",
    "How has life treated you since {since}?",
    "What have you seen since {since} that you still think of?",
    "What has made you laugh since {since}?",
)

SPARK = (
    "Between two who love {shared}: how do you see “{x}” by now?",
    "We agree on {shared}; how do you see “{x}” these days?",
    "We share {shared}. What would I have to know about “{x}” to see it as you do?",
    "Over {shared} some time: what speaks for “{x}”, seen from your side?",
    "What first made you think so about “{x}”? On {shared} we agree, after all.",
    "How did you come to your view of “{x}”? After that, back to {shared}.",
)

LUCK_NEW = (
    "How did you come to {x}?",
    "What drew you to {x} in the first place?",
    "What do you like best about {x}?",
    "What were your beginnings with {x} like?",
    "What would I never guess about {x}?",
    "What is a good day with {x} like?",
)

LUCK_KNOWN = (
    "What would you miss most about {x}?",
    "What is a good day with {x} like?",
    "What are you still finding out about {x}?",
    "How do you make room for {x} these days?",
    "How has {x} changed for you over the years?",
    "What would I never guess about {x}?",
)

CURIOUS = (
    "What are you looking forward to at the moment?",
    "What could you talk about for an hour?",
    "What did you do last weekend that you would do again?",
    "What have you been enjoying lately?",
    "What did you love doing as a child, and what became of it?",
    "What would you do with a whole free day?",
)


MOST = 3
NOT_AGAIN = 5  # showings, in which no question comes twice
_QUOTED = 70  # cells of a quoted note: enough to remember by, short enough to glance at


class Question(NamedTuple):
    """Something to ask, and the thread, note or interest that it rests on; `key` is its template."""

    text: str
    because: str
    thread: Hidden[bool] = False
    key: Hidden[str] = ""


class Loved(NamedTuple):
    """An interest of theirs, by what the questions need of it; `note` is how they came to it."""

    label: str
    sense: str
    note: str | None
    last_mentioned: str | None


class Basis(NamedTuple):
    """What questions to one person may rest on; `headline` is the one of `loved` or `collides` that led to them."""

    person_id: int
    handle: str
    name: str
    threads: Sequence[Thread] = ()
    loved: Sequence[Loved] = ()
    shared: str | None = None
    collides: Sequence[Loved] = ()
    curious: bool = False
    headline: Loved | None = None


def questions(db: sqlite3.Connection, basis: Basis, today: date) -> tuple[Question, ...]:
    """Return up to three questions: a ripe thread, their last words, the time since, a spark, luck.

    Where you two differ over the headline interest, the follow-up on it is the spark.
    """
    used = _used(db, basis.person_id, today)
    found = [
        fresh
        for slot in _slots(db, basis, today)
        if (fresh := _fresh(slot, used, today, basis.handle))
    ]
    return tuple(found[:MOST])


def _used(db: sqlite3.Connection, person_id: int, today: date) -> frozenset[str]:
    rows = db.execute(
        "SELECT question FROM showing WHERE person_id = ? AND day < ? ORDER BY day DESC LIMIT ?",
        (person_id, today.isoformat(), NOT_AGAIN),
    )
    return frozenset(row[0] for row in rows if row[0])


def _fresh(
    slot: Sequence[Question], used: frozenset[str], today: date, handle: str
) -> Question | None:
    """Draw one of a slot's questions for the day, none that was lately asked."""
    drawn = sorted(slot, key=lambda each: lot(today.isoformat(), handle, each.key))
    return next((each for each in drawn if each.key not in used), None)


def _slots(db: sqlite3.Connection, basis: Basis, today: date) -> Iterator[Sequence[Question]]:
    last = _last(db, basis.person_id, today)
    if basis.curious:
        yield _variants("curious", CURIOUS, _describe_unknown(basis.name))
    yield [_thread(each) for each in basis.threads if _ripe(each, today)][:1]
    spark = _spark(basis, last is not None)
    differ = basis.headline in basis.collides
    yield spark if differ else _last_words(db, basis, today)
    if last:
        since = _format_since(date.fromisoformat(last.on), last.precision, today)
        yield _variants("since", SINCE, _quote(last), since=since)
    yield () if differ else spark
    yield _luck(basis, today)


def _variants(
    slot: str, templates: Iterable[str], because: str, **words: str
) -> Sequence[Question]:
    return [
        Question(template.format(**words), because, key=f"{slot}.{number}")
        for number, template in enumerate(templates)
    ]


def _ripe(thread: Thread, today: date) -> bool:
    return thread.due_on is None or thread.due_on <= today.isoformat()


def _thread(thread: Thread) -> Question:
    since = _named(thread.opened_on)
    return Question(
        _format_as_question(thread.text), _describe_open_since(since), True, f"thread.{thread.id}"
    )


def _last_words(db: sqlite3.Connection, basis: Basis, today: date) -> Sequence[Question]:
    """Follow up on the last note in which the headline interest came up with them, else the next that did."""
    for each in sorted(basis.loved, key=lambda each: each != basis.headline):
        note = about(db, basis.person_id, each.sense, today) if each.last_mentioned else None
        if note:
            return _variants("last", FOLLOW_UP, _quote(note), x=each.label)
    return ()


def about(db: sqlite3.Connection, person_id: int, sense: str, today: date) -> Note | None:
    """Return the last conversation with somebody in which an interest came up."""
    row = db.execute(
        "SELECT cp.conversation_id FROM conversation_person cp WHERE cp.person_id = ? AND cp.day <= ? AND EXISTS "
        "(SELECT 1 FROM conversation_topic ct JOIN interest i ON i.id = ct.interest_id JOIN interest_name n ON n.key = i.key "
        "WHERE ct.conversation_id = cp.conversation_id AND n.sense = ?) ORDER BY cp.day DESC, cp.conversation_id DESC LIMIT 1",
        (person_id, today.isoformat(), sense),
    ).fetchone()
    return conversations.told(db, [row[0]])[0] if row else None


def _last(db: sqlite3.Connection, person_id: int, today: date) -> Note | None:
    wanted = conversations.Filter((person_id,), until=today.isoformat(), limit=1)
    return next(iter(conversations.talks(db, wanted)), None)


def _spark(basis: Basis, talked: bool) -> Sequence[Question]:
    """Take up a collision, beside what you share; before the first talk it is no spark yet."""
    if not (basis.collides and basis.shared and talked):
        return ()
    spark = next((each for each in basis.collides if each == basis.headline), basis.collides[0])
    because = _describe_difference(spark.label, basis.shared, _mentioned(spark))
    return _variants("spark", SPARK, because, x=spark.label, shared=basis.shared)


def _luck(basis: Basis, today: date) -> Sequence[Question]:
    """Ask about the headline or anything they love: how they came to it only where you do not know."""
    if not basis.loved:
        return ()
    day, led = today.isoformat(), [each for each in basis.loved if each == basis.headline]
    drawn = min(led or basis.loved, key=lambda each: lot(day, basis.handle, each.label))
    because = _describe_interest(basis.name, drawn.label, _mentioned(drawn))
    if drawn.note:
        because += f" {add_quotes(clipped(drawn.note, _QUOTED))}"
    templates = LUCK_KNOWN if drawn.note else LUCK_NEW
    return _variants("luck" if drawn.note else "new", templates, because, x=drawn.label)


def is_curious(
    db: sqlite3.Connection, person_id: int, handle: str, today: date, one_in: int
) -> bool:
    """Tell whether to wonder today what somebody loves: met on four days, and nothing known of it."""
    if lot(today.isoformat(), handle, "curious") * one_in >= 1:
        return False
    (days,) = db.execute(
        "SELECT count(DISTINCT day) FROM conversation_person WHERE person_id = ? AND day <= ?",
        (person_id, today.isoformat()),
    ).fetchone()
    return person_id != ME and days >= CURIOUS_AFTER


def quote(note: Note) -> str:
    """Quote a conversation, clipped."""
    return add_quotes(clipped(note.told, _QUOTED))


def _quote(note: Note) -> str:
    return f"{_named(note.on, note.precision)}: {quote(note)}"


def _mentioned(each: Loved) -> str | None:
    return _named(each.last_mentioned) if each.last_mentioned else None


def _named(on: str, precision: str = "day") -> str:
    return format_day(Day(date.fromisoformat(on), cast(Precision, precision)))


def _format_as_question(thread: str) -> str:
    """Make a question of a thread, in its own words."""
    whole = thread[:1].upper() + thread[1:]
    return whole if whole.endswith(_SENTENCE_ENDS) else whole + "?"


def _describe_open_since(day: str) -> str:
    """Say since when you want to hear the end of something."""
    return f"you have wanted to hear this since {day}"


def _describe_unknown(name: str) -> str:
    """Say that nothing is known yet of what somebody loves."""
    return f"you have met often, and nothing that {get_first_name(name)} loves is written down yet"


def _describe_difference(label: str, shared: str, last: str | None) -> str:
    """Say where two people differ, beside what they share."""
    return (
        f"you see {add_quotes(label)} differently{_describe_last_mention(last)}, and share {shared}"
    )


def _describe_interest(name: str, label: str, last: str | None) -> str:
    """Say what somebody is into, and when it last came up."""
    return f"{get_first_name(name)} is into {label}{_describe_last_mention(last)}"


def _describe_last_mention(day: str | None) -> str:
    return f" (last came up {day})" if day else ""


def _format_since(last: date, precision: str, today: date) -> str:
    """Say since when, without counting: March, March 2024, 2019, we last talked."""
    months = 12 * (today.year - last.year) + today.month - last.month
    if precision == "year":
        return str(last.year) if last.year < today.year else "we last talked"
    if months < 2:
        return "we last talked"
    return f"{last:%B}" if months < 12 else f"{last:%B %Y}"
