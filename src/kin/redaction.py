"""Taking somebody's name out of words that stay.

A leaf, and pure. Its one rule: rather a word too many than a name left; a name that is also a plain word
goes with its capital only, and a place stays where it is one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kin.ambiguous import WORDS_AND_NAMES
from kin.plain_words import COMMON, LITTLE, PLACES, SMALL
from kin.text import APOSTROPHES, fold
from kin.who import NAME_LIMIT, dense, readings

INSTEAD = "someone"
_WORD = re.compile(rf"@?[\w\u0300-\u036f]+(?:[-_{APOSTROPHES}][\w\u0300-\u036f]+)*")
_OWNS = re.compile(rf"[{APOSTROPHES}]s?\Z", re.IGNORECASE)
_AGAIN = re.compile(rf"\b{INSTEAD}(?:[\s-]+{INSTEAD}\b)+")
_LEAST_PLURAL = 3  # a name of two letters and an s is a word more often than several of that name
# In London it is the town, whoever else is called so; so it is in San Diego, and a tag, and 3 April a day.
_THERE = re.compile(
    r"(?:\b(?:in|at|to|from|near|around|via|through|nach|aus|bei|en|de|desde|a|vers)|à)\s+\Z",
    re.IGNORECASE,
)
_TOWN = re.compile(r"\b(?:San|Santa|Santo|St|Saint|Sankt)\.?\s+\Z")
_NO_NAME = re.compile(r"(?:\b(?:New|Fort|Port|Mount|Lake|Los|Las|El)\s+|#|\d\.?\s?)\Z")
_THERE_WITHIN = 12  # characters
_PARTICLES = ("van",)  # of surnames, though somebody may be called so
_SIBILANTS = ("s", "x", "z", "ch", "sh")


class Called(NamedTuple):
    """What somebody is called: `phrases` as they are written, `words` folded, each its own.

    Without one of the `needles` in its folded form a text does not name them.
    """

    phrases: tuple[str, ...]
    words: frozenset[str]
    needles: tuple[str, ...]
    spared: re.Pattern[str] | None


def called(names: Iterable[str], words: Iterable[str], spared: Iterable[str] = ()) -> Called:
    """Return how to find somebody: whole names and addresses, and single folded words; `spared` are others' names."""
    whole = {name for name in names if any(map(str.isalnum, name))}
    single = frozenset(words)
    single |= {run for name in whole for run in _run_together(name, single)}
    phrases = whole | {word for word in single if dense(word)}
    needles = tuple(sorted({fold(each.removeprefix("@")) for each in (*phrases, *single)}))
    others = sorted({*spared} - whole, key=len, reverse=True)
    theirs = "|".join(rf"(?<![\w@-]){re.escape(each)}(?![\w-])" for each in others)
    return Called(
        tuple(sorted(phrases, key=lambda each: (-len(each), each))),
        single,
        needles,
        re.compile(f"({theirs})", re.IGNORECASE) if theirs else None,
    )


def _run_together(name: str, words: frozenset[str]) -> Iterator[str]:
    """Yield neighbouring words of a name as one, where one of them is theirs alone: Jean-Luc, JeanLuc."""
    parts = fold(name).split()[:NAME_LIMIT]
    if not all(part.isalpha() for part in parts):
        return  # an address
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            if words.intersection(parts[start:end]):
                yield "".join(parts[start:end])


def is_plain(word: str) -> bool:
    """Tell whether a folded word is a word or a place too: it is a name with its capital only."""
    return word in WORDS_AND_NAMES or word in COMMON


def is_small(word: str) -> bool:
    """Tell whether a folded word is of those that stand in every sentence, and in many a name."""
    return word in SMALL and (word not in WORDS_AND_NAMES or word in _PARTICLES)


def is_little(word: str) -> bool:
    """Tell whether a folded word is a small one of English, or a title: even a first name is not told by it."""
    return word in LITTLE and word not in WORDS_AND_NAMES


