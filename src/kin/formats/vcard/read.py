"""The content of one vCard: its properties decoded, and the fields that kin keeps selected from them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import BinaryIO, Generic, NamedTuple, TypeVar

from kin.constants import LONGEST_CONTACT, LONGEST_LABEL, LONGEST_NAME
from kin.errors import UnclearDateError, UsageError
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import FileIssue, ImportedPerson, ImportedRecords, ImportedTie
from kin.formats.vcard.lines import (
    Head,
    Line,
    RawCard,
    TextDecoder,
    decode_value,
    decode_values,
    detect_boundary,
    detect_utf_16,
    find_codec,
    parse_line,
    split_cards,
    split_physical_lines,
    to_one_line,
    unfold_lines,
)
from kin.language import dates as language_dates
from kin.language.text import escape_control, join_words, normalize, truncate

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
_MAX_DAY_LENGTH = 60

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
_NOT_A_DATE = "is not a date that kin can store"
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
MAX_UNREAD_TEXTS = 20

NAMELESS_PREFIX = "nameless "
MAX_WARNINGS = 20  # for one card: a single broken photo can have thousands of lines


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
    contacts: list[LocatedValue[Contact]] = field(default_factory=list)
    birthdays: list[LocatedValue[str | None]] = field(default_factory=list)
    dates: list[LocatedValue[tuple[str, str]]] = field(default_factory=list)
    places: list[tuple[int, LocatedValue[str]]] = field(default_factory=list)  # 0 home, 2 work
    notes: list[LocatedValue[str]] = field(default_factory=list)
    categories: list[LocatedValue[str]] = field(default_factory=list)
    groups: list[LocatedValue[str]] = field(default_factory=list)  # X-KIN-GROUP
    kin_interests: list[LocatedValue[str]] = field(default_factory=list)  # X-KIN-INTEREST
    interests: list[LocatedValue[str]] = field(default_factory=list)  # RFC 6715
    ties: list[LocatedValue[ImportedTie]] = field(default_factory=list)
    unread: list[LocatedValue[str]] = field(default_factory=list)  # reports
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # field, and value as text
    unread_texts: list[str] = field(default_factory=list)  # "label: value", to keep as facts
    has_content: bool = False  # whether any property describes a person

    def decode_text(self, entry: Entry) -> str:
        return decode_value(entry.head, entry.data, self.decoder)

    def decode_line(self, entry: Entry) -> str:
        return to_one_line(self.decode_text(entry))

    def decode_list(self, entry: Entry, separator: str) -> list[str]:
        return [*map(to_one_line, decode_values(entry.head, entry.data, separator, self.decoder))]

    def find_label(self, entry: Entry) -> str | None:
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
        excerpt = truncate(escape_control(text, newlines=False), 40)
        self.unread.append(LocatedValue(f"{entry.head.name} “{excerpt}” {why}", entry.line_index))


PropertyReader = Callable[[ParsedCard, Entry], None]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of kin in a card: `name` is FN, `parts` are the five of N.

    Several notes are joined with a blank line between. `unread` reports values that would be fields but
    cannot be read, `unread_texts` has the first MAX_UNREAD_TEXTS of them as text. `unreadable` has these
    values by field: name, birthday, lives, note, nicknames, dates, groups, interests, or the kind of a
    contact; it also has values from which a NUL was removed.
    """

    version: str
    uid: str | None = None
    name: str | None = None
    parts: tuple[str, ...] | None = None
    nicknames: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    birthday: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    lives: str | None = None
    note: str | None = None
    groups: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    ties: tuple[ImportedTie, ...] = ()
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


def find_label_in_types(types: tuple[str, ...]) -> str | None:
    """Return the label of an address or a number by its types: `home`, `work mobile`, `pager`."""
    place = next((_PLACE_TYPES[each] for each in types if each in _PLACE_TYPES), None)
    if not _FAX_TYPES.isdisjoint(types):
        return f"{place} fax" if place else "fax"
    if not _MOBILE_TYPES.isdisjoint(types):
        return "work mobile" if place == "work" else "mobile"
    other = find_tie_in_types(types)
    return place if place or not other else other.removeprefix("x-")


