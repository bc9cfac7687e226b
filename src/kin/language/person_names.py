"""Who is meant: the words that names are made of, and WHO on the command line.

Its one rule: exact beats nickname beats partial beats prefix, and all of the best are returned.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from kin.language.text import APOSTROPHES, DASHES, INVISIBLE, fold, shape, without_invisible

TITLES = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "prof",
        "sir",
        "dame",
        "lady",
        "uncle",
        "aunt",
        "auntie",
        "st",
        "the",
    )
)

# The ways to call somebody, the surest first; `HOW` says them.
HOW = (
    "full name",
    "nickname",
    "first and last name",
    "first name and initial",
    "first names",
    "first name",
)
FULL, NICKNAME, FIRST_LAST, INITIAL, LEADING, FIRST = range(6)
# A longer name is known by its first words; reading stays linear whatever the name.
NAME_LIMIT = 8
_FORENAMES = 4
_DENSE_LIMIT = 8
_TOKEN = re.compile(rf"[^\W_]+(?:[_{APOSTROPHES}]+[^\W_]+)*")
# Scripts that write no spaces between words, or put particles after names as Korean does.
_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u3099-\u30ff"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f\uaa60-\uaa7f\uac00-\ud7fb\uf900-\ufaff"
    "\uff66-\uffdc\U00020000-\U0003ffff"
)


# What may stand between two words of one name: nothing, a hyphen of any kind, a middle dot. A long
# dash separates sentences.
_JOINTS = {"", "·", *DASHES} - set("—―⸺⸻")
_LONGEST_BLANK = 12  # characters between two words of a name: a line break with an indent


@cache  # compiled only where such a script is written
def _dense_run() -> re.Pattern[str]:
    joiners = "".join(sorted(INVISIBLE))
    return re.compile(f"[{_LETTERS}][{_LETTERS}\u200c\u200d\U000e0100-\U000e01ef{joiners}]*")


class Known(NamedTuple):
    """Somebody the book knows, with the names that prose may call them by."""

    handle: str
    name: str
    nicknames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in prose: `text` stands at [start:end]; one candidate (a handle) is certain."""

    start: int
    end: int
    text: str
    how: str
    candidates: tuple[str, ...]


def name_words(name: str) -> tuple[str, ...]:
    """Give the folded words under which somebody's name is indexed."""
    words = _folded_words(name)
    return tuple(dict.fromkeys(word[:_DENSE_LIMIT] if dense(word) else word for word in words))


def prose_words(text: str) -> frozenset[str]:
    """Give all words by which a name in this prose could be found with `name_words`."""
    found = set()
    for raw in {text[start:end] for start, end in places(text)}:
        for word, _, _ in readings(raw):
            found.add(word)
            if dense(word):
                sizes = range(1, min(_DENSE_LIMIT, len(word)) + 1)
                found.update(word[i : i + n] for n in sizes for i in range(len(word) - n + 1))
    return frozenset(found - {""})


def dense(word: str) -> bool:
    """Say whether a word is a run in a script that writes no spaces between words."""
    return not word.isascii() and _dense_run().match(word) is not None


def places(text: str) -> Iterator[tuple[int, int]]:
    """Find the words of a text; a run of such a script is one word, Mayaさん is two."""
    mixed = not text.isascii() and _dense_run().search(text) is not None
    for match in _TOKEN.finditer(shape(text)):
        start, end = match.span()
        for run in _dense_run().finditer(text, start, end) if mixed else ():
            if start < run.start():
                yield start, run.start()
            yield run.span()
            start = run.end()
        if start < end:
            yield start, end


def readings(raw: str) -> Iterator[tuple[str, int, int]]:
    """Read a word as (key, start, end): whole, then Maya in Maya's or Maya'yla, Anna in d'Anna."""
    yield fold(raw), 0, len(raw)
    signs = [place for place, char in enumerate(raw) if char in APOSTROPHES]
    if signs and len(raw) - signs[-1] <= 5:
        suffix = raw[signs[-1] + 1 :]
        if suffix.islower() or suffix == "S":
            yield fold(raw[: signs[-1]]), 0, signs[-1]
    if signs and fold(raw[: signs[0]]) in {"d", "l", "qu", "dell", "all", "un", "j", "s"}:
        yield fold(raw[signs[0] + 1 :]), signs[0] + 1, len(raw)


