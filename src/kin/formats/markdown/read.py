"""Reading a folder of kin's Markdown, or single pages of it, as kin wrote them or as their owner changed them.

A line that is not understood is kept as text among the notes, and reported with its number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from kin.constants import CIRCLES, CONTACT_KINDS, PRECISIONS, WAYS
from kin.errors import UsageError
from kin.formats.book import (
    Book,
    Given,
    Held,
    Introduction,
    Person,
    Remark,
    Rest,
    Talk,
    There,
    Thread,
    Tie,
    Word,
)
from kin.formats.card import Way
from kin.formats.incoming import Skipped
from kin.formats.json_record import Record, check_handle, load_json
from kin.formats.kin_json import newer_version_error, parse_origin, parse_shown
from kin.formats.markdown.syntax import (
    CONTACTS,
    CONVERSATIONS,
    DASH,
    DAYS,
    FOLDER_TITLE,
    INDEX,
    INTERESTS,
    INTRODUCTION,
    KEPT,
    MEETING,
    NOTES,
    OTHER_PAGES,
    PAGE_TITLE,
    PEOPLE,
    SENT,
    THREADS,
    TIES,
    VERSION,
    VOCABULARY_PHRASE,
    VOCABULARY_PHRASES,
    Link,
    PageSyntaxError,
    parse_code,
    parse_dated,
    parse_day,
    parse_link,
    parse_links,
    parse_list,
    parse_quote,
    parse_value,
    parse_yearly,
)
from kin.language.text import clipped, slug, visible

LARGEST = 1 << 26  # bytes of one page
_SAYING_BY_PHRASE = {phrase: saying for saying, phrase in VOCABULARY_PHRASES.items()}
_SOURCE = "Markdown"  # the source of notes that kin did not write
_CONTACT = re.compile(rf"({'|'.join(CONTACT_KINDS)})\b *", re.IGNORECASE)
_TIE = re.compile(r"<!-- tie ([0-9]{1,9}) -->\Z")
_UNKNOWN_PRECISION = "unsaid"
_LAST = 1 << 62  # the number of items without one: after all others
_CONVERSATION_COMMENT = re.compile(
    r"<!-- talk ([0-9]{1,9}), noted (.+?)(?:, told from ([0-9]{1,9}))? -->\s*\Z"
)
_THREAD_COMMENT = re.compile(r"<!-- thread ([0-9]{1,9})(?:, talk ([0-9]{1,9}))? -->\Z")
_CHECKBOX = re.compile(r"[-*] \[([ xX])\] ")
_ANSWER = re.compile(r" said (yes|no)(?= and \[| ·|\Z)")
_COLLIDES = " · you see it otherwise"
_THREAD_FIELDS = {
    "since ": "opened_on",
    "ask from ": "due_on",
    "heard ": "heard_on",
    "outcome:": "outcome",
    "with ": "people",
}


class Pages(NamedTuple):
    """The book that a folder or single pages hold, what was skipped, and what was kept as text."""

    book: Book
    skipped: tuple[Skipped, ...]
    remarks: tuple[Skipped, ...]


def recognise(head: bytes) -> bool:
    """Return whether a file is one of kin's Markdown, by its first line."""
    first = (
        head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").rstrip()
    )
    return (PAGE_TITLE.match(first) or FOLDER_TITLE.match(first)) is not None


def read(files: Iterable[tuple[str, bytes]], *, today: date) -> Pages:
    """Read the files of a folder by their paths in it, or single pages; `today` is the default of `added_on`.

    A page that cannot be read is skipped. Raises UsageError if a newer kin wrote all of them.
    """
    folder = _FolderReader(today)
    for path, data in files:
        folder.add_file(path, data)
    return folder.read()


class _Line(NamedTuple):
    """A line of a file and its number."""

    number: int
    text: str


class _Section(NamedTuple):
    """A heading (None above the first one) and the lines below it."""

    heading: _Line | None
    lines: list[_Line]


