"""What a Monica export is made of: records of properties and, below them, records by their kind.

Its one rule: whatever stands where something else should is nothing, and never trouble. The shapes
are those of Monica 4's app/ExportResources.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kin.errors import UsageError
from kin.formats.incoming import Skipped

LARGEST = 256 * 2**20  # bytes: photos stand inside the file
MOST_VALUES = 8_000_000  # 200,000 conversations have two million
LONGEST_TEXT = 100_000  # characters: what is longer was not written by a person

_UNSAFE = re.compile("[\0\ud800-\udfff]")  # no SQLite text, no UTF-8
_SINGULAR = {"activities": "activity", "addresses": "address", "address": "address"}


class Record(NamedTuple):
    """A record: its properties, and what hangs on it by kind (`note`, `call`, …) in file order."""

    uuid: str
    created: str | None  # YYYY-MM-DD
    properties: dict[str, object]
    below: dict[str, list[object]]

    def text(self, name: str) -> str:
        return text(self.properties.get(name))

    def line(self, name: str) -> str:
        return line(self.properties.get(name))

    def flag(self, name: str) -> bool:
        return self.properties.get(name) in (True, 1, "1", "true")

    def day(self, name: str) -> str | None:
        return day(self.properties.get(name))

    def records(self, kind: str) -> list["Record"]:
        return records(self.below.get(kind))


class Known(NamedTuple):
    """What records refer to by uuid; `partial` are those who are only somebody's relatives."""

    field_types: Mapping[str, Record]
    activity_types: Mapping[str, Record]
    life_event_types: Mapping[str, Record]
    names: Mapping[str, str]
    partial: Set[str]


@dataclass(slots=True)
class Report:
    """What became of that which is no field of kin's; `dropped` counts what is never kept."""

    file: str
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def skip(self, where: str, why: str) -> None:
        self.skipped.append(Skipped(f"{self.file}: {where}", why))

    def remark(self, where: str, why: str) -> None:
        self.remarks.append(Skipped(f"{self.file}: {where}", why))

    def all_skipped(self) -> tuple[Skipped, ...]:
        """Return what was skipped, one line for all that is left out for one reason."""
        sums = (
            Skipped(self.file, f"{why} ({count})") for why, count in self.dropped.items() if count
        )
        return (*self.skipped, *sums)


def load(data: bytes, name: str) -> dict[str, object]:
    """Parse the file; raise UsageError for one that is too big, too deep or no JSON object."""
    signs = sum(data.count(sign) for sign in (b",", b"[", b"{"))
    if len(data) > LARGEST or signs > MOST_VALUES:
        raise UsageError(f"{name} is too big for kin to read: {len(data) // 2**20} MB.")
    try:
        loaded: object = json.loads(data.decode(json.detect_encoding(data), "replace"))
    except RecursionError:
        raise UsageError(f"{name} is nested too deeply to be a Monica export.") from None
    except ValueError as error:
        hint = "Export it again, in Monica: Settings > Export > JSON"
        raise UsageError(f"{name} is no whole JSON file: {error}.", hint) from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{name} is JSON, and no Monica export.")
    return loaded


def mapping(value: object) -> dict[str, object]:
    """Return an object of the file, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[object]:
    """Return a list of the file, an empty one for anything else."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """Return words without blank ends; a number in figures, and "" for what is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _UNSAFE.sub("\ufffd", str(value)).strip()


def line(value: object) -> str:
    """Return words on one line."""
    return " ".join(text(value).split())


def words(value: object) -> list[str]:
    """Return a list of words, each plain or the `name` of an object."""
    found = (line(each) or line(mapping(each).get("name")) for each in listed(value))
    return list(dict.fromkeys(filter(None, found)))


def day(value: object) -> str | None:
    """Return the day of `2024-02-10` or `2024-02-10T08:00:00.000000Z`, None for what is no day."""
    try:
        return date.fromisoformat(text(value)[:10]).isoformat()
    except ValueError:
        return None


def records(value: object) -> list[Record]:
    """Return the records of a list; what is no object in it is none."""
    return [_record(each) for each in listed(value) if isinstance(each, dict)]


def _record(value: dict[str, object]) -> Record:
    properties = mapping(value.get("properties"))
    return Record(
        text(value.get("uuid")),
        day(value.get("created_at")),
        properties,
        by_kind(value.get("data")),
    )


def by_kind(value: object) -> dict[str, list[object]]:
    """Return the values of `[{count, type, values}]` by type, in the singular."""
    kinds: dict[str, list[object]] = defaultdict(list)
    for group in map(mapping, listed(value)):
        kind = text(group.get("type"))
        kinds[_SINGULAR.get(kind, kind.removesuffix("s"))] += listed(group.get("values"))
    return dict(kinds)
