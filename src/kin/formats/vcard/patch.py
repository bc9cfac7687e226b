"""A raw card with some of its fields changed.

Its one rule: only the lines of what is changed are touched. Of a field with many values only the
lines of values that went are taken out; CATEGORIES and NICKNAME, where many share a line, are
written anew where one went or came.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kin.formats.card import Way
from kin.formats.incoming import Bond
from kin.formats.vcard import dates as vcard_days
from kin.formats.vcard.edits import Edits
from kin.formats.vcard.fields import (
    chosen_name,
    fields_of,
    named_days,
    reading,
)
from kin.formats.vcard.lines import (
    kept_head,
    parted,
)
from kin.formats.vcard.raw import opened
from kin.formats.vcard.reading import (
    Reading,
    Said,
)
from kin.formats.vcard.spell import (
    clean,
    head,
    parts,
    spelled,
    text,
)
from kin.formats.vcard.values import (
    one_line,
    values,
)
from kin.formats.vcard.write import Lines
from kin.language.text import fold

_T = TypeVar("_T")
_OWN = {"EMAIL", "TEL", "URL"}  # the label of others is the service, and stays


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different: None leaves a field as it is, "" or () takes it away.

    The fields are those of `Fields`, each as a whole: `contacts` are all that there shall be. A
    label of None leaves the label that the card has.
    """

    name: str | None = None
    uid: str | None = None
    nicknames: tuple[str, ...] | None = None
    contacts: tuple[Way, ...] | None = None
    birthday: str | None = None
    days: tuple[tuple[str, str], ...] | None = None
    lives: str | None = None
    note: str | None = None
    groups: tuple[str, ...] | None = None
    interests: tuple[str, ...] | None = None
    bonds: tuple[Bond, ...] | None = None


def patch(raw: bytes, changes: Changes, *, encoding: str | None = None) -> bytes:
    """Return the raw card with the changes; raise VcardError where it is no card.

    Version and ends of lines are those of the card. N stays: how a name parts is not guessed. An
    address with a street stays too: `lives` changes only one that says nothing else.
    """
    if changes.name == "":
        raise ValueError("a card needs a name")
    card = opened(raw)
    patcher = _Patcher(
        card_reading := reading(card.lines, encoding), Edits(card, card_reading.version)
    )
    patcher.single(changes)
    patcher.many(changes)
    if changes.groups is not None or changes.interests is not None:
        patcher.words(changes.groups, changes.interests)
    return patcher.edits.result()


