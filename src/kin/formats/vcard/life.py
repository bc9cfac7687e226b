"""What a card tells of a life: the readers of days, notes, interests, groups and ties.

Its one rule: a day that is no day, and a tie to no name, are reported and not guessed at.
"""

import re

from kin.formats.incoming import Bond
from kin.formats.vcard import (
    dates as vcard_days,
)
from kin.formats.vcard import (
    labels as vcard_labels,
)
from kin.formats.vcard.reading import (
    Entry,
    Reading,
    Said,
)
from kin.formats.vcard.who import (
    Reader,
    is_urn,
    key,
)

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_ANDROID = "vnd.android.cursor.item/"
_EVENTS = {"1": "anniversary", "2": "other"}
_WORDS = (
    "assistant|brother|child|domestic partner|father|friend|manager|mother|parent|partner|"
    "referred by|relative|sister|spouse"
)
_RELATIONS = {f"{number}": word for number, word in enumerate(_WORDS.split("|"), 1)}
_NO_DAY = "is no day that kin can keep"
_TIES = {
    "X-SPOUSE": "spouse",
    "X-EVOLUTION-SPOUSE": "spouse",
    "X-KADDRESSBOOK-X-SPOUSESNAME": "spouse",
    "X-MS-SPOUSE": "spouse",
    "X-MS-CHILD": "child",
    "X-CHILD": "child",
    "X-ASSISTANT": "assistant",
    "X-EVOLUTION-ASSISTANT": "assistant",
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant",
    "X-MS-ASSISTANT": "assistant",
    "X-MANAGER": "manager",
    "X-EVOLUTION-MANAGER": "manager",
    "X-KADDRESSBOOK-X-MANAGERSNAME": "manager",
    "X-MS-MANAGER": "manager",
}


def _birthday(read: Reading, found: Entry) -> None:
    if text := read.line(found):
        day = vcard_days.read(text, found.head.param("X-APPLE-OMIT-YEAR"))
        read.birthdays.append(Said(day, found.at))
        if day is None:
            read.refuse(found, text, _NO_DAY, "birthday", "birthday")


def _day(read: Reading, found: Entry, label: str = "anniversary") -> None:
    if text := read.line(found):
        day = vcard_days.read(text, found.head.param("X-APPLE-OMIT-YEAR"))
        if day:
            read.days.append(Said((read.label(found) or label, day), found.at))
        else:
            read.refuse(found, text, _NO_DAY, read.label(found) or label, "days")


def _other_day(read: Reading, found: Entry) -> None:
    _day(read, found, "other")


def _death(read: Reading, found: Entry) -> None:
    _day(read, found, "day of death")


def _note(read: Reading, found: Entry) -> None:
    text = read.text(found)
    if text.strip():
        read.notes.append(Said(text, found.at))


def _category(read: Reading, found: Entry) -> None:
    read.categories += [Said(each, found.at) for each in read.parted(found, ",") if each]


def _interest(read: Reading, found: Entry) -> None:
    read.interests += [Said(each, found.at) for each in (read.line(found),) if each]


def _marked(read: Reading, found: Entry) -> None:
    read.marked += [Said(each, found.at) for each in (read.line(found),) if each]


def _group(read: Reading, found: Entry) -> None:
    read.groups += [Said(each, found.at) for each in (read.line(found),) if each]


def _related(read: Reading, found: Entry) -> None:
    """Read a name, or the UID of another card; an address on the web is neither."""
    text, kind = read.line(found), (found.head.param("VALUE") or "").lower()
    word = read.label(found) or vcard_labels.of_tie(found.head.types) or "related"
    if word == "me":
        return  # another card of the same person
    if is_urn(text):
        read.bonds.append(Said(Bond(word, "", key(text)), found.at))
    elif kind == "text" or (kind != "uri" and not _URI.match(text)):
        read.bonds += [Said(Bond(word, each), found.at) for each in (text,) if each]
    elif text:
        read.refuse(found, text, "is an address, not somebody's name", word)


def _bond(read: Reading, found: Entry) -> None:
    if name := read.line(found):
        word = _TIES.get(found.head.name) or read.label(found)
        word = word or vcard_labels.of_tie(found.head.types) or "related"
        read.bonds.append(Said(Bond(word, name), found.at))


def _android(read: Reading, found: Entry) -> None:
    """Read Android's `vnd.android.cursor.item/nickname;Mo;1;`: kind, value, type, label."""
    what, text, number, label, *_ = [*read.parted(found, ";"), "", "", "", ""]
    kind = what.removeprefix(_ANDROID)
    if not text:
        return
    if kind == "nickname":
        read.nicknames.append(Said(text, found.at))
    elif kind == "relation":
        word = label or _RELATIONS.get(number, "related")
        read.bonds.append(Said(Bond(word, text), found.at))
    elif kind == "contact_event":
        day, is_birthday = vcard_days.read(text), number == "3"
        named = "birthday" if is_birthday else label or _EVENTS.get(number, "other")
        if day is None:
            read.refuse(found, text, _NO_DAY, named, "birthday" if is_birthday else "days")
        elif is_birthday:
            read.birthdays.append(Said(day, found.at))
        else:
            read.days.append(Said((named, day), found.at))


_ANNIVERSARIES = "ANNIVERSARY X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-KADDRESSBOOK-X-ANNIVERSARY X-MS-ANNIVERSARY"
READERS: dict[str, Reader] = {
    "BDAY": _birthday,
    "X-ABDATE": _other_day,
    **dict.fromkeys(_ANNIVERSARIES.split(), _day),
    "DEATHDATE": _death,
    "NOTE": _note,
    "CATEGORIES": _category,
    **dict.fromkeys(("INTEREST", "HOBBY", "X-INTEREST", "X-HOBBY"), _interest),
    "X-KIN-INTEREST": _marked,
    "X-KIN-GROUP": _group,
    "RELATED": _related,
    **dict.fromkeys(("X-ABRELATEDNAMES", *_TIES), _bond),
    "X-ANDROID-CUSTOM": _android,
}
