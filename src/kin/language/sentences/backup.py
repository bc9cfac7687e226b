"""Backups, and what stands well or not with the book."""

from collections.abc import Sequence

from kin.language.sentences.words import counted
from kin.language.text import joined

_WHY = {
    "daily": "the day’s own",
    "hand": "made by you",
    "damaged": "a damaged book, kept as it was",
    "migration": "before kin’s schema changed",
    "import": "before an import",
    "merge": "before a merge",
    "restore": "before a restore",
}
_NAMED = 5  # people who are named before the rest is counted


def size(number: int) -> str:
    """Say how large a file is."""
    for unit, each in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= each:
            return f"{number / each:.1f} {unit}"
    return f"{number} bytes"


def done_without_backup(why: str) -> str:
    """Say that what was asked is done, though the backup of the day could not be made."""
    return f"Done, but without today’s backup. {why} See: kin doctor"


def done_unsynced(folders: Sequence[str]) -> str:
    """Say that what was asked is done, but that a power cut might lose the name of a file."""
    return (
        f"Done, but {joined(folders)} could not be synced to the disk (its file system may not support it): "
        "a power cut in the next moments might lose a file there."
    )


def why_made(why: str) -> str:
    """Say why a backup was made."""
    return _WHY[why]


def backed_up(path: str, people: int, talks: int) -> str:
    """Say that a backup was made."""
    return f"{counted(people, 'person')} and {counted(talks, 'conversation')} are safe at {path}."


def counts(people: int, talks: int, last: str | None) -> str:
    """Say how much is in a book."""
    until = f", the last {last}" if last else ""
    return f"{counted(people, 'person')}, {counted(talks, 'conversation')}{until}"


def named(names: Sequence[str]) -> str:
    """Name people: a few, and how many more."""
    more = len(names) - _NAMED
    shown = [*names[:_NAMED], f"{more:,} more"] if more > 0 else list(names)
    return joined(shown)


def really_restore(name: str) -> str:
    """Ask before another state takes the book's place."""
    return f"Put {name} in the place of the book?"


def restored(name: str, people: int, talks: int) -> str:
    """Say that a backup is the book now."""
    return (
        f"The book is as in {name}: {counted(people, 'person')}, {counted(talks, 'conversation')}."
    )


def set_aside(name: str) -> str:
    """Say under which name the book that was is kept."""
    return f"The book as it was is kept: {name}."
