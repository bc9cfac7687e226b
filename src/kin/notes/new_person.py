"""Meeting somebody: the card, what you share, what you talked about and want to ask, in one step."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from kin.book import undo_log as journal
from kin.book.session import connection_of
from kin.config import DateOrder
from kin.constants import ME
from kin.errors import UsageError
from kin.formats.card import Card
from kin.notes import questions_service as threads, service as talks
from kin.notes.parser import Beside
from kin.people import card_changes as cards, lineage, queries as told, service as people
from kin.people.card_changes import Dropped, Said
from kin.people.service import describe_card_change


def meet(
    session: Session,
    said: Said,
    shared: Sequence[str],
    notes: Sequence[str],
    asks: Sequence[str],
    *,
    now: datetime,
    date_order: DateOrder | None = None,
    anyway: bool = False,
) -> told.Person:
    """Remember somebody new, with the first conversation; return the card."""
    card = cards.said(Card(name=said.name or ""), said, now=now, date_order=date_order)
    person_id = people.add(session, card, today=now.date(), anyway=anyway)
    _catch(session, person_id, said)
    place = said.place if notes else None
    on = said.on if notes else None
    person = _told(
        session, person_id, shared, notes, asks, now=now, date_order=date_order, on=on, place=place
    )
    journal.name(connection_of(session), _describe_added(person.name))
    return person


def change(
    session: Session,
    who: str,
    said: Said,
    off: Dropped,
    shared: Sequence[str],
    notes: Sequence[str],
    asks: Sequence[str],
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> told.Person:
    """Change a card by what was said and dropped; return it."""
    person_id = told.find(connection_of(session), who).id
    cards.agreed(said, off)
    before = cards.dropped(_card(session, person_id, now), off)
    people.edit(session, person_id, cards.said(before, said, now=now, date_order=date_order))
    _catch(session, person_id, said)
    person = _told(session, person_id, shared, notes, asks, now=now, date_order=date_order)
    journal.name(connection_of(session), describe_card_change(person.name))
    return person


def know_myself(session: Session, said: Said, off: Dropped, *, now: datetime) -> told.Person:
    """Change the owner's own card; return it."""
    cards.agreed(said, off)
    before = cards.dropped(_card(session, ME, now), off)
    people.edit(session, ME, cards.said(before, said, now=now, date_order=None))
    _catch(session, ME, said)
    return told.card(connection_of(session), ME, now.date().isoformat())


def _catch(session: Session, person_id: int, said: Said) -> None:
    if said.caught_from is None:
        return
    if not said.into:
        raise UsageError(
            "What was caught from them?", "--from goes with --into: --into sourdough --from tom"
        )
    labels = [cards.loved(each).label for each in said.into]
    lineage.catch(session, person_id, labels, said.caught_from)


def _card(session: Session, person_id: int, now: datetime) -> Card:
    return cards.card_of(told.card(connection_of(session), person_id, now.date().isoformat()))


def _told(
    session: Session,
    person_id: int,
    shared: Sequence[str],
    notes: Sequence[str],
    asks: Sequence[str],
    *,
    now: datetime,
    date_order: DateOrder | None,
    on: str | None = None,
    place: str | None = None,
) -> told.Person:
    """Keep what was told beside the card, and return the card as it stands then."""
    today = now.date().isoformat()
    if shared:
        know_myself(
            session,
            Said(into=tuple(cards.loved(each).label for each in shared)),
            Dropped(),
            now=now,
        )
    handle = told.card(connection_of(session), person_id, today).handle
    for note in notes:
        about = Beside(people=(handle,), on=on, place=place)
        talks.note(session, note, about, now=now, date_order=date_order)
    for words in asks:
        threads.open_one(session, words, [person_id], today)
    return told.card(connection_of(session), person_id, today)


def _describe_added(name: str) -> str:
    """Name the step that put somebody in the book."""
    return f"{name}, new in the book"
