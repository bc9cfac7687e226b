"""What the book knows of interests as words: their names, their kin, what you said, and what is doubtful."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kin import vocabulary
from kin.queries import interests, kinship


class Name(NamedTuple):
    """A name of an interest; `source` is typed or shipped."""

    label: str
    source: str


class Kin(NamedTuple):
    """A broader or narrower interest; `source` is shipped, or own where you said so."""

    label: str
    source: str


class Said(NamedTuple):
    """What you said of two interests: a is the `same` as b, `under` b, or `apart` from it."""

    saying: str
    a: str
    b: str
    said_on: str


class Entry(NamedTuple):
    """All that is known of one interest as a word."""

    key: str
    label: str
    names: tuple[Name, ...]
    broader: tuple[Kin, ...]
    narrower: tuple[Kin, ...]
    said: tuple[Said, ...]


class Doubt(NamedTuple):
    """A new interest that may be one you have (`typo`), a kind of it (`kind`), or several things (`sense`)."""

    label: str
    kind: str
    others: tuple[str, ...]


def entry(db: sqlite3.Connection, words: str) -> Entry:
    """Tell what is known of an interest; raise NotFoundError where the book has none of that name."""
    sense = interests.find(db, words)
    names = db.execute(
        "SELECT key, label, source FROM interest_name WHERE sense = ? ORDER BY source DESC, label",
        (sense,),
    ).fetchall()
    broader = db.execute(
        "SELECT broad, source FROM interest_broader WHERE narrow = ?", (sense,)
    ).fetchall()
    narrower = db.execute(
        "SELECT narrow, source FROM interest_broader WHERE broad = ?", (sense,)
    ).fetchall()
    called = kinship.labels(db, [sense, *(row[0] for row in broader + narrower)])
    keys = {key for key, _, _ in names}
    return Entry(
        vocabulary.key(called[sense]),
        called[sense],
        tuple(Name(label, source) for _, label, source in names if label != called[sense]),
        tuple(sorted(Kin(called[each], source) for each, source in broader)),
        tuple(sorted(Kin(called[each], source) for each, source in narrower)),
        tuple(each for each in said(db) if keys & {vocabulary.key(each.a), vocabulary.key(each.b)}),
    )


def said(db: sqlite3.Connection) -> tuple[Said, ...]:
    """Tell what you said of interests, in that order."""
    rows = db.execute("SELECT saying, a_label, b_label, said_on FROM vocabulary_word ORDER BY id")
    return tuple(Said(*row) for row in rows)


def doubts(db: sqlite3.Connection, labels: Iterable[str]) -> tuple[Doubt, ...]:
    """Tell which of these interests are new and doubtful. Only a new one opens the shipped table."""
    new = {vocabulary.key(label): label for label in labels if vocabulary.key(label)}
    known = "SELECT 1 FROM interest_name WHERE key = ?"
    unknown = [label for key, label in new.items() if not db.execute(known, (key,)).fetchone()]
    if not unknown:
        return ()
    held = dict(db.execute("SELECT key, label FROM interest").fetchall())
    found = (_sense(label) or _typo(label, held) or _kind(label, held) for label in unknown)
    return tuple(doubt for doubt in found if doubt)


def _sense(label: str) -> Doubt | None:
    senses = vocabulary.table().senses.get(vocabulary.key(label))
    return Doubt(label, "sense", senses) if senses else None


def _typo(label: str, held: dict[str, str]) -> Doubt | None:
    from difflib import get_close_matches

    close = get_close_matches(vocabulary.key(label), held, n=1, cutoff=vocabulary.LIKELY_TYPO)
    meant = held[close[0]] if close else ""
    return Doubt(label, "typo", (meant,)) if vocabulary.kinship(label, meant) == "typo" else None


def _kind(label: str, held: dict[str, str]) -> Doubt | None:
    """Take the last words of an unknown label for what it may be a kind of: Latin jazz, jazz."""
    words = vocabulary.words(label)
    if vocabulary.row_of(label):
        return None
    heads = ("".join(words[start:]) for start in range(1, len(words)))
    head = next((held[key] for key in heads if key in held), None)
    return Doubt(label, "kind", (head,)) if head else None
