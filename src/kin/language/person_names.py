"""Names of people: their words, how people are called in prose, and who WHO on the command line means."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from kin.language.text import (
    APOSTROPHES,
    DASHES,
    INVISIBLE,
    normalize,
    remove_invisible,
    replace_marks_with_letters,
)

WordList = Literal[
    "ambiguous_names",
    "english",
    "foreign",
    "titles",
    "english_function_words",
    "foreign_function_words",
    "place_names",
]
_WORDS_FOLDER = Path(__file__).with_name("words")


@cache
def load_words(*lists: WordList) -> frozenset[str]:
    """Return the normalized words of these lists, from the files in `words/`, which say what is in them."""
    texts = [(_WORDS_FOLDER / f"{name}.txt").read_text(encoding="utf-8") for name in lists]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.split())


def is_common_word(word: str) -> bool:
    """Return whether a normalized word is far more often a word or a place than a name."""
    return word in load_words(
        "english",
        "foreign",
        "titles",
        "english_function_words",
        "foreign_function_words",
        "place_names",
    )


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

# How a person can be called in prose, most certain first; the constants below are the indexes.
NAME_KINDS = (
    "full name",
    "nickname",
    "first and last name",
    "first name and initial",
    "first names",
    "first name",
)
FULL_NAME, NICKNAME, FIRST_AND_LAST, FIRST_AND_INITIAL, FIRST_NAMES, FIRST_NAME = range(6)
# Words of a longer name that count, so that parsing stays linear whatever the name.
NAME_LIMIT = 8
_FORENAME_LIMIT = 4
_UNSPACED_LIMIT = 8
_WORD = re.compile(rf"[^\W_]+(?:[_{APOSTROPHES}]+[^\W_]+)*")
# Scripts without spaces between words, or with particles after names, as in Korean.
_UNSPACED_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u3099-\u30ff"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f\uaa60-\uaa7f\uac00-\ud7fb\uf900-\ufaff"
    "\uff66-\uffdc\U00020000-\U0003ffff"
)


# What can be between two words of a name: nothing, a hyphen of any kind, a middle dot. A long dash separates
# sentences.
_NAME_JOINERS = {"", "·", *DASHES} - set("—―⸺⸻")
_LONGEST_BLANK = 12  # characters between two words of a name: a line break with an indent


@cache  # compiled only if a text has such a script
def _compile_unspaced_run() -> re.Pattern[str]:
    joiners = "".join(sorted(INVISIBLE))
    return re.compile(
        f"[{_UNSPACED_LETTERS}][{_UNSPACED_LETTERS}\u200c\u200d\U000e0100-\U000e01ef{joiners}]*"
    )


class PersonNames(NamedTuple):
    """A person in the book, with the names by which prose can call them."""

    handle: str
    name: str
    nicknames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in prose at [start:end]. `candidates` are handles; a single one is certain."""

    start: int
    end: int
    text: str
    name_kind: str
    candidates: tuple[str, ...]


def list_name_words(name: str) -> tuple[str, ...]:
    """Return the normalized words under which a name is indexed."""
    words = _normalize_words(name)
    return tuple(
        dict.fromkeys(
            word[:_UNSPACED_LIMIT] if is_unspaced_script(word) else word for word in words
        )
    )


def list_prose_words(text: str) -> frozenset[str]:
    """Return all words of a text that `list_name_words` could return for a name in it."""
    words = set()
    for raw in {text[start:end] for start, end in find_word_spans(text)}:
        for word, _, _ in list_word_readings(raw):
            words.add(word)
            if is_unspaced_script(word):
                sizes = range(1, min(_UNSPACED_LIMIT, len(word)) + 1)
                words.update(word[i : i + n] for n in sizes for i in range(len(word) - n + 1))
    return frozenset(words - {""})


def is_unspaced_script(word: str) -> bool:
    """Return whether a word begins with a script that has no spaces between words."""
    return not word.isascii() and _compile_unspaced_run().match(word) is not None


