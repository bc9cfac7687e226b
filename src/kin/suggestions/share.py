"""You found something: who would love it, and why.

Its one rule: only whole words of the text that name an interest count, and an everyday word only
where it can mean nothing else.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import islice
from typing import NamedTuple

from kin.interests import common_ground
from kin.language.person_names import dense, places, readings
from kin.language.text import APOSTROPHES, DASHES, add_quotes, clipped, get_first_name, joined
from kin.notes.syntax import read_marks
from kin.suggestions import openers as questions, scoring as reckoning, weights as w
from kin.suggestions.candidates import Someone, Standing
from kin.suggestions.reasons import note_on
from kin.suggestions.reconnect import Who
from kin.vocabulary import catalog as vocabulary

_IS_A_KIND = "{name} is into {theirs}, and this speaks of {found}."

_HAS_A_KIND = "{name} is into {theirs}, and {found} is a kind of it."


_QUOTED = 90  # cells of a quotation in a reason
_NAMED = 3  # interests named in one reason


class Lover(NamedTuple):
    """Somebody who would love it: why, through which interest, and which words of the text name it."""

    person: Who
    because: str
    interest: str
    via: str | None
    words: tuple[str, ...]


class Sent(NamedTuple):
    """Somebody who has it from you, since when."""

    handle: str
    name: str
    on: str


class Answer(NamedTuple):
    """Who would love it, the best first, who has it already, and words that may be several things."""

    lovers: tuple[Lover, ...]
    sent: tuple[Sent, ...]
    unclear: tuple[str, ...] = ()


class _Named(NamedTuple):
    """An interest that the text names: its sense, what it is called, and the words as they stand."""

    sense: str
    label: str
    words: str


class _Touch(NamedTuple):
    """What a named interest touches in somebody: an interest of theirs, itself or one broader step off.

    `broad` is the broader sense of the two, None where they are the same.
    """

    weight: float
    named: _Named
    sense: str
    broad: str | None


class _Word(NamedTuple):
    """A folded word of the text and where it stands; `gap` is what parts it from the one before."""

    key: str
    start: int
    end: int
    gap: str


_DASH, _BLANK, _MORE = "", " ", "."  # the kinds of gaps: none or a dash, a blank, or any other sign


def share(db: sqlite3.Connection, text: str, day: date, most: int = w.FOR_A_FIND) -> Answer:
    """Tell who would love what you found, at most `most` (0: all); whoever has it or rests is left out."""
    sent = had(db, text)
    every = named(db, text)
    found = [each for each in every if not vocabulary.is_unclear(each.sense)]
    unclear = tuple(each.label for each in every if vocabulary.is_unclear(each.sense))
    if not found:
        return Answer((), sent, unclear)
    standing = Standing(db, day)
    have = {each.handle for each in sent}
    touched = ((standing.people[each], of) for each, of in _touched(standing, found).items())
    fresh = [(who, _best(of)) for who, of in touched if who.handle not in have]
    fresh.sort(key=lambda each: _order(day, *each))
    lovers = (_lover(standing, who, of) for who, of in islice(fresh, most or None))
    return Answer(tuple(lovers), sent, unclear)


def had(db: sqlite3.Connection, text: str) -> tuple[Sent, ...]:
    """Tell to whom you sent this text; capitals and white space make no other of it."""
    rows = db.execute(
        "SELECT p.handle, p.name, s.day FROM sent s JOIN person p ON p.id = s.person_id "
        "WHERE folded(s.text) = folded(?) ORDER BY s.day, p.name",
        (text,),
    )
    return tuple(Sent(*row) for row in rows)


def _order(day: date, who: Someone, touches: list[_Touch]) -> tuple[float, float]:
    return -reckoning.together(each.weight for each in touches), reckoning.lot(
        day.isoformat(), who.handle, "share"
    )


# The words of the text


def named(db: sqlite3.Connection, text: str) -> tuple[_Named, ...]:
    """Find the interests that a text names, each once, in the order in which they first stand there."""
    names = _names(db)
    words = list(_words(text))
    tagged = {vocabulary.key(each) for each in read_marks(text).topics} if "#" in text else set()
    spared = tagged if len(words) > w.SHORT_TEXT else w.EVERYDAY | tagged
    found: dict[str, _Named] = {}
    for first, last, key in _phrases(words, names):
        if first == last and key in w.EVERYDAY and key not in spared:
            continue
        label, sense = names[key]
        told = " ".join(text[words[first].start : words[last].end].split())
        found.setdefault(sense, _Named(sense, label, told))
    for key in _inside(words, names):
        label, sense = names[key]
        found.setdefault(sense, _Named(sense, label, label if label in text else key))
    return tuple(found.values())


_Names = dict[str, tuple[str, str]]  # by key: label and sense


def _names(db: sqlite3.Connection) -> _Names:
    """Return all names of interests that the book knows."""
    rows = db.execute("SELECT key, label, sense FROM interest_name")
    return {key: (label, sense) for key, label, sense in rows}


# What `places` leaves out, and interests are made of: D&D, C++, C#, and emoji.
_SIGNS = re.compile(
    "&|[©®\u2190-\u2bff\u3030-\u3299\U0001f000-\U0001faff]"
    "(?:[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[\u2190-\u2bff\U0001f000-\U0001faff])*"
)
_SUFFIX = re.compile(r"[+#]+(?![^\W_])")


def _words(text: str) -> Iterator[_Word]:
    """Read a text as folded words; d'escalade, sci-fi and either/or are two each."""
    folded = cache(vocabulary.words)
    before = 0
    for start, end in _pieces(text):
        gap = _gap(text[before:start])
        for key in folded(text[start:end]):
            yield _Word(key, start, end, gap)
            gap = _DASH
        before = end


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    signs = [match.span() for match in _SIGNS.finditer(text)]
    for start, end in sorted([*places(text), *signs]):
        suffix = _SUFFIX.match(text, end)
        elided = 0 if text[start:end].isalnum() else [*readings(text[start:end])][-1][1]
        if elided:
            yield start, start + elided
        yield start + elided, suffix.end() if suffix else end


