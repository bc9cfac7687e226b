"""The dialects of the programs that write tables: Google, Outlook, LinkedIn and kin.

A dialect has its header signature, its columns, and how a cell is split into values. ` ::: `
separates values in every dialect, other characters only in some.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kin.errors import UsageError
from kin.formats.table import write as spreadsheet
from kin.formats.table.headers import (
    MACHINE,
    NOTE_LINE,
    USEFUL,
    Column,
    normalize_header,
    read_columns,
)
from kin.language.text import joined

# Google marks its own labels; they are not groups of the user.
SYSTEM_LABEL_PREFIX = "* "
# Every Google address book has these labels, so they are dropped without a remark.
DEFAULT_LABELS = {"mycontacts", "other", "othercontacts"}

_KIN_SIGNATURE = {"name", "collides", "howwemet", "ties"}
_KIN_FIELDS = {"circle": "circle", "collides": "collides", "ties": "bond", "days": "day"}

_NUMBERED_HEADER = re.compile(r"\s*(\D+?) (\d+) - (\D+?)\s*")
_NUMBERED_FIELDS = {
    "email": "email",
    "phone": "phone",
    "website": "link",
    "relation": "bond",
    "event": "day",
    **dict.fromkeys(("customfield", "im", "jot", "userdefined"), NOTE_LINE),
}
_ADDRESS_PARTS = {
    "formatted": "address",
    "street": "street",
    "city": "city",
    "pobox": "box",
    "region": "region",
    "postalcode": "postcode",
    "country": "country",
    "extendedaddress": "extra",
}
_LABEL_PARTS = ("Label", "Type", "Service")
_STANDARD_LABELS = {
    *("home", "work", "mobile", "main", "other", "profile", "blog", "homepage"),
    *("homefax", "workfax", "pager", "spouse", "child", "mother", "father", "parent"),
    *("brother", "sister", "friend", "relative", "partner", "domesticpartner", "manager"),
    *("assistant", "referredby", "anniversary"),
}

_OUTLOOK_REQUIRED = {"firstname", "lastname", "emailaddress"}
_OUTLOOK_TYPICAL = {
    *("homephone", "businessphone", "mobilephone", "primaryphone", "categories", "homestreet"),
}
# Outlook for the desktop writes its header in the language of the user.
_OUTLOOK_TRANSLATED = (
    {"vorname", "nachname", "emailadresse", "mobiltelefon"},
    {"prenom", "nom", "adressedemessagerie"},
    {"nombre", "apellidos", "direcciondecorreoelectronico"},
    {"nome", "cognome", "indirizzopostaelettronica"},
    {"voornaam", "achternaam", "emailadres", "mobieletelefoon"},
)
_OUTLOOK_DESKTOP_ONLY = {"emailtype", "emaildisplayname", "governmentidnumber"}

_LINKEDIN_REQUIRED = {"firstname", "lastname", "connectedon"}
_LINKEDIN_TYPICAL = {"url", "emailaddress", "company", "position"}

_LIST = re.compile(r"[,;\n]")
_EMAILS = re.compile(r"[;,\s]+")
_CHILDREN = re.compile(r"[,;&\n]| and | und | et | y | e | en | dan | och | i ")


def split_numbered_header(header: str) -> tuple[str, str, str] | None:
    """Split `E-mail 1 - Value` into its normalized name, its number and its normalized part."""
    match = _NUMBERED_HEADER.fullmatch(header) if len(header) < 60 else None
    return (normalize_header(match[1]), match[2], normalize_header(match[3])) if match else None


def _read_kin_columns(header: Sequence[str]) -> list[Column]:
    """Read kin's own header, in which some words have a meaning that other tables do not use."""
    return [
        Column(
            column.index,
            column.header,
            _KIN_FIELDS.get(normalize_header(column.header), column.field),
        )
        for column in read_columns(header)
    ]


def _read_google_columns(header: Sequence[str]) -> list[Column]:
    indexes = {" ".join(words.split()): index for index, words in reversed([*enumerate(header)])}
    return [_read_numbered(column, indexes) for column in read_columns(header)]


def _read_numbered(column: Column, indexes: dict[str, int]) -> Column:
    """Return the column of a numbered header, and any other column unchanged."""
    split = split_numbered_header(column.header)
    if not split:
        return column
    name, number, part = split
    stem = " ".join(column.header.split()).rpartition(" - ")[0]
    label_headers = (f"{stem} - {label}" for label in _LABEL_PARTS)
    label_index = next((indexes[label] for label in label_headers if label in indexes), None)
    if name == "organization":
        return Column(column.index, column.header, USEFUL)
    if name == "address" and part in _ADDRESS_PARTS:
        return Column(
            column.index,
            column.header,
            _ADDRESS_PARTS[part],
            label_index=label_index,
            address=number,
        )
    if name in _NUMBERED_FIELDS and part == "value":
        return Column(column.index, column.header, _NUMBERED_FIELDS[name], label_index=label_index)
    if part in map(str.lower, _LABEL_PARTS):
        return Column(column.index, column.header, MACHINE)
    return Column(column.index, column.header, NOTE_LINE)


