"""Replaces the name of a person in text that stays.

It finds the names that notes are linked by (`kin.notes.name_detection`), and forms that are not linked: single words
that no one else has in their name, plurals, compounds, handles and addresses.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kin.constants import REDACTED_NAME
from kin.language.person_names import (
    FIRST_AND_INITIAL,
    NAME_KINDS,
    NAME_LIMIT,
    Mention,
    NameIndex,
    PersonNames,
    Prose,
    exclude_spans,
    find_word_spans,
    is_common_word,
    is_unspaced_script,
    list_name_forms,
    list_word_readings,
    load_words,
    normalize_with_origins,
    resolve_mentions,
)
from kin.language.text import APOSTROPHES, INVISIBLE, normalize, replace_marks_with_letters
from kin.notes.name_detection import find_known_names_in_prose

MIN_DIGITS = 7  # a shorter number may be a year, a price or a house number
_IDENTIFYING_DIGITS = 9  # last digits that identify a number where one side has no country code
_LONGEST_COUNTRY_CODE = 3  # digits
_COUNTRY_CODE_WINDOW = 12  # characters, with signs and spaces
_LONGEST_NUMBER = 15  # digits, by E.164
_LONGEST_LOCAL = 13  # digits of a number without a country code, or with one that has no + or 00
_MOST_GROUPS = 10  # groups of digits in one phone number

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!//)", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@/]+@[^\s@/]+")
_ACCOUNT = re.compile(r"@?[^\W_][\w.-]*")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?(?P<host>[^\s/?#@]+\.[^\s/?#@]+)(?P<path>[/?#]\S*)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"[+(]{0,4}\d(?:[\s().\-\u2010-\u2015/]{0,3}\d)*\)?")
_DATE = re.compile(r"\d{4}([-./])\d\d?\1\d\d?|\d\d?([-./])\d\d?\2\d{4}")

Finder = Callable[[str], list[tuple[int, int]]]


class Address(NamedTuple):
    """An address to look for. Two with the same `key` are the same.

    A text whose normalized form does not contain the `needle` does not have it; an empty needle is in every text.
    """

    key: str
    needle: str
    find: Finder


def parse_address(kind: str, value: str) -> Address | None:
    """Return how to find a contact in text, or None if it is not specific enough to look for."""
    text = value.strip()
    if link := _LINK.fullmatch(text):
        return _make_link_address(link["host"], link["path"].rstrip("/"))
    bare = _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text
    if _EMAIL.fullmatch(bare):
        return _make_email_address(bare)
    if kind != "email" and _PHONE.fullmatch(bare):
        return _make_phone_address(bare)
    if kind == "link" and _ACCOUNT.fullmatch(bare):
        return _make_account_address(bare.removeprefix("@"))
    return None


def _make_email_address(email: str) -> Address:
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    return Address(f"email:{email.casefold()}", normalize(email), _make_finder(pattern))


def _make_link_address(host: str, path: str) -> Address | None:
    if not any(map(str.isalnum, path)):
        return None  # a host alone is not specific
    pattern = re.compile(
        rf"(?<![\w.@/-])(?:(?i:[a-z][a-z0-9+.-]*)://)?(?i:(?:www\.)?{re.escape(host)})"
        rf"{re.escape(path)}/?(?![\w/?#&=%~@:+-]|[.,;!]\w)"
    )
    return Address(f"link:{host.casefold()}{path}", normalize(host), _make_finder(pattern))


def _make_account_address(name: str) -> Address:
    """Find an account only with its @: chess may be a word."""
    pattern = re.compile(rf"(?<![\w@.-])@{re.escape(name)}(?![\w-]|\.\w)", re.IGNORECASE)
    return Address(f"account:{name.casefold()}", normalize(name), _make_finder(pattern))


def _make_finder(pattern: re.Pattern[str]) -> Finder:
    return lambda text: [match.span() for match in pattern.finditer(text)]


class _PhoneNumber(NamedTuple):
    """The digits of a phone number, and whether they include a country code."""

    digits: str
    has_country_code: bool


def _make_phone_address(value: str) -> Address | None:
    wanted = _parse_phone_number(value)
    if len(_extract_digits(value)) < MIN_DIGITS:
        return None
    last = wanted.digits[-_IDENTIFYING_DIGITS:]

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        for run in _PHONE.finditer(text):
            if len(run[0]) >= len(last) and last.lstrip("0") in _extract_digits(run[0]):
                found += _find_phone_numbers(text, run, wanted)
        return found

    return Address(f"phone:{last.lstrip('0')}", "", find)


def _find_phone_numbers(
    text: str, run: re.Match[str], wanted: _PhoneNumber
) -> list[tuple[int, int]]:
    """Return where a number is among groups of digits, however they are split."""
    groups = list(re.compile(r"\d+").finditer(text, run.start(), run.end()))
    spans: list[tuple[int, int]] = []
    for last, group in enumerate(groups):
        best = None
        for first in range(last, max(last - _MOST_GROUPS, -1), -1):
            start = groups[first].start()
            while start > run.start() and text[start - 1] in "+(":
                start -= 1
            if (spans and start < spans[-1][1]) or _follows_country_code(text, run, start):
                continue
            candidate = text[start : group.end()]
            number = _parse_phone_number(candidate)
            if _DATE.fullmatch(candidate) or not _is_same_number(number, wanted):
                continue
            if best is None or number.digits == wanted.digits:
                has_open_bracket = (
                    candidate.count("(") > candidate.count(")") and candidate[0] == "("
                )
                best = start + has_open_bracket, group.end()
        spans += [best] if best else []
    return spans


def _follows_country_code(text: str, run: re.Match[str], start: int) -> bool:
    """Return whether another country code precedes: +1 7700 900123 is not +44 7700 900123."""
    return (
        re.search(
            r"(?<!\d)(?:\+|00)[\s(]*(\d{1,3})\W*\Z",
            text[max(run.start(), start - _COUNTRY_CODE_WINDOW) : start],
        )
        is not None
    )


def _parse_phone_number(text: str) -> _PhoneNumber:
    digits = _extract_digits(re.sub(r"(?<=.)\(0\)", "", text))
    if text.lstrip("(").startswith("+"):
        return _PhoneNumber(digits, True)
    if digits.startswith("00"):
        return _PhoneNumber(digits[2:], True)
    return _PhoneNumber(digits.removeprefix("0"), False)


def _extract_digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _is_same_number(one: _PhoneNumber, other: _PhoneNumber) -> bool:
    """Return whether two numbers are the same; different country codes make them different."""
    if one.has_country_code and other.has_country_code:
        return one.digits == other.digits
    if any(
        len(each.digits) > (_LONGEST_NUMBER if each.has_country_code else _LONGEST_LOCAL)
        for each in (one, other)
    ):
        return False
    short, long = sorted((one.digits, other.digits), key=len)
    if len(short) >= _IDENTIFYING_DIGITS:
        return short[-_IDENTIFYING_DIGITS:] == long[-_IDENTIFYING_DIGITS:]
    code = len(long) - len(short)
    return len(short) >= MIN_DIGITS - 1 and (
        short == long
        or (
            one.has_country_code != other.has_country_code
            and code <= _LONGEST_COUNTRY_CODE
            and long.endswith(short)
        )
    )


_MIN_PLURAL_LENGTH = 3  # a name of two letters and an s is more often a word than a plural
# "in London" is the town, even if someone is called London; so is San Diego, and 3 April is a date.
_PLACE_PREPOSITION = re.compile(
    r"(?:\b(?:in|at|to|from|near|around|via|through|nach|aus|bei|en|de|desde|a|vers)|à)\s+\Z",
    re.IGNORECASE,
)
_SAINT_PREFIX = re.compile(r"\b(?:San|Santa|Santo|St|Saint|Sankt)\.?\s+\Z")
_NOT_BEFORE_NAME = re.compile(r"(?:\b(?:New|Fort|Port|Mount|Lake|Los|Las|El)\s+|#|\d\.?\s?)\Z")
_LOOK_BEHIND = 12  # characters
_SURNAME_PARTICLES = ("van",)  # which may be a first name too
_SIBILANTS = ("s", "x", "z", "ch", "sh")
_OF_WORDS = frozenset("of from von vom de del di da".split())
_NAME_GAP = re.compile(r"[^\S\n]*-?[^\S\n]*")  # between two names that become one "someone"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # the characters of Chinese names
_MAX_RUN_GAP = 3  # characters between two words of a script without spaces

Span = tuple[int, int]


class Phrase(NamedTuple):
    """A name of one or more words, normalized and as spelled; `is_ordinary` if each is an ordinary word."""

    words: tuple[str, ...]
    spelled: tuple[str, ...]
    is_ordinary: bool


class NameDetector(NamedTuple):
    """The names of all people, to tell which of them a text names; `handle` is that of the person to find.

    A text with none of the `needles` in its normalized form does not name the person.
    """

    names: NameIndex
    handle: str
    needles: frozenset[str]


class NameMatcher(NamedTuple):
    """How to find a person in a text.

    `phrases` are whole names by their first word; each of the normalized `words` is enough by itself; `runs` are names
    in a script without spaces. `handles` are found with an @, `bare_handles` without it too. `other_words` mean someone
    else in this text. A text with none of the `needles` in its normalized form does not name the person.
    """

    phrases: dict[str, list[Phrase]]
    words: frozenset[str]
    runs: tuple[str, ...]
    handles: tuple[str, ...]
    bare_handles: frozenset[str]
    addresses: tuple[Address, ...]
    detector: NameDetector | None
    other_words: frozenset[str]
    needles: tuple[str, ...]


def make_name_matcher(
    names: Iterable[str],
    words: Iterable[str],
    *,
    addresses: Iterable[Address] = (),
    detector: NameDetector | None = None,
    other_words: Iterable[str] = (),
) -> NameMatcher:
    """Return how to find a person by whole names, @handles and email addresses, and by single normalized words."""
    single_words = frozenset(words)
    all_addresses = list(addresses)
    handles, phrases = set(), set()
    for name in names:
        if name.startswith("@"):
            handles.add(name[1:])
        elif "@" in name and (email_address := parse_address("email", name)):
            all_addresses.append(email_address)
        elif (phrase := parse_phrase(name)).words:
            phrases.add(phrase)
            single_words |= set(_list_joined_forms(phrase.words, single_words))
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda each: (-len(each.words), each)):
        by_first.setdefault(phrase.words[0], []).append(phrase)
    runs = {"".join(each.words) for each in phrases if all(map(is_unspaced_script, each.words))}
    runs |= {word for word in single_words if is_unspaced_script(word)}
    needles = {_choose_search_text(phrase.words) for phrase in phrases} | {*map(normalize, handles)}
    needles |= {_choose_search_text((word,)) for word in single_words} | {
        each.needle for each in all_addresses
    }
    if detector:
        needles |= detector.needles
    return NameMatcher(
        by_first,
        single_words,
        tuple(sorted(runs, key=lambda run: (-len(run), run))),
        tuple(sorted(handles)),
        frozenset(each for each in handles if _is_found_bare(each)),
        tuple(all_addresses),
        detector,
        frozenset(other_words),
        tuple(sorted(needles - {""})),
    )


@lru_cache(maxsize=1000)
def parse_phrase(name: str) -> Phrase:
    """Return a name as a phrase."""
    spelled = tuple(name[start:end] for start, end in find_word_spans(name.replace("_", "-")))
    words = tuple(map(normalize, spelled))
    return Phrase(words, spelled, all(map(is_ordinary_word, words)))


def _choose_search_text(words: tuple[str, ...]) -> str:
    longest = max(words, key=len)
    # 王小明 may be written 王 小明.
    return longest[0] if all(map(is_unspaced_script, words)) else longest


def _list_joined_forms(words: tuple[str, ...], own_words: frozenset[str]) -> Iterator[str]:
    """Yield the name written as one word, and joined neighbours that include a word only they have: JeanLuc."""
    parts = words[:NAME_LIMIT]
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            joined_form = "".join(parts[start:end])
            is_whole = end - start == len(parts)
            if (is_whole and not is_ordinary_word(joined_form)) or own_words.intersection(
                parts[start:end]
            ):
                yield joined_form


def _is_found_bare(handle: str) -> bool:
    """Return whether a handle is found without its @, as it cannot be a word: maya-o, but not well-known."""
    parts = normalize(handle).split()
    return "-" in handle and not all(len(part) == 1 or is_ordinary_word(part) for part in parts)


def is_ordinary_word(word: str) -> bool:
    """Return whether a normalized word is also an ordinary word or a place: a name only with a capital."""
    return word in load_words("ambiguous_names") or is_common_word(word)


def is_function_word(word: str) -> bool:
    """Return whether a normalized word is a function word in some language, even if names contain it."""
    function_words = load_words("titles", "english_function_words", "foreign_function_words")
    return word in function_words and (
        word not in load_words("ambiguous_names") or word in _SURNAME_PARTICLES
    )


def is_english_function_word(word: str) -> bool:
    """Return whether a normalized word is an English function word or a title, and so not a first name."""
    titles_and_words = load_words("titles", "english_function_words")
    return word in titles_and_words and word not in load_words("ambiguous_names")


def is_named_after(other_name: str, name: str) -> bool:
    """Return whether a name is derived from another: Maya’s mum, a friend of Maya; not Maya Olsen."""
    if name.startswith("@"):
        possessive = rf"{re.escape(name)}(?:[{APOSTROPHES}]|s\b)"
        of_pattern = rf"\b(?:{'|'.join(sorted(_OF_WORDS))})\s+{re.escape(name)}(?![\w-])"
        return re.search(f"{possessive}|{of_pattern}", other_name, re.IGNORECASE) is not None
    phrase = parse_phrase(name)
    if not phrase.words:
        return False
    prose = Prose(other_name)
    for first in range(len(prose.spans)):
        for last, start, end in _match_phrase(prose, first, phrase):
            is_possessive = end < len(prose.get_word(last)) or prose.get_gap(last + 1)[:1] in {
                *APOSTROPHES
            }
            is_possessive |= (
                prose.get_key(last).endswith("s") and prose.get_key(last) != phrase.words[-1]
            )
            if (
                is_possessive
                or start > 0
                or (prose.get_key(first - 1) in _OF_WORDS and prose.is_adjacent(first))
            ):
                return True
    return False


def redact(text: str, matcher: NameMatcher, *, label: bool = False) -> str:
    """Return the text with "someone" instead of the person's names.

    In a `label` (of an interest or a place, say) an ordinary word is not a name.
    """
    if not _may_mention(text, matcher):
        return text
    pieces, position = [], 0
    for start, end in _merge_spans(text, _find_spans(text, matcher, label)):
        pieces += [text[position:start], REDACTED_NAME]
        position = end
    return "".join((*pieces, text[position:]))


def _may_mention(text: str, matcher: NameMatcher) -> bool:
    folded = normalize(text)
    if any(needle in folded for needle in matcher.needles):
        return True
    return any(not each.needle and each.find(text) for each in matcher.addresses)


def _merge_spans(text: str, spans: list[Span]) -> list[Span]:
    """Merge spans that overlap or are separated only by spaces or a hyphen."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and (
            start <= merged[-1][1] or _NAME_GAP.fullmatch(text, merged[-1][1], start) is not None
        ):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _find_spans(text: str, matcher: NameMatcher, label: bool) -> list[Span]:
    # Maya_Okafor and Maya%20Okafor are two words each; the length stays.
    prose = Prose(text.replace("_", "-").replace("%20", "   "))
    spans = [span for each in matcher.addresses for span in each.find(text)]
    spans += _find_handles(text, matcher)
    own_spans, other_spans = _find_detected_mentions(prose, matcher, label)
    spans += own_spans
    name_spans = sorted(
        (
            *_find_phrases(prose, matcher),
            *_find_unspaced_names(prose, matcher),
            *_find_words(prose, matcher, label),
        )
    )
    return [*spans, *exclude_spans(name_spans, other_spans)]


