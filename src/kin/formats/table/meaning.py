"""What a header says: the field of a person, in whatever words.

Its one rule: a header is understood whole or not at all.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from kin.formats.table.words import (
    PLACES,
    WORDS,
)
from kin.language.text import fold

LONGEST = 60  # characters; more are a sentence
_LABELLED = {"email", "phone", "link", "street", "extra", "box", "city", "region", "postcode"}
_LABELLED |= {"country", "address"}
_PERSONAL = {"note", "into", "nickname", "birthday"}  # `Personal notes` are notes
_FILLERS = set("the of a de del della di du des la op den der".split())
_NAMES = {"name", "names", "namen", "nom", "nome", "naam"}
_ASIDE = re.compile(r"[(\[].*?[)\]]")
_OR = re.compile(r"[/&,+]| and | or | und | et | y | e ")


class Meaning(NamedTuple):
    """The field, and which of several is meant (home, work; the word of a tie)."""

    field: str
    label: str = ""


def key(header: str) -> str:
    """Fold a header to its letters and figures, so that `E-mail address` is `emailaddress`."""
    return "".join(sign for sign in fold(header) if sign.isalnum())


@cache
def _table() -> dict[str, Meaning]:
    return {word: Meaning(field, label) for field, label, words in WORDS for word in words.split()}


@lru_cache(1024)  # the cell beside a value is asked for its meaning in every row
def meaning(header: str) -> Meaning | None:
    """Return what a header says, None if kin does not know it."""
    if not 0 < len(header) <= LONGEST:
        return None
    return _plain(header) or _several(header) or _plain(_ASIDE.sub(" ", header))


def _plain(header: str) -> Meaning | None:
    table, whole = _table(), key(header)
    bare = "".join(sign for sign in whole if not sign.isdecimal())
    return table.get(whole) or table.get(bare) or _placed(header) or _of_a_tie(header)


def _placed(header: str) -> Meaning | None:
    """Read a header with a word for home or work in it: `Home Phone 2`, `Telefon (privat)`."""
    words = [word for word in re.findall(r"[^\W\d_]+", fold(header)) if word not in _FILLERS]
    for place, names in PLACES.items():
        rest = [word for word in words if word not in names]
        found = _table().get("".join(rest)) if len(rest) < len(words) else None
        if found and found.field in _LABELLED:
            both = " ".join(filter(None, (place, found.label)))
            return Meaning(found.field, "" if both == "other" else both)
        if found and found.field in _PERSONAL and place in ("home", ""):
            return found
    return None


def _of_a_tie(header: str) -> Meaning | None:
    """Read `Spouse's name` and `Names of children`."""
    words = [word for word in fold(header).split() if word not in _FILLERS]
    rest = "".join(word for word in words if word not in _NAMES)
    found = _table().get(rest) or _table().get(rest.removesuffix("s"))
    return found if found and found.field == "bond" and len(words) > 1 else None


def _several(header: str) -> Meaning | None:
    """Read `Hobbies & interests`, two words for one field, and `Last, First`, which is a name."""
    parts = [_plain(part) for part in _OR.split(_ASIDE.sub(" ", header))]
    found = [part for part in parts if part]
    if len(found) < 2 or len(found) < len(parts):
        return None
    fields = {part.field for part in found}
    if fields <= {"first", "middle", "last"} and len(fields) > 1:
        return Meaning("name")
    return found[0] if len(fields) == 1 else None
