"""vCards 2.1, 3.0 and 4.0, read as phones and programs write them, and written back.

Its one rule: no card is lost and no bad line stops a file; what is not read is reported with its
place, and stands in the raw card.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from kin.errors import UsageError
from kin.formats.incoming import Bond, Brought, Incoming, Skipped
from kin.formats.vcard.fields import Fields
from kin.formats.vcard.patch import (
    Changes,
    patch,
)
from kin.formats.vcard.people import (
    Circle,
    Seen,
    seen,
)
from kin.formats.vcard.raw import (
    Property,
    VcardError,
    fields,
    properties,
    whole,
)
from kin.formats.vcard.split import (
    RawCard,
    split,
)
from kin.formats.vcard.values import codec
from kin.formats.vcard.write import write
from kin.language.text import joined

__all__ = [
    "Changes",
    "Fields",
    "Property",
    "Seen",
    "VcardError",
    "cards",
    "fields",
    "patch",
    "properties",
    "read",
    "read_all",
    "whole",
    "write",
]


def cards(
    source: bytes | BinaryIO,
    name: str,
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> Iterator[Seen]:
    """Yield what each card of a file is, one by one; `name` is the file's, for `people.vcf:112`.

    `encoding` is for letters that are not UTF-8 and of which the card says nothing. Ties and
    groups that point to other cards are not followed here, but by `read`.
    """
    if encoding and not codec(encoding):
        raise UsageError(f"“{encoding}” is no encoding that kin knows.", "Say it as in cp1252.")
    for found in split(source):
        if isinstance(found, RawCard):
            yield seen(found, name, encoding, categories_are_interests)
        else:
            lines = "a line stands" if found.lines == 1 else f"{found.lines:,} lines stand"
            where = f"{name}:{found.at}"
            yield Seen(where, skipped=(Skipped(where, f"{lines} outside of any card"),))


def read(
    source: bytes | BinaryIO,
    name: str,
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> Brought:
    """Read a file of cards: people, with the groups and ties that point from card to card."""
    return read_all(
        [(name, source)],
        encoding=encoding,
        categories_are_interests=categories_are_interests,
    )


def read_all(
    files: Iterable[tuple[str, bytes | BinaryIO]],
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> Brought:
    """Read a folder of cards, given as names and contents, as if it were one file."""
    gathered = _Gathered()
    for name, source in files:
        guessed = 0
        for each in cards(
            source, name, encoding=encoding, categories_are_interests=categories_are_interests
        ):
            gathered.take(each)
            guessed += each.guessed
        if guessed:
            gathered.remarks.append(Skipped(name, _guessed(guessed)))
    return gathered.brought()


def _guessed(count: int) -> str:
    cards_are = "one card is" if count == 1 else f"{count:,} cards are"
    return f"{cards_are} not UTF-8 and read as cp1252; say --encoding if letters look wrong"


class _Gathered:
    """What the cards of all files are, before they are tied to each other."""

    def __init__(self) -> None:
        self.people: list[Incoming] = []
        self.groups: list[tuple[str, Circle]] = []
        self.skipped: list[Skipped] = []
        self.remarks: list[Skipped] = []
        self.versions: set[str] = set()

    def take(self, found: Seen) -> None:
        self.people += [found.person] if found.person else []
        self.groups += [(found.where, found.group)] if found.group else []
        self.skipped += found.skipped
        self.remarks += found.remarks
        self.versions |= {found.version} if found.version else set()

    def brought(self) -> Brought:
        at = {person.key: place for place, person in enumerate(self.people) if person.key}
        for where, group in self.groups:
            here = [at[member] for member in dict.fromkeys(group.members) if member in at]
            for place in here:
                person = self.people[place]
                if group.name not in person.groups:
                    self.people[place] = replace(person, groups=(*person.groups, group.name))
            told = f"“{group.name}” is a group; {len(here)} of its {len(group.members)} members are here"
            self.remarks.append(Skipped(where, told))
        for place, person in enumerate(self.people):
            if any(bond.key for bond in person.bonds):
                self.people[place] = replace(person, bonds=tuple(self._named(person, at)))
        kind = f"vCard {joined(sorted(self.versions))}" if self.versions else "vCard"
        return Brought(kind, tuple(self.people), (), tuple(self.skipped), tuple(self.remarks))

    def _named(self, person: Incoming, at: dict[str, int]) -> Iterator[Bond]:
        """Give every tie to another card that card's name; report those whose card is not here."""
        for bond in person.bonds:
            if bond.key is None:
                yield bond
            elif bond.key in at:
                yield replace(bond, name=self.people[at[bond.key]].name)
            else:
                why = f"{bond.word}: the card {bond.key} is not here"
                self.remarks.append(Skipped(person.source, why))
