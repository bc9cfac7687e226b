"""Strict access to JSON: each value is of the type that is asked for, or refused with its place.

A place is `book.json: people[12].met.on`. Unknown keys are ignored, and null counts as missing.
"""

import json
from collections.abc import Container, Iterator
from datetime import date
from typing import NoReturn

from kin.errors import UsageError
from kin.language.text import clipped, is_handle, joined, visible

LONGEST_NUMBER = 18  # digits that SQLite can store
_TYPE_NAMES = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
_TYPE_NAMES |= {int: "a number", float: "a number", type(None): "null"}
LEAP_YEAR = "2000"  # has every day that a year can have


class _DuplicateKeys(dict[str, object]):
    """An object with a duplicate key; it is refused when it is read, where its place is known."""

    key: str


def load_json(text: str, name: str) -> object:
    """Parse JSON; `name` is the place for messages. Raises UsageError if it is not valid."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_build_object,
            parse_int=_parse_int,
            parse_constant=_reject_constant,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{name}: not valid JSON at {where}.", "Is the file complete?") from None
    except RecursionError:
        raise UsageError(
            f"{name}: is nested too deeply.", "Files that kin writes are not."
        ) from None
    except ValueError as error:
        raise UsageError(f"{name}: {error}.", "Files that kin writes do not have that.") from None


def _build_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    with_duplicate = _DuplicateKeys(fields)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            with_duplicate.key = key
        seen.add(key)
    return with_duplicate


def _parse_int(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits):,} digits is too long")
    return int(digits)


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


class Record:
    """A JSON object that knows its place; the path is only built for an error.

    A `get_` method returns None (or an empty value) for a missing key, a `require_` method refuses it.
    """

    __slots__ = ("_fields", "_key", "_parent")

    def __init__(self, value: object, parent: "Record | str", key: str = "") -> None:
        """Take the value at `key` of `parent`; for the outermost object, `parent` is the file's name."""
        self._parent, self._key = parent, key
        if type(value) is not dict:
            if isinstance(value, _DuplicateKeys):
                raise invalid_value_error(self.locate(), value.key, "is a duplicate key")
            raise self._type_error(value, "", dict)
        self._fields = value

    def locate(self, key: str = "") -> str:
        """Return the place of this object, or of its key: `book.json: people[12].met.on`."""
        path = f".{key}" if key and key[0] not in ".[" else key
        if isinstance(self._parent, str):
            return f"{self._parent}: {path.removeprefix('.')}".removesuffix(": ")
        return self._parent.locate(self._key + path)

    def has(self, key: str) -> bool:
        """Return whether the key has a value."""
        return self._fields.get(key) is not None

    def get_text(self, key: str) -> str | None:
        """Return a text, or None."""
        value = self._fields.get(key)
        if value is None:
            return None
        if type(value) is not str:
            raise self._type_error(value, key, str)
        if value.isascii() and "\0" not in value:
            return value
        return check_text(value, self.locate(key))

    def require_text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self.get_text(key)
        if value is None:
            raise UsageError(f"{self.locate(key)}: is missing.", "Is the file complete?")
        return value or check_not_empty(value, self.locate(key))

    def require_day(self, key: str) -> str:
        """Return a day, YYYY-MM-DD."""
        return check_day(self.require_text(key), self.locate(key))

    def get_day(self, key: str) -> str | None:
        """Return a day, YYYY-MM-DD, or None."""
        value = self.get_text(key)
        return None if value is None else check_day(value, self.locate(key))

    def require_yearly(self, key: str) -> str:
        """Return a day with or without its year: YYYY-MM-DD or --MM-DD."""
        return check_yearly(self.require_text(key), self.locate(key))

    def get_yearly(self, key: str) -> str | None:
        """Return a day with or without its year, or None."""
        return None if self._fields.get(key) is None else self.require_yearly(key)

    def require_choice(self, key: str, known: tuple[str, ...]) -> str:
        """Return one of the known words."""
        return check_choice(self.require_text(key), known, self.locate(key))

    def get_choice(self, key: str, known: tuple[str, ...]) -> str | None:
        """Return one of the known words, or None."""
        value = self.get_text(key)
        if value is None or value in known:
            return value
        return check_choice(value, known, self.locate(key))

    def require_handle(self, key: str, known: Container[str]) -> str:
        """Return one of the known handles."""
        value = self.require_text(key)
        if value not in known:
            raise invalid_value_error(self.locate(key), value, "is not a handle in this file")
        return value

    def get_handle(self, key: str, known: Container[str]) -> str | None:
        """Return one of the known handles, or None."""
        return None if self._fields.get(key) is None else self.require_handle(key, known)

    def get_flag(self, key: str) -> bool:
        """Return true or false; a missing value is false."""
        value = self._fields.get(key)
        if value is not None and type(value) is not bool:
            raise self._type_error(value, key, bool)
        return value is True

    def get_number(self, key: str) -> int | None:
        """Return an integer that is not negative, or None."""
        value = self._fields.get(key)
        if value is not None and type(value) is not int:
            raise self._type_error(value, key, int)
        if value is not None and value < 0:
            raise invalid_value_error(self.locate(key), value, "is below 0")
        return value

    def get_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        texts = []
        for at, value in enumerate(self._get_list(key)):
            if type(value) is not str:
                raise self._type_error(value, f"{key}[{at}]", str)
            if not value or not value.isascii() or "\0" in value:
                check_not_empty(value, self.locate(f"{key}[{at}]"))
            texts.append(value)
        return tuple(texts)

    def get_record(self, key: str) -> "Record":
        """Return the object at the key, or an empty one."""
        value = self._fields.get(key)
        return Record({} if value is None else value, self, f".{key}")

    def get_records(self, key: str) -> "Iterator[Record]":
        """Yield the objects of a list."""
        for at, value in enumerate(self._get_list(key)):
            yield Record(value, self, f".{key}[{at}]")

    def _get_list(self, key: str) -> list[object]:
        value = self._fields.get(key)
        if value is None:
            return []
        if type(value) is not list:
            raise self._type_error(value, key, list)
        return value

    def _type_error(self, value: object, key: str, wanted: type) -> UsageError:
        kind = _TYPE_NAMES.get(type(value), "something else")
        return UsageError(f"{self.locate(key)}: should be {_TYPE_NAMES[wanted]}, and is {kind}.")


