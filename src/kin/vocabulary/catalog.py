"""Interests as words: which labels name one interest, and the shipped table of interests.

Precision comes first: two interests are related only where that is certain, and an ambiguous word (go,
rust, pool) means nothing until its owner says which. The shipped table is read when it is first needed.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from kin.language.text import fold

T = TypeVar("T")
Kinship = Literal["same", "broader", "typo"]

# Of difflib's ratio, with six letters on both sides: below, words are neighbours.
LIKELY_TYPO = 0.84
SHORTEST_TYPO = 6
SURE_TYPO = 9  # letters: one wrong one makes no other word (knotting, banking, swinging do)
UNCLEAR = "?"  # ends the sense of a word that may be several things; no key has it
STEPS = 2  # broader terms up: chess, board games, games; a third step is true and says nothing
_TABLE = Path(__file__).with_name("interests.tsv")
_SENSES = Path(__file__).with_name("senses.tsv")
# Words that only say that one does it, and may be left off where the whole phrase is unknown.
_FILLERS = frozenset(
    "a the my our some doing going learning learn playing play practising practicing".split()
)
# Words around a name that add nothing to one that the table has; to an unknown one they may add all.
# Each on its own side: a piano player plays the piano, and a player piano plays itself.
_BEFORE = _FILLERS | frozenset(
    "am amateur enjoy enjoying im into like really recreational speaking study studying to visiting "
    "das der die ein eine au aux de des du faire jouer la le les un une al el hacer ir jugar los las tocar".split()
)
_AFTER = frozenset(
    "addict buff class club course enthusiast fan geek hobby hobbyist lesson lover nerd night owner player "
    "practice solving workshop fahren gehen machen spielen".split()
)
# Words that are one in a name: bird photos, photographing birds; colour and color.
_ALIKE = dict(
    pair.split("/")
    for pair in "collection/collecting photographer/photography photographing/photography photo/photography centre/center "
    "colour/color jewellery/jewelry moulding/molding theater/theatre traveling/travel travelling/travel".split()
)
# What one does with all of a kind, so that it adds nothing to one of the kind: listening to bebop.
_DOING = {"drinking": "drink", "growing": "gardening", "keeping": "animal", "listening": "music"}
_DOING |= {"listeningto": "music", "tasting": "drink", "watching": "movie"}
# Who does it, where the word is something else as well.
_NO_AGENT = frozenset(
    "biker boxer camper cooker curler drawer footer mother sewer stroller".split()
)

# An emoji is one interest for all: no skin, no sex, no presentation.
_TONES = dict.fromkeys([0xFE0F, *range(0x1F3FB, 0x1F400)])
_SEXES = ("\u200d\u2640", "\u200d\u2642")

_NO_WORD = re.compile(r"[^a-z0-9+#\x80-\U0010ffff]+")

# Words that end in s and are no plural, or the plural of another thing: cricket and crickets.
# Dropping the s would make another word of them.
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
_SIBILANTS = ("sses", "shes", "ches", "xes", "zes")
_PLURAL = frozenset("comics corgis emojis emus gurus haikus kiwis minis safaris skis taxis".split())
_E_STAYS = frozenset("aches axes caches quiches niches psyches avalanches headaches".split())


def key(label: str) -> str:
    """Fold an interest to its key: `Board Games`, `board-game` and `boardgame` are one.

    Case, accents, apostrophes, spaces and hyphens are dropped, `&` is "and", plurals are singular.
    Returns "" where nothing is left.
    """
    return "".join(words(label))


def words(label: str) -> list[str]:
    """Return the folded, singular words of a label."""
    return _split(fold(_plain(label)))


def _plain(label: str) -> str:
    plain = label.replace("&", " and ")
    for sex in _SEXES:
        plain = plain.replace(sex, "")
    return plain.translate(_TONES)


def _split(folded: str) -> list[str]:
    kept = (word if word.isalnum() else _NO_WORD.sub("", word) for word in folded.split())
    return [_singular(word) for word in kept if word]


def group_key(label: str) -> str:
    """Fold the name of a group to its key; one of signs alone is its own."""
    return key(label) or fold(label) or label


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word in _NOT_PLURAL:
        return word
    if word.endswith(("ss", "us", "is", "ics")) and word not in _PLURAL:
        return word
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in _IE_WORDS else word[:-3] + "y"
    if word.endswith(_SIBILANTS) and word not in _E_STAYS:
        return word[:-2]
    return word[:-1]


class Row(NamedTuple):
    """An interest of the shipped table: its label, its other names, and the labels it is a kind of."""

    label: str
    also: tuple[str, ...]
    broader: tuple[str, ...]


class Table(NamedTuple):
    """The table by keys: `names` maps any name to its row's key, `senses` an ambiguous word to labels."""

    rows: dict[str, Row]
    names: dict[str, str]
    broader: dict[str, frozenset[str]]
    senses: Mapping[str, tuple[str, ...]]


