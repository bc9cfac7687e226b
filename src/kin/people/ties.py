"""How people know each other, as kin tells it."""

import sqlite3
from typing import NamedTuple

from kin.language.text import format_possessive, get_first_name

INTRODUCED = "introduced"  # what two are to each other whom you brought together


class TiedPeople(NamedTuple):
    """Two people and the word between them: `name` is `other_name`'s `word`."""

    handle: str
    name: str
    other: str
    other_name: str
    word: str


class TieTo(NamedTuple):
    """A tie as seen from one person: the other is their `word`, or (not `theirs`) they are the other's."""

    handle: str
    name: str
    word: str
    theirs: bool


def of(db: sqlite3.Connection, person_id: int) -> tuple[TieTo, ...]:
    """Tell all ties of one person, by the other's name."""
    rows = db.execute(
        "SELECT p.handle, p.name, t.word, 1 FROM tie t JOIN person p ON p.id = t.a_id WHERE t.b_id = ? "
        "UNION ALL SELECT p.handle, p.name, t.word, 0 FROM tie t JOIN person p ON p.id = t.b_id WHERE t.a_id = ? "
        "ORDER BY 2, 3",
        (person_id, person_id),
    )
    return tuple(TieTo(handle, name, word, bool(theirs)) for handle, name, word, theirs in rows)


def acquaintances(db: sqlite3.Connection, person_id: int) -> set[int]:
    """Return whom somebody knows as far as it is written down: ties, talks, how you met, what was caught."""
    rows = db.execute(
        "SELECT b_id FROM tie WHERE a_id = :who UNION SELECT a_id FROM tie WHERE b_id = :who "
        "UNION SELECT met_through FROM person WHERE id = :who UNION SELECT id FROM person WHERE met_through = :who "
        "UNION SELECT c.from_id FROM person_interest pi JOIN caught c ON c.link_id = pi.id WHERE pi.person_id = :who "
        "UNION SELECT pi.person_id FROM caught c JOIN person_interest pi ON pi.id = c.link_id WHERE c.from_id = :who "
        "UNION SELECT o.person_id FROM conversation_person m CROSS JOIN conversation_person o "
        "ON o.conversation_id = m.conversation_id WHERE m.person_id = :who",
        {"who": person_id},
    )
    return {row[0] for row in rows}


def describe_tie(name: str | None, other: str | None, word: str) -> str:
    """Say what somebody is to another; without a name it is you."""
    if name is None:
        return f"you are {format_possessive(other or '')} {word}"
    if word == INTRODUCED:
        return (
            f"you introduced {get_first_name(name)} and {other}"
            if other
            else f"{name} introduced you"
        )
    return f"{name} is {format_possessive(other) if other else 'your'} {word}"
