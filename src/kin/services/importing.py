"""Importing: files become people and conversations, all in one transaction and as one step."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from kin.formats.book import Book
from kin.formats.from_book import as_brought
from kin.formats.incoming import Brought
from kin.queries import importing as planned
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
    whole = [each for each in found if isinstance(each, Book) or each.people or each.talks]
    book = whole[0] if len(whole) == 1 and isinstance(whole[0], Book) else None
    if book is None:
        incoming.write(session, plan, name, now=now, progress=progress)
    elif restoring.is_empty(db):
        restoring.restore(session, book, name)
    else:
        restoring.merge(session, book, plan, name, now=now, progress=progress)
    return plan.outcome
