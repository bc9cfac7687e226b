"""Sharing a find: who would love it, by the interests that its text names, and why.

Only whole words count, and everyday words only in a short text, with #, or as part of a phrase.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kin.interests import common_ground
from kin.language.person_names import find_word_spans, is_unspaced_script, list_word_readings
from kin.language.text import APOSTROPHES, DASHES, add_quotes, get_first_name, join_words, truncate
from kin.notes.syntax import parse_marks
from kin.records import PersonRef
from kin.suggestions import openers, scoring, weights
from kin.suggestions.candidates import Candidate, Candidates
from kin.suggestions.reasons import find_interest_note
from kin.vocabulary import catalog

_IS_A_KIND = "{name} is into {theirs}, and this mentions {found}."
_HAS_A_KIND = "{name} is into {theirs}, and {found} is one kind."

_SHARE_QUOTE_WIDTH = 90  # cells of a quote in a reason
_MOST_NAMED_INTERESTS = 3  # in one reason
_EVERYDAY_WORDS_FILE = Path(__file__).with_name("everyday_words.txt")


class ShareSuggestion(NamedTuple):
    """Someone who would love it: why, through which interest, and which words of the text name it."""

    person: PersonRef
    because: str
    interest: str
    via: str | None
    words: tuple[str, ...]


class SentItem(NamedTuple):
    """Someone you sent it to, and on which day."""

    handle: str
    name: str
    on: str


class ShareResult(NamedTuple):
    """Who would love it, best match first; who has it already; and words with several senses."""

    suggestions: tuple[ShareSuggestion, ...]
    sent: tuple[SentItem, ...]
    ambiguous: tuple[str, ...] = ()


class _NamedInterest(NamedTuple):
    """An interest that the text names: its sense, its label, and the words as in the text."""

    sense: str
    label: str
    words: str


class _InterestMatch(NamedTuple):
    """A named interest matched with one of a person's: the same, or one broader step away.

    `broader_sense` is the broader of the two, None if they are the same.
    """

    weight: float
    named_interest: _NamedInterest
    sense: str
    broader_sense: str | None


class _TextWord(NamedTuple):
    """A word of the text as a key, its position, and the kind of gap before it."""

    key: str
    start: int
    end: int
    gap: str


_NO_GAP, _BLANK_GAP, _OTHER_GAP = "", " ", "."  # nothing or a dash; a space; anything else


def find_people_for_text(
    db: sqlite3.Connection, text: str, day: date, most: int = weights.MOST_SHARE_SUGGESTIONS
) -> ShareResult:
    """Return who would love a find, at most `most` people (0: all).

    People who have it already, or are snoozed, are left out.
    """
    sent = list_recipients(db, text)
    all_named = find_named_interests(db, text)
    clear_named = [each for each in all_named if not catalog.is_ambiguous(each.sense)]
    ambiguous = tuple(each.label for each in all_named if catalog.is_ambiguous(each.sense))
    if not clear_named:
        return ShareResult((), sent, ambiguous)
    candidates = Candidates(db, day)
    recipient_handles = {each.handle for each in sent}
    matched_people = (
        (candidates.people[each], matches)
        for each, matches in _match_people(candidates, clear_named).items()
    )
    new_matches = [
        (candidate, _select_best_matches(matches))
        for candidate, matches in matched_people
        if candidate.handle not in recipient_handles
    ]
    new_matches.sort(key=lambda each: _match_sort_key(day, *each))
    suggestions = (
        _build_share_suggestion(candidates, candidate, matches)
        for candidate, matches in islice(new_matches, most or None)
    )
    return ShareResult(tuple(suggestions), sent, ambiguous)


def list_recipients(db: sqlite3.Connection, text: str) -> tuple[SentItem, ...]:
    """Return who you sent this text to; case and white space make no difference."""
    rows = db.execute(
        "SELECT p.handle, p.name, s.day FROM sent s JOIN person p ON p.id = s.person_id "
        "WHERE folded(s.text) = folded(?) ORDER BY s.day, p.name",
        (text,),
    )
    return tuple(SentItem(*row) for row in rows)


def _match_sort_key(
    day: date, candidate: Candidate, matches: list[_InterestMatch]
) -> tuple[float, float]:
    return -scoring.combine_weights(each.weight for each in matches), scoring.draw_stable_random(
        day.isoformat(), candidate.handle, "share"
    )


# The words of the text


def find_named_interests(db: sqlite3.Connection, text: str) -> tuple[_NamedInterest, ...]:
    """Return the interests that a text names, each once, in the order of the text."""
    names = _load_interest_names(db)
    words = list(_iter_words(text))
    tagged_keys = (
        {catalog.normalize_interest(each) for each in parse_marks(text).interests}
        if "#" in text
        else set()
    )
    is_short = len(words) <= weights.SHORT_TEXT_WORDS
    ignored_keys = frozenset() if is_short else load_everyday_words() - tagged_keys
    named_by_sense: dict[str, _NamedInterest] = {}
    for first, last, key in _iter_phrases(words, names):
        if first == last and key in ignored_keys:
            continue
        label, sense = names[key]
        phrase = " ".join(text[words[first].start : words[last].end].split())
        named_by_sense.setdefault(sense, _NamedInterest(sense, label, phrase))
    for key in _iter_names_in_runs(words, names):
        label, sense = names[key]
        named_by_sense.setdefault(
            sense, _NamedInterest(sense, label, label if label in text else key)
        )
    return tuple(named_by_sense.values())


@cache
def load_everyday_words() -> frozenset[str]:
    """Return the keys of words that turn up in any text without meaning an interest."""
    lines = _EVERYDAY_WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_InterestNames = dict[str, tuple[str, str]]  # label and sense by key


def _load_interest_names(db: sqlite3.Connection) -> _InterestNames:
    """Return all names of interests in the book."""
    rows = db.execute("SELECT key, label, sense FROM interest_name")
    return {key: (label, sense) for key, label, sense in rows}


# Names of interests may have what find_word_spans leaves out: D&D, C++, C#, and emoji.
_SYMBOLS = re.compile(
    "&|[©®\u2190-\u2bff\u3030-\u3299\U0001f000-\U0001faff]"
    "(?:[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[\u2190-\u2bff\U0001f000-\U0001faff])*"
)
_SYMBOL_SUFFIX = re.compile(r"[+#]+(?![^\W_])")


def _iter_words(text: str) -> Iterator[_TextWord]:
    """Yield the words of a text; d'escalade, sci-fi and either/or are two each."""
    split_words = cache(catalog.list_label_words)
    previous_end = 0
    for start, end in _iter_word_spans(text):
        gap = _classify_gap(text[previous_end:start])
        for key in split_words(text[start:end]):
            yield _TextWord(key, start, end, gap)
            gap = _NO_GAP
        previous_end = end


