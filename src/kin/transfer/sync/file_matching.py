"""Matches the files of a synced folder with people: by the UID of the card, or else by its contents.

A file name is not evidence, as programs renumber cards without UIDs. A card that cannot be matched is left alone, and
no person's card counts as deleted because of it.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kin.book.meta import ForgottenList
from kin.formats.records import Person
from kin.formats.vcard import normalize_uid
from kin.language.text import normalize
from kin.transfer import record_matching
from kin.transfer.import_plan import ImportIssue
from kin.transfer.sync import three_way_merge
from kin.transfer.sync.three_way_merge import FolderCard, SharedFields, UnreadableFile
from kin.transfer.sync.vdir import CardFile


class SyncedRow(NamedTuple):
    """What the book knows of a card file. An empty digest means that the file is gone and its person unlinked."""

    file: str
    person: int
    uid: str | None
    digest: str
    base: bytes


class UnmatchedCard(NamedTuple):
    """A card without a row; `possible_rows` are rows that it could be the card of, without proof."""

    file: CardFile
    card: FolderCard
    possible_rows: tuple[SyncedRow, ...]


class FileMatches(NamedTuple):
    """Files matched with rows (the card is None if it is unchanged), cards without a row, and rows without a file.

    `uncertain_rows` and `uncertain_uids` may be those of files that were left alone.
    """

    matched: tuple[tuple[CardFile, FolderCard | None, SyncedRow], ...]
    unmatched: tuple[UnmatchedCard, ...]
    missing: tuple[SyncedRow, ...]
    uncertain_rows: tuple[SyncedRow, ...]
    uncertain_uids: frozenset[str]
    forgotten: tuple[tuple[CardFile, FolderCard], ...]
    skipped: tuple[ImportIssue, ...]


def read_rows(db: sqlite3.Connection, folder: str) -> tuple[SyncedRow, ...]:
    """Return what the book knows of the files of a folder."""
    cursor = db.execute(
        "SELECT file, person_id, uid, digest, base FROM synced_card WHERE folder = ? ORDER BY file",
        (folder,),
    )
    return tuple(SyncedRow(*row) for row in cursor)


def map_uids_to_people(people: Mapping[int, Person]) -> dict[str, int]:
    """Return the person of each UID, which is that of an imported record or the person's own."""
    person_by_uid: dict[str, int] = {}
    for number, person in people.items():
        for origin in person.origins:
            if origin.key is not None and not origin.key.startswith("name:"):
                person_by_uid.setdefault(normalize_uid(origin.key), number)
    for number, person in people.items():
        if person.uid is not None:
            person_by_uid.setdefault(normalize_uid(person.uid), number)
    return person_by_uid


def match_files(
    files: Iterable[CardFile],
    rows: Iterable[SyncedRow],
    people: Mapping[int, Person],
    forgotten: ForgottenList,
    read: Callable[[CardFile], FolderCard | UnreadableFile],
) -> FileMatches:
    """Match files with rows; `read` reads one card at a time."""
    return _FileMatcher(tuple(files), tuple(rows), people, forgotten, read).match()


class _KnownCard(NamedTuple):
    """What the card of a row is recognized by: its names and addresses at the last sync and now."""

    fields: SharedFields
    names: frozenset[str]
    all_names: tuple[str, ...]
    contact_keys: frozenset[str]
    earlier_contact_keys: frozenset[str]


