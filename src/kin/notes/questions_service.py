"""Threads: opening one, and closing it with what came of it."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from kin.book import undo_log as journal
from kin.book.models import Thread, ThreadPerson
from kin.book.session import connection_of
from kin.config import DateOrder
from kin.constants import LONGEST_THREAD
from kin.errors import AmbiguousError, NotFoundError
from kin.language import dates, text, validation as checks
from kin.language.text import get_first_name
from kin.notes import questions as told
from kin.people import queries as people


def open_one(
    session: Session,
    words: str,
    person_ids: Iterable[int],
    opened_on: str,
    *,
    due_on: str | None = None,
    conversation_id: int | None = None,
) -> Thread:
    """Open a thread with these people."""
    thread = Thread(
        text=checks.line(words, "thread", LONGEST_THREAD),
        opened_on=opened_on,
        due_on=due_on,
        conversation_id=conversation_id,
    )
    session.add(thread)
    session.flush()
    assert thread.id is not None
    session.add_all(
        ThreadPerson(person_id=each, thread_id=thread.id) for each in dict.fromkeys(person_ids)
    )
    session.flush()
    return thread


def ask(
    session: Session,
    who: str,
    words: str,
    due: str | None,
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> told.PersonThread:
    """Open a thread with one person, ripe from the day `due` on if one is named."""
    found = people.find(connection_of(session), who)
    due_on = (
        dates.parse(due, now=now, prefer="future", date_order=date_order).on.isoformat()
        if due
        else None
    )
    thread = open_one(session, words, [found.id], now.date().isoformat(), due_on=due_on)
    journal.name(connection_of(session), _describe_asked(found.name, thread.text))
    return told.PersonThread(
        found.handle, found.name, thread.text, thread.opened_on, due_on, None, None
    )


def heard(
    session: Session, who: str, words: str | None, outcome: str | None, *, now: datetime
) -> told.PersonThread:
    """Close a thread: the only open one with this person, or the one that the words stand in."""
    db = connection_of(session)
    found = people.find(db, who)
    meant = _one_of(found, told.open_with(db, found.id, now.date().isoformat()), words)
    thread = session.get_one(Thread, meant.id)
    thread.heard_on = now.date().isoformat()
    thread.outcome = checks.storable(outcome, "outcome") if outcome else None
    session.add(thread)
    session.flush()
    journal.name(connection_of(session), _describe_answered(found.name, thread.text))
    return told.PersonThread(
        found.handle,
        found.name,
        thread.text,
        thread.opened_on,
        thread.due_on,
        thread.heard_on,
        thread.outcome,
    )


def _one_of(
    found: people.Found, threads: tuple[told.Thread, ...], words: str | None
) -> told.Thread:
    matching = [
        each for each in threads if words is None or text.fold(words) in text.fold(each.text)
    ]
    exact = [
        each for each in matching if words is not None and text.fold(words) == text.fold(each.text)
    ]
    matching = exact[:1] or matching
    if len(matching) == 1:
        return matching[0]
    candidates = tuple(each.text for each in matching or threads)
    listed = "; ".join(f"“{text.clipped(each, 60)}”" for each in candidates[:8])
    if matching:
        raise AmbiguousError(
            f"Several threads with {found.name} are open: {listed}.",
            f"Name one by a word of it: {text.command_line('kin heard', found.handle, 'WORD')}",
            candidates,
        )
    raise NotFoundError(
        f"No open thread with {found.name}" + (f" has “{words}” in it." if words else "."),
        f"Open are: {listed}"
        if threads
        else f"Open one: {text.command_line('kin ask', found.handle, 'how was the trip')}",
        candidates,
    )


def _describe_asked(name: str, thread: str) -> str:
    """Name the step that opened a thread."""
    return f"to ask {get_first_name(name)}: {thread}"


def _describe_answered(name: str, thread: str) -> str:
    """Name the step that closed a thread."""
    return f"heard from {get_first_name(name)}: {thread}"
