"""The content of one vCard: its properties decoded, and the fields that kin keeps selected from them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from kin.errors import UnclearDateError, UsageError
from kin.formats.card import Way
from kin.formats.incoming import Bond
from kin.formats.vcard.lines import (
    Head,
    Line,
    RawCard,
    TextDecoder,
    card_boundary,
    decode_value,
    decode_values,
    detect_utf_16,
    parse_line,
    split_cards,
    split_physical_lines,
    to_one_line,
    unfold,
)
from kin.language import dates
from kin.language.text import clipped, fold, visible

_T = TypeVar("_T")

_SEPARATORS = {"N": ";", "ADR": ";", "ORG": ";", "CATEGORIES": ",", "NICKNAME": ","}
_DEPTH_CHANGE = {"begin": 1, "agent": 1, "end": -1}

# Apple wraps its own words in these signs, and translates them for display.
_APPLE_LABEL = re.compile(r"_?\$!<(.*)>!\$_?", re.DOTALL)
# Types that do not distinguish one address or number from another.
_TYPES_WITHOUT_LABEL = frozenset(
    "internet pref voice msg text video textphone x400 uri url intl dom postal parcel isdn type "
    "x-evolution-error".split()
)
_MOBILE_TYPES = frozenset("cell mobile iphone handy x-mobile x-iphone pcs".split())
_FAX_TYPES = frozenset(["fax", "x-fax"])
_PLACE_TYPES = {
    "work": "work",
    "home": "home",
    "business": "work",
    "x-work": "work",
    "x-home": "home",
}

# Apple writes this year, a leap year, if the year is unknown.
NO_YEAR = 1604
_NUMERIC_DAY = re.compile(
    r"(?:(?P<year>[0-9]{4})-?|--)(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})(?![0-9])(?:[T ].*|Z)?",
    re.ASCII | re.DOTALL,
)
_FOUR_DIGITS = re.compile("[0-9]{4}", re.ASCII)
_LONGEST_DAY = 60

_URN = re.compile("urn:uuid:", re.IGNORECASE)
_KDE_SEPARATOR = "\ue000"  # between several accounts in one value of KAddressBook
_CHAT_SERVICES = {
    f"X-{each.upper()}": each
    for each in "aim icq jabber msn yahoo skype groupwise qq twitter sip matrix mastodon telegram "
    "signal whatsapp irc facebook instagram discord xmpp".split()
} | {
    "X-SKYPE-USERNAME": "skype",
    "X-GADUGADU": "gadu-gadu",
    "X-GOOGLE-TALK": "google talk",
    "X-GTALK": "google talk",
    "X-KADDRESSBOOK-X-IMADDRESS": "chat",
}
_CONTACT_PROPERTIES = frozenset(
    """EMAIL TEL URL X-EVOLUTION-BLOG-URL X-KADDRESSBOOK-BLOGFEED IMPP X-SOCIALPROFILE
    SOCIALPROFILE""".split()
) | frozenset(_CHAT_SERVICES)
_CHAT_PROPERTIES = {service: name for name, service in reversed(_CHAT_SERVICES.items())}

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_ANDROID_PREFIX = "vnd.android.cursor.item/"
_ANDROID_EVENTS = {"1": "anniversary", "2": "other"}
_ANDROID_TIES = (
    "assistant|brother|child|domestic partner|father|friend|manager|mother|parent|partner|"
    "referred by|relative|sister|spouse"
)
_ANDROID_RELATIONS = {f"{number}": word for number, word in enumerate(_ANDROID_TIES.split("|"), 1)}
_NOT_A_DAY = "is no day that kin can keep"
_TIE_PROPERTIES = {
    "X-SPOUSE": "spouse",
    "X-EVOLUTION-SPOUSE": "spouse",
    "X-KADDRESSBOOK-X-SPOUSESNAME": "spouse",
    "X-MS-SPOUSE": "spouse",
    "X-MS-CHILD": "child",
    "X-CHILD": "child",
    "X-ASSISTANT": "assistant",
    "X-EVOLUTION-ASSISTANT": "assistant",
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant",
    "X-MS-ASSISTANT": "assistant",
    "X-MANAGER": "manager",
    "X-EVOLUTION-MANAGER": "manager",
    "X-KADDRESSBOOK-X-MANAGERSNAME": "manager",
    "X-MS-MANAGER": "manager",
}

# Properties of the card, not of the person.
_CARD_METADATA = frozenset(
    "VERSION PRODID REV UID KIND CLASS SOURCE PROFILE X-ABUID X-ABLABEL".split()
)
# Chinese, Japanese and Korean names begin with the family name.
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff々 ]+")
_LIST_COMMA = re.compile(r",(?=\S)")
MOST_TEXTS = 20


class Entry(NamedTuple):
    """A property of the card itself; `line_index` counts the unfolded lines of the card."""

    line_index: int
    head: Head
    data: bytes


class LocatedValue(NamedTuple, Generic[_T]):
    """A value, and the index of the unfolded line that it comes from."""

    value: _T
    line_index: int


@dataclass(slots=True)
class ParsedCard:
    """All values of a card in their order, filled by the readers of its properties."""

    decoder: TextDecoder
    labels: dict[str, str]  # X-ABLabel, by group in small letters
    version: str = "2.1"
    kind: str = ""
    uid: LocatedValue[str] | None = None
    members: list[str] = field(default_factory=list)  # normalized UIDs
    names: list[tuple[int, LocatedValue[str]]] = field(default_factory=list)  # with their PREF
    parts: list[LocatedValue[list[str]]] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)  # for a card without a name
    nicknames: list[LocatedValue[str]] = field(default_factory=list)
    contacts: list[LocatedValue[Way]] = field(default_factory=list)
    birthdays: list[LocatedValue[str | None]] = field(default_factory=list)
    days: list[LocatedValue[tuple[str, str]]] = field(default_factory=list)
    places: list[tuple[int, LocatedValue[str]]] = field(default_factory=list)  # 0 home, 2 work
    notes: list[LocatedValue[str]] = field(default_factory=list)
    categories: list[LocatedValue[str]] = field(default_factory=list)
    groups: list[LocatedValue[str]] = field(default_factory=list)  # X-KIN-GROUP
    kin_interests: list[LocatedValue[str]] = field(default_factory=list)  # X-KIN-INTEREST
    interests: list[LocatedValue[str]] = field(default_factory=list)  # RFC 6715
    bonds: list[LocatedValue[Bond]] = field(default_factory=list)
    unread: list[LocatedValue[str]] = field(default_factory=list)  # reports
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # field, and value as text
    unread_texts: list[str] = field(default_factory=list)  # "label: value", to keep as remarks
    has_content: bool = False  # whether any property describes a person

    def decode_text(self, entry: Entry) -> str:
        return decode_value(entry.head, entry.data, self.decoder)

    def decode_line(self, entry: Entry) -> str:
        return to_one_line(self.decode_text(entry))

    def decode_list(self, entry: Entry, separator: str) -> list[str]:
        return [*map(to_one_line, decode_values(entry.head, entry.data, separator, self.decoder))]

    def label_of(self, entry: Entry) -> str | None:
        return self.labels.get(entry.head.group.lower()) if entry.head.group else None

    def report_unreadable(
        self, entry: Entry, text: str, why: str, label: str, field: str = ""
    ) -> None:
        """Report a value that cannot be read, and keep it as text under a label.

        `field` is the name of the field in `Fields.unreadable`, if it has one.
        """
        if field:
            self.unreadable.append((field, text))
        if any(char.isalnum() and char != "0" for char in text):  # 0000 means nothing
            self.unread_texts.append(f"{label}: {text}")
        shown = clipped(visible(text, newlines=False), 40)
        self.unread.append(LocatedValue(f"{entry.head.name} “{shown}” {why}", entry.line_index))


Reader = Callable[[ParsedCard, Entry], None]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of kin in a card: `name` is FN, `parts` are the five of N.

    Several notes are joined with a blank line between. `unread` reports values that would be fields but
    cannot be read, `unread_texts` has the first MOST_TEXTS of them as text. `unreadable` has these
    values by field: name, birthday, lives, note, nicknames, days, groups, interests, or the kind of a
    contact; it also has values from which a NUL was removed.
    """

    version: str
    uid: str | None = None
    name: str | None = None
    parts: tuple[str, ...] | None = None
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Way, ...] = ()
    birthday: str | None = None
    days: tuple[tuple[str, str], ...] = ()
    lives: str | None = None
    note: str | None = None
    groups: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    bonds: tuple[Bond, ...] = ()
    unread: tuple[str, ...] = ()
    unread_texts: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = field(default=(), compare=False)


