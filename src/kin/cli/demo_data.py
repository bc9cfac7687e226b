"""Telling the demo's people and conversations into a book, through the same services as everybody's."""

from datetime import datetime, time

from sqlmodel import Session

from kin.cli import demo_book as book
from kin.notes import new_person as meeting, questions_service as threads, service as conversations
from kin.notes.parser import Beside
from kin.people import ties_service as ties
from kin.people.card_changes import Dropped, Said


def fill(session: Session) -> None:
    """Fill an empty book with the demo's year; raises where its own words are unclear."""
    now = datetime.combine(book.TODAY, time(18))
    myself = Said(name=book.OWNER_NAME, lives=book.OWNER_LIVES, into=book.OWNER_INTO)
    meeting.know_myself(session, myself, Dropped(), now=now)
    for each in book.PEOPLE:
        meeting.meet(session, _said(each), each.share, (), (), now=now)
    for told in book.NOTES:
        conversations.note(session, told.text, Beside(by=told.by or None), now=now)
    for due in book.THREADS:
        threads.ask(session, due.who, due.text, due.due, now=now)
    for tied in book.TIES:
        ties.tie(session, tied.one, tied.other, tied.word)
    for who, word, outcome in book.HEARD:
        threads.heard(session, who, word, outcome, now=now)


def _said(each: book.Somebody) -> Said:
    return Said(
        name=each.name,
        nicknames=each.nicknames,
        into=(*each.into, *each.share),
        clash=each.clash,
        met=each.met,
        on=each.on,
        place=each.place or None,
        through=each.through or None,
        lives=each.lives or None,
        circle=each.circle or None,
        groups=each.groups,
        birthday=each.birthday or None,
        emails=each.emails,
    )
