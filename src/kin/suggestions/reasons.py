"""Why somebody may be glad of a hello, said: each reason as a sentence, the leading one with your own words.

Its one rule: a reason quotes what was noted, and never says for how long nothing was.
"""

import sqlite3
from datetime import date
from typing import NamedTuple

from kin.language.text import add_quotes, clipped, get_first_name
from kin.records import Hidden
from kin.suggestions import openers as questions, weights as w
from kin.suggestions.ranking import Reckoned, Weighed

_LONG_LOST = "A long-lost friend; a hello is more welcome than it feels."


_QUOTED = 90  # cells of a quotation in a reason


class Reason(NamedTuple):
    """A reason for a hello: shared, theirs, collides, thread, date or luck."""

    kind: str
    text: str
    weight: Hidden[float] = 0.0
    weighed: Hidden[Weighed | None] = None

    @property
    def label(self) -> str | None:
        """The interest that it rests on: where it is shared through a broader one, that."""
        if self.weighed is None:
            return None
        held = self.weighed.held
        return (held.via if self.kind == "shared" else None) or held.label

    @property
    def senses(self) -> frozenset[str]:
        """What it is about: their interest, and the broader one through which it is shared."""
        if self.weighed is None:
            return frozenset()
        held = self.weighed.held
        broad = held.through.broad if held.through and self.kind == "shared" else None
        return frozenset((held.sense, broad) if broad else (held.sense,))


def reasons(found: Reckoned) -> tuple[Reason, ...]:
    """Return all reasons, the strongest first."""
    told = [_of_interest(each, found) for each in found.interests]
    if found.thread:
        thread, ripeness = found.thread
        words = clipped(thread.text, _QUOTED)
        said = _describe_question(words, still=thread.due_in is None)
        told.append(Reason("thread", said, w.THREAD * ripeness))
    if found.date:
        near = _describe_date(found.date.label, found.date.on, found.date.in_days)
        told.append(Reason("date", near, w.DATE * found.nearness))
    return tuple(sorted(told, key=lambda each: -each.weight))


def _of_interest(each: Weighed, found: Reckoned) -> Reason:
    label, name = each.held.label, found.who.name
    nobody_else = each.holders <= 1
    if each.kind == "collides":
        text = _describe_difference(label)
    elif each.kind == "theirs":
        text = _describe_theirs(name, label, each.lag == 0, nobody_else)
    elif each.held.via and each.held.through:
        text = _describe_related(each.held.through.yours, name, label)
    else:
        text = _describe_shared(label, each.lag == 0, nobody_else)
    return Reason(each.kind, text, each.weight, each)


def because(
    db: sqlite3.Connection, lead: Reason, others: tuple[Reason, ...], found: Reckoned, today: date
) -> str:
    """Say the leading reason with your own words on it; a day alone takes the next reason along."""
    said = [lead.text]
    if lead.weighed:
        quote = _quote(db, found.who.id, lead.weighed, today)
        said += [quote] if quote else []
    elif lead.kind == "date" and others:
        said.append(others[0].text)
    if found.talks > 1 and (found.time.silence or 0) > w.LONG_LOST * found.time.rhythm:
        said.append(_LONG_LOST)
    return " ".join(said)


def _quote(db: sqlite3.Connection, person_id: int, each: Weighed, today: date) -> str | None:
    """Quote how they came to it, else the last note in which it came up."""
    note = note_on(db, person_id, each.held.sense)
    if note:
        return add_quotes(clipped(note, _QUOTED))
    if each.last_mentioned is None:
        return None
    told = questions.about(db, person_id, each.held.sense, today)
    return add_quotes(clipped(told.told, _QUOTED)) if told else None


def note_on(db: sqlite3.Connection, person_id: int, sense: str) -> str | None:
    """Return how somebody came to an interest, under whatever name."""
    row = db.execute(
        "SELECT pi.note FROM person_interest pi JOIN interest i ON i.id = pi.interest_id "
        "JOIN interest_name n ON n.key = i.key WHERE pi.person_id = ? AND n.sense = ? AND pi.note IS NOT NULL "
        "ORDER BY i.label LIMIT 1",
        (person_id, sense),
    ).fetchone()
    return row[0] if row else None


def _describe_shared(label: str, last_time: bool, nobody_else: bool) -> str:
    """Say what two people share."""
    if nobody_else:
        return f"You both care about {label}, and nobody else you know does."
    return f"You both care about {label}{', and that came up last time' if last_time else ''}."


def _describe_related(label: str, name: str, theirs: str) -> str:
    """Say what two people share through a broader term."""
    return f"You are into {label}, and {get_first_name(name)} is into {theirs}."


def _describe_theirs(name: str, label: str, last_time: bool, nobody_else: bool) -> str:
    """Say what somebody loves that you know little of."""
    if nobody_else:
        return f"{get_first_name(name)} is into {label}, and nobody else you know is."
    more = "and that came up last time" if last_time else "and there is more to hear"
    return f"{get_first_name(name)} is into {label}, {more}."


def _describe_difference(label: str) -> str:
    """Say where two people differ."""
    return f"You two see {add_quotes(label)} differently; worth another round."


def _describe_question(text: str, still: bool) -> str:
    """Say what you wanted to hear the end of."""
    return f"You {'still want' if still else 'wanted'} to hear: {add_quotes(text)}."


def _describe_date(label: str, on: date, in_days: int) -> str:
    """Say which day comes: Birthday on Thursday."""
    named = {0: "today", 1: "tomorrow", 7: "a week today"}
    when = named.get(in_days) or f"on {on:%A}"
    return f"{label[:1].upper()}{label[1:]} {when}."
