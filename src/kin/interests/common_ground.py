"""Finds the interests that two people share: the same one under any name, or one broader step apart.

A broader interest that too many people have does not count.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from kin.constants import OWNER_ID
from kin.language.text import join_words
from kin.vocabulary import catalog

TOO_COMMON_SHARE = 0.3  # of the people: “music” connects no one
NEVER_TOO_COMMON = 3  # people: in a small book, three are not a crowd


def is_rare(holders: int, people: int) -> bool:
    """Return whether an interest is rare: at most two people have it, or the square root of all people."""
    return 0 < holders <= max(2, int(people**0.5))


class Overlap(NamedTuple):
    """How an interest meets one of yours.

    `your_label` is what you call yours; `broader_sense` the broader of the two, None if they are the same.
    """

    your_label: str
    broader_sense: str | None


def lookup_sense(db: sqlite3.Connection, words: str) -> str | None:
    """Return the sense that words name in this book, None if it has no such interest."""
    for key in catalog.list_spellings(words):
        row = db.execute("SELECT sense FROM interest_name WHERE key = ?", (key,)).fetchone()
        if row:
            return str(row[0])
    return None


def load_senses_into(db: sqlite3.Connection, person_id: int) -> dict[str, str]:
    """Return the senses that a person is into, each with what their card calls it."""
    rows = db.execute(
        "SELECT n.sense, i.label FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
        "JOIN interest_name n ON n.key = i.key WHERE pi.person_id = ? AND pi.stance = 'into' ORDER BY i.label DESC",
        (person_id,),
    )
    return dict(rows.fetchall())


def find_overlaps(
    db: sqlite3.Connection, person_id: int = OWNER_ID, with_owner: bool | None = None
) -> dict[str, Overlap]:
    """Return the senses that meet one of a person's: their own, and one step broader or narrower.

    An ambiguous interest counts only between the owner and someone (`with_owner`; by default if
    `person_id` is the owner): between two others, no one has said which sense they mean.
    """
    own_senses = load_senses_into(db, person_id)
    if not (person_id == OWNER_ID if with_owner is None else with_owner):
        own_senses = {
            sense: label for sense, label in own_senses.items() if not catalog.is_ambiguous(sense)
        }
    overlaps: dict[str, Overlap] = {}
    for narrow, broad in _list_broader_steps(db, own_senses):
        if catalog.is_ambiguous(broad):
            continue
        if narrow in own_senses:
            overlaps.setdefault(broad, Overlap(own_senses[narrow], broad))
        if broad in own_senses:
            overlaps.setdefault(narrow, Overlap(own_senses[broad], broad))
    return overlaps | {sense: Overlap(label, None) for sense, label in own_senses.items()}


def _list_broader_steps(db: sqlite3.Connection, senses: Iterable[str]) -> list[tuple[str, str]]:
    senses_json = json.dumps(sorted(senses))
    rows = db.execute(
        "SELECT narrow, broad FROM interest_broader WHERE narrow IN (SELECT value FROM json_each(?)) "
        "UNION SELECT narrow, broad FROM interest_broader WHERE broad IN (SELECT value FROM json_each(?)) "
        "ORDER BY 1, 2",
        (senses_json, senses_json),
    )
    return rows.fetchall()


def list_narrower_senses(db: sqlite3.Connection, sense: str) -> tuple[str, ...]:
    """Return the senses that are a kind of this one."""
    rows = db.execute("SELECT narrow FROM interest_broader WHERE broad = ? ORDER BY 1", (sense,))
    return tuple(row[0] for row in rows)


def list_broader_senses(db: sqlite3.Connection, sense: str) -> tuple[str, ...]:
    """Return the senses that this one is a kind of."""
    rows = db.execute("SELECT broad FROM interest_broader WHERE narrow = ? ORDER BY 1", (sense,))
    return tuple(row[0] for row in rows)


def count_people_into(db: sqlite3.Connection, sense: str) -> int:
    """Return how many people other than the owner are into an interest or a narrower one."""
    (count,) = db.execute(
        "SELECT count(DISTINCT pi.person_id) FROM interest_name n JOIN interest i ON i.key = n.key "
        "JOIN person_interest pi ON pi.interest_id = i.id WHERE n.sense IN (SELECT value FROM json_each(?)) "
        "AND pi.stance = 'into' AND pi.person_id <> ?",
        (json.dumps([sense, *list_narrower_senses(db, sense)]), OWNER_ID),
    ).fetchone()
    return int(count)


def count_people(db: sqlite3.Connection) -> int:
    """Return how many people are in the book, without the owner."""
    return int(db.execute("SELECT count(*) FROM person").fetchone()[0]) - 1


def is_too_common(people_into: int, people_count: int) -> bool:
    """Return whether so many are into a broader interest that sharing it means nothing."""
    return people_into > max(NEVER_TOO_COMMON, TOO_COMMON_SHARE * people_count)


def make_overlap_finder(
    db: sqlite3.Connection, person_id: int = OWNER_ID, with_owner: bool | None = None
) -> Callable[[str], Overlap | None]:
    """Return a function that finds how a sense meets one of a person's, None if it does not."""
    overlaps = find_overlaps(db, person_id, with_owner)
    people_count = count_people(db)

    @cache
    def is_common(broader_sense: str) -> bool:
        return is_too_common(count_people_into(db, broader_sense), people_count)

    def find_overlap(sense: str) -> Overlap | None:
        overlap = overlaps.get(sense)
        return (
            None
            if overlap is None or (overlap.broader_sense and is_common(overlap.broader_sense))
            else overlap
        )

    return find_overlap


def get_via_label(overlap: Overlap, sense: str, label: str) -> str | None:
    """Return the broader interest through which a label is shared, in its owner's words."""
    if overlap.broader_sense is None:
        return None
    return label if overlap.broader_sense == sense else overlap.your_label


def load_sense_labels(db: sqlite3.Connection, senses: Iterable[str]) -> dict[str, str]:
    """Return what to call each sense: what was typed, else what kin's own list calls it."""
    rows = db.execute(
        "SELECT sense, label FROM interest_name WHERE sense IN (SELECT value FROM json_each(?)) "
        "ORDER BY source = 'typed', key = sense",
        (json.dumps(sorted(senses)),),
    )
    return dict(rows.fetchall())


def describe_nothing_shared(one: str, other: str) -> str:
    """Return the sentence for two people without a common interest."""
    return f"{join_words([one, other])} share no interest that you have noted yet."
