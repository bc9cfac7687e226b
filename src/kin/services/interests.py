"""Interests in the book: the one row that all spellings of an interest share, and from whom one has it."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from kin import checks, interest_index, vocabulary
from kin.errors import UsageError
from kin.models import Caught, Interest, PersonInterest
from kin.queries import people
from kin.store import connection_of


def resolve(session: Session, label: str) -> Interest:
    """Return the interest that these words name, made with this spelling where it is new."""
    label = checks.line(label, "interest")
    key = vocabulary.key(label)
    if not key:
        raise UsageError(
            f"“{label}” is no interest that kin could find again.",
            "Use at least one letter or digit.",
        )
    found = session.exec(select(Interest).where(col(Interest.key) == key)).first()
    if found is None:
        found = Interest(key=key, label=label)
        session.add(found)
        interest_index.learn(connection_of(session), label)
    return found


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
