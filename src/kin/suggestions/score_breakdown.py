"""Every term of a score, as numbers: what `kin reconnect --why` shows, so that it can be reckoned by hand.

The formulae stand in docs/explanation/reconnect.md; weights and terms are between 0 and 1.
"""

from typing import NamedTuple

from kin.records import Hidden
from kin.suggestions import scoring as reckoning
from kin.suggestions.ranking import Reckoned, Weighed
from kin.suggestions.reasons import Reason
from kin.suggestions.reconnect import Suggestion, Who

_DIGITS = 4


class Term(NamedTuple):
    """One interest in the score: how many are into it, how rare and alive it is, and what it weighs.

    Where it is shared through the broader `via`, `people_into` and `rarity` are of that. `lag_days` lie
    between its last mention and your last talk; None where it never came up.
    """

    kind: str
    interest: str
    via: str | None
    people_into: int
    rarity: float
    lag_days: int | None
    liveliness: float
    weight: float


class Why(NamedTuple):
    """All terms of one person's score, in the order in which they are reckoned, and what they are made of.

    Days are None where there is none: `thread_due_days_ago` for a thread without a day of its own.
    """

    people: int
    interests: tuple[Term, ...]
    common_ground: float
    spark: float
    thread: float
    thread_due_days_ago: int | None
    thread_opened_days_ago: int | None
    date: float
    date_in_days: int | None
    reason: float
    gap_days: int
    median_gap: float | None
    usual_days: float
    rhythm_days: float
    silence_days: int | None
    quiet: float
    shown_days_ago: tuple[int, ...]
    back_off: float
    score: float
    luck: float
    thread_text: Hidden[str] = ""
    date_label: Hidden[str] = ""


class Explained(NamedTuple):
    """A suggestion with all that its place in the list is made of."""

    person: Who
    because: str
    interest: str | None
    reasons: tuple[Reason, ...]
    question: str | None
    why: Why
    question_because: Hidden[str] = ""


def explained(each: Suggestion, people: int) -> Explained:
    """Return a suggestion with its terms; `people` are all others in the book."""
    shown = (each.person, each.because, each.interest, each.reasons, each.question)
    return Explained(*shown, why(each.reckoned, people), each.question_because)


def why(found: Reckoned, people: int) -> Why:
    """Return all terms of somebody's score."""
    time = found.time
    thread = found.thread[0] if found.thread else None
    return Why(
        people=people,
        interests=tuple(map(_term, found.interests)),
        common_ground=_round(found.ground),
        spark=_round(found.spark),
        thread=_round(found.ripeness),
        thread_due_days_ago=-thread.due_in if thread and thread.due_in is not None else None,
        thread_opened_days_ago=thread.age if thread else None,
        date=_round(found.nearness),
        date_in_days=found.date.in_days if found.date else None,
        reason=_round(found.reason),
        gap_days=len(time.gaps),
        median_gap=reckoning.median(time.gaps) if time.gaps else None,
        usual_days=_round(time.usual),
        rhythm_days=_round(time.rhythm),
        silence_days=time.silence,
        quiet=_round(time.quiet),
        shown_days_ago=time.shown,
        back_off=_round(time.left),
        score=_round(found.score),
        luck=_round(found.jitter),
        thread_text=thread.text if thread else "",
        date_label=found.date.label if found.date else "",
    )


def _term(each: Weighed) -> Term:
    return Term(
        each.kind,
        each.held.label,
        each.held.via if each.kind == "shared" else None,
        each.holders,
        _round(each.rarity),
        each.lag,
        _round(each.liveliness),
        _round(each.weight),
    )


def _round(number: float) -> float:
    return round(number, _DIGITS)
