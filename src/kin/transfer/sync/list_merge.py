"""Lists of two sides made one: what is the same in them, and what came and went.

Its one rule: what both sides have is one, however each spells it; a side keeps its own order.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kin.formats.card import Way
from kin.language.text import fold
from kin.transfer.record_matching import same_way
from kin.vocabulary import catalog as vocabulary

T = TypeVar("T")
Same = Callable[[T, T], bool]
Day = tuple[str, str]


def same_word(key: Callable[[str], str]) -> Same[str]:
    """Return how words are told the same by a key."""
    return lambda one, other: key(one) == key(other)


def same_day(one: Day, other: Day) -> bool:
    """Tell whether two days have one name."""
    return fold(one[0]) == fold(other[0])


WORDS: dict[str, Same[str]] = {
    "nicknames": same_word(fold),
    "groups": same_word(vocabulary.group_key),
    "interests": same_word(vocabulary.key),
}
SAME: dict[str, Callable[..., bool]] = {**WORDS, "contacts": same_way, "days": same_day}


def within(value: T, held: Sequence[T], same: Same[T]) -> bool:
    """Tell whether something is among others."""
    return any(same(value, each) for each in held)


def alike(one: Sequence[T], other: Sequence[T], same: Same[T]) -> bool:
    """Tell whether two lists have the same in them, in any order."""
    return all(within(each, other, same) for each in one) and all(
        within(each, one, same) for each in other
    )


def twin(value: T, held: Sequence[T], same: Same[T]) -> T | None:
    """Return what of `held` is the same, rather one that is spelled so too."""
    found = [each for each in held if same(value, each)]
    exact = (each for each in found if spelled(each) == spelled(value))
    return next(exact, found[0] if found else None)


def united(was: Sequence[T], one: Sequence[T], other: Sequence[T], same: Same[T]) -> tuple[T, ...]:
    """Return one side's values without what the other took away, and with what it added."""
    kept = [each for each in one if within(each, other, same) or not within(each, was, same)]
    for each in other:
        if not within(each, kept, same) and not within(each, was, same):
            kept.append(each)
    return tuple(kept)


def matched(
    was: Sequence[T],
    phone: Sequence[T],
    book: Sequence[T],
    same: Same[T],
    agreed: Callable[[T, T], T],
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Unite values that have something of their own to agree on, where both sides have them."""
    settled: dict[T, T] = {}
    for theirs, ours in _pairs(phone, book, same):
        settled[theirs] = settled[ours] = agreed(theirs, ours)
    # Settled first: two numbers that one short spelling may mean are not one.
    one, other = (
        tuple(dict.fromkeys(settled.get(each, each) for each in side)) for side in (phone, book)
    )
    return united(was, one, other, same), united(was, other, one, same)


def carried(was: Sequence[T], new: Sequence[T], actual: Sequence[T], same: Same[T]) -> Sequence[T]:
    """Return `actual` with what makes `new` of `was`."""
    if was == new:
        return actual
    gone = [each for each in was if each not in new]
    kept = [each for each in actual if each in new or not within(each, gone, same)]
    there = {spelled(each) for each in kept}
    come = [each for each in new if each not in was and spelled(each) not in there]
    # Two spellings of a number may stand on one card; two of a word are one.
    return (
        *kept,
        *(each for each in come if isinstance(each, Way) or not within(each, kept, same)),
    )


def spelled(value: object) -> object:
    """Return what of a value is spelled: of a way, what it is without its label; of a day, its name."""
    if isinstance(value, Way):
        return value.kind, value.value
    return value[0] if isinstance(value, tuple) else value


def _pairs(phone: Sequence[T], book: Sequence[T], same: Same[T]) -> list[tuple[T, T]]:
    """Pair what is the same on both sides, one to one; what is spelled alike first."""
    paired: list[tuple[T, T]] = []
    for exactly in (True, False):
        for theirs in phone:
            if any(theirs == one for one, _ in paired):
                continue
            taken = [other for _, other in paired]
            free = [each for each in book if each not in taken]
            ours = twin(theirs, free, same)
            if ours is not None and (not exactly or spelled(theirs) == spelled(ours)):
                paired.append((theirs, ours))
    return paired
