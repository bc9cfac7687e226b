"""Completions from the book: the handles, interests and groups that start with what was typed.

A shell inserts what all completions have in common. If there are too many to list, the first ones and
the last one are enough for that, as all the others are between them in the alphabet.
"""

import sqlite3
from typing import NamedTuple

from kin.constants import LONGEST_LABEL, MOST_NAME_WORDS
from kin.language.text import normalize, slugify
from kin.vocabulary import catalog

MOST_COMPLETIONS = 200  # more do not help on any screen
_PREFIX_END = "\U0010ffff"  # sorts after every text with the same prefix

_SELECT_PEOPLE = (
    "SELECT p.handle, substr(p.name, 1, ?), "
    "(SELECT group_concat(substr(n.nickname, 1, ?), ', ') FROM nickname n WHERE n.person_id = p.id) FROM person p"
)


class PersonCompletion(NamedTuple):
    """A handle, with the name and nicknames of its owner."""

    handle: str
    name: str
    nicknames: str | None


def complete_people(db: sqlite3.Connection, typed: str) -> tuple[PersonCompletion, ...]:
    """Return people whose handle starts with `typed`; if there are none, those with such a name."""
    prefix = slugify(typed + "x")[:-1]  # the extra letter keeps a dash at the end
    if typed and not prefix:
        return ()
    by_handle = "WHERE p.handle >= ? AND p.handle < ?"
    return _select_completions(
        db, by_handle, [prefix, prefix + _PREFIX_END]
    ) or _complete_people_by_name(db, typed)


def _complete_people_by_name(db: sqlite3.Connection, typed: str) -> tuple[PersonCompletion, ...]:
    from kin.language.person_names import list_name_words

    words = list_name_words(typed)[:MOST_NAME_WORDS]
    if not words:
        return ()
    ranges = " INTERSECT ".join(
        "SELECT person_id FROM name_word WHERE word >= ? AND word < ?" for _ in words
    )
    return _select_completions(
        db,
        f"WHERE p.id IN ({ranges})",
        [bound for word in words for bound in (word, word + _PREFIX_END)],
    )


def _select_completions(
    db: sqlite3.Connection, where: str, values: list[str]
) -> tuple[PersonCompletion, ...]:
    parameters = (LONGEST_LABEL, LONGEST_LABEL, *values)
    rows = db.execute(
        f"{_SELECT_PEOPLE} {where} ORDER BY p.handle LIMIT {MOST_COMPLETIONS}", parameters
    ).fetchall()
    if len(rows) == MOST_COMPLETIONS:
        rows[-1:] = db.execute(
            f"{_SELECT_PEOPLE} {where} ORDER BY p.handle DESC LIMIT 1", parameters
        ).fetchall()
    return tuple(PersonCompletion(*row) for row in rows)


def complete_interests(db: sqlite3.Connection, typed: str) -> tuple[str, ...]:
    """Return the labels of interests that start with `typed`, whatever the case and accents."""
    # Keys are singular, so only the first letter of a half-typed word is sure to be in its key.
    first = catalog.normalize_interest(typed)[:1]
    rows = db.execute(
        "SELECT label FROM interest WHERE key >= ? AND key < ? AND length(label) <= ?",
        (first, first + _PREFIX_END, LONGEST_LABEL),
    )
    return _filter_by_prefix(rows, typed)


def complete_groups(db: sqlite3.Connection, typed: str) -> tuple[str, ...]:
    """Return the labels of groups that start with `typed`, whatever the case and accents."""
    first = catalog.normalize_interest(typed)[:1]
    rows = db.execute(
        "SELECT label FROM people_group WHERE key >= ? AND key < ? AND length(label) <= ?",
        (first, first + _PREFIX_END, LONGEST_LABEL),
    )
    return _filter_by_prefix(rows, typed)


def _filter_by_prefix(rows: sqlite3.Cursor, typed: str) -> tuple[str, ...]:
    prefix = normalize(typed + "x")[:-1]  # the extra letter keeps a space at the end
    labels = sorted(label for (label,) in rows if normalize(label).startswith(prefix))
    return tuple(
        labels if len(labels) < MOST_COMPLETIONS else [*labels[: MOST_COMPLETIONS - 1], labels[-1]]
    )