def find_word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word; a run of a script without spaces is one word, Mayaさん is two."""
    has_unspaced_run = not text.isascii() and _compile_unspaced_run().search(text) is not None
    for match in _WORD.finditer(replace_marks_with_letters(text)):
        start, end = match.span()
        for run in _compile_unspaced_run().finditer(text, start, end) if has_unspaced_run else ():
            if start < run.start():
                yield start, run.start()
            yield run.span()
            start = run.end()
        if start < end:
            yield start, end


def list_word_readings(raw: str) -> Iterator[tuple[str, int, int]]:
    """Yield the readings of a word as (key, start, end): whole, then Maya in Maya's or Maya'yla, Anna in d'Anna."""
    yield normalize(raw), 0, len(raw)
    apostrophes = [place for place, char in enumerate(raw) if char in APOSTROPHES]
    if apostrophes and len(raw) - apostrophes[-1] <= 5:
        suffix = raw[apostrophes[-1] + 1 :]
        if suffix.islower() or suffix == "S":
            yield normalize(raw[: apostrophes[-1]]), 0, apostrophes[-1]
    if apostrophes and normalize(raw[: apostrophes[0]]) in {
        "d",
        "l",
        "qu",
        "dell",
        "all",
        "un",
        "j",
        "s",
    }:
        yield normalize(raw[apostrophes[0] + 1 :]), apostrophes[0] + 1, len(raw)


class Prose:
    """A text as words, each with its span and its readings (key, start, end), the whole word first."""

    def __init__(self, text: str, excluded_spans: Sequence[tuple[int, int]] = ()) -> None:
        self.text = text
        self.spans = list(exclude_spans(find_word_spans(text), sorted(excluded_spans)))
        readings_by_word: dict[str, list[tuple[str, int, int]]] = {}
        self.readings: list[list[tuple[str, int, int]]] = []
        self.words = [text[start:end] for start, end in self.spans]
        for raw in self.words:
            if raw not in readings_by_word:
                readings_by_word[raw] = list(list_word_readings(raw))
            self.readings.append(readings_by_word[raw])

    def get_word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def get_key(self, i: int) -> str:
        return self.readings[i][0][0] if 0 <= i < len(self.readings) else ""

    def get_gap(self, i: int) -> str:
        """Return the visible characters between this word and the previous one."""
        before = self.spans[i - 1][1] if i > 0 else 0
        return remove_invisible(
            self.text[before : self.spans[i][0] if i < len(self.spans) else None]
        )

    def is_adjacent(self, i: int) -> bool:
        """Return whether only spaces separate this word from the previous one, on the same line."""
        gap = self.get_gap(i) if 0 < i < len(self.spans) else ""
        return gap.isspace() and "\n" not in gap

    def continues_name(self, i: int) -> bool:
        """Return whether this word can continue a name: after a space, a hyphen, or the dot of an initial."""
        if not 0 < i < len(self.spans):
            return False
        gap, word = self.get_gap(i), self.get_key(i - 1)
        if len(word) == 1 or word in TITLES:
            gap = gap.removeprefix(".")
        return gap in _NAME_JOINERS or (
            gap.isspace() and len(gap) <= _LONGEST_BLANK and gap.count("\n") < 2
        )

    def is_capitalized(self, i: int) -> bool:
        word = self.get_word(i)
        return word[:1].isupper() or word[:1].istitle()

    def opens_sentence(self, i: int) -> bool:
        """Return whether a sentence begins with this word, so that its capital does not mean a name."""
        gap = self.get_gap(i)
        if self.get_key(i - 1) in TITLES and gap.strip() == ".":
            return False
        return i == 0 or any(sign in gap for sign in '.!?…:\n"“”„«»—(。！？')

    def get_keys(self, i: int) -> set[str]:
        return {key for key, _, _ in self.readings[i]}

    def is_all_caps(self, i: int) -> bool:
        return len(self.get_word(i)) > 1 and self.get_word(i).isupper()

    def continues_place_name(self, i: int) -> bool:
        """Return whether this word continues the name of a place: Saint-Denis, St. Ives, Bread & Salt."""
        return self.is_adjacent(i) or self.get_gap(i) in {"-", ". ", " & "}

    def is_hyphenated(self, i: int) -> bool:
        return 0 < i < len(self.spans) and self.get_gap(i) in {"-", "‐", "‑"}

    def is_possessive(self, i: int) -> bool:
        return len(self.readings[i]) > 1 or self.get_gap(i + 1)[:1] in {"'", "’"}


