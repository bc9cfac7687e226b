"""Who is in the book: adding somebody, and writing their card anew.

A card is the one way in: add, edit by flags and edit in the editor all end in `_write`.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlmodel import Session, SQLModel, col, select

from kin.book import undo_log as journal
from kin.book.models import (
    Contact,
    Group,
    NameWord,
    Nickname,
    Occasion,
    Person,
    PersonGroup,
    PersonInterest,
    Remark,
    Uid,
)
from kin.book.session import connection_of
from kin.constants import CIRCLES, LONGEST_CONTACT, LONGEST_NAME
from kin.errors import UsageError
from kin.formats.card import Card, Way
from kin.interests import service as interests
from kin.language import text, validation as checks
from kin.language.person_names import name_words
from kin.language.uid import new_uid
from kin.people import queries as people
from kin.vocabulary import catalog as vocabulary


def add(session: Session, card: Card, *, today: date, anyway: bool = False) -> int:
    """Remember somebody new and return their id; a name that exists is refused unless `anyway`."""
    card = replace(card, name=checks.line(card.name, "name", LONGEST_NAME))
    if not anyway:
        people.refuse_double(connection_of(session), card.name)
    handle = _own_handle(session, card.handle) if card.handle else _free_handle(session, card.name)
    person = Person(handle=handle, name=card.name, added_on=today.isoformat())
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(Uid(person_id=person.id, uid=new_uid()))
    _write(session, person, replace(card, handle=handle))
    return person.id


def edit(session: Session, person_id: int, card: Card) -> None:
    """Write somebody's card anew: what the card does not say is forgotten."""
    person = session.get_one(Person, person_id)
    name = checks.line(card.name, "name", LONGEST_NAME)
    if person.is_me:
        handle = person.handle
    elif card.handle and card.handle != person.handle:
        handle = _own_handle(session, card.handle)
    else:
        handle = person.handle
    _write(session, person, replace(card, name=name, handle=handle))
    journal.name(connection_of(session), describe_card_change(None if person.is_me else name))


def reindex(db: sqlite3.Connection, person_id: int) -> None:
    """Write anew by which words somebody is found, after rows of names were moved."""
    names = db.execute(
        "SELECT handle FROM person WHERE id = ?1 UNION ALL SELECT name FROM person WHERE id = ?1 "
        "UNION ALL SELECT nickname FROM nickname WHERE person_id = ?1",
        (person_id,),
    ).fetchall()
    words = {word for (name,) in names for word in name_words(name)}
    db.executemany(
        "INSERT OR IGNORE INTO name_word (word, person_id) VALUES (?, ?)",
        [(word, person_id) for word in sorted(words)],
    )


def _taken(session: Session, handle: str) -> bool:
    taken = connection_of(session).execute("SELECT 1 FROM person WHERE handle = ?", (handle,))
    return taken.fetchone() is not None


def _free_handle(session: Session, name: str) -> str:
    return next(option for option in text.handle_options(name) if not _taken(session, option))


def _own_handle(session: Session, wanted: str) -> str:
    if not text.is_handle(wanted):
        raise UsageError(
            f"“{wanted}” cannot be a handle.",
            f"A handle is one word of lower-case letters, digits and dashes: {text.slug(wanted) or 'maya-o'}",
        )
    if _taken(session, wanted):
        raise UsageError(f"The handle {wanted} is taken.", "Choose another; nothing was written.")
    return wanted


def _write(session: Session, person: Person, card: Card) -> None:
    assert person.id is not None and card.handle is not None
    person.handle, person.name = card.handle, card.name
    person.met_on, person.met_precision = card.met_on, card.met_precision
    person.met_at = _optional(card.met_at, "place")
    person.met_story = _story(card.met_story)
    person.met_through = _through(session, person, card.met_through)
    person.lives = _optional(card.lives, "town")
    person.circle = _circle(card.circle)
    session.add(person)
    session.flush()
    _nicknames(session, person.id, card.nicknames)
    _interests(session, person.id, card)
    _groups(session, person.id, card.groups)
    _occasions(session, person.id, card)
    _contacts(session, person.id, card.contacts)
    _remarks(session, person.id, card.remarks)
    _index_names(session, person.id, (card.handle, card.name, *card.nicknames))


def _optional(words: str | None, what: str) -> str | None:
    return checks.line(words, what) if words is not None else None


def _story(words: str | None) -> str | None:
    if words is not None and not words.strip():
        raise UsageError("The story is empty.", "--not-met takes one away; nothing was written.")
    return checks.storable(words, "story") if words is not None else None


def _circle(word: str | None) -> str | None:
    if word is not None and word not in CIRCLES:
        raise UsageError(f"“{word}” is no circle.", f"One of: {', '.join(CIRCLES)}")
    return word


def _through(session: Session, person: Person, who: str | None) -> int | None:
    if who is None:
        return None
    found = people.find(connection_of(session), who)
    if found.id == person.id:
        raise UsageError(f"{found.name} cannot be met through themselves.")
    return found.id


