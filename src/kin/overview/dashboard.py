"""What `kin` alone shows: what ripened, dates near, one suggestion, the last conversations."""

import sqlite3
from datetime import date, timedelta
from typing import NamedTuple

from kin.language.text import get_first_name
from kin.notes import queries as conversations, questions as threads
from kin.people import dates as occasions
from kin.records import Hidden
from kin.suggestions import reconnect
from kin.suggestions.candidates import Standing
from kin.suggestions.scoring import lot
from kin.suggestions.weights import CURIOUS_AT_A_GLANCE

DATES_WITHIN = 14  # days
RIPE_FOR = 60  # days: an older thread waits on the person's own card, it is no backlog
HANDFUL = 3
DRAWN_FROM = 7  # people, so that the same does not stand here every day of a week


class Glance(NamedTuple):
    """Somebody to say hello to, or to wonder about, and why."""

    handle: str
    name: str
    interest: str | None
    because: str


class Dashboard(NamedTuple):
    """The day at a glance; at most a handful of each."""

    threads: tuple[threads.RipeThread, ...]
    dates: tuple[occasions.Upcoming, ...]
    suggestion: Glance | None
    talks: tuple[conversations.Note, ...]
    is_empty: Hidden[bool] = False
    today: Hidden[date] = date.min


class Agenda(NamedTuple):
    """What today, or the time ahead, brings."""

    dates: tuple[occasions.Upcoming, ...]
    threads: tuple[threads.RipeThread, ...]
    today: Hidden[date] = date.min

    def first(self, limit: int) -> "Agenda":
        """Return at most `limit` of each, the soonest; 0 is all."""
        return self._replace(
            dates=self.dates[: limit or None], threads=self.threads[: limit or None]
        )


def dashboard(db: sqlite3.Connection, today: date) -> Dashboard:
    """Tell the day at a glance."""
    found = ripened(db, today)
    return Dashboard(
        threads=found[:HANDFUL],
        dates=occasions.upcoming(db, today, DATES_WITHIN)[:HANDFUL],
        suggestion=_suggestion(db, today),
        talks=conversations.talks(db, conversations.Filter(until=today.isoformat(), limit=HANDFUL)),
        is_empty=db.execute("SELECT 1 FROM person WHERE is_me = 0 LIMIT 1").fetchone() is None,
        today=today,
    )


def _suggestion(db: sqlite3.Connection, today: date) -> Glance | None:
    """Draw one of those worth a hello today; now and then, wonder what somebody loves.

    A glance is no showing: it is not written down, so the lot of the day keeps it from being the same.
    """
    standing = Standing(db, today)
    day = today.isoformat()
    if lot(day, "curious") * CURIOUS_AT_A_GLANCE < 1:
        known = [each for each in standing.people.values() if standing.is_unknown(each)]
        who = min(known, key=lambda each: lot(day, each.handle, "curious"), default=None)
        if who:
            return Glance(who.handle, who.name, None, _wonder(who.name))
    found = reconnect.suggested(standing, reconnect.Wish(most=DRAWN_FROM))
    if not found:
        return None
    drawn = min(found, key=lambda each: lot(day, each.person.handle, "glance"))
    return Glance(*drawn.person, drawn.interest, drawn.because)


def ripened(db: sqlite3.Connection, today: date) -> tuple[threads.RipeThread, ...]:
    """Tell the threads whose day has come, those of the last weeks."""
    return threads.ripening(db, (today - timedelta(days=RIPE_FOR)).isoformat(), today.isoformat())


def today(db: sqlite3.Connection, day: date, lead: int) -> Agenda:
    """Tell the days within `lead` days, and the threads that have ripened."""
    return Agenda(occasions.upcoming(db, day, lead), ripened(db, day), day)


def upcoming(db: sqlite3.Connection, day: date, within: int) -> Agenda:
    """Tell the days and the threads of the next `within` days."""
    until = (day + timedelta(days=within)).isoformat()
    return Agenda(
        occasions.upcoming(db, day, within), threads.ripening(db, day.isoformat(), until), day
    )


def _wonder(name: str) -> str:
    """Wonder what somebody loves."""
    return f"What lights {get_first_name(name)} up? You have met often, and it is not written down yet."
