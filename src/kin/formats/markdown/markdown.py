"""kin's Markdown: a folder with a page for each person, which comes back without loss, or some pages of it.

Its one rule: a page that cannot be read costs that page, and is told; all others come in.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from kin.errors import UsageError
from kin.formats.book import Book, Introduction, Person, Remark, Tie, Word
from kin.formats.incoming import Skipped
from kin.formats.json_record import Record, loaded
from kin.formats.kin_json import newer
from kin.formats.kin_json_cards import origin, shown
from kin.formats.markdown.lines import (
    Line,
    Page,
    Section,
    lines_of,
    parted,
    title,
)
from kin.formats.markdown.names import (
    FOLDER,
    INDEX,
    KEPT,
    PAGE,
    PEOPLE,
    VERSION,
)
from kin.formats.markdown.page import (
    TALKS,
    THREADS,
)
from kin.formats.markdown.person import (
    SOURCE,
    Reading,
    handle_of,
)
from kin.formats.markdown.person import read as read_person
from kin.formats.markdown.talks import (
    LAST,
    Talks,
    read_talks,
    read_threads,
)
from kin.formats.markdown.words import (
    UnreadError,
    coded,
    linked,
    read_day,
    words,
)
from kin.formats.markdown.write import (
    HELLO,
    SAID,
    WORDING,
)
from kin.language.text import slug

LARGEST = 1 << 26  # bytes of one page: larger is nobody's life
_SAID = {phrase: saying for saying, phrase in SAID.items()}


class Found(NamedTuple):
    """What a folder, or pages of one, bring: a book, what did not come in, and what was kept as text."""

    book: Book
    skipped: tuple[Skipped, ...]
    remarks: tuple[Skipped, ...]


def recognise(head: bytes) -> bool:
    """Say whether a file is one of kin's Markdown, by its first line."""
    first = (
        head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").rstrip()
    )
    return (PAGE.match(first) or FOLDER.match(first)) is not None


def read(files: Iterable[tuple[str, bytes]], *, today: date) -> Found:
    """Read the files of a folder, by their paths in it, or pages alone; `today` is for who is new.

    Raises UsageError for what a newer kin has written.
    """
    folder = _Folder(today)
    for path, data in files:
        folder.take(path, data)
    return folder.found()


