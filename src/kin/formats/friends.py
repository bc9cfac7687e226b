"""Reading and writing friends.md, the journal of the Ruby program `friends` (JacobEvelyn/friends).

All text that is read ends up in a person, in a note or in `skipped`.
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
from kin.formats.editor_card import CardInterest
from kin.formats.records import FileIssue, ImportedNote, ImportedPerson, ImportedRecords
from kin.language import dates as language_dates
from kin.language.text import (
    escape_control,
    join_words,
    normalize,
    replace_marks_with_letters,
    truncate,
)
from kin.vocabulary import catalog

MAX_FILE_SIZE = 32 * 2**20  # bytes; 200,000 entries take 20 MB
MAX_LINES = 2_000_000
MAX_ITEMS = 300_000
# After these, no day is looked for in odd words: that is slow, and the file is not a journal.
MAX_UNPARSED_DAYS = 2000
MAX_LINE_LENGTH = 100_000  # characters: a person does not write a longer one
_NAME_LIMIT = 8  # words of a name that can be used as a short form
_FULL_WIDTH = 2000  # cells; for quotations of text that is kept nowhere else

_SECTIONS = ("activities", "notes", "friends", "locations")
_HEADINGS = re.compile(rf"(?mi)^### (?:{'|'.join(_SECTIONS)}):[ \t]*$")
_BULLET = re.compile(r"[-*+](?:[ \t]+|\Z)")
_INDENT = re.compile(r"\A(?:  |\t| )")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?::\s*|\s*\Z)")
# A day that is read the same at both times does not depend on today.
_CLOCKS = (datetime(9000, 6, 15), datetime(9998, 1, 2))

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


class _ParsedText(NamedTuple):
    """A text without its marks, the keys of the linked people, the places, and warnings for the report."""

    text: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Item:
    """A line of a section without its bullet, and the lines below that continue it."""

    number: int  # of the line in the file
    section: str  # "" outside the sections that friends knows
    text: str
    continuation: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Collector:
    """What has been read so far of the file called `file`, and what could not be read."""

    file: str
    skipped: list[FileIssue] = field(default_factory=list)
    warnings: list[FileIssue] = field(default_factory=list)
    people: dict[str, ImportedPerson] = field(default_factory=dict)
    notes: list[ImportedNote] = field(default_factory=list)
    person_notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: set[str] = field(default_factory=set)
    unparsed_days: int = 0

    def locate(self, line: int) -> str:
        return f"{self.file}:{line}"

    def skip(self, line: int, why: str) -> None:
        self.skipped.append(FileIssue(self.locate(line), why))

    def warn(self, line: int, why: str) -> None:
        self.warnings.append(FileIssue(self.locate(line), why))


def is_friends_file(data: bytes) -> bool:
    """Return whether this is a friends.md: one of its headings has a line of its own."""
    return _HEADINGS.search(_decode(data[: 2**20])) is not None


def read_friends(data: bytes, name: str) -> ImportedRecords:
    """Read the people and notes of a friends.md; `name` is the file's name, for messages.

    Raises KinError for a file that is too large for a person to have written.
    """
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if len(data) > MAX_FILE_SIZE or lines > MAX_LINES:
        size = f"{len(data) // 2**20} MB and {lines:,} lines"
        raise KinError(f"{name} has {size}, which is more than a person writes.")
    collector = _Collector(name)
    items = list(_split_items(_decode(data), collector))
    for item in items:
        if item.section == "friends":
            _read_friend(item, collector)
    _read_entries([item for item in items if item.section not in _SECTIONS[2:]], collector)
    for item in items:
        if item.section == "locations":
            _read_location(item, collector)
    people = tuple(
        replace(each, note="\n\n".join(collector.person_notes[key]) or None)
        for key, each in collector.people.items()
    )
    skipped, warnings = tuple(collector.skipped), tuple(collector.warnings)
    return ImportedRecords("friends.md", people, tuple(collector.notes), skipped, warnings)


def _read_friend(item: _Item, collector: _Collector) -> None:
    """Read 'Name (a.k.a. X a.k.a. Y) [Place] @tag', the parts in any order."""
    name = re.split(r"[(\[@]", item.text, maxsplit=1)[0].strip()
    if not name or len(name) > LONGEST_NAME:
        why = f"has a name of {len(name)} characters" if name else "has no name"
        collector.skip(
            item.number, f"{_quote(' '.join([item.text, *item.continuation]), _FULL_WIDTH)} {why}"
        )
        return
    person, unread = _parse_details(name, item.text[len(name) :])
    key = name if name not in collector.people else f"{name} ({collector.locate(item.number)})"
    continuation = "\n".join(item.continuation).strip("\n")
    for words, position in ((unread, "after"), (continuation, "below")):
        if words:
            collector.person_notes[key].append(words)
            collector.warn(item.number, f"{_quote(words)} {position} the name is kept as a fact")
    collector.places.add(normalize(person.lives or ""))
    collector.people[key] = replace(person, source=collector.locate(item.number), key=key)


def _parse_details(name: str, tail: str) -> tuple[ImportedPerson, str]:
    """Parse the text after a name; return the person and the words outside of the format's brackets."""
    nicknames: list[str] = []
    lives, tags, unread, end = "", [], [], 0
    for part in _AFTER_NAME.finditer(replace_marks_with_letters(tail)):
        aliases, place, tag = (tail[slice(*part.span(group))] for group in (1, 2, 3))
        unread.append(tail[end : part.start()])
        end = part.end()
        others = [other for each in _ALIAS.split(aliases) if (other := each.strip())]
        if _select_unique_labels([tag]):
            tags.append(tag)
        elif 0 < len(place.strip()) <= LONGEST_LABEL and not lives:
            lives = place.strip()
        elif others and max(map(len, others)) <= LONGEST_LABEL:
            nicknames += others
        else:
            unread.append(tail[slice(*part.span())])
    unread.append(tail[end:])
    person = ImportedPerson(
        name,
        source="",
        nicknames=tuple(dict.fromkeys(nicknames)),
        lives=lives or None,
        into=tuple(map(CardInterest, _select_unique_labels(tags))),
    )
    return person, " ".join(words.strip() for words in unread if words.strip())


