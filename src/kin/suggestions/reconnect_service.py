"""What is kept of suggestions: who was shown when, and who is left in peace for now."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlmodel import Session, col, select

from kin.book import undo_log as journal
from kin.book.models import Rest, Showing
from kin.book.session import connection_of
from kin.constants import ME
from kin.errors import UsageError
from kin.people import queries as people
from kin.suggestions import contact_frequency_cache as rhythm
from kin.suggestions.reconnect import Suggestion
from kin.suggestions.snooze import Resting
from kin.suggestions.weights import NOT_NOW


def shown(session: Session, suggestions: Iterable[Suggestion], today: date) -> None:
    """Write down who was suggested today, once a day; it counts from tomorrow. Keep what it was reckoned from."""
    day = today.isoformat()
    held = set(session.exec(select(Showing.person_id).where(col(Showing.day) == day)).all())
    for each in suggestions:
        person_id = each.reckoned.who.id
        if person_id not in held:
            session.add(Showing(person_id=person_id, day=day, question=each.question_key))
    rhythm.keep(connection_of(session), day)


def not_now(session: Session, who: str, today: date) -> Resting:
    """Leave somebody in peace for two weeks; whoever rests for longer rests on."""
    found = _other(session, who)
    until = (today + timedelta(days=NOT_NOW)).isoformat()
    held = session.get(Rest, found.id)
    if held is not None and (held.until is None or held.until > until):
        return Resting(found.handle, found.name, held.until)
    return _rest(session, found, until)


def let_rest(session: Session, who: str, until: str | None, today: date) -> Resting:
    """Leave somebody in peace until a day, or, without one, until you take it back."""
    found = _other(session, who)
    if until is not None and until <= today.isoformat():
        raise UsageError(
            "--until names a day that is not ahead.", "For example: --until 'next month'"
        )
    return _rest(session, found, until)


def again(session: Session, who: str) -> Resting:
    """Take a rest back."""
    found = people.find(connection_of(session), who)
    held = session.get(Rest, found.id)
    if held is not None:
        session.delete(held)
    journal.name(connection_of(session), _describe_snooze(found.name, rests=False))
    return Resting(found.handle, found.name, None, rests=False)


def _other(session: Session, who: str) -> people.Found:
    found = people.find(connection_of(session), who)
    if found.id == ME:
        raise UsageError("You are never suggested to yourself.", "Name somebody else.")
    return found


def _rest(session: Session, found: people.Found, until: str | None) -> Resting:
    session.merge(Rest(person_id=found.id, until=until))
    journal.name(connection_of(session), _describe_snooze(found.name, rests=True))
    return Resting(found.handle, found.name, until)


def _describe_snooze(name: str, rests: bool) -> str:
    """Name the step that left somebody in peace, or took that back."""
    return f"{'rest' if rests else 'end of the rest'} of {name}"
