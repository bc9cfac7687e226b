"""What would go with a person, and what would be taken out of other text: shown before it is done."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from kin.book.nearby_files import OtherFile
from kin.constants import ME
from kin.errors import KinError, UsageError
from kin.language.text import command_line
from kin.people import queries as people
from kin.people.queries import Found
from kin.privacy import known_cards, mentions as traces
from kin.privacy.mentions import Change, Named, Who
from kin.privacy.redaction import redacted
from kin.records import Hidden
from kin.transfer.sync import card_fields as phone_card

NOTES = ("keep", "redact", "delete")  # what becomes of notes that are shared with others


class OnCard(NamedTuple):
    """Somebody whose card in a synced folder names another."""

    handle: str
    name: str
    folder: str


Row = tuple[object, ...]


class Reach(NamedTuple):
    """How far a person reaches in the book.

    `talks_alone` were with nobody else, `talks_shared` with others too; `threads` are theirs alone, or were
    opened by a conversation that goes; `elsewhere` is other text that loses their name. What kin leaves alone:
    `stays` are places that name them, `still_named` the people among these, `synced_in` folders with a card of
    theirs, `on_cards` cards of others in synced folders that name them, `other_backups` those of a book that is
    not there, `other_files` copies of the book near it. `id` and `rows`, which go, are what the person was asked about.
    """

    handle: str
    name: str
    talks_alone: int
    talks_shared: int
    threads: int
    interests: int
    ties: int
    days: int
    ways: int
    elsewhere: tuple[Change, ...]
    stays: tuple[Named, ...]
    still_named: tuple[Who, ...]
    synced_in: tuple[str, ...]
    on_cards: tuple[OnCard, ...]
    other_backups: tuple[str, ...]
    other_files: tuple[OtherFile, ...]
    id: Hidden[int]
    rows: Hidden[frozenset[Row]]


class ChangedMeanwhileError(KinError):
    """What was shown before the question is not what is in the book now."""


# Threads with somebody, you aside, alone.
_THREADS = (
    "SELECT mine.thread_id FROM thread_person mine WHERE mine.person_id = ? AND NOT EXISTS "
    f"(SELECT 1 FROM thread_person other WHERE other.thread_id = mine.thread_id AND {traces.OTHERS})"
)


def reach(db: sqlite3.Connection, who: str, notes: str = "redact") -> Reach:
    """Return what the book has of a person; raise UsageError for the owner."""
    return of_person(db, people.find(db, who), notes)


def shown_still(db: sqlite3.Connection, shown: Reach, notes: str, *, asked: bool) -> Reach:
    """Return how far a person reaches now, where it is the one that was shown.

    Raises ChangedMeanwhileError if another command renamed or removed that person and, if the owner was `asked`, if
    more would go than was shown.
    """
    row = db.execute("SELECT id, handle, name FROM person WHERE id = ?", (shown.id,)).fetchone()
    if row is None or (row[1], row[2]) != (shown.handle, shown.name):
        raise ChangedMeanwhileError(
            f"{shown.name} ({shown.handle}) was renamed or removed by another command. Nothing was forgotten.",
            f"Try again: {command_line('kin forget', row[1])}" if row else "See: kin people",
        )
    now = of_person(db, Found(*row), notes)
    more = now.rows - shown.rows or {*now.elsewhere} - {*shown.elsewhere}
    if asked and more:
        raise ChangedMeanwhileError(
            f"The book has more about {shown.name} than you were shown. Nothing was forgotten.",
            f"Try again: {command_line('kin forget', now.handle)}",
        )
    return now


def of_person(db: sqlite3.Connection, found: Found, notes: str) -> Reach:
    """Return what the book has of this person; raise UsageError for the owner."""
    if found.id == ME:
        raise UsageError("You cannot be forgotten by your own book.", "Delete the file instead.")
    names = traces.of(db, found.id)
    shared = [bool(with_others) for _, with_others in traces.talks(db, found.id)]
    stays = traces.stays(db, found.id, names.names)
    rows = frozenset(_rows(db, found.id, notes))
    counts = {table: sum(row[0] == table for row in rows) for table in ("thread", *_ROWS)}
    return Reach(
        found.handle,
        found.name,
        talks_alone=shared.count(False),
        talks_shared=shared.count(True),
        threads=counts["thread"],
        interests=counts["person_interest"],
        ties=counts["tie"],
        days=counts["occasion"],
        ways=counts["contact"],
        elsewhere=()
        if notes == "keep"
        else traces.elsewhere(db, found.id, names, with_shared=notes == "redact"),
        stays=stays,
        still_named=_still_named(stays, people.owner(db).handle),
        synced_in=known_cards.folders(db, found.id),
        on_cards=tuple(_on_cards(db, found.id, names)),
        other_backups=(),
        other_files=(),
        id=found.id,
        rows=rows,
    )


# What goes with a person: enough of each row to see that it is the one that was shown.
_ROWS = {
    "person_interest": "SELECT id, interest_id, stance, note FROM person_interest WHERE person_id = ?",
    "tie": "SELECT id, a_id, b_id, word FROM tie WHERE a_id = ?1 OR b_id = ?1",
    "occasion": "SELECT id, label, on_day FROM occasion WHERE person_id = ?",
    "contact": "SELECT id, kind, label, value FROM contact WHERE person_id = ?",
    "nickname": "SELECT id, nickname FROM nickname WHERE person_id = ?",
    "remark": "SELECT id, text FROM remark WHERE person_id = ?",
    "sent": "SELECT id, day, text FROM sent WHERE person_id = ?",
    "introduction": "SELECT a_id, b_id FROM introduction WHERE a_id = ?1 OR b_id = ?1",
    "person_group": "SELECT group_id FROM person_group WHERE person_id = ?",
    "person": "SELECT lives, met_at, met_story FROM person WHERE id = ?",
    "origin": "SELECT id, key FROM origin WHERE person_id = ?",
    "synced": "SELECT folder, file FROM synced WHERE person_id = ?",
    "talk": "SELECT c.id, c.text FROM conversation_person p JOIN conversation c ON c.id = p.conversation_id WHERE p.person_id = ?",
}


def _rows(db: sqlite3.Connection, person: int, notes: str) -> Iterator[Row]:
    """Yield the rows that go, or that lose the name, each with its table."""
    for table, sql in _ROWS.items():
        yield from ((table, *row) for row in db.execute(sql, (person,)))
    for talk in gone(db, person, notes):
        yield "conversation", talk
    for thread in threads(db, person, notes):
        row = db.execute("SELECT text, outcome FROM thread WHERE id = ?", (thread,)).fetchone()
        yield "thread", thread, *row


def _still_named(stays: tuple[Named, ...], owner: str) -> tuple[Who, ...]:
    """Return the people, without the owner, whose own name or handle names the person."""
    named = (each.of[0] for each in stays if each.where in ("name", "handle"))
    return tuple(dict.fromkeys(who for who in named if who.handle != owner))


def _on_cards(db: sqlite3.Connection, person: int, names: traces.Traces) -> Iterator[OnCard]:
    def instead(words: str, label: bool = False) -> str:
        return redacted(words, names.anywhere, label=label)

    rows = db.execute(
        "SELECT p.handle, p.name, s.folder, s.base, s.uid FROM synced s JOIN person p ON p.id = s.person_id "
        "WHERE s.person_id <> ? AND s.digest <> '' ORDER BY s.folder, p.name",
        (person,),
    )
    for handle, name, folder, base, uid in rows.fetchall():
        if phone_card.redacted(base, uid, instead) != base:
            yield OnCard(handle, name, folder)


def gone(db: sqlite3.Connection, person_id: int, notes: str) -> list[int]:
    """Return the conversations that go: those with nobody else, and with `delete` all."""
    return [talk for talk, others in traces.talks(db, person_id) if not others or notes == "delete"]


def threads(db: sqlite3.Connection, person_id: int, notes: str) -> list[int]:
    """Return the threads that go: with somebody alone, or opened by a conversation that goes."""
    found = {row[0] for row in db.execute(_THREADS, (person_id,))}
    for talk in gone(db, person_id, notes):
        opened = db.execute("SELECT id FROM thread WHERE conversation_id = ?", (talk,))
        found |= {row[0] for row in opened}
    return sorted(found)