class VcardError(UsageError):
    """The bytes are not a card, or the card is too big to be written back."""


class Property(NamedTuple):
    """A decoded property; names are in capitals.

    `values` are the parts of N, ADR, ORG, CATEGORIES and NICKNAME, and the value alone for others.
    """

    group: str
    name: str
    params: tuple[tuple[str, str], ...]
    value: str
    values: tuple[str, ...]


class OpenedCard(NamedTuple):
    """The first card in some bytes, converted to UTF-8; `codec` is the original one if it was UTF-16."""

    before: bytes
    card: list[bytes]  # its physical lines
    after: bytes
    lines: list[Line]
    codec: str | None


def label_from_types(types: tuple[str, ...]) -> str | None:
    """Return the label of an address or a number by its types: `home`, `work mobile`, `pager`."""
    place = next((_PLACE_TYPES[each] for each in types if each in _PLACE_TYPES), None)
    if not _FAX_TYPES.isdisjoint(types):
        return f"{place} fax" if place else "fax"
    if not _MOBILE_TYPES.isdisjoint(types):
        return "work mobile" if place == "work" else "mobile"
    other = tie_from_types(types)
    return place if place or not other else other.removeprefix("x-")


def tie_from_types(types: tuple[str, ...]) -> str | None:
    """Return the type that names a tie, or None."""
    return next(
        (each for each in types if each not in _TYPES_WITHOUT_LABEL and each not in _PLACE_TYPES),
        None,
    )


