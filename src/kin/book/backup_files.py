"""Backup files: their folder, names, retention and deletion.

The backups of the book NAME are in `backups/NAME/` next to it, so that two books in a folder are never mixed. Backups
that the owner made and damaged books are never deleted; of the others, the newest are kept.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kin.book.atomic_write import fsync_directory
from kin.errors import BookError

# Of the daily ones: the last seven, and the last one of each of the four weeks before.
KEPT_DAILY, KEPT_WEEKLY = 7, 4
KEPT_PER_REASON = 4  # of those made before a migration, an import, a merge or a restore
DAILY, MANUAL, DAMAGED = "daily", "manual", "damaged"
BEFORE_REASONS = ("migration", "import", "merge", "restore")
HASH_SUFFIX = ".sha256"
RESTORING_SUFFIX = ".restoring"  # of a copy that is about to replace the book
SIDE_FILE_SUFFIXES = ("-journal", "-wal", "-shm")

# In a folder of backups, all such files are kin's.
_BACKUP_PART_NAME = re.compile(r"\..+\.part(-.+)?", re.DOTALL)
_BACKUP_NAME = re.compile(
    rf"(\d{{4}}-\d\d-\d\d)-(\d+)-({'|'.join((DAILY, MANUAL, DAMAGED, *BEFORE_REASONS))})"
)


class Backup(NamedTuple):
    """What the name of a backup says: its day, its number on that day, and why it was made."""

    day: date
    number: int
    reason: str

    @property
    def name(self) -> str:
        """The name that its owner types."""
        return f"{self.day.isoformat()}-{self.number}-{self.reason}"

    @property
    def file_name(self) -> str:
        """The name of the file."""
        return f"{self.name}.db"


def get_backup_folder(book: Path) -> Path:
    """Return the folder of a book's backups, which may not exist yet."""
    return book.parent / "backups" / book.name


def parse_backup_name(name: str) -> Backup | None:
    """Return the backup with this name or file name, or None if it is not the name of a backup."""
    match = _BACKUP_NAME.fullmatch(name.removesuffix(".db"))
    try:
        return Backup(date.fromisoformat(match[1]), int(match[2]), match[3]) if match else None
    except ValueError:
        return None


def list_backups(book: Path) -> list[Backup]:
    """Return the backups of a book, newest first. Only regular files count."""
    try:
        names = [path.name for path in _list_files(get_backup_folder(book))]
    except OSError as error:
        raise _make_folder_error(get_backup_folder(book), error) from error
    backups = [each for name in names if name.endswith(".db") and (each := parse_backup_name(name))]
    return sorted(backups, reverse=True)


def _is_plain_file(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False)


def has_daily_backup(book: Path, today: date) -> bool:
    """Return whether the daily backup of today exists."""
    return any(each.day == today and each.reason == DAILY for each in list_backups(book))


def assign_backup_name(book: Path, today: date, reason: str) -> Backup:
    """Return the next backup of a day. Its number is higher than any in use, so that no file is replaced."""
    try:
        names = os.listdir(get_backup_folder(book))
    except (FileNotFoundError, NotADirectoryError):
        names = []
    matches = (re.match(rf"{today.isoformat()}-(\d{{1,9}})-", name) for name in names)
    return Backup(today, max((int(match[1]) for match in matches if match), default=0) + 1, reason)


def select_retained_backups(backups: Iterable[Backup], today: date) -> set[Backup]:
    """Return the backups to keep. Those of future days (from a wrong clock) are kept, and do not count."""
    newest_first = sorted(set(backups), reverse=True)
    past = [each for each in newest_first if each.day <= today]
    retained = {
        each for each in newest_first if each.day > today or each.reason in (MANUAL, DAMAGED)
    }
    daily = _pick_first_per_key(((each.day, each) for each in past if each.reason == DAILY), None)
    retained |= set(daily[:KEPT_DAILY])
    by_week = ((each.day.isocalendar()[:2], each) for each in daily[KEPT_DAILY:])
    retained |= set(_pick_first_per_key(by_week, KEPT_WEEKLY))
    for reason in BEFORE_REASONS:
        retained |= set([each for each in past if each.reason == reason][:KEPT_PER_REASON])
    return retained


