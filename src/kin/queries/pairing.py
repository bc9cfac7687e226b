"""Which file of a synced folder is which card that the book knows: by its UID, else by its name or bytes.

Its one rule: of what is in doubt nothing is taken for gone.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from kin import vdir
from kin.formats.vcard_who import key
from kin.queries import phone_card
from kin.queries.importing import Place
from kin.queries.phone_card import Card, Unread
from kin.text import fold
from kin.vdir import File


class Row(NamedTuple):
    """What the book holds of a card file. Without a digest the file is gone, and its person unlinked.

    Without a person they were forgotten: then the names are masked, and there is no base.
    """

    file: str
    person: int | None
    uid: str | None
    digest: str
    base: bytes


class Pairs(NamedTuple):
    """Cards with their rows (without a card: unchanged), cards without one, and rows without a file.

    Of rows and UIDs `in_doubt` there are files, which were left alone.
    """

    known: tuple[tuple[File, Card | None, Row], ...]
    strangers: tuple[tuple[File, Card], ...]
    gone: tuple[Row, ...]
    in_doubt: tuple[Row, ...]
    uids_in_doubt: frozenset[str]
    forgotten: tuple[File, ...]
    skipped: tuple[Place, ...]


def rows(db: sqlite3.Connection, folder: str) -> tuple[Row, ...]:
    """Return what the book holds of a folder's files."""
    found = db.execute(
        "SELECT file, person_id, uid, digest, base FROM synced WHERE folder = ? ORDER BY file",
        (folder,),
    )
    return tuple(Row(*row) for row in found)


def pairs(files: Iterable[File], held: Iterable[Row], names: dict[int, str]) -> Pairs:
    """Pair files with rows; `names` are those of the people in the book."""
    return _Pairing(tuple(files), tuple(held), names).paired()


class _Pairing:
    def __init__(self, files: tuple[File, ...], held: tuple[Row, ...], names: dict[int, str]):
        self._files = files
        self._names = names
        self._masked = [row for row in held if row.person is None]
        self._rows = {row.file: row for row in held if row.person is not None}
        self._by_uid = {key(row.uid): row for row in self._rows.values() if row.uid}
        self._left = dict(self._rows)  # rows whose file has not been found
        self._present = {file.name for file in files}
        self._doubts: dict[
            str, None
        ] = {}  # files of rows that are not gone, unless found elsewhere
        self._uids_in_doubt: set[str] = set()
        self._cards: dict[str, Card] = {}
        self._forgotten: list[File] = []
        self._skipped: list[Place] = []

    def paired(self) -> Pairs:
        readable = [file for file in self._files if self._is_readable(file)]
        counts = Counter(uid for file in readable if (uid := self._uid(file)))
        known: list[tuple[File, Card | None, Row]] = []
        strangers: list[tuple[File, Card]] = []
        for file in readable:
            uid = self._uid(file)
            row = self._row(file, uid)
            if uid and counts[uid] > 1 and not (row and row.file == file.name):
                why = "another file has a card of the same UID; this one is left alone"
                self._leave(file.name, why)
                self._doubts |= {file.name: None} | ({row.file: None} if row else {})
                self._uids_in_doubt.add(uid)
            elif row is not None and row.file in self._left:
                del self._left[row.file]
                known.append((file, self._cards.get(file.name), row))
            else:
                strangers.append((file, self._cards[file.name]))
        # Only now: whose card was found under another name is not in doubt.
        in_doubt = [self._left.pop(file) for file in self._doubts if file in self._left]
        return Pairs(
            tuple(known),
            tuple(strangers),
            tuple(self._left.values()),
            tuple(in_doubt),
            frozenset(self._uids_in_doubt),
            tuple(self._forgotten),
            tuple(self._skipped),
        )

    def _is_readable(self, file: File) -> bool:
        """Read a file that may have changed; tell one that cannot be read, and let its row be."""
        if file.trouble:
            self._doubts[file.name] = None
            return self._leave(file.name, file.trouble)
        row = self._rows.get(file.name)
        if row is not None and row.digest == file.digest:
            return True
        found = phone_card.read(file.data, file.name)
        if isinstance(found, Unread):
            self._doubts[file.name] = None
            return self._leave(found.place, found.why)
        if self._is_forgotten(file, found):
            self._forgotten.append(file)
            return False
        self._cards[file.name] = found
        return True

    def _leave(self, place: str, why: str) -> bool:
        self._skipped.append(Place(place, why))
        return False

    def _is_forgotten(self, file: File, card: Card) -> bool:
        uid = vdir.masked(key(card.uid)) if card.uid else None
        name = vdir.masked(file.name)
        return any(row.uid == uid if row.uid and uid else row.file == name for row in self._masked)

    def _uid(self, file: File) -> str | None:
        card = self._cards.get(file.name)
        uid = card.uid if card else self._rows[file.name].uid
        return key(uid) if uid else None

    def _row(self, file: File, uid: str | None) -> Row | None:
        own = self._rows.get(file.name)
        if own is not None and own.digest == file.digest:
            return own
        if uid and uid in self._by_uid:
            return self._by_uid[uid]
        if own is not None and self._goes_on(own, file):
            return own
        renamed = (
            row
            for row in self._left.values()
            if not uid and row.digest == file.digest and row.file not in self._present
        )
        return next(renamed, None)

    def _goes_on(self, row: Row, file: File) -> bool:
        """Tell whether a file is still the same person's card, though its UID is another, or none."""
        card = self._cards[file.name]
        if row.uid is None or card.uid is None or row.person is None:
            return True
        return fold(card.said.name) == fold(self._names[row.person])
