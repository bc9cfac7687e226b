"""Finding files near the book that may contain its data: copies, half-written files, and backups of other books.

They are recognized by their names, sizes and first bytes. The live book is never opened here, and SQLite opens none of
the files. Files that cannot be read raise OSError or BookError.
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kin.book import atomic_write, backup_files
from kin.book.atomic_write import is_regular_file, read_head
from kin.constants import OWNER_ID
from kin.errors import BookError

EXPORT_INDEX = "kin.md"  # the index page of a Markdown export
_CHUNK = 1 << 20  # bytes to read at once from a file that may be large


class OtherFile(NamedTuple):
    """A file or folder that may contain data of the book, and that kin leaves to its owner.

    `kind` is `backup` (under a name that the owner gave it), `linked backup`, `link`, `copy`, `conflict`, `second name`,
    `export`, `part` or `closed` (it cannot be read).
    """

    path: str
    kind: str


def find_stray_backups(book: Path) -> list[Path]:
    """Return the folders with backups of a book that does not exist: perhaps this one, under its former name."""
    backups_root = backup_files.get_backup_folder(book).parent
    names = sorted(os.listdir(backups_root)) if backups_root.is_dir() else []
    return [
        backups_root / name
        for name in names
        if name != book.name
        and not (backups_root / name).is_symlink()
        and (not (book.parent / name).exists() or _is_same_file(book, book.parent / name))
        and backup_files.list_backups(book.parent / name)
    ]


def find_side_files(book: Path) -> list[str]:
    """Return the names of SQLite's files next to the book."""
    names = [book.name + suffix for suffix in backup_files.SIDE_FILE_SUFFIXES]
    return [name for name in names if os.path.lexists(book.with_name(name))]


def find_part_files(book: Path, folders: Iterable[str]) -> list[Path]:
    """Return the half-written files of killed processes, in the folders of the book and its backups, and in `folders`."""
    paths = set(backup_files.find_leftovers(book))
    for folder in _list_kin_folders(book, folders):
        paths |= set(atomic_write.find_abandoned(folder))
    return sorted(paths)


def remove_part_files(book: Path, folders: Iterable[str]) -> None:
    """Remove the half-written files of killed processes, as far as possible; `find_part_files` returns those that stay."""
    if backup_files.find_leftovers(book):
        with backup_files.lock_backup_folder(book):  # so that no unfinished backup is in progress
            for path in backup_files.find_leftovers(book):
                path.unlink(missing_ok=True)
    for folder in _list_kin_folders(book, folders):
        atomic_write.remove_abandoned(folder)


def find_hard_links(book: Path) -> list[str] | None:
    """Return the other names (hard links) of the book near it, or None if it has no other name.

    Names elsewhere cannot be found, so that the list may be empty.
    """
    if not is_regular_file(book) or book.stat().st_nlink < 2:
        return None
    parts = {path.name for path in atomic_write.find_abandoned(book.parent)}
    candidates = [book.parent / name for name in _list_names(book) if name not in parts]
    candidates += list(_walk_files(backup_files.get_backup_folder(book)))
    return [
        str(path)
        for path in candidates
        if path != book and is_regular_file(path) and _is_same_file(book, path)
    ]


def find_other_copies(book: Path) -> list[OtherFile]:
    """Return the files in the backup folder that are books, but not backups that kin manages."""
    folder = backup_files.get_backup_folder(book)
    own = {each.file_name for each in backup_files.list_backups(book)}
    files_inside = [
        path for path in _walk_files(folder) if path.parent != folder or path.name not in own
    ]
    files_above = [
        path for path in _list_entries(folder.parent) if not path.is_dir() or path.is_symlink()
    ]
    unfinished = set(backup_files.find_leftovers(book))
    copies = [
        OtherFile(str(path), "link" if path.is_symlink() else "backup")
        for path in (*files_above, *files_inside)
        if path not in unfinished and _holds_kin_book(path)
    ]
    linked_backups = [
        OtherFile(str(folder / name), "linked backup")
        for name in own
        if _has_outside_link(folder / name)
    ]
    return sorted((*copies, *linked_backups))


def find_other_files(book: Path, folders: Iterable[str], owner_uid: str | None) -> list[OtherFile]:
    """Return the files near the book, and in the synced `folders`, that may contain its data and that kin leaves alone.

    A half-written file is among them only if it could not be removed, or is in use.
    """
    files: list[OtherFile] = []

    def search(place: Path, find_files: Callable[[], Iterable[OtherFile]]) -> None:
        try:
            files.extend(find_files())
        except (OSError, BookError):
            files.append(OtherFile(str(place), "closed"))

    def name_files(kind: str, names: Iterable[str]) -> list[OtherFile]:
        return [OtherFile(str(book.with_name(name)), kind) for name in names]

    def check_stray_backups() -> list[OtherFile]:
        find_stray_backups(book)  # reported separately; here only whether the folder can be read
        return []

    search(backup_files.get_backup_folder(book), lambda: find_other_copies(book))
    search(backup_files.get_backup_folder(book).parent, check_stray_backups)
    search(book.parent, lambda: name_files("conflict", find_conflict_copies(book, owner_uid)))
    search(book.parent, lambda: name_files("copy", _find_own_copies(book)))
    search(
        book.parent,
        lambda: [OtherFile(each, "second name") for each in _list_second_names_or_book(book)],
    )
    for folder in _list_kin_folders(book, folders):
        search(folder, lambda folder=folder: _find_unfinished_files(folder))  # type: ignore[misc]
    return sorted(set(files))


