"""Which file of a synced folder is the card of which person: by its UID, else by what the card says.

The name of a file is no evidence: folders of cards without UIDs are numbered anew. What cannot be told is left
alone, and no one's card counts as gone because of it.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kin.book.forgotten import Forgotten
from kin.formats.book import Person
from kin.formats.vcard import normalize_uid
from kin.language.text import fold
from kin.transfer import record_matching as matching
from kin.transfer.import_plan import Place
from kin.transfer.sync import card_fields as phone_card
from kin.transfer.sync.card_fields import Card, Unread
from kin.transfer.sync.three_way_merge import Common
from kin.transfer.sync.vdir import File


class Row(NamedTuple):
    """What the book holds of a card file. Without a digest the file is gone, and its person unlinked."""

    file: str
    person: int
    uid: str | None
    digest: str
    base: bytes


class Stranger(NamedTuple):
    """A card that is not known in the folder; `maybe` are rows whose card it could be, if nothing else says whose."""

    file: File
    card: Card
    maybe: tuple[Row, ...]


class Pairs(NamedTuple):
    """Cards with their rows (without a card: unchanged), cards without one, and rows without a file.

    Of rows and UIDs `in_doubt` there are files, which were left alone.
    """

    known: tuple[tuple[File, Card | None, Row], ...]
    strangers: tuple[Stranger, ...]
    gone: tuple[Row, ...]
    in_doubt: tuple[Row, ...]
    uids_in_doubt: frozenset[str]
    forgotten: tuple[tuple[File, Card], ...]
    skipped: tuple[Place, ...]


def rows(db: sqlite3.Connection, folder: str) -> tuple[Row, ...]:
    """Return what the book holds of a folder's files."""
    found = db.execute(
        "SELECT file, person_id, uid, digest, base FROM synced WHERE folder = ? ORDER BY file",
        (folder,),
    )
    return tuple(Row(*row) for row in found)


def owners(people: Mapping[int, Person]) -> dict[str, int]:
    """Return whose each UID is: the one of their cards, those of records they came with, their own."""
    found: dict[str, int] = {}
    for number, person in people.items():
        for origin in person.origins:
            if origin.key is not None and not origin.key.startswith("name:"):
                found.setdefault(normalize_uid(origin.key), number)
    for number, person in people.items():
        if person.uid is not None:
            found.setdefault(normalize_uid(person.uid), number)
    return found


def pairs(
    files: Iterable[File],
    held: Iterable[Row],
    people: Mapping[int, Person],
    forgotten: Forgotten,
    read: Callable[[File], Card | Unread],
) -> Pairs:
    """Pair files with rows; `read` reads a card, one at a time."""
    return _Pairing(tuple(files), tuple(held), people, forgotten, read).paired()


class _Known(NamedTuple):
    """By what the card of a row is recognized: names and addresses, then (`said`) and now."""

    said: Common
    names: frozenset[str]
    called: tuple[str, ...]
    signs: frozenset[str]
    signs_then: frozenset[str]