class _Patcher:
    """A card that is being changed: what it says, and what becomes of its lines."""

    def __init__(self, read: Reading, edits: Edits) -> None:
        self.read, self.edits = read, edits
        self.fields = fields_of(read)
        self.lines = Lines(edits.form, (each.group for each in edits.heads.values()))

    def single(self, changes: Changes) -> None:
        name = self.read.names and chosen_name(self.read)
        if changes.name is not None:
            self._one("FN", [name] if name else [], _line(changes.name))
        if changes.uid is not None:
            self._one("UID", [self.read.uid] if self.read.uid else [], _line(changes.uid))
        if changes.note is not None:
            note = clean(changes.note)
            if note != (self.fields.note or ""):
                self._one("NOTE", self.read.notes, note)
        if changes.birthday is not None:
            self._birthday(changes.birthday)
        if changes.lives is not None:
            self._lives(_line(changes.lives))

    def many(self, changes: Changes) -> None:
        if changes.nicknames is not None:
            self._listed("NICKNAME", self.read.nicknames, map(_line, changes.nicknames))
        if changes.contacts is not None:
            self._contacts(changes.contacts)
        if changes.days is not None:
            days = [(_line(label), day) for label, day in changes.days]
            said = named_days(self.read)
            self._each(
                said,
                days,
                lambda each: (fold(each[0]), each[1]),
                lambda each: self.lines.day(*each),
            )
        if changes.bonds is not None:
            self._bonds(changes.bonds)

    def words(self, groups: Sequence[str] | None, interests: Sequence[str] | None) -> None:
        """Change groups and interests, which share CATEGORIES before 4.0."""
        read, is_4 = self.read, self.edits.form.version == "4.0"
        kept_groups = self.fields.groups if groups is None else [*map(_line, groups)]
        kept = self.fields.interests if interests is None else [*map(_line, interests)]
        new = [each for each in kept if each not in self.fields.interests]
        marks = [said.value for said in read.marked]
        marked = [each for each in marks if each in kept] + ([] if is_4 else new)
        self._each(read.marked, marked, str, self.lines.interest)
        stay = [said.value for said in read.interests if said.value in kept]
        self._each(read.interests, stay + (new if is_4 else []), str, self.lines.interest)
        both = [each for each in kept_groups if each in marked]
        stay = [said.value for said in read.groups if said.value in kept_groups]
        self._each(read.groups, stay + both, str, self.lines.group)
        categories = [said.value for said in read.categories]
        stay = [each for each in categories if each in (kept if each in marks else kept_groups)]
        fresh = [each for each in kept_groups if each not in (*self.fields.groups, *both)]
        self._listed("CATEGORIES", read.categories, [*stay, *fresh, *([] if is_4 else new)])

    def _one(self, name: str, said: Sequence[Said[str]], words: str) -> None:
        """Put one value in the place of all that the field has."""
        if len(said) == 1 and said[0].value == words:
            return
        for _, at in said:
            self.edits.removed.add(at)
        if words and said:
            self._respell(said[0].at, text(words))
        elif words:
            self.edits.added.append(
                spelled(head(name, self.edits.form), text(words), self.edits.form)
            )

    def _respell(self, at: int, value: str, params: bytes = b"") -> None:
        line = self.edits.card.lines[at].text
        self.edits.removed.discard(at)
        self.edits.replaced[at] = spelled(kept_head(line) + params, value, self.edits.form)

    def _birthday(self, day: str) -> None:
        read = [said for said in self.read.birthdays if said.value]
        if day == (self.fields.birthday or ""):
            return
        if not day:
            self.edits.removed |= {said.at for said in read}
            return
        # One that could not be read gives way too: there is but one birthday.
        for _, at in (read or self.read.birthdays)[:1]:
            if self.edits.heads[at].name == "BDAY":
                written, params = vcard_days.written(day, self.edits.form.version)
                spelled_params = b"".join(b";%s=%s" % (k.encode(), v.encode()) for k, v in params)
                self._respell(at, written, spelled_params)
                return
            self.edits.removed.add(at)
        self.edits.added.append(self.lines.birthday(day))

    def _lives(self, place: str) -> None:
        if place == (self.fields.lives or ""):
            return
        if not self.read.places:
            self.edits.added.append(self.lines.lives(place))
            return
        at = min(self.read.places, key=lambda each: each[0])[1].at
        found, data = parted(self.edits.card.lines[at].text)
        if len([*filter(None, values(found, data, ";", self.read.letters))]) > 1:
            return
        if place:
            self._respell(at, parts(("", "", "", place, "", "", ""), ";"))
        else:
            self.edits.removed.add(at)

    def _contacts(self, wanted: Iterable[Way]) -> None:
        ways = {(way.kind, way.value): way for way in (_way(each) for each in wanted)}
        for held, at in self.read.ways:
            way = ways.get((held.kind, held.value))
            own = self.edits.heads[at].name in _OWN
            if way and own and way.label not in (None, held.label) and held in self.fields.contacts:
                self.edits.removed.add(at)
                self.edits.added.append(self.lines.way(way))
        self._each(self.read.ways, ways.values(), lambda way: (way.kind, way.value), self.lines.way)

    def _bonds(self, wanted: Iterable[Bond]) -> None:
        """Change ties; one to another card is known by that card's key, whatever its name."""
        held = {(bond.word, bond.key or bond.name): bond for bond, _ in self.read.bonds}
        bonds = [
            held.get((bond.word, bond.key or "")) or held.get((bond.word, bond.name)) or bond
            for bond in wanted
        ]
        self._each(self.read.bonds, bonds, lambda bond: bond, self.lines.bond)

    def _each(
        self,
        said: Sequence[Said[_T]],
        wanted: Iterable[_T],
        same: Callable[[_T], Hashable],
        spell: Callable[[_T], bytes],
    ) -> None:
        """Take out the lines whose values are not wanted, and add one for each that is missing."""
        keys = {same(value): value for value in wanted}
        gone = {at for value, at in said if same(value) not in keys}
        self.edits.removed |= gone
        left = {same(value) for value, at in said if at not in gone}
        self.edits.added += [spell(value) for key, value in keys.items() if key not in left]

    def _listed(self, name: str, said: Sequence[Said[str]], wanted: Iterable[str]) -> None:
        """Change a field of which many values stand in one line."""
        words = dict.fromkeys(filter(None, wanted))
        missing = [each for each in words if each not in {value for value, _ in said}]
        by_line: dict[int, list[str]] = {}
        for value, at in said:
            by_line.setdefault(at, []).append(value)
        own = [at for at in by_line if self.edits.heads[at].name == name]
        stay = {at: [each for each in held if each in words] for at, held in by_line.items()}
        changed = [at for at in own if stay[at] != by_line[at]]
        target = next(iter([*changed, *own[-1:]]), None)
        if missing and target is None:
            self.edits.added.append(self.lines.listed(name, missing))
        for at, held in by_line.items():
            left = stay[at] + (missing if at == target else [])
            if not left:
                self.edits.removed.add(at)
            elif left != held:
                self._respell(at, parts(left, ","))


def _line(words: str) -> str:
    return one_line(clean(words))


def _way(way: Way) -> Way:
    return Way(way.kind, _line(way.value), way.label)
