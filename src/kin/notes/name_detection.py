"""Names in prose: who is mentioned, who might be, and where it was.

Owns how people write names in a note. Its one rule: a name that could be somebody else's, or no
name at all, is left alone or keeps all its candidates; nothing is guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kin.language.ambiguous_names import WORDS_AND_NAMES
from kin.language.common_words import FUNCTION_WORDS
from kin.language.person_names import (
    FIRST_LAST,
    FULL,
    HOW,
    INITIAL,
    NAME_LIMIT,
    TITLES,
    Index,
    Known,
    Mention,
    Prose,
    dense,
    name_words,
    outside,
    prose_words,
    settled,
    traced,
)
from kin.language.text import fold
from kin.notes.syntax import thread_spans

__all__ = ["Known", "Mention", "mentions", "mentions_in", "name_words", "place"]
__all__ += ["prose_words", "settled", "strangers"]

# Months and seasons: "in May", "last Summer", "May 12" speak of time.
_TIMES = frozenset(
    "april may june august march summer autumn spring winter dawn eve easter noel".split()
)
_BEFORE_TIMES = frozenset(
    """
in on by since until till last next this early late mid every during each of christmas years new
before after through around
""".split()
)
# Words that open a sentence as themselves far more often than as somebody.
_FUNCTION = frozenset(
    "an do he in me my no or she so to me man ever good long young happy early".split()
)
# After these, a capital at a sentence start is grammar: "Will we", "Mark my words", "Grace period".
_GIVEAWAY = frozenset(
    """
i we you it they he she the my your our his her their its this that these those a an to of be
not there who what how some any all everyone anyone someone somebody anybody everybody things
period note notes words word day days time times class classes walk people garden gardens house
camp holiday holidays vacation weather show exhibition gallery story trip talk light ago evening
morning night afternoon season wine tea
""".split()
)
_AUXILIARY = frozenset("will may hope grant".split())
_PARTICLES = frozenset("van von de da di del der den la le al el bin ibn ten ter dos du zu".split())
# After these comes a place or a subject rather than a person.
_TOPICAL = frozenset(
    """
at in to from near the a an my our your his her their this that about on of via by into onto
using through over under against watched watching read reading played playing like as towards
around visited
""".split()
)
# Capitalised, and nobody's surname: what may follow a first name without making it a stranger's.
_CAPITALISED = (
    (TITLES - {"st"})
    | _TOPICAL
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
_SPEECH = frozenset(
    "talked spoke talking speaking wrote said listened introduced me us him them".split()
)
_DOING = frozenset(
    """
