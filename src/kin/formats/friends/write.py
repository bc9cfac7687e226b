"""Writing a friends.md: people and talks as far as that format can say them.

Its one rule: the original reads the file, and finds everybody who was there. So each entry is one
line, and whoever is linked and not named in full stands behind the words.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import cast

from kin.formats.friends import marks
from kin.formats.incoming import Incoming, Told
from kin.language.day import (
    Day,
    Precision,
    short,
)
from kin.language.text import joined

_SIGNS = {"name": r"[()\[\]@*_\0]", "nickname": r"[()\0]", "place": r"[()\[\]*_\0]"}


def write(people: Iterable[Incoming], talks: Iterable[Told]) -> bytes:
    """Write names, nicknames, towns, interests and dated lines; the format has no room for more."""
    called: dict[str, str] = {}
    friends: list[tuple[str, str]] = []
    places: set[str] = set()
    counts: Counter[str] = Counter()
    for person in people:
        if name := _own_name(_said("name", person.name), counts):
            called.setdefault(person.name, name)
            called[person.key or person.name] = name
            friends.append((name, _friend(name, person)))
            places.add(_said("place", person.lives or ""))
    dated = sorted(talks, key=lambda told: told.on, reverse=True)
    places |= {_said("place", told.place or "") for told in dated}
    sections: dict[str, Iterable[str]] = {
        "Activities": filter(None, (_entry(told, called) for told in dated)),
        "Notes": (),
        "Friends": (line for _, line in sorted(friends)),
        "Locations": (f"- {place}" for place in sorted(places - {""})),
    }
    text = "\n\n".join("\n".join([f"### {name}:", *rows]) for name, rows in sections.items())
    return f"{text}\n".encode("utf-8", "replace")


def _said(what: str, words: str) -> str:
    """Return a name on one line, without the signs that would end it too early."""
    return " ".join(re.sub(_SIGNS[what], " ", words).split())


def _own_name(name: str, counts: Counter[str]) -> str:
    """Number a name that is taken: the original refuses a file with two friends of one name."""
    own = name
    while name and counts[own]:
        counts[name] += 1
        own = f"{name} {counts[name]}"
    counts[own] += 1
    return own


def _friend(name: str, person: Incoming) -> str:
    said = (_said("nickname", each.replace("a.k.a.", "aka")) for each in person.nicknames)
    aliases = " ".join(f"a.k.a. {each}" for each in said if each)
    lives = _said("place", person.lives or "")
    tags = marks.tags(loved.label for loved in person.into)
    parts = (f"({aliases})" if aliases else "", f"[{lives}]" if lives else "", *tags)
    return " ".join(filter(None, (f"- {name}", *parts)))


def _entry(told: Told, called: dict[str, str]) -> str:
    """Return '- 2018-11-01: words' with the names and the place marked; '' without words."""
    lines = re.split(r"[\r\n\0]+", told.text)
    words = " ".join(line.strip() for line in lines if line.strip())
    if not words:
        return ""
    if told.precision != "day":
        meant = Day(date.fromisoformat(told.on), cast(Precision, told.precision))
        words = f"({short(meant)}) {words}"
    place = _said("place", told.place or "")
    wanted = {place: f"_{place}_"} if place[:1].isalnum() else {}
    wanted |= {name: f"**{name}**" for each in told.people if (name := called.get(each))}
    words, found = marks.put_on(words, wanted)
    people = [mark for name, mark in wanted.items() if name not in found and mark[0] == "*"]
    behind = [f"with {joined(people)}"] if people else []
    if place not in found and wanted.get(place, "*")[0] == "_":
        behind.append(f"at {wanted[place]}")
    words += f" ({' '.join(behind)})" if behind else ""
    held = {tag.lower() for tag in marks.tags(marks.topics(words))}
    tags = [tag for tag in marks.tags(told.topics) if tag.lower() not in held]
    return " ".join([f"- {told.on}:", words, *tags])
