"""Reading a folder of kin's Markdown, or single pages of it, as kin wrote them or as their owner changed them.

A line that is not understood is kept as a fact, and reported with its line number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from kin.constants import CHANNELS, CIRCLES, CONTACT_KINDS, PRECISIONS
from kin.errors import UsageError
from kin.formats.editor_card import Contact
from kin.formats.kin_json import (
    Record,
    check_handle,
    load_json,
    newer_version_error,
    parse_origin,
    parse_showing,
)
from kin.formats.markdown import (
    CONTACTS,
    DASH,
    DATES,
    FACTS,
    FOLDER_TITLE,
    INDEX_FILE,
    INTERESTS,
    INTRODUCTION,
    INTRODUCTIONS,
    KEPT_FOLDER,
    MEETING,
    NOTES,
    OTHER_PAGES,
    PAGE_TITLE,
    PEOPLE,
    PEOPLE_FOLDER,
    QUESTIONS,
    SENT,
    TIES,
    VERSION,
    VOCABULARY,
    VOCABULARY_PHRASE,
    VOCABULARY_PHRASES,
    Link,
    PageSyntaxError,
    parse_code,
    parse_day,
    parse_day_with_precision,
    parse_link,
    parse_links,
    parse_list,
    parse_quote,
    parse_value,
    parse_yearly_date,
)
from kin.formats.records import (
    Book,
    Fact,
    FileIssue,
    Introduction,
    Note,
    Participant,
    Person,
    PersonInterest,
    Question,
    SentItem,
    Snooze,
    Tie,
    VocabularyRule,
)
from kin.language.text import escape_control, join_words, slugify, truncate

MAX_PAGE_SIZE = 1 << 26  # bytes of one page
_RELATION_BY_PHRASE = {phrase: relation for relation, phrase in VOCABULARY_PHRASES.items()}
_SOURCE = "Markdown"  # of facts made from lines that are not understood
_CONTACT = re.compile(rf"({'|'.join(CONTACT_KINDS)})\b *", re.IGNORECASE)
_TIE = re.compile(r"<!-- tie ([0-9]{1,9}) -->\Z")
_UNKNOWN_PRECISION = "unknown"
_LAST_NUMBER = 1 << 62  # the number of items without one: after all others
_NOTE_COMMENT = re.compile(
    r"<!-- note ([0-9]{1,9}), noted (.+?)(?:, text from ([0-9]{1,9}))? -->\s*\Z"
)
_QUESTION_COMMENT = re.compile(r"<!-- question ([0-9]{1,9})(?:, note ([0-9]{1,9}))? -->\Z")
_CHECKBOX = re.compile(r"[-*] \[([ xX])\] ")
_ANSWER = re.compile(r" said (yes|no)(?= and \[| ·|\Z)")
_DIFFERS = " · you see it differently"
_QUESTION_FIELDS = {
    "since ": "opened_on",
    "on ": "on",
    "answered ": "answered_on",
    "answer:": "answer",
    "with ": "people",
}


class Pages(NamedTuple):
    """The book that a folder or single pages hold, what was skipped, and what was kept as text."""

    book: Book
    skipped: tuple[FileIssue, ...]
    warnings: tuple[FileIssue, ...]


def is_kin_markdown(head: bytes) -> bool:
    """Return whether a file is one of kin's Markdown, by its first line."""
    first = (
        head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").rstrip()
    )
    return (PAGE_TITLE.match(first) or FOLDER_TITLE.match(first)) is not None


def read_pages(files: Iterable[tuple[str, bytes]], *, today: date) -> Pages:
    """Read the files of a folder by their paths in it, or single pages; `today` is the default of `added_on`.

    A page that cannot be read is skipped. Raises UsageError if a newer kin wrote all of them.
    """
    reader = _FolderReader(today)
    for path, data in files:
        reader.add_file(path, data)
    return reader.read()


class _Line(NamedTuple):
    """A line of a file and its number."""

    number: int
    text: str


class _Section(NamedTuple):
    """A heading (None above the first one) and the lines below it."""

    heading: _Line | None
    lines: list[_Line]


