"""What a file brings: people and conversations as any format has them, and what could not be read.

Its one rule: nothing is dropped silently. What no field here holds stands in `note`, as text, and
what could not be read at all stands in `skipped`, with its place in the file.
"""

from dataclasses import dataclass

from kin.formats.card import Loved, Way


@dataclass(frozen=True, slots=True)
class Bond:
    """Somebody whom this person knows: `name` is this person's `word` (partner, sister).

    `key` is the other's `Incoming.key`, where the file says which record is meant.
    """

    word: str
    name: str
    key: str | None = None

    def text(self) -> str:
        """Return the tie in words, for where the other is nobody in the book."""
        return f"{self.word}: {self.name}"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A person as a file has them; days are YYYY-MM-DD, or --MM-DD where the year is unknown.

    `source` is the place in the file (`people.vcf:112`), `key` what the file itself calls this
    record, `raw` the record byte for byte where the format is a card. `beside` are texts that are no
    part of the note: what stands in lines of the card's own and fits no field.
    """

    name: str
    source: str
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Way, ...] = ()
    birthday: str | None = None
    days: tuple[tuple[str, str], ...] = ()
    lives: str | None = None
    circle: str | None = None
    note: str | None = None
    into: tuple[Loved, ...] = ()
    collides: tuple[Loved, ...] = ()
    groups: tuple[str, ...] = ()
    bonds: tuple[Bond, ...] = ()
    met_on: str | None = None
    met_precision: str | None = None
    met_at: str | None = None
    met_story: str | None = None
    met_through: str | None = None
    uid: str | None = None
    key: str | None = None
    raw: bytes | None = None
    beside: tuple[str, ...] = ()

    def in_lines(self) -> set[str]:
        """Return the texts that a card says in lines of its own, and not in its note."""
        return {*self.beside, *(bond.text() for bond in self.bonds)} - {self.note or ""}


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation as a file has it: `people` are keys or names of who was there."""

    on: str
    text: str
    source: str
    people: tuple[str, ...] = ()
    precision: str = "day"
    place: str | None = None
    by: str | None = None
    topics: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not taken in: the place in the file, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Brought:
    """All that a file brings; `kind` names what it was recognised as, for people (`Google CSV`).

    `mapping` tells which column became which field, `remarks` what was kept as text and why.
    """

    kind: str
    people: tuple[Incoming, ...] = ()
    talks: tuple[Told, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[Skipped, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