class _Folder:
    """The files of a folder: texts by path, and what is read of them."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._pages: dict[str, list[Line]] = {}
        self._kept: dict[str, bytes] = {}
        self._index: list[Line] | None = None
        self._newer: dict[str, int] = {}  # versions by path, of pages that are left out
        self._skipped: list[Skipped] = []
        self._remarks: list[Skipped] = []
        self._files: dict[str, str] = {}  # handles by the name of the page's file
        self._names: dict[str, str] = {}  # names by path
        self._talks = Talks()
        self._ties: dict[tuple[int, Tie], None] = {}

    def take(self, path: str, data: bytes) -> None:
        """Take a file in."""
        if path.endswith(".json"):
            self._kept[path.rsplit("/", 1)[-1].removesuffix(".json")] = data
            return
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._skipped.append(
                Skipped(f"{path}:{line}", "it is not UTF-8 text; the page is left out")
            )
            return
        if "\0" in text:
            text = text.replace("\0", "\ufffd")
            self._remarks.append(Skipped(path, "NUL characters, which no text has, stand as � now"))
        lines = lines_of(text)
        if self._is_newer(path, lines[0]):
            return
        if path == INDEX or FOLDER.match(lines[0].text.rstrip()):
            self._begin(FOLDER, path, lines[0])
            self._index = lines[1:]
        else:
            self._pages[path] = lines

    def _is_newer(self, path: str, line: Line) -> bool:
        """Tell whether a page is of a newer kin: it costs that page, as long as there are others."""
        found = PAGE.match(line.text.rstrip())
        if found is None or int(found[2]) <= VERSION:
            return False
        self._newer[path] = int(found[2])
        self._skipped.append(
            Skipped(path, newer(path, int(found[2])).message.removeprefix(f"{path}: "))
        )
        return True

    def found(self) -> Found:
        """Read everything; raise UsageError where there is nothing but pages of a newer kin."""
        for path, version in self._newer.items():
            if not self._pages:
                raise newer(path, version)
            self._kept.pop(path.rsplit("/", 1)[-1].removesuffix(".md"), None)
        self._call()
        people = {path: self._person(path, lines) for path, lines in self._in_order()}
        index = self._first_page(people)
        for path in self._kept:
            where = f"{KEPT}/{path}.json"
            self._skipped.append(Skipped(where, "it belongs to no page that is there"))
        talks, threads = self._talks.in_order()
        ties = tuple(tie for _, tie in sorted(self._ties, key=lambda each: each[0]))
        book = Book(tuple(people.values()), talks, threads, ties, *index)
        return Found(book, tuple(self._skipped), tuple(self._remarks))

    def _begin(self, mark: re.Pattern[str], path: str, line: Line) -> str:
        """Return the title of a page; refuse one of a newer kin."""
        found = mark.match(line.text.rstrip())
        if found is None:
            return line.text.lstrip("#").strip() if line.text.startswith("# ") else ""
        if int(found[2]) > VERSION:
            raise newer(path, int(found[2]))
        return found[1].strip()

    def _call(self) -> None:
        """Give everybody their name and handle: what links lead to."""
        taken: set[str] = set()
        for path, lines in self._pages.items():
            stem = path.rsplit("/", 1)[-1].removesuffix(".md")
            page = Page(path, {}, alone=False)
            heading = self._begin(PAGE, path, lines[0])
            try:
                name = words(heading)
            except UnreadError:
                name = heading
            said = handle_of(lines)
            handle = first = said or slug(stem) or "someone"
            number = 1
            while handle in taken:
                number += 1
                handle = f"{first}-{number}"
            taken.add(handle)
            if not name:
                page.remark(1, f"the page has no name; the person is called {handle}")
            self._remarks += page.remarks
            self._files[f"{stem}.md"] = handle
            self._names[path] = name or handle

    def _in_order(self) -> list[tuple[str, list[Line]]]:
        """Return the pages in the order of the first one, those that it does not name behind."""
        order: dict[str, int] = {}
        for section in parted(self._index or (), "## "):
            if section.heading and title(section.heading) == "people":
                for line in section.lines:
                    if found := re.search(r"\]\(([^()\s]+)\)\s*\Z", line.text):
                        order.setdefault(found[1], len(order))
        return sorted(self._pages.items(), key=lambda each: order.get(each[0], len(order)))

    def _page(self, path: str) -> Page:
        return Page(path, self._files, alone=self._index is None)

    def _person(self, path: str, lines: list[Line]) -> Person:
        stem = path.rsplit("/", 1)[-1].removesuffix(".md")
        page, named = self._page(path), PAGE.match(lines[0].text.rstrip())
        reading = Reading(page, self._files[f"{stem}.md"], self._names[path], self._talks)
        rest = lines[1:] if named or lines[0].text.startswith("# ") else lines
        person = read_person(rest, reading, added_on=self._today.isoformat())
        self._ties |= {(LAST if at is None else at, tie): None for at, tie in reading.ties}
        self._remarks += page.remarks
        data = self._kept.pop(stem, None)
        return self._with_kept(person, f"{KEPT}/{stem}.json", data) if data is not None else person

    def _with_kept(self, person: Person, path: str, data: bytes) -> Person:
        try:
            held = Record(loaded(data.decode(), path), path)
            return replace(
                person,
                origins=tuple(origin(each) for each in held.records("origins")),
                shown=tuple(shown(each) for each in held.records("shown")),
                uid=held.maybe("uid") or None,
            )
        except UnicodeDecodeError:
            self._skipped.append(Skipped(path, "it is not UTF-8 text"))
        except UsageError as error:
            self._skipped.append(Skipped(path, error.message))
        return person

    def _first_page(
        self, people: dict[str, Person]
    ) -> tuple[tuple[Introduction, ...], tuple[Word, ...]]:
        """Read the page that leads to the others; what it has of its own is the owner's."""
        pairs: list[Introduction] = []
        said: list[Word] = []
        page = self._page(INDEX)
        known: dict[str, Callable[[Section], None]] = {
            "people": lambda section: page.items(section.lines, lambda line, body: self._listed(page, body)),
            "interests": lambda section: page.items(section.lines, lambda line, body: said.append(_word(body))),
            "introductions": lambda section: page.items(section.lines, lambda line, body: pairs.append(_pair(page, line, body))),
            THREADS.casefold(): lambda section: read_threads(page, section.lines, self._talks, None),
            TALKS.casefold(): lambda section: read_talks(page, section.lines, self._talks, None),
        }  # fmt: skip
        for section in parted(self._index or (), "## "):
            if section.heading is None:
                own = [
                    each for each in section.lines if each.text.strip() and each.text not in HELLO
                ]
                page.leave(own, "it stands above the first section")
            elif one := known.get(title(section.heading)):
                one(section)
            else:
                page.leave([section.heading, *section.lines], "kin knows no such section")
        kept = page.kept()
        self._remarks += page.remarks
        self._give_to_owner(kept, people)
        return tuple(pairs), tuple(said)

    def _listed(self, page: Page, body: str) -> None:
        found = linked(body)
        if found.rest.strip() or not found.file.startswith(f"{PEOPLE}/"):
            raise UnreadError("it is no link to a page")
        if found.file.rsplit("/", 1)[-1] not in self._files and found.file not in self._newer:
            self._skipped.append(Skipped(found.file, "the page is not there"))

    def _give_to_owner(self, kept: list[str], people: dict[str, Person]) -> None:
        owner = next((path for path, person in people.items() if person.me), None)
        if owner is not None:
            held = people[owner]
            new = tuple(Remark(each, SOURCE) for each in kept)
            new = tuple(each for each in new if each.text not in {old.text for old in held.remarks})
            people[owner] = replace(held, remarks=(*held.remarks, *new))
        elif kept:
            why = "there is no page of yours on which its words could be kept"
            self._skipped.append(Skipped(INDEX, why))