def _find_handles(text: str, matcher: NameMatcher) -> Iterator[Span]:
    """Find the handles with their @, and those that cannot be words also without it."""
    outline = replace_marks_with_letters(text)
    for handle in matcher.handles:
        for match in re.finditer(re.escape(handle), text, re.IGNORECASE):
            start, end = match.span()
            has_sign = text[start - 1 : start] == "@"
            start -= has_sign
            edges = outline[start - 1 : start] if start else "", outline[end : end + 1]
            if (has_sign or handle in matcher.bare_handles) and not any(
                re.match(r"[\w@-]", edge) for edge in edges
            ):
                yield start, end


def _find_detected_mentions(
    prose: Prose, matcher: NameMatcher, label: bool
) -> tuple[list[Span], list[Span]]:
    """Return the mentions of the person, and the mentions of others that have more than one word."""
    own_spans: list[Span] = []
    other_spans: list[Span] = []
    if matcher.detector is None:
        return own_spans, other_spans
    names, handle, _ = matcher.detector
    starts = [start for start, _ in prose.spans]
    for mention in resolve_mentions(find_known_names_in_prose(prose, names)):
        first = bisect_right(starts, mention.start) - 1
        last = bisect_right(starts, mention.end - 1) - 1
        if handle not in mention.candidates:
            if last > first or (
                is_unspaced_script(mention.text) and mention.name_kind == NAME_KINDS[0]
            ):
                other_spans.append((mention.start, mention.end))
        elif len(mention.candidates) == 1 and _is_name_here(
            prose, matcher, mention, first, last, label
        ):
            own_spans.append(
                (mention.start, _find_name_end(prose, names.words_by_handle[handle], mention, last))
            )
    return own_spans, other_spans


