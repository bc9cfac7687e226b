"""The doors to the book, and nothing else opens it.

`reading` is a plain sqlite3 connection that cannot write, `glancing` one that does not wait either;
`writing` is one SQLModel session, one transaction, commit or nothing. The settings and their reasons: docs/explanation/safety.md.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kin import bookfile, journal, migrations
from kin.errors import BookError, KinError
from kin.text import fold

if TYPE_CHECKING:
    from sqlmodel import Session

    from kin.snapshot import Made

READ_PATIENCE = 10.0  # seconds that a reader waits for a writer's commit
GLANCE_PATIENCE = 0.2  # somebody has pressed TAB
WRITE_PATIENCE = 30.0  # with 30 s, 2,000 concurrent updates lost none (durability.md)

_OWN_BOOK = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
    "PRAGMA cell_size_check = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA fullfsync = ON",
)

_ANY_BOOK = ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY")
# A writer died halfway: its journal must be rolled back, which a reader may not do.
_LEFT_BY_A_CRASH = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY)

# What passes through an open book and says nothing about it: kin's own words, the system's, a command's end.
_NO_BUGS = (KinError, OSError, RuntimeError)


class NoBookError(BookError):
    """There is no book yet at this path."""


class _OnlyTried(Exception):
    """Raised at the end of a change that was not to be kept."""


@contextmanager
def reading(path: Path, today: date) -> Iterator[sqlite3.Connection]:
    """Open the book for reading; raise NoBookError where there is none, BookError where it is sick."""
    path = bookfile.located(path)
    with _in_words(path), closing(_open_to_read(path, today)) as db:
        yield db


@contextmanager
def glancing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book for a look in passing, which waits for nobody, mends nothing and takes no step.

    Raises BookError wherever one of these would be needed.
    """
    path = bookfile.located(path)
    if not bookfile.is_there(path, migrations.NEWEST):
        raise NoBookError(f"There is no book at {path} yet.")
    with _in_words(path), closing(_connect(path, "ro", GLANCE_PATIENCE)) as db:
        if _version(db, path) != migrations.NEWEST:
            raise BookError(f"The book at {path} is of another kin.")
        yield db


