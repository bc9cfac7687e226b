"""Matches records of files with people, sanitizes them, and fills the gaps of a person from a record.

A record is a person if the key is the same, or else an address and a name that fits. What is only likely is reported
as a double, never merged.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeVar

from kin.constants import CIRCLES, KIN_KIND, LONGEST_CONTACT, LONGEST_NAME
from kin.errors import KinError
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import Fact, ImportedPerson, Origin, Person, PersonInterest
from kin.language import text
from kin.language.person_names import TITLES
from kin.language.text import normalize
from kin.vocabulary import catalog

T = TypeVar("T")

MAX_DOUBLES = 10  # reported for one new person
_COMPARED_DIGITS = 9  # last digits that identify a phone number without a country code
_MIN_DIGITS = 6  # a shorter number is an extension, which many people have
_MAX_SHARERS = 10  # people: an address that more of them have belongs to an organization
_MAX_NAMES = 20  # of one person; more are not compared
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv", "junior", "senior"))
_NAME_KEY_PREFIX = "name:"  # of the key of a record without a UID
_KEY_NUMBER = re.compile(r"#\d+\Z")  # of the second record with one name in a file
_FN = re.compile(rb"(?im)^(?:[\w-]+\.)?FN(?:;CHARSET=UTF-8)?:([^\r\n]{1,400})")

_NameForms = tuple[str, ...]  # a name and its nicknames


def sanitize_record(record: ImportedPerson) -> tuple[ImportedPerson | None, list[str]]:
    """Return a record without invalid values, None if it has no valid name, and a message for each value left out."""
    messages: list[str] = []

    def keep_valid(value: str | None, what: str, check: Callable[[str, str], str]) -> str | None:
        if value is None or not value.strip():
            return None
        try:
            return check(value, what)
        except KinError as error:
            messages.append(f"{error.message} It is left out.")
            return None

    def keep_line(value: str | None, what: str) -> str | None:
        return keep_valid(value, what, text.check_line)

    def keep_interest(each: CardInterest) -> CardInterest | None:
        label = keep_line(each.label, "interest")
        if label is None or not catalog.normalize_interest(label):
            return None
        return CardInterest(label, keep_valid(each.note, "story", text.check_storable))

    def keep_contact(each: Contact) -> Contact | None:
        value = keep_valid(
            each.value,
            each.kind,
            lambda value, what: text.check_line(value, what, LONGEST_CONTACT),
        )
        return Contact(each.kind, value, keep_line(each.label, "label")) if value else None

    name = keep_valid(
        record.name, "name", lambda value, what: text.check_line(value, what, LONGEST_NAME)
    )
    if name is None:
        return None, messages
    dates = tuple(
        (date_label, on) for label, on in record.dates if (date_label := keep_line(label, "date"))
    )
    clean = replace(
        record,
        name=name,
        nicknames=_drop_none(keep_line(each, "nickname") for each in record.nicknames),
        contacts=_drop_none(map(keep_contact, record.contacts)),
        lives=keep_line(record.lives, "town"),
        circle=record.circle if record.circle in CIRCLES else None,
        met_at=keep_line(record.met_at, "place"),
        met_story=keep_valid(record.met_story, "story", text.check_storable),
        note=keep_valid(record.note, "note", text.check_storable),
        unread_texts=_drop_none(
            keep_valid(each, "note", text.check_storable) for each in record.unread_texts
        ),
        groups=_drop_none(keep_line(each, "group") for each in record.groups),
        into=_drop_none(map(keep_interest, record.into)),
        differ=_drop_none(map(keep_interest, record.differ)),
        dates=dates,
    )
    return clean, messages


def _drop_none(values: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(each for each in values if each is not None)


class PersonIndex:
    """People by the keys of their records, their addresses and their names. A person is a number here.

    With `compare_birthdays`, two full birthdays that differ are two people, even with the same address.
    """

    def __init__(self, *, compare_birthdays: bool = False) -> None:
        self._compare_birthdays = compare_birthdays
        self._by_uid: dict[str, int] = {}
        self._by_record: dict[tuple[str, str], int] = {}
        self._by_handle: dict[str, int] = {}
        self._by_contact: defaultdict[str, set[int]] = defaultdict(set)
        self._shared_contacts: set[str] = set()
        self._by_name: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._people: dict[int, Person] = {}
        self._joined_names: defaultdict[int, dict[_NameForms, None]] = defaultdict(dict)

    def find_shared_contacts(self, people: Sequence[ImportedPerson]) -> None:
        """Note the addresses that very many of these people have: such an address identifies no one."""
        counts = Counter(key for each in people for key in _list_contact_keys(each.contacts))
        frequent_keys = {key for key, count in counts.items() if count > _MAX_SHARERS}
        names: defaultdict[str, set[str]] = defaultdict(set)
        for each in people if frequent_keys else ():
            for key in _list_contact_keys(each.contacts) & frequent_keys:
                names[key].add(normalize(each.name))
        self._shared_contacts |= {
            key for key, sharers in names.items() if len(sharers) > _MAX_SHARERS
        }

    def add_person(self, number: int, person: Person, record: ImportedPerson | None = None) -> None:
        """Add a person, or what is new about them; `record` is the one that was matched with them."""
        for origin in person.origins:
            if origin.key is not None:
                self._by_record.setdefault((origin.kind, origin.key), number)
                if not origin.key.startswith(_NAME_KEY_PREFIX):
                    self._by_uid.setdefault(origin.key, number)
        if person.uid is not None:
            self._by_uid.setdefault(person.uid, number)
        self._by_handle[person.handle] = number
        for key in _list_contact_keys(person.contacts):
            self._by_contact[key].add(number)
        for name in (person.name, *person.nicknames):
            self._by_name[normalize(name)][number] = None
        self._people[number] = person
        if record is not None and normalize(record.name) != normalize(person.name):
            self._by_name[normalize(record.name)][number] = None
            joined_names = self._joined_names[number]
            if len(joined_names) < _MAX_NAMES:
                joined_names[record.name, *record.nicknames] = None

    def find_same_person(self, record: ImportedPerson, kind: str, key: str) -> int | None:
        """Return the person of a record; None if there is none, or if it is not certain."""
        if (number := self._by_record.get((kind, key))) is not None:
            return number
        number = self.find_by_uid(record)
        if number is not None and not self._contradicts_record(number, record):
            return number
        if kind == KIN_KIND and record.key in self._by_handle:
            number = self._by_handle[record.key]
            if normalize(self._people[number].name) == normalize(record.name) or self._name_fits(
                number, record
            ):
                return number
        fitting = {
            number
            for number in self._find_by_contact(record)
            if self._name_fits(number, record) and not self._has_other_birthday(number, record)
        }
        return fitting.pop() if len(fitting) == 1 else None

    def find_by_uid(self, record: ImportedPerson) -> int | None:
        """Return the person with the UID of a record."""
        return self._by_uid.get(record.uid) if record.uid is not None else None

    def find_doubles(
        self, record: ImportedPerson, kind: str, limit: int = MAX_DOUBLES
    ) -> list[int]:
        """Return who may be the person of a record, the likeliest first.

        The order is: same handle; same name and an address; same name; an address.
        """
        candidates: dict[int, None] = {}
        if kind == KIN_KIND and record.key in self._by_handle:
            candidates[self._by_handle[record.key]] = None
        same_name = self._by_name.get(normalize(record.name), {})
        sharing_contact = sorted(self._find_by_contact(record))
        candidates |= dict.fromkeys(number for number in sharing_contact if number in same_name)
        candidates |= dict.fromkeys(islice(same_name, limit))
        candidates |= dict.fromkeys(sharing_contact)
        return list(islice(candidates, limit))

    def find_by_name(self, name: str) -> int | None:
        """Return the person with this name; None if there is none, or several."""
        numbers = self._by_name.get(normalize(name), {})
        return next(iter(numbers)) if len(numbers) == 1 else None

    def _find_by_contact(self, record: ImportedPerson) -> set[int]:
        """Return who has an address of a record; if very many have it, only those with the same name too."""
        numbers: set[int] = set()
        for key in _list_contact_keys(record.contacts):
            person_numbers = self._by_contact.get(key, set())
            if len(person_numbers) <= _MAX_SHARERS and key not in self._shared_contacts:
                numbers |= person_numbers
            else:
                same_name = islice(self._by_name.get(normalize(record.name), {}), _MAX_SHARERS)
                numbers |= {number for number in same_name if number in person_numbers}
        return numbers

    def _name_fits(self, number: int, record: ImportedPerson) -> bool:
        """Return whether the name of a record fits all names that a person is known by.

        “Anna Schmidt” and “Hans Schmidt” both fit “Schmidt”; once one has been matched, the other is someone else.
        """
        person = self._people[number]
        names: _NameForms = (record.name, *record.nicknames)
        if not _any_name_fits((person.name, *person.nicknames), names):
            return False
        known_names = [*self._joined_names.get(number, ()), *self._list_recorded_names(number)]
        if any(normalize(each[0]) == normalize(record.name) for each in known_names):
            return True
        return all(_any_name_fits(each, names) for each in known_names)

    def _list_recorded_names(self, number: int) -> Iterator[_NameForms]:
        """Yield the names that a person has in their records, without those they no longer use."""
        person = self._people[number]
        for origin in person.origins[:_MAX_NAMES]:
            name = _read_recorded_name(origin)
            if name and may_be_same_name(name, person.name):
                yield (name,)

    def _has_other_birthday(self, number: int, record: ImportedPerson) -> bool:
        """Return whether both birthdays are known in full and differ."""
        current, recorded = self._people[number].birthday, record.birthday
        if current is None or recorded is None or "--" in (current[:2], recorded[:2]):
            return False
        return self._compare_birthdays and current != recorded

    def _contradicts_record(self, number: int, record: ImportedPerson) -> bool:
        return self._has_other_birthday(number, record) and not self._name_fits(number, record)


def _any_name_fits(known_names: _NameForms, names: _NameForms) -> bool:
    return any(may_be_same_name(one, other) for one in known_names for other in names)


def _read_recorded_name(origin: Origin) -> str:
    """Return the name in a record, "" if it cannot be read quickly."""
    if origin.key is not None and origin.key.startswith(_NAME_KEY_PREFIX):
        return _KEY_NUMBER.sub("", origin.key.removeprefix(_NAME_KEY_PREFIX))
    match = _FN.search(origin.raw) if origin.raw else None
    return match[1].decode("utf-8", "replace") if match else ""


def make_record_keys(records: Iterable[ImportedPerson]) -> Iterator[str]:
    """Yield the key of each record: its UID, or else its name; numbered if it occurs again."""
    seen: defaultdict[str, int] = defaultdict(int)
    for each in records:
        key = each.uid or f"{_NAME_KEY_PREFIX}{normalize(each.name)}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}#{seen[key]}"


def _list_contact_keys(contacts: Iterable[Contact]) -> set[str]:
    return {key for contact in contacts for key in make_contact_keys(contact)}


def make_contact_keys(contact: Contact) -> Iterator[str]:
    """Yield the keys that a contact is found by: an email address in lower case, the last digits of a phone number."""
    if contact.kind == "email":
        yield f"email:{contact.value.strip().casefold()}"
    elif contact.kind == "phone":
        digits = "".join(char for char in contact.value if char.isdecimal())
        if len(digits) >= _MIN_DIGITS:
            yield f"phone:{digits[-_COMPARED_DIGITS:]}"


def is_same_contact(one: Contact, other: Contact) -> bool:
    """Return whether two contacts are the same; phone numbers with different country codes are not."""
    if one.kind != other.kind:
        return False
    if one.kind != "phone":
        return _normalize_value(one.value) == _normalize_value(other.value)
    first, second = _normalize_number(one.value), _normalize_number(other.value)
    if first == second:
        return True
    both_international = first.startswith("+") and second.startswith("+")
    return (
        not both_international
        and len(first) >= _MIN_DIGITS
        and first[-_COMPARED_DIGITS:] == second[-_COMPARED_DIGITS:]
    )


def _normalize_value(value: str) -> str:
    return value.strip().casefold().rstrip("/")


def _normalize_number(value: str) -> str:
    digits = "".join(char for char in value if char.isdecimal())
    if value.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def may_be_same_name(one: str, other: str) -> bool:
    """Return whether two names may be of one person: they are the same, or one is part of the other."""
    first, second = _split_name(one), _split_name(other)
    if not first or not second:
        return False
    if (first | second) & _GENERATIONS and first != second:
        return False
    return _is_part_of_name(first, second) or _is_part_of_name(second, first)


def _split_name(name: str) -> set[str]:
    words = "".join(char if char.isalnum() else " " for char in normalize(name)).split()
    return {word for word in words if word not in TITLES}


def _is_part_of_name(shorter: set[str], longer: set[str]) -> bool:
    """Return whether each word is also in the longer name; an initial counts as a word that begins with it."""
    return all(
        word in longer or (len(word) == 1 and any(other.startswith(word) for other in longer))
        for word in shorter
    )


class FilledPerson(NamedTuple):
    """A person with what a record added, and the values that conflict: field and value of the record."""

    person: Person
    conflicts: tuple[tuple[str, str], ...]


def fill_gaps(person: Person, record: ImportedPerson, kind: str, key: str) -> FilledPerson:
    """Return a person with what a record adds; existing values stay."""
    conflicts: list[tuple[str, str]] = []
    if normalize(record.name) != normalize(person.name):
        conflicts.append(("name", record.name))
    met = (person.met_on, person.met_precision)
    if person.met_on is None and record.met_on is not None:
        met = (record.met_on, record.met_precision or "day")

    def fill_field(field: str, current: str | None, new: str | None) -> str | None:
        if current is not None and new is not None and normalize(current) != normalize(new):
            conflicts.append((field, new))
        return current if current is not None else new

    return FilledPerson(
        replace(
            person,
            lives=fill_field("lives", person.lives, record.lives),
            circle=fill_field("circle", person.circle, record.circle),
            met_at=fill_field("met at", person.met_at, record.met_at),
            met_story=fill_field("how you met", person.met_story, record.met_story),
            met_on=met[0],
            met_precision=met[1],
            birthday=_fill_birthday(person, record, conflicts),
            nicknames=_add_missing(person.nicknames, _list_nicknames(person, record), normalize),
            contacts=_fill_contacts(person, record),
            dates=_add_missing(person.dates, record.dates, lambda each: normalize(each[0])),
            groups=_add_missing(person.groups, record.groups, catalog.normalize_group),
            interests=_add_missing(person.interests, _list_interests(record), _get_interest_key),
            facts=_add_missing(
                person.facts, _list_facts(person, record, kind), lambda each: each.text
            ),
            origins=_fill_origins(person, record, kind, key),
        ),
        tuple(conflicts),
    )


def _fill_birthday(
    person: Person, record: ImportedPerson, conflicts: list[tuple[str, str]]
) -> str | None:
    current, imported = person.birthday, record.birthday
    if current is None or imported is None or current == imported:
        return current or imported
    if current[-5:] == imported[-5:] and "--" in (current[:2], imported[:2]):
        return max(current, imported, key=len)  # the same day; one side knows the year
    conflicts.append(("birthday", imported))
    return current


def _list_nicknames(person: Person, record: ImportedPerson) -> Iterable[str]:
    return (each for each in record.nicknames if normalize(each) != normalize(person.name))


def _fill_contacts(person: Person, record: ImportedPerson) -> tuple[Contact, ...]:
    contacts = list(person.contacts)
    for contact in record.contacts:
        if not any(is_same_contact(contact, other) for other in contacts):
            contacts.append(contact)
    return tuple(contacts)


def _list_interests(record: ImportedPerson) -> Iterable[PersonInterest]:
    yield from (PersonInterest(each.label, "into", each.note) for each in record.into)
    yield from (PersonInterest(each.label, "differ", each.note) for each in record.differ)


def _get_interest_key(interest: PersonInterest) -> str:
    return catalog.normalize_interest(interest.label)


def _list_facts(person: Person, record: ImportedPerson, kind: str) -> Iterable[Fact]:
    # A card has only one note: all facts that came from it, then what is new.
    lines = record.collect_texts_outside_note()
    existing_text = "\n\n".join(each.text for each in person.facts if each.text not in lines)
    note = (record.note or "").removeprefix(existing_text) if existing_text else record.note
    if note and existing_text and note != record.note:
        note = note.removeprefix("\n\n") if note.startswith("\n\n") else record.note
    extra_facts = [Fact(each) for each in record.unread_texts]
    return [Fact(note, kind), *extra_facts] if note and note.strip() else extra_facts


def _fill_origins(
    person: Person, record: ImportedPerson, kind: str, key: str
) -> tuple[Origin, ...]:
    """Add the record, or replace what it was at the last import."""
    new_origin = Origin(kind, key, record.raw)
    if any((each.kind, each.key) == (kind, key) for each in person.origins):
        return tuple(
            new_origin if (each.kind, each.key) == (kind, key) else each for each in person.origins
        )
    return (*person.origins, new_origin)


def _add_missing(
    existing: tuple[T, ...], new: Iterable[T], get_key: Callable[[T], str]
) -> tuple[T, ...]:
    seen = {get_key(each) for each in existing}
    result = list(existing)
    for each in new:
        if get_key(each) not in seen:
            seen.add(get_key(each))
            result.append(each)
    return tuple(result)
