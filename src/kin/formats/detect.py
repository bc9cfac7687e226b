"""Files for an import: their kind detected from their content, never from their name, and read.

A file that kin cannot read is refused with the kinds that it can read; among several files it is skipped.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from io import BytesIO
from typing import BinaryIO, NamedTuple

from kin.constants import DateOrder
from kin.errors import KinError, UsageError
from kin.formats import friends, kin_json, monica, table, vcard
from kin.formats.export import KIN_KIND
from kin.formats.field_limits import fit_book
from kin.formats.markdown import read as markdown_read
from kin.formats.records import Book, FileIssue, ImportedRecords

# The values of --from.
KINDS = ("vcard", "csv", "monica", "friends", "markdown", "kin")
_CARD_START = re.compile(rb"(?i)BEGIN[ \t]*:[ \t]*VCARD")
# Formats that no reader of kin recognizes, by how their files begin.
_UNREADABLE_FORMATS = {
    "JSON": re.compile(rb"""\s*[{[]\s*["{[\]}]"""),
    "HTML or XML": re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE),
    "an iCalendar file": re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE),
}
_TABLE_EXTENSIONS = (".csv", ".tsv")
HEAD_SIZE = 1 << 16  # bytes from which the kind of a file is detected


class File(NamedTuple):
    """A file to import: its name for messages, and its first bytes.

    `open` returns a stream of the whole file, which the caller closes, so that of thousands of files only
    the one being read is open. `is_from_folder` means that it was found in a folder, not named.
    """

    name: str
    head: bytes
    open: Callable[[], BinaryIO]
    is_from_folder: bool = False


class Folder(NamedTuple):
    """A folder of kin's Markdown: its name, and its files with their paths in it, read one at a time."""

    name: str
    files: Iterable[tuple[str, bytes]]


class ReadOptions(NamedTuple):
    """How to read a file: the choices of the owner, and today and the order of numbers in dates."""

    kind: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = {}
    categories_are_interests: bool = False
    today: date | None = None
    date_order: DateOrder | None = None


def create_file(name: str, data: bytes) -> File:
    """Return a file with the given bytes."""
    return File(name, data[:HEAD_SIZE], partial(BytesIO, data))


def read_files(
    files: Sequence[File | Folder], options: ReadOptions
) -> Iterator[ImportedRecords | Book]:
    """Yield the records of the files: all cards together, all pages of kin's Markdown together, others alone.

    A file that cannot be read is skipped with its name. Raises KinError if it is the only one.
    """
    among_others = len(files) > 1
    for folder in files:
        if isinstance(folder, Folder):
            try:
                yield from _read_pages(folder.files, folder.name, options)
            except KinError as error:
                yield _skip_file(folder.name, error, among_others)
    files_with_kind: list[tuple[File, str]] = []
    for file in files:
        if isinstance(file, File):
            try:
                files_with_kind.append((file, _find_kind(file, options)))
            except KinError as error:
                yield _skip_file(file.name, error, among_others or file.is_from_folder)
    if page_files := [file for file, kind in files_with_kind if kind == "markdown"]:
        try:
            yield from _read_pages(map(_read_file, page_files), "Markdown", options)
        except KinError as error:
            yield _skip_file(
                page_files[0].name, error, among_others or page_files[0].is_from_folder
            )
    if card_files := [file for file, kind in files_with_kind if kind == "vcard"]:
        unreadable: list[ImportedRecords] = []
        yield vcard.read_files(
            _open_files(card_files, among_others, unreadable),
            encoding=options.encoding,
            categories_are_interests=options.categories_are_interests,
        )
        yield from unreadable
    for file, kind in files_with_kind:
        if kind not in ("vcard", "markdown"):
            try:
                yield from _read_by_kind(file, kind, options)
            except KinError as error:
                yield _skip_file(file.name, error, among_others or file.is_from_folder)


def _read_file(file: File) -> tuple[str, bytes]:
    with file.open() as stream:
        return file.name, stream.read()


def _open_files(
    files: Iterable[File], among_others: bool, unreadable: list[ImportedRecords]
) -> Iterator[tuple[str, BinaryIO]]:
    """Open one file after the other; those that cannot be opened are added to `unreadable`."""
    for file in files:
        try:
            stream = file.open()
        except KinError as error:
            unreadable.append(_skip_file(file.name, error, among_others or file.is_from_folder))
            continue
        with stream:
            yield file.name, stream


