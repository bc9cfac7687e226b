"""What a sync of a folder of cards would do: whose each card is, and what either side learns. It writes nothing.

Its one rule: a card that is in doubt is told and left alone, and nobody is deleted because a file is gone.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kin import vdir
from kin.errors import KinError, UsageError
from kin.formats.book import Person
from kin.formats.from_book import CARDS
from kin.formats.incoming import Brought
from kin.formats.outgoing import uid_of
from kin.formats.vcard_who import key
from kin.queries import export, importing, pairing, phone_card
from kin.queries.guarding import guarded
from kin.queries.importing import Double, Place
from kin.queries.kinship import ME
from kin.queries.matching import Index, keys
from kin.queries.pairing import Row
from kin.queries.phone_card import Card
from kin.queries.threeway import Clash, Common, equal, merge
from kin.text import fold
from kin.vdir import File


class Move(NamedTuple):
    """A card and its person, where one learns of the other.

    `data` is what the file is to be, `before` and `after` are what the book says; None: no change.
    """

    file: File
    person: int
    data: bytes | None
    before: Common
    after: Common | None
    clashes: tuple[Clash, ...]
    was: Row | None
    row: Row


class Departure(NamedTuple):
    """Somebody who is to have a card there."""

    person: int
    data: bytes
    row: Row


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
    forgotten: tuple[File, ...]
    doubles: tuple[Double, ...]
    skipped: tuple[Place, ...]
    remarks: tuple[Place, ...]


def plan(db: sqlite3.Connection, folder: vdir.Folder, today: str, *, sure: bool = False) -> Plan:
    """Match all cards of a folder with the book; raise KinError where the folder looks wrong."""
    held = pairing.rows(db, str(folder.path))
    _check(folder, held, sure)
    return _Planner(db, folder, held).planned(today)


def _check(folder: vdir.Folder, held: Sequence[Row], sure: bool) -> None:
    linked = [row for row in held if row.person is not None and row.digest]
    if not folder.files and folder.below:
        below = tuple(str(folder.path / each) for each in folder.below)
        raise UsageError(
            f"The cards stand in folders below {folder.path}.", f"kin sync {below[0]}", below
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
        self._people = {number: person for number, person in export.people(db) if number != ME}
        names = {number: person.name for number, person in self._people.items()}
        self._pairs = pairing.pairs(folder.files, held, names)
        self._there: dict[int, tuple[str, str]] = {}  # whose card is where: a name and a file
        self._moves: list[Move] = []
        self._same = 0
        self._skipped = list(self._pairs.skipped)
        self._remarks: list[Place] = []

    def planned(self, today: str) -> Plan:
        """Let known cards meet their people, find whose the others are, and send out who has none."""
        for row in self._pairs.in_doubt:
            if row.person is not None:
                self._there[row.person] = (self._people[row.person].name, row.file)
        for file, card, row in self._pairs.known:
            assert row.person is not None
            self._meet(file, card, row, row.person)
        came = self._newcomers()
        brought = Brought(CARDS, tuple(card.incoming for _, card in came))
        entering = importing.plan(self._db, [brought], today) if came else None
        doubles = list(entering.outcome.doubles) if entering else []
        departures = self._departures(doubles)
        if entering is not None:
            self._skipped += entering.outcome.skipped
            self._remarks += entering.outcome.remarks
        left = self._pairs.gone
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
            self._pairs.forgotten,
            tuple(doubles),
            tuple(self._skipped),
            tuple(self._remarks),
        )

    def _meet(self, file: File, card: Card | None, row: Row | None, number: int) -> None:
        """Merge a card with its person, three ways where a base is known."""
        self._there[number] = (self._people[number].name, file.name)
        base = phone_card.of_base(row.base) if row else None
        if card is not None:
            seen, told = guarded(card.said, base)
            self._remarks += [Place(*each) for each in card.remarks]
            self._remarks += [Place(file.name, f"{card.said.name}: {why}") for why in told]
        else:
            assert base is not None
            seen = base
        ours = phone_card.held(self._people[number], besides=(seen, base))
        if card is None and equal(seen, ours):
            self._same += 1
            return
        phone, book, clashes = merge(base, seen, ours)
        data = phone_card.patched(file.data, seen, phone)
        uid = card.uid if card else row.uid if row else None
        after = Row(file.name, number, uid, vdir.digest(data), _base(data, seen, phone, uid))
        if after == row and book == ours:
            self._same += 1
            return
        written, said = data if data != file.data else None, book if book != ours else None
        self._moves.append(Move(file, number, written, ours, said, clashes, row, after))
        self._people[number] = phone_card.told(self._people[number], book)

    def _newcomers(self) -> list[tuple[File, Card]]:
        """Find whose the cards without a row are: by UID, then as an import does; the rest are new."""
        own = {key(uid_of(person)): number for number, person in self._people.items()}
        index = Index()
        for number, person in self._people.items():
            index.add(number, person)
        came: list[tuple[File, Card]] = []
        for file, card in self._pairs.strangers:
            whose = own.get(key(card.uid)) if card.uid else None
            if whose is None:
                (name,) = keys([card.incoming])
                whose = index.same(card.incoming, CARDS, name)
            if whose is None:
                whose = -1 - len(came)  # nobody's in the book
                came.append((file, card))
                self._remarks += [Place(*each) for each in card.remarks]
                index.add(whose, _somebody(card.said))
                self._there[whose] = (card.said.name, file.name)
            elif whose in self._there:
                name, other = self._there[whose]
                why = f"looks like a second card of {name}, beside {other}; it is left alone"
                self._skipped.append(Place(file.name, why))
            else:
                self._meet(file, card, None, whose)
        return came

    def _departures(self, doubles: list[Double]) -> Iterable[Departure]:
        """Give a card to everybody who never had one here; who may be there already waits.

        Adds to the doubles who has nothing but the name of somebody that is there.
        """
        never = {row.person for row in self._pairs.gone}
        waiting = {each.like for each in doubles}
        in_doubt = self._pairs.uids_in_doubt
        names = {fold(name): number for number, (name, _) in self._there.items() if number > 0}
        taken = {file.name.casefold() for file in self._folder.files}
        found = []
        for number, person in self._people.items():
            if number in self._there or number in never or person.handle in waiting:
                continue
            if key(uid_of(person)) in in_doubt:
                continue
            like = names.get(fold(person.name))
            if like is not None and not person.contacts:
                other = self._people[like]
                doubles.append(Double(person.handle, person.name, other.handle, other.name))
                continue
            data, uid = phone_card.new(person), uid_of(person)
            file = vdir.free_name(key(uid), taken)
            taken.add(file.casefold())
            base = phone_card.base_of(phone_card.held(person), uid)
            found.append(Departure(number, data, Row(file, number, uid, vdir.digest(data), base)))
        return found


def _base(data: bytes, seen: Common, phone: Common, uid: str | None) -> bytes:
    """Return what both sides say after a sync; an address with a street stays as it was."""
    if phone.lives != seen.lives and phone_card.lives_there(data) != phone.lives:
        phone = replace(phone, lives=seen.lives)
    return phone_card.base_of(phone, uid)


def _somebody(said: Common) -> Person:
    return Person("?", said.name, "", contacts=said.contacts, nicknames=said.nicknames)
