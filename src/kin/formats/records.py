"""Records of files: the whole book in kin's own formats, and people and notes from any other format.

Nothing is dropped silently: what has no field is text in `note`, and what could not be read is in
`skipped`, with its place in the file. Days are YYYY-MM-DD; a yearly date without a year is --MM-DD.
"""

from dataclasses import dataclass

from kin.book.meta import ForgottenMark
from kin.formats.editor_card import CardInterest, Contact


@dataclass(frozen=True, slots=True)
class PersonInterest:
    """An interest of a person: into or differ, how they got into it, and the handle of who got them into it."""

    label: str
    stance: str = "into"
    note: str | None = None
    learned_from: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something lasting about a person, such as the NOTE of a card; `source` is where it comes from."""

    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The record that a person was imported from: the kind of file, its key there, and its bytes."""

    kind: str
    key: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """No suggestions until a day, or without one until the owner says so."""

    until: str | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """A day on which a person was suggested, with the template of the opener."""

    day: str
    opener: str | None = None


@dataclass(frozen=True, slots=True)
class SentItem:
    """Something that was sent to a person on a day."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person in the book; the owner is the one with `me`.

    `uid` identifies them in every book; it is None only if a file does not have it.
    """

    handle: str
    name: str
    added_on: str
    me: bool = False
    nicknames: tuple[str, ...] = ()
    interests: tuple[PersonInterest, ...] = ()
    met_on: str | None = None
    met_precision: str | None = None
    met_at: str | None = None
    met_story: str | None = None
    met_through: str | None = None
    lives: str | None = None
    circle: str | None = None
    groups: tuple[str, ...] = ()
    birthday: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    contacts: tuple[Contact, ...] = ()
    facts: tuple[Fact, ...] = ()
    origins: tuple[Origin, ...] = ()
    snooze: Snooze | None = None
    showings: tuple[Showing, ...] = ()
    sent: tuple[SentItem, ...] = ()
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person who was there, and the words of the note that name them."""

    handle: str
    matched: str


@dataclass(frozen=True, slots=True)
class Note:
    """A dated note; `text` is exactly as typed, and `body_start` is where it begins after `DAY:`."""

    on: str
    text: str
    noted_at: str
    precision: str = "day"
    body_start: int = 0
    place: str | None = None
    by: str | None = None
    people: tuple[Participant, ...] = ()
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask next time; `note_index` is the index of its note in `Book.notes`."""

    text: str
    opened_on: str
    on: str | None = None
    answered_on: str | None = None
    answer: str | None = None
    people: tuple[str, ...] = ()
    note_index: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """The person with handle `a` is the `word` (sister, neighbour) of the one with handle `b`."""

    a: str
    b: str
    word: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two people by handle, the answer of each (yes, no or None), and the day they were introduced."""

    a: str
    b: str
    a_answer: str | None = None
    b_answer: str | None = None
    made_on: str | None = None


@dataclass(frozen=True, slots=True)
class VocabularyRule:
    """A rule of the owner on two interests: a is the `same` as b, `under` b, or `apart` from it."""

    relation: str
    a: str
    b: str
    added_on: str


@dataclass(frozen=True, slots=True)
class Book:
    """A whole book, each list in the order in which it was entered.

    `forgotten` are keyed hashes that recognize the cards of people who were forgotten.
    """

    people: tuple[Person, ...] = ()
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    ties: tuple[Tie, ...] = ()
    introductions: tuple[Introduction, ...] = ()
    vocabulary: tuple[VocabularyRule, ...] = ()
    forgotten: tuple[ForgottenMark, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedTie:
    """A tie of an imported person: `name` is their `word` (partner, sister).

    `key` is the `ImportedPerson.key` of the other, if the file says which record is meant.
    """

    word: str
    name: str
    key: str | None = None

    def describe(self) -> str:
        """Return the tie as text, for a person who is not in the book."""
        return f"{self.word}: {self.name}"


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """A person in a file.

    `source` is the place in the file (`people.vcf:112`), `key` the file's own identifier of the record, and
    `raw` the bytes of the record if it is a card. `unread_texts` are values of a card that fit no field
    and are not in its note.
    """

    name: str
    source: str
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    birthday: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    lives: str | None = None
    circle: str | None = None
    note: str | None = None
    into: tuple[CardInterest, ...] = ()
    differ: tuple[CardInterest, ...] = ()
    groups: tuple[str, ...] = ()
    ties: tuple[ImportedTie, ...] = ()
    met_on: str | None = None
    met_precision: str | None = None
    met_at: str | None = None
    met_story: str | None = None
    met_through: str | None = None
    uid: str | None = None
    key: str | None = None
    raw: bytes | None = None
    unread_texts: tuple[str, ...] = ()

    def collect_texts_outside_note(self) -> set[str]:
        """Return the texts of a card that have lines of their own, and are not in its note."""
        return {*self.unread_texts, *(tie.describe() for tie in self.ties)} - {self.note or ""}


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note in a file; `people` are the keys or names of those who were there."""

    on: str
    text: str
    source: str
    people: tuple[str, ...] = ()
    precision: str = "day"
    place: str | None = None
    by: str | None = None
    interests: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileIssue:
    """Something that was skipped or changed: the place in the file, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportedRecords:
    """All records of a file; `kind` is what it was recognized as, for messages (`Google CSV`).

    `mapping` has the columns of a table with their fields, `warnings` what was changed or kept as text, and
    why.
    """

    kind: str
    people: tuple[ImportedPerson, ...] = ()
    notes: tuple[ImportedNote, ...] = ()
    skipped: tuple[FileIssue, ...] = ()
    warnings: tuple[FileIssue, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