def find_tie_in_types(types: tuple[str, ...]) -> str | None:
    """Return the type that names a tie, or None."""
    return next(
        (each for each in types if each not in _TYPES_WITHOUT_LABEL and each not in _PLACE_TYPES),
        None,
    )


def parse_apple_label(text: str) -> str:
    """Return the label in X-ABLabel; Apple's own words without their signs, in small letters."""
    match = _APPLE_LABEL.fullmatch(text.strip())
    return match[1].strip().lower() if match else text.strip()


def parse_yearly_date(text: str, omitted: str | None = None) -> str | None:
    """Return YYYY-MM-DD, or --MM-DD without a year; None if the text is not a complete date.

    `omitted` is X-APPLE-OMIT-YEAR: that year means none. A date in words needs its year.
    """
    text = text.strip()
    match = _NUMERIC_DAY.fullmatch(text)
    if match is None:
        return _parse_date_in_words(text)
    year = int(match["year"] or 0)
    if year in (0, NO_YEAR) or match["year"] == omitted:
        year = 0
    try:
        on = date(year or NO_YEAR, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return on.isoformat() if year else f"--{on:%m-%d}"


def _parse_date_in_words(text: str) -> str | None:
    # Without a year the words would depend on today's date.
    if not _FOUR_DIGITS.search(text) or len(text) > _MAX_DAY_LENGTH:
        return None
    try:
        return language_dates.parse_birthday(text, now=datetime.max)
    except UnclearDateError:
        return None


def normalize_uid(uid: str) -> str:
    """Return a UID without `urn:uuid:`, as cards refer to each other with or without it."""
    return _URN.sub("", uid.strip(), count=1)


def is_contact_property(name: str) -> bool:
    """Return whether a property is a contact: an e-mail address, a phone number, a link or an account."""
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
        pref = entry.head.get_param("PREF") or ("1" if "pref" in entry.head.types else "")
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
        label = parsed.find_label(entry) or label or find_label_in_types(entry.head.types)
        parsed.contacts.append(LocatedValue(Contact(kind, text, label), entry.line_index))


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
        head.get_param("X-SERVICE-TYPE")
        or head.get_param("SERVICE-TYPE")
        or _CHAT_SERVICES.get(head.name)
    )
    if head.name.startswith("X-MESSAGING/"):
        service = head.name.removeprefix("X-MESSAGING/").removesuffix("-ALL")
    elif not service and head.name == "IMPP" and ":" in text:
        service = text.partition(":")[0]
    for account in (text or head.get_param("X-USER") or "").split(_KDE_SEPARATOR):
        _add_contact(parsed, entry, "link", account, (service or "").lower() or None)


def find_chat_property(contact: Contact) -> str | None:
    """Return the property for a chat account; None for any other contact, or one with a URL."""
    if contact.kind != "link" or not contact.label or "://" in contact.value:
        return None
    is_uri = contact.value.lower().startswith(f"{contact.label}:")
    return "IMPP" if is_uri else _CHAT_PROPERTIES.get(contact.label)


def _read_address(parsed: ParsedCard, entry: Entry) -> None:
    parts = [*parsed.decode_list(entry, ";"), *[""] * 7]
    types = entry.head.types
    if place := parts[3] or parts[4] or parts[6]:
        rank = 0 if "home" in types else 2 if "work" in types else 1
        parsed.places.append((rank, LocatedValue(place, entry.line_index)))


def _read_birthday(parsed: ParsedCard, entry: Entry) -> None:
    if text := parsed.decode_line(entry):
        day = parse_yearly_date(text, entry.head.get_param("X-APPLE-OMIT-YEAR"))
        parsed.birthdays.append(LocatedValue(day, entry.line_index))
        if day is None:
            parsed.report_unreadable(entry, text, _NOT_A_DATE, "birthday", "birthday")


