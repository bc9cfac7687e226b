"""Replacing the name of a person in text that stays.

Names are read by the reader that links them (`kin.notes.name_detection`). Redaction adds the forms that it does not link: single
words that are nobody else's, plurals, compounds, handles and addresses.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kin.constants import INSTEAD
from kin.language.addresses import Address, address
from kin.language.ambiguous_names import WORDS_AND_NAMES
from kin.language.common_words import COMMON, LITTLE, PLACES, SMALL
from kin.language.person_names import (
    HOW,
    INITIAL,
    NAME_LIMIT,
    Index,
    Known,
    Mention,
    Prose,
    dense,
    outside,
    places,
    readings,
    settled,
    spellings,
    traced,
)
from kin.language.text import APOSTROPHES, INVISIBLE, fold, shape
from kin.notes.name_detection import mentions_in

_LEAST_PLURAL = 3  # a name of two letters and an s is a word more often than several of that name
# "in London" is the town, whoever is called London; so is San Diego, and 3 April is a day.
_THERE = re.compile(
    r"(?:\b(?:in|at|to|from|near|around|via|through|nach|aus|bei|en|de|desde|a|vers)|à)\s+\Z",
    re.IGNORECASE,
)
_TOWN = re.compile(r"\b(?:San|Santa|Santo|St|Saint|Sankt)\.?\s+\Z")
_NO_NAME = re.compile(r"(?:\b(?:New|Fort|Port|Mount|Lake|Los|Las|El)\s+|#|\d\.?\s?)\Z")
_THERE_WITHIN = 12  # characters
_PARTICLES = ("van",)  # of surnames, though it may be a first name
_SIBILANTS = ("s", "x", "z", "ch", "sh")
_OF = frozenset("of from von vom de del di da".split())
_BETWEEN = re.compile(
    r"[^\S\n]*-?[^\S\n]*"
)  # two names with this between them become one "someone"
_RUN_BLANK = 3  # characters between two words of a script that writes no spaces

Span = tuple[int, int]


class Phrase(NamedTuple):
    """A name of one or more words: folded, and as spelled; `plain` if each is an ordinary word."""

    words: tuple[str, ...]
    spelled: tuple[str, ...]
    plain: bool


class Reader(NamedTuple):
    """The names of all people, to tell which of them a text names; `handle` is the person's.

    A text without one of the `needles` does not mention the person.
    """

    names: Index
    handle: str
    needles: frozenset[str]


class Called(NamedTuple):
    """How a person is found in a text.

    `phrases` by their first word; `words` are folded, each enough by itself; `runs` are names in a script that writes
    no spaces. `handles` of which those in `bare` are found without the sign too. `others` are words that mean
    someone else in this text. A text whose folded form has none of the `needles` does not name the person.
    """

    phrases: dict[str, list[Phrase]]
    words: frozenset[str]
    runs: tuple[str, ...]
    handles: tuple[str, ...]
    bare: frozenset[str]
    addresses: tuple[Address, ...]
    reader: Reader | None
    others: frozenset[str]
    needles: tuple[str, ...]


def called(
    names: Iterable[str],
    words: Iterable[str],
    *,
    addresses: Iterable[Address] = (),
    reader: Reader | None = None,
    others: Iterable[str] = (),
) -> Called:
    """Return how to find a person by whole names, @handles and e-mails, and by single folded words."""
    single = frozenset(words)
    found = list(addresses)
    handles, phrases = set(), set()
    for name in names:
        if name.startswith("@"):
            handles.add(name[1:])
        elif "@" in name and (email := address("email", name)):
            found.append(email)
        elif (phrase := phrase_of(name)).words:
            phrases.add(phrase)
            single |= set(_run_together(phrase.words, single))
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda each: (-len(each.words), each)):
        by_first.setdefault(phrase.words[0], []).append(phrase)
    runs = {"".join(each.words) for each in phrases if all(map(dense, each.words))}
    runs |= {word for word in single if dense(word)}
    needles = {_needle(phrase.words) for phrase in phrases} | {*map(fold, handles)}
    needles |= {_needle((word,)) for word in single} | {each.needle for each in found}
    if reader:
        needles |= reader.needles
    return Called(
        by_first,
        single,
        tuple(sorted(runs, key=lambda run: (-len(run), run))),
        tuple(sorted(handles)),
        frozenset(each for each in handles if _is_found_bare(each)),
        tuple(found),
        reader,
        frozenset(others),
        tuple(sorted(needles - {""})),
    )


@lru_cache(maxsize=1000)
def phrase_of(name: str) -> Phrase:
    """Read a name as a phrase."""
    spelled = tuple(name[start:end] for start, end in places(name.replace("_", "-")))
    words = tuple(map(fold, spelled))
    return Phrase(words, spelled, all(map(is_plain, words)))


def _needle(words: tuple[str, ...]) -> str:
    longest = max(words, key=len)
    return longest[0] if all(map(dense, words)) else longest  # 王小明 may be written 王 小明


def _run_together(words: tuple[str, ...], theirs: frozenset[str]) -> Iterator[str]:
    """Yield a name written as one word, and neighbours of which one is theirs alone: JeanLuc."""
    parts = words[:NAME_LIMIT]
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            run = "".join(parts[start:end])
            whole = end - start == len(parts)
            if (whole and not is_plain(run)) or theirs.intersection(parts[start:end]):
                yield run


def _is_found_bare(handle: str) -> bool:
    """Return whether a handle without its sign cannot be a word: maya-o, but not well-known."""
    parts = fold(handle).split()
    return "-" in handle and not all(len(part) == 1 or is_plain(part) for part in parts)


def is_plain(word: str) -> bool:
    """Return whether a folded word is also an ordinary word or a place: a name with a capital only."""
    return word in WORDS_AND_NAMES or word in COMMON


def is_small(word: str) -> bool:
    """Return whether a folded word is a function word in some language, also where names contain it."""
    return word in SMALL and (word not in WORDS_AND_NAMES or word in _PARTICLES)


def is_little(word: str) -> bool:
    """Return whether a folded word is an English function word or a title: no first name by itself."""
    return word in LITTLE and word not in WORDS_AND_NAMES


def is_called_by(other: str, name: str) -> bool:
    """Return whether a name is made of another's: Maya’s mum, a friend of Maya; not Maya Olsen."""
    if name.startswith("@"):
        owned = rf"{re.escape(name)}(?:[{APOSTROPHES}]|s\b)"
        of = rf"\b(?:{'|'.join(sorted(_OF))})\s+{re.escape(name)}(?![\w-])"
        return re.search(f"{owned}|{of}", other, re.IGNORECASE) is not None
    wanted = phrase_of(name)
    if not wanted.words:
        return False
    prose = Prose(other)
    for first in range(len(prose.places)):
        for last, start, end in _matches(prose, first, wanted):
            owned_here = end < len(prose.raw(last)) or prose.gap(last + 1)[:1] in {*APOSTROPHES}
            owned_here |= prose.key(last).endswith("s") and prose.key(last) != wanted.words[-1]
            if owned_here or start > 0 or (prose.key(first - 1) in _OF and prose.adjoins(first)):
                return True
    return False