class _PageReader:
    """Reads one file: resolves its links, and collects warnings and the lines that are not understood."""

    def __init__(self, place: str, files: Mapping[str, str], *, is_single_page: bool) -> None:
        """Take the file's path for messages, and handles by file name.

        `is_single_page` means that the page comes without the rest of its folder, so that links may lead nowhere.
        """
        self.place, self.is_single_page = place, is_single_page
        self.warnings: list[FileIssue] = []
        self._files = files
        self._kept_lines: list[tuple[_Line, str]] = []

    def warn(self, line_number: int, why: str) -> None:
        """Report what became of a line."""
        self.warnings.append(FileIssue(f"{self.place}:{line_number}", why))

    def keep_as_text(self, lines: Iterable[_Line], why: str) -> None:
        """Keep lines as text, with the reason for the report."""
        self._kept_lines += [(line, why) for line in lines]

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
            excerpt = truncate(escape_control(link.words, newlines=False), 40)
            self.warn(line_number, f"“{excerpt}” is not linked: there is no page {link.file}")
        return handle

    def read_person_link(self, line_number: int, text: str) -> tuple[str | None, str]:
        """Read the link at the beginning of a text; return the handle and the text after it."""
        link = parse_link(text)
        handle = self.resolve_link(line_number, link)
        if handle is None and not self.is_single_page:
            raise PageSyntaxError("it links to a page that does not exist")
        return handle, link.rest

    def join_kept_lines(self) -> list[str]:
        """Return the lines that were not understood, adjacent ones as one text, and report each text."""
        texts: list[list[str]] = []
        last = -1
        for line, why in sorted(self._kept_lines, key=lambda each: each[0].number):
            if last >= 0 and line.number == last + 1:
                texts[-1].append(line.text)
            elif line.text.strip():
                texts.append([line.text])
                excerpt = truncate(escape_control(line.text, newlines=False), 40)
                self.warn(line.number, f"“{excerpt}” is kept as text: {why}")
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


class _NotesAndQuestions:
    """The notes and questions of all pages, with the numbers that give their order in the book."""

    def __init__(self) -> None:
        self._notes: list[tuple[int, Note]] = []
        self._questions: list[tuple[int, int | None, Question]] = []

    def add_note(self, number: int | None, note: Note) -> None:
        """Add a note; without a number it goes last."""
        self._notes.append((_LAST_NUMBER if number is None else number, note))

    def add_question(self, number: int | None, note_number: int | None, question: Question) -> None:
        """Add a question, with the number of its note."""
        self._questions.append((_LAST_NUMBER if number is None else number, note_number, question))

    def sort(self) -> tuple[tuple[Note, ...], tuple[Question, ...]]:
        """Return notes and questions in order, questions with the index of their note."""
        self._notes.sort(key=lambda each: each[0])
        self._questions.sort(key=lambda each: each[0])
        index_by_number: dict[int | None, int] = {}
        for index, (number, _) in enumerate(self._notes):
            index_by_number.setdefault(number, index)
        return tuple(note for _, note in self._notes), tuple(
            replace(question, note_index=index_by_number.get(note))
            for _, note, question in self._questions
        )


class _PersonReader:
    """Collects what is read of a person's page: fields, ties, notes and questions."""

    def __init__(
        self, page: _PageReader, handle: str, name: str, notes_and_questions: _NotesAndQuestions
    ) -> None:
        """Take the page, its person, and the collection of notes and questions."""
        self.page, self.notes_and_questions = page, notes_and_questions
        self.fields: dict[str, Any] = {"handle": handle, "name": name}
        self.ties: list[tuple[int | None, Tie]] = []

    def extend(self, field: str, *values: Any) -> None:
        """Append values to a field that is a list."""
        self.fields.setdefault(field, []).extend(values)