def _is_name_here(
    prose: Prose, matcher: NameMatcher, mention: Mention, first: int, last: int, label: bool
) -> bool:
    """Return whether a mention is a name here, not ordinary words."""
    words = (
        [normalize(mention.text)]
        if last == first
        else [*map(prose.get_key, range(first, last + 1))]
    )
    if last == first and (words[0] in matcher.other_words or _is_not_a_name(prose, first, label)):
        return False
    if not all(is_ordinary_word(word) or (len(word) == 1 and word.isascii()) for word in words):
        return True
    if not all(map(prose.is_capitalized, range(first, last + 1))):
        return False
    return not is_english_function_word(words[0]) or (
        last > first and mention.name_kind != NAME_KINDS[FIRST_AND_INITIAL]
    )


def _find_name_end(prose: Prose, own_words: Collection[str], mention: Mention, last: int) -> int:
    """Return where a name ends: after Baker where Tom J. is found in Tom J. Baker."""
    end = mention.end
    while (
        end == prose.spans[last][1]
        and prose.continues_name(last + 1)
        and prose.is_capitalized(last + 1)
    ):
        part = next(
            (each for each in reversed(prose.readings[last + 1]) if each[0] in own_words), None
        )
        if part is None or len(part[0]) < 2 or part[1]:
            break
        last += 1
        end = prose.spans[last][0] + part[2]
    return end