class _Pairing:
    def __init__(
        self,
        files: tuple[File, ...],
        held: tuple[Row, ...],
        people: Mapping[int, Person],
        forgotten: Forgotten,
        read: Callable[[File], Card | Unread],
    ):
        self._files = files
        self._people = people
        self._forgotten = forgotten
        self._read = read
        self._owners = owners(people)
        self._rows = {row.file: row for row in held}
        self._by_uid = self._rows_by_uid(held)
        self._digests = {row.digest for row in held}
        self._left = dict(self._rows)  # rows whose file has not been found
        self._doubts: dict[
            str, None
        ] = {}  # files of rows that are not gone, unless found elsewhere
        self._uids_in_doubt: set[str] = set()
        self._cards: dict[str, Card] = {}
        self._known: dict[str, _Known] = {}
        self._let_go: list[tuple[File, Card]] = []
        self._skipped: list[Place] = []

    def _rows_by_uid(self, held: Sequence[Row]) -> dict[str, Row]:
        """Return the row of each UID; of a card that had none, by the UIDs of its person."""
        found = {normalize_uid(row.uid): row for row in held if row.uid}
        without = {row.person: row for row in held if row.uid is None}
        for uid, number in self._owners.items():
            if number in without:
                found.setdefault(uid, without[number])
        return found

    def paired(self) -> Pairs:
        readable = [file for file in self._files if self._is_readable(file)]
        counts = Counter(uid for file in readable if (uid := self._uid(file)))
        known: dict[str, tuple[File, Card | None, Row]] = {}
        rest: list[File] = []

        def pair(file: File, row: Row) -> None:
            del self._left[row.file]
            known[file.name] = (file, self._cards.get(file.name), row)

        for file in readable:
            uid = self._uid(file)
            row = self._by_digest_or_uid(file, uid)
            if uid and counts[uid] > 1 and not (row and row.file == file.name):
                why = "another file has a card of the same UID; this one is left alone"
                self._leave(file.name, why)
                self._doubts |= {file.name: None} | ({row.file: None} if row else {})
                self._uids_in_doubt.add(uid)
            elif row is not None and row.file in self._left:
                pair(file, row)
            else:
                rest.append(file)
        for file, row in self._of_same_bytes(rest):
            pair(file, row)
        rest = [file for file in rest if file.name not in known]
        near = self._near(rest)
        for level in _LEVELS:
            for file, row in self._one_to_one(near, level):
                pair(file, row)
                del near[file]
        strangers = tuple(
            Stranger(file, self._cards[file.name], tuple(self._maybe(file, found)))
            for file, found in near.items()
        )
        # Only now: a card that was found under another name is not in doubt.
        in_doubt = [self._left.pop(file) for file in self._doubts if file in self._left]
        return Pairs(
            tuple(known[file.name] for file in readable if file.name in known),
            strangers,
            tuple(self._left.values()),
            tuple(in_doubt),
            frozenset(self._uids_in_doubt),
            tuple(self._let_go),
            tuple(self._skipped),
        )

    def _is_readable(self, file: File) -> bool:
        """Read a file that may have changed; report one that cannot be read, and leave its row alone."""
        if file.trouble:
            self._doubts[file.name] = None
            return self._leave(file.name, file.trouble)
        row = self._rows.get(file.name)
        if row is not None and row.digest == file.digest:
            return True
        found = self._read(file)
        if isinstance(found, Unread):
            self._doubts[file.name] = None
            return self._leave(found.place, found.why)
        is_someones = found.identity.uids & self._owners.keys() or file.digest in self._digests
        if not is_someones and self._forgotten.has(found.identity):
            self._let_go.append((file, found))
            return False
        self._cards[file.name] = found
        return True

    def _leave(self, place: str, why: str) -> bool:
        self._skipped.append(Place(place, why))
        return False

    def _uid(self, file: File) -> str | None:
        card = self._cards.get(file.name)
        uid = card.uid if card else self._rows[file.name].uid
        return normalize_uid(uid) if uid else None

    def _by_digest_or_uid(self, file: File, uid: str | None) -> Row | None:
        own = self._rows.get(file.name)
        if own is not None and own.digest == file.digest:
            return own
        return self._by_uid.get(uid) if uid else None

    def _of_same_bytes(self, rest: Sequence[File]) -> list[tuple[File, Row]]:
        """Return cards that only moved. Of several equal ones it does not matter which is whose."""
        rows: dict[str, list[Row]] = {}
        for row in self._left.values():
            rows.setdefault(row.digest, []).append(row)
        return [(file, rows[file.digest].pop(0)) for file in rest if rows.get(file.digest)]

    def _near(self, rest: Sequence[File]) -> dict[File, list[Row]]:
        """Return for each file the rows of which it has the file name, the name or an address."""
        found: dict[File, list[Row]] = {file: [] for file in rest}
        if not rest:
            return found
        by: dict[str, list[Row]] = {}
        for row in self._left.values():
            known = self._known_of(row)
            for sign in (
                f"file:{row.file}",
                *(f"name:{each}" for each in known.names),
                *known.signs,
            ):
                by.setdefault(sign, []).append(row)
        for file in rest:
            said = self._cards[file.name].said
            signs = (f"file:{file.name}", f"name:{fold(said.name)}", *_signs(said))
            rows = {row.file: row for sign in signs for row in by.get(sign, ())}
            found[file] = [rows[name] for name in sorted(rows)]
        return found

    def _one_to_one(
        self, near: Mapping[File, Sequence[Row]], level: "_Level"
    ) -> list[tuple[File, Row]]:
        """Return files and rows that fit each other, and no other person's row and no other file."""
        fitting: dict[File, Row] = {}
        counts: Counter[str] = Counter()
        for file, rows in near.items():
            found = [row for row in rows if row.file in self._left and self._fits(file, row, level)]
            counts.update(row.file for row in found)
            if found and len({row.person for row in found}) == 1:
                # Two cards of one person: whose they are is no question, so the file's name may say which.
                fitting[file] = min(found, key=lambda row: (row.file != file.name, not row.digest))
        taken = Counter(row.file for row in fitting.values())
        return [
            (file, row)
            for file, row in fitting.items()
            if taken[row.file] == 1 and (counts[row.file] == 1 or self._has_several(row, near))
        ]

    def _has_several(self, row: Row, near: Mapping[File, Sequence[Row]]) -> bool:
        """Return whether all files that are near a row are near rows of its person only."""
        return all(
            {each.person for each in rows if each.file in self._left} == {row.person}
            for rows in near.values()
            if row in rows
        )

    def _fits(self, file: File, row: Row, level: "_Level") -> bool:
        card = self._cards[file.name]
        uid = normalize_uid(card.uid) if card.uid else None
        if uid is not None and self._owners.get(uid, row.person) != row.person:
            return False
        if uid is not None and row.uid is not None:  # a new UID, or another card
            return (
                row.file == file.name and level is _same_name and level(card, self._known_of(row))
            )
        return level(card, self._known_of(row))

    def _known_of(self, row: Row) -> _Known:
        if row.file not in self._known:
            person = self._people[row.person]
            then = phone_card.of_base(row.base)
            said = then or phone_card.held(person)
            names = (said.name, person.name)
            signs_then = _signs(said)
            self._known[row.file] = _Known(
                said,
                frozenset(map(fold, names)),
                (*names, *said.nicknames, *person.nicknames),
                signs_then | _signs(phone_card.held(person)),
                signs_then,
            )
        return self._known[row.file]

    def _maybe(self, file: File, near: Iterable[Row]) -> Iterable[Row]:
        """Yield rows whose card a file could be, although nothing proves it."""
        card = self._cards[file.name]
        for row in near:
            is_other = card.uid and (
                row.uid or self._owners.get(normalize_uid(card.uid), row.person) != row.person
            )
            if row.file not in self._left or not row.digest or is_other:
                continue
            known = self._known_of(row)
            nameless = not card.has_readable_name and row.file == file.name
            if nameless or _is_named_so(card, known) or _same_address(card, known):
                yield row


