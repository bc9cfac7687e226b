"""One call of kin: the environment, the common options, the book and the clock."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kin import config
from kin.errors import BookError, KinError, UsageError

if TYPE_CHECKING:
    import sqlite3

    from sqlmodel import Session


class FirstRun(Exception):
    """There is no book yet, so a person is welcomed; a script gets an empty result."""


@dataclass
class Call:
    """The state of this call. The common options set their fields while the command line is parsed."""

    environment: Mapping[str, str]
    as_json: bool = False
    plain: bool = False
    quiet: bool = False
    no_input: bool = False
    yes: bool = False
    db: str | None = None
    show_hints: bool = True  # False where another command calls this one
    is_undoable: bool = False  # a step was recorded, which `kin undo` can undo
    has_written: bool = False  # the book or a file was changed, even if the result is never printed
    backup_error: BookError | None = None  # why today's backup could not be made
    erasure_finished: bool = False  # an interrupted `kin forget` was finished
    erasure_error: BookError | None = None  # why it could not be finished
    interrupted_message: str | None = None  # printed on Ctrl-C instead of “Nothing was written.”
    next_command: list[str] | None = None  # to run after this one
    _now: datetime | None = field(default=None, repr=False)

    @property
    def book(self) -> Path:
        """The path of the book."""
        return config.expand_home(self.db) if self.db else config.find_book_path(self.environment)

    @property
    def now(self) -> datetime:
        """The time of this call: KIN_NOW, or the clock, read once."""
        if self._now is None:
            pinned = self.environment.get("KIN_NOW")
            self._now = _parse_pinned_time(pinned) if pinned else datetime.now()
        return self._now

    @property
    def today(self) -> date:
        """The day of this call."""
        return self.now.date()

    @property
    def settings(self) -> config.Settings:
        """The owner's settings."""
        return config.read_settings(config.find_settings_path(self.environment))

    @contextmanager
    def open_for_reading(self, or_empty: bool = False) -> Iterator["sqlite3.Connection"]:
        """Open the book to read.

        Where there is none, raise FirstRun; with --json or `or_empty`, open an empty book.
        """
        from kin.book import connection, session as book_session

        with ExitStack() as stack:
            try:
                db = stack.enter_context(book_session.open_for_reading(self.book, self.today))
            except connection.NoBookError:
                if not (self.as_json or or_empty):
                    raise FirstRun from None
                db = stack.enter_context(book_session.open_empty_book(self.today))
            yield db

    @contextmanager
    def open_for_writing(
        self,
        commit: bool = True,
        *,
        undoable: bool = True,
        actor: str = "you",
        backup_reason: str | None = None,
    ) -> Iterator["Session"]:
        """Open the book for one change, in one transaction.

        Without `commit` it is rolled back at the end. Where `undoable`, a step is recorded, as done
        by `actor`. A `backup_reason` makes a backup first, and names it.
        """
        from kin.book import session as book_session

        if commit:
            self.finish_erasure()
        undo_actor = actor if undoable else None
        transaction = book_session.open_for_writing(
            self.book, self.today, commit=commit, actor=undo_actor, backup_reason=backup_reason
        )
        with transaction as session:
            yield session
        self.backup_error = session.info.get("no_backup")
        self.is_undoable = self.is_undoable or bool(session.info.get("step"))
        self.has_written = self.has_written or commit

    def finish_erasure(self) -> None:
        """Finish a `kin forget` that was interrupted, before anything else is written."""
        from kin.book import connection, meta
        from kin.errors import BookError

        if self.erasure_finished:
            return
        try:
            with connection.open_any_version(self.book) as db:
                is_unfinished = meta.is_erasure_unfinished(db)
        except BookError:  # whatever opens the book next reports it
            return
        if is_unfinished:
            from kin.privacy import erasure

            self.erasure_error = erasure.finish_erasure(self.book, self.today)
            self.erasure_finished = True

    @contextmanager
    def open_for_maintenance(self) -> Iterator["sqlite3.Connection"]:
        """Open the book to undo or redo steps."""
        from kin.book import connection, session as book_session

        with ExitStack() as stack:
            try:
                with book_session.open_for_reading(self.book, self.today):
                    pass  # now there is a book, with the newest schema
            except connection.NoBookError as error:
                if not self.as_json:
                    raise FirstRun from None
                # Exit 1, not 5: there was nothing to undo, and the book is not in trouble.
                raise KinError(error.message, error.hint) from None
            self.finish_erasure()
            yield stack.enter_context(connection.open_for_maintenance(self.book))
        self.has_written = True


def _parse_pinned_time(text: str) -> datetime:
    try:
        pinned = datetime.fromisoformat(text).replace(tzinfo=None)
        if not 1900 <= pinned.year < 3000:  # leaves room for birthdays before and dates after
            raise ValueError
        return pinned
    except ValueError:
        raise UsageError(
            f"KIN_NOW must be an ISO date or date-time, not “{text}”.",
            "For example: KIN_NOW=2026-11-23",
        ) from None