def _iter_word_spans(text: str) -> Iterator[tuple[int, int]]:
    symbols = [match.span() for match in _SYMBOLS.finditer(text)]
    for start, end in sorted([*find_word_spans(text), *symbols]):
        suffix = _SYMBOL_SUFFIX.match(text, end)
        elided = 0 if text[start:end].isalnum() else [*list_word_readings(text[start:end])][-1][1]
        if elided:
            yield start, start + elided
        yield start + elided, suffix.end() if suffix else end


_JOINING_GAPS = frozenset(("", "_", *DASHES))


def _classify_gap(between: str) -> str:
    """Return the kind of gap between two words; an empty line is more than a space."""
    trimmed = between.strip(APOSTROPHES)
    if trimmed in _JOINING_GAPS:
        return _NO_GAP
    return _BLANK_GAP if trimmed.isspace() and trimmed.count("\n") < 2 else _OTHER_GAP


def _iter_phrases(words: list[_TextWord], names: _InterestNames) -> Iterator[tuple[int, int, str]]:
    """Yield the longest names in a text, none inside another: index of first and last word, key."""
    last_used = -1
    for first in range(len(words)):
        longest = None
        key = ""
        for last, word in enumerate(words[first : first + weights.LONGEST_NAME_WORDS], first):
            key += word.key
            name_key = key if key in names else _swap_words(words, first, last)
            if name_key in names and _is_one_name(words[first : last + 1], names[name_key][0]):
                longest = last, name_key
        if longest and longest[0] > last_used:
            last_used = longest[0]
            yield first, *longest


def _swap_words(words: list[_TextWord], first: int, last: int) -> str:
    """Return the key of two words in reverse, if that means the same: making cheese."""
    if last != first + 1:
        return ""
    one, other = words[first].key, words[last].key
    return other + one if one.endswith("ing") or other.endswith("ing") else ""


def _is_one_name(words: list[_TextWord], label: str) -> bool:
    """Return whether words in a row are one name.

    A sign separates them, unless the name has one (AC/DC). A short word is not half of a longer one:
    "set a" is not "setas".
    """
    gaps = {each.gap for each in words[1:]}
    if _OTHER_GAP in gaps and not _has_sign(label):
        return False
    has_short_word = _BLANK_GAP in gaps and any(
        len(each.key) < weights.SHORTEST_NAME_PART for each in words
    )
    return not has_short_word or len(catalog.list_label_words(label)) > 1


def _has_sign(label: str) -> bool:
    """Return whether a name is written with a sign that separates words."""
    return not all(char.isalnum() or char.isspace() or char in _JOINING_CHARS for char in label)


_JOINING_CHARS = f"{DASHES}{APOSTROPHES}_&"


def _iter_names_in_runs(words: list[_TextWord], names: _InterestNames) -> Iterator[str]:
    """Yield the names of two or more characters in scripts without spaces, longest first."""
    runs = "\0".join(each.key for each in words if is_unspaced_script(each.key))
    name_keys = [key for key in names if len(key) > 1 and is_unspaced_script(key)] if runs else []
    for key in sorted(name_keys, key=lambda key: (-len(key), key)):
        if key in runs:
            runs = runs.replace(key, "\0")
            yield key