class _FileMatcher:
    def __init__(
        self,
        files: tuple[CardFile, ...],
        rows: tuple[SyncedRow, ...],
        people: Mapping[int, Person],
        forgotten: ForgottenList,
        read: Callable[[CardFile], FolderCard | UnreadableFile],
    ):
        self._files = files
        self._people = people
        self._forgotten = forgotten
        self._read = read
        self._person_by_uid = map_uids_to_people(people)
        self._rows = {row.file: row for row in rows}
        self._by_uid = self._map_rows_by_uid(rows)
        self._digests = {row.digest for row in rows}
        self._unmatched_rows = dict(self._rows)  # rows whose file has not been found
        # Rows by file name that do not count as gone, unless their card is found elsewhere.
        self._uncertain_files: dict[str, None] = {}
        self._uncertain_uids: set[str] = set()
        self._cards: dict[str, FolderCard] = {}
        self._known_cards: dict[str, _KnownCard] = {}
        self._forgotten_cards: list[tuple[CardFile, FolderCard]] = []
        self._skipped: list[ImportIssue] = []

    def _map_rows_by_uid(self, rows: Sequence[SyncedRow]) -> dict[str, SyncedRow]:
        """Return the row of each UID; a row without one is found by the UIDs of its person."""
        rows_by_uid = {normalize_uid(row.uid): row for row in rows if row.uid}
        rows_without_uid = {row.person: row for row in rows if row.uid is None}
        for uid, number in self._person_by_uid.items():
            if number in rows_without_uid:
                rows_by_uid.setdefault(uid, rows_without_uid[number])
        return rows_by_uid

    def match(self) -> FileMatches:
        readable = [file for file in self._files if self._read_if_changed(file)]
        counts = Counter(uid for file in readable if (uid := self._get_uid(file)))
        matched: dict[str, tuple[CardFile, FolderCard | None, SyncedRow]] = {}
        unmatched_files: list[CardFile] = []

        def match_pair(file: CardFile, row: SyncedRow) -> None:
            del self._unmatched_rows[row.file]
            matched[file.name] = (file, self._cards.get(file.name), row)

        for file in readable:
            uid = self._get_uid(file)
            row = self._find_by_digest_or_uid(file, uid)
            if uid and counts[uid] > 1 and not (row and row.file == file.name):
                reason = "another file has a card with the same UID; this one is left alone"
                self._skip(file.name, reason)
                self._uncertain_files |= {file.name: None} | ({row.file: None} if row else {})
                self._uncertain_uids.add(uid)
            elif row is not None and row.file in self._unmatched_rows:
                match_pair(file, row)
            else:
                unmatched_files.append(file)
        for file, row in self._match_same_bytes(unmatched_files):
            match_pair(file, row)
        unmatched_files = [file for file in unmatched_files if file.name not in matched]
        nearby_rows = self._find_nearby_rows(unmatched_files)
        for rule in _MATCH_RULES:
            for file, row in self._match_one_to_one(nearby_rows, rule):
                match_pair(file, row)
                del nearby_rows[file]
        unmatched = tuple(
            UnmatchedCard(
                file, self._cards[file.name], tuple(self._find_possible_rows(file, possible_rows))
            )
            for file, possible_rows in nearby_rows.items()
        )
        # Only now: a card that was found under another file name is certain.
        uncertain_rows = [
            self._unmatched_rows.pop(file)
            for file in self._uncertain_files
            if file in self._unmatched_rows
        ]
        return FileMatches(
            tuple(matched[file.name] for file in readable if file.name in matched),
            unmatched,
            tuple(self._unmatched_rows.values()),
            tuple(uncertain_rows),
            frozenset(self._uncertain_uids),
            tuple(self._forgotten_cards),
            tuple(self._skipped),
        )

    def _read_if_changed(self, file: CardFile) -> bool:
        """Read a file that may have changed; return False if it is left alone, after reporting why."""
        if file.problem:
            self._uncertain_files[file.name] = None
            return self._skip(file.name, file.problem)
        row = self._rows.get(file.name)
        if row is not None and row.digest == file.digest:
            return True
        card = self._read(file)
        if isinstance(card, UnreadableFile):
            self._uncertain_files[file.name] = None
            return self._skip(card.place, card.why)
        is_someones = (
            card.identity.uids & self._person_by_uid.keys() or file.digest in self._digests
        )
        if not is_someones and self._forgotten.contains(card.identity):
            self._forgotten_cards.append((file, card))
            return False
        self._cards[file.name] = card
        return True

    def _skip(self, place: str, reason: str) -> bool:
        self._skipped.append(ImportIssue(place, reason))
        return False

    def _get_uid(self, file: CardFile) -> str | None:
        card = self._cards.get(file.name)
        uid = card.uid if card else self._rows[file.name].uid
        return normalize_uid(uid) if uid else None

    def _find_by_digest_or_uid(self, file: CardFile, uid: str | None) -> SyncedRow | None:
        own_row = self._rows.get(file.name)
        if own_row is not None and own_row.digest == file.digest:
            return own_row
        return self._by_uid.get(uid) if uid else None

    def _match_same_bytes(self, files: Sequence[CardFile]) -> list[tuple[CardFile, SyncedRow]]:
        """Match files that were only renamed. Among identical files it does not matter which is whose."""
        rows: dict[str, list[SyncedRow]] = {}
        for row in self._unmatched_rows.values():
            rows.setdefault(row.digest, []).append(row)
        return [(file, rows[file.digest].pop(0)) for file in files if rows.get(file.digest)]

    def _find_nearby_rows(self, files: Sequence[CardFile]) -> dict[CardFile, list[SyncedRow]]:
        """Return for each file the rows with the same file name, name or address."""
        nearby_rows: dict[CardFile, list[SyncedRow]] = {file: [] for file in files}
        if not files:
            return nearby_rows
        rows_by_key: dict[str, list[SyncedRow]] = {}
        for row in self._unmatched_rows.values():
            known_card = self._get_known_card(row)
            for key in (
                f"file:{row.file}",
                *(f"name:{each}" for each in known_card.names),
                *known_card.contact_keys,
            ):
                rows_by_key.setdefault(key, []).append(row)
        for file in files:
            fields = self._cards[file.name].fields
            keys = (
                f"file:{file.name}",
                f"name:{normalize(fields.name)}",
                *_get_contact_keys(fields),
            )
            found_rows = {row.file: row for key in keys for row in rows_by_key.get(key, ())}
            nearby_rows[file] = [found_rows[name] for name in sorted(found_rows)]
        return nearby_rows

    def _match_one_to_one(
        self, nearby_rows: Mapping[CardFile, Sequence[SyncedRow]], rule: "_MatchRule"
    ) -> list[tuple[CardFile, SyncedRow]]:
        """Match files and rows that fit only each other; rows of the same person count as one."""
        fitting: dict[CardFile, SyncedRow] = {}
        counts: Counter[str] = Counter()
        for file, rows in nearby_rows.items():
            fitting_rows = [
                row
                for row in rows
                if row.file in self._unmatched_rows and self._fits(file, row, rule)
            ]
            counts.update(row.file for row in fitting_rows)
            if fitting_rows and len({row.person for row in fitting_rows}) == 1:
                # Two cards of one person: the person is certain, so the file name may decide which card it is.
                fitting[file] = min(
                    fitting_rows, key=lambda row: (row.file != file.name, not row.digest)
                )
        file_counts = Counter(row.file for row in fitting.values())
        return [
            (file, row)
            for file, row in fitting.items()
            if file_counts[row.file] == 1
            and (counts[row.file] == 1 or self._is_near_own_person_only(row, nearby_rows))
        ]

    def _is_near_own_person_only(
        self, row: SyncedRow, nearby_rows: Mapping[CardFile, Sequence[SyncedRow]]
    ) -> bool:
        """Return whether every file near a row is only near rows of the same person."""
        return all(
            {each.person for each in rows if each.file in self._unmatched_rows} == {row.person}
            for rows in nearby_rows.values()
            if row in rows
        )

    def _fits(self, file: CardFile, row: SyncedRow, rule: "_MatchRule") -> bool:
        card = self._cards[file.name]
        uid = normalize_uid(card.uid) if card.uid else None
        if uid is not None and self._person_by_uid.get(uid, row.person) != row.person:
            return False
        if uid is not None and row.uid is not None:  # a new UID, or another card
            return (
                row.file == file.name
                and rule is _has_same_name
                and rule(card, self._get_known_card(row))
            )
        return rule(card, self._get_known_card(row))

    def _get_known_card(self, row: SyncedRow) -> _KnownCard:
        if row.file not in self._known_cards:
            person = self._people[row.person]
            base_fields = three_way_merge.read_base(row.base)
            fields = base_fields or three_way_merge.get_person_fields(person)
            names = (fields.name, person.name)
            earlier_keys = _get_contact_keys(fields)
            self._known_cards[row.file] = _KnownCard(
                fields,
                frozenset(map(normalize, names)),
                (*names, *fields.nicknames, *person.nicknames),
                earlier_keys | _get_contact_keys(three_way_merge.get_person_fields(person)),
                earlier_keys,
            )
        return self._known_cards[row.file]

    def _find_possible_rows(
        self, file: CardFile, nearby_rows: Iterable[SyncedRow]
    ) -> Iterable[SyncedRow]:
        """Yield the rows that a file could be the card of, although nothing proves it."""
        card = self._cards[file.name]
        for row in nearby_rows:
            is_other = card.uid and (
                row.uid
                or self._person_by_uid.get(normalize_uid(card.uid), row.person) != row.person
            )
            if row.file not in self._unmatched_rows or not row.digest or is_other:
                continue
            known_card = self._get_known_card(row)
            is_unnamed = not card.has_readable_name and row.file == file.name
            if (
                is_unnamed
                or _has_known_name(card, known_card)
                or _has_same_address(card, known_card)
            ):
                yield row


