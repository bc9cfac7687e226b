"""What two say to meeting each other, and that you brought them together.

Its one rule: nobody is connected before both said yes, and a no stands until the same person takes it back.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from sqlmodel import Session

from kin.book import undo_log as journal
from kin.book.models import Introduction, Person
from kin.book.session import connection_of
from kin.errors import AmbiguousError, KinError, NotFoundError, UsageError
from kin.language.text import command_line, joined
from kin.people import queries as people, ties_service as ties
from kin.people.queries import Found
from kin.people.ties import INTRODUCED
from kin.suggestions import introduce
from kin.suggestions.introduce import Pair

_TOLD_APART = 8  # others named in one error


class NotAgreedError(KinError):
    """Somebody has not said yes to meeting."""


def answer(
    session: Session,
    asked: Sequence[str],
    yes: Iterable[str],
    no: Iterable[str],
    made: bool,
    today: date,
) -> Pair:
    """Write down who said yes and who no, and, with `made`, that you brought the two together.

    `asked` names the pair, or one of it, or nobody: whoever answers belongs to it as well.
    """
    db = connection_of(session)
    said = _said(db, yes, no)
    named = tuple(dict.fromkeys((*introduce.asked(db, asked), *said)))
    one, other = sorted(_pair(session, named, today, made))
    kept = session.get(Introduction, (one.id, other.id)) or Introduction(a_id=one.id, b_id=other.id)
    kept.a_said = said.get(one, kept.a_said)
    kept.b_said = said.get(other, kept.b_said)
    session.add(kept)
    if made:
        _bring_together(session, kept, one, other, today)
    session.flush()
    journal.name(db, _describe_introduction(one.name, other.name))
    return introduce.pair(db, today, one, other)


def _said(db: sqlite3.Connection, yes: Iterable[str], no: Iterable[str]) -> dict[Found, str]:
    """Return who says what; refuse two answers of one person."""
    said: dict[Found, str] = {}
    for word, of in (("yes", yes), ("no", no)):
        for found in chain.from_iterable(introduce.asked(db, [who]) for who in of):
            if said.setdefault(found, word) != word:
                raise UsageError(f"{found.name} said both yes and no.", "Nothing was written.")
    return said


def _bring_together(
    session: Session, kept: Introduction, one: Found, other: Found, today: date
) -> None:
    for who, said in ((one, kept.a_said), (other, kept.b_said)):
        if said != "yes":
            changed, asks = (
                ("If that changes", "said no") if said else ("Once they do", "has not said yes yet")
            )
            raise NotAgreedError(
                f"{who.name} {asks}; nothing was written.",
                f"{changed}: {_command(one.handle, other.handle, yes_from=who.handle)}",
            )
    kept.made_on = kept.made_on or today.isoformat()
    ties.tie(session, one.handle, other.handle, INTRODUCED)


def _command(*handles: str, yes_from: str | None = None) -> str:
    options = () if yes_from is None else ("--yes-from", yes_from)
    return command_line("kin introduce", *handles, options=options)


def _pair(
    session: Session, named: tuple[Found, ...], today: date, made: bool
) -> tuple[Found, Found]:
    """Return the two who are meant: named both, or the only open pair of the one who is named."""
    if len(named) == 2:
        return named[0], named[1]
    if len(named) > 2:
        raise UsageError(
            f"{joined([each.name for each in named])} are more than two.",
            "One pair at a time: kin introduce A B --yes-from A",
        )
    found = _open(session, named, today, made)
    if len(found) == 1:
        return found[0]
    whom = f" with {named[0].name}" if named else ""
    if not found:
        raise NotFoundError(
            f"No introduction{whom} is waiting.", "Name both: kin introduce A B --yes-from A"
        )
    raise _several(session, found, named)


def _open(
    session: Session, named: tuple[Found, ...], today: date, made: bool
) -> list[tuple[Found, Found]]:
    """Return the pairs that may be meant; only those who both said yes can be brought together."""
    db = connection_of(session)
    waiting = {
        ids: said
        for ids, said in introduce.answers(db).items()
        if said.is_open and all(each.id in ids for each in named)
    }
    if made:
        found = [ids for ids, said in waiting.items() if said.is_ready] or list(waiting)
    else:
        proposed = introduce.pairs(db, today, named[0], most=0) if named else ()
        found = list(dict.fromkeys([*waiting, *(pair.ids for pair in proposed)]))
    return [(_found(session, one), _found(session, other)) for one, other in found]


def _found(session: Session, person_id: int) -> Found:
    person = session.get_one(Person, person_id)
    return Found(person_id, person.handle, person.name)


def _several(
    session: Session, found: Sequence[tuple[Found, Found]], named: tuple[Found, ...]
) -> AmbiguousError:
    """Say between whom kin does not choose."""
    if not named:
        told = [" ".join(each.handle for each in pair) for pair in found]
        return AmbiguousError(
            "Several pairs are waiting for you.",
            f"Name one: {_command(*(each.handle for each in found[0]))}",
            tuple(told),
        )
    others = [next(each for each in pair if each not in named) for pair in found]
    shown = people.apart(connection_of(session), [each.handle for each in others[:_TOLD_APART]])
    more = len(others) - len(shown)
    return AmbiguousError(
        f"{named[0].name} may meet {joined([*shown, *([f'{more} more'] if more else [])], 'or')}.",
        f"Name both: {_command(named[0].handle, others[0].handle)}",
        tuple(each.handle for each in others),
    )


def _describe_introduction(one: str, other: str) -> str:
    """Name the step in which one of two answered, or you brought them together."""
    return f"introduction of {one} and {other}"