class _FolderReader:
    """Reads the files of a folder: first all names and handles, then the pages that link to them."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._pages: dict[str, list[_Line]] = {}
        self._kept_by_stem: dict[str, bytes] = {}
        self._index: list[_Line] | None = None
        self._newer_versions: dict[str, int] = {}  # by path, of pages that are skipped
        self._skipped: list[FileIssue] = []
        self._warnings: list[FileIssue] = []
        self._handle_by_file: dict[str, str] = {}
        self._name_by_path: dict[str, str] = {}
        self._notes_and_questions = _NotesAndQuestions()
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
                FileIssue(f"{path}:{line}", "it is not UTF-8 text; the page is left out")
            )
            return
        if "\0" in text:
            text = text.replace("\0", "\ufffd")
            self._warnings.append(FileIssue(path, "NUL characters are replaced by �"))
        lines = _split_lines(text)
        if self._is_newer(path, lines[0]):
            return
        if path == INDEX_FILE or FOLDER_TITLE.match(lines[0].text.rstrip()):
            self._parse_title(FOLDER_TITLE, path, lines[0])
            self._index = lines[1:]
        else:
            self._pages[path] = lines

    def _is_newer(self, path: str, line: _Line) -> bool:
        """Return whether a newer kin wrote the page; it is skipped if there are others."""
        match = PAGE_TITLE.match(line.text.rstrip())
        if match is None or int(match[2]) <= VERSION:
            return False
        self._newer_versions[path] = int(match[2])
        self._skipped.append(
            FileIssue(
                path, newer_version_error(path, int(match[2])).message.removeprefix(f"{path}: ")
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
            where = f"{KEPT_FOLDER}/{path}.json"
            self._skipped.append(FileIssue(where, "it belongs to a page that does not exist"))
        notes, questions = self._notes_and_questions.sort()
        ties = tuple(tie for _, tie in sorted(self._ties, key=lambda each: each[0]))
        book = Book(tuple(people.values()), notes, questions, ties, *index)
        return Pages(book, tuple(self._skipped), tuple(self._warnings))

    def _parse_title(self, mark: re.Pattern[str], path: str, line: _Line) -> str:
        """Return the title of a page; raise UsageError if a newer kin wrote it."""
        match = mark.match(line.text.rstrip())
        if match is None:
            return line.text.lstrip("#").strip() if line.text.startswith("# ") else ""
        if int(match[2]) > VERSION:
            raise newer_version_error(path, int(match[2]))
        return match[1].strip()

    def _assign_handles(self) -> None:
        """Determine the name and a unique handle of each page's person, which links are resolved to."""
        taken: set[str] = set()
        for path, lines in self._pages.items():
            stem = path.rsplit("/", 1)[-1].removesuffix(".md")
            page = _PageReader(path, {}, is_single_page=False)
            heading = self._parse_title(PAGE_TITLE, path, lines[0])
            try:
                name = parse_value(heading)
            except PageSyntaxError:
                name = heading
            handle = first = _find_handle(lines) or slugify(stem) or "someone"
            number = 1
            while handle in taken:
                number += 1
                handle = f"{first}-{number}"
            taken.add(handle)
            if not name:
                page.warn(1, f"the page has no name; the person is called {handle}")
            self._warnings += page.warnings
            self._handle_by_file[f"{stem}.md"] = handle
            self._name_by_path[path] = name or handle

    def _sort_pages(self) -> list[tuple[str, list[_Line]]]:
        """Return the pages in the order of the index, then the pages that it does not list."""
        order: dict[str, int] = {}
        for section in _split_sections(self._index or (), "## "):
            if section.heading and _normalize_heading(section.heading) == PEOPLE.casefold():
                for line in section.lines:
                    if match := re.search(r"\]\(([^()\s]+)\)\s*\Z", line.text):
                        order.setdefault(match[1], len(order))
        return sorted(self._pages.items(), key=lambda each: order.get(each[0], len(order)))

    def _create_reader(self, path: str) -> _PageReader:
        return _PageReader(path, self._handle_by_file, is_single_page=self._index is None)

    def _read_person(self, path: str, lines: list[_Line]) -> Person:
        stem = path.rsplit("/", 1)[-1].removesuffix(".md")
        page, title_match = self._create_reader(path), PAGE_TITLE.match(lines[0].text.rstrip())
        reader = _PersonReader(
            page,
            self._handle_by_file[f"{stem}.md"],
            self._name_by_path[path],
            self._notes_and_questions,
        )
        body = lines[1:] if title_match or lines[0].text.startswith("# ") else lines
        person = _read_page(body, reader, added_on=self._today.isoformat())
        self._ties |= {
            (_LAST_NUMBER if number is None else number, tie): None for number, tie in reader.ties
        }
        self._warnings += page.warnings
        data = self._kept_by_stem.pop(stem, None)
        return (
            self._add_kept_fields(person, f"{KEPT_FOLDER}/{stem}.json", data)
            if data is not None
            else person
        )

    def _add_kept_fields(self, person: Person, path: str, data: bytes) -> Person:
        try:
            record = Record(load_json(data.decode(), path), path)
            return replace(
                person,
                origins=tuple(parse_origin(each) for each in record.get_records("origins")),
                showings=tuple(parse_showing(each) for each in record.get_records("shown")),
                uid=record.get_text("uid") or None,
            )
        except UnicodeDecodeError:
            self._skipped.append(FileIssue(path, "it is not UTF-8 text"))
        except UsageError as error:
            self._skipped.append(FileIssue(path, error.message))
        return person

    def _read_index(
        self, people: dict[str, Person]
    ) -> tuple[tuple[Introduction, ...], tuple[VocabularyRule, ...]]:
        """Read the index: introductions, vocabulary, and notes and questions without people."""
        introductions: list[Introduction] = []
        vocabulary: list[VocabularyRule] = []
        page = self._create_reader(INDEX_FILE)
        section_readers: dict[str, Callable[[_Section], None]] = {
            PEOPLE.casefold(): lambda section: page.read_items(section.lines, lambda line, body: self._check_listed(page, body)),
            VOCABULARY.casefold(): lambda section: page.read_items(section.lines, lambda line, body: vocabulary.append(_parse_vocabulary_rule(body))),
            INTRODUCTIONS.casefold(): lambda section: page.read_items(section.lines, lambda line, body: introductions.append(_parse_introduction(page, line, body))),
            QUESTIONS.casefold(): lambda section: _read_question_section(page, section.lines, self._notes_and_questions, None),
            NOTES.casefold(): lambda section: _read_note_section(page, section.lines, self._notes_and_questions, None),
        }  # fmt: skip
        for section in _split_sections(self._index or (), "## "):
            if section.heading is None:
                unknown_lines = [
                    each
                    for each in section.lines
                    if each.text.strip() and each.text not in INTRODUCTION
                ]
                page.keep_as_text(unknown_lines, "it is above the first section")
            elif read_section := section_readers.get(_normalize_heading(section.heading)):
                read_section(section)
            else:
                page.keep_as_text(
                    [section.heading, *section.lines], "kin does not know this section"
                )
        kept_texts = page.join_kept_lines()
        self._warnings += page.warnings
        self._add_to_owner(kept_texts, people)
        return tuple(introductions), tuple(vocabulary)

    def _check_listed(self, page: _PageReader, body: str) -> None:
        link = parse_link(body)
        if link.rest.strip() or not link.file.startswith(f"{PEOPLE_FOLDER}/"):
            raise PageSyntaxError("it is not a link to a page")
        if (
            link.file.rsplit("/", 1)[-1] not in self._handle_by_file
            and link.file not in self._newer_versions
        ):
            self._skipped.append(FileIssue(link.file, "the page is not there"))

    def _add_to_owner(self, kept_texts: list[str], people: dict[str, Person]) -> None:
        owner = next((path for path, person in people.items() if person.me), None)
        if owner is not None:
            person = people[owner]
            new = tuple(Fact(each, _SOURCE) for each in kept_texts)
            new = tuple(each for each in new if each.text not in {old.text for old in person.facts})
            people[owner] = replace(person, facts=(*person.facts, *new))
        elif kept_texts:
            why = "its text has no place, because there is no page of your own"
            self._skipped.append(FileIssue(INDEX_FILE, why))