def _nicknames(session: Session, person_id: int, wanted: Iterable[str]) -> None:
    rows = (
        Nickname(person_id=person_id, nickname=checks.line(each, "nickname"))
        for each in _distinct(wanted)
    )
    _replace(session, Nickname, person_id, rows)


def _interests(session: Session, person_id: int, card: Card) -> None:
    """Keep the rows of interests that stay, so that what hangs on them stays too."""
    wanted = {vocabulary.key(each.label): (each, "into") for each in card.into}
    wanted |= {vocabulary.key(each.label): (each, "collides") for each in card.collides}
    held = session.exec(
        select(PersonInterest).where(col(PersonInterest.person_id) == person_id)
    ).all()
    by_id = {row.interest_id: row for row in held}
    kept = set()
    for loved, stance in wanted.values():
        interest = interests.resolve(session, loved.label)
        assert interest.id is not None
        row = by_id.get(interest.id) or PersonInterest(person_id=person_id, interest_id=interest.id)
        row.stance = stance
        row.note = checks.storable(loved.note, "interest") if loved.note else None
        session.add(row)
        kept.add(interest.id)
    for row in held:
        if row.interest_id not in kept:
            session.delete(row)
    session.flush()


def _groups(session: Session, person_id: int, wanted: Iterable[str]) -> None:
    ids = []
    for label in _distinct(wanted):
        label = checks.line(label, "group")
        key = vocabulary.group_key(label)
        group = session.exec(select(Group).where(col(Group.key) == key)).first() or Group(
            key=key, label=label
        )
        session.add(group)
        session.flush()
        assert group.id is not None
        ids.append(group.id)
    _replace(
        session,
        PersonGroup,
        person_id,
        (PersonGroup(person_id=person_id, group_id=each) for each in dict.fromkeys(ids)),
    )


def _occasions(session: Session, person_id: int, card: Card) -> None:
    labels = [label for label, _ in card.days]
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise UsageError(f"The day “{twice}” stands twice on the card.", "Give one another name.")
    rows = [
        Occasion(person_id=person_id, kind="day", label=checks.line(label, "day"), on_day=day)
        for label, day in card.days
    ]
    if card.birthday:
        rows.append(
            Occasion(person_id=person_id, kind="birthday", label="birthday", on_day=card.birthday)
        )
    _replace(session, Occasion, person_id, rows)


def _contacts(session: Session, person_id: int, wanted: Iterable[Way]) -> None:
    distinct = {
        (way.kind, checks.line(way.value, way.kind, LONGEST_CONTACT)): way.label for way in wanted
    }
    rows = [
        Contact(person_id=person_id, kind=kind, label=label, value=value)
        for (kind, value), label in distinct.items()
    ]
    _replace(session, Contact, person_id, rows)


def _remarks(session: Session, person_id: int, wanted: Iterable[str]) -> None:
    """Keep where words came from that stay, or that are said anew: a card's note goes back to the card."""
    left = dict.fromkeys(checks.storable(each, "remark") for each in wanted if each.strip())
    gone = []
    for row in session.exec(select(Remark).where(col(Remark.person_id) == person_id)).all():
        if row.text in left:
            del left[row.text]
        else:
            gone.append(row)
    new = list(left)
    for row, words in zip(gone, new, strict=False):
        row.text = words
        session.add(row)
    for row in gone[len(new) :]:
        session.delete(row)
    session.add_all(Remark(person_id=person_id, text=each) for each in new[len(gone) :])
    session.flush()


def _index_names(session: Session, person_id: int, called: Iterable[str]) -> None:
    words = {word for name in called for word in name_words(name)}
    _replace(
        session,
        NameWord,
        person_id,
        (NameWord(word=word, person_id=person_id) for word in sorted(words)),
    )


def _replace(
    session: Session, table: type[SQLModel], person_id: int, rows: Iterable[SQLModel]
) -> None:
    """Set a person's rows in one table to these."""
    wanted = list(rows)
    any_held = f"SELECT 1 FROM {table.__tablename__} WHERE person_id = ? LIMIT 1"
    if connection_of(session).execute(any_held, (person_id,)).fetchone():
        held = session.exec(select(table).where(col(table.person_id) == person_id)).all()  # type: ignore[attr-defined]
        if sorted(map(_told, held)) == sorted(map(_told, wanted)):
            return
        for row in held:
            session.delete(row)
        session.flush()
    session.add_all(wanted)
    session.flush()


def _told(row: SQLModel) -> list[str]:
    return sorted(
        map(repr, row.model_dump(exclude={"id"}).items())
    )  # a loaded row has them in no order


def _distinct(words: Iterable[str]) -> Iterable[str]:
    return {text.fold(word) or word: word for word in words}.values()


def describe_card_change(name: str | None) -> str:
    """Name the step that changed somebody's card, or without a name your own."""
    return f"card of {name}" if name else "your own card"