def _skip_file(name: str, error: KinError, among_others: bool) -> ImportedRecords:
    """Return a report that a file was skipped; raise the error, with the file's name, if it is the only one."""
    if among_others:
        why = error.message.removeprefix(f"{name}: ").removeprefix(f"{name} ")
        return ImportedRecords("", skipped=(FileIssue(name, why),))
    if name in error.message or type(error) not in (KinError, UsageError):
        raise error
    raise type(error)(f"{name}: {error.message}", error.hint, error.candidates) from error


def _find_kind(file: File, options: ReadOptions) -> str:
    """Return the kind of a file; raise UsageError for one that has nothing of its kind."""
    kind = options.kind or detect_kind(file)
    if kind == "vcard" and not _contains_card(file):
        raise UsageError(
            f"{file.name} holds no card: it does not contain BEGIN:VCARD.",
            "Without --from, kin detects the kind of the file.",
        )
    if kind == "csv" and not options.kind:
        _check_not_another_format(file)
    if (
        kind == "csv"
        and not options.kind
        and file.is_from_folder
        and not _is_clearly_a_table(file, options)
    ):
        raise UsageError(
            f"{file.name} does not look like a list of people; if it is one, import that file alone."
        )
    return kind


def _check_not_another_format(file: File) -> None:
    """Raise UsageError if what no reader recognizes is certainly not a table of people."""
    for name, start in _UNREADABLE_FORMATS.items():
        if start.match(file.head.removeprefix(codecs.BOM_UTF8)):
            raise UsageError(
                f"{file.name} is {name} that kin cannot import.",
                "See what it can: kin import --help",
            )


def _contains_card(file: File) -> bool:
    if _contains_card_start(file.head):
        return True
    is_found, previous = False, b""
    with file.open() as stream:
        while not is_found and (piece := stream.read(HEAD_SIZE)):
            is_found, previous = _contains_card_start(previous + piece), piece[-64:]
    return is_found


def _contains_card_start(data: bytes) -> bool:
    return _CARD_START.search(data.replace(b"\0", b"")) is not None


def _is_clearly_a_table(file: File, options: ReadOptions) -> bool:
    """Return whether a file in a folder is a table of people, rather than a bank statement or a text."""
    name = file.name.casefold()
    if name.endswith(_TABLE_EXTENSIONS):
        return bool(options.mapping or table.detect_table_kind(file.head))
    return name.endswith(".txt") and table.has_columns(file.head)


def detect_kind(file: File) -> str:
    """Return the kind of a file by its first bytes."""
    head = file.head
    if monica.is_sql_export(head):
        return "monica"
    if kin_json.is_kin_json(head):
        return "kin"
    if markdown_read.is_kin_markdown(head):
        return "markdown"
    if b"BEGIN:VCARD" in head.replace(b"\0", b"").upper():
        return "vcard"
    if monica.is_monica_export(head):
        return "monica"
    return "friends" if friends.is_friends_file(head) else "csv"


def _read_pages(
    files: Iterable[tuple[str, bytes]], name: str, options: ReadOptions
) -> Iterator[ImportedRecords | Book]:
    """Yield the report on pages of kin's Markdown, then their book."""
    pages = markdown_read.read_pages(files, today=options.today or date.min)
    yield from fit_and_report(pages.book, name, pages.skipped, pages.warnings)


def fit_and_report(
    book: Book, name: str, skipped: tuple[FileIssue, ...] = (), warnings: tuple[FileIssue, ...] = ()
) -> Iterator[ImportedRecords | Book]:
    """Yield the report on a book, if there is anything to report, then the book within kin's limits."""
    fitted_book, issues = fit_book(book, name)
    if skipped or warnings or issues:
        yield ImportedRecords(KIN_KIND, skipped=skipped, warnings=(*warnings, *issues))
    yield fitted_book


def _read_by_kind(file: File, kind: str, options: ReadOptions) -> Iterator[ImportedRecords | Book]:
    if kind == "kin":  # a book may be large: nothing else refers to its bytes
        yield from fit_and_report(kin_json.read_book(_read_file(file)[1], file.name), file.name)
        return
    _, data = _read_file(file)
    if kind == "monica":
        yield monica.read_export(data, file.name)
    elif kind == "friends":
        yield friends.read_friends(data, file.name)
    elif kind == "csv":
        yield table.read_table(
            data,
            file.name,
            encoding=options.encoding,
            mapping=options.mapping,
            categories_are_interests=options.categories_are_interests,
            today=options.today,
            date_order=options.date_order,
        )
    else:
        raise UsageError(f"There is no format “{kind}”.", f"Use one of: {', '.join(KINDS)}", KINDS)
