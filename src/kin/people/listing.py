"""Everybody, filtered and in order: the list behind `kin people`."""

import sqlite3
from typing import NamedTuple

from kin.errors import UsageError

MOST_TESTS = 200  # interests and groups at once: SQLite has a limit


class Filter(NamedTuple):
    """Which people are wanted; all that is set must hold. `into` are senses, `groups` keys, days ISO."""

    into: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    lives: str | None = None
    met: str | None = None
    since: str | None = None
    quiet_since: str | None = None
    recent_first: bool = False
    limit: int | None = None


class Line(NamedTuple):
    """One person in a list: up to four interests, those you share first."""

    id: int
    handle: str
    name: str
    interests: tuple[str, ...]
    last_talk: str | None


def people(db: sqlite3.Connection, wanted: Filter, today: str) -> tuple[Line, ...]:
    """List people by name, or the last talked to first."""
    if (many := len(wanted.into) + len(wanted.groups)) > MOST_TESTS:
        raise UsageError(
            f"You ask for {many:,} interests and groups; kin takes up to {MOST_TESTS}.",
            "For example: kin people --into pottery --into chess",
        )
    tests, values = _tests(wanted)
    sql = (
        "SELECT p.id, p.handle, p.name, (SELECT max(day) FROM conversation_person cp WHERE cp.person_id = p.id AND cp.day <= ?) AS last "
        f"FROM person p WHERE p.is_me = 0 {tests}"
    )
    bound: list[str | int] = [today, *values]
    if wanted.quiet_since is not None:
        sql = f"SELECT * FROM ({sql}) WHERE last IS NULL OR last < ?"
        bound.append(wanted.quiet_since)
    rows = db.execute(sql, bound).fetchall()
    rows.sort(key=lambda row: (row[2].casefold(), row[1]))
    if wanted.recent_first:
        rows.sort(key=lambda row: row[3] or "", reverse=True)
    rows = rows[: wanted.limit] if wanted.limit else rows
    loved = _interests(db, [row[0] for row in rows])
    return tuple(Line(row[0], row[1], row[2], loved.get(row[0], ()), row[3]) for row in rows)


def _tests(wanted: Filter) -> tuple[str, list[str]]:
    parts: list[str] = []
    values: list[str] = []
    for sense in wanted.into:  # what is a kind of it counts for it
        parts.append(
            "p.id IN (SELECT pi.person_id FROM interest_name n JOIN interest i ON i.key = n.key JOIN person_interest pi ON pi.interest_id = i.id "
            "WHERE n.sense IN (SELECT ? UNION SELECT narrow FROM interest_broader WHERE broad = ?) AND pi.stance = 'into')"
        )
        values += [sense, sense]
    for key in wanted.groups:
        parts.append(
            "p.id IN (SELECT pg.person_id FROM person_group pg JOIN people_group g ON g.id = pg.group_id WHERE g.key = ?)"
        )
        values.append(key)
    if wanted.lives is not None:
        parts.append("instr(folded(p.lives), folded(?))")
        values.append(wanted.lives)
    if wanted.met is not None:
        parts.append(
            "instr(folded(coalesce(p.met_at, '') || ' ' || coalesce(p.met_story, '')), folded(?))"
        )
        values.append(wanted.met)
    if wanted.since is not None:
        parts.append("coalesce(p.met_on, p.added_on) >= ?")
        values.append(wanted.since)
    return "".join(f"AND {part} " for part in parts), values


def _interests(db: sqlite3.Connection, ids: list[int], most: int = 4) -> dict[int, tuple[str, ...]]:
    mine = {
        row[0]
        for row in db.execute(
            "SELECT interest_id FROM person_interest WHERE person_id = 1 AND stance = 'into'"
        )
    }
    labels = dict(db.execute("SELECT id, label FROM interest").fetchall())
    collected: dict[int, list[int]] = {}
    wanted = set(ids)
    for person_id, interest_id in _links(db, ids):
        if person_id in wanted:
            collected.setdefault(person_id, []).append(interest_id)
    return {
        person: tuple(
            labels[each]
            for each in sorted(held, key=lambda i: (i not in mine, labels[i].casefold()))[:most]
        )
        for person, held in collected.items()
    }


def _links(db: sqlite3.Connection, ids: list[int]) -> list[tuple[int, int]]:
    if len(ids) > 500:  # more than a handful of lists: one pass over the links is cheaper
        return db.execute(
            "SELECT person_id, interest_id FROM person_interest WHERE stance = 'into'"
        ).fetchall()
    marks = ",".join("?" * len(ids))
    return db.execute(
        f"SELECT person_id, interest_id FROM person_interest WHERE stance = 'into' AND person_id IN ({marks})",
        ids,
    ).fetchall()
