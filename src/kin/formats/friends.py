"""Reading and writing friends.md, the journal of the Ruby program `friends` (JacobEvelyn/friends).

Every word that is read ends up in a person, in a conversation or in `skipped`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple, cast

from kin.constants import LONGEST_LABEL, LONGEST_NAME
from kin.errors import KinError, UnclearDateError
from kin.formats.card import Loved
from kin.formats.incoming import Brought, Incoming, Skipped, Told
from kin.language import dates
from kin.language.text import clipped, fold, joined, shape, visible
from kin.vocabulary import catalog as vocabulary

LARGEST = 32 * 2**20  # bytes; 200,000 entries take 20 MB
MOST_LINES = 2_000_000
MOST_ITEMS = 300_000
MOST_ODD_DAYS = 2000  # beyond, no day is looked for in odd words: that is slow, and not a journal
LONGEST_LINE = 100_000  # characters: a person does not write a longer one
_NAME_LIMIT = 8  # words of a name that can be used as a short form
_FULL_WIDTH = 2000  # cells of a quotation whose text is kept nowhere else

_SECTIONS = ("activities", "notes", "friends", "locations")
_HEADINGS = re.compile(rf"(?mi)^### (?:{'|'.join(_SECTIONS)}):[ \t]*$")
_BULLET = re.compile(r"[-*+](?:[ \t]+|\Z)")
_INDENT = re.compile(r"\A(?:  |\t| )")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?::\s*|\s*\Z)")
_CLOCKS = (datetime(9000, 6, 15), datetime(9998, 1, 2))  # a day that both agree on needs no clock

# Marks are not looked for inside an address.
_ADDRESS = r"(?<![a-zA-Z0-9+.-])[a-zA-Z][a-zA-Z0-9+.-]{1,20}://\S+"
_TAG = r"(?<![^\W_])@([^\W_](?:[:-]?[^\W_])*)"  # TAG_REGEX of lib/friends/tag_regex.rb
_TAGS = re.compile(f"{_ADDRESS}|{_TAG}")
_MARKS = re.compile(rf"{_ADDRESS}|\*\*([^\s*][^*\n]*)\*\*|(?<!\w)_([^\W_][^_\n]{{0,199}})_(?!\w)")
_UNMARKED = re.compile(rf"{_ADDRESS}|@[\w:-]+")
_ALIAS = re.compile(r"\s+a\.k\.a\.\s+")
_AFTER_NAME = re.compile(rf"\(a\.k\.a\.\s+([^()]*(?:\([^()]*\)[^()]*)*)\)|\[([^\[\]]+)\]|{_TAG}")
# Characters that would end a name, nickname or place too early.
_DELIMITERS = {"name": r"[()\[\]@*_\0]", "nickname": r"[()\0]", "place": r"[()\[\]*_\0]"}

# Keys of people by what they may be called: one dictionary for each kind of name.
_NameIndex = list[dict[str, list[str]]]


class _Marked(NamedTuple):
    """A text without its marks, the keys of the linked people, the places, and remarks for the report."""

    text: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Item:
    """A line of a section without its bullet, and the lines below that continue it."""

    number: int  # of the line in the file
    section: str  # "" outside the sections that friends knows
    text: str
    continuation: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What has been read so far of the file called `file`, and what could not be read."""

    file: str
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)
    people: dict[str, Incoming] = field(default_factory=dict)
    talks: list[Told] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: set[str] = field(default_factory=set)
    odd_days: int = 0

    def where(self, line: int) -> str:
        return f"{self.file}:{line}"

    def skip(self, line: int, why: str) -> None:
        self.skipped.append(Skipped(self.where(line), why))

    def remark(self, line: int, why: str) -> None:
        self.remarks.append(Skipped(self.where(line), why))


def recognise(data: bytes) -> bool:
    """Return whether this is a friends.md: one of its headings has a line of its own."""
    return _HEADINGS.search(_decode(data[: 2**20])) is not None


