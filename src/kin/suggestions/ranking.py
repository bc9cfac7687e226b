"""The order of `kin reconnect`: everyone with a reason for a hello, best score first.

Upper bounds that are quick to compute come first; the exact score, which has to look up when each
interest last came up, is computed only for people whose bound may still lead.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from math import log
from typing import NamedTuple

from kin.interests import queries as interests_queries
from kin.suggestions import scoring, weights
from kin.suggestions.candidates import (
    Candidate,
    CandidateDate,
    CandidateInterest,
    Candidates,
    OpenQuestion,
    Rhythm,
    parse_ordinal,
)


class ScoredInterest(NamedTuple):
    """One interest of a person with its weight; `kind` is shared, differ or theirs.

    `lag_days` counts from the last time it came up to your last talk.
    """

    interest: CandidateInterest
    kind: str
    people_into: int
    rarity: float
    last_came_up: str | None
    lag_days: int | None
    liveliness: float
    weight: float


class TimeFactors(NamedTuple):
    """How time changes a score, in days; `silence` is None before the first note."""

    gaps: tuple[int, ...]
    assumed_rhythm: float
    rhythm: float
    silence: int | None
    quiet: float
    shown_days_ago: tuple[int, ...]
    back_off: float


class Score(NamedTuple):
    """A person's score and its parts; `note_days` is on how many days you talked."""

    candidate: Candidate
    interests: tuple[ScoredInterest, ...]
    question: tuple[OpenQuestion, float] | None
    date: CandidateDate | None
    common_ground: float
    spark: float
    question_timeliness: float
    date_nearness: float
    reason: float
    note_days: int
    time: TimeFactors
    value: float
    noise: float

    @property
    def rank_value(self) -> float:
        """What people are ordered by."""
        return log(self.value) + self.noise


_ROUGH, _CLOSER, _EXACT = range(3)  # how good the bound of someone in the heap is
_ROUNDING = 1e-9  # a bound may be off by this, as it multiplies in another order


def rank_candidates(
    candidates: Candidates, is_wanted: Callable[[Candidate], bool], seed: str = ""
) -> Iterator[Score]:
    """Yield everyone who has a reason for a hello and may be shown today, best first."""
    heap: list[tuple[float, int, str, Candidate, Score | None]] = [
        (-bound, _ROUGH, each.handle, each, None)
        for each in iter_eligible(candidates)
        if is_wanted(each) and (bound := _compute_upper_bound(candidates, each, seed)) is not None
    ]
    heapify(heap)
    while heap:
        bound, stage, handle, candidate, score = heappop(heap)
        if score:
            yield score
        elif stage == _ROUGH:
            heappush(
                heap,
                (
                    bound - _compute_time_penalty(candidates, candidate),
                    _CLOSER,
                    handle,
                    candidate,
                    None,
                ),
            )
        elif (score := score_candidate(candidates, candidate, seed)).value:
            heappush(heap, (-score.rank_value, _EXACT, handle, candidate, score))


def iter_eligible(candidates: Candidates) -> Iterator[Candidate]:
    """Yield everyone but those you have just talked to; a question due since then brings them back."""
    for each in candidates.people.values():
        if not has_just_talked(candidates, each) or _has_newly_due_question(candidates, each):
            yield each


def has_just_talked(candidates: Candidates, candidate: Candidate) -> bool:
    """Return whether you talked to someone in the last few days."""
    return candidate.id in candidates.just_talked_ids


def _has_newly_due_question(candidates: Candidates, candidate: Candidate) -> bool:
    last_note_in = _get_last_ordinal(candidates.rhythms[candidate.id]) - candidates.today_ordinal
    open_questions = candidates.open_questions.get(candidate.id, ())
    return any(
        each.due_in is not None and last_note_in < each.due_in <= 0 for each in open_questions
    )


def _compute_upper_bound(candidates: Candidates, candidate: Candidate, seed: str) -> float | None:
    """Return the highest rank value possible: every interest at its most alive, the time at its most quiet."""
    remainder = candidates.remainders.get(candidate.id, 1.0)
    if candidate.id in candidates.open_questions:
        remainder *= (
            1 - weights.QUESTION_WEIGHT * _find_timeliest_question(candidates, candidate)[1]
        )
    if candidate.id in candidates.upcoming_dates:
        remainder *= 1 - weights.DATE_WEIGHT * _find_nearest_date(candidates, candidate)[1]
    if remainder == 1.0:
        return None
    return (
        log(scoring.compute_score(1 - remainder, 1.0, 1.0))
        + scoring.compute_noise(candidates.draw_daily_random(candidate, seed))
        + _ROUNDING
    )


def _compute_time_penalty(candidates: Candidates, candidate: Candidate) -> float:
    """Return how much time lowers that bound."""
    time = _compute_time_factors(candidates, candidate, candidates.rhythms.get(candidate.id))
    return log(
        scoring.compute_score(1.0, time.quiet, time.back_off) / scoring.compute_score(1.0, 1.0, 1.0)
    )


