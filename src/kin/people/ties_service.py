"""How two people know each other."""

from sqlmodel import Session, col, select

from kin.book import undo_log as journal
from kin.book.models import Tie
from kin.book.session import connection_of
from kin.constants import ME
from kin.errors import UsageError
from kin.language import validation as checks
from kin.people import queries as people
from kin.people.ties import TiedPeople, describe_tie


def tie(session: Session, one: str, other: str, word: str) -> TiedPeople:
    """Write down that `one` is `other`'s `word`; said twice, it stands once."""
    db = connection_of(session)
    a, b = people.find(db, one), people.find(db, other)
    if a.id == b.id:
        raise UsageError(
            f"{a.name} cannot be tied to themselves.",
            "A tie needs two people: kin tie A B --as partner",
        )
    word = checks.line(word, "tie")
    held = select(Tie).where(col(Tie.a_id) == a.id, col(Tie.b_id) == b.id, col(Tie.word) == word)
    if session.exec(held).first() is None:
        session.add(Tie(a_id=a.id, b_id=b.id, word=word))
        session.flush()
    name, other_name = (None if each.id == ME else each.name for each in (a, b))
    journal.name(db, describe_tie(name, other_name, word))
    return TiedPeople(a.handle, a.name, b.handle, b.name, word)