def read(data: bytes, name: str) -> Brought:
    """Read the people and conversations of a friends.md; `name` is the file's name, for messages.

    Raises KinError for a file that is too large for a person to have written.
    """
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if len(data) > LARGEST or lines > MOST_LINES:
        size = f"{len(data) // 2**20} MB and {lines:,} lines"
        raise KinError(f"{name} has {size}, which is more than a person writes.")
    reading = _Reading(name)
    items = list(_split_items(_decode(data), reading))
    for item in items:
        if item.section == "friends":
            _read_friend(item, reading)
    _read_entries([item for item in items if item.section not in _SECTIONS[2:]], reading)
    for item in items:
        if item.section == "locations":
            _read_location(item, reading)
    people = tuple(
        replace(each, note="\n\n".join(reading.notes[key]) or None)
        for key, each in reading.people.items()
    )
    skipped, remarks = tuple(reading.skipped), tuple(reading.remarks)
    return Brought("friends.md", people, tuple(reading.talks), skipped, remarks)


def _read_friend(item: _Item, reading: _Reading) -> None:
    """Read 'Name (a.k.a. X a.k.a. Y) [Place] @tag', the parts in any order."""
    name = re.split(r"[(\[@]", item.text, maxsplit=1)[0].strip()
    if not name or len(name) > LONGEST_NAME:
        why = f"has a name of {len(name)} characters" if name else "has no name"
        reading.skip(
            item.number, f"{_quote(' '.join([item.text, *item.continuation]), _FULL_WIDTH)} {why}"
        )
        return
    person, unread = _parse_details(name, item.text[len(name) :])
    key = name if name not in reading.people else f"{name} ({reading.where(item.number)})"
    continuation = "\n".join(item.continuation).strip("\n")
    for words, place in ((unread, "behind"), (continuation, "below")):
        if words:
            reading.notes[key].append(words)
            reading.remark(item.number, f"{_quote(words)} stands {place} the name: kept as a note")
    reading.places.add(fold(person.lives or ""))
    reading.people[key] = replace(person, source=reading.where(item.number), key=key)


def _parse_details(name: str, tail: str) -> tuple[Incoming, str]:
    """Parse the text after a name; return the person and the words outside of the format's brackets."""
    nicknames: list[str] = []
    lives, tags, unread, end = "", [], [], 0
    for part in _AFTER_NAME.finditer(shape(tail)):
        aliases, place, tag = (tail[slice(*part.span(group))] for group in (1, 2, 3))
        unread.append(tail[end : part.start()])
        end = part.end()
        others = [other for each in _ALIAS.split(aliases) if (other := each.strip())]
        if _unique_labels([tag]):
            tags.append(tag)
        elif 0 < len(place.strip()) <= LONGEST_LABEL and not lives:
            lives = place.strip()
        elif others and max(map(len, others)) <= LONGEST_LABEL:
            nicknames += others
        else:
            unread.append(tail[slice(*part.span())])
    unread.append(tail[end:])
    person = Incoming(
        name,
        source="",
        nicknames=tuple(dict.fromkeys(nicknames)),
        lives=lives or None,
        into=tuple(map(Loved, _unique_labels(tags))),
    )
    return person, " ".join(words.strip() for words in unread if words.strip())


def _read_entries(items: Sequence[_Item], reading: _Reading) -> None:
    """Read activities and notes as conversations with the people who are marked in them."""
    names = _index_names(reading.people)
    days = [_split_day(item.text, reading) for item in items]
    neighbour = next((day for day, _ in days if day), None)
    for item, (day, words) in zip(items, days, strict=True):
        neighbour = day or neighbour
        text = "\n".join([words, *item.continuation])
        if len(text) > LONGEST_LINE:
            reading.skip(
                item.number, f"is an entry of {len(text)} characters, and no text of a person"
            )
            continue
        marked = _parse_marks(text, names)
        reading.places |= {fold(place) for place in marked.places}
        for why in marked.remarks:
            reading.remark(item.number, why)
        if any(item.continuation):
            reading.remark(item.number, "goes on below its line: all lines are kept together")
        if not item.section:
            reading.remark(item.number, "is in no section of friends: kept as a conversation")
        if not marked.text:
            reading.skip(item.number, f"{_quote(item.text or '-')} has no words after its day")
        elif day:
            reading.talks.append(_make_conversation(day, marked, reading.where(item.number)))
        else:
            _add_undated(marked, neighbour, item, reading)


def _split_day(words: str, reading: _Reading) -> tuple[dates.Day | None, str]:
    """Split '2018-11-01: words' into its day, None if kin knows no such day, and the words."""
    if iso := _DATED.match(words):
        with suppress(ValueError):
            return dates.Day(date.fromisoformat(iso[1])), words[iso.end() :]
    head, colon, tail = words.partition(": ")
    if not colon or not re.search("[0-9]{4}", head) or reading.odd_days > MOST_ODD_DAYS:
        return None, words
    try:
        first, second = (dates.parse(head, now=now) for now in _CLOCKS)
    except UnclearDateError:
        reading.odd_days += 1
        return None, words
    return (first, tail) if first == second else (None, words)