def _read_entries(items: Sequence[_Item], collector: _Collector) -> None:
    """Read the entries of activities and notes as notes with the people who are marked in them."""
    names = _index_names(collector.people)
    days = [_split_day(item.text, collector) for item in items]
    neighbour = next((day for day, _ in days if day), None)
    for item, (day, words) in zip(items, days, strict=True):
        neighbour = day or neighbour
        text = "\n".join([words, *item.continuation])
        if len(text) > MAX_LINE_LENGTH:
            collector.skip(item.number, f"is an entry of {len(text)} characters, which is too long")
            continue
        parsed = _parse_marks(text, names)
        collector.places |= {normalize(place) for place in parsed.places}
        for why in parsed.warnings:
            collector.warn(item.number, why)
        if any(item.continuation):
            collector.warn(item.number, "has more lines below it: all are kept together")
        if not item.section:
            collector.warn(item.number, "is in no section that friends knows: kept as a note")
        if not parsed.text:
            collector.skip(item.number, f"{_quote(item.text or '-')} has no text after its day")
        elif day:
            collector.notes.append(_make_note(day, parsed, collector.locate(item.number)))
        else:
            _add_undated_entry(parsed, neighbour, item, collector)


def _split_day(words: str, collector: _Collector) -> tuple[language_dates.Day | None, str]:
    """Split '2018-11-01: words' into its day, None if kin does not recognize it, and the words."""
    if iso := _DATED.match(words):
        with suppress(ValueError):
            return language_dates.Day(date.fromisoformat(iso[1])), words[iso.end() :]
    head, colon, tail = words.partition(": ")
    if not colon or not re.search("[0-9]{4}", head) or collector.unparsed_days > MAX_UNPARSED_DAYS:
        return None, words
    try:
        first, second = (language_dates.parse(head, now=now) for now in _CLOCKS)
    except UnclearDateError:
        collector.unparsed_days += 1
        return None, words
    return (first, tail) if first == second else (None, words)


