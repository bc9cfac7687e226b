"""Backing the book up, and putting a backup in its place; through the doors of the store alone.

Its one rule: a backup that is not proven is refused before anything is touched.
"""

import sqlite3
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kin.book import (
    backup as safekeeping,
    backup_files as backups,
    connection as opening,
    file_checks as bookfile,
    migrations,
    verified_copy as snapshot,
)
from kin.book.verified_copy import Made
from kin.errors import AmbiguousError, KinError, NotFoundError, UsageError
from kin.language.text import command_line
from kin.records import Hidden


class Kept(NamedTuple):
    """A backup of the list."""

    name: str
    on: str
    why: str
    size: int
    path: Hidden[Path]


class Saved(NamedTuple):
    """A backup that was made."""

    path: str
    size: int
    sha256: str
    people: int
    conversations: int


class Count(NamedTuple):
    """How much is in a book; `last_talk` is the day of the newest conversation."""

    people: int
    conversations: int
    last_talk: str | None


class Known(NamedTuple):
    """Somebody in one of the two."""

    handle: str
    name: str


class Difference(NamedTuple):
    """What a restore would change: the present book, the one of the backup, who comes back and who goes."""

    now: Count
    then: Count
    back: tuple[Known, ...]
    gone: tuple[Known, ...]


class Restored(NamedTuple):
    """What a restore changes; `kept_as` is the name of the book that was, None where nothing was kept."""

    name: str
    kept_as: str | None
    now: Count
    then: Count
    back: tuple[Known, ...]
    gone: tuple[Known, ...]
    migrated: bool
    sha256: Hidden[str] = ""


NOTHING = Count(0, 0, None)


def kept(book: Path) -> tuple[Kept, ...]:
    """List the backups of a book, the newest first."""
    book = bookfile.located(book)
    folder = backups.folder_of(book)
    return tuple(
        Kept(each.name, each.day.isoformat(), each.why, (folder / each.file).stat().st_size, folder / each.file)
        for each in backups.listed(book)
    )  # fmt: skip


def sound(book: Path) -> tuple[Kept, ...]:
    """List the backups that one can go back to: a damaged book that was kept is none."""
    return tuple(each for each in kept(book) if each.why != backups.DAMAGED)


def save(book: Path, to: Path | None, today: date) -> Saved:
    """Back the book up: into its own folder of backups, or to a place of its owner's."""
    if to is None:
        made = safekeeping.backup(book, today, backups.HAND)
        assert made is not None  # only the day's own is made by another kin
    else:
        made = _save_to(book, to, today)
    with snapshot.opened(made.path) as db:
        found = count(db)
    return Saved(str(made.path), made.size, made.sha256, found.people, found.conversations)


def _save_to(book: Path, to: Path, today: date) -> Made:
    path = to / f"{book.stem}-{today:%Y-%m-%d}.db" if to.is_dir() else to
    if bookfile.located(path) == bookfile.located(book):
        raise UsageError("That is the book itself.", "Name another file: kin backup --to FILE")
    bookfile.check_not_side_file(path)
    with opening.as_it_is(book) as db:
        return snapshot.make(db, path)


def find(book: Path, named: str, given: Path) -> tuple[str, Path]:
    """Return the backup that is meant: the name of one, a day that has but one, or a file at `given`."""
    found = [each for each in kept(book) if each.name == named.removesuffix(".db")]
    found = found or [each for each in sound(book) if each.on == named]
    if len(found) > 1:
        raise AmbiguousError(
            f"There are {len(found)} backups of {named}.",
            "Name one of: " + ", ".join(each.name for each in found),
            tuple(each.name for each in found),
        )
    if found:
        return found[0].name, found[0].path
    if not given.is_file():
        raise NotFoundError(f"There is no backup {named}.", "See all: kin restore")
    if bookfile.located(given) == bookfile.located(book):
        raise UsageError("That is the book itself.", "See all backups: kin restore")
    return given.name, given


def look(book: Path, path: Path) -> Difference:
    """Prove a backup, and tell what it would change in the book."""
    snapshot.proven(path, migrations.NEWEST)
    with snapshot.opened(path) as then:
        try:
            with opening.as_it_is(book) as now:
                return difference(now, then)
        except (opening.NoBookError, bookfile.DamagedError):
            return difference(None, then)


def restore(
    book: Path,
    name: str,
    path: Path,
    today: date,
    *,
    keep: bool = True,
    shown: Restored | None = None,
) -> Restored:
    """Put a backup in the place of the book, which is kept; without `keep` only tell what would change.

    `shown` is what a person agreed to: raises KinError if the backup or the book has changed since.
    """
    found = look(book, path)
    digest = snapshot.sha256(path)
    if shown and (digest, *found) != (
        shown.sha256,
        shown.now,
        shown.then,
        shown.back,
        shown.gone,
    ):
        raise KinError(
            "The book or the backup was changed while you were asked.",
            f"Nothing was restored. Look again: {command_line('kin restore', name)}",
        )
    older = snapshot.proven(path, migrations.NEWEST).version < migrations.NEWEST
    kept_as = safekeeping.restore(book, path, today) if keep else None
    return Restored(name, kept_as, *found, older, digest)


def count(db: sqlite3.Connection) -> Count:
    """Count a book of any schema."""
    (people,) = db.execute("SELECT count(*) FROM person WHERE is_me = 0").fetchone()
    talks, last = db.execute("SELECT count(*), max(day) FROM conversation").fetchone()
    return Count(people, talks, last)


def difference(now: sqlite3.Connection | None, then: sqlite3.Connection) -> Difference:
    """Compare the present book, where there is a readable one, with that of a backup."""
    here, there = _people(now) if now else {}, _people(then)
    return Difference(
        count(now) if now else NOTHING,
        count(then),
        _only(there, here),
        _only(here, there),
    )


def _people(db: sqlite3.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT handle, name FROM person WHERE is_me = 0").fetchall())


def _only(these: dict[str, str], those: dict[str, str]) -> tuple[Known, ...]:
    found = [Known(handle, name) for handle, name in these.items() if handle not in those]
    return tuple(sorted(found, key=lambda each: each.name.casefold()))
