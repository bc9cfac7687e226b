"""Which names mean one interest, and which interest is a kind of which: the shipped table and the owner's words.

A leaf, and pure. Its one rule: the owner's words are heard in the order in which they were said, and
each wins over the table and over what was said before.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from kin.vocabulary import catalog as vocabulary


class Word(NamedTuple):
    """One word of the owner on two interests, by labels: a is b's `same`, `under` b, or `apart` from it."""

    saying: str
    a: str
    b: str


class Broader(NamedTuple):
    """A sense, by key, is a kind of another; `source` is shipped, or own."""

    narrow: str
    broad: str
    source: str


class Senses(NamedTuple):
    """What the owner has said, settled. A sense is the key of one of its names.

    `alone`: keys that mean themselves, whatever row the table has for them, with that row; `joined`: a
    sense that means another; `under` and `apart`: pairs of labels; `clear`: keys of words which are
    several things in the table and one thing to the owner.
    """

    alone: Mapping[str, str | None] = MappingProxyType({})
    joined: Mapping[str, str] = MappingProxyType({})
    under: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    clear: frozenset[str] = frozenset()

    def sense(self, label: str) -> str:
        """Return the sense that a label means: a row of the table, or a word of its own.

        A word that may be several things, none of which the owner has said, is marked as UNCLEAR.
        """
        key = vocabulary.key(label)
        sense = self._root(key if key in self.alone else vocabulary.row_of(label) or key)
        unclear = sense in vocabulary.clashes() and sense not in self.clear
        return sense + vocabulary.UNCLEAR if unclear else sense

    def broader(self, sense: str) -> frozenset[Broader]:
        """Return the senses of which this one is a kind, one step up; the owner's word first."""
        own = {self.sense(broad) for narrow, broad in self.under if self.sense(narrow) == sense} - {
            sense
        }
        rows = vocabulary.table().broader
        shipped = {self._root(up) for row in self.rows(sense) for up in rows[row]} - own - {sense}
        cut = {frozenset(map(self.sense, pair)) for pair in self.apart}
        cut |= {frozenset(map(self.sense, pair)) for pair in self.under}  # said once, not both ways
        kept = {up for up in shipped if frozenset((sense, up)) not in cut}
        return frozenset(
            {Broader(sense, up, "own") for up in own}
            | {Broader(sense, up, "shipped") for up in kept}
        )

    def holds(self, word: Word) -> bool:
        """Tell whether what the owner said is so, after all else that was said."""
        one, other = self.sense(word.a), self.sense(word.b)
        if word.saying == "same":
            return one == other
        if word.saying == "under":
            return one != other
        above = (
            {step.broad for step in self.broader(one)},
            {step.broad for step in self.broader(other)},
        )
        return one != other and other not in above[0] and one not in above[1]

    def ring(self, label: str) -> tuple[Broader, ...]:
        """Return the steps that lead from an interest up to itself, none where none do."""
        start = self.sense(label)
        ways: list[tuple[Broader, ...]] = [()]
        seen: set[str] = set()
        for way in ways:
            for step in sorted(self.broader(way[-1].broad if way else start)):
                if step.broad == start:
                    return (*way, step)
                if step.broad not in seen:
                    seen.add(step.broad)
                    ways.append((*way, step))
        return ()

    def rows(self, sense: str) -> tuple[str, ...]:
        """Return the keys of the table's rows that this sense stands for."""
        rows = vocabulary.table().rows
        members = [sense, *(each for each in self.joined if self._root(each) == sense)]
        known = [each for each in members if each in rows and each not in self.alone]
        kept = [row for each in members if (row := self.alone.get(each)) is not None]
        return tuple(dict.fromkeys([*known, *kept]))

    def names(self, sense: str) -> tuple[tuple[str, str], ...]:
        """Return the names (key, label) that the table gives to this sense."""
        table = vocabulary.table()
        named: dict[str, str] = {}
        for row in self.rows(sense):
            for label in (table.rows[row].label, *table.rows[row].also):
                if self.sense(label) == sense:
                    named.setdefault(vocabulary.key(label), label)
        return tuple(named.items())

    def _root(self, sense: str) -> str:
        while sense in self.joined:
            sense = self.joined[sense]
        return sense

    def _heard(self, word: Word) -> "Senses":
        if word.saying == "same":
            return self._join(word.a, word.b)
        parted = self._part(word.a, word.b)
        pair = (word.a, word.b)
        if word.saying == "under":
            return parted._replace(under=(*parted.under, pair))
        return parted._replace(apart=(*parted.apart, pair))

    def _join(self, a: str, b: str) -> "Senses":
        one, other = self.sense(a), self.sense(b)
        return self if one == other else self._replace(joined={**self.joined, one: other})

    def _part(self, a: str, b: str) -> "Senses":
        """Make two labels of one sense two; what the owner joined to either goes with it."""
        if self.sense(a) != self.sense(b):
            return self
        for label in (a, b):
            key = vocabulary.key(label)
            row = self.alone.get(key, vocabulary.row_of(label))
            alone = self.alone if row in (None, key) else {**self.alone, key: row}
            joined = {each: to for each, to in self.joined.items() if each != key}
            parted = self._replace(alone=alone, joined=joined)
            if parted.sense(a) != parted.sense(b):
                return parted
        return self


def settled(words: Iterable[Word]) -> Senses:
    """Settle what the owner has said, in that order, over the shipped table."""
    heard = tuple(words)
    senses = Senses(clear=_cleared(heard))
    for word in heard:
        senses = senses._heard(word)
    return senses


def _cleared(words: Iterable[Word]) -> frozenset[str]:
    """Return the keys of which the owner has said what they are, or that they are nothing of the table."""
    clear: set[str] = set()
    parted: dict[str, set[str]] = {}
    for saying, a, b in words:
        one, other = vocabulary.key(a), vocabulary.key(b)
        if saying == "apart":
            parted.setdefault(one, set()).add(other)
            parted.setdefault(other, set()).add(one)
        else:
            clear |= {one} if saying == "under" else {one, other}
    for word, others in parted.items():
        meant = set(map(vocabulary.key, vocabulary.clashes().get(word, ())))
        clear |= {word} if meant <= others else set()
    return frozenset(clear)
