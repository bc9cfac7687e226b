"""Introductions: pairs of people who love the same rare thing and have yet to meet.

The search starts from rare interests, never from all pairs. People who may know each other already,
are snoozed, or have said no are not proposed.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import chain, combinations, groupby, islice, product
from json import dumps
from typing import NamedTuple

from kin.constants import OWNER_ID
from kin.errors import KinError, UsageError
from kin.interests import common_ground
from kin.interests.common_ground import is_rare
from kin.language.text import add_quotes, get_first_name, normalize, truncate
from kin.people import queries as people_queries
from kin.people.queries import PersonRef
from kin.records import Hidden
from kin.suggestions.candidates import Candidates
from kin.suggestions.scoring import draw_stable_random
from kin.suggestions.weights import MOST_PAIRS
from kin.vocabulary import catalog

_RARE = ", which is rare among the people you know"
_BOTH_INTO = "{one} and {other} are both into {label}{rare}."
_CALLED_OTHERWISE = "{one} is into {label}, and {other} calls it {broad}{rare}."
_INTO_A_KIND = "{one} is into {label}, a kind of {broad}, and {other} is into {broad}{rare}."

_PAIR_QUOTE_WIDTH = 90  # cells of a quote in a reason

PairIds = tuple[int, int]  # the ids of two people, the lower one first


class PairPerson(NamedTuple):
    """One of a pair: how they came to what they share, and their answer: yes, no, or None."""

    handle: str
    name: str
    note: str | None
    answer: str | None
    label: Hidden[str] = ""


class Pair(NamedTuple):
    """Two people, by name: what they share, and how far their introduction has come.

    `acquainted` says that they may know each other already.
    """

    people: tuple[PairPerson, PairPerson]
    interest: str | None
    via: str | None
    because: str
    made_on: str | None
    acquainted: bool
    also_shared: Hidden[tuple[str, ...]] = ()
    ids: Hidden[PairIds] = (0, 0)


class PairAnswers(NamedTuple):
    """The answers of two people, lower id first, and when you introduced them."""

    a: str | None = None
    b: str | None = None
    made_on: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether someone said yes, no one said no, and you have not introduced them yet."""
        return "yes" in self[:2] and "no" not in self[:2] and self.made_on is None

    @property
    def is_agreed(self) -> bool:
        """Whether both said yes and you have not introduced them yet."""
        return self.is_open and self.a == self.b


class _SharedSense(NamedTuple):
    """A sense that two or more people are into; with `broader_sense`, one of them into that instead."""

    people_into: int
    sense: str
    broader_sense: str | None = None

    @property
    def rank(self) -> tuple[int, bool]:
        """Sorts the rarest first, and the very same interest before a broader one."""
        return self.people_into, self.broader_sense is not None

    @property
    def other_sense(self) -> str:
        """What the second person of the pair is into."""
        return self.broader_sense or self.sense


def find_asked_people(db: sqlite3.Connection, words: Sequence[str]) -> tuple[PersonRef, ...]:
    """Return the people that `words` name: one each, or one whose name came as two words."""
    try:
        asked_people = tuple(dict.fromkeys(people_queries.find_person(db, each) for each in words))
    except KinError:
        matches = people_queries.list_matching_people(db, " ".join(words))
        if len(words) < 2 or len(matches) != 1:
            raise
        asked_people = (people_queries.require_single_match(db, " ".join(words), matches),)
    if any(each.id == OWNER_ID for each in asked_people):
        raise UsageError(
            "You make the introduction, so you can’t be one of the two.",
            "Name two of your people: kin introduce maya tom",
        )
    return asked_people


def suggest_pairs(
    db: sqlite3.Connection, day: date, person: PersonRef | None = None, most: int = MOST_PAIRS
) -> tuple[Pair, ...]:
    """Return at most `most` pairs (0: all), the same all day; with `person`, only pairs with them.

    Pairs where someone said yes come first, then those who share the rarest interest. No one but
    `person` is in two of them.
    """
    finder = _PairFinder(Candidates(db, day))
    person_id = person.id if person else None
    used_ids: set[int] = set()
    selected = islice(_iter_disjoint_pairs(finder, person_id, used_ids), most or None)
    return tuple(finder.build_pair(ids, shared_sense) for ids, shared_sense in selected)


def load_pair(db: sqlite3.Connection, day: date, one: PersonRef, other: PersonRef) -> Pair:
    """Return what two people share, and how far their introduction has come."""
    ids = (min(one.id, other.id), max(one.id, other.id))
    return _PairFinder(Candidates(db, day)).build_pair(ids)


