"""What is kept of things you found: only to whom you sent them, so that you do not send them twice."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session

from kin.book import models, undo_log as journal
from kin.book.session import connection_of
from kin.constants import ME
from kin.errors import UsageError
from kin.language import validation as checks
from kin.language.text import joined
from kin.people import queries as people
from kin.suggestions import share
from kin.suggestions.share import Sent


def sent(session: Session, text: str, to: Iterable[str], today: date) -> tuple[Sent, ...]:
    """Write down to whom you sent a text; whoever has it already keeps their day."""
    db = connection_of(session)
    checks.storable(text, "text")
    had = {each.handle: each for each in share.had(db, text)}
    told: dict[str, Sent] = {}
    for found in (people.find(db, who) for who in to):
        if found.id == ME:
            raise UsageError("You have it already.", "Say to whom you sent it: --sent-to maya")
        new = Sent(found.handle, found.name, today.isoformat())
        kept = told[found.handle] = had.setdefault(found.handle, new)
        if kept is new:
            session.add(models.Sent(person_id=found.id, day=new.on, text=text))
    journal.name(db, _describe_sent([each.name for each in told.values()]))
    return tuple(told.values())


def _describe_sent(names: Sequence[str]) -> str:
    """Name the step that kept to whom you sent something."""
    return f"something sent to {joined(names)}"
