"""One raw card taken apart: what stands before and behind it, its lines, and what they say.

Its one rule: put together again untouched, it is the same bytes.
"""

from typing import NamedTuple

from kin.errors import UsageError
from kin.formats.vcard.fields import (
    Fields,
    fields_of,
    reading,
)
from kin.formats.vcard.lines import (
    Line,
    parted,
    unfolded,
)
from kin.formats.vcard.split import (
    RawCard,
    edge,
    split,
    utf_16,
)
from kin.formats.vcard.values import (
    value,
    values,
)

_PARTED_BY = {"N": ";", "ADR": ";", "ORG": ";", "CATEGORIES": ",", "NICKNAME": ","}

_DEEPER = {"begin": 1, "agent": 1, "end": -1}


class VcardError(UsageError):
    """Bytes that are no card, or one that is too big to be written back."""


class Property(NamedTuple):
    """A property as the card has it, decoded; names are in capitals.

    `values` are the parts of N, ADR, ORG, CATEGORIES and NICKNAME; else the value alone.
    """

    group: str
    name: str
    params: tuple[tuple[str, str], ...]
    value: str
    values: tuple[str, ...]


class Opened(NamedTuple):
    """The first card in some bytes; `codec` is theirs where they are UTF-16, the rest is UTF-8."""

    before: bytes
    card: list[bytes]  # its physical lines
    after: bytes
    lines: list[Line]
    codec: str | None


def opened(raw: bytes) -> Opened:
    """Take the first card in some bytes apart; raise VcardError where there is none."""
    codec = utf_16(raw)
    if codec == "utf-16":
        codec = "utf-16-le" if raw[:1] == b"\xff" else "utf-16-be"
    try:
        data = raw.decode(codec, "surrogatepass").encode(errors="surrogatepass") if codec else raw
    except UnicodeDecodeError:
        raise VcardError("This card breaks off inside a letter.", "Write it anew.") from None
    for found in split(data):
        if isinstance(found, RawCard):
            if not found.whole:
                raise VcardError("This card is too big for kin to write.", "Is its photo so large?")
            start = data.index(b"".join(found.lines))
            end = start + sum(map(len, found.lines))
            return Opened(data[:start], found.lines, data[end:], unfolded(found.lines), codec)
    raise VcardError("This is no vCard.", "A card begins with BEGIN:VCARD.")


def whole(raw: bytes) -> bytes:
    """Return the first card in some bytes alone, as UTF-8, with all its ENDs and the end of its last line.

    Raises VcardError where there is none. Behind it another card can stand.
    """
    card = opened(raw).card
    first = card[0]
    end = first[len(first.rstrip(b"\r\n")) :] or b"\r\n"
    data = b"".join(card)
    if not data.endswith((b"\r", b"\n")):
        data += end
    depth = sum(_DEEPER.get(edge(line), 0) for line in card)
    return data + b"END:VCARD%s" % end * depth


def fields(
    raw: bytes, *, encoding: str | None = None, categories_are_interests: bool = False
) -> Fields:
    """Return what a raw card says in the fields that kin knows; raise VcardError for no card."""
    read = reading(opened(raw).lines, encoding)
    return fields_of(read, categories_are_interests=categories_are_interests)


def properties(raw: bytes, *, encoding: str | None = None) -> tuple[Property, ...]:
    """Return all properties of a raw card in its order, but not those of an AGENT's card in it."""
    lines = opened(raw).lines
    letters = reading(lines, encoding).letters
    found = []
    for line in lines:
        if line.kind == "property":
            head, data = parted(line.text)
            text, separator = value(head, data, letters), _PARTED_BY.get(head.name)
            parts = values(head, data, separator, letters) if separator else [text]
            while head.name == "ORG" and parts[1:] and not parts[-1]:
                del parts[-1]  # `SAP;` has no second part
            found.append(Property(head.group, head.name, head.params, text, tuple(parts)))
    return tuple(found)
