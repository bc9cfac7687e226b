"""A book in the format that is wanted, as one file.

Its one rule: conversations leave only in formats that are for their owner, or where they are asked for.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from kin.formats import friends, html as webpage, ics, kin_json
from kin.formats.book import Book, Person
from kin.formats.from_book import CARDS, brought
from kin.formats.table import write as spreadsheet
from kin.language.uid import new_uid

# Every format, and how a file of it ends; a folder ends in no way of its own.
FORMATS = {
    "json": ".json",
    "markdown": "",
    "vcard": ".vcf",
    "csv": ".csv",
    "ics": ".ics",
    "friends": ".md",
    "html": ".html",
}


class Wish(NamedTuple):
    """What is wanted: the format, and conversations in cards or not."""

    format: str
    with_talks: bool = False


def by_name(name: str) -> str | None:
    """Tell a format by how a file's name ends; None where it does not."""
    ends = {ending: format for format, ending in FORMATS.items() if ending}
    return next(
        (format for ending, format in ends.items() if name.casefold().endswith(ending)), None
    )


def one_file(book: Book, wish: Wish, now: datetime) -> bytes:
    """Return the book as one file, in any format but cards, which are queries.leaving's."""
    if wish.format == "json":
        return kin_json.write(book, exported_on=now.date().isoformat())
    if wish.format == "ics":
        return ics.write(_events(book), stamp=now)
    known = brought(book)
    if wish.format == "csv":
        return spreadsheet.write(known.people)
    if wish.format == "friends":
        return friends.write(known.people, known.talks)
    return webpage.write(known.people, known.talks, _title(book))


def uid_of(person: Person) -> str:
    """Return the UID of somebody's card: the one they came with, else their own."""
    for origin in person.origins:
        if origin.kind == CARDS and origin.key and not origin.key.startswith("name:"):
            return origin.key
    # Who is in a book has one; a book made by hand is given it.
    return person.uid or new_uid()


def _title(book: Book) -> str:
    owner = next((person.name for person in book.people if person.me), "You")
    return "My people" if owner == "You" else f"The people of {owner}"


def _events(book: Book) -> Iterable[ics.Event]:
    for person in book.people:
        uid, since = uid_of(person), person.added_on
        days = [("birthday", "birthday", person.birthday)] if person.birthday else []
        days += [(f"day-{label}", label, on) for label, on in person.days]
        for key, label, on in days:
            yield ics.Event(f"{uid}-{key}", f"{person.name}: {label}", on, since=since)


def told(book: Book) -> dict[str, list[str]]:
    """Return each one's conversations as text, for a card that is to carry them."""
    told: dict[str, list[str]] = {}
    for talk in book.talks:
        for there in talk.people:
            told.setdefault(there.handle, []).append(
                f"{talk.on}: {talk.text[talk.told_from :].strip()}"
            )
    return told
