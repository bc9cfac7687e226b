"""What a sync of a folder of cards would do: whose each card is, and what either side learns. It writes nothing.

A card that is in doubt is reported and left alone, and no one is deleted because a file is gone. Cards are read one
at a time and their bytes are not kept; who carries the plan out reads them again.
"""

import shlex
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from kin.book import forgotten
from kin.constants import ME
from kin.errors import KinError, UsageError
from kin.formats.book import Person
from kin.formats.card import Way
from kin.formats.export import uid_of
from kin.formats.from_book import CARDS
from kin.formats.incoming import Brought
from kin.formats.vcard import normalize_uid
from kin.language.text import fold, joined
from kin.language.uid import new_uid
from kin.transfer import export, import_plan as importing
from kin.transfer.import_plan import Double, Place
from kin.transfer.record_matching import Index, keys, signs
from kin.transfer.sync import card_fields as phone_card, file_matching as pairing, vdir
from kin.transfer.sync.card_fields import Card, Unread
from kin.transfer.sync.file_matching import Row, Stranger
from kin.transfer.sync.loss_detection import guarded
from kin.transfer.sync.three_way_merge import SINGLE, Clash, Common, equal, merge
from kin.transfer.sync.vdir import File

CHANGED_MEANWHILE = "it changed while kin was at work; it is left to the next sync"


class Edit(NamedTuple):
    """What a card is to say: `wanted` instead of `seen`, but for the fields in `keep`; `uid` if it has none."""

    seen: Common
    wanted: Common
    keep: frozenset[str]
    uid: str

    def applied(self, data: bytes) -> bytes:
        """Return the bytes of the card with the change."""
        return phone_card.patched(data, self.seen, self.wanted, keep=self.keep, uid=self.uid)


class Move(NamedTuple):
    """A card and its person, where one learns of the other.

    `edit` is what the card is to say, `before` and `after` are what the book says; None: no change.
    """

    file: File
    person: int
    edit: Edit | None
    before: Common
    after: Common | None
    clashes: tuple[Clash, ...]
    was: Row | None
    row: Row


class Departure(NamedTuple):
    """A person who is to have a card there, in a file of this name."""

    person: int
    file: str
    uid: str


class Known(NamedTuple):
    """The card of a person who was forgotten; without a UID it may be no more than an equal one.

    `name` is the one on the card as it is now.
    """

    file: File
    has_uid: bool
    name: str


class Plan(NamedTuple):
    """All that a sync would do; `came` are the cards of new people, in the order in which they enter."""

    folder: str
    people: dict[int, Person]
    moves: tuple[Move, ...]
    same: int
    entering: importing.Plan | None
    came: tuple[tuple[File, Card], ...]
    departures: tuple[Departure, ...]
    unlinked: tuple[Row, ...]
    stale: tuple[Row, ...]
    forgotten: tuple[Known, ...]
    doubles: tuple[Double, ...]
    skipped: tuple[Place, ...]
    remarks: tuple[Place, ...]


def plan(db: sqlite3.Connection, folder: vdir.Folder, today: str, *, sure: bool = False) -> Plan:
    """Match all cards of a folder with the book; raise KinError where the folder looks wrong."""
    held = pairing.rows(db, str(folder.path))
    _check(folder, held, sure)
    return _Planner(db, folder, held).planned(today)


def _check(folder: vdir.Folder, held: Sequence[Row], sure: bool) -> None:
    linked = [row for row in held if row.digest]
    if not folder.files and folder.below:
        below = tuple(str(folder.path / each) for each in folder.below)
        raise UsageError(
            f"The cards are in folders below {folder.path}.",
            f"kin sync {shlex.quote(below[0])}",
            below,
        )
    if not folder.files and len(linked) > 1 and not sure:
        raise KinError(
            f"All {len(linked)} cards are gone from {folder.path}.",
            "If that is meant, say --yes: their people stay in the book. Nothing was written.",
        )


