"""The rows of a table, with the line each begins on, from bytes of any size.

Its one rule: a damaged row costs that row and is said, never the rows behind it; and memory is
bounded by the longest row.
"""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from kin.formats.table.lines import (
    LONGEST_CELL,
    LONGEST_LINE,
    Lines,
)
from kin.formats.table.quotes import (
    MOST_LINES,
    Record,
    with_line_feeds,
)

MOST_CELLS = 5_000  # in a row; no program has as many fields
PATIENCE = 20  # quotes never closed, after which none is followed beyond its line
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Row(NamedTuple):
    """A row: the line it begins on, its cells, and what is odd about it."""

    line: int
    cells: list[str]
    remark: str = ""


class Broken(NamedTuple):
    """A row that cannot be read: the line it begins on, and why; `alike` rows come by the many."""

    line: int
    why: str
    alike: bool = False


class _Cut(NamedTuple):
    text: str
    cells: list[str]
    lines: int = 1
    unclosed: bool = False


def rows(lines: Lines, delimiter: str, width: int = 0) -> Iterator[Row | Broken]:
    """Yield the rows from the next line on, but for blank lines.

    `width` is how many cells a row should have, 0 if that is not known.
    """
    patience, unclosed = PATIENCE, 0
    while line := lines.take():
        at = lines.number
        if lines.endless:
            yield Broken(at, f"is longer than {LONGEST_LINE:,} characters")
        elif line.strip(" \r\n"):
            cut = _cut(line, lines, delimiter, width, patience > 0)
            for _ in range(cut.lines - 1):
                lines.take()
            patience -= cut.unclosed
            if why := _unfit(cut):
                yield Broken(at, why)
            elif unclosed and len(cut.cells) != width > 1:
                yield Broken(at, f"may belong to the quote of line {unclosed}, never closed", True)
            else:
                unclosed = at if cut.unclosed else 0
                yield Row(at, cut.cells, "has a quote that is never closed" if unclosed else "")


def _cut(line: str, lines: Lines, delimiter: str, width: int, patient: bool) -> _Cut:
    """Cut a row into cells: the quick ways first, which nearly all rows allow."""
    bare = line.rstrip("\r\n")
    if '"' not in bare:
        return _Cut(line, bare.split(delimiter))
    ahead = lines if patient else None
    used: list[str] = []
    reader = csv.reader(
        _kept(_coming(line, ahead), used), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    try:
        cells = next(reader)
    except csv.Error:
        record = Record(line, ahead, delimiter)
        if record.sloppy and len(record.ends) > 1 and len(record.cells) != width > 0:
            record = Record(line, None, delimiter)
        return _Cut(record.text, record.cells, len(record.ends), record.unclosed)
    return _Cut("".join(used), with_line_feeds(cells, used[-1]), len(used))


def _coming(line: str, lines: Lines | None) -> Iterator[str]:
    """Yield the line and those behind it that may belong to its cells."""
    size, nth = 0, 0
    while line and nth < MOST_LINES and size < LONGEST_CELL:
        yield line
        size += len(line)
        line, nth = lines.ahead(nth) if lines else "", nth + 1


def _kept(coming: Iterator[str], used: list[str]) -> Iterator[str]:
    for line in coming:
        used.append(line)
        yield line


def _unfit(cut: _Cut) -> str:
    """Return why no book can keep these cells, "" if it can."""
    if len(cut.cells) > MOST_CELLS:
        return f"has more than {MOST_CELLS:,} cells"
    if len(cut.text) > LONGEST_CELL and max(map(len, cut.cells)) > LONGEST_CELL:
        return f"has a cell of more than {LONGEST_CELL:,} characters"
    if "\0" in cut.text or (not cut.text.isascii() and _UNSTORABLE.search(cut.text)):
        return "has NUL characters in it; if the file is UTF-16, say --encoding utf-16-le"
    return ""