def is_called_by(other: str, name: str) -> bool:
    """Tell whether a name is made of another's: Maya’s mum, a friend of Maya; not Maya Olsen, nor another Maya."""
    owned = rf"{re.escape(name)}(?:[{APOSTROPHES}]|s\b)"
    of = rf"\b(?:of|from|von|vom|de|del|di|da)\s+{re.escape(name)}\b|\bd[{APOSTROPHES}]{re.escape(name)}\b"
    return re.search(f"{owned}|{of}", other, re.IGNORECASE) is not None


def redacted(text: str, who: Called, *, label: bool = False) -> str:
    """Return the text without the names; what was said of them stays said of someone.

    In a `label`, of an interest or a place, a plain word is no name.
    """
    folded = fold(text)
    if not any(needle in folded for needle in who.needles):
        return text
    if who.spared is None:
        return _redacted(text, who, label)
    parts = who.spared.split(text)
    return "".join(
        part if number % 2 else _redacted(part, who, label) for number, part in enumerate(parts)
    )


def _redacted(text: str, who: Called, label: bool) -> str:
    for phrase in who.phrases:
        text = _phrase(phrase).sub(INSTEAD, text)

    def instead(found: re.Match[str]) -> str:
        before = found.string[max(0, found.start() - _THERE_WITHIN) : found.start()]
        folded = fold(found[0])
        in_label = label and (is_little(folded) or not is_small(folded))
        stays = (
            _TOWN.search(before)
            or (is_plain(folded) and (in_label or _NO_NAME.search(before)))
            or (folded in PLACES and _THERE.search(before))
        )
        return found[0] if stays else _word(found[0], who.words)

    return _AGAIN.sub(INSTEAD, _WORD.sub(instead, text))


def _phrase(phrase: str) -> re.Pattern[str]:
    if phrase.startswith("@"):  # with its sign or, where it cannot be a word, without
        sign = "@?" if "-" in phrase else "@"
        return re.compile(rf"(?<![\w@-]){sign}{re.escape(phrase[1:])}(?![\w-])", re.IGNORECASE)
    edge = "" if dense(phrase[:1]) else r"\b"
    start = edge if phrase[:1].isalnum() else ""
    end = edge if phrase[-1:].isalnum() else ""
    plain = all(map(is_plain, fold(phrase).split()))
    flags = 0 if plain else re.IGNORECASE
    return re.compile(f"{start}{re.escape(phrase)}{end}", flags)


def _word(word: str, theirs: frozenset[str]) -> str:
    """Put another word in the place of a name; in a compound, of the part that is one."""
    taken = _taken(word, theirs)
    if taken != word:
        return taken
    return "".join(_taken(part, theirs) for part in re.split(r"([-_])", word))


def _taken(part: str, theirs: frozenset[str]) -> str:
    owned = _OWNS.search(part)
    spans = [(start, end) for _, start, end in readings(part)]
    spans += [(0, owned.start())] if owned else []
    for is_theirs in (_is_theirs, _are_theirs):  # Maya’s is Maya before it is several of them
        for start, end in reversed(spans):
            if is_theirs(part[start:end], theirs):
                return part[:start] + INSTEAD + part[end:]
    return part


def _is_theirs(word: str, theirs: frozenset[str]) -> bool:
    folded = fold(word.lstrip("@"))
    return folded in theirs and not (is_plain(folded) and word[:1].islower())


def _are_theirs(word: str, theirs: frozenset[str]) -> bool:
    small = word[:1].islower()
    return any(
        base in theirs and len(base) >= _LEAST_PLURAL + small and not (small and is_plain(base))
        for base in _singular(fold(word.lstrip("@")))
    )


def _singular(word: str) -> Iterator[str]:
    """Yield what a word may be several of: the Picards, the Joneses."""
    if word.endswith("s"):
        yield word[:-1]
        if word.endswith("es") and word[:-2].endswith(_SIBILANTS):
            yield word[:-2]


def given_name(name: str) -> tuple[str, ...]:
    """Return what may be the given name of somebody whose name is one run of signs: 小明 of 王小明."""
    signs = name.strip()
    if not dense(signs) or not re.fullmatch(f"[{_HAN}]+|[\uac00-\ud7a3]+", signs):
        return ()
    return tuple(signs[at:] for at in (1, 2) if len(signs) - at >= 2)


_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
