"""Looking the book over, and mending what can be made anew from what is sound.

Its one rule: the book is looked at as a copy in memory; only `mend` touches it, and never the owner's words.
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
    backup_files as backups,
    connection as opening,
    erasure_state,
    file_checks as bookfile,
    interest_index,
    migrations,
    nearby_files,
    schema as schemas,
    search_index,
    synced_folders,
    undo_log as journal,
    verified_copy as snapshot,
)
from kin.constants import ME
from kin.errors import BookError
from kin.language.text import format_count, format_size
from kin.people import name_index
from kin.privacy import erasure_cleanup as finishing
from kin.records import Hidden

_REPAIR = "Mend it: kin doctor --fix"

_INDEX_FINE = {
    "search": "The search index says what your words say.",
    "interests": "Every interest is found by all its names.",
    "names": "Everybody is found by each of their names.",
    "history": "Every change can be undone.",
}

_CHECKED = {
    "rights": "Who else may read the book and its backups",
    "room": "The room on the disk",
    "backups": "The backups",
    "strays": "Backups of other books",
    "unfinished": "Unfinished files",
    "copies": "Other copies among the backups",
    "second_name": "Other names of the book",
    "beside": "SQLite’s files next to the book",
    "conflict": "Copies of the book next to it",
}

_INDEX_WRONG = {
    "search": "The search index does not say what your words say; kin find may miss some.",
    "interests": "Some interests are not found by all their names.",
    "names": "Somebody is not found by each of their names.",
    "history": "Some tables are without what kin undo needs.",
}


OTHERS, OTHERS_WRITE = 0o077, 0o022
ROOM = 20 << 20  # bytes that a disk should have beside two more copies of the book
FINE, ADVICE, WRONG, MENDED = "fine", "advice", "wrong", "mended"


class Rights(NamedTuple):
    """Who else may do what: with the book, with its folder, with its backups."""

    book: bool  # others may read or write it
    folder_written: bool  # others may put or take away files in the folder
    folder_read: bool
    backups: bool
    own_folder: bool  # nothing lies in the folder but what is kin's


class Finding(NamedTuple):
    """What one look found; `files` are named on the terminal only."""

    check: str
    state: str
    message: str
    hint: str | None = None
    files: Hidden[tuple[str, ...]] = ()


class Health(NamedTuple):
    """How a book is."""

    book: str
    schema: int | None
    newest: int
    sqlite: str
    kin: str
    checks: tuple[Finding, ...]


def examine(book: Path) -> Health:
    """Look the book over, inside and around; whatever is wrong with it, this raises nothing of it."""
    path = bookfile.located(book)
    found: list[Finding] = []
    schema: int | None = None
    folders: tuple[str, ...] = ()
    owner: str | None = None
    try:
        with opening.as_it_is(path) as db, closing(sqlite3.connect(":memory:")) as copy:
            db.backup(copy)
            copy.isolation_level = None
            schema = snapshot.facts_of(copy).version
            found.append(Finding("book", FINE, _describe_book()))
            found += _inside(copy, schema)
            folders = _synced_folders(copy)
            owner = nearby_files.read_owner_uid(copy)
    except opening.NoBookError as error:
        found.append(Finding("book", ADVICE, error.message, error.hint))
    except BookError as error:
        found.append(Finding("book", WRONG, error.message, error.hint or None))
    found += _around(path, folders, owner)
    return Health(
        str(path), schema, migrations.NEWEST, sqlite3.sqlite_version, __version__, tuple(found)
    )


def examine_and_mend(book: Path, today: date) -> Health:
    """Mend what can be mended, and tell what was and what is left."""
    before = examine(book)
    path = bookfile.located(book)
    hindered: dict[str, str] = {}
    for each in before.checks:
        if each.state != FINE and each.check in _MENDERS:
            try:
                _MENDERS[each.check](path, today)
            except (OSError, BookError) as error:
                hindered[each.check] = _describe_failed_repair(
                    getattr(error, "strerror", None) or str(error)
                )
    after = examine(book)
    was = {each.check: each for each in before.checks if each.state != FINE}
    told = [
        Finding(each.check, MENDED, was[each.check].message, None, was[each.check].files)
        if each.state == FINE and each.check in was
        else each._replace(hint=hindered.get(each.check, each.hint))
        for each in after.checks
    ]
    return after._replace(checks=tuple(told))


def is_well(health: Health) -> bool:
    """Tell whether nothing is wrong; advice is no illness."""
    return all(each.state != WRONG for each in health.checks)


def _inside(db: sqlite3.Connection, schema: int) -> Iterator[Finding]:
    if told := integrity(db):
        yield Finding("integrity", WRONG, *_describe_damage(told))
        return
    yield Finding("integrity", FINE, _describe_no_damage())
    if schema < migrations.NEWEST:
        yield Finding("schema", ADVICE, *_describe_old_schema(schema, migrations.NEWEST))
        return
    if lost := _lost_parts(db, schema):
        yield Finding("schema", WRONG, *_describe_missing_parts(lost))
    else:
        yield Finding("schema", FINE, _describe_newest_schema(schema))
    if erasure_state.is_unfinished(db):
        yield Finding("forgetting", WRONG, *_describe_unfinished_erasure())
    else:
        yield Finding("forgetting", FINE, _describe_no_erasure())
    for check, fits in _INDEXES:
        if fits(db):
            yield Finding(check, FINE, _describe_index(check))
        else:
            yield Finding(check, WRONG, *_describe_wrong_index(check))


def integrity(db: sqlite3.Connection) -> str | None:
    """Return what is torn, in SQLite's words, or None."""
    return snapshot.flaws(db)


