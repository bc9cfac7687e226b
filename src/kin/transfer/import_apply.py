"""What an import planned is written: new people, what is new of known ones, conversations and ties.

Its one rule: a card only grows here; nothing that the book holds is changed.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from kin.book import undo_log as journal
from kin.book.bulk_insert import Rows
from kin.book.models import (
    Contact,
    Conversation,
    ConversationPerson,
    ConversationTopic,
    NameWord,
    Nickname,
    Occasion,
    Origin,
    Person,
    PersonGroup,
    PersonInterest,
    Remark,
    Thread,
    ThreadPerson,
    Tie,
)
from kin.book.session import connection_of
from kin.formats.book import Person as Card
from kin.language.person_names import name_words
from kin.language.text import format_count, joined
from kin.transfer.import_plan import Entry, Plan, Talk

Progress = Callable[[int, int], None]  # how many of how many are written


def write(
    session: Session, plan: Plan, name: str, *, now: datetime, progress: Progress
) -> list[int]:
    """Write what was planned; return the ids of the entries."""
    rows = Rows(session)
    whole = len(plan.entries) + len(plan.talks)
    ids = []
    for number, entry in enumerate(plan.entries):
        ids.append(_person(session, rows, entry))
        progress(number, whole)
    rows.write()
    _through(session, plan, ids)
    for one, other, word in plan.ties:
        rows.new(Tie, a_id=ids[one], b_id=ids[other], word=word)
    stamp = now.astimezone().isoformat(timespec="seconds")
    for number, talk in enumerate(plan.talks, len(plan.entries)):
        _talk(rows, talk, ids, stamp)
        progress(number, whole)
    rows.write()
    changed = sum(entry.before != entry.after for entry in plan.entries)
    journal.name(connection_of(session), describe_import(name, changed, len(plan.talks)))
    return ids


def _person(session: Session, rows: Rows, entry: Entry) -> int:
    """Write what is new of somebody; return their id."""
    after = entry.after
    if entry.person_id is None:
        number = rows.new(Person, is_me=0, met_through=None, **columns(after))
        add_parts(rows, number, None, after)
        return number
    if entry.before is not None and entry.before != after:
        person = session.get_one(Person, entry.person_id)
        for field, value in columns(after).items():
            setattr(person, field, value)
        session.add(person)
        add_parts(rows, entry.person_id, entry.before, after)
    return entry.person_id


def columns(card: Card) -> dict[str, str | None]:
    """Return what of a card stands in the person's own row."""
    return {
        "handle": card.handle,
        "name": card.name,
        "met_on": card.met_on,
        "met_precision": card.met_precision,
        "met_at": card.met_at,
        "met_story": card.met_story,
        "lives": card.lives,
        "circle": card.circle,
        "added_on": card.added_on,
    }


def add_parts(rows: Rows, person: int, before: Card | None, after: Card) -> None:
    """Add the rows that a card has more than it had before; somebody new had nothing."""
    if before is None:
        rows.uid(person, after.uid)
    held = before or Card(after.handle, after.name, after.added_on)
    for nickname in after.nicknames[len(held.nicknames) :]:
        rows.new(Nickname, person_id=person, nickname=nickname)
    for loved in after.interests[len(held.interests) :]:
        rows.new(
            PersonInterest,
            person_id=person,
            interest_id=rows.interest(loved.label),
            stance=loved.stance,
            note=loved.note,
        )
    for label in after.groups[len(held.groups) :]:
        rows.add(PersonGroup, person_id=person, group_id=rows.group(label))
    for label, day in after.days[len(held.days) :]:
        rows.new(Occasion, person_id=person, kind="day", label=label, on_day=day)
    for way in after.contacts[len(held.contacts) :]:
        rows.new(Contact, person_id=person, kind=way.kind, label=way.label, value=way.value)
    for remark in after.remarks[len(held.remarks) :]:
        rows.new(Remark, person_id=person, text=remark.text, source=remark.source)
    _birthday(rows, person, held, after)
    _origins(rows, person, held, after)
    words = _words(after) - (_words(before) if before else set())
    for word in sorted(words):
        rows.add(NameWord, word=word, person_id=person)


def _words(card: Card) -> set[str]:
    return {word for name in (card.handle, card.name, *card.nicknames) for word in name_words(name)}


def _birthday(rows: Rows, person: int, held: Card, after: Card) -> None:
    if after.birthday == held.birthday:
        return
    if held.birthday is not None:
        rows.change(Occasion, {"person_id": person, "kind": "birthday"}, {"on_day": after.birthday})
    else:
        rows.new(
            Occasion, person_id=person, kind="birthday", label="birthday", on_day=after.birthday
        )


def _origins(rows: Rows, person: int, held: Card, after: Card) -> None:
    """Keep new records, and those that came again otherwise in the place of what they were."""
    for number, origin in enumerate(after.origins):
        if number >= len(held.origins):
            rows.new(Origin, person_id=person, kind=origin.kind, key=origin.key, raw=origin.raw)
        elif origin != held.origins[number]:
            where = {"person_id": person, "kind": origin.kind, "key": origin.key}
            rows.change(Origin, where, {"raw": origin.raw})


def _through(session: Session, plan: Plan, ids: list[int]) -> None:
    """Write through whom somebody was met, where that is one person of the book."""
    by_handle = {
        entry.after.handle: number for entry, number in zip(plan.entries, ids, strict=True)
    }
    for entry, number in zip(plan.entries, ids, strict=True):
        through = entry.after.met_through
        if entry.before != entry.after and through in by_handle:
            person = session.exec(select(Person).where(col(Person.id) == number)).one()
            person.met_through = by_handle[through]
            session.add(person)
    session.flush()


def _talk(rows: Rows, talk: Talk, ids: list[int], stamp: str) -> None:
    told = talk.told
    number = rows.new(
        Conversation,
        day=told.on,
        precision=told.precision,
        text=told.text,
        told_from=0,
        place=told.place,
        by=told.by,
        noted_at=stamp,
    )
    there = {ids[person]: matched for person, matched in talk.people}
    for person, matched in there.items():
        rows.add(
            ConversationPerson,
            person_id=person,
            day=told.on,
            conversation_id=number,
            matched=matched,
        )
    for topic in dict.fromkeys(rows.interest(label) for label in told.topics):
        rows.add(ConversationTopic, interest_id=topic, conversation_id=number)
    for words in told.threads:
        thread = rows.new(
            Thread,
            text=words,
            opened_on=told.on,
            due_on=None,
            heard_on=None,
            outcome=None,
            conversation_id=number,
        )
        for person in there:
            rows.add(ThreadPerson, person_id=person, thread_id=thread)


def describe_import(name: str, people: int, talks: int, threads: int = 0) -> str:
    """Name the step that took a file in."""
    told = [
        format_count(number, noun)
        for number, noun in ((people, "person"), (talks, "conversation"), (threads, "thread"))
        if number
    ]
    return f"import of {name}" + (f": {joined(told)}" if told else "")
