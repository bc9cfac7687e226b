"""Which record of a file is which person: the same key, else the same address with a name that fits.

Its one rule: what is only likely is told as a double, never joined.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from kin.formats.book import Origin, Person
from kin.formats.card import Way
from kin.formats.from_book import OWN
from kin.formats.incoming import Incoming
from kin.language.person_names import TITLES
from kin.language.text import fold

_TAIL = 9  # digits of a phone number that tell it where one side has no country code
_SHORTEST = 6  # digits: a shorter number is an extension, and many people's
_MANY = 10  # people: an address that more have is a house's, and tells nobody from another
_MOST_NAMES = 20  # that one card is known by; more is no person
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv", "junior", "senior"))
_NAMED = "name:"
LIKELY = 10  # doubles that are told of one newcomer at the most

_Names = tuple[str, ...]  # a name and its nicknames: each may stand for the others


class Index:
    """Everybody by what tells them: keys of records, addresses, names. A person is a number here.

    `birthdays` tells whether two that are known in full make two people of one address.
    """

    def __init__(self, *, birthdays: bool = False) -> None:
        self._birthdays = birthdays
        self._keys: dict[str, int] = {}
        self._records: dict[tuple[str, str], int] = {}
        self._handles: dict[str, int] = {}
        self._ways: defaultdict[str, set[int]] = defaultdict(set)
        self._shared: set[str] = set()
        self._names: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._people: dict[int, Person] = {}
        self._joined: defaultdict[int, dict[_Names, None]] = defaultdict(dict)

    def expect(self, people: Sequence[Incoming]) -> None:
        """Look at who will come: an address that very many of them have is no sign of anybody."""
        counts = Counter(sign for each in people for sign in _signs_of(each.contacts))
        many = {sign for sign, count in counts.items() if count > _MANY}
        names: defaultdict[str, set[str]] = defaultdict(set)
        for each in people if many else ():
            for sign in _signs_of(each.contacts) & many:
                names[sign].add(fold(each.name))
        self._shared |= {sign for sign, held in names.items() if len(held) > _MANY}

    def add(self, number: int, person: Person, found: Incoming | None = None) -> None:
        """Take somebody in, or what is new of them; `found` is the record that has joined them."""
        for origin in person.origins:
            if origin.key is not None:
                self._records.setdefault((origin.kind, origin.key), number)
                if not origin.key.startswith(_NAMED):
                    self._keys.setdefault(origin.key, number)
        if person.uid is not None:
            self._keys.setdefault(person.uid, number)
        self._handles[person.handle] = number
        for sign in _signs_of(person.contacts):
            self._ways[sign].add(number)
        for name in (person.name, *person.nicknames):
            self._names[fold(name)][number] = None
        self._people[number] = person
        if found is not None and fold(found.name) != fold(person.name):
            self._names[fold(found.name)][number] = None
            joined = self._joined[number]
            if len(joined) < _MOST_NAMES:
                joined[found.name, *found.nicknames] = None

    def same(self, found: Incoming, kind: str, key: str) -> int | None:
        """Return who a record is, None where that is nobody, or not sure."""
        if (number := self._records.get((kind, key))) is not None:
            return number
        number = self.of_uid(found)
        if number is not None and not self._contradicts(number, found):
            return number
        if kind == OWN and found.key in self._handles:
            number = self._handles[found.key]
            if fold(self._people[number].name) == fold(found.name) or self._fits(number, found):
                return number
        fitting = {
            number
            for number in self._reached(found)
            if self._fits(number, found) and not self._of_another_day(number, found)
        }
        return fitting.pop() if len(fitting) == 1 else None

    def of_uid(self, found: Incoming) -> int | None:
        """Return whose UID a record has."""
        return self._keys.get(found.uid) if found.uid is not None else None

    def doubles(self, found: Incoming, kind: str, most: int = LIKELY) -> list[int]:
        """Return who may be the same person, the likeliest first.

        First who has the same handle, or the same name and an address; then the same name; then an address.
        """
        likely: dict[int, None] = {}
        if kind == OWN and found.key in self._handles:
            likely[self._handles[found.key]] = None
        named = self._names.get(fold(found.name), {})
        reached = sorted(self._reached(found))
        likely |= dict.fromkeys(number for number in reached if number in named)
        likely |= dict.fromkeys(islice(named, most))
        likely |= dict.fromkeys(reached)
        return list(islice(likely, most))

    def named(self, name: str) -> int | None:
        """Return the one person of this name, None where there is none, or several."""
        numbers = self._names.get(fold(name), {})
        return next(iter(numbers)) if len(numbers) == 1 else None

    def _reached(self, found: Incoming) -> set[int]:
        """Return who has an address of a record; where very many have it, only who has its name too."""
        numbers: set[int] = set()
        for sign in _signs_of(found.contacts):
            held = self._ways.get(sign, set())
            if len(held) <= _MANY and sign not in self._shared:
                numbers |= held
            else:
                named = islice(self._names.get(fold(found.name), {}), _MANY)
                numbers |= {number for number in named if number in held}
        return numbers

    def _fits(self, number: int, found: Incoming) -> bool:
        """Tell whether a name may be somebody's: it must fit each that they are known by.

        “Anna Schmidt” and “Hans Schmidt” both fit “Schmidt”; once one has joined, the other is somebody else.
        """
        person = self._people[number]
        names: _Names = (found.name, *found.nicknames)
        if not _any_fits((person.name, *person.nicknames), names):
            return False
        known = [*self._joined.get(number, ()), *self._recorded(number)]
        if any(fold(each[0]) == fold(found.name) for each in known):
            return True
        return all(_any_fits(each, names) for each in known)

    def _recorded(self, number: int) -> Iterator[_Names]:
        """Yield the names by which the records call somebody; one that was given up counts no more."""
        person = self._people[number]
        for origin in person.origins[:_MOST_NAMES]:
            name = _recorded_name(origin)
            if name and fit(name, person.name):
                yield (name,)

    def _of_another_day(self, number: int, found: Incoming) -> bool:
        """Tell whether both birthdays are known in full, and are two."""
        held, said = self._people[number].birthday, found.birthday
        if held is None or said is None or "--" in (held[:2], said[:2]):
            return False
        return self._birthdays and held != said

    def _contradicts(self, number: int, found: Incoming) -> bool:
        return self._of_another_day(number, found) and not self._fits(number, found)


def _any_fits(known: _Names, names: _Names) -> bool:
    return any(fit(one, other) for one in known for other in names)


def _recorded_name(origin: Origin) -> str:
    """Return what a record calls its person, "" where that is not at hand."""
    if origin.key is not None and origin.key.startswith(_NAMED):
        return _NUMBER.sub("", origin.key.removeprefix(_NAMED))
    found = _FN.search(origin.raw) if origin.raw else None
    return found[1].decode("utf-8", "replace") if found else ""


_NUMBER = re.compile(r"#\d+\Z")  # of the second record of one name in a file
_FN = re.compile(rb"(?im)^(?:[\w-]+\.)?FN(?:;CHARSET=UTF-8)?:([^\r\n]{1,400})")


def keys(found: Iterable[Incoming]) -> Iterator[str]:
    """Return the key of each record: its own, else its name, numbered where a file has it twice."""
    seen: defaultdict[str, int] = defaultdict(int)
    for each in found:
        key = each.uid or f"{_NAMED}{fold(each.name)}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}#{seen[key]}"


def _signs_of(ways: Iterable[Way]) -> set[str]:
    return {sign for way in ways for sign in signs(way)}


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
