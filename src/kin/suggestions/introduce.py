"""Who of your people may like each other: pairs who love the same rare thing and have yet to meet.

Its one rule: it works outward from what is rare, never through all pairs; whoever may know each
other already, rests, or has said no is not proposed.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import chain, combinations, groupby, islice, product
from json import dumps
from typing import NamedTuple

from kin.constants import ME
from kin.errors import KinError, UsageError
from kin.interests import common_ground
from kin.interests.limits import is_rare
from kin.language.text import add_quotes, clipped, fold, get_first_name
from kin.people import queries as people, ties
from kin.people.queries import Found
from kin.records import Hidden
from kin.suggestions.candidates import Standing
from kin.suggestions.scoring import lot
from kin.suggestions.weights import TOGETHER_AT_ONCE
from kin.vocabulary import catalog as vocabulary

_RARE = ", which is rare among the people you know"

_BOTH_INTO = "{one} and {other} are both into {label}{rare}."

_CALLED_OTHERWISE = "{one} is into {label}, and {other} calls it {broad}{rare}."

_INTO_A_KIND = "{one} is into {label}, a kind of {broad}, and {other} is into {broad}{rare}."


Ids = tuple[int, int]  # of two people, the lower first

_QUOTED = 90  # cells of a quotation in a reason


class Side(NamedTuple):
    """One of two: how they came to what they share, and what they said to meeting: yes, no, or None."""

    handle: str
    name: str
    note: str | None
    said: str | None
    called: Hidden[str] = ""


class Pair(NamedTuple):
    """Two people, by name: what they share, in words, and how far their introduction is.

    `also`: what else they share; `acquainted`: they may know each other already.
    """

    people: tuple[Side, Side]
    interest: str | None
    via: str | None
    because: str
    made_on: str | None
    acquainted: bool
    also: Hidden[tuple[str, ...]] = ()
    ids: Hidden[Ids] = (0, 0)


class Answers(NamedTuple):
    """What two said, the one with the lower id first, and when you brought them together."""

    a: str | None = None
    b: str | None = None
    made_on: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody said yes, nobody no, and they have not been brought together."""
        return "yes" in self[:2] and "no" not in self[:2] and self.made_on is None

    @property
    def is_ready(self) -> bool:
        """Whether both said yes and wait for you."""
        return self.is_open and self.a == self.b


class _Ground(NamedTuple):
    """A sense that several love; with `broad`, one that meets that broader sense."""

    holders: int
    sense: str
    broad: str | None = None

    @property
    def rank(self) -> tuple[int, bool]:
        """Rarest first, the same interest before kin ones."""
        return self.holders, self.broad is not None

    @property
    def other(self) -> str:
        """What the other of two loves."""
        return self.broad or self.sense


def asked(db: sqlite3.Connection, words: Sequence[str]) -> tuple[Found, ...]:
    """Find those whom WHO and OTHER name: two people, one, or one whose name stood in two words."""
    try:
        found = tuple(dict.fromkeys(people.find(db, each) for each in words))
    except KinError:
        whole = people.match(db, " ".join(words))
        if len(words) < 2 or len(whole) != 1:
            raise
        found = (people.one_of(db, " ".join(words), whole),)
    if any(each.id == ME for each in found):
        raise UsageError(
            "You bring others together; you are not one of the two.",
            "Name two of your people: kin introduce maya tom",
        )
    return found


def pairs(
    db: sqlite3.Connection, day: date, who: Found | None = None, most: int = TOGETHER_AT_ONCE
) -> tuple[Pair, ...]:
    """List at most `most` pairs (0: all), nobody twice: those who said yes, then the rarest ground.

    With `who` only pairs with them. The same all day.
    """
    book = _Book(Standing(db, day))
    me = who.id if who else None
    used: set[int] = set()
    found = islice(_once(book, me, used), most or None)
    return tuple(book.pair(ids, ground) for ids, ground in found)


def pair(db: sqlite3.Connection, day: date, one: Found, other: Found) -> Pair:
    """Tell how things stand with two people: what they share, and who said what."""
    ids = (min(one.id, other.id), max(one.id, other.id))
    return _Book(Standing(db, day)).pair(ids)


def answers(db: sqlite3.Connection) -> dict[Ids, Answers]:
    """Return what was said by every pair that was ever asked."""
    rows = db.execute("SELECT a_id, b_id, a_said, b_said, made_on FROM introduction")
    return {(a, b): Answers(*said) for a, b, *said in rows}


def _once(book: "_Book", who: int | None, used: set[int]) -> Iterator[tuple[Ids, _Ground | None]]:
    """Yield pairs in which nobody stands who stood in one before, `who` aside."""
    waiting = ((ids, None) for ids in book.waiting(who))
    for ids, ground in chain(waiting, book.proposed(who, used)):
        if used.isdisjoint(ids):
            used.update(each for each in ids if each != who)
            yield ids, ground


