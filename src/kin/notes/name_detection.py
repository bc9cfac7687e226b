"""Finds names in prose: people in the book, people who are not, and places.

A name that could be someone else's, or a plain word, is left out or keeps all its candidates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kin.language.person_names import (
    FIRST_AND_INITIAL,
    FIRST_AND_LAST,
    FULL_NAME,
    NAME_KINDS,
    NAME_LIMIT,
    TITLES,
    Mention,
    NameIndex,
    PersonNames,
    Prose,
    exclude_spans,
    is_unspaced_script,
    load_words,
    normalize_with_origins,
)
from kin.language.text import normalize
from kin.notes.syntax import find_question_spans

# Months and seasons: in "in May", "last Summer" and "May 12" they are times.
_TIME_WORDS = frozenset(
    "april may june august march summer autumn spring winter dawn eve easter noel".split()
)
_WORDS_BEFORE_TIMES = frozenset(
    """
in on by since until till last next this early late mid every during each of christmas years new
before after through around
""".split()
)
# Names that are usually plain words at the start of a sentence.
_SENTENCE_OPENERS = frozenset(
    "an do he in me my no or she so to me man ever good long young happy early".split()
)
# Before these, a capital at the start of a sentence is grammar: "Will we", "Mark my words", "Grace period".
_GRAMMAR_CUES = frozenset(
    """
i we you it they he she the my your our his her their its this that these those a an to of be
not there who what how some any all everyone anyone someone somebody anybody everybody things
period note notes words word day days time times class classes walk people garden gardens house
camp holiday holidays vacation weather show exhibition gallery story trip talk light ago evening
morning night afternoon season wine tea
""".split()
)
_AUXILIARY_VERBS = frozenset("will may hope grant".split())
_NAME_PARTICLES = frozenset(
    "van von de da di del der den la le al el bin ibn ten ter dos du zu".split()
)
# After these comes a place or a topic rather than a person.
_TOPIC_CUES = frozenset(
    """
at in to from near the a an my our your his her their this that about on of via by into onto
using through over under against watched watching read reading played playing like as towards
around visited
""".split()
)
# Capitalized words that are not surnames: after a first name they do not make it a stranger's.
_CAPITALIZED_NON_NAMES = (
    (TITLES - {"st"})
    | _TOPIC_CUES
    | frozenset(
        """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat
sun january february march april may june july august september october november december jan
feb mar apr jun jul aug sep sept oct nov dec i im id ill ive ok okay god christmas easter
halloween hanukkah diwali eid ramadan thanksgiving passover christian jewish muslim english
french german spanish italian portuguese dutch polish russian ukrainian greek turkish arabic
hebrew hindi chinese mandarin cantonese japanese korean vietnamese thai swedish norwegian danish
finnish czech hungarian romanian latin irish scottish welsh british american canadian mexican
brazilian indian african asian european australian nigerian kenyan iranian persian swiss
austrian belgian internet facebook instagram whatsapp zoom skype google youtube netflix spotify
signal facetime linux python and but or so then when while if because we you he she it they
these those there here who what why how where with for after before is was were are am be has
have had will would can could not no yes also both again today tomorrow yesterday tonight noon
midnight morning afternoon evening lunch dinner breakfast brunch coffee tea drinks walk call met
saw called texted phoned emailed told asked helped invited hugged rang joined thanks thank hello
hi hey dear love let lets please sorry maybe just still now later soon talked spoke wrote
chatted ran bumped got went came said says happy birthday mom mum dad mama
papa grandma grandpa granny finally suddenly apparently luckily sadly afterwards general
""".split()
    )
)
_PLACE_CUES = frozenset("at in to from near".split())
_SPEECH_WORDS = frozenset(
    "talked spoke talking speaking wrote said listened introduced me us him them".split()
)
_ACTION_WORDS = frozenset(
    """
