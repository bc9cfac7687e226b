"""How the files of a Markdown folder are called, and how they refer to each other.

Its one rule: whatever a handle is, its file stays inside the folder, on every system, and is its own.
"""

import re
import unicodedata
from collections.abc import Iterable

from kin.formats.book import Person
from kin.formats.markdown.words import link
from kin.language.text import slug

INDEX = "kin.md"
PEOPLE = "people"
KEPT = "kept"
VERSION = 1
PAGE = re.compile(r"\A#[ \t](.*)<!-- kin page ([0-9]{1,9}) -->\Z")
FOLDER = re.compile(r"\A#[ \t](.*)<!-- kin folder ([0-9]{1,9}) -->\Z")
# Names that Windows gives to devices, whatever the ending.
_DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]")
_LONGEST = 40  # letters: three bytes each and an ending fit into every file system


def stems(people: Iterable[Person]) -> dict[str, str]:
    """Return the name of each one's files, without its ending, by handle."""
    taken: set[str] = set()
    found = {}
    for person in people:
        first = slug(person.handle)[:_LONGEST].strip("-") or "someone"
        first = f"{first}-page" if _DEVICES.fullmatch(first) else first
        stem, number = first, 1
        while (key := unicodedata.normalize("NFKD", stem).casefold()) in taken:
            number += 1
            stem = f"{first}-{number}"
        taken.add(key)
        found[person.handle] = stem
    return found


class Links:
    """Links to people's pages, as they are written in one folder."""

    def __init__(self, people: Iterable[Person], files: dict[str, str], below: str = "") -> None:
        """Take all people and the names of their files; `below` leads from the page to people's."""
        self._names = {person.handle: person.name for person in people}
        self._files = {handle: f"{below}{stem}.md" for handle, stem in files.items()}

    def to(self, handle: str, words: str | None = None) -> str:
        """Return a link to somebody, by their name or other words."""
        return link(self._names[handle] if words is None else words, self._files[handle])

    def name(self, handle: str) -> str:
        """Return somebody's name."""
        return self._names[handle]


def written(index: bytes) -> set[str]:
    """Return the files of a folder that its first page says kin wrote; none where it is no page of kin's."""
    lines = index.decode("utf-8", "replace").splitlines()
    if not lines or not FOLDER.match(lines[0].rstrip()):
        return set()
    listed = (_LISTED.fullmatch(line) for line in lines)
    stems = {found[1] for found in listed if found}
    return {
        INDEX,
        *(f"{PEOPLE}/{stem}.md" for stem in stems),
        *(f"{KEPT}/{stem}.json" for stem in stems),
    }


def with_more(index: bytes, files: Iterable[str]) -> bytes:
    """Return the first page of a folder with a list of further files that kin wrote, so that `written` knows them."""
    stems = sorted({file.partition("/")[2].rpartition(".")[0] for file in files if "/" in file})
    listed = "".join(f"- [{stem}]({PEOPLE}/{stem}.md)\n" for stem in stems)
    return index + f"\n## Pages that were being removed\n\n{listed}".encode()


_LISTED = re.compile(rf"- \[.*\]\({PEOPLE}/([^()/\\\s]+)\.md\)")
