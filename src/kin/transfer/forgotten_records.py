"""Leaves people who were forgotten out of an import: their records, and what is about no one else."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from kin.book import meta
from kin.book.meta import CardIdentity, ForgottenList
from kin.constants import KIN_KIND, OWNER_ID, REDACTED_NAME
from kin.formats.records import Book, FileIssue, ImportedPerson, ImportedRecords, Note, Person
from kin.formats.vcard import normalize_uid
from kin.transfer.import_plan import ImportIssue
from kin.transfer.sync.three_way_merge import identify_card


class FilteredSources(NamedTuple):
    """What may be imported, and who was left out of kin's own files; other records have that in their `skipped`."""

    sources: tuple[ImportedRecords | Book, ...]
    skipped: tuple[ImportIssue, ...]


def filter_forgotten(
    db: sqlite3.Connection, sources: Sequence[ImportedRecords | Book]
) -> FilteredSources:
    """Return what files have, without the people who were forgotten."""
    forgotten_list = meta.read_forgotten_list(db)
    if forgotten_list.is_empty:
        return FilteredSources(tuple(sources), ())
    present_uids = _list_present_uids(db)
    kept_sources: list[ImportedRecords | Book] = []
    skipped: list[ImportIssue] = []
    for source in sources:
        if isinstance(source, Book):
            book, book_issues = _filter_book(source, forgotten_list, present_uids)
            kept_sources.append(book)
            skipped += book_issues
        else:
            kept_sources.append(_filter_records(source, forgotten_list, present_uids))
    return FilteredSources(tuple(kept_sources), tuple(skipped))


def list_identities(sources: Sequence[ImportedRecords | Book]) -> Iterator[CardIdentity]:
    """Yield the identity of each record of a person."""
    for source in sources:
        if isinstance(source, Book):
            yield from map(_identify_person, source.people)
        else:
            yield from map(_identify_record, source.people)


def _list_present_uids(db: sqlite3.Connection) -> frozenset[str]:
    """Return the UIDs of everyone in the book: they do not count as forgotten, even if they are on the list."""
    rows = db.execute(
        "SELECT uid FROM uid UNION SELECT key FROM origin WHERE key IS NOT NULL AND person_id <> ?",
        (OWNER_ID,),
    )
    return frozenset(normalize_uid(uid) for (uid,) in rows)


def _is_forgotten(
    identity: CardIdentity, forgotten_list: ForgottenList, present_uids: frozenset[str]
) -> bool:
    return not identity.uids & present_uids and forgotten_list.contains(identity)


def _identify_record(record: ImportedPerson) -> CardIdentity:
    return identify_card(record.uid, record.raw)


def _identify_person(person: Person) -> CardIdentity:
    """Return the UIDs of a person of another book, and the digests of their cards without one."""
    keys = [each.key for each in person.origins]
    uids = [person.uid, *(each for each in keys if each and not each.startswith("name:"))]
    raws = [each.raw for each in person.origins if (each.key or "name:").startswith("name:")]
    return CardIdentity(
        frozenset(normalize_uid(each) for each in uids if each),
        frozenset(sha256(each).hexdigest() for each in raws if each),
    )


def _filter_records(
    source: ImportedRecords, forgotten_list: ForgottenList, present_uids: frozenset[str]
) -> ImportedRecords:
    removed = [
        each
        for each in source.people
        if _is_forgotten(_identify_record(each), forgotten_list, present_uids)
    ]
    if not removed:
        return source
    keys = {each.key for each in removed if each.key is not None}
    notes = tuple(each for each in source.notes if not each.people or {*each.people} - keys)
    people = tuple(each for each in source.people if each not in removed)
    reason = describe_forgotten_card()
    skipped = tuple(FileIssue(each.source, reason) for each in removed)
    return replace(source, people=people, notes=notes, skipped=(*source.skipped, *skipped))


def _filter_book(
    book: Book, forgotten_list: ForgottenList, present_uids: frozenset[str]
) -> tuple[Book, list[ImportIssue]]:
    """Return a book without the people who were forgotten, and a line for each of them."""
    removed_handles = {
        each.handle
        for each in book.people
        if not each.me and _is_forgotten(_identify_person(each), forgotten_list, present_uids)
    }
    if not removed_handles:
        return book, []
    owner_handles = {each.handle for each in book.people if each.me}
    names = {each.handle: each.name for each in book.people if each.handle in removed_handles}
    notes = [
        (old_index, _remove_from_note(each, removed_handles, names))
        for old_index, each in enumerate(book.notes)
        if not _is_only_about(
            removed_handles, owner_handles, [participant.handle for participant in each.people]
        )
    ]
    new_index = {old_index: index for index, (old_index, _) in enumerate(notes)}
    questions = tuple(
        replace(
            each,
            people=tuple(
                participant for participant in each.people if participant not in removed_handles
            ),
            note_index=new_index.get(each.note_index) if each.note_index is not None else None,
        )
        for each in book.questions
        if not _is_only_about(removed_handles, owner_handles, each.people)
        and (each.note_index is None or each.note_index in new_index)
    )
    kept_book = replace(
        book,
        people=tuple(
            _unlink_person(each, removed_handles)
            for each in book.people
            if each.handle not in removed_handles
        ),
        notes=tuple(each for _, each in notes),
        questions=questions,
        ties=tuple(each for each in book.ties if not {each.a, each.b} & removed_handles),
        introductions=tuple(
            each for each in book.introductions if not {each.a, each.b} & removed_handles
        ),
    )
    return kept_book, [
        ImportIssue(f"{KIN_KIND}: {each}", describe_forgotten_card())
        for each in sorted(removed_handles)
    ]


def _remove_from_note(note: Note, removed_handles: set[str], names: dict[str, str]) -> Note:
    """Return a note without the people who were forgotten, and without the names it has for them."""
    text = note.text
    for participant in note.people:
        if participant.handle in removed_handles:
            for name in filter(
                None, (names[participant.handle], participant.matched.removeprefix("@"))
            ):
                text = re.sub(rf"@?(?<!\w){re.escape(name)}(?!\w)", REDACTED_NAME, text)
    return replace(
        note,
        text=text,
        people=tuple(each for each in note.people if each.handle not in removed_handles),
    )


def _is_only_about(
    removed_handles: set[str], owner_handles: set[str], handles: Sequence[str]
) -> bool:
    """Return whether these handles are of people who were forgotten, and no one else except the owner."""
    return bool(removed_handles & {*handles}) and not {*handles} - removed_handles - owner_handles


def _unlink_person(person: Person, removed_handles: set[str]) -> Person:
    return replace(
        person,
        met_through=None if person.met_through in removed_handles else person.met_through,
        interests=tuple(
            replace(each, learned_from=None) if each.learned_from in removed_handles else each
            for each in person.interests
        ),
    )


def describe_forgotten_card() -> str:
    """Return why a card was left out."""
    return "is the card of someone you forgot; it was not read"
