"""One copy of a book, made by SQLite from a connection, verified, and on the disk before it gets its name.

Under the final name there is a whole and verified copy with its SHA-256 in a file next to it, or nothing.
"""

import os
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from kin.book import (
    file_checks as bookfile,
    file_header as bookheader,
    part_files as partfiles,
    schema,
)
from kin.book.backup_files import HASH
from kin.book.fsync import head, settle
from kin.errors import BookError, KinError

_CHUNK = 1 << 20
# For files that come from elsewhere, and for every reader: no function that a schema names runs, and no page is believed.
UNTRUSTED = ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON")


class UnsoundError(bookfile.DamagedError):
    """What was to be copied, or the copy, is no whole book."""


class Facts(NamedTuple):
    """What must be the same in a book and its copy."""

    application: int
    version: int
    counts: tuple[tuple[str, int], ...]


class Made(NamedTuple):
    """A copy that was made: where, how large, its SHA-256, and what is in it."""

    path: Path
    size: int
    sha256: str
    facts: Facts


def make(source: sqlite3.Connection, path: Path) -> Made:
    """Copy the book of a read connection to `path`; where that fails nothing is there.

    What is there already is refused; a link is never followed.
    """
    partfiles.sweep(path.parent)
    try:
        with partfiles.part_file(path.parent) as held:
            # Not the part file itself: SQLite takes locks of another sort, which exclude each other on some systems.
            part = held.path.with_name(f"{held.path.name}-book")
            facts, digest, size = write(source, part)
            _put_in_place(part, path, digest)
    except FileExistsError:
        raise KinError(f"There is a file {path} already, or its {HASH}.", "Name another.") from None
    except OSError as error:
        raise _cannot(path, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        if is_damage(error):
            raise UnsoundError(
                f"The book is damaged, and was not copied: {error}.", "See: kin doctor"
            ) from error
        raise _cannot(path, str(error)) from error
    return Made(path, size, digest, facts)


def write(source: sqlite3.Connection, part: Path) -> tuple[Facts, str, int]:
    """Write a copy to a file of no name yet, proven and on the disk; return what is in it, its SHA-256, its size.

    Raises OSError or sqlite3.Error as they are; who calls removes what is then there.
    """
    _create(part)
    facts = _copied(source, part)
    _verify(part, facts)
    return facts, *_on_disk(part)


def proven(path: Path, newest: int) -> Facts:
    """Return what is in a copy after proving it; raise BookError for what is none, spoiled or newer."""
    try:
        bookfile.check_header(path, head(path, bookheader.SIZE), newest)
        if (told := hash_beside(path)) and told != sha256(path):
            raise UnsoundError(
                f"{path.name} is not what it was when it was made: its SHA-256 differs.",
                "It was not touched, nor was the book. Take another: kin restore",
            )
        if not told and (side := bookfile.unmerged(path)):
            raise _unmerged(path, side)
        with opened(path) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            schema.check(db, path, version, complete=False)
            facts = facts_of(db)
            if told := schema.violation(db, version):
                raise UnsoundError(f"{path.name} is damaged: {told}.", "Take another: kin restore")
        _verify(path, facts)
    except OSError as error:
        raise BookError(f"Cannot read {path}: {error.strerror}.", "See all: kin restore") from error
    except sqlite3.Error as error:
        raise UnsoundError(
            f"{path.name} is damaged: {error}.", "Take another: kin restore"
        ) from error
    return facts


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy to read, as it is: nothing beside it counts, and nothing is written beside it."""
    address = f"file:{quote(os.fsencode(path))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as db:
        for pragma in UNTRUSTED:
            db.execute(pragma)
        yield db


def pour(path: Path, into: sqlite3.Connection, look: Callable[[int, int, int], None]) -> None:
    """Make a book what a copy is, by SQLite, so that all who are at work in it see the old or the new one."""
    with opened(path) as then:
        then.backup(into, progress=look)


def facts_of(db: sqlite3.Connection) -> Facts:
    """Return whose a book is, of which schema, and how many rows each table has."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    tables = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1"
    ).fetchall()
    counts = [
        (name, int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]))
        for (name,) in tables
    ]
    return Facts(int(application), int(version), tuple(counts))