@lru_cache(256)  # a file has few labels, and each row has several of them
def normalize_label(label: str) -> str:
    """Return a label as kin writes it: `* Work` is work, and Other is ""."""
    label = " ".join(label.removeprefix(SYSTEM_LABEL_PREFIX).split())
    key = normalize_header(label)
    if key not in _STANDARD_LABELS:
        return label
    return "" if key == "other" else label.lower()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one program writes tables: `name` is what `--from` takes, `kind` is what people read."""

    name: str
    kind: str
    read_columns: Callable[[Sequence[str]], list[Column]] = read_columns
    separators: dict[str, re.Pattern[str]] = field(default_factory=dict)  # by field
    met_story: str = ""  # of everyone in the file

    def split_cell(self, column: Column, cell: str) -> list[str]:
        """Split a cell into its values, without empty ones."""
        if self is KIN:
            return list(filter(None, spreadsheet.split_values(cell)))
        values = [value for part in cell.split(":::") for value in self._split_part(column, part)]
        return [stripped for value in values if (stripped := value.strip())]

    def _split_part(self, column: Column, part: str) -> list[str]:
        if column.field == "email":
            values = _EMAILS.split(part)
            return values if all("@" in value for value in values if value) else [part]
        if column.field == "bond" and column.label == "child":
            return _CHILDREN.split(part)
        separator = self.separators.get(column.field)
        return separator.split(part) if separator else [part]


_OUTLOOK_SEPARATORS = {"into": _LIST, "group": _LIST}

KIN = Dialect("kin", "kin CSV", _read_kin_columns)
GOOGLE = Dialect("google", "Google CSV", _read_google_columns, {"into": _LIST})
OLD_GOOGLE = Dialect("google-old", "old Google CSV", _read_google_columns, {"into": _LIST})
OUTLOOK = Dialect("outlook", "Outlook CSV", separators=_OUTLOOK_SEPARATORS)
OUTLOOK_COM = Dialect("outlook-com", "outlook.com CSV", separators=_OUTLOOK_SEPARATORS)
# A connection is all that the file records; company and position are not kept.
LINKEDIN = Dialect("linkedin", "LinkedIn connections", met_story="Connected on LinkedIn.")
OTHER = Dialect(
    "table",
    "table",
    _read_google_columns,
    {"into": _LIST, "group": _LIST, "nickname": _LIST, "phone": re.compile(r"[;\n]| / ")},
)
DIALECTS = (KIN, GOOGLE, OLD_GOOGLE, OUTLOOK, OUTLOOK_COM, LINKEDIN, OTHER)


def detect_dialect(header: Sequence[str]) -> Dialect:
    """Return the dialect of the program that writes such a header, `OTHER` if none does."""
    keys = set(map(normalize_header, header))
    if keys >= _KIN_SIGNATURE:
        return KIN
    return (
        _detect_google(header, keys)
        or _detect_outlook(header, keys)
        or (LINKEDIN if keys >= _LINKEDIN_REQUIRED and keys & _LINKEDIN_TYPICAL else OTHER)
    )


def _detect_google(header: Sequence[str], keys: set[str]) -> Dialect | None:
    has_numbered = any(map(split_numbered_header, header))
    if {"givenname", "familyname"} <= keys and (
        keys & {"groupmembership", "yominame", "additionalnameyomi"}
    ):
        return OLD_GOOGLE
    if {"firstname", "lastname"} <= keys and has_numbered:
        return GOOGLE
    return OLD_GOOGLE if has_numbered and {"name", "groupmembership"} <= keys else None


def _detect_outlook(header: Sequence[str], keys: set[str]) -> Dialect | None:
    if keys >= _OUTLOOK_REQUIRED and len(keys & _OUTLOOK_TYPICAL) > 1:
        is_desktop = normalize_header(header[0]) == "title" or keys & _OUTLOOK_DESKTOP_ONLY
        return OUTLOOK if is_desktop else OUTLOOK_COM
    is_translated = any(keys >= words for words in _OUTLOOK_TRANSLATED)
    return OUTLOOK if len(keys) > 20 and is_translated else None


def find_dialect(name: str) -> Dialect:
    """Return the dialect with that name or kind, or raise UsageError."""
    for dialect in DIALECTS:
        if normalize_header(name) in map(normalize_header, (dialect.name, dialect.kind)):
            return dialect
    names = tuple(dialect.name for dialect in DIALECTS)
    raise UsageError(f"“{name[:40]}” is not a kind of table.", f"Say {joined(names, 'or')}.", names)