@cache
def table() -> Table:
    """Read the shipped table, once."""
    rows = dict(map(_row, _lines(_TABLE)))
    keys = {row.label: own for own, row in rows.items()}
    names = {name: own for own, row in rows.items() for name in (row.label, *row.also)}
    broader = {own: frozenset(keys[up] for up in row.broader) for own, row in rows.items()}
    return Table(rows, _keyed(names), broader, clashes())


@cache
def clashes() -> Mapping[str, tuple[str, ...]]:
    """Return what each word that is several things may mean, by its key; the table stays closed."""
    lines = (line.split("\t") for line in _lines(_SENSES))
    return MappingProxyType(_keyed({word: tuple(labels.split(" | ")) for word, labels in lines}))


def is_unclear(sense: str) -> bool:
    """Tell whether a sense is a word that is several things, of which nobody has said which."""
    return sense.endswith(UNCLEAR)


def _keyed(labels: Mapping[str, T]) -> dict[str, T]:
    """Put keys in the place of labels; folding many at once takes a fraction of the time."""
    folded = fold(_plain("|".join(labels))).split("|")
    return {"".join(_split(name)): of for name, of in zip(folded, labels.values(), strict=True)}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


def _row(line: str) -> tuple[str, Row]:
    own, label, *lists = line.split("\t")
    also, broader = (tuple(filter(None, each.split(" | "))) for each in lists)
    return own, Row(label, also, broader)


def row_of(label: str) -> str | None:
    """Return the key of the table's row that a label names, None for unknown and ambiguous ones."""
    for spelling in (*spellings(label), *_more_spellings(words(label))):
        if spelling in table().senses:
            return None
        if spelling in table().names:
            return table().names[spelling]
    every = words(label)
    told = [word for word in every if any(map(str.isalnum, word))]  # a picture adds nothing
    return _in_company(every) or (row_of(" ".join(told)) if [] != told != every else None)


def spellings(label: str) -> list[str]:
    """Return the keys under which a label may stand: as it is, without fillers, turned round."""
    every = words(label)
    bare = [word for word in every if word not in _FILLERS]
    tried = ["".join(every), "".join(bare)]
    if len(bare) == 2 and any(word.endswith("ing") for word in bare):
        tried.append("".join(reversed(bare)))  # making cheese, cheese making
    return [each for each in dict.fromkeys(tried) if each]


def _more_spellings(every: list[str]) -> Iterator[str]:
    """Yield the keys to look for in the table alone: with ever less of what is said around a name."""
    bare = every[2:] if every[:1] == ["i"] else every[:]  # I love hiking
    while bare:
        for spelled in (bare, [_ALIKE.get(word, word) for word in bare]):
            yield from _turned("".join(spelled), spelled)
        if bare[-1] in _AFTER:
            del bare[-1]
        elif bare[0] in _BEFORE:
            del bare[0]
        else:
            break


def _turned(whole: str, bare: list[str]) -> Iterator[str]:
    """Yield a name and what else it may be: trail runner, feminist, photographing birds."""
    yield whole
    if bare[-1].endswith(("er", "or")) and whole not in _NO_AGENT:
        yield whole[:-2] + "ing"
    if bare[-1].endswith("ist"):
        yield whole[:-1] + "m"
    if len(bare) == 2 and bare[0].endswith(("graphy", "ing")):
        yield "".join(reversed(bare))


def _in_company(every: list[str]) -> str | None:
    """Return the row that some words name, and the others too, or its kind: guitar 🎸, jazz music.

    Of what is a kind of two things neither is left off: flamenco dance is not all of flamenco. An
    ambiguous word is what the others say of it: football ⚽.
    """
    names = table().names
    for at in range(1, len(every)):
        for name, kind in ((every[:at], every[at:]), (every[at:], every[:at])):
            row = names.get("".join(name))
            above = names.get("".join(kind)) or _DOING.get("".join(kind))
            meant = table().senses.get("".join(kind), ())
            if row and table().rows[row].label in meant:
                return row
            if row and (above == row or (above in ancestors(row) and not _is_two_kinds(row))):
                return row
    return None