def _word(body: str) -> Word:
    held = coded(body)
    mark = WORDING.search(body) if held is None else WORDING.match(held[1].lstrip())
    if mark is None or mark[0] not in _SAID:
        raise UnreadError("it is written as “porcelain is a kind of pottery”")
    behind = body if held is None else held[1].lstrip()
    one = words(body[: mark.start()]) if held is None else held[0]
    other, since, on = behind[mark.end() :].rpartition(" · since ")
    if not since or not one or not words(other):
        raise UnreadError("it ends with “ · since 17 November 2026”")
    return Word(_SAID[mark[0]], one, words(other), read_day(on))


_ANSWER = re.compile(r" said (yes|no)(?= and \[| ·|\Z)")


def _pair(page: Page, line: Line, body: str) -> Introduction:
    one, rest = page.somebody(line.at, body)
    one_said = _ANSWER.match(rest)
    rest = rest[one_said.end() :] if one_said else rest
    if not rest.startswith(" and "):
        raise UnreadError("it is written as “[A](a.md) and [B](b.md)”")
    other, rest = page.somebody(line.at, rest.removeprefix(" and "))
    other_said = _ANSWER.match(rest)
    rest = rest[other_said.end() :] if other_said else rest
    on = read_day(rest.removeprefix(" · introduced ")) if rest.strip() else None
    if one is None or other is None or one == other:
        raise UnreadError("it does not lead to two pages")
    return Introduction(one, other, one_said and one_said[1], other_said and other_said[1], on)
