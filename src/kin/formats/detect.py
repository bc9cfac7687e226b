"""What a file is, and who reads it: told by what stands in it, never by its name.

Its one rule: a file that nobody reads is refused with what can be read; among others it costs only itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from io import BytesIO
from typing import BinaryIO, NamedTuple

from kin.constants import DateOrder
from kin.errors import KinError, UsageError
from kin.formats import friends, kin_json, vcard
from kin.formats.book import Book
from kin.formats.fitting import fitted
from kin.formats.from_book import OWN
from kin.formats.incoming import Brought, Skipped
from kin.formats.markdown import read as markdown
from kin.formats.monica import read as monica
from kin.formats.table import table

# What --from may say.
KINDS = ("vcard", "csv", "monica", "friends", "markdown", "kin")
_CARD = re.compile(rb"(?i)BEGIN[ \t]*:[ \t]*VCARD")
_TABLES = (".csv", ".tsv")
HEAD = 1 << 16  # bytes by which a file is told


class File(NamedTuple):
    """A file that is given: its name in messages, and its first bytes.

    `open` returns all of it as a stream, which the caller closes: among thousands of files only the
    one that is being read is open. `found` is whether it was found in a folder rather than named.
    """

    name: str
    head: bytes
    open: Callable[[], BinaryIO]
    found: bool = False


class Folder(NamedTuple):
    """A folder of kin's Markdown: its name, and its files by their paths in it, read one at a time."""

    name: str
    files: Iterable[tuple[str, bytes]]


class Manner(NamedTuple):
    """How to read: what the owner says of the file, and the day and the order that dates go by."""

    kind: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = {}
    categories_are_interests: bool = False
    today: date | None = None
    date_order: DateOrder | None = None


def given(name: str, data: bytes) -> File:
    """Return a file whose bytes are at hand."""
    return File(name, data[:HEAD], partial(BytesIO, data))


def read(given: Sequence[File | Folder], manner: Manner) -> Iterator[Brought | Book]:
    """Yield what the files bring: cards as one, pages of kin's Markdown as one, any other by itself.

    A file that cannot be read is skipped with its name, unless it is the only one that was named.
    """
    several = len(given) > 1
    for folder in given:
        if isinstance(folder, Folder):
            try:
                yield from _pages(folder.files, folder.name, manner)
            except KinError as error:
                yield _passed_over(folder.name, error, several)
    known: list[tuple[File, str]] = []
    for file in given:
        if isinstance(file, File):
            try:
                known.append((file, _kind(file, manner)))
            except KinError as error:
                yield _passed_over(file.name, error, several or file.found)
    if pages := [file for file, kind in known if kind == "markdown"]:
        try:
            yield from _pages(map(_whole_file, pages), "Markdown", manner)
        except KinError as error:
            yield _passed_over(pages[0].name, error, several or pages[0].found)
    if cards := [file for file, kind in known if kind == "vcard"]:
        unread: list[Brought] = []
        yield vcard.read_files(
            _streams(cards, several, unread),
            encoding=manner.encoding,
            categories_are_interests=manner.categories_are_interests,
        )
        yield from unread
    for file, kind in known:
        if kind not in ("vcard", "markdown"):
            try:
                yield from _read_one(file, kind, manner)
            except KinError as error:
                yield _passed_over(file.name, error, several or file.found)


def _whole_file(file: File) -> tuple[str, bytes]:
    with file.open() as stream:
        return file.name, stream.read()


def _streams(
    files: Iterable[File], several: bool, unread: list[Brought]
) -> Iterator[tuple[str, BinaryIO]]:
    """Open one file after the other; those that cannot be opened go into `unread`."""
    for file in files:
        try:
            stream = file.open()
        except KinError as error:
            unread.append(_passed_over(file.name, error, several or file.found))
            continue
        with stream:
            yield file.name, stream


def _passed_over(name: str, error: KinError, among_others: bool) -> Brought:
    """Return that a file was skipped, and why; raise the error, with its name, where it is the only one."""
    if among_others:
        why = error.message.removeprefix(f"{name}: ").removeprefix(f"{name} ")
        return Brought("", skipped=(Skipped(name, why),))
    if name in error.message or type(error) not in (KinError, UsageError):
        raise error
    raise type(error)(f"{name}: {error.message}", error.hint, error.candidates) from error


def _kind(file: File, manner: Manner) -> str:
    """Return as what a file is read; refuse one that holds nothing of its kind."""
    kind = manner.kind or kind_of(file)
    if kind == "vcard" and not _has_card(file):
        raise UsageError(
            f"{file.name} holds no card: BEGIN:VCARD stands nowhere in it.",
            "Without --from it is read for what it is.",
        )
    if kind == "csv" and not manner.kind and file.found and not _is_clearly_a_table(file, manner):
        raise UsageError(
            f"{file.name} does not look like people; if it is, import that file by itself."
        )
    return kind


def _has_card(file: File) -> bool:
    if _begins_card(file.head):
        return True
    found, last = False, b""
    with file.open() as stream:
        while not found and (piece := stream.read(HEAD)):
            found, last = _begins_card(last + piece), piece[-64:]
    return found


def _begins_card(data: bytes) -> bool:
    return _CARD.search(data.replace(b"\0", b"")) is not None


def _is_clearly_a_table(file: File, manner: Manner) -> bool:
    """Tell whether a file that only lay there is a table of people, and no bank's, and no notes."""
    name = file.name.casefold()
    if name.endswith(_TABLES):
        return bool(manner.mapping or table.recognise(file.head))
    return name.endswith(".txt") and table.has_columns(file.head)


def kind_of(file: File) -> str:
    """Tell what a file is, by its beginning."""
    head = file.head
    if monica.recognise_sql(head):
        return "monica"
    if kin_json.recognise(head):
        return "kin"
    if markdown.recognise(head):
        return "markdown"
    if b"BEGIN:VCARD" in head.replace(b"\0", b"").upper():
        return "vcard"
    if monica.recognise(head):
        return "monica"
    return "friends" if friends.recognise(head) else "csv"


def _pages(
    files: Iterable[tuple[str, bytes]], name: str, manner: Manner
) -> Iterator[Brought | Book]:
    """Yield what is to be told of pages, then the book that they are."""
    found = markdown.read(files, today=manner.today or date.min)
    yield from whole(found.book, name, found.skipped, found.remarks)


def whole(
    book: Book, name: str, skipped: tuple[Skipped, ...] = (), remarks: tuple[Skipped, ...] = ()
) -> Iterator[Brought | Book]:
    """Yield what is to be said about a book of kin's own, if anything, then the book as it can be kept."""
    kept, told = fitted(book, name)
    if skipped or remarks or told:
        yield Brought(OWN, skipped=skipped, remarks=(*remarks, *told))
    yield kept


def _read_one(file: File, kind: str, manner: Manner) -> Iterator[Brought | Book]:
    if kind == "kin":  # a book may be large: its bytes are held nowhere else
        yield from whole(kin_json.read(_whole_file(file)[1], file.name), file.name)
        return
    _, data = _whole_file(file)
    if kind == "monica":
        yield monica.read(data, file.name)
    elif kind == "friends":
        yield friends.read(data, file.name)
    elif kind == "csv":
        yield table.read(
            data,
            file.name,
            encoding=manner.encoding,
            mapping=manner.mapping,
            categories_are_interests=manner.categories_are_interests,
            today=manner.today,
            date_order=manner.date_order,
        )
    else:
        raise UsageError(f"There is no kind “{kind}”.", f"One of: {', '.join(KINDS)}", KINDS)