def load_answers(db: sqlite3.Connection) -> dict[PairIds, PairAnswers]:
    """Return the answers of every pair that was ever asked."""
    rows = db.execute("SELECT a_id, b_id, a_answer, b_answer, made_on FROM introduction")
    return {(a, b): PairAnswers(*values) for a, b, *values in rows}


def _iter_disjoint_pairs(
    finder: "_PairFinder", person_id: int | None, used_ids: set[int]
) -> Iterator[tuple[PairIds, _SharedSense | None]]:
    """Yield pairs with no one (apart from `person_id`) in more than one."""
    waiting = ((ids, None) for ids in finder.list_waiting(person_id))
    for ids, shared_sense in chain(waiting, finder.iter_proposed(person_id, used_ids)):
        if used_ids.isdisjoint(ids):
            used_ids.update(each for each in ids if each != person_id)
            yield ids, shared_sense


class _PairFinder:
    """Finds pairs in one book on one day; each part is read when first needed."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._db = candidates.db
        self._today_iso = candidates.today.isoformat()
        self._answers = load_answers(candidates.db)
        self._known_ids: dict[int, set[int]] = {}

    def list_waiting(self, person_id: int | None) -> list[PairIds]:
        """Return the pairs with a yes; those where both said yes come first."""
        pair_ids = [
            ids
            for ids, pair_answers in self._answers.items()
            if pair_answers.is_open
            and (person_id is None or person_id in ids)
            and self._candidates.people.keys() >= {*ids}
        ]
        randoms = self._daily_randoms
        return sorted(
            pair_ids,
            key=lambda ids: (not self._answers[ids].is_agreed, *(randoms[each] for each in ids)),
        )

    def iter_proposed(
        self, person_id: int | None, used_ids: Collection[int]
    ) -> Iterator[tuple[PairIds, _SharedSense]]:
        """Yield new pairs: the rarest interest first, then those with a note on how they came to it."""
        ranked = sorted(self._list_rare_shared_senses(person_id), key=lambda each: each.rank)
        for _, equal_rank in groupby(ranked, key=lambda each: each.rank):
            shuffled = sorted(
                equal_rank,
                key=lambda each: draw_stable_random(self._today_iso, each.sense, each.other_sense),
            )
            ids_with_note = self._load_ids_with_note(
                {
                    each
                    for shared_sense in shuffled
                    for each in (shared_sense.sense, shared_sense.other_sense)
                }
            )
            for need_notes in (True, False):
                for shared_sense in shuffled:
                    sides = self._list_sides(
                        shared_sense, ids_with_note if need_notes else None, used_ids
                    )
                    for one, other in _iter_pairs_sharing(shared_sense, sides, person_id):
                        if one != other and self._may_be_proposed(one, other):
                            yield (min(one, other), max(one, other)), shared_sense

    def _list_rare_shared_senses(self, person_id: int | None) -> list[_SharedSense]:
        """Return the rare senses that two or more share, the same or through a broader one."""
        people_by_sense, people_into_counts = (
            self._people_by_sense,
            self._candidates.people_into_counts,
        )
        same_senses = [
            _SharedSense(people_into_counts[sense], sense)
            for sense, person_ids in people_by_sense.items()
            if len(person_ids) > 1
        ]
        return [
            each
            for each in (*same_senses, *self._broader_shared_senses)
            if is_rare(each.people_into, self._candidates.people_count)
            and (
                person_id is None
                or person_id in people_by_sense[each.sense]
                or person_id in people_by_sense[each.other_sense]
            )
        ]

    @cached_property
    def _people_by_sense(self) -> dict[str, set[int]]:
        """The ids of people into each sense; ambiguous words are left out."""
        ids_into = self._candidates.ids_into
        return {sense: ids_into[sense] for sense in ids_into if not catalog.is_ambiguous(sense)}

    @cached_property
    def _broader_shared_senses(self) -> list[_SharedSense]:
        """The senses where what one person is into is a kind of what another is into."""
        people_by_sense, people_into_counts = (
            self._people_by_sense,
            self._candidates.people_into_counts,
        )
        broader_steps = self._db.execute("SELECT narrow, broad FROM interest_broader ORDER BY 1, 2")
        return [
            _SharedSense(people_into_counts[broad], narrow, broad)
            for narrow, broad in broader_steps
            if narrow in people_by_sense and broad in people_by_sense
        ]

    def _list_sides(
        self,
        shared_sense: _SharedSense,
        ids_with_note: set[tuple[int, str]] | None,
        used_ids: Collection[int],
    ) -> tuple[list[int], list[int]]:
        """Return the ids of people on each side who may be proposed, in the order of the day."""

        def list_shuffled(sense: str) -> list[int]:
            return sorted(
                (
                    each
                    for each in self._people_by_sense[sense]
                    if each in self._candidates.people
                    and each not in used_ids
                    and (ids_with_note is None or (each, sense) in ids_with_note)
                ),
                key=self._daily_randoms.__getitem__,
            )

        return list_shuffled(shared_sense.sense), list_shuffled(shared_sense.other_sense)

    def _load_ids_with_note(self, senses: Iterable[str]) -> set[tuple[int, str]]:
        """Return the person ids and senses for which it is noted how they came to it."""
        rows = self._db.execute(
            "SELECT pi.person_id, n.sense FROM interest_name n JOIN interest i ON i.key = n.key "
            "JOIN person_interest pi ON pi.interest_id = i.id WHERE n.sense IN (SELECT value FROM json_each(?)) "
            "AND pi.stance = 'into' AND pi.note IS NOT NULL",
            (dumps(sorted(senses)),),
        )
        return set(rows.fetchall())

    @cached_property
    def _daily_randoms(self) -> dict[int, float]:
        """The random number of the day of everyone who may be proposed, by id."""
        people = self._candidates.people.values()
        return {each.id: draw_stable_random(self._today_iso, each.handle) for each in people}

    def _may_be_proposed(self, one: int, other: int) -> bool:
        ids = (min(one, other), max(one, other))
        return ids not in self._answers and not self._are_acquainted(one, other)

    def _are_acquainted(self, one: int, other: int) -> bool:
        """Return whether two may know each other: by a tie, note, household or group, or how you met."""
        groups = self._candidates.groups
        if groups.get(one, set()) & groups.get(other, set()):
            return True
        if one not in self._known_ids:
            self._known_ids[one] = people_queries.list_acquaintance_ids(
                self._db, one
            ) | self._find_family_and_household(one)
        return other in self._known_ids[one]

    def _find_family_and_household(self, person: int) -> set[int]:
        """Return the ids of someone's family and household, over any number of ties."""
        household, added = {person}, {person}
        while added:
            tie_maps = (self._candidates.households, self._candidates.family)
            added = {
                each for one in added for tie_map in tie_maps for each in tie_map.get(one, ())
            } - household
            household |= added
        return household

    def build_pair(self, ids: PairIds, shared_sense: _SharedSense | None = None) -> Pair:
        """Return two people as a pair, with `shared_sense` or else the best they share."""
        shared_senses = [shared_sense] if shared_sense else self._list_shared_senses(ids)
        first = next(iter(shared_senses), None)
        pair_answers = self._answers.get(ids, PairAnswers())
        one, other = self._build_pair_people(ids, first, pair_answers)
        is_broader = first is not None and first.broader_sense is not None
        is_rare_here = first is not None and is_rare(
            first.people_into, self._candidates.people_count
        )
        return Pair(
            people=(one, other),
            interest=one.label or None,
            via=other.label if is_broader else None,
            because=_format_pair_reason(one, other, is_broader, is_rare_here),
            made_on=pair_answers.made_on,
            also_shared=tuple(self._get_other_label(each) for each in shared_senses[1:]),
            acquainted=self._are_acquainted(*ids),
            ids=ids,
        )

    def _build_pair_people(
        self, ids: PairIds, shared_sense: _SharedSense | None, pair_answers: PairAnswers
    ) -> tuple[PairPerson, PairPerson]:
        """Return the two by name; whoever has the narrower interest comes first."""
        sides = []
        for person, answer in zip(ids, pair_answers[:2], strict=True):
            handle, name = _load_handle_and_name(self._db, person)
            sense = self._choose_sense(shared_sense, person) if shared_sense else None
            label, note = self._load_label_and_note(person, sense) if sense else ("", None)
            is_broader = shared_sense is not None and sense == shared_sense.broader_sense
            sides.append(
                (is_broader, name.casefold(), PairPerson(handle, name, note, answer, label))
            )
        (*_, one), (*_, other) = sorted(sides)
        return one, other

    def _list_shared_senses(self, ids: PairIds) -> list[_SharedSense]:
        """Return all that two people share, rarest first, without too common broader terms."""
        people_by_sense, people_into_counts = (
            self._people_by_sense,
            self._candidates.people_into_counts,
        )
        first_senses, other_senses = (
            {sense for sense in people_by_sense if each in people_by_sense[sense]} for each in ids
        )
        same_senses = first_senses & other_senses
        broader_shared = [
            each
            for each in self._broader_shared_senses
            if {each.sense, each.other_sense}.isdisjoint(same_senses)
            and _is_shared_by(each, first_senses, other_senses)
            and not common_ground.is_too_common(each.people_into, self._candidates.people_count)
        ]
        shared_senses = [
            *(_SharedSense(people_into_counts[sense], sense) for sense in same_senses),
            *broader_shared,
        ]
        return sorted(
            shared_senses,
            key=lambda each: (each.rank, self._count_missing_notes(ids, each), each.sense),
        )

    def _count_missing_notes(self, ids: PairIds, shared_sense: _SharedSense) -> int:
        """Count for how many of the two it is not noted how they came to it."""
        return sum(
            self._load_label_and_note(each, self._choose_sense(shared_sense, each))[1] is None
            for each in ids
        )

    def _choose_sense(self, shared_sense: _SharedSense, person: int) -> str:
        """Return which of the two senses a person is into."""
        has_sense = person in self._people_by_sense[shared_sense.sense]
        return shared_sense.sense if has_sense else shared_sense.other_sense

    def _load_label_and_note(self, person: int, sense: str) -> tuple[str, str | None]:
        """Return what someone calls a sense, and how they came to it."""
        label, note = self._db.execute(
            "SELECT i.label, pi.note FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
            "JOIN interest_name n ON n.key = i.key WHERE pi.person_id = ? AND n.sense = ? AND pi.stance = 'into' "
            "ORDER BY pi.note IS NULL, i.label LIMIT 1",
            (person, sense),
        ).fetchone()
        return label, note

    def _get_other_label(self, shared_sense: _SharedSense) -> str:
        return common_ground.load_sense_labels(self._db, [shared_sense.other_sense])[
            shared_sense.other_sense
        ]


