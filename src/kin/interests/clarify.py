"""Which interests are doubtful as they are written: several things, a likely slip, or a kind of another.

Its one rule: a doubt stays until the owner has answered it, whichever of the two was written first.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from kin.interests.limits import DOUBTS_AT_ONCE
from kin.interests.vocabulary import meanings
from kin.vocabulary import catalog as vocabulary


class Doubt(NamedTuple):
    """An interest that may be another (`typo`), a kind of it (`kind`), or several things (`sense`).

    `kept`: it stands in the book already; `yours`: so does the other, or it is written with it.
    """

    label: str
    kind: str
    others: tuple[str, ...]
    kept: bool = False
    yours: bool = True


def doubts(db: sqlite3.Connection, labels: Iterable[str]) -> tuple[Doubt, ...]:
    """Tell which of these interests are doubtful, or make one that is in the book so.

    Only one that is unknown, to the book or to the table, opens the shipped table.
    """
    written = {vocabulary.key(label): label for label in labels if vocabulary.key(label)}
    book = _Book(db, written) if written else None
    found: dict[tuple[str, ...], Doubt] = {}
    for key in written:
        for doubt in book.doubts(key) if book else ():
            found.setdefault((doubt.label, *doubt.others), doubt)
    return tuple(found.values())


class _Book:
    """What a book holds, and what is written just now; each thing is read when it is first asked for."""

    def __init__(self, db: sqlite3.Connection, written: dict[str, str]) -> None:
        self._db = db
        self._written = written
        self._held: dict[str, str] = dict(db.execute("SELECT key, label FROM interest").fetchall())
        self._all = self._held | written

    def doubts(self, key: str) -> Iterator[Doubt]:
        """Yield what is doubtful about an interest: itself, or what the book has of its kind."""
        if self._is_unclear(key):
            yield Doubt(self._written[key], "sense", meanings(self._db, key))
        elif self._is_known(key):
            others = self._open(key, sorted(self._near(key)))
            yield from islice(
                filter(None, (self._turned(key, each) for each in others)), DOUBTS_AT_ONCE
            )
        elif found := self._slip(key) or self._kind(key):
            yield found

    def _near(self, key: str) -> list[str]:
        """Return the unknown interests of the book that may be this one or a kind of it, by their looks."""
        starts = tuple(key[:2])
        return [
            other
            for other in self._unknown
            if other != key
            and (other.endswith(key) or (other[0] in starts and vocabulary.may_be_slip(key, other)))
        ]

    def _turned(self, key: str, other: str) -> Doubt | None:
        """Doubt an unknown interest of the book, now that the word for it is written."""
        if self._is_typo(key, other):
            return self._doubt(other, "typo", key)
        return self._doubt(other, "kind", key) if key in self._heads(other) else None

    def _slip(self, key: str) -> Doubt | None:
        held = [each for each in self._all if each != key and vocabulary.may_be_slip(key, each)]
        close = get_close_matches(key, held, n=3, cutoff=vocabulary.LIKELY_TYPO)
        for other in self._open(key, close):
            if self._is_typo(key, other):
                return self._doubt(key, "typo", other)
        name = vocabulary.likely_name(self._all[key])
        if name is None or not self._open(key, [vocabulary.key(name)]):
            return None
        return Doubt(self._all[key], "typo", (name,), key in self._held, yours=False)

    def _is_typo(self, key: str, other: str) -> bool:
        return vocabulary.kinship(self._all[key], self._all[other]) == "typo"

    def _kind(self, key: str) -> Doubt | None:
        """Take the last words of an unknown label for what it may be a kind of: cellar jazz, jazz."""
        heads = [
            head for head in self._heads(key) if head in self._all and not self._is_unclear(head)
        ]
        return next((self._doubt(key, "kind", head) for head in self._open(key, heads)), None)

    def _heads(self, key: str) -> list[str]:
        words = vocabulary.words(self._all[key])
        return ["".join(words[start:]) for start in range(1, len(words))]

    def _doubt(self, key: str, kind: str, other: str) -> Doubt:
        return Doubt(self._all[key], kind, (self._all[other],), key in self._held)

    def _is_unclear(self, key: str) -> bool:
        sense = self._sense(key)
        return key in vocabulary.clashes() if sense is None else vocabulary.is_unclear(sense)

    def _is_known(self, key: str) -> bool:
        """Tell whether the table knows an interest, as the book has it, if it has it."""
        if self._sense(key) is None:
            return vocabulary.row_of(self._written[key]) is not None
        return key not in self._unknown

    @cached_property
    def _unknown(self) -> set[str]:
        """Return the interests of the book for which the table has nothing."""
        rows = self._db.execute(
            "SELECT n.key FROM interest i JOIN interest_name n ON n.key = i.key WHERE n.sense = n.key "
            "AND NOT EXISTS (SELECT 1 FROM interest_name s WHERE s.sense = n.key AND s.source = 'shipped') "
            "AND NOT EXISTS (SELECT 1 FROM interest_broader b WHERE b.narrow = n.key AND b.source = 'shipped')"
        )
        return {row[0] for row in rows}

    def _sense(self, key: str) -> str | None:
        row = self._db.execute("SELECT sense FROM interest_name WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def _open(self, key: str, others: Iterable[str]) -> list[str]:
        """Return the others of which the owner has not said how they stand to this one."""
        others = list(others)
        if not others:
            return []
        rows = self._db.execute(
            "SELECT b_key FROM vocabulary_word WHERE a_key = :key UNION SELECT a_key FROM vocabulary_word WHERE b_key = :key "
            "UNION SELECT o.key FROM interest_name n JOIN interest_name o ON o.sense = n.sense WHERE n.key = :key "
            "UNION SELECT o.key FROM interest_name n JOIN interest_broader b ON b.narrow = n.sense "
            "JOIN interest_name o ON o.sense = b.broad WHERE n.key = :key "
            "UNION SELECT o.key FROM interest_name n JOIN interest_broader b ON b.broad = n.sense "
            "JOIN interest_name o ON o.sense = b.narrow WHERE n.key = :key",
            {"key": key},
        )
        settled = {row[0] for row in rows}
        return [each for each in others if each not in settled]
