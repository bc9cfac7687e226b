"""A JSON value taken apart strictly: by what should stand there, or refused with its place.

Its one rule: whatever the value is, the answer is what was asked for or a UsageError. Keys that
nobody asks for are let be, and null is the same as nothing.
"""

import json
from collections.abc import Container, Iterator
from typing import NoReturn

from kin.errors import UsageError
from kin.formats import checked

LONGEST_NUMBER = 18  # figures: what SQLite surely stores
_KINDS = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
_KINDS |= {int: "a number", float: "a number", type(None): "null"}


class _Twice(dict[str, object]):
    """An object with a key that stands there twice, which is told when somebody looks into it."""

    key: str


def loaded(text: str, name: str) -> object:
    """Return the value of a JSON text; `name` is where it stands. Raises UsageError for any other text."""
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{name}: no JSON at {where}.", "Is the file whole?") from None
    except RecursionError:
        raise UsageError(f"{name}: is nested too deeply.", "No file of kin's is.") from None
    except ValueError as error:
        raise UsageError(f"{name}: {error}.", "No file of kin's has it.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            twice.key = key
        seen.add(key)
    return twice


def _whole(figures: str) -> int:
    if len(figures) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(figures):,} figures is too long")
    return int(figures)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


class Record:
    """A JSON object and its place, with the path to it spelled out only where something is wrong."""

    __slots__ = ("_at", "_fields", "_inside")

    def __init__(self, value: object, inside: "Record | str", at: str = "") -> None:
        """Take the object at key `at` of another; a text is the place of the outermost."""
        self._inside, self._at = inside, at
        if type(value) is not dict:
            if isinstance(value, _Twice):
                raise checked.refused(self.place(), value.key, "stands twice in one object")
            raise self._wrong(value, "", dict)
        self._fields = value

    def place(self, key: str = "") -> str:
        """Return where this is, or where its key is: `book.json: people[12].met.on`."""
        path = f".{key}" if key and key[0] not in ".[" else key
        if isinstance(self._inside, str):
            return f"{self._inside}: {path.removeprefix('.')}".removesuffix(": ")
        return self._inside.place(self._at + path)

    def has(self, key: str) -> bool:
        """Say whether there is something at the key."""
        return self._fields.get(key) is not None

    def maybe(self, key: str) -> str | None:
        """Return a text, or None."""
        value = self._fields.get(key)
        if value is None:
            return None
        if type(value) is not str:
            raise self._wrong(value, key, str)
        if value.isascii() and "\0" not in value:
            return value
        return checked.words(value, self.place(key))

    def words(self, key: str) -> str:
        """Return a text, which has to be there and not be empty."""
        value = self.maybe(key)
        if value is None:
            raise UsageError(f"{self.place(key)}: is missing.", "Is the file whole?")
        return value or checked.filled(value, self.place(key))

    def day(self, key: str) -> str:
        """Return a day, which has to be there."""
        return checked.day(self.words(key), self.place(key))

    def maybe_day(self, key: str) -> str | None:
        """Return a day, or None."""
        value = self.maybe(key)
        return None if value is None else checked.day(value, self.place(key))

    def yearly(self, key: str) -> str:
        """Return a day with or without its year, which has to be there."""
        return checked.yearly(self.words(key), self.place(key))

    def maybe_yearly(self, key: str) -> str | None:
        """Return a day with or without its year, or None."""
        return None if self._fields.get(key) is None else self.yearly(key)

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        """Return a word of those that are known, which has to be there."""
        return checked.one_of(self.words(key), known, self.place(key))

    def maybe_one_of(self, key: str, known: tuple[str, ...]) -> str | None:
        """Return a word of those that are known, or None."""
        value = self.maybe(key)
        if value is None or value in known:
            return value
        return checked.one_of(value, known, self.place(key))

    def handle(self, key: str, known: Container[str]) -> str:
        """Return the handle of somebody who is known, which has to be there."""
        value = self.words(key)
        if value not in known:
            raise checked.refused(self.place(key), value, "is nobody's handle in this file")
        return value

    def maybe_handle(self, key: str, known: Container[str]) -> str | None:
        """Return the handle of somebody who is known, or None."""
        return None if self._fields.get(key) is None else self.handle(key, known)

    def flag(self, key: str) -> bool:
        """Return true or false; nothing is false."""
        value = self._fields.get(key)
        if value is not None and type(value) is not bool:
            raise self._wrong(value, key, bool)
        return value is True

    def number(self, key: str) -> int | None:
        """Return a whole number, not below 0, or None."""
        value = self._fields.get(key)
        if value is not None and type(value) is not int:
            raise self._wrong(value, key, int)
        if value is not None and value < 0:
            raise checked.refused(self.place(key), value, "is below 0")
        return value

    def several(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        found = []
        for at, value in enumerate(self._list(key)):
            if type(value) is not str:
                raise self._wrong(value, f"{key}[{at}]", str)
            if not value or not value.isascii() or "\0" in value:
                checked.filled(value, self.place(f"{key}[{at}]"))
            found.append(value)
        return tuple(found)

    def record(self, key: str) -> "Record":
        """Return the object at the key; nothing is an empty one."""
        value = self._fields.get(key)
        return Record({} if value is None else value, self, f".{key}")

    def records(self, key: str) -> "Iterator[Record]":
        """Yield the objects of a list."""
        for at, value in enumerate(self._list(key)):
            yield Record(value, self, f".{key}[{at}]")

    def texts(self) -> dict[str, str]:
        """Return all of this object, each key with its text; null is an empty one."""
        return {checked.words(key, self.place()): self.maybe(key) or "" for key in self._fields}

    def _list(self, key: str) -> list[object]:
        value = self._fields.get(key)
        if value is None:
            return []
        if type(value) is not list:
            raise self._wrong(value, key, list)
        return value

    def _wrong(self, value: object, key: str, wanted: type) -> UsageError:
        kind = _KINDS.get(type(value), "something else")
        return UsageError(f"{self.place(key)}: should be {_KINDS[wanted]}, and is {kind}.")
