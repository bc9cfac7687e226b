"""The CSV of Google Contacts: that of 2024 and later, and the old one.

Its one rule: `E-mail 1 - Value` says what, `E-mail 1 - Label` (in the old one `Type`) which. System labels
begin with `* `, and are nobody's groups.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from kin.formats.table.columns import (
    MACHINE,
    USEFUL,
    Column,
    plain,
)
from kin.formats.table.meaning import key

NEW, OLD = "Google CSV", "old Google CSV"
SYSTEM = "* "
# What every address book has is no news: these are dropped without a word.
EVERYBODY = {"mycontacts", "other", "othercontacts"}
_NUMBERED = re.compile(r"\s*(\D+?) (\d+) - (\D+?)\s*")
_VALUES = {"email": "email", "phone": "phone", "website": "link", "relation": "bond"}
_VALUES |= {
    "event": "day",
    "customfield": "said",
    "im": "said",
    "jot": "said",
    "userdefined": "said",
}
_PARTS = {"formatted": "address", "street": "street", "city": "city", "pobox": "box"}
_PARTS |= {"region": "region", "postalcode": "postcode", "country": "country"}
_PARTS |= {"extendedaddress": "extra"}
_LABELS = ("Label", "Type", "Service")
_STANDARD = {"home", "work", "mobile", "main", "other", "profile", "blog", "homepage"}
_STANDARD |= {"homefax", "workfax", "pager", "spouse", "child", "mother", "father", "parent"}
_STANDARD |= {"brother", "sister", "friend", "relative", "partner", "domesticpartner", "manager"}
_STANDARD |= {"assistant", "referredby", "anniversary"}


def kind(header: Sequence[str]) -> str | None:
    """Return which Google CSV has such a header, None if it is none."""
    keys = set(map(key, header))
    numbered = any(map(numbered_part, header))
    if {"givenname", "familyname"} <= keys and (
        keys & {"groupmembership", "yominame", "additionalnameyomi"}
    ):
        return OLD
    if {"firstname", "lastname"} <= keys and numbered:
        return NEW
    return OLD if numbered and {"name", "groupmembership"} <= keys else None


def numbered_part(header: str) -> tuple[str, str, str] | None:
    """Split `E-mail 1 - Value` into what it is, its number and its part."""
    found = _NUMBERED.fullmatch(header) if len(header) < 60 else None
    return (key(found[1]), found[2], key(found[3])) if found else None


def columns(header: Sequence[str]) -> list[Column]:
    """Read the header of a Google CSV."""
    at = {" ".join(words.split()): index for index, words in reversed(list(enumerate(header)))}
    return [
        _numbered(column, at) if numbered_part(column.header) else column
        for column in plain(header)
    ]


def _numbered(column: Column, at: dict[str, int]) -> Column:
    what, number, part = numbered_part(column.header) or ("", "", "")
    stem = " ".join(column.header.split()).rpartition(" - ")[0]
    label_at = next((at[f"{stem} - {each}"] for each in _LABELS if f"{stem} - {each}" in at), None)
    if what == "organization":
        return Column(column.at, column.header, USEFUL)
    if what == "address" and part in _PARTS:
        return Column(column.at, column.header, _PARTS[part], "", label_at, number)
    if what in _VALUES and part == "value":
        return Column(column.at, column.header, _VALUES[what], "", label_at)
    if part in map(str.lower, _LABELS):
        return Column(column.at, column.header, MACHINE)
    return Column(column.at, column.header, "said")


@lru_cache(256)  # a file has a handful, and each row has several
def label(words: str) -> str:
    """Return a label as kin says it: `* Work` is work, and Other says nothing."""
    words = " ".join(words.removeprefix(SYSTEM).split())
    if key(words) not in _STANDARD:
        return words
    return "" if key(words) == "other" else words.lower()
