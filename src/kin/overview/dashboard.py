"""What `kin`, `kin today` and `kin upcoming` show: questions that are due, dates, and a hello."""

import sqlite3
from datetime import date, timedelta
from typing import NamedTuple

from kin.language.text import get_first_name
from kin.notes import queries as notes_queries, questions as notes_questions
from kin.people import dates as people_dates
from kin.records import Hidden, PersonRef
from kin.suggestions import reconnect
from kin.suggestions.candidates import Candidates
from kin.suggestions.scoring import draw_stable_random
from kin.suggestions.weights import CURIOUS_ONE_IN_DASHBOARD

DASHBOARD_DATE_DAYS = 14  # days ahead
DUE_QUESTION_DAYS = 60  # days; an older question is only on the person's card: no backlog
MOST_PER_LIST = 3
HELLO_POOL_SIZE = 7  # people, so that the dashboard does not greet the same one all week


class Hello(NamedTuple):
    """Someone to say hello to, and why; without an interest if what they love is unknown."""

    person: PersonRef
    interest: str | None
    because: str


class Dashboard(NamedTuple):
    """The day at a glance, with at most MOST_PER_LIST of each."""

    questions: tuple[notes_questions.Question, ...]
    dates: tuple[people_dates.PersonUpcomingDate, ...]
    hello: Hello | None
    notes: tuple[notes_queries.Note, ...]
    is_empty: Hidden[bool] = False
    today: Hidden[date] = date.min


class Agenda(NamedTuple):
    """The dates and questions of today, or of the time ahead."""

    dates: tuple[people_dates.PersonUpcomingDate, ...]
    questions: tuple[notes_questions.Question, ...]
    today: Hidden[date] = date.min

    def limit_to(self, limit: int) -> "Agenda":
        """Return at most `limit` (0: all) of each, the soonest."""
        return self._replace(
            dates=self.dates[: limit or None], questions=self.questions[: limit or None]
        )


def load_dashboard(db: sqlite3.Connection, today: date) -> Dashboard:
    """Return the day at a glance."""
    return Dashboard(
        questions=_list_due_questions(db, today)[:MOST_PER_LIST],
        dates=people_dates.list_upcoming_dates(db, today, DASHBOARD_DATE_DAYS)[:MOST_PER_LIST],
        hello=_choose_hello(db, today),
        notes=notes_queries.list_notes(
            db, notes_queries.NoteFilter(until=today.isoformat(), limit=MOST_PER_LIST)
        ),
        is_empty=db.execute("SELECT 1 FROM person WHERE is_me = 0 LIMIT 1").fetchone() is None,
        today=today,
    )


def load_today(db: sqlite3.Connection, day: date, lead_days: int) -> Agenda:
    """Return the dates of the next `lead_days`, and the questions that are due."""
    return Agenda(
        people_dates.list_upcoming_dates(db, day, lead_days), _list_due_questions(db, day), day
    )


def load_upcoming(db: sqlite3.Connection, day: date, within_days: int) -> Agenda:
    """Return the dates of the next `within_days`, and the questions that come due in that time."""
    until = (day + timedelta(days=within_days)).isoformat()
    return Agenda(
        people_dates.list_upcoming_dates(db, day, within_days),
        notes_questions.list_questions_due_between(db, day.isoformat(), until),
        day,
    )


def _list_due_questions(
    db: sqlite3.Connection, today: date
) -> tuple[notes_questions.Question, ...]:
    """Return the questions that came due in the last weeks."""
    return notes_questions.list_questions_due_between(
        db, (today - timedelta(days=DUE_QUESTION_DAYS)).isoformat(), today.isoformat()
    )


def _choose_hello(db: sqlite3.Connection, today: date) -> Hello | None:
    """Pick someone worth a hello today; now and then, someone whose interests are unknown.

    The dashboard records no showing, so it draws from a pool that is larger than the day's list.
    """
    candidates = Candidates(db, today)
    day = today.isoformat()
    if draw_stable_random(day, "curious") * CURIOUS_ONE_IN_DASHBOARD < 1:
        candidate = min(
            filter(candidates.has_unknown_interests, candidates.people.values()),
            key=lambda each: draw_stable_random(day, each.handle, "curious"),
            default=None,
        )
        if candidate:
            person = PersonRef(candidate.id, candidate.handle, candidate.name)
            return Hello(person, None, _describe_unknown(candidate.name))
    suggestions = reconnect.suggest_from_candidates(
        candidates, reconnect.ReconnectOptions(most=HELLO_POOL_SIZE)
    )
    suggestion = min(
        suggestions,
        key=lambda each: draw_stable_random(day, each.person.handle, "glance"),
        default=None,
    )
    return Hello(suggestion.person, suggestion.interest, suggestion.because) if suggestion else None


def _describe_unknown(name: str) -> str:
    return f"You’ve met often. What lights {get_first_name(name)} up? (not noted yet)"