# The people


def _match_people(
    candidates: Candidates, named_interests: Iterable[_NamedInterest]
) -> dict[int, list[_InterestMatch]]:
    """Return the matches of the named interests by person id, without snoozed people."""
    matches_by_person: dict[int, list[_InterestMatch]] = {}
    for named_interest in named_interests:
        for sense, broader_sense in _iter_related_senses(candidates, named_interest.sense):
            rarity = scoring.compute_rarity(
                candidates.people_into_counts.get(broader_sense or sense, 0),
                candidates.people_count,
            )
            weight = scoring.compute_interest_weight(
                weights.STANCE_WEIGHTS["shared"], rarity, 1.0, broader_sense is not None
            )
            for person in candidates.ids_into.get(sense, ()):
                if person in candidates.people:
                    matches_by_person.setdefault(person, []).append(
                        _InterestMatch(weight, named_interest, sense, broader_sense)
                    )
    return matches_by_person


def _iter_related_senses(candidates: Candidates, sense: str) -> Iterator[tuple[str, str | None]]:
    """Yield a sense, the narrower and the broader ones, each with the broader one of the two.

    A broader one that is too common is left out.
    """

    def is_specific(broad: str) -> bool:
        return not common_ground.is_too_common(
            candidates.people_into_counts.get(broad, 0), candidates.people_count
        )

    yield sense, None
    if is_specific(sense):
        yield from (
            (narrow, sense) for narrow in common_ground.list_narrower_senses(candidates.db, sense)
        )
    yield from (
        (broad, broad)
        for broad in common_ground.list_broader_senses(candidates.db, sense)
        if is_specific(broad) and not catalog.is_ambiguous(broad)
    )


def _select_best_matches(matches: Iterable[_InterestMatch]) -> list[_InterestMatch]:
    """Return the best matches, with each word of the text and each of their interests used once."""
    used: set[str] = set()
    selected = []
    for each in sorted(
        matches, key=lambda each: (-each.weight, each.named_interest.label, each.sense)
    ):
        if f"text {each.named_interest.sense}" not in used and f"theirs {each.sense}" not in used:
            used |= {f"text {each.named_interest.sense}", f"theirs {each.sense}"}
            selected.append(each)
    return selected


def _build_share_suggestion(
    candidates: Candidates, candidate: Candidate, matches: list[_InterestMatch]
) -> ShareSuggestion:
    best_match = matches[0]
    their_label = _get_their_label(candidates, candidate, best_match.sense)
    parts = [_format_share_reason(candidates, candidate, matches)]
    quotes = (
        _quote_match_source(candidates, candidate, each) for each in matches[:_MOST_NAMED_INTERESTS]
    )
    parts += islice(filter(None, quotes), 1)
    via = (
        None
        if best_match.broader_sense is None
        else their_label
        if best_match.broader_sense == best_match.sense
        else best_match.named_interest.label
    )
    words = dict.fromkeys(each.named_interest.words for each in matches)
    return ShareSuggestion(
        PersonRef(candidate.id, candidate.handle, candidate.name),
        " ".join(parts),
        their_label,
        via,
        tuple(words),
    )


def _format_share_reason(
    candidates: Candidates, candidate: Candidate, matches: list[_InterestMatch]
) -> str:
    best_match = matches[0]
    if best_match.broader_sense is None:
        same_senses = [each.sense for each in matches if each.broader_sense is None]
        labels = [
            _get_their_label(candidates, candidate, sense)
            for sense in same_senses[:_MOST_NAMED_INTERESTS]
        ]
        return f"{get_first_name(candidate.name)} is into {join_words(labels)}."
    template = _HAS_A_KIND if best_match.broader_sense == best_match.sense else _IS_A_KIND
    return template.format(
        name=get_first_name(candidate.name),
        theirs=_get_their_label(candidates, candidate, best_match.sense),
        found=add_quotes(best_match.named_interest.words),
    )


def _list_interest_ids(candidates: Candidates, candidate: Candidate, sense: str) -> list[int]:
    """Return the ids of the person's interests with this sense."""
    return [
        interest_id
        for interest_id, stance in candidates.list_interest_stances(candidate)
        if stance == "into" and candidates.interests[interest_id].sense == sense
    ]


def _get_their_label(candidates: Candidates, candidate: Candidate, sense: str) -> str:
    return min(
        candidates.interests[each].label
        for each in _list_interest_ids(candidates, candidate, sense)
    )


def _quote_match_source(
    candidates: Candidates, candidate: Candidate, interest_match: _InterestMatch
) -> str | None:
    """Quote how they came to it, else the last note in which it came up."""
    if note := find_interest_note(candidates.db, candidate.id, interest_match.sense):
        return add_quotes(truncate(note, _SHARE_QUOTE_WIDTH))
    last_note = openers.find_last_note_about(
        candidates.db, candidate.id, interest_match.sense, candidates.today
    )
    return add_quotes(truncate(last_note.body, _SHARE_QUOTE_WIDTH)) if last_note else None
