"""Who is into what, what two people share, and when it last came up."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kin import vocabulary
from kin.errors import NotFoundError

ME = 1


class HeldInterest(NamedTuple):
    """An interest as one person holds it.

    `stance` is into or collides; `shared`: you are into it too; `via`: the broader interest through
    which it is shared, None where it is the same one; `note`: how they came to it.
    """

    key: str
    label: str
    stance: str
    shared: bool
    via: str | None
    note: str | None


class Holder(NamedTuple):
    """Somebody who holds an interest."""

    handle: str
    name: str
    stance: str
    via: str | None
    note: str | None
    last_mentioned: str | None


class Interest(NamedTuple):
    """An interest, whether it is yours, and everybody else who holds it."""

    key: str
    label: str
    yours: bool
    people: tuple[Holder, ...]


class MapLine(NamedTuple):
    """An interest on the map: how many hold it, and the first few names."""

    key: str
    label: str
    yours: bool
    others: int
    names: tuple[str, ...] = ()


class Filter(NamedTuple):
    """Which part of the map is wanted."""

    mine: bool = False
    shared: bool = False
    rare: bool = False


def held(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[HeldInterest, ...]]:
    """Return what each of these people holds: shared first, then into, then collisions, by label."""
    marks = ",".join("?" * len(ids))
    collected: dict[int, list[HeldInterest]] = {}
    for person_id, key, label, stance, shared, note in db.execute(
        "SELECT pi.person_id, i.key, i.label, pi.stance, "
        "pi.stance = 'into' AND EXISTS (SELECT 1 FROM person_interest mine WHERE mine.person_id = ? "
        "AND mine.interest_id = pi.interest_id AND mine.stance = 'into' AND pi.person_id <> ?) AS shared, pi.note "
        "FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
        f"WHERE pi.person_id IN ({marks}) ORDER BY shared DESC, pi.stance DESC, i.label",
        (ME, ME, *ids),
    ):
        collected.setdefault(person_id, []).append(
            HeldInterest(key, label, stance, bool(shared), None, note)
        )
    return {person_id: tuple(found) for person_id, found in collected.items()}


def mentions_with(db: sqlite3.Connection, person_id: int, today: str) -> dict[str, str]:
    """Return, for each interest by key, the day when it last came up with this person."""
    return dict(
        db.execute(
            "SELECT i.key, max(cp.day) FROM conversation_person cp "
            "CROSS JOIN conversation_topic ct ON ct.conversation_id = cp.conversation_id "
            "JOIN interest i ON i.id = ct.interest_id WHERE cp.person_id = ? AND cp.day <= ? GROUP BY i.key",
            (person_id, today),
        )
    )


def find(db: sqlite3.Connection, wanted: str) -> tuple[int, str, str]:
    """Find an interest (id, key, label) by its words; raise NotFoundError with near misses."""
    row = db.execute(
        "SELECT id, key, label FROM interest WHERE key = ?", (vocabulary.key(wanted),)
    ).fetchone()
    if row:
        return int(row[0]), row[1], row[2]
    from difflib import get_close_matches

    labels = dict(db.execute("SELECT key, label FROM interest").fetchall())
    close = tuple(
        labels[key] for key in get_close_matches(vocabulary.key(wanted), labels, n=3, cutoff=0.7)
    )
    raise NotFoundError(
        f"Nobody in your book is into “{wanted}” yet.",
        f"Did you mean {' or '.join(close)}?" if close else "See what there is: kin interests",
        close,
    )


def who(db: sqlite3.Connection, wanted: str, today: str) -> Interest:
    """Tell who is into one interest, the longest-mentioned last."""
    interest_id, key, label = find(db, wanted)
    mentioned = dict(
        db.execute(
            "SELECT cp.person_id, max(cp.day) FROM conversation_topic ct "
            "CROSS JOIN conversation_person cp ON cp.conversation_id = ct.conversation_id "
            "WHERE ct.interest_id = ? AND cp.day <= ? GROUP BY cp.person_id",
            (interest_id, today),
        )
    )
    rows = db.execute(
        "SELECT p.id, p.handle, p.name, pi.stance, pi.note FROM person_interest pi JOIN person p ON p.id = pi.person_id "
        "WHERE pi.interest_id = ? ORDER BY p.name",
        (interest_id,),
    ).fetchall()
    people = [
        Holder(handle, name, stance, None, note, mentioned.get(person_id))
        for person_id, handle, name, stance, note in rows
        if person_id != ME
    ]
    people.sort(
        key=lambda holder: (
            holder.stance != "into",
            _newest_first(holder.last_mentioned),
            holder.name,
        )
    )
    yours = any(row[0] == ME and row[3] == "into" for row in rows)
    return Interest(key, label, yours, tuple(people))


def _newest_first(day: str | None) -> int:
    return -int(day.replace("-", "")) if day else 0


def overview(db: sqlite3.Connection, wanted: Filter) -> tuple[MapLine, ...]:
    """Draw the map: shared first, then what others love, each with the first few names."""
    counted = db.execute(
        "SELECT i.id, i.key, i.label, max(pi.person_id = ? AND pi.stance = 'into') AS yours, sum(pi.person_id <> ? AND pi.stance = 'into') AS others "
        "FROM person_interest pi JOIN interest i ON i.id = pi.interest_id GROUP BY i.id",
        (ME, ME),
    ).fetchall()
    lines = [
        (interest_id, MapLine(key, label, bool(yours), others))
        for interest_id, key, label, yours, others in counted
    ]
    kept = [(interest_id, line) for interest_id, line in lines if _wanted(line, wanted)]
    kept.sort(key=lambda pair: _order(pair[1], wanted))
    return tuple(_named(db, interest_id, line) for interest_id, line in kept)


def _wanted(line: MapLine, wanted: Filter) -> bool:
    if (wanted.mine and not line.yours) or not (line.yours or line.others):
        return False
    if wanted.shared and not (line.yours and line.others):
        return False
    # Rare: at most two others hold it, so that to share it is a find.
    return not wanted.rare or 1 <= line.others <= 2


def _order(line: MapLine, wanted: Filter) -> tuple[bool, int, str]:
    return (
        not (line.yours and line.others),
        line.others if wanted.rare else -line.others,
        line.label.casefold(),
    )


def _named(db: sqlite3.Connection, interest_id: int, line: MapLine) -> MapLine:
    rows = db.execute(
        "SELECT p.name FROM person_interest pi JOIN person p ON p.id = pi.person_id "
        "WHERE pi.interest_id = ? AND pi.person_id <> ? AND pi.stance = 'into' ORDER BY pi.person_id LIMIT 4",
        (interest_id, ME),
    )
    return MapLine(line.key, line.label, line.yours, line.others, tuple(name for (name,) in rows))


def everybody(db: sqlite3.Connection, lines: Iterable[MapLine], today: str) -> tuple[Interest, ...]:
    """Tell the whole of these interests with all their people, for programs."""
    mentioned = {
        (interest, person): day
        for interest, person, day in db.execute(
            "SELECT ct.interest_id, cp.person_id, max(cp.day) FROM conversation_topic ct "
            "JOIN conversation_person cp ON cp.conversation_id = ct.conversation_id "
            "WHERE cp.day <= ? GROUP BY ct.interest_id, cp.person_id",
            (today,),
        )
    }
    people: dict[str, list[Holder]] = {}
    for interest_id, key, person_id, handle, name, stance, note in db.execute(
        "SELECT pi.interest_id, i.key, p.id, p.handle, p.name, pi.stance, pi.note FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id JOIN person p ON p.id = pi.person_id "
        "WHERE p.id <> ? ORDER BY i.key, p.name",
        (ME,),
    ):
        last = mentioned.get((interest_id, person_id))
        people.setdefault(key, []).append(Holder(handle, name, stance, None, note, last))
    return tuple(
        Interest(line.key, line.label, line.yours, tuple(people.get(line.key, ())))
        for line in lines
    )


def common(db: sqlite3.Connection, one: int, other: int, today: str) -> tuple[Interest, ...]:
    """Tell the common ground of two people, the last mentioned first; the owner may be one of them."""
    found = []
    last = {person: mentions_with(db, person, today) for person in (one, other)}
    for interest_id, key, label, yours in db.execute(
        "SELECT i.id, i.key, i.label, EXISTS (SELECT 1 FROM person_interest m WHERE m.person_id = ? AND m.interest_id = i.id "
        "AND m.stance = 'into') FROM person_interest a JOIN person_interest b ON b.interest_id = a.interest_id "
        "JOIN interest i ON i.id = a.interest_id WHERE a.person_id = ? AND b.person_id = ? AND a.stance = 'into' AND b.stance = 'into' "
        "ORDER BY i.label",
        (ME, one, other),
    ).fetchall():
        holders = tuple(
            Holder(handle, name, stance, None, note, last[person_id].get(key))
            for person_id, handle, name, stance, note in db.execute(
                "SELECT p.id, p.handle, p.name, pi.stance, pi.note FROM person_interest pi JOIN person p ON p.id = pi.person_id "
                "WHERE pi.interest_id = ? AND pi.person_id IN (?, ?) AND pi.person_id <> ? ORDER BY p.name",
                (interest_id, one, other, ME),
            )
        )
        found.append(Interest(key, label, bool(yours), holders))
    return tuple(
        sorted(
            found,
            key=lambda each: min(_newest_first(holder.last_mentioned) for holder in each.people),
        )
    )
