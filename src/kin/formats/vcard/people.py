"""One raw card as a person, or as a group, with all that must be said about it.

Its one rule: a card that says anything of anybody is somebody, even without a name.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kin.constants import (
    LONGEST_LABEL,
    LONGEST_NAME,
)
from kin.formats.card import Loved
from kin.formats.incoming import Incoming, Skipped
from kin.formats.vcard.fields import (
    Fields,
    called,
    fields_of,
    reading,
)
from kin.formats.vcard.lines import (
    Line,
    unfolded,
)
from kin.formats.vcard.reading import Reading
from kin.formats.vcard.split import RawCard
from kin.formats.vcard.who import key
from kin.language.text import (
    clipped,
    visible,
)

LONGEST_WAY = 2000
NAMELESS = "nameless "
MOST_REMARKS = 20  # on one card: a broken photo alone can have thousands of lines


class Circle(NamedTuple):
    """A card of KIND:group: its name, and the keys of those who belong to it."""

    name: str
    members: tuple[str, ...]


class Seen(NamedTuple):
    """What came of one card, or of lines outside of any; `fields` are all that it says, however long."""

    where: str
    person: Incoming | None = None
    group: Circle | None = None
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[Skipped, ...] = ()
    version: str | None = None
    fields: Fields | None = None
    guessed: bool = False  # its letters are not UTF-8, and nothing says what they are


def seen(card: RawCard, file: str, encoding: str | None, categories_are_interests: bool) -> Seen:
    """Read one raw card of a file."""
    lines = unfolded(card.lines)
    read = reading(lines, encoding)
    where = f"{file}:{card.at}"
    said = [Skipped(f"{file}:{at}", why) for at, why in _remarks(card, lines, read)]
    name = called(read)
    result = Seen(where, version=read.version, guessed=read.letters.guessed)
    if read.kind == "group":
        return result._replace(
            group=Circle(name or where, tuple(read.members)), remarks=tuple(said)
        )
    if not name and not read.substance:
        return result._replace(skipped=(Skipped(where, "the card is empty"),), remarks=tuple(said))
    if not name:
        name = f"{NAMELESS}{where}"
        said.append(Skipped(where, f"has no name; it comes in as “{name}”"))
    fields = fields_of(read, categories_are_interests=categories_are_interests)
    said += [Skipped(where, _too_long(each)) for each in _misfits(name, fields)]
    raw = b"".join(card.lines) if card.whole else None
    person = _person(name, where, fields, raw)
    return result._replace(person=person, fields=fields, remarks=tuple(said))


def _person(name: str, where: str, fields: Fields, raw: bytes | None) -> Incoming:
    name = name if len(name) <= LONGEST_NAME else clipped(name, LONGEST_NAME // 2)
    return Incoming(
        name=name,
        source=where,
        nicknames=tuple(filter(_fits, fields.nicknames)),
        contacts=tuple(way for way in fields.contacts if _fits(way.value, LONGEST_WAY)),
        birthday=fields.birthday,
        days=tuple(day for day in fields.days if _fits(day[0])),
        lives=fields.lives if fields.lives and _fits(fields.lives) else None,
        note=fields.note,
        into=tuple(Loved(each) for each in fields.interests if _fits(each)),
        groups=tuple(filter(_fits, fields.groups)),
        bonds=tuple(bond for bond in fields.bonds if _fits(bond.word + bond.name)),
        uid=fields.uid,
        key=key(fields.uid) if fields.uid else None,
        raw=raw,
        beside=tuple(each for each in fields.beside if _fits(each, LONGEST_WAY)),
    )


def _fits(words: str, longest: int = LONGEST_LABEL) -> bool:
    return len(words) <= longest


def _misfits(name: str, fields: Fields) -> Iterator[str]:
    """Yield the words that are longer than kin keeps any."""
    ways = [way.value for way in fields.contacts if not _fits(way.value, LONGEST_WAY)]
    words = [name, *fields.nicknames, *fields.groups, *fields.interests, fields.lives or ""]
    words += [
        *(label for label, _ in fields.days),
        *(each.word + each.name for each in fields.bonds),
    ]
    yield from (each for each in (*words, *ways) if not _fits(each))


def _too_long(words: str) -> str:
    return f"“{clipped(visible(words[:200]), 40)}” has {len(words):,} characters; the raw card keeps it"


def _remarks(card: RawCard, lines: Sequence[Line], read: Reading) -> Iterator[tuple[int, str]]:
    """Say what is wrong with a card, each with its line in the file."""
    if not card.closed:
        yield card.at, "the card has no END; it ends where the next one begins"
    if not card.whole:
        yield card.at, "the card is too big to be kept whole; what fits is read"
    if read.letters.nul:
        yield card.at, "has NUL characters, which are left out"
    stray = [(line, _no_property(line.text)) for line in lines if line.kind == "stray"]
    found = [*stray, *((lines[each.at], each.value) for each in read.unread)]
    for line, why in found[:MOST_REMARKS]:
        # The lines of a card that was cut cannot be counted.
        yield card.at + line.at if card.whole else card.at, why
    if len(found) > MOST_REMARKS:
        yield card.at, f"and {len(found) - MOST_REMARKS:,} more lines cannot be read"


def _no_property(text: bytes) -> str:
    words = " ".join(text[:200].decode(errors="replace").split())
    shown = clipped(visible(words), 40)
    return f"“{shown}” is no line of a card"
