"""What of the book may be typed: handles, interests and groups that begin as somebody has typed.

A shell inserts what all candidates have in common, so where there are too many to list, the first ones
and the last one are told: all others lie between, and begin alike.
"""

import sqlite3
from typing import NamedTuple

from kin.constants import LONGEST_LABEL, MOST_NAME_WORDS
from kin.language.text import fold, slug
from kin.vocabulary import catalog as vocabulary

MOST = 200  # more are no help on any screen
_LAST = "\U0010ffff"  # behind all that begins with the same letters

_SOMEBODY = (
    "SELECT p.handle, substr(p.name, 1, ?), "
    "(SELECT group_concat(substr(n.nickname, 1, ?), ', ') FROM nickname n WHERE n.person_id = p.id) FROM person p"
)


class Somebody(NamedTuple):
    """A handle, and what else its bearer is called."""

    handle: str
    name: str
    nicknames: str | None


def people(db: sqlite3.Connection, typed: str) -> tuple[Somebody, ...]:
    """Return those whose handle begins as typed; if there is none, those of whom any name does."""
    begun = slug(typed + "x")[:-1]  # with a letter behind it, a dash at the end stays
    if typed and not begun:
        return ()
    by_handle = "WHERE p.handle >= ? AND p.handle < ?"
    return _few(db, by_handle, [begun, begun + _LAST]) or _by_names(db, typed)


def _by_names(db: sqlite3.Connection, typed: str) -> tuple[Somebody, ...]:
    from kin.language.person_names import name_words

    words = name_words(typed)[:MOST_NAME_WORDS]
    if not words:
        return ()
    ranges = " INTERSECT ".join(
        "SELECT person_id FROM name_word WHERE word >= ? AND word < ?" for _ in words
    )
    return _few(
        db, f"WHERE p.id IN ({ranges})", [bound for word in words for bound in (word, word + _LAST)]
    )


def _few(db: sqlite3.Connection, where: str, values: list[str]) -> tuple[Somebody, ...]:
    bound = (LONGEST_LABEL, LONGEST_LABEL, *values)
    rows = db.execute(f"{_SOMEBODY} {where} ORDER BY p.handle LIMIT {MOST}", bound).fetchall()
    if len(rows) == MOST:
        rows[-1:] = db.execute(
            f"{_SOMEBODY} {where} ORDER BY p.handle DESC LIMIT 1", bound
        ).fetchall()
    return tuple(Somebody(*row) for row in rows)


def interests(db: sqlite3.Connection, typed: str) -> tuple[str, ...]:
    """Return the labels of interests that begin as typed, whatever the case and the accents."""
    # A key has no plurals, so of what is half typed only its first letter is sure.
    first = vocabulary.key(typed)[:1]
    rows = db.execute(
        "SELECT label FROM interest WHERE key >= ? AND key < ? AND length(label) <= ?",
        (first, first + _LAST, LONGEST_LABEL),
    )
    return _begun(rows, typed)


def groups(db: sqlite3.Connection, typed: str) -> tuple[str, ...]:
    """Return the labels of groups that begin as typed, whatever the case and the accents."""
    first = vocabulary.key(typed)[:1]
    rows = db.execute(
        "SELECT label FROM people_group WHERE key >= ? AND key < ? AND length(label) <= ?",
        (first, first + _LAST, LONGEST_LABEL),
    )
    return _begun(rows, typed)


def _begun(rows: sqlite3.Cursor, typed: str) -> tuple[str, ...]:
    begun = fold(typed + "x")[:-1]  # with a letter behind it, a space at the end stays
    found = sorted(label for (label,) in rows if fold(label).startswith(begun))
    return tuple(found if len(found) < MOST else [*found[: MOST - 1], found[-1]])