def exclude_spans(
    word_spans: Iterable[tuple[int, int]], excluded_spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the word spans that do not overlap with any of the sorted spans."""
    index = 0
    for start, end in word_spans:
        while index < len(excluded_spans) and excluded_spans[index][1] <= start:
            index += 1
        if index == len(excluded_spans) or excluded_spans[index][0] >= end:
            yield start, end


_GRAPHEME_CLUSTER = ".[\u3099\u309a\uff9e\uff9f\u1160-\u11ff\u200c\u200d\U000e0100-\U000e01ef]*"


def normalize_with_origins(raw: str) -> tuple[str, list[int]]:
    """Return the key of a run of letters, and for each index in the key the index in the run."""
    key = normalize(raw)
    if key == raw:
        return key, list(range(len(raw) + 1))
    key, origins = "", []
    for letter in re.finditer(_GRAPHEME_CLUSTER, raw):
        normalized = normalize(letter[0])
        key += normalized
        origins += [letter.start()] * len(normalized)
    return key, [*origins, len(raw)]


def split_name(name: str) -> list[tuple[str, ...]]:
    """Split a name at its spaces into normalized parts, without a title: Anne-Marie is one part."""
    parts = [_normalize_words(part) for part in name.split()]
    parts = [part for part in parts if part]
    while len(parts) > 1 and parts[0][0] in TITLES:
        del parts[0]
    return parts


def _normalize_words(name: str) -> tuple[str, ...]:
    return tuple(filter(None, (normalize(name[start:end]) for start, end in find_word_spans(name))))


def list_name_forms(person: PersonNames) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield how a person can be called in prose, as (index in `NAME_KINDS`, normalized words)."""
    parts = split_name(person.name)
    if not parts:
        return
    yield FULL_NAME, _normalize_words(person.name)
    yield FULL_NAME, tuple(word for part in parts for word in part)
    for nickname in person.nicknames:
        if short := _normalize_words(nickname):
            yield NICKNAME, short
            yield NICKNAME, (*short, *parts[-1]) if len(parts) > 1 else short
    if len(parts) > 1:
        yield FIRST_AND_LAST, (*parts[0], *parts[-1])
        for part in parts[1:NAME_LIMIT]:
            yield FIRST_AND_INITIAL, (*parts[0], part[0][:1])
        # A single letter could be anyone.
        if len("".join(parts[0])) > 1:
            yield FIRST_NAME, parts[0]
        for count in range(2, min(len(parts), _FORENAME_LIMIT + 1)):
            yield FIRST_NAMES, tuple(word for part in parts[:count] for word in part)
        if is_unspaced_script(parts[-1][0]) and len(parts[-1][0]) > 1:
            yield FIRST_NAME, parts[-1]


class NameIndex:
    """The names of all people in the book, by their first words."""

    def __init__(self, people: Sequence[PersonNames]) -> None:
        self.patterns: dict[tuple[str, ...], set[tuple[int, str]]] = defaultdict(set)
        self.runs: dict[str, set[tuple[int, str]]] = defaultdict(set)
        self.words_by_handle: dict[str, set[str]] = defaultdict(set)
        for person in people:
            for rank, words in list_name_forms(person):
                self._add(rank, words, person.handle)
        lengths: dict[str, set[int]] = defaultdict(set)
        for words in self.patterns:
            lengths[words[0]].add(len(words))
        self.sizes = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}
        self.run_sizes = sorted({len(run) for run in self.runs}, reverse=True)

    def _add(self, rank: int, words: tuple[str, ...], handle: str) -> None:
        self.words_by_handle[handle].update(words)
        words = words[:NAME_LIMIT]
        self.patterns[words].add((rank, handle))
        run = "".join(words)
        if is_unspaced_script(run) and 1 < len(run) <= 40:
            self.runs[run].add((rank, handle))


def match_people(who: str, people: Sequence[PersonNames]) -> tuple[PersonNames, ...]:
    """Return the people that WHO can mean: all best matches, sorted by handle.

    A handle beats a full name, then come a nickname, a part of a name, and the beginning of any of them.
    """
    typed = who.strip()
    key = normalize_name(typed)
    ranked = [(_rank_match(typed, key, person), person) for person in people] if key else []
    best = min((rank for rank, _ in ranked if rank is not None), default=None)
    best_matches = (person for rank, person in ranked if rank is not None and rank == best)
    return tuple(sorted(best_matches, key=lambda person: person.handle))


def normalize_name(name: str) -> str:
    """Return the key of a name; dots do not count."""
    return " ".join(normalize(name.replace(".", " ")).split()) or normalize(name)


_BY_HANDLE, _BY_NAME, _BY_NICKNAME, _BY_PART, _BY_PREFIX = range(5)


def _rank_match(typed: str, key: str, person: PersonNames) -> int | None:
    handle = normalize(person.handle)
    if typed.startswith("@"):
        wanted = normalize(typed[1:])
        if handle == wanted:
            return _BY_HANDLE
        if not person.name.startswith("@"):  # a name may be written like a handle
            return _BY_PREFIX if wanted and handle.startswith(wanted) else None
    # "Tom B" is a first name and an initial even if there is a handle tom-b.
    if handle == normalize(typed) and not re.search(r"\s", typed):
        return _BY_HANDLE
    nicknames = [normalize_name(nickname) for nickname in person.nicknames]
    full_names, partial = _list_full_and_partial_names(person)
    if key in full_names:
        return _BY_NAME
    if key in nicknames:
        return _BY_NICKNAME
    if key in partial:
        return _BY_PART
    prefixable = (handle, *full_names, *nicknames, *partial)
    return _BY_PREFIX if any(name.startswith(key) for name in prefixable) else None


