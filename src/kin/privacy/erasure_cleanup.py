"""Finish an erasure: remove the backups, rewrite the file, make one fresh backup.

It can be stopped anywhere and resumed. The mark that says so is set in the transaction that takes the person out of
the book, and is removed when nothing of theirs is left; the fresh backup comes last.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from kin.book import (
    backup as safekeeping,
    backup_files as backups,
    connection as opening,
    erasure_state,
    file_checks as bookfile,
    nearby_files,
    synced_folders,
)
from kin.book.nearby_files import OtherFile
from kin.errors import BookError


def mark(db: sqlite3.Connection) -> None:
    """Note, within the change that takes a person out of the book, that the rest is still to be done."""
    folders = json.dumps(synced_folders.list_folders(db))
    erasure_state.set_mark(db, folders)


def finish(book: Path, today: date) -> BookError | None:
    """Remove the old backups, write the book anew, and back it up; return what hindered it.

    Where there is no room the backups go all the same: one with the forgotten in it is worse than none.
    """
    path = bookfile.located(book)
    has_backups = backups.folder_of(path).is_dir()
    steps = (*([_let_backups_go] if has_backups else []), opening.compact, _remove_part_files)
    hindered = [told for told in (_told(step, path) for step in steps) if told]
    if not hindered and (told := _told(_unmark, path)):
        hindered = [told]
    if hindered:
        return BookError(*_describe_unfinished(hindered, str(backups.folder_of(path))))
    try:
        if has_backups:
            safekeeping.backup(path, today, backups.DAILY)
    except BookError as error:
        return BookError(*_describe_no_fresh_backup(error.message))
    return None


def other_files(book: Path) -> tuple[OtherFile, ...]:
    """Return the files near the book that may hold words of who was forgotten, and that kin leaves to its owner."""
    path = bookfile.located(book)
    folders: tuple[str, ...] = ()
    owner_uid: str | None = None
    # Another program may have the book: what is near it can be named all the same.
    with suppress(BookError), opening.as_it_is(path) as db:
        folders = _synced_folders(db)
        owner_uid = nearby_files.read_owner_uid(db)
    return tuple(nearby_files.other_files(path, folders, owner_uid))


def _synced_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    before = json.loads(erasure_state.read(db) or "[]")
    return tuple(dict.fromkeys((*synced_folders.list_folders(db), *before)))


def _remove_part_files(path: Path) -> None:
    with opening.as_it_is(path) as db:
        folders = _synced_folders(db)
    try:
        nearby_files.remove_part_files(path, folders)
    except OSError as error:
        raise BookError(f"Cannot look through {path.parent}: {error.strerror}.") from error


def _told(step: Callable[[Path], None], path: Path) -> str | None:
    """Take a step, and return what hindered it."""
    try:
        step(path)
    except BookError as error:
        return error.message
    return None


def _let_backups_go(path: Path) -> None:
    with backups.alone(path):  # one that is being made of the book as it was is waited for
        backups.remove_all(path)


def _unmark(path: Path) -> None:
    with opening.rewriting(path) as db:
        erasure_state.remove_mark(db)


def _describe_unfinished(hindered: Sequence[str], folder: str) -> tuple[str, str]:
    """Say what hinders a forgetting: they are out of the book, but not all traces are gone."""
    return (
        f"Who was forgotten is out of the book, but traces may be left in its file or in {folder}: {' '.join(hindered)}",
        "Mend that (make room, say), then: kin doctor --fix",
    )


def _describe_no_fresh_backup(why: str) -> tuple[str, str]:
    """Say that nothing of somebody is left, and no backup either."""
    return (
        f"Who was forgotten is gone, from the backups too, but no new backup could be made: {why}",
        "Mend that (make room, say), then: kin backup",
    )
