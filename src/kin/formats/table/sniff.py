"""Tables as bytes: the encoding, the program that wrote them, the rows, and the shape (delimiter and header).

A damaged row is skipped and reported; the rows after it are read. Memory is bounded by the
longest row. Known header words decide the shape, then how many rows have the same width.
"""

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, islice
from typing import NamedTuple, TextIO

from kin.constants import DateOrder
from kin.errors import UsageError
from kin.formats.table import write as table_write
from kin.formats.table.headers import (
    BUSINESS,
    DATE_FIELDS,
    MACHINE,
    NAME_FIELDS,
    NOTE_LINE,
    Column,
    interpret_header,
    normalize_header,
    read_columns,
)
from kin.formats.table.infer import MAJORITY, DateOrderEvidence, infer_field, is_unknown_header
from kin.language.text import join_words, normalize

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"
REPLACEMENT_CHARACTER = "\ufffd"  # replaces bytes that the encoding does not have
# Bytes checked at a time, so that a large file is never decoded twice as a whole.
_CHUNK_SIZE = 1 << 20
# Python lists these as text encodings, but no file of people uses them.
_NON_TEXT_CODECS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}

# Google marks its own labels; they are not groups of the user.
SYSTEM_LABEL_PREFIX = "* "
# Every Google address book has these labels, so they are dropped without a warning.
DEFAULT_LABELS = {"mycontacts", "other", "othercontacts"}

_KIN_SIGNATURE = {"name", "differ", "howwemet", "ties"}
_KIN_FIELDS = {"circle": "circle", "differ": "differ", "ties": "tie", "dates": "date"}

_NUMBERED_HEADER = re.compile(r"\s*(\D+?) (\d+) - (\D+?)\s*")
_NUMBERED_FIELDS = {
    "email": "email",
    "phone": "phone",
    "website": "link",
    "relation": "tie",
    "event": "date",
    **dict.fromkeys(("customfield", "im", "jot", "userdefined"), NOTE_LINE),
}
_ADDRESS_PARTS = {
    "formatted": "address",
    "street": "street",
    "city": "city",
    "pobox": "box",
    "region": "region",
    "postalcode": "postcode",
    "country": "country",
    "extendedaddress": "extra",
}
_LABEL_PARTS = ("Label", "Type", "Service")
_STANDARD_LABELS = {
    *("home", "work", "mobile", "main", "other", "profile", "blog", "homepage"),
    *("homefax", "workfax", "pager", "spouse", "child", "mother", "father", "parent"),
    *("brother", "sister", "friend", "relative", "partner", "domesticpartner", "manager"),
    *("assistant", "referredby", "anniversary"),
}

_OUTLOOK_REQUIRED = {"firstname", "lastname", "emailaddress"}
_OUTLOOK_TYPICAL = {
    *("homephone", "businessphone", "mobilephone", "primaryphone", "categories", "homestreet"),
}
# Outlook for the desktop writes its header in the language of the user.
_OUTLOOK_TRANSLATED = (
    {"vorname", "nachname", "emailadresse", "mobiltelefon"},
    {"prenom", "nom", "adressedemessagerie"},
    {"nombre", "apellidos", "direcciondecorreoelectronico"},
    {"nome", "cognome", "indirizzopostaelettronica"},
    {"voornaam", "achternaam", "emailadres", "mobieletelefoon"},
)
_OUTLOOK_DESKTOP_ONLY = {"emailtype", "emaildisplayname", "governmentidnumber"}

_LINKEDIN_REQUIRED = {"firstname", "lastname", "connectedon"}
_LINKEDIN_TYPICAL = {"url", "emailaddress", "company", "position"}

_LIST = re.compile(r"[,;\n]")
_EMAILS = re.compile(r"[;,\s]+")
_CHILDREN = re.compile(r"[,;&\n]| and | und | et | y | e | en | dan | och | i ")