_MatchRule = Callable[[FolderCard, _KnownCard], bool]


def _get_contact_keys(fields: SharedFields) -> frozenset[str]:
    return frozenset(
        key for contact in fields.contacts for key in record_matching.make_contact_keys(contact)
    )


def _has_known_name(card: FolderCard, known_card: _KnownCard) -> bool:
    return normalize(card.fields.name) in known_card.names


def _has_same_name_and_address(card: FolderCard, known_card: _KnownCard) -> bool:
    return _has_known_name(card, known_card) and bool(
        _get_contact_keys(card.fields) & known_card.contact_keys
    )


def _has_same_address(card: FolderCard, known_card: _KnownCard) -> bool:
    """Return whether a card shares an email address or phone number, and its name does not contradict."""
    if not _get_contact_keys(card.fields) & known_card.contact_keys:
        return False
    names = (card.fields.name, *card.fields.nicknames)
    return not card.has_readable_name or any(
        record_matching.may_be_same_name(one, other)
        for one in names
        for other in known_card.all_names
    )


def _has_same_name_and_more(card: FolderCard, known_card: _KnownCard) -> bool:
    fields, earlier_fields = card.fields, known_card.fields
    has_more_in_common = (
        (fields.birthday and fields.birthday == earlier_fields.birthday)
        or (fields.note and fields.note == earlier_fields.note)
        or {*map(normalize, fields.nicknames)} & {*map(normalize, earlier_fields.nicknames)}
    )
    return bool(has_more_in_common) and _has_same_name(card, known_card)


def _has_same_name(card: FolderCard, known_card: _KnownCard) -> bool:
    """Return whether the full name is the same, and the addresses do not contradict."""
    keys = _get_contact_keys(card.fields)
    has_conflict = keys and known_card.earlier_contact_keys and not keys & known_card.contact_keys
    return _has_known_name(card, known_card) and not has_conflict


_MATCH_RULES: tuple[_MatchRule, ...] = (
    _has_same_name_and_address,
    _has_same_address,
    _has_same_name_and_more,
    _has_same_name,
)
