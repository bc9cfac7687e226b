"""What a file is, and who reads it: told by what stands in it, never by its name.

Its one rule: a file that nobody reads is refused with what can be read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import BinaryIO, NamedTuple

from kin.errors import UsageError
from kin.formats import facebook, friends, kin_json, markdown, monica, table, vcard
from kin.formats.book import Book
from kin.formats.fitting import fitted
from kin.formats.from_book import OWN
from kin.formats.incoming import Brought, Skipped
from kin.words import DateOrder

# What --from may say.
KINDS = ("vcard", "csv", "facebook", "monica", "friends", "markdown", "kin")
HEAD = 1 << 16  # bytes by which a file is told


class File(NamedTuple):
    """A file that is given: its name in messages, its beginning, and all of it as a stream."""

    name: str
    head: bytes
    stream: BinaryIO


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
    return File(name, data[:HEAD], BytesIO(data))


def read(given: Sequence[File | Folder], manner: Manner) -> Iterator[Brought | Book]:
    """Yield what the files bring: cards as one, pages of kin's Markdown as one, any other by itself."""
    files = [each for each in given if isinstance(each, File)]
    for folder in given:
        if isinstance(folder, Folder):
            yield from _pages(folder.files, folder.name, manner)
    kinds = [manner.kind or kind_of(file) for file in files]
    if pages := [file for file, kind in zip(files, kinds, strict=True) if kind == "markdown"]:
        yield from _pages(((file.name, file.stream.read()) for file in pages), "Markdown", manner)
    if cards := [file for file, kind in zip(files, kinds, strict=True) if kind == "vcard"]:
        yield vcard.read_all(
            ((file.name, file.stream) for file in cards),
            encoding=manner.encoding,
            categories_are_interests=manner.categories_are_interests,
        )
    for file, kind in zip(files, kinds, strict=True):
        if kind == "kin":
            yield from _whole(kin_json.read(file.stream.read(), file.name), file.name)
        elif kind not in ("vcard", "markdown"):
            yield _read_one(file, kind, manner)


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
    if facebook.recognise(head):
        return "facebook"
    return "friends" if friends.recognise(head) else "csv"


def _pages(
    files: Iterable[tuple[str, bytes]], name: str, manner: Manner
) -> Iterator[Brought | Book]:
    """Yield what is to be told of pages, then the book that they are."""
    found = markdown.read(files, today=manner.today or date.min)
    yield from _whole(found.book, name, found.skipped, found.remarks)


def _whole(
    book: Book, name: str, skipped: tuple[Skipped, ...] = (), remarks: tuple[Skipped, ...] = ()
) -> Iterator[Brought | Book]:
    """Yield what is to be told of a book of kin's own, if anything, then the book."""
    kept, told = fitted(book, name)
    if skipped or remarks or told:
        yield Brought(OWN, skipped=skipped, remarks=(*remarks, *told))
    yield kept


def _read_one(file: File, kind: str, manner: Manner) -> Brought:
    data = file.stream.read()
    if kind == "monica":
        return monica.read(data, file.name)
    if kind == "facebook":
        return facebook.read(data, file.name, today=manner.today)
    if kind == "friends":
        return friends.read(data, file.name)
    if kind != "csv":
        raise UsageError(f"There is no kind “{kind}”.", f"One of: {', '.join(KINDS)}", KINDS)
    return table.read(
        data,
        file.name,
        encoding=manner.encoding,
        mapping=manner.mapping,
        categories_are_interests=manner.categories_are_interests,
        today=manner.today,
        date_order=manner.date_order,
    )
