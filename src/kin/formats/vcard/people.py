"""Files of vCards 2.1, 3.0 and 4.0 read as people and groups, with a report of all that could not be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from kin.constants import LONGEST_LABEL, LONGEST_NAME
from kin.errors import UsageError
from kin.formats.card import Loved
from kin.formats.incoming import Bond, Brought, Incoming, Skipped
from kin.formats.vcard.lines import Line, RawCard, find_codec, split_cards, unfold
from kin.formats.vcard.read import (
    Fields,
    ParsedCard,
    display_name,
    normalize_uid,
    parse_card,
    select_fields,
)
from kin.language.text import clipped, joined, visible

LONGEST_CONTACT = 2000
NAMELESS_PREFIX = "nameless "
MOST_REMARKS = 20  # for one card: a single broken photo can have thousands of lines


class CardGroup(NamedTuple):
    """A card of KIND:group: its name, and the normalized UIDs of its members."""

    name: str
    members: tuple[str, ...]


class CardResult(NamedTuple):
    """What was read from one card, or from lines outside of any.

    `person` has only values that are not too long, `fields` has all of them. `has_stray_lines` is whether it has
    lines that are not those of a card: what they said is unknown.
    """

    where: str
    person: Incoming | None = None
    group: CardGroup | None = None
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[Skipped, ...] = ()
    version: str | None = None
    fields: Fields | None = None
    has_stray_lines: bool = False
    guessed: bool = False  # not UTF-8, and no charset is given


def _read_card(
    raw_card: RawCard, file: str, encoding: str | None, categories_are_interests: bool
) -> CardResult:
    """Read one raw card of a file as a person or a group.

    A card with any content becomes a person, even without a name.
    """
    lines = unfold(raw_card.lines)
    parsed = parse_card(lines, encoding)
    where = f"{file}:{raw_card.line_number}"
    remarks = [Skipped(f"{file}:{at}", why) for at, why in _find_problems(raw_card, lines, parsed)]
    name = display_name(parsed)
    result = CardResult(
        where,
        version=parsed.version,
        has_stray_lines=any(
            line.text.strip() and (line.kind == "stray" or b":" not in line.text) for line in lines
        ),
        guessed=parsed.decoder.guessed,
    )
    if parsed.kind == "group":
        return result._replace(
            group=CardGroup(name or where, tuple(parsed.members)), remarks=tuple(remarks)
        )
    if not name and not parsed.has_content:
        return result._replace(
            skipped=(Skipped(where, "the card is empty"),), remarks=tuple(remarks)
        )
    if not name:
        name = f"{NAMELESS_PREFIX}{where}"
        remarks.append(Skipped(where, f"has no name; it comes in as “{name}”"))
    fields = select_fields(parsed, categories_are_interests=categories_are_interests)
    remarks += [Skipped(where, _describe_too_long(each)) for each in _find_too_long(name, fields)]
    raw = b"".join(raw_card.lines) if raw_card.is_complete else None
    person = _build_person(name, where, fields, raw)
    return result._replace(person=person, fields=fields, remarks=tuple(remarks))


def _build_person(name: str, where: str, fields: Fields, raw: bytes | None) -> Incoming:
    name = name if len(name) <= LONGEST_NAME else clipped(name, LONGEST_NAME // 2)
    return Incoming(
        name=name,
        source=where,
        nicknames=tuple(filter(_fits, fields.nicknames)),
        contacts=tuple(way for way in fields.contacts if _fits(way.value, LONGEST_CONTACT)),
        birthday=fields.birthday,
        days=tuple(day for day in fields.days if _fits(day[0])),
        lives=fields.lives if fields.lives and _fits(fields.lives) else None,
        note=fields.note,
        into=tuple(Loved(each) for each in fields.interests if _fits(each)),
        groups=tuple(filter(_fits, fields.groups)),
        bonds=tuple(bond for bond in fields.bonds if _fits(bond.word + bond.name)),
        uid=fields.uid,
        key=normalize_uid(fields.uid) if fields.uid else None,
        raw=raw,
        beside=tuple(each for each in fields.unread_texts if _fits(each, LONGEST_CONTACT)),
    )


def _fits(text: str, longest: int = LONGEST_LABEL) -> bool:
    return len(text) <= longest


def _find_too_long(name: str, fields: Fields) -> Iterator[str]:
    """Yield the values that are too long to be kept."""
    contacts = [way.value for way in fields.contacts if not _fits(way.value, LONGEST_CONTACT)]
    labels = [name, *fields.nicknames, *fields.groups, *fields.interests, fields.lives or ""]
    labels += [
        *(label for label, _ in fields.days),
        *(each.word + each.name for each in fields.bonds),
    ]
    yield from (each for each in (*labels, *contacts) if not _fits(each))


def _describe_too_long(text: str) -> str:
    shown = clipped(visible(text[:200]), 40)
    return f"“{shown}” has {len(text):,} characters; the raw card keeps it"


def _find_problems(
    raw_card: RawCard, lines: Sequence[Line], parsed: ParsedCard
) -> Iterator[tuple[int, str]]:
    """Yield the problems of a card, each with its line number in the file."""
    if not raw_card.has_end:
        yield raw_card.line_number, "the card has no END; it ends where the next one begins"
    if not raw_card.is_complete:
        yield raw_card.line_number, "the card is too big to be kept whole; what fits is read"
    if parsed.decoder.found_nul:
        yield raw_card.line_number, "has NUL characters, which are left out"
    unread = [(line, _describe_stray(line.text)) for line in lines if line.kind == "stray"]
    unread += [(lines[each.line_index], each.value) for each in parsed.unread]
    for line, why in unread[:MOST_REMARKS]:
        # Without the skipped lines of an incomplete card, line numbers are unknown.
        yield raw_card.line_number + (line.start if raw_card.is_complete else 0), why
    if len(unread) > MOST_REMARKS:
        yield raw_card.line_number, f"and {len(unread) - MOST_REMARKS:,} more lines cannot be read"


def _describe_stray(text: bytes) -> str:
    line = " ".join(text[:200].decode(errors="replace").split())
    shown = clipped(visible(line), 40)
    return f"“{shown}” is no line of a card"


def read_cards(
    source: bytes | BinaryIO,
    name: str,
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> Iterator[CardResult]:
    """Yield a result for each card of a file, and for lines outside of any card.

    `name` is the name of the file in reports (`people.vcf:112`). `encoding` is the charset of text
    that is not UTF-8, if the card does not declare one. Ties and groups that refer to other cards
    are resolved by `read_file`, not here.
    """
    if encoding and not find_codec(encoding):
        raise UsageError(
            f"“{encoding}” is no encoding that kin knows.", "Use a name such as cp1252."
        )
    for item in split_cards(source):
        if isinstance(item, RawCard):
            yield _read_card(item, name, encoding, categories_are_interests)
        else:
            lines = "a line stands" if item.lines == 1 else f"{item.lines:,} lines stand"
            where = f"{name}:{item.line_number}"
            yield CardResult(where, skipped=(Skipped(where, f"{lines} outside of any card"),))


def read_file(
    source: bytes | BinaryIO,
    name: str,
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> Brought:
    """Read a file of cards as people, and resolve groups and ties that refer to other cards."""
    return read_files(
        [(name, source)],
        encoding=encoding,
        categories_are_interests=categories_are_interests,
    )


def read_files(
    files: Iterable[tuple[str, bytes | BinaryIO]],
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> Brought:
    """Read several files of cards, given as names and contents, as if they were one file."""
    collector = _Collector()
    for name, source in files:
        guessed = 0
        for result in read_cards(
            source, name, encoding=encoding, categories_are_interests=categories_are_interests
        ):
            collector.add(result)
            guessed += result.guessed
        if guessed:
            collector.remarks.append(Skipped(name, _describe_guessed(guessed)))
    return collector.result()


def _describe_guessed(count: int) -> str:
    cards_are = "one card is" if count == 1 else f"{count:,} cards are"
    return f"{cards_are} not UTF-8 and read as cp1252; say --encoding if letters look wrong"


class _Collector:
    """The results of all cards, before references from card to card are resolved."""

    def __init__(self) -> None:
        self.people: list[Incoming] = []
        self.groups: list[tuple[str, CardGroup]] = []
        self.skipped: list[Skipped] = []
        self.remarks: list[Skipped] = []
        self.versions: set[str] = set()

    def add(self, result: CardResult) -> None:
        self.people += [result.person] if result.person else []
        self.groups += [(result.where, result.group)] if result.group else []
        self.skipped += result.skipped
        self.remarks += result.remarks
        self.versions |= {result.version} if result.version else set()

    def result(self) -> Brought:
        by_key = {person.key: index for index, person in enumerate(self.people) if person.key}
        for where, group in self.groups:
            members = dict.fromkeys(group.members)
            present = [by_key[member] for member in members if member in by_key]
            for index in present:
                person = self.people[index]
                if group.name not in person.groups:
                    self.people[index] = replace(person, groups=(*person.groups, group.name))
            count = f"{len(present)} of its {len(group.members)} members are here"
            self.remarks.append(Skipped(where, f"“{group.name}” is a group; {count}"))
        for index, person in enumerate(self.people):
            if any(bond.key for bond in person.bonds):
                bonds = tuple(self._resolve_bonds(person, by_key))
                self.people[index] = replace(person, bonds=bonds)
        kind = f"vCard {joined(sorted(self.versions))}" if self.versions else "vCard"
        return Brought(kind, tuple(self.people), (), tuple(self.skipped), tuple(self.remarks))

    def _resolve_bonds(self, person: Incoming, by_key: dict[str, int]) -> Iterator[Bond]:
        """Yield ties with the names of the cards they refer to; report missing cards."""
        for bond in person.bonds:
            if bond.key is None:
                yield bond
            elif bond.key in by_key:
                yield replace(bond, name=self.people[by_key[bond.key]].name)
            else:
                why = f"{bond.word}: the card {bond.key} is not here"
                self.remarks.append(Skipped(person.source, why))
