"""A new file in the place of a book that is damaged, or gone: written and proven first, then given the name.

Its one rule: at every moment the old file or the new one stands under the book's name; whatever goes wrong
before the end, all is put back as it was.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kin.book import backup_files as backups, part_files as partfiles
from kin.book.fsync import settle
from kin.errors import BookError


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Yield the name of a file beside the book that can take its place; in the end nothing has that name.

    To be used alone() with the backups, so that what a kin left that was killed can be swept before.
    """
    import secrets  # not for those who only read

    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}{backups.RESTORING}")
    try:
        for left in backups.leftovers(path):
            if left.parent == path.parent:
                left.unlink()
        try:
            yield part
        finally:
            for tail in ("", *backups.SIDE_FILES):
                part.with_name(part.name + tail).unlink(missing_ok=True)
    except OSError as error:
        raise BookError(
            f"Cannot put a copy in the place of {path}: {error.strerror}.",
            "Nothing was changed. Check the rights of its folder, and the room on its disk.",
        ) from error


def put(part: Path, path: Path, today: date) -> str | None:
    """Make the new file the book; return the name under which the old one is kept, None where there was none."""
    if os.path.lexists(path):
        return _instead(part, path, today)
    for tail in backups.SIDE_FILES:  # of a book that is gone: SQLite would take the new one for it
        path.with_name(path.name + tail).unlink(missing_ok=True)
    partfiles.place(part, path)  # a book that came to be meanwhile is not overwritten
    settle(path.parent)
    return None


def _instead(part: Path, path: Path, today: date) -> str:
    aside = backups.following(path, today, backups.DAMAGED)
    kept = backups.folder_of(path) / aside.file
    back: list[Callable[[], object]] = []
    try:
        back.append(_kept(path, kept))
        for tail in (
            backups.SIDE_FILES
        ):  # a journal is of the old file, and would be rolled back into the new
            if (side := path.with_name(path.name + tail)).exists():
                back.append(_moved(side, kept.with_name(kept.name + tail)))
        settle(kept.parent)
        part.replace(path)
    except BaseException:
        for undo in reversed(back):
            undo()
        raise
    settle(path.parent)
    return aside.name


def _kept(path: Path, kept: Path) -> Callable[[], object]:
    """Give the old file its second name; return what takes it away."""
    try:
        os.link(path, kept)
    except (
        OSError
    ):  # a stick without links: for a moment the book has no name, which the next kin says
        return _moved(path, kept)
    return kept.unlink


def _moved(path: Path, to: Path) -> Callable[[], object]:
    path.replace(to)
    return lambda: to.replace(path)
