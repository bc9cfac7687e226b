"""A card in a synced folder: what it says of its person, and its bytes with something changed.

Only the lines of what changed are touched; the rest of the card stays byte for byte.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from kin.book.forgotten import Identity
from kin.formats import vcard
from kin.formats.book import Held, Person, Remark
from kin.formats.card import Loved, Way
from kin.formats.export import uid_of
from kin.formats.from_book import CARDS
from kin.formats.incoming import Incoming
from kin.language.text import fold
from kin.transfer.sanitize import cleaned
from kin.transfer.sync.three_way_merge import SINGLE, Common, carried
from kin.vocabulary import catalog as vocabulary


class Card(NamedTuple):
    """What one card says; its bytes are not kept.

    `unreadable` are values that kin cannot keep, by their field (email, phone and link for contacts).
    `is_named` is False if it has no visible FN, and its name is what else it goes by. `has_stray_lines` is whether
    lines of it cannot be read at all.
    """

    incoming: Incoming
    said: Common
    uid: str | None
    remarks: tuple[tuple[str, str], ...]
    unreadable: tuple[tuple[str, str], ...]
    is_named: bool
    has_stray_lines: bool
    identity: Identity

    @property
    def unreadable_fields(self) -> frozenset[str]:
        """The fields of which a value cannot be kept."""
        return frozenset(name for name, _ in self.unreadable)

    @property
    def has_readable_name(self) -> bool:
        """Whether the card says how its person is called."""
        return self.is_named and "name" not in self.unreadable_fields


class Unread(NamedTuple):
    """A file that is left alone, and why; `place` is the file with a line."""

    place: str
    why: str


def read(data: bytes, file: str) -> Card | Unread:
    """Read the one card of a file."""
    whole = [each for each in vcard.split_cards(data) if isinstance(each, vcard.RawCard)]
    if not whole:
        return Unread(f"{file}:1", "no card begins in it")
    if len(whole) > 1:
        return Unread(
            f"{file}:{whole[1].line_number}",
            f"{len(whole):,} cards in one file; kin syncs one a file",
        )
    if not whole[0].has_end or not whole[0].is_complete:
        end = "it has no END" if not whole[0].has_end else "it is too big"
        return Unread(f"{file}:{whole[0].line_number}", f"the card is not whole: {end}")
    found = [each for each in vcard.read_cards(data, file) if each.version is not None]
    if found[0].group:
        return Unread(found[0].where, f"“{found[0].group.name}” is a group, which the phone keeps")
    person, fields = found[0].person, found[0].fields
    clean, told = cleaned(person) if person else (None, [])
    if clean is None or fields is None:
        return Unread(found[0].where, "the card is empty")
    remarks = [(each.where, each.why) for each in found[0].remarks]
    remarks += [(found[0].where, why) for why in told]
    unreadable = tuple(dict.fromkeys((*fields.unreadable, *_not_kept(fields, clean))))
    return Card(
        replace(clean, raw=None),
        said(clean),
        clean.uid,
        tuple(remarks),
        unreadable,
        fields.name is not None and bool(fold(fields.name)),
        found[0].has_stray_lines,
        identity_of(clean.uid, data, clean.raw),
    )


def identity_of(uid: str | None, *cards: bytes | None) -> Identity:
    """Return by what a card is recognized: its UID, else its exact bytes."""
    if uid is not None:
        return Identity(uids=frozenset([vcard.normalize_uid(uid)]))
    return Identity(digests=frozenset(sha256(each).hexdigest() for each in cards if each))


def _not_kept(fields: vcard.Fields, clean: Incoming) -> Iterator[tuple[str, str]]:
    """Yield the values of a card that are too long, or otherwise nothing that a book can hold."""
    if fields.name is not None and fields.name != clean.name:
        yield "name", fields.name
    for name, value, kept in (
        ("lives", fields.lives, clean.lives),
        ("note", fields.note, clean.note),
    ):
        if value is not None and value.strip() and kept is None:
            yield name, value
    into = tuple(each.label for each in clean.into)
    for name, values, several in (
        ("nicknames", fields.nicknames, clean.nicknames),
        ("groups", fields.groups, clean.groups),
        ("interests", fields.interests, into),
    ):
        yield from ((name, each) for each in values if each.strip() and each not in several)
    labels = {label for label, _ in clean.days}
    yield from (("days", label) for label, _ in fields.days if label.strip() not in labels)
    ways = {(way.kind, way.value) for way in clean.contacts}
    for way in fields.contacts:
        if (way.kind, way.value.strip()) not in ways:
            yield way.kind, way.value


def raw(data: bytes) -> bytes:
    """Return the one card of a file, without what is around it."""
    return b"".join(
        next(each.lines for each in vcard.split_cards(data) if isinstance(each, vcard.RawCard))
    )


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
    return vcard.write_card(_incoming(agreed, uid or "none"), version="4.0")


def of_base(base: bytes) -> Common | None:
    """Return what both sides said when they were one; None where that is not known."""
    found = read(base, "base") if base else None
    return found.said if isinstance(found, Card) else None


def redacted(base: bytes, uid: str | None, instead: vcard.Redact) -> bytes:
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


def new(person: Person, raw: bytes | None) -> bytes:
    """Return a card for a person who has none: the one they came with (`raw`), brought up to date, or a new one."""
    common = held(person)
    if raw is not None:
        try:
            raw = vcard.extract_card(raw)
            own = vcard.read_fields(raw)
            marked = raw if own.uid else vcard.patch_card(raw, vcard.Changes(uid=uid_of(person)))
            return _named(_patch(marked, _of_fields(own, common), common), own, common.name)
        except vcard.VcardError:
            pass  # too big to be written back: a new one has at least what the book has
    return vcard.write_card(_incoming(common, uid_of(person)))


def patched(
    data: bytes,
    seen: Common,
    wanted: Common,
    *,
    keep: Container[str] = (),
    uid: str | None = None,
) -> bytes:
    """Return a card's bytes with what makes `wanted` of `seen`, all else as it is.

    Single fields in `keep` stay as the card has them. A card that is changed and has no UID gets `uid`.
    """
    found = vcard.read_fields(data)
    actual = _of_fields(found, seen)
    after = carried(seen, wanted, actual)
    after = replace(after, **{each: getattr(actual, each) for each in SINGLE if each in keep})
    changed = _patch(data, actual, after)
    if changed == data:
        return data
    if uid is not None and found.uid is None:
        changed = vcard.patch_card(changed, vcard.Changes(uid=uid))
    return _named(changed, found, wanted.name)


def town_on(data: bytes) -> str | None:
    """Return the town that a card says: one with a street is not written over."""
    return vcard.read_fields(data).lives


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
    return vcard.patch_card(data, vcard.Changes(**changed)) if changed else data


def _named(data: bytes, found: vcard.Fields, name: str) -> bytes:
    """Give a card a name that has none: what it goes by, an address say, might give way to what is added."""
    return data if found.name else vcard.patch_card(data, vcard.Changes(name=name))


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