class _PageReader:
    """Reads one file: resolves its links, and collects remarks and the lines that are not understood."""

    def __init__(self, place: str, files: Mapping[str, str], *, alone: bool) -> None:
        """Take the file's path for messages, and handles by file name.

        `alone` says that the page comes without the rest of its folder, so that links may lead nowhere.
        """
        self.place, self.alone = place, alone
        self.remarks: list[Skipped] = []
        self._files = files
        self._kept: list[tuple[_Line, str]] = []

    def remark(self, line_number: int, why: str) -> None:
        """Report what became of a line."""
        self.remarks.append(Skipped(f"{self.place}:{line_number}", why))

    def keep_as_text(self, lines: Iterable[_Line], why: str) -> None:
        """Keep lines as text, with the reason for the report."""
        self._kept += [(line, why) for line in lines]

    def read_items(self, lines: Sequence[_Line], read_item: Callable[[_Line, str], None]) -> None:
        """Read each item of a list; lines that are not understood are kept as text."""
        for line in lines:
            body = line.text.strip()
            if not body:
                continue
            if not body.startswith(("- ", "* ")):
                self.keep_as_text([line], "it is not an item of a list")
                continue
            try:
                read_item(line, body[2:].strip())
            except PageSyntaxError as error:
                self.keep_as_text([line], str(error))

    def resolve_link(self, line_number: int, link: Link) -> str | None:
        """Return the handle of the person that a link leads to; report a link without a page."""
        handle = self._files.get(link.file.rsplit("/", 1)[-1])
        if handle is None:
            shown = clipped(visible(link.words, newlines=False), 40)
            self.remark(line_number, f"“{shown}” has no page here ({link.file}), and is not linked")
        return handle

    def read_person_link(self, line_number: int, text: str) -> tuple[str | None, str]:
        """Read the link at the beginning of a text; return the handle and the text after it."""
        link = parse_link(text)
        handle = self.resolve_link(line_number, link)
        if handle is None and not self.alone:
            raise PageSyntaxError("it links to a page that does not exist")
        return handle, link.rest

    def join_kept(self) -> list[str]:
        """Return the lines that were not understood, adjacent ones as one text, and report each text."""
        texts: list[list[str]] = []
        last = -1
        for line, why in sorted(self._kept, key=lambda each: each[0].number):
            if last >= 0 and line.number == last + 1:
                texts[-1].append(line.text)
            elif line.text.strip():
                texts.append([line.text])
                shown = clipped(visible(line.text, newlines=False), 40)
                self.remark(line.number, f"“{shown}” is kept as text: {why}")
            else:
                continue
            last = line.number
        return ["\n".join(each).strip("\n") for each in texts]


def _split_lines(text: str) -> list[_Line]:
    """Return the lines of a file with their numbers."""
    return [
        _Line(number, each) for number, each in enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    ]


def _split_sections(lines: Iterable[_Line], mark: str) -> Iterator[_Section]:
    """Split lines at headings with a prefix, such as `## `; the first section has no heading."""
    section = _Section(None, [])
    for line in lines:
        if line.text.startswith(mark):
            yield section
            section = _Section(line, [])
        else:
            section.lines.append(line)
    yield section


def _split_quotes(lines: Iterable[_Line]) -> Iterator[tuple[list[_Line], str | None]]:
    """Yield quoted texts with their lines, and each other line that is not blank with None."""
    quoted: list[_Line] = []
    for line in lines:
        if line.text.startswith(">"):
            quoted.append(line)
            continue
        if quoted:
            yield quoted, parse_quote([each.text for each in quoted])
            quoted = []
        if line.text.strip():
            yield [line], None
    if quoted:
        yield quoted, parse_quote([each.text for each in quoted])


def _normalize_heading(heading: _Line) -> str:
    """Return the text of a heading in lower case, with single spaces."""
    return re.sub(r"\s+", " ", heading.text.lstrip("#").strip()).casefold()


class _Conversations:
    """The conversations and threads of all pages, with the numbers that give their order in the book."""

    def __init__(self) -> None:
        self._talks: list[tuple[int, Talk]] = []
        self._threads: list[tuple[int, int | None, Thread]] = []

    def add_conversation(self, number: int | None, talk: Talk) -> None:
        """Add a conversation; without a number it goes last."""
        self._talks.append((_LAST if number is None else number, talk))

    def add_thread(self, number: int | None, talk: int | None, thread: Thread) -> None:
        """Add a thread, with the number of its conversation."""
        self._threads.append((_LAST if number is None else number, talk, thread))

    def sort(self) -> tuple[tuple[Talk, ...], tuple[Thread, ...]]:
        """Return conversations and threads in order, threads with the index of their conversation."""
        self._talks.sort(key=lambda each: each[0])
        self._threads.sort(key=lambda each: each[0])
        places: dict[int | None, int] = {}
        for place, (number, _) in enumerate(self._talks):
            places.setdefault(number, place)
        return tuple(talk for _, talk in self._talks), tuple(
            replace(thread, talk=places.get(talk)) for _, talk, thread in self._threads
        )