def _read_date(parsed: ParsedCard, entry: Entry, label: str = "anniversary") -> None:
    if text := parsed.decode_line(entry):
        date_value = parse_yearly_date(text, entry.head.get_param("X-APPLE-OMIT-YEAR"))
        if date_value:
            parsed.dates.append(
                LocatedValue((parsed.find_label(entry) or label, date_value), entry.line_index)
            )
        else:
            parsed.report_unreadable(
                entry, text, _NOT_A_DATE, parsed.find_label(entry) or label, "dates"
            )


def _read_other_date(parsed: ParsedCard, entry: Entry) -> None:
    _read_date(parsed, entry, "other")


def _read_death(parsed: ParsedCard, entry: Entry) -> None:
    _read_date(parsed, entry, "day of death")


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
    text, kind = parsed.decode_line(entry), (entry.head.get_param("VALUE") or "").lower()
    word = parsed.find_label(entry) or find_tie_in_types(entry.head.types) or "related"
    if word == "me":
        return  # another card of the same person
    if is_uuid_urn(text):
        parsed.ties.append(
            LocatedValue(ImportedTie(word, "", normalize_uid(text)), entry.line_index)
        )
    elif kind == "text" or (kind != "uri" and not _URI.match(text)):
        if text:
            parsed.ties.append(LocatedValue(ImportedTie(word, text), entry.line_index))
    elif text:
        parsed.report_unreadable(entry, text, "is an address, not a name", word)


def _read_tie(parsed: ParsedCard, entry: Entry) -> None:
    if name := parsed.decode_line(entry):
        word = _TIE_PROPERTIES.get(entry.head.name) or parsed.find_label(entry)
        word = word or find_tie_in_types(entry.head.types) or "related"
        parsed.ties.append(LocatedValue(ImportedTie(word, name), entry.line_index))


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
        parsed.ties.append(LocatedValue(ImportedTie(word, text), entry.line_index))
    elif kind == "contact_event":
        day, is_birthday = parse_yearly_date(text), number == "3"
        event = "birthday" if is_birthday else label or _ANDROID_EVENTS.get(number, "other")
        if day is None:
            parsed.report_unreadable(
                entry, text, _NOT_A_DATE, event, "birthday" if is_birthday else "dates"
            )
        elif is_birthday:
            parsed.birthdays.append(LocatedValue(day, entry.line_index))
        else:
            parsed.dates.append(LocatedValue((event, day), entry.line_index))


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
            if name := _find_agent_name(parsed, each, below):
                parsed.ties.append(LocatedValue(ImportedTie("agent", name), each.line_index))
    return parsed


def _parse_properties(entries: list[Entry], encoding: str | None) -> ParsedCard:
    charsets = dict.fromkeys(each.head.charset for each in entries if each.head.charset)
    parsed = ParsedCard(TextDecoder(tuple(filter(None, charsets)), encoding), {})
    for each in entries:
        if each.head.name == "X-ABLABEL" and each.head.group:
            parsed.labels[each.head.group.lower()] = parse_apple_label(parsed.decode_text(each))
    for each in entries:
        name = each.head.name
        reader = _PROPERTY_READERS.get(name)
        if reader is None and name.startswith("X-MESSAGING/"):
            reader = _read_chat
        if reader:
            had_nul, parsed.decoder.found_nul = parsed.decoder.found_nul, False
            reader(parsed, each)
            if parsed.decoder.found_nul:
                parsed.unreadable += _list_values(parsed, reader, each)
            parsed.decoder.found_nul |= had_nul
        if not parsed.has_content and name not in _CARD_METADATA:
            parsed.has_content = bool(each.data.strip(b" ;"))
    return parsed


