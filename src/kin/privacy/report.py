"""All that kin holds on somebody: what they would read, were they to ask."""

import sqlite3
from datetime import date
from typing import NamedTuple

from kin.formats.from_book import OWN
from kin.notes import queries as conversations
from kin.notes.queries import Note
from kin.people import queries as people, ties
from kin.people.ties import TieTo
from kin.privacy import mentions as traces
from kin.privacy.mentions import Named
from kin.records import Hidden
from kin.suggestions import snooze as resting


class HeldThread(NamedTuple):
    """What you wanted, or want, to hear from them, and what came of it."""

    text: str
    opened_on: str
    due_on: str | None
    heard_on: str | None
    outcome: str | None


class Brought(NamedTuple):
    """Somebody whom you know through them, or who caught an interest from them."""

    handle: str
    name: str
    interest: str | None


class Offered(NamedTuple):
    """An introduction that was thought of: what each said."""

    handle: str
    name: str
    they_said: str | None
    other_said: str | None
    made_on: str | None


class Given(NamedTuple):
    """Something you sent them."""

    on: str
    text: str


class Record(NamedTuple):
    """Where they came from: the kind of file, the key they have there, and their card as it was.

    With kind `kin` it is the UID under which they go out.
    """

    kind: str
    key: str | None
    card: str | None


class Mirror(NamedTuple):
    """All that the book holds on one person.

    `remarks` are words on them that are no conversation; `records` what they were imported or synced from.
    `named_in` are conversations that name them without being linked to them, `named_elsewhere` all other text
    that does: what `kin forget` changes, and what it leaves. `shown_on` are the days on which kin suggested a hello;
    `added_on` is when they came into the book.
    """

    person: people.Person
    added_on: str
    days: tuple[tuple[str, str], ...]
    remarks: tuple[people.Remark, ...]
    records: tuple[Record, ...]
    talks: tuple[Note, ...]
    named_in: tuple[Note, ...]
    named_elsewhere: tuple[Named, ...]
    threads: tuple[HeldThread, ...]
    ties: tuple[TieTo, ...]
    through_them: tuple[Brought, ...]
    introductions: tuple[Offered, ...]
    sent: tuple[Given, ...]
    rests: bool
    rests_until: str | None
    shown_on: tuple[str, ...]
    owner: Hidden[str] = ""


def mirror(db: sqlite3.Connection, who: str, today: date) -> Mirror:
    """Tell all that the book holds on somebody."""
    found = people.find(db, who)
    card = people.card(db, found.id, today.isoformat())
    named = _named(db, found.id)
    rest = resting.of(db, found.id, today.isoformat())
    (added_on,) = db.execute("SELECT added_on FROM person WHERE id = ?", (found.id,)).fetchone()
    return Mirror(
        person=card,
        added_on=added_on,
        days=card.days,
        remarks=card.remarks,
        records=_records(db, found.id),
        talks=conversations.talks(db, conversations.Filter((found.id,))),
        named_in=conversations.told(db, named[0]),
        named_elsewhere=named[1],
        threads=_threads(db, found.id),
        ties=ties.of(db, found.id),
        through_them=_through(db, found.id),
        introductions=_introductions(db, found.id),
        sent=tuple(
            Given(*row)
            for row in db.execute(
                "SELECT day, text FROM sent WHERE person_id = ? ORDER BY id", (found.id,)
            )
        ),
        rests=rest is not None,
        rests_until=rest.until if rest else None,
        shown_on=tuple(
            row[0]
            for row in db.execute(
                "SELECT day FROM showing WHERE person_id = ? ORDER BY day", (found.id,)
            )
        ),
        owner=db.execute("SELECT name FROM person WHERE is_me = 1").fetchone()[0],
    )


def _named(db: sqlite3.Connection, person_id: int) -> tuple[list[int], tuple[Named, ...]]:
    """Find what names them and is shown nowhere else: conversations, and all other text."""
    names = traces.of(db, person_id)
    changes = traces.elsewhere(db, person_id, names)
    talks = {each.talk for each in changes if each.talk is not None}
    named = [Named(each.where, each.of, each.text) for each in changes if each.talk is None]
    return sorted(talks), (*named, *traces.stays(db, person_id, names.names))


def _records(db: sqlite3.Connection, person_id: int) -> tuple[Record, ...]:
    rows = db.execute(
        "SELECT kind, key, raw FROM origin WHERE person_id = ?1 UNION ALL "
        "SELECT folder, file, base FROM synced WHERE person_id = ?1 UNION ALL "
        "SELECT ?2, uid, NULL FROM uid WHERE person_id = ?1",
        (person_id, OWN),
    )
    return tuple(
        Record(kind, key, None if raw is None else raw.decode(errors="backslashreplace"))
        for kind, key, raw in rows
    )


def _threads(db: sqlite3.Connection, person_id: int) -> tuple[HeldThread, ...]:
    rows = db.execute(
        "SELECT t.text, t.opened_on, t.due_on, t.heard_on, t.outcome FROM thread_person tp "
        "JOIN thread t ON t.id = tp.thread_id WHERE tp.person_id = ? ORDER BY t.opened_on, t.id",
        (person_id,),
    )
    return tuple(HeldThread(*row) for row in rows)


def _through(db: sqlite3.Connection, person_id: int) -> tuple[Brought, ...]:
    rows = db.execute(
        "SELECT handle, name, NULL FROM person WHERE met_through = ?1 UNION ALL "
        "SELECT p.handle, p.name, i.label FROM caught c JOIN person_interest pi ON pi.id = c.link_id "
        "JOIN person p ON p.id = pi.person_id JOIN interest i ON i.id = pi.interest_id WHERE c.from_id = ?1",
        (person_id,),
    )
    return tuple(Brought(*row) for row in rows)


def _introductions(db: sqlite3.Connection, person_id: int) -> tuple[Offered, ...]:
    rows = db.execute(
        "SELECT p.handle, p.name, i.a_said, i.b_said, i.made_on FROM introduction i JOIN person p ON p.id = i.b_id "
        "WHERE i.a_id = ?1 UNION ALL "
        "SELECT p.handle, p.name, i.b_said, i.a_said, i.made_on FROM introduction i JOIN person p ON p.id = i.a_id "
        "WHERE i.b_id = ?1",
        (person_id,),
    )
    return tuple(Offered(*row) for row in rows)
