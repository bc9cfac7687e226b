"""Which conversations of a file the book has already: in the same words, or in words changed since.

Its one rule: when it was written down tells a conversation again; it never comes in a second time.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kin.errors import KinError
from kin.formats.book import Talk
from kin.language import validation as checks
from kin.language.dates import format_date
from kin.language.text import fold

_ALIKE = (
    0.5  # of two conversations' words those that both have: enough where nothing else tells them
)
_MOST = (
    100  # conversations written down in one second on one day: beyond, only their number tells them
)


class Reworded(NamedTuple):
    """A conversation of the book by its row, and its words as they are to stand."""

    number: int
    text: str
    told_from: int


class Known(NamedTuple):
    """The conversations of a file: those new words, those new, and what is said otherwise of one."""

    reworded: tuple[Reworded, ...]
    new: tuple[Talk, ...]
    otherwise: tuple[tuple[Talk, str], ...]


def known(db: sqlite3.Connection, held: Sequence[Talk], said: Iterable[Talk]) -> Known:
    """Match conversations with those of the book, which `held` has in the order of their rows."""
    numbers = [row[0] for row in db.execute("SELECT id FROM conversation ORDER BY id")]
    rest = _Rest(list(zip(numbers, held, strict=True)))
    pairs = [(each, rest.take((each.on, each.text), each)) for each in said]
    missing = [each for each, here in pairs if here is None]
    moved = {id(each): rest.take((each.noted_at, each.text), each) for each in missing}
    missing = [each for each in missing if moved[id(each)] is None]
    reworded = dict(_reworded(rest, missing))
    otherwise = []
    for each, here in pairs:
        pair = here or moved.get(id(each)) or reworded.get(id(each))
        if pair is not None:
            otherwise += [(each, why) for why in _otherwise(pair[1], each)]
    return Known(
        tuple(
            Reworded(here[0], each.text, _told_from(here[1], each))
            for each in missing
            if (here := reworded.get(id(each))) is not None
        ),
        tuple(each for each in missing if id(each) not in reworded),
        tuple(otherwise),
    )


Row = tuple[int, Talk]


class _Rest:
    """The conversations of the book that no conversation of the file is yet."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._by: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self._taken: set[int] = set()
        for row in rows:
            talk = row[1]
            for sign in {(talk.on, talk.text), (talk.noted_at, talk.text)}:
                self._by[sign].append(row)
            self._by[talk.noted_at, f"\0{talk.on}"].append(row)

    def take(self, sign: tuple[str, str], said: Talk) -> Row | None:
        """Return one with that sign, rather the one that is the same in all; that may be taken already."""
        rows = self._by.get(sign, [])
        free = [row for row in rows if row[0] not in self._taken]
        same = (row for row in free if not any(_otherwise(row[1], said)))
        found = next(same, None) or next(iter(free), None)
        if found is None and sign[0] == said.on:
            found = next(iter(rows), None)  # the same words of one day are one conversation
        if found is not None:
            self._taken.add(found[0])
        return found

    def noted(self, said: Talk) -> list[Row]:
        """Return those of its day that were written down when it was."""
        rows = self._by.get((said.noted_at, f"\0{said.on}"), [])
        return [row for row in rows if row[0] not in self._taken]


def _reworded(rest: _Rest, missing: Iterable[Talk]) -> Iterator[tuple[int, Row]]:
    """Yield which conversation is which row of the book, in other words than there."""
    groups: defaultdict[tuple[str, str], list[Talk]] = defaultdict(list)
    for each in missing:
        if _is_storable(each):
            groups[each.noted_at, each.on].append(each)
    for (noted_at, on), said in groups.items():
        here = rest.noted(said[0])
        sure = noted_at != f"{on}T00:00:00+00:00"  # what was never stamped is given this
        if sure and len(here) == len(said) and all(map(_fit, said, here)):
            yield from ((id(each), row) for each, row in zip(said, here, strict=True))
        elif max(len(here), len(said)) <= _MOST:
            yield from _likely(said, here, sure)


def _likely(said: Iterable[Talk], here: list[Row], sure: bool) -> Iterator[tuple[int, Row]]:
    for each in said:
        fitting = [row for row in here if _fit(each, row)]
        if not fitting:
            continue
        alike = [_likeness(row[1], each) for row in fitting]
        if (sure and len(fitting) == 1) or max(alike) >= _ALIKE:
            best = fitting[alike.index(max(alike))]
            here.remove(best)
            yield id(each), best


def _fit(said: Talk, row: Row) -> bool:
    """Tell whether two may be one conversation: with one of the same people, or with nobody."""
    there, here = _who(said), _who(row[1])
    return bool(there & here) or not (there and here)


def _who(talk: Talk) -> set[str]:
    return {each.handle for each in talk.people}


def _likeness(one: Talk, other: Talk) -> float:
    first, second = _words(one.text), _words(other.text)
    return len(first & second) / (len(first | second) or 1)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))


def _is_storable(talk: Talk) -> bool:
    try:
        checks.storable(talk.text, "note")
    except KinError:
        return False
    return True


def _told_from(held: Talk, said: Talk) -> int:
    """Return where it begins: behind a leading day as before, if that stands there still."""
    begins = held.told_from
    return begins if said.text[:begins] == held.text[:begins] and len(said.text) > begins else 0


def _otherwise(held: Talk, said: Talk) -> Iterator[str]:
    """Tell what of a conversation, its words aside, a file says otherwise."""
    day = _describe_note(held.on)
    if (held.on, held.precision) != (said.on, said.precision):
        yield describe_kept_value(day, "day", _format_day(said.on, said.precision))
    for field in ("place", "by"):
        has, says = getattr(held, field), getattr(said, field)
        if says is not None and says != has:
            yield describe_kept_value(day, field, says)
    if new := _who(said) - _who(held):
        yield describe_kept_value(day, "with", ", ".join(sorted(new)))
    topics = {fold(each) for each in held.topics}
    if other := [each for each in said.topics if fold(each) not in topics]:
        yield describe_kept_value(day, "about", ", ".join(other))


def describe_kept_value(what: str, field: str, value: str) -> str:
    """Say that the book keeps what it has, where a file says it otherwise."""
    return f"{what} keeps what the book has; the file says {field}: {value}"


def _describe_note(on: str) -> str:
    """Name a conversation by its day."""
    return f"the conversation of {format_date(date.fromisoformat(on))}"


def _format_day(on: str, precision: str) -> str:
    """Say a day as files have it, and how exactly it is meant where that is no day."""
    return on if precision == "day" else f"{on}, known to the {precision}"
