"""What the book knows of interests as words: their names, their kin, and what you said."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from kin.interests import common_ground, queries as interests
from kin.language.text import add_quotes, command_line, joined
from kin.records import Hidden
from kin.vocabulary import catalog as vocabulary


class Name(NamedTuple):
    """A name of an interest; `source` is typed or shipped."""

    label: str
    source: str


class Kin(NamedTuple):
    """A broader or narrower interest; `source` is shipped, or own where you said so."""

    label: str
    source: str


class Said(NamedTuple):
    """What you said of two interests: a is the `same` as b, `under` b, or `apart` from it.

    `instead`: what you had said of these two before.
    """

    saying: str
    a: str
    b: str
    said_on: str
    instead: Hidden[tuple[str, str, str] | None] = None


class Entry(NamedTuple):
    """All that is known of one interest as a word; `senses`: what it may mean, until you say which."""

    key: str
    label: str
    names: tuple[Name, ...]
    broader: tuple[Kin, ...]
    narrower: tuple[Kin, ...]
    said: tuple[Said, ...]
    senses: tuple[str, ...] = ()


def entry(db: sqlite3.Connection, words: str) -> Entry:
    """Tell what is known of an interest; raise NotFoundError where the book has none of that name.

    A word that is several things is known before anybody has it.
    """
    key = vocabulary.key(words)
    if key in vocabulary.clashes() and common_ground.sense_of(db, words) is None:
        return Entry(key, words.strip(), (), (), (), (), vocabulary.clashes()[key])
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
    called = common_ground.labels(db, [sense, *(row[0] for row in broader + narrower)])
    keys = {key for key, _, _ in names}
    return Entry(
        vocabulary.key(called[sense]),
        called[sense],
        tuple(Name(label, source) for _, label, source in names if label != called[sense]),
        tuple(sorted(Kin(called[each], source) for each, source in broader)),
        tuple(sorted(Kin(called[each], source) for each, source in narrower)),
        tuple(each for each in said(db) if keys & {vocabulary.key(each.a), vocabulary.key(each.b)}),
        meanings(db, sense.removesuffix(vocabulary.UNCLEAR))
        if vocabulary.is_unclear(sense)
        else (),
    )


def meanings(db: sqlite3.Connection, key: str) -> tuple[str, ...]:
    """Return what a word may mean, without that from which you have set it apart."""
    rows = db.execute(
        "SELECT b_key FROM vocabulary_word WHERE a_key = :key AND saying = 'apart' "
        "UNION SELECT a_key FROM vocabulary_word WHERE b_key = :key AND saying = 'apart'",
        {"key": key},
    )
    parted = {row[0] for row in rows}
    meant = vocabulary.clashes().get(key, ())
    return tuple(each for each in meant if vocabulary.key(each) not in parted)


def said(db: sqlite3.Connection) -> tuple[Said, ...]:
    """Tell what you said of interests, in that order."""
    rows = db.execute("SELECT saying, a_label, b_label, said_on FROM vocabulary_word ORDER BY id")
    return tuple(Said(*row) for row in rows)


def describe_saying(saying: str, a: str, b: str) -> str:
    """Say what the owner said of two interests."""
    told = {"same": "means the same as", "under": "is a kind of", "apart": "stands apart from"}
    return f"{add_quotes(a)} {told[saying]} {add_quotes(b)}."


def describe_ambiguity(label: str, senses: Sequence[str]) -> str:
    """Say that a word which is several things brings nobody together, and what to write instead."""
    always = command_line("kin vocab", "same", label, senses[0])
    return (
        f"{add_quotes(label)} may be {joined(senses, 'or')}: until you say which, it brings nobody together. "
        f"Write {add_quotes(senses[0])} instead; or, if it is that wherever you write it: {always}"
    )