def _list_values(parsed: ParsedCard, reader: PropertyReader, entry: Entry) -> list[tuple[str, str]]:
    """Return the values of one property, each with its field."""
    single = ParsedCard(parsed.decoder, parsed.labels)
    reader(single, entry)
    values = [
        *(("name", name.value) for _, name in single.names),
        *(("birthday", located_date.value or "") for located_date in single.birthdays),
        *(("lives", place.value) for _, place in single.places),
        *((contact.value.kind, contact.value.value) for contact in single.contacts),
        *(
            ("dates", f"{located_date.value[0]}: {located_date.value[1]}")
            for located_date in single.dates
        ),
    ]
    for field_name, located in (
        ("note", single.notes),
        ("nicknames", single.nicknames),
        ("groups", [*single.categories, *single.groups]),
        ("interests", [*single.categories, *single.kin_interests, *single.interests]),
    ):
        values += [(field_name, each.value) for each in located]
    return values


def _find_agent_name(parsed: ParsedCard, entry: Entry, below: Iterable[Line]) -> str | None:
    """Return the name of an AGENT, whose card is in the lines below or escaped in the value."""
    text = parsed.decode_text(entry)
    if detect_boundary(text.partition("\n")[0].encode()) == "begin" and "\n" in text:
        lines = unfold_lines(split_physical_lines(text.encode()))
        below = [line._replace(kind="agent") for line in lines if line.kind == "property"]
    inner = []
    for line in below:
        if line.kind not in ("agent", "nested"):
            break
        if line.kind == "agent" and not detect_boundary(line.text):
            inner.append(Entry(0, *parse_line(line.text)))
    return find_display_name(_parse_properties(inner, parsed.decoder.default_charset))