and said says told asked came joined called texted brought thinks thought loves loved wants
wanted mentioned showed invited arrived left who met knows moved works
""".split()
)
_PLACE_NAME_LINKERS = frozenset("the of de la du le del di da des and y".split())


_UNKNOWN_NAME_LIMIT = 5


def find_known_names(
    text: str, people: Sequence[PersonNames], spans: Sequence[tuple[int, int]] = ()
) -> tuple[Mention, ...]:
    """Return every name of a known person, the longest first, none within `spans`.

    Of equally long readings, the full name beats the nickname beats the first name.
    """
    return find_known_names_in_prose(Prose(text, spans), NameIndex(people))


def find_known_names_in_prose(prose: Prose, index: NameIndex) -> tuple[Mention, ...]:
    """Like `find_known_names`, for many texts and one index."""
    mentions: list[Mention] = []
    i = 0
    while i < len(prose.spans):
        last, mention = _find_mention_at(prose, index, i)
        if mention:
            mentions.append(mention)
        elif index.runs and is_unspaced_script(prose.get_key(i)):
            mentions += _iter_names_in_run(prose, index, i)
        i = last + 1
    return tuple(mentions)


def _find_mention_at(prose: Prose, index: NameIndex, i: int) -> tuple[int, Mention | None]:
    for first, start_offset, end_offset in prose.readings[i]:
        sizes = index.sizes.get(first)
        if sizes is None:
            continue
        longest_run = 1
        while longest_run < sizes[0] and prose.continues_name(i + longest_run):
            longest_run += 1
        keys = (first, *map(prose.get_key, range(i + 1, i + longest_run)))
        if not prose.is_capitalized(i) and all(map(_is_also_word, keys)):
            continue
        for last in (i + size - 1 for size in sizes if size <= longest_run):
            last_readings = [(first, 0, end_offset)] if last == i else prose.readings[last]
            for key, skipped, end in last_readings:
                words = (*keys[: last - i], key)
                if skipped or words not in index.patterns:
                    continue
                reading = _NameReading(
                    prose, index, words, i, last, end < len(prose.get_word(last))
                )
                if people := reading.find_people():
                    start = prose.spans[i][0] + start_offset
                    return last, _build_mention(prose, start, prose.spans[last][0] + end, people)
    return i, None


def _build_mention(
    prose: Prose, start: int, end: int, people: Sequence[tuple[int, str]]
) -> Mention:
    best = min(rank for rank, _ in people)
    handles = sorted(handle for rank, handle in people if rank == best)
    return Mention(start, end, prose.text[start:end], NAME_KINDS[best], tuple(handles))


def _iter_names_in_run(prose: Prose, index: NameIndex, i: int) -> Iterator[Mention]:
    """Yield the names in a run of Han, kana, Hangul or Thai, the longest first."""
    start = prose.spans[i][0]
    key, origins = normalize_with_origins(prose.get_word(i))
    at = 0
    while at < len(key):
        sizes = (size for size in index.run_sizes if key[at : at + size] in index.runs)
        size = next((size for size in sizes if at + size <= len(key)), 0)
        if size:
            people = sorted(index.runs[key[at : at + size]])
            yield _build_mention(prose, start + origins[at], start + origins[at + size], people)
        at += size or 1


@dataclass(frozen=True, slots=True)
class _NameReading:
    """A possible name: the words from index `first` to `last`, the last one perhaps possessive."""

    prose: Prose
    index: NameIndex
    words: tuple[str, ...]
    first: int
    last: int
    is_possessive: bool

    def find_people(self) -> list[tuple[int, str]]:
        """Return the people that this names, as (rank, handle); none if it is not a name here."""
        prose, words, matches = self.prose, self.words, self.index.patterns[self.words]
        if prose.is_hyphenated(self.first) or (
            prose.is_hyphenated(self.last + 1) and not self.is_possessive
        ):
            return []
        is_saint = prose.get_key(self.first - 1) in {"st", "saint", "sankt"}
        if is_saint and prose.get_gap(self.first) in {" ", ". "}:
            return []  # St. Mark's Square
        if len(words) > 1:
            is_capitalized = prose.is_capitalized(self.first) and prose.is_capitalized(self.last)
            if not is_capitalized and all(map(_is_also_word, words)):
                return []  # "Will may come" does not name Will May
        elif (_is_also_word(words[0]) and self._is_plain_word()) or self._ends_other_name():
            return []
        # Tom b is Tom B, but "a" and "i" are words, and other vowels are in other languages.
        if not prose.is_capitalized(self.last) and words[-1] in set("aeiouy"):
            matches = {match for match in matches if match[0] != FIRST_AND_INITIAL}
        certain_ranks = {FULL_NAME, FIRST_AND_LAST, FIRST_AND_INITIAL} if len(words) > 1 else set()
        after = self.last + 1
        stands_alone = self.is_possessive or not prose.is_adjacent(after)
        if stands_alone or not (
            prose.is_capitalized(after) or prose.get_word(after) in _NAME_PARTICLES
        ):
            return list(matches)
        following_words = frozenset(map(prose.get_key, range(after, after + NAME_LIMIT)))
        checked: dict[frozenset[str], bool] = {}

        def names_someone_else(handle: str) -> bool:
            own_words = following_words & self.index.words_by_handle[handle]
            if own_words not in checked:
                checked[own_words] = self._continues_as_other_name(own_words)
            return checked[own_words]

        return [
            match
            for match in matches
            if match[0] in certain_ranks or not names_someone_else(match[1])
        ]

    def _continues_as_other_name(self, own_words: frozenset[str]) -> bool:
        """Return whether a surname follows that is not theirs: Grace Kelly is not Grace Hopper."""
        prose, after = self.prose, self.last + 1
        for _ in range(NAME_LIMIT):
            after += (
                prose.is_adjacent(after)
                and prose.is_capitalized(after)
                and prose.get_key(after) in own_words
            )
        if prose.is_hyphenated(after):
            return True  # Maya Okafor-Smith is not Maya Okafor
        if not prose.is_adjacent(after):
            return False
        if prose.get_word(after) in _NAME_PARTICLES:
            for _ in range(3):
                after += prose.get_word(after) in _NAME_PARTICLES and prose.is_adjacent(after + 1)
            return prose.is_capitalized(after) and not prose.get_keys(after) & own_words
        if (
            not _looks_like_name(prose, after)
            or prose.get_keys(after) & own_words
            or self._is_known_name(after)
        ):
            return False
        if prose.is_all_caps(after):
            # In all capitals, the next word proves nothing, unless the name is a word too.
            return prose.is_all_caps(self.last) and _is_also_word(self.words[0])
        return True

    def _is_known_name(self, i: int) -> bool:
        return any((key,) in self.index.patterns for key in self.prose.get_keys(i))

    def _ends_other_name(self) -> bool:
        """Return whether this is the surname of an unknown name: in Elton Maya, not Maya."""
        prose, before = self.prose, self.first - 1
        if (
            not prose.is_adjacent(self.first)
            or not _looks_like_name(prose, before)
            or prose.opens_sentence(before)
        ):
            return False
        if prose.is_all_caps(before) or prose.is_possessive(before):
            return False
        if self._is_known_name(before):
            return False
        start = before
        while (
            start > before - 3 and prose.is_adjacent(start) and _looks_like_name(prose, start - 1)
        ):
            start -= 1
        return not (prose.is_adjacent(start) and prose.get_key(start - 1) in _PLACE_CUES)

    def _is_plain_word(self) -> bool:
        prose, word = self.prose, self.words[0]
        before = prose.get_key(self.first - 1) if prose.is_adjacent(self.first) else ""
        after = prose.get_key(self.last + 1) if prose.is_adjacent(self.last + 1) else ""
        if not prose.is_capitalized(self.first) or before in {"the", "a", "an"}:
            return True
        is_time = before in _WORDS_BEFORE_TIMES or before[:1].isdigit() or after[:1].isdigit()
        if word in _TIME_WORDS and is_time:
            return True
        if self.is_possessive or not (
            prose.opens_sentence(self.first) or prose.is_all_caps(self.first)
        ):
            return False
        if word in _SENTENCE_OPENERS or after in _GRAMMAR_CUES:
            return True
        return word in _AUXILIARY_VERBS and bool(after) and prose.is_capitalized(self.last + 1)


def _looks_like_name(prose: Prose, i: int) -> bool:
    """Return whether a word is capitalized and nothing but a name explains it."""
    return prose.is_capitalized(i) and not prose.get_keys(i) & _CAPITALIZED_NON_NAMES


def _is_also_word(word: str) -> bool:
    if word in load_words("ambiguous_names", "english_function_words"):
        return True
    return len(word) <= 2 and word.isascii()


def find_unknown_names(
    text: str, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]] = ()
) -> tuple[str, ...]:
    """Return up to five names that no one in the book has, without places and topics."""
    prose = Prose(text, spans)
    taken_indexes = _list_taken_indexes(prose, mentions)
    names: dict[str, str] = {}
    last_skipped, i = -9, 0
    while i < len(prose.spans) and len(names) < _UNKNOWN_NAME_LIMIT:
        last = _find_unknown_name_end(prose, i, taken_indexes)
        if last >= i:
            is_listed = last_skipped == i - 2 and prose.get_key(i - 1) == "and"
            is_listed |= last_skipped == i - 1 and (
                prose.get_gap(i).strip() in {"", ","} or not prose.opens_sentence(i)
            )
            if is_listed or last - i >= 4 or _follows_topic_cue(prose, i):
                last_skipped = last
            elif not prose.opens_sentence(i) or last > i or _acts_like_person(prose, i, last):
                name = text[prose.spans[i][0] : _find_name_end(prose, last)]
                names.setdefault(normalize(name), name)
        i = max(i, last) + 1
    return tuple(names.values())


def _list_taken_indexes(prose: Prose, mentions: Sequence[Mention]) -> set[int]:
    ranges = sorted((mention.start, mention.end) for mention in mentions)
    free_places = set(exclude_spans(iter(prose.spans), ranges))
    return {i for i, place in enumerate(prose.spans) if place not in free_places}


def _find_unknown_name_end(prose: Prose, i: int, taken_indexes: set[int]) -> int:
    """Return the index of the last unknown capitalized word from `i` on; `i - 1` if there is none."""
    last = i - 1
    while last + 1 < len(prose.spans) and (last < i or not prose.is_possessive(last)):
        after = last + 1
        while last >= i and prose.is_adjacent(after) and prose.get_word(after) in _NAME_PARTICLES:
            after += 1
        is_known = after in taken_indexes or prose.is_all_caps(after)
        if is_known or not (
            _looks_like_name(prose, after)
            or (after == i and _is_unknown_forename(prose, i, taken_indexes))
        ):
            break
        # A lone letter is an initial; a name does not begin with one.
        continues = prose.is_adjacent(after) or prose.is_hyphenated(after)
        if continues if after == i and prose.is_hyphenated(i) else after > i and not continues:
            break
        if after == i and len(prose.get_word(i)) < 2:
            break
        last = after
    return last


def _find_name_end(prose: Prose, last: int) -> int:
    while prose.is_hyphenated(last + 1):
        last += 1
    return prose.spans[last][0] + prose.readings[last][-1][2]


def _is_unknown_forename(prose: Prose, i: int, taken_indexes: set[int]) -> bool:
    """Return whether Will or May is half of a stranger's name: "saw Will Smith"."""
    next_is_name = (
        prose.is_adjacent(i + 1) and _looks_like_name(prose, i + 1) and not prose.opens_sentence(i)
    )
    return (
        next_is_name
        and i + 1 not in taken_indexes
        and prose.is_capitalized(i)
        and prose.get_key(i) in load_words("ambiguous_names")
    )