MAX_CELL_LENGTH = 1_000_000  # characters; a lifetime of notes on one person takes less
MAX_LINE_LENGTH = 4_000_000
MAX_CELL_LINES = 1_000  # a quote that runs over more lines counts as never closed
MAX_CELLS = 5_000  # in a row; no program has as many fields
MAX_UNCLOSED_QUOTES = 20  # after these, no quote is followed beyond its line
DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # for a table of one column; does not occur in text
SAMPLE_LINES, SAMPLE_LENGTH = 60, 200_000  # lines and characters that decide the shape
MAX_PREAMBLE = 20  # rows before a header
_LINE_ENDS = ("\r", "\n")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SEP = re.compile(r"\s*\"?sep=([^\w\s\"]|\t| )\"?[,;\t ]*[\r\n]*", re.IGNORECASE)


def decode(data: bytes, encoding: str | None = None) -> str:
    """Return the bytes as text, without a byte order mark and with U+FFFD for what cannot be read.

    `encoding` is the user's choice. Raises UsageError for one that Python does not know.
    """
    return data.decode(detect_codec(data, encoding), errors="replace")


def detect_codec(data: bytes, encoding: str | None = None) -> str:
    """Return the name of the codec for these bytes: by byte order mark, then UTF-8, then `encoding`, then cp1252."""
    named_codec = _find_codec_name(encoding) if encoding else None
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    # UTF-8 files of people have no NUL and no escape character; UTF-16 and ISO-2022 files do.
    if named_codec and (b"\0" in data or b"\x1b" in data):
        return named_codec
    return "utf-8" if _is_utf8(data) else named_codec or FALLBACK


