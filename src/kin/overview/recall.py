"""The card to read before you meet someone: what to ask, what you last talked about, what you share."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from kin.interests import queries as interests_queries
from kin.notes import queries as notes_queries, questions as notes_questions
from kin.people import dates as people_dates, queries as people_queries
from kin.records import Hidden, PersonRef
from kin.suggestions import candidates
from kin.suggestions.openers import Opener, OpenerBasis, OpenerInterest, choose_openers, is_curious
from kin.suggestions.weights import CURIOUS_ONE_IN_RECALL

RECALL_DATE_DAYS = 45  # days ahead: time to think of a present, but still about this meeting
MOST_NOTES = 3  # as many as one reads on the doorstep
_MOST_COMMON_PEOPLE = 5


class RecallInterest(NamedTuple):
    """An interest on the card, and the day (ISO) on which it last came up between you."""

    key: str
    label: str
    stance: str
    shared: bool
    via: str | None
    note: str | None
    last_came_up: str | None
    your_label: Hidden[str | None] = None
    sense: Hidden[str] = ""


class Recall(NamedTuple):
    """The card of one person."""

    person: people_queries.Person
    shared: tuple[RecallInterest, ...]
    differ: tuple[RecallInterest, ...]
    theirs: tuple[RecallInterest, ...]
    questions: tuple[notes_questions.OpenQuestion, ...]
    notes: tuple[notes_queries.Note, ...]
    dates: tuple[people_dates.UpcomingDate, ...]
    ties: tuple[people_queries.PersonTie, ...]
    common_people: tuple[PersonRef, ...]
    openers: tuple[Opener, ...]
    snooze: Hidden[candidates.Snooze | None] = None
    today: Hidden[date] = date.min


def recall(db: sqlite3.Connection, who: str, today: date) -> Recall:
    """Return the card of the person that `who` names; raise NotFoundError or AmbiguousError."""
    person_ref = people_queries.find_person(db, who)
    day = today.isoformat()
    person = people_queries.load_person(db, person_ref.id, day)
    last_days = interests_queries.load_last_mentions_with_person(db, person_ref.id, day)
    recall_interests = _sort_by_last_came_up(
        RecallInterest(
            key=each.key,
            label=each.label,
            stance=each.stance,
            shared=each.shared,
            via=each.via,
            note=each.note,
            last_came_up=last_days.get(each.sense),
            your_label=each.your_label,
            sense=each.sense,
        )
        for each in person.interests
    )
    open_questions = notes_questions.list_open_questions(db, person_ref.id, day)
    notes = notes_queries.list_notes(
        db, notes_queries.NoteFilter((person_ref.id,), until=day, limit=MOST_NOTES)
    )
    basis = _build_opener_basis(db, person_ref, recall_interests, open_questions, today)
    return Recall(
        person=person,
        shared=tuple(each for each in recall_interests if each.shared),
        differ=tuple(each for each in recall_interests if each.stance == "differ"),
        theirs=tuple(
            each for each in recall_interests if each.stance == "into" and not each.shared
        ),
        questions=open_questions,
        notes=notes,
        dates=people_dates.list_dates_of_person(db, person_ref.id, today, RECALL_DATE_DAYS),
        ties=people_queries.list_ties(db, person_ref.id),
        common_people=_list_common_people(db, person_ref.id),
        openers=choose_openers(db, basis, today),
        snooze=candidates.lookup_snooze(db, person_ref.id, day),
        today=today,
    )


def _sort_by_last_came_up(
    recall_interests: Iterable[RecallInterest],
) -> tuple[RecallInterest, ...]:
    return tuple(sorted(recall_interests, key=lambda each: each.last_came_up or "", reverse=True))


def _build_opener_basis(
    db: sqlite3.Connection,
    person_ref: people_queries.PersonRef,
    recall_interests: tuple[RecallInterest, ...],
    open_questions: tuple[notes_questions.OpenQuestion, ...],
    today: date,
) -> OpenerBasis:
    """Return what the openers may build on: what you share first, the last that came up first."""
    interests_into = sorted(
        (each for each in recall_interests if each.stance == "into"),
        key=lambda each: not each.shared,
    )
    return OpenerBasis(
        person_id=person_ref.id,
        handle=person_ref.handle,
        name=person_ref.name,
        questions=open_questions,
        into=[_build_opener_interest(each) for each in interests_into],
        shared_label=next((each.label for each in interests_into if each.shared), None),
        differ=[
            _build_opener_interest(each) for each in recall_interests if each.stance == "differ"
        ],
        is_curious=not recall_interests
        and is_curious(db, person_ref.id, person_ref.handle, today, CURIOUS_ONE_IN_RECALL),
    )


def _build_opener_interest(interest: RecallInterest) -> OpenerInterest:
    return OpenerInterest(interest.label, interest.sense, interest.note, interest.last_came_up)


def _list_common_people(db: sqlite3.Connection, person_id: int) -> tuple[PersonRef, ...]:
    """Return who else was there when you talked with this person, the most frequent first."""
    rows = db.execute(
        "SELECT p.id, p.handle, p.name FROM note_person mine "
        "CROSS JOIN note_person other ON other.note_id = mine.note_id "
        "JOIN person p ON p.id = other.person_id WHERE mine.person_id = ? AND other.person_id <> ? AND p.is_me = 0 "
        "GROUP BY other.person_id ORDER BY count(*) DESC, p.name LIMIT ?",
        (person_id, person_id, _MOST_COMMON_PEOPLE),
    )
    return tuple(PersonRef(*row) for row in rows)
