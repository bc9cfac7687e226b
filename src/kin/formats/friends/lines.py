"""The lines of a friends.md as items, each with the section in which it stands.

Its one rule: a line belongs to some item, or is reported. A line without a dash goes on with the
item above, where the original would make a friend, or a day of today, of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kin.errors import KinError
from kin.formats.friends import marks
from kin.formats.friends.marks import quoted
from kin.formats.incoming import Skipped

MOST_ITEMS = 300_000
LONGEST_LINE = 100_000  # characters: what is longer was not written by a person
SECTIONS = ("activities", "notes", "friends", "locations")
DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?::\s*|\s*\Z)")
BEHIND_NAME = re.compile(
    rf"\(a\.k\.a\.\s+([^()]*(?:\([^()]*\)[^()]*)*)\)|\[([^\[\]]+)\]|{marks.TAG}"
)

_BULLET = re.compile(r"[-*+](?:[ \t]+|\Z)")
_INDENT = re.compile(r"\A(?:  |\t| )")


def decoded(data: bytes) -> str:
    """Decode by byte order mark, as UTF-8, or else as Windows-1252; lines end in a line feed.

    Line by line, so that one broken byte harms no other line.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        lines = data.removeprefix(b"\xef\xbb\xbf")
        try:
            text = lines.decode()
        except UnicodeDecodeError:
            text = "\n".join(map(_decoded_line, lines.split(b"\n")))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


@dataclass(slots=True)
class Item:
    """A line of a section without its bullet, and the lines below that go on with it."""

    at: int
    section: str  # "" outside the sections that friends knows
    words: str
    more: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What became of that which is no field of kin's, by its line in the file called `file`."""

    file: str
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)

    def where(self, at: int) -> str:
        return f"{self.file}:{at}"

    def skip(self, at: int, why: str) -> None:
        self.skipped.append(Skipped(self.where(at), why))

    def remark(self, at: int, why: str) -> None:
        self.remarks.append(Skipped(self.where(at), why))


def split(text: str, report: Report) -> Iterator[Item]:
    """Split the file into its items, whatever the order of the sections."""
    section, item, count = "", None, 0
    for at, line in enumerate(text.split("\n"), 1):
        if "\0" in line:
            line = line.replace("\0", "\ufffd")
            report.remark(at, "holds NUL characters, shown as \ufffd")
        if len(line) > LONGEST_LINE:
            report.skip(at, f"is a line of {len(line)} characters, and no text of a person")
        elif line.startswith("#") and (heading := _heading(line)) is not None:
            if heading in SECTIONS:
                section, item = heading, None
                continue
            report.skip(at, f"{quoted(line)} is no heading that friends knows")
            if re.match(r"###(?!#)", line):
                section, item = "", None
        elif line.strip() and (item is None or _begins(line, section)):
            bullet = _BULLET.match(line)
            item = Item(at, section, (line[bullet.end() :] if bullet else line).strip())
            count += 1
            if count > MOST_ITEMS:
                raise KinError(f"{report.file} has more than {MOST_ITEMS} entries.")
            yield item
        elif item:
            item.more.append(_INDENT.sub("", line).rstrip())


def _heading(line: str) -> str | None:
    """Return the words of a heading in small letters; None for a line that begins with a #tag."""
    bare = line.lstrip("#")
    words = bare.strip().removesuffix(":").rstrip().lower()
    return words if words in SECTIONS or not bare or bare[0].isspace() else None


def _begins(line: str, section: str) -> bool:
    """Say whether a line is an item of its own, or goes on with the one above.

    To the original every line is an item, and prose below a friend is one more friend.
    """
    if _BULLET.match(line):
        return True
    if section == "friends":
        words = BEHIND_NAME.sub("", line).split()
        named = all(word[0].isalpha() and not word[0].islower() for word in words)
        ended = line.rstrip()[-1] in ".,;:!?…。"
        return named and not ended and 0 < len(words) <= 5 and not line[0].isspace()
    return not line[0].isspace() if section == "locations" else bool(DATED.match(line))
