"""Three-way merge of the fields that a card and the book share; the base is what both had after the last sync.

A change on one side is taken. Of lists, additions and deletions of both sides are taken; of a single value that both
changed, the phone's, and the book's is reported. The module also reads and writes these fields on cards.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from kin.book.meta import CardIdentity
from kin.constants import CONTACT_KINDS
from kin.formats import vcard
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.export import VCARD_KIND, get_card_uid
from kin.formats.records import Fact, ImportedPerson, Person, PersonInterest
from kin.language.text import add_quotes, escape_control, normalize, truncate
from kin.transfer.record_matching import is_same_contact, sanitize_record
from kin.vocabulary import catalog

T = TypeVar("T")
Comparison = Callable[[T, T], bool]
YearlyDate = tuple[str, str]


def make_word_comparison(key: Callable[[str], str]) -> Comparison[str]:
    """Return a comparison of words by a key."""
    return lambda one, other: key(one) == key(other)


def has_same_label(one: YearlyDate, other: YearlyDate) -> bool:
    """Return whether two dates have the same label."""
    return normalize(one[0]) == normalize(other[0])


WORD_FIELDS: dict[str, Comparison[str]] = {
    "nicknames": make_word_comparison(normalize),
    "groups": make_word_comparison(catalog.normalize_group),
    "interests": make_word_comparison(catalog.normalize_interest),
}
COMPARISONS: dict[str, Callable[..., bool]] = {
    **WORD_FIELDS,
    "contacts": is_same_contact,
    "dates": has_same_label,
}


def contains_value(value: T, values: Sequence[T], is_same: Comparison[T]) -> bool:
    """Return whether one of the values is the same."""
    return any(is_same(value, each) for each in values)


def have_same_values(one: Sequence[T], other: Sequence[T], is_same: Comparison[T]) -> bool:
    """Return whether two lists have the same values, in any order."""
    return all(contains_value(each, other, is_same) for each in one) and all(
        contains_value(each, one, is_same) for each in other
    )


def find_equal(value: T, values: Sequence[T], is_same: Comparison[T]) -> T | None:
    """Return the same value of a list, if possible one with the same spelling; None if there is none."""
    equal_values = [each for each in values if is_same(value, each)]
    exact_values = (
        each
        for each in equal_values
        if get_value_without_label(each) == get_value_without_label(value)
    )
    return next(exact_values, equal_values[0] if equal_values else None)


def merge_lists(
    base: Sequence[T], one: Sequence[T], other: Sequence[T], is_same: Comparison[T]
) -> tuple[T, ...]:
    """Return the values of one side, without those the other deleted, and with those it added."""
    result = [
        each
        for each in one
        if contains_value(each, other, is_same) or not contains_value(each, base, is_same)
    ]
    for each in other:
        if not contains_value(each, result, is_same) and not contains_value(each, base, is_same):
            result.append(each)
    return tuple(result)


def match_and_merge(
    base: Sequence[T],
    phone: Sequence[T],
    book: Sequence[T],
    is_same: Comparison[T],
    agree: Callable[[T, T], T],
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Merge lists of values for both sides; `agree` merges two values that are the same but differ in details."""
    agreed_values: dict[T, T] = {}
    for theirs, ours in _pair_equal_values(phone, book, is_same):
        agreed_values[theirs] = agreed_values[ours] = agree(theirs, ours)
    # First of all: two numbers that one short spelling could mean are not the same.
    one, other = (
        tuple(dict.fromkeys(agreed_values.get(each, each) for each in side))
        for side in (phone, book)
    )
    return merge_lists(base, one, other, is_same), merge_lists(base, other, one, is_same)


def apply_list_changes(
    base: Sequence[T], new: Sequence[T], actual: Sequence[T], is_same: Comparison[T]
) -> Sequence[T]:
    """Return `actual` with the changes from `base` to `new`."""
    if base == new:
        return actual
    removed = [each for each in base if each not in new]
    remaining = [
        each for each in actual if each in new or not contains_value(each, removed, is_same)
    ]
    spellings = {get_value_without_label(each) for each in remaining}
    added = [
        each for each in new if each not in base and get_value_without_label(each) not in spellings
    ]
    # A card may have two spellings of a number; two of a word are the same.
    return (
        *remaining,
        *(
            each
            for each in added
            if isinstance(each, Contact) or not contains_value(each, remaining, is_same)
        ),
    )