class Prose:
    """A text as words: each with its place and its readings, (key, start, end), whole one first."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]] = ()) -> None:
        self.text = text
        self.places = list(outside(places(text), sorted(spans)))
        memory: dict[str, list[tuple[str, int, int]]] = {}
        self.readings: list[list[tuple[str, int, int]]] = []
        self.raws = [text[start:end] for start, end in self.places]
        for raw in self.raws:
            if raw not in memory:
                memory[raw] = list(readings(raw))
            self.readings.append(memory[raw])

    def raw(self, i: int) -> str:
        return self.raws[i] if 0 <= i < len(self.raws) else ""

    def key(self, i: int) -> str:
        return self.readings[i][0][0] if 0 <= i < len(self.readings) else ""

    def gap(self, i: int) -> str:
        """Return what is visible between this word and the one before."""
        before = self.places[i - 1][1] if i > 0 else 0
        return without_invisible(
            self.text[before : self.places[i][0] if i < len(self.places) else None]
        )

    def adjoins(self, i: int) -> bool:
        """Say whether only blanks of one line part this word from the one before."""
        gap = self.gap(i) if 0 < i < len(self.places) else ""
        return gap.isspace() and "\n" not in gap

    def follows(self, i: int) -> bool:
        """Return whether this word may continue a name: after a blank, a hyphen, or an initial's dot."""
        if not 0 < i < len(self.places):
            return False
        gap, word = self.gap(i), self.key(i - 1)
        if len(word) == 1 or word in TITLES:
            gap = gap.removeprefix(".")
        return gap in _JOINTS or (
            gap.isspace() and len(gap) <= _LONGEST_BLANK and gap.count("\n") < 2
        )

    def capital(self, i: int) -> bool:
        raw = self.raw(i)
        return raw[:1].isupper() or raw[:1].istitle()

    def opens(self, i: int) -> bool:
        """Say whether a capital is mere grammar here: the sentence begins with this word."""
        gap = self.gap(i)
        if self.key(i - 1) in TITLES and gap.strip() == ".":
            return False
        return i == 0 or any(sign in gap for sign in '.!?…:\n"“”„«»—(。！？')

    def keys(self, i: int) -> set[str]:
        return {key for key, _, _ in self.readings[i]}

    def shouted(self, i: int) -> bool:
        return len(self.raw(i)) > 1 and self.raw(i).isupper()

    def joins(self, i: int) -> bool:
        """Say whether this word goes on with a place: Saint-Denis, St. Ives, Bread & Salt."""
        return self.adjoins(i) or self.gap(i) in {"-", ". ", " & "}

    def hyphened(self, i: int) -> bool:
        return 0 < i < len(self.places) and self.gap(i) in {"-", "‐", "‑"}

    def possessive(self, i: int) -> bool:
        return len(self.readings[i]) > 1 or self.gap(i + 1)[:1] in {"'", "’"}