def _make_note(day: language_dates.Day, parsed: _ParsedText, source: str) -> ImportedNote:
    return ImportedNote(
        on=day.on.isoformat(),
        precision=day.precision,
        text=parsed.text,
        source=source,
        people=parsed.people,
        place=next(iter(parsed.places), None),
        interests=_find_interest_labels(parsed.text),
    )


def _add_undated_entry(
    parsed: _ParsedText, neighbour: language_dates.Day | None, item: _Item, collector: _Collector
) -> None:
    """Keep an entry without a day as a fact about its people, or else under the year of its neighbour.

    An invented day would count as the last note with its people; without people it does not.
    """
    words = _quote(parsed.text)
    if parsed.people:
        for key in parsed.people:
            collector.person_notes[key].append(parsed.text)
        names = join_words([collector.people[key].name for key in parsed.people])
        collector.warn(
            item.number, f"{words} has no day that kin recognizes: kept as a fact about {names}"
        )
    elif neighbour:
        year = language_dates.Day(date(neighbour.on.year, 1, 1), "year")
        collector.notes.append(_make_note(year, parsed, collector.locate(item.number)))
        why = f"kept under {neighbour.on.year}, the year of the entry next to it"
        collector.warn(item.number, f"{words} has no day that kin recognizes: {why}")
    else:
        why = "has no day that kin recognizes, and links no one"
        collector.skip(item.number, f"{_quote(parsed.text, _FULL_WIDTH)} {why}")


