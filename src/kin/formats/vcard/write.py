"""Fields of kin as lines of a vCard, and a whole new card made from them.

Before 4.0 interests are written into CATEGORIES, and X-KIN-INTEREST marks which categories they are. A word that
is also a group is written into X-KIN-GROUP, so that both can be read back.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Literal

from kin.formats.editor_card import Contact
from kin.formats.records import ImportedPerson, ImportedTie
from kin.formats.vcard.lines import (
    LineFormat,
    escape_text,
    escape_uri,
    format_head,
    format_line,
    join_values,
)
from kin.formats.vcard.read import NO_YEAR, find_chat_property

_PROPERTY_BY_KIND = {"email": "EMAIL", "phone": "TEL", "link": "URL"}
_APPLE_WORDS = (
    "anniversary mother father parent brother sister child son daughter friend spouse partner "
    "assistant manager other"
).split()
_TYPES = {"home": ("HOME",), "work": ("WORK",)}
_PHONE_TYPES = {
    **_TYPES,
    "mobile": ("CELL",),
    "work mobile": ("WORK", "CELL"),
    "fax": ("FAX",),
    "home fax": ("HOME", "FAX"),
    "work fax": ("WORK", "FAX"),
    "pager": ("PAGER",),
}
# RFC 6350, section 6.6.6
_RELATED_TYPES = frozenset(
    "contact acquaintance friend met co-worker colleague co-resident neighbor child parent sibling "
    "spouse kin muse crush date sweetheart agent emergency".split()
)


class FieldWriter:
    """Formats fields as lines; `used_groups` are those that the card has already."""

    def __init__(self, line_format: LineFormat, used_groups: Iterable[str] = ()) -> None:
        self.line_format = line_format
        self.used_groups = {group.lower() for group in used_groups}

    def format_text(self, name: str, text: str) -> bytes:
        return self._format(name, escape_text(text))

    def format_list(self, name: str, values: Iterable[str]) -> bytes:
        """Format NICKNAME or CATEGORIES."""
        return self._format(name, join_values(values, ","))

    def format_interest(self, label: str) -> bytes:
        is_4 = self.line_format.version == "4.0"
        return self.format_text("INTEREST" if is_4 else "X-KIN-INTEREST", label)

    def format_group(self, label: str) -> bytes:
        return self.format_text("X-KIN-GROUP", label)

    def format_town(self, town: str) -> bytes:
        return self._format(
            "ADR", join_values(("", "", "", town, "", "", ""), ";"), types=("HOME",)
        )

    def format_birthday(self, day: str) -> bytes:
        value, params = format_date_value(day, self.line_format.version)
        return self._format("BDAY", value, params=params)

    def format_contact(self, contact: Contact) -> bytes:
        value = escape_uri(contact.value) if contact.kind == "link" else escape_text(contact.value)
        if name := find_chat_property(contact):
            return self._format(name, value)
        name, types = (
            _PROPERTY_BY_KIND[contact.kind],
            find_types_for_label(contact.kind, contact.label),
        )
        if types is None and contact.label:
            return self._format_labeled(name, value, contact.label)
        return self._format(name, value, types=types or ())

    def format_date(self, label: str, day: str) -> bytes:
        value, params = format_date_value(day, self.line_format.version)
        if self.line_format.version == "4.0" and label == "anniversary":
            return self._format("ANNIVERSARY", value)
        return self._format_labeled("X-ABDATE", value, format_apple_label(label), params)

    def format_tie(self, tie: ImportedTie) -> bytes:
        """Format a tie: to a name, or to another card if the name is not known."""
        if self.line_format.version != "4.0" and tie.name:
            label = format_apple_label(tie.word)
            return self._format_labeled("X-ABRELATEDNAMES", escape_text(tie.name), label)
        params = (("VALUE", "text"),) if tie.name else ()
        uri = f"urn:uuid:{escape_text(tie.key or '')}"
        value = escape_text(tie.name) if tie.name else uri
        if tie.word not in _RELATED_TYPES:
            return self._format_labeled("RELATED", value, tie.word, params)
        return self._format("RELATED", value, types=(tie.word,), params=params)

    def _format(
        self,
        name: str,
        value: str,
        *,
        types: Sequence[str] = (),
        params: Sequence[tuple[str, str]] = (),
        group: str = "",
    ) -> bytes:
        head = format_head(name, self.line_format, types=types, params=params, group=group)
        return format_line(head, value, self.line_format)

    def _format_labeled(
        self, name: str, value: str, label: str, params: Sequence[tuple[str, str]] = ()
    ) -> bytes:
        """Format a value and its label in a new group."""
        group = next(each for n in count(1) if (each := f"item{n}") not in self.used_groups)
        self.used_groups.add(group)
        line = self._format(name, value, params=params, group=group)
        return line + self._format("X-ABLabel", escape_text(label), group=group)


def write_card(person: ImportedPerson, *, version: Literal["3.0", "4.0"] = "3.0") -> bytes:
    """Return a new card in UTF-8, with CR LF, folded at 75 octets; notes are not written.

    The name is FN, and the given name in N, undivided. How you met, the circle and what you differ on are
    not written. Raises ValueError without `person.uid`.
    """
    if not person.uid:
        raise ValueError("a card needs a UID")
    return b"".join(_format_card(person, person.uid, FieldWriter(LineFormat(version))))


def _format_card(person: ImportedPerson, uid: str, writer: FieldWriter) -> Iterator[bytes]:
    line_format = writer.line_format
    yield b"BEGIN:VCARD\r\nVERSION:%s\r\n" % line_format.version.encode()
    yield writer.format_text("UID", uid)
    yield format_line(b"N", join_values(("", person.name, "", "", ""), ";"), line_format)
    yield writer.format_text("FN", person.name)
    if person.nicknames:
        yield writer.format_list("NICKNAME", person.nicknames)
    yield from map(writer.format_contact, person.contacts)
    if person.lives:
        yield writer.format_town(person.lives)
    if person.birthday:
        yield writer.format_birthday(person.birthday)
    yield from (writer.format_date(label, day) for label, day in person.dates)
    yield from map(writer.format_tie, person.ties)
    if person.note:
        yield writer.format_text("NOTE", person.note)
    interests = [interest.label for interest in person.into]
    yield from _format_groups_and_interests(person.groups, interests, writer)
    yield b"END:VCARD\r\n"


def _format_groups_and_interests(
    groups: Iterable[str], interests: list[str], writer: FieldWriter
) -> Iterator[bytes]:
    """Format groups and interests so that reading them back distinguishes them."""
    if writer.line_format.version == "4.0":
        categories = dict.fromkeys(groups)
    else:
        categories = dict.fromkeys([*groups, *interests])
        yield from (writer.format_group(each) for each in groups if each in interests)
    if categories:
        yield writer.format_list("CATEGORIES", categories)
    yield from map(writer.format_interest, interests)


def format_apple_label(word: str) -> str:
    """Return a label for X-ABLabel; Apple's own words are wrapped in its signs."""
    return f"_$!<{word.capitalize()}>!$_" if word in _APPLE_WORDS else word


def find_types_for_label(kind: str, label: str | None) -> tuple[str, ...] | None:
    """Return the types for the label of an email, phone or link; None if none match it."""
    if label is None:
        return ()
    return (_PHONE_TYPES if kind == "phone" else _TYPES).get(label)


def format_date_value(day: str, version: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a day in the format of a version, and the parameters that it needs.

    4.0 follows RFC 6350, section 4.3.1. Earlier versions have only Apple's way to omit a year.
    """
    if version == "4.0":
        return "--" + day[2:].replace("-", "") if day[0] == "-" else day.replace("-", ""), ()
    if day[0] == "-":
        return f"{NO_YEAR}{day[1:]}", (("X-APPLE-OMIT-YEAR", f"{NO_YEAR}"),)
    return day, ()