def get_value_without_label(value: object) -> object:
    """Return the spelling of a value: of a contact, kind and value; of a date, the label."""
    if isinstance(value, Contact):
        return value.kind, value.value
    return value[0] if isinstance(value, tuple) else value


def _pair_equal_values(
    phone: Sequence[T], book: Sequence[T], is_same: Comparison[T]
) -> list[tuple[T, T]]:
    """Pair the same values of both sides, one to one; those with the same spelling first."""
    paired: list[tuple[T, T]] = []
    for needs_exact in (True, False):
        for theirs in phone:
            if any(theirs == one for one, _ in paired):
                continue
            taken_values = [other for _, other in paired]
            free_values = [each for each in book if each not in taken_values]
            ours = find_equal(theirs, free_values, is_same)
            if ours is not None and (
                not needs_exact or get_value_without_label(theirs) == get_value_without_label(ours)
            ):
                paired.append((theirs, ours))
    return paired


SINGLE_FIELDS = ("name", "birthday", "lives", "note")


@dataclass(frozen=True, slots=True)
class SharedFields:
    """The fields of a person that cards and the book share; days are YYYY-MM-DD or --MM-DD."""

    name: str
    birthday: str | None = None
    lives: str | None = None
    note: str | None = None
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    dates: tuple[YearlyDate, ...] = ()
    groups: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()


class FieldConflict(NamedTuple):
    """A field that both sides changed: the phone's value is `kept`, the book's is `lost`."""

    field: str
    kept: str | None
    lost: str | None


class MergeResult(NamedTuple):
    """What each side becomes. Each side keeps its own spelling of groups and interests."""

    phone_fields: SharedFields
    book_fields: SharedFields
    conflicts: tuple[FieldConflict, ...]


def merge_fields(base: SharedFields | None, phone: SharedFields, book: SharedFields) -> MergeResult:
    """Merge the two sides; without a base everything on both is new."""
    conflicts: list[FieldConflict] = []
    earlier = base or SharedFields("")
    single: dict[str, Any] = {
        field: _merge_single(
            field, getattr(earlier, field), getattr(phone, field), getattr(book, field), conflicts
        )
        for field in SINGLE_FIELDS
    }
    contacts = _merge_contacts(earlier, phone, book, conflicts)
    dates = _merge_dates(earlier, phone, book, conflicts)
    phone_values, book_values = (
        {**single, "contacts": contacts[at], "dates": dates[at]} for at in (0, 1)
    )
    for field, is_same in WORD_FIELDS.items():
        before, phone_value, book_value = (getattr(each, field) for each in (earlier, phone, book))
        phone_values[field] = merge_lists(before, phone_value, book_value, is_same)
        book_values[field] = merge_lists(before, book_value, phone_value, is_same)
    return MergeResult(
        replace(phone, **phone_values), replace(book, **book_values), tuple(conflicts)
    )


def apply_field_changes(
    seen_fields: SharedFields, wanted_fields: SharedFields, actual_fields: SharedFields
) -> SharedFields:
    """Return `actual_fields` with the changes from `seen_fields` to `wanted_fields`."""
    changed: dict[str, Any] = {
        field: getattr(wanted_fields, field)
        for field in SINGLE_FIELDS
        if getattr(wanted_fields, field) != getattr(seen_fields, field)
    }
    for field, is_same in COMPARISONS.items():
        earlier, new, current = (
            getattr(each, field) for each in (seen_fields, wanted_fields, actual_fields)
        )
        changed[field] = apply_list_changes(earlier, new, current, is_same)
    return replace(actual_fields, **changed)


def are_equal(one: SharedFields, other: SharedFields) -> bool:
    """Return whether both sides have the same values, whatever the order and the spelling of words."""
    if any(getattr(one, field) != getattr(other, field) for field in SINGLE_FIELDS):
        return False
    if set(one.contacts) != set(other.contacts) or set(one.dates) != set(other.dates):
        return False
    return all(
        have_same_values(getattr(one, field), getattr(other, field), is_same)
        for field, is_same in WORD_FIELDS.items()
    )


