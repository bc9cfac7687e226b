"""The book as a file among others: rights, room, the folder it lies in, and what lies beside it.

Its one rule: it looks at names, sizes and rights, and at the first bytes of what lies beside the book; the
live book itself is never opened here, and nothing else by SQLite.
"""

import os
import re
import shutil
import stat
from pathlib import Path
from typing import NamedTuple

from kin import backups, bookfile

OTHERS, OTHERS_WRITE = 0o077, 0o022
ROOM = 20 << 20  # bytes that a disk should have beside two more copies of the book

# Folders of programs that carry files between machines: the program, and how a folder of its path is called.
_SYNCED = (
    ("Dropbox", r"dropbox( \(.*\))?"),
    ("iCloud", r"mobile documents|com~apple~clouddocs|icloud ?drive"),
    ("OneDrive", r"onedrive( ?-.*)?"),
    ("Google Drive", r"google ?drive(-.*)?|my drive"),
    ("Nextcloud", r"nextcloud\d*"),
    ("ownCloud", r"owncloud\d*"),
    ("Syncthing", r"syncthing|sync"),
    ("a cloud", r"cloudstorage|pcloud ?drive|megasync|mega"),
)
# What they leave in the uppermost of their folders.
_MARKERS = (
    ("Syncthing", ".stfolder"),
    ("Dropbox", ".dropbox"),
    ("Dropbox", ".dropbox.cache"),
    ("Nextcloud", ".nextcloudsync.log"),
    ("ownCloud", ".owncloudsync.log"),
)
# What they, or a person, call the second of two books of one name.
_CLASH = "confli[ct]|konflikt|конфл[иі]кт|копия|копія|çakış|冲突|衝突|競合|충돌"  # conflicto, conflitto, conflit …
_CONFLICT = (
    rf"[ ._-]*([(\[].*({_CLASH}).*[)\]]|\.?sync-conflict-.*|_conf\(.*\)|[ ._-]*conflict.*"
    r"|-(desktop|laptop|win)-[a-z0-9]+)"  # OneDrive appends the computer's name
)
_TWIN = r"( \(\d+\)| \d+| copy( \d+)?| - copy( \(\d+\))?)"


class Rights(NamedTuple):
    """Who else may do what: with the book, with its folder, with its backups."""

    book: bool  # others may read or write it
    folder_written: bool  # others may put or take away files in the folder
    folder_read: bool
    backups: bool
    own_folder: bool  # nothing lies in the folder but what is kin's


def rights(book: Path) -> Rights:
    """Look at who may come by."""
    folder = _mode(book.parent)
    kept = backups.folder_of(book)
    files = list(kept.iterdir()) if kept.is_dir() else []
    sticky = bool(folder & stat.S_ISVTX)
    return Rights(
        book=book.is_file() and bool(_mode(book) & OTHERS),
        folder_written=bool(folder & OTHERS_WRITE) and not sticky,
        folder_read=bool(folder & OTHERS),
        backups=any(_mode(path) & OTHERS for path in files) or bool(_mode(kept) & OTHERS),
        own_folder=_is_own(book),
    )


def tighten(book: Path) -> None:
    """Take the rights of others away: of the book, its backups, and a folder with nothing else in it."""
    for path in (book, *(book.with_name(book.name + tail) for tail in backups.SIDE_FILES)):
        if path.is_file():
            path.chmod(0o600)
    kept = backups.folder_of(book)
    if kept.is_dir():
        kept.chmod(0o700)
        for path in kept.iterdir():
            if path.is_file() and not path.is_symlink():
                path.chmod(0o600)
    if _is_own(book):
        book.parent.chmod(0o700)


def room(book: Path) -> tuple[int, int]:
    """Return how many bytes are free for the book, and how many it may need."""
    size = book.stat().st_size if book.is_file() else 0
    return shutil.disk_usage(book.parent).free, 2 * size + ROOM


def synced_by(book: Path) -> str | None:
    """Name the program that carries the book's folder to other machines, if one seems to."""
    for folder in book.parents:
        for program, marker in _MARKERS:
            if (folder / marker).exists():
                return program
        for program, called in _SYNCED:
            if re.fullmatch(called, folder.name, re.IGNORECASE):
                return program
    return None


def stray_backups(book: Path) -> list[Path]:
    """Return the folders with backups of a book that is not there: this one's, perhaps, by its former name."""
    above = backups.folder_of(book).parent
    names = sorted(os.listdir(above)) if above.is_dir() else []
    return [
        above / name
        for name in names
        if not (book.parent / name).exists() and backups.listed(book.parent / name)
    ]


def side_files(book: Path) -> list[str]:
    """Return the names of SQLite's files that lie beside the book, and of kin's that were never finished."""
    found = [book.name + tail for tail in backups.SIDE_FILES]
    left = [name for name in found if book.with_name(name).exists()]
    parts = [each.name for each in book.parent.glob(".*.part")] if book.parent.is_dir() else []
    return [*left, *sorted(parts)]


def conflicts(book: Path) -> list[str]:
    """Return the files beside the book that another machine's program wrote in its place."""
    return _alike(book, _CONFLICT)


def twins(book: Path) -> list[str]:
    """Return the files that look like a second book of the same name, or are one and begin as this one is called.

    So programs say a conflict in languages that nobody foresaw. A copy that kin made has its SHA-256 beside it.
    """
    rivals, called = conflicts(book), _alike(book, _TWIN)
    begun = re.compile(rf"{re.escape(book.stem)}(?!\w).*|{re.escape(book.stem)}_.*", re.IGNORECASE)
    found = [name for name in _names(book) if begun.fullmatch(name) and _is_a_book(book, name)]
    return sorted({*called, *found} - {*rivals})


def _alike(book: Path, tail: str) -> list[str]:
    called = re.compile(rf"{re.escape(book.stem)}{tail}{re.escape(book.suffix)}", re.IGNORECASE)
    late = re.compile(rf"{re.escape(book.name)}{tail}", re.IGNORECASE)  # the ending in front
    return [
        name
        for name in _names(book)
        if (called.fullmatch(name) or late.fullmatch(name)) and (book.parent / name).is_file()
    ]


def _names(book: Path) -> list[str]:
    return sorted(os.listdir(book.parent)) if book.parent.is_dir() else []


def _is_a_book(book: Path, name: str) -> bool:
    """Tell whether a file beside the book is a book of kin's by its first bytes, and no copy that kin made."""
    path = book.parent / name
    if not path.is_file() or path.with_name(name + backups.HASH).exists():
        return False
    if name.casefold() == book.name.casefold() or (book.exists() and path.samefile(book)):
        return False
    try:
        with path.open("rb") as file:
            return bookfile.is_kins(file.read(100))
    except PermissionError:
        return False  # somebody else's


def _is_own(book: Path) -> bool:
    own = {book.name, "backups", "config.toml", *(book.name + tail for tail in backups.SIDE_FILES)}
    return book.parent.is_dir() and set(os.listdir(book.parent)) <= own


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0
