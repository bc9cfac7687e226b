"""The name of a person from the parts that a table has of it.

Its one rule: a name that stands whole is the name; parts are joined as they are, and never guessed.
"""

import re
from collections.abc import Mapping

from kin.constants import LONGEST_NAME
from kin.language.text import fold

# Where these are written, the family's name comes first, and without a space.
_EAST_ASIAN = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")
_PARTS = ("first", "middle", "last", "suffix")


def whole_name(said: Mapping[str, str]) -> tuple[str, str]:
    """Return the name, and another one that the parts make if they say more; "" where there is none."""
    parts = [said[part] for part in _PARTS if part in said]
    joined = " ".join(parts)
    if parts and "middle" not in said and all(map(_EAST_ASIAN.fullmatch, parts)):
        joined = "".join(said.get(part, "") for part in ("last", "first"))
    name = said.get("name", "")
    if not name:
        return joined, ""
    more = set(fold(joined).split()) - set(fold(name).split())
    return name, joined if more else ""


def refusal(name: str) -> str:
    """Return why this is nobody's name, "" if it may be one."""
    if not any(map(str.isalnum, name)):
        return "has no name"
    if len(name) > LONGEST_NAME:
        return f"has a name of {len(name):,} characters; kin keeps up to {LONGEST_NAME}"
    return ""