def find_display_name(parsed: ParsedCard) -> str | None:
    """Return FN, else N, a nickname, ORG, an email, a phone number or a link; None without any."""
    if name := find_preferred_name(parsed):
        return name.value
    structured = filter(None, (format_structured_name(parts.value) for parts in parsed.parts))
    contacts = [contact.value for contact in parsed.contacts]
    addresses = (
        contact.value
        for kind in ("email", "phone", "link")
        for contact in contacts
        if contact.kind == kind
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


def find_preferred_name(parsed: ParsedCard) -> LocatedValue[str] | None:
    """Return the FN with the best PREF, or the first one."""
    return min(parsed.names, key=itemgetter(0))[1] if parsed.names else None


def deduplicate_date_labels(parsed: ParsedCard) -> list[LocatedValue[tuple[str, str]]]:
    """Return the dates, with a number after a label that another date already has."""
    names: dict[tuple[str, str], str] = {}
    label_counts: Counter[str] = Counter()
    located_dates = []
    for (label, day), at in parsed.dates:
        while (normalize(label), day) not in names:
            label_counts[normalize(label)] += 1
            name = (
                f"{label} {label_counts[normalize(label)]}"
                if label_counts[normalize(label)] > 1
                else label
            )
            if name == label or normalize(name) not in label_counts:
                names[normalize(label), day] = name
                label_counts[normalize(name)] += name != label
        located_dates.append(LocatedValue((names[normalize(label), day], day), at))
    return located_dates


def select_fields(parsed: ParsedCard, *, categories_are_interests: bool = False) -> Fields:
    """Select the fields of kin from the values of a card."""
    name, kin_interests = find_preferred_name(parsed), [each.value for each in parsed.kin_interests]
    categories = [each.value for each in parsed.categories]
    kin_groups = [each.value for each in parsed.groups]
    groups = [each for each in categories if each in kin_groups or each not in kin_interests]
    interests = [*kin_interests, *(each.value for each in parsed.interests)]
    if categories_are_interests:
        groups, interests = [], [*categories, *interests]
    contacts: dict[tuple[str, str], Contact] = {}
    for contact, _ in parsed.contacts:
        contacts.setdefault((contact.kind, contact.value), contact)
    date_by_label: dict[str, tuple[str, str]] = {}
    for labelled_date, _ in deduplicate_date_labels(parsed):
        date_by_label.setdefault(normalize(labelled_date[0]), labelled_date)
    return Fields(
        version=parsed.version,
        uid=parsed.uid.value if parsed.uid else None,
        name=name.value if name else None,
        parts=tuple(parsed.parts[0].value) if parsed.parts else None,
        nicknames=_remove_duplicates(each.value for each in parsed.nicknames),
        contacts=tuple(contacts.values()),
        birthday=next((each.value for each in parsed.birthdays if each.value), None),
        dates=tuple(date_by_label.values()),
        lives=min(parsed.places, key=itemgetter(0))[1].value if parsed.places else None,
        note="\n\n".join(each.value for each in parsed.notes) or None,
        groups=_remove_duplicates([*groups, *kin_groups]),
        interests=_remove_duplicates(interests),
        ties=tuple(dict.fromkeys(each.value for each in parsed.ties)),
        unread=tuple(each.value for each in parsed.unread),
        unread_texts=_remove_duplicates(parsed.unread_texts[:MAX_UNREAD_TEXTS]),
        unreadable=tuple(dict.fromkeys(parsed.unreadable)),
    )


def _remove_duplicates(values: Iterable[str]) -> tuple[str, ...]:
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
            "This card ends in the middle of a character.",
            "Export it again from the program it comes from.",
        ) from None
    for item in split_cards(data):
        if isinstance(item, RawCard):
            if not item.is_complete:
                raise VcardError(
                    "This card is too big for kin to write.", "Make its photo smaller."
                )
            start = data.index(b"".join(item.lines))
            end = start + sum(map(len, item.lines))
            return OpenedCard(data[:start], item.lines, data[end:], unfold_lines(item.lines), codec)
    raise VcardError("This is not a vCard.", "A card begins with BEGIN:VCARD.")


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
    depth = sum(_DEPTH_CHANGE.get(detect_boundary(line), 0) for line in card)
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
_PROPERTY_READERS: dict[str, PropertyReader] = {
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
    "X-ABDATE": _read_other_date,
    **dict.fromkeys(_ANNIVERSARIES.split(), _read_date),
    "DEATHDATE": _read_death,
    "NOTE": _read_note,
    "CATEGORIES": _read_category,
    **dict.fromkeys(("INTEREST", "HOBBY", "X-INTEREST", "X-HOBBY"), _read_interest),
    "X-KIN-INTEREST": _read_kin_interest,
    "X-KIN-GROUP": _read_kin_group,
    "RELATED": _read_related,
    **dict.fromkeys(("X-ABRELATEDNAMES", *_TIE_PROPERTIES), _read_tie),
    "X-ANDROID-CUSTOM": _read_android,
}


class CardGroup(NamedTuple):
    """A card of KIND:group: its name, and the normalized UIDs of its members."""

    name: str
    members: tuple[str, ...]


class CardResult(NamedTuple):
    """What was read from one card, or from lines outside of any.

    `person` has only values that are not too long, `fields` has all of them. `has_stray_lines` means that some
    lines are not those of a card, and their meaning is unknown.
    """

    where: str
    person: ImportedPerson | None = None
    group: CardGroup | None = None
    skipped: tuple[FileIssue, ...] = ()
    warnings: tuple[FileIssue, ...] = ()
    version: str | None = None
    fields: Fields | None = None
    has_stray_lines: bool = False
    has_guessed_charset: bool = False  # not UTF-8, and no charset is given


