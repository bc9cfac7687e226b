"""From whom someone caught an interest."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from kin.book.models import Caught, Interest, PersonInterest
from kin.book.session import connection_of
from kin.errors import UsageError
from kin.people import queries as people
from kin.vocabulary import catalog as vocabulary


def catch(session: Session, person_id: int, labels: Iterable[str], who: str) -> None:
    """Write down from whom somebody caught these interests, which are on their card."""
    giver = people.find(connection_of(session), who)
    if giver.id == person_id:
        raise UsageError(f"{giver.name} cannot have caught it from themselves.")
    keys = [vocabulary.key(label) for label in labels]
    held = (
        select(PersonInterest.id)
        .join(Interest)
        .where(col(PersonInterest.person_id) == person_id, col(Interest.key).in_(keys))
    )
    for link in session.exec(held).all():
        session.merge(Caught(link_id=link or 0, from_id=giver.id))
    session.flush()
