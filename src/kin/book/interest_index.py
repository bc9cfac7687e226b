"""What the book keeps of the vocabulary, so that a read never opens the shipped table.

For every interest that was ever typed: all names that mean it, and the chain of its broader terms.
Its one rule: it can be made anew at any time, from the interests, the owner's words and the table.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kin.vocabulary import catalog as vocabulary
from kin.vocabulary.taxonomy import Broader, Senses, Word, settled


class _Found(NamedTuple):
    """The rows of the index: names as (key, label, sense, source), and what is a kind of what."""

    names: list[tuple[str, str, str, str]]
    broader: list[Broader]


def learn(db: sqlite3.Connection, *labels: str) -> None:
    """Take new interests in. Only names that are not known yet open the table."""
    known = "UPDATE interest_name SET label = ?, source = 'typed' WHERE key = ?"
    unknown = [
        label for label in labels if not db.execute(known, (label, vocabulary.key(label))).rowcount
    ]
    if unknown:
        found = _found(unknown, settled(words(db)))
        db.executemany("INSERT OR IGNORE INTO interest_name VALUES (?, ?, ?, ?)", found.names)
        db.executemany("INSERT OR IGNORE INTO interest_broader VALUES (?, ?, ?)", found.broader)


def settle(db: sqlite3.Connection) -> None:
    """Make the index anew, after the table or the owner's words have changed; what stays is not touched."""
    found = anew(db)
    _set(db, "interest_name", {row[0]: row for row in reversed(found.names)}.values())
    _set(db, "interest_broader", found.broader)


def anew(db: sqlite3.Connection) -> _Found:
    """Return the index as it is to be."""
    said = words(db)
    labels = [row[0] for row in db.execute("SELECT label FROM interest ORDER BY id")]
    labels += [label for word in said for label in (word.a, word.b)]
    return _found(labels, settled(said))


def words(db: sqlite3.Connection) -> list[Word]:
    """Return the owner's words in the order in which they were said."""
    rows = db.execute("SELECT saying, a_label, b_label FROM vocabulary_word ORDER BY id")
    return [Word(*row) for row in rows]


def _set(db: sqlite3.Connection, table: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Set the rows of a table whose first columns are its key."""
    held = set(db.execute(f"SELECT * FROM {table}"))
    wanted = set(map(tuple, rows))
    key, other = ("key", "label") if table == "interest_name" else ("narrow", "broad")
    gone = [(row[0], row[1]) for row in held - wanted]
    db.executemany(f"DELETE FROM {table} WHERE {key} = ? AND {other} = ?", gone)
    for row in sorted(wanted - held):
        db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _found(labels: Iterable[str], senses: Senses) -> _Found:
    """Return the rows for these labels, and for all above them; of two of one key the first is meant."""
    typed = [(vocabulary.key(label), label, senses.sense(label), "typed") for label in labels]
    chain = _upwards(senses, {sense for _, _, sense, _ in typed})
    found = {sense for _, _, sense, _ in typed} | {each.broad for each in chain}
    named = [
        (key, label, sense, "shipped")
        for sense in sorted(found)
        for key, label in senses.names(sense)
    ]
    return _Found(typed + named, sorted(chain))


def _upwards(senses: Senses, level: set[str]) -> set[Broader]:
    """Return the relations of these senses and of all above them."""
    chain: set[Broader] = set()
    seen: set[str] = set()
    while level:
        seen |= level
        steps = {step for sense in level for step in senses.broader(sense)}
        chain |= steps
        level = {step.broad for step in steps} - seen
    return chain
