"""What the owner says of two interests; it wins over the shipped table and over what was said before."""

from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from kin import checks, interest_index, journal, sentences, vocabulary
from kin.errors import UsageError
from kin.models import VocabularyWord
from kin.queries import vocab
from kin.queries.vocab import Said
from kin.store import connection_of


def say(session: Session, saying: str, a: str, b: str, today: date) -> Said:
    """Write down that a is the `same` as b, `under` b, or `apart` from b, and settle all interests anew."""
    a, b = checks.line(a, "interest"), checks.line(b, "interest")
    one, other = vocabulary.key(a), vocabulary.key(b)
    if not one or not other:
        raise UsageError(
            f"“{b if one else a}” is no interest that kin could find again.",
            "Use at least one letter or digit.",
        )
    if one == other:
        raise UsageError(
            f"“{a}” and “{b}” are two spellings of one word.", "They always mean the same."
        )
    told = Said(saying, a, b, today.isoformat())
    db = connection_of(session)
    if vocab.said(db)[-1:] == (told,):
        return told
    pair = (one, other)
    held = select(VocabularyWord).where(
        or_(*(_pair(first, second) for first, second in (pair, pair[::-1])))
    )
    for word in session.exec(held).all():
        session.delete(word)
    session.flush()
    session.add(
        VocabularyWord(
            saying=saying, a_key=one, a_label=a, b_key=other, b_label=b, said_on=told.said_on
        )
    )
    session.flush()
    interest_index.settle(db)
    journal.name(db, sentences.vocabulary_word(saying, a, b).rstrip("."))
    return told


def _pair(a: str, b: str) -> ColumnElement[bool]:
    return and_(col(VocabularyWord.a_key) == a, col(VocabularyWord.b_key) == b)
