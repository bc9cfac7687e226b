"""Two sides and what both were before: the fields of somebody that a card and the book share, merged.

Its one rule: where one side changed, that side counts; of many values both sides' additions and
deletions; of a single one that both changed, the phone's, and what the book had is told.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kin.formats.card import Way
from kin.language.text import fold
from kin.transfer.record_matching import same_way
from kin.transfer.sync import list_merge as uniting
from kin.transfer.sync.list_merge import SAME, WORDS, Day, same_day

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
    was = base or Common("")
    single: dict[str, Any] = {
        field: _single(
            field, getattr(was, field), getattr(phone, field), getattr(book, field), clashes
        )
        for field in SINGLE
    }
    contacts = _ways(was, phone, book, clashes)
    days = _days(was, phone, book, clashes)
    theirs, ours = ({**single, "contacts": contacts[at], "days": days[at]} for at in (0, 1))
    for field, same in WORDS.items():
        before, one, other = (getattr(each, field) for each in (was, phone, book))
        theirs[field] = uniting.united(before, one, other, same)
        ours[field] = uniting.united(before, other, one, same)
    return Merged(replace(phone, **theirs), replace(book, **ours), tuple(clashes))


def carried(seen: Common, wanted: Common, actual: Common) -> Common:
    """Return `actual` with what makes `wanted` of `seen`: what is not spoken of stays as it is."""
    changed: dict[str, Any] = {
        field: getattr(wanted, field)
        for field in SINGLE
        if getattr(wanted, field) != getattr(seen, field)
    }
    for field, same in SAME.items():
        was, new, there = (getattr(each, field) for each in (seen, wanted, actual))
        changed[field] = uniting.carried(was, new, there, same)
    return replace(actual, **changed)


def equal(one: Common, other: Common) -> bool:
    """Tell whether two sides say the same, each in its own spelling of words and order."""
    if any(getattr(one, field) != getattr(other, field) for field in SINGLE):
        return False
    if set(one.contacts) != set(other.contacts) or set(one.days) != set(other.days):
        return False
    return all(
        uniting.alike(getattr(one, field), getattr(other, field), same)
        for field, same in WORDS.items()
    )


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


def _ways(
    was: Common, phone: Common, book: Common, clashes: list[Clash]
) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """Merge ways to reach somebody; of one that both have, spelling and label are single values."""

    def agreed(theirs: Way, ours: Way) -> Way:
        before = uniting.twin(theirs, was.contacts, same_way)
        value, label = (before.value, before.label) if before else (None, None)
        found: list[Clash] = []
        spelled = _single(theirs.kind, value, theirs.value, ours.value, found)
        clashes.extend(each for each in found if fold(each.kept or "") != fold(each.lost or ""))
        # A label that the book lacks was never taken away there: flags say none.
        named = _single("label", label, theirs.label, ours.label or label, [])
        return Way(theirs.kind, spelled or theirs.value, named)

    return uniting.matched(was.contacts, phone.contacts, book.contacts, same_way, agreed)


def _days(
    was: Common, phone: Common, book: Common, clashes: list[Clash]
) -> tuple[tuple[Day, ...], tuple[Day, ...]]:
    """Merge other days; of one that both have, when it is is a single value."""

    def agreed(theirs: Day, ours: Day) -> Day:
        before = uniting.twin(theirs, was.days, same_day)
        found: list[Clash] = []
        day = _single("day", before[1] if before else None, theirs[1], ours[1], found)
        clashes.extend(each._replace(field=theirs[0]) for each in found)
        return theirs[0], day or theirs[1]

    return uniting.matched(was.days, phone.days, book.days, same_day, agreed)
