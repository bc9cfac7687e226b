"""The reasons for a hello in words: one sentence each, the leading one with a quote from your notes.

A reason never says how long nothing was noted.
"""

import sqlite3
from datetime import date
from typing import NamedTuple

from kin.language.text import add_quotes, get_first_name, truncate
from kin.records import Hidden
from kin.suggestions import openers, weights
from kin.suggestions.ranking import Score, ScoredInterest

_LONG_LOST = "A long-lost friend; a hello is more welcome than it feels."

_REASON_QUOTE_WIDTH = 90  # cells of a quote in a reason


class Reason(NamedTuple):
    """A reason for a hello; `kind` is shared, theirs, differ, question, date or luck."""

    kind: str
    text: str
    weight: Hidden[float] = 0.0
    scored_interest: Hidden[ScoredInterest | None] = None

    @property
    def label(self) -> str | None:
        """The interest it is about; the broader one, if it is shared through that."""
        if self.scored_interest is None:
            return None
        interest = self.scored_interest.interest
        return (interest.via if self.kind == "shared" else None) or interest.label

    @property
    def senses(self) -> frozenset[str]:
        """The senses of that interest: their own, and the broader one through which it is shared."""
        if self.scored_interest is None:
            return frozenset()
        interest = self.scored_interest.interest
        broader_sense = (
            interest.overlap.broader_sense if interest.overlap and self.kind == "shared" else None
        )
        return frozenset((interest.sense, broader_sense) if broader_sense else (interest.sense,))


def list_reasons(score: Score) -> tuple[Reason, ...]:
    """Return all reasons, the strongest first."""
    reasons = [_build_interest_reason(each, score) for each in score.interests]
    if score.question:
        question, timeliness = score.question
        question_text = _describe_question(question.text, has_date=question.due_in is not None)
        reasons.append(Reason("question", question_text, weights.QUESTION_WEIGHT * timeliness))
    if score.date:
        date_text = _describe_date(score.date.label, score.date.on, score.date.in_days)
        reasons.append(Reason("date", date_text, weights.DATE_WEIGHT * score.date_nearness))
    return tuple(sorted(reasons, key=lambda each: -each.weight))


def format_because(
    db: sqlite3.Connection,
    leading_reason: Reason,
    others: tuple[Reason, ...],
    score: Score,
    today: date,
) -> str:
    """Return the leading reason with a quote from your notes; a date takes the next reason along."""
    parts = [leading_reason.text]
    if leading_reason.scored_interest:
        quote = _quote_interest_source(
            db, score.candidate.id, leading_reason.scored_interest, today
        )
        parts += [quote] if quote else []
    elif leading_reason.kind == "date" and others:
        parts.append(others[0].text)
    if (
        score.note_days > 1
        and (score.time.silence or 0) > weights.LONG_LOST_RHYTHMS * score.time.rhythm
    ):
        parts.append(_LONG_LOST)
    return " ".join(parts)


def find_interest_note(db: sqlite3.Connection, person_id: int, sense: str) -> str | None:
    """Return how someone came to an interest, under any of its names."""
    row = db.execute(
        "SELECT pi.note FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
        "JOIN interest_name n ON n.key = i.key WHERE pi.person_id = ? AND n.sense = ? AND pi.note IS NOT NULL "
        "ORDER BY i.label LIMIT 1",
        (person_id, sense),
    ).fetchone()
    return row[0] if row else None


def _quote_interest_source(
    db: sqlite3.Connection, person_id: int, scored_interest: ScoredInterest, today: date
) -> str | None:
    """Quote how they came to it, else the last note in which it came up."""
    note = find_interest_note(db, person_id, scored_interest.interest.sense)
    if note:
        return add_quotes(truncate(note, _REASON_QUOTE_WIDTH))
    if scored_interest.last_came_up is None:
        return None
    last_note = openers.find_last_note_about(db, person_id, scored_interest.interest.sense, today)
    return add_quotes(truncate(last_note.body, _REASON_QUOTE_WIDTH)) if last_note else None


def _build_interest_reason(scored_interest: ScoredInterest, score: Score) -> Reason:
    label, name = scored_interest.interest.label, score.candidate.name
    is_only_one = scored_interest.people_into <= 1
    if scored_interest.kind == "differ":
        text = f"You two see {add_quotes(label)} differently; worth another round."
    elif scored_interest.kind == "theirs":
        text = _describe_theirs(name, label, scored_interest.lag_days == 0, is_only_one)
    elif scored_interest.interest.via and scored_interest.interest.overlap:
        your_label = scored_interest.interest.overlap.your_label
        text = f"You’re into {your_label}, and {get_first_name(name)} is into {label}."
    else:
        text = _describe_shared(label, scored_interest.lag_days == 0, is_only_one)
    return Reason(scored_interest.kind, text, scored_interest.weight, scored_interest)


def _describe_shared(label: str, came_up_last_time: bool, is_only_one: bool) -> str:
    if is_only_one:
        return f"You both love {label}, and no one else you know does."
    return f"You both love {label}{', and that came up last time' if came_up_last_time else ''}."


def _describe_theirs(name: str, label: str, came_up_last_time: bool, is_only_one: bool) -> str:
    if is_only_one:
        return f"{get_first_name(name)} is into {label}, and no one else you know is."
    more = "and that came up last time" if came_up_last_time else "and there’s more to hear"
    return f"{get_first_name(name)} is into {label}, {more}."


def _describe_question(text: str, has_date: bool) -> str:
    quote = add_quotes(openers.format_as_question(truncate(text, _REASON_QUOTE_WIDTH)))
    return f"You meant to ask: {quote}" if has_date else f"You’ve been meaning to ask: {quote}"


def _describe_date(label: str, on: date, in_days: int) -> str:
    named_days = {0: "today", 1: "tomorrow", 7: "a week from today"}
    when = named_days.get(in_days) or f"on {on:%A}"
    return f"{label[:1].upper()}{label[1:]} {when}."