def outside(
    places: Iterable[tuple[int, int]], spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Keep the places that touch none of the sorted spans."""
    reach = 0
    for start, end in places:
        while reach < len(spans) and spans[reach][1] <= start:
            reach += 1
        if reach == len(spans) or spans[reach][0] >= end:
            yield start, end


_CLUSTER = ".[\u3099\u309a\uff9e\uff9f\u1160-\u11ff\u200c\u200d\U000e0100-\U000e01ef]*"


def traced(raw: str) -> tuple[str, list[int]]:
    """Fold a run, and say for each place in the key where it stands in the run."""
    key = fold(raw)
    if key == raw:
        return key, list(range(len(raw) + 1))
    key, origins = "", []
    for letter in re.finditer(_CLUSTER, raw):
        folded = fold(letter[0])
        key += folded
        origins += [letter.start()] * len(folded)
    return key, [*origins, len(raw)]


def name_parts(name: str) -> list[tuple[str, ...]]:
    """Split a name at its spaces into folded parts, without a title: Anne-Marie is one part."""
    parts = [_folded_words(part) for part in name.split()]
    parts = [part for part in parts if part]
    while len(parts) > 1 and parts[0][0] in TITLES:
        del parts[0]
    return parts


def _folded_words(name: str) -> tuple[str, ...]:
    return tuple(filter(None, (fold(name[start:end]) for start, end in places(name))))


def spellings(person: Known) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the ways to call somebody in prose, as (rank in `HOW`, folded words)."""
    parts = name_parts(person.name)
    if not parts:
        return
    yield FULL, _folded_words(person.name)
    yield FULL, tuple(word for part in parts for word in part)
    for nickname in person.nicknames:
        if short := _folded_words(nickname):
            yield NICKNAME, short
            yield NICKNAME, (*short, *parts[-1]) if len(parts) > 1 else short
    if len(parts) > 1:
        yield FIRST_LAST, (*parts[0], *parts[-1])
        for part in parts[1:NAME_LIMIT]:
            yield INITIAL, (*parts[0], part[0][:1])
        # A lone letter is anybody's.
        if len("".join(parts[0])) > 1:
            yield FIRST, parts[0]
        for count in range(2, min(len(parts), _FORENAMES + 1)):
            yield LEADING, tuple(word for part in parts[:count] for word in part)
        if dense(parts[-1][0]) and len(parts[-1][0]) > 1:
            yield FIRST, parts[-1]


class Index:
    """The names of all known people, by the words they begin with."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.patterns: dict[tuple[str, ...], set[tuple[int, str]]] = defaultdict(set)
        self.runs: dict[str, set[tuple[int, str]]] = defaultdict(set)
        self.own: dict[str, set[str]] = defaultdict(set)
        for person in known:
            for rank, words in spellings(person):
                self._add(rank, words, person.handle)
        lengths: dict[str, set[int]] = defaultdict(set)
        for words in self.patterns:
            lengths[words[0]].add(len(words))
        self.sizes = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}
        self.run_sizes = sorted({len(run) for run in self.runs}, reverse=True)

    def _add(self, rank: int, words: tuple[str, ...], handle: str) -> None:
        self.own[handle].update(words)
        words = words[:NAME_LIMIT]
        self.patterns[words].add((rank, handle))
        run = "".join(words)
        if dense(run) and 1 < len(run) <= 40:
            self.runs[run].add((rank, handle))


def matching(who: str, known: Sequence[Known]) -> tuple[Known, ...]:
    """Find whom WHO means: all of the best class, sorted by handle; () when nobody.

    A handle beats a full name beats a nickname beats a part of a name beats a beginning.
    """
    typed = who.strip()
    key = key_of(typed)
    ranked = [(_match_rank(typed, key, person), person) for person in known] if key else []
    best = min((rank for rank, _ in ranked if rank is not None), default=None)
    found = (person for rank, person in ranked if rank is not None and rank == best)
    return tuple(sorted(found, key=lambda person: person.handle))


def key_of(name: str) -> str:
    """Return a name as it is compared with others."""
    return " ".join(fold(name.replace(".", " ")).split()) or fold(name)


_HANDLE, _NAME, _NICK, _PART, _BEGINNING = range(5)


def _match_rank(typed: str, key: str, person: Known) -> int | None:
    handle = fold(person.handle)
    if typed.startswith("@"):
        wanted = fold(typed[1:])
        if handle == wanted:
            return _HANDLE
        if not person.name.startswith("@"):  # a name may be written like a handle
            return _BEGINNING if wanted and handle.startswith(wanted) else None
    # "Tom B" is a first name and an initial even where a handle is tom-b.
    if handle == fold(typed) and not re.search(r"\s", typed):
        return _HANDLE
    nicknames = [key_of(nickname) for nickname in person.nicknames]
    full, parts = _called(person)
    if key in full:
        return _NAME
    if key in nicknames:
        return _NICK
    if key in parts:
        return _PART
    beginnings = (handle, *full, *nicknames, *parts)
    return _BEGINNING if any(name.startswith(key) for name in beginnings) else None


def _called(person: Known) -> tuple[set[str], set[str]]:
    """Give somebody's full names, and the parts of them by which they may be called."""
    words = [key_of(word) for word in person.name.split()]
    bare = words[:]
    while len(bare) > 1 and bare[0] in TITLES:
        del bare[0]
    full = {key_of(person.name), " ".join(bare)}
    if len(bare) < 2:
        return full, set()
    first, last = bare[0], bare[-1]
    parts = {first, f"{first} {last}", f"{first} {last[:1]}"}
    for count in range(1, min(len(bare), NAME_LIMIT)):
        parts |= {" ".join(bare[:count]), " ".join(bare[-count:])}
    parts |= {f"{key_of(nickname)} {last}" for nickname in person.nicknames}
    return full, parts


def typed_as(person: Known) -> set[str]:
    """Return all that somebody may be called by on the command line, as keys."""
    full, parts = _called(person)
    return {fold(person.handle), *full, *parts, *map(key_of, person.nicknames)}


_NOBODY: Mapping[str, frozenset[str]] = {}


def settled(
    found: Sequence[Mention], together: Mapping[str, frozenset[str]] = _NOBODY
) -> tuple[Mention, ...]:
    """Settle mentions with several candidates by the rest of the text, where it leaves one.

    First by who is certain elsewhere in it, then by who has met those (`together`, by handle).
    """
    certain = {mention.candidates[0] for mention in found if len(mention.candidates) == 1}

    def settle(mention: Mention) -> Mention:
        people = mention.candidates
        left = [handle for handle in people if handle in certain]
        if not left:
            others = certain.difference(people)
            left = [handle for handle in people if _met(handle, others, together)]
        many = len(people) > 1 and len(left) == 1
        return replace(mention, candidates=(left[0],)) if many else mention

    return tuple(map(settle, found))


def _met(handle: str, others: set[str], together: Mapping[str, frozenset[str]]) -> bool:
    company = together.get(handle, frozenset())
    return any(one in company or handle in together.get(one, ()) for one in others)
