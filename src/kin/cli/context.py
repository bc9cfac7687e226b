"""One call of kin: what the environment and the common options say. The one place that reads the clock."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kin import config, paths
from kin.errors import BookError, KinError, UsageError

if TYPE_CHECKING:
    import sqlite3

    from sqlmodel import Session


class Welcome(Exception):
    """There is no book yet, and a person is looking."""


@dataclass
class Call:
    """The settings of this call; the common options set theirs while the words are parsed."""

    environment: Mapping[str, str]
    as_json: bool = False
    plain: bool = False
    no_input: bool = False
    yes: bool = False
    db: str | None = None
    changed: bool = False  # a step was kept, which can be undone
    wrote: bool = False  # the book or a file was written, whatever becomes of the answer
    no_backup: BookError | None = None  # why that of the day could not be made
    talking: bool = True  # hints on what to type next
    finished: bool = False  # a forgetting that had stopped halfway
    unfinished: BookError | None = None  # why it could not be finished
    halfway: str | None = None  # what to say in place of “Nothing was written” where that is not so
    next_command: list[str] | None = None  # to run when this one has ended
    _now: datetime | None = field(default=None, repr=False)

    @property
    def book(self) -> Path:
        """The path of the book."""
        return paths.home(self.db) if self.db else paths.book(self.environment)

    @property
    def now(self) -> datetime:
        """The time of this call: the clock's, read once, or KIN_NOW."""
        if self._now is None:
            pinned = self.environment.get("KIN_NOW")
            self._now = _pinned(pinned) if pinned else datetime.now()
        return self._now

    @property
    def today(self) -> date:
        """The day of this call."""
        return self.now.date()

    @property
    def settings(self) -> config.Settings:
        """The owner's settings."""
        return config.read(paths.settings(self.environment))

    @contextmanager
    def reading(self, or_empty: bool = False) -> Iterator["sqlite3.Connection"]:
        """Open the book to read. Where there is none, a person is welcomed.

        A program, or who asks for it with `or_empty`, reads an empty one instead.
        """
        from kin.book import connection as opening, session as store

        with ExitStack() as doors:
            try:
                db = doors.enter_context(store.reading(self.book, self.today))
            except opening.NoBookError:
                if not (self.as_json or or_empty):
                    raise Welcome from None
                db = doors.enter_context(store.empty(self.today))
            yield db

    @contextmanager
    def writing(
        self,
        keep: bool = True,
        *,
        step: bool = True,
        actor: str = "you",
        before: str | None = None,
    ) -> Iterator["Session"]:
        """Open the book for one change; without `keep` it is only tried, and undone at the end.

        Without `step` it is none that one would undo; `actor` is who took it. With `before` a backup is
        made that is called so.
        """
        from kin.book import session as store

        if keep:
            self.finish()
        by = actor if step else None
        door = store.writing(self.book, self.today, keep=keep, actor=by, before=before)
        with door as session:
            yield session
        self.no_backup = session.info.get("no_backup")
        self.changed = self.changed or bool(session.info.get("step"))
        self.wrote = self.wrote or keep

    def finish(self) -> None:
        """Finish an erasure that was stopped, before anything else is written."""
        from kin.book import connection, erasure_state
        from kin.errors import BookError

        if self.finished:
            return
        try:
            with connection.as_it_is(self.book) as db:
                is_due = erasure_state.is_unfinished(db)
        except BookError:  # what is wrong with the book is said by what opens it next
            return
        if is_due:
            from kin.privacy import erasure_cleanup

            self.unfinished = erasure_cleanup.finish(self.book, self.today)
            self.finished = True

    @contextmanager
    def rewriting(self) -> Iterator["sqlite3.Connection"]:
        """Open the book to take steps back or forth."""
        from kin.book import connection as opening, session as store

        with ExitStack() as doors:
            try:
                with store.reading(self.book, self.today):
                    pass  # there is a book, and it is of the newest schema
            except opening.NoBookError as error:
                if not self.as_json:
                    raise Welcome from None
                raise KinError(
                    error.message, error.hint
                ) from None  # nothing was done, so nothing is sick
            self.finish()
            yield doors.enter_context(opening.rewriting(self.book))
        self.wrote = True


def _pinned(words: str) -> datetime:
    try:
        pinned = datetime.fromisoformat(words).replace(tzinfo=None)
        if not 1900 <= pinned.year < 3000:  # room for birthdays before and months after
            raise ValueError
        return pinned
    except ValueError:
        raise UsageError(
            f"KIN_NOW is no ISO date or date-time of our days: “{words}”.",
            "For example: KIN_NOW=2026-11-23",
        ) from None
