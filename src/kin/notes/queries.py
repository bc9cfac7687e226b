"""What you talked about: telling past conversations. Reading a new one is queries.reading's."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from kin.errors import NotFoundError
from kin.records import Hidden


class Mentioned(NamedTuple):
    """Somebody a note names, and the words that named them."""

    handle: str
    name: str
    matched: str


class Unsure(NamedTuple):
    """Words that may name several people; `candidates` are the first of their handles, `total` how many."""

    text: str
    candidates: tuple[str, ...]
    told: Hidden[tuple[str, ...]] = ()
    total: Hidden[int] = 0


class Note(NamedTuple):
    """A conversation as kin understood it: kept, or (from `read`) about to be."""

    on: str
    precision: str
    text: str
    people: tuple[Mentioned, ...]
    unsure: tuple[Unsure, ...]
    topics: tuple[str, ...]
    threads: tuple[str, ...]
    place: str | None
    by: str | None
    told_from: Hidden[int] = 0
    strangers: Hidden[tuple[str, ...]] = ()
    left: Hidden[tuple[str, ...]] = ()

    @property
    def told(self) -> str:
        """The words without the `DAY:` in front, for showing beside the day."""
        return self.text[self.told_from :].strip()


class Filter(NamedTuple):
    """Which conversations are wanted: ids of people (all of them there), of interests, and the rest as words."""

    people: tuple[int, ...] = ()
    about: tuple[int, ...] | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None


def talks(db: sqlite3.Connection, wanted: Filter) -> tuple[Note, ...]:
    """Tell conversations, newest first."""
    sql, values = _select(wanted)
    return told(db, [row[0] for row in db.execute(sql, values)])


def _select(wanted: Filter) -> tuple[str, list[str | int]]:
    first = wanted.people[:1]
    source = (
        "conversation_person cp JOIN conversation c ON c.id = cp.conversation_id"
        if first
        else "conversation c"
    )
    day = "cp.day" if first else "c.day"
    tests, values = (["cp.person_id = ?"], [*first]) if first else ([], [])
    bound: list[str | int] = [*values]
    for other in wanted.people[1:]:
        tests.append(
            "EXISTS (SELECT 1 FROM conversation_person o WHERE o.conversation_id = c.id AND o.person_id = ?)"
        )
        bound.append(other)
    if wanted.about is not None:
        marks = ",".join("?" * len(wanted.about))
        tests.append(
            f"EXISTS (SELECT 1 FROM conversation_topic t WHERE t.interest_id IN ({marks}) AND t.conversation_id = c.id)"
        )
        bound += wanted.about
    if wanted.place is not None:
        tests.append("instr(folded(c.place), folded(?))")
        bound.append(wanted.place)
    for sign, limit in ((">=", wanted.since), ("<=", wanted.until)):
        if limit is not None:
            tests.append(f"{day} {sign} ?")
            bound.append(limit)
    where = f"WHERE {' AND '.join(tests)} " if tests else ""
    limit = "LIMIT ?" if wanted.limit else ""
    bound += [wanted.limit] if wanted.limit else []
    order = "cp.day DESC, cp.conversation_id DESC" if first else "c.day DESC, c.id DESC"
    return f"SELECT c.id FROM {source} {where}ORDER BY {order} {limit}", bound


def told(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[Note, ...]:
    """Tell these conversations in the order asked."""
    return tuple(
        note for start in range(0, len(ids), 500) for note in _told(db, ids[start : start + 500])
    )


def _told(db: sqlite3.Connection, ids: Sequence[int]) -> list[Note]:
    marks = ",".join("?" * len(ids))
    rows = {
        row[0]: row[1:]
        for row in db.execute(
            f"SELECT id, day, precision, text, told_from, place, by FROM conversation WHERE id IN ({marks})",
            tuple(ids),
        )
    }
    there = _grouped(
        db,
        "SELECT cp.conversation_id, p.handle, p.name, cp.matched FROM conversation_person cp "
        f"JOIN person p ON p.id = cp.person_id WHERE cp.conversation_id IN ({marks}) ORDER BY p.name",
        ids,
    )
    topics = _grouped(
        db,
        "SELECT ct.conversation_id, i.label FROM conversation_topic ct "
        f"JOIN interest i ON i.id = ct.interest_id WHERE ct.conversation_id IN ({marks}) ORDER BY i.label",
        ids,
    )
    threads = _grouped(
        db,
        f"SELECT conversation_id, text FROM thread WHERE conversation_id IN ({marks}) ORDER BY id",
        ids,
    )
    notes = []
    for conversation_id in ids:
        day, precision, words, told_from, place, by = rows[conversation_id]
        notes.append(
            Note(
                on=day,
                precision=precision,
                text=words,
                people=tuple(Mentioned(*person) for person in there.get(conversation_id, [])),
                unsure=(),
                topics=tuple(label for (label,) in topics.get(conversation_id, [])),
                threads=tuple(thread for (thread,) in threads.get(conversation_id, [])),
                place=place,
                by=by,
                told_from=told_from,
            )
        )
    return notes


def _grouped(
    db: sqlite3.Connection, sql: str, ids: Sequence[int]
) -> dict[int, list[tuple[str, ...]]]:
    collected: dict[int, list[tuple[str, ...]]] = {}
    for conversation_id, *values in db.execute(sql, tuple(ids)):
        collected.setdefault(conversation_id, []).append(tuple(values))
    return collected


def newest(db: sqlite3.Connection) -> int:
    """Return the id of the conversation that was noted last; raise NotFoundError without one."""
    row = db.execute("SELECT max(id) FROM conversation").fetchone()
    if row[0] is None:
        raise NotFoundError(
            "There is no conversation yet.", 'Note one: kin note "coffee with Maya"'
        )
    return int(row[0])
