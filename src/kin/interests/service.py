"""Interests in the book: the one row that all spellings of an interest share."""

from sqlmodel import Session, col, select

from kin.book import interest_index
from kin.book.models import Interest
from kin.book.session import connection_of
from kin.errors import UsageError
from kin.language import validation as checks
from kin.vocabulary import catalog as vocabulary


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
