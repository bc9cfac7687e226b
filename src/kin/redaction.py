"""Taking somebody's name out of words that stay.

A leaf, and pure. Its one rule: rather a word too many than a name left; a name that is also a plain word
goes with its capital only.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from kin.ambiguous import WORDS_AND_NAMES
from kin.text import fold
from kin.who import dense

INSTEAD = "someone"
_WORD = re.compile(r"@?[\w\u0300-\u036f]+(?:[-_'’][\w\u0300-\u036f]+)*")
_OWNS = re.compile(r"['’]s?\Z")
_AGAIN = re.compile(rf"\b{INSTEAD}(?:[\s-]+{INSTEAD}\b)+")


class Called(NamedTuple):
    """What somebody is called: `phrases` as they are written, `words` folded, each its own."""

    phrases: tuple[str, ...]
    words: frozenset[str]


def called(names: Iterable[str], words: Iterable[str]) -> Called:
    """Return how to find somebody: whole names and addresses, and single folded words."""
    single = frozenset(words)
    phrases = {name for name in names if name.strip()} | {word for word in single if dense(word)}
    return Called(tuple(sorted(phrases, key=lambda each: (-len(each), each))), single)


def redacted(text: str, who: Called) -> str:
    """Return the text without the names; what was said of them stays said of someone."""
    for phrase in who.phrases:
        text = _phrase(phrase).sub(INSTEAD, text)
    text = _WORD.sub(lambda found: _word(found[0], who.words), text)
    return _AGAIN.sub(INSTEAD, text)


def _phrase(phrase: str) -> re.Pattern[str]:
    edge = "" if dense(phrase[:1]) else r"\b"
    start = edge if phrase[:1].isalnum() else ""
    end = edge if phrase[-1:].isalnum() else ""
    plain = all(word in WORDS_AND_NAMES for word in fold(phrase).split())
    flags = 0 if plain else re.IGNORECASE
    return re.compile(f"{start}{re.escape(phrase)}{end}", flags)


def _word(word: str, theirs: frozenset[str]) -> str:
    """Put another word in the place of a name; in a compound, of the part that is one."""
    owned = _OWNS.search(word)
    bare = word[: owned.start()] if owned else word
    if _is_theirs(bare, theirs):
        return INSTEAD + (owned[0] if owned else "")
    parts = re.split(r"([-_])", word)
    if len(parts) == 1:
        return word
    return "".join(INSTEAD if _is_theirs(part, theirs) else part for part in parts)


def _is_theirs(word: str, theirs: frozenset[str]) -> bool:
    folded = fold(word.lstrip("@"))
    plain = folded in WORDS_AND_NAMES and not word.startswith("@")
    return folded in theirs and not (plain and word[:1].islower())