def _read_card(
    raw_card: RawCard, file: str, encoding: str | None, categories_are_interests: bool
) -> CardResult:
    """Read one raw card of a file as a person or a group.

    A card with any content becomes a person, even without a name.
    """
    lines = unfold_lines(raw_card.lines)
    parsed = parse_card(lines, encoding)
    where = f"{file}:{raw_card.line_number}"
    warnings = [
        FileIssue(f"{file}:{at}", why) for at, why in _find_problems(raw_card, lines, parsed)
    ]
    name = find_display_name(parsed)
    result = CardResult(
        where,
        version=parsed.version,
        has_stray_lines=any(
            line.text.strip() and (line.kind == "stray" or b":" not in line.text) for line in lines
        ),
        has_guessed_charset=parsed.decoder.has_guessed_charset,
    )
    if parsed.kind == "group":
        return result._replace(
            group=CardGroup(name or where, tuple(parsed.members)), warnings=tuple(warnings)
        )
    if not name and not parsed.has_content:
        return result._replace(
            skipped=(FileIssue(where, "the card is empty"),), warnings=tuple(warnings)
        )
    if not name:
        name = f"{NAMELESS_PREFIX}{where}"
        warnings.append(FileIssue(where, f"has no name; it is imported as “{name}”"))
    fields = select_fields(parsed, categories_are_interests=categories_are_interests)
    warnings += [
        FileIssue(where, _describe_too_long(each)) for each in _find_too_long_values(name, fields)
    ]
    raw = b"".join(raw_card.lines) if raw_card.is_complete else None
    person = _build_person(name, where, fields, raw)
    return result._replace(person=person, fields=fields, warnings=tuple(warnings))


def _build_person(name: str, where: str, fields: Fields, raw: bytes | None) -> ImportedPerson:
    name = name if len(name) <= LONGEST_NAME else truncate(name, LONGEST_NAME // 2)
    return ImportedPerson(
        name=name,
        source=where,
        nicknames=tuple(filter(_fits, fields.nicknames)),
        contacts=tuple(
            contact for contact in fields.contacts if _fits(contact.value, LONGEST_CONTACT)
        ),
        birthday=fields.birthday,
        dates=tuple(labelled_date for labelled_date in fields.dates if _fits(labelled_date[0])),
        lives=fields.lives if fields.lives and _fits(fields.lives) else None,
        note=fields.note,
        into=tuple(CardInterest(each) for each in fields.interests if _fits(each)),
        groups=tuple(filter(_fits, fields.groups)),
        ties=tuple(tie for tie in fields.ties if _fits(tie.word + tie.name)),
        uid=fields.uid,
        key=normalize_uid(fields.uid) if fields.uid else None,
        raw=raw,
        unread_texts=tuple(each for each in fields.unread_texts if _fits(each, LONGEST_CONTACT)),
    )


def _fits(text: str, longest: int = LONGEST_LABEL) -> bool:
    return len(text) <= longest


def _find_too_long_values(name: str, fields: Fields) -> Iterator[str]:
    """Yield the values that are too long to be kept."""
    contacts = [
        contact.value for contact in fields.contacts if not _fits(contact.value, LONGEST_CONTACT)
    ]
    labels = [name, *fields.nicknames, *fields.groups, *fields.interests, fields.lives or ""]
    labels += [
        *(label for label, _ in fields.dates),
        *(each.word + each.name for each in fields.ties),
    ]
    yield from (each for each in (*labels, *contacts) if not _fits(each))


def _describe_too_long(text: str) -> str:
    excerpt = truncate(escape_control(text[:200]), 40)
    return f"“{excerpt}” has {len(text):,} characters; the raw card keeps it"


def _find_problems(
    raw_card: RawCard, lines: Sequence[Line], parsed: ParsedCard
) -> Iterator[tuple[int, str]]:
    """Yield the problems of a card, each with its line number in the file."""
    if not raw_card.has_end:
        yield raw_card.line_number, "the card has no END; it ends where the next one begins"
    if not raw_card.is_complete:
        yield raw_card.line_number, "the card is too big to be kept whole; kin reads what fits"
    if parsed.decoder.found_nul:
        yield raw_card.line_number, "contains NUL characters, which are left out"
    unread = [(line, _describe_stray(line.text)) for line in lines if line.kind == "stray"]
    unread += [(lines[each.line_index], each.value) for each in parsed.unread]
    for line, why in unread[:MAX_WARNINGS]:
        # Without the skipped lines of an incomplete card, line numbers are unknown.
        yield raw_card.line_number + (line.start if raw_card.is_complete else 0), why
    if len(unread) > MAX_WARNINGS:
        yield raw_card.line_number, f"and {len(unread) - MAX_WARNINGS:,} more lines cannot be read"


def _describe_stray(text: bytes) -> str:
    line = " ".join(text[:200].decode(errors="replace").split())
    excerpt = truncate(escape_control(line), 40)
    return f"“{excerpt}” is not a line of a card"


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
            f"kin does not know the encoding “{encoding}”.",
            "Use --encoding with a name such as cp1252.",
        )
    for item in split_cards(source):
        if isinstance(item, RawCard):
            yield _read_card(item, name, encoding, categories_are_interests)
        else:
            lines = "a line is" if item.lines == 1 else f"{item.lines:,} lines are"
            where = f"{name}:{item.line_number}"
            yield CardResult(where, skipped=(FileIssue(where, f"{lines} outside of any card"),))