def redacted(text: str, who: Called, *, label: bool = False) -> str:
    """Return the text with "someone" in place of the person's names.

    In a `label`, of an interest or a place, an ordinary word is not a name.
    """
    if not _may_name(text, who):
        return text
    kept, reach = [], 0
    for start, end in _joined(text, _spans(text, who, label)):
        kept += [text[reach:start], INSTEAD]
        reach = end
    return "".join((*kept, text[reach:]))


def _may_name(text: str, who: Called) -> bool:
    folded = fold(text)
    if any(needle in folded for needle in who.needles):
        return True
    return any(not each.needle and each.find(text) for each in who.addresses)


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Merge spans that overlap, or that only a blank or a hyphen separates."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and (
            start <= merged[-1][1] or _BETWEEN.fullmatch(text, merged[-1][1], start) is not None
        ):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _spans(text: str, who: Called, label: bool) -> list[Span]:
    # Maya_Okafor and Maya%20Okafor are two words each; the length stays.
    prose = Prose(text.replace("_", "-").replace("%20", "   "))
    found = [span for each in who.addresses for span in each.find(text)]
    found += _handles(text, who)
    theirs, anothers = _mentioned(prose, who, label)
    found += theirs
    named = sorted((*_phrases(prose, who), *_runs(prose, who), *_words(prose, who, label)))
    return [*found, *outside(named, anothers)]


