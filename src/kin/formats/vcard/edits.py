"""The lines of a raw card with some taken out, some replaced and some added.

Its one rule: what is not edited is byte for byte as it was, and an added line stands where nothing
before it can swallow it.
"""

from kin.formats.vcard.lines import (
    Head,
    Line,
    parted,
)
from kin.formats.vcard.raw import Opened
from kin.formats.vcard.spell import Form
from kin.formats.vcard.values import codec

_SERVANTS = frozenset(["X-ABLABEL", "X-ABADR", "X-ABORDER"])  # they speak of others in their group


class Edits:
    """What is to become of the lines of one card, by their places in `card.lines`."""

    def __init__(self, card: Opened, version: str) -> None:
        first = card.card[0]
        end = first[len(first.rstrip(b"\r\n")) :]
        self.form = Form(version, b"\r\n" if end in (b"", b"\r\r\n") else end)
        self.card = card
        self.heads: dict[int, Head] = {
            at: parted(line.text)[0]
            for at, line in enumerate(card.lines)
            if line.kind == "property"
        }
        self.removed: set[int] = set()
        self.replaced: dict[int, bytes] = {}
        self.added: list[bytes] = []

    def result(self) -> bytes:
        """Return all of the bytes that the card was taken from, with the edits."""
        card = self.card
        removed = self._with_followers(self.removed | self._idle_labels())
        charsets, place = self._charsets(removed | self.replaced.keys()), self._place()
        pieces = [card.before]
        for at, line in enumerate(card.lines):
            if at == place:
                pieces += self._additions(pieces[-1])
            pieces.append(charsets.get(at, b"") + self._piece(at, line, removed))
        if place == len(card.lines):
            pieces += self._additions(pieces[-1])
        data = b"".join([*pieces, card.after])
        if card.codec is None:
            return data
        return data.decode(errors="surrogatepass").encode(card.codec, "surrogatepass")

    def _piece(self, at: int, line: Line, removed: set[int]) -> bytes:
        """Return what becomes of a line; the blank lines behind it always stay."""
        physical = self.card.card[line.at : line.end]
        filled = len(physical)
        while filled > 1 and physical[filled - 1] in _BLANK:
            filled -= 1
        blank = b"".join(physical[filled:])
        if at in removed:
            return blank
        return self.replaced[at] + blank if at in self.replaced else b"".join(physical)

    def _additions(self, before: bytes) -> list[bytes]:
        unended = before and not before.endswith((b"\n", b"\r"))
        return [self.form.end, *self.added] if self.added and unended else self.added

    def _place(self) -> int:
        """Return where lines are added: before END, or higher up where the last line is open."""
        lines = self.card.lines
        place = len(lines) - (lines[-1].kind == "edge" and len(lines) > 1)
        while place > 1 and (
            # The last line stands for what is behind it: an AGENT's card that has no END.
            lines[min(place, len(lines) - 1)].kind in ("agent", "nested")
            or self._is_open(lines[place - 1])
        ):
            place -= 1
        return place

    def _is_open(self, line: Line) -> bool:
        """Tell whether a line ends in the `=` of quoted-printable, and would take in the next."""
        if line.kind in ("edge", "comment", "stray"):
            return False
        last = self.card.card[line.end - 1].rstrip()
        return last.endswith(b"=") and parted(line.text)[0].encoding == "q"

    def _with_followers(self, removed: set[int]) -> set[int]:
        """Add what has no meaning behind a line that goes: its broken rest, or an AGENT's card."""
        lines = self.card.lines
        found = set(removed)
        for at in removed:
            while at + 1 < len(lines) and lines[at + 1].kind in ("stray", "agent", "nested"):
                at += 1
                found.add(at)
        return found

    def _charsets(self, touched: set[int]) -> dict[int, bytes]:
        """Keep what a touched line alone said of the letters of others, in a line in its place."""
        left = [at for at in self.heads if at not in touched]
        said = {codec(self.heads[at].charset or "") for at in left} | {"", "utf-8", "ascii"}
        kept = {}
        for at in sorted(touched & self.heads.keys()):
            charset = self.heads[at].charset or ""
            if codec(charset) not in said and any(map(self._is_in_doubt, left)):
                said.add(codec(charset))
                kept[at] = b"X-KIN-CHARSET;CHARSET=%s:" % charset.encode() + self.form.end
        return kept

    def _is_in_doubt(self, at: int) -> bool:
        """Tell whether the letters of a line may be other than UTF-8."""
        text = self.card.lines[at].text
        try:
            text.decode()
        except UnicodeDecodeError:
            return True
        return self.heads[at].encoding == "q" and b"=" in text

    def _idle_labels(self) -> set[int]:
        """Return the labels of groups from which all that they speak of is taken out."""
        gone = {self.heads[at].group.lower() for at in self.removed if self.heads[at].group}
        left = {
            head.group.lower()
            for at, head in self.heads.items()
            if at not in self.removed and head.name not in _SERVANTS
        }
        return {
            at
            for at, head in self.heads.items()
            if head.name in _SERVANTS and head.group.lower() in gone - left
        }


_BLANK = (b"\r\n", b"\n", b"\r", b"\r\r\n")