class _PersonReader:
    """Collects what is read of a person's page: fields, ties, and conversations and threads."""

    def __init__(
        self, page: _PageReader, handle: str, name: str, conversations: _Conversations
    ) -> None:
        """Take the page, its person, and the collection of conversations and threads."""
        self.page, self.conversations = page, conversations
        self.card: dict[str, Any] = {"handle": handle, "name": name}
        self.ties: list[tuple[int | None, Tie]] = []

    def extend(self, field: str, *values: Any) -> None:
        """Append values to a field that is a list."""
        self.card.setdefault(field, []).extend(values)


class _FolderReader:
    """Reads the files of a folder: first all names and handles, then the pages that link to them."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._pages: dict[str, list[_Line]] = {}
        self._kept_by_stem: dict[str, bytes] = {}
        self._index: list[_Line] | None = None
        self._newer_versions: dict[str, int] = {}  # by path, of pages that are skipped
        self._skipped: list[Skipped] = []
        self._remarks: list[Skipped] = []
        self._handle_by_file: dict[str, str] = {}
        self._name_by_path: dict[str, str] = {}
        self._conversations = _Conversations()
        self._ties: dict[tuple[int, Tie], None] = {}

    def add_file(self, path: str, data: bytes) -> None:
        """Decode a file and keep it for `read`."""
        if path.endswith(".json"):
            self._kept_by_stem[path.rsplit("/", 1)[-1].removesuffix(".json")] = data
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
            self._remarks.append(Skipped(path, "NUL characters are replaced by �"))
        lines = _split_lines(text)
        if self._is_newer(path, lines[0]):
            return
        if path == INDEX or FOLDER_TITLE.match(lines[0].text.rstrip()):
            self._parse_title(FOLDER_TITLE, path, lines[0])
            self._index = lines[1:]
        else:
            self._pages[path] = lines

    def _is_newer(self, path: str, line: _Line) -> bool:
        """Return whether a newer kin wrote the page; it is skipped if there are others."""
        found = PAGE_TITLE.match(line.text.rstrip())
        if found is None or int(found[2]) <= VERSION:
            return False
        self._newer_versions[path] = int(found[2])
        self._skipped.append(
            Skipped(
                path, newer_version_error(path, int(found[2])).message.removeprefix(f"{path}: ")
            )
        )
        return True

    def read(self) -> Pages:
        """Read all files; raise UsageError if a newer kin wrote all of the pages."""
        for path, version in self._newer_versions.items():
            if not self._pages:
                raise newer_version_error(path, version)
            self._kept_by_stem.pop(path.rsplit("/", 1)[-1].removesuffix(".md"), None)
        self._assign_handles()
        people = {path: self._read_person(path, lines) for path, lines in self._sort_pages()}
        index = self._read_index(people)
        for path in self._kept_by_stem:
            where = f"{KEPT}/{path}.json"
            self._skipped.append(Skipped(where, "it belongs to a page that does not exist"))
        talks, threads = self._conversations.sort()
        ties = tuple(tie for _, tie in sorted(self._ties, key=lambda each: each[0]))
        book = Book(tuple(people.values()), talks, threads, ties, *index)
        return Pages(book, tuple(self._skipped), tuple(self._remarks))

    def _parse_title(self, mark: re.Pattern[str], path: str, line: _Line) -> str:
        """Return the title of a page; raise UsageError if a newer kin wrote it."""
        found = mark.match(line.text.rstrip())
        if found is None:
            return line.text.lstrip("#").strip() if line.text.startswith("# ") else ""
        if int(found[2]) > VERSION:
            raise newer_version_error(path, int(found[2]))
        return found[1].strip()

    def _assign_handles(self) -> None:
        """Determine the name and a unique handle of each page's person, which links are resolved to."""
        taken: set[str] = set()
        for path, lines in self._pages.items():
            stem = path.rsplit("/", 1)[-1].removesuffix(".md")
            page = _PageReader(path, {}, alone=False)
            heading = self._parse_title(PAGE_TITLE, path, lines[0])
            try:
                name = parse_value(heading)
            except PageSyntaxError:
                name = heading
            handle = first = _find_handle(lines) or slug(stem) or "someone"
            number = 1
            while handle in taken:
                number += 1
                handle = f"{first}-{number}"
            taken.add(handle)
            if not name:
                page.remark(1, f"the page has no name; the person is called {handle}")
            self._remarks += page.remarks
            self._handle_by_file[f"{stem}.md"] = handle
            self._name_by_path[path] = name or handle

    def _sort_pages(self) -> list[tuple[str, list[_Line]]]:
        """Return the pages in the order of the index, then the pages that it does not list."""
        order: dict[str, int] = {}
        for section in _split_sections(self._index or (), "## "):
            if section.heading and _normalize_heading(section.heading) == "people":
                for line in section.lines:
                    if found := re.search(r"\]\(([^()\s]+)\)\s*\Z", line.text):
                        order.setdefault(found[1], len(order))
        return sorted(self._pages.items(), key=lambda each: order.get(each[0], len(order)))

    def _create_reader(self, path: str) -> _PageReader:
        return _PageReader(path, self._handle_by_file, alone=self._index is None)

    def _read_person(self, path: str, lines: list[_Line]) -> Person:
        stem = path.rsplit("/", 1)[-1].removesuffix(".md")
        page, named = self._create_reader(path), PAGE_TITLE.match(lines[0].text.rstrip())
        reader = _PersonReader(
            page, self._handle_by_file[f"{stem}.md"], self._name_by_path[path], self._conversations
        )
        rest = lines[1:] if named or lines[0].text.startswith("# ") else lines
        person = _read_page(rest, reader, added_on=self._today.isoformat())
        self._ties |= {
            (_LAST if number is None else number, tie): None for number, tie in reader.ties
        }
        self._remarks += page.remarks
        data = self._kept_by_stem.pop(stem, None)
        return (
            self._add_kept_fields(person, f"{KEPT}/{stem}.json", data)
            if data is not None
            else person
        )

    def _add_kept_fields(self, person: Person, path: str, data: bytes) -> Person:
        try:
            record = Record(load_json(data.decode(), path), path)
            return replace(
                person,
                origins=tuple(parse_origin(each) for each in record.get_records("origins")),
                shown=tuple(parse_shown(each) for each in record.get_records("shown")),
                uid=record.get_text("uid") or None,
            )
        except UnicodeDecodeError:
            self._skipped.append(Skipped(path, "it is not UTF-8 text"))
        except UsageError as error:
            self._skipped.append(Skipped(path, error.message))
        return person

    def _read_index(
        self, people: dict[str, Person]
    ) -> tuple[tuple[Introduction, ...], tuple[Word, ...]]:
        """Read the index: introductions, vocabulary, and conversations and threads without people."""
        introductions: list[Introduction] = []
        vocabulary: list[Word] = []
        page = self._create_reader(INDEX)
        section_readers: dict[str, Callable[[_Section], None]] = {
            "people": lambda section: page.read_items(section.lines, lambda line, body: self._check_listed(page, body)),
            "interests": lambda section: page.read_items(section.lines, lambda line, body: vocabulary.append(_parse_vocabulary_word(body))),
            "introductions": lambda section: page.read_items(section.lines, lambda line, body: introductions.append(_parse_introduction(page, line, body))),
            THREADS.casefold(): lambda section: _read_thread_section(page, section.lines, self._conversations, None),
            CONVERSATIONS.casefold(): lambda section: _read_conversation_section(page, section.lines, self._conversations, None),
        }  # fmt: skip
        for section in _split_sections(self._index or (), "## "):
            if section.heading is None:
                own = [
                    each
                    for each in section.lines
                    if each.text.strip() and each.text not in INTRODUCTION
                ]
                page.keep_as_text(own, "it is above the first section")
            elif read_section := section_readers.get(_normalize_heading(section.heading)):
                read_section(section)
            else:
                page.keep_as_text(
                    [section.heading, *section.lines], "kin does not know this section"
                )
        kept = page.join_kept()
        self._remarks += page.remarks
        self._add_to_owner(kept, people)
        return tuple(introductions), tuple(vocabulary)

    def _check_listed(self, page: _PageReader, body: str) -> None:
        found = parse_link(body)
        if found.rest.strip() or not found.file.startswith(f"{PEOPLE}/"):
            raise PageSyntaxError("it is not a link to a page")
        if (
            found.file.rsplit("/", 1)[-1] not in self._handle_by_file
            and found.file not in self._newer_versions
        ):
            self._skipped.append(Skipped(found.file, "the page is not there"))

    def _add_to_owner(self, kept: list[str], people: dict[str, Person]) -> None:
        owner = next((path for path, person in people.items() if person.me), None)
        if owner is not None:
            person = people[owner]
            new = tuple(Remark(each, _SOURCE) for each in kept)
            new = tuple(
                each for each in new if each.text not in {old.text for old in person.remarks}
            )
            people[owner] = replace(person, remarks=(*person.remarks, *new))
        elif kept:
            why = "there is no page of your own to keep its text on"
            self._skipped.append(Skipped(INDEX, why))


