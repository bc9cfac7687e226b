"""Files near the book that hold words of it: copies, half-written files, and backups of other books.

They are found by their names, sizes and first bytes. The live book itself is never opened here, and SQLite opens none
of the files. What cannot be read raises OSError or BookError.
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kin.book import backup_files as backups, file_header as bookheader, part_files as partfiles
from kin.book.fsync import head, is_regular
from kin.constants import ME
from kin.errors import BookError

EXPORT = "kin.md"  # the first page of a Markdown export
_CHUNK = 1 << 20  # bytes to read at once from a file that may be large


class OtherFile(NamedTuple):
    """A file or folder that may hold words of the book and that kin leaves to its owner.

    `kind` is `backup` (under a name of the owner's), `linked backup`, `link`, `copy`, `conflict`, `second name`,
    `export`, `part` or `closed` (it cannot be looked into).
    """

    path: str
    kind: str


def stray_backups(book: Path) -> list[Path]:
    """Return the folders with backups of a book that is not there: this one's, perhaps, by its former name."""
    above = backups.folder_of(book).parent
    names = sorted(os.listdir(above)) if above.is_dir() else []
    return [
        above / name
        for name in names
        if name != book.name
        and not (above / name).is_symlink()
        and (not (book.parent / name).exists() or _is_same(book, book.parent / name))
        and backups.listed(book.parent / name)
    ]


def side_files(book: Path) -> list[str]:
    """Return the names of SQLite's files next to the book."""
    found = [book.name + tail for tail in backups.SIDE_FILES]
    return [name for name in found if os.path.lexists(book.with_name(name))]


def part_files(book: Path, folders: Iterable[str]) -> list[Path]:
    """Return what a stopped kin left half written: in the book's folder, its backups, and `folders` that were synced."""
    found = set(backups.leftovers(book))
    for folder in _folders(book, folders):
        found |= set(partfiles.abandoned(folder))
    return sorted(found)


def remove_part_files(book: Path, folders: Iterable[str]) -> None:
    """Remove what a stopped kin left half written; what cannot be removed stays for `part_files` to find."""
    if backups.leftovers(book):
        with backups.alone(book):  # no one makes a backup now, so what is unfinished stays so
            for path in backups.leftovers(book):
                path.unlink(missing_ok=True)
    for folder in _folders(book, folders):
        partfiles.sweep(folder)


def second_names(book: Path) -> list[str] | None:
    """Return the other names (hard links) of the book that are near it; None where it has no other name.

    Names elsewhere cannot be found: the list may be empty.
    """
    if not is_regular(book) or book.stat().st_nlink < 2:
        return None
    parts = {path.name for path in partfiles.abandoned(book.parent)}
    near = [book.parent / name for name in _names(book) if name not in parts]
    near += list(_below(backups.folder_of(book)))
    return [
        str(path) for path in near if path != book and is_regular(path) and _is_same(book, path)
    ]


def other_copies(book: Path) -> list[OtherFile]:
    """Return what is in the folder of backups and has words of a book, but is not a backup that kin manages."""
    folder = backups.folder_of(book)
    own = {each.file for each in backups.listed(book)}
    inside = [path for path in _below(folder) if path.parent != folder or path.name not in own]
    above = [path for path in _entries(folder.parent) if not path.is_dir() or path.is_symlink()]
    unfinished = set(backups.leftovers(book))
    found = [
        OtherFile(str(path), "link" if path.is_symlink() else "backup")
        for path in (*above, *inside)
        if path not in unfinished and _holds_a_book(path)
    ]
    linked = [
        OtherFile(str(folder / name), "linked backup") for name in own if _is_linked(folder / name)
    ]
    return sorted((*found, *linked))


def other_files(book: Path, folders: Iterable[str], owner_uid: str | None) -> list[OtherFile]:
    """Return all near the book, and in `folders` that were synced, that may hold words of it and that kin leaves alone.

    What a stopped kin left half written is among it only where it could not be removed, or is in use.
    """
    found: list[OtherFile] = []

    def look(place: Path, asked: Callable[[], Iterable[OtherFile]]) -> None:
        try:
            found.extend(asked())
        except (OSError, BookError):
            found.append(OtherFile(str(place), "closed"))

    def of(kind: str, names: Iterable[str]) -> list[OtherFile]:
        return [OtherFile(str(book.with_name(name)), kind) for name in names]

    def strays() -> list[OtherFile]:
        stray_backups(
            book
        )  # they are told by themselves; here it counts whether they can be looked for
        return []

    look(backups.folder_of(book), lambda: other_copies(book))
    look(backups.folder_of(book).parent, strays)
    look(book.parent, lambda: of("conflict", find_conflict_copies(book, owner_uid)))
    look(book.parent, lambda: of("copy", _own_copies(book)))
    look(
        book.parent,
        lambda: [OtherFile(each, "second name") for each in _second_names_or_book(book)],
    )
    for folder in _folders(book, folders):
        look(folder, lambda folder=folder: _unfinished(folder))  # type: ignore[misc]
    return sorted(set(found))


def _second_names_or_book(book: Path) -> list[str]:
    names = second_names(book)
    return [] if names is None else names or [str(book)]


def _unfinished(folder: Path) -> list[OtherFile]:
    parts = [*partfiles.abandoned(folder), *partfiles.held(folder)]
    return [
        *(OtherFile(str(path), "part") for path in parts),
        *(OtherFile(str(path), "export") for path in stopped_exports(folder)),
    ]


def stopped_exports(folder: Path) -> list[Path]:
    """Return hidden folders and files of an export by an older kin, in which files of the owner's may be."""
    return partfiles.unclear(folder)


def _folders(book: Path, synced: Iterable[str]) -> list[Path]:
    """Return the folders in which kin may have left something: the book's, the Markdown exports in it, synced ones."""
    folder = book.parent
    exports = [path for path in _entries(folder) if _is_export(path)]
    return [path for path in dict.fromkeys((folder, *exports, *map(Path, synced))) if path.is_dir()]


def _is_export(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir():
        return False
    try:
        return is_regular(path / EXPORT)
    except PermissionError:
        return False  # a folder that this user may not enter is none that kin wrote for them


def _own_copies(book: Path) -> list[str]:
    """Return the files next to the book that `kin backup --to` made: their SHA-256 is there too."""
    folder = book.parent
    return [
        name
        for name in _names(book)
        if name != book.name
        and is_regular(folder / (name + backups.HASH))
        and _holds_a_book(folder / name)
    ]


def _holds_a_book(path: Path) -> bool:
    """Tell whether a file, or what a link leads to, begins as a book of kin's does."""
    if not path.is_file():
        return False
    try:
        return bookheader.is_kins(head(path, bookheader.SIZE))
    except PermissionError:
        return False  # another user's


def _is_linked(path: Path) -> bool:
    """Tell whether a backup has another name, outside its folder."""
    found = path.stat()
    if found.st_nlink < 2:
        return False
    near = [each for each in _entries(path.parent) if is_regular(each) and _is_same(path, each)]
    return found.st_nlink > len(near)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise


def _entries(folder: Path) -> list[Path]:
    return [folder / name for name in sorted(os.listdir(folder))] if folder.is_dir() else []


def _below(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder; links are not followed."""
    for path in _entries(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        else:
            yield path


def find_conflict_copies(book: Path, owner_uid: str | None) -> list[str]:
    """Return the names of the files next to the book that are copies of it, and that kin did not make.

    Sync programs leave such a copy when two machines write at once; each names it in its own way, so that only the
    content counts: it is a book of kin's with the same owner. Without an `owner_uid` every other book counts.
    """
    found = [name for name in _names(book) if _is_another_book(book, name)]
    if not found:
        return []
    folder = book.parent
    in_progress = {*backups.leftovers(book), *partfiles.abandoned(folder), *partfiles.held(folder)}
    return [
        name
        for name in found
        if folder / name not in in_progress
        and (owner_uid is None or _contains(folder / name, owner_uid.encode()))
    ]


def read_owner_uid(db: sqlite3.Connection) -> str | None:
    """Return the UID of the owner's card, which every copy of a book has too; None where it cannot be read."""
    try:
        row = db.execute("SELECT uid FROM uid WHERE person_id = ?", (ME,)).fetchone()
    except sqlite3.DatabaseError:
        return None
    return row[0] if row else None


def _names(book: Path) -> list[str]:
    return sorted(os.listdir(book.parent)) if book.parent.is_dir() else []


def _is_another_book(book: Path, name: str) -> bool:
    """Tell whether a file next to the book is another book of kin's by its first bytes, and no copy that kin made."""
    path = book.parent / name
    if not path.is_file() or path.with_name(name + backups.HASH).exists():
        return False
    return not _is_same(book, path) and _holds_a_book(path)


def _contains(path: Path, searched: bytes) -> bool:
    end = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            end += chunk
            if searched in end:
                return True
            end = end[-len(searched) :]
    return False
