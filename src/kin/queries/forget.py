"""What would go with somebody: counts only, to be shown before it is done."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from kin.errors import UsageError
from kin.queries import people, phone_card, traces
from kin.queries.kinship import ME
from kin.queries.traces import Who
from kin.redaction import redacted
from kin.surroundings import OtherFile

# In the table `meta`: a person was taken out of the book, but the file and its backups are still to be cleaned.
UNFINISHED = "unfinished erasure"
NOTES = ("keep", "redact", "delete")  # what becomes of notes that are shared with others


class OnCard(NamedTuple):
    """Somebody whose card in a synced folder names another."""

    handle: str
    name: str
    folder: str


class Reach(NamedTuple):
    """How far somebody reaches in the book.

    `talks_alone` were with nobody else, `talks_shared` with others too; `threads` are theirs alone, or were
    opened by a conversation that goes; `elsewhere` are other words that lose their name. What kin leaves alone:
    `still_named` are people whose own name or handle holds theirs, `synced_in` folders with a card of theirs,
    `on_cards` cards of others in synced folders that name them, `other_backups` those of a book that is not there,
    `other_files` copies of the book near it.
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
    elsewhere: int
    still_named: tuple[Who, ...]
    synced_in: tuple[str, ...]
    on_cards: tuple[OnCard, ...]
    other_backups: tuple[str, ...]
    other_files: tuple[OtherFile, ...]


# Threads with somebody, you aside, alone.
_THREADS = (
    "SELECT mine.thread_id FROM thread_person mine WHERE mine.person_id = ? AND NOT EXISTS "
    f"(SELECT 1 FROM thread_person other WHERE other.thread_id = mine.thread_id AND {traces.OTHERS})"
)


def reach(db: sqlite3.Connection, who: str, notes: str = "redact") -> Reach:
    """Count what the book has of somebody; raise UsageError for yourself."""
    found = people.find(db, who)
    if found.id == ME:
        raise UsageError("You cannot be forgotten by your own book.", "Delete the file instead.")
    names = traces.of(db, found.id)
    shared = [bool(with_others) for _, with_others in traces.talks(db, found.id)]
    counts = {
        "threads": len(threads(db, found.id, notes)),
        "interests": _count(
            db, "SELECT count(*) FROM person_interest WHERE person_id = ?", found.id
        ),
        "ties": _count(db, "SELECT count(*) FROM tie WHERE a_id = ?1 OR b_id = ?1", found.id),
        "days": _count(db, "SELECT count(*) FROM occasion WHERE person_id = ?", found.id),
        "ways": _count(db, "SELECT count(*) FROM contact WHERE person_id = ?", found.id),
    }
    folders = db.execute(
        "SELECT DISTINCT folder FROM synced WHERE person_id = ? AND digest <> '' ORDER BY folder",
        (found.id,),
    )
    return Reach(
        found.handle,
        found.name,
        shared.count(False),
        shared.count(True),
        **counts,
        elsewhere=0 if notes == "keep" else _elsewhere(db, found.id, names),
        still_named=traces.still_named(db, found.id),
        synced_in=tuple(folder for (folder,) in folders),
        on_cards=tuple(_on_cards(db, found.id, names)),
        other_backups=(),
        other_files=(),
    )


def _elsewhere(db: sqlite3.Connection, person: int, names: traces.Traces) -> int:
    """Count the words that name somebody and stand in nothing of theirs."""
    return sum(person not in traces.whose(db, each) for each in traces.found(db, names))


def _on_cards(db: sqlite3.Connection, person: int, names: traces.Traces) -> Iterator[OnCard]:
    rows = db.execute(
        "SELECT p.handle, p.name, s.folder, s.base, s.uid FROM synced s JOIN person p ON p.id = s.person_id "
        "WHERE s.person_id <> ? AND s.digest <> '' ORDER BY s.folder, p.name",
        (person,),
    )
    for handle, name, folder, base, uid in rows.fetchall():
        if phone_card.redacted(base, uid, lambda words: redacted(words, names.anywhere)) != base:
            yield OnCard(handle, name, folder)


def is_unfinished(db: sqlite3.Connection) -> bool:
    """Return whether an erasure was stopped before the file and its backups were clean."""
    found = db.execute("SELECT 1 FROM meta WHERE name = ?", (UNFINISHED,))
    return found.fetchone() is not None


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


def _count(db: sqlite3.Connection, sql: str, person_id: int) -> int:
    return int(db.execute(sql, (person_id,)).fetchone()[0])
