"""A card in a synced folder: what it says of somebody, and its bytes with something changed.

Its one rule: only the lines of what changed are touched, and what kin does not read is never lost.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from kin import vocabulary
from kin.formats import vcard
from kin.formats.book import Held, Person, Remark
from kin.formats.card import Loved, Way
from kin.formats.from_book import CARDS
from kin.formats.incoming import Incoming
from kin.formats.outgoing import uid_of
from kin.formats.vcard_redact import Redact
from kin.formats.vcard_split import RawCard, split
from kin.queries.cleaning import cleaned
from kin.queries.threeway import Common, carried
from kin.text import fold


class Card(NamedTuple):
    """One card as it is in its file."""

    incoming: Incoming
    said: Common
    uid: str | None
    remarks: tuple[tuple[str, str], ...]


class Unread(NamedTuple):
    """A file of which kin leaves its hands, and why; `place` is the file with a line."""

    place: str
    why: str


def read(data: bytes, file: str) -> Card | Unread:
    """Read the one card of a file."""
    raw = [each for each in split(data) if isinstance(each, RawCard)]
    if not raw:
        return Unread(f"{file}:1", "no card begins in it")
    if len(raw) > 1:
        return Unread(
            f"{file}:{raw[1].at}", f"{len(raw):,} cards in one file; kin syncs one a file"
        )
    if not raw[0].closed or not raw[0].whole:
        end = "it has no END" if not raw[0].closed else "it is too big"
        return Unread(f"{file}:{raw[0].at}", f"the card is not whole: {end}")
    found = [each for each in vcard.cards(data, file) if each.version is not None]
    if found[0].group:
        return Unread(found[0].where, f"“{found[0].group.name}” is a group, which the phone keeps")
    person = found[0].person
    clean, told = cleaned(person) if person else (None, [])
    if clean is None:
        return Unread(found[0].where, "the card is empty")
    remarks = [(each.where, each.why) for each in found[0].remarks]
    remarks += [(found[0].where, why) for why in told]
    return Card(clean, said(clean), clean.uid, tuple(remarks))


def said(found: Incoming) -> Common:
    """Return what a card says in the fields that both sides have."""
    return Common(
        found.name,
        found.birthday,
        found.lives,
        found.note,
        tuple(each for each in found.nicknames if fold(each) != fold(found.name)),
        found.contacts,
        found.days,
        found.groups,
        tuple(each.label for each in found.into),
    )


def held(person: Person, *, besides: Iterable[Common | None] = ()) -> Common:
    """Return what the book says in the fields that both sides have.

    Of remarks only those that came from a card go back to one. An interest in which the two of you
    differ stays at home, but where cards name it (`besides`) it is there on both sides.
    """
    named = {vocabulary.key(label) for each in besides if each for label in each.interests}
    return Common(
        person.name,
        person.birthday,
        person.lives,
        "\n\n".join(each.text for each in person.remarks if each.source == CARDS) or None,
        tuple(each for each in person.nicknames if fold(each) != fold(person.name)),
        person.contacts,
        person.days,
        person.groups,
        tuple(
            each.label
            for each in person.interests
            if each.stance == "into" or vocabulary.key(each.label) in named
        ),
    )


def told(person: Person, said: Common) -> Person:
    """Return somebody as the book has them once it has taken a card in."""
    kept = {vocabulary.key(each.label): each for each in person.interests}
    into = [kept.get(vocabulary.key(label), Held(label)) for label in said.interests]
    others = [each for each in person.interests if each.stance != "into" and each not in into]
    notes = [each for each in person.remarks if each.source != CARDS]
    return replace(
        person,
        name=said.name,
        birthday=said.birthday,
        lives=said.lives,
        nicknames=said.nicknames,
        contacts=said.contacts,
        days=said.days,
        groups=said.groups,
        interests=(*into, *others),
        remarks=(*notes, *((Remark(said.note, CARDS),) if said.note else ())),
    )


def base_of(agreed: Common, uid: str | None) -> bytes:
    """Return what both sides now say as a small card of its own: no photo is kept twice."""
    return vcard.write(_incoming(agreed, uid or "none"), version="4.0")


def of_base(base: bytes) -> Common | None:
    """Return what both sides said when they were one; None where that is not known."""
    found = read(base, "base") if base else None
    return found.said if isinstance(found, Card) else None


def redacted(base: bytes, uid: str | None, instead: Redact) -> bytes:
    """Return a base in which another person is not named; the same bytes where they were not."""
    was = of_base(base)
    if was is None:
        return base
    kept = replace(
        was,
        lives=instead(was.lives, True) if was.lives else None,
        note=instead(was.note) if was.note else None,
        nicknames=tuple(map(instead, was.nicknames)),
        contacts=tuple(
            Way(way.kind, way.value, instead(way.label, True) if way.label else None)
            for way in was.contacts
        ),
        days=tuple((instead(label, True), day) for label, day in was.days),
        groups=tuple(instead(label, True) for label in was.groups),
        interests=tuple(instead(label, True) for label in was.interests),
    )
    return base if kept == was else base_of(kept, uid)


def new(person: Person) -> bytes:
    """Return a card for somebody who has none: their own from elsewhere with its lines, or a whole new one."""
    common = held(person)
    raw = next((each.raw for each in person.origins if each.kind == CARDS and each.raw), None)
    if raw is not None:
        try:
            raw = vcard.whole(raw)
            own = vcard.fields(raw)
            marked = raw if own.uid else vcard.patch(raw, vcard.Changes(uid=uid_of(person)))
            return _named(_patch(marked, _of_fields(own, common), common), own, common.name)
        except vcard.VcardError:
            pass  # too big to be written back: a new one has at least what the book has
    return vcard.write(_incoming(common, uid_of(person)))


def patched(data: bytes, seen: Common, wanted: Common) -> bytes:
    """Return a card's bytes with what makes `wanted` of `seen`, all else as it is."""
    found = vcard.fields(data)
    actual = _of_fields(found, seen)
    changed = _patch(data, actual, carried(seen, wanted, actual))
    return changed if changed == data else _named(changed, found, wanted.name)