def _merge_single(
    field: str,
    base: str | None,
    phone: str | None,
    book: str | None,
    conflicts: list[FieldConflict],
) -> str | None:
    base = base or None
    if phone == book or book == base:
        return phone
    if phone == base:
        return book
    if field in ("birthday", "date") and phone and book and _differ_only_in_year(phone, book):
        return max(phone, book, key=len)
    conflicts.append(FieldConflict(field, phone, book))
    return phone


def _differ_only_in_year(one: str, other: str) -> bool:
    """Return whether two days differ only in that one has no year."""
    return one[-5:] == other[-5:] and "--" in (one[:2], other[:2])


def _merge_contacts(
    base: SharedFields, phone: SharedFields, book: SharedFields, conflicts: list[FieldConflict]
) -> tuple[tuple[Contact, ...], tuple[Contact, ...]]:
    """Merge contacts; spelling and label of one that both sides have are merged as single values."""

    def agree(theirs: Contact, ours: Contact) -> Contact:
        before = find_equal(theirs, base.contacts, is_same_contact)
        value, label = (before.value, before.label) if before else (None, None)
        found: list[FieldConflict] = []
        spelled = _merge_single(theirs.kind, value, theirs.value, ours.value, found)
        conflicts.extend(
            each for each in found if normalize(each.kept or "") != normalize(each.lost or "")
        )
        # A label that the book lacks was not deleted there: the commands give none.
        named = _merge_single("label", label, theirs.label, ours.label or label, [])
        return Contact(theirs.kind, spelled or theirs.value, named)

    return match_and_merge(base.contacts, phone.contacts, book.contacts, is_same_contact, agree)


def _merge_dates(
    base: SharedFields, phone: SharedFields, book: SharedFields, conflicts: list[FieldConflict]
) -> tuple[tuple[YearlyDate, ...], tuple[YearlyDate, ...]]:
    """Merge yearly dates; the day of one that both sides have is merged as a single value."""

    def agree(theirs: YearlyDate, ours: YearlyDate) -> YearlyDate:
        before = find_equal(theirs, base.dates, has_same_label)
        found: list[FieldConflict] = []
        day = _merge_single("date", before[1] if before else None, theirs[1], ours[1], found)
        conflicts.extend(each._replace(field=theirs[0]) for each in found)
        return theirs[0], day or theirs[1]

    return match_and_merge(base.dates, phone.dates, book.dates, has_same_label, agree)


class FolderCard(NamedTuple):
    """The contents of one card, without its bytes.

    `unreadable` are values that kin cannot store, by field (email, phone and link for contacts). `is_named` is False if
    the card has no visible FN, so that its name comes from another field. `has_stray_lines` is True if some lines
    cannot be read at all.
    """

    record: ImportedPerson
    fields: SharedFields
    uid: str | None
    warnings: tuple[tuple[str, str], ...]
    unreadable: tuple[tuple[str, str], ...]
    is_named: bool
    has_stray_lines: bool
    identity: CardIdentity

    @property
    def unreadable_fields(self) -> frozenset[str]:
        """The fields with a value that kin cannot store."""
        return frozenset(name for name, _ in self.unreadable)

    @property
    def has_readable_name(self) -> bool:
        """Whether the card has a name that kin can store."""
        return self.is_named and "name" not in self.unreadable_fields


class UnreadableFile(NamedTuple):
    """A file that is left alone, and why; `place` is the file name with a line number."""

    place: str
    why: str