def search_fits(db: sqlite3.Connection) -> bool:
    """Tell whether the full-text index says what the words say, and is kept by its triggers."""
    if not {each.strip() for each in search_index.statements()} <= _statements(db):
        return False
    try:
        db.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


def interests_fit(db: sqlite3.Connection) -> bool:
    """Tell whether each interest is found by every name of it, and knows what it is a kind of."""
    found = interest_index.anew(db)
    names = set(db.execute("SELECT key, sense FROM interest_name"))
    broader = set(db.execute("SELECT narrow, broad, source FROM interest_broader"))
    wanted = {(key, sense) for key, _, sense, _ in found.names}
    return wanted <= names and set(map(tuple, found.broader)) <= broader


def names_fit(db: sqlite3.Connection) -> bool:
    """Tell whether everybody is found by each word of their names, and nobody by another's."""
    held = set(db.execute("SELECT word, person_id FROM name_word WHERE person_id <> ?", (ME,)))
    return name_index.wanted_words(db) == held


def history_fits(db: sqlite3.Connection) -> bool:
    """Tell whether every table has its triggers of undo."""
    return set(journal.statements(db)) <= _statements(db)


def _statements(db: sqlite3.Connection) -> set[str]:
    return {
        sql.strip() for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    }


def _lost_parts(db: sqlite3.Connection, version: int) -> list[str]:
    """Return the SQL of what is missing from the schema and no other check looks for."""
    held = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master")}
    others = {*search_index.statements(), *journal.statements(db)}
    return [
        each
        for each in schemas.statements(version)
        if each not in held and each.strip() not in {other.strip() for other in others}
    ]


_INDEXES: tuple[tuple[str, Callable[[sqlite3.Connection], bool]], ...] = (
    ("search", search_fits),
    ("interests", interests_fit),
    ("names", names_fit),
    ("history", history_fits),
)


def _synced_folders(copy: sqlite3.Connection) -> tuple[str, ...]:
    try:
        return synced_folders.list_folders(copy)
    except sqlite3.DatabaseError:
        return ()  # the book is damaged, which is said already


def _around(path: Path, folders: Sequence[str], owner: str | None) -> Iterator[Finding]:
    """Look around the book. Each look is by itself: what cannot be looked into hides nothing else."""
    looks: tuple[tuple[str, Callable[[Path], Iterable[Finding]]], ...] = (
        ("rights", _rights),
        ("room", _room),
        ("backups", _backups),
        ("strays", _strays),
        ("unfinished", lambda path: _unfinished(path, folders)),
        ("copies", _copies),
        ("second_name", _second_name),
        ("beside", _beside),
        ("conflict", lambda path: _conflicts(path, owner)),
    )
    try:
        if not path.parent.is_dir():
            return
        os.listdir(path.parent)
    except OSError as error:
        yield Finding("folder", WRONG, *_describe_closed_folder(error.strerror or str(error)))
        return
    for check, look in looks:
        try:
            yield from list(look(path))
        except (OSError, BookError) as error:
            yield Finding(check, WRONG, *_describe_failed_check(check, _why(error)))


