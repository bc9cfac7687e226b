"""friends.md, the journal of the Ruby program `friends` (JacobEvelyn/friends, lib/friends/*.rb).

Its one rule: every word of the file ends in a person, in a conversation or in `skipped`. The
original drops what stands behind a name, and dates anew what has a day that it does not know.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kin.constants import (
    LONGEST_LABEL,
    LONGEST_NAME,
)
from kin.errors import KinError, UnclearDateError
from kin.formats.card import Loved
from kin.formats.friends import marks
from kin.formats.friends.lines import (
    BEHIND_NAME,
    DATED,
    LONGEST_LINE,
    SECTIONS,
    Item,
    Report,
    decoded,
    split,
)
from kin.formats.friends.marks import quoted
from kin.formats.friends.write import write
from kin.formats.incoming import Brought, Incoming, Told
from kin.language import dates
from kin.language.day import Day
from kin.language.text import (
    fold,
    joined,
    shape,
)

__all__ = ["read", "recognise", "write"]

LARGEST = 32 * 2**20  # bytes; 200,000 entries take 20 MB
MOST_LINES = 2_000_000
MOST_ODD_DAYS = 2000  # beyond, no day is looked for in odd words: that is slow, and no journal
WHOLE = 2000  # cells of what is quoted because it is kept nowhere else

_HEADINGS = re.compile(rf"(?mi)^### (?:{'|'.join(SECTIONS)}):[ \t]*$")
_ALIAS = re.compile(r"\s+a\.k\.a\.\s+")
_CLOCKS = (datetime(9000, 6, 15), datetime(9998, 1, 2))  # a day that both agree on needs no clock


def recognise(data: bytes) -> bool:
    """Say whether this is a friends.md: one of its headings stands on a line of its own."""
    return _HEADINGS.search(decoded(data[: 2**20])) is not None


@dataclass(slots=True)
class _Reading(Report):
    """What has been read so far of the file."""

    people: dict[str, Incoming] = field(default_factory=dict)
    talks: list[Told] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: set[str] = field(default_factory=set)
    odd_days: int = 0


def read(data: bytes, name: str) -> Brought:
    """Read the people and the days of a friends.md; `name` is the file's, for the places in it.

    Raises KinError for a file that is beyond what a person writes.
    """
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if len(data) > LARGEST or lines > MOST_LINES:
        size = f"{len(data) // 2**20} MB and {lines:,} lines"
        raise KinError(f"{name} has {size}, and is no journal of a person.")
    reading = _Reading(name)
    items = list(split(decoded(data), reading))
    for item in items:
        if item.section == "friends":
            _read_friend(item, reading)
    _read_entries([item for item in items if item.section not in SECTIONS[2:]], reading)
    for item in items:
        if item.section == "locations":
            _read_location(item, reading)
    people = tuple(
        replace(each, note="\n\n".join(reading.notes[key]) or None)
        for key, each in reading.people.items()
    )
    skipped, remarks = tuple(reading.skipped), tuple(reading.remarks)
    return Brought("friends.md", people, tuple(reading.talks), skipped, remarks)


def _read_friend(item: Item, reading: _Reading) -> None:
    """Read 'Name (a.k.a. X a.k.a. Y) [Place] @tag', the parts in any order."""
    name = re.split(r"[(\[@]", item.words, maxsplit=1)[0].strip()
    if not name or len(name) > LONGEST_NAME:
        why = f"has a name of {len(name)} characters" if name else "has no name"
        reading.skip(item.at, f"{quoted(' '.join([item.words, *item.more]), WHOLE)} {why}")
        return
    person, odd = _friend(name, item.words[len(name) :])
    key = name if name not in reading.people else f"{name} ({reading.where(item.at)})"
    below = "\n".join(item.more).strip("\n")
    for words, place in ((odd, "behind"), (below, "below")):
        if words:
            reading.notes[key].append(words)
            reading.remark(item.at, f"{quoted(words)} stands {place} the name: kept as a note")
    reading.places.add(fold(person.lives or ""))
    reading.people[key] = replace(person, source=reading.where(item.at), key=key)


def _friend(name: str, tail: str) -> tuple[Incoming, str]:
    """Return what stands behind a name, and what of it is in none of the format's brackets."""
    nicknames: list[str] = []
    lives, tags, odd, end = "", [], [], 0
    for part in BEHIND_NAME.finditer(shape(tail)):
        aliases, place, tag = (tail[slice(*part.span(group))] for group in (1, 2, 3))
        odd.append(tail[end : part.start()])
        end = part.end()
        others = [other for each in _ALIAS.split(aliases) if (other := each.strip())]
        if marks.labels([tag]):
            tags.append(tag)
        elif 0 < len(place.strip()) <= LONGEST_LABEL and not lives:
            lives = place.strip()
        elif others and max(map(len, others)) <= LONGEST_LABEL:
            nicknames += others
        else:
            odd.append(tail[slice(*part.span())])
    odd.append(tail[end:])
    person = Incoming(
        name,
        source="",
        nicknames=tuple(dict.fromkeys(nicknames)),
        lives=lives or None,
        into=tuple(map(Loved, marks.labels(tags))),
    )
    return person, " ".join(words.strip() for words in odd if words.strip())