_Level = Callable[[Card, _Known], bool]


def _signs(common: Common) -> frozenset[str]:
    return frozenset(sign for way in common.contacts for sign in matching.signs(way))


def _is_named_so(card: Card, known: _Known) -> bool:
    return fold(card.said.name) in known.names


def _same_name_and_address(card: Card, known: _Known) -> bool:
    return _is_named_so(card, known) and bool(_signs(card.said) & known.signs)


def _same_address(card: Card, known: _Known) -> bool:
    """Return whether a card shares an e-mail address or phone number, under a name that may be theirs."""
    if not _signs(card.said) & known.signs:
        return False
    names = (card.said.name, *card.said.nicknames)
    return not card.has_readable_name or any(
        matching.fit(one, other) for one in names for other in known.called
    )


def _same_name_and_more(card: Card, known: _Known) -> bool:
    said, then = card.said, known.said
    more = (
        (said.birthday and said.birthday == then.birthday)
        or (said.note and said.note == then.note)
        or {*map(fold, said.nicknames)} & {*map(fold, then.nicknames)}
    )
    return bool(more) and _same_name(card, known)


def _same_name(card: Card, known: _Known) -> bool:
    """Return whether the full name is the same and no address says otherwise."""
    signs = _signs(card.said)
    conflict = signs and known.signs_then and not signs & known.signs
    return _is_named_so(card, known) and not conflict


_LEVELS: tuple[_Level, ...] = (
    _same_name_and_address,
    _same_address,
    _same_name_and_more,
    _same_name,
)
