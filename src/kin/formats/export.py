"""Export of a book as one file in any format but Markdown and vCard, and its conversion to imported records.

Notes are only in formats that are for the owner, and in cards if the owner asks for them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from kin.constants import KIN_KIND as KIN_KIND
from kin.formats import friends, html, ics, kin_json
from kin.formats.editor_card import CardInterest
from kin.formats.records import (
    Book,
    ImportedNote,
    ImportedPerson,
    ImportedRecords,
    ImportedTie,
    Person,
)
from kin.formats.table import write as table_write
from kin.language.text import new_uid

VCARD_KIND = "vCard"  # the kind under which cards of all versions are stored


def convert_sources(sources: Sequence[ImportedRecords | Book]) -> tuple[ImportedRecords, ...]:
    """Return everything as imported records."""
    return tuple(convert_book(source) if isinstance(source, Book) else source for source in sources)


def convert_book(book: Book, kind: str = KIN_KIND) -> ImportedRecords:
    """Return a book as imported records, without the owner."""
    ties_by_handle: dict[str, list[ImportedTie]] = {}
    name_by_handle = {person.handle: person.name for person in book.people}
    for tie in book.ties:
        ties_by_handle.setdefault(tie.b, []).append(
            ImportedTie(tie.word, name_by_handle[tie.a], tie.a)
        )
    people = tuple(
        convert_person(person, tuple(ties_by_handle.get(person.handle, ())))
        for person in book.people
        if not person.me
    )
    owner_handles = {person.handle for person in book.people if person.me}
    notes = tuple(
        ImportedNote(
            note.on,
            note.text,
            f"{kind}: {note.on}",
            tuple(each.handle for each in note.people if each.handle not in owner_handles),
            note.precision,
            note.place,
            note.by,
            note.interests,
        )
        for note in book.notes
    )
    return ImportedRecords(kind, people, notes)


def convert_person(person: Person, ties: tuple[ImportedTie, ...]) -> ImportedPerson:
    """Return a person as an imported person with the given ties."""

    def list_interests(stance: str) -> tuple[CardInterest, ...]:
        return tuple(
            CardInterest(each.label, each.note)
            for each in person.interests
            if each.stance == stance
        )

    return ImportedPerson(
        name=person.name,
        source=person.handle,
        nicknames=person.nicknames,
        contacts=person.contacts,
        birthday=person.birthday,
        dates=person.dates,
        lives=person.lives,
        circle=person.circle,
        note="\n\n".join(each.text for each in person.facts) or None,
        into=list_interests("into"),
        differ=list_interests("differ"),
        groups=person.groups,
        ties=ties,
        met_on=person.met_on,
        met_precision=person.met_precision,
        met_at=person.met_at,
        met_story=person.met_story,
        met_through=person.met_through,
        uid=person.uid,
        key=person.handle,
    )


# Every format with the extension of its files; Markdown is a folder.
EXTENSION_BY_FORMAT = {
    "json": ".json",
    "markdown": "",
    "vcard": ".vcf",
    "csv": ".csv",
    "ics": ".ics",
    "friends": ".md",
    "html": ".html",
}


class ExportOptions(NamedTuple):
    """The format of an export, and whether cards include notes."""

    format: str
    with_notes: bool = False


def find_format_by_extension(filename: str) -> str | None:
    """Return the format for a file name by its extension, or None."""
    format_by_extension = {
        extension: format for format, extension in EXTENSION_BY_FORMAT.items() if extension
    }
    return next(
        (
            format
            for extension, format in format_by_extension.items()
            if filename.casefold().endswith(extension)
        ),
        None,
    )


def export_book(book: Book, options: ExportOptions, now: datetime) -> bytes:
    """Return the book as one file: `json`, `ics`, `csv`, `friends` or `html`."""
    if options.format == "json":
        return kin_json.write_book(book, exported_on=now.date().isoformat())
    if options.format == "ics":
        return ics.write_calendar(_list_events(book), stamp=now)
    records = convert_book(book)
    if options.format == "csv":
        return table_write.write_table(records.people)
    if options.format == "friends":
        return friends.write_friends(records.people, records.notes)
    return html.write_page(records.people, records.notes, _format_title(book))


def get_card_uid(person: Person) -> str:
    """Return the UID of a person's card: that of an imported card, or else their own."""
    for origin in person.origins:
        if origin.kind == VCARD_KIND and origin.key and not origin.key.startswith("name:"):
            return origin.key
    # Everyone in a database has a UID, but a book from a file may lack them.
    return person.uid or new_uid()


def _format_title(book: Book) -> str:
    owner = next((person.name for person in book.people if person.me), "You")
    return "My people" if owner == "You" else f"{owner}’s people"


def _list_events(book: Book) -> Iterable[ics.Event]:
    for person in book.people:
        uid, since = get_card_uid(person), person.added_on
        dates = [("birthday", "birthday", person.birthday)] if person.birthday else []
        dates += [(f"date-{label}", label, on) for label, on in person.dates]
        for key, label, on in dates:
            yield ics.Event(f"{uid}-{key}", f"{person.name}: {label}", on, since=since)


def collect_note_texts(book: Book) -> dict[str, list[str]]:
    """Return the texts of each person's notes by handle, to be added to their cards."""
    texts_by_handle: dict[str, list[str]] = {}
    for note in book.notes:
        for participant in note.people:
            texts_by_handle.setdefault(participant.handle, []).append(
                f"{note.on}: {note.text[note.body_start :].strip()}"
            )
    return texts_by_handle