def _parse_vocabulary_rule(body: str) -> VocabularyRule:
    code = parse_code(body)
    phrase = (
        VOCABULARY_PHRASE.search(body)
        if code is None
        else VOCABULARY_PHRASE.match(code[1].lstrip())
    )
    if phrase is None or phrase[0] not in _RELATION_BY_PHRASE:
        raise PageSyntaxError("it is written as “porcelain is a kind of pottery”")
    rest = body if code is None else code[1].lstrip()
    one = parse_value(body[: phrase.start()]) if code is None else code[0]
    other, separator, on = rest[phrase.end() :].rpartition(" · since ")
    if not separator or not one or not parse_value(other):
        raise PageSyntaxError("it ends with “ · since 17 November 2026”")
    return VocabularyRule(_RELATION_BY_PHRASE[phrase[0]], one, parse_value(other), parse_day(on))


def _parse_introduction(page: _PageReader, line: _Line, body: str) -> Introduction:
    one, rest = page.read_person_link(line.number, body)
    one_answer = _ANSWER.match(rest)
    rest = rest[one_answer.end() :] if one_answer else rest
    if not rest.startswith(" and "):
        raise PageSyntaxError("it is written as “[A](a.md) and [B](b.md)”")
    other, rest = page.read_person_link(line.number, rest.removeprefix(" and "))
    other_answer = _ANSWER.match(rest)
    rest = rest[other_answer.end() :] if other_answer else rest
    on = parse_day(rest.removeprefix(" · introduced ")) if rest.strip() else None
    if one is None or other is None or one == other:
        raise PageSyntaxError("it does not link to two people")
    return Introduction(
        one, other, one_answer and one_answer[1], other_answer and other_answer[1], on
    )


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
            reader.page.read_items(section.lines, _make_field_reader(reader, _FIELD_SETTERS))
        elif read_section := _SECTION_READERS.get(heading):
            read_section(reader, section)
        elif heading != OTHER_PAGES.casefold():
            reader.page.keep_as_text(
                [section.heading, *section.lines], "kin does not know this section"
            )
        else:
            reader.page.read_items(section.lines, _skip_summary)
    known_texts = {each.text for each in reader.fields.get("facts", ())}
    kept_texts = dict.fromkeys(
        text for text in reader.page.join_kept_lines() if text not in known_texts
    )
    reader.extend("facts", *(Fact(text, _SOURCE) for text in kept_texts))
    fields: dict[str, Any] = {"added_on": added_on}
    for field, value in reader.fields.items():
        fields[field] = tuple(value) if isinstance(value, list) else value
    return Person(**fields)


