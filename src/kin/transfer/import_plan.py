"""What an import would do: who is new, who is known and what each record adds. It writes nothing.

Its one rule: everything is matched before anything is written, and no record is dropped without a word.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kin.constants import ME
from kin.errors import KinError
from kin.formats.book import Person, Remark
from kin.formats.from_book import CARDS, OWN
from kin.formats.incoming import Brought, Incoming, Skipped, Told
from kin.language import text, validation as checks
from kin.transfer import export
from kin.transfer.fill_gaps import filled
from kin.transfer.record_matching import LIKELY, Index, keys
from kin.transfer.sanitize import cleaned

LISTED = 2  # doubles of one newcomer that an import tells
MOST_DOUBLES = 100  # that are listed in all
_PATIENCE = 8  # handles that are tried before it is kept how far the trying came


class Entry(NamedTuple):
    """Somebody that the file touches: as the book has them (None: new), and as they would stand."""

    person_id: int | None
    before: Person | None
    after: Person


class Talk(NamedTuple):
    """A conversation to be kept: `people` are numbers of entries."""

    told: Told
    people: tuple[tuple[int, str], ...]


class Known(NamedTuple):
    """A person as the import JSON tells them."""

    name: str
    nicknames: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    birthday: str | None
    note: str | None
    interests: tuple[str, ...]
    groups: tuple[str, ...]
    source: str


class Place(NamedTuple):
    """A place in a file, and what is to be said of it."""

    where: str
    why: str


class Double(NamedTuple):
    """Two who may be one person: handles, for `kin merge`."""

    handle: str
    name: str
    like: str
    like_name: str


class Column(NamedTuple):
    """Which column became which field."""

    column: str
    field: str


class Outcome(NamedTuple):
    """What an import did, or would do."""

    kind: str
    people: tuple[Known, ...]
    new: int
    updated: int
    same: int
    talks: int
    doubles: tuple[Double, ...]
    double_count: int
    skipped: tuple[Place, ...]
    remarks: tuple[Place, ...]
    mapping: tuple[Column, ...]
    changed: int = 0  # conversations in new words, and threads that were open: of kin's own files
    heard: int = 0


class Plan(NamedTuple):
    """All that an import would write; `by_key`: which entry a record of the file is."""

    entries: tuple[Entry, ...]
    by_key: dict[str, int]
    talks: tuple[Talk, ...]
    ties: tuple[tuple[int, int, str], ...]
    outcome: Outcome


def plan(
    db: sqlite3.Connection,
    found: Sequence[Brought],
    today: str,
    *,
    likely: int = LIKELY,
    as_new: bool = False,
    whole_records: bool = True,
) -> Plan:
    """Match all that files bring with the book, and with each other; `likely` doubles of each at the most.

    With `as_new` it was found out before that no record is of anyone in the book. Without `whole_records` only the
    beginning of each record that people came with is read.
    """
    return _Planner(db, today, likely, as_new, whole_records).planned(found)


def listed(told: Outcome) -> Outcome:
    """Return what an import did with no more doubles than somebody would look at; `double_count` has all."""
    return told._replace(doubles=told.doubles[:MOST_DOUBLES])


class _Planner:
    """The state of one matching: entries by number, those of the book first."""

    def __init__(
        self, db: sqlite3.Connection, today: str, likely: int, as_new: bool, whole_records: bool
    ) -> None:
        self._db = db
        self._today = today
        self._likely = likely
        self._as_new = as_new
        self._entries: list[Entry] = []
        self._index = Index(birthdays=True)
        self._handles = {row[0] for row in db.execute("SELECT handle FROM person")}
        self._options: dict[str, Iterator[str]] = {}
        self._skipped: list[Place] = []
        self._remarks: list[Place] = []
        self._doubles: list[tuple[int, int]] = []
        for person_id, person in export.people(db, whole_records=whole_records):
            if person_id != ME:
                self._index.add(len(self._entries), person)
                self._entries.append(Entry(person_id, person, person))

    def planned(self, found: Sequence[Brought]) -> Plan:
        """Match people, then what refers to them."""
        known: list[Known] = []
        touched: set[int] = set()
        talks: list[Talk] = []
        ties: list[tuple[int, int, str]] = []
        by_key: dict[str, int] = {}
        for brought in found:
            self._skipped += [Place(*_told(each)) for each in brought.skipped]
            self._remarks += [Place(*_told(each)) for each in brought.remarks]
            by_key = {}
            self._index.expect(brought.people)
            for record, key in zip(brought.people, keys(brought.people), strict=True):
                clean = self._clean(record)
                if clean is not None:
                    number = self._take_in(clean, source_of(brought.kind), key)
                    touched.add(number)
                    known.append(_known(clean))
                    by_key.setdefault(record.key or "", number)
            ties += self._ties(brought.people, by_key)
            talks += self._talks(brought.talks, by_key)
        return Plan(
            tuple(self._entries),
            by_key,
            tuple(talks),
            tuple(dict.fromkeys(ties)),
            self._outcome(found, known, touched, len(talks)),
        )

    def _outcome(
        self, found: Sequence[Brought], known: list[Known], touched: set[int], talks: int
    ) -> Outcome:
        entries = [self._entries[number] for number in touched]
        new = sum(each.person_id is None for each in entries)
        updated = sum(each.person_id is not None and each.before != each.after for each in entries)
        return Outcome(
            text.joined(list(dict.fromkeys(each.kind for each in found if each.kind))),
            tuple(known),
            new,
            updated,
            len(touched) - new - updated,
            talks,
            tuple(self._double(*pair) for pair in self._doubles),
            len(self._doubles),
            tuple(self._skipped),
            tuple(self._remarks),
            tuple(Column(*pair) for each in found for pair in each.mapping),
        )

    def _clean(self, found: Incoming) -> Incoming | None:
        clean, told = cleaned(found)
        self._remarks += [Place(found.source, why) for why in told]
        if clean is None:
            self._skipped.append(Place(found.source, "it has no name that kin could keep"))
        return clean

    def _take_in(self, found: Incoming, kind: str, key: str) -> int:
        number = None if self._as_new else self._index.same(found, kind, key)
        if number is None:
            number = self._newcomer(found, kind)
        entry = self._entries[number]
        told = filled(entry.after, found, kind, key)
        after = replace(told.person, origins=entry.after.origins) if kind == OWN else told.person
        self._entries[number] = entry._replace(after=after)
        self._index.add(number, after, found)
        kept = "what came first" if entry.person_id is None else "what the book has"
        self._remarks += [
            Place(found.source, f"{entry.after.name} keeps {kept}; the file says {field}: {value}")
            for field, value in told.otherwise
        ]
        return number

    def _newcomer(self, found: Incoming, kind: str) -> int:
        """Enter somebody new, and who they may be instead."""
        number = len(self._entries)
        likely = self._index.doubles(found, kind, self._likely)
        self._doubles += [(number, other) for other in likely]
        if (other := self._index.of_uid(found)) is not None:
            why = f"has the UID of {self._entries[other].after.name}, but another name and birthday"
            self._remarks.append(Place(found.source, f"{why}: kept as a person of their own"))
        self._entries.append(Entry(None, None, self._somebody(found, kind)))
        return number

    def _somebody(self, found: Incoming, kind: str) -> Person:
        # Of ten thousand of one name, each would try the handles of all before: so the trying goes on.
        options = self._options.get(found.name) or text.handle_options(found.name)
        free = (each for each in enumerate(options) if each[1] not in self._handles)
        tried, handle = next(free)
        if tried > _PATIENCE:
            self._options[found.name] = options
        self._handles.add(handle)
        return Person(handle, found.name, self._today, uid=found.uid if kind == OWN else None)

    def _ties(
        self, people: Iterable[Incoming], by_key: dict[str, int]
    ) -> tuple[tuple[int, int, str], ...]:
        """Return who is whose what; a name that is nobody's, or several people's, stays text."""
        held = {
            (a, b, word)
            for a, b, word in self._db.execute(
                "SELECT a.handle, b.handle, t.word FROM tie t JOIN person a ON a.id = t.a_id JOIN person b ON b.id = t.b_id"
            )
        }
        found: dict[tuple[int, int, str], None] = {}
        for each in people:
            one = by_key.get(each.key) if each.key is not None else self._index.named(each.name)
            if one is None:
                continue
            for bond in each.bonds:
                other = by_key.get(bond.key) if bond.key is not None else None
                other = other if other is not None else self._index.named(bond.name)
                if other is None:
                    self._remark_on(one, bond.text())
                elif other != one and self._tie_key(other, one, bond.word) not in held:
                    found[other, one, bond.word] = None
        return tuple(found)

    def _tie_key(self, a: int, b: int, word: str) -> tuple[str, str, str]:
        return (self._entries[a].after.handle, self._entries[b].after.handle, word)

    def _remark_on(self, number: int, words: str) -> None:
        entry = self._entries[number]
        if not any(each.text == words for each in entry.after.remarks):
            after = replace(entry.after, remarks=(*entry.after.remarks, Remark(words)))
            self._entries[number] = entry._replace(after=after)

    def _talks(self, told: Iterable[Told], by_key: dict[str, int]) -> tuple[Talk, ...]:
        """Return the conversations that the book has not yet: the same words on the same day are one."""
        held: defaultdict[str, set[str]] = defaultdict(set)
        for day in {each.on for each in told}:
            for (words,) in self._db.execute("SELECT text FROM conversation WHERE day = ?", (day,)):
                held[day].add(words)
        found = []
        for each in told:
            try:
                checks.storable(each.text, "note")
            except KinError as error:
                self._skipped.append(Place(each.source, error.message))
                continue
            if each.text in held[each.on]:
                continue
            held[each.on].add(each.text)
            people: dict[int, str] = {}
            for name in each.people:
                number = by_key.get(name)
                number = number if number is not None else self._index.named(name)
                if number is None:
                    self._remarks.append(
                        Place(each.source, f"“{name}” is nobody in the book; it stays text")
                    )
                else:
                    people.setdefault(
                        number, self._entries[number].after.name if name in by_key else name
                    )
            found.append(Talk(each, tuple(people.items())))
        return tuple(found)

    def _double(self, new: int, other: int) -> Double:
        one, like = self._entries[new].after, self._entries[other].after
        return Double(one.handle, one.name, like.handle, like.name)


def source_of(kind: str) -> str:
    """Return what the book calls a kind of file: cards of all versions are one."""
    return CARDS if kind.startswith(CARDS) else kind


def _told(each: Skipped) -> tuple[str, str]:
    return each.where, each.why


def _known(found: Incoming) -> Known:
    ways = found.contacts
    return Known(
        found.name,
        found.nicknames,
        tuple(way.value for way in ways if way.kind == "email"),
        tuple(way.value for way in ways if way.kind == "phone"),
        found.birthday,
        found.note,
        tuple(each.label for each in found.into),
        found.groups,
        found.source,
    )