def read_card(data: bytes, file: str) -> FolderCard | UnreadableFile:
    """Return the card of a file, which must be the only one."""
    raw_cards = [each for each in vcard.split_cards(data) if isinstance(each, vcard.RawCard)]
    if not raw_cards:
        return UnreadableFile(f"{file}:1", "there is no card in it")
    if len(raw_cards) > 1:
        return UnreadableFile(
            f"{file}:{raw_cards[1].line_number}",
            f"{len(raw_cards):,} cards in one file; kin syncs one per file",
        )
    if not raw_cards[0].has_end or not raw_cards[0].is_complete:
        problem = "it has no END" if not raw_cards[0].has_end else "it is too large"
        return UnreadableFile(
            f"{file}:{raw_cards[0].line_number}", f"the card is incomplete: {problem}"
        )
    cards = [each for each in vcard.read_cards(data, file) if each.version is not None]
    if cards[0].group:
        return UnreadableFile(
            cards[0].where, f"“{cards[0].group.name}” is a group, which stays on the phone"
        )
    person, fields = cards[0].person, cards[0].fields
    clean, messages = sanitize_record(person) if person else (None, [])
    if clean is None or fields is None:
        return UnreadableFile(cards[0].where, "the card is empty")
    warnings = [(each.where, each.why) for each in cards[0].warnings]
    warnings += [(cards[0].where, reason) for reason in messages]
    unreadable = tuple(dict.fromkeys((*fields.unreadable, *_list_dropped_values(fields, clean))))
    return FolderCard(
        replace(clean, raw=None),
        get_record_fields(clean),
        clean.uid,
        tuple(warnings),
        unreadable,
        fields.name is not None and bool(normalize(fields.name)),
        cards[0].has_stray_lines,
        identify_card(clean.uid, data, clean.raw),
    )


def identify_card(uid: str | None, *cards: bytes | None) -> CardIdentity:
    """Return the identity of a card: its UID, or else the digest of its bytes."""
    if uid is not None:
        return CardIdentity(uids=frozenset([vcard.normalize_uid(uid)]))
    return CardIdentity(digests=frozenset(sha256(each).hexdigest() for each in cards if each))


def _list_dropped_values(fields: vcard.Fields, clean: ImportedPerson) -> Iterator[tuple[str, str]]:
    """Yield the values of a card that are too long or otherwise invalid, by field."""
    if fields.name is not None and fields.name != clean.name:
        yield "name", fields.name
    for name, value, kept_value in (
        ("lives", fields.lives, clean.lives),
        ("note", fields.note, clean.note),
    ):
        if value is not None and value.strip() and kept_value is None:
            yield name, value
    into = tuple(each.label for each in clean.into)
    for name, values, kept_values in (
        ("nicknames", fields.nicknames, clean.nicknames),
        ("groups", fields.groups, clean.groups),
        ("interests", fields.interests, into),
    ):
        yield from ((name, each) for each in values if each.strip() and each not in kept_values)
    labels = {label for label, _ in clean.dates}
    yield from (("dates", label) for label, _ in fields.dates if label.strip() not in labels)
    contact_values = {(contact.kind, contact.value) for contact in clean.contacts}
    for contact in fields.contacts:
        if (contact.kind, contact.value.strip()) not in contact_values:
            yield contact.kind, contact.value


def extract_raw_card(data: bytes) -> bytes:
    """Return the bytes of the card in a file, without what is around it."""
    return b"".join(
        next(each.lines for each in vcard.split_cards(data) if isinstance(each, vcard.RawCard))
    )


def get_record_fields(record: ImportedPerson) -> SharedFields:
    """Return the shared fields of a record from a card."""
    return SharedFields(
        record.name,
        record.birthday,
        record.lives,
        record.note,
        tuple(each for each in record.nicknames if normalize(each) != normalize(record.name)),
        record.contacts,
        record.dates,
        record.groups,
        tuple(each.label for each in record.into),
    )


def get_person_fields(
    person: Person, *, also_named_by: Iterable[SharedFields | None] = ()
) -> SharedFields:
    """Return the shared fields of a person in the book.

    Only facts that came from a card go back to one. An interest you differ on is not shared, unless `also_named_by`
    has it.
    """
    named_keys = {
        catalog.normalize_interest(label)
        for each in also_named_by
        if each
        for label in each.interests
    }
    return SharedFields(
        person.name,
        person.birthday,
        person.lives,
        "\n\n".join(each.text for each in person.facts if each.source == VCARD_KIND) or None,
        tuple(each for each in person.nicknames if normalize(each) != normalize(person.name)),
        person.contacts,
        person.dates,
        person.groups,
        tuple(
            each.label
            for each in person.interests
            if each.stance == "into" or catalog.normalize_interest(each.label) in named_keys
        ),
    )


