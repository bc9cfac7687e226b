"""Lists, makes and restores backups. A backup is verified before it replaces the book."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kin.book import backup_files, connection, schema, verified_copy
from kin.book.verified_copy import VerifiedCopy
from kin.errors import AmbiguousError, KinError, NotFoundError, UsageError
from kin.language.text import format_command
from kin.records import Hidden, PersonRef


class BackupEntry(NamedTuple):
    """A backup in the list; `why` is the reason it was made, `size` in bytes."""

    name: str
    on: str
    why: str
    size: int
    path: Hidden[Path]


class SavedBackup(NamedTuple):
    """A backup that was just made: its size in bytes, and how many people and notes it has."""

    path: str
    size: int
    sha256: str
    people: int
    notes: int


class BookCounts(NamedTuple):
    """How many people and notes a book has, and the day of the last note."""

    people: int
    notes: int
    last_note: str | None


class BookDifference(NamedTuple):
    """The book now and the backup (`then`), and the people that only one of them has."""

    now: BookCounts
    then: BookCounts
    restored_people: tuple[PersonRef, ...]
    removed_people: tuple[PersonRef, ...]


class RestoreResult(NamedTuple):
    """What a restore changes; `saved_as` is the backup of the book as it was, None with a dry run or without a book."""

    name: str
    saved_as: str | None
    now: BookCounts
    then: BookCounts
    restored_people: tuple[PersonRef, ...]
    removed_people: tuple[PersonRef, ...]
    migrated: bool
    sha256: Hidden[str] = ""


_EMPTY_COUNTS = BookCounts(0, 0, None)


def list_backups(book: Path) -> tuple[BackupEntry, ...]:
    """List the backups of a book, the newest first."""
    book = connection.resolve_path(book)
    folder = backup_files.get_backup_folder(book)
    return tuple(
        BackupEntry(each.name, each.day.isoformat(), each.reason, path.stat().st_size, path)
        for each in backup_files.list_backups(book)
        for path in [folder / each.file_name]
    )


def list_restorable_backups(book: Path) -> tuple[BackupEntry, ...]:
    """List the backups that can be restored: all but damaged books that were saved."""
    return tuple(each for each in list_backups(book) if each.why != backup_files.DAMAGED)


def save_backup(book: Path, to: Path | None, today: date) -> SavedBackup:
    """Back up the book into its backup folder, or to the file or folder `to`."""
    if to is None:
        backup_copy = verified_copy.make_backup(book, today, backup_files.MANUAL)
        assert backup_copy is not None  # None only for a daily backup that another kin has made
    else:
        backup_copy = _save_backup_to(book, to, today)
    with verified_copy.open_copy(backup_copy.path) as db:
        counts = count_book(db)
    return SavedBackup(
        str(backup_copy.path), backup_copy.size, backup_copy.sha256, counts.people, counts.notes
    )


def _save_backup_to(book: Path, to: Path, today: date) -> VerifiedCopy:
    path = to / f"{book.stem}-{today:%Y-%m-%d}.db" if to.is_dir() else to
    if connection.resolve_path(path) == connection.resolve_path(book):
        raise UsageError("That is the book itself.", "Name another file: kin backup --to FILE")
    connection.check_not_side_file(path)
    with connection.open_any_version(book) as db:
        return verified_copy.make_copy(db, path)


def find_backup(book: Path, name: str, path: Path) -> tuple[str, Path]:
    """Return the name and path of a backup: by its name, by a day that has only one, or a file at `path`.

    Raises AmbiguousError, NotFoundError, or UsageError for the book itself.
    """
    matches = [each for each in list_backups(book) if each.name == name.removesuffix(".db")]
    matches = matches or [each for each in list_restorable_backups(book) if each.on == name]
    if len(matches) > 1:
        raise AmbiguousError(
            f"There are {len(matches)} backups of {name}.",
            "Choose one: " + ", ".join(each.name for each in matches),
            tuple(each.name for each in matches),
        )
    if matches:
        return matches[0].name, matches[0].path
    if not path.is_file():
        raise NotFoundError(f"There is no backup {name}.", "See all: kin restore")
    if connection.resolve_path(path) == connection.resolve_path(book):
        raise UsageError("That is the book itself.", "See all backups: kin restore")
    return path.name, path


def compare_with_backup(book: Path, path: Path) -> BookDifference:
    """Verify a backup, and return how it differs from the book."""
    verified_copy.verify_copy(path, schema.NEWEST_VERSION)
    with verified_copy.open_copy(path) as then:
        try:
            with connection.open_any_version(book) as now:
                return _compare_books(now, then)
        except (connection.NoBookError, connection.DamagedBookError):
            return _compare_books(None, then)


def restore_book(
    book: Path,
    name: str,
    path: Path,
    today: date,
    *,
    commit: bool = True,
    agreed_preview: RestoreResult | None = None,
) -> RestoreResult:
    """Replace the book with a backup, and save the book as it was; without `commit` only compare the two.

    Raises KinError if the backup or the book has changed since `agreed_preview`, which the owner agreed to.
    """
    difference = compare_with_backup(book, path)
    digest = verified_copy.compute_sha256(path)
    if agreed_preview and (digest, *difference) != (
        agreed_preview.sha256,
        agreed_preview.now,
        agreed_preview.then,
        agreed_preview.restored_people,
        agreed_preview.removed_people,
    ):
        raise KinError(
            "The book or the backup has changed since you were asked. Nothing was restored.",
            f"Try again: {format_command('kin restore', name)}",
        )
    is_older = (
        verified_copy.verify_copy(path, schema.NEWEST_VERSION).version < schema.NEWEST_VERSION
    )
    saved_as = verified_copy.restore_backup(book, path, today) if commit else None
    return RestoreResult(name, saved_as, *difference, is_older, digest)


def count_book(db: sqlite3.Connection) -> BookCounts:
    """Return how much a book of any schema version has."""
    (people,) = db.execute("SELECT count(*) FROM person WHERE is_me = 0").fetchone()
    notes, last_note = db.execute("SELECT count(*), max(day) FROM note").fetchone()
    return BookCounts(people, notes, last_note)


def _compare_books(now: sqlite3.Connection | None, then: sqlite3.Connection) -> BookDifference:
    people_now, people_then = _read_people(now) if now else {}, _read_people(then)
    return BookDifference(
        count_book(now) if now else _EMPTY_COUNTS,
        count_book(then),
        _subtract_people(people_then, people_now),
        _subtract_people(people_now, people_then),
    )


def _read_people(db: sqlite3.Connection) -> dict[str, PersonRef]:
    rows = db.execute("SELECT id, handle, name FROM person WHERE is_me = 0")
    return {row[1]: PersonRef(*row) for row in rows}


def _subtract_people(
    people: dict[str, PersonRef], other_people: dict[str, PersonRef]
) -> tuple[PersonRef, ...]:
    missing = [person for handle, person in people.items() if handle not in other_people]
    return tuple(sorted(missing, key=lambda each: each.name.casefold()))
