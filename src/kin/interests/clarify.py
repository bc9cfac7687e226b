"""Finds interests that need clarification: ambiguous words, likely typos, and kinds of another interest.

A question stays open until the owner answers it, whichever of the two interests was written first.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from kin.interests.queries import list_meanings
from kin.vocabulary import catalog

MOST_CLARIFICATIONS = 3  # questions about one interest: its owner is busy with something else


class Clarification(NamedTuple):
    """An interest that may be a `typo` for another, a `kind` of it, or have more than one `sense`.

    `others` is the other interest, or the senses. `in_book`: `label` is in the book already;
    `other_is_yours`: the other one is in the book or was typed with it, not only in kin's own list.
    """

    label: str
    kind: str
    others: tuple[str, ...]
    in_book: bool = False
    other_is_yours: bool = True


def list_clarifications(db: sqlite3.Connection, labels: Iterable[str]) -> tuple[Clarification, ...]:
    """Return what is unclear about these interests, and about those in the book because of them.

    Kin's own list is loaded only for an interest that the book does not know.
    """
    labels_by_key = {
        catalog.normalize_interest(label): label
        for label in labels
        if catalog.normalize_interest(label)
    }
    finder = _ClarificationFinder(db, labels_by_key) if labels_by_key else None
    clarifications: dict[tuple[str, ...], Clarification] = {}
    for key in labels_by_key:
        for clarification in finder.find_clarifications(key) if finder else ():
            clarifications.setdefault((clarification.label, *clarification.others), clarification)
    return tuple(clarifications.values())


class _ClarificationFinder:
    """Compares new labels with the interests of a book; reads from the book only what is needed."""

    def __init__(self, db: sqlite3.Connection, new_labels: dict[str, str]) -> None:
        self._db = db
        self._new_labels = new_labels
        self._book_labels: dict[str, str] = dict(
            db.execute("SELECT key, label FROM interest").fetchall()
        )
        self._all_labels = self._book_labels | new_labels

    def find_clarifications(self, key: str) -> Iterator[Clarification]:
        """Yield what is unclear about a new interest, or about unknown ones of the book because of it."""
        if self._is_ambiguous(key):
            yield Clarification(self._new_labels[key], "sense", list_meanings(self._db, key))
        elif self._is_known(key):
            others = self._list_undecided(key, sorted(self._find_lookalikes(key)))
            yield from islice(
                filter(None, (self._clarify_existing(key, each) for each in others)),
                MOST_CLARIFICATIONS,
            )
        elif clarification := self._find_typo(key) or self._find_kind(key):
            yield clarification

    def _find_lookalikes(self, key: str) -> list[str]:
        """Return the unknown interests of the book that may be a typo for this one or a kind of it."""
        first_letters = tuple(key[:2])
        return [
            other
            for other in self._unknown_keys
            if other != key
            and (
                other.endswith(key)
                or (other[0] in first_letters and catalog.may_be_typo(key, other))
            )
        ]

    def _clarify_existing(self, key: str, other: str) -> Clarification | None:
        """Return what is unclear about an unknown interest of the book now that `key` is typed."""
        if self._is_typo(key, other):
            return self._build_clarification(other, "typo", key)
        return (
            self._build_clarification(other, "kind", key)
            if key in self._list_head_keys(other)
            else None
        )

    def _find_typo(self, key: str) -> Clarification | None:
        similar_keys = [
            each for each in self._all_labels if each != key and catalog.may_be_typo(key, each)
        ]
        near_matches = get_close_matches(key, similar_keys, n=3, cutoff=catalog.LEAST_TYPO_RATIO)
        for other in self._list_undecided(key, near_matches):
            if self._is_typo(key, other):
                return self._build_clarification(key, "typo", other)
        name = catalog.find_likely_name(self._all_labels[key])
        if name is None or not self._list_undecided(key, [catalog.normalize_interest(name)]):
            return None
        return Clarification(
            self._all_labels[key], "typo", (name,), key in self._book_labels, other_is_yours=False
        )

    def _is_typo(self, key: str, other: str) -> bool:
        return catalog.kinship(self._all_labels[key], self._all_labels[other]) == "typo"

    def _find_kind(self, key: str) -> Clarification | None:
        """Return whether a label may be a kind of its last words: cellar jazz, jazz."""
        heads = [
            head
            for head in self._list_head_keys(key)
            if head in self._all_labels and not self._is_ambiguous(head)
        ]
        return next(
            (
                self._build_clarification(key, "kind", head)
                for head in self._list_undecided(key, heads)
            ),
            None,
        )

    def _list_head_keys(self, key: str) -> list[str]:
        words = catalog.list_label_words(self._all_labels[key])
        return ["".join(words[start:]) for start in range(1, len(words))]

    def _build_clarification(self, key: str, kind: str, other: str) -> Clarification:
        return Clarification(
            self._all_labels[key], kind, (self._all_labels[other],), key in self._book_labels
        )

    def _is_ambiguous(self, key: str) -> bool:
        sense = self._lookup_key_sense(key)
        return (
            key in catalog.load_ambiguous_words() if sense is None else catalog.is_ambiguous(sense)
        )

    def _is_known(self, key: str) -> bool:
        """Return whether kin's own list has an interest, under the name it has in the book."""
        if self._lookup_key_sense(key) is None:
            return catalog.find_row(self._new_labels[key]) is not None
        return key not in self._unknown_keys

    @cached_property
    def _unknown_keys(self) -> set[str]:
        """The interests of the book that kin's own list does not have."""
        rows = self._db.execute(
            "SELECT n.key FROM interest i JOIN interest_name n ON n.key = i.key WHERE n.sense = n.key "
            "AND NOT EXISTS (SELECT 1 FROM interest_name s WHERE s.sense = n.key AND s.source = 'shipped') "
            "AND NOT EXISTS (SELECT 1 FROM interest_broader b WHERE b.narrow = n.key AND b.source = 'shipped')"
        )
        return {row[0] for row in rows}

    def _lookup_key_sense(self, key: str) -> str | None:
        row = self._db.execute("SELECT sense FROM interest_name WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def _list_undecided(self, key: str, others: Iterable[str]) -> list[str]:
        """Return the others about which the owner has no rule with this one."""
        others = list(others)
        if not others:
            return []
        rows = self._db.execute(
            "SELECT b_key FROM vocabulary_rule WHERE a_key = :key UNION SELECT a_key FROM vocabulary_rule WHERE b_key = :key "
            "UNION SELECT o.key FROM interest_name n JOIN interest_name o ON o.sense = n.sense WHERE n.key = :key "
            "UNION SELECT o.key FROM interest_name n JOIN interest_broader b ON b.narrow = n.sense "
            "JOIN interest_name o ON o.sense = b.broad WHERE n.key = :key "
            "UNION SELECT o.key FROM interest_name n JOIN interest_broader b ON b.broad = n.sense "
            "JOIN interest_name o ON o.sense = b.narrow WHERE n.key = :key",
            {"key": key},
        )
        decided = {row[0] for row in rows}
        return [each for each in others if each not in decided]
