"""Addresses as search terms: which e-mail, link, phone number or account is specific enough to be looked for in text.

A value may come from any card, so an address that could be an ordinary word or a short number is not searched for.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from kin.language.text import fold

LEAST_DIGITS = 7  # a shorter number may be a year, a price or a house number
_TAIL = 9  # last digits that identify a number where one side has no country code
_COUNTRY_CODE = 3  # digits at most
_CODE_WITHIN = 12  # characters, with its signs and blanks
_LONGEST_NUMBER = 15  # digits, by E.164
_LONGEST_LOCAL = 13  # digits of a number without its country code, or with one that is not marked
_MOST_GROUPS = 10  # groups of digits in one phone number

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!//)", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@/]+@[^\s@/]+")
_ACCOUNT = re.compile(r"@?[^\W_][\w.-]*")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?(?P<host>[^\s/?#@]+\.[^\s/?#@]+)(?P<path>[/?#]\S*)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"[+(]{0,4}\d(?:[\s().\-\u2010-\u2015/]{0,3}\d)*\)?")
_DATE = re.compile(r"\d{4}([-./])\d\d?\1\d\d?|\d\d?([-./])\d\d?\2\d{4}")

Finder = Callable[[str], list[tuple[int, int]]]


class Address(NamedTuple):
    """An address to look for: two with the same `key` are one.

    A text without the `needle` in its folded form does not hold it; an empty needle says nothing.
    """

    key: str
    needle: str
    find: Finder


def address(kind: str, value: str) -> Address | None:
    """Return how to find an address of a contact's kind in text; None where it is not specific enough."""
    text = value.strip()
    if link := _LINK.fullmatch(text):
        return _link(link["host"], link["path"].rstrip("/"))
    bare = _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text
    if _EMAIL.fullmatch(bare):
        return _email(bare)
    if kind != "email" and _PHONE.fullmatch(bare):
        return _phone(bare)
    if kind == "link" and _ACCOUNT.fullmatch(bare):
        return _account(bare.removeprefix("@"))
    return None


def _email(email: str) -> Address:
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    return Address(f"email:{email.casefold()}", fold(email), _all(pattern))


def _link(host: str, path: str) -> Address | None:
    if not any(map(str.isalnum, path)):
        return None  # a host alone is everyone's
    pattern = re.compile(
        rf"(?<![\w.@/-])(?:(?i:[a-z][a-z0-9+.-]*)://)?(?i:(?:www\.)?{re.escape(host)})"
        rf"{re.escape(path)}/?(?![\w/?#&=%~@:+-]|[.,;!]\w)"
    )
    return Address(f"link:{host.casefold()}{path}", fold(host), _all(pattern))


def _account(name: str) -> Address:
    """Find an account with its sign only: chess may be an account, @chess is one."""
    pattern = re.compile(rf"(?<![\w@.-])@{re.escape(name)}(?![\w-]|\.\w)", re.IGNORECASE)
    return Address(f"account:{name.casefold()}", fold(name), _all(pattern))


def _all(pattern: re.Pattern[str]) -> Finder:
    return lambda text: [match.span() for match in pattern.finditer(text)]


class _Number(NamedTuple):
    """A phone number; `whole` if it has its country code."""

    digits: str
    whole: bool


def _phone(value: str) -> Address | None:
    wanted = _number(value)
    if len(_digits(value)) < LEAST_DIGITS:
        return None
    last = wanted.digits[-_TAIL:]

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        for run in _PHONE.finditer(text):
            if len(run[0]) >= len(last) and last.lstrip("0") in _digits(run[0]):
                found += _numbers(text, run, wanted)
        return found

    return Address(f"phone:{last.lstrip('0')}", "", find)


def _numbers(text: str, run: re.Match[str], wanted: _Number) -> list[tuple[int, int]]:
    """Return where a number is among neighbouring groups of digits, however they are grouped."""
    groups = list(re.compile(r"\d+").finditer(text, run.start(), run.end()))
    found: list[tuple[int, int]] = []
    for last, group in enumerate(groups):
        best = None
        for first in range(last, max(last - _MOST_GROUPS, -1), -1):
            start = groups[first].start()
            while start > run.start() and text[start - 1] in "+(":
                start -= 1
            if (found and start < found[-1][1]) or _follows_code(text, run, start):
                continue
            said = text[start : group.end()]
            number = _number(said)
            if _DATE.fullmatch(said) or not _is_same(number, wanted):
                continue
            if best is None or number.digits == wanted.digits:
                opened = said.count("(") > said.count(")") and said[0] == "("
                best = start + opened, group.end()
        found += [best] if best else []
    return found


def _follows_code(text: str, run: re.Match[str], start: int) -> bool:
    """Return whether a country code is before: +1 7700 900123 is not +44 7700 900123."""
    return (
        re.search(
            r"(?<!\d)(?:\+|00)[\s(]*(\d{1,3})\W*\Z",
            text[max(run.start(), start - _CODE_WITHIN) : start],
        )
        is not None
    )


def _number(text: str) -> _Number:
    digits = _digits(re.sub(r"(?<=.)\(0\)", "", text))
    if text.lstrip("(").startswith("+"):
        return _Number(digits, True)
    if digits.startswith("00"):
        return _Number(digits[2:], True)
    return _Number(digits.removeprefix("0"), False)


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _is_same(one: _Number, other: _Number) -> bool:
    """Return whether two numbers are one; two country codes that differ make two."""
    if one.whole and other.whole:
        return one.digits == other.digits
    if any(
        len(each.digits) > (_LONGEST_NUMBER if each.whole else _LONGEST_LOCAL)
        for each in (one, other)
    ):
        return False
    short, long = sorted((one.digits, other.digits), key=len)
    if len(short) >= _TAIL:
        return short[-_TAIL:] == long[-_TAIL:]
    code = len(long) - len(short)
    return len(short) >= LEAST_DIGITS - 1 and (
        short == long
        or (one.whole != other.whole and code <= _COUNTRY_CODE and long.endswith(short))
    )
