"""All that one card says, in its order, every value with the line that says it.

Its one rule: nothing is chosen, joined or left out here; who needs one name or one note chooses.
"""

from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from kin.formats.card import Way
from kin.formats.incoming import Bond
from kin.formats.vcard.lines import Head
from kin.formats.vcard.values import (
    Letters,
    one_line,
    value,
    values,
)
from kin.language.text import (
    clipped,
    visible,
)

_T = TypeVar("_T")


class Entry(NamedTuple):
    """A property of the card itself; `at` is its place among the card's unfolded lines."""

    at: int
    head: Head
    data: bytes


class Said(NamedTuple, Generic[_T]):
    """A value, and the place of the line that says it."""

    value: _T
    at: int


@dataclass(slots=True)
class Reading:
    """What a card says; filled by the readers of its properties."""

    letters: Letters
    labels: dict[str, str]  # X-ABLabel, by group in small letters
    version: str = "2.1"
    kind: str = ""
    uid: Said[str] | None = None
    members: list[str] = field(default_factory=list)  # keys
    names: list[tuple[int, Said[str]]] = field(default_factory=list)  # with their PREF
    parts: list[Said[list[str]]] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)  # for a card without a name
    nicknames: list[Said[str]] = field(default_factory=list)
    ways: list[Said[Way]] = field(default_factory=list)
    birthdays: list[Said[str | None]] = field(default_factory=list)
    days: list[Said[tuple[str, str]]] = field(default_factory=list)
    places: list[tuple[int, Said[str]]] = field(default_factory=list)  # 0 home, 2 work
    notes: list[Said[str]] = field(default_factory=list)
    categories: list[Said[str]] = field(default_factory=list)
    groups: list[Said[str]] = field(default_factory=list)  # X-KIN-GROUP
    marked: list[Said[str]] = field(default_factory=list)  # X-KIN-INTEREST
    interests: list[Said[str]] = field(default_factory=list)  # RFC 6715
    bonds: list[Said[Bond]] = field(default_factory=list)
    unread: list[Said[str]] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(
        default_factory=list
    )  # a field, and its value as text
    texts: list[str] = field(default_factory=list)  # what is not read, as text for its owner
    substance: bool = False  # says something of somebody

    def text(self, found: Entry) -> str:
        return value(found.head, found.data, self.letters)

    def line(self, found: Entry) -> str:
        return one_line(self.text(found))

    def parted(self, found: Entry, separator: str) -> list[str]:
        return [*map(one_line, values(found.head, found.data, separator, self.letters))]

    def label(self, found: Entry) -> str | None:
        return self.labels.get(found.head.group.lower()) if found.head.group else None

    def refuse(self, found: Entry, text: str, why: str, label: str, field: str = "") -> None:
        """Report a value that cannot be read; it stays as text, under a label. `field` is one of kin's."""
        if field:
            self.unreadable.append((field, text))
        if any(sign.isalnum() and sign != "0" for sign in text):  # 0000 says nothing
            self.texts.append(f"{label}: {text}")
        shown = clipped(visible(text, newlines=False), 40)
        self.unread.append(Said(f"{found.head.name} “{shown}” {why}", found.at))
