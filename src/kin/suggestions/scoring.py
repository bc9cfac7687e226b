"""The arithmetic of reconnecting: each formula of the score, from plain numbers to a number.

The weights are in kin.suggestions.weights, the evidence in docs/explanation/reconnect.md.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from math import exp, log, prod
from typing import NamedTuple

from kin.suggestions import weights


class GapStatistics(NamedTuple):
    """How many gaps there are between days on which you talked, and their median in days."""

    number: int
    median: float


# Reasons


def compute_rarity(people_into: int, people: int) -> float:
    """Return how rare an interest is among so many people: 0 if everyone has it, 1 if one does."""
    if not people:
        return weights.DEFAULT_RARITY
    information = log((people + 1) / max(people_into, 1)) / log(people + 1)
    return (people * information + weights.RARITY_PRIOR * weights.DEFAULT_RARITY) / (
        people + weights.RARITY_PRIOR
    )


def compute_liveliness(lag_days: int | None, rhythm: float) -> float:
    """Return how alive an interest is between two people.

    `lag_days` counts from the last time it came up to the last note with them; None if it never did.
    """
    if lag_days is None:
        return weights.UNMENTIONED_LIVELINESS
    return float(
        weights.UNMENTIONED_LIVELINESS
        + (1 - weights.UNMENTIONED_LIVELINESS) * 2 ** (-lag_days / (2 * rhythm))
    )


def compute_interest_weight(
    stance_weight: float, rarity: float, liveliness: float, via: bool
) -> float:
    """Return the weight of one interest; `via` says that it is shared through a broader term."""
    weight = (
        weights.INTEREST_WEIGHT
        * stance_weight
        * (weights.COMMON_WEIGHT + weights.RARE_WEIGHT * rarity)
        * liveliness
    )
    return weight * weights.BROADER_FACTOR if via else weight


def combine_weights(parts: Iterable[float]) -> float:
    """Return how much several things weigh together: at least the greatest, never above 1."""
    return 1 - prod([1 - each for each in parts], start=1.0)


def compute_question_timeliness(due_in: int | None, age_days: int) -> float:
    """Return how timely a question is: by the days until its date (negative: past), else by its age."""
    if due_in is not None:
        return 0.0 if due_in > 0 else float(2 ** (due_in / weights.DUE_QUESTION_HALF_LIFE))
    if age_days < weights.QUESTION_WAIT:
        return 0.0
    return float(2 ** (-(age_days - weights.QUESTION_WAIT) / weights.QUESTION_HALF_LIFE))


def compute_date_nearness(in_days: int) -> float:
    """Return how near a date is: 1 today, 0 from DATE_WITHIN days on."""
    return max(0.0, 1 - in_days / weights.DATE_WITHIN)


def compute_reason(
    common_ground: float, spark: float, question_timeliness: float, date_nearness: float
) -> float:
    """Return how much reason there is for a hello; 0 means none."""
    return combine_weights(
        (
            common_ground,
            spark,
            weights.QUESTION_WEIGHT * question_timeliness,
            weights.DATE_WEIGHT * date_nearness,
        )
    )


# Rhythm


def compute_median(ordered: Sequence[int]) -> float:
    """Return the median of numbers in ascending order."""
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[~middle]) / 2


def compute_gaps(days: Sequence[int]) -> list[int]:
    """Return the gaps between distinct days in ascending order."""
    return list(map(operator.sub, days[1:], days))


def compute_assumed_rhythm(
    circle: str | None, load_book_gaps: Callable[[], GapStatistics]
) -> float:
    """Return the rhythm to assume before there is one, in days: by circle, else the book's median."""
    if circle is not None:
        return weights.CIRCLE_RHYTHMS[circle]
    book_gaps = load_book_gaps()
    return book_gaps.median if book_gaps.number >= weights.ENOUGH_GAPS else weights.DEFAULT_RHYTHM


def compute_rhythm(gaps: Sequence[int], assumed_rhythm: float) -> float:
    """Return how often two people talk, in days: the median gap, drawn towards the assumed rhythm."""
    if not gaps:
        return assumed_rhythm
    weighted_logs = len(gaps) * log(compute_median(gaps)) + weights.RHYTHM_PRIOR * log(
        assumed_rhythm
    )
    return exp(weighted_logs / (len(gaps) + weights.RHYTHM_PRIOR))


def compute_quiet(silence: int | None, rhythm: float) -> float:
    """Return how quiet it has been between two people: 0 within their rhythm, towards 1 after it.

    `silence` is the number of days since the last note, None if there is no note yet.
    """
    if silence is None:
        return weights.QUIET_WITHOUT_NOTES
    return max(0.0, (silence - rhythm) / (silence + rhythm))


# The score


def compute_back_off(ages: Iterable[int]) -> float:
    """Return the factor that remains after showings without a talk, by their ages in days."""
    return prod(
        (1 - weights.BACK_OFF_WEIGHT * 2 ** (-age / weights.BACK_OFF_HALF_LIFE) for age in ages),
        start=1.0,
    )


def compute_score(reason: float, quiet: float, back_off: float) -> float:
    """Return the score from its three factors."""
    return reason * (weights.QUIET_BASE + weights.QUIET_WEIGHT * quiet) * back_off


def draw_stable_random(*parts: str) -> float:
    """Return a number between 0 and 1 (exclusive) that depends only on these texts."""
    digest = blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**64


def compute_noise(uniform: float) -> float:
    """Turn a uniform random number into a little Gumbel noise."""
    return -weights.NOISE_SCALE * log(-log(uniform))
