"""A page of kin's Markdown taken apart: its sections, their lines with numbers, and what was not understood.

Its one rule: a line is either read or kept; nothing that stands on a page is lost.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kin.formats.incoming import Skipped
from kin.formats.markdown.words import (
    Link,
    UnreadError,
    linked,
    unquoted,
)
from kin.language.text import (
    clipped,
    visible,
)

KEPT_AS_TEXT = "is kept as text"


class Line(NamedTuple):
    """A line and its number."""

    at: int
    text: str


class Section(NamedTuple):
    """A heading (None before the first) and what stands below it."""

    heading: Line | None
    lines: list[Line]


class Page:
    """A file: where it is, who can be linked to, and what of it was not understood."""

    def __init__(self, place: str, files: Mapping[str, str], *, alone: bool) -> None:
        """Take the place for messages, handles by the files of pages, and whether it came without the others."""
        self.place, self.alone = place, alone
        self.remarks: list[Skipped] = []
        self._files = files
        self._left: list[tuple[Line, str]] = []

    def remark(self, at: int, why: str) -> None:
        """Tell of a line what became of it."""
        self.remarks.append(Skipped(f"{self.place}:{at}", why))

    def leave(self, lines: Iterable[Line], why: str) -> None:
        """Keep lines as text, for a reason."""
        self._left += [(line, why) for line in lines]

    def items(self, lines: Sequence[Line], one: Callable[[Line, str], None]) -> None:
        """Read a list, an item at a time; what is no item, or none that is understood, is kept."""
        for line in lines:
            body = line.text.strip()
            if not body:
                continue
            if not body.startswith(("- ", "* ")):
                self.leave([line], "it is no item of a list")
                continue
            try:
                one(line, body[2:].strip())
            except UnreadError as error:
                self.leave([line], str(error))

    def whom(self, at: int, link: Link) -> str | None:
        """Return the handle of whom a link leads to; where that is nobody, say so."""
        handle = self._files.get(link.file.rsplit("/", 1)[-1])
        if handle is None:
            shown = clipped(visible(link.words, newlines=False), 40)
            self.remark(at, f"“{shown}” has no page here ({link.file}), and is not linked")
        return handle

    def somebody(self, at: int, text: str) -> tuple[str | None, str]:
        """Read a link to somebody that a text begins with: the handle, and what stands behind it."""
        found = linked(text)
        handle = self.whom(at, found)
        if handle is None and not self.alone:
            raise UnreadError("it leads to a page that is not there")
        return handle, found.rest

    def kept(self) -> list[str]:
        """Return what was not understood, lines that stand together as one text, and tell of each."""
        texts: list[list[str]] = []
        last = -1
        for line, why in sorted(self._left, key=lambda each: each[0].at):
            if last >= 0 and line.at == last + 1:
                texts[-1].append(line.text)
            elif line.text.strip():
                texts.append([line.text])
                shown = clipped(visible(line.text, newlines=False), 40)
                self.remark(line.at, f"“{shown}” {KEPT_AS_TEXT}: {why}")
            else:
                continue
            last = line.at
        return ["\n".join(each).strip("\n") for each in texts]


def lines_of(text: str) -> list[Line]:
    """Return the lines of a file, whatever ends them."""
    return [Line(at, each) for at, each in enumerate(text.replace("\r\n", "\n").split("\n"), 1)]


def parted(lines: Iterable[Line], mark: str) -> Iterator[Section]:
    """Part lines at headings that begin with a mark, `## `; the first part has none."""
    section = Section(None, [])
    for line in lines:
        if line.text.startswith(mark):
            yield section
            section = Section(line, [])
        else:
            section.lines.append(line)
    yield section


def quotes(lines: Iterable[Line]) -> Iterator[tuple[list[Line], str | None]]:
    """Yield quoted texts with their lines, and each line between them with None; blank ones are left out."""
    held: list[Line] = []
    for line in lines:
        if line.text.startswith(">"):
            held.append(line)
            continue
        if held:
            yield held, unquoted([each.text for each in held])
            held = []
        if line.text.strip():
            yield [line], None
    if held:
        yield held, unquoted([each.text for each in held])


def title(heading: Line) -> str:
    """Return the words of a heading, folded."""
    return re.sub(r"\s+", " ", heading.text.lstrip("#").strip()).casefold()
