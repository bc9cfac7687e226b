"""State of the book itself: an unfinished erasure, the synced folders, and the list of forgotten cards.

The list has keyed hashes that recognize a card and name no one. A card is recognized by its UID or, without one, by
its exact bytes. Each hash is an HMAC with a random key of the book that computed it; a list from another book keeps
its key, so that both work together. Undo reverts what an import changed in the list, but never what `forget` did.
"""

import hmac
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

_UNFINISHED_ERASURE = "unfinished erasure"  # names in the table `meta`
_SYNCED_FOLDER = "synced folder: "  # and the path of the folder


def is_erasure_unfinished(db: sqlite3.Connection) -> bool:
    """Return whether an erasure was stopped before the book and its backups were clean."""
    return read_unfinished_erasure(db) is not None


def read_unfinished_erasure(db: sqlite3.Connection) -> str | None:
    """Return the note of an unfinished erasure (JSON, the synced folders), or None if there is none."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (_UNFINISHED_ERASURE,)).fetchone()
    return None if row is None else str(row[0])


def mark_erasure_unfinished(db: sqlite3.Connection, note: str) -> None:
    """Record that an erasure has begun, in the change that removes the person from the book."""
    db.execute(
        "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_UNFINISHED_ERASURE, note)
    )


def clear_unfinished_erasure(db: sqlite3.Connection) -> None:
    """Record that the erasure is complete."""
    db.execute("DELETE FROM meta WHERE name = ?", (_UNFINISHED_ERASURE,))


def list_synced_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return the folders of cards that the book was synced with, or that an unfinished sync may have written to."""
    rows = db.execute(
        "SELECT folder FROM synced_card UNION SELECT substr(name, length(?1) + 1) FROM meta "
        "WHERE substr(name, 1, length(?1)) = ?1 ORDER BY 1",
        (_SYNCED_FOLDER,),
    )
    return tuple(folder for (folder,) in rows if isinstance(folder, str))


def add_synced_folder(db: sqlite3.Connection, folder: str) -> None:
    """Record a folder before a sync writes to it, so that files of an interrupted sync are found."""
    db.execute(
        "INSERT OR IGNORE INTO meta (name, value) VALUES (?, '')", (_SYNCED_FOLDER + folder,)
    )


def remove_synced_folder(db: sqlite3.Connection, folder: str) -> None:
    """Remove that record after the sync; the cards that it stored name the folder now."""
    db.execute("DELETE FROM meta WHERE name = ?", (_SYNCED_FOLDER + folder,))


_KEY_SIZE = 32  # bytes of a book's own key
SHORTEST_KEY, MARK_SIZE = 16, 32  # bytes; of a key from another book, and of every hash
MOST_KEYS = 1000  # in a list from a file: each costs a hash per card that is read


class ForgottenMark(NamedTuple):
    """One entry of the list: the key (`salt`) and the hash computed with it."""

    salt: bytes
    mark: bytes


class CardIdentity(NamedTuple):
    """What identifies the cards of a person: UIDs (without `urn:uuid:`), and SHA-256 digests of cards without one."""

    uids: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()

    def list_hash_inputs(self) -> Iterable[bytes]:
        """Yield the messages to hash."""
        yield from (f"uid:{uid}".encode(errors="surrogatepass") for uid in sorted(self.uids))
        yield from (f"card:{digest}".encode() for digest in sorted(self.digests))


class ForgottenList:
    """The list of forgotten cards, read once for many look-ups."""

    def __init__(self, marks: Iterable[ForgottenMark]) -> None:
        self._marks = frozenset(marks)
        self._salts = {each.salt for each in self._marks}

    @property
    def is_empty(self) -> bool:
        """Whether the list is empty."""
        return not self._marks

    def contains(self, identity: CardIdentity) -> bool:
        """Return whether a card with one of these UIDs or digests is on the list."""
        return any(
            ForgottenMark(salt, _compute_hash(salt, message)) in self._marks
            for message in identity.list_hash_inputs()
            for salt in self._salts
        )


def read_forgotten_list(db: sqlite3.Connection) -> ForgottenList:
    """Return the list of forgotten cards."""
    return ForgottenList(list_forgotten_marks(db))


def list_forgotten_marks(db: sqlite3.Connection) -> tuple[ForgottenMark, ...]:
    """Return the entries of the list, in a fixed order."""
    rows = db.execute("SELECT salt, mark FROM forgotten ORDER BY salt, mark")
    return tuple(ForgottenMark(*row) for row in rows if {*map(type, row)} == {bytes})


def add_forgotten_marks(db: sqlite3.Connection, marks: Iterable[ForgottenMark]) -> None:
    """Add entries of this book or another; existing ones are skipped."""
    db.executemany("INSERT OR IGNORE INTO forgotten (salt, mark) VALUES (?, ?)", marks)


def add_forgotten_card(db: sqlite3.Connection, identity: CardIdentity) -> None:
    """Add the hashes of a person's cards, computed with the book's own key."""
    salt = _get_own_key(db)
    add_forgotten_marks(
        db,
        (
            ForgottenMark(salt, _compute_hash(salt, message))
            for message in identity.list_hash_inputs()
        ),
    )


def remove_forgotten_card(db: sqlite3.Connection, identity: CardIdentity) -> None:
    """Remove the hashes of a person's cards, whichever book computed them."""
    salts = [salt for (salt,) in db.execute("SELECT DISTINCT salt FROM forgotten")]
    db.executemany(
        "DELETE FROM forgotten WHERE salt = ? AND mark = ?",
        (
            ForgottenMark(salt, _compute_hash(salt, each))
            for each in identity.list_hash_inputs()
            for salt in salts
        ),
    )


def _get_own_key(db: sqlite3.Connection) -> bytes:
    import secrets  # only when someone is forgotten

    row = db.execute(
        "SELECT min(salt) FROM forgotten WHERE length(salt) = ?", (_KEY_SIZE,)
    ).fetchone()
    return bytes(row[0]) if row[0] is not None else secrets.token_bytes(_KEY_SIZE)


def _compute_hash(salt: bytes, message: bytes) -> bytes:
    return hmac.digest(salt, message, "sha256")
