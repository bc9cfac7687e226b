"""What a file brings without the people who were forgotten: their records, and what refers to them alone."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from kin.book import forgotten
from kin.book.forgotten import Forgotten, Identity
from kin.constants import INSTEAD, ME
from kin.formats.book import Book, Person, Talk
from kin.formats.from_book import OWN
from kin.formats.incoming import Brought, Incoming, Skipped
from kin.formats.vcard import normalize_uid
from kin.transfer.import_plan import Place
from kin.transfer.sync.card_fields import identity_of


class LeftOut(NamedTuple):
    """What may come in, and which people of kin's own files were left out; other files say it themselves."""

    found: tuple[Brought | Book, ...]
    skipped: tuple[Place, ...]


def without_forgotten(db: sqlite3.Connection, found: Sequence[Brought | Book]) -> LeftOut:
    """Return what files bring without the records of people who were forgotten."""
    known = forgotten.read(db)
    if known.is_empty:
        return LeftOut(tuple(found), ())
    present = _present(db)
    kept: list[Brought | Book] = []
    skipped: list[Place] = []
    for each in found:
        if isinstance(each, Book):
            book, places = _book(each, known, present)
            kept.append(book)
            skipped += places
        else:
            kept.append(_brought(each, known, present))
    return LeftOut(tuple(kept), tuple(skipped))


def identities(found: Sequence[Brought | Book]) -> Iterator[Identity]:
    """Yield by what each record of a person is recognized."""
    for each in found:
        yield from map(_of_person if isinstance(each, Book) else _of_record, each.people)  # type: ignore[arg-type]


def _present(db: sqlite3.Connection) -> frozenset[str]:
    """Return the UIDs of everyone in the book: they are not forgotten, whatever the list says."""
    rows = db.execute(
        "SELECT uid FROM uid UNION SELECT key FROM origin WHERE key IS NOT NULL AND person_id <> ?",
        (ME,),
    )
    return frozenset(normalize_uid(uid) for (uid,) in rows)


def _is_forgotten(identity: Identity, known: Forgotten, present: frozenset[str]) -> bool:
    return not identity.uids & present and known.has(identity)


def _of_record(found: Incoming) -> Identity:
    return identity_of(found.uid, found.raw)


def _of_person(person: Person) -> Identity:
    """Return the UIDs of a person of another book, and the digests of cards that have none."""
    keys = [each.key for each in person.origins]
    uids = [person.uid, *(each for each in keys if each and not each.startswith("name:"))]
    raws = [each.raw for each in person.origins if (each.key or "name:").startswith("name:")]
    return Identity(
        frozenset(normalize_uid(each) for each in uids if each),
        frozenset(sha256(each).hexdigest() for each in raws if each),
    )


def _brought(found: Brought, known: Forgotten, present: frozenset[str]) -> Brought:
    gone = [each for each in found.people if _is_forgotten(_of_record(each), known, present)]
    if not gone:
        return found
    keys = {each.key for each in gone if each.key is not None}
    talks = tuple(each for each in found.talks if not each.people or {*each.people} - keys)
    people = tuple(each for each in found.people if each not in gone)
    why = describe_forgotten_card()
    skipped = tuple(Skipped(each.source, why) for each in gone)
    return replace(found, people=people, talks=talks, skipped=(*found.skipped, *skipped))


def _book(book: Book, known: Forgotten, present: frozenset[str]) -> tuple[Book, list[Place]]:
    """Return a book without people who were forgotten, their notes with no one else, and what names them."""
    gone = {
        each.handle
        for each in book.people
        if not each.me and _is_forgotten(_of_person(each), known, present)
    }
    if not gone:
        return book, []
    mine = {each.handle for each in book.people if each.me}
    names = {each.handle: each.name for each in book.people if each.handle in gone}
    talks = [
        (at, _without(each, gone, names))
        for at, each in enumerate(book.talks)
        if not _only_of(gone, mine, [one.handle for one in each.people])
    ]
    place_of = {at: place for place, (at, _) in enumerate(talks)}
    threads = tuple(
        replace(
            each,
            people=tuple(one for one in each.people if one not in gone),
            talk=place_of.get(each.talk) if each.talk is not None else None,
        )
        for each in book.threads
        if not _only_of(gone, mine, each.people) and (each.talk is None or each.talk in place_of)
    )
    kept = replace(
        book,
        people=tuple(_unlinked(each, gone) for each in book.people if each.handle not in gone),
        talks=tuple(each for _, each in talks),
        threads=threads,
        ties=tuple(each for each in book.ties if not {each.a, each.b} & gone),
        introductions=tuple(each for each in book.introductions if not {each.a, each.b} & gone),
    )
    return kept, [Place(f"{OWN}: {each}", describe_forgotten_card()) for each in sorted(gone)]


def _without(talk: Talk, gone: set[str], names: dict[str, str]) -> Talk:
    """Return a conversation without people who were forgotten, and without what it called them."""
    text = talk.text
    for there in talk.people:
        if there.handle in gone:
            for words in filter(None, (names[there.handle], there.matched.removeprefix("@"))):
                text = re.sub(rf"@?(?<!\w){re.escape(words)}(?!\w)", INSTEAD, text)
    return replace(
        talk, text=text, people=tuple(each for each in talk.people if each.handle not in gone)
    )


def _only_of(gone: set[str], mine: set[str], people: Sequence[str]) -> bool:
    """Return whether something is about people who were forgotten, and no one else but the owner."""
    return bool(gone & {*people}) and not {*people} - gone - mine


def _unlinked(person: Person, gone: set[str]) -> Person:
    return replace(
        person,
        met_through=None if person.met_through in gone else person.met_through,
        interests=tuple(
            replace(each, caught_from=None) if each.caught_from in gone else each
            for each in person.interests
        ),
    )


def describe_forgotten_card() -> str:
    """Say why the card of a person who was forgotten was left out."""
    return "is the card of someone you forgot; it was not read"