def _skip_summary(line: _Line, body: str) -> None:
    """Accept the summary of something on another page, and ignore it."""
    if not (body.endswith(".md)") and ": [" in body and "](" in body):
        raise PageSyntaxError("it does not refer to another page")


_Setter = Callable[[_PersonReader, int, str], None]


def _make_field_reader(
    reader: _PersonReader, setters: Mapping[str, _Setter]
) -> Callable[[_Line, str], None]:
    """Return a function that reads a line `key: value` with the setter of its key."""

    def read_field(line: _Line, body: str) -> None:
        key, colon, value = body.partition(":")
        set_field = setters.get(" ".join(key.split()).casefold())
        if not colon or set_field is None:
            raise PageSyntaxError("kin does not know this line")
        if value.strip():
            set_field(reader, line.number, value.strip())

    return read_field


def _make_text_setter(field: str) -> _Setter:
    return lambda reader, line_number, value: reader.fields.update({field: parse_value(value)})


def _make_list_setter(field: str) -> _Setter:
    return lambda reader, line_number, value: reader.extend(field, *parse_list(value))


def _set_handle(reader: _PersonReader, line_number: int, value: str) -> None:
    if reader.fields["handle"] != parse_value(value):
        reader.page.warn(line_number, f"the handle is “{reader.fields['handle']}”")


