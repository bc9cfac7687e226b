"""The format of the Markdown folder: its files, the sections of a page, and values within a line.

Most values are written as they are. One that would not be read back the same, or could control a
terminal, is a JSON string in a code span, `"like \\n this"`, so that no text is changed.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kin.formats.kin_json import LEAP_YEAR
from kin.formats.records import Person
from kin.language.dates import MONTHS, WEEKDAYS
from kin.language.text import escape_control, escape_json, slugify

INDEX_FILE = "kin.md"
PEOPLE_FOLDER = "people"
KEPT_FOLDER = "kept"
VERSION = 1
PAGE_TITLE = re.compile(r"\A#[ \t](.*)<!-- kin page ([0-9]{1,9}) -->\Z")
FOLDER_TITLE = re.compile(r"\A#[ \t](.*)<!-- kin folder ([0-9]{1,9}) -->\Z")
# Windows reserves these names for devices, with any extension.
_DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]")
# Characters: with up to three bytes each and an extension they fit every file system.
_MAX_STEM_LENGTH = 40
_LISTED_PAGE = re.compile(rf"- \[.*\]\({PEOPLE_FOLDER}/([^()/\\\s]+)\.md\)")

# The headings of the sections on a person's page.
MEETING = "How you met"
INTERESTS = "Interests"
DATES = "Dates"
CONTACTS = "How to reach them"
TIES = "Who they know"
QUESTIONS = "Questions"
SENT = "What you sent"
FACTS = "Facts"
NOTES = "Notes"
OTHER_PAGES = "On other pages"
# The headings of further sections in the index.
PEOPLE = "People"
VOCABULARY = "Vocabulary"
INTRODUCTIONS = "Introductions"

INTRODUCTION = (
    "This folder has a page for each person in your life. Read the pages, and change what you like:",
    "`kin import` of this folder brings everything back, and keeps as text what it does not understand.",
    "The files in `kept/` and the numbers in comments are for kin only.",
)
VOCABULARY_PHRASES = {"same": "is the same as", "under": "is a kind of", "apart": "is apart from"}
VOCABULARY_PHRASE = re.compile(rf"{'|'.join(VOCABULARY_PHRASES.values())}|· since")

_NEVER = re.compile("(?!)")
_COMMA = re.compile(",")
_BRACKETS = re.compile(r"[][]")
_CODE_START = '`"'
_FILE = r"[^()\s]+"
_LINK = re.compile(rf"\[([^][]*)\]\(({_FILE})\)")
_LINK_END = re.compile(rf"\]\(({_FILE})\)")
_LIST_SEPARATOR = re.compile(r"\s*(?:,\s*|\Z)")
_LINK_SEPARATOR = re.compile(r",? and |, ?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = re.compile(r"(?:[A-Za-z]+,? )?([0-9]{1,2}) ([A-Za-z]{3,9}) ([0-9]{4})")
_YEARLY_DATE = re.compile(r"([0-9]{1,2}) ([A-Za-z]{3,9})")
_PERIOD = re.compile(r"(week|month|year) of (.+)")
_MONTH = re.compile(r"([A-Za-z]{3,9}) ([0-9]{4})")
_START_SUFFIX = {"month": "-01", "year": "-01-01"}
DASH = re.compile(r" (?:—|–|--|·)(?= |\Z)")


class PageSyntaxError(Exception):
    """A text is not in the format that kin writes; the message says why."""


class Link(NamedTuple):
    """A link to a page: its text and its file, and the text after it."""

    words: str
    file: str
    rest: str


def format_code(words: str) -> str:
    """Return a text as a code span on one line."""
    return f"`{escape_json(json.dumps(words, ensure_ascii=False)).replace('`', chr(92) + 'u0060')}`"


def format_value(words: str, marks: re.Pattern[str] = _NEVER) -> str:
    """Return the text as it is, or as code if it would not be read back the same or contains `marks`."""
    is_unchanged = words and not words.startswith(_CODE_START) and words == words.strip()
    if is_unchanged and escape_control(words, newlines=False) == words and not marks.search(words):
        return words
    return format_code(words)


def parse_code(text: str) -> tuple[str, str] | None:
    """Parse a text that begins with code; return the decoded text and the rest, or None without code."""
    code = _parse_code_at(text, 0)
    return None if code is None else (code[0], text[code[1] :])


def _parse_code_at(text: str, at: int) -> tuple[str, int] | None:
    """Parse code at an index; return the decoded text and the index of its end, or None without code."""
    if not text.startswith(_CODE_START, at):
        return None
    try:
        words, end = json.JSONDecoder().raw_decode(text, at + 1)
        words.encode()
    except (ValueError, RecursionError):
        raise PageSyntaxError("a code span in it is not valid") from None
    if "\0" in words or not text.startswith("`", end):
        raise PageSyntaxError("a code span in it is not closed, or contains a NUL character")
    return words, end + 1


def parse_value(text: str) -> str:
    """Parse a value that extends to the end of its line."""
    text = text.strip()
    code = parse_code(text)
    if code is None:
        return text
    if code[1].strip():
        raise PageSyntaxError("there is text after its code span")
    return code[0]


def format_list(values: Iterable[str]) -> str:
    """Return values on one line, separated by commas."""
    return ", ".join(format_value(each, _COMMA) for each in values)


def parse_list(text: str) -> tuple[str, ...]:
    """Parse values on one line that are separated by commas."""
    values, text, at = [], text.strip(), 0
    while at < len(text):
        value = _parse_code_at(text, at)
        if value is None:
            end = text.find(",", at)
            end = len(text) if end < 0 else end
            value = text[at:end].strip(), end
        if value[0]:
            values.append(value[0])
        separator = _LIST_SEPARATOR.match(text, value[1])
        if separator is None:
            raise PageSyntaxError("there is text after its code span")
        at = separator.end()
    return tuple(values)


def format_quote(text: str) -> list[str]:
    """Return a text as quoted lines, or as code if it would not be read back the same."""
    if not text or text.startswith(_CODE_START) or escape_control(text) != text:
        return [f"> {format_code(text)}"]
    return [f"> {line}" if line else ">" for line in text.split("\n")]


def parse_quote(lines: Sequence[str]) -> str:
    """Parse a text from its quoted lines."""
    texts = [line[2:] if line.startswith("> ") else line[1:] for line in lines]
    if len(texts) == 1:
        try:
            code = parse_code(texts[0])
        except PageSyntaxError:
            return texts[0]  # it looks like code, but kin did not write it
        if code and not code[1].strip():
            return code[0]
    return "\n".join(texts)


def format_link(text: str, file: str) -> str:
    """Return a link to a page."""
    return f"[{format_value(text, _BRACKETS)}]({file})"


def parse_link(text: str) -> Link:
    """Parse the link at the beginning of a text."""
    words, file, end = _parse_link_at(text, 0)
    return Link(words, file, text[end:])


def _parse_link_at(text: str, at: int) -> tuple[str, str, int]:
    """Parse a link at an index; return its text, its file and the index of its end."""
    code = _parse_code_at(text, at + 1) if text.startswith("[", at) else None
    match = _LINK_END.match(text, code[1]) if code else _LINK.match(text, at)
    if match is None:
        raise PageSyntaxError("there is no link to a page")
    return (code[0], match[1], match.end()) if code else (match[1].strip(), match[2], match.end())


def parse_links(text: str) -> list[Link]:
    """Parse a text that consists of links."""
    links, text, at = [], text.strip(), 0
    while at < len(text):
        words, file, end = _parse_link_at(text, at)
        links.append(Link(words, file, ""))
        separator = _LINK_SEPARATOR.match(text, end)
        at = separator.end() if separator else end
    return links


def format_day(stored: str) -> str:
    """Return a day with its year, `12 March 1984`."""
    on = date.fromisoformat(stored)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year:04}"


def format_day_with_precision(stored: str, precision: str) -> str:
    """Return a day with its precision: `Tue 17 November 2026`, `week of …`, `March 2024`."""
    if precision == "day":
        return f"{WEEKDAYS[date.fromisoformat(stored).weekday()][:3]} {format_day(stored)}"
    if precision in _START_SUFFIX and stored.endswith(_START_SUFFIX[precision]):
        return format_day(stored).split(" ", {"month": 1, "year": 2}[precision])[-1]
    return f"{precision} of {format_day(stored)}"


def parse_day(text: str) -> str:
    """Parse a day with its year."""
    text = text.strip()
    if _ISO.fullmatch(text):
        return _check_calendar(text)
    match = _DAY.fullmatch(text)
    if match is None:
        raise PageSyntaxError("it has no day such as 17 November 2026")
    return _check_calendar(f"{match[3]}-{_find_month_number(match[2])}-{int(match[1]):02}")


def parse_yearly_date(text: str) -> str:
    """Parse a day with or without its year."""
    text = text.strip()
    if match := _YEARLY_DATE.fullmatch(text):
        on = f"-{_find_month_number(match[2])}-{int(match[1]):02}"
        _check_calendar(LEAP_YEAR + on)
        return f"-{on}"
    if re.fullmatch("--[0-9]{2}-[0-9]{2}", text):
        _check_calendar(LEAP_YEAR + text[1:])
        return text
    return parse_day(text)


def parse_day_with_precision(text: str) -> tuple[str, str]:
    """Parse a day; return it with its precision."""
    text = text.strip()
    if match := _PERIOD.fullmatch(text):
        return parse_day(match[2]), match[1]
    if match := _MONTH.fullmatch(text):
        return _check_calendar(f"{match[2]}-{_find_month_number(match[1])}-01"), "month"
    if re.fullmatch("[0-9]{4}", text):
        return _check_calendar(f"{text}-01-01"), "year"
    return parse_day(text), "day"


def _find_month_number(name: str) -> str:
    number = _MONTHS.get(name.casefold())
    if number is None:
        raise PageSyntaxError(f"“{name}” is not a month")
    return number


# Months by their name, or its first three or more letters.
_MONTHS = {
    month.casefold()[:letters]: f"{number:02}"
    for number, month in enumerate(MONTHS, 1)
    for letters in range(3, len(month) + 1)
}


def _check_calendar(on: str) -> str:
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        raise PageSyntaxError("that day is not in the calendar") from None


def assign_file_stems(people: Iterable[Person]) -> dict[str, str]:
    """Return the file name of each person, without extension, by handle: unique and safe on every system."""
    taken_keys: set[str] = set()
    stem_by_handle = {}
    for person in people:
        first = slugify(person.handle)[:_MAX_STEM_LENGTH].strip("-") or "someone"
        first = f"{first}-page" if _DEVICES.fullmatch(first) else first
        stem, number = first, 1
        while (key := unicodedata.normalize("NFKD", stem).casefold()) in taken_keys:
            number += 1
            stem = f"{first}-{number}"
        taken_keys.add(key)
        stem_by_handle[person.handle] = stem
    return stem_by_handle


class Links:
    """Formats links to the pages of people."""

    def __init__(self, people: Iterable[Person], stems: dict[str, str], folder: str = "") -> None:
        """Take all people and their file stems; `folder` is the relative path from the linking page."""
        self._names = {person.handle: person.name for person in people}
        self._files = {handle: f"{folder}{stem}.md" for handle, stem in stems.items()}

    def link_to(self, handle: str, words: str | None = None) -> str:
        """Return a link to a person, with their name or another text."""
        return format_link(self._names[handle] if words is None else words, self._files[handle])

    def get_name(self, handle: str) -> str:
        """Return the name of a person."""
        return self._names[handle]


def list_written_files(index: bytes) -> set[str]:
    """Return the files of a folder that kin wrote, according to its index; empty if that is not an index of kin."""
    lines = index.decode("utf-8", "replace").splitlines()
    if not lines or not FOLDER_TITLE.match(lines[0].rstrip()):
        return set()
    matches = (_LISTED_PAGE.fullmatch(line) for line in lines)
    stems = {match[1] for match in matches if match}
    return {
        INDEX_FILE,
        *(f"{PEOPLE_FOLDER}/{stem}.md" for stem in stems),
        *(f"{KEPT_FOLDER}/{stem}.json" for stem in stems),
    }


def add_written_files(index: bytes, files: Iterable[str]) -> bytes:
    """Return the index of a folder with further files added, so that `list_written_files` returns them."""
    stems = sorted({file.partition("/")[2].rpartition(".")[0] for file in files if "/" in file})
    rows = "".join(f"- [{stem}]({PEOPLE_FOLDER}/{stem}.md)\n" for stem in stems)
    return index + f"\n## Pages that were being removed\n\n{rows}".encode()
