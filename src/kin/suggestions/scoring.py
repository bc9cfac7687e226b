"""The arithmetic of reconnecting: each formula of the score, from plain numbers to a number.

Its one rule: it knows interests, days and counts, never people; the weights stand in kin.suggestions.weights, the
evidence in docs/explanation/reconnect.md.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from math import exp, log, prod
from typing import NamedTuple

from kin.suggestions import weights as w


class Gaps(NamedTuple):
    """How many gaps there are between days of talking, and their median in days."""

    number: int
    median: float


def rarity(holders: int, people: int) -> float:
    """Return how rare an interest is among the people in the book: 0 everybody's, 1 one person's."""
    if not people:
        return w.RARITY_AT_FIRST
    told = log((people + 1) / max(holders, 1)) / log(people + 1)
    return (people * told + w.RARITY_PRIOR * w.RARITY_AT_FIRST) / (people + w.RARITY_PRIOR)


def liveliness(lag: int | None, rhythm: float) -> float:
    """Return how alive an interest is: `lag` days from its last mention to the last talk, None for never."""
    if lag is None:
        return w.UNSPOKEN
    return float(w.UNSPOKEN + (1 - w.UNSPOKEN) * 2 ** (-lag / (2 * rhythm)))


def atom(stance: float, rare: float, alive: float, via: bool) -> float:
    """Return what one interest weighs; `via`: it is shared through a broader term."""
    whole = w.ATOM * stance * (w.COMMON + w.RARE * rare) * alive
    return whole * w.THROUGH_BROADER if via else whole


def together(parts: Iterable[float]) -> float:
    """Return how much several things tell together: at least the greatest, never above 1."""
    return 1 - prod([1 - each for each in parts], start=1.0)


def thread(due_in: int | None, age: int) -> float:
    """Return how ripe a thread is: by the days to its day (negative: since), else by its age in days."""
    if due_in is not None:
        return 0.0 if due_in > 0 else float(2 ** (due_in / w.THREAD_HALVES_DUE))
    if age < w.THREAD_RESTS:
        return 0.0
    return float(2 ** (-(age - w.THREAD_RESTS) / w.THREAD_HALVES))


def nearness(in_days: int) -> float:
    """Return how near a day is."""
    return max(0.0, 1 - in_days / w.DATE_WITHIN)


def reason(ground: float, spark: float, threads: float, dates: float) -> float:
    """Return the reason for a hello; 0: there is none."""
    return together((ground, spark, w.THREAD * threads, w.DATE * dates))


def median(ordered: Sequence[int]) -> float:
    """Return the median of ordered numbers."""
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[~middle]) / 2


def gaps(days: Sequence[int]) -> list[int]:
    """Return the gaps between ordered distinct days."""
    return list(map(operator.sub, days[1:], days))


def usual(circle: str | None, of_the_book: Callable[[], Gaps]) -> float:
    """Return the rhythm assumed before there is one, in days: the circle's, else the book's own."""
    if circle is not None:
        return w.RHYTHM_OF[circle]
    book = of_the_book()
    return book.median if book.number >= w.ENOUGH_GAPS else w.RHYTHM_ELSE


def rhythm(own: Sequence[int], assumed: float) -> float:
    """Return how often two people talk, in days: the median of their ordered gaps, drawn to what is assumed."""
    if not own:
        return assumed
    told = len(own) * log(median(own)) + w.RHYTHM_PRIOR * log(assumed)
    return exp(told / (len(own) + w.RHYTHM_PRIOR))


def quiet(silence: int | None, usually: float) -> float:
    """Return how quiet it is for the two: 0 inside their rhythm; without a talk in between."""
    if silence is None:
        return w.QUIET_UNMET
    return max(0.0, (silence - usually) / (silence + usually))


def back_off(ages: Iterable[int]) -> float:
    """Return what is left after showings that were not taken up, by their ages in days."""
    return prod((1 - w.SHOWN * 2 ** (-age / w.SHOWN_FADES) for age in ages), start=1.0)


def score(why: float, quietness: float, left: float) -> float:
    """Return the score."""
    return why * (w.STILL + w.QUIET * quietness) * left


def lot(*drawn: str) -> float:
    """Return a number above 0 and below 1, the same for the same words on every machine."""
    digest = blake2b("\0".join(drawn).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**64


def jitter(drawn: float) -> float:
    """Return a little of Gumbel's noise, from a lot."""
    return -w.JITTER * log(-log(drawn))