def _read_entries(items: Sequence[Item], reading: _Reading) -> None:
    """Read activities and notes: conversations with all who are marked in them."""
    known = marks.callers(reading.people)
    days = [_day(item.words, reading) for item in items]
    near = next((day for day, _ in days if day), None)
    for item, (day, words) in zip(items, days, strict=True):
        near = day or near
        whole = "\n".join([words, *item.more])
        if len(whole) > LONGEST_LINE:
            reading.skip(
                item.at, f"is an entry of {len(whole)} characters, and no text of a person"
            )
            continue
        marked = marks.taken_off(whole, known)
        reading.places |= {fold(place) for place in marked.places}
        for why in marked.remarks:
            reading.remark(item.at, why)
        if any(item.more):
            reading.remark(item.at, "goes on below its line: all lines are kept together")
        if not item.section:
            reading.remark(item.at, "stands in no section of friends: kept as a conversation")
        if not marked.words:
            reading.skip(item.at, f"{quoted(item.words or '-')} has no words behind its day")
        elif day:
            reading.talks.append(_told(day, marked, reading.where(item.at)))
        else:
            _keep_undated(marked, near, item, reading)


def _day(words: str, reading: _Reading) -> tuple[Day | None, str]:
    """Split '2018-11-01: words' into its day, None if kin knows no such day, and the words."""
    if iso := DATED.match(words):
        with suppress(ValueError):
            return Day(date.fromisoformat(iso[1])), words[iso.end() :]
    head, colon, tail = words.partition(": ")
    if not colon or not re.search("[0-9]{4}", head) or reading.odd_days > MOST_ODD_DAYS:
        return None, words
    try:
        first, second = (dates.parse(head, now=now) for now in _CLOCKS)
    except UnclearDateError:
        reading.odd_days += 1
        return None, words
    return (first, tail) if first == second else (None, words)


def _told(day: Day, marked: marks.Marked, source: str) -> Told:
    return Told(
        on=day.on.isoformat(),
        precision=day.precision,
        text=marked.words,
        source=source,
        people=marked.people,
        place=next(iter(marked.places), None),
        topics=marks.topics(marked.words),
    )


def _keep_undated(marked: marks.Marked, near: Day | None, item: Item, reading: _Reading) -> None:
    """Keep words without a day as a note of the people in them, or else near their neighbour.

    A day that is made up would count as the last talk with somebody; with nobody it counts for none.
    """
    words = quoted(marked.words)
    if marked.people:
        for key in marked.people:
            reading.notes[key].append(marked.words)
        names = joined([reading.people[key].name for key in marked.people])
        reading.remark(item.at, f"{words} has no day that kin knows: kept as a note of {names}")
    elif near:
        year = Day(date(near.on.year, 1, 1), "year")
        reading.talks.append(_told(year, marked, reading.where(item.at)))
        why = f"kept under {near.on.year}, the year of the entry beside it"
        reading.remark(item.at, f"{words} has no day that kin knows: {why}")
    else:
        why = "has no day that kin knows, and nobody is linked"
        reading.skip(item.at, f"{quoted(marked.words, WHOLE)} {why}")


def _read_location(item: Item, reading: _Reading) -> None:
    """Report what kin keeps no list for: places by themselves, and their other names."""
    name, _, aliases = item.words.partition(" (a.k.a. ")
    others = _ALIAS.split(aliases.removesuffix(")")) if aliases else []
    if not reading.places & {fold(each) for each in (name, *others)}:
        reading.skip(item.at, f"{quoted(name)} is a place where nobody lives and nothing happened")
    if others:
        listed = joined([quoted(each) for each in others[:5]])
        reading.skip(item.at, f"{listed}: other names of {quoted(name)} are not kept")
    if words := " ".join(item.more).strip():
        reading.skip(
            item.at, f"{quoted(words)} stands below a place, and kin keeps no list of them"
        )