def _follows_topic_cue(prose: Prose, i: int) -> bool:
    before = prose.get_key(i - 1) if prose.is_adjacent(i) else ""
    if before == "to" and prose.get_key(i - 2) in _SPEECH_WORDS:
        return False
    return before in _TOPIC_CUES


def _acts_like_person(prose: Prose, i: int, last: int) -> bool:
    """Return whether a name at the start of a sentence is followed by a verb of people, or is possessive."""
    after = prose.get_key(last + 1) if prose.is_adjacent(last + 1) else ""
    if after == "and":
        return prose.is_capitalized(last + 2)
    return after in _ACTION_WORDS or prose.is_possessive(last)


def find_place(
    text: str, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]] = ()
) -> str | None:
    """Return where it was, from "at the Blue Door" or "in Lisbon"; None if the text does not say.

    Places in questions do not count: a question is about another time and place.
    """
    prose = Prose(text, [*spans, *find_question_spans(text)])
    taken_indexes = _list_taken_indexes(prose, mentions)
    for i in range(len(prose.spans) - 1):
        if prose.get_key(i) in {"at", "in"} and prose.is_adjacent(i + 1):
            first = i + 1
            if prose.get_word(first) == "the" and prose.is_adjacent(first + 1):
                first += 1
            name = _parse_place_at(prose, first, taken_indexes)
            if name:
                return name
    return None


def _parse_place_at(prose: Prose, first: int, taken_indexes: set[int]) -> str | None:
    last, i = first - 1, first
    while i < min(first + 6, len(prose.spans)) and (i == first or prose.continues_place_name(i)):
        if i in taken_indexes:
            return None
        if _looks_like_place(prose, i, first):
            last = i
        elif i == first or prose.get_key(i) not in _PLACE_NAME_LINKERS:
            break
        i += 1
    if last < first or last - first > 4 or (last == first and prose.is_possessive(first)):
        return None
    return prose.text[prose.spans[first][0] : prose.spans[last][1]]


def _looks_like_place(prose: Prose, i: int, first: int) -> bool:
    if not prose.is_capitalized(i) or (i == first and len(prose.get_word(i)) < 2):
        return False
    return _looks_like_name(prose, i) or (
        prose.get_key(i) == "the" and i == first and _looks_like_name(prose, i + 1)
    )