def _parse_vocabulary_word(body: str) -> Word:
    code = parse_code(body)
    phrase = (
        VOCABULARY_PHRASE.search(body)
        if code is None
        else VOCABULARY_PHRASE.match(code[1].lstrip())
    )
    if phrase is None or phrase[0] not in _SAYING_BY_PHRASE:
        raise PageSyntaxError("it is written as “porcelain is a kind of pottery”")
    rest = body if code is None else code[1].lstrip()
    one = parse_value(body[: phrase.start()]) if code is None else code[0]
    other, since, on = rest[phrase.end() :].rpartition(" · since ")
    if not since or not one or not parse_value(other):
        raise PageSyntaxError("it ends with “ · since 17 November 2026”")
    return Word(_SAYING_BY_PHRASE[phrase[0]], one, parse_value(other), parse_day(on))


def _parse_introduction(page: _PageReader, line: _Line, body: str) -> Introduction:
    one, rest = page.read_person_link(line.number, body)
    one_said = _ANSWER.match(rest)
    rest = rest[one_said.end() :] if one_said else rest
    if not rest.startswith(" and "):
        raise PageSyntaxError("it is written as “[A](a.md) and [B](b.md)”")
    other, rest = page.read_person_link(line.number, rest.removeprefix(" and "))
    other_said = _ANSWER.match(rest)
    rest = rest[other_said.end() :] if other_said else rest
    on = parse_day(rest.removeprefix(" · introduced ")) if rest.strip() else None
    if one is None or other is None or one == other:
        raise PageSyntaxError("it does not link to two people")
    return Introduction(one, other, one_said and one_said[1], other_said and other_said[1], on)


