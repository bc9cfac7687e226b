"""A whole book from kin's own formats: into an empty book as it was, into another what that one lacks.

Its one rule: into an empty book everything comes back, so that writing it out again gives the same.
"""

import sqlite3
from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlmodel import Session

from kin.book import forgotten, interest_index, undo_log as journal
from kin.book.bulk_insert import Rows
from kin.book.models import (
    Caught,
    Conversation,
    ConversationPerson,
    ConversationTopic,
    Introduction,
    Person,
    Rest,
    Sent,
    Showing,
    Thread,
    ThreadPerson,
    Tie,
    Uid,
    VocabularyWord,
)
from kin.book.session import connection_of
from kin.constants import ME
from kin.formats import book as told
from kin.formats.from_book import OWN, incoming as as_incoming
from kin.transfer import export, import_apply as incoming
from kin.transfer.fill_gaps import filled
from kin.transfer.import_apply import Progress, add_parts, columns, describe_import
from kin.transfer.merge_book import Retold
from kin.vocabulary import catalog as vocabulary


def restore(session: Session, book: told.Book, name: str) -> None:
    """Write a whole book into an empty one."""
    rows = Rows(session)
    beside = _beside_owner(connection_of(session), book.people)
    ids = {
        person.handle: _person(session, rows, written)
        for person, written in zip(book.people, beside, strict=True)
    }
    rows.write()
    for person in book.people:
        _belongings(session, rows, person, ids)
    talks = [_talk(rows, talk, ids) for talk in book.talks]
    for thread in book.threads:
        _thread(rows, thread, ids, talks[thread.talk] if thread.talk is not None else None)
    for tie in book.ties:
        rows.new(Tie, a_id=ids[tie.a], b_id=ids[tie.b], word=tie.word)
    for each in book.introductions:
        _introduction(rows, each, ids)
    for word in book.vocabulary:
        _word(rows, word)
    rows.write()
    db = connection_of(session)
    forgotten.add(db, book.forgotten)
    interest_index.settle(db)
    journal.name(db, describe_import(name, len(book.people) - 1, len(book.talks)))


def merge(
    session: Session,
    book: told.Book,
    planned: Retold,
    name: str,
    *,
    now: datetime,
    progress: Progress,
) -> None:
    """Write what a book lacks of another, and what the owner changed of what it has."""
    db, plan = connection_of(session), planned.plan
    written = incoming.write(session, plan, name, now=now, progress=progress)
    ids = {handle: written[number] for handle, number in plan.by_key.items()}
    ids |= {person.handle: ME for person in book.people if person.me}
    rows = Rows(session)
    _mine(db, rows, book)
    for talk in planned.talks:
        rows.change(
            Conversation, {"id": talk.number}, {"text": talk.text, "told_from": talk.told_from}
        )
    for number, after in planned.endings:
        state = {"due_on": after.due_on, "heard_on": after.heard_on, "outcome": after.outcome}
        rows.change(Thread, {"id": number}, state)
    for thread in planned.threads:
        _thread(rows, thread, ids, None)
    said = {frozenset(pair) for pair in db.execute("SELECT a_key, b_key FROM vocabulary_word")}
    for word in book.vocabulary:
        if frozenset((vocabulary.key(word.a), vocabulary.key(word.b))) not in said:
            _word(rows, word)
    rows.write()
    interest_index.settle(db)
    people = sum(entry.before != entry.after for entry in plan.entries)
    talks, threads = (
        len(plan.talks) + len(planned.talks),
        len(planned.endings) + len(planned.threads),
    )
    journal.name(db, describe_import(name, people, talks, threads))


def _mine(db: sqlite3.Connection, rows: Rows, book: told.Book) -> None:
    """Fill the owner's own card."""
    held = next(card for number, card in export.people(db) if number == ME)
    for person in book.people:
        if person.me:
            after = filled(held, as_incoming(person, ()), OWN, "").person
            add_parts(rows, ME, held, replace(after, origins=held.origins, birthday=held.birthday))