def _handles(text: str, who: Called) -> Iterator[Span]:
    """Find the handles with their sign, and without where they cannot be words."""
    outline = shape(text)
    for handle in who.handles:
        for match in re.finditer(re.escape(handle), text, re.IGNORECASE):
            start, end = match.span()
            signed = text[start - 1 : start] == "@"
            start -= signed
            edges = outline[start - 1 : start] if start else "", outline[end : end + 1]
            if (signed or handle in who.bare) and not any(
                re.match(r"[\w@-]", edge) for edge in edges
            ):
                yield start, end


def _mentioned(prose: Prose, who: Called, label: bool) -> tuple[list[Span], list[Span]]:
    """Return the mentions of the person, and those of others of more than one word."""
    theirs: list[Span] = []
    anothers: list[Span] = []
    if who.reader is None:
        return theirs, anothers
    names, handle, _ = who.reader
    starts = [start for start, _ in prose.places]
    for mention in settled(mentions_in(prose, names)):
        first = bisect_right(starts, mention.start) - 1
        last = bisect_right(starts, mention.end - 1) - 1
        if handle not in mention.candidates:
            if last > first or (dense(mention.text) and mention.how == HOW[0]):
                anothers.append((mention.start, mention.end))
        elif len(mention.candidates) == 1 and _is_meant(prose, who, mention, first, last, label):
            theirs.append((mention.start, _end_of_name(prose, names.own[handle], mention, last)))
    return theirs, anothers


def _is_meant(
    prose: Prose, who: Called, mention: Mention, first: int, last: int, label: bool
) -> bool:
    """Return whether a mention is a name here rather than ordinary words."""
    words = [fold(mention.text)] if last == first else [*map(prose.key, range(first, last + 1))]
    if last == first and (words[0] in who.others or _is_no_name(prose, first, label)):
        return False
    if not all(is_plain(word) or (len(word) == 1 and word.isascii()) for word in words):
        return True
    if not all(map(prose.capital, range(first, last + 1))):
        return False
    return not is_little(words[0]) or (last > first and mention.how != HOW[INITIAL])


def _end_of_name(prose: Prose, own: Collection[str], mention: Mention, last: int) -> int:
    """Return where a name ends: with the surname of Tom J. Baker, whom Tom J means."""
    end = mention.end
    while end == prose.places[last][1] and prose.follows(last + 1) and prose.capital(last + 1):
        part = next((each for each in reversed(prose.readings[last + 1]) if each[0] in own), None)
        if part is None or len(part[0]) < 2 or part[1]:
            break
        last += 1
        end = prose.places[last][0] + part[2]
    return end


def _phrases(prose: Prose, who: Called) -> Iterator[Span]:
    first = 0
    while first < len(prose.places):
        last = first
        firsts = dict.fromkeys(key for key, _, _ in prose.readings[first])
        phrases = (phrase for key in firsts for phrase in who.phrases.get(key, ()))
        for phrase in phrases:
            match = next(_matches(prose, first, phrase), None)
            if match:
                last, start, end = match
                yield prose.places[first][0] + start, prose.places[last][0] + end
                break
        first = last + 1


def _matches(prose: Prose, first: int, phrase: Phrase) -> Iterator[tuple[int, int, int]]:
    """Yield how a phrase is written from a word on: its last word, and where it starts and ends in these two."""
    words = phrase.words
    last = first + len(words) - 1
    if last >= len(prose.places):
        return
    if last > first:
        middle = all(prose.key(first + at) == words[at] for at in range(1, len(words) - 1))
        if not middle or not all(
            prose.follows(at) or prose.gap(at) in (".", "+") for at in range(first + 1, last + 1)
        ):
            return
    if phrase.plain and not _is_spelled_so(prose, first, phrase):
        return
    for key, start, stop in prose.readings[first]:
        if key != words[0] and not (last == first and words[0] in _singular(key)):
            continue
        if last == first:
            yield last, start, stop
        elif stop == len(prose.raw(first)):
            for end_key, begin, end in reversed(prose.readings[last]):
                if not begin and (end_key == words[-1] or words[-1] in _singular(end_key)):
                    yield last, start, end


def _is_spelled_so(prose: Prose, first: int, phrase: Phrase) -> bool:
    """Return whether a phrase of ordinary words has the capitals of the name."""
    return all(
        prose.capital(first + at) or not word[:1].isupper()
        for at, word in enumerate(phrase.spelled)
    )