def _find_handle(lines: list[_Line]) -> str | None:
    """Return the handle that a page gives, or None if it is missing or not valid."""
    for line in lines:
        if line.text.startswith("## "):
            return None
        match = re.match(r"[-*] +handle *: *(.+)", line.text, re.IGNORECASE)
        if match:
            try:
                return check_handle(parse_value(match[1]), "")
            except (PageSyntaxError, UsageError):
                return None  # reported when the line is read
    return None


def _read_page(lines: list[_Line], reader: _PersonReader, *, added_on: str) -> Person:
    """Read a page without its title; `added_on` is the default for a page that does not say it."""
    for section in _split_sections(lines, "## "):
        heading = _normalize_heading(section.heading) if section.heading else ""
        if section.heading is None:
            reader.page.read_items(section.lines, _read_field(reader, _FACT_SETTERS))
        elif read_section := _SECTION_READERS.get(heading):
            read_section(reader, section)
        elif heading != OTHER_PAGES.casefold():
            reader.page.keep_as_text(
                [section.heading, *section.lines], "kin does not know this section"
            )
        else:
            reader.page.read_items(section.lines, _skip_summary)
    known = {each.text for each in reader.card.get("remarks", ())}
    kept = dict.fromkeys(text for text in reader.page.join_kept() if text not in known)
    reader.extend("remarks", *(Remark(text, _SOURCE) for text in kept))
    card: dict[str, Any] = {"added_on": added_on}
    for field, value in reader.card.items():
        card[field] = tuple(value) if isinstance(value, list) else value
    return Person(**card)


def _skip_summary(line: _Line, body: str) -> None:
    """Accept the summary of something on another page, and ignore it."""
    if not (body.endswith(".md)") and ": [" in body and "](" in body):
        raise PageSyntaxError("it does not refer to another page")


_Setter = Callable[[_PersonReader, int, str], None]


def _read_field(
    reader: _PersonReader, known: Mapping[str, _Setter]
) -> Callable[[_Line, str], None]:
    """Return a function that reads a line `key: value` with the setter of its key."""

    def read_field(line: _Line, body: str) -> None:
        key, colon, value = body.partition(":")
        set_field = known.get(" ".join(key.split()).casefold())
        if not colon or set_field is None:
            raise PageSyntaxError("kin does not know this line")
        if value.strip():
            set_field(reader, line.number, value.strip())

    return read_field


def _set_text(field: str) -> _Setter:
    return lambda reader, line_number, value: reader.card.update({field: parse_value(value)})


def _set_list(field: str) -> _Setter:
    return lambda reader, line_number, value: reader.extend(field, *parse_list(value))


def _set_handle(reader: _PersonReader, line_number: int, value: str) -> None:
    if reader.card["handle"] != parse_value(value):
        reader.page.remark(line_number, f"the handle is “{reader.card['handle']}” here")


