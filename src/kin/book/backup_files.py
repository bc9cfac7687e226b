"""Where a book's backups lie, what they are called, and which of them are kept.

They lie in `backups/NAME/` beside the book NAME, so that two books of a folder are never mixed. Its one
rule: what the owner made, or what is damaged, is never thrown away; the rest gives way to newer ones.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kin.book.fsync import settle
from kin.errors import BookError

DAYS, WEEKS = 7, 4  # of the daily ones: the last seven, and the last of each of four weeks before
EACH = 4  # of those before a migration, an import, a merge, a restore
DAILY, HAND, DAMAGED = "daily", "hand", "damaged"
BEFORE = ("migration", "import", "merge", "restore")
HASH = ".sha256"
RESTORING = ".restoring"  # how a copy ends that is to be the book
SIDE_FILES = ("-journal", "-wal", "-shm")

_PART = re.compile(r"\..+\.part(-.+)?", re.DOTALL)  # in a folder of backups all of them are kin's
_NAME = re.compile(rf"(\d{{4}}-\d\d-\d\d)-(\d+)-({'|'.join((DAILY, HAND, DAMAGED, *BEFORE))})")


class Backup(NamedTuple):
    """One backup by its name: of which day, the how manieth of it, and why it was made."""

    day: date
    number: int
    why: str

    @property
    def name(self) -> str:
        """What its owner types."""
        return f"{self.day.isoformat()}-{self.number}-{self.why}"

    @property
    def file(self) -> str:
        """What its file is called."""
        return f"{self.name}.db"


def folder_of(book: Path) -> Path:
    """Return the folder of a book's backups, which may not be there yet."""
    return book.parent / "backups" / book.name


def read(name: str) -> Backup | None:
    """Return the backup that a file name means, None where it is another's."""
    found = _NAME.fullmatch(name.removesuffix(".db"))
    try:
        return Backup(date.fromisoformat(found[1]), int(found[2]), found[3]) if found else None
    except ValueError:
        return None


def listed(book: Path) -> list[Backup]:
    """Return the backups of a book, the newest first; what is no plain file is passed over."""
    try:
        found = [path.name for path in _files(folder_of(book))]
    except OSError as error:
        raise _no_folder(folder_of(book), error) from error
    kept = [each for name in found if name.endswith(".db") and (each := read(name))]
    return sorted(kept, reverse=True)


def _is_plain(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False)


def has_daily(book: Path, today: date) -> bool:
    """Tell whether today's own backup was made."""
    return any(each.day == today and each.why == DAILY for each in listed(book))


def following(book: Path, today: date, why: str) -> Backup:
    """Return the next backup of a day. Its number is free, whatever has the name of a backup: none is replaced."""
    try:
        names = os.listdir(folder_of(book))
    except (FileNotFoundError, NotADirectoryError):
        names = []
    taken = (re.match(rf"{today.isoformat()}-(\d{{1,9}})-", name) for name in names)
    return Backup(today, max((int(found[1]) for found in taken if found), default=0) + 1, why)


def to_keep(found: Iterable[Backup], today: date) -> set[Backup]:
    """Tell which are kept. Those of days to come (a clock that went wrong) neither count nor go."""
    known = sorted(set(found), reverse=True)
    past = [each for each in known if each.day <= today]
    kept = {each for each in known if each.day > today or each.why in (HAND, DAMAGED)}
    daily = _first_of_each(((each.day, each) for each in past if each.why == DAILY), None)
    kept |= set(daily[:DAYS])
    before = ((each.day.isocalendar()[:2], each) for each in daily[DAYS:])
    kept |= set(_first_of_each(before, WEEKS))
    for why in BEFORE:
        kept |= set([each for each in past if each.why == why][:EACH])
    return kept


def _first_of_each(found: Iterable[tuple[object, Backup]], most: int | None) -> list[Backup]:
    firsts: dict[object, Backup] = {}
    for key, each in found:
        firsts.setdefault(key, each)
    return list(firsts.values())[:most]


@contextmanager
def alone(book: Path) -> Iterator[Path]:
    """Yield the folder of a book's backups, made if need be, with no other kin at work in it."""
    import fcntl

    folder = folder_of(book)
    try:
        opened = _opened(folder)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(opened)
    except OSError as error:
        raise _no_folder(folder, error) from error


def _opened(folder: Path) -> int:
    """Open the folder, which is its owner's alone; one that somebody else laid there is refused."""
    for each in (folder.parent, folder):
        if not each.is_dir():
            each.mkdir(mode=0o700, exist_ok=True)
            each.chmod(0o700)  # whatever the umask
            settle(each.parent)
    opened = os.open(folder, os.O_RDONLY)
    held = os.fstat(opened)
    if held.st_uid not in (os.geteuid(), 0) and os.geteuid():
        os.close(opened)
        raise PermissionError(0, "it is somebody else’s")
    if held.st_mode & 0o077:
        os.fchmod(opened, 0o700)
    return opened


def prune(book: Path, today: date, spare: Path | None = None) -> None:
    """Let go of what has given way, but for `spare`; to be called alone()."""
    found = listed(book)
    kept = to_keep(found, today)
    for each in found:
        path = folder_of(book) / each.file
        if each not in kept and path != spare:
            remove(path)


def remove(path: Path) -> None:
    """Remove a backup, its SHA-256, and what SQLite left next to it."""
    for tail in ("", HASH, *SIDE_FILES):
        if not (each := path.with_name(path.name + tail)).is_dir():
            each.unlink(missing_ok=True)


def leftovers(book: Path) -> list[Path]:
    """Return the files of a backup or a restore that was never finished, or that lost its other half.

    They may still be in use, unless this is called alone().
    """
    restoring = re.compile(
        rf"\.{re.escape(book.name[:80])}\.[0-9a-f]{{8}}{RESTORING}({'|'.join(SIDE_FILES)})?"
    )
    found = [path for path in _files(book.parent) if restoring.fullmatch(path.name)]
    whole = {each.file for each in listed(book)}
    for path in _files(folder_of(book)):
        backup = path.name.removesuffix(HASH)
        is_half = backup != path.name and backup not in whole and read(backup)
        if is_half or _PART.fullmatch(path.name):
            found.append(path)
    return sorted(found)


def _files(folder: Path) -> list[Path]:
    """Return the regular files of a folder; none where there is no folder."""
    try:
        return [Path(each.path) for each in os.scandir(folder) if _is_plain(each)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def remove_all(book: Path) -> None:
    """Remove every backup of a book and every trace of one; to be called alone()."""
    for each in listed(book):
        remove(folder_of(book) / each.file)
    for path in leftovers(book):
        path.unlink(missing_ok=True)


def _no_folder(folder: Path, error: OSError) -> BookError:
    return BookError(
        f"Cannot use the backups in {folder}: {error.strerror}.",
        "Check the rights of that folder, and the room on its disk.",
    )
