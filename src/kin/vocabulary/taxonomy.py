"""Which labels mean the same interest, and which interest is under which: the shipped table and the owner's rules.

Rules apply in the order in which they were added; each overrides the table and earlier rules.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from kin.vocabulary import catalog


class VocabularyRule(NamedTuple):
    """A rule of the owner about two labels: a is the `same` as b, `under` b, or kept `apart` from b."""

    relation: str
    a: str
    b: str


class BroaderLink(NamedTuple):
    """A sense (a key) is directly under another; `source` is `shipped` or `own`."""

    narrow: str
    broad: str
    source: str


class Taxonomy(NamedTuple):
    """The shipped table with the owner's rules applied. A sense is the key of one of its names.

    `standalone` has the keys that mean themselves although the table has a row for them, with that row; `merged` maps a
    sense to the one that it means; `under` and `apart` are pairs of labels; `disambiguated` has the keys of ambiguous
    words with one meaning for the owner.
    """

    standalone: Mapping[str, str | None] = MappingProxyType({})
    merged: Mapping[str, str] = MappingProxyType({})
    under: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    disambiguated: frozenset[str] = frozenset()

    def find_sense(self, label: str) -> str:
        """Return the sense that a label means: the key of a row, or the label's own key.

        The sense of an ambiguous word without a chosen meaning ends in `AMBIGUOUS_MARK`.
        """
        key = catalog.normalize_interest(label)
        sense = self._find_root(key if key in self.standalone else catalog.find_row(label) or key)
        is_ambiguous = sense in catalog.load_ambiguous_words() and sense not in self.disambiguated
        return sense + catalog.AMBIGUOUS_MARK if is_ambiguous else sense

    def find_broader(self, sense: str) -> frozenset[BroaderLink]:
        """Return the links to the senses directly above this one; the owner's rules win."""
        own_broader = {
            self.find_sense(broad)
            for narrow, broad in self.under
            if self.find_sense(narrow) == sense
        } - {sense}
        rows = catalog.load_catalog().broader
        shipped = (
            {self._find_root(parent) for row in self.find_rows(sense) for parent in rows[row]}
            - own_broader
            - {sense}
        )
        removed = {frozenset(map(self.find_sense, pair)) for pair in self.apart}
        removed |= {
            frozenset(map(self.find_sense, pair)) for pair in self.under
        }  # one direction only: the owner's
        remaining = {parent for parent in shipped if frozenset((sense, parent)) not in removed}
        return frozenset(
            {BroaderLink(sense, parent, "own") for parent in own_broader}
            | {BroaderLink(sense, parent, "shipped") for parent in remaining}
        )

    def satisfies(self, rule: VocabularyRule) -> bool:
        """Return whether a rule holds, after all other rules."""
        one, other = self.find_sense(rule.a), self.find_sense(rule.b)
        if rule.relation == "same":
            return one == other
        if rule.relation == "under":
            return one != other
        broader = (
            {step.broad for step in self.find_broader(one)},
            {step.broad for step in self.find_broader(other)},
        )
        return one != other and other not in broader[0] and one not in broader[1]

    def find_cycle(self, label: str) -> tuple[BroaderLink, ...]:
        """Return the links that lead from an interest up to itself; empty if there is no cycle."""
        start = self.find_sense(label)
        paths: list[tuple[BroaderLink, ...]] = [()]
        seen: set[str] = set()
        for path in paths:
            for step in sorted(self.find_broader(path[-1].broad if path else start)):
                if step.broad == start:
                    return (*path, step)
                if step.broad not in seen:
                    seen.add(step.broad)
                    paths.append((*path, step))
        return ()

    def find_rows(self, sense: str) -> tuple[str, ...]:
        """Return the keys of the rows that this sense covers."""
        rows = catalog.load_catalog().rows
        members = [sense, *(each for each in self.merged if self._find_root(each) == sense)]
        known = [each for each in members if each in rows and each not in self.standalone]
        standalone_rows = [
            row for each in members if (row := self.standalone.get(each)) is not None
        ]
        return tuple(dict.fromkeys([*known, *standalone_rows]))

    def find_names(self, sense: str) -> tuple[tuple[str, str], ...]:
        """Return the names (key, label) that the table has for this sense."""
        table = catalog.load_catalog()
        names: dict[str, str] = {}
        for row in self.find_rows(sense):
            for label in (table.rows[row].label, *table.rows[row].other_names):
                if self.find_sense(label) == sense:
                    names.setdefault(catalog.normalize_interest(label), label)
        return tuple(names.items())

    def _find_root(self, sense: str) -> str:
        while sense in self.merged:
            sense = self.merged[sense]
        return sense

    def _apply_rule(self, rule: VocabularyRule) -> "Taxonomy":
        if rule.relation == "same":
            return self._merge(rule.a, rule.b)
        separated = self._separate(rule.a, rule.b)
        pair = (rule.a, rule.b)
        if rule.relation == "under":
            return separated._replace(under=(*separated.under, pair))
        return separated._replace(apart=(*separated.apart, pair))

    def _merge(self, a: str, b: str) -> "Taxonomy":
        one, other = self.find_sense(a), self.find_sense(b)
        return self if one == other else self._replace(merged={**self.merged, one: other})

    def _separate(self, a: str, b: str) -> "Taxonomy":
        """Separate two labels of one sense; what the owner merged with either of them stays with it."""
        if self.find_sense(a) != self.find_sense(b):
            return self
        for label in (a, b):
            key = catalog.normalize_interest(label)
            row = self.standalone.get(key, catalog.find_row(label))
            standalone = self.standalone if row in (None, key) else {**self.standalone, key: row}
            merged = {each: to for each, to in self.merged.items() if each != key}
            separated = self._replace(standalone=standalone, merged=merged)
            if separated.find_sense(a) != separated.find_sense(b):
                return separated
        return self


def build_taxonomy(rules: Iterable[VocabularyRule]) -> Taxonomy:
    """Apply the owner's rules, in this order, to the shipped table."""
    ordered_rules = tuple(rules)
    taxonomy = Taxonomy(disambiguated=_find_disambiguated(ordered_rules))
    for rule in ordered_rules:
        taxonomy = taxonomy._apply_rule(rule)
    return taxonomy


def _find_disambiguated(rules: Iterable[VocabularyRule]) -> frozenset[str]:
    """Return the keys of ambiguous words for which the owner chose a meaning, or ruled out all of the table's."""
    disambiguated: set[str] = set()
    separated: dict[str, set[str]] = {}
    for relation, a, b in rules:
        one, other = catalog.normalize_interest(a), catalog.normalize_interest(b)
        if relation == "apart":
            separated.setdefault(one, set()).add(other)
            separated.setdefault(other, set()).add(one)
        else:
            disambiguated |= {one} if relation == "under" else {one, other}
    for word, others in separated.items():
        meanings = set(
            map(catalog.normalize_interest, catalog.load_ambiguous_words().get(word, ()))
        )
        disambiguated |= {word} if meanings <= others else set()
    return frozenset(disambiguated)
