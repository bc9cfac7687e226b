"""Two sides and what both were before: the fields of somebody that a card and the book share, merged.

Its one rule: where one side changed, that side counts; of many values both sides' additions and
deletions; of a single one that both changed, the phone's, and what the book had is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from kin import vocabulary
from kin.formats.card import Way
from kin.queries.matching import same_way
from kin.text import fold

T = TypeVar("T")
Day = tuple[str, str]
SINGLE = ("name", "birthday", "lives", "note")


@dataclass(frozen=True, slots=True)
class Common:
    """What of somebody stands on a card and in the book alike; days are YYYY-MM-DD, or --MM-DD."""

    name: str
    birthday: str | None = None
    lives: str | None = None
    note: str | None = None
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Way, ...] = ()
    days: tuple[Day, ...] = ()
    groups: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()


class Clash(NamedTuple):
    """A field that both sides changed: what is `kept` is the phone's, what the book `lost` its own."""

    field: str
    kept: str | None
    lost: str | None


class Merged(NamedTuple):
    """What either side is to say. The two may spell a group or an interest each in its own way."""

    phone: Common
    book: Common
    clashes: tuple[Clash, ...]


def merge(base: Common | None, phone: Common, book: Common) -> Merged:
    """Merge the two sides; without a base all of both is new."""
    clashes: list[Clash] = []
    before = base or Common("")
    single: dict[str, Any] = {
        field: _single(
            field, getattr(before, field), getattr(phone, field), getattr(book, field), clashes
        )
        for field in SINGLE
    }
    wanted_phone, wanted_book = {**single}, {**single}
    for field in _WORDS:
        same = _same_word(field)
        was, theirs, ours = (getattr(each, field) for each in (before, phone, book))
        wanted_phone[field] = _united(was, theirs, ours, same)
        wanted_book[field] = _united(was, ours, theirs, same)
    contacts = _ways(before.contacts, phone.contacts, book.contacts, clashes)
    days = _days(before.days, phone.days, book.days, clashes)
    wanted_phone |= {"contacts": contacts[0], "days": days[0]}
    wanted_book |= {"contacts": contacts[1], "days": days[1]}
    return Merged(replace(phone, **wanted_phone), replace(book, **wanted_book), tuple(clashes))


def carried(seen: Common, wanted: Common, actual: Common) -> Common:
    """Return `actual` with what makes `wanted` of `seen`: what is not spoken of stays as it is."""
    changed = {
        field: getattr(wanted, field)
        for field in SINGLE
        if getattr(wanted, field) != getattr(seen, field)
    }
    for field in ("nicknames", "contacts", "days", "groups", "interests"):
        same: Callable[[object, object], bool] = _sames()[field]
        was, new = getattr(seen, field), getattr(wanted, field)
        if was == new:
            continue
        gone = [each for each in was if each not in new]
        come = [each for each in new if each not in was]
        kept = [
            each for each in getattr(actual, field) if each in new or not _within(each, gone, same)
        ]
        there = {_spelled(each) for each in kept}
        loose = field != "contacts"  # two spellings of a number may stand on one card
        changed[field] = (
            *kept,
            *(
                each
                for each in come
                if _spelled(each) not in there and not (loose and _within(each, kept, same))
            ),
        )
    return replace(actual, **changed)


def equal(one: Common, other: Common) -> bool:
    """Tell whether two sides say the same, each in its own spelling and order."""
    return all(getattr(one, field) == getattr(other, field) for field in SINGLE) and all(
        _set_equal(getattr(one, field), getattr(other, field), _sames()[field])
        for field in ("nicknames", "groups", "interests")
    ) and set(one.contacts) == set(other.contacts) and set(one.days) == set(other.days)  # fmt: skip


_WORDS = ("nicknames", "groups", "interests")
_KEYS: dict[str, Callable[[str], str]] = {
    "nicknames": fold,
    "groups": vocabulary.group_key,
    "interests": vocabulary.key,
}


def _same_word(field: str) -> Callable[[str, str], bool]:
    key = _KEYS[field]
    return lambda one, other: key(one) == key(other)


def _same_day(one: Day, other: Day) -> bool:
    return fold(one[0]) == fold(other[0])


def _sames() -> dict[str, Callable[..., bool]]:
    return {
        **{field: _same_word(field) for field in _WORDS},
        "contacts": same_way,
        "days": _same_day,
    }


def _set_equal(one: Sequence[T], other: Sequence[T], same: Callable[[T, T], bool]) -> bool:
    return all(_within(each, other, same) for each in one) and all(
        _within(each, one, same) for each in other
    )


