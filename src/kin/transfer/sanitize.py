"""What of a record can be kept: short texts short, no NUL, no empty words. What cannot is told.

Its one rule: one bad field costs that field, never the record; only without a name there is nobody.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from kin.constants import CIRCLES, LONGEST_CONTACT, LONGEST_NAME
from kin.errors import KinError
from kin.formats.card import Loved, Way
from kin.formats.incoming import Incoming
from kin.language import validation as checks
from kin.vocabulary import catalog as vocabulary

T = TypeVar("T")


def cleaned(found: Incoming) -> tuple[Incoming | None, list[str]]:
    """Return what of a record can be kept, None where it has no name, and what was left out, in words."""
    told: list[str] = []

    def kept(words: str | None, what: str, check: Callable[[str, str], str]) -> str | None:
        if words is None or not words.strip():
            return None
        try:
            return check(words, what)
        except KinError as error:
            told.append(f"{error.message} It is left out.")
            return None

    def line(words: str | None, what: str) -> str | None:
        return kept(words, what, checks.line)

    def loved(each: Loved) -> Loved | None:
        label = line(each.label, "interest")
        if label is None or not vocabulary.key(label):
            return None
        return Loved(label, kept(each.note, "story", checks.storable))

    def way(each: Way) -> Way | None:
        value = kept(
            each.value, each.kind, lambda words, what: checks.line(words, what, LONGEST_CONTACT)
        )
        return Way(each.kind, value, line(each.label, "label")) if value else None

    name = kept(found.name, "name", lambda words, what: checks.line(words, what, LONGEST_NAME))
    if name is None:
        return None, told
    days = tuple((named, on) for label, on in found.days if (named := line(label, "day")))
    clean = replace(
        found,
        name=name,
        nicknames=_all(line(each, "nickname") for each in found.nicknames),
        contacts=_all(map(way, found.contacts)),
        lives=line(found.lives, "town"),
        circle=found.circle if found.circle in CIRCLES else None,
        met_at=line(found.met_at, "place"),
        met_story=kept(found.met_story, "story", checks.storable),
        note=kept(found.note, "note", checks.storable),
        beside=_all(kept(each, "note", checks.storable) for each in found.beside),
        groups=_all(line(each, "group") for each in found.groups),
        into=_all(map(loved, found.into)),
        collides=_all(map(loved, found.collides)),
        days=days,
    )
    return clean, told


def _all(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(each for each in found if each is not None)