def _why(error: Exception) -> str:
    place = getattr(error, "filename", None)
    told = getattr(error, "strerror", None) or str(error).rstrip(".")
    return f"{place}: {told}" if isinstance(place, str) else told


def _room(path: Path) -> Iterator[Finding]:
    free, needed = room(path)
    if free < needed:
        yield Finding("room", WRONG, *_describe_no_room(free, needed))
    else:
        yield Finding("room", FINE, _describe_room(free))


def _strays(path: Path) -> Iterator[Finding]:
    if strays := [each.name for each in nearby_files.stray_backups(path)]:
        yield Finding("strays", ADVICE, *_describe_stray_backups(len(strays)), tuple(strays))


def _unfinished(path: Path, folders: Sequence[str]) -> Iterator[Finding]:
    if left := nearby_files.part_files(path, folders):
        files = tuple(map(str, left))
        yield Finding("unfinished", ADVICE, *_describe_part_files(len(left)), files)
    else:
        yield Finding("unfinished", FINE, _describe_no_part_files())


def _copies(path: Path) -> Iterator[Finding]:
    if copies := nearby_files.other_copies(path):
        files = tuple(each.path for each in copies)
        yield Finding("copies", ADVICE, *_describe_other_copies(len(copies)), files)
    if exports := nearby_files.stopped_exports(path.parent):
        files = tuple(map(str, exports))
        yield Finding("exports", ADVICE, *_describe_stopped_exports(len(exports)), files)


def _second_name(path: Path) -> Iterator[Finding]:
    names = nearby_files.second_names(path)
    if names is not None:
        yield Finding("second_name", ADVICE, *_describe_second_name(bool(names)), tuple(names))


def _beside(path: Path) -> Iterator[Finding]:
    if beside := nearby_files.side_files(path):
        yield Finding("beside", ADVICE, *_describe_side_files(), tuple(beside))


def _conflicts(path: Path, owner: str | None) -> Iterator[Finding]:
    if copies := nearby_files.find_conflict_copies(path, owner):
        yield Finding("conflict", ADVICE, *_describe_conflict_copies(len(copies)), tuple(copies))


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


def _is_own(book: Path) -> bool:
    own = {book.name, "backups", "config.toml", *(book.name + tail for tail in backups.SIDE_FILES)}
    return book.parent.is_dir() and set(os.listdir(book.parent)) <= own


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0


def _rights(path: Path) -> Iterator[Finding]:
    found = rights(path)
    if found.book or found.backups:
        yield Finding("rights", WRONG, *_describe_readable_by_others(found.book, found.backups))
    else:
        yield Finding("rights", FINE, _describe_private())
    if found.folder_written:
        yield Finding("folder", WRONG, *_describe_writable_folder(found.own_folder))
    elif found.folder_read:
        yield Finding("folder", ADVICE, *_describe_visible_folder(found.own_folder))
    else:
        yield Finding("folder", FINE, _describe_private_folder())


def _backups(path: Path) -> Iterator[Finding]:
    found = backups.listed(path)
    folder = backups.folder_of(path)
    spoiled = [each.name for each in found if not _is_as_made(folder / each.file, each)]
    if spoiled:
        yield Finding("backups", WRONG, *_describe_spoiled_backups(len(spoiled)), tuple(spoiled))
    elif found:
        yield Finding("backups", FINE, _describe_backups(len(found), found[0].day.isoformat()))
    else:
        yield Finding("backups", ADVICE, *_describe_no_backup())


def _is_as_made(path: Path, each: backups.Backup) -> bool:
    if each.why == backups.DAMAGED:
        return True  # kept as it was found
    return snapshot.hash_beside(path) == snapshot.sha256(path)


def _sweep(path: Path, _: date) -> None:
    folders: tuple[str, ...] = ()
    with suppress(BookError), opening.as_it_is(path) as db:
        # Of a book that cannot be opened no folder is known; that it cannot be is said by itself.
        folders = synced_folders.list_folders(db)
    nearby_files.remove_part_files(path, folders)


def _parts_anew(path: Path, _: date) -> None:
    with opening.rewriting(path) as db:
        for statement in _lost_parts(db, migrations.NEWEST):
            db.execute(statement)