def _within(value: T, held: Sequence[T], same: Callable[[T, T], bool]) -> bool:
    return any(same(value, each) for each in held)


def _twin(value: T, held: Sequence[T], same: Callable[[T, T], bool]) -> T | None:
    """Return what of `held` is the same, rather one that is spelled so too."""
    found = [each for each in held if same(value, each)]
    return next(
        (each for each in found if _spelled(each) == _spelled(value)), next(iter(found), None)
    )


def _pairs(
    phone: Sequence[T], book: Sequence[T], same: Callable[[T, T], bool]
) -> list[tuple[T, T]]:
    """Pair what is the same on both sides, one to one; what is spelled alike first."""
    paired: list[tuple[T, T]] = []
    for alike in (True, False):
        for theirs in phone:
            if any(theirs == one for one, _ in paired):
                continue
            taken = [other for _, other in paired]
            free = [each for each in book if each not in taken and same(theirs, each)]
            ours = _twin(theirs, free, same)
            if ours is not None and (not alike or _spelled(theirs) == _spelled(ours)):
                paired.append((theirs, ours))
    return paired


def _spelled(value: object) -> object:
    """Return what of a value is spelled: of a way, what it is without its label; of a day, its label."""
    if isinstance(value, Way):
        return value.kind, value.value
    return value[0] if isinstance(value, tuple) else value


def _single(
    field: str, was: str | None, phone: str | None, book: str | None, clashes: list[Clash]
) -> str | None:
    was = was or None
    if phone == book or book == was:
        return phone
    if phone == was:
        return book
    if field in ("birthday", "day") and phone and book and _yearless(phone, book):
        return max(phone, book, key=len)
    clashes.append(Clash(field, phone, book))
    return phone


def _yearless(one: str, other: str) -> bool:
    """Tell whether two days are one, of which only one side knows the year."""
    return one[-5:] == other[-5:] and "--" in (one[:2], other[:2])


def _united(
    was: tuple[T, ...], one: tuple[T, ...], other: tuple[T, ...], same: Callable[[T, T], bool]
) -> tuple[T, ...]:
    """Return one side's values without what the other took away, and with what it added."""
    kept = [each for each in one if _within(each, other, same) or not _within(each, was, same)]
    for each in other:
        if not _within(each, kept, same) and not _within(each, was, same):
            kept.append(each)
    return tuple(kept)


def _ways(
    was: tuple[Way, ...], phone: tuple[Way, ...], book: tuple[Way, ...], clashes: list[Clash]
) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """Merge ways to reach somebody; of one that both have, spelling and label are single values."""

    def agreed(theirs: Way, ours: Way) -> Way:
        before = _twin(theirs, was, same_way)
        value, label = (before.value, before.label) if before else (None, None)
        quiet: list[Clash] = []
        spelled = _single(theirs.kind, value, theirs.value, ours.value, quiet)
        clashes.extend(each for each in quiet if fold(each.kept or "") != fold(each.lost or ""))
        # A label that the book lacks was never taken away there: flags say none.
        named = _single("label", label, theirs.label, ours.label or label, [])
        return Way(theirs.kind, spelled or theirs.value, named)

    return _matched(was, phone, book, same_way, agreed)


def _days(
    was: tuple[Day, ...], phone: tuple[Day, ...], book: tuple[Day, ...], clashes: list[Clash]
) -> tuple[tuple[Day, ...], tuple[Day, ...]]:
    def agreed(theirs: Day, ours: Day) -> Day:
        before = _twin(theirs, was, _same_day)
        quiet: list[Clash] = []
        day = _single("day", before[1] if before else None, theirs[1], ours[1], quiet)
        clashes.extend(each._replace(field=theirs[0]) for each in quiet)
        return theirs[0], day or theirs[1]

    return _matched(was, phone, book, _same_day, agreed)


def _matched(
    was: tuple[T, ...],
    phone: tuple[T, ...],
    book: tuple[T, ...],
    same: Callable[[T, T], bool],
    agreed: Callable[[T, T], T],
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Unite values that have something of their own to agree on, where both sides have them."""
    settled = {}
    for theirs, ours in _pairs(phone, book, same):
        settled[theirs] = settled[ours] = agreed(theirs, ours)
    # Settled first: two numbers that one short spelling may mean are not one.
    one, other = (
        tuple(dict.fromkeys(settled.get(each, each) for each in side)) for side in (phone, book)
    )
    return _united(was, one, other, same), _united(was, other, one, same)
