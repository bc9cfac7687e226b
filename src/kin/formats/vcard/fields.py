"""The fields of a card that kin knows, chosen from all that the card says.

Its one rule: values are as the card has them, decoded; two spellings of one day or address are one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

from kin.formats.card import Way
from kin.formats.incoming import Bond
from kin.formats.vcard import (
    labels as vcard_labels,
)
from kin.formats.vcard import (
    life as vcard_life,
)
from kin.formats.vcard import (
    who as vcard_who,
)
from kin.formats.vcard.lines import (
    Line,
    parted,
    unfolded,
)
from kin.formats.vcard.reading import (
    Entry,
    Reading,
    Said,
)
from kin.formats.vcard.split import (
    edge,
    physical,
)
from kin.formats.vcard.values import Letters
from kin.formats.vcard.who import Reader
from kin.language.text import fold

_READERS = vcard_who.READERS | vcard_life.READERS
# What a card says of itself, not of anybody.
_HUSK = frozenset("VERSION PRODID REV UID KIND CLASS SOURCE PROFILE X-ABUID X-ABLABEL".split())
# Chinese, Japanese and Korean names begin with the family.
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff々 ]+")
MOST_TEXTS = 20
_LIST = re.compile(r",(?=\S)")


@dataclass(frozen=True, slots=True)
class Fields:
    """What a card says in the fields of kin: `name` is FN, `parts` are the five of N.

    Of several notes one is made, with a blank line between. `unread` are sentences on values that
    would be fields but cannot be read, `beside` these values as text, the first of them. `unreadable` are
    these values by their field: name, birthday, lives, note, nicknames, days, groups, interests, or one of
    the kinds of contacts; a value from which a NUL had to be taken out is one of them too.
    """

    version: str
    uid: str | None = None
    name: str | None = None
    parts: tuple[str, ...] | None = None
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Way, ...] = ()
    birthday: str | None = None
    days: tuple[tuple[str, str], ...] = ()
    lives: str | None = None
    note: str | None = None
    groups: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    bonds: tuple[Bond, ...] = ()
    unread: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def reading(lines: Sequence[Line], encoding: str | None = None) -> Reading:
    """Read all properties of a card that kin knows, from its unfolded lines."""
    found = [
        Entry(at, *parted(line.text)) for at, line in enumerate(lines) if line.kind == "property"
    ]
    read = _read(found, encoding)
    for each in found:
        if each.head.name == "AGENT":
            below = map(lines.__getitem__, range(each.at + 1, len(lines)))
            if name := _agent(read, each, below):
                read.bonds.append(Said(Bond("agent", name), each.at))
    return read


def _read(found: list[Entry], encoding: str | None) -> Reading:
    charsets = dict.fromkeys(each.head.charset for each in found if each.head.charset)
    read = Reading(Letters(tuple(filter(None, charsets)), encoding), {})
    for each in found:
        if each.head.name == "X-ABLABEL" and each.head.group:
            read.labels[each.head.group.lower()] = vcard_labels.of_apple(read.text(each))
    for each in found:
        name = each.head.name
        reader = _READERS.get(name)
        if reader is None and name.startswith("X-MESSAGING/"):
            reader = vcard_who.chat
        if reader:
            had_nul, read.letters.nul = read.letters.nul, False
            reader(read, each)
            if read.letters.nul:
                read.unreadable += _said_by(read, reader, each)
            read.letters.nul |= had_nul
        if not read.substance and name not in _HUSK:
            read.substance = bool(each.data.strip(b" ;"))
    return read


def _said_by(read: Reading, reader: Reader, found: Entry) -> list[tuple[str, str]]:
    """Return what one property says, each value with its field."""
    alone = Reading(read.letters, read.labels)
    reader(alone, found)
    said = [
        *(("name", name.value) for _, name in alone.names),
        *(("birthday", day.value or "") for day in alone.birthdays),
        *(("lives", place.value) for _, place in alone.places),
        *((way.value.kind, way.value.value) for way in alone.ways),
        *(("days", f"{day.value[0]}: {day.value[1]}") for day in alone.days),
    ]
    for of_field, several in (
        ("note", alone.notes),
        ("nicknames", alone.nicknames),
        ("groups", [*alone.categories, *alone.groups]),
        ("interests", [*alone.categories, *alone.marked, *alone.interests]),
    ):
        said += [(of_field, each.value) for each in several]
    return said


def _agent(read: Reading, found: Entry, below: Iterable[Line]) -> str | None:
    """Return the name of an AGENT, whose card stands below, or escaped in the value itself."""
    text = read.text(found)
    if edge(text.partition("\n")[0].encode()) == "begin" and "\n" in text:
        own = unfolded(physical(text.encode()))
        below = [line._replace(kind="agent") for line in own if line.kind == "property"]
    inner = []
    for line in below:
        if line.kind not in ("agent", "nested"):
            break
        if line.kind == "agent" and not edge(line.text):
            inner.append(Entry(0, *parted(line.text)))
    return called(_read(inner, read.letters.given))


def called(read: Reading) -> str | None:
    """Return what somebody is called: FN, else N, a nickname, ORG, or how they are reached."""
    if name := chosen_name(read):
        return name.value
    whole = filter(None, (composed(parts.value) for parts in read.parts))
    ways = [way.value for way in read.ways]
    reached = (way.value for kind in ("email", "phone", "link") for way in ways if way.kind == kind)
    called_so = (said.value for said in read.nicknames)
    return next(chain(whole, called_so, read.organisations, reached), None)


def composed(parts: Sequence[str]) -> str:
    """Return a name from the five parts of N, as one would say it: prefix, given, …, suffix."""
    if _FAMILY_FIRST.fullmatch("".join(parts)):
        return " ".join(filter(None, (parts[0], parts[1])))
    family, given, additional, prefix = (_LIST.sub(" ", part).strip() for part in parts[:4])
    suffix = _LIST.sub(", ", parts[4].strip(","))
    return " ".join(filter(None, (prefix, given, additional, family, suffix)))


def chosen_name(read: Reading) -> Said[str] | None:
    """Return the FN that is preferred, or the first."""
    return min(read.names, key=itemgetter(0))[1] if read.names else None


def named_days(read: Reading) -> list[Said[tuple[str, str]]]:
    """Return the days, with a number behind a label that already names another day."""
    names: dict[tuple[str, str], str] = {}
    taken: Counter[str] = Counter()
    days = []
    for (label, day), at in read.days:
        while (fold(label), day) not in names:
            taken[fold(label)] += 1
            name = f"{label} {taken[fold(label)]}" if taken[fold(label)] > 1 else label
            if name == label or fold(name) not in taken:
                names[fold(label), day] = name
                taken[fold(name)] += name != label
        days.append(Said((names[fold(label), day], day), at))
    return days


def fields_of(read: Reading, *, categories_are_interests: bool = False) -> Fields:
    """Choose the fields of kin from what a card says."""
    name, marked = chosen_name(read), [said.value for said in read.marked]
    categories = [said.value for said in read.categories]
    own_groups = [said.value for said in read.groups]
    groups = [each for each in categories if each in own_groups or each not in marked]
    interests = [*marked, *(said.value for said in read.interests)]
    if categories_are_interests:
        groups, interests = [], [*categories, *interests]
    contacts: dict[tuple[str, str], Way] = {}
    for way, _ in read.ways:
        contacts.setdefault((way.kind, way.value), way)
    days: dict[str, tuple[str, str]] = {}
    for day, _ in named_days(read):
        days.setdefault(fold(day[0]), day)
    return Fields(
        version=read.version,
        uid=read.uid.value if read.uid else None,
        name=name.value if name else None,
        parts=tuple(read.parts[0].value) if read.parts else None,
        nicknames=_distinct(said.value for said in read.nicknames),
        contacts=tuple(contacts.values()),
        birthday=next((said.value for said in read.birthdays if said.value), None),
        days=tuple(days.values()),
        lives=min(read.places, key=itemgetter(0))[1].value if read.places else None,
        note="\n\n".join(said.value for said in read.notes) or None,
        groups=_distinct([*groups, *own_groups]),
        interests=_distinct(interests),
        bonds=tuple(dict.fromkeys(said.value for said in read.bonds)),
        unread=tuple(said.value for said in read.unread),
        beside=_distinct(read.texts[:MOST_TEXTS]),
        unreadable=tuple(dict.fromkeys(read.unreadable)),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