def parse_apple_label(text: str) -> str:
    """Return the label in X-ABLabel; Apple's own words without their signs, in small letters."""
    match = _APPLE_LABEL.fullmatch(text.strip())
    return match[1].strip().lower() if match else text.strip()


def parse_day(text: str, omitted: str | None = None) -> str | None:
    """Return YYYY-MM-DD, or --MM-DD without a year; None if the text is not a complete day.

    `omitted` is X-APPLE-OMIT-YEAR: that year means none. A day in words needs its year.
    """
    text = text.strip()
    match = _NUMERIC_DAY.fullmatch(text)
    if match is None:
        return _parse_day_in_words(text)
    year = int(match["year"] or 0)
    if year in (0, NO_YEAR) or match["year"] == omitted:
        year = 0
    try:
        on = date(year or NO_YEAR, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return on.isoformat() if year else f"--{on:%m-%d}"


def _parse_day_in_words(text: str) -> str | None:
    # Without a year the words would depend on today's date.
    if not _FOUR_DIGITS.search(text) or len(text) > _LONGEST_DAY:
        return None
    try:
        return dates.birthday(text, now=datetime.max)
    except UnclearDateError:
        return None


def normalize_uid(uid: str) -> str:
    """Return a UID without `urn:uuid:`, as cards refer to each other with or without it."""
    return _URN.sub("", uid.strip(), count=1)


def is_contact_property(name: str) -> bool:
    """Return whether a property says how a person is reached."""
    return name in _CONTACT_PROPERTIES or name.startswith("X-MESSAGING/")


def is_uuid_urn(text: str) -> bool:
    return _URN.match(text) is not None


def _read_version(parsed: ParsedCard, entry: Entry) -> None:
    parsed.version = {"3": "3.0", "4": "4.0"}.get(parsed.decode_line(entry)[:1], "2.1")


def _read_uid(parsed: ParsedCard, entry: Entry) -> None:
    if (uid := parsed.decode_line(entry)) and parsed.uid is None:
        parsed.uid = LocatedValue(uid, entry.line_index)


def _read_kind(parsed: ParsedCard, entry: Entry) -> None:
    parsed.kind = parsed.decode_line(entry).lower()


def _read_member(parsed: ParsedCard, entry: Entry) -> None:
    parsed.members.append(normalize_uid(parsed.decode_line(entry)))


def _read_name(parsed: ParsedCard, entry: Entry) -> None:
    if name := parsed.decode_line(entry):
        pref = entry.head.param("PREF") or ("1" if "pref" in entry.head.types else "")
        rank = int(pref) if pref.isascii() and pref.isdigit() and len(pref) < 4 else 101
        parsed.names.append((rank, LocatedValue(name, entry.line_index)))


def _read_name_parts(parsed: ParsedCard, entry: Entry) -> None:
    parsed.parts.append(
        LocatedValue((parsed.decode_list(entry, ";") + [""] * 5)[:5], entry.line_index)
    )


def _read_organisation(parsed: ParsedCard, entry: Entry) -> None:
    parsed.organisations += filter(None, parsed.decode_list(entry, ";")[:1])


def _read_nickname(parsed: ParsedCard, entry: Entry) -> None:
    parsed.nicknames += [
        LocatedValue(each, entry.line_index) for each in parsed.decode_list(entry, ",") if each
    ]


def _add_contact(
    parsed: ParsedCard, entry: Entry, kind: str, text: str, label: str | None = None
) -> None:
    if text:
        label = parsed.label_of(entry) or label or label_from_types(entry.head.types)
        parsed.contacts.append(LocatedValue(Way(kind, text, label), entry.line_index))


def _read_email(parsed: ParsedCard, entry: Entry) -> None:
    _add_contact(parsed, entry, "email", _strip_scheme(parsed.decode_line(entry), "mailto:"))


def _read_phone(parsed: ParsedCard, entry: Entry) -> None:
    _add_contact(parsed, entry, "phone", _strip_scheme(parsed.decode_line(entry), "tel:"))


def _read_link(parsed: ParsedCard, entry: Entry) -> None:
    _add_contact(parsed, entry, "link", parsed.decode_line(entry))


def _strip_scheme(text: str, scheme: str) -> str:
    return text[len(scheme) :].strip() if text[: len(scheme)].lower() == scheme else text


def _read_chat(parsed: ParsedCard, entry: Entry) -> None:
    """Read an account on a chat service or social network as a link labeled with the service."""
    head, text = entry.head, _strip_scheme(parsed.decode_line(entry), "x-apple:")
    service = (
        head.param("X-SERVICE-TYPE") or head.param("SERVICE-TYPE") or _CHAT_SERVICES.get(head.name)
    )
    if head.name.startswith("X-MESSAGING/"):
        service = head.name.removeprefix("X-MESSAGING/").removesuffix("-ALL")
    elif not service and head.name == "IMPP" and ":" in text:
        service = text.partition(":")[0]
    for account in (text or head.param("X-USER") or "").split(_KDE_SEPARATOR):
        _add_contact(parsed, entry, "link", account, (service or "").lower() or None)


def find_chat_property(way: Way) -> str | None:
    """Return the property for a chat account; None for any other contact, or one with a URL."""
    if way.kind != "link" or not way.label or "://" in way.value:
        return None
    is_uri = way.value.lower().startswith(f"{way.label}:")
    return "IMPP" if is_uri else _CHAT_PROPERTIES.get(way.label)


def _read_address(parsed: ParsedCard, entry: Entry) -> None:
    parts = [*parsed.decode_list(entry, ";"), *[""] * 7]
    types = entry.head.types
    if place := parts[3] or parts[4] or parts[6]:
        rank = 0 if "home" in types else 2 if "work" in types else 1
        parsed.places.append((rank, LocatedValue(place, entry.line_index)))


def _read_birthday(parsed: ParsedCard, entry: Entry) -> None:
    if text := parsed.decode_line(entry):
        day = parse_day(text, entry.head.param("X-APPLE-OMIT-YEAR"))
        parsed.birthdays.append(LocatedValue(day, entry.line_index))
        if day is None:
            parsed.report_unreadable(entry, text, _NOT_A_DAY, "birthday", "birthday")


def _read_day(parsed: ParsedCard, entry: Entry, label: str = "anniversary") -> None:
    if text := parsed.decode_line(entry):
        day = parse_day(text, entry.head.param("X-APPLE-OMIT-YEAR"))
        if day:
            parsed.days.append(
                LocatedValue((parsed.label_of(entry) or label, day), entry.line_index)
            )
        else:
            parsed.report_unreadable(
                entry, text, _NOT_A_DAY, parsed.label_of(entry) or label, "days"
            )


def _read_other_day(parsed: ParsedCard, entry: Entry) -> None:
    _read_day(parsed, entry, "other")


def _read_death(parsed: ParsedCard, entry: Entry) -> None:
    _read_day(parsed, entry, "day of death")


def _read_note(parsed: ParsedCard, entry: Entry) -> None:
    text = parsed.decode_text(entry)
    if text.strip():
        parsed.notes.append(LocatedValue(text, entry.line_index))


def _read_category(parsed: ParsedCard, entry: Entry) -> None:
    parsed.categories += [
        LocatedValue(each, entry.line_index) for each in parsed.decode_list(entry, ",") if each
    ]


def _read_interest(parsed: ParsedCard, entry: Entry) -> None:
    if label := parsed.decode_line(entry):
        parsed.interests.append(LocatedValue(label, entry.line_index))


def _read_kin_interest(parsed: ParsedCard, entry: Entry) -> None:
    if label := parsed.decode_line(entry):
        parsed.kin_interests.append(LocatedValue(label, entry.line_index))


def _read_kin_group(parsed: ParsedCard, entry: Entry) -> None:
    if label := parsed.decode_line(entry):
        parsed.groups.append(LocatedValue(label, entry.line_index))


def _read_related(parsed: ParsedCard, entry: Entry) -> None:
    """Read a name, or the UID of another card; a URL is neither."""
    text, kind = parsed.decode_line(entry), (entry.head.param("VALUE") or "").lower()
    word = parsed.label_of(entry) or tie_from_types(entry.head.types) or "related"
    if word == "me":
        return  # another card of the same person
    if is_uuid_urn(text):
        parsed.bonds.append(LocatedValue(Bond(word, "", normalize_uid(text)), entry.line_index))
    elif kind == "text" or (kind != "uri" and not _URI.match(text)):
        if text:
            parsed.bonds.append(LocatedValue(Bond(word, text), entry.line_index))
    elif text:
        parsed.report_unreadable(entry, text, "is an address, not somebody's name", word)


def _read_bond(parsed: ParsedCard, entry: Entry) -> None:
    if name := parsed.decode_line(entry):
        word = _TIE_PROPERTIES.get(entry.head.name) or parsed.label_of(entry)
        word = word or tie_from_types(entry.head.types) or "related"
        parsed.bonds.append(LocatedValue(Bond(word, name), entry.line_index))


def _read_android(parsed: ParsedCard, entry: Entry) -> None:
    """Read Android's `vnd.android.cursor.item/nickname;Mo;1;`: kind, value, type, label."""
    what, text, number, label, *_ = [*parsed.decode_list(entry, ";"), "", "", "", ""]
    kind = what.removeprefix(_ANDROID_PREFIX)
    if not text:
        return
    if kind == "nickname":
        parsed.nicknames.append(LocatedValue(text, entry.line_index))
    elif kind == "relation":
        word = label or _ANDROID_RELATIONS.get(number, "related")
        parsed.bonds.append(LocatedValue(Bond(word, text), entry.line_index))
    elif kind == "contact_event":
        day, is_birthday = parse_day(text), number == "3"
        event = "birthday" if is_birthday else label or _ANDROID_EVENTS.get(number, "other")
        if day is None:
            parsed.report_unreadable(
                entry, text, _NOT_A_DAY, event, "birthday" if is_birthday else "days"
            )
        elif is_birthday:
            parsed.birthdays.append(LocatedValue(day, entry.line_index))
        else:
            parsed.days.append(LocatedValue((event, day), entry.line_index))


def parse_card(lines: Sequence[Line], encoding: str | None = None) -> ParsedCard:
    """Read all properties that kin knows from the unfolded lines of a card."""
    entries = [
        Entry(at, *parse_line(line.text))
        for at, line in enumerate(lines)
        if line.kind == "property"
    ]
    parsed = _parse_properties(entries, encoding)
    for each in entries:
        if each.head.name == "AGENT":
            below = map(lines.__getitem__, range(each.line_index + 1, len(lines)))
            if name := _agent_name(parsed, each, below):
                parsed.bonds.append(LocatedValue(Bond("agent", name), each.line_index))
    return parsed


def _parse_properties(entries: list[Entry], encoding: str | None) -> ParsedCard:
    charsets = dict.fromkeys(each.head.charset for each in entries if each.head.charset)
    parsed = ParsedCard(TextDecoder(tuple(filter(None, charsets)), encoding), {})
    for each in entries:
        if each.head.name == "X-ABLABEL" and each.head.group:
            parsed.labels[each.head.group.lower()] = parse_apple_label(parsed.decode_text(each))
    for each in entries:
        name = each.head.name
        reader = _READERS.get(name)
        if reader is None and name.startswith("X-MESSAGING/"):
            reader = _read_chat
        if reader:
            had_nul, parsed.decoder.found_nul = parsed.decoder.found_nul, False
            reader(parsed, each)
            if parsed.decoder.found_nul:
                parsed.unreadable += _values_of(parsed, reader, each)
            parsed.decoder.found_nul |= had_nul
        if not parsed.has_content and name not in _CARD_METADATA:
            parsed.has_content = bool(each.data.strip(b" ;"))
    return parsed


def _values_of(parsed: ParsedCard, reader: Reader, entry: Entry) -> list[tuple[str, str]]:
    """Return the values of one property, each with its field."""
    single = ParsedCard(parsed.decoder, parsed.labels)
    reader(single, entry)
    values = [
        *(("name", name.value) for _, name in single.names),
        *(("birthday", day.value or "") for day in single.birthdays),
        *(("lives", place.value) for _, place in single.places),
        *((way.value.kind, way.value.value) for way in single.contacts),
        *(("days", f"{day.value[0]}: {day.value[1]}") for day in single.days),
    ]
    for field_name, located in (
        ("note", single.notes),
        ("nicknames", single.nicknames),
        ("groups", [*single.categories, *single.groups]),
        ("interests", [*single.categories, *single.kin_interests, *single.interests]),
    ):
        values += [(field_name, each.value) for each in located]
    return values


def _agent_name(parsed: ParsedCard, entry: Entry, below: Iterable[Line]) -> str | None:
    """Return the name of an AGENT, whose card is in the lines below or escaped in the value."""
    text = parsed.decode_text(entry)
    if card_boundary(text.partition("\n")[0].encode()) == "begin" and "\n" in text:
        lines = unfold(split_physical_lines(text.encode()))
        below = [line._replace(kind="agent") for line in lines if line.kind == "property"]
    inner = []
    for line in below:
        if line.kind not in ("agent", "nested"):
            break
        if line.kind == "agent" and not card_boundary(line.text):
            inner.append(Entry(0, *parse_line(line.text)))
    return display_name(_parse_properties(inner, parsed.decoder.default_charset))


def display_name(parsed: ParsedCard) -> str | None:
    """Return FN, else N, a nickname, ORG, an email, a phone number or a link; None without any."""
    if name := preferred_name(parsed):
        return name.value
    structured = filter(None, (format_structured_name(parts.value) for parts in parsed.parts))
    ways = [way.value for way in parsed.contacts]
    addresses = (
        way.value for kind in ("email", "phone", "link") for way in ways if way.kind == kind
    )
    nicknames = (each.value for each in parsed.nicknames)
    return next(chain(structured, nicknames, parsed.organisations, addresses), None)


def format_structured_name(parts: Sequence[str]) -> str:
    """Return a name from the five parts of N in spoken order: prefix, given, …, suffix."""
    if _FAMILY_FIRST.fullmatch("".join(parts)):
        return " ".join(filter(None, (parts[0], parts[1])))
    family, given, additional, prefix = (_LIST_COMMA.sub(" ", part).strip() for part in parts[:4])
    suffix = _LIST_COMMA.sub(", ", parts[4].strip(","))
    return " ".join(filter(None, (prefix, given, additional, family, suffix)))


def preferred_name(parsed: ParsedCard) -> LocatedValue[str] | None:
    """Return the FN with the best PREF, or the first one."""
    return min(parsed.names, key=itemgetter(0))[1] if parsed.names else None


def deduplicate_day_labels(parsed: ParsedCard) -> list[LocatedValue[tuple[str, str]]]:
    """Return the days, with a number after a label that another day already has."""
    names: dict[tuple[str, str], str] = {}
    taken: Counter[str] = Counter()
    days = []
    for (label, day), at in parsed.days:
        while (fold(label), day) not in names:
            taken[fold(label)] += 1
            name = f"{label} {taken[fold(label)]}" if taken[fold(label)] > 1 else label
            if name == label or fold(name) not in taken:
                names[fold(label), day] = name
                taken[fold(name)] += name != label
        days.append(LocatedValue((names[fold(label), day], day), at))
    return days


def select_fields(parsed: ParsedCard, *, categories_are_interests: bool = False) -> Fields:
    """Select the fields of kin from the values of a card."""
    name, kin_interests = preferred_name(parsed), [each.value for each in parsed.kin_interests]
    categories = [each.value for each in parsed.categories]
    kin_groups = [each.value for each in parsed.groups]
    groups = [each for each in categories if each in kin_groups or each not in kin_interests]
    interests = [*kin_interests, *(each.value for each in parsed.interests)]
    if categories_are_interests:
        groups, interests = [], [*categories, *interests]
    contacts: dict[tuple[str, str], Way] = {}
    for way, _ in parsed.contacts:
        contacts.setdefault((way.kind, way.value), way)
    days: dict[str, tuple[str, str]] = {}
    for day, _ in deduplicate_day_labels(parsed):
        days.setdefault(fold(day[0]), day)
    return Fields(
        version=parsed.version,
        uid=parsed.uid.value if parsed.uid else None,
        name=name.value if name else None,
        parts=tuple(parsed.parts[0].value) if parsed.parts else None,
        nicknames=_distinct(each.value for each in parsed.nicknames),
        contacts=tuple(contacts.values()),
        birthday=next((each.value for each in parsed.birthdays if each.value), None),
        days=tuple(days.values()),
        lives=min(parsed.places, key=itemgetter(0))[1].value if parsed.places else None,
        note="\n\n".join(each.value for each in parsed.notes) or None,
        groups=_distinct([*groups, *kin_groups]),
        interests=_distinct(interests),
        bonds=tuple(dict.fromkeys(each.value for each in parsed.bonds)),
        unread=tuple(each.value for each in parsed.unread),
        unread_texts=_distinct(parsed.unread_texts[:MOST_TEXTS]),
        unreadable=tuple(dict.fromkeys(parsed.unreadable)),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def open_card(raw: bytes) -> OpenedCard:
    """Find and unfold the first card in some bytes.

    Raises VcardError if there is none, or if it is too big to be written back.
    """
    codec = detect_utf_16(raw)
    if codec == "utf-16":
        codec = "utf-16-le" if raw[:1] == b"\xff" else "utf-16-be"
    try:
        data = raw.decode(codec, "surrogatepass").encode(errors="surrogatepass") if codec else raw
    except UnicodeDecodeError:
        raise VcardError(
            "This card ends inside a character.", "Export it again from where it came."
        ) from None
    for item in split_cards(data):
        if isinstance(item, RawCard):
            if not item.is_complete:
                raise VcardError(
                    "This card is too big for kin to write.", "Make its photo smaller."
                )
            start = data.index(b"".join(item.lines))
            end = start + sum(map(len, item.lines))
            return OpenedCard(data[:start], item.lines, data[end:], unfold(item.lines), codec)
    raise VcardError("This is no vCard.", "A card begins with BEGIN:VCARD.")


def extract_card(raw: bytes) -> bytes:
    """Return only the first card in some bytes, as UTF-8, with missing ENDs and line ending added.

    Another card can be appended to it. Raises VcardError if there is no card.
    """
    card = open_card(raw).card
    first = card[0]
    end = first[len(first.rstrip(b"\r\n")) :] or b"\r\n"
    data = b"".join(card)
    if not data.endswith((b"\r", b"\n")):
        data += end
    depth = sum(_DEPTH_CHANGE.get(card_boundary(line), 0) for line in card)
    return data + b"END:VCARD%s" % end * depth


def read_fields(
    raw: bytes, *, encoding: str | None = None, categories_are_interests: bool = False
) -> Fields:
    """Return the fields of kin in a raw card; raise VcardError if it is not a card."""
    parsed = parse_card(open_card(raw).lines, encoding)
    return select_fields(parsed, categories_are_interests=categories_are_interests)


def read_properties(raw: bytes, *, encoding: str | None = None) -> tuple[Property, ...]:
    """Return all properties of a raw card in their order, without those of an AGENT's card in it."""
    lines = open_card(raw).lines
    decoder = parse_card(lines, encoding).decoder
    properties = []
    for line in lines:
        if line.kind == "property":
            head, data = parse_line(line.text)
            text, separator = decode_value(head, data, decoder), _SEPARATORS.get(head.name)
            parts = decode_values(head, data, separator, decoder) if separator else [text]
            while head.name == "ORG" and parts[1:] and not parts[-1]:
                del parts[-1]  # `SAP;` has no second part
            properties.append(Property(head.group, head.name, head.params, text, tuple(parts)))
    return tuple(properties)


_ANNIVERSARIES = "ANNIVERSARY X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-KADDRESSBOOK-X-ANNIVERSARY X-MS-ANNIVERSARY"
_READERS: dict[str, Reader] = {
    "VERSION": _read_version,
    "UID": _read_uid,
    "KIND": _read_kind,
    "X-ADDRESSBOOKSERVER-KIND": _read_kind,
    "MEMBER": _read_member,
    "X-ADDRESSBOOKSERVER-MEMBER": _read_member,
    "FN": _read_name,
    "N": _read_name_parts,
    "ORG": _read_organisation,
    "NICKNAME": _read_nickname,
    "X-NICKNAME": _read_nickname,
    "EMAIL": _read_email,
    "TEL": _read_phone,
    "URL": _read_link,
    "X-EVOLUTION-BLOG-URL": _read_link,
    "X-KADDRESSBOOK-BLOGFEED": _read_link,
    "ADR": _read_address,
    **dict.fromkeys(("IMPP", "X-SOCIALPROFILE", "SOCIALPROFILE", *_CHAT_SERVICES), _read_chat),
    "BDAY": _read_birthday,
    "X-ABDATE": _read_other_day,
    **dict.fromkeys(_ANNIVERSARIES.split(), _read_day),
    "DEATHDATE": _read_death,
    "NOTE": _read_note,
    "CATEGORIES": _read_category,
    **dict.fromkeys(("INTEREST", "HOBBY", "X-INTEREST", "X-HOBBY"), _read_interest),
    "X-KIN-INTEREST": _read_kin_interest,
    "X-KIN-GROUP": _read_kin_group,
    "RELATED": _read_related,
    **dict.fromkeys(("X-ABRELATEDNAMES", *_TIE_PROPERTIES), _read_bond),
    "X-ANDROID-CUSTOM": _read_android,
}
