"""Which record of a file is which person: the same key, else the same address with a name that fits.

Its one rule: what is only likely is told as a double, never joined.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kin.formats.book import Person
from kin.formats.card import Way
from kin.formats.from_book import OWN
from kin.formats.incoming import Incoming
from kin.text import fold
from kin.who import TITLES

_TAIL = 9  # digits of a phone number that tell it where one side has no country code
_SHORTEST = 6  # digits: a shorter number is an extension, and many people's
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv", "junior", "senior"))


class Index:
    """Everybody by what tells them: keys of records, addresses, names. A person is a number here."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._records: dict[tuple[str, str], int] = {}
        self._handles: dict[str, int] = {}
        self._ways: defaultdict[str, set[int]] = defaultdict(set)
        self._names: defaultdict[str, set[int]] = defaultdict(set)
        self._called: dict[int, tuple[str, tuple[str, ...]]] = {}

    def add(self, number: int, person: Person) -> None:
        """Take somebody in, or what is new of them."""
        for origin in person.origins:
            if origin.key is not None:
                self._records.setdefault((origin.kind, origin.key), number)
                if not origin.key.startswith(_NAMED):
                    self._keys.setdefault(origin.key, number)
        self._handles[person.handle] = number
        for way in person.contacts:
            for sign in signs(way):
                self._ways[sign].add(number)
        for name in (person.name, *person.nicknames):
            self._names[fold(name)].add(number)
        self._called[number] = (person.name, person.nicknames)

    def same(self, found: Incoming, kind: str, key: str) -> int | None:
        """Return who a record is, None where that is nobody, or not sure."""
        if (number := self._records.get((kind, key))) is not None:
            return number
        if found.uid is not None and found.uid in self._keys:
            return self._keys[found.uid]
        if kind == OWN and found.key in self._handles:
            number = self._handles[found.key]
            if fold(self._called[number][0]) == fold(found.name) or self._fits(number, found):
                return number
        fitting = {number for number in self._reached(found.contacts) if self._fits(number, found)}
        return fitting.pop() if len(fitting) == 1 else None

    def doubles(self, found: Incoming, kind: str) -> list[int]:
        """Return who may be the same person: of the same name or handle, or reached in the same way."""
        likely = set(self._names.get(fold(found.name), ())) | self._reached(found.contacts)
        if kind == OWN and found.key in self._handles:
            likely.add(self._handles[found.key])
        return sorted(likely)

    def named(self, name: str) -> int | None:
        """Return the one person of this name, None where there is none, or several."""
        numbers = self._names.get(fold(name), set())
        return next(iter(numbers)) if len(numbers) == 1 else None

    def _reached(self, ways: Iterable[Way]) -> set[int]:
        return {
            number for way in ways for sign in signs(way) for number in self._ways.get(sign, ())
        }

    def _fits(self, number: int, found: Incoming) -> bool:
        name, nicknames = self._called[number]
        return any(
            fit(one, other)
            for one in (name, *nicknames)
            for other in (found.name, *found.nicknames)
        )


_NAMED = "name:"


def keys(found: Iterable[Incoming]) -> Iterator[str]:
    """Return the key of each record: its own, else its name, numbered where a file has it twice."""
    seen: defaultdict[str, int] = defaultdict(int)
    for each in found:
        key = each.uid or f"{_NAMED}{fold(each.name)}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}#{seen[key]}"


def signs(way: Way) -> Iterator[str]:
    """Return what an address is found by; a phone number with and without its country code."""
    if way.kind == "email":
        yield f"email:{way.value.strip().casefold()}"
    elif way.kind == "phone":
        digits = "".join(sign for sign in way.value if sign.isdecimal())
        if len(digits) >= _SHORTEST:
            yield f"phone:{digits[-_TAIL:]}"


def same_way(one: Way, other: Way) -> bool:
    """Tell whether two addresses are one; two country codes that differ make two numbers."""
    if one.kind != other.kind:
        return False
    if one.kind != "phone":
        return _bare(one.value) == _bare(other.value)
    first, second = _number(one.value), _number(other.value)
    if first == second:
        return True
    whole = first.startswith("+") and second.startswith("+")
    return not whole and len(first) >= _SHORTEST and first[-_TAIL:] == second[-_TAIL:]


def _bare(value: str) -> str:
    return value.strip().casefold().rstrip("/")


def _number(value: str) -> str:
    digits = "".join(sign for sign in value if sign.isdecimal())
    if value.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def fit(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: the same, or one is part of the other."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    if (first | second) & _GENERATIONS and first != second:
        return False
    return _within(first, second) or _within(second, first)


def _words(name: str) -> set[str]:
    words = "".join(sign if sign.isalnum() else " " for sign in fold(name)).split()
    return {word for word in words if word not in TITLES}


def _within(shorter: set[str], longer: set[str]) -> bool:
    """Tell whether each word, or for an initial a word that begins with it, stands in the other name."""
    return all(
        word in longer or (len(word) == 1 and any(other.startswith(word) for other in longer))
        for word in shorter
    )