def _find_timeliest_question(
    candidates: Candidates, candidate: Candidate
) -> tuple[OpenQuestion | None, float]:
    open_questions = candidates.open_questions.get(candidate.id)
    if not open_questions:
        return None, 0.0
    sortable = [
        (
            -scoring.compute_question_timeliness(each.due_in, each.age_days),
            each.text,
            -each.age_days,
            each,
        )
        for each in open_questions
    ]
    negative_timeliness, *_, question = min(sortable)
    return question, -negative_timeliness


def _find_nearest_date(
    candidates: Candidates, candidate: Candidate
) -> tuple[CandidateDate | None, float]:
    dates = candidates.upcoming_dates.get(candidate.id)
    if not dates:
        return None, 0.0
    nearest_date = min(dates, key=lambda each: (each.in_days, each.kind != "birthday", each.label))
    return nearest_date, scoring.compute_date_nearness(nearest_date.in_days)


def score_candidate(candidates: Candidates, candidate: Candidate, seed: str = "") -> Score:
    """Compute a person's score with all its parts."""
    contact_rhythm = candidates.rhythms.get(candidate.id)
    time = _compute_time_factors(candidates, candidate, contact_rhythm)
    scored_interests = _score_interests(candidates, candidate, contact_rhythm, time.rhythm)
    question, timeliness = _find_timeliest_question(candidates, candidate)
    nearest_date, date_nearness = _find_nearest_date(candidates, candidate)
    common_ground = scoring.combine_weights(
        each.weight for each in scored_interests if each.kind != "differ"
    )
    spark = scoring.combine_weights(
        each.weight for each in scored_interests if each.kind == "differ"
    )
    reason = scoring.compute_reason(common_ground, spark, timeliness, date_nearness)
    return Score(
        candidate=candidate,
        interests=scored_interests,
        question=(question, timeliness) if question and timeliness else None,
        date=nearest_date,
        common_ground=common_ground,
        spark=spark,
        question_timeliness=timeliness,
        date_nearness=date_nearness,
        reason=reason,
        note_days=contact_rhythm.day_count if contact_rhythm else 0,
        time=time,
        value=scoring.compute_score(reason, time.quiet, time.back_off),
        noise=scoring.compute_noise(candidates.draw_daily_random(candidate, seed)),
    )


def _compute_time_factors(
    candidates: Candidates, candidate: Candidate, contact_rhythm: Rhythm | None
) -> TimeFactors:
    gaps = tuple(sorted(contact_rhythm.gaps)) if contact_rhythm else ()
    assumed_rhythm = candidates.get_assumed_rhythm(candidate.circle)
    rhythm = scoring.compute_rhythm(gaps, assumed_rhythm)
    last_ordinal = _get_last_ordinal(contact_rhythm) if contact_rhythm else 0
    silence = candidates.today_ordinal - last_ordinal if contact_rhythm else None
    # A talk on the day of a showing takes it up.
    shown_days_ago = tuple(
        candidates.today_ordinal - day
        for day, _ in candidates.showings.get(candidate.id, ())
        if day > last_ordinal
    )
    return TimeFactors(
        gaps,
        assumed_rhythm,
        rhythm,
        silence,
        scoring.compute_quiet(silence, rhythm),
        shown_days_ago,
        scoring.compute_back_off(shown_days_ago),
    )


def _get_last_ordinal(contact_rhythm: Rhythm) -> int:
    return parse_ordinal(contact_rhythm.last_day)


def _score_interests(
    candidates: Candidates, candidate: Candidate, contact_rhythm: Rhythm | None, rhythm: float
) -> tuple[ScoredInterest, ...]:
    last_days = interests_queries.load_last_mentions_with_person(
        candidates.db, candidate.id, candidates.today.isoformat()
    )
    scored_interests = []
    for interest, kind in _list_candidate_interests(candidates, candidate):
        if kind == "differ" and not contact_rhythm:
            continue
        last_came_up = last_days.get(interest.sense)
        lag_days = (
            _get_last_ordinal(contact_rhythm) - parse_ordinal(last_came_up)
            if contact_rhythm and last_came_up
            else None
        )
        liveliness = scoring.compute_liveliness(lag_days, rhythm)
        people_into, rarity = (
            candidates.count_people_into(interest, kind),
            candidates.get_rarity(interest, kind),
        )
        weight = candidates.get_weight(interest, kind, liveliness)
        scored_interests.append(
            ScoredInterest(
                interest, kind, people_into, rarity, last_came_up, lag_days, liveliness, weight
            )
        )
    return tuple(sorted(scored_interests, key=lambda each: (-each.weight, each.interest.label)))


def _list_candidate_interests(
    candidates: Candidates, candidate: Candidate
) -> Iterable[tuple[CandidateInterest, str]]:
    """Return a person's interests with their kinds; two names of one interest count once."""
    interests_by_meaning: dict[tuple[str, str], tuple[CandidateInterest, str]] = {}
    for interest_id, stance in candidates.list_interest_stances(candidate):
        interest = candidates.interests[interest_id]
        existing, kind = interests_by_meaning.setdefault(
            (interest.sense, stance), (interest, interest.get_kind(stance))
        )
        if interest.label < existing.label:
            interests_by_meaning[interest.sense, stance] = (interest, kind)
    return interests_by_meaning.values()
