"""The list of cards of people who were forgotten: keyed hashes that recognize a card and name no one.

A card is recognized by its UID or, if it has none, by its exact bytes. Each hash is an HMAC with a random key of
the book that made it; a list from another book keeps its key, so that both go on working together. Undo takes back
what an import did to the list; forgetting a person cannot be undone.
"""

import hmac
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

_KEY = 32  # bytes of a book's own key
SHORTEST_KEY, MARK = 16, 32  # bytes: of a key that another program made, and of every hash
MOST_KEYS = 1000  # in one list from a file: each costs a hash for every card that is read


class Mark(NamedTuple):
    """One entry of the list: the key (`salt`) and the hash that was made with it."""

    salt: bytes
    mark: bytes


class Identity(NamedTuple):
    """By what a card is recognized: UIDs (without `urn:uuid:`), and SHA-256 digests of cards without one."""

    uids: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()

    def messages(self) -> Iterable[bytes]:
        """Yield what the hashes are made of."""
        yield from (f"uid:{uid}".encode(errors="surrogatepass") for uid in sorted(self.uids))
        yield from (f"card:{digest}".encode() for digest in sorted(self.digests))


class Forgotten:
    """The list, read once for many cards."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._marks = frozenset(marks)
        self._salts = {each.salt for each in self._marks}

    @property
    def is_empty(self) -> bool:
        """Whether no one was forgotten."""
        return not self._marks

    def has(self, identity: Identity) -> bool:
        """Return whether a card with any of these is on the list."""
        return any(
            Mark(salt, _hash(salt, message)) in self._marks
            for message in identity.messages()
            for salt in self._salts
        )


def read(db: sqlite3.Connection) -> Forgotten:
    """Return the list of a book."""
    return Forgotten(marks(db))


def marks(db: sqlite3.Connection) -> tuple[Mark, ...]:
    """Return all entries, in a fixed order."""
    rows = db.execute("SELECT salt, mark FROM forgotten ORDER BY salt, mark")
    return tuple(Mark(*row) for row in rows if {*map(type, row)} == {bytes})


def add(db: sqlite3.Connection, found: Iterable[Mark]) -> None:
    """Add entries, from this book or another; what is there already is not doubled."""
    db.executemany("INSERT OR IGNORE INTO forgotten (salt, mark) VALUES (?, ?)", found)


def remember(db: sqlite3.Connection, identity: Identity) -> None:
    """Add the hashes of a person's cards, with the book's own key."""
    salt = _own_key(db)
    add(db, (Mark(salt, _hash(salt, message)) for message in identity.messages()))


def drop(db: sqlite3.Connection, identity: Identity) -> None:
    """Remove the hashes of a person's cards, whichever book made them."""
    salts = [salt for (salt,) in db.execute("SELECT DISTINCT salt FROM forgotten")]
    db.executemany(
        "DELETE FROM forgotten WHERE salt = ? AND mark = ?",
        (Mark(salt, _hash(salt, each)) for each in identity.messages() for salt in salts),
    )


def _own_key(db: sqlite3.Connection) -> bytes:
    import secrets  # only for those who forget

    found = db.execute("SELECT min(salt) FROM forgotten WHERE length(salt) = ?", (_KEY,)).fetchone()
    return bytes(found[0]) if found[0] is not None else secrets.token_bytes(_KEY)


def _hash(salt: bytes, message: bytes) -> bytes:
    return hmac.digest(salt, message, "sha256")
