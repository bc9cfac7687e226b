"""The whole book as plain values, in the order in which it was written down: for export only."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kin.book import forgotten
from kin.constants import ME
from kin.formats import book as out
from kin.formats.card import Way

BEGINNING = 4096  # bytes of a record: on a card, the name is in them


def whole(db: sqlite3.Connection) -> out.Book:
    """Return everything that its owner told kin. Reads each table once."""
    handles: dict[int, str] = dict(db.execute("SELECT id, handle FROM person").fetchall())
    talks = db.execute(
        "SELECT id, day, text, noted_at, precision, told_from, place, by FROM conversation ORDER BY id"
    ).fetchall()
    place_of = {row[0]: number for number, row in enumerate(talks)}
    return out.Book(
        people=tuple(person for _, person in people(db)),
        talks=tuple(_talks(db, talks, handles)),
        threads=tuple(_threads(db, handles, place_of)),
        ties=tuple(
            out.Tie(handles[a], handles[b], word)
            for a, b, word in db.execute("SELECT a_id, b_id, word FROM tie ORDER BY id")
        ),
        introductions=tuple(
            out.Introduction(handles[a], handles[b], *said)
            for a, b, *said in db.execute(
                "SELECT a_id, b_id, a_said, b_said, made_on FROM introduction ORDER BY a_id, b_id"
            )
        ),
        vocabulary=tuple(
            out.Word(*row)
            for row in db.execute(
                "SELECT saying, a_label, b_label, said_on FROM vocabulary_word ORDER BY id"
            )
        ),
        forgotten=forgotten.marks(db),
    )


def only(db: sqlite3.Connection, book: out.Book, who: Iterable[str]) -> out.Book:
    """Return a book of these people: with you, their conversations, threads and ties to each other."""
    from kin.people.queries import find

    wanted = {find(db, each).handle for each in who}
    mine = {person.handle for person in book.people if person.me}
    kept = wanted | mine
    talks = [
        (number, replace(talk, people=there))
        for number, talk in enumerate(book.talks)
        if wanted & {each.handle for each in talk.people}
        for there in [tuple(each for each in talk.people if each.handle in kept)]
    ]
    place_of = {number: place for place, (number, _) in enumerate(talks)}
    return out.Book(
        people=tuple(_alone(person, kept) for person in book.people if person.handle in kept),
        talks=tuple(talk for _, talk in talks),
        threads=tuple(
            replace(
                thread,
                people=tuple(each for each in thread.people if each in kept),
                talk=place_of.get(thread.talk) if thread.talk is not None else None,
            )
            for thread in book.threads
            if wanted & set(thread.people)
        ),
        ties=tuple(tie for tie in book.ties if {tie.a, tie.b} <= kept),
        introductions=tuple(each for each in book.introductions if {each.a, each.b} <= kept),
        vocabulary=book.vocabulary,
    )


def _alone(person: out.Person, kept: set[str]) -> out.Person:
    """Return a person without what refers to people who are not there."""
    return replace(
        person,
        met_through=person.met_through if person.met_through in kept else None,
        interests=tuple(
            each if each.caught_from in kept else replace(each, caught_from=None)
            for each in person.interests
        ),
    )


def people(
    db: sqlite3.Connection, *, whole_records: bool = True
) -> Iterable[tuple[int, out.Person]]:
    """Yield everybody with their row's number.

    Without `whole_records` only the beginning of each record they came with is read: the rest may be a photo.
    """
    handles: dict[int, str] = dict(db.execute("SELECT id, handle FROM person").fetchall())
    nicknames = _many(db, "SELECT person_id, nickname FROM nickname ORDER BY id")
    held = _many(
        db,
        "SELECT pi.person_id, i.label, pi.stance, pi.note, c.from_id FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id LEFT JOIN caught c ON c.link_id = pi.id ORDER BY pi.id",
    )
    groups = _many(
        db,
        "SELECT pg.person_id, g.label FROM person_group pg JOIN people_group g ON g.id = pg.group_id ORDER BY g.key",
    )
    days = _many(db, "SELECT person_id, kind, label, on_day FROM occasion ORDER BY id")
    ways = _many(db, "SELECT person_id, kind, value, label FROM contact ORDER BY id")
    remarks = _many(db, "SELECT person_id, text, source FROM remark ORDER BY id")
    raw = "raw" if whole_records else f"substr(raw, 1, {BEGINNING})"
    origins = _many(db, f"SELECT person_id, kind, key, {raw} FROM origin ORDER BY id")
    uids = dict(db.execute("SELECT person_id, uid FROM uid").fetchall())
    rests = dict(db.execute("SELECT person_id, until FROM rest").fetchall())
    shown = _many(db, "SELECT person_id, day, question FROM showing ORDER BY person_id, day")
    sent = _many(db, "SELECT person_id, day, text FROM sent ORDER BY id")
    for id, handle, name, added, on, precision, at, story, through, lives, circle in db.execute(
        "SELECT id, handle, name, added_on, met_on, met_precision, met_at, met_story, met_through, lives, circle "
        "FROM person ORDER BY id"
    ).fetchall():
        marked = days.get(id, ())
        yield (
            id,
            out.Person(
                handle=handle,
                name=name,
                added_on=added,
                me=id == ME,
                nicknames=tuple(each for (each,) in nicknames.get(id, ())),
                interests=tuple(
                    out.Held(label, stance, note, handles.get(giver))
                    for label, stance, note, giver in held.get(id, ())
                ),
                met_on=on,
                met_precision=precision,
                met_at=at,
                met_story=story,
                met_through=handles.get(through),
                lives=lives,
                circle=circle,
                groups=tuple(each for (each,) in groups.get(id, ())),
                birthday=next((day for kind, _, day in marked if kind == "birthday"), None),
                days=tuple((label, day) for kind, label, day in marked if kind != "birthday"),
                contacts=tuple(Way(*each) for each in ways.get(id, ())),
                remarks=tuple(out.Remark(*each) for each in remarks.get(id, ())),
                origins=tuple(out.Origin(*each) for each in origins.get(id, ())),
                rest=out.Rest(rests[id]) if id in rests else None,
                shown=tuple(out.Shown(*each) for each in shown.get(id, ())),
                sent=tuple(out.Given(*each) for each in sent.get(id, ())),
                uid=uids.get(id),
            ),
        )


def _talks(
    db: sqlite3.Connection, rows: list[tuple[Any, ...]], handles: dict[int, str]
) -> Iterable[out.Talk]:
    there = _many(
        db,
        "SELECT conversation_id, person_id, matched FROM conversation_person ORDER BY conversation_id, person_id",
    )
    topics = _many(
        db,
        "SELECT ct.conversation_id, i.label FROM conversation_topic ct JOIN interest i ON i.id = ct.interest_id "
        "ORDER BY ct.conversation_id, i.key",
    )
    for id, day, text, noted_at, precision, told_from, place, by in rows:
        yield out.Talk(
            day,
            text,
            noted_at,
            precision,
            told_from,
            place,
            by,
            people=tuple(
                out.There(handles[person], matched) for person, matched in there.get(id, ())
            ),
            topics=tuple(label for (label,) in topics.get(id, ())),
        )


def _threads(
    db: sqlite3.Connection, handles: dict[int, str], place_of: dict[int, int]
) -> Iterable[out.Thread]:
    asked = _many(
        db, "SELECT thread_id, person_id FROM thread_person ORDER BY thread_id, person_id"
    )
    for id, talk, words, opened, due, heard, outcome in db.execute(
        "SELECT id, conversation_id, text, opened_on, due_on, heard_on, outcome FROM thread ORDER BY id"
    ).fetchall():
        there = tuple(handles[person] for (person,) in asked.get(id, ()))
        place = place_of[talk] if talk is not None else None
        yield out.Thread(words, opened, due, heard, outcome, there, place)


def _many(db: sqlite3.Connection, sql: str) -> dict[int, list[Any]]:
    collected: dict[int, list[Any]] = {}
    for owner, *values in db.execute(sql):
        collected.setdefault(owner, []).append(values)
    return collected