def apply_fields(person: Person, fields: SharedFields) -> Person:
    """Return a person with the shared fields changed."""
    interests_by_key = {catalog.normalize_interest(each.label): each for each in person.interests}
    into = [
        interests_by_key.get(catalog.normalize_interest(label), PersonInterest(label))
        for label in fields.interests
    ]
    others = [each for each in person.interests if each.stance != "into" and each not in into]
    other_facts = [each for each in person.facts if each.source != VCARD_KIND]
    return replace(
        person,
        name=fields.name,
        birthday=fields.birthday,
        lives=fields.lives,
        nicknames=fields.nicknames,
        contacts=fields.contacts,
        dates=fields.dates,
        groups=fields.groups,
        interests=(*into, *others),
        facts=(*other_facts, *((Fact(fields.note, VCARD_KIND),) if fields.note else ())),
    )


def write_base(fields: SharedFields, uid: str | None) -> bytes:
    """Return the fields that both sides have now, as a small card without photos: the base of the next sync."""
    return vcard.write_card(_make_record(fields, uid or "none"), version="4.0")


def read_base(base: bytes) -> SharedFields | None:
    """Return the fields of a base; None if there is none."""
    card = read_card(base, "base") if base else None
    return card.fields if isinstance(card, FolderCard) else None


def redact_base(base: bytes, uid: str | None, redact: vcard.RedactFunction) -> bytes:
    """Return a base with the texts redacted; the same bytes if nothing changes."""
    fields = read_base(base)
    if fields is None:
        return base
    redacted_fields = replace(
        fields,
        lives=redact(fields.lives, True) if fields.lives else None,
        note=redact(fields.note) if fields.note else None,
        nicknames=tuple(map(redact, fields.nicknames)),
        contacts=tuple(
            Contact(
                contact.kind, contact.value, redact(contact.label, True) if contact.label else None
            )
            for contact in fields.contacts
        ),
        dates=tuple((redact(label, True), day) for label, day in fields.dates),
        groups=tuple(redact(label, True) for label in fields.groups),
        interests=tuple(redact(label, True) for label in fields.interests),
    )
    return base if redacted_fields == fields else write_base(redacted_fields, uid)


def make_card(person: Person, raw: bytes | None) -> bytes:
    """Return a card for a person who has none: the imported card (`raw`), brought up to date, or a new one."""
    fields = get_person_fields(person)
    if raw is not None:
        try:
            raw = vcard.extract_card(raw)
            card_fields = vcard.read_fields(raw)
            card_with_uid = (
                raw
                if card_fields.uid
                else vcard.patch_card(raw, vcard.Changes(uid=get_card_uid(person)))
            )
            return _ensure_name(
                _patch_fields(card_with_uid, _get_card_fields(card_fields, fields), fields),
                card_fields,
                fields.name,
            )
        except vcard.VcardError:
            pass  # too big to be patched: a new card has at least what the book has
    return vcard.write_card(_make_record(fields, get_card_uid(person)))


def apply_wanted_fields(
    data: bytes,
    seen: SharedFields,
    wanted: SharedFields,
    *,
    keep: Container[str] = (),
    uid: str | None = None,
) -> bytes:
    """Return the bytes of a card with the changes from `seen` to `wanted`.

    Single fields in `keep` stay as they are. A card that changes and has no UID gets `uid`.
    """
    card_fields = vcard.read_fields(data)
    actual = _get_card_fields(card_fields, seen)
    after = apply_field_changes(seen, wanted, actual)
    after = replace(
        after, **{each: getattr(actual, each) for each in SINGLE_FIELDS if each in keep}
    )
    patched_data = _patch_fields(data, actual, after)
    if patched_data == data:
        return data
    if uid is not None and card_fields.uid is None:
        patched_data = vcard.patch_card(patched_data, vcard.Changes(uid=uid))
    return _ensure_name(patched_data, card_fields, wanted.name)


def read_town(data: bytes) -> str | None:
    """Return the town on a card."""
    return vcard.read_fields(data).lives


