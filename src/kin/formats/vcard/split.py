"""A file of vCards in pieces: bytes to physical lines, and lines to one raw card after the other.

Its one rule: memory is bounded by what one card may weigh, whatever the file is. What is beyond is
not kept, and the card says so (`whole`).
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, Literal, NamedTuple

CHUNK = 1 << 18
# The largest photo that a phone puts into a card is some five million bytes.
LONGEST_PROPERTY = 8 << 20
LARGEST_CARD = 16 << 20
MOST_LINES = 200_000

# A botched transfer turns CR LF into CR CR LF; it is one end of a line, not two.
_DOUBLED = re.compile(rb"[^\r\n]*+(?:\r?\r?\n|\r)|[^\r\n]++")
_NEWLINE = re.compile(rb"\r\n?|\n")
_MARK = re.compile(rb"(?i)(?:\xef\xbb\xbf)?(BEGIN|END)[ \t]*:[ \t]*VCARD[ \t]*(?=[\r\n]|\Z)")
_AGENT = re.compile(rb"(?i)(?:[\w-]++\.)?AGENT(?:;[^:]*)?:[ \t]*(BEGIN:VCARD)?[ \t\r\n]*\Z")
_GLUED = re.compile(
    rb"(?i)(END[ \t]*:[ \t]*VCARD[ \t]*)((?:\xef\xbb\xbf)?BEGIN[ \t]*:.*)", re.DOTALL
)
_LONGEST_EDGE = 300

Edge = Literal["begin", "end", "agent", ""]


class RawCard(NamedTuple):
    """A card as it stands in the file: `at` counts lines from 1."""

    at: int
    lines: list[bytes]  # with their ends
    whole: bool = True  # False where a part was too much to keep
    closed: bool = True  # False where its END is missing


class Stray(NamedTuple):
    """Lines outside of any card: where the first stands, and how many there are."""

    at: int
    first: bytes
    lines: int


def split(source: bytes | BinaryIO) -> Iterator[RawCard | Stray]:
    """Yield the cards of a file one by one, and the lines that stand outside of them.

    An AGENT's card is a part of the card around it. A BEGIN elsewhere ends a card whose END is
    missing. UTF-16 comes as UTF-8; a byte order mark is no part of a card.
    """
    splitter = _Splitter()
    for lines, marked in _batches(
        _chunks(BytesIO(source) if isinstance(source, bytes) else source)
    ):
        start = 0
        for end in _edges(lines) if marked else ():
            splitter.take_inside(lines[start:end])
            yield from splitter.take_edge(lines[end])
            start = end + 1
        splitter.take_inside(lines[start:])
    yield from splitter.left()


def edge(line: bytes) -> Edge:
    """Tell whether a physical line begins or ends a card, or an AGENT's on the AGENT's own line."""
    if len(line) > _LONGEST_EDGE or b"card" not in line.lower():
        return ""
    if mark := _MARK.match(line):
        return "begin" if mark[1][:1] in b"Bb" else "end"
    agent = _AGENT.match(line)
    return "agent" if agent and agent[1] else ""


def opens_agent(line: bytes) -> bool:
    """Tell whether the card of an AGENT is to follow this line."""
    return len(line) <= _LONGEST_EDGE and _AGENT.match(line) is not None


def physical(buffer: bytes) -> list[bytes]:
    """Split at every CR, LF and CR LF, and keep the ends."""
    return _DOUBLED.findall(buffer) if b"\r\r\n" in buffer else buffer.splitlines(keepends=True)


def utf_16(first: bytes) -> str | None:
    """Return the codec of a text that begins so, where it is UTF-16."""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if first[:4].upper() == b"B\0E\0":
        return "utf-16-le"
    return "utf-16-be" if first[:4].upper() == b"\0B\0E" else None


def _edges(lines: list[bytes]) -> list[int]:
    """Return the places of the lines that may begin or end a card, which few do."""
    return [at for at, line in enumerate(lines) if line.rstrip()[-5:].upper() == b"VCARD"]


class _Splitter:
    """Where the reading of a file stands: in a card, or outside, and on which line."""

    def __init__(self) -> None:
        self.at = 0
        self.card: _Gathering | None = None
        self.stray: Stray | None = None

    def take_edge(self, line: bytes) -> Iterator[RawCard | Stray]:
        self.at += 1
        glued = _GLUED.match(line) if line[:1] in b"eE" else None
        for part in glued.groups() if glued else (line,):
            # Inside a card an indented BEGIN is the second half of a folded line.
            found = edge(part if self.card else part.lstrip(b" \t"))
            if found == "begin" and not (self.card and opens_agent(self.card.filled)):
                yield from self.left()
                self.card = _Gathering(self.at, part.lstrip(codecs.BOM_UTF8 + b" \t"))
            elif self.card is None:
                self._outside([part], self.at)
            elif self.card.add(part, found):
                yield from self.left(closed=True)

    def take_inside(self, lines: Sequence[bytes]) -> None:
        """Take lines of which none begins or ends a card."""
        if self.card is None:
            self._outside(lines, self.at + 1)
        elif self.card.full:
            self.card.leave(lines)
        else:
            for line in lines:
                self.card.add(line)
        self.at += len(lines)

    def left(self, *, closed: bool = False) -> Iterator[RawCard | Stray]:
        if self.card:
            yield RawCard(self.card.at, self.card.lines, self.card.whole, closed)
        if self.stray:
            yield self.stray
        self.card = self.stray = None

    def _outside(self, lines: Sequence[bytes], at: int) -> None:
        filled = [number for number, line in enumerate(lines, at) if not line.isspace()]
        if filled:
            stray = self.stray or Stray(filled[0], lines[filled[0] - at][:200], 0)
            self.stray = stray._replace(lines=stray.lines + len(filled))


class _Gathering:
    """A card whose END has not come yet, and what it weighs."""

    def __init__(self, at: int, head: bytes) -> None:
        self.at, self.lines, self.whole, self.full = at, [head], True, False
        self.filled = head  # the last line that is not blank, kept or not
        self.depth, self.size, self.run = 1, 0, 0

    def add(self, line: bytes, found: Edge = "") -> bool:
        """Take a line in if there is room for it, and tell whether the card ends with it."""
        size = len(line)
        # What is indented or has no colon belongs to the property above.
        goes_on = line[:1] in b" \t" or b":" not in line
        self.run = self.run + size if goes_on else size
        if self.full or (goes_on and self.run > LONGEST_PROPERTY):
            self.leave((line,))
        else:
            self.lines.append(line)
            self.size += size
            self.whole = self.whole and size <= LONGEST_PROPERTY  # a longer one comes cut
            self.full = self.size >= LARGEST_CARD or len(self.lines) >= MOST_LINES
            self.filled = self.filled if line.isspace() else line
        if found:
            self.depth += -1 if found == "end" else 1
        return self.depth == 0

    def leave(self, lines: Sequence[bytes]) -> None:
        """Leave lines out for which there is no room."""
        if lines:
            self.whole = False
            self.filled = self.filled if lines[-1].isspace() else lines[-1]


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Read a stream piece by piece; UTF-16 as UTF-8."""
    first = stream.read(CHUNK)
    rest = iter(lambda: stream.read(CHUNK), b"")
    if codec := utf_16(first):
        decoder = codecs.getincrementaldecoder(codec)("replace")
        yield decoder.decode(first).encode()
        yield from (decoder.decode(piece).encode() for piece in rest)
    else:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from rest


def _batches(pieces: Iterable[bytes]) -> Iterator[tuple[list[bytes], bool]]:
    """Yield physical lines, and whether a card may begin or end among them.

    A line longer than LONGEST_PROPERTY comes cut, and still longer than that.
    """
    held = b""
    cut = False
    for piece in pieces:
        if cut:
            end = _NEWLINE.search(piece)
            if end is None:
                continue
            piece, cut = piece[end.end() :], False
        buffer = held + piece
        lines, held = physical(buffer), b""
        # The last line may go on in the next piece, and its CR may be half of a CR LF.
        if lines and not lines[-1].endswith(b"\n"):
            held = lines.pop()
        yield lines, b"card" in buffer.lower()
        if len(held) > LONGEST_PROPERTY:
            yield [held[: LONGEST_PROPERTY + 1]], False
            held, cut = b"", True
    if held:
        yield [held], True