def _runs(prose: Prose, who: Called) -> Iterator[Span]:
    """Find names in a script that writes no spaces, also where one is written inside the name."""
    if not who.runs or prose.text.isascii():
        return
    at = 0
    while at < len(prose.places):
        key, origins, starts = "", [], set()
        while at < len(prose.places) and dense(prose.raw(at)):
            begin, (part, place) = prose.places[at][0], traced(prose.raw(at))
            starts.add(len(key))
            origins += [(begin + start, begin + end) for start, end in pairwise(place)]
            key += part
            at += 1
            gap = prose.gap(at)
            if len(gap) > _RUN_BLANK or gap.strip().strip("・·"):
                break
        yield from _in_run(who.runs, key, origins, starts)
        at += not key


def _in_run(
    runs: tuple[str, ...], key: str, origins: list[Span], starts: set[int]
) -> Iterator[Span]:
    for run in runs:
        at = key.find(run)
        while at >= 0:
            # A blank inside is where a word begins that is the name, or between surname and given name.
            blanks = {start - at for start in starts if at < start < at + len(run)}
            if at in starts or blanks <= {1, 2}:
                yield origins[at][0], origins[at + len(run) - 1][1]
            at = key.find(run, at + 1)


def _words(prose: Prose, who: Called, label: bool) -> Iterator[Span]:
    for at, (start, _) in enumerate(prose.places):
        part = _taken(prose.raw(at), prose.readings[at], who.words)
        if part and not _is_no_name(prose, at, label):
            signed = re.search(r"(?<!\w)@\Z", prose.text[max(0, start - 2) : start]) is not None
            yield start + part[0] - (signed and not part[0]), start + part[1]


def _is_no_name(prose: Prose, at: int, label: bool) -> bool:
    """Return whether a word that may be a name is a place, a day or a label here."""
    start, key = prose.places[at][0], prose.key(at)
    before = prose.text[max(0, start - _THERE_WITHIN) : start]
    in_label = label and (is_little(key) or not is_small(key))
    return bool(
        _TOWN.search(before)
        or (is_plain(key) and (in_label or _NO_NAME.search(before)))
        or (key in PLACES and _THERE.search(before))
    )


def _taken(
    raw: str, ways: Iterable[tuple[str, int, int]], theirs: frozenset[str]
) -> tuple[int, int] | None:
    """Return which part of a word is a name: Maya of Maya’s, and all of Okafors."""
    spans = [(key, start, end) for key, start, end in ways][::-1]
    for is_theirs in (_is_theirs, _are_theirs):  # Maya’s is Maya before it is several of them
        for key, start, end in spans:
            if is_theirs(key, raw[start:end], theirs):
                return start, end
    if not INVISIBLE.isdisjoint(raw):
        for part in re.finditer(f"[^{''.join(sorted(INVISIBLE))}]+", raw):
            if part[0] != raw and (found := _taken(part[0], readings(part[0]), theirs)):
                return part.start() + found[0], part.start() + found[1]
    return None


def _is_theirs(key: str, word: str, theirs: frozenset[str]) -> bool:
    return key in theirs and not (is_plain(key) and word[:1].islower())


def _are_theirs(key: str, word: str, theirs: frozenset[str]) -> bool:
    small = word[:1].islower()
    return any(
        base in theirs and len(base) >= _LEAST_PLURAL + small and not (small and is_plain(base))
        for base in _singular(key)
    )


def _singular(word: str) -> Iterator[str]:
    """Yield the words of which this may be the plural: the Picards, the Joneses."""
    if word.endswith("s"):
        yield word[:-1]
        if word.endswith("es") and word[:-2].endswith(_SIBILANTS):
            yield word[:-2]


def reader(known: Iterable[Known], person: Known) -> Reader:
    """Return a reader that tells a person from all others."""
    needles = frozenset(_needle(words[:NAME_LIMIT]) for _, words in spellings(person))
    return Reader(Index([*known, person]), person.handle, needles)


def given_name(name: str) -> tuple[str, ...]:
    """Return what may be the given name in a name written as one run of signs: 小明 of 王小明."""
    signs = name.strip()
    if not dense(signs) or not re.fullmatch(f"[{_HAN}]+|[\uac00-\ud7a3]+", signs):
        return ()
    return tuple(signs[at:] for at in (1, 2) if len(signs) - at >= 2)


_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