def _read_location(item: _Item, collector: _Collector) -> None:
    """Report places without people or notes, and other names of places: kin has no list of places."""
    name, _, aliases = item.text.partition(" (a.k.a. ")
    others = _ALIAS.split(aliases.removesuffix(")")) if aliases else []
    if not collector.places & {normalize(each) for each in (name, *others)}:
        collector.skip(
            item.number, f"{_quote(name)} is a place where no one lives and nothing happened"
        )
    if others:
        listed = join_words([_quote(each) for each in others[:5]])
        collector.skip(item.number, f"{listed}: other names of {_quote(name)} are not kept")
    if words := " ".join(item.continuation).strip():
        collector.skip(
            item.number, f"{_quote(words)} is below a place, and kin has no list of places"
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


def _split_items(text: str, collector: _Collector) -> Iterator[_Item]:
    """Yield the items of the file; sections may come in any order."""
    section, item, count = "", None, 0
    for number, line in enumerate(text.split("\n"), 1):
        if "\0" in line:
            line = line.replace("\0", "\ufffd")
            collector.warn(number, "contains NUL characters, shown as \ufffd")
        if len(line) > MAX_LINE_LENGTH:
            collector.skip(number, f"is a line of {len(line)} characters, which is too long")
        elif line.startswith("#") and (heading := _parse_heading(line)) is not None:
            if heading in _SECTIONS:
                section, item = heading, None
                continue
            collector.skip(number, f"{_quote(line)} is not a heading that friends knows")
            if re.match(r"###(?!#)", line):
                section, item = "", None
        elif line.strip() and (item is None or _starts_item(line, section)):
            bullet = _BULLET.match(line)
            item = _Item(number, section, (line[bullet.end() :] if bullet else line).strip())
            count += 1
            if count > MAX_ITEMS:
                raise KinError(f"{collector.file} has more than {MAX_ITEMS} entries.")
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

    `friends` itself takes every line for an item, and text below a friend for one more friend.
    """
    if _BULLET.match(line):
        return True
    if section == "friends":
        words = _AFTER_NAME.sub("", line).split()
        has_name_words = all(word[0].isalpha() and not word[0].islower() for word in words)
        ends_sentence = line.rstrip()[-1] in ".,;:!?…。"
        return (
            has_name_words and not ends_sentence and 0 < len(words) <= 5 and not line[0].isspace()
        )
    return not line[0].isspace() if section == "locations" else bool(_DATED.match(line))


def _quote(words: str, width: int = 60) -> str:
    """Return the beginning of the words on one line, in quotes."""
    return f"“{truncate(escape_control(words[: 2 * width], newlines=False), width)}”"


def _select_unique_labels(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that can be labels of interests, each interest once, as first typed."""
    label_by_key: dict[str, str] = {}
    for tag in tags:
        if len(tag) <= LONGEST_LABEL:
            label_by_key.setdefault(catalog.normalize_interest(tag), tag)
    label_by_key.pop("", None)
    return tuple(label_by_key.values())


def _find_interest_labels(words: str) -> tuple[str, ...]:
    """Return the labels of the @tags in a text."""
    outline = replace_marks_with_letters(words)
    return _select_unique_labels(
        words[slice(*match.span(1))] for match in _TAGS.finditer(outline) if match[1]
    )


def _format_tags(labels: Iterable[str]) -> list[str]:
    """Return the labels as @tags, except those whose tag would mean another interest (C++ is not C)."""
    words_by_label = {
        label: re.findall(r"[^\W_]+(?::[^\W_]+)*", label.replace("&", " and ")) for label in labels
    }
    tag_by_label = {label: "-".join(words) for label, words in words_by_label.items()}
    return [
        f"@{tag}"
        for label, tag in tag_by_label.items()
        if _select_unique_labels([tag])
        and catalog.normalize_interest(tag) == catalog.normalize_interest(label)
    ]


def _index_names(people: Mapping[str, ImportedPerson]) -> _NameIndex:
    """Return the keys of people by each kind of name, the most certain kind first, as in `friends`.

    The kinds: exact name, folded name, nickname, and first names or first name and initial.
    """
    index: _NameIndex = [defaultdict(list) for _ in range(4)]
    for key, person in people.items():
        words = normalize(person.name).split() or [""]
        names = [[person.name], [" ".join(words)], [normalize(each) for each in person.nicknames]]
        names.append([" ".join(words[:n]) for n in range(1, min(len(words), _NAME_LIMIT))])
        if len(words) > 1:
            names[3].append(f"{words[0]} {words[-1][0]}")
        for table, spellings in zip(index, names, strict=True):
            for spelling in dict.fromkeys(spellings):
                table[spelling].append(key)
    return index


def _find_people(name: str, index: _NameIndex) -> list[str]:
    """Return the keys of the people that a name may mean, by the most certain kind of name that matches."""
    folded = normalize(name).rstrip(" .")
    spellings = (name, *[folded] * (len(index) - 1))
    return next(
        (table[each] for table, each in zip(index, spellings, strict=True) if each in table), []
    )


def _parse_marks(words: str, index: _NameIndex) -> _ParsedText:
    """Strip the marks of a text; a name that may mean several people keeps its mark and links no one."""
    people: dict[str, None] = {}
    places: dict[str, None] = {}
    warnings: dict[str, None] = {}

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
        choices = f"may be {join_words([_quote(key) for key in candidates[:5]], 'or')}"
        why = choices if candidates else "is not one of the friends"
        warnings[f"{_quote(name)} {why}: the name stays in the text, and links no one"] = None
        return mark[0]

    plain = _MARKS.sub(strip_mark, words).strip()
    for place in list(places)[1:]:
        warnings[f"{_quote(place)} is another place: it stays marked in the text"] = None
    return _ParsedText(plain, tuple(people), tuple(places), tuple(warnings))


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


def write_friends(people: Iterable[ImportedPerson], notes: Iterable[ImportedNote]) -> bytes:
    """Return names, nicknames, towns, interests and notes; the format has no fields for more.

    Each entry is one line, and people who are linked but not named in it follow in brackets, so that
    `friends` finds everyone.
    """
    name_by_key: dict[str, str] = {}
    friends: list[tuple[str, str]] = []
    places: set[str] = set()
    counts: Counter[str] = Counter()
    for person in people:
        if name := _make_unique_name(_clean_name("name", person.name), counts):
            name_by_key.setdefault(person.name, name)
            name_by_key[person.key or person.name] = name
            friends.append((name, _format_friend(name, person)))
            places.add(_clean_name("place", person.lives or ""))
    sorted_notes = sorted(notes, key=lambda note: note.on, reverse=True)
    places |= {_clean_name("place", note.place or "") for note in sorted_notes}
    sections: dict[str, Iterable[str]] = {
        "Activities": filter(None, (_format_entry(note, name_by_key) for note in sorted_notes)),
        "Notes": (),
        "Friends": (line for _, line in sorted(friends)),
        "Locations": (f"- {place}" for place in sorted(places - {""})),
    }
    text = "\n\n".join("\n".join([f"### {name}:", *rows]) for name, rows in sections.items())
    return f"{text}\n".encode("utf-8", "replace")


def _clean_name(what: str, words: str) -> str:
    """Return a name on one line, without the characters that would end it too early."""
    return " ".join(re.sub(_DELIMITERS[what], " ", words).split())


def _make_unique_name(name: str, counts: Counter[str]) -> str:
    """Number a name that is taken: `friends` refuses a file with two friends of one name."""
    unique = name
    while name and counts[unique]:
        counts[name] += 1
        unique = f"{name} {counts[name]}"
    counts[unique] += 1
    return unique


def _format_friend(name: str, person: ImportedPerson) -> str:
    cleaned = (_clean_name("nickname", each.replace("a.k.a.", "aka")) for each in person.nicknames)
    aliases = " ".join(f"a.k.a. {each}" for each in cleaned if each)
    lives = _clean_name("place", person.lives or "")
    tags = _format_tags(interest.label for interest in person.into)
    parts = (f"({aliases})" if aliases else "", f"[{lives}]" if lives else "", *tags)
    return " ".join(filter(None, (f"- {name}", *parts)))


def _format_entry(note: ImportedNote, name_by_key: dict[str, str]) -> str:
    """Return '- 2018-11-01: words' with the names and the place marked; '' without words."""
    lines = re.split(r"[\r\n\0]+", note.text)
    words = " ".join(line.strip() for line in lines if line.strip())
    if not words:
        return ""
    if note.precision != "day":
        day = language_dates.Day(
            date.fromisoformat(note.on), cast(language_dates.Precision, note.precision)
        )
        words = f"({language_dates.format_day(day)}) {words}"
    place = _clean_name("place", note.place or "")
    mark_by_name = {place: f"_{place}_"} if place[:1].isalnum() else {}
    mark_by_name |= {name: f"**{name}**" for each in note.people if (name := name_by_key.get(each))}
    words, marked_names = _add_marks(words, mark_by_name)
    people = [
        mark for name, mark in mark_by_name.items() if name not in marked_names and mark[0] == "*"
    ]
    suffix = [f"with {join_words(people)}"] if people else []
    if place not in marked_names and mark_by_name.get(place, "*")[0] == "_":
        suffix.append(f"at {mark_by_name[place]}")
    words += f" ({' '.join(suffix)})" if suffix else ""
    present_tags = {tag.lower() for tag in _format_tags(_find_interest_labels(words))}
    tags = [tag for tag in _format_tags(note.interests) if tag.lower() not in present_tags]
    return " ".join([f"- {note.on}:", words, *tags])
