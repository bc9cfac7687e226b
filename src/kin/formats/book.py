"""A whole book as plain values: what kin's own formats write and read without loss.

Its one rule: everything that its owner told kin stands here, by handles and labels, never by a row's number.
"""

from dataclasses import dataclass

from kin.book.forgotten import Mark
from kin.formats.card import Way


@dataclass(frozen=True, slots=True)
class Held:
    """An interest on somebody's card: stance into or collides, how they came to it, from whom (a handle)."""

    label: str
    stance: str = "into"
    note: str | None = None
    caught_from: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Words on somebody that are no conversation, such as a card's note; `source` says where from."""

    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The record that somebody came with: in which kind of file, under which key, and byte for byte."""

    kind: str
    key: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Left in peace until a day, or, without one, until that is taken back."""

    until: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Suggested on a day, with the template of a question."""

    day: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Something sent to them on a day."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the book; the owner is the one with `me`. Days are YYYY-MM-DD, or --MM-DD.

    `uid` tells them apart in every book; None only where a file does not say it.
    """

    handle: str
    name: str
    added_on: str
    me: bool = False
    nicknames: tuple[str, ...] = ()
    interests: tuple[Held, ...] = ()
    met_on: str | None = None
    met_precision: str | None = None
    met_at: str | None = None
    met_story: str | None = None
    met_through: str | None = None
    lives: str | None = None
    circle: str | None = None
    groups: tuple[str, ...] = ()
    birthday: str | None = None
    days: tuple[tuple[str, str], ...] = ()
    contacts: tuple[Way, ...] = ()
    remarks: tuple[Remark, ...] = ()
    origins: tuple[Origin, ...] = ()
    rest: Rest | None = None
    shown: tuple[Shown, ...] = ()
    sent: tuple[Given, ...] = ()
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class There:
    """Who was in a conversation, and the words of the note that named them."""

    handle: str
    matched: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation; `text` is byte for byte as typed, `told_from` where it begins behind `DAY:`."""

    on: str
    text: str
    noted_at: str
    precision: str = "day"
    told_from: int = 0
    place: str | None = None
    by: str | None = None
    people: tuple[There, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """Something to hear the end of; `talk` is the place of its conversation in `Book.talks`."""

    text: str
    opened_on: str
    due_on: str | None = None
    heard_on: str | None = None
    outcome: str | None = None
    people: tuple[str, ...] = ()
    talk: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Handle `a` is handle `b`'s `word`."""

    a: str
    b: str
    word: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two by handles, what each said (yes, no or nothing), and when they were brought together."""

    a: str
    b: str
    a_said: str | None = None
    b_said: str | None = None
    made_on: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What the owner said of two interests: a is the `same` as b, `under` b, or `apart` from it."""

    saying: str
    a: str
    b: str
    said_on: str


@dataclass(frozen=True, slots=True)
class Book:
    """All of it, each list in the order in which it was written down.

    `forgotten` are keyed hashes that recognize the cards of people who were forgotten.
    """

    people: tuple[Person, ...] = ()
    talks: tuple[Talk, ...] = ()
    threads: tuple[Thread, ...] = ()
    ties: tuple[Tie, ...] = ()
    introductions: tuple[Introduction, ...] = ()
    vocabulary: tuple[Word, ...] = ()
    forgotten: tuple[Mark, ...] = ()