def _find_phrases(prose: Prose, matcher: NameMatcher) -> Iterator[Span]:
    first = 0
    while first < len(prose.spans):
        last = first
        firsts = dict.fromkeys(key for key, _, _ in prose.readings[first])
        phrases = (phrase for key in firsts for phrase in matcher.phrases.get(key, ()))
        for phrase in phrases:
            match = next(_match_phrase(prose, first, phrase), None)
            if match:
                last, start, end = match
                yield prose.spans[first][0] + start, prose.spans[last][0] + end
                break
        first = last + 1


def _match_phrase(prose: Prose, first: int, phrase: Phrase) -> Iterator[tuple[int, int, int]]:
    """Yield how a phrase can be read from a word on: its last word, and its start and end within the two words."""
    words = phrase.words
    last = first + len(words) - 1
    if last >= len(prose.spans):
        return
    if last > first:
        middle = all(prose.get_key(first + at) == words[at] for at in range(1, len(words) - 1))
        if not middle or not all(
            prose.continues_name(at) or prose.get_gap(at) in (".", "+")
            for at in range(first + 1, last + 1)
        ):
            return
    if phrase.is_ordinary and not _has_name_capitals(prose, first, phrase):
        return
    for key, start, stop in prose.readings[first]:
        if key != words[0] and not (last == first and words[0] in _list_singulars(key)):
            continue
        if last == first:
            yield last, start, stop
        elif stop == len(prose.get_word(first)):
            for end_key, begin, end in reversed(prose.readings[last]):
                if not begin and (end_key == words[-1] or words[-1] in _list_singulars(end_key)):
                    yield last, start, end


