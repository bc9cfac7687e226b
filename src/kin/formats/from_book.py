"""A book's people and conversations as what a file brings: for formats and books that know less than all.

Its one rule: what has no place there is left to who has the book itself.
"""

from collections.abc import Sequence

from kin.formats.book import Book, Person
from kin.formats.card import Loved
from kin.formats.incoming import Bond, Brought, Incoming, Told

CARDS = "vCard"  # what cards of all versions are to the book
OWN = "kin"  # what kin's own formats are recognised as: there, handles say who is who


def as_brought(found: Sequence[Brought | Book]) -> tuple[Brought, ...]:
    """Return everything as what files bring."""
    return tuple(brought(each) if isinstance(each, Book) else each for each in found)


def brought(book: Book, kind: str = OWN) -> Brought:
    """Return a book as what a file brings, the owner aside."""
    ties: dict[str, list[Bond]] = {}
    names = {person.handle: person.name for person in book.people}
    for tie in book.ties:
        ties.setdefault(tie.b, []).append(Bond(tie.word, names[tie.a], tie.a))
    people = tuple(
        incoming(person, tuple(ties.get(person.handle, ())))
        for person in book.people
        if not person.me
    )
    mine = {person.handle for person in book.people if person.me}
    talks = tuple(
        Told(
            talk.on,
            talk.text,
            f"{kind}: {talk.on}",
            tuple(each.handle for each in talk.people if each.handle not in mine),
            talk.precision,
            talk.place,
            talk.by,
            talk.topics,
        )
        for talk in book.talks
    )
    return Brought(kind, people, talks)


def incoming(person: Person, bonds: tuple[Bond, ...]) -> Incoming:
    """Return one person so; `bonds` are whom they know."""

    def loved(stance: str) -> tuple[Loved, ...]:
        return tuple(
            Loved(each.label, each.note) for each in person.interests if each.stance == stance
        )

    return Incoming(
        name=person.name,
        source=person.handle,
        nicknames=person.nicknames,
        contacts=person.contacts,
        birthday=person.birthday,
        days=person.days,
        lives=person.lives,
        circle=person.circle,
        note="\n\n".join(each.text for each in person.remarks) or None,
        into=loved("into"),
        collides=loved("collides"),
        groups=person.groups,
        bonds=bonds,
        met_on=person.met_on,
        met_precision=person.met_precision,
        met_at=person.met_at,
        met_story=person.met_story,
        met_through=person.met_through,
        uid=person.uid,
        key=person.handle,
    )
