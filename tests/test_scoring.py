"""Each formula of the score, at its limits and at values that can be checked by hand."""

from math import e, log

import pytest

from kin.interests.common_ground import TOO_COMMON_SHARE
from kin.suggestions import scoring, weights


def approx(value: float) -> object:
    return pytest.approx(value, abs=1e-9)


def test_rarity_is_high_for_one_and_low_for_everyone_and_careful_in_a_small_book() -> None:
    assert scoring.compute_rarity(150, 150) == approx((150 * log(151 / 150) / log(151) + 10) / 170)
    assert scoring.compute_rarity(1, 150) == approx((150 + 10) / 170)
    assert scoring.compute_rarity(1, 1) == approx((1 + 10) / 21)
    assert scoring.compute_rarity(0, 150) == scoring.compute_rarity(
        1, 150
    )  # no one is into it: they only differ
    assert scoring.compute_rarity(0, 0) == 0.5
    values = [scoring.compute_rarity(holders, 150) for holders in range(1, 151)]
    assert values == sorted(values, reverse=True) and 0 < values[-1] < values[0] < 1


def test_an_interest_is_as_alive_as_it_came_up_recently() -> None:
    assert scoring.compute_liveliness(None, 30) == 0.4
    assert scoring.compute_liveliness(0, 30) == 1.0
    assert scoring.compute_liveliness(60, 30) == approx(0.4 + 0.6 / 2)  # twice the rhythm: half
    assert scoring.compute_liveliness(10**6, 30) == approx(0.4)


def test_a_broader_term_halves_the_weight_and_stances_have_their_order() -> None:
    shared, differ, theirs = (scoring.compute_interest_weight(weights.STANCE_WEIGHTS[kind], 1, 1, via=False) for kind in ("shared", "differ", "theirs"))  # fmt: skip
    assert (shared, differ, theirs) == (approx(0.6), approx(0.48), approx(0.24))
    assert scoring.compute_interest_weight(1.0, 1, 1, via=True) == approx(0.3)
    assert scoring.compute_interest_weight(1.0, 0, 0.4, via=False) == approx(0.6 * 0.15 * 0.4)


def test_several_things_weigh_more_than_each_and_never_more_than_one() -> None:
    assert scoring.combine_weights(()) == 0.0
    assert scoring.combine_weights((0.5, 0.5)) == approx(0.75)
    assert scoring.combine_weights([0.6] * 100) <= 1.0


def test_a_question_is_timely_on_its_date_or_without_one_after_a_week() -> None:
    assert [scoring.compute_question_timeliness(due, age_days=100) for due in (1, 0, -45, -90)] == [
        0.0,
        1.0,
        0.5,
        0.25,
    ]
    assert [scoring.compute_question_timeliness(None, age) for age in (-3, 0, 6, 7, 97)] == [
        0.0,
        0.0,
        0.0,
        1.0,
        0.5,
    ]


def test_a_date_is_near_from_a_week_ahead() -> None:
    assert [scoring.compute_date_nearness(ahead) for ahead in (0, 1, 7, 8, 300)] == [
        1.0,
        0.875,
        0.125,
        0.0,
        0.0,
    ]


def test_a_reason_combines_all_four_and_without_any_there_is_none() -> None:
    assert scoring.compute_reason(0, 0, 0, 0) == 0.0
    assert scoring.compute_reason(0.5, 0, 0, 0) == approx(0.5)
    assert scoring.compute_reason(0, 0, 1, 0) == approx(0.9)
    assert scoring.compute_reason(0, 0, 0, 1) == approx(0.7)
    assert scoring.compute_reason(0.5, 0.5, 1, 1) == approx(1 - 0.5 * 0.5 * 0.1 * 0.3)


def test_a_rhythm_is_the_median_gap_drawn_towards_the_assumed_rhythm() -> None:
    assert scoring.compute_gaps([10, 17, 31]) == [7, 14]
    assert scoring.compute_gaps([10]) == scoring.compute_gaps([]) == []
    assert scoring.compute_rhythm([], 90) == 90
    assert scoring.compute_rhythm([10, 10], 1000) == approx((10**2 * 1000**2) ** (1 / 4))
    assert scoring.compute_rhythm([2, 8, 50], e) == approx(e ** ((3 * log(8) + 2) / 5))