def _has_name_capitals(prose: Prose, first: int, phrase: Phrase) -> bool:
    """Return whether the words of a phrase are capitalized as in the name."""
    return all(
        prose.is_capitalized(first + at) or not word[:1].isupper()
        for at, word in enumerate(phrase.spelled)
    )


def _find_unspaced_names(prose: Prose, matcher: NameMatcher) -> Iterator[Span]:
    """Find names in a script without spaces, even if there is a space within the name."""
    if not matcher.runs or prose.text.isascii():
        return
    at = 0
    while at < len(prose.spans):
        key, origins, starts = "", [], set()
        while at < len(prose.spans) and is_unspaced_script(prose.get_word(at)):
            begin, (part, place) = prose.spans[at][0], normalize_with_origins(prose.get_word(at))
            starts.add(len(key))
            origins += [(begin + start, begin + end) for start, end in pairwise(place)]
            key += part
            at += 1
            gap = prose.get_gap(at)
            if len(gap) > _MAX_RUN_GAP or gap.strip().strip("・·"):
                break
        yield from _find_in_run(matcher.runs, key, origins, starts)
        at += not key


def _find_in_run(
    runs: tuple[str, ...], key: str, origins: list[Span], starts: set[int]
) -> Iterator[Span]:
    for run in runs:
        at = key.find(run)
        while at >= 0:
            # A space may only be at the start of the name, or between surname and given name.
            blanks = {start - at for start in starts if at < start < at + len(run)}
            if at in starts or blanks <= {1, 2}:
                yield origins[at][0], origins[at + len(run) - 1][1]
            at = key.find(run, at + 1)