def flaws(db: sqlite3.Connection) -> str | None:
    """Return what is wrong with a book, in SQLite's words, or None. An index of words can be made anew."""
    for (told,) in db.execute("PRAGMA integrity_check").fetchall():
        if told != "ok" and "fts5" not in told.casefold():
            return str(told).splitlines()[0]
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        return f"a row of {broken[0]} refers to one that is not there"
    if not db.execute("SELECT 1 FROM person WHERE id = 1 AND is_me = 1").fetchone():
        return "your own card is missing"
    return None


def sha256(path: Path) -> str:
    """Return the SHA-256 of a copy; never to be asked of the live book."""
    with path.open("rb") as file:
        return _digest(file.fileno())


def hash_beside(path: Path) -> str | None:
    """Return the SHA-256 that is kept next to a copy, None where there is none."""
    try:
        words = head(path.with_name(path.name + HASH), 4096)
    except FileNotFoundError:
        return None
    return (words.decode("ascii", "replace").split() or [""])[0].lower()


def is_damage(error: Exception) -> bool:
    """Tell whether an error of SQLite's says that the file is damaged, or no database."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _create(path: Path) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    made = os.open(path, flags, 0o600)
    os.fchmod(made, 0o600)
    os.close(made)


def _copied(source: sqlite3.Connection, part: Path) -> Facts:
    source.execute("BEGIN")  # so that what is counted is what is copied
    try:
        facts = facts_of(source)
        address = f"file:{quote(os.fsencode(part))}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")  # the whole file is synced once, at the end
            source.backup(copy)
            copy.execute(
                "PRAGMA journal_mode = DELETE"
            )  # whatever another program made of the book
    finally:
        source.execute("ROLLBACK")
    return facts


def _verify(path: Path, expected: Facts) -> None:
    with opened(path) as db:
        found = facts_of(db)
        if found.application != bookfile.APPLICATION_ID or found != expected:
            raise UnsoundError("The copy is not what was copied.", "Try again; see: kin doctor")
        if told := flaws(db):
            raise UnsoundError(f"The book is damaged: {told}.", "See: kin doctor")


def _on_disk(path: Path) -> tuple[str, int]:
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
        return _digest(file), os.fstat(file).st_size
    finally:
        os.close(file)


def _digest(file: int) -> str:
    import hashlib

    told = hashlib.sha256()
    os.lseek(file, 0, os.SEEK_SET)
    while chunk := os.read(file, _CHUNK):
        told.update(chunk)
    return told.hexdigest()


def _put_in_place(part: Path, path: Path, digest: str) -> None:
    """Give the copy its name, its hash first: a copy is never without one."""
    hashed = path.with_name(path.name + HASH)
    beside = part.with_name(part.name + "-hash")
    _create(beside)
    try:
        beside.write_text(f"{digest}  {path.name}\n", encoding="utf-8", errors="surrogateescape")
        _on_disk(beside)
        if os.path.lexists(path):
            raise FileExistsError
        partfiles.place(beside, hashed)
        try:
            partfiles.place(part, path)
        except BaseException:
            hashed.unlink()
            raise
    finally:
        beside.unlink(missing_ok=True)
    settle(path.parent)


def _unmerged(path: Path, side: Path) -> BookError:
    whole = shlex.quote(f"{path}.whole.db")
    return BookError(
        f"The newest changes to {path} are still in {side.name}: another program has it open, or was stopped.",
        f"Nothing was restored. Close that program, then: kin backup --db {shlex.quote(str(path))} --to {whole} "
        f"and: kin restore {whole}",
    )


def _cannot(path: Path, why: str) -> BookError:
    return BookError(
        f"Cannot make a backup at {path}: {why}.",
        "Nothing was written. Make room, or name another place: kin backup --to FILE",
    )
