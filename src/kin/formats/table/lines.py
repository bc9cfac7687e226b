"""The physical lines of a file, numbered, decoded as they are asked for.

Its one rule: no line is longer than a bound; the rest of an endless one is passed over.
"""

import io
from collections import deque
from typing import TextIO

LONGEST_CELL = 1_000_000  # characters; a life's notes on one person take less
LONGEST_LINE = 4_000_000
_ENDS = ("\r", "\n")


class Lines:
    """The lines of a text, with a look ahead; `number` is that of the line taken last."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._waiting: deque[tuple[str, bool]] = deque()
        self.number = 0
        self.endless = False  # whether the line taken last was cut at the bound

    @classmethod
    def of(cls, data: bytes, codec: str) -> "Lines":
        """Return the lines of bytes; U+FFFD stands for what the codec cannot read."""
        return cls(io.TextIOWrapper(io.BytesIO(data), codec, errors="replace", newline=""))

    def take(self) -> str:
        """Return the next line with its end, "" behind the last."""
        line, self.endless = self._waiting.popleft() if self._waiting else self._next()
        self.number += bool(line)
        return line

    def ahead(self, nth: int) -> str:
        """Return the nth line to come, counted from 0, without taking it; "" where none is, or an endless one."""
        while len(self._waiting) <= nth:
            found = self._next()
            if not found[0]:
                return ""
            self._waiting.append(found)
        line, endless = self._waiting[nth]
        return "" if endless else line

    def _next(self) -> tuple[str, bool]:
        line = self._text.readline(LONGEST_LINE)
        if len(line) < LONGEST_LINE or line.endswith(_ENDS):
            return line, False
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(_ENDS):
            pass
        return line[:80], True