class _Planner:
    """The state of one sync: who has which card there, and what was decided."""

    def __init__(self, db: sqlite3.Connection, folder: vdir.Folder, held: Sequence[Row]) -> None:
        self._db = db
        self._folder = folder
        everyone = export.people(db, whole_records=False)
        self._people = {number: person for number, person in everyone if number != ME}
        self._pairs = pairing.pairs(
            folder.files, held, self._people, forgotten.read(db), self._read
        )
        self._uids_there = {normalize_uid(row.uid) for row in held if row.uid} | {
            normalize_uid(each.card.uid) for each in self._pairs.strangers if each.card.uid
        }
        self._there: dict[int, tuple[str, str]] = {}  # whose card is where: a name and a file
        self._newcomers_ways: dict[int, tuple[Way, ...]] = {}
        self._moves: list[Move] = []
        self._same = 0
        self._in_doubt = list(self._pairs.in_doubt)
        self._skipped = list(self._pairs.skipped)
        self._remarks: list[Place] = []

    def _read(self, file: File) -> Card | Unread:
        data = vdir.load(self._folder.path, file)
        if data is None:
            return Unread(file.name, CHANGED_MEANWHILE)
        return phone_card.read(data, file.name)

    def planned(self, today: str) -> Plan:
        """Let known cards meet their people, find whose the others are, and send out who has none."""
        for row in self._pairs.in_doubt:
            self._leave(row)
        for file, card, row in self._pairs.known:
            self._meet(file, card, row, row.person)
        came = self._newcomers()
        brought = Brought(CARDS, tuple(card.incoming for _, card in came))
        entering = None
        if came:
            entering = importing.plan(self._db, [brought], today, as_new=True, whole_records=False)
        doubles = list(entering.outcome.doubles) if entering else []
        departures = self._departures(doubles)
        if entering is not None:
            self._skipped += entering.outcome.skipped
            self._remarks += entering.outcome.remarks
        left = [row for row in self._pairs.gone if row not in self._in_doubt]
        return Plan(
            str(self._folder.path),
            self._people,
            tuple(self._moves),
            self._same,
            entering,
            tuple(came),
            tuple(departures),
            tuple(row for row in left if row.digest and row.person not in self._there),
            tuple(row for row in left if row.person in self._there),
            tuple(
                Known(file, bool(card.identity.uids), card.said.name)
                for file, card in self._pairs.forgotten
            ),
            tuple(doubles),
            tuple(self._skipped),
            tuple(self._remarks),
        )

    def _leave(self, row: Row) -> None:
        """Leave a person alone whose card may be among those that were left alone."""
        self._there.setdefault(row.person, (self._people[row.person].name, row.file))

    def _meet(self, file: File, card: Card | None, row: Row | None, number: int) -> None:
        """Merge a card with its person, three ways where a base is known."""
        self._there[number] = (self._people[number].name, file.name)
        base = phone_card.of_base(row.base) if row else None
        if card is None and base is None:
            found = self._read(file)
            if isinstance(found, Unread):
                self._skipped.append(Place(found.place, found.why))
                return
            card = found
        if card is not None:
            book = phone_card.held(self._people[number], besides=(card.said, base))
            seen, told = guarded(card, base, book)
            self._remarks += [Place(*each) for each in card.remarks]
            self._remarks += [Place(file.name, f"{book.name}: {why}") for why in told]
        else:
            assert base is not None
            seen = base
        ours = phone_card.held(self._people[number], besides=(seen, base))
        if card is None and equal(seen, ours):
            self._same += 1
            return
        wanted, book, clashes = merge(base, seen, ours)
        uid = card.uid if card else row.uid if row else None
        edit = Edit(seen, wanted, self._kept(file, card), self._uid_for(number))
        data = vdir.load(self._folder.path, file)
        if data is None:
            self._skipped.append(Place(file.name, CHANGED_MEANWHILE))
            return
        after = edit.applied(data)
        is_edited = after != data
        if is_edited and uid is None:
            uid = edit.uid
            self._uids_there.add(normalize_uid(uid))
        base_after = phone_card.base_of(_agreed(after, edit), uid)
        new = Row(file.name, number, uid, vdir.digest(after), base_after)
        if new == row and book == ours:
            self._same += 1
            return
        said = book if book != ours else None
        self._moves.append(
            Move(file, number, edit if is_edited else None, ours, said, clashes, row, new)
        )
        self._people[number] = phone_card.told(self._people[number], book)

    def _kept(self, file: File, card: Card | None) -> frozenset[str]:
        """Return the fields that stay as the card has them, because kin cannot read them."""
        found = card or self._read(file)
        return frozenset() if isinstance(found, Unread) else found.unreadable_fields

    def _uid_for(self, number: int) -> str:
        """Return the UID for a card of somebody that has none."""
        uid = uid_of(self._people[number])
        return new_uid() if normalize_uid(uid) in self._uids_there else uid

    def _newcomers(self) -> list[tuple[File, Card]]:
        """Find whose the cards without a row are: by UID, then as an import does; the rest are new."""
        own = pairing.owners(self._people)
        index = Index()
        index.expect([each.card.incoming for each in self._pairs.strangers])
        for number, person in self._people.items():
            index.add(number, person)
        by_bytes = self._people_by_bytes()
        came: list[tuple[File, Card]] = []
        for stranger in self._pairs.strangers:
            file, card, maybe = stranger
            whose = own.get(normalize_uid(card.uid)) if card.uid else None
            if whose is None:
                known = [by_bytes[each] for each in card.identity.digests if each in by_bytes]
                whose = known[0] if known else self._matched(index, card)
            if maybe and whose in (None, *(row.person for row in maybe)):
                self._leave_alone(stranger)
            elif whose is None:
                whose = -1 - len(came)  # nobody's in the book
                came.append((file, card))
                self._remarks += [Place(*each) for each in card.remarks]
                index.add(whose, _somebody(card.said))
                self._there[whose] = (card.said.name, file.name)
                self._newcomers_ways[whose] = card.said.contacts
            elif whose in self._there:
                name, other = self._there[whose]
                why = f"looks like a second card of {name}, beside {other}; it is left alone"
                self._skipped.append(Place(file.name, why))
            else:
                self._meet(file, card, None, whose)
        return came

    def _matched(self, index: Index, card: Card) -> int | None:
        """Return whose a card is, as an import finds it; another of the same name is somebody else."""
        (name,) = keys([card.incoming])
        whose = index.same(card.incoming, CARDS, name)
        if whose is None or card.uid is not None:
            return whose
        here = _signs(card.said.contacts)
        there = _signs(self._people[whose].contacts) if whose in self._people else set()
        if here and there and not here & there:  # the name alone is the same
            whose = index.same(card.incoming, CARDS, "")
        return whose

    def _people_by_bytes(self) -> dict[str, int]:
        """Return who came with which card, of those cards that have no UID."""
        if not any(each.card.uid is None for each in self._pairs.strangers):
            return {}
        found = self._db.execute(
            "SELECT person_id, raw FROM origin WHERE kind = ? AND key LIKE 'name:%' AND raw IS NOT NULL ORDER BY id DESC",
            (CARDS,),
        )
        return {sha256(raw).hexdigest(): person for person, raw in found if person != ME}

    def _leave_alone(self, stranger: Stranger) -> None:
        """Report a card that could be that of several, or of somebody with other addresses."""
        file, card, maybe = stranger
        for row in maybe:
            self._leave(row)
            self._in_doubt.append(row)
        numbers = dict.fromkeys(row.person for row in maybe)
        names = [(self._people[each].name, self._people[each].handle) for each in numbers]
        way = next((each for each in card.said.contacts if each.kind in ("email", "phone")), None)
        address = (
            f"--{way.kind} {shlex.quote(way.value)}" if way and card.has_readable_name else None
        )
        self._skipped.append(Place(file.name, _describe_doubt(names, card.said.name, address)))

    def _departures(self, doubles: list[Double]) -> Iterable[Departure]:
        """Give a card to everyone who never had one here; who may be there already waits.

        Adds to the doubles who has the name of someone there, and no address that tells them apart.
        """
        never = {row.person for row in self._pairs.gone}
        in_doubt = self._pairs.uids_in_doubt
        there = self._there_by_name()
        taken = {file.name.casefold() for file in self._folder.files}
        found = []
        for number, person in self._people.items():
            if number in self._there or number in never:
                continue
            uid = uid_of(person)
            if normalize_uid(uid) in in_doubt:
                continue
            has_address = bool(_signs(person.contacts))
            like = next(
                (
                    each
                    for each in there.get(fold(person.name), ())
                    if not (has_address and each[1])
                ),
                None,
            )
            if like is not None:
                if like[0] > 0:  # newcomers are among the doubles already
                    other = self._people[like[0]]
                    doubles.append(Double(person.handle, person.name, other.handle, other.name))
                continue
            file = vdir.free_name(normalize_uid(uid), taken)
            taken.add(file.casefold())
            found.append(Departure(number, file, uid))
        return found

    def _there_by_name(self) -> dict[str, list[tuple[int, bool]]]:
        """Return who has a card there, by name, and whether they have an address."""
        found: dict[str, list[tuple[int, bool]]] = {}
        for number, (name, _) in self._there.items():
            if number > 0:  # as the book has them once the cards are taken in
                name, contacts = self._people[number].name, self._people[number].contacts
            else:
                contacts = self._newcomers_ways[number]
            found.setdefault(fold(name), []).append((number, bool(_signs(contacts))))
        return found