def _is_shared_by(shared_sense: _SharedSense, one: set[str], other: set[str]) -> bool:
    """Return whether one is into the narrower sense and the other into the broader."""
    return (shared_sense.sense in one and shared_sense.other_sense in other) or (
        shared_sense.sense in other and shared_sense.other_sense in one
    )


def _iter_pairs_sharing(
    shared_sense: _SharedSense, sides: tuple[list[int], list[int]], person_id: int | None
) -> Iterable[tuple[int, int]]:
    """Return the pairs who share a sense, lazily; with `person_id` only theirs."""
    ones, others = sides
    if person_id is not None:
        return chain(
            product([person_id], others if person_id in ones else ()),
            product([person_id], ones if person_id in others else ()),
        )
    return product(ones, others) if shared_sense.broader_sense else combinations(ones, 2)


def _format_pair_reason(one: PairPerson, other: PairPerson, via: bool, rare: bool) -> str:
    if not one.label:
        return common_ground.describe_nothing_shared(one.name, other.name)
    first, second = distinguish_names(one, other)
    has_same_label = catalog.normalize_interest(one.label) == catalog.normalize_interest(
        other.label
    )
    same_template = _BOTH_INTO if has_same_label else _CALLED_OTHERWISE
    template = _INTO_A_KIND if via else same_template
    sentence = template.format(
        one=first,
        other=second,
        label=one.label,
        broad=other.label,
        rare=_RARE if rare else "",
    )
    quotes = [
        f"{name}: {add_quotes(truncate(side.note, _PAIR_QUOTE_WIDTH))}"
        for name, side in ((first, one), (second, other))
        if side.note
    ]
    return f"{sentence} {'; '.join(quotes)}." if quotes else sentence


def distinguish_names(one: PairPerson, other: PairPerson) -> tuple[str, str]:
    """Return names that tell two people apart: first names, full names, or names with handles."""
    first_names = get_first_name(one.name), get_first_name(other.name)
    if normalize(first_names[0]) != normalize(first_names[1]):
        return first_names
    if normalize(one.name) != normalize(other.name):
        return one.name, other.name
    return f"{one.name} ({one.handle})", f"{other.name} ({other.handle})"


def _load_handle_and_name(db: sqlite3.Connection, person_id: int) -> tuple[str, str]:
    handle, name = db.execute(
        "SELECT handle, name FROM person WHERE id = ?", (person_id,)
    ).fetchone()
    return handle, name
