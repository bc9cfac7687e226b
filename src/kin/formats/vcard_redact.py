"""A raw card of somebody with the name of another taken out.

Its one rule: a line that names them goes; only in a note, which is words of its own, is the name replaced.
"""

from collections.abc import Callable

from kin.formats.vcard_edits import Edits
from kin.formats.vcard_fields import reading
from kin.formats.vcard_lines import parted
from kin.formats.vcard_patch import Changes, patch
from kin.formats.vcard_raw import VcardError, fields, opened
from kin.formats.vcard_values import value

_OWN = frozenset(("FN", "N", "UID", "VERSION"))  # whose card it is


def redacted(raw: bytes, instead: Callable[[str], str]) -> bytes | None:
    """Return the card in which `instead` finds nothing more; None where it is no card to be written."""
    try:
        note = fields(raw).note
        if note and instead(note) != note:
            raw = patch(raw, Changes(note=instead(note)))
        card = opened(raw)
    except VcardError:
        return None
    read = reading(card.lines)
    edits = Edits(card, read.version)
    for at, line in enumerate(card.lines):
        if line.kind == "edge":
            continue
        head, data = parted(line.text)
        words = value(head, data, read.letters)
        whole = line.text.decode(errors="replace")
        if head.name not in _OWN and (instead(words) != words or instead(whole) != whole):
            edits.removed.add(at)
    return edits.result() if edits.removed else raw
