"""The cards of a book for phones and programs: those that came from elsewhere with their own lines.

Its one rule: a card that nobody changed leaves as it came, whole, so that what it says is written once.
"""

from dataclasses import replace

from kin.formats import vcard
from kin.formats.book import Book, Person
from kin.formats.export import Wish, told, uid_of
from kin.formats.from_book import CARDS, brought
from kin.formats.incoming import Incoming
from kin.transfer.fill_gaps import filled
from kin.transfer.sanitize import cleaned
from kin.transfer.sync import card_fields as phone_card
from kin.transfer.sync.three_way_merge import Common


def cards(book: Book, wish: Wish) -> bytes:
    """Return a card for everybody but the owner, in one file."""
    talks = told(book) if wish.with_talks else {}
    people = [person for person in book.people if not person.me]
    return b"".join(
        _card(person, known, talks.get(person.handle, ()))
        for person, known in zip(people, brought(book).people, strict=True)
    )


def _card(person: Person, known: Incoming, talks: list[str] | tuple[()]) -> bytes:
    raw = next((each.raw for each in person.origins if each.kind == CARDS and each.raw), None)
    if raw is not None:
        try:
            return _from_elsewhere(person, vcard.extract_card(raw), talks)
        except vcard.VcardError:
            pass  # too big to be written back: a new one has at least what the book has
    note = _note([each.text for each in person.remarks], talks)
    return vcard.write_card(replace(known, uid=uid_of(person), note=note))


def _from_elsewhere(person: Person, raw: bytes, talks: list[str] | tuple[()]) -> bytes:
    """Return a card with what the book has otherwise than it had when the card came in."""
    came = next((each.person for each in vcard.read_cards(raw, "") if each.person), None)
    clean = cleaned(came)[0] if came else None
    if clean is None:
        raise vcard.VcardError("This card is nobody’s.", "Write it anew.")
    # Who has no name is called after the place in a file.
    nameless = all(each.name.startswith(vcard.NAMELESS_PREFIX) for each in (clean, person))
    blank = Person(person.handle, person.name if nameless else clean.name, person.added_on)
    then = filled(blank, clean, CARDS, "").person
    # What the card says in lines of its own does not belong into its NOTE as well.
    lines = clean.in_lines()
    texts = [each.text for each in person.remarks if each.text not in lines]
    seen = phone_card.held(then)
    wanted = replace(_common(person), note=_note(texts, talks))
    return phone_card.patched(raw, seen, wanted)


def _common(person: Person) -> Common:
    into = tuple(each for each in person.interests if each.stance == "into")
    return phone_card.held(replace(person, interests=into))


def _note(texts: list[str], talks: list[str] | tuple[()]) -> str | None:
    """Return a card's note: the remarks, and conversations that do not stand in them yet."""
    note = "\n\n".join(texts)
    fresh = "\n".join(each for each in talks if each not in note)
    return "\n\n".join(filter(None, (note, fresh))) or None