def _set_me(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.fields["me"] = True


def _set_birthday(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.fields["birthday"] = parse_yearly_date(value)


def _set_circle(reader: _PersonReader, line_number: int, value: str) -> None:
    if value.casefold() not in CIRCLES:
        raise PageSyntaxError(f"a circle is {join_words(CIRCLES, 'or')}")
    reader.fields["circle"] = value.casefold()


def _set_snooze(reader: _PersonReader, line_number: int, value: str) -> None:
    until = value.removeprefix("until ")
    is_open = until.casefold() in ("you say otherwise", "yes")
    reader.fields["snooze"] = Snooze(None if is_open else parse_day(until))


def _set_added_on(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.fields["added_on"] = parse_day(value)


def _set_met_on(reader: _PersonReader, line_number: int, value: str) -> None:
    reader.fields["met_on"], reader.fields["met_precision"] = parse_day_with_precision(value)


def _set_met_precision(reader: _PersonReader, line_number: int, value: str) -> None:
    if value not in (*PRECISIONS, _UNKNOWN_PRECISION):
        raise PageSyntaxError(
            f"the precision of a day is {join_words((*PRECISIONS, _UNKNOWN_PRECISION), 'or')}"
        )
    reader.fields["met_precision"] = None if value == _UNKNOWN_PRECISION else value


def _set_met_through(reader: _PersonReader, line_number: int, value: str) -> None:
    handle, rest = reader.page.read_person_link(line_number, value)
    if rest.strip():
        raise PageSyntaxError("there is text after the link")
    reader.fields["met_through"] = handle


_FIELD_SETTERS: Mapping[str, _Setter] = {
    "handle": _set_handle,
    "you": _set_me,
    "also called": _make_list_setter("nicknames"),
    "lives": _make_text_setter("lives"),
    "birthday": _set_birthday,
    "circle": _set_circle,
    "groups": _make_list_setter("groups"),
    "snoozed": _set_snooze,
    "in kin since": _set_added_on,
}
_MEETING_SETTERS: Mapping[str, _Setter] = {
    "on": _set_met_on,
    "precision": _set_met_precision,
    "at": _make_text_setter("met_at"),
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
            reader.page.read_items(lines, _make_field_reader(reader, _MEETING_SETTERS))
    if story:
        reader.fields["met_story"] = "\n\n".join(story)


def _read_interests(reader: _PersonReader, section: _Section) -> None:
    def read_interest(line: _Line, body: str) -> None:
        label, rest = _split_at(body, DASH)
        stance, source, note = "into", None, None
        if rest.startswith(_DIFFERS):
            stance, rest = "differ", rest.removeprefix(_DIFFERS)
        if rest.startswith(" · from ["):
            link = parse_link(rest.removeprefix(" · from "))
            source, rest = reader.page.resolve_link(line.number, link), link.rest
        if dash := re.match(r" (?:—|–|--) ", rest):
            note, rest = parse_value(rest[dash.end() :]), ""
        if rest.strip():
            raise PageSyntaxError("the text after the interest is not a note")
        reader.extend("interests", PersonInterest(label, stance, note, source))

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


def _read_dates(reader: _PersonReader, section: _Section) -> None:
    def read_date(line: _Line, body: str) -> None:
        label, colon, on = body.rpartition(": ")
        if not colon:
            raise PageSyntaxError("a date is written as “wedding: 12 June 2019”")
        reader.extend("dates", (parse_value(label), parse_yearly_date(on)))

    reader.page.read_items(section.lines, read_date)


def _read_contacts(reader: _PersonReader, section: _Section) -> None:
    def read_contact(line: _Line, body: str) -> None:
        kind, label = _CONTACT.match(body), None
        if kind is None:
            raise PageSyntaxError(f"it does not begin with {join_words(CONTACT_KINDS, 'or')}")
        rest = body[kind.end() :]
        if rest.startswith("("):
            label, rest = parse_code(rest[1:]) or (
                rest[1:].partition(")")[0],
                rest.partition(")")[2],
            )
            rest = rest.removeprefix(")")
        if not rest.startswith(":") or not (value := parse_value(rest[1:])):
            raise PageSyntaxError("it is written as “phone (home): 0123 456”")
        reader.extend("contacts", Contact(kind[1].casefold(), value, label))

    reader.page.read_items(section.lines, read_contact)


def _read_ties(reader: _PersonReader, section: _Section) -> None:
    def read_tie(line: _Line, body: str) -> None:
        mark = _TIE.search(body)
        handle, rest = reader.page.read_person_link(
            line.number, body[: mark.start()].rstrip() if mark else body
        )
        if not rest.startswith(("’s ", "'s ")) or not (word := parse_value(rest[3:])):
            raise PageSyntaxError("it is written as “[Tom](tom.md)’s sister”")
        if handle == reader.fields["handle"]:
            raise PageSyntaxError("a person cannot be tied to themselves")
        if handle is not None:
            tie = Tie(reader.fields["handle"], handle, word)
            reader.ties.append((int(mark[1]) if mark else None, tie))

    reader.page.read_items(section.lines, read_tie)


def _read_sent(reader: _PersonReader, section: _Section) -> None:
    def read_sent(line: _Line, body: str) -> None:
        on, colon, what = body.partition(": ")
        if not colon or not (text := parse_value(what)):
            raise PageSyntaxError("it is written as “2 October 2026: a film”")
        reader.extend("sent", SentItem(parse_day(on), text))

    reader.page.read_items(section.lines, read_sent)


def _read_facts(reader: _PersonReader, section: _Section) -> None:
    """Read facts, each with its source; lines that are not quoted are facts too."""
    source: str | None = None
    unquoted: list[str] = []

    def add_unquoted() -> None:
        if unquoted:
            reader.extend("facts", Fact("\n".join(unquoted)))
            unquoted.clear()

    last = 0
    for lines, text in _split_quotes(section.lines):
        first = lines[0].text.strip()
        if text is not None:
            add_unquoted()
            reader.extend("facts", *([Fact(text, source)] if text else []))
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


def _read_questions(reader: _PersonReader, section: _Section) -> None:
    _read_question_section(
        reader.page, section.lines, reader.notes_and_questions, reader.fields["handle"]
    )


def _read_notes(reader: _PersonReader, section: _Section) -> None:
    fields = reader.fields
    _read_note_section(
        reader.page, section.lines, reader.notes_and_questions, (fields["handle"], fields["name"])
    )


_SECTION_READERS: Mapping[str, Callable[[_PersonReader, _Section], None]] = {
    MEETING.casefold(): _read_meeting,
    INTERESTS.casefold(): _read_interests,
    DATES.casefold(): _read_dates,
    CONTACTS.casefold(): _read_contacts,
    TIES.casefold(): _read_ties,
    QUESTIONS.casefold(): _read_questions,
    SENT.casefold(): _read_sent,
    FACTS.casefold(): _read_facts,
    NOTES.casefold(): _read_notes,
}


class _NoteStamp(NamedTuple):
    number: int | None
    noted_at: str
    body_start: int = 0


def _read_note_section(
    page: _PageReader,
    lines: list[_Line],
    notes_and_questions: _NotesAndQuestions,
    subject: tuple[str, str] | None,
) -> None:
    """Read a section of notes.

    `subject` is the handle and name of the page's person, who was there in a note that was added by hand
    without `With …`.
    """
    for section in _split_sections(lines, "### "):
        if section.heading is None:
            page.keep_as_text(section.lines, "it is above the first note")
            continue
        try:
            number, note = _parse_note(page, section, section.heading, subject)
        except PageSyntaxError as error:
            page.keep_as_text([section.heading, *section.lines], str(error))
        else:
            notes_and_questions.add_note(number, note)


def _parse_note(
    page: _PageReader, section: _Section, heading: _Line, subject: tuple[str, str] | None
) -> tuple[int | None, Note]:
    day, by, place = _parse_note_heading(heading.text.removeprefix("### "))
    stamp = _NoteStamp(None, f"{day[0]}T00:00:00+00:00")
    people: list[Participant] | None = None
    interests: tuple[str, ...] = ()
    quotes: list[str] = []
    unquoted: list[_Line] = []
    for lines, text in _split_quotes(section.lines):
        line = lines[0]
        if text is not None:
            quotes.append(text)
        elif comment := _NOTE_COMMENT.match(line.text):
            noted_at = parse_code(comment[2])
            stamp = _NoteStamp(
                int(comment[1]), noted_at[0] if noted_at else comment[2], int(comment[3] or 0)
            )
        elif not quotes and not unquoted and line.text.startswith("With [") and people is None:
            people = _parse_participants(page, line)
        elif not quotes and not unquoted and line.text.startswith("About "):
            interests = parse_list(line.text[6:])
        else:
            unquoted.append(line)
    text = "\n\n".join(quotes)
    if not quotes:
        text, unquoted = _join_unquoted(unquoted), []
    if not text:
        raise PageSyntaxError("the note has no text")
    page.keep_as_text(unquoted, "it is outside the quoted text of the note")
    if people is None:
        people = [Participant(*subject)] if subject and stamp.number is None else []
    return stamp.number, Note(
        day[0],
        text,
        stamp.noted_at,
        day[1],
        min(stamp.body_start, len(text)),
        place,
        by,
        tuple(people),
        interests,
    )


def _join_unquoted(lines: list[_Line]) -> str:
    """Return lines that are not quoted as one text, with the blank lines between them."""
    text, last = "", 0
    for line in lines:
        text += ("\n\n" if line.number > last + 1 else "\n") * bool(text) + line.text
        last = line.number
    return text


def _parse_note_heading(text: str) -> tuple[tuple[str, str], str | None, str | None]:
    """Return the day and its precision, the channel and the place of a note."""
    day, _, rest = text.strip().partition(" · ")
    by, place = None, None
    if rest and not rest.startswith("at "):
        by, _, rest = rest.partition(" · ")
        if by not in CHANNELS:
            raise PageSyntaxError(f"the channel of a note is {join_words(CHANNELS, 'or')}")
    if rest:
        if not rest.startswith("at "):
            raise PageSyntaxError("the text after the day is not a place")
        place = parse_value(rest[3:])
    return parse_day_with_precision(day), by, place


def _parse_participants(page: _PageReader, line: _Line) -> list[Participant]:
    participants: dict[str, Participant] = {}
    try:
        links = parse_links(line.text.removeprefix("With "))
    except PageSyntaxError as error:
        page.keep_as_text([line], str(error))
        return []
    for link in links:
        handle = page.resolve_link(line.number, link)
        if handle is not None:
            participants.setdefault(handle, Participant(handle, link.words))
    return list(participants.values())


def _read_question_section(
    page: _PageReader,
    lines: list[_Line],
    notes_and_questions: _NotesAndQuestions,
    subject: str | None,
) -> None:
    """Read a section of questions; a question is an item of a list with the indented lines below it."""
    item: list[_Line] = []
    for line in [*lines, _Line(0, "- ")]:
        if not line.text.strip() and line.number:
            continue
        if line.text.startswith(("- ", "* ")):
            if item:
                try:
                    _parse_question(page, item, notes_and_questions, subject)
                except PageSyntaxError as error:
                    page.keep_as_text(item, str(error))
            item = [line]
        elif item and line.text[:1].isspace():
            item.append(line)
        else:
            page.keep_as_text([line], "it is not an item of a list")


def _parse_question(
    page: _PageReader,
    item: list[_Line],
    notes_and_questions: _NotesAndQuestions,
    subject: str | None,
) -> None:
    head = item[0].text.rstrip()
    comment = _QUESTION_COMMENT.search(head)
    checkbox = _CHECKBOX.match(head)
    if checkbox is None:
        raise PageSyntaxError("a question is written as “- [ ] how was the exam”")
    text = parse_value(head[checkbox.end() : comment.start() if comment else len(head)])
    values: dict[str, str] = {}
    people: list[str] | None = None
    for line in item[1:]:
        body = line.text.strip().removeprefix("- ").strip()
        key = next((each for each in _QUESTION_FIELDS if body.startswith(each)), None)
        if key is None:
            raise PageSyntaxError("kin does not know a line below the question")
        value = body.removeprefix(key).strip()
        if key == "with ":
            handles = (page.resolve_link(line.number, link) for link in parse_links(value))
            people = list(dict.fromkeys(each for each in handles if each is not None))
        else:
            values[_QUESTION_FIELDS[key]] = (
                parse_value(value) if key == "answer:" else parse_day(value)
            )
    if not text or "opened_on" not in values:
        raise PageSyntaxError("a question needs words, and a line “since” with a day below them")
    if checkbox[1] != " " and "answered_on" not in values:
        page.warn(
            item[0].number, "it is ticked, but has no line “answered” with a day, and stays open"
        )
    if people is None:
        people = [subject] if subject is not None and comment is None else []
    notes_and_questions.add_question(
        int(comment[1]) if comment else None,
        int(comment[2]) if comment and comment[2] else None,
        Question(
            text=text,
            opened_on=values["opened_on"],
            on=values.get("on"),
            answered_on=values.get("answered_on"),
            answer=values.get("answer"),
            people=tuple(people),
        ),
    )
