"""Importing: files become people and conversations, all in one transaction and as one step."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from kin.formats.book import Book
from kin.formats.from_book import as_brought
from kin.formats.incoming import Brought
from kin.queries import importing as planned
from kin.queries import restored
from kin.queries.importing import Outcome
from kin.services import incoming, restoring
from kin.services.incoming import Progress
from kin.store import connection_of


def take_in(
    session: Session,
    found: Sequence[Brought | Book],
    name: str,
    *,
    now: datetime,
    progress: Progress,
) -> Outcome:
    """Match all that files bring, and write what is new; `name` is theirs, for the history.

    A whole book of kin's own comes back into an empty one as it was, with all that only kin knows.
    """
    db = connection_of(session)
    plan = planned.plan(db, as_brought(found), now.date().isoformat())
    book = restored.only_book(found)
    if book is None:
        incoming.write(session, plan, name, now=now, progress=progress)
    elif restored.is_empty(db):
        restoring.restore(session, book, name)
        return restored.outcome(plan.outcome, found)
    else:
        restoring.merge(session, book, plan, name, now=now, progress=progress)
    return plan.outcome