def _set_me(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.card["me"] = True


def _set_birthday(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.card["birthday"] = parse_yearly(value)


def _set_circle(reader: _PersonReader, line_number: int, value: str) -> None:
    if value.casefold() not in CIRCLES:
        raise PageSyntaxError(f"a circle is {', '.join(CIRCLES)}")
    reader.card["circle"] = value.casefold()


def _set_rest(reader: _PersonReader, line_number: int, value: str) -> None:
    until = value.removeprefix("until ")
    is_open = until.casefold() in ("you say otherwise", "yes")
    reader.card["rest"] = Rest(None if is_open else parse_day(until))


def _set_added_on(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.card["added_on"] = parse_day(value)


def _set_met_on(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.card["met_on"], reader.card["met_precision"] = parse_dated(value)


def _set_met_precision(reader: _PersonReader, line_number: int, value: str) -> None:
    if value not in (*PRECISIONS, _UNKNOWN_PRECISION):
        raise PageSyntaxError("a day is known to the day, week, month or year")
    reader.card["met_precision"] = None if value == _UNKNOWN_PRECISION else value


def _set_met_through(reader: _PersonReader, line_number: int, value: str) -> None:
    handle, rest = reader.page.read_person_link(line_number, value)
    if rest.strip():
        raise PageSyntaxError("there is text after the link")
    reader.card["met_through"] = handle


_FACT_SETTERS: Mapping[str, _Setter] = {
    "handle": _set_handle,
    "you": _set_me,
    "also called": _set_list("nicknames"),
    "lives": _set_text("lives"),
    "birthday": _set_birthday,
    "circle": _set_circle,
    "groups": _set_list("groups"),
    "left in peace": _set_rest,
    "in kin since": _set_added_on,
}
_MEETING_SETTERS: Mapping[str, _Setter] = {
    "on": _set_met_on,
    "known to the": _set_met_precision,
    "at": _set_text("met_at"),
    "through": _set_met_through,
}


def _read_meeting(reader: _PersonReader, section: _Section) -> None:
    """Read how you met: the fields, then the story in quotes."""
    story: list[str] = []
    for lines, text in _split_quotes(section.lines):
        if text is not None:
            story.append(text)
        elif story or not lines[0].text.startswith(("- ", "* ")):
            reader.page.keep_as_text(lines, "it is not quoted")
        else:
            reader.page.read_items(lines, _read_field(reader, _MEETING_SETTERS))
    if story:
        reader.card["met_story"] = "\n\n".join(story)


def _read_interests(reader: _PersonReader, section: _Section) -> None:
    def read_interest(line: _Line, body: str) -> None:
        label, rest = _split_at(body, DASH)
        stance, source, note = "into", None, None
        if rest.startswith(_COLLIDES):
            stance, rest = "collides", rest.removeprefix(_COLLIDES)
        if rest.startswith(" · from ["):
            link = parse_link(rest.removeprefix(" · from "))
            source, rest = reader.page.resolve_link(line.number, link), link.rest
        if dash := re.match(r" (?:—|–|--) ", rest):
            note, rest = parse_value(rest[dash.end() :]), ""
        if rest.strip():
            raise PageSyntaxError("the text after the interest is not a note")
        reader.extend("interests", Held(label, stance, note, source))

    reader.page.read_items(section.lines, read_interest)


def _split_at(body: str, marks: re.Pattern[str]) -> tuple[str, str]:
    """Split a text at the first mark; the mark belongs to the second part. A code span is not searched."""
    parts = parse_code(body)
    if parts is None:
        mark = marks.search(body)
        parts = (body[: mark.start()].rstrip(), body[mark.start() :]) if mark else (body, "")
    if not parts[0]:
        raise PageSyntaxError("it has no name")
    return parts


def _read_days(reader: _PersonReader, section: _Section) -> None:
    def read_day(line: _Line, body: str) -> None:
        label, colon, on = body.rpartition(": ")
        if not colon:
            raise PageSyntaxError("a day is written as “wedding: 12 June 2019”")
        reader.extend("days", (parse_value(label), parse_yearly(on)))

    reader.page.read_items(section.lines, read_day)


def _read_contacts(reader: _PersonReader, section: _Section) -> None:
    def read_contact(line: _Line, body: str) -> None:
        kind, label = _CONTACT.match(body), None
        if kind is None:
            raise PageSyntaxError("it begins with none of email, phone and link")
        rest = body[kind.end() :]
        if rest.startswith("("):
            label, rest = parse_code(rest[1:]) or (
                rest[1:].partition(")")[0],
                rest.partition(")")[2],
            )
            rest = rest.removeprefix(")")
        if not rest.startswith(":") or not (value := parse_value(rest[1:])):
            raise PageSyntaxError("it is written as “phone (home): 0123 456”")
        reader.extend("contacts", Way(kind[1].casefold(), value, label))

    reader.page.read_items(section.lines, read_contact)


def _read_ties(reader: _PersonReader, section: _Section) -> None:
    def read_tie(line: _Line, body: str) -> None:
        mark = _TIE.search(body)
        handle, rest = reader.page.read_person_link(
            line.number, body[: mark.start()].rstrip() if mark else body
        )
        if not rest.startswith(("’s ", "'s ")) or not (word := parse_value(rest[3:])):
            raise PageSyntaxError("it is written as “[Tom](tom.md)’s sister”")
        if handle == reader.card["handle"]:
            raise PageSyntaxError("a person cannot be tied to themselves")
        if handle is not None:
            tie = Tie(reader.card["handle"], handle, word)
            reader.ties.append((int(mark[1]) if mark else None, tie))

    reader.page.read_items(section.lines, read_tie)


def _read_sent(reader: _PersonReader, section: _Section) -> None:
    def read_sent(line: _Line, body: str) -> None:
        on, colon, what = body.partition(": ")
        if not colon or not (text := parse_value(what)):
            raise PageSyntaxError("it is written as “2 October 2026: a film”")
        reader.extend("sent", Given(parse_day(on), text))

    reader.page.read_items(section.lines, read_sent)


def _read_notes(reader: _PersonReader, section: _Section) -> None:
    """Read notes, each with its source; lines that are not quoted are notes too."""
    source: str | None = None
    unquoted: list[str] = []

    def add_unquoted() -> None:
        if unquoted:
            reader.extend("remarks", Remark("\n".join(unquoted)))
            unquoted.clear()

    last = 0
    for lines, text in _split_quotes(section.lines):
        first = lines[0].text.strip()
        if text is not None:
            add_unquoted()
            reader.extend("remarks", *([Remark(text, source)] if text else []))
            source = None
        elif first.startswith("From ") and first.endswith(":"):
            add_unquoted()
            source = parse_value(first[5:-1])
        else:
            if lines[0].number != last + 1:
                add_unquoted()
            unquoted.append(lines[0].text)
            last = lines[0].number
    add_unquoted()


def _read_threads(reader: _PersonReader, section: _Section) -> None:
    _read_thread_section(reader.page, section.lines, reader.conversations, reader.card["handle"])


def _read_conversations(reader: _PersonReader, section: _Section) -> None:
    card = reader.card
    _read_conversation_section(
        reader.page, section.lines, reader.conversations, (card["handle"], card["name"])
    )


_SECTION_READERS: Mapping[str, Callable[[_PersonReader, _Section], None]] = {
    MEETING.casefold(): _read_meeting,
    INTERESTS.casefold(): _read_interests,
    "what lights you up": _read_interests,
    DAYS.casefold(): _read_days,
    CONTACTS.casefold(): _read_contacts,
    TIES.casefold(): _read_ties,
    THREADS.casefold(): _read_threads,
    SENT.casefold(): _read_sent,
    NOTES.casefold(): _read_notes,
    CONVERSATIONS.casefold(): _read_conversations,
}


class _Stamp(NamedTuple):
    number: int | None
    noted_at: str
    told_from: int = 0


def _read_conversation_section(
    page: _PageReader,
    lines: list[_Line],
    conversations: _Conversations,
    subject: tuple[str, str] | None,
) -> None:
    """Read a section of conversations.

    `subject` is the handle and name of the page's person: a conversation that its owner added without
    `With …` is with them.
    """
    for section in _split_sections(lines, "### "):
        if section.heading is None:
            page.keep_as_text(section.lines, "it is above the first conversation")
            continue
        try:
            number, talk = _parse_conversation(page, section, section.heading, subject)
        except PageSyntaxError as error:
            page.keep_as_text([section.heading, *section.lines], str(error))
        else:
            conversations.add_conversation(number, talk)


def _parse_conversation(
    page: _PageReader, section: _Section, heading: _Line, subject: tuple[str, str] | None
) -> tuple[int | None, Talk]:
    day, by, place = _parse_conversation_heading(heading.text.removeprefix("### "))
    stamp = _Stamp(None, f"{day[0]}T00:00:00+00:00")
    people: list[There] | None = None
    topics: tuple[str, ...] = ()
    quotes: list[str] = []
    unquoted: list[_Line] = []
    for lines, text in _split_quotes(section.lines):
        line = lines[0]
        if text is not None:
            quotes.append(text)
        elif comment := _CONVERSATION_COMMENT.match(line.text):
            noted = parse_code(comment[2])
            stamp = _Stamp(int(comment[1]), noted[0] if noted else comment[2], int(comment[3] or 0))
        elif not quotes and not unquoted and line.text.startswith("With [") and people is None:
            people = _parse_participants(page, line)
        elif not quotes and not unquoted and line.text.startswith("About "):
            topics = parse_list(line.text[6:])
        else:
            unquoted.append(line)
    text = "\n\n".join(quotes)
    if not quotes:
        text, unquoted = _join_unquoted(unquoted), []
    if not text:
        raise PageSyntaxError("it is a conversation without text")
    page.keep_as_text(unquoted, "it is not quoted like the conversation")
    if people is None:
        people = [There(*subject)] if subject and stamp.number is None else []
    return stamp.number, Talk(
        day[0],
        text,
        stamp.noted_at,
        day[1],
        min(stamp.told_from, len(text)),
        place,
        by,
        tuple(people),
        topics,
    )


def _join_unquoted(lines: list[_Line]) -> str:
    """Return lines that are not quoted as one text, with the blank lines between them."""
    text, last = "", 0
    for line in lines:
        text += ("\n\n" if line.number > last + 1 else "\n") * bool(text) + line.text
        last = line.number
    return text


def _parse_conversation_heading(text: str) -> tuple[tuple[str, str], str | None, str | None]:
    """Return the day and its precision, the channel and the place of a conversation."""
    day, _, rest = text.strip().partition(" · ")
    by, place = None, None
    if rest and not rest.startswith("at "):
        by, _, rest = rest.partition(" · ")
        if by not in WAYS:
            raise PageSyntaxError(f"a conversation is a {', '.join(WAYS)}")
    if rest:
        if not rest.startswith("at "):
            raise PageSyntaxError("the text after the day is not a place")
        place = parse_value(rest[3:])
    return parse_dated(day), by, place


def _parse_participants(page: _PageReader, line: _Line) -> list[There]:
    participants: dict[str, There] = {}
    try:
        links = parse_links(line.text.removeprefix("With "))
    except PageSyntaxError as error:
        page.keep_as_text([line], str(error))
        return []
    for link in links:
        handle = page.resolve_link(line.number, link)
        if handle is not None:
            participants.setdefault(handle, There(handle, link.words))
    return list(participants.values())


def _read_thread_section(
    page: _PageReader, lines: list[_Line], conversations: _Conversations, subject: str | None
) -> None:
    """Read a section of threads; a thread is an item of a list with the indented lines below it."""
    item: list[_Line] = []
    for line in [*lines, _Line(0, "- ")]:
        if not line.text.strip() and line.number:
            continue
        if line.text.startswith(("- ", "* ")):
            if item:
                try:
                    _parse_thread(page, item, conversations, subject)
                except PageSyntaxError as error:
                    page.keep_as_text(item, str(error))
            item = [line]
        elif item and line.text[:1].isspace():
            item.append(line)
        else:
            page.keep_as_text([line], "it is not an item of a list")


def _parse_thread(
    page: _PageReader, item: list[_Line], conversations: _Conversations, subject: str | None
) -> None:
    head = item[0].text.rstrip()
    comment = _THREAD_COMMENT.search(head)
    checkbox = _CHECKBOX.match(head)
    if checkbox is None:
        raise PageSyntaxError("a thread is written as “- [ ] how was the exam”")
    text = parse_value(head[checkbox.end() : comment.start() if comment else len(head)])
    values: dict[str, str] = {}
    people: list[str] | None = None
    for line in item[1:]:
        body = line.text.strip().removeprefix("- ").strip()
        key = next((each for each in _THREAD_FIELDS if body.startswith(each)), None)
        if key is None:
            raise PageSyntaxError("a line below it is not part of a thread")
        value = body.removeprefix(key).strip()
        if key == "with ":
            handles = (page.resolve_link(line.number, link) for link in parse_links(value))
            people = list(dict.fromkeys(each for each in handles if each is not None))
        else:
            values[_THREAD_FIELDS[key]] = (
                parse_value(value) if key == "outcome:" else parse_day(value)
            )
    if not text or "opened_on" not in values:
        raise PageSyntaxError("a thread has words, and “since” with a day below them")
    if checkbox[1] != " " and "heard_on" not in values:
        page.remark(item[0].number, "it is ticked without “heard” and a day, and stays open")
    if people is None:
        people = [subject] if subject is not None and comment is None else []
    conversations.add_thread(
        int(comment[1]) if comment else None,
        int(comment[2]) if comment and comment[2] else None,
        Thread(
            text=text,
            opened_on=values["opened_on"],
            due_on=values.get("due_on"),
            heard_on=values.get("heard_on"),
            outcome=values.get("outcome"),
            people=tuple(people),
        ),
    )