_DASHED = frozenset(("", "_", *DASHES))


def _gap(between: str) -> str:
    """Tell what parts two words; an empty line is more than a blank."""
    bare = between.strip(APOSTROPHES)
    if bare in _DASHED:
        return _DASH
    return _BLANK if bare.isspace() and bare.count("\n") < 2 else _MORE


def _phrases(words: list[_Word], names: _Names) -> Iterator[tuple[int, int, str]]:
    """Yield the longest names in a text: first and last word, and key; none inside another."""
    reached = -1
    for first in range(len(words)):
        longest = None
        key = ""
        for last, word in enumerate(words[first : first + w.NAMED_IN_WORDS], first):
            key += word.key
            named = key if key in names else _turned(words, first, last)
            if named in names and _is_one(words[first : last + 1], names[named][0]):
                longest = last, named
        if longest and longest[0] > reached:
            reached = longest[0]
            yield first, *longest


def _turned(words: list[_Word], first: int, last: int) -> str:
    """Return the key of two words turned round, where that means the same: making cheese."""
    if last != first + 1:
        return ""
    one, other = words[first].key, words[last].key
    return other + one if one.endswith("ing") or other.endswith("ing") else ""


def _is_one(run: list[_Word], label: str) -> bool:
    """Tell whether words in a row are one name.

    A sign parts them, but for AC/DC; a short word with blanks is no part of a word: set a is not setas.
    """
    gaps = {each.gap for each in run[1:]}
    if _MORE in gaps and not _has_sign(label):
        return False
    short = _BLANK in gaps and any(len(each.key) < w.SHORTEST_PART for each in run)
    return not short or len(vocabulary.words(label)) > 1


def _has_sign(label: str) -> bool:
    """Tell whether a name is written with a sign that parts words."""
    return not all(char.isalnum() or char.isspace() or char in _NO_SIGN for char in label)


_NO_SIGN = f"{DASHES}{APOSTROPHES}_&"


