"""What the owner says of two interests; it wins over the shipped table and over what was said before."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from kin.book import interest_index, undo_log as journal
from kin.book.models import VocabularyWord
from kin.book.session import connection_of
from kin.errors import UsageError
from kin.interests import vocabulary as vocab
from kin.interests.vocabulary import Said, describe_saying
from kin.language import validation as checks
from kin.language.text import command_line, joined
from kin.vocabulary import catalog as vocabulary
from kin.vocabulary.taxonomy import Broader, Senses, Word, settled


def say(session: Session, saying: str, a: str, b: str, today: date) -> Said:
    """Write down that a is the `same` as b, `under` b, or `apart` from b, and settle all interests anew.

    Of two interests one thing is said; what undoes a word on others is refused.
    """
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
    before = interest_index.words(db)
    pair = (one, other)
    held = select(VocabularyWord).where(
        or_(*(_pair(first, second) for first, second in (pair, pair[::-1])))
    )
    for word in session.exec(held).all():
        old = (word.saying, word.a_label, word.b_label)
        told = told._replace(instead=None if old == (saying, a, b) else old)
        session.delete(word)
    session.flush()
    _check(before, interest_index.words(db), Word(saying, a, b))
    session.add(
        VocabularyWord(
            saying=saying, a_key=one, a_label=a, b_key=other, b_label=b, said_on=told.said_on
        )
    )
    session.flush()
    interest_index.settle(db)
    journal.name(db, describe_saying(saying, a, b).rstrip("."))
    return told


def _check(before: Sequence[Word], kept: Sequence[Word], new: Word) -> None:
    """Refuse what would undo another word of the owner, or make an interest a kind of itself."""
    held, settles = settled(before), settled([*kept, new])
    undone = [word for word in kept if held.holds(word) and not settles.holds(word)]
    if undone or not settles.holds(new):
        raise _in_the_way(new, undone)
    if new.saying == "apart":
        return
    ring = settles.ring(new.a)
    own = [word for word in kept if word.saying == "under" and _is_of(word, ring, settles)]
    if ring and (own or new.saying == "under"):
        raise _goes_round(new, ring, own, settles)


def _is_of(word: Word, ring: Sequence[Broader], senses: Senses) -> bool:
    step = senses.sense(word.a), senses.sense(word.b)
    return any((each.narrow, each.broad) == step for each in ring)


def _in_the_way(new: Word, undone: Sequence[Word]) -> UsageError:
    if not undone:
        return UsageError(
            _describe_no_effect(*new), "See what you have said of them: kin vocab list"
        )
    first = undone[0]
    instead = "same" if first.saying == "apart" else "apart"
    return UsageError(
        _describe_contradiction(new, undone),
        f"First take it back: {_command(instead, first.a, first.b)}",
    )


def _goes_round(
    new: Word, ring: Sequence[Broader], own: Sequence[Word], senses: Senses
) -> UsageError:
    """Name the steps of a ring, the one to take out first by the owner's own words."""

    def called(sense: str) -> str:
        for word in (new, *own):
            for label in (word.a, word.b):
                if senses.sense(label) == sense:
                    return label
        return dict(senses.names(sense)).get(sense, sense)

    steps = [(called(each.narrow), called(each.broad)) for each in ring]
    others = [step for step in steps if new.saying != "under" or step != (new.a, new.b)]
    first = (own[0].a, own[0].b) if own else others[0]
    return UsageError(
        _describe_ring(steps), f"First take one of them out: {_command('apart', *first)}"
    )


def _command(saying: str, a: str, b: str) -> str:
    return command_line("kin vocab", saying, a, b)


def _pair(a: str, b: str) -> ColumnElement[bool]:
    return and_(col(VocabularyWord.a_key) == a, col(VocabularyWord.b_key) == b)


def _describe_contradiction(
    new: tuple[str, str, str], undone: Sequence[tuple[str, str, str]]
) -> str:
    """Say which earlier words of the owner a new one would undo."""
    told = joined([describe_saying(*each).rstrip(".") for each in undone])
    return f"That {describe_saying(*new).rstrip('.')} cannot be while {told}, as you said."


def _describe_no_effect(saying: str, a: str, b: str) -> str:
    """Say that a word of the owner would have no effect."""
    return (
        f"That {describe_saying(saying, a, b).rstrip('.')} cannot be after all that you have said."
    )


def _describe_ring(steps: Sequence[tuple[str, str]]) -> str:
    """Say that interests would be kinds of each other in a ring."""
    told = [describe_saying("under", *each).rstrip(".") for each in steps]
    return f"That goes round in a ring: {joined(told)}."
