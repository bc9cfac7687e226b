"""Changes to a raw vCard: single fields set, and the name of another person removed.

Only the lines of a changed value are touched; all others stay byte for byte. CATEGORIES and NICKNAME, where
many values share a line, are written again if one is added or removed.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from kin.formats.editor_card import Contact
from kin.formats.records import ImportedTie
from kin.formats.vcard.lines import (
    Head,
    Line,
    LineFormat,
    decode_value,
    decode_values,
    escape_text,
    find_codec,
    format_line,
    join_values,
    normalize_newlines,
    parse_line,
    strip_value_params,
    to_one_line,
)
from kin.formats.vcard.read import (
    LocatedValue,
    OpenedCard,
    ParsedCard,
    VcardError,
    deduplicate_date_labels,
    find_preferred_name,
    is_contact_property,
    open_card,
    parse_card,
    read_fields,
    select_fields,
)
from kin.formats.vcard.write import FieldWriter, format_date_value
from kin.language.text import normalize

_BLANK = (b"\r\n", b"\n", b"\r", b"\r\r\n")

_GROUP_LABELS = frozenset(["X-ABLABEL", "X-ABADR", "X-ABORDER"])  # describe others in their group
_T = TypeVar("_T")
_PROPERTIES_WITH_LABEL = {"EMAIL", "TEL", "URL"}  # that of others is the service
_IDENTITY = frozenset(("FN", "N", "UID", "VERSION"))  # of the owner of the card
_LABEL_PROPERTIES = frozenset(
    "ADR CATEGORIES ORG INTEREST HOBBY X-INTEREST X-HOBBY X-KIN-INTEREST X-KIN-GROUP X-ABLABEL".split()
)


class CardEdits:
    """Lines of one card to remove, replace and add, by their index in `card.lines`."""

    def __init__(self, card: OpenedCard, version: str) -> None:
        first = card.card[0]
        end = first[len(first.rstrip(b"\r\n")) :]
        self.line_format = LineFormat(version, b"\r\n" if end in (b"", b"\r\r\n") else end)
        self.card = card
        self.heads: dict[int, Head] = {
            at: parse_line(line.text)[0]
            for at, line in enumerate(card.lines)
            if line.kind == "property"
        }
        self.removed: set[int] = set()
        self.replaced: dict[int, bytes] = {}
        self.added: list[bytes] = []

    def build_card(self) -> bytes:
        """Return the bytes around the card and the edited card; all other lines are unchanged."""
        card = self.card
        removed = self._add_followers(self.removed | self._find_unused_labels())
        charsets = self._preserve_charsets(removed | self.replaced.keys())
        place = self._find_insertion_point()
        pieces = [card.before]
        for at, line in enumerate(card.lines):
            if at == place:
                pieces += self._format_additions(pieces[-1])
            pieces.append(charsets.get(at, b"") + self._format_piece(at, line, removed))
        if place == len(card.lines):
            pieces += self._format_additions(pieces[-1])
        data = b"".join([*pieces, card.after])
        if card.codec is None:
            return data
        return data.decode(errors="surrogatepass").encode(card.codec, "surrogatepass")

    def _format_piece(self, at: int, line: Line, removed: set[int]) -> bytes:
        """Return the edited form of a line; blank lines after it always stay."""
        physical = self.card.card[line.start : line.end]
        blank_start = len(physical)
        while blank_start > 1 and physical[blank_start - 1] in _BLANK:
            blank_start -= 1
        blank = b"".join(physical[blank_start:])
        if at in removed:
            return blank
        return self.replaced[at] + blank if at in self.replaced else b"".join(physical)

    def _format_additions(self, before: bytes) -> list[bytes]:
        needs_line_end = before and not before.endswith((b"\n", b"\r"))
        if self.added and needs_line_end:
            return [self.line_format.line_end, *self.added]
        return self.added

    def _find_insertion_point(self) -> int:
        """Return where lines are added: before END, or above a last line that would absorb them."""
        lines = self.card.lines
        place = len(lines) - (lines[-1].kind == "boundary" and len(lines) > 1)
        while place > 1 and (
            # At the end of the card the last line counts: it may be of an AGENT's card without END.
            lines[min(place, len(lines) - 1)].kind in ("agent", "nested")
            or self._ends_in_soft_break(lines[place - 1])
        ):
            place -= 1
        return place

    def _ends_in_soft_break(self, line: Line) -> bool:
        """Return whether a line ends with the `=` of quoted-printable, which continues it."""
        if line.kind in ("boundary", "comment", "stray"):
            return False
        last = self.card.card[line.end - 1].rstrip()
        return last.endswith(b"=") and parse_line(line.text)[0].encoding == "q"

    def _add_followers(self, removed: set[int]) -> set[int]:
        """Add lines that belong to a removed one: its broken continuation, or an AGENT's card."""
        lines = self.card.lines
        all_removed = set(removed)
        for at in removed:
            while at + 1 < len(lines) and lines[at + 1].kind in ("stray", "agent", "nested"):
                at += 1
                all_removed.add(at)
        return all_removed

    def _preserve_charsets(self, touched: set[int]) -> dict[int, bytes]:
        """Return lines that replace the only declarations of charsets that other lines may need."""
        untouched = [at for at in self.heads if at not in touched]
        declared = {"", "utf-8", "ascii"}
        declared |= {find_codec(self.heads[at].charset or "") for at in untouched}
        preserved = {}
        for at in sorted(touched & self.heads.keys()):
            charset = self.heads[at].charset or ""
            needs_charset = any(map(self._may_need_charset, untouched))
            if find_codec(charset) not in declared and needs_charset:
                declared.add(find_codec(charset))
                line = b"X-KIN-CHARSET;CHARSET=%s:" % charset.encode()
                preserved[at] = line + self.line_format.line_end
        return preserved

    def _may_need_charset(self, at: int) -> bool:
        """Return whether a line may have text that is not UTF-8."""
        text = self.card.lines[at].text
        try:
            text.decode()
        except UnicodeDecodeError:
            return True
        return self.heads[at].encoding == "q" and b"=" in text

    def _find_unused_labels(self) -> set[int]:
        """Return the labels of groups that lose all other lines."""
        affected = {self.heads[at].group.lower() for at in self.removed if self.heads[at].group}
        used = {
            head.group.lower()
            for at, head in self.heads.items()
            if at not in self.removed and head.name not in _GROUP_LABELS
        }
        return {
            at
            for at, head in self.heads.items()
            if head.name in _GROUP_LABELS and head.group.lower() in affected - used
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """New values for the fields of a card: None leaves a field unchanged, "" or () removes it.

    Each field of `Fields` is given as a whole: `contacts` are all contacts. A contact with the
    label None keeps the label that the card has.
    """

    name: str | None = None
    uid: str | None = None
    nicknames: tuple[str, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    birthday: str | None = None
    dates: tuple[tuple[str, str], ...] | None = None
    lives: str | None = None
    note: str | None = None
    groups: tuple[str, ...] | None = None
    interests: tuple[str, ...] | None = None
    ties: tuple[ImportedTie, ...] | None = None


def patch_card(raw: bytes, changes: Changes, *, encoding: str | None = None) -> bytes:
    """Return the raw card with the changes; raise VcardError if it is not a card.

    Version and line endings are those of the card. N is not changed, because the parts of a name
    cannot be guessed. `lives` does not change an address that has a street or other parts.
    """
    if changes.name == "":
        raise ValueError("a card needs a name")
    card = open_card(raw)
    parsed = parse_card(card.lines, encoding)
    patcher = _Patcher(parsed, CardEdits(card, parsed.version))
    patcher.change_single_values(changes)
    patcher.change_lists(changes)
    if changes.groups is not None or changes.interests is not None:
        patcher.change_groups_and_interests(changes.groups, changes.interests)
    return patcher.edits.build_card()


class _Patcher:
    """Turns changes of fields into edits of lines."""

    def __init__(self, parsed: ParsedCard, edits: CardEdits) -> None:
        self.parsed, self.edits = parsed, edits
        self.fields = select_fields(parsed)
        self.writer = FieldWriter(edits.line_format, (each.group for each in edits.heads.values()))

    def change_single_values(self, changes: Changes) -> None:
        name = self.parsed.names and find_preferred_name(self.parsed)
        if changes.name is not None:
            self._set_single_value("FN", [name] if name else [], _normalize(changes.name))
        if changes.uid is not None:
            self._set_single_value(
                "UID", [self.parsed.uid] if self.parsed.uid else [], _normalize(changes.uid)
            )
        if changes.note is not None:
            note = normalize_newlines(changes.note)
            if note != (self.fields.note or ""):
                self._set_single_value("NOTE", self.parsed.notes, note)
        if changes.birthday is not None:
            self._change_birthday(changes.birthday)
        if changes.lives is not None:
            self._change_town(_normalize(changes.lives))

    def change_lists(self, changes: Changes) -> None:
        if changes.nicknames is not None:
            self._change_list_property(
                "NICKNAME", self.parsed.nicknames, map(_normalize, changes.nicknames)
            )
        if changes.contacts is not None:
            self._change_contacts(changes.contacts)
        if changes.dates is not None:
            dates = [(_normalize(label), day) for label, day in changes.dates]
            self._change_values(
                deduplicate_date_labels(self.parsed),
                dates,
                lambda each: (normalize(each[0]), each[1]),
                lambda each: self.writer.format_date(*each),
            )
        if changes.ties is not None:
            self._change_ties(changes.ties)

    def change_groups_and_interests(
        self, groups: Sequence[str] | None, interests: Sequence[str] | None
    ) -> None:
        """Change groups and interests, which share CATEGORIES before 4.0."""
        parsed, is_4 = self.parsed, self.edits.line_format.version == "4.0"
        kept_groups = self.fields.groups if groups is None else [*map(_normalize, groups)]
        kept_interests = (
            self.fields.interests if interests is None else [*map(_normalize, interests)]
        )
        new = [each for each in kept_interests if each not in self.fields.interests]
        old_marked = [each.value for each in parsed.kin_interests]
        marked_interests = [each for each in old_marked if each in kept_interests] + (
            [] if is_4 else new
        )
        self._change_values(
            parsed.kin_interests, marked_interests, str, self.writer.format_interest
        )
        values = [each.value for each in parsed.interests if each.value in kept_interests]
        self._change_values(
            parsed.interests, values + (new if is_4 else []), str, self.writer.format_interest
        )
        in_both = [each for each in kept_groups if each in marked_interests]
        values = [each.value for each in parsed.groups if each.value in kept_groups]
        self._change_values(parsed.groups, values + in_both, str, self.writer.format_group)
        values = [
            each.value
            for each in parsed.categories
            if each.value in (kept_interests if each.value in old_marked else kept_groups)
        ]
        new_groups = [each for each in kept_groups if each not in (*self.fields.groups, *in_both)]
        self._change_list_property(
            "CATEGORIES", parsed.categories, [*values, *new_groups, *([] if is_4 else new)]
        )

    def _set_single_value(
        self, name: str, current: Sequence[LocatedValue[str]], value: str
    ) -> None:
        """Replace all values of a field with one."""
        if len(current) == 1 and current[0].value == value:
            return
        for _, at in current:
            self.edits.removed.add(at)
        if value and current:
            self._replace_value(current[0].line_index, escape_text(value))
        elif value:
            self.edits.added.append(self.writer.format_text(name, value))

    def _replace_value(self, at: int, value: str, params: bytes = b"") -> None:
        line = self.edits.card.lines[at].text
        self.edits.removed.discard(at)
        self.edits.replaced[at] = format_line(
            strip_value_params(line) + params, value, self.edits.line_format
        )

    def _change_birthday(self, day: str) -> None:
        readable = [each for each in self.parsed.birthdays if each.value]
        if day == (self.fields.birthday or ""):
            return
        if not day:
            self.edits.removed |= {each.line_index for each in readable}
            return
        # An unreadable one is replaced as well: there is only one birthday.
        for _, at in (readable or self.parsed.birthdays)[:1]:
            if self.edits.heads[at].name == "BDAY":
                value, params = format_date_value(day, self.edits.line_format.version)
                param_bytes = b"".join(b";%s=%s" % (k.encode(), v.encode()) for k, v in params)
                self._replace_value(at, value, param_bytes)
                return
            self.edits.removed.add(at)
        self.edits.added.append(self.writer.format_birthday(day))

    def _change_town(self, place: str) -> None:
        if place == (self.fields.lives or ""):
            return
        if not self.parsed.places:
            self.edits.added.append(self.writer.format_town(place))
            return
        at = min(self.parsed.places, key=lambda each: each[0])[1].line_index
        head, data = parse_line(self.edits.card.lines[at].text)
        if len([*filter(None, decode_values(head, data, ";", self.parsed.decoder))]) > 1:
            return
        if place:
            self._replace_value(at, join_values(("", "", "", place, "", "", ""), ";"))
        else:
            self.edits.removed.add(at)

    def _change_contacts(self, wanted: Iterable[Contact]) -> None:
        contact_by_value = {
            (contact.kind, contact.value): contact
            for contact in (_normalize_contact(each) for each in wanted)
        }
        for old, at in self.parsed.contacts:
            contact = contact_by_value.get((old.kind, old.value))
            has_label = self.edits.heads[at].name in _PROPERTIES_WITH_LABEL
            is_relabeled = contact and has_label and contact.label not in (None, old.label)
            if contact and is_relabeled and old in self.fields.contacts:
                self.edits.removed.add(at)
                self.edits.added.append(self.writer.format_contact(contact))
        self._change_values(
            self.parsed.contacts,
            contact_by_value.values(),
            lambda contact: (contact.kind, contact.value),
            self.writer.format_contact,
        )

    def _change_ties(self, wanted: Iterable[ImportedTie]) -> None:
        """Change ties; one to another card is identified by the key of that card, whatever its name."""
        old_tie_by_key = {(tie.word, tie.key or tie.name): tie for tie, _ in self.parsed.ties}
        ties = [
            old_tie_by_key.get((tie.word, tie.key or ""))
            or old_tie_by_key.get((tie.word, tie.name))
            or tie
            for tie in wanted
        ]
        self._change_values(self.parsed.ties, ties, lambda tie: tie, self.writer.format_tie)

    def _change_values(
        self,
        current: Sequence[LocatedValue[_T]],
        wanted: Iterable[_T],
        key: Callable[[_T], Hashable],
        format_value: Callable[[_T], bytes],
    ) -> None:
        """Remove the lines of values that are not wanted, and add one for each missing value."""
        by_key = {key(value): value for value in wanted}
        removed = {at for value, at in current if key(value) not in by_key}
        self.edits.removed |= removed
        remaining_keys = {key(value) for value, at in current if at not in removed}
        self.edits.added += [
            format_value(by_key[each]) for each in by_key if each not in remaining_keys
        ]

    def _change_list_property(
        self, name: str, current: Sequence[LocatedValue[str]], wanted: Iterable[str]
    ) -> None:
        """Change a field with many values in one line."""
        values = dict.fromkeys(filter(None, wanted))
        missing = [each for each in values if each not in {value for value, _ in current}]
        by_line: dict[int, list[str]] = {}
        for value, at in current:
            by_line.setdefault(at, []).append(value)
        editable = [at for at in by_line if self.edits.heads[at].name == name]
        kept_by_line = {
            at: [each for each in old_values if each in values]
            for at, old_values in by_line.items()
        }
        changed = [at for at in editable if kept_by_line[at] != by_line[at]]
        target = next(iter([*changed, *editable[-1:]]), None)
        if missing and target is None:
            self.edits.added.append(self.writer.format_list(name, missing))
        for at, old_values in by_line.items():
            remaining_values = kept_by_line[at] + (missing if at == target else [])
            if not remaining_values:
                self.edits.removed.add(at)
            elif remaining_values != old_values:
                self._replace_value(at, join_values(remaining_values, ","))


def _normalize(text: str) -> str:
    return to_one_line(normalize_newlines(text))


def _normalize_contact(contact: Contact) -> Contact:
    return Contact(contact.kind, _normalize(contact.value), contact.label)


class RedactFunction(Protocol):
    """A function that removes a name from a text; in a `label` an ordinary word is not a name."""

    def __call__(self, text: str, label: bool = False, /) -> str: ...


class Mention(NamedTuple):
    """Text of a card that names the person, and the text after redaction: "" for a removed line."""

    text: str
    redacted_text: str


def redact_card(raw: bytes, redact: RedactFunction) -> bytes | None:
    """Return the card of another person without the name that `redact` removes.

    Lines with the name are removed; in a note, which is free text, only the name is replaced. The
    name, UID and contacts of the card's owner stay. Returns None for bytes that have the name but
    are not a card, or are too big to be written back.
    """
    try:
        note = read_fields(raw).note
        if note and redact(note) != note:
            raw = patch_card(raw, Changes(note=redact(note)))
        card = open_card(raw)
    except VcardError:
        text = raw.decode(errors="replace")
        return raw if redact(text) == text else None
    parsed = parse_card(card.lines)
    edits = CardEdits(card, parsed.version)
    edits.removed.update(at for at, _ in _find_naming_lines(card, parsed, redact))
    return edits.build_card() if edits.removed else raw


def find_mentions(raw: bytes, redact: RedactFunction) -> Iterator[Mention]:
    """Yield the text of a card that `redact_card` would change."""
    try:
        note = read_fields(raw).note
        if note and redact(note) != note:
            yield Mention(note, redact(note))
            raw = patch_card(raw, Changes(note=redact(note)))
        card = open_card(raw)
    except VcardError:
        text = raw.decode(errors="replace")
        if redact(text) != text:
            yield Mention(text, "")
        return
    for _, text in _find_naming_lines(card, parse_card(card.lines), redact):
        yield Mention(text, "")


def list_identifying_values(raw: bytes) -> Iterator[str]:
    """Yield the values that redaction keeps, even with the name: names, UIDs and contacts."""
    try:
        card = open_card(raw)
    except VcardError:
        return
    decoder = parse_card(card.lines).decoder
    for line in card.lines:
        if line.kind == "property":
            head, data = parse_line(line.text)
            if head.name in _IDENTITY or is_contact_property(head.name):
                yield decode_value(head, data, decoder)


def _find_naming_lines(
    card: OpenedCard, parsed: ParsedCard, redact: RedactFunction
) -> Iterator[tuple[int, str]]:
    """Yield the lines with the name: their index and text."""
    for at, line in enumerate(card.lines):
        if line.kind == "boundary":
            continue
        head, data = parse_line(line.text)
        if head.name in _IDENTITY:
            continue
        before = line.text[: len(line.text) - len(data)].decode(errors="replace")
        is_kept = is_contact_property(head.name) or _is_binary(head, data)
        text_value = "" if is_kept else decode_value(head, data, parsed.decoder)
        if redact(text_value, head.name in _LABEL_PROPERTIES) != text_value:
            yield at, text_value
        elif redact(before, True) != before:
            yield at, line.text.decode(errors="replace")


def _is_binary(head: Head, data: bytes) -> bool:
    """Return whether a value is binary, such as a photo, in which matching letters mean nothing."""
    return head.encoding == "b" or data[:5].lower() == b"data:"
