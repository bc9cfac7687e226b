"""Conversations: keeping a note byte for byte, with links to people, topics and threads beside it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from kin.book import undo_log as journal
from kin.book.models import (
    Conversation,
    ConversationPerson,
    ConversationTopic,
    Person,
    Thread,
    ThreadPerson,
)
from kin.book.session import connection_of
from kin.config import DateOrder
from kin.interests import service as interests
from kin.language import validation as checks
from kin.language.dates import format_date
from kin.language.text import get_first_name, joined
from kin.notes import parser as reading, queries as conversations, questions_service as threads
from kin.notes.parser import Beside
from kin.notes.queries import Mentioned, Note


def note(
    session: Session,
    prose: str,
    said: Beside,
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> Note:
    """Read a note's prose, keep it, and return what was understood."""
    checks.storable(prose, "note")
    return keep(
        session,
        reading.read(connection_of(session), prose, said, now=now, date_order=date_order),
        now,
    )


def keep(session: Session, told: Note, now: datetime) -> Note:
    """Keep a note that has been read."""
    kept = Conversation(
        day=told.on,
        precision=told.precision,
        text=told.text,
        told_from=told.told_from,
        place=checks.line(told.place, "place") if told.place else None,
        by=told.by,
        noted_at=now.astimezone().isoformat(timespec="seconds"),
    )
    session.add(kept)
    session.flush()
    _link(session, kept, told, now.date())
    _name(session, told)
    return told


def amend(
    session: Session, said: Beside, *, now: datetime, date_order: DateOrder | None = None
) -> Note:
    """Add people, topics, threads, a place or a way to the last note; its text stays as it is."""
    db = connection_of(session)
    kept = session.get_one(Conversation, conversations.newest(db))
    words = kept.text[kept.told_from :] or kept.text
    heard = reading.read(
        db, words, said._replace(on=said.on or kept.day), now=now, date_order=date_order
    )
    if said.on:
        kept.day, kept.precision = heard.on, heard.precision
    kept.place = checks.line(said.place, "place") if said.place else kept.place
    kept.by = said.by or kept.by
    session.add(kept)
    session.flush()
    session.expire_all()
    assert kept.id is not None
    (before,) = conversations.told(connection_of(session), [kept.id])
    there = {each.handle for each in before.people}
    new = heard._replace(
        people=tuple(each for each in heard.people if each.handle not in there),
        threads=tuple(each for each in heard.threads if each not in before.threads),
    )
    _link(session, kept, new, now.date())
    (after,) = conversations.told(connection_of(session), [kept.id])
    _name(session, after, amended=True)
    return after._replace(unsure=heard.unsure)


def _name(session: Session, told: Note, amended: bool = False) -> None:
    names, day = [each.name for each in told.people], format_date(date.fromisoformat(told.on))
    journal.name(connection_of(session), _describe_note(names, day, amended))


def _link(session: Session, kept: Conversation, told: Note, today: date) -> None:
    """Link a conversation to the people, topics and threads of a reading that it lacks."""
    assert kept.id is not None
    new = [_there(session, kept, each) for each in told.people]
    session.add_all(new)
    touched = select(ConversationTopic.interest_id).where(
        col(ConversationTopic.conversation_id) == kept.id
    )
    topics = {interests.resolve(session, label).id or 0 for label in told.topics}
    session.add_all(
        ConversationTopic(interest_id=topic, conversation_id=kept.id)
        for topic in sorted(topics - set(session.exec(touched).all()))
    )
    held = session.exec(select(Thread.id).where(col(Thread.conversation_id) == kept.id)).all()
    session.add_all(
        ThreadPerson(person_id=each.person_id, thread_id=thread)
        for thread in held
        for each in new
        if thread
    )
    session.flush()
    everyone = select(ConversationPerson.person_id).where(
        col(ConversationPerson.conversation_id) == kept.id
    )
    there = session.exec(everyone).all()
    for words in told.threads:
        threads.open_one(
            session, words, there, min(kept.day, today.isoformat()), conversation_id=kept.id
        )


def _there(session: Session, kept: Conversation, each: Mentioned) -> ConversationPerson:
    person_id = session.exec(select(Person.id).where(col(Person.handle) == each.handle)).one()
    assert kept.id is not None and person_id is not None
    return ConversationPerson(
        person_id=person_id, day=kept.day, conversation_id=kept.id, matched=each.matched
    )


def _describe_note(names: Sequence[str], day: str, amended: bool = False) -> str:
    """Name the step that kept a conversation: note with Maya, 17 Nov."""
    what = "addition to the note" if amended else "note"
    whom = f" with {joined([get_first_name(name) for name in names])}" if names else ""
    return f"{what}{whom}, {day}"
