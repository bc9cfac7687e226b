"""The card to read before a catch-up: what matters first, all of it in your own words."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from kin.interests import queries as interests
from kin.notes import queries as conversations, questions as threads
from kin.people import dates as occasions, queries as people, ties
from kin.records import Hidden
from kin.suggestions import snooze as resting
from kin.suggestions.openers import Basis, Loved, Question, is_curious, questions
from kin.suggestions.weights import CURIOUS_ON_CARD

DATES_WITHIN = 45  # days: far enough to think of a present, near enough to matter at this meeting
TALKS = 3  # as many as one reads before knocking


class CommonInterest(NamedTuple):
    """An interest on the card, and the day when it last came up between you."""

    key: str
    label: str
    stance: str
    shared: bool
    via: str | None
    note: str | None
    last_mentioned: str | None
    yours: Hidden[str | None] = None
    sense: Hidden[str] = ""


class Companion(NamedTuple):
    """Somebody you both know."""

    handle: str
    name: str


class Brief(NamedTuple):
    """All that recall tells of one person."""

    person: people.Person
    shared: tuple[CommonInterest, ...]
    collides: tuple[CommonInterest, ...]
    theirs: tuple[CommonInterest, ...]
    threads: tuple[threads.Thread, ...]
    talks: tuple[conversations.Note, ...]
    dates: tuple[occasions.NearDate, ...]
    ties: tuple[ties.TieTo, ...]
    common_people: tuple[Companion, ...]
    questions: tuple[Question, ...]
    rest: Hidden[resting.Resting | None] = None
    today: Hidden[date] = date.min


def brief(db: sqlite3.Connection, who: str, today: date) -> Brief:
    """Tell what to read before meeting somebody; raise NotFoundError or AmbiguousError."""
    found = people.find(db, who)
    day = today.isoformat()
    person = people.card(db, found.id, day)
    mentioned = interests.mentions_with(db, found.id, day)
    held = tuple(
        CommonInterest(
            each.key,
            each.label,
            each.stance,
            each.shared,
            each.via,
            each.note,
            mentioned.get(each.sense),
            each.yours,
            each.sense,
        )
        for each in person.interests
    )
    open_threads = threads.open_with(db, found.id, day)
    talks = conversations.talks(db, conversations.Filter((found.id,), until=day, limit=TALKS))
    return Brief(
        person=person,
        shared=_last_mentioned_first(each for each in held if each.shared),
        collides=_last_mentioned_first(each for each in held if each.stance == "collides"),
        theirs=_last_mentioned_first(
            each for each in held if each.stance == "into" and not each.shared
        ),
        threads=open_threads,
        talks=talks,
        dates=occasions.of(db, found.id, today, DATES_WITHIN),
        ties=ties.of(db, found.id),
        common_people=_common_people(db, found.id),
        questions=questions(db, _basis(db, found, held, open_threads, today), today),
        rest=resting.of(db, found.id, day),
        today=today,
    )


def _basis(
    db: sqlite3.Connection,
    found: people.Found,
    held: tuple[CommonInterest, ...],
    open_threads: tuple[threads.Thread, ...],
    today: date,
) -> Basis:
    """Return what the questions may rest on: what you share leads, the last that came up first."""
    loved = sorted(
        _last_mentioned_first(each for each in held if each.stance == "into"),
        key=lambda each: not each.shared,
    )
    return Basis(
        found.id,
        found.handle,
        found.name,
        open_threads,
        [_loved(each) for each in loved],
        next((each.label for each in loved if each.shared), None),
        [_loved(each) for each in _last_mentioned_first(held) if each.stance == "collides"],
        curious=not held and is_curious(db, found.id, found.handle, today, CURIOUS_ON_CARD),
    )


def _loved(each: CommonInterest) -> Loved:
    return Loved(each.label, each.sense, each.note, each.last_mentioned)


def _last_mentioned_first(held: Iterable[CommonInterest]) -> tuple[CommonInterest, ...]:
    return tuple(sorted(held, key=lambda each: each.last_mentioned or "", reverse=True))


def _common_people(db: sqlite3.Connection, person_id: int, most: int = 5) -> tuple[Companion, ...]:
    """Tell with whom this person has been in a conversation of yours, the most often first."""
    rows = db.execute(
        "SELECT p.handle, p.name FROM conversation_person mine "
        "CROSS JOIN conversation_person other ON other.conversation_id = mine.conversation_id "
        "JOIN person p ON p.id = other.person_id WHERE mine.person_id = ? AND other.person_id <> ? AND p.is_me = 0 "
        "GROUP BY other.person_id ORDER BY count(*) DESC, p.name LIMIT ?",
        (person_id, person_id, most),
    )
    return tuple(Companion(*row) for row in rows)