def invalid_value_error(place: str, value: object, why: str, hint: str = "") -> UsageError:
    """Return the error for a value: its place, the value shortened, and what is wrong."""
    shown = clipped(visible(str(value), newlines=False), 40)
    return UsageError(f"{place}: “{shown}” {why}.", hint)


def check_text(text: str, place: str) -> str:
    """Return the text; refuse NUL and lone surrogates, which a book cannot store."""
    if "\0" in text:
        raise invalid_value_error(place, text, "has a NUL character in it", "Take it out.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise invalid_value_error(
                place, text, "has half of a surrogate pair in it", "Take it out."
            ) from None
    return text


def check_not_empty(text: str, place: str) -> str:
    """Return the text; refuse an empty one too."""
    if not text:
        raise UsageError(f"{place}: is empty.", "Write something there.")
    return check_text(text, place)


def check_handle(text: str, place: str) -> str:
    """Return the handle; refuse one that could not be typed."""
    if not is_handle(text):
        raise invalid_value_error(
            place, text, "is not a handle", "A handle is one word, such as maya-o."
        )
    return text


def check_day(text: str, place: str) -> str:
    """Return the day, YYYY-MM-DD; refuse one that is not in the calendar."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.isoformat() != text:
        raise invalid_value_error(place, text, "is not a day", "Write it as 2026-11-17.")
    return text


def check_yearly(text: str, place: str) -> str:
    """Return the day, YYYY-MM-DD or --MM-DD; refuse one that is not in the calendar."""
    if text.startswith("--"):
        check_day(LEAP_YEAR + text[1:], place)
    else:
        check_day(text, place)
    return text


def check_choice(text: str, known: tuple[str, ...], place: str) -> str:
    """Return the text; refuse one that is not a known word."""
    if text not in known:
        raise invalid_value_error(
            place, text, "is not known here", f"It can be {joined(known, 'or')}."
        )
    return text