def _search_anew(path: Path, _: date) -> None:
    with opening.rewriting(path) as db:
        for statement in (*search_index.without(), *search_index.statements()):
            db.execute(statement)
        db.execute("INSERT INTO search(search) VALUES ('rebuild')")


def _interests_anew(path: Path, _: date) -> None:
    with opening.rewriting(path) as db:
        interest_index.settle(db)


def _names_anew(path: Path, _: date) -> None:
    with opening.rewriting(path) as db:
        name_index.index_anew(db)


def _history_anew(path: Path, _: date) -> None:
    with opening.rewriting(path) as db:
        journal.record(db)


def _tighten(path: Path, _: date) -> None:
    tighten(path)


def _finish(path: Path, today: date) -> None:
    if hindered := finishing.finish(path, today):
        raise hindered


_MENDERS: dict[str, Callable[[Path, date], None]] = {
    "rights": _tighten,
    "folder": _tighten,
    "forgetting": _finish,
    "unfinished": _sweep,
    "schema": _parts_anew,
    "search": _search_anew,
    "interests": _interests_anew,
    "names": _names_anew,
    "history": _history_anew,
}


def _describe_book() -> str:
    """Say that the book can be opened."""
    return "The book is there, and is kin’s."


def _describe_no_damage() -> str:
    """Say that nothing is torn."""
    return "Nothing in it is torn, and every reference leads somewhere."


def _describe_damage(told: str) -> tuple[str, str]:
    """Say what SQLite found."""
    return f"The book is damaged: {told}.", "Go back to a backup: kin restore"


def _describe_old_schema(schema: int, newest: int) -> tuple[str, str]:
    """Say that the book is of an older kin."""
    return (
        f"The book is of schema {schema}; this kin knows {newest}.",
        "The next command brings it up to date, after a backup.",
    )


def _describe_newest_schema(schema: int) -> str:
    """Say that the book is of this kin."""
    return f"The book is of the newest schema, {schema}."


def _describe_missing_parts(lost: Sequence[str]) -> tuple[str, str]:
    """Say that indexes or triggers of the schema are missing, which can be made again."""
    return (
        f"{format_count(len(lost), 'part')} of the book’s schema {'is' if len(lost) == 1 else 'are'} missing.",
        _REPAIR,
    )


def _describe_index(check: str) -> str:
    """Say that an index fits."""
    return _INDEX_FINE[check]


def _describe_wrong_index(check: str) -> tuple[str, str]:
    """Say what an index lacks; it can be made anew."""
    return _INDEX_WRONG[check], _REPAIR


def _describe_no_erasure() -> str:
    """Say that nobody is half forgotten."""
    return "Whoever was forgotten is wholly gone."


def _describe_unfinished_erasure() -> tuple[str, str]:
    """Say that traces of somebody may be left."""
    return (
        "A forgetting stopped halfway: traces may be left in the file and in its backups.",
        "Finish it: kin doctor --fix (the old backups go, and one is made anew)",
    )


def _describe_failed_repair(why: str) -> str:
    """Say why something could not be mended."""
    return f"It could not be mended: {why.rstrip('.')}."


def _describe_private() -> str:
    """Say that nobody else may read the book."""
    return "Book and backups are yours alone."


def _describe_readable_by_others(book: bool, backups: bool) -> tuple[str, str]:
    """Say that others may read them."""
    what = " and ".join(["the book"] * book + ["backups"] * backups)
    return f"Others on this machine may read {what}.", _REPAIR


def _describe_private_folder() -> str:
    """Say that nobody else may look into the folder."""
    return "The folder is yours alone."


def _describe_writable_folder(own: bool) -> tuple[str, str]:
    """Say that others may take the book away."""
    return (
        "Others may put files into the book’s folder, or take them away.",
        _REPAIR if own else "Other things lie there too: chmod go-w it, or move the book.",
    )


def _describe_visible_folder(own: bool) -> tuple[str, str]:
    """Say that others see that there is a book."""
    return (
        "Others may see what lies in the book’s folder, but not read the book.",
        _REPAIR if own else "A folder of its own would keep that to you.",
    )


def _describe_closed_folder(why: str) -> tuple[str, str]:
    """Say that the folder cannot be looked into."""
    return f"The book’s folder cannot be looked into: {why}.", "Check its rights."


