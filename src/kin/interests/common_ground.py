"""Which interests two people share: the same one under any name, or one broader term up.

Its one rule: a broader term that a third of the book holds brings nobody together.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from kin.constants import ME
from kin.interests.limits import ALWAYS_SHOWN, TOO_COMMON
from kin.language.text import joined
from kin.vocabulary import catalog as vocabulary


class Through(NamedTuple):
    """How an interest reaches one of yours: `yours` is what you call it; `broad` is the sense of the
    two that is broader, None where they are the same."""

    yours: str
    broad: str | None


def sense_of(db: sqlite3.Connection, words: str) -> str | None:
    """Return the sense that words name in this book, None where it has no such interest."""
    for key in vocabulary.spellings(words):
        row = db.execute("SELECT sense FROM interest_name WHERE key = ?", (key,)).fetchone()
        if row:
            return str(row[0])
    return None


def loves(db: sqlite3.Connection, person_id: int) -> dict[str, str]:
    """Return the senses that somebody is into, each with what stands on their card."""
    rows = db.execute(
        "SELECT n.sense, i.label FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
        "JOIN interest_name n ON n.key = i.key WHERE pi.person_id = ? AND pi.stance = 'into' ORDER BY i.label DESC",
        (person_id,),
    )
    return dict(rows.fetchall())


def reach(
    db: sqlite3.Connection, person_id: int = ME, with_you: bool | None = None
) -> dict[str, Through]:
    """Return every sense that meets one of somebody's: their own, and one broader step up or down.

    A word that may be several things brings no two others together until the owner has said which; of
    what they share themselves they know what they mean (`with_you`).
    """
    mine = loves(db, person_id)
    if not (person_id == ME if with_you is None else with_you):
        mine = {sense: label for sense, label in mine.items() if not vocabulary.is_unclear(sense)}
    reached: dict[str, Through] = {}
    for narrow, broad in _steps(db, mine):
        if vocabulary.is_unclear(broad):
            continue
        if narrow in mine:
            reached.setdefault(broad, Through(mine[narrow], broad))
        if broad in mine:
            reached.setdefault(narrow, Through(mine[broad], broad))
    return reached | {sense: Through(label, None) for sense, label in mine.items()}


def _steps(db: sqlite3.Connection, senses: Iterable[str]) -> list[tuple[str, str]]:
    wanted = json.dumps(sorted(senses))
    rows = db.execute(
        "SELECT narrow, broad FROM interest_broader WHERE narrow IN (SELECT value FROM json_each(?)) "
        "UNION SELECT narrow, broad FROM interest_broader WHERE broad IN (SELECT value FROM json_each(?)) "
        "ORDER BY 1, 2",
        (wanted, wanted),
    )
    return rows.fetchall()


def narrower(db: sqlite3.Connection, sense: str) -> tuple[str, ...]:
    """Return the senses that are a kind of this one."""
    rows = db.execute("SELECT narrow FROM interest_broader WHERE broad = ? ORDER BY 1", (sense,))
    return tuple(row[0] for row in rows)


def broader(db: sqlite3.Connection, sense: str) -> tuple[str, ...]:
    """Return the senses of which this one is a kind."""
    rows = db.execute("SELECT broad FROM interest_broader WHERE narrow = ? ORDER BY 1", (sense,))
    return tuple(row[0] for row in rows)


def holders(db: sqlite3.Connection, sense: str) -> int:
    """Count the others who are into an interest; a narrower one counts for it."""
    (found,) = db.execute(
        "SELECT count(DISTINCT pi.person_id) FROM interest_name n JOIN interest i ON i.key = n.key "
        "JOIN person_interest pi ON pi.interest_id = i.id WHERE n.sense IN (SELECT value FROM json_each(?)) "
        "AND pi.stance = 'into' AND pi.person_id <> ?",
        (json.dumps([sense, *narrower(db, sense)]), ME),
    ).fetchone()
    return int(found)


def people(db: sqlite3.Connection) -> int:
    """Count the people in the book, the owner aside."""
    return int(db.execute("SELECT count(*) FROM person").fetchone()[0]) - 1


def too_common(held_by: int, everybody: int) -> bool:
    """Tell whether so many hold a broader term that it says nothing about two of them."""
    return held_by > max(ALWAYS_SHOWN, TOO_COMMON * everybody)


def meeting(
    db: sqlite3.Connection, person_id: int = ME, with_you: bool | None = None
) -> Callable[[str], Through | None]:
    """Return what tells through what a sense meets one of somebody's: None where it does not."""
    reached = reach(db, person_id, with_you)
    everybody = people(db)

    @cache
    def is_common(broad: str) -> bool:
        return too_common(holders(db, broad), everybody)

    def through(sense: str) -> Through | None:
        found = reached.get(sense)
        return None if found is None or (found.broad and is_common(found.broad)) else found

    return through


def via(found: Through, sense: str, label: str) -> str | None:
    """Return the broader interest through which a label is shared, as the one who holds it calls it."""
    if found.broad is None:
        return None
    return label if found.broad == sense else found.yours


def labels(db: sqlite3.Connection, senses: Iterable[str]) -> dict[str, str]:
    """Return what to call these senses: as it was typed, else as the shipped table has it."""
    rows = db.execute(
        "SELECT sense, label FROM interest_name WHERE sense IN (SELECT value FROM json_each(?)) "
        "ORDER BY source = 'typed', key = sense",
        (json.dumps(sorted(senses)),),
    )
    return dict(rows.fetchall())


def describe_nothing_shared(one: str, other: str) -> str:
    """Say that two people share nothing that is known."""
    return f"{joined([one, other])} share no interest that is written down yet."