def _patch_fields(data: bytes, actual: SharedFields, wanted: SharedFields) -> bytes:
    fields: dict[str, Any] = {
        "name": wanted.name,
        "birthday": wanted.birthday or "",
        "lives": wanted.lives or "",
        "note": wanted.note or "",
        "nicknames": wanted.nicknames,
        "contacts": wanted.contacts,
        "dates": wanted.dates,
        "groups": wanted.groups,
        "interests": wanted.interests,
    }
    changed = {
        field: value
        for field, value in fields.items()
        if value != (getattr(actual, field) or type(value)())
    }
    return vcard.patch_card(data, vcard.Changes(**changed)) if changed else data


def _ensure_name(data: bytes, card_fields: vcard.Fields, name: str) -> bytes:
    """Add a name to a card without one: the field its name comes from may change."""
    return data if card_fields.name else vcard.patch_card(data, vcard.Changes(name=name))


def _get_card_fields(card_fields: vcard.Fields, fallback: SharedFields) -> SharedFields:
    """Return the shared fields of a card, including values that kin cannot store."""
    return SharedFields(
        card_fields.name or fallback.name,
        card_fields.birthday,
        card_fields.lives,
        card_fields.note,
        card_fields.nicknames,
        card_fields.contacts,
        card_fields.dates,
        card_fields.groups,
        card_fields.interests,
    )


def _make_record(fields: SharedFields, uid: str) -> ImportedPerson:
    return ImportedPerson(
        name=fields.name,
        source="",
        nicknames=fields.nicknames,
        contacts=fields.contacts,
        birthday=fields.birthday,
        dates=fields.dates,
        lives=fields.lives,
        note=fields.note,
        groups=fields.groups,
        into=tuple(CardInterest(each) for each in fields.interests),
        uid=uid,
    )


# What one value of a field is called in messages.
_VALUE_NAMES = {
    "lives": "town",
    "contacts": "address",
    "dates": "date",
    "nicknames": "nickname",
    "groups": "group",
    "interests": "interest",
}


class RecoveredCard(NamedTuple):
    """The fields of a card with lost values restored, and a warning for each."""

    fields: SharedFields
    warnings: tuple[str, ...]


def restore_lost_values(
    card: FolderCard, base: SharedFields | None, book_fields: SharedFields
) -> RecoveredCard:
    """Restore the values that a server, a phone or an unreadable line took from a card, as no one deleted them.

    `base` is what the card had at the last sync, if that is known.
    """
    fields, warnings = _restore_unreadable(card, base, book_fields)
    if base is None:
        return RecoveredCard(fields, tuple(warnings))
    if card.has_stray_lines and (with_lost := _keep_all_of(fields, base)) != fields:
        fields = with_lost
        warnings.append(
            "one of its lines cannot be read, so what is missing does not count as deleted"
        )
    note, base_note = fields.note or "", base.note or ""
    if note and note != base_note and base_note.startswith(note.rstrip()):
        fields = replace(fields, note=base.note)
        if note.strip() != base_note.strip():
            warnings.append("its note was cut short there; the book keeps the full note")
    fields = _restore_interest_marks(fields, base)
    if base.interests and not fields.interests:
        fields = replace(fields, interests=base.interests)
        warnings.append("its interests were dropped there; the book keeps them")
    return RecoveredCard(fields, tuple(warnings))


