"""The shape of a table: which sign parts its cells, and where its header stands.

Its one rule: known header words decide, then how many rows part alike; a header may come behind a
preamble, or not at all.
"""

import io
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from kin.formats.table.columns import NAMING
from kin.formats.table.google import numbered_part
from kin.formats.table.lines import Lines
from kin.formats.table.meaning import meaning
from kin.formats.table.roles import (
    MOST,
    content,
    has_unknown_header,
)
from kin.formats.table.rows import (
    Row,
    rows,
)
from kin.language.text import fold

DELIMITERS = (",", ";", "\t", "|")
ONE_COLUMN = "\x1f"  # stands in no text
HEAD_LINES, HEAD_SIZE = 60, 200_000  # what is looked at to tell the shape; the size in characters
PREAMBLE = 20  # rows before a header, at the most
_SEP = re.compile(r"\s*\"?sep=([^\w\s\"]|\t| )\"?[,;\t ]*[\r\n]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is a table: `start` is the line of its header, or of its first row.

    `words` counts the known words of the header, `alike` the rows of its width.
    """

    delimiter: str = ONE_COLUMN
    header: tuple[str, ...] = ()
    start: int = 1
    width: int = 1
    words: int = 0
    alike: int = 0
    sample: tuple[tuple[str, ...], ...] = ()  # the first rows, without the header

    def is_header(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is the header again, as where files were put behind each other."""
        return (
            bool(self.header)
            and cells[0].endswith(self.header[0])
            and tuple(map(_said, cells)) == self.header
        )


def shape(lines: Lines, mapped: Collection[str] = ()) -> Shape:
    """Tell the shape from the first lines; `mapped` are headers that somebody has named."""
    head: list[str] = []
    size = 0
    while len(head) < HEAD_LINES and size < HEAD_SIZE and (line := lines.take()):
        head.append("\n" if lines.endless else line)
        size += len(line)
    said = _SEP.fullmatch(head[0].removeprefix("\ufeff")) if head else None
    if said:
        head[0] = "\n"
    names = {fold(words) for words in mapped}
    found = [
        _tried("".join(head), delimiter, names, 2 if said else 1)
        for delimiter in ([said[1]] if said else [*DELIMITERS, ONE_COLUMN])
    ]
    return max(filter(None, found), key=lambda each: (each.words, each.alike), default=Shape())


def _tried(head: str, delimiter: str, mapped: set[str], start: int) -> Shape | None:
    """Read the first lines with a delimiter; None if they do not part by it."""
    lines = Lines(io.StringIO(head, newline=""))
    found = [row for row in islice(rows(lines, delimiter), HEAD_LINES) if isinstance(row, Row)]
    if not found:
        return None
    alone = delimiter == ONE_COLUMN
    at, words = _header(found, mapped, alone)
    if at < 0 and not alone and has_unknown_header(found[0].cells, [r.cells for r in found[1:]]):
        at = 0
    body = found[at + 1 :]
    width = len(found[at].cells) if at >= 0 else _usual([len(row.cells) for row in body])
    alike = sum(len(row.cells) == width for row in body)
    if not alone and (width == 1 or (at < 0 and _is_prose(body, delimiter, width, alike))):
        return None
    return Shape(
        delimiter=delimiter,
        header=tuple(map(_said, found[at].cells)) if at >= 0 else (),
        start=found[at].line if at >= 0 else start,
        width=width,
        words=words,
        alike=0 if alone else alike,
        sample=tuple(tuple(row.cells) for row in body),
    )


def _header(found: Sequence[Row], mapped: set[str], alone: bool) -> tuple[int, int]:
    """Return which row is the header and how many of its words are known; -1 if none is.

    A single known word is a header only in the first row, and above one column only for a name.
    """
    counts = [
        len({fold(cell) for cell in row.cells if _is_known(_said(cell), mapped)})
        for row in found[:PREAMBLE]
    ]
    at = max(range(len(counts)), key=lambda each: counts[each])
    if counts[at] > 1:
        return at, counts[at]
    cells = found[0].cells
    if counts[0] == 0 or any(content([cell]) for cell in cells):
        return -1, 0
    said = meaning(_said(cells[0]))
    if alone and not (fold(_said(cells[0])) in mapped or (said and said.field in NAMING)):
        return -1, 0
    return 0, 1


def _said(cell: str) -> str:
    return " ".join(cell.removeprefix("\ufeff").split())


def _is_known(words: str, mapped: set[str]) -> bool:
    return bool(meaning(words) or numbered_part(words)) or fold(words) in mapped


def _usual(widths: Sequence[int]) -> int:
    return Counter(widths).most_common(1)[0][0]


def _is_prose(body: Sequence[Row], delimiter: str, width: int, alike: int) -> bool:
    """Tell whether the signs only stand in sentences, or in names such as `Doe, Jo`."""
    if alike < MOST * len(body):
        return True
    seconds = [row.cells[1] for row in body if len(row.cells) == width]
    return (
        delimiter == ","
        and width == 2
        and all(cell[:1] == " " and not re.search(r"[\d@]", cell) for cell in seconds)
    )
