"""Making, verifying and restoring copies of a book.

A copy is verified before it gets its name, and the present book is kept before a backup replaces it.
"""

import os
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from kin.book import atomic_write, backup_files, connection, meta, schema
from kin.book.atomic_write import fsync_directory, read_head
from kin.book.backup_files import HASH_SUFFIX
from kin.constants import APPLICATION_ID
from kin.errors import BookError, KinError

_CHUNK_SIZE = 1 << 20
# For files from elsewhere, and for every reader: SQLite runs no function named by the schema, and checks every page.
UNTRUSTED_PRAGMAS = ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON")


class DamagedCopyError(connection.DamagedBookError):
    """The book to copy, or the copy, is damaged."""


class BookFingerprint(NamedTuple):
    """What must be equal in a book and its copy: owner, schema, and the number of rows per table."""

    application_id: int
    version: int
    counts: tuple[tuple[str, int], ...]


class VerifiedCopy(NamedTuple):
    """A finished copy: its path, size in bytes, SHA-256, and fingerprint."""

    path: Path
    size: int
    sha256: str
    fingerprint: BookFingerprint


def make_copy(source: sqlite3.Connection, path: Path) -> VerifiedCopy:
    """Copy the book of a read connection to `path`; if that fails, no file is left there.

    An existing file is never overwritten, and a link never followed.
    """
    atomic_write.remove_abandoned(path.parent)
    try:
        with atomic_write.create_part_file(path.parent) as part_file:
            # Not the part file itself: SQLite uses locks of another kind, and on some systems the two kinds conflict.
            part = part_file.path.with_name(f"{part_file.path.name}-book")
            fingerprint, digest, size = write_copy(source, part)
            _publish_copy(part, path, digest)
    except FileExistsError:
        raise KinError(
            f"{path} already exists, or its {HASH_SUFFIX} file.", "Choose another name."
        ) from None
    except OSError as error:
        raise _make_backup_error(path, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        if is_damage_error(error):
            raise DamagedCopyError(
                f"The book is damaged and was not copied: {error}.", "See: kin doctor"
            ) from error
        raise _make_backup_error(path, str(error)) from error
    return VerifiedCopy(path, size, digest, fingerprint)


def write_copy(source: sqlite3.Connection, part: Path) -> tuple[BookFingerprint, str, int]:
    """Write a verified copy to the new file `part`, synced to disk; return its fingerprint, SHA-256 and size.

    Raises OSError or sqlite3.Error; the caller then removes the file.
    """
    _create_private_file(part)
    fingerprint = _copy_pages(source, part)
    _check_copy(part, fingerprint)
    return fingerprint, *_sync_and_hash(part)


def verify_copy(path: Path, newest: int) -> BookFingerprint:
    """Verify a copy and return its fingerprint; raise BookError if it is not a book, damaged, or newer than `newest`."""
    try:
        connection.check_header(path, read_head(path, atomic_write.HEADER_SIZE), newest)
        if (stored_hash := read_stored_hash(path)) and stored_hash != compute_sha256(path):
            raise DamagedCopyError(
                f"{path.name} has changed since it was made: its SHA-256 differs.",
                "Neither it nor the book was changed. Choose another backup: kin restore",
            )
        if not stored_hash and (side_file := connection.find_unmerged_changes(path)):
            raise _make_unmerged_error(path, side_file)
        with open_copy(path) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            schema.check_schema(db, path, version, complete=False)
            fingerprint = read_fingerprint(db)
            if violation := schema.find_check_violation(db, version):
                raise DamagedCopyError(
                    f"{path.name} is damaged: {violation}.", "Choose another backup: kin restore"
                )
        _check_copy(path, fingerprint)
    except OSError as error:
        raise BookError(
            f"Cannot read {path}: {error.strerror}.", "List the backups: kin restore"
        ) from error
    except sqlite3.Error as error:
        raise DamagedCopyError(
            f"{path.name} is damaged: {error}.", "Choose another backup: kin restore"
        ) from error
    return fingerprint


@contextmanager
def open_copy(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy to read. Files next to it are ignored, and none are written."""
    address = f"file:{quote(os.fsencode(path))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as db:
        for pragma in UNTRUSTED_PRAGMAS:
            db.execute(pragma)
        yield db


def restore_into(
    path: Path, into: sqlite3.Connection, progress: Callable[[int, int, int], None]
) -> None:
    """Replace the content of an open book with a copy, in one transaction, so that other processes see the old or the new."""
    with open_copy(path) as copy:
        copy.backup(into, progress=progress)


def read_fingerprint(db: sqlite3.Connection) -> BookFingerprint:
    """Return the application id, the schema version and the number of rows per table."""
    (application_id,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    tables = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1"
    ).fetchall()
    counts = [
        (name, int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]))
        for (name,) in tables
    ]
    return BookFingerprint(int(application_id), int(version), tuple(counts))


def find_damage(db: sqlite3.Connection) -> str | None:
    """Return what is wrong with a book, in a few words, or None. The search index does not count: it can be rebuilt."""
    for (message,) in db.execute("PRAGMA integrity_check").fetchall():
        if message != "ok" and "fts5" not in message.casefold():
            return str(message).splitlines()[0]
    if violation := db.execute("PRAGMA foreign_key_check").fetchone():
        return f"a row of {violation[0]} refers to a missing row"
    if not db.execute("SELECT 1 FROM person WHERE id = 1 AND is_me = 1").fetchone():
        return "your own card is missing"
    return None


def compute_sha256(path: Path) -> str:
    """Return the SHA-256 of a copy. Never call it with the live book: closing the file would drop SQLite's locks."""
    with path.open("rb") as file:
        return _hash_file(file.fileno())


def read_stored_hash(path: Path) -> str | None:
    """Return the SHA-256 stored next to a copy, or None."""
    try:
        content = read_head(path.with_name(path.name + HASH_SUFFIX), 4096)
    except FileNotFoundError:
        return None
    return (content.decode("ascii", "replace").split() or [""])[0].lower()


def is_damage_error(error: Exception) -> bool:
    """Return whether a SQLite error means that the file is damaged or not a database."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _create_private_file(path: Path) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    os.close(descriptor)


def _copy_pages(source: sqlite3.Connection, part: Path) -> BookFingerprint:
    source.execute("BEGIN")  # so that the counted rows are the copied ones
    try:
        fingerprint = read_fingerprint(source)
        address = f"file:{quote(os.fsencode(part))}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")  # the whole file is synced once, at the end
            source.backup(copy)
            # Even if another program put the book into WAL mode.
            copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        source.execute("ROLLBACK")
    return fingerprint


def _check_copy(path: Path, expected: BookFingerprint) -> None:
    with open_copy(path) as db:
        actual = read_fingerprint(db)
        if actual.application_id != APPLICATION_ID or actual != expected:
            raise DamagedCopyError("The copy differs from the book.", "Try again; see: kin doctor")
        if damage := find_damage(db):
            raise DamagedCopyError(f"The book is damaged: {damage}.", "See: kin doctor")


def _sync_and_hash(path: Path) -> tuple[str, int]:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
        return _hash_file(descriptor), os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _hash_file(descriptor: int) -> str:
    import hashlib

    digest = hashlib.sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while chunk := os.read(descriptor, _CHUNK_SIZE):
        digest.update(chunk)
    return digest.hexdigest()


def _publish_copy(part: Path, path: Path, digest: str) -> None:
    """Move the copy to its name, its hash file first, so that no copy is ever without one."""
    hash_path = path.with_name(path.name + HASH_SUFFIX)
    hash_part = part.with_name(part.name + "-hash")
    _create_private_file(hash_part)
    try:
        hash_part.write_text(f"{digest}  {path.name}\n", encoding="utf-8", errors="surrogateescape")
        _sync_and_hash(hash_part)
        if os.path.lexists(path):
            raise FileExistsError
        atomic_write.move_into_place(hash_part, hash_path)
        try:
            atomic_write.move_into_place(part, path)
        except BaseException:
            hash_path.unlink()
            raise
    finally:
        hash_part.unlink(missing_ok=True)
    fsync_directory(path.parent)


def _make_unmerged_error(path: Path, side_file: Path) -> BookError:
    suggested_path = shlex.quote(f"{path}.whole.db")
    return BookError(
        f"The newest changes to {path} are still in {side_file.name}: another program has it open, or was killed.",
        f"Nothing was restored. Close that program, then: kin backup --db {shlex.quote(str(path))} --to {suggested_path} "
        f"and: kin restore {suggested_path}",
    )


def _make_backup_error(path: Path, reason: str) -> BookError:
    return BookError(
        f"Cannot write a backup to {path}: {reason}.",
        "Nothing was written. Free some space, or choose another place: kin backup --to FILE",
    )


@contextmanager
def reserve_replacement_path(path: Path) -> Iterator[Path]:
    """Yield the name of a file next to the book that can replace it; at the end, no file has that name.

    Use it with the backup folder locked, so that leftovers of a killed process can be removed first.
    """
    import secrets  # not for reads

    part = path.with_name(
        f".{path.name[:80]}.{secrets.token_hex(4)}{backup_files.RESTORING_SUFFIX}"
    )
    try:
        for leftover in backup_files.find_leftovers(path):
            if leftover.parent == path.parent:
                leftover.unlink()
        try:
            yield part
        finally:
            for suffix in ("", *backup_files.SIDE_FILE_SUFFIXES):
                part.with_name(part.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise BookError(
            f"Cannot replace {path}: {error.strerror}.",
            "Nothing was changed. Check the permissions of its folder, and the free space on its disk.",
        ) from error


def replace_book(part: Path, path: Path, today: date) -> str | None:
    """Make the new file the book; return the name of the backup that keeps the old one, None if there was none."""
    if os.path.lexists(path):
        return _replace_existing(part, path, today)
    # Files of a book that is gone: SQLite would apply them to the new one.
    for suffix in backup_files.SIDE_FILE_SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    atomic_write.move_into_place(part, path)  # never over a book created in the meantime
    fsync_directory(path.parent)
    return None


def _replace_existing(part: Path, path: Path, today: date) -> str:
    kept_backup = backup_files.assign_backup_name(path, today, backup_files.DAMAGED)
    kept_path = backup_files.get_backup_folder(path) / kept_backup.file_name
    undo_actions: list[Callable[[], object]] = []
    try:
        undo_actions.append(_keep_old_file(path, kept_path))
        # A journal belongs to the old file, and would be rolled back into the new one.
        for suffix in backup_files.SIDE_FILE_SUFFIXES:
            if (side_file := path.with_name(path.name + suffix)).exists():
                undo_actions.append(_move(side_file, kept_path.with_name(kept_path.name + suffix)))
        fsync_directory(kept_path.parent)
        part.replace(path)
    except BaseException:
        for undo in reversed(undo_actions):
            undo()
        raise
    fsync_directory(path.parent)
    return kept_backup.name


def _keep_old_file(path: Path, kept_path: Path) -> Callable[[], object]:
    """Give the old file a second name among the backups; return a function that removes it."""
    try:
        os.link(path, kept_path)
    except OSError:
        # Without hard links, there is no book for a moment; a command would report that.
        return _move(path, kept_path)
    return kept_path.unlink


def _move(path: Path, target: Path) -> Callable[[], object]:
    path.replace(target)
    return lambda: target.replace(path)


def make_backup(
    path: Path, today: date, reason: str, keep: Path | None = None
) -> "VerifiedCopy | None":
    """Make a backup in the backup folder, and delete those past retention, but not `keep`.

    Returns None if another process was first: there is one daily backup, and one before a migration.
    """
    path = connection.resolve_path(path)
    with connection.open_any_version(path):
        pass  # raises before a folder is created for it
    with backup_files.lock_backup_folder(path) as folder:
        if reason == backup_files.DAILY and backup_files.has_daily_backup(path, today):
            return None
        with connection.open_any_version(path) as db:
            if (
                reason == "migration"
                and connection.read_schema_version(db, path) == schema.NEWEST_VERSION
            ):
                return None
            made = make_copy(
                db, folder / backup_files.assign_backup_name(path, today, reason).file_name
            )
        if reason in ("merge", "import"):
            _delete_identical_backup(path, made)
        backup_files.delete_old_backups(path, today, keep)
    return made


def restore_backup(path: Path, source: Path, today: date) -> str | None:
    """Replace the book with a verified copy; return the name of the backup that keeps the present one.

    An undamaged book or an empty file may be in use by other processes, so that its content is replaced by SQLite.
    """
    path = connection.resolve_path(path)
    kept_name, replaces_file = None, False
    try:
        made = make_backup(path, today, "restore", source)
        kept_name = made.path.stem if made else None
    except (connection.NoBookError, connection.DamagedBookError) as error:
        replaces_file = not (
            path.exists()
            and isinstance(error, connection.NoBookError | connection.MissingBookError)
        )
    is_older = verify_copy(source, schema.NEWEST_VERSION).version < schema.NEWEST_VERSION
    marks = _read_forgotten_marks(path)
    # Copied as it is, a backup in WAL mode would put the book into that mode.
    needs_rewrite = (
        replaces_file
        or is_older
        or marks
        or atomic_write.has_wal_mode(read_head(source, atomic_write.HEADER_SIZE))
    )
    with _prepare_copy(path, source, marks) if needs_rewrite else nullcontext(source) as ready:
        if replaces_file:
            return replace_book(ready, path, today)
        with (
            connection.translate_errors(path),
            closing(connection.connect(path, "rw", connection.WRITE_TIMEOUT)) as db,
        ):
            restore_into(ready, db, connection.make_lock_check(path))
    return kept_name


def _read_forgotten_marks(path: Path) -> tuple[meta.ForgottenMark, ...]:
    """Return the list of forgotten cards, as far as it can be read: the book may be damaged or missing."""
    if not path.exists():
        return ()
    try:
        with closing(connection.connect_after_recovery(path)) as db:
            return meta.list_forgotten_marks(db)
    except sqlite3.DatabaseError as error:
        book_error = connection.make_database_error(path, error)
        if not isinstance(book_error, connection.DamagedBookError):
            raise book_error from error  # the book is only locked, so its list can be read later
        return ()


@contextmanager
def _prepare_copy(
    path: Path, source: Path, marks: tuple[meta.ForgottenMark, ...]
) -> Iterator[Path]:
    """Write a verified copy next to the book, upgraded to the newest schema, and remove it after the block.

    The present list of forgotten cards is added to that of the copy.
    """
    connection.create_book_folder(path)
    with backup_files.lock_backup_folder(path), reserve_replacement_path(path) as part:
        with connection.translate_errors(path), open_copy(source) as source_db:
            fingerprint, _, _ = write_copy(source_db, part)
        with connection.open_for_maintenance(part) as db:
            schema.upgrade_schema(db, fingerprint.version)
            meta.add_forgotten_marks(db, marks)
        yield part


def _delete_identical_backup(path: Path, made: "VerifiedCopy") -> None:
    """Delete the previous backup of the same reason if the new one is equal: the change after it never happened."""
    reason = made.path.stem.rpartition("-")[2]
    same_reason = [
        each
        for each in backup_files.list_backups(path)
        if each.reason == reason and each.file_name != made.path.name
    ]
    if (
        same_reason
        and read_stored_hash(previous := made.path.with_name(same_reason[0].file_name))
        == made.sha256
    ):
        backup_files.delete_backup(previous)
