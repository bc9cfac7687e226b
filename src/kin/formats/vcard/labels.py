"""Labels of addresses, days and ties: from TYPE and X-ABLabel to a short word, and back.

Its one rule: a word that no TYPE says is written as X-ABLabel, and comes back letter for letter.
"""

import re

# Apple's own words stand in these signs, and are translated where they are shown.
_APPLE = re.compile(r"_?\$!<(.*)>!\$_?", re.DOTALL)
_APPLE_WORDS = (
    "anniversary mother father parent brother sister child son daughter friend spouse partner "
    "assistant manager other"
).split()
# They say how one is reached, not where or through what.
_SILENT = frozenset(
    "internet pref voice msg text video textphone x400 uri url intl dom postal parcel isdn type "
    "x-evolution-error".split()
)
_MOBILE = frozenset("cell mobile iphone handy x-mobile x-iphone pcs".split())
_FAX = frozenset(["fax", "x-fax"])
_PLACES = {"work": "work", "home": "home", "business": "work", "x-work": "work", "x-home": "home"}
_TYPES = {"home": ("HOME",), "work": ("WORK",)}
_PHONE_TYPES = {
    **_TYPES,
    "mobile": ("CELL",),
    "work mobile": ("WORK", "CELL"),
    "fax": ("FAX",),
    "home fax": ("HOME", "FAX"),
    "work fax": ("WORK", "FAX"),
    "pager": ("PAGER",),
}
# RFC 6350, section 6.6.6
_RELATED = frozenset(
    "contact acquaintance friend met co-worker colleague co-resident neighbor child parent sibling "
    "spouse kin muse crush date sweetheart agent emergency".split()
)


def of_types(types: tuple[str, ...]) -> str | None:
    """Return what TYPE says of an address or a number: `home`, `work mobile`, `pager`; or None."""
    place = next((_PLACES[each] for each in types if each in _PLACES), None)
    if not _FAX.isdisjoint(types):
        return f"{place} fax" if place else "fax"
    if not _MOBILE.isdisjoint(types):
        return "work mobile" if place == "work" else "mobile"
    words = (each for each in types if each not in _SILENT and each not in _PLACES)
    other = next(words, None)
    return place if place or not other else other.removeprefix("x-")


def of_tie(types: tuple[str, ...]) -> str | None:
    """Return the word for a tie among the types, or None."""
    return next((each for each in types if each not in _SILENT and each not in _PLACES), None)


def of_apple(text: str) -> str:
    """Return what X-ABLabel says; Apple's own words without their signs, in small letters."""
    said = _APPLE.fullmatch(text.strip())
    return said[1].strip().lower() if said else text.strip()


def apple(word: str) -> str:
    """Return a word as X-ABLabel has it; what Apple knows, in Apple's signs."""
    return f"_$!<{word.capitalize()}>!$_" if word in _APPLE_WORDS else word


def types(kind: str, label: str | None) -> tuple[str, ...] | None:
    """Return the TYPEs that say this label of an email, phone or link; None if none do."""
    if label is None:
        return ()
    return (_PHONE_TYPES if kind == "phone" else _TYPES).get(label)


def is_related(word: str) -> bool:
    """Tell whether RELATED of vCard 4.0 has a TYPE of this name."""
    return word in _RELATED