def sent(db: sqlite3.Connection, person: Person, departure: Departure) -> tuple[bytes, Row]:
    """Return the card of a person who gets one, and what the book is to hold of it."""
    found = db.execute(
        "SELECT raw FROM origin WHERE person_id = ? AND kind = ? AND raw IS NOT NULL ORDER BY id LIMIT 1",
        (departure.person, CARDS),
    ).fetchone()
    data = phone_card.new(person, found[0] if found else None)
    base = phone_card.base_of(phone_card.held(person), departure.uid)
    row = Row(departure.file, departure.person, departure.uid, vdir.digest(data), base)
    return data, row


def _agreed(data: bytes, edit: Edit) -> Common:
    """Return what both sides say after a sync: what the card was not made to say stays as it was.

    An address with a street is not written over by a town, nor a value that kin cannot read.
    """
    wanted, seen = edit.wanted, edit.seen
    for field in SINGLE:
        value = getattr(wanted, field)
        if value != getattr(seen, field) and (
            field in edit.keep or (field == "lives" and phone_card.town_on(data) != value)
        ):
            wanted = replace(wanted, **{field: getattr(seen, field)})
    return wanted


def _signs(ways: Iterable[Way]) -> set[str]:
    return {sign for way in ways for sign in signs(way)}


def _somebody(said: Common) -> Person:
    return Person("?", said.name, "", contacts=said.contacts, nicknames=said.nicknames)


def _describe_doubt(names: Sequence[tuple[str, str]], called: str, address: str | None) -> str:
    """Say that a card without a UID may be that of people in the book (names and handles), and what to type.

    `called` is the name on the card, `address` the option that says how its person is reached.
    """
    who = joined([f"{name} ({handle})" for name, handle in names], "or")
    told = f"it may be the card of {who}, which no UID says; it was left alone."
    if address is None:
        return f"{told} Give it an e-mail address or phone number of theirs there"
    known, new = shlex.quote(names[0][1]), shlex.quote(called)
    return f"{told} If it is: kin edit {known} {address}. If not: kin add {new} {address} --anyway"
