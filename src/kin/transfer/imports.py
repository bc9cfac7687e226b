"""Importing: files become people and conversations, all in one transaction and as one step."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from kin.book import forgotten, undo_log as journal
from kin.book.session import connection_of
from kin.formats.book import Book
from kin.formats.incoming import Brought
from kin.transfer import (
    batches as portions,
    forgotten_records as left_out,
    import_apply as incoming,
    load_book as restoring,
    load_plan as restored,
    merge_book as retold,
)
from kin.transfer.import_apply import Progress, describe_import
from kin.transfer.import_plan import Outcome


def take_in(
    session: Session,
    found: Sequence[Brought | Book],
    name: str,
    *,
    now: datetime,
    progress: Progress,
    forgotten_too: bool = False,
) -> Outcome:
    """Match all that files bring, and write what is new; `name` is theirs, for the history.

    A whole book of kin's own comes back into an empty one as it was, with all that only kin knows. With
    `forgotten_too` people who were forgotten come in as well, and are off the list.
    """
    each = [
        _taken_in(session, portion, name, now, progress, forgotten_too)
        for portion in portions.portions(found)
    ]
    if forgotten_too:
        db = connection_of(session)
        for identity in left_out.identities(found):
            forgotten.drop(db, identity)
    told = portions.summed(each)
    if len(each) > 1:
        people = told.new + told.updated
        journal.name(connection_of(session), describe_import(name, people, told.talks))
    return told


def _taken_in(
    session: Session,
    found: Sequence[Brought | Book],
    name: str,
    now: datetime,
    progress: Progress,
    forgotten_too: bool,
) -> Outcome:
    db = connection_of(session)
    planned = retold.plan(db, found, now.date().isoformat(), forgotten_too=forgotten_too)
    if planned.book is None:
        incoming.write(session, planned.plan, name, now=now, progress=progress)
    elif restored.is_empty(db):
        restoring.restore(session, planned.book, name)
    else:
        restoring.merge(session, planned.book, planned, name, now=now, progress=progress)
    return planned.plan.outcome