def _is_two_kinds(row: str) -> bool:
    """Tell whether a row is a kind of two things, neither of which is a kind of the other."""
    above = table().broader[row]
    return not any(above <= {up} | ancestors(up) for up in above)


def kinship(a: str, b: str) -> Kinship | None:
    """Return how two interests are related, by the shipped table alone.

    A book stores the same relations, except where its owner has said otherwise with `kin vocab`, and
    what may be a misspelling is asked before it is written.

    Args:
        a: an interest as someone typed it: `Board Games`, `D&D`, `I love hiking`, `🧗`.
        b: another; the order makes no difference.

    Returns:
        "same": two spellings or names of one interest (BJJ, Brazilian jiu-jitsu).
        "broader": one is a kind of the other, at most `STEPS` steps up (chess, games).
        "typo": one, which the table does not have, is probably a misspelling of the other: `is_slip`.
        None: unrelated, or not certain: a label without a letter or digit, and a word with several
        senses (bass, python), which is the same only as itself.

    Source: interests.tsv and senses.tsv, written from general knowledge for kin, and checked by hand
    against the pairs in tests/fixtures/kinship.tsv.
    """
    one, other = key(a), key(b)
    if not one or not other:
        return None
    row, other_row = row_of(a), row_of(b)
    if one == other or (row is not None and row == other_row):
        return "same"
    if row is None or other_row is None:
        return "typo" if is_slip(one, other) else None
    return "broader" if other_row in ancestors(row) or row in ancestors(other_row) else None


def ancestors(row: str) -> frozenset[str]:
    """Return the keys of a row's broader rows, at most `STEPS` steps up."""
    found: frozenset[str] = frozenset()
    level = frozenset([row])
    for _ in range(STEPS):
        level = frozenset(up for each in level for up in table().broader[each])
        found |= level
    return found


def is_slip(one: str, other: str) -> bool:
    """Tell whether one of two keys is a likely misspelling of the other, without reading the table.

    Both have at least `SHORTEST_TYPO` letters, neither is an ambiguous word, and difflib's ratio of
    matching letters is at least `LIKELY_TYPO`.
    """
    from difflib import SequenceMatcher

    if not may_be_slip(one, other) or {one, other} & clashes().keys():
        return False
    first, second = sorted((one, other))  # the ratio depends on the order
    return SequenceMatcher(None, first, second).ratio() >= LIKELY_TYPO


def may_be_slip(one: str, other: str) -> bool:
    """Tell by the lengths of two keys alone whether one may be a slip of the other."""
    short, long = sorted((len(one), len(other)))
    return short >= SHORTEST_TYPO and 2 * short >= LIKELY_TYPO * (short + long)


def likely_name(label: str) -> str | None:
    """Return the name in the table of which an unknown label is a slip of one letter: photograhpy.

    The whole table is a wider net than the words of one book: nearly every short word is near to some
    name of it, so that only slips of the pen count, and not every neighbour.
    """
    own = key(label)
    if len(own) < SHORTEST_TYPO:
        return None
    starts = own[0], own[1]
    for name, row in table().names.items():
        if name[0] in starts and abs(len(name) - len(own)) <= 1 and is_slip(own, name):
            spelled = _spelling(name, row)
            if _is_one_slip(words(label), words(spelled)):
                return spelled
    return None


def _spelling(name: str, row: str) -> str:
    found = table().rows[row]
    return next(each for each in (found.label, *found.also) if key(each) == name)


def _is_one_slip(one: list[str], other: list[str]) -> bool:
    """Tell whether two names differ by a slip in one word: line drawing is no life drawing."""
    if len(one) != len(other):
        one, other = ["".join(one)], ["".join(other)]
    unlike = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(unlike) == 1 and _one_letter_off(*unlike[0])


def _one_letter_off(one: str, other: str) -> bool:
    """Tell whether two letters changed places, one was doubled or not, or a long word has one wrong."""
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if short[:at] + short[at : at + 2][::-1] + short[at + 2 :] == long:
        return len(short) >= SHORTEST_TYPO - 1
    if at == 0:
        return False  # nobody slips on the first letter alone
    if len(short) < len(long) and long[at - 1] == long[at] and short[at:] == long[at + 1 :]:
        return len(long) >= SHORTEST_TYPO
    skipped = at if len(short) < len(long) else at + 1
    return len(long) >= SURE_TYPO and short[skipped:] == long[at + 1 :]
