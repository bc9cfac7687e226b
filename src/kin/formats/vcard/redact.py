"""The card of one person with the name of another taken out.

A line that names the other is removed; in a note, which is free text, only the name is replaced. Whose card it is,
and how that person is reached, stays as it is.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from kin.formats.vcard.edits import Edits
from kin.formats.vcard.fields import reading
from kin.formats.vcard.lines import (
    Head,
    parted,
)
from kin.formats.vcard.patch import (
    Changes,
    patch,
)
from kin.formats.vcard.raw import (
    Opened,
    VcardError,
    fields,
    opened,
)
from kin.formats.vcard.reading import Reading
from kin.formats.vcard.values import value
from kin.formats.vcard.who import is_address

_OWN = frozenset(("FN", "N", "UID", "VERSION"))  # whose card it is
_LABELS = frozenset(
    "ADR CATEGORIES ORG INTEREST HOBBY X-INTEREST X-HOBBY X-KIN-INTEREST X-KIN-GROUP X-ABLABEL".split()
)


class Redact(Protocol):
    """Returns text without the name; in a `label` an ordinary word is not a name."""

    def __call__(self, words: str, label: bool = False, /) -> str: ...


class Named(NamedTuple):
    """Text of a card that names the other, and what is left of it: nothing of a line that is removed."""

    text: str
    after: str


def redacted(raw: bytes, instead: Redact) -> bytes | None:
    """Return the card in which `instead` finds nothing more.

    What names the other and is no card that can be written back is dropped: None.
    """
    try:
        note = fields(raw).note
        if note and instead(note) != note:
            raw = patch(raw, Changes(note=instead(note)))
        card = opened(raw)
    except VcardError:
        text = raw.decode(errors="replace")
        return raw if instead(text) == text else None
    read = reading(card.lines)
    edits = Edits(card, read.version)
    edits.removed.update(at for at, _ in _lines(card, read, instead))
    return edits.result() if edits.removed else raw


def named(raw: bytes, instead: Redact) -> Iterator[Named]:
    """Yield the text of a card that `redacted` would change."""
    try:
        note = fields(raw).note
        if note and instead(note) != note:
            yield Named(note, instead(note))
            raw = patch(raw, Changes(note=instead(note)))
        card = opened(raw)
    except VcardError:
        text = raw.decode(errors="replace")
        if instead(text) != text:
            yield Named(text, "")
        return
    for _, text in _lines(card, reading(card.lines), instead):
        yield Named(text, "")


def kept(raw: bytes) -> Iterator[str]:
    """Yield the values that stay as they are, whoever they name: names, UIDs and addresses."""
    try:
        card = opened(raw)
    except VcardError:
        return
    letters = reading(card.lines).letters
    for line in card.lines:
        if line.kind == "property":
            head, data = parted(line.text)
            if head.name in _OWN or is_address(head.name):
                yield value(head, data, letters)


def _lines(card: Opened, read: Reading, instead: Redact) -> Iterator[tuple[int, str]]:
    """Yield the lines that name the other: their places, and what they say."""
    for at, line in enumerate(card.lines):
        if line.kind == "edge":
            continue
        head, data = parted(line.text)
        if head.name in _OWN:
            continue
        before = line.text[: len(line.text) - len(data)].decode(errors="replace")
        said = (
            ""
            if is_address(head.name) or _is_binary(head, data)
            else value(head, data, read.letters)
        )
        label = head.name in _LABELS
        if instead(said, label) != said:
            yield at, said
        elif instead(before, True) != before:
            yield at, line.text.decode(errors="replace")


def _is_binary(head: Head, data: bytes) -> bool:
    """Return whether a value is a photo or the like, in which letters mean nothing."""
    return head.encoding == "b" or data[:5].lower() == b"data:"
