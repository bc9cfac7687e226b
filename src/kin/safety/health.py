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
from kin.language import sentences as say
from kin.people import name_index
from kin.privacy import erasure_cleanup as finishing
from kin.records import Hidden

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
            found.append(Finding("book", FINE, say.book_is_there()))
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
                hindered[each.check] = say.not_mended(
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
        yield Finding("integrity", WRONG, *say.torn(told))
        return
    yield Finding("integrity", FINE, say.whole())
    if schema < migrations.NEWEST:
        yield Finding("schema", ADVICE, *say.older(schema, migrations.NEWEST))
        return
    if lost := _lost_parts(db, schema):
        yield Finding("schema", WRONG, *say.parts_missing(lost))
    else:
        yield Finding("schema", FINE, say.newest(schema))
    if erasure_state.is_unfinished(db):
        yield Finding("forgetting", WRONG, *say.forgetting_stopped())
    else:
        yield Finding("forgetting", FINE, say.forgetting_done())
    for check, fits in _INDEXES:
        if fits(db):
            yield Finding(check, FINE, say.index_fits(check))
        else:
            yield Finding(check, WRONG, *say.index_is_off(check))


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
        yield Finding("folder", WRONG, *say.folder_is_closed(error.strerror or str(error)))
        return
    for check, look in looks:
        try:
            yield from list(look(path))
        except (OSError, BookError) as error:
            yield Finding(check, WRONG, *say.cannot_look(check, _why(error)))


def _why(error: Exception) -> str:
    place = getattr(error, "filename", None)
    told = getattr(error, "strerror", None) or str(error).rstrip(".")
    return f"{place}: {told}" if isinstance(place, str) else told


def _room(path: Path) -> Iterator[Finding]:
    free, needed = room(path)
    if free < needed:
        yield Finding("room", WRONG, *say.no_room(free, needed))
    else:
        yield Finding("room", FINE, say.room(free))


def _strays(path: Path) -> Iterator[Finding]:
    if strays := [each.name for each in nearby_files.stray_backups(path)]:
        yield Finding("strays", ADVICE, *say.stray_backups(len(strays)), tuple(strays))


def _unfinished(path: Path, folders: Sequence[str]) -> Iterator[Finding]:
    if left := nearby_files.part_files(path, folders):
        files = tuple(map(str, left))
        yield Finding("unfinished", ADVICE, *say.unfinished(len(left)), files)
    else:
        yield Finding("unfinished", FINE, say.nothing_unfinished())


def _copies(path: Path) -> Iterator[Finding]:
    if copies := nearby_files.other_copies(path):
        files = tuple(each.path for each in copies)
        yield Finding("copies", ADVICE, *say.other_copies(len(copies)), files)
    if exports := nearby_files.stopped_exports(path.parent):
        files = tuple(map(str, exports))
        yield Finding("exports", ADVICE, *say.stopped_exports(len(exports)), files)


def _second_name(path: Path) -> Iterator[Finding]:
    names = nearby_files.second_names(path)
    if names is not None:
        yield Finding("second_name", ADVICE, *say.second_name(bool(names)), tuple(names))


def _beside(path: Path) -> Iterator[Finding]:
    if beside := nearby_files.side_files(path):
        yield Finding("beside", ADVICE, *say.left_beside(), tuple(beside))


def _conflicts(path: Path, owner: str | None) -> Iterator[Finding]:
    if copies := nearby_files.find_conflict_copies(path, owner):
        yield Finding("conflict", ADVICE, *say.conflict(len(copies)), tuple(copies))


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
        yield Finding("rights", WRONG, *say.open_to_others(found.book, found.backups))
    else:
        yield Finding("rights", FINE, say.yours_alone())
    if found.folder_written:
        yield Finding("folder", WRONG, *say.folder_is_open(found.own_folder))
    elif found.folder_read:
        yield Finding("folder", ADVICE, *say.folder_is_seen(found.own_folder))
    else:
        yield Finding("folder", FINE, say.folder_is_yours())


def _backups(path: Path) -> Iterator[Finding]:
    found = backups.listed(path)
    folder = backups.folder_of(path)
    spoiled = [each.name for each in found if not _is_as_made(folder / each.file, each)]
    if spoiled:
        yield Finding("backups", WRONG, *say.spoiled(len(spoiled)), tuple(spoiled))
    elif found:
        yield Finding("backups", FINE, say.backups_fit(len(found), found[0].day.isoformat()))
    else:
        yield Finding("backups", ADVICE, *say.no_backup())


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
