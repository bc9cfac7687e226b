"""The copies of a book: how one is made beside it, and how it comes back.

Its one rule: a copy is proven before it counts, and what is there is kept before anything takes its place.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kin.book import (
    connection as opening,
    file_checks as bookfile,
    file_header as bookheader,
    forgotten,
    migrations,
)
from kin.book.fsync import head

if TYPE_CHECKING:
    from kin.book.verified_copy import Made


def backup(path: Path, today: date, why: str, spare: Path | None = None) -> "Made | None":
    """Make a backup in the book's own folder of them, and let go of what has given way to it.

    Returns None where another kin was first: of a day there is one, and one before a migration.
    """
    from kin.book import (
        backup_files as backups,
        verified_copy as snapshot,
    )  # not for those who only read

    path = bookfile.located(path)
    with opening.as_it_is(path):
        pass  # before a folder is made for it
    with backups.alone(path) as folder:
        if why == backups.DAILY and backups.has_daily(path, today):
            return None
        with opening.as_it_is(path) as db:
            if why == "migration" and opening.version_of(db, path) == migrations.NEWEST:
                return None
            made = snapshot.make(db, folder / backups.following(path, today, why).file)
        if why in ("merge", "import"):
            _let_go_of_the_same(path, made)
        backups.prune(path, today, spare)
    return made


def restore(path: Path, source: Path, today: date) -> str | None:
    """Make the book what a proven copy is; return the name under which the present one is kept.

    Where there is a whole book, or an empty file, others may be at work in it: the copy goes through SQLite.
    """
    from kin.book import replacement as exchange, verified_copy as snapshot

    path = bookfile.located(path)
    kept, instead = None, False
    try:
        made = backup(path, today, "restore", source)
        kept = made.path.stem if made else None
    except (opening.NoBookError, bookfile.DamagedError) as error:
        instead = not (
            path.exists() and isinstance(error, opening.NoBookError | bookfile.GoneError)
        )
    older = snapshot.proven(source, migrations.NEWEST).version < migrations.NEWEST
    marks = _forgotten(path)
    # Poured in as it is, a backup in WAL mode would put the book into that mode.
    to_write = instead or older or marks or bookheader.is_write_ahead(head(source, bookheader.SIZE))
    with _ready(path, source, marks) if to_write else nullcontext(source) as ready:
        if instead:
            return exchange.put(ready, path, today)
        with (
            opening.in_words(path),
            closing(opening.connect(path, "rw", opening.WRITE_PATIENCE)) as db,
        ):
            snapshot.pour(ready, db, bookfile.not_held(path))
    return kept


def _forgotten(path: Path) -> tuple[forgotten.Mark, ...]:
    """Return the list of people who were forgotten, as far as it can be read: the book may be damaged, or gone."""
    if not path.exists():
        return ()
    try:
        with closing(opening.mended(path)) as db:
            return forgotten.marks(db)
    except sqlite3.DatabaseError as error:
        trouble = bookfile.trouble(path, error)
        if not isinstance(trouble, bookfile.DamagedError):
            raise trouble from error  # another program holds the book: its list is there to be read
        return ()


@contextmanager
def _ready(path: Path, source: Path, marks: tuple[forgotten.Mark, ...]) -> Iterator[Path]:
    """Write a verified copy of the newest schema next to the book, for as long as the block lasts.

    The present list of people who were forgotten is added to that of the copy.
    """
    from kin.book import backup_files as backups, replacement as exchange, verified_copy as snapshot

    bookfile.make_folder(path)
    with backups.alone(path), exchange.beside(path) as part:
        with opening.in_words(path), snapshot.opened(source) as then:
            facts, _, _ = snapshot.write(then, part)
        with opening.rewriting(part) as db:
            migrations.upgrade(db, facts.version)
            forgotten.add(db, marks)
        yield part


def _let_go_of_the_same(path: Path, made: "Made") -> None:
    """Remove the last backup of a kind where the new one is equal: what was to come after it never came."""
    from kin.book import backup_files as backups, verified_copy as snapshot

    why = made.path.stem.rpartition("-")[2]
    same = [
        each for each in backups.listed(path) if each.why == why and each.file != made.path.name
    ]
    if same and snapshot.hash_beside(last := made.path.with_name(same[0].file)) == made.sha256:
        backups.remove(last)