def read_file(
    source: bytes | BinaryIO,
    name: str,
    *,
    encoding: str | None = None,
    categories_are_interests: bool = False,
) -> ImportedRecords:
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
) -> ImportedRecords:
    """Read several files of cards, given as names and contents, as if they were one file."""
    collector = _Collector()
    for name, source in files:
        guessed_count = 0
        for result in read_cards(
            source, name, encoding=encoding, categories_are_interests=categories_are_interests
        ):
            collector.add(result)
            guessed_count += result.has_guessed_charset
        if guessed_count:
            collector.warnings.append(FileIssue(name, _describe_guessed_charset(guessed_count)))
    return collector.build_result()


def _describe_guessed_charset(count: int) -> str:
    cards_are = "one card is" if count == 1 else f"{count:,} cards are"
    return f"{cards_are} not UTF-8 and read as cp1252; add --encoding if letters look wrong"


class _Collector:
    """The results of all cards, before references from card to card are resolved."""

    def __init__(self) -> None:
        self.people: list[ImportedPerson] = []
        self.groups: list[tuple[str, CardGroup]] = []
        self.skipped: list[FileIssue] = []
        self.warnings: list[FileIssue] = []
        self.versions: set[str] = set()

    def add(self, result: CardResult) -> None:
        self.people += [result.person] if result.person else []
        self.groups += [(result.where, result.group)] if result.group else []
        self.skipped += result.skipped
        self.warnings += result.warnings
        self.versions |= {result.version} if result.version else set()

    def build_result(self) -> ImportedRecords:
        by_key = {person.key: index for index, person in enumerate(self.people) if person.key}
        for where, group in self.groups:
            members = dict.fromkeys(group.members)
            present = [by_key[member] for member in members if member in by_key]
            for index in present:
                person = self.people[index]
                if group.name not in person.groups:
                    self.people[index] = replace(person, groups=(*person.groups, group.name))
            count = f"{len(present)} of its {len(group.members)} members are here"
            self.warnings.append(FileIssue(where, f"“{group.name}” is a group; {count}"))
        for index, person in enumerate(self.people):
            if any(tie.key for tie in person.ties):
                ties = tuple(self._resolve_ties(person, by_key))
                self.people[index] = replace(person, ties=ties)
        kind = f"vCard {join_words(sorted(self.versions))}" if self.versions else "vCard"
        return ImportedRecords(
            kind, tuple(self.people), (), tuple(self.skipped), tuple(self.warnings)
        )

    def _resolve_ties(
        self, person: ImportedPerson, by_key: dict[str, int]
    ) -> Iterator[ImportedTie]:
        """Yield ties with the names of the cards they refer to; report missing cards."""
        for tie in person.ties:
            if tie.key is None:
                yield tie
            elif tie.key in by_key:
                yield replace(tie, name=self.people[by_key[tie.key]].name)
            else:
                why = f"{tie.word}: the card {tie.key} is not here"
                self.warnings.append(FileIssue(person.source, why))