class _Book:
    """What a book says of who may meet whom; each thing is read when it is first asked for."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._db = standing.db
        self._day = standing.today.isoformat()
        self._answers = answers(standing.db)
        self._known: dict[int, set[int]] = {}

    def waiting(self, who: int | None) -> list[Ids]:
        """Return the pairs that are half introduced: those who wait for you first."""
        found = [
            ids
            for ids, said in self._answers.items()
            if said.is_open
            and (who is None or who in ids)
            and self._standing.people.keys() >= {*ids}
        ]
        drawn = self._lots
        return sorted(
            found, key=lambda ids: (not self._answers[ids].is_ready, *(drawn[each] for each in ids))
        )

    def proposed(self, who: int | None, used: Collection[int]) -> Iterator[tuple[Ids, _Ground]]:
        """Yield pairs who may meet: the rarest ground first, then who told how they came to it."""
        ranked = sorted(self._grounds(who), key=lambda ground: ground.rank)
        for _, same in groupby(ranked, key=lambda ground: ground.rank):
            block = sorted(same, key=lambda ground: lot(self._day, ground.sense, ground.other))
            told = self._told({each for ground in block for each in (ground.sense, ground.other)})
            for both_told in (True, False):
                for ground in block:
                    lovers = self._lovers(ground, told if both_told else None, used)
                    for one, other in _couples(ground, lovers, who):
                        if one != other and self._may_meet(one, other):
                            yield (min(one, other), max(one, other)), ground

    def _grounds(self, who: int | None) -> list[_Ground]:
        """Return what is rare and loved by two; a rare broader term is never a too common one."""
        lovers, holders = self._lovers_of, self._standing.holders
        found = [_Ground(holders[sense], sense) for sense, held in lovers.items() if len(held) > 1]
        return [
            each
            for each in (*found, *self._kinships)
            if is_rare(each.holders, self._standing.everybody)
            and (who is None or who in lovers[each.sense] or who in lovers[each.other])
        ]

    @cached_property
    def _lovers_of(self) -> dict[str, set[int]]:
        """Return who loves each sense; one word for two things brings nobody together."""
        lovers = self._standing.lovers
        return {sense: lovers[sense] for sense in lovers if not vocabulary.is_unclear(sense)}

    @cached_property
    def _kinships(self) -> list[_Ground]:
        """Return the grounds where what one loves is a kind of what another loves."""
        lovers, holders = self._lovers_of, self._standing.holders
        steps = self._db.execute("SELECT narrow, broad FROM interest_broader ORDER BY 1, 2")
        return [
            _Ground(holders[broad], narrow, broad)
            for narrow, broad in steps
            if narrow in lovers and broad in lovers
        ]

    def _lovers(
        self, ground: _Ground, told: set[tuple[int, str]] | None, used: Collection[int]
    ) -> tuple[list[int], list[int]]:
        """Return who loves the two sides of a ground and may be proposed, in the day's order."""

        def drawn(sense: str) -> list[int]:
            return sorted(
                (
                    each
                    for each in self._lovers_of[sense]
                    if each in self._standing.people
                    and each not in used
                    and (told is None or (each, sense) in told)
                ),
                key=self._lots.__getitem__,
            )

        return drawn(ground.sense), drawn(ground.other)

    def _told(self, senses: Iterable[str]) -> set[tuple[int, str]]:
        """Return who told how they came to which of these."""
        rows = self._db.execute(
            "SELECT pi.person_id, n.sense FROM interest_name n JOIN interest i ON i.key = n.key "
            "JOIN person_interest pi ON pi.interest_id = i.id WHERE n.sense IN (SELECT value FROM json_each(?)) "
            "AND pi.stance = 'into' AND pi.note IS NOT NULL",
            (dumps(sorted(senses)),),
        )
        return set(rows.fetchall())

    @cached_property
    def _lots(self) -> dict[int, float]:
        """Return the day's lot of everybody who may be proposed."""
        people = self._standing.people.values()
        return {each.id: lot(self._day, each.handle) for each in people}

    def _may_meet(self, one: int, other: int) -> bool:
        ids = (min(one, other), max(one, other))
        return ids not in self._answers and not self._acquainted(one, other)

    def _acquainted(self, one: int, other: int) -> bool:
        """Tell whether two may know each other: by a tie, a talk, a house, a group, or one another."""
        groups = self._standing.groups
        if groups.get(one, set()) & groups.get(other, set()):
            return True
        if one not in self._known:
            self._known[one] = ties.acquaintances(self._db, one) | self._house(one)
        return other in self._known[one]

    def _house(self, person: int) -> set[int]:
        """Return with whom somebody lives or is family, over as many ties as it takes."""
        house, new = {person}, {person}
        while new:
            near = (self._standing.households, self._standing.family)
            new = {each for one in new for ties in near for each in ties.get(one, ())} - house
            house |= new
        return house

    def pair(self, ids: Ids, ground: _Ground | None = None) -> Pair:
        """Tell of two people what they share; without a ground, the best there is."""
        every = [ground] if ground else self._shared(ids)
        first = next(iter(every), None)
        said = self._answers.get(ids, Answers())
        one, other = self._sides(ids, first, said)
        kind = first is not None and first.broad is not None
        rare = first is not None and is_rare(first.holders, self._standing.everybody)
        return Pair(
            people=(one, other),
            interest=one.called or None,
            via=other.called if kind else None,
            because=_because(one, other, kind, rare),
            made_on=said.made_on,
            also=tuple(self._called(each) for each in every[1:]),
            acquainted=self._acquainted(*ids),
            ids=ids,
        )

    def _sides(self, ids: Ids, ground: _Ground | None, said: Answers) -> tuple[Side, Side]:
        """Return the two by name; of two kin interests the narrower first."""
        found = []
        for person, answer in zip(ids, said[:2], strict=True):
            handle, name = _name(self._db, person)
            sense = self._side(ground, person) if ground else None
            called, note = self._held(person, sense) if sense else ("", None)
            broad = ground is not None and sense == ground.broad
            found.append((broad, name.casefold(), Side(handle, name, note, answer, called)))
        (*_, one), (*_, other) = sorted(found)
        return one, other

    def _shared(self, ids: Ids) -> list[_Ground]:
        """Return all that two share, the rarest first; what is too common says nothing."""
        lovers, holders = self._lovers_of, self._standing.holders
        one, other = ({sense for sense in lovers if each in lovers[sense]} for each in ids)
        same = one & other
        crossed = [
            each
            for each in self._kinships
            if {each.sense, each.other}.isdisjoint(same)
            and _is_between(each, one, other)
            and not common_ground.too_common(each.holders, self._standing.everybody)
        ]
        found = [*(_Ground(holders[sense], sense) for sense in same), *crossed]
        return sorted(found, key=lambda each: (each.rank, self._untold(ids, each), each.sense))

    def _untold(self, ids: Ids, ground: _Ground) -> int:
        """Count who of two did not tell how they came to it."""
        return sum(self._held(each, self._side(ground, each))[1] is None for each in ids)

    def _side(self, ground: _Ground, person: int) -> str:
        """Return which sense of a ground somebody loves."""
        narrow = person in self._lovers_of[ground.sense]
        return ground.sense if narrow else ground.other

    def _held(self, person: int, sense: str) -> tuple[str, str | None]:
        """Return what somebody calls a sense, and how they came to it."""
        label, note = self._db.execute(
            "SELECT i.label, pi.note FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
            "JOIN interest_name n ON n.key = i.key WHERE pi.person_id = ? AND n.sense = ? AND pi.stance = 'into' "
            "ORDER BY pi.note IS NULL, i.label LIMIT 1",
            (person, sense),
        ).fetchone()
        return label, note

    def _called(self, ground: _Ground) -> str:
        return common_ground.labels(self._db, [ground.other])[ground.other]