def _beside_owner(
    db: sqlite3.Connection, people: tuple[told.Person, ...]
) -> tuple[told.Person, ...]:
    """Return the people; where none is the owner, nobody has the handle that the owner has already."""
    (owner,) = db.execute("SELECT handle FROM person WHERE is_me = 1").fetchone()
    taken = {person.handle for person in people}
    if owner not in taken or any(person.me for person in people):
        return people
    free = next(option for number in count(2) if (option := f"{owner}-{number}") not in taken)
    return tuple(
        replace(person, handle=free) if person.handle == owner else person for person in people
    )


def _person(session: Session, rows: Rows, person: told.Person) -> int:
    if person.me:
        owner = session.get_one(Person, ME)
        for field, value in columns(person).items():
            setattr(owner, field, value)
        session.add(owner)
        session.flush()
        number = ME
        add_parts(rows, number, told.Person("me", "", person.added_on), person)
        if person.uid is not None:
            rows.change(Uid, {"person_id": ME}, {"uid": person.uid})
    else:
        number = rows.new(Person, is_me=0, met_through=None, **columns(person))
        add_parts(rows, number, None, person)
    return number


def _belongings(session: Session, rows: Rows, person: told.Person, ids: dict[str, int]) -> None:
    """Write what refers to others, and what kin keeps of them itself."""
    number = ids[person.handle]
    if person.met_through is not None:
        rows.change(Person, {"id": number}, {"met_through": ids[person.met_through]})
    for held in person.interests:
        if held.caught_from is not None:
            (link,) = (
                connection_of(session)
                .execute(
                    "SELECT id FROM person_interest WHERE person_id = ? AND interest_id = ?",
                    (number, rows.interest(held.label)),
                )
                .fetchone()
            )
            rows.add(Caught, link_id=link, from_id=ids[held.caught_from])
    if person.rest is not None:
        rows.add(Rest, person_id=number, until=person.rest.until)
    for shown in person.shown:
        rows.add(Showing, person_id=number, day=shown.day, question=shown.question)
    for given in person.sent:
        rows.new(Sent, person_id=number, day=given.day, text=given.text)


def _talk(rows: Rows, talk: told.Talk, ids: dict[str, int]) -> int:
    number = rows.new(
        Conversation,
        day=talk.on,
        precision=talk.precision,
        text=talk.text,
        told_from=talk.told_from,
        place=talk.place,
        by=talk.by,
        noted_at=talk.noted_at,
    )
    for there in talk.people:
        rows.add(
            ConversationPerson,
            person_id=ids[there.handle],
            day=talk.on,
            conversation_id=number,
            matched=there.matched,
        )
    for topic in talk.topics:
        rows.add(ConversationTopic, interest_id=rows.interest(topic), conversation_id=number)
    return number


def _thread(rows: Rows, thread: told.Thread, ids: dict[str, int], talk: int | None) -> None:
    number = rows.new(
        Thread,
        text=thread.text,
        opened_on=thread.opened_on,
        due_on=thread.due_on,
        heard_on=thread.heard_on,
        outcome=thread.outcome,
        conversation_id=talk,
    )
    for handle in thread.people:
        rows.add(ThreadPerson, person_id=ids[handle], thread_id=number)


def _introduction(rows: Rows, each: told.Introduction, ids: dict[str, int]) -> None:
    """Write it by rising id, as the book keeps it."""
    a, b, a_said, b_said = ids[each.a], ids[each.b], each.a_said, each.b_said
    if a > b:
        a, b, a_said, b_said = b, a, b_said, a_said
    rows.add(Introduction, a_id=a, b_id=b, a_said=a_said, b_said=b_said, made_on=each.made_on)


def _word(rows: Rows, word: told.Word) -> None:
    rows.new(
        VocabularyWord,
        saying=word.saying,
        a_key=vocabulary.key(word.a),
        a_label=word.a,
        b_key=vocabulary.key(word.b),
        b_label=word.b,
        said_on=word.said_on,
    )
