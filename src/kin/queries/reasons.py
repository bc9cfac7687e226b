"""Why somebody may be glad of a hello, said: each reason as a sentence, the leading one with your own words.

Its one rule: a reason quotes what was noted, and never says for how long nothing was.
"""

import sqlite3
from datetime import date
from typing import NamedTuple

from kin import sentences
from kin import weights as w
from kin.queries import Hidden, questions
from kin.queries.ranking import Reckoned, Weighed
from kin.text import clipped

_QUOTED = 90  # cells of a quotation in a reason


class Reason(NamedTuple):
    """A reason for a hello: shared, theirs, collides, thread, date or luck; `sense` is its interest's."""

    kind: str
    text: str
    weight: Hidden[float] = 0.0
    weighed: Hidden[Weighed | None] = None

    @property
    def label(self) -> str | None:
        """The interest that it rests on."""
        return (self.weighed.held.via or self.weighed.held.label) if self.weighed else None


def reasons(found: Reckoned) -> tuple[Reason, ...]:
    """Return all reasons, the strongest first."""
    told = [_of_interest(each, found) for each in found.interests]
    if found.thread:
        thread, ripeness = found.thread
        said = sentences.wanted_to_hear(thread.text, still=thread.due_in is None)
        told.append(Reason("thread", said, w.THREAD * ripeness))
    if found.date:
        near = sentences.day_comes(found.date.label, found.date.on, found.date.in_days)
        told.append(Reason("date", near, w.DATE * found.nearness))
    return tuple(sorted(told, key=lambda each: -each.weight))


def _of_interest(each: Weighed, found: Reckoned) -> Reason:
    label, name = each.held.label, found.who.name
    nobody_else = each.holders <= 1
    if each.kind == "collides":
        text = sentences.sees_differently(label)
    elif each.kind == "theirs":
        text = sentences.lights_up(name, label, nobody_else)
    elif each.held.via and each.held.through:
        text = sentences.care_kin(each.held.through.yours, name, label)
    else:
        text = sentences.care(label, each.lag == 0, nobody_else)
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
    if found.talks > 1 and found.silence is not None and found.silence > w.LONG_LOST * found.rhythm:
        said.append(sentences.LONG_LOST)
    return " ".join(said)


def _quote(db: sqlite3.Connection, person_id: int, each: Weighed, today: date) -> str | None:
    """Quote how they came to it, else the last note in which it came up."""
    note = note_on(db, person_id, each.held.interest)
    if note:
        return sentences.quoted(clipped(note, _QUOTED))
    if each.last_mentioned is None:
        return None
    told = questions.about(db, person_id, each.held.sense, today)
    return sentences.quoted(clipped(told.told, _QUOTED)) if told else None


def note_on(db: sqlite3.Connection, person_id: int, interest: int) -> str | None:
    """Return how somebody came to an interest."""
    row = db.execute(
        "SELECT note FROM person_interest WHERE person_id = ? AND interest_id = ?",
        (person_id, interest),
    ).fetchone()
    return row[0] if row else None
