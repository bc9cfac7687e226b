"""Fields of kin as lines of a card, and a whole new card of them.

Its one rule: what it writes, kin reads back the same. Interests stand among CATEGORIES before 4.0,
and X-KIN-INTEREST says which they are; a word that is a group as well is in X-KIN-GROUP.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Literal

from kin.formats.card import Way
from kin.formats.incoming import Bond, Incoming
from kin.formats.vcard import (
    dates as vcard_days,
)
from kin.formats.vcard import (
    labels as vcard_labels,
)
from kin.formats.vcard.spell import (
    Form,
    address,
    head,
    parts,
    spelled,
    text,
)
from kin.formats.vcard.who import chat_name

_NAMES = {"email": "EMAIL", "phone": "TEL", "link": "URL"}


class Lines:
    """Spells one field after the other; `used` are the groups that the card has already."""

    def __init__(self, form: Form, used: Iterable[str] = ()) -> None:
        self.form = form
        self.used = {group.lower() for group in used}

    def name(self, name: str) -> bytes:
        return self._text("FN", name)

    def uid(self, uid: str) -> bytes:
        return self._text("UID", uid)

    def note(self, note: str) -> bytes:
        return self._text("NOTE", note)

    def listed(self, name: str, values: Iterable[str]) -> bytes:
        """Spell NICKNAME or CATEGORIES."""
        return spelled(head(name, self.form), parts(values, ","), self.form)

    def interest(self, label: str) -> bytes:
        return self._text("INTEREST" if self.form.version == "4.0" else "X-KIN-INTEREST", label)

    def group(self, label: str) -> bytes:
        return self._text("X-KIN-GROUP", label)

    def lives(self, place: str) -> bytes:
        line = head("ADR", self.form, types=("HOME",))
        return spelled(line, parts(("", "", "", place, "", "", ""), ";"), self.form)

    def birthday(self, day: str) -> bytes:
        written, params = vcard_days.written(day, self.form.version)
        return spelled(head("BDAY", self.form, params=params), written, self.form)

    def way(self, way: Way) -> bytes:
        value = address(way.value) if way.kind == "link" else text(way.value)
        if name := chat_name(way):
            return spelled(head(name, self.form), value, self.form)
        name, types = _NAMES[way.kind], vcard_labels.types(way.kind, way.label)
        if types is None and way.label:
            return self._labelled(name, value, way.label)
        return spelled(head(name, self.form, types=types or ()), value, self.form)

    def day(self, label: str, day: str) -> bytes:
        written, params = vcard_days.written(day, self.form.version)
        if self.form.version == "4.0" and label == "anniversary":
            return spelled(b"ANNIVERSARY", written, self.form)
        return self._labelled("X-ABDATE", written, vcard_labels.apple(label), params)

    def bond(self, bond: Bond) -> bytes:
        """Spell a tie: to a name, or to another card where only that is known."""
        if self.form.version != "4.0" and bond.name:
            word = vcard_labels.apple(bond.word)
            return self._labelled("X-ABRELATEDNAMES", text(bond.name), word)
        params = () if not bond.name else (("VALUE", "text"),)
        value = text(bond.name) if bond.name else f"urn:uuid:{text(bond.key or '')}"
        if not vcard_labels.is_related(bond.word):
            return self._labelled("RELATED", value, bond.word, params)
        line = head("RELATED", self.form, types=(bond.word,), params=params)
        return spelled(line, value, self.form)

    def _text(self, name: str, words: str) -> bytes:
        return spelled(head(name, self.form), text(words), self.form)

    def _labelled(
        self, name: str, value: str, label: str, params: Iterable[tuple[str, str]] = ()
    ) -> bytes:
        """Spell a value and, in the same new group, its label."""
        group = next(each for each in (f"item{n}" for n in count(1)) if each not in self.used)
        self.used.add(group)
        line = spelled(head(name, self.form, params=tuple(params), group=group), value, self.form)
        return line + spelled(head("X-ABLabel", self.form, group=group), text(label), self.form)


def write(person: Incoming, *, version: Literal["3.0", "4.0"] = "3.0") -> bytes:
    """Return a whole new card: UTF-8, CR LF, folded at 75 octets; never a conversation.

    `person.uid` must be given. The name is FN, and in N it stands unparted as the given name. How
    you met, the circle and where you differ stay at home.
    """
    if not person.uid:
        raise ValueError("a card needs a UID")
    return b"".join(_card(person, Lines(Form(version))))


def _card(person: Incoming, lines: Lines) -> Iterator[bytes]:
    form = lines.form
    yield b"BEGIN:VCARD\r\nVERSION:%s\r\n" % form.version.encode()
    yield lines.uid(person.uid or "")
    yield spelled(b"N", parts(("", person.name, "", "", ""), ";"), form)
    yield lines.name(person.name)
    if person.nicknames:
        yield lines.listed("NICKNAME", person.nicknames)
    yield from map(lines.way, person.contacts)
    if person.lives:
        yield lines.lives(person.lives)
    if person.birthday:
        yield lines.birthday(person.birthday)
    yield from (lines.day(label, day) for label, day in person.days)
    yield from map(lines.bond, person.bonds)
    if person.note:
        yield lines.note(person.note)
    yield from _words(person.groups, [loved.label for loved in person.into], lines)
    yield b"END:VCARD\r\n"


def _words(groups: Iterable[str], interests: list[str], lines: Lines) -> Iterator[bytes]:
    """Spell groups and interests so that they can be told apart again."""
    if lines.form.version == "4.0":
        categories = dict.fromkeys(groups)
    else:
        categories = dict.fromkeys([*groups, *interests])
        yield from (lines.group(each) for each in groups if each in interests)
    if categories:
        yield lines.listed("CATEGORIES", categories)
    yield from map(lines.interest, interests)
