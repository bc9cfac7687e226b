"""What to begin with: open questions about them, each built on something you noted.

Quoted, never conjugated; nothing about yourself; a template whose slot is empty is dropped.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

from kin.days import Day, Precision, short
from kin.queries import Hidden
from kin.queries.conversations import Note
from kin.queries.threads import Thread
from kin.text import clipped

MOST = 3
_QUOTED = 70  # cells of a quoted note: enough to remember by, short enough to glance at


class Question(NamedTuple):
    """Something to ask, and the thread, note or interest that it rests on."""

    text: str
    because: str
    thread: Hidden[bool] = False


def questions(
    threads: Sequence[Thread],
    talks: Sequence[Note],
    shared: Sequence[str],
    collides: Sequence[str],
    today: str,
) -> tuple[Question, ...]:
    """Return up to three questions: ripe threads, then their last words, then common ground, then a spark."""
    ripe = [thread for thread in threads if thread.due_on is None or thread.due_on <= today]
    found = [
        Question(_asked(thread.text), f"open since {_named(thread.opened_on)}", True)
        for thread in ripe[:2]
    ]
    last = talks[0] if talks else None
    if last and last.topics:
        found.append(
            Question(
                f"What is new with {last.topics[0]}?",
                f"{_named(last.on, last.precision)}: “{clipped(last.told, _QUOTED)}”",
            )
        )
    fresh = [label for label in shared if not last or label not in last.topics]
    if fresh:
        found.append(
            Question(
                f"What is alive for you in {fresh[0]} these days?", f"you are both into {fresh[0]}"
            )
        )
    if collides and talks:
        found.append(
            Question(
                f"How do you see {collides[0]} by now?",
                f"the two of you see {collides[0]} differently",
            )
        )
    return tuple(found[:MOST])


def _named(on: str, precision: str = "day") -> str:
    return short(Day(date.fromisoformat(on), cast(Precision, precision)))


def _asked(words: str) -> str:
    whole = words[:1].upper() + words[1:]
    return whole if whole.endswith(("?", ".", "!", "…")) else whole + "?"