def _inside(words: list[_Word], names: _Names) -> Iterator[str]:
    """Yield the names in runs of scripts without spaces, the longest first; one sign alone is no name there."""
    runs = "\0".join(each.key for each in words if dense(each.key))
    known = [key for key in names if len(key) > 1 and dense(key)] if runs else []
    for key in sorted(known, key=lambda key: (-len(key), key)):
        if key in runs:
            runs = runs.replace(key, "\0")
            yield key


# The people


def _touched(standing: Standing, found: Iterable[_Named]) -> dict[int, list[_Touch]]:
    """Return whom the named interests touch, and in what; whoever rests is left out."""
    touched: dict[int, list[_Touch]] = {}
    for each in found:
        for sense, broad in _reach(standing, each.sense):
            rare = reckoning.rarity(standing.holders.get(broad or sense, 0), standing.everybody)
            weight = reckoning.atom(w.WEIGHT_OF["shared"], rare, 1.0, broad is not None)
            for person in standing.lovers.get(sense, ()):
                if person in standing.people:
                    touched.setdefault(person, []).append(_Touch(weight, each, sense, broad))
    return touched


def _reach(standing: Standing, sense: str) -> Iterator[tuple[str, str | None]]:
    """Yield a sense, what is a kind of it, and of what it is a kind, each with the broader one.

    A broader one that is too common touches nobody.
    """

    def says_something(broad: str) -> bool:
        return not common_ground.too_common(standing.holders.get(broad, 0), standing.everybody)

    yield sense, None
    if says_something(sense):
        yield from ((narrow, sense) for narrow in common_ground.narrower(standing.db, sense))
    yield from (
        (broad, broad)
        for broad in common_ground.broader(standing.db, sense)
        if says_something(broad) and not vocabulary.is_unclear(broad)
    )


def _best(touches: Iterable[_Touch]) -> list[_Touch]:
    """Return the strongest touches: no word of the text and no interest of theirs counts twice."""
    taken: set[str] = set()
    best = []
    for each in sorted(touches, key=lambda each: (-each.weight, each.named.label, each.sense)):
        if f"text {each.named.sense}" not in taken and f"theirs {each.sense}" not in taken:
            taken |= {f"text {each.named.sense}", f"theirs {each.sense}"}
            best.append(each)
    return best


def _lover(standing: Standing, who: Someone, touches: list[_Touch]) -> Lover:
    lead = touches[0]
    theirs = _called(standing, who, lead.sense)
    said = [_said(standing, who, touches)]
    quotes = (_quote(standing, who, each) for each in touches[:_NAMED])
    said += islice(filter(None, quotes), 1)
    via = None if lead.broad is None else theirs if lead.broad == lead.sense else lead.named.label
    words = dict.fromkeys(each.named.words for each in touches)
    return Lover(Who(who.handle, who.name), " ".join(said), theirs, via, tuple(words))


def _said(standing: Standing, who: Someone, touches: list[_Touch]) -> str:
    lead = touches[0]
    if lead.broad is None:
        same = [each.sense for each in touches if each.broad is None]
        labels = [_called(standing, who, sense) for sense in same[:_NAMED]]
        return _describe_interest(who.name, joined(labels))
    told = _HAS_A_KIND if lead.broad == lead.sense else _IS_A_KIND
    return told.format(
        name=get_first_name(who.name),
        theirs=_called(standing, who, lead.sense),
        found=add_quotes(lead.named.words),
    )


def _held(standing: Standing, who: Someone, sense: str) -> list[int]:
    """Return the interests that mean a sense and are theirs."""
    return [
        interest
        for interest, stance in standing.links(who)
        if stance == "into" and standing.interests[interest].sense == sense
    ]


def _called(standing: Standing, who: Someone, sense: str) -> str:
    return min(standing.interests[each].label for each in _held(standing, who, sense))


def _quote(standing: Standing, who: Someone, touch: _Touch) -> str | None:
    """Quote how they came to it, else the last note in which it came up."""
    if note := note_on(standing.db, who.id, touch.sense):
        return add_quotes(clipped(note, _QUOTED))
    told = questions.about(standing.db, who.id, touch.sense, standing.today)
    return add_quotes(clipped(told.told, _QUOTED)) if told else None


def _describe_interest(name: str, label: str) -> str:
    """Say what somebody is into."""
    return f"{get_first_name(name)} is into {label}."