def _restore_unreadable(
    card: FolderCard, base: SharedFields | None, book_fields: SharedFields
) -> tuple[SharedFields, list[str]]:
    """Return the fields of a card with earlier values instead of unreadable ones, and a warning for each."""
    card_fields, unreadable_fields = _drop_unreadable(card), card.unreadable_fields
    warnings: list[str] = []
    values = dict(reversed(card.unreadable))  # the first of each field
    for field in SINGLE_FIELDS:
        if field not in unreadable_fields and not (field == "name" and not card.is_named):
            continue
        before = getattr(base or SharedFields(book_fields.name), field)
        if getattr(card_fields, field) == before:
            continue
        if field == "name" and not card.is_named:
            if base is not None:
                warnings.append(_describe_missing_name(book_fields.name))
        elif current := getattr(book_fields, field):
            warnings.append(
                _describe_unreadable_value(_VALUE_NAMES.get(field, field), values[field], current)
            )
        card_fields = replace(card_fields, **{field: before})
    if not card.is_named:
        nicknames = tuple(
            each for each in card_fields.nicknames if normalize(each) != normalize(card_fields.name)
        )
        card_fields = replace(card_fields, nicknames=nicknames)
    if base is None:
        return card_fields, warnings
    for field, same in COMPARISONS.items():
        earlier, present = getattr(base, field), getattr(card_fields, field)
        kinds = (
            unreadable_fields & {*CONTACT_KINDS}
            if field == "contacts"
            else unreadable_fields & {field}
        )
        lost = [
            each
            for each in earlier
            if not contains_value(each, present, same)
            and (field != "contacts" or each.kind in kinds)
        ]
        if kinds and lost:
            restored: dict[str, Any] = {field: (*present, *lost)}
            card_fields = replace(card_fields, **restored)
            value = next(value for name, value in card.unreadable if name in kinds)
            if current := [
                each for each in lost if contains_value(each, getattr(book_fields, field), same)
            ]:
                warnings.append(
                    _describe_unreadable_value(
                        _VALUE_NAMES.get(field, field), value, _format_values(current)
                    )
                )
    return card_fields, warnings


def _keep_all_of(fields: SharedFields, base: SharedFields) -> SharedFields:
    """Return the fields of a card with all values of the base that it lacks now."""
    merged: dict[str, Any] = {
        field: getattr(fields, field) or getattr(base, field)
        for field in SINGLE_FIELDS
        if field != "name"
    }
    for field, same in COMPARISONS.items():
        present = getattr(fields, field)
        lost = [each for each in getattr(base, field) if not contains_value(each, present, same)]
        merged[field] = (*present, *lost)
    return replace(fields, **merged)


def _drop_unreadable(card: FolderCard) -> SharedFields:
    """Return the fields of a card without values that could only be read in part."""
    fields, unreadable = card.fields, {*card.unreadable}
    if not card.is_named:  # its name may be one of the nicknames, which it keeps
        fields = replace(fields, nicknames=card.record.nicknames)
    return replace(
        fields,
        lives=None if ("lives", fields.lives) in unreadable else fields.lives,
        birthday=None if ("birthday", fields.birthday) in unreadable else fields.birthday,
        note=None if "note" in card.unreadable_fields else fields.note,
        nicknames=tuple(each for each in fields.nicknames if ("nicknames", each) not in unreadable),
        groups=tuple(each for each in fields.groups if ("groups", each) not in unreadable),
        interests=tuple(each for each in fields.interests if ("interests", each) not in unreadable),
        contacts=tuple(
            each for each in fields.contacts if (each.kind, each.value) not in unreadable
        ),
        dates=tuple(
            each for each in fields.dates if ("dates", f"{each[0]}: {each[1]}") not in unreadable
        ),
    )


def _format_values(values: Sequence[object]) -> str:
    return ", ".join(
        each if isinstance(each, str) else str(getattr(each, "value", None) or each[0])  # type: ignore[index]
        for each in values
    )


def _restore_interest_marks(fields: SharedFields, base: SharedFields) -> SharedFields:
    """Return groups to the interests if they only lost the property that marks them as such."""
    interest_keys = {catalog.normalize_interest(each) for each in base.interests}
    group_keys = {catalog.normalize_group(each) for each in base.groups}
    present_keys = {catalog.normalize_interest(each) for each in fields.interests}
    lost = tuple(
        each
        for each in fields.groups
        if catalog.normalize_interest(each) in interest_keys - present_keys
        and catalog.normalize_group(each) not in group_keys
    )
    if not lost:
        return fields
    return replace(
        fields,
        groups=tuple(each for each in fields.groups if each not in lost),
        interests=(*fields.interests, *lost),
    )


def _describe_unreadable_value(field: str, value: str, kept: str) -> str:
    shown = truncate(escape_control(value[:200], newlines=False), 40)
    return f"the {field} {add_quotes(shown)} cannot be read; the book keeps {add_quotes(truncate(kept, 60))}"


def _describe_missing_name(name: str) -> str:
    return f"the card no longer has a name (FN); the book keeps {add_quotes(name)}"
