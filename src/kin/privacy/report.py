"""Everything the book has on one person, for the person to read: `kin recall WHO --all`."""

import sqlite3
from datetime import date
from typing import NamedTuple

from kin.constants import KIN_KIND
from kin.notes import queries as notes_queries
from kin.notes.queries import Note
from kin.people import queries as people_queries
from kin.people.queries import PersonTie
from kin.privacy import mentions as privacy_mentions
from kin.privacy.mentions import TextMention
from kin.records import Hidden
from kin.suggestions import candidates


class ReportedQuestion(NamedTuple):
    """A question for them, open or answered."""

    text: str
    opened_on: str
    on: str | None
    answered_on: str | None
    answer: str | None


class RelatedPerson(NamedTuple):
    """Someone you met through them, or who has an interest from them."""

    handle: str
    name: str
    interest: str | None


class ReportedIntroduction(NamedTuple):
    """An introduction to someone: what each of the two said, and when you made it."""

    handle: str
    name: str
    their_answer: str | None
    other_answer: str | None
    made_on: str | None


class SentItem(NamedTuple):
    """Something you sent them."""

    on: str
    text: str


class SourceRecord(NamedTuple):
    """The record they were imported or synced from: the kind of file, their key there, and the card as it was.

    The kind `kin` is for the UID that kin exports them with.
    """

    kind: str
    key: str | None
    card: str | None


class DataReport(NamedTuple):
    """Everything the book has on one person.

    `named_in` are the notes that name them but are not linked to them, `named_elsewhere` all other text that does:
    what `kin forget` would change, and what it would leave. `shown_on` are the days when kin suggested a hello.
    """

    person: people_queries.Person
    added_on: str
    dates: tuple[people_queries.YearlyDate, ...]
    facts: tuple[people_queries.Fact, ...]
    records: tuple[SourceRecord, ...]
    notes: tuple[Note, ...]
    named_in: tuple[Note, ...]
    named_elsewhere: tuple[TextMention, ...]
    questions: tuple[ReportedQuestion, ...]
    ties: tuple[PersonTie, ...]
    through_them: tuple[RelatedPerson, ...]
    introductions: tuple[ReportedIntroduction, ...]
    sent: tuple[SentItem, ...]
    snoozed: bool
    snoozed_until: str | None
    shown_on: tuple[str, ...]
    owner: Hidden[str] = ""


def build_report(db: sqlite3.Connection, who: str, today: date) -> DataReport:
    """Return everything the book has on the person called `who`; raise NotFoundError or AmbiguousError."""
    person = people_queries.find_person(db, who)
    card = people_queries.load_person(db, person.id, today.isoformat())
    mentions = _find_mentions(db, person.id)
    snooze = candidates.lookup_snooze(db, person.id, today.isoformat())
    (added_on,) = db.execute("SELECT added_on FROM person WHERE id = ?", (person.id,)).fetchone()
    return DataReport(
        person=card,
        added_on=added_on,
        dates=card.dates,
        facts=people_queries.list_facts(db, person.id),
        records=_list_records(db, person.id),
        notes=notes_queries.list_notes(db, notes_queries.NoteFilter((person.id,))),
        named_in=notes_queries.load_notes(db, mentions[0]),
        named_elsewhere=mentions[1],
        questions=_list_questions(db, person.id),
        ties=people_queries.list_ties(db, person.id),
        through_them=_list_related_people(db, person.id),
        introductions=_list_introductions(db, person.id),
        sent=tuple(
            SentItem(*row)
            for row in db.execute(
                "SELECT day, text FROM sent WHERE person_id = ? ORDER BY id", (person.id,)
            )
        ),
        snoozed=snooze is not None,
        snoozed_until=snooze.until if snooze else None,
        shown_on=tuple(
            row[0]
            for row in db.execute(
                "SELECT day FROM showing WHERE person_id = ? ORDER BY day", (person.id,)
            )
        ),
        owner=db.execute("SELECT name FROM person WHERE is_me = 1").fetchone()[0],
    )


def _find_mentions(
    db: sqlite3.Connection, person_id: int
) -> tuple[list[int], tuple[TextMention, ...]]:
    """Return the ids of the notes that name them without a link, and all other text that names them."""
    matchers = privacy_mentions.build_matchers(db, person_id)
    changes = privacy_mentions.find_text_changes(db, person_id, matchers)
    note_ids = {each.note_id for each in changes if each.note_id is not None}
    other_mentions = [
        TextMention(each.where, each.people, each.text) for each in changes if each.note_id is None
    ]
    return sorted(note_ids), (
        *other_mentions,
        *privacy_mentions.find_unchanged_mentions(db, person_id, matchers.names),
    )


def _list_records(db: sqlite3.Connection, person_id: int) -> tuple[SourceRecord, ...]:
    rows = db.execute(
        "SELECT kind, key, raw FROM origin WHERE person_id = ?1 UNION ALL "
        "SELECT folder, file, base FROM synced_card WHERE person_id = ?1 UNION ALL "
        "SELECT ?2, uid, NULL FROM uid WHERE person_id = ?1",
        (person_id, KIN_KIND),
    )
    return tuple(
        SourceRecord(kind, key, None if raw is None else raw.decode(errors="backslashreplace"))
        for kind, key, raw in rows
    )


def _list_questions(db: sqlite3.Connection, person_id: int) -> tuple[ReportedQuestion, ...]:
    rows = db.execute(
        "SELECT q.text, q.opened_on, q.on_day, q.answered_on, q.answer FROM question_person qp "
        "JOIN question q ON q.id = qp.question_id WHERE qp.person_id = ? ORDER BY q.opened_on, q.id",
        (person_id,),
    )
    return tuple(ReportedQuestion(*row) for row in rows)


def _list_related_people(db: sqlite3.Connection, person_id: int) -> tuple[RelatedPerson, ...]:
    rows = db.execute(
        "SELECT handle, name, NULL FROM person WHERE met_through = ?1 UNION ALL "
        "SELECT p.handle, p.name, i.label FROM interest_source c JOIN person_interest pi ON pi.id = c.link_id "
        "JOIN person p ON p.id = pi.person_id JOIN interest i ON i.id = pi.interest_id WHERE c.from_id = ?1",
        (person_id,),
    )
    return tuple(RelatedPerson(*row) for row in rows)


def _list_introductions(db: sqlite3.Connection, person_id: int) -> tuple[ReportedIntroduction, ...]:
    rows = db.execute(
        "SELECT p.handle, p.name, i.a_answer, i.b_answer, i.made_on FROM introduction i JOIN person p ON p.id = i.b_id "
        "WHERE i.a_id = ?1 UNION ALL "
        "SELECT p.handle, p.name, i.b_answer, i.a_answer, i.made_on FROM introduction i JOIN person p ON p.id = i.a_id "
        "WHERE i.b_id = ?1",
        (person_id,),
    )
    return tuple(ReportedIntroduction(*row) for row in rows)