def test_the_assumed_rhythm_is_the_circles_else_the_books_else_a_season() -> None:
    def must_not_be_called() -> scoring.GapStatistics:
        raise AssertionError("the book is not read for a circle")

    assert [scoring.compute_assumed_rhythm(circle, must_not_be_called) for circle in ("inner", "close", "friend", "wide")] == [
        7, 30, 180, 365,
    ]  # fmt: skip
    assert scoring.compute_assumed_rhythm(None, lambda: scoring.GapStatistics(19, 10)) == 90
    assert scoring.compute_assumed_rhythm(None, lambda: scoring.GapStatistics(20, 15)) == 15


def test_within_the_rhythm_it_is_not_quiet_and_more_silence_is_never_less_quiet() -> None:
    assert scoring.compute_quiet(None, 30) == 0.5
    assert [scoring.compute_quiet(days, 30) for days in (0, 29, 30)] == [0.0, 0.0, 0.0]
    assert scoring.compute_quiet(90, 30) == approx(0.5)
    quiet = [scoring.compute_quiet(days, 30) for days in range(1000)]
    assert quiet == sorted(quiet) and quiet[-1] < 1


def test_each_showing_halves_the_score_and_half_of_that_wears_off_in_sixty_days() -> None:
    assert scoring.compute_back_off(()) == 1.0
    assert scoring.compute_back_off([0]) == 0.5
    assert scoring.compute_back_off([60]) == 0.75
    assert scoring.compute_back_off([60, 120]) == approx(0.75 * 0.875)


def test_no_one_within_their_rhythm_is_raised() -> None:
    assert scoring.compute_score(1, 0, 1) == approx(0.3)
    assert scoring.compute_score(1, 1, 1) == approx(1.0)
    assert scoring.compute_score(0.5, 0.5, 0.5) == approx(0.5 * 0.65 * 0.5)


def test_random_numbers_are_fair_and_the_same_on_every_machine() -> None:
    assert (
        len(
            {
                scoring.draw_stable_random("a", "b"),
                scoring.draw_stable_random("ab", ""),
                scoring.draw_stable_random("b", "a"),
                scoring.draw_stable_random("a", "b"),
            }
        )
        == 3
    )
    assert scoring.draw_stable_random("seed", "2026-11-23", "maya-o") == approx(0.03657831568711281)
    drawn = [scoring.draw_stable_random("fair", str(number)) for number in range(2000)]
    assert all(0 < each < 1 for each in drawn)
    assert 0.47 < sum(drawn) / 2000 < 0.53
    noise = [scoring.compute_noise(each) for each in drawn]
    assert 0.04 < sum(noise) / 2000 < 0.075  # a tenth of Gumbel's mean, .577


def test_the_weights_are_those_of_the_documentation() -> None:
    assert set(weights.STANCE_WEIGHTS) == {"shared", "differ", "theirs"}
    assert (
        weights.INTEREST_WEIGHT,
        weights.BROADER_FACTOR,
        weights.COMMON_WEIGHT,
        weights.RARE_WEIGHT,
        weights.UNMENTIONED_LIVELINESS,
    ) == (0.6, 0.5, 0.15, 0.85, 0.4)
    assert (
        weights.QUESTION_WEIGHT,
        weights.DATE_WEIGHT,
        weights.QUIET_BASE,
        weights.QUIET_WEIGHT,
        weights.NOISE_SCALE,
    ) == (
        0.9,
        0.7,
        0.3,
        0.7,
        0.1,
    )
    assert (
        weights.JUST_TALKED_WITHIN,
        weights.MOST_SUGGESTIONS,
        weights.LUCK_UNSHOWN_DAYS,
        weights.LONG_LOST_RHYTHMS,
        TOO_COMMON_SHARE,
    ) == (3, 3, 60, 8, 0.3)
