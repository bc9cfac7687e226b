"""Each formula of the order, at its edges and at values that can be checked by hand."""

from math import e, log

import pytest

from kin.interests.limits import TOO_COMMON
from kin.suggestions import scoring as r, weights as w


def about(value: float) -> object:
    return pytest.approx(value, abs=1e-9)


def test_rarity_runs_from_everybodys_to_one_persons_and_is_careful_in_a_small_book() -> None:
    assert r.rarity(150, 150) == about((150 * log(151 / 150) / log(151) + 10) / 170)
    assert r.rarity(1, 150) == about((150 + 10) / 170)
    assert r.rarity(1, 1) == about((1 + 10) / 21)
    assert r.rarity(0, 150) == r.rarity(1, 150)  # only collided with: nobody is into it
    assert r.rarity(0, 0) == 0.5
    values = [r.rarity(holders, 150) for holders in range(1, 151)]
    assert values == sorted(values, reverse=True) and 0 < values[-1] < values[0] < 1


def test_an_interest_is_as_alive_as_it_was_lately_spoken_of() -> None:
    assert r.liveliness(None, 30) == 0.4
    assert r.liveliness(0, 30) == 1.0
    assert r.liveliness(60, 30) == about(0.4 + 0.6 / 2)  # twice the rhythm: half
    assert r.liveliness(10**6, 30) == about(0.4)


def test_one_broader_term_halves_and_stances_stand_in_their_order() -> None:
    shared, collides, theirs = (r.atom(w.WEIGHT_OF[kind], 1, 1, via=False) for kind in ("shared", "collides", "theirs"))  # fmt: skip
    assert (shared, collides, theirs) == (about(0.6), about(0.48), about(0.24))
    assert r.atom(1.0, 1, 1, via=True) == about(0.3)
    assert r.atom(1.0, 0, 0.4, via=False) == about(0.6 * 0.15 * 0.4)


def test_several_things_tell_more_than_each_and_never_more_than_all() -> None:
    assert r.together(()) == 0.0
    assert r.together((0.5, 0.5)) == about(0.75)
    assert r.together([0.6] * 100) <= 1.0


def test_a_thread_is_ripe_on_its_day_and_without_one_after_a_week() -> None:
    assert [r.thread(due, age=100) for due in (1, 0, -45, -90)] == [0.0, 1.0, 0.5, 0.25]
    assert [r.thread(None, age) for age in (-3, 0, 6, 7, 97)] == [0.0, 0.0, 0.0, 1.0, 0.5]


def test_a_day_is_near_from_a_week_ahead() -> None:
    assert [r.nearness(ahead) for ahead in (0, 1, 7, 8, 300)] == [1.0, 0.875, 0.125, 0.0, 0.0]


def test_a_reason_is_made_of_all_four_and_without_any_there_is_none() -> None:
    assert r.reason(0, 0, 0, 0) == 0.0
    assert r.reason(0.5, 0, 0, 0) == about(0.5)
    assert r.reason(0, 0, 1, 0) == about(0.9)
    assert r.reason(0, 0, 0, 1) == about(0.7)
    assert r.reason(0.5, 0.5, 1, 1) == about(1 - 0.5 * 0.5 * 0.1 * 0.3)


def test_a_rhythm_is_the_middle_of_the_gaps_drawn_to_what_is_usual() -> None:
    assert r.gaps([10, 17, 31]) == [7, 14]
    assert r.gaps([10]) == r.gaps([]) == []
    assert r.rhythm([], 90) == 90
    assert r.rhythm([10, 10], 1000) == about((10**2 * 1000**2) ** (1 / 4))
    assert r.rhythm([2, 8, 50], e) == about(e ** ((3 * log(8) + 2) / 5))


def test_what_is_usual_is_the_circles_else_the_books_else_a_season() -> None:
    def unread() -> r.Gaps:
        raise AssertionError("the book is not read for a circle")

    assert [r.usual(circle, unread) for circle in ("inner", "close", "friend", "wide")] == [
        7, 30, 180, 365,
    ]  # fmt: skip
    assert r.usual(None, lambda: r.Gaps(19, 10)) == 90
    assert r.usual(None, lambda: r.Gaps(20, 15)) == 15


def test_inside_the_rhythm_it_is_not_quiet_and_more_silence_is_never_less() -> None:
    assert r.quiet(None, 30) == 0.5
    assert [r.quiet(days, 30) for days in (0, 29, 30)] == [0.0, 0.0, 0.0]
    assert r.quiet(90, 30) == about(0.5)
    told = [r.quiet(days, 30) for days in range(1000)]
    assert told == sorted(told) and told[-1] < 1


def test_each_showing_halves_and_half_of_that_is_forgotten_in_sixty_days() -> None:
    assert r.back_off(()) == 1.0
    assert r.back_off([0]) == 0.5
    assert r.back_off([60]) == 0.75
    assert r.back_off([60, 120]) == about(0.75 * 0.875)


def test_rhythm_lifts_nobody_inside_it() -> None:
    assert r.score(1, 0, 1) == about(0.3)
    assert r.score(1, 1, 1) == about(1.0)
    assert r.score(0.5, 0.5, 0.5) == about(0.5 * 0.65 * 0.5)


def test_a_lot_is_fair_and_the_same_on_every_machine() -> None:
    assert len({r.lot("a", "b"), r.lot("ab", ""), r.lot("b", "a"), r.lot("a", "b")}) == 3
    assert r.lot("seed", "2026-11-23", "maya-o") == about(0.03657831568711281)
    drawn = [r.lot("fair", str(number)) for number in range(2000)]
    assert all(0 < each < 1 for each in drawn)
    assert 0.47 < sum(drawn) / 2000 < 0.53
    noise = [r.jitter(each) for each in drawn]
    assert 0.04 < sum(noise) / 2000 < 0.075  # a tenth of Gumbel's mean, .577


def test_every_weight_says_its_reason_where_it_stands() -> None:
    assert set(w.WEIGHT_OF) == {"shared", "collides", "theirs"}
    assert (w.ATOM, w.THROUGH_BROADER, w.COMMON, w.RARE, w.UNSPOKEN) == (0.6, 0.5, 0.15, 0.85, 0.4)
    assert (w.THREAD, w.DATE, w.STILL, w.QUIET, w.JITTER) == (0.9, 0.7, 0.3, 0.7, 0.1)
    assert (w.LATELY, w.AT_ONCE, w.LUCK_AFTER, w.LONG_LOST, TOO_COMMON) == (3, 3, 60, 8, 0.3)