@contextmanager
def writing(
    path: Path,
    today: date,
    *,
    keep: bool = True,
    actor: str | None = journal.YOU,
    before: str | None = None,
) -> Iterator["Session"]:
    """Open the book for one change, made on first use: the block commits, or nothing happened.

    It is one step, which `actor` can undo; without an actor it is none, and leaves the history as it is.
    Without `keep` the change is only tried: it is undone at the end of the block. Whether a step was kept
    stands in `session.info["step"]`. A backup is made first: of the day, or the one `before` something, without
    which nothing is done; why that of the day could not be made stands in `session.info["no_backup"]`.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool
    from sqlmodel import Session

    path = bookfile.located(path)
    if not bookfile.is_there(path, migrations.NEWEST):
        bookfile.make(path)
    with _in_words(path):
        _bring_up_to_date(path, today)
        no_backup = None
        if keep and actor is not None:
            no_backup = _backed_up(path, today, before)
        engine = create_engine(
            "sqlite://",
            creator=lambda: _connect(path, "rw", WRITE_PATIENCE),
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
        with (
            suppress(_OnlyTried),
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.info["no_backup"] = no_backup
            db = connection_of(session)
            if not _version(db, path):
                bookfile.check_not_gone(path)
                migrations.make(db, today.isoformat())
            if actor is not None:
                journal.begin(db, today, actor)
            yield session
            if not keep:
                raise _OnlyTried
            if actor is not None:
                session.info["step"] = journal.end(connection_of(session))


@contextmanager
def rewriting(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book for a change that sets rows as they are to stand: undo, migrations.

    One transaction, in which foreign keys move nothing of themselves; they are checked at its end.
    """
    path = bookfile.located(path)
    with _in_words(path), closing(_connect(path, "rw", WRITE_PATIENCE)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            if broken := db.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.DatabaseError(f"rows of {broken[0]} would hang in the air")
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def compact(path: Path) -> None:
    """Write the file anew without a byte of what was deleted."""
    path = bookfile.located(path)
    with _in_words(path), closing(_connect(path, "rw", WRITE_PATIENCE)) as db:
        db.execute("VACUUM")


@contextmanager
def as_it_is(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the book to look at it, of whatever schema up to the newest; it is not brought up to date."""
    path = bookfile.located(path)
    if not bookfile.is_there(path, migrations.NEWEST):
        raise NoBookError(f"There is no book at {path} yet.", "Begin one: kin add NAME")
    with _in_words(path):
        _mend_after_a_crash(path)
        with closing(_connect(path, "ro", READ_PATIENCE)) as db:
            if not _version(db, path):
                raise _still_empty(path)
            yield db


def backup(path: Path, today: date, why: str, spare: Path | None = None) -> "Made | None":
    """Make a backup in the book's own folder of them, and let go of what has given way to it.

    Returns None where another kin was first: of a day there is one, and one before a migration.
    """
    from kin import backups, snapshot  # not for those who only read

    path = bookfile.located(path)
    with as_it_is(path):
        pass  # before a folder is made for it
    with backups.alone(path) as folder:
        if why == backups.DAILY and backups.has_daily(path, today):
            return None
        with as_it_is(path) as db:
            if why == "migration" and _version(db, path) == migrations.NEWEST:
                return None
            made = snapshot.make(db, folder / backups.following(path, today, why).file, over=True)
        if why in ("merge", "import"):
            _let_go_of_the_same(path, made)
        backups.prune(path, today, spare)
    return made


def _let_go_of_the_same(path: Path, made: "Made") -> None:
    """Remove the last backup of a kind where the new one is equal: what was to come after it never came."""
    from kin import backups, snapshot

    why = made.path.stem.rpartition("-")[2]
    same = [
        each for each in backups.listed(path) if each.why == why and each.file != made.path.name
    ]
    if same and snapshot.hash_beside(last := made.path.with_name(same[0].file)) == made.sha256:
        backups.remove(last)


def restore(path: Path, source: Path, today: date) -> str | None:
    """Make the book what a proven copy is; return the name under which the present one is kept.

    Where there is a whole book, or an empty file, others may be at work in it: the copy goes through SQLite.
    """
    from kin import exchange, snapshot

    path = bookfile.located(path)
    kept, instead = None, False
    try:
        made = backup(path, today, "restore", source)
        kept = made.path.stem if made else None
    except (NoBookError, bookfile.DamagedError) as error:
        instead = not (path.exists() and isinstance(error, NoBookError | bookfile.GoneError))
    older = snapshot.proven(source, migrations.NEWEST).version < migrations.NEWEST
    with _ready(path, source) if instead or older else nullcontext(source) as ready:
        if instead:
            return exchange.put(ready, path, today)
        with _in_words(path), closing(_connect(path, "rw", WRITE_PATIENCE)) as db:
            snapshot.pour(ready, db, bookfile.not_held(path))
    return kept


@contextmanager
def _ready(path: Path, source: Path) -> Iterator[Path]:
    """Write a copy beside the book, proven and of the newest schema, for as long as the block lasts."""
    from kin import backups, exchange, snapshot

    bookfile.make_folder(path)
    with backups.alone(path), exchange.beside(path) as part:
        with _in_words(path), snapshot.opened(source) as then:
            facts, _, _ = snapshot.write(then, part)
        with rewriting(part) as db:
            migrations.upgrade(db, facts.version)
        yield part


@contextmanager
def empty(today: date) -> Iterator[sqlite3.Connection]:
    """Open a book with nobody in it, in memory: what a program reads where there is no book yet."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _teach(db)
        migrations.make(db, today.isoformat())
        yield db


def connection_of(session: "Session") -> sqlite3.Connection:
    """Return the session's own sqlite3 connection, so that a service asks the same queries."""
    session.flush()
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _open_to_read(path: Path, today: date) -> sqlite3.Connection:
    if not bookfile.is_there(path, migrations.NEWEST):
        raise NoBookError(f"There is no book at {path} yet.", "Begin one: kin add NAME")
    _mend_after_a_crash(path)
    db = _connect(path, "ro", READ_PATIENCE)
    try:
        version = _version(db, path)
    except BaseException:
        db.close()
        raise
    if version == migrations.NEWEST:
        return db
    db.close()
    if version == 0:
        raise _still_empty(path)
    _bring_up_to_date(path, today)
    return _connect(path, "ro", READ_PATIENCE)


def _still_empty(path: Path) -> BookError:
    bookfile.check_not_gone(path)
    return NoBookError(f"The book at {path} is still empty.", "Begin it: kin add NAME")


def _mend_after_a_crash(path: Path) -> None:
    """Roll back what a writer left that died halfway, which a read-only connection may not do."""
    with closing(_connect(path, "ro", READ_PATIENCE)) as db:
        try:
            db.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _LEFT_BY_A_CRASH:
                raise
            with closing(_connect(path, "rw", WRITE_PATIENCE)) as mender:
                mender.execute("PRAGMA user_version").fetchone()


def _connect(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in _OWN_BOOK if mode == "rw" else _ANY_BOOK:
        db.execute(pragma)
    _teach(db)
    return db


def _teach(db: sqlite3.Connection) -> None:
    """Give a connection the function that queries fold words with."""
    db.create_function("folded", 1, lambda words: words and fold(words), deterministic=True)


def _version(db: sqlite3.Connection, path: Path) -> int:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if not application and db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        return 0
    bookfile.check_owner(path, application, version, migrations.NEWEST)
    return int(version)


def _bring_up_to_date(path: Path, today: date) -> None:
    """Take an older book to the newest schema, once, whoever comes first; a new one is made elsewhere."""
    with closing(_connect(path, "rw", WRITE_PATIENCE)) as db:
        if _version(db, path) in (0, migrations.NEWEST):
            return
    backup(path, today, "migration")
    with rewriting(path) as db:
        version = _version(db, path)
        if version:
            migrations.upgrade(db, version)


def _backed_up(path: Path, today: date, before: str | None) -> BookError | None:
    """Make the backup that is due before a change; return why that of the day could not be made."""
    from kin import backups

    try:
        if before is None and backups.has_daily(path, today):
            return None
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return None  # nothing can be written, and that is to be said of the book
        with closing(_connect(path, "ro", READ_PATIENCE)) as db:
            version = _version(db, path)
            if not version or not db.execute("SELECT 1 FROM person WHERE id > 1").fetchone():
                return None  # nobody is in it yet
            (born,) = db.execute("SELECT added_on FROM person WHERE id = 1").fetchone()
        if before is not None or born < today.isoformat():
            backup(path, today, before or backups.DAILY)
    except BookError as error:
        if before is not None:
            raise
        return error
    return None


def is_sound(path: Path) -> bool:
    """Tell whether the book bears looking into: what seems a bug may be a page that SQLite had no doubt of."""
    try:
        path = bookfile.located(path)
        if not bookfile.is_there(path, migrations.NEWEST):
            return True  # there is none
        with closing(_connect(path, "ro", GLANCE_PATIENCE)) as db:
            whole = db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            return whole and db.execute("PRAGMA foreign_key_check").fetchone() is None
    except (sqlite3.OperationalError, BookError):
        return True  # it cannot be looked into now: nothing speaks against it
    except sqlite3.DatabaseError:
        return False


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Say a storage error as a sentence; sqlite3's own, or wrapped by SQLAlchemy as `.orig`."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if isinstance(cause, UnicodeDecodeError):  # bytes in the file that are no text
            raise bookfile.trouble(path, sqlite3.DatabaseError(cause.reason)) from error
        bug = sqlite3.IntegrityError | sqlite3.ProgrammingError
        if not isinstance(cause, sqlite3.DatabaseError) or isinstance(cause, bug):
            if isinstance(error, _NO_BUGS) or is_sound(path):
                raise
            raise bookfile.trouble(path, sqlite3.DatabaseError("its parts do not fit")) from error
        raise bookfile.trouble(path, cause) from error