def _list_second_names_or_book(book: Path) -> list[str]:
    names = find_hard_links(book)
    return [] if names is None else names or [str(book)]


def _find_unfinished_files(folder: Path) -> list[OtherFile]:
    parts = [*atomic_write.find_abandoned(folder), *atomic_write.find_part_files_in_use(folder)]
    return [
        *(OtherFile(str(path), "part") for path in parts),
        *(OtherFile(str(path), "export") for path in atomic_write.find_unclear_leftovers(folder)),
    ]


def _list_kin_folders(book: Path, synced_folders: Iterable[str]) -> list[Path]:
    """Return the folders in which kin may have left files: the book's, the Markdown exports in it, and the synced ones."""
    folder = book.parent
    exports = [path for path in _list_entries(folder) if _is_export(path)]
    return [
        path
        for path in dict.fromkeys((folder, *exports, *map(Path, synced_folders)))
        if path.is_dir()
    ]


def _is_export(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir():
        return False
    try:
        return is_regular_file(path / EXPORT_INDEX)
    except PermissionError:
        return False  # kin did not write a folder that this user cannot enter


def _find_own_copies(book: Path) -> list[str]:
    """Return the files next to the book that `kin backup --to` made: those with a SHA-256 file."""
    folder = book.parent
    return [
        name
        for name in _list_names(book)
        if name != book.name
        and is_regular_file(folder / (name + backup_files.HASH_SUFFIX))
        and _holds_kin_book(folder / name)
    ]


def _holds_kin_book(path: Path) -> bool:
    """Return whether a file, or the target of a link, has the header of a book."""
    if not path.is_file():
        return False
    try:
        return atomic_write.is_kin_book(read_head(path, atomic_write.HEADER_SIZE))
    except PermissionError:
        return False  # it belongs to another user


def _has_outside_link(path: Path) -> bool:
    """Return whether a backup has another name outside its folder."""
    status = path.stat()
    if status.st_nlink < 2:
        return False
    names_inside = [
        each
        for each in _list_entries(path.parent)
        if is_regular_file(each) and _is_same_file(path, each)
    ]
    return status.st_nlink > len(names_inside)


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise


def _list_entries(folder: Path) -> list[Path]:
    return [folder / name for name in sorted(os.listdir(folder))] if folder.is_dir() else []


def _walk_files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder; links are not followed."""
    for path in _list_entries(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _walk_files(path)
        else:
            yield path


def find_conflict_copies(book: Path, owner_uid: str | None) -> list[str]:
    """Return the names of the files next to the book that are copies of it, and that kin did not make.

    Sync programs leave such copies when two machines write at once, each under a name of its own. So only the content
    counts: a book with the same owner. Without an `owner_uid`, every other book counts.
    """
    names = [name for name in _list_names(book) if _is_another_book(book, name)]
    if not names:
        return []
    folder = book.parent
    in_progress = {
        *backup_files.find_leftovers(book),
        *atomic_write.find_abandoned(folder),
        *atomic_write.find_part_files_in_use(folder),
    }
    return [
        name
        for name in names
        if folder / name not in in_progress
        and (owner_uid is None or _file_contains(folder / name, owner_uid.encode()))
    ]


def read_owner_uid(db: sqlite3.Connection) -> str | None:
    """Return the UID of the owner's card, which is the same in every copy of a book; None if it cannot be read."""
    try:
        row = db.execute("SELECT uid FROM uid WHERE person_id = ?", (OWNER_ID,)).fetchone()
    except sqlite3.DatabaseError:
        return None
    return row[0] if row else None


def _list_names(book: Path) -> list[str]:
    return sorted(os.listdir(book.parent)) if book.parent.is_dir() else []


def _is_another_book(book: Path, name: str) -> bool:
    """Return whether a file next to the book has the header of a book, and kin did not make it."""
    path = book.parent / name
    if not path.is_file() or path.with_name(name + backup_files.HASH_SUFFIX).exists():
        return False
    return not _is_same_file(book, path) and _holds_kin_book(path)


def _file_contains(path: Path, searched: bytes) -> bool:
    end = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            end += chunk
            if searched in end:
                return True
            end = end[-len(searched) :]
    return False
