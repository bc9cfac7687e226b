"""Who to say hello to today, and why; and the breakdown of a score for `kin reconnect --why`.

No one is suggested without a reason, apart from the place that is left to luck.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from heapq import heapify, heappop
from itertools import islice
from typing import NamedTuple

from kin.constants import OWNER_ID
from kin.interests import common_ground, queries as interests_queries
from kin.language.text import get_first_name, normalize
from kin.notes import questions as notes_questions
from kin.records import Hidden, PersonRef
from kin.suggestions import openers, scoring, weights
from kin.suggestions.candidates import Candidate, Candidates
from kin.suggestions.openers import Opener, OpenerBasis, OpenerInterest
from kin.suggestions.ranking import (
    Score,
    ScoredInterest,
    has_just_talked,
    iter_eligible,
    rank_candidates,
    score_candidate,
)
from kin.suggestions.reasons import Reason, find_interest_note, format_because, list_reasons
from kin.suggestions.scoring import draw_stable_random

_EASY = "An easy one to start with."
_FAMILY = "Family. No reason needed."
_NO_REASON = "Just because."

_EASY_POOL_SIZE = 50  # people: the easy ones are among those you talked with last
_EASY_NOTE_DAYS = 3  # days on which you have talked, before a hello is easy
_MOST_REASONS = 4  # for one person
_UNLIMITED = 1 << 30
_DIGITS = 4  # after the point, in the numbers of a breakdown


class Suggestion(NamedTuple):
    """Someone to say hello to: the reasons, the interest that the first one is about, and an opener."""

    person: PersonRef
    because: str
    interest: str | None
    reasons: tuple[Reason, ...]
    opener: Opener | None
    score: Hidden[Score]


class ReconnectOptions(NamedTuple):
    """Which suggestions to make: at most `most` (0: all), into `about`, living `near`, an easy one first."""

    most: int = weights.MOST_SUGGESTIONS
    about: str | None = None
    near: str | None = None
    warm_up: bool = False


DEFAULT_OPTIONS = ReconnectOptions()


def suggest_people(
    db: sqlite3.Connection, day: date, options: ReconnectOptions = DEFAULT_OPTIONS, seed: str = ""
) -> tuple[Suggestion, ...]:
    """Return people to say hello to, best first; the same all day."""
    return suggest_from_candidates(Candidates(db, day), options, seed)


def suggest_from_candidates(
    candidates: Candidates, options: ReconnectOptions = DEFAULT_OPTIONS, seed: str = ""
) -> tuple[Suggestion, ...]:
    """Return people to say hello to out of these candidates."""
    about_senses = (
        _find_related_senses(candidates.db, options.about) if options.about is not None else None
    )
    is_wanted = _make_candidate_filter(candidates, options.near, about_senses)
    most = options.most or _UNLIMITED
    daily_list = _DailyList(candidates, about_senses)
    suggestions = list(
        islice(
            _iter_easy_suggestions(candidates, is_wanted, daily_list, seed), int(options.warm_up)
        )
    )
    ranked = _iter_ranked_suggestions(candidates, is_wanted, daily_list, seed)
    luck_slots = int(about_senses is None and weights.MOST_SUGGESTIONS <= most < _UNLIMITED)
    suggestions += islice(ranked, most - len(suggestions) - luck_slots)
    if luck_slots:
        suggestions += islice(
            _iter_luck_suggestions(
                candidates, is_wanted, daily_list, seed, weights.LUCK_UNSHOWN_DAYS
            ),
            1,
        )
    suggestions += islice(ranked, most - len(suggestions))
    return tuple(suggestions)


def list_unrecorded_suggestions(
    db: sqlite3.Connection, suggestions: tuple[Suggestion, ...], day: date
) -> tuple[Suggestion, ...]:
    """Return the suggestions that are not recorded yet as shown on this day."""
    shown_query = "SELECT 1 FROM showing WHERE person_id = ? AND day = ?"
    return tuple(
        each
        for each in suggestions
        if not db.execute(shown_query, (each.score.candidate.id, day.isoformat())).fetchone()
    )


def suggest_at_random(
    db: sqlite3.Connection, day: date, near: str | None = None
) -> tuple[Suggestion, ...]:
    """Return one person, drawn at random, or no one."""
    candidates = Candidates(db, day)
    suggestions = _iter_luck_suggestions(
        candidates,
        _make_candidate_filter(candidates, near, None),
        _DailyList(candidates, None),
        "surprise",
        0,
    )
    return tuple(islice(suggestions, 1))


def _find_related_senses(db: sqlite3.Connection, words: str) -> frozenset[str]:
    sense = interests_queries.find_sense(db, words)
    return frozenset(
        (
            sense,
            *common_ground.list_narrower_senses(db, sense),
            *common_ground.list_broader_senses(db, sense),
        )
    )


def _make_candidate_filter(
    candidates: Candidates, near: str | None, about_senses: frozenset[str] | None
) -> Callable[[Candidate], bool]:
    ids_into = (
        None
        if about_senses is None
        else frozenset().union(*(candidates.ids_into.get(each, ()) for each in about_senses))
    )

    def is_wanted(candidate: Candidate) -> bool:
        if near is not None and normalize(near) not in normalize(candidate.lives or ""):
            return False
        return ids_into is None or candidate.id in ids_into

    return is_wanted


class _DailyList:
    """Who and what is on the list of the day: no reason leads twice, no household comes twice."""

    def __init__(self, candidates: Candidates, about_senses: frozenset[str] | None) -> None:
        self._candidates = candidates
        self._about_senses = about_senses
        self._person_ids: set[int] = set()
        self._group_ids: set[int] = set()
        self._senses: set[str] = set()
        self._question_texts: set[str] = set()
        self._has_difference = False

    def has_room(self, candidate: Candidate) -> bool:
        """Return whether no one of their household or groups is on the list yet."""
        household = self._candidates.households.get(candidate.id, set()) | {candidate.id}
        return (
            not household & self._person_ids
            and not self._group_ids & self._candidates.groups.get(candidate.id, set())
        )

    def choose_leading_reason(self, reasons: tuple[Reason, ...]) -> Reason | None:
        """Return the first reason that may lead, or None."""
        return next((each for each in reasons if self.can_lead(each)), None)

    def can_lead(self, reason: Reason) -> bool:
        """Return whether a reason is about something that has not led yet and was asked for."""
        if self._about_senses is not None:
            is_about = (
                reason.scored_interest is not None
                and reason.scored_interest.interest.sense in self._about_senses
            )
            return is_about and reason.kind != "differ"
        if reason.kind == "question":  # the same question to several people: one of them a day
            return reason.text not in self._question_texts
        return not (
            reason.senses & self._senses or (reason.kind == "differ" and self._has_difference)
        )

    def add(self, candidate: Candidate, leading_reason: Reason) -> None:
        """Put someone on the list."""
        self._person_ids.add(candidate.id)
        self._group_ids |= self._candidates.groups.get(candidate.id, set())
        self._senses |= leading_reason.senses
        self._question_texts |= (
            {leading_reason.text} if leading_reason.kind == "question" else set()
        )
        self._has_difference |= leading_reason.kind == "differ"


def _iter_ranked_suggestions(
    candidates: Candidates,
    is_wanted: Callable[[Candidate], bool],
    daily_list: _DailyList,
    seed: str,
) -> Iterator[Suggestion]:
    for score in rank_candidates(candidates, is_wanted, seed):
        reasons = list_reasons(score)
        leading_reason = (
            daily_list.choose_leading_reason(reasons)
            if daily_list.has_room(score.candidate)
            else None
        )
        if leading_reason:
            daily_list.add(score.candidate, leading_reason)
            yield _build_suggestion(candidates, score, leading_reason, reasons)


def _iter_easy_suggestions(
    candidates: Candidates,
    is_wanted: Callable[[Candidate], bool],
    daily_list: _DailyList,
    seed: str,
) -> Iterator[Suggestion]:
    """Yield people who are easy to say hello to: recently in touch, and with common ground."""
    in_touch = [
        (contact_rhythm.last_day, each)
        for each in iter_eligible(candidates)
        if (contact_rhythm := candidates.rhythms.get(each.id))
        and contact_rhythm.day_count >= _EASY_NOTE_DAYS
        and not has_just_talked(candidates, each)
        and is_wanted(each)
    ]
    in_touch.sort(key=lambda each: each[1].handle)
    in_touch.sort(key=lambda each: each[0], reverse=True)
    scores = [score_candidate(candidates, each, seed) for _, each in in_touch[:_EASY_POOL_SIZE]]
    for score in sorted(scores, key=_get_warm_up_sort_key):
        reasons = list_reasons(score)
        shared_reason = daily_list.choose_leading_reason(
            tuple(each for each in reasons if each.kind == "shared")
        )
        if shared_reason:
            daily_list.add(score.candidate, shared_reason)
            suggestion = _build_suggestion(candidates, score, shared_reason, reasons)
            yield suggestion._replace(because=f"{_EASY} {suggestion.because}")


def _get_warm_up_sort_key(score: Score) -> tuple[float, str]:
    return -score.common_ground * (
        1 - score.time.quiet
    ) * score.time.back_off, score.candidate.handle


def _iter_luck_suggestions(
    candidates: Candidates,
    is_wanted: Callable[[Candidate], bool],
    daily_list: _DailyList,
    seed: str,
    unshown_days: int,
) -> Iterator[Suggestion]:
    """Draw people with any interest (family needs none) who were not shown for so many days."""
    family = candidates.family.get(OWNER_ID, set())
    pool = [
        (candidates.draw_daily_random(each, seed), each)
        for each in candidates.people.values()
        if is_wanted(each)
        and not has_just_talked(candidates, each)
        and _is_unshown(candidates, each, unshown_days)
        and (not unshown_days or each.id in family or each.id in candidates.ids_into_anything)
    ]
    heapify(pool)
    while pool:
        _, candidate = heappop(pool)
        if daily_list.has_room(candidate):
            score = score_candidate(candidates, candidate, seed)
            if unshown_days and (score.date or score.question):
                continue  # that would be a reason, not luck
            leading_reason = _choose_luck_reason(
                candidates, score, daily_list, candidate.id in family
            )
            if leading_reason.scored_interest or candidate.id in family or not unshown_days:
                daily_list.add(candidate, leading_reason)
                yield _build_suggestion(candidates, score, leading_reason, (leading_reason,))


def _is_unshown(candidates: Candidates, candidate: Candidate, days: int) -> bool:
    """Return whether someone was not shown for so many days; showings are newest first."""
    showings = candidates.showings.get(candidate.id)
    return not showings or candidates.today_ordinal - showings[0][0] >= days


def _choose_luck_reason(
    candidates: Candidates, score: Score, daily_list: _DailyList, is_family: bool
) -> Reason:
    """Pick an interest of theirs that leads no one else today, preferably one you talked about."""
    name, handle, day = score.candidate.name, score.candidate.handle, candidates.today.isoformat()
    shuffled = sorted(
        (each for each in score.interests if each.kind != "differ"),
        key=lambda each: (
            not each.last_came_up,
            draw_stable_random(day, handle, each.interest.sense),
        ),
    )
    reasons = [
        Reason(
            "luck", _describe_luck(each.interest.label, name, bool(each.last_came_up)), 0.0, each
        )
        for each in shuffled
    ]
    fallback = Reason("luck", _FAMILY if is_family else _NO_REASON)
    return daily_list.choose_leading_reason(tuple(reasons)) or fallback


def _build_suggestion(
    candidates: Candidates, score: Score, leading_reason: Reason, reasons: tuple[Reason, ...]
) -> Suggestion:
    others = tuple(each for each in reasons if each is not leading_reason)
    return Suggestion(
        person=PersonRef(score.candidate.id, score.candidate.handle, score.candidate.name),
        because=format_because(candidates.db, leading_reason, others, score, candidates.today),
        interest=leading_reason.label,
        reasons=(leading_reason, *others)[:_MOST_REASONS],
        opener=_choose_opener(candidates, score, leading_reason),
        score=score,
    )


def _choose_opener(candidates: Candidates, score: Score, leading_reason: Reason) -> Opener | None:
    scored_interests = sorted(
        score.interests, key=lambda each: each is not leading_reason.scored_interest
    )
    opener_interests = {
        each: _build_opener_interest(candidates, score, each) for each in scored_interests
    }
    headline = leading_reason.scored_interest
    basis = OpenerBasis(
        person_id=score.candidate.id,
        handle=score.candidate.handle,
        name=score.candidate.name,
        questions=_list_leading_question(candidates, score),
        into=[opener_interests[each] for each in scored_interests if each.kind != "differ"],
        shared_label=next(
            (each.interest.label for each in scored_interests if each.kind == "shared"), None
        ),
        differ=[opener_interests[each] for each in scored_interests if each.kind == "differ"],
        headline=opener_interests[headline] if headline else None,
    )
    return next(iter(openers.choose_openers(candidates.db, basis, candidates.today)), None)


def _build_opener_interest(
    candidates: Candidates, score: Score, scored_interest: ScoredInterest
) -> OpenerInterest:
    return OpenerInterest(
        scored_interest.interest.label,
        scored_interest.interest.sense,
        find_interest_note(candidates.db, score.candidate.id, scored_interest.interest.sense),
        scored_interest.last_came_up,
    )


def _list_leading_question(
    candidates: Candidates, score: Score
) -> list[notes_questions.OpenQuestion]:
    """Return the question that the reason is about, if there is one."""
    question_id = score.question[0].id if score.question else None
    open_questions = notes_questions.list_open_questions(
        candidates.db, score.candidate.id, candidates.today.isoformat()
    )
    return [each for each in open_questions if each.id == question_id]


def _describe_luck(label: str, name: str, came_up: bool) -> str:
    if came_up:
        return f"{_NO_REASON} You once talked about {label}."
    return f"{_NO_REASON} {get_first_name(name)} is into {label}."


# The breakdown of a score


class InterestTerm(NamedTuple):
    """One interest in a score: how many are into it, how rare and alive it is, and its weight.

    If it is shared through the broader `via`, `people_into` and `rarity` are those of `via`. `lag_days`
    counts from the last time it came up to your last talk; None if it never did.
    """

    kind: str
    interest: str
    via: str | None
    people_into: int
    rarity: float
    lag_days: int | None
    liveliness: float
    weight: float


class ScoreBreakdown(NamedTuple):
    """All terms of a person's score, in the order in which they are computed.

    A number of days is None if there is nothing to count from: no question, a question without a
    date (`question_due_days_ago`), no date, no note.
    """

    people: int
    interests: tuple[InterestTerm, ...]
    common_ground: float
    spark: float
    question: float
    question_due_days_ago: int | None
    question_opened_days_ago: int | None
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
    question_text: Hidden[str] = ""
    date_label: Hidden[str] = ""


class ExplainedSuggestion(NamedTuple):
    """A suggestion with the breakdown of its score."""

    person: PersonRef
    because: str
    interest: str | None
    reasons: tuple[Reason, ...]
    opener: Opener | None
    why: ScoreBreakdown


def explain_suggestion(suggestion: Suggestion, people_count: int) -> ExplainedSuggestion:
    """Return a suggestion with the breakdown of its score, in a book of so many people."""
    return ExplainedSuggestion(
        person=suggestion.person,
        because=suggestion.because,
        interest=suggestion.interest,
        reasons=suggestion.reasons,
        opener=suggestion.opener,
        why=build_score_breakdown(suggestion.score, people_count),
    )


def build_score_breakdown(score: Score, people_count: int) -> ScoreBreakdown:
    """Return all terms of a score."""
    time = score.time
    question = score.question[0] if score.question else None
    return ScoreBreakdown(
        people=people_count,
        interests=tuple(map(_build_interest_term, score.interests)),
        common_ground=_round_number(score.common_ground),
        spark=_round_number(score.spark),
        question=_round_number(score.question_timeliness),
        question_due_days_ago=-question.due_in
        if question and question.due_in is not None
        else None,
        question_opened_days_ago=question.age_days if question else None,
        date=_round_number(score.date_nearness),
        date_in_days=score.date.in_days if score.date else None,
        reason=_round_number(score.reason),
        gap_days=len(time.gaps),
        median_gap=scoring.compute_median(time.gaps) if time.gaps else None,
        usual_days=_round_number(time.assumed_rhythm),
        rhythm_days=_round_number(time.rhythm),
        silence_days=time.silence,
        quiet=_round_number(time.quiet),
        shown_days_ago=time.shown_days_ago,
        back_off=_round_number(time.back_off),
        score=_round_number(score.value),
        luck=_round_number(score.noise),
        question_text=question.text if question else "",
        date_label=score.date.label if score.date else "",
    )


def _build_interest_term(scored_interest: ScoredInterest) -> InterestTerm:
    return InterestTerm(
        scored_interest.kind,
        scored_interest.interest.label,
        scored_interest.interest.via if scored_interest.kind == "shared" else None,
        scored_interest.people_into,
        _round_number(scored_interest.rarity),
        scored_interest.lag_days,
        _round_number(scored_interest.liveliness),
        _round_number(scored_interest.weight),
    )


def _round_number(number: float) -> float:
    return round(number, _DIGITS)