def _make_conversation(day: dates.Day, marked: _Marked, source: str) -> Told:
    return Told(
        on=day.on.isoformat(),
        precision=day.precision,
        text=marked.text,
        source=source,
        people=marked.people,
        place=next(iter(marked.places), None),
        topics=_find_topics(marked.text),
    )


def _add_undated(
    marked: _Marked, neighbour: dates.Day | None, item: _Item, reading: _Reading
) -> None:
    """Keep an entry without a day as a note on its people, or else under the year of its neighbour.

    An invented day would count as the last conversation with its people; without people it does not.
    """
    words = _quote(marked.text)
    if marked.people:
        for key in marked.people:
            reading.notes[key].append(marked.text)
        names = joined([reading.people[key].name for key in marked.people])
        reading.remark(item.number, f"{words} has no day that kin knows: kept as a note of {names}")
    elif neighbour:
        year = dates.Day(date(neighbour.on.year, 1, 1), "year")
        reading.talks.append(_make_conversation(year, marked, reading.where(item.number)))
        why = f"kept under {neighbour.on.year}, the year of the entry next to it"
        reading.remark(item.number, f"{words} has no day that kin knows: {why}")
    else:
        why = "has no day that kin knows, and nobody is linked"
        reading.skip(item.number, f"{_quote(marked.text, _FULL_WIDTH)} {why}")


def _read_location(item: _Item, reading: _Reading) -> None:
    """Report places without people or conversations, and other names of places: kin has no list of places."""
    name, _, aliases = item.text.partition(" (a.k.a. ")
    others = _ALIAS.split(aliases.removesuffix(")")) if aliases else []
    if not reading.places & {fold(each) for each in (name, *others)}:
        reading.skip(
            item.number, f"{_quote(name)} is a place where nobody lives and nothing happened"
        )
    if others:
        listed = joined([_quote(each) for each in others[:5]])
        reading.skip(item.number, f"{listed}: other names of {_quote(name)} are not kept")
    if words := " ".join(item.continuation).strip():
        reading.skip(
            item.number, f"{_quote(words)} stands below a place, and kin keeps no list of them"
        )


def _decode(data: bytes) -> str:
    """Decode by byte order mark, as UTF-8, or else line by line as Windows-1252; normalize line ends.

    Line by line, so that a broken byte affects only its own line.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        lines = data.removeprefix(b"\xef\xbb\xbf")
        try:
            text = lines.decode()
        except UnicodeDecodeError:
            text = "\n".join(map(_decode_line, lines.split(b"\n")))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _split_items(text: str, reading: _Reading) -> Iterator[_Item]:
    """Yield the items of the file; sections may come in any order."""
    section, item, count = "", None, 0
    for number, line in enumerate(text.split("\n"), 1):
        if "\0" in line:
            line = line.replace("\0", "\ufffd")
            reading.remark(number, "holds NUL characters, shown as \ufffd")
        if len(line) > LONGEST_LINE:
            reading.skip(number, f"is a line of {len(line)} characters, and no text of a person")
        elif line.startswith("#") and (heading := _parse_heading(line)) is not None:
            if heading in _SECTIONS:
                section, item = heading, None
                continue
            reading.skip(number, f"{_quote(line)} is no heading that friends knows")
            if re.match(r"###(?!#)", line):
                section, item = "", None
        elif line.strip() and (item is None or _starts_item(line, section)):
            bullet = _BULLET.match(line)
            item = _Item(number, section, (line[bullet.end() :] if bullet else line).strip())
            count += 1
            if count > MOST_ITEMS:
                raise KinError(f"{reading.file} has more than {MOST_ITEMS} entries.")
            yield item
        elif item:
            item.continuation.append(_INDENT.sub("", line).rstrip())


def _parse_heading(line: str) -> str | None:
    """Return the text of a heading in lower case, or None for a line that begins with a #tag."""
    bare = line.lstrip("#")
    words = bare.strip().removesuffix(":").rstrip().lower()
    return words if words in _SECTIONS or not bare or bare[0].isspace() else None