def _describe_failed_check(check: str, why: str) -> tuple[str, str]:
    """Say that something around the book cannot be looked into."""
    return (
        f"{_CHECKED[check]} could not be checked: {why}.",
        "Check the rights of what is named, and type it again: kin doctor",
    )


def _describe_room(free: int) -> str:
    """Say that the disk has room."""
    return f"There is room on the disk: {format_size(free)}."


def _describe_no_room(free: int, needed: int) -> tuple[str, str]:
    """Say that the disk is nearly full."""
    return (
        f"The disk is nearly full: {format_size(free)} free, and a change with its backup may need {format_size(needed)}.",
        "Make room.",
    )


def _describe_backups(number: int, last: str) -> str:
    """Say that the backups are as they were made."""
    return f"{format_count(number, 'backup')}, the last of {last}, as made."


def _describe_no_backup() -> tuple[str, str]:
    """Say that there is none."""
    return "There is no backup yet.", "Make one: kin backup"


def _describe_stray_backups(number: int) -> tuple[str, str]:
    """Say that there are backups of a book that is not there."""
    what = "a folder" if number == 1 else f"{number} folders"
    return (
        f"In backups {_is_or_are(number)} {what} of a book that is not there, or is this one by another name; "
        "what was forgotten here may be in it.",
        "If it was this book by another name, or one you need no more, remove it.",
    )


def _is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"


def _describe_spoiled_backups(number: int) -> tuple[str, str]:
    """Say that backups are not what they were."""
    what = "A backup is" if number == 1 else f"{number} backups are"
    return (
        f"{what} not what was made: the SHA-256 differs or is gone.",
        "Do not rely on it; remove the file, and make a new one: kin backup",
    )


def _describe_no_part_files() -> str:
    """Say that no file was left half written."""
    return "No backup, export or card was left half written."


def _describe_part_files(number: int) -> tuple[str, str]:
    """Say that files were left half written."""
    what = "A file was" if number == 1 else f"{number} files were"
    return (
        f"{what} left half written, when kin was stopped in a backup, an export or a sync.",
        "Remove them: kin doctor --fix",
    )


def _describe_other_copies(number: int) -> tuple[str, str]:
    """Say that the folder of backups has copies of the book that kin does not manage."""
    what = "a copy" if number == 1 else f"{number} copies"
    return (
        f"Among the backups {_is_or_are(number)} {what} of a book under a name that is not kin’s, or a link to one: "
        "kin forget does not reach them.",
        "If you do not need them, remove them; if you do, move them to a place that you remember.",
    )


def _describe_stopped_exports(number: int) -> tuple[str, str]:
    """Say that an export of an older kin was stopped, and may have hidden files of the owner's."""
    what = "a hidden file or folder" if number == 1 else f"{number} hidden files or folders"
    return (
        f"Next to the book {_is_or_are(number)} {what} that a stopped export or backup may have left. "
        "Files of your own may be in it.",
        "Look into it, move out what is yours, and remove the rest.",
    )


def _describe_second_name(near: bool) -> tuple[str, str]:
    """Say that the book's file has another name."""
    where = "another name" if near else "another name, in another folder"
    find = "" if near else "Find it: find ~ -samefile BOOK. "
    return (
        f"The book’s file has {where} (a hard link): two names for the same bytes. After a crash under one name "
        "the book is damaged under the other, and each name has backups of its own.",
        f"{find}Use one name; remove the other with rm, which leaves the book where it is.",
    )


def _describe_side_files() -> tuple[str, str]:
    """Say that a program is using the book, or was stopped while it did."""
    return (
        "Next to the book are files of a program that is using it, or was stopped.",
        "Leave them there: they may hold a change. If no program is using it, the next kin command clears them away.",
    )


def _describe_conflict_copies(number: int) -> tuple[str, str]:
    """Say that there are copies of the book next to it, as a sync program leaves them."""
    there_is = "There is another copy" if number == 1 else f"There are {number} other copies"
    return (
        f"{there_is} of the book next to it. A sync program makes one when two machines write at the same time; "
        "notes in it may be missing from this book.",
        "Look into it: kin people --db FILE. Bring in what only it has: kin export --db FILE --to copy.json, "
        "then kin import copy.json. Then move FILE away.",
    )
