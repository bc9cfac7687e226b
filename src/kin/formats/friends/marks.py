"""The marks in a line of friends.md: **names**, _places_ and @tags, taken off and put on.

Its one rule: a mark goes only where a link says the same. `friends` puts the marks, nobody types
them: beside a link they hinder reading; without one they are all that says that this is a name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kin.constants import LONGEST_LABEL
from kin.formats.incoming import Incoming
from kin.language.text import (
    clipped,
    fold,
    joined,
    shape,
    visible,
)
from kin.vocabulary import catalog as vocabulary

_ADDRESS = r"(?<![a-zA-Z0-9+.-])[a-zA-Z][a-zA-Z0-9+.-]{1,20}://\S+"  # marks nothing inside
TAG = r"(?<![^\W_])@([^\W_](?:[:-]?[^\W_])*)"  # TAG_REGEX of lib/friends/tag_regex.rb
_TAGS = re.compile(f"{_ADDRESS}|{TAG}")
_MARKS = re.compile(rf"{_ADDRESS}|\*\*([^\s*][^*\n]*)\*\*|(?<!\w)_([^\W_][^_\n]{{0,199}})_(?!\w)")
_UNMARKED = re.compile(rf"{_ADDRESS}|@[\w:-]+")
_NAME_LIMIT = 8  # words by which somebody may be called

Callers = list[dict[str, list[str]]]


class Marked(NamedTuple):
    """The words as they were typed, the keys of the linked people, the places, and what is odd."""

    words: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    remarks: tuple[str, ...]


def quoted(words: str, width: int = 60) -> str:
    """Return the beginning of the words on one line, in quotes."""
    return f"“{clipped(visible(words[: 2 * width], newlines=False), width)}”"


def labels(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that kin can find again, each interest once, as first typed."""
    found: dict[str, str] = {}
    for tag in tags:
        if len(tag) <= LONGEST_LABEL:
            found.setdefault(vocabulary.key(tag), tag)
    found.pop("", None)
    return tuple(found.values())


def topics(words: str) -> tuple[str, ...]:
    """Return the labels of the @tags in a text."""
    outline = shape(words)
    return labels(words[slice(*tag.span(1))] for tag in _TAGS.finditer(outline) if tag[1])


def tags(wanted: Iterable[str]) -> list[str]:
    """Return the labels as @tags, without those that would mean something else (C++ is not C)."""
    runs = {
        label: re.findall(r"[^\W_]+(?::[^\W_]+)*", label.replace("&", " and ")) for label in wanted
    }
    spelled = {label: "-".join(words) for label, words in runs.items()}
    return [f"@{tag}" for label, tag in spelled.items() if labels([tag]) and _alike(label, tag)]


def _alike(label: str, tag: str) -> bool:
    return vocabulary.key(tag) == vocabulary.key(label)


def callers(people: Mapping[str, Incoming]) -> Callers:
    """Return whom each name may mean, the surest kind of name first, as friends looks for them.

    By the exact name, by its letters, by nickname, and by first names or first name and initial.
    """
    tables: Callers = [defaultdict(list) for _ in range(4)]
    for key, person in people.items():
        words = fold(person.name).split() or [""]
        names = [[person.name], [" ".join(words)], [fold(each) for each in person.nicknames]]
        names.append([" ".join(words[:n]) for n in range(1, min(len(words), _NAME_LIMIT))])
        if len(words) > 1:
            names[3].append(f"{words[0]} {words[-1][0]}")
        for table, calls in zip(tables, names, strict=True):
            for call in dict.fromkeys(calls):
                table[call].append(key)
    return tables


def _meant(name: str, known: Callers) -> list[str]:
    """Return whom the surest kind of name means that anybody has."""
    folded = fold(name).rstrip(" .")
    calls = (name, *[folded] * (len(known) - 1))
    return next(
        (table[each] for table, each in zip(known, calls, strict=True) if each in table), []
    )


def taken_off(words: str, known: Callers) -> Marked:
    """Read the marks of a text; several who may be meant are nobody, since kin does not guess."""
    people: dict[str, None] = {}
    places: dict[str, None] = {}
    odd: dict[str, None] = {}

    def unmarked(mark: re.Match[str]) -> str:
        name, place = mark[1], mark[2]
        if place:
            places[place.strip()] = None
            return place if place.strip() == next(iter(places)) else mark[0]
        if not name:
            return mark[0]
        meant = _meant(name.strip(), known)
        if len(meant) == 1:
            people[meant[0]] = None
            return name
        who = f"may be {joined([quoted(key) for key in meant[:5]], 'or')}"
        why = who if meant else "is not among the friends"
        odd[f"{quoted(name)} {why}: the name stays in the text, and links nobody"] = None
        return mark[0]

    plain = _MARKS.sub(unmarked, words).strip()
    for place in list(places)[1:]:
        odd[f"{quoted(place)} is one more place: it stays marked in the text"] = None
    return Marked(plain, tuple(people), tuple(places), tuple(odd))


def put_on(words: str, marks: Mapping[str, str]) -> tuple[str, set[str]]:
    """Mark each name that stands in the words, outside of addresses and tags; return also which did."""
    taken = bytearray(len(words))
    for span in (match.span() for match in _UNMARKED.finditer(words)):
        taken[slice(*span)] = b"\1" * (span[1] - span[0])
    places: dict[int, str] = {}
    for name in sorted((name for name in marks if name in words), key=len, reverse=True):
        end = 0
        while (at := words.find(name, end)) >= 0:
            end = at + len(name)
            inside = _goes_on(words[at - 1 : at]) or _goes_on(words[end : end + 1])
            if not inside and taken.find(1, at, end) < 0:
                taken[at:end] = b"\1" * len(name)
                places[at] = name
    pieces, end = [], 0
    for at, name in sorted(places.items()):
        pieces += [words[end:at], marks[name]]
        end = at + len(name)
    return "".join([*pieces, words[end:]]), set(places.values())


def _goes_on(char: str) -> bool:
    return char.isalnum() or char in ("_", "*")
