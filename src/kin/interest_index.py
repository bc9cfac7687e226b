"""What the book keeps of the vocabulary, so that a read never opens the shipped table.

For every interest that was ever typed: all names that mean it, and the chain of its broader terms.
Its one rule: it can be made anew at any time, from the interests, the owner's words and the table.
"""

import sqlite3
from collections.abc import Iterable

from kin import vocabulary
from kin.senses import Broader, Senses, Word, settled


def learn(db: sqlite3.Connection, label: str) -> None:
    """Take one interest in. What is known already stays; only what is new opens the table."""
    key = vocabulary.key(label)
    if not db.execute("SELECT 1 FROM interest_name WHERE key = ?", (key,)).fetchone():
        _take_in(db, [label], settled(words(db)))


def settle(db: sqlite3.Connection) -> None:
    """Make the index anew, after the table or the owner's words have changed."""
    db.execute("DELETE FROM interest_name")
    db.execute("DELETE FROM interest_broader")
    said = words(db)
    labels = [row[0] for row in db.execute("SELECT label FROM interest ORDER BY id")]
    labels += [label for word in said for label in (word.a, word.b)]
    _take_in(db, labels, settled(said))


def words(db: sqlite3.Connection) -> list[Word]:
    """Return the owner's words in the order in which they were said."""
    rows = db.execute("SELECT saying, a_label, b_label FROM vocabulary_word ORDER BY id")
    return [Word(*row) for row in rows]


def _take_in(db: sqlite3.Connection, labels: Iterable[str], senses: Senses) -> None:
    typed = [(vocabulary.key(label), label, senses.sense(label), "typed") for label in labels]
    chain = _upwards(senses, {sense for _, _, sense, _ in typed})
    found = {sense for _, _, sense, _ in typed} | {each.broad for each in chain}
    named = [
        (key, label, sense, "shipped")
        for sense in sorted(found)
        for key, label in senses.names(sense)
    ]
    db.executemany("INSERT OR IGNORE INTO interest_name VALUES (?, ?, ?, ?)", typed + named)
    db.executemany("INSERT OR IGNORE INTO interest_broader VALUES (?, ?, ?)", sorted(chain))


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