def _find_codec_name(encoding: str) -> str:
    """Return Python's name for a text encoding."""
    try:
        name = codecs.lookup(encoding).name
        if name not in _NON_TEXT_CODECS:
            b"a".decode(name, errors="replace")  # raises for codecs that are not for text
            return name
    except (LookupError, ValueError):
        pass
    raise UsageError(
        f"kin does not know the encoding “{encoding[:40]}”.",
        "Use --encoding with a name such as cp1252, utf-16-le or shift_jis.",
    )


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK_SIZE):
            decoder.decode(data[start : start + _CHUNK_SIZE], start + _CHUNK_SIZE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def split_numbered_header(header: str) -> tuple[str, str, str] | None:
    """Split `E-mail 1 - Value` into its normalized name, its number and its normalized part."""
    match = _NUMBERED_HEADER.fullmatch(header) if len(header) < 60 else None
    return (normalize_header(match[1]), match[2], normalize_header(match[3])) if match else None


def _read_kin_columns(header: Sequence[str]) -> list[Column]:
    """Read kin's own header, in which some words have a meaning that other tables do not use."""
    return [
        Column(
            column.index,
            column.header,
            _KIN_FIELDS.get(normalize_header(column.header), column.field),
        )
        for column in read_columns(header)
    ]


def _read_google_columns(header: Sequence[str]) -> list[Column]:
    indexes = {" ".join(words.split()): index for index, words in reversed([*enumerate(header)])}
    return [_read_numbered(column, indexes) for column in read_columns(header)]


def _read_numbered(column: Column, indexes: dict[str, int]) -> Column:
    """Return the column of a numbered header, and any other column unchanged."""
    split = split_numbered_header(column.header)
    if not split:
        return column
    name, number, part = split
    stem = " ".join(column.header.split()).rpartition(" - ")[0]
    label_headers = (f"{stem} - {label}" for label in _LABEL_PARTS)
    label_index = next((indexes[label] for label in label_headers if label in indexes), None)
    if name == "organization":
        return Column(column.index, column.header, BUSINESS)
    if name == "address" and part in _ADDRESS_PARTS:
        return Column(
            column.index,
            column.header,
            _ADDRESS_PARTS[part],
            label_index=label_index,
            address=number,
        )
    if name in _NUMBERED_FIELDS and part == "value":
        return Column(column.index, column.header, _NUMBERED_FIELDS[name], label_index=label_index)
    if part in map(str.lower, _LABEL_PARTS):
        return Column(column.index, column.header, MACHINE)
    return Column(column.index, column.header, NOTE_LINE)


@lru_cache(256)  # a file has few labels, and each row has several of them
def normalize_label(label: str) -> str:
    """Return a label as kin writes it: `* Work` is work, and Other is ""."""
    label = " ".join(label.removeprefix(SYSTEM_LABEL_PREFIX).split())
    key = normalize_header(label)
    if key not in _STANDARD_LABELS:
        return label
    return "" if key == "other" else label.lower()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one program writes tables: `name` is what `--from` takes, `kind` is what people read."""

    name: str
    kind: str
    read_columns: Callable[[Sequence[str]], list[Column]] = read_columns
    separators: dict[str, re.Pattern[str]] = field(default_factory=dict)  # by field
    met_story: str = ""  # of everyone in the file

    def split_cell(self, column: Column, cell: str) -> list[str]:
        """Split a cell into its values, without empty ones."""
        if self is KIN:
            return list(filter(None, table_write.split_values(cell)))
        values = [value for part in cell.split(":::") for value in self._split_part(column, part)]
        return [stripped for value in values if (stripped := value.strip())]

    def _split_part(self, column: Column, part: str) -> list[str]:
        if column.field == "email":
            values = _EMAILS.split(part)
            return values if all("@" in value for value in values if value) else [part]
        if column.field == "tie" and column.label == "child":
            return _CHILDREN.split(part)
        separator = self.separators.get(column.field)
        return separator.split(part) if separator else [part]


_OUTLOOK_SEPARATORS = {"into": _LIST, "group": _LIST}

KIN = Dialect("kin", "kin CSV", _read_kin_columns)
GOOGLE = Dialect("google", "Google CSV", _read_google_columns, {"into": _LIST})
OLD_GOOGLE = Dialect("google-old", "old Google CSV", _read_google_columns, {"into": _LIST})
OUTLOOK = Dialect("outlook", "Outlook CSV", separators=_OUTLOOK_SEPARATORS)
OUTLOOK_COM = Dialect("outlook-com", "outlook.com CSV", separators=_OUTLOOK_SEPARATORS)
# A connection is all that the file records; company and position are not kept.
LINKEDIN = Dialect("linkedin", "LinkedIn connections", met_story="Connected on LinkedIn.")
OTHER = Dialect(
    "table",
    "table",
    _read_google_columns,
    {"into": _LIST, "group": _LIST, "nickname": _LIST, "phone": re.compile(r"[;\n]| / ")},
)
DIALECTS = (KIN, GOOGLE, OLD_GOOGLE, OUTLOOK, OUTLOOK_COM, LINKEDIN, OTHER)


def detect_dialect(header: Sequence[str]) -> Dialect:
    """Return the dialect of the program that writes such a header, `OTHER` if none does."""
    keys = set(map(normalize_header, header))
    if keys >= _KIN_SIGNATURE:
        return KIN
    return (
        _detect_google(header, keys)
        or _detect_outlook(header, keys)
        or (LINKEDIN if keys >= _LINKEDIN_REQUIRED and keys & _LINKEDIN_TYPICAL else OTHER)
    )


def _detect_google(header: Sequence[str], keys: set[str]) -> Dialect | None:
    has_numbered = any(map(split_numbered_header, header))
    if {"givenname", "familyname"} <= keys and (
        keys & {"groupmembership", "yominame", "additionalnameyomi"}
    ):
        return OLD_GOOGLE
    if {"firstname", "lastname"} <= keys and has_numbered:
        return GOOGLE
    return OLD_GOOGLE if has_numbered and {"name", "groupmembership"} <= keys else None


def _detect_outlook(header: Sequence[str], keys: set[str]) -> Dialect | None:
    if keys >= _OUTLOOK_REQUIRED and len(keys & _OUTLOOK_TYPICAL) > 1:
        is_desktop = normalize_header(header[0]) == "title" or keys & _OUTLOOK_DESKTOP_ONLY
        return OUTLOOK if is_desktop else OUTLOOK_COM
    is_translated = any(keys >= words for words in _OUTLOOK_TRANSLATED)
    return OUTLOOK if len(keys) > 20 and is_translated else None


def find_dialect(name: str) -> Dialect:
    """Return the dialect with that name or kind, or raise UsageError."""
    for dialect in DIALECTS:
        if normalize_header(name) in map(normalize_header, (dialect.name, dialect.kind)):
            return dialect
    names = tuple(dialect.name for dialect in DIALECTS)
    raise UsageError(
        f"“{name[:40]}” is not a kind of table.", f"Use {join_words(names, 'or')}.", names
    )


class Lines:
    """The lines of a text with lookahead; `line_number` is that of the last line read."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer: deque[tuple[str, bool]] = deque()
        self.line_number = 0
        self.is_truncated = False  # whether the last line read exceeds the maximum length

    @classmethod
    def decode(cls, data: bytes, codec: str) -> "Lines":
        """Return the lines of bytes; what the codec cannot decode becomes U+FFFD."""
        return cls(io.TextIOWrapper(io.BytesIO(data), codec, errors="replace", newline=""))

    def read(self) -> str:
        """Return the next line with its line break, "" at the end of the text."""
        line, self.is_truncated = self._buffer.popleft() if self._buffer else self._read_text()
        self.line_number += bool(line)
        return line

    def peek(self, offset: int) -> str:
        """Return a later line without reading it; "" at the end, or for a line that is too long."""
        while len(self._buffer) <= offset:
            entry = self._read_text()
            if not entry[0]:
                return ""
            self._buffer.append(entry)
        line, is_truncated = self._buffer[offset]
        return "" if is_truncated else line

    def _read_text(self) -> tuple[str, bool]:
        line = self._text.readline(MAX_LINE_LENGTH)
        if len(line) < MAX_LINE_LENGTH or line.endswith(_LINE_ENDS):
            return line, False
        while (rest := self._text.readline(MAX_LINE_LENGTH)) and not rest.endswith(_LINE_ENDS):
            pass
        return line[:80], True


class QuotedRow:
    """The cells of a row with irregular quotes. Later lines are peeked at, not read.

    `ends` has the end of each line used. `is_sloppy` means that quotes inside a cell are not
    doubled, `is_unclosed` that a quote is never closed. A quote that is never closed is an
    ordinary character; a quote where a cell begins means that the quote before it was not closed.
    """

    def __init__(self, line: str, lines: Lines | None, delimiter: str) -> None:
        self.text, self.ends = line, [len(line)]
        self.cells: list[str] = []
        self.is_sloppy = self.is_unclosed = False
        self._lines, self._delimiter = lines, delimiter
        space = "" if delimiter == " " else " *"
        self._opening = re.compile(rf'{space}"')
        self._cell_end = re.compile(rf"({space})(?:{re.escape(delimiter)}|[\r\n]|\Z)")
        self._unquoted = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
        self._split()

    def _split(self) -> None:
        at = -1
        while at < 0 or self.text.startswith(self._delimiter, at):
            at += 1
            opening = self._opening.match(self.text, at)
            at = self._read_quoted(opening.end()) if opening else self._read_unquoted(at)
        self.cells = normalize_line_breaks(self.cells, self.text)

    def _read_unquoted(self, at: int) -> int:
        match = self._unquoted.match(self.text, at)
        self.cells.append(match[0] if match else "")
        return match.end() if match else at

    def _read_quoted(self, start: int) -> int:
        """Read a cell after its opening quote, and return where it ends."""
        text, ends = self.text, self.ends.copy()
        cell_end = self._find_cell_end(start)
        if not cell_end:
            self.text, self.ends, self.is_unclosed = text, ends, True
            return self._read_unquoted(start)
        # Lines are added in batches; those after the line with the closing quote are not used.
        last = next(index for index, end in enumerate(self.ends) if cell_end.start() <= end)
        self.ends = self.ends[: last + 1]
        self.text = self.text[: self.ends[-1]]
        self.cells.append(self.text[start : cell_end.start() - 1].replace('""', '"'))
        return cell_end.end(1)

    def _find_cell_end(self, start: int) -> re.Match[str] | None:
        """Find what follows the closing quote, None if the cell is never closed."""
        at = start
        while True:
            first = self.text.find('"', at)
            if first < 0:
                at = len(self.text)
                if not self._add_lines(start):
                    return None
                continue
            at = first
            while self.text.startswith('"', at):
                at += 1
            if (at - first) % 2 == 0:
                continue  # doubled quotes are quotes inside the cell
            if cell_end := self._cell_end.match(self.text, at):
                return cell_end
            if first > start and at - first == 1 and self._is_cell_start(first):
                return None
            self.is_sloppy = True

    def _is_cell_start(self, quote: int) -> bool:
        at = quote - 1
        while self.text[at] == " ":
            at -= 1
        return self.text[at] in (self._delimiter, "\r", "\n")

    def _add_lines(self, start: int) -> bool:
        """Double the number of lines, so that the cost of a cell is linear in its length."""
        line_count = len(self.ends)
        added: list[str] = []
        size = len(self.text)
        while (
            self._lines
            and len(added) < line_count < MAX_CELL_LINES
            and size - start < MAX_CELL_LENGTH
        ):
            line = self._lines.peek(line_count - 1 + len(added))
            if not line:
                break
            added.append(line)
            size += len(line)
            self.ends.append(size)
        self.text += "".join(added)
        return bool(added)


def normalize_line_breaks(cells: list[str], text: str) -> list[str]:
    """Return the cells of a text with LF for its line breaks.

    In a file of CRLF or LF, a lone CR inside a cell is part of it.
    """
    has_cr_ends = text.endswith("\r")
    for index, cell in enumerate(cells):
        if "\r" in cell:
            cell = cell.replace("\r\n", "\n")
            cells[index] = cell.replace("\r", "\n") if has_cr_ends else cell
    return cells


class Row(NamedTuple):
    """A row: the line it begins on, its cells, and a warning if it is odd."""

    line: int
    cells: list[str]
    warning: str = ""


class BadRow(NamedTuple):
    """A row that cannot be read: the line it begins on, and why.

    `is_recurring` means that many rows in sequence may have the same reason.
    """

    line: int
    why: str
    is_recurring: bool = False


class _SplitRow(NamedTuple):
    text: str
    cells: list[str]
    line_count: int = 1
    is_unclosed: bool = False


def read_rows(lines: Lines, delimiter: str, width: int = 0) -> Iterator[Row | BadRow]:
    """Yield the rows from the next line on, without blank lines.

    `width` is how many cells a row should have, 0 if that is not known.
    """
    unclosed_count = unclosed_line = 0
    while line := lines.read():
        number = lines.line_number
        if lines.is_truncated:
            yield BadRow(number, f"is longer than {MAX_LINE_LENGTH:,} characters")
        elif line.strip(" \r\n"):
            row = _split_row(
                line, lines if unclosed_count < MAX_UNCLOSED_QUOTES else None, delimiter, width
            )
            for _ in range(row.line_count - 1):
                lines.read()
            unclosed_count += row.is_unclosed
            if why := _find_problem(row):
                yield BadRow(number, why)
            elif unclosed_line and len(row.cells) != width > 1:
                why = f"may belong to the quote of line {unclosed_line}, which is never closed"
                yield BadRow(number, why, is_recurring=True)
            else:
                unclosed_line = number if row.is_unclosed else 0
                warning = "has a quote that is never closed" if unclosed_line else ""
                yield Row(number, row.cells, warning)


def _split_row(line: str, lines: Lines | None, delimiter: str, width: int) -> _SplitRow:
    """Split a row into cells, in the fastest way that its quotes allow."""
    bare = line.rstrip("\r\n")
    if '"' not in bare:
        return _SplitRow(line, bare.split(delimiter))
    used_lines: list[str] = []
    reader = csv.reader(
        _record_lines(_peek_lines(line, lines), used_lines),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=True,
    )
    try:
        cells = next(reader)
    except csv.Error:
        row = QuotedRow(line, lines, delimiter)
        if row.is_sloppy and len(row.ends) > 1 and len(row.cells) != width > 0:
            row = QuotedRow(line, None, delimiter)
        return _SplitRow(row.text, row.cells, len(row.ends), row.is_unclosed)
    return _SplitRow(
        "".join(used_lines), normalize_line_breaks(cells, used_lines[-1]), len(used_lines)
    )


def _peek_lines(line: str, lines: Lines | None) -> Iterator[str]:
    """Yield the line and those after it that may belong to its cells."""
    size, count = 0, 0
    while line and count < MAX_CELL_LINES and size < MAX_CELL_LENGTH:
        yield line
        size += len(line)
        line, count = lines.peek(count) if lines else "", count + 1


def _record_lines(lines: Iterator[str], used_lines: list[str]) -> Iterator[str]:
    for line in lines:
        used_lines.append(line)
        yield line


def _find_problem(row: _SplitRow) -> str:
    """Return why these cells cannot be stored, "" if they can."""
    if len(row.cells) > MAX_CELLS:
        return f"has more than {MAX_CELLS:,} cells"
    if len(row.text) > MAX_CELL_LENGTH and max(map(len, row.cells)) > MAX_CELL_LENGTH:
        return f"has a cell of more than {MAX_CELL_LENGTH:,} characters"
    if "\0" in row.text or (not row.text.isascii() and _UNSTORABLE.search(row.text)):
        return "contains NUL characters; if the file is UTF-16, add --encoding utf-16-le"
    return ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The delimiter and header of a table; `start` is the line of its header, or of its first row.

    `known_words` counts the known words of the header, `regular_rows` the rows of its width.
    """

    delimiter: str = NO_DELIMITER
    header: tuple[str, ...] = ()
    start: int = 1
    width: int = 1
    known_words: int = 0
    regular_rows: int = 0
    sample: tuple[tuple[str, ...], ...] = ()  # the first rows, without the header

    def is_header(self, cells: Sequence[str]) -> bool:
        """Return whether a row repeats the header, as in a file made of several files."""
        return (
            bool(self.header)
            and cells[0].endswith(self.header[0])
            and tuple(map(_clean_header, cells)) == self.header
        )


def detect_shape(lines: Lines, mapped: Collection[str] = ()) -> Shape:
    """Return the shape that the first lines suggest; `mapped` are headers that the user named."""
    head: list[str] = []
    size = 0
    while len(head) < SAMPLE_LINES and size < SAMPLE_LENGTH and (line := lines.read()):
        head.append("\n" if lines.is_truncated else line)
        size += len(line)
    sep = _SEP.fullmatch(head[0].removeprefix("\ufeff")) if head else None
    if sep:
        head[0] = "\n"
    names = {normalize(header) for header in mapped}
    shapes = [
        _try_delimiter("".join(head), delimiter, names, 2 if sep else 1)
        for delimiter in ([sep[1]] if sep else [*DELIMITERS, NO_DELIMITER])
    ]
    return max(
        filter(None, shapes),
        key=lambda shape: (shape.known_words, shape.regular_rows),
        default=Shape(),
    )


def _try_delimiter(head: str, delimiter: str, mapped: set[str], start: int) -> Shape | None:
    """Read the first lines with a delimiter; None if it does not separate their cells."""
    lines = Lines(io.StringIO(head, newline=""))
    entries = islice(read_rows(lines, delimiter), SAMPLE_LINES)
    rows = [row for row in entries if isinstance(row, Row)]
    if not rows:
        return None
    is_single = delimiter == NO_DELIMITER
    index, known_words = _find_header(rows, mapped, is_single)
    if index is None and not is_single:
        first, *others = (row.cells for row in rows)
        index = 0 if is_unknown_header(first, others) else None
    header = rows[index] if index is not None else None
    body = rows[index + 1 :] if index is not None else rows
    if header:
        width = len(header.cells)
    else:
        width = Counter(len(row.cells) for row in body).most_common(1)[0][0]
    regular_rows = sum(len(row.cells) == width for row in body)
    if not is_single and (
        width == 1 or (not header and _is_prose(body, delimiter, width, regular_rows))
    ):
        return None
    return Shape(
        delimiter=delimiter,
        header=tuple(map(_clean_header, header.cells)) if header else (),
        start=header.line if header else start,
        width=width,
        known_words=known_words,
        regular_rows=0 if is_single else regular_rows,
        sample=tuple(tuple(row.cells) for row in body),
    )


def _find_header(rows: Sequence[Row], mapped: set[str], is_single: bool) -> tuple[int | None, int]:
    """Return the index of the header row, None if there is none, and how many words are known.

    A single known word is a header only in the first row, and above one column only for a name.
    """
    counts = [
        len({normalize(cell) for cell in row.cells if _is_known(_clean_header(cell), mapped)})
        for row in rows[:MAX_PREAMBLE]
    ]
    best = max(range(len(counts)), key=lambda index: counts[index])
    if counts[best] > 1:
        return best, counts[best]
    cells = rows[0].cells
    if counts[0] == 0 or any(infer_field([cell]) for cell in cells):
        return None, 0
    first = _clean_header(cells[0])
    meaning = interpret_header(first)
    if is_single and not (normalize(first) in mapped or (meaning and meaning.field in NAME_FIELDS)):
        return None, 0
    return 0, 1


def _clean_header(cell: str) -> str:
    return " ".join(cell.removeprefix("\ufeff").split())


def _is_known(header: str, mapped: set[str]) -> bool:
    return (
        bool(interpret_header(header) or split_numbered_header(header))
        or normalize(header) in mapped
    )


def _is_prose(body: Sequence[Row], delimiter: str, width: int, regular_rows: int) -> bool:
    """Return whether the delimiter only occurs in sentences, or in names such as `Doe, Jo`."""
    if regular_rows < MAJORITY * len(body):
        return True
    seconds = [row.cells[1] for row in body if len(row.cells) == width]
    return (
        delimiter == ","
        and width == 2
        and all(cell[:1] == " " and not re.search(r"[\d@]", cell) for cell in seconds)
    )


class Scan(NamedTuple):
    """The order of the dates in a file, and the indexes of the columns that are not empty."""

    date_order: DateOrder | None
    filled: set[int]


def scan_rows(
    entries: Iterable[Row | BadRow], columns: Sequence[Column], default_order: DateOrder | None
) -> Scan:
    """Go through the rows once; the default order applies where they give no evidence."""
    evidence = DateOrderEvidence()
    date_columns = [column for column in columns if column.field in DATE_FIELDS]
    for column in date_columns:
        evidence.add_header(column.header)
    date_indexes = [column.index for column in date_columns]
    filled: set[int] = set()
    for row in entries:
        if isinstance(row, Row):
            cells, width = row.cells, len(row.cells)
            evidence.add_cells(cells[index] for index in date_indexes if index < width)
            new = set(compress(range(min(width, len(columns))), cells)) - filled
            # Outlook writes Unspecified for the gender of every contact.
            filled.update(i for i in new if cells[i].strip() not in ("", "Unspecified"))
    return Scan(evidence.resolve(default_order), filled)
