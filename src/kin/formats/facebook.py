"""The list of friends in Facebook's download: `your_friends.json`.

Its one rule: its text is UTF-8 that was read as Latin-1, which is undone only where that is surely
what happened. Becoming friends there is all that the file knows.
"""

import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime

from kin.errors import UsageError
from kin.formats import encodings
from kin.formats.card import Way
from kin.formats.incoming import Brought, Incoming, Skipped
from kin.formats.table.people import find_name_problem

KIND = "Facebook friends"
STORY = "Became friends on Facebook."
_KEYS = ("friends_v2", "friends")
_START = re.compile(r'\s*\{\s*"friends(?:_v2)?"\s*:\s*\[\s*(?:\{[^{}]*"name"|\])')
_KNOWN = {"name", "timestamp", "contact_info"}
_UNSTORABLE = re.compile(r"\\u0000|[\ud800-\udfff]")  # json.dumps writes a NUL as \u0000
_HEAD = 4096  # bytes that tell what a file is


def recognise(data: bytes) -> str | None:
    """Return the kind if this is a list of Facebook friends, by its first words."""
    return KIND if _START.match(encodings.decode(data[:_HEAD])) else None


def read(data: bytes, name: str, *, today: date | None = None) -> Brought:
    """Read the friends; `name` is the file's. Raises UsageError if it is no such list."""
    people, skipped, remarks = [], [], []
    for number, friend in enumerate(_friends(data, name), 1):
        where = f"{name}: friend {number}"
        found = _person(friend, where, today)
        if isinstance(found, str):
            skipped.append(Skipped(where, found))
            continue
        people.append(found)
        if isinstance(friend, dict) and friend.get("timestamp") and not found.met_on:
            remarks.append(Skipped(where, "has a day that is none; it is kept in the note"))
    return Brought(KIND, tuple(people), skipped=tuple(skipped), remarks=tuple(remarks))


def _friends(data: bytes, name: str) -> list[object]:
    try:
        whole = json.loads(encodings.decode(data))
    except (ValueError, RecursionError):  # too many figures or brackets are no JSONDecodeError
        raise UsageError(f"{name} is no JSON that kin can read.") from None
    found = [whole.get(key) for key in _KEYS] if isinstance(whole, dict) else []
    friends = next((each for each in found if isinstance(each, list)), None)
    if friends is None:
        raise UsageError(
            f"{name} has no list of Facebook friends.",
            "Look for your_friends.json in the download.",
        )
    return friends


def _person(friend: object, where: str, today: date | None) -> Incoming | str:
    """Return a friend as a person, or why there is none."""
    if not isinstance(friend, dict):
        return "is no friend, but something else"
    named = friend.get("name")
    name = _text(named) if isinstance(named, str) else ""
    if why := find_name_problem(name):
        return why
    if _UNSTORABLE.search(json.dumps(friend, ensure_ascii=False)):
        return "has signs that no book can keep"
    stamp, reach = friend.get("timestamp"), friend.get("contact_info")
    met = _day(stamp, today)
    lines = [] if met or not stamp else [f"Friends on Facebook since: {stamp}"]
    lines += [f"{key}: {_shown(value)}" for key, value in friend.items() if key not in _KNOWN]
    return Incoming(
        name=name,
        source=where,
        contacts=_ways(_text(reach)) if isinstance(reach, str) and reach.strip() else (),
        note="\n".join(lines) or None,
        met_on=met.isoformat() if met else None,
        met_precision="day" if met else None,
        met_story=STORY,
    )


def _shown(value: object) -> str:
    return _text(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(words: str) -> str:
    """Undo the reading as Latin-1, where the bytes are UTF-8 as a whole."""
    with suppress(UnicodeError):
        words = words.encode("latin-1").decode("utf-8")
    return " ".join(words.split())


def _day(stamp: object, today: date | None) -> date | None:
    """Return the day of a count of seconds, in UTC, which is what the file has."""
    if isinstance(stamp, bool) or not isinstance(stamp, int | float) or stamp <= 0:
        return None
    try:
        day = datetime.fromtimestamp(stamp, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
    return None if today and day > today else day


def _ways(reach: str) -> tuple[Way, ...]:
    kind = "email" if "@" in reach else "phone" if any(map(str.isdigit, reach)) else "link"
    return (Way(kind, reach),)