def _pick_first_per_key(
    keyed_backups: Iterable[tuple[object, Backup]], limit: int | None
) -> list[Backup]:
    firsts: dict[object, Backup] = {}
    for key, each in keyed_backups:
        firsts.setdefault(key, each)
    return list(firsts.values())[:limit]


@contextmanager
def lock_backup_folder(book: Path) -> Iterator[Path]:
    """Yield the folder of a book's backups, locked for other processes, and created if necessary."""
    import fcntl

    folder = get_backup_folder(book)
    try:
        descriptor = _open_backup_folder(folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _make_folder_error(folder, error) from error


def _open_backup_folder(folder: Path) -> int:
    """Open the folder, with permissions for its owner only; raise PermissionError if it belongs to someone else."""
    for each in (folder.parent, folder):
        if not each.is_dir():
            each.mkdir(mode=0o700, exist_ok=True)
            each.chmod(0o700)  # whatever the umask
            fsync_directory(each.parent)
    descriptor = os.open(folder, os.O_RDONLY)
    status = os.fstat(descriptor)
    if status.st_uid not in (os.geteuid(), 0) and os.geteuid():
        os.close(descriptor)
        raise PermissionError(0, "it belongs to someone else")
    if status.st_mode & 0o077:
        os.fchmod(descriptor, 0o700)
    return descriptor


def delete_old_backups(book: Path, today: date, keep: Path | None = None) -> None:
    """Delete the backups past retention, but not `keep`. Call it with the folder locked."""
    backups = list_backups(book)
    retained = select_retained_backups(backups, today)
    for each in backups:
        path = get_backup_folder(book) / each.file_name
        if each not in retained and path != keep:
            delete_backup(path)


def delete_backup(path: Path) -> None:
    """Delete a backup, its SHA-256 file, and SQLite's files next to it."""
    for suffix in ("", HASH_SUFFIX, *SIDE_FILE_SUFFIXES):
        if not (each := path.with_name(path.name + suffix)).is_dir():
            each.unlink(missing_ok=True)


def find_leftovers(book: Path) -> list[Path]:
    """Return the files of an unfinished backup or restore, and SHA-256 files without a backup.

    Without the lock on the folder, they may still be in use.
    """
    restoring = re.compile(
        rf"\.{re.escape(book.name[:80])}\.[0-9a-f]{{8}}{RESTORING_SUFFIX}({'|'.join(SIDE_FILE_SUFFIXES)})?"
    )
    paths = [path for path in _list_files(book.parent) if restoring.fullmatch(path.name)]
    complete = {each.file_name for each in list_backups(book)}
    for path in _list_files(get_backup_folder(book)):
        file_name = path.name.removesuffix(HASH_SUFFIX)
        is_half = (
            file_name != path.name and file_name not in complete and parse_backup_name(file_name)
        )
        if is_half or _BACKUP_PART_NAME.fullmatch(path.name):
            paths.append(path)
    return sorted(paths)


def _list_files(folder: Path) -> list[Path]:
    """Return the regular files in a folder; none if there is no folder."""
    try:
        return [Path(each.path) for each in os.scandir(folder) if _is_plain_file(each)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def delete_all_backups(book: Path) -> None:
    """Delete all backups of a book, and leftovers of any. Call it with the folder locked."""
    for each in list_backups(book):
        delete_backup(get_backup_folder(book) / each.file_name)
    for path in find_leftovers(book):
        path.unlink(missing_ok=True)


def _make_folder_error(folder: Path, error: OSError) -> BookError:
    return BookError(
        f"Cannot use the backups in {folder}: {error.strerror}.",
        "Check the permissions of that folder, and the free space on its disk.",
    )
