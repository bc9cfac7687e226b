"""A row of a table whose quotes run over several lines, or are not set rightly.

Its one rule: a quote that is never closed is a sign like others, and swallows nothing. A quote that
stands where a cell begins tells that the one before it was forgotten.
"""

import re

from kin.formats.table.lines import (
    LONGEST_CELL,
    Lines,
)

MOST_LINES = 1_000  # in one cell; behind that a quote counts as never closed


class Record:
    """The cells of a row that begins with a line; the lines to come are looked at, not taken.

    `ends` has one entry for each line used. `sloppy` tells that quotes inside a cell are not
    doubled, `unclosed` that one is never closed.
    """

    def __init__(self, line: str, lines: Lines | None, delimiter: str) -> None:
        self.text, self.ends = line, [len(line)]
        self.cells: list[str] = []
        self.sloppy = self.unclosed = False
        self._lines, self._delimiter = lines, delimiter
        space = "" if delimiter == " " else " *"
        self._open = re.compile(rf'{space}"')
        self._shut = re.compile(rf"({space})(?:{re.escape(delimiter)}|[\r\n]|\Z)")
        self._plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
        self._fill()

    def _fill(self) -> None:
        at = -1
        while at < 0 or self.text.startswith(self._delimiter, at):
            at += 1
            opened = self._open.match(self.text, at)
            at = self._quoted(opened.end()) if opened else self._unquoted(at)
        self.cells = with_line_feeds(self.cells, self.text)

    def _unquoted(self, at: int) -> int:
        found = self._plain.match(self.text, at)
        self.cells.append(found[0] if found else "")
        return found.end() if found else at

    def _quoted(self, start: int) -> int:
        """Read a cell behind its opening quote, and return where it ends."""
        text, ends = self.text, self.ends.copy()
        shut = self._closing(start)
        if not shut:
            self.text, self.ends, self.unclosed = text, ends, True
            return self._unquoted(start)
        # Lines were added by the many; those behind the one with the closing quote go back.
        last = next(at for at, end in enumerate(self.ends) if shut.start() <= end)
        self.ends = self.ends[: last + 1]
        self.text = self.text[: self.ends[-1]]
        self.cells.append(self.text[start : shut.start() - 1].replace('""', '"'))
        return shut.end(1)

    def _closing(self, start: int) -> re.Match[str] | None:
        """Find what stands behind the closing quote, None if the cell is never closed."""
        at = start
        while True:
            first = self.text.find('"', at)
            if first < 0:
                at = len(self.text)
                if not self._more(start):
                    return None
                continue
            at = first
            while self.text.startswith('"', at):
                at += 1
            if (at - first) % 2 == 0:
                continue  # doubled quotes are quotes inside the cell
            if shut := self._shut.match(self.text, at):
                return shut
            if first > start and at - first == 1 and self._begins_a_cell(first):
                return None
            self.sloppy = True

    def _begins_a_cell(self, quote: int) -> bool:
        at = quote - 1
        while self.text[at] == " ":
            at -= 1
        return self.text[at] in (self._delimiter, "\r", "\n")

    def _more(self, start: int) -> bool:
        """Add as many lines as there are, so that a long cell costs no more than its length."""
        have = len(self.ends)
        added: list[str] = []
        size = len(self.text)
        while self._lines and len(added) < have < MOST_LINES and size - start < LONGEST_CELL:
            line = self._lines.ahead(have - 1 + len(added))
            if not line:
                break
            added.append(line)
            size += len(line)
            self.ends.append(size)
        self.text += "".join(added)
        return bool(added)


def with_line_feeds(cells: list[str], text: str) -> list[str]:
    """Return the cells of a text with LF for its line breaks.

    In a file of CRLF or LF, a lone CR inside a cell is part of it.
    """
    old_mac = text.endswith("\r")
    for index, cell in enumerate(cells):
        if "\r" in cell:
            cell = cell.replace("\r\n", "\n")
            cells[index] = cell.replace("\r", "\n") if old_mac else cell
    return cells
