"""Interests in the book: the one row that all spellings of an interest share."""

from sqlmodel import Session, col, select

from kin import vocabulary
from kin.errors import UsageError
from kin.models import Interest
from kin.services import checks


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
        session.flush()
    return found