def _list_full_and_partial_names(person: PersonNames) -> tuple[set[str], set[str]]:
    """Return the full names of a person, and the parts of them by which they can be called."""
    words = [normalize_name(word) for word in person.name.split()]
    untitled = words[:]
    while len(untitled) > 1 and untitled[0] in TITLES:
        del untitled[0]
    full_names = {normalize_name(person.name), " ".join(untitled)}
    if len(untitled) < 2:
        return full_names, set()
    first, last = untitled[0], untitled[-1]
    parts = {first, f"{first} {last}", f"{first} {last[:1]}"}
    for count in range(1, min(len(untitled), NAME_LIMIT)):
        parts |= {" ".join(untitled[:count]), " ".join(untitled[-count:])}
    parts |= {f"{normalize_name(nickname)} {last}" for nickname in person.nicknames}
    return full_names, parts


def list_typed_names(person: PersonNames) -> set[str]:
    """Return the keys of everything that a person can be called on the command line."""
    full_names, parts = _list_full_and_partial_names(person)
    return {normalize(person.handle), *full_names, *parts, *map(normalize_name, person.nicknames)}


_NO_ACQUAINTANCES: Mapping[str, frozenset[str]] = {}


def resolve_mentions(
    mentions: Sequence[Mention], acquaintances: Mapping[str, frozenset[str]] = _NO_ACQUAINTANCES
) -> tuple[Mention, ...]:
    """Resolve mentions with several candidates by the rest of the text, where that leaves only one.

    First by who is certain elsewhere in it, then by who has met those people (`acquaintances`, by handle).
    """
    certain = {mention.candidates[0] for mention in mentions if len(mention.candidates) == 1}

    def resolve(mention: Mention) -> Mention:
        handles = mention.candidates
        likely = [handle for handle in handles if handle in certain]
        if not likely:
            others = certain.difference(handles)
            likely = [handle for handle in handles if _has_met(handle, others, acquaintances)]
        is_resolved = len(handles) > 1 and len(likely) == 1
        return replace(mention, candidates=(likely[0],)) if is_resolved else mention

    return tuple(map(resolve, mentions))


def _has_met(handle: str, others: set[str], acquaintances: Mapping[str, frozenset[str]]) -> bool:
    acquainted = acquaintances.get(handle, frozenset())
    return any(one in acquainted or handle in acquaintances.get(one, ()) for one in others)


_LEAST_SIMILARITY = 0.7
_SWAPPED_SCORE = 0.9  # of tmo for Tom; difflib's ratio is too low for such short names


def find_similar_people(
    who: str, people: Sequence[PersonNames], limit: int = 3
) -> tuple[PersonNames, ...]:
    """Return up to `limit` people whose names look like WHO, the most similar first."""
    key = normalize_name(who.strip().removeprefix("@"))[:60]
    if not key:
        return ()
    scored = [(-_score_similarity(key, person), person.handle, person) for person in people]
    scored = [scored_person for scored_person in scored if -scored_person[0] >= _LEAST_SIMILARITY]
    return tuple(person for _, _, person in islice(sorted(scored, key=lambda e: e[:2]), limit))


def _score_similarity(key: str, person: PersonNames) -> float:
    names = list_typed_names(person)
    best = max(_compare_names(key, name[:60]) for name in names)
    # "Grace Kelly" may mean Grace Hopper.
    first = key.split()[0]
    first_name_score = max(_compare_names(first, name[:60]) for name in names)
    return max(best, 0.9 * first_name_score if " " in key else 0.0)


def _compare_names(left: str, right: str) -> float:
    if _is_swapped(left, right):
        return _SWAPPED_SCORE
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST_SIMILARITY or matcher.quick_ratio() < _LEAST_SIMILARITY:
        return 0.0
    return matcher.ratio()


def _is_swapped(left: str, right: str) -> bool:
    """Return whether two adjacent letters are swapped, and nothing else differs."""
    if len(left) != len(right) or left == right:
        return False
    first_difference = next(
        place for place, (one, other) in enumerate(zip(left, right, strict=True)) if one != other
    )
    return (
        left[first_difference : first_difference + 2]
        == right[first_difference : first_difference + 2][::-1]
        and left[first_difference + 2 :] == right[first_difference + 2 :]
    )
