"""Checks a book and what is around it, and repairs what can be rebuilt: `kin doctor`.

The checks read a copy of the book in memory. A repair never changes what the owner wrote.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kin import __version__
from kin.book import (
    atomic_write,
    backup_files,
    connection,
    indexes,
    meta,
    nearby_files,
    schema,
    undo_log,
    verified_copy,
)
from kin.constants import OWNER_ID
from kin.errors import BookError
from kin.language.text import format_count, format_size
from kin.people import queries as people_queries
from kin.records import Hidden

FINE, ADVICE, WRONG, REPAIRED = "fine", "advice", "wrong", "fixed"

_OTHERS_MODE, _OTHERS_WRITE_MODE = 0o077, 0o022
_SPARE_BYTES = 20 << 20  # bytes that a disk should have free besides two copies of the book
_REPAIR_HINT = "Repair: kin doctor --fix"


class Finding(NamedTuple):
    """What one check found; `files` are shown on the terminal only."""

    check: str
    state: str
    message: str
    hint: str | None = None
    files: Hidden[tuple[str, ...]] = ()


class Health(NamedTuple):
    """The findings of all checks; `schema` is None if the book cannot be read."""

    book: str
    schema: int | None
    newest: int
    sqlite: str
    kin: str
    checks: tuple[Finding, ...]


def is_healthy(health: Health) -> bool:
    """Return whether nothing is wrong; advice does not count."""
    return all(each.state != WRONG for each in health.checks)


def examine_book(book: Path) -> Health:
    """Check a book and what is around it. Whatever is wrong becomes a finding, never an error."""
    path = connection.resolve_path(book)
    findings: list[Finding] = []
    version: int | None = None
    folders: tuple[str, ...] = ()
    owner_uid: str | None = None
    try:
        with connection.open_any_version(path) as db, closing(sqlite3.connect(":memory:")) as copy:
            db.backup(copy)
            copy.isolation_level = None
            version = verified_copy.read_fingerprint(copy).version
            findings.append(Finding("book", FINE, "The book opens."))
            findings += _check_contents(copy, version)
            folders = _list_synced_folders(copy)
            owner_uid = nearby_files.read_owner_uid(copy)
    except connection.NoBookError as error:
        findings.append(Finding("book", ADVICE, error.message, error.hint))
    except BookError as error:
        findings.append(Finding("book", WRONG, error.message, error.hint or None))
    findings += _check_surroundings(path, folders, owner_uid)
    return Health(
        str(path),
        version,
        schema.NEWEST_VERSION,
        sqlite3.sqlite_version,
        __version__,
        tuple(findings),
    )


def examine_and_repair(book: Path, today: date) -> Health:
    """Check a book, repair what can be repaired, and return the findings afterwards."""
    before = examine_book(book)
    path = connection.resolve_path(book)
    failures: dict[str, str] = {}
    for each in before.checks:
        if each.state != FINE and each.check in _REPAIRS:
            try:
                _REPAIRS[each.check](path, today)
            except (OSError, BookError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                failures[each.check] = f"The repair failed: {reason.rstrip('.')}."
    after = examine_book(book)
    problems = {each.check: each for each in before.checks if each.state != FINE}
    checks = [
        Finding(
            each.check, REPAIRED, problems[each.check].message, None, problems[each.check].files
        )
        if each.state == FINE and each.check in problems
        else each._replace(hint=failures.get(each.check, each.hint))
        for each in after.checks
    ]
    return after._replace(checks=tuple(checks))


# Checks of the contents


def _check_contents(db: sqlite3.Connection, version: int) -> Iterator[Finding]:
    if damage := verified_copy.find_damage(db):
        message = f"The book is damaged: {damage}."
        yield Finding("integrity", WRONG, message, "Go back to a backup: kin restore")
        return
    yield Finding("integrity", FINE, "No damage found.")
    if version < schema.NEWEST_VERSION:
        message = f"The book has schema {version}; this kin uses schema {schema.NEWEST_VERSION}."
        hint = "The next command updates it, after a backup."
        yield Finding("schema", ADVICE, message, hint)
        return
    if missing := _list_missing_statements(db, version):
        are = "is" if len(missing) == 1 else "are"
        message = f"{format_count(len(missing), 'part')} of the book’s schema {are} missing."
        yield Finding("schema", WRONG, message, _REPAIR_HINT)
    else:
        yield Finding("schema", FINE, f"The book has the newest schema, {version}.")
    if meta.is_erasure_unfinished(db):
        message = (
            "Forgetting someone was interrupted: traces may be left in the file and its backups."
        )
        hint = "Finish it: kin doctor --fix (deletes the old backups and makes a new one)"
        yield Finding("erasure", WRONG, message, hint)
    else:
        yield Finding("erasure", FINE, "No traces of forgotten people.")
    for check, is_valid, fine, wrong in _INDEX_CHECKS:
        if is_valid(db):
            yield Finding(check, FINE, fine)
        else:
            yield Finding(check, WRONG, wrong, _REPAIR_HINT)


def _list_missing_statements(db: sqlite3.Connection, version: int) -> list[str]:
    """Return the SQL of what is missing from the schema, apart from what the index checks look for."""
    existing = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master")}
    others = {*indexes.build_search_index(), *undo_log.build_undo_triggers(db)}
    return [
        each
        for each in schema.read_schema_statements(version)
        if each not in existing and each.strip() not in {other.strip() for other in others}
    ]


def _is_search_index_valid(db: sqlite3.Connection) -> bool:
    if not {each.strip() for each in indexes.build_search_index()} <= _read_statements(db):
        return False
    try:
        db.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


def _is_interest_index_valid(db: sqlite3.Connection) -> bool:
    expected = indexes.build_interest_index(db)
    names = set(db.execute("SELECT key, sense FROM interest_name"))
    broader = set(db.execute("SELECT narrow, broad, source FROM interest_broader"))
    expected_names = {(key, sense) for key, _, sense, _ in expected.names}
    return expected_names <= names and set(map(tuple, expected.broader)) <= broader


def _is_name_index_valid(db: sqlite3.Connection) -> bool:
    rows = db.execute("SELECT word, person_id FROM name_word WHERE person_id <> ?", (OWNER_ID,))
    return people_queries.build_name_index_rows(db) == set(rows)


def _is_undo_log_valid(db: sqlite3.Connection) -> bool:
    return set(undo_log.build_undo_triggers(db)) <= _read_statements(db)


def _read_statements(db: sqlite3.Connection) -> set[str]:
    return {
        sql.strip() for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    }


_INDEX_CHECKS: tuple[tuple[str, Callable[[sqlite3.Connection], bool], str, str], ...] = (
    (
        "search",
        _is_search_index_valid,
        "The search index is up to date.",
        "The search index is out of date: kin find may miss something.",
    ),
    (
        "interests",
        _is_interest_index_valid,
        "The index of interests is up to date.",
        "The index of interests is out of date: some are not found by all their names.",
    ),
    (
        "names",
        _is_name_index_valid,
        "The index of names is up to date.",
        "The index of names is out of date: some people are not found by all their names.",
    ),
    (
        "history",
        _is_undo_log_valid,
        "Every change can be undone.",
        "Changes to some tables cannot be undone: triggers are missing.",
    ),
)


def _list_synced_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    try:
        return meta.list_synced_folders(db)
    except sqlite3.DatabaseError:
        return ()  # the damage is a finding already


# Checks of the surroundings


def _check_surroundings(
    path: Path, folders: Sequence[str], owner_uid: str | None
) -> Iterator[Finding]:
    """Run the checks around the book; one that fails is a finding and does not stop the others."""
    checks: tuple[tuple[str, str, Callable[[Path], Iterable[Finding]]], ...] = (
        ("permissions", "the permissions of the book and its backups", _check_permissions),
        ("disk_space", "the free disk space", _check_disk_space),
        ("backups", "the backups", _check_backups),
        ("stray_backups", "backups of other books", _check_stray_backups),
        ("unfinished", "unfinished files", lambda path: _check_unfinished_files(path, folders)),
        ("copies", "other copies among the backups", _check_copies),
        ("second_name", "other names of the book", _check_second_names),
        ("side_files", "SQLite’s files next to the book", _check_side_files),
        ("conflict", "copies of the book next to it", lambda path: _check_conflicts(path, owner_uid)),
    )  # fmt: skip
    try:
        if not path.parent.is_dir():
            return
        os.listdir(path.parent)
    except OSError as error:
        message = f"Cannot open the book’s folder: {error.strerror or error}."
        yield Finding("folder", WRONG, message, "Check its permissions.")
        return
    for check, subject, find in checks:
        try:
            yield from list(find(path))
        except (OSError, BookError) as error:
            message = f"Cannot check {subject}: {_format_reason(error)}."
            hint = "Check the permissions, then try again: kin doctor"
            yield Finding(check, WRONG, message, hint)


def _format_reason(error: Exception) -> str:
    path = getattr(error, "filename", None)
    reason = getattr(error, "strerror", None) or str(error).rstrip(".")
    return f"{path}: {reason}" if isinstance(path, str) else reason


class _Permissions(NamedTuple):
    """What other users may do with the book, its folder and its backups."""

    book: bool  # read or write it
    folder_writable: bool
    folder_readable: bool
    backups: bool  # read or write them
    own_folder: bool  # whether the folder has only files of kin


def _check_permissions(path: Path) -> Iterator[Finding]:
    permissions = _read_permissions(path)
    if permissions.book or permissions.backups:
        what = " and ".join(["the book"] * permissions.book + ["backups"] * permissions.backups)
        message = f"Other users of this computer can read {what}."
        yield Finding("permissions", WRONG, message, _REPAIR_HINT)
    else:
        yield Finding("permissions", FINE, "Only you can read the book and its backups.")
    if permissions.folder_writable:
        message = "Other users can add files to the book’s folder, or delete them."
        hint = "Other files are in it too: run chmod go-w on it, or move the book."
        yield Finding("folder", WRONG, message, _REPAIR_HINT if permissions.own_folder else hint)
    elif permissions.folder_readable:
        message = "Other users can list the book’s folder, but not read the book."
        hint = "To hide it, move the book to a folder of its own."
        yield Finding("folder", ADVICE, message, _REPAIR_HINT if permissions.own_folder else hint)
    else:
        yield Finding("folder", FINE, "Only you can list the book’s folder.")


def _read_permissions(book: Path) -> _Permissions:
    folder = _read_mode(book.parent)
    backup_folder = backup_files.get_backup_folder(book)
    files = list(backup_folder.iterdir()) if backup_folder.is_dir() else []
    sticky = bool(folder & stat.S_ISVTX)
    return _Permissions(
        book=book.is_file() and bool(_read_mode(book) & _OTHERS_MODE),
        folder_writable=bool(folder & _OTHERS_WRITE_MODE) and not sticky,
        folder_readable=bool(folder & _OTHERS_MODE),
        backups=any(_read_mode(path) & _OTHERS_MODE for path in files)
        or bool(_read_mode(backup_folder) & _OTHERS_MODE),
        own_folder=_is_own_folder(book),
    )


def _read_mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0


def _is_own_folder(book: Path) -> bool:
    own_names = {
        book.name,
        "backups",
        "config.toml",
        *(book.name + suffix for suffix in backup_files.SIDE_FILE_SUFFIXES),
    }
    return book.parent.is_dir() and set(os.listdir(book.parent)) <= own_names


def _check_disk_space(path: Path) -> Iterator[Finding]:
    size = path.stat().st_size if path.is_file() else 0
    free, needed = shutil.disk_usage(path.parent).free, 2 * size + _SPARE_BYTES
    if free < needed:
        message = (
            f"The disk is nearly full: {format_size(free)} free, "
            f"and a change with its backup may need {format_size(needed)}."
        )
        yield Finding("disk_space", WRONG, message, "Free some disk space.")
    else:
        yield Finding("disk_space", FINE, f"The disk has {format_size(free)} free.")


def _check_backups(path: Path) -> Iterator[Finding]:
    backups = backup_files.list_backups(path)
    folder = backup_files.get_backup_folder(path)
    changed = tuple(each.name for each in backups if not _is_intact(folder / each.file_name, each))
    if changed:
        what = "A backup has" if len(changed) == 1 else f"{len(changed)} backups have"
        message = f"{what} changed since: the SHA-256 differs or is missing."
        hint = "Don’t rely on it: delete the file, and make a new one: kin backup"
        yield Finding("backups", WRONG, message, hint, changed)
    elif backups:
        last = backups[0].day.isoformat()
        message = f"{format_count(len(backups), 'backup')}, the last from {last}, unchanged."
        yield Finding("backups", FINE, message)
    else:
        yield Finding("backups", ADVICE, "There is no backup yet.", "Make one: kin backup")


def _is_intact(path: Path, entry: backup_files.Backup) -> bool:
    if entry.reason == backup_files.DAMAGED:
        return True  # saved as it was found
    return verified_copy.read_stored_hash(path) == verified_copy.compute_sha256(path)


def _check_stray_backups(path: Path) -> Iterator[Finding]:
    if names := tuple(each.name for each in nearby_files.find_stray_backups(path)):
        what = "is a folder" if len(names) == 1 else f"are {len(names)} folders"
        message = (
            f"Among the backups {what} for a book that does not exist, or for this one under another name; "
            "people you forgot here may be in it."
        )
        hint = "Delete it if it was for this book, or if you no longer need it."
        yield Finding("stray_backups", ADVICE, message, hint, names)


def _check_unfinished_files(path: Path, folders: Sequence[str]) -> Iterator[Finding]:
    if files := tuple(map(str, nearby_files.find_part_files(path, folders))):
        what = "An unfinished file is" if len(files) == 1 else f"{len(files)} unfinished files are"
        message = f"{what} left from a backup, an export or a sync that was interrupted."
        yield Finding("unfinished", ADVICE, message, "Clean up: kin doctor --fix", files)
    else:
        yield Finding("unfinished", FINE, "No unfinished backups, exports or cards.")


def _check_copies(path: Path) -> Iterator[Finding]:
    if copies := tuple(each.path for each in nearby_files.find_other_copies(path)):
        what = "is a copy" if len(copies) == 1 else f"are {len(copies)} copies"
        message = (
            f"Among the backups {what} of a book under a name that kin does not use, or a link to one: "
            "kin forget does not reach it."
        )
        hint = "Delete it if you don’t need it, or move it to a place that you will remember."
        yield Finding("copies", ADVICE, message, hint, copies)
    if exports := tuple(map(str, atomic_write.find_unclear_leftovers(path.parent))):
        what = (
            "is a hidden file or folder"
            if len(exports) == 1
            else f"are {len(exports)} hidden files or folders"
        )
        message = (
            f"Next to the book {what}, perhaps left from an export or a backup that was interrupted. "
            "Your own files may be inside."
        )
        hint = "Look inside, move your files out, and delete the rest."
        yield Finding("exports", ADVICE, message, hint, exports)


def _check_second_names(path: Path) -> Iterator[Finding]:
    names = nearby_files.find_hard_links(path)
    if names is not None:
        where = "another name" if names else "another name, in another folder"
        find = "" if names else "Find it: find ~ -samefile BOOK. "
        message = (
            f"The book’s file has {where} (a hard link). A crash under one name damages the book under the other, "
            "and each name has its own backups."
        )
        hint = f"{find}Use one name, and delete the other with rm: the book stays under the first."
        yield Finding("second_name", ADVICE, message, hint, tuple(names))


def _check_side_files(path: Path) -> Iterator[Finding]:
    if names := tuple(nearby_files.find_side_files(path)):
        message = (
            "Next to the book are SQLite’s files of a program that uses it, or was interrupted."
        )
        hint = "Leave them there: they may contain a change. If no program uses the book, the next kin command removes them."
        yield Finding("side_files", ADVICE, message, hint, names)


def _check_conflicts(path: Path, owner_uid: str | None) -> Iterator[Finding]:
    if copies := tuple(nearby_files.find_conflict_copies(path, owner_uid)):
        what = "is another copy" if len(copies) == 1 else f"are {len(copies)} other copies"
        message = (
            f"There {what} of the book next to it. A sync program makes one when two computers write at the same time; "
            "notes in it may be missing from this book."
        )
        hint = (
            "Look at it: kin people --db FILE. Take over what only it has: kin export --db FILE --to copy.json, "
            "then kin import copy.json. Then move FILE away."
        )
        yield Finding("conflict", ADVICE, message, hint, copies)


# Repairs


def _repair_permissions(path: Path, _: date) -> None:
    """Remove the permissions of others: for the book, its backups, and a folder that has only files of kin."""
    for file in (
        path,
        *(path.with_name(path.name + suffix) for suffix in backup_files.SIDE_FILE_SUFFIXES),
    ):
        if file.is_file():
            file.chmod(0o600)
    backup_folder = backup_files.get_backup_folder(path)
    if backup_folder.is_dir():
        backup_folder.chmod(0o700)
        for file in backup_folder.iterdir():
            if file.is_file() and not file.is_symlink():
                file.chmod(0o600)
    if _is_own_folder(path):
        path.parent.chmod(0o700)


def _repair_erasure(path: Path, today: date) -> None:
    from kin.privacy import erasure

    if problem := erasure.finish_erasure(path, today):
        raise problem


def _repair_unfinished_files(path: Path, _: date) -> None:
    folders: tuple[str, ...] = ()
    with suppress(BookError), connection.open_any_version(path) as db:
        folders = meta.list_synced_folders(db)
    nearby_files.remove_part_files(path, folders)


def _repair_schema(path: Path, _: date) -> None:
    with connection.open_for_maintenance(path) as db:
        for statement in _list_missing_statements(db, schema.NEWEST_VERSION):
            db.execute(statement)


def _repair_search(path: Path, _: date) -> None:
    with connection.open_for_maintenance(path) as db:
        for statement in (*indexes.build_search_index_removal(), *indexes.build_search_index()):
            db.execute(statement)
        db.execute("INSERT INTO search(search) VALUES ('rebuild')")


def _repair_interests(path: Path, _: date) -> None:
    with connection.open_for_maintenance(path) as db:
        indexes.rebuild_interest_index(db)


def _repair_names(path: Path, _: date) -> None:
    with connection.open_for_maintenance(path) as db:
        from kin.people.service import rebuild_name_index

        rebuild_name_index(db)


def _repair_history(path: Path, _: date) -> None:
    with connection.open_for_maintenance(path) as db:
        undo_log.create_undo_triggers(db)


_REPAIRS: dict[str, Callable[[Path, date], None]] = {
    "permissions": _repair_permissions,
    "folder": _repair_permissions,
    "erasure": _repair_erasure,
    "unfinished": _repair_unfinished_files,
    "schema": _repair_schema,
    "search": _repair_search,
    "interests": _repair_interests,
    "names": _repair_names,
    "history": _repair_history,
}