def _find_words(prose: Prose, matcher: NameMatcher, label: bool) -> Iterator[Span]:
    for at, (start, _) in enumerate(prose.spans):
        part = _find_name_part(prose.get_word(at), prose.readings[at], matcher.words)
        if part and not _is_not_a_name(prose, at, label):
            has_sign = re.search(r"(?<!\w)@\Z", prose.text[max(0, start - 2) : start]) is not None
            yield start + part[0] - (has_sign and not part[0]), start + part[1]


def _is_not_a_name(prose: Prose, at: int, label: bool) -> bool:
    """Return whether a word that could be a name is a place, a date or a label here."""
    start, key = prose.spans[at][0], prose.get_key(at)
    before = prose.text[max(0, start - _LOOK_BEHIND) : start]
    in_label = label and (is_english_function_word(key) or not is_function_word(key))
    return bool(
        _SAINT_PREFIX.search(before)
        or (is_ordinary_word(key) and (in_label or _NOT_BEFORE_NAME.search(before)))
        or (key in load_words("place_names") and _PLACE_PREPOSITION.search(before))
    )


def _find_name_part(
    raw: str, reading_spans: Iterable[tuple[str, int, int]], own_words: frozenset[str]
) -> tuple[int, int] | None:
    """Return which part of a word is a name: Maya in Maya’s, all of Okafors."""
    spans = [(key, start, end) for key, start, end in reading_spans][::-1]
    for is_match in (_is_own_word, _is_own_plural):  # Maya’s is a possessive rather than a plural
        for key, start, end in spans:
            if is_match(key, raw[start:end], own_words):
                return start, end
    if not INVISIBLE.isdisjoint(raw):
        for part in re.finditer(f"[^{''.join(sorted(INVISIBLE))}]+", raw):
            if part[0] != raw and (
                part_span := _find_name_part(part[0], list_word_readings(part[0]), own_words)
            ):
                return part.start() + part_span[0], part.start() + part_span[1]
    return None


def _is_own_word(key: str, word: str, own_words: frozenset[str]) -> bool:
    return key in own_words and not (is_ordinary_word(key) and word[:1].islower())


def _is_own_plural(key: str, word: str, own_words: frozenset[str]) -> bool:
    is_lowercase = word[:1].islower()
    return any(
        base in own_words
        and len(base) >= _MIN_PLURAL_LENGTH + is_lowercase
        and not (is_lowercase and is_ordinary_word(base))
        for base in _list_singulars(key)
    )


def _list_singulars(word: str) -> Iterator[str]:
    """Yield what this word may be the plural of: the Picards, the Joneses."""
    if word.endswith("s"):
        yield word[:-1]
        if word.endswith("es") and word[:-2].endswith(_SIBILANTS):
            yield word[:-2]


def make_name_detector(people: Iterable[PersonNames], person: PersonNames) -> NameDetector:
    """Return a detector that tells a person from everyone else."""
    needles = frozenset(
        _choose_search_text(words[:NAME_LIMIT]) for _, words in list_name_forms(person)
    )
    return NameDetector(NameIndex([*people, person]), person.handle, needles)


def list_given_names(name: str) -> tuple[str, ...]:
    """Return what may be the given name in a name without spaces: 小明 in 王小明."""
    characters = name.strip()
    if not is_unspaced_script(characters) or not re.fullmatch(
        f"[{_HAN}]+|[\uac00-\ud7a3]+", characters
    ):
        return ()
    return tuple(characters[at:] for at in (1, 2) if len(characters) - at >= 2)
