"""The shipped table of interests: normalized labels, look-up of a label, kinship and likely misspellings.

Precision comes first: two interests are only related if that is certain, and an ambiguous word (go, rust, pool) has no
meaning until its owner chooses one. The table is read when it is first needed.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from kin.language.text import normalize

T = TypeVar("T")
Kinship = Literal["same", "broader", "typo"]

# Of difflib's ratio. Below it, words of six letters are usually different words.
LEAST_TYPO_RATIO = 0.84
SHORTEST_TYPO = 6
# Letters: in shorter words, one different letter often makes another word (knotting, banking, swinging).
SHORTEST_SUBSTITUTION = 9
AMBIGUOUS_MARK = "?"  # ends the sense of a word with several meanings; no key contains it
# Steps up: chess, board games, games. A third step is true, but says little.
ANCESTOR_STEPS = 2
_INTERESTS_FILE = Path(__file__).with_name("interests.tsv")
_SENSES_FILE = Path(__file__).with_name("senses.tsv")
# Words that only say that someone does it. They can be dropped if the whole phrase is unknown.
_FILLERS = frozenset(
    "a the my our some doing going learning learn playing play practising practicing".split()
)
# Words that add nothing before or after an interest in the table; next to an unknown one, they may matter.
# A piano player plays the piano, but a player piano plays itself.
_LEADING_WORDS = _FILLERS | frozenset(
    "am amateur enjoy enjoying im into like really recreational speaking study studying to visiting "
    "das der die ein eine au aux de des du faire jouer la le les un une al el hacer ir jugar los las tocar".split()
)
_TRAILING_WORDS = frozenset(
    "addict buff class club course enthusiast fan geek hobby hobbyist lesson lover nerd night owner player "
    "practice solving workshop fahren gehen machen spielen".split()
)
# Words that are equivalent in a label: bird photos, photographing birds; colour and color.
_EQUIVALENT_WORDS = dict(
    pair.split("/")
    for pair in "collection/collecting photographer/photography photographing/photography photo/photography centre/center "
    "colour/color jewellery/jewelry moulding/molding theater/theatre traveling/travel travelling/travel".split()
)
# What people do with everything of a kind, so that it adds nothing to one of them: listening to bebop.
_ACTIVITY_KINDS = {
    "drinking": "drink",
    "growing": "gardening",
    "keeping": "animal",
    "listening": "music",
}
_ACTIVITY_KINDS |= {"listeningto": "music", "tasting": "drink", "watching": "movie"}
# Words in -er and -or that do not mean only the person who does it.
_NOT_AGENT_NOUNS = frozenset(
    "biker boxer camper cooker curler drawer footer mother sewer stroller".split()
)

# Variants of an emoji are one interest: skin tones, genders, presentation.
_SKIN_TONES = dict.fromkeys([0xFE0F, *range(0x1F3FB, 0x1F400)])
_GENDER_SIGNS = ("\u200d\u2640", "\u200d\u2642")

_NON_WORD = re.compile(r"[^a-z0-9+#\x80-\U0010ffff]+")

# Words in -s that are not plurals, or plurals of something else: cricket and crickets. Without the s, they would be
# other words.
_NOT_PLURAL = frozenset(
    "alps always atlas bias blues brass bridges canvas chaos christmas cosmos countries crickets diabetes ethos "
    "famous gas glasses houses jeans kudos lens logos mars metals news paris pathos physics pilates pools pyjamas "
    "pythons rocks series souls species spirits squashes swings texas wales windows woods yes".split()
)
# Plurals in -ies whose singular is in -ie.
_IE_WORDS = frozenset(
    "birdie brownie budgie calorie collie cookie eerie foodie genie goalie groupie hippie hoodie indie junkie "
    "magpie movie newbie pie prairie rookie selfie smoothie talkie tie veggie zombie".split()
)
_SIBILANT_PLURALS = ("sses", "shes", "ches", "xes", "zes")
_TRUE_PLURALS = frozenset(
    "comics corgis emojis emus gurus haikus kiwis minis safaris skis taxis".split()
)
_PLURALS_KEEPING_E = frozenset(
    "aches axes caches quiches niches psyches avalanches headaches".split()
)


def normalize_interest(label: str) -> str:
    """Return the key of an interest: the same for `Board Games`, `board-game` and `boardgame`; "" if nothing is left.

    Case, accents, apostrophes, spaces and hyphens are dropped, `&` becomes "and", and plurals singular.
    """
    return "".join(list_label_words(label))


def list_label_words(label: str) -> list[str]:
    """Return the normalized words of a label, in the singular."""
    return _split_words(normalize(_simplify_signs(label)))


def _simplify_signs(label: str) -> str:
    simplified = label.replace("&", " and ")
    for gender_sign in _GENDER_SIGNS:
        simplified = simplified.replace(gender_sign, "")
    return simplified.translate(_SKIN_TONES)


def _split_words(folded: str) -> list[str]:
    cleaned = (word if word.isalnum() else _NON_WORD.sub("", word) for word in folded.split())
    return [_singularize(word) for word in cleaned if word]


def normalize_group(label: str) -> str:
    """Return the key of a group; a label without letters is its own key."""
    return normalize_interest(label) or normalize(label) or label


def _singularize(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word in _NOT_PLURAL:
        return word
    if word.endswith(("ss", "us", "is", "ics")) and word not in _TRUE_PLURALS:
        return word
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in _IE_WORDS else word[:-3] + "y"
    if word.endswith(_SIBILANT_PLURALS) and word not in _PLURALS_KEEPING_E:
        return word[:-2]
    return word[:-1]


class CatalogEntry(NamedTuple):
    """An interest of the shipped table: its label, its other names, and the labels of the interests above it."""

    label: str
    other_names: tuple[str, ...]
    broader: tuple[str, ...]


class Catalog(NamedTuple):
    """The table by keys: `names` maps every name to the key of its row, `ambiguous_words` a word to the possible labels."""

    rows: dict[str, CatalogEntry]
    names: dict[str, str]
    broader: dict[str, frozenset[str]]
    ambiguous_words: Mapping[str, tuple[str, ...]]


@cache
def load_catalog() -> Catalog:
    """Read the shipped table; cached."""
    rows = dict(map(_parse_row, _read_lines(_INTERESTS_FILE)))
    keys = {row.label: row_key for row_key, row in rows.items()}
    names = {
        name: row_key for row_key, row in rows.items() for name in (row.label, *row.other_names)
    }
    broader = {
        row_key: frozenset(keys[parent] for parent in row.broader) for row_key, row in rows.items()
    }
    return Catalog(rows, _normalize_keys(names), broader, load_ambiguous_words())


@cache
def load_ambiguous_words() -> Mapping[str, tuple[str, ...]]:
    """Return the labels that each ambiguous word can mean, by its key, without reading the table; cached."""
    lines = (line.split("\t") for line in _read_lines(_SENSES_FILE))
    return MappingProxyType(
        _normalize_keys({word: tuple(labels.split(" | ")) for word, labels in lines})
    )


def is_ambiguous(sense: str) -> bool:
    """Return whether a sense is an ambiguous word for which the owner has not chosen a meaning."""
    return sense.endswith(AMBIGUOUS_MARK)


def _normalize_keys(labels: Mapping[str, T]) -> dict[str, T]:
    """Replace labels with their keys. Normalizing all at once takes a fraction of the time."""
    folded = normalize(_simplify_signs("|".join(labels))).split("|")
    return {
        "".join(_split_words(name)): value
        for name, value in zip(folded, labels.values(), strict=True)
    }


def _read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


def _parse_row(line: str) -> tuple[str, CatalogEntry]:
    row_key, label, *lists = line.split("\t")
    other_names, broader = (tuple(filter(None, each.split(" | "))) for each in lists)
    return row_key, CatalogEntry(label, other_names, broader)


def find_row(label: str) -> str | None:
    """Return the key of the row that a label names; None if it is unknown or ambiguous."""
    for spelling in (*list_spellings(label), *_list_looser_spellings(list_label_words(label))):
        if spelling in load_catalog().ambiguous_words:
            return None
        if spelling in load_catalog().names:
            return load_catalog().names[spelling]
    label_words = list_label_words(label)
    words_with_letters = [
        word for word in label_words if any(map(str.isalnum, word))
    ]  # an emoji next to words adds nothing
    return _find_row_in_context(label_words) or (
        find_row(" ".join(words_with_letters)) if [] != words_with_letters != label_words else None
    )


def list_spellings(label: str) -> list[str]:
    """Return the possible keys of a label: as it is, without filler words, reversed."""
    label_words = list_label_words(label)
    bare = [word for word in label_words if word not in _FILLERS]
    candidates = ["".join(label_words), "".join(bare)]
    if len(bare) == 2 and any(word.endswith("ing") for word in bare):
        candidates.append("".join(reversed(bare)))  # making cheese, cheese making
    return [each for each in dict.fromkeys(candidates) if each]


def _list_looser_spellings(label_words: list[str]) -> Iterator[str]:
    """Yield further keys to look up in the table only: without more and more of the words around a name."""
    bare = label_words[2:] if label_words[:1] == ["i"] else label_words[:]  # I love hiking
    while bare:
        for spelled in (bare, [_EQUIVALENT_WORDS.get(word, word) for word in bare]):
            yield from _list_variants("".join(spelled), spelled)
        if bare[-1] in _TRAILING_WORDS:
            del bare[-1]
        elif bare[0] in _LEADING_WORDS:
            del bare[0]
        else:
            break


def _list_variants(whole: str, bare: list[str]) -> Iterator[str]:
    """Yield a key and its variants: trail runner to trail running, feminist, photographing birds."""
    yield whole
    if bare[-1].endswith(("er", "or")) and whole not in _NOT_AGENT_NOUNS:
        yield whole[:-2] + "ing"
    if bare[-1].endswith("ist"):
        yield whole[:-1] + "m"
    if len(bare) == 2 and bare[0].endswith(("graphy", "ing")):
        yield "".join(reversed(bare))


def _find_row_in_context(label_words: list[str]) -> str | None:
    """Return the row that some of the words name, if the others name it too, or its kind: guitar 🎸, jazz music.

    If the row has two kinds, neither can be dropped: flamenco dance is not all of flamenco. The other words decide
    what an ambiguous word means: football ⚽.
    """
    names = load_catalog().names
    for at in range(1, len(label_words)):
        for name, kind in (
            (label_words[:at], label_words[at:]),
            (label_words[at:], label_words[:at]),
        ):
            row = names.get("".join(name))
            kind_row = names.get("".join(kind)) or _ACTIVITY_KINDS.get("".join(kind))
            meanings = load_catalog().ambiguous_words.get("".join(kind), ())
            if row and load_catalog().rows[row].label in meanings:
                return row
            if row and (
                kind_row == row
                or (kind_row in find_ancestors(row) and not _has_unrelated_parents(row))
            ):
                return row
    return None


def _has_unrelated_parents(row: str) -> bool:
    """Return whether a row is directly under two others that are not related."""
    parents = load_catalog().broader[row]
    return not any(parents <= {parent} | find_ancestors(parent) for parent in parents)


def kinship(a: str, b: str) -> Kinship | None:
    """Return how two interests are related, by the shipped table alone.

    A book has the same relations, except where its owner has changed them with `kin vocab`. kin asks about a likely
    misspelling before it stores the interest.

    Args:
        a: an interest as typed: `Board Games`, `D&D`, `I love hiking`, `🧗`.
        b: another interest; the order makes no difference.

    Returns:
        "same": two spellings or names of one interest (BJJ, Brazilian jiu-jitsu).
        "broader": one is a kind of the other, at most `ANCESTOR_STEPS` steps up (chess, games).
        "typo": one of them, unknown to the table, is probably a misspelling of the other: see `is_typo`.
        None: unrelated or uncertain. A label without letters or digits is related to nothing, and an ambiguous word
        (bass, python) only to itself.

    Source: interests.tsv and senses.tsv, written for kin from general knowledge, and checked against the hand-reviewed
    pairs in tests/fixtures/kinship.tsv.
    """
    one, other = normalize_interest(a), normalize_interest(b)
    if not one or not other:
        return None
    row, other_row = find_row(a), find_row(b)
    if one == other or (row is not None and row == other_row):
        return "same"
    if row is None or other_row is None:
        return "typo" if is_typo(one, other) else None
    return (
        "broader" if other_row in find_ancestors(row) or row in find_ancestors(other_row) else None
    )


def find_ancestors(row: str) -> frozenset[str]:
    """Return the keys of the rows above a row, at most `ANCESTOR_STEPS` steps up."""
    result: frozenset[str] = frozenset()
    level = frozenset([row])
    for _ in range(ANCESTOR_STEPS):
        level = frozenset(parent for each in level for parent in load_catalog().broader[each])
        result |= level
    return result


def is_typo(one: str, other: str) -> bool:
    """Return whether one of two keys is a likely misspelling of the other, without reading the table.

    Both have at least `SHORTEST_TYPO` letters, neither is an ambiguous word, and difflib's ratio of matching letters
    is at least `LEAST_TYPO_RATIO`.
    """
    from difflib import SequenceMatcher

    if not may_be_typo(one, other) or {one, other} & load_ambiguous_words().keys():
        return False
    first, second = sorted((one, other))  # the ratio depends on the order
    return SequenceMatcher(None, first, second).ratio() >= LEAST_TYPO_RATIO


def may_be_typo(one: str, other: str) -> bool:
    """Return whether one of two keys can be a misspelling of the other, by their lengths alone."""
    short, long = sorted((len(one), len(other)))
    return short >= SHORTEST_TYPO and 2 * short >= LEAST_TYPO_RATIO * (short + long)


def find_likely_name(label: str) -> str | None:
    """Return the name in the table that an unknown label misspells by one letter (photograhpy), or None.

    Stricter than `is_typo`: the table has so many names that nearly every short word is similar to one of them.
    """
    label_key = normalize_interest(label)
    if len(label_key) < SHORTEST_TYPO:
        return None
    starts = label_key[0], label_key[1]
    for name, row in load_catalog().names.items():
        if name[0] in starts and abs(len(name) - len(label_key)) <= 1 and is_typo(label_key, name):
            spelling = _find_spelling(name, row)
            if _is_one_typo(list_label_words(label), list_label_words(spelling)):
                return spelling
    return None


def _find_spelling(name: str, row: str) -> str:
    entry = load_catalog().rows[row]
    return next(
        each for each in (entry.label, *entry.other_names) if normalize_interest(each) == name
    )


def _is_one_typo(one: list[str], other: list[str]) -> bool:
    """Return whether two names differ by a typo in one word; line drawing is not life drawing."""
    if len(one) != len(other):
        one, other = ["".join(one)], ["".join(other)]
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_one_letter_off(*differing[0])


def _is_one_letter_off(one: str, other: str) -> bool:
    """Return whether two letters are swapped, one is doubled or not, or one letter of a long word is wrong."""
    short, long = sorted((one, other), key=len)
    first_difference = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if (
        short[:first_difference]
        + short[first_difference : first_difference + 2][::-1]
        + short[first_difference + 2 :]
        == long
    ):
        return len(short) >= SHORTEST_TYPO - 1
    if first_difference == 0:
        return False  # the first letter alone is rarely a typo
    if (
        len(short) < len(long)
        and long[first_difference - 1] == long[first_difference]
        and short[first_difference:] == long[first_difference + 1 :]
    ):
        return len(long) >= SHORTEST_TYPO
    skipped = first_difference if len(short) < len(long) else first_difference + 1
    return len(long) >= SHORTEST_SUBSTITUTION and short[skipped:] == long[first_difference + 1 :]