and said says told asked came joined called texted brought thinks thought loves loved wants
wanted mentioned showed invited arrived left who met knows moved works
""".split()
)
_INNER = frozenset("the of de la du le del di da des and y".split())


def mentions(
    text: str, known: Sequence[Known], spans: Sequence[tuple[int, int]] = ()
) -> tuple[Mention, ...]:
    """Return every name of a known person, the longest first, none within `spans`.

    Of equally long readings, the full name beats the nickname beats the first name.
    """
    return mentions_in(Prose(text, spans), Index(known))


def mentions_in(prose: Prose, index: Index) -> tuple[Mention, ...]:
    """Return every name of a person in the index: `mentions` for many texts and one index."""
    found: list[Mention] = []
    i = 0
    while i < len(prose.places):
        last, mention = _mention_at(prose, index, i)
        if mention:
            found.append(mention)
        elif index.runs and dense(prose.key(i)):
            found += _inside_run(prose, index, i)
        i = last + 1
    return tuple(found)


def _mention_at(prose: Prose, index: Index, i: int) -> tuple[int, Mention | None]:
    for first, begin, finish in prose.readings[i]:
        sizes = index.sizes.get(first)
        if sizes is None:
            continue
        reach = 1
        while reach < sizes[0] and prose.follows(i + reach):
            reach += 1
        keys = (first, *map(prose.key, range(i + 1, i + reach)))
        if not prose.capital(i) and all(map(_is_word, keys)):
            continue
        for last in (i + size - 1 for size in sizes if size <= reach):
            ends = [(first, 0, finish)] if last == i else prose.readings[last]
            for key, skipped, end in ends:
                words = (*keys[: last - i], key)
                if skipped or words not in index.patterns:
                    continue
                reading = _Reading(prose, index, words, i, last, end < len(prose.raw(last)))
                if people := reading.people():
                    start = prose.places[i][0] + begin
                    return last, _mention(prose, start, prose.places[last][0] + end, people)
    return i, None


def _mention(prose: Prose, start: int, end: int, people: Sequence[tuple[int, str]]) -> Mention:
    best = min(rank for rank, _ in people)
    handles = sorted(handle for rank, handle in people if rank == best)
    return Mention(start, end, prose.text[start:end], HOW[best], tuple(handles))


def _inside_run(prose: Prose, index: Index, i: int) -> Iterator[Mention]:
    """Find names inside a run of Han, kana, Hangul or Thai, the longest first."""
    start = prose.places[i][0]
    key, origins = traced(prose.raw(i))
    at = 0
    while at < len(key):
        sizes = (size for size in index.run_sizes if key[at : at + size] in index.runs)
        size = next((size for size in sizes if at + size <= len(key)), 0)
        if size:
            people = sorted(index.runs[key[at : at + size]])
            yield _mention(prose, start + origins[at], start + origins[at + size], people)
        at += size or 1


@dataclass(frozen=True, slots=True)
class _Reading:
    """A possible name: the words from `first` to `last`; `owns` when a possessive follows."""

    prose: Prose
    index: Index
    words: tuple[str, ...]
    first: int
    last: int
    owns: bool

    def people(self) -> list[tuple[int, str]]:
        """Give those whom this names here, as (rank, handle); nobody if it is no name."""
        prose, words, found = self.prose, self.words, self.index.patterns[self.words]
        if prose.hyphened(self.first) or (prose.hyphened(self.last + 1) and not self.owns):
            return []
        if prose.key(self.first - 1) in {"st", "saint", "sankt"} and prose.gap(self.first) in {
            " ",
            ". ",
        }:
            return []  # St. Mark's Square
        if len(words) > 1:
            named = prose.capital(self.first) and prose.capital(self.last)
            if not named and all(map(_is_word, words)):
                return []  # "Will may come" does not name Will May
        elif (_is_word(words[0]) and self._is_just_a_word()) or self._ends_another():
            return []
        # Tom b is Tom B, but "a" and "i" are words, as other vowels are in other languages.
        if not prose.capital(self.last) and words[-1] in set("aeiouy"):
            found = {one for one in found if one[0] != INITIAL}
        sure = {FULL, FIRST_LAST, INITIAL} if len(words) > 1 else set()
        after = self.last + 1
        alone = self.owns or not prose.adjoins(after)
        if alone or not (prose.capital(after) or prose.raw(after) in _PARTICLES):
            return list(found)
        following = frozenset(map(prose.key, range(after, after + NAME_LIMIT)))
        answers: dict[frozenset[str], bool] = {}

        def goes_on(handle: str) -> bool:
            own = following & self.index.own[handle]
            if own not in answers:
                answers[own] = self._goes_on(own)
            return answers[own]

        return [one for one in found if one[0] in sure or not goes_on(one[1])]

    def _goes_on(self, own: frozenset[str]) -> bool:
        """Say whether a surname follows that is not theirs: Grace Kelly is not Grace Hopper."""
        prose, after = self.prose, self.last + 1
        for _ in range(NAME_LIMIT):
            after += prose.adjoins(after) and prose.capital(after) and prose.key(after) in own
        if prose.hyphened(after):
            return True  # Maya Okafor-Smith is not Maya Okafor
        if not prose.adjoins(after):
            return False
        if prose.raw(after) in _PARTICLES:
            for _ in range(3):
                after += prose.raw(after) in _PARTICLES and prose.adjoins(after + 1)
            return prose.capital(after) and not prose.keys(after) & own
        if not _named(prose, after) or prose.keys(after) & own or self._calls(after):
            return False
        if prose.shouted(after):
            # In capitals throughout, the next word says nothing, unless the name is a word too.
            return prose.shouted(self.last) and _is_word(self.words[0])
        return True

    def _calls(self, i: int) -> bool:
        return any((key,) in self.index.patterns for key in self.prose.keys(i))

    def _ends_another(self) -> bool:
        """Say whether an unknown name comes right before, of which this is the surname."""
        prose, before = self.prose, self.first - 1
        if not prose.adjoins(self.first) or not _named(prose, before) or prose.opens(before):
            return False
        if prose.shouted(before) or prose.possessive(before):
            return False
        if self._calls(before):
            return False
        start = before
        while start > before - 3 and prose.adjoins(start) and _named(prose, start - 1):
            start -= 1
        return not (prose.adjoins(start) and prose.key(start - 1) in _PLACE_CUES)

    def _is_just_a_word(self) -> bool:
        prose, word = self.prose, self.words[0]
        before = prose.key(self.first - 1) if prose.adjoins(self.first) else ""
        after = prose.key(self.last + 1) if prose.adjoins(self.last + 1) else ""
        if not prose.capital(self.first) or before in {"the", "a", "an"}:
            return True
        timed = before in _BEFORE_TIMES or before[:1].isdigit() or after[:1].isdigit()
        if word in _TIMES and timed:
            return True
        if self.owns or not (prose.opens(self.first) or prose.shouted(self.first)):
            return False
        if word in _FUNCTION or after in _GIVEAWAY:
            return True
        return word in _AUXILIARY and bool(after) and prose.capital(self.last + 1)


def _named(prose: Prose, i: int) -> bool:
    """Say whether this word has a capital that only a name gives it."""
    return prose.capital(i) and not prose.keys(i) & _CAPITALISED


def _is_word(word: str) -> bool:
    if word in WORDS_AND_NAMES or word in FUNCTION_WORDS:
        return True
    return len(word) <= 2 and word.isascii()


def strangers(
    text: str, found: Sequence[Mention], spans: Sequence[tuple[int, int]] = ()
) -> tuple[str, ...]:
    """Name up to five people who may be worth adding: unknown names, not places or topics."""
    prose = Prose(text, spans)
    taken = _taken(prose, found)
    names: dict[str, str] = {}
    aside, i = -9, 0
    while i < len(prose.places) and len(names) < _STRANGER_LIMIT:
        last = _run_end(prose, i, taken)
        if last >= i:
            listed = aside == i - 2 and prose.key(i - 1) == "and"
            listed |= aside == i - 1 and (prose.gap(i).strip() in {"", ","} or not prose.opens(i))
            if listed or last - i >= 4 or _topical(prose, i):
                aside = last
            elif not prose.opens(i) or last > i or _acts(prose, i, last):
                name = text[prose.places[i][0] : _name_end(prose, last)]
                names.setdefault(fold(name), name)
        i = max(i, last) + 1
    return tuple(names.values())


_STRANGER_LIMIT = 5


def _taken(prose: Prose, found: Sequence[Mention]) -> set[int]:
    ranges = sorted((mention.start, mention.end) for mention in found)
    free = set(outside(iter(prose.places), ranges))
    return {i for i, place in enumerate(prose.places) if place not in free}


def _run_end(prose: Prose, i: int, taken: set[int]) -> int:
    """Give the last of the unknown capitalised words that begin at `i`; `i - 1` if none."""
    last = i - 1
    while last + 1 < len(prose.places) and (last < i or not prose.possessive(last)):
        after = last + 1
        while last >= i and prose.adjoins(after) and prose.raw(after) in _PARTICLES:
            after += 1
        known = after in taken or prose.shouted(after)
        if known or not (_named(prose, after) or (after == i and _forename(prose, i, taken))):
            break
        # A lone letter is an initial, and no name to begin with.
        goes_on = prose.adjoins(after) or prose.hyphened(after)
        if goes_on if after == i and prose.hyphened(i) else after > i and not goes_on:
            break
        if after == i and len(prose.raw(i)) < 2:
            break
        last = after
    return last


def _name_end(prose: Prose, last: int) -> int:
    while prose.hyphened(last + 1):
        last += 1
    return prose.places[last][0] + prose.readings[last][-1][2]


def _forename(prose: Prose, i: int, taken: set[int]) -> bool:
    """Say whether Will or May is half of a stranger's name: "saw Will Smith"."""
    named = prose.adjoins(i + 1) and _named(prose, i + 1) and not prose.opens(i)
    return named and i + 1 not in taken and prose.capital(i) and prose.key(i) in WORDS_AND_NAMES


