"""Interests as words: what makes two spellings one interest, and which interests are kin.

A leaf: it knows words, never people. Precision first: what is not surely kin is not kin, and a word
that is two interests (go, rust, pool) is neither until somebody says which. The shipped table is
read only when kinship is asked for.
"""

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from kin.text import fold

Kinship = Literal["same", "broader", "related", "typo"]

LIKELY_TYPO = (
    0.84  # of difflib's ratio, with six letters on both sides: below, words are neighbours
)
SHORTEST_TYPO = 6
STEPS = 2  # broader terms up: chess, board games, games; a third step is true and says nothing
_TABLE = Path(__file__).with_name("interests.tsv")
_SENSES = Path(__file__).with_name("senses.tsv")
# Words that only say that one does it, and may be left off where the whole phrase is unknown.
_FILLERS = frozenset(
    "a the my our some doing going learning learn playing play practising practicing".split()
)

# Words that end in s and are no plural; dropping the s would make another word of them.
_NOT_PLURAL = frozenset(
    "alps always atlas bias blues brass canvas chaos christmas cosmos diabetes ethos famous gas jeans kudos lens "
    "logos mars news paris pathos pilates physics pyjamas series species texas yes".split()
)
# Plurals in -ies whose singular is in -ie.
_IE_WORDS = frozenset(
    "birdie brownie budgie calorie collie cookie eerie foodie genie goalie groupie hippie hoodie indie junkie "
    "magpie movie newbie pie prairie rookie selfie smoothie talkie tie veggie zombie".split()
)
_SIBILANTS = ("sses", "shes", "ches", "xes", "zes")
_E_STAYS = frozenset("aches axes caches quiches niches psyches avalanches headaches".split())


def key(label: str) -> str:
    """Fold an interest to its key: `Board Games`, `board-game` and `boardgame` are one.

    Case, accents, apostrophes, spaces and hyphens are dropped, `&` is "and", plurals are singular.
    Returns "" where nothing is left.
    """
    return "".join(_words(label))


def _words(label: str) -> list[str]:
    """Return the folded, singular words of a label."""
    words = fold(label.replace("&", " and ").replace("\ufe0f", "")).split()
    kept = (
        "".join(sign for sign in word if sign.isalnum() or not sign.isascii() or sign in "+#")
        for word in words
    )
    return [_singular(word) for word in kept if word]


def group_key(label: str) -> str:
    """Fold the name of a group to its key; one of signs alone is its own."""
    return key(label) or fold(label) or label


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word in _NOT_PLURAL:
        return word
    if word.endswith(("ss", "us", "is")) or (word.endswith("ics") and word != "comics"):
        return word
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in _IE_WORDS else word[:-3] + "y"
    if word.endswith(_SIBILANTS) and word not in _E_STAYS:
        return word[:-2]
    return word[:-1]


class Row(NamedTuple):
    """An interest of the shipped table: its other names, and the labels it is a kind of or near to."""

    label: str
    also: tuple[str, ...]
    broader: tuple[str, ...]
    related: tuple[str, ...]


class Table(NamedTuple):
    """The table by keys: `names` leads from any name to its row's key, `senses` to several labels."""

    rows: dict[str, Row]
    names: dict[str, str]
    broader: dict[str, frozenset[str]]
    related: dict[str, frozenset[str]]
    senses: dict[str, tuple[str, ...]]


@cache
def table() -> Table:
    """Read the shipped table, once."""
    rows = {key(row.label): row for row in map(_row, _lines(_TABLE))}
    names = {key(name): own for own, row in rows.items() for name in (row.label, *row.also)}
    broader = {own: frozenset(map(key, row.broader)) for own, row in rows.items()}
    related: dict[str, set[str]] = {}
    for own, row in rows.items():
        for other in map(key, row.related):
            related.setdefault(own, set()).add(other)
            related.setdefault(other, set()).add(own)
    senses = {key(word): tuple(labels.split(" | ")) for word, labels in map(_pair, _lines(_SENSES))}
    return Table(
        rows, names, broader, {own: frozenset(near) for own, near in related.items()}, senses
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


def _row(line: str) -> Row:
    label, *lists = line.split("\t")
    also, broader, related = (tuple(filter(None, each.split(" | "))) for each in lists)
    return Row(label, also, broader, related)


def _pair(line: str) -> tuple[str, str]:
    word, labels = line.split("\t")
    return word, labels


def row_of(label: str) -> str | None:
    """Return the key of the table's row that a label names, None for unknown and ambiguous ones."""
    for spelling in _spellings(label):
        if spelling in table().senses:
            return None
        if spelling in table().names:
            return table().names[spelling]
    return None


def _spellings(label: str) -> list[str]:
    """Return the keys under which a label may stand: as it is, without fillers, turned round."""
    words = _words(label)
    bare = [word for word in words if word not in _FILLERS]
    tried = ["".join(words), "".join(bare)]
    if len(bare) == 2 and any(word.endswith("ing") for word in bare):
        tried.append("".join(reversed(bare)))  # making cheese, cheese making
    return [each for each in dict.fromkeys(tried) if each]


def kinship(a: str, b: str) -> Kinship | None:
    """Tell how two interests are kin; `broader` either way round, `typo` for a likely slip of one."""
    one, other = key(a), key(b)
    if not one or not other:
        return None
    row, other_row = row_of(a), row_of(b)
    if one == other or (row is not None and row == other_row):
        return "same"
    if row is None or other_row is None:
        return _turned_round(a, b) or _slip(one, other, row, other_row)
    if other_row in ancestors(row) or row in ancestors(other_row):
        return "broader"
    return "related" if other_row in table().related.get(row, ()) else None


def ancestors(row: str, steps: int = STEPS) -> frozenset[str]:
    """Return the keys of the broader rows, up to so many steps up."""
    found: frozenset[str] = frozenset()
    level = frozenset([row])
    for _ in range(steps):
        level = frozenset(up for each in level for up in table().broader[each])
        found |= level
    return found


def _turned_round(a: str, b: str) -> Kinship | None:
    """Tell whether two labels that no row has are one, with the words in another order."""
    return "same" if set(_spellings(a)) & set(_spellings(b)) else None


def _slip(one: str, other: str, row: str | None, other_row: str | None) -> Kinship | None:
    """Tell whether one is a likely slip of the other; two that are both known are two."""
    from difflib import SequenceMatcher

    if min(len(one), len(other)) < SHORTEST_TYPO or (row and other_row):
        return None
    if one in table().senses or other in table().senses:
        return None
    first, second = sorted((one, other))  # the ratio depends on the order
    return "typo" if SequenceMatcher(None, first, second).ratio() >= LIKELY_TYPO else None