def _starts_item(line: str, section: str) -> bool:
    """Return whether a line is an item of its own rather than a continuation of the one above.

    The original takes every line for an item, and prose below a friend for one more friend.
    """
    if _BULLET.match(line):
        return True
    if section == "friends":
        words = _AFTER_NAME.sub("", line).split()
        named = all(word[0].isalpha() and not word[0].islower() for word in words)
        ended = line.rstrip()[-1] in ".,;:!?…。"
        return named and not ended and 0 < len(words) <= 5 and not line[0].isspace()
    return not line[0].isspace() if section == "locations" else bool(_DATED.match(line))


def _quote(words: str, width: int = 60) -> str:
    """Return the beginning of the words on one line, in quotes."""
    return f"“{clipped(visible(words[: 2 * width], newlines=False), width)}”"


def _unique_labels(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that can be labels of interests, each interest once, as first typed."""
    label_by_key: dict[str, str] = {}
    for tag in tags:
        if len(tag) <= LONGEST_LABEL:
            label_by_key.setdefault(vocabulary.key(tag), tag)
    label_by_key.pop("", None)
    return tuple(label_by_key.values())


def _find_topics(words: str) -> tuple[str, ...]:
    """Return the labels of the @tags in a text."""
    outline = shape(words)
    return _unique_labels(
        words[slice(*match.span(1))] for match in _TAGS.finditer(outline) if match[1]
    )


def _format_tags(wanted: Iterable[str]) -> list[str]:
    """Return the labels as @tags, except those whose tag would mean another interest (C++ is not C)."""
    words_by_label = {
        label: re.findall(r"[^\W_]+(?::[^\W_]+)*", label.replace("&", " and ")) for label in wanted
    }
    tag_by_label = {label: "-".join(words) for label, words in words_by_label.items()}
    return [
        f"@{tag}"
        for label, tag in tag_by_label.items()
        if _unique_labels([tag]) and vocabulary.key(tag) == vocabulary.key(label)
    ]


def _index_names(people: Mapping[str, Incoming]) -> _NameIndex:
    """Return the keys of people by each kind of name, the most certain kind first, as in `friends`.

    The kinds: exact name, folded name, nickname, and first names or first name and initial.
    """
    index: _NameIndex = [defaultdict(list) for _ in range(4)]
    for key, person in people.items():
        words = fold(person.name).split() or [""]
        names = [[person.name], [" ".join(words)], [fold(each) for each in person.nicknames]]
        names.append([" ".join(words[:n]) for n in range(1, min(len(words), _NAME_LIMIT))])
        if len(words) > 1:
            names[3].append(f"{words[0]} {words[-1][0]}")
        for table, spellings in zip(index, names, strict=True):
            for spelling in dict.fromkeys(spellings):
                table[spelling].append(key)
    return index


def _find_people(name: str, index: _NameIndex) -> list[str]:
    """Return the keys of the people that a name may mean, by the most certain kind of name that matches."""
    folded = fold(name).rstrip(" .")
    spellings = (name, *[folded] * (len(index) - 1))
    return next(
        (table[each] for table, each in zip(index, spellings, strict=True) if each in table), []
    )


def _parse_marks(words: str, index: _NameIndex) -> _Marked:
    """Strip the marks of a text; a name that may mean several people keeps its mark and links no one."""
    people: dict[str, None] = {}
    places: dict[str, None] = {}
    remarks: dict[str, None] = {}

    def strip_mark(mark: re.Match[str]) -> str:
        name, place = mark[1], mark[2]
        if place:
            places[place.strip()] = None
            return place if place.strip() == next(iter(places)) else mark[0]
        if not name:
            return mark[0]
        candidates = _find_people(name.strip(), index)
        if len(candidates) == 1:
            people[candidates[0]] = None
            return name
        choices = f"may be {joined([_quote(key) for key in candidates[:5]], 'or')}"
        why = choices if candidates else "is not among the friends"
        remarks[f"{_quote(name)} {why}: the name stays in the text, and links nobody"] = None
        return mark[0]

    plain = _MARKS.sub(strip_mark, words).strip()
    for place in list(places)[1:]:
        remarks[f"{_quote(place)} is one more place: it stays marked in the text"] = None
    return _Marked(plain, tuple(people), tuple(places), tuple(remarks))


def _add_marks(words: str, marks: Mapping[str, str]) -> tuple[str, set[str]]:
    """Mark each name in the words, outside of addresses and tags; return also the names that occur."""
    occupied = bytearray(len(words))
    for span in (match.span() for match in _UNMARKED.finditer(words)):
        occupied[slice(*span)] = b"\1" * (span[1] - span[0])
    name_at: dict[int, str] = {}
    for name in sorted((name for name in marks if name in words), key=len, reverse=True):
        end = 0
        while (at := words.find(name, end)) >= 0:
            end = at + len(name)
            inside = _continues_word(words[at - 1 : at]) or _continues_word(words[end : end + 1])
            if not inside and occupied.find(1, at, end) < 0:
                occupied[at:end] = b"\1" * len(name)
                name_at[at] = name
    pieces, end = [], 0
    for at, name in sorted(name_at.items()):
        pieces += [words[end:at], marks[name]]
        end = at + len(name)
    return "".join([*pieces, words[end:]]), set(name_at.values())


def _continues_word(char: str) -> bool:
    return char.isalnum() or char in ("_", "*")


def write(people: Iterable[Incoming], talks: Iterable[Told]) -> bytes:
    """Write names, nicknames, towns, interests and conversations; the format has no fields for more.

    Each entry is one line, and people who are linked but not named in it follow in brackets, so that
    `friends` finds everyone.
    """
    name_by_key: dict[str, str] = {}
    friends: list[tuple[str, str]] = []
    places: set[str] = set()
    counts: Counter[str] = Counter()
    for person in people:
        if name := _unique_name(_clean("name", person.name), counts):
            name_by_key.setdefault(person.name, name)
            name_by_key[person.key or person.name] = name
            friends.append((name, _format_friend(name, person)))
            places.add(_clean("place", person.lives or ""))
    by_day = sorted(talks, key=lambda talk: talk.on, reverse=True)
    places |= {_clean("place", talk.place or "") for talk in by_day}
    sections: dict[str, Iterable[str]] = {
        "Activities": filter(None, (_format_entry(talk, name_by_key) for talk in by_day)),
        "Notes": (),
        "Friends": (line for _, line in sorted(friends)),
        "Locations": (f"- {place}" for place in sorted(places - {""})),
    }
    text = "\n\n".join("\n".join([f"### {name}:", *rows]) for name, rows in sections.items())
    return f"{text}\n".encode("utf-8", "replace")


def _clean(what: str, words: str) -> str:
    """Return a name on one line, without the characters that would end it too early."""
    return " ".join(re.sub(_DELIMITERS[what], " ", words).split())


def _unique_name(name: str, counts: Counter[str]) -> str:
    """Number a name that is taken: `friends` refuses a file with two friends of one name."""
    unique = name
    while name and counts[unique]:
        counts[name] += 1
        unique = f"{name} {counts[name]}"
    counts[unique] += 1
    return unique


def _format_friend(name: str, person: Incoming) -> str:
    cleaned = (_clean("nickname", each.replace("a.k.a.", "aka")) for each in person.nicknames)
    aliases = " ".join(f"a.k.a. {each}" for each in cleaned if each)
    lives = _clean("place", person.lives or "")
    tags = _format_tags(loved.label for loved in person.into)
    parts = (f"({aliases})" if aliases else "", f"[{lives}]" if lives else "", *tags)
    return " ".join(filter(None, (f"- {name}", *parts)))


def _format_entry(talk: Told, name_by_key: dict[str, str]) -> str:
    """Return '- 2018-11-01: words' with the names and the place marked; '' without words."""
    lines = re.split(r"[\r\n\0]+", talk.text)
    words = " ".join(line.strip() for line in lines if line.strip())
    if not words:
        return ""
    if talk.precision != "day":
        day = dates.Day(date.fromisoformat(talk.on), cast(dates.Precision, talk.precision))
        words = f"({dates.format_day(day)}) {words}"
    place = _clean("place", talk.place or "")
    mark_by_name = {place: f"_{place}_"} if place[:1].isalnum() else {}
    mark_by_name |= {name: f"**{name}**" for each in talk.people if (name := name_by_key.get(each))}
    words, marked = _add_marks(words, mark_by_name)
    people = [mark for name, mark in mark_by_name.items() if name not in marked and mark[0] == "*"]
    suffix = [f"with {joined(people)}"] if people else []
    if place not in marked and mark_by_name.get(place, "*")[0] == "_":
        suffix.append(f"at {mark_by_name[place]}")
    words += f" ({' '.join(suffix)})" if suffix else ""
    present = {tag.lower() for tag in _format_tags(_find_topics(words))}
    tags = [tag for tag in _format_tags(talk.topics) if tag.lower() not in present]
    return " ".join([f"- {talk.on}:", words, *tags])