def lives_there(data: bytes) -> str | None:
    """Return the town on a card: one with a street is not written over."""
    return vcard.fields(data).lives


def _patch(data: bytes, actual: Common, wanted: Common) -> bytes:
    fields: dict[str, Any] = {
        "name": wanted.name,
        "birthday": wanted.birthday or "",
        "lives": wanted.lives or "",
        "note": wanted.note or "",
        "nicknames": wanted.nicknames,
        "contacts": wanted.contacts,
        "days": wanted.days,
        "groups": wanted.groups,
        "interests": wanted.interests,
    }
    changed = {
        field: value
        for field, value in fields.items()
        if value != (getattr(actual, field) or type(value)())
    }
    return vcard.patch(data, vcard.Changes(**changed)) if changed else data


def _named(data: bytes, found: vcard.Fields, name: str) -> bytes:
    """Give a card a name that has none: what it goes by, an address say, might give way to what is added."""
    return data if found.name else vcard.patch(data, vcard.Changes(name=name))


def _of_fields(found: vcard.Fields, otherwise: Common) -> Common:
    """Return all that a card says, with what kin is not able to keep."""
    return Common(
        found.name or otherwise.name,
        found.birthday,
        found.lives,
        found.note,
        found.nicknames,
        found.contacts,
        found.days,
        found.groups,
        found.interests,
    )


def _incoming(common: Common, uid: str) -> Incoming:
    return Incoming(
        name=common.name,
        source="",
        nicknames=common.nicknames,
        contacts=common.contacts,
        birthday=common.birthday,
        days=common.days,
        lives=common.lives,
        note=common.note,
        groups=common.groups,
        into=tuple(Loved(each) for each in common.interests),
        uid=uid,
    )