def _is_between(ground: _Ground, one: set[str], other: set[str]) -> bool:
    """Tell whether one of two loves the one side of a ground, and the other the other."""
    return (ground.sense in one and ground.other in other) or (
        ground.sense in other and ground.other in one
    )


def _couples(
    ground: _Ground, lovers: tuple[list[int], list[int]], who: int | None
) -> Iterable[tuple[int, int]]:
    """Return the couples of a ground, lazily; with `who` only theirs."""
    ones, others = lovers
    if who is not None:
        return chain(
            product([who], others if who in ones else ()),
            product([who], ones if who in others else ()),
        )
    return product(ones, others) if ground.broad else combinations(ones, 2)


def _because(one: Side, other: Side, via: bool, rare: bool) -> str:
    if not one.called:
        return common_ground.describe_nothing_shared(one.name, other.name)
    first, second = apart(one, other)
    called_alike = vocabulary.key(one.called) == vocabulary.key(other.called)
    same = _BOTH_INTO if called_alike else _CALLED_OTHERWISE
    told = _INTO_A_KIND if via else same
    said = told.format(
        one=first,
        other=second,
        label=one.called,
        broad=other.called,
        rare=_RARE if rare else "",
    )
    quotes = [
        f"{name}: {add_quotes(clipped(side.note, _QUOTED))}"
        for name, side in ((first, one), (second, other))
        if side.note
    ]
    return f"{said} {'; '.join(quotes)}." if quotes else said


def apart(one: Side, other: Side) -> tuple[str, str]:
    """Return what to call two people so that nobody takes one for the other."""
    short = get_first_name(one.name), get_first_name(other.name)
    if fold(short[0]) != fold(short[1]):
        return short
    if fold(one.name) != fold(other.name):
        return one.name, other.name
    return f"{one.name} ({one.handle})", f"{other.name} ({other.handle})"


def _name(db: sqlite3.Connection, person_id: int) -> tuple[str, str]:
    handle, name = db.execute(
        "SELECT handle, name FROM person WHERE id = ?", (person_id,)
    ).fetchone()
    return handle, name