def _topical(prose: Prose, i: int) -> bool:
    before = prose.key(i - 1) if prose.adjoins(i) else ""
    if before == "to" and prose.key(i - 2) in _SPEECH:
        return False
    return before in _TOPICAL


def _acts(prose: Prose, i: int, last: int) -> bool:
    """Say whether a name at a sentence start does what people do, or has something."""
    after = prose.key(last + 1) if prose.adjoins(last + 1) else ""
    if after == "and":
        return prose.capital(last + 2)
    return after in _DOING or prose.possessive(last)


def place(text: str, found: Sequence[Mention], spans: Sequence[tuple[int, int]] = ()) -> str | None:
    """Read where it was, from "at the Blue Door" or "in Lisbon"; None if it does not say.

    A thread asks about another time and place, so what it names does not count.
    """
    prose = Prose(text, [*spans, *thread_spans(text)])
    taken = _taken(prose, found)
    for i in range(len(prose.places) - 1):
        if prose.key(i) in {"at", "in"} and prose.adjoins(i + 1):
            first = i + 1
            if prose.raw(first) == "the" and prose.adjoins(first + 1):
                first += 1
            name = _place_at(prose, first, taken)
            if name:
                return name
    return None


def _place_at(prose: Prose, first: int, taken: set[int]) -> str | None:
    last, i = first - 1, first
    while i < min(first + 6, len(prose.places)) and (i == first or prose.joins(i)):
        if i in taken:
            return None
        if _placelike(prose, i, first):
            last = i
        elif i == first or prose.key(i) not in _INNER:
            break
        i += 1
    if last < first or last - first > 4 or (last == first and prose.possessive(first)):
        return None
    return prose.text[prose.places[first][0] : prose.places[last][1]]


def _placelike(prose: Prose, i: int, first: int) -> bool:
    if not prose.capital(i) or (i == first and len(prose.raw(i)) < 2):
        return False
    return _named(prose, i) or (prose.key(i) == "the" and i == first and _named(prose, i + 1))
