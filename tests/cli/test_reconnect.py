"""Who would be glad of a hello today: what is told, what is kept of it, and who is left in peace."""

from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.conftest import Kin


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return how to make it another day."""
    return lambda on: monkeypatch.setenv("KIN_NOW", on)


def listed(kin: Kin, *words: str) -> list[str]:
    """Return the handles of who is suggested."""
    return [each["person"]["handle"] for each in kin("reconnect", *words, "--json").json]


def one(kin: Kin, who: str, *words: str) -> Any:
    """Return what is told of somebody among all who are suggested."""
    found = kin("reconnect", "-n", "0", *words, "--json").json
    return next(each for each in found if each["person"]["handle"] == who)


def showings(book: Path) -> list[tuple[str, str]]:
    """Return who is written down as shown, and when."""
    with connect(book) as db:
        rows = db.execute(
            "SELECT p.handle, s.day FROM showing s JOIN person p ON p.id = s.person_id ORDER BY s.day, p.handle"
        ).fetchall()
    db.close()
    return rows


# What is told


def test_the_json_has_the_shape_that_programs_rely_on(met: Kin, day: Any) -> None:
    day("2026-12-01")
    assert met("reconnect", "--near", "lisbon", "--json").json == [
        {
            "person": {"handle": "maya-o", "name": "Maya Okafor"},
            "because": "You wanted to hear: “how was the concert”.",
            "interest": None,
            "reasons": [
                {"kind": "thread", "text": "You wanted to hear: “how was the concert”."},
                {"kind": "shared", "text": "You both care about pottery."},
                {"kind": "theirs", "text": "Maya is into fado, and nobody else you know is."},
                {
                    "kind": "collides",
                    "text": "You two see “pineapple on pizza” differently; worth another round.",
                },
            ],
            "question": "How was the concert?",
        }
    ]


def test_in_a_pipe_it_is_lines_and_a_terminal_is_told_how_to_say_not_now(met: Kin) -> None:
    told = met("reconnect", "--near", "leeds")
    assert told.out == (
        "Tom King\ttom-k\tYou both care about pottery.\tWhat drew you to pottery in the first place?\n"
    )
    assert told.err == "Not now? kin reconnect --not-now tom-k\n"


def test_where_nothing_calls_that_is_said_beside_the_empty_answer(kin: Kin) -> None:
    kin("add", "Nobody Special")
    told = kin("reconnect")
    assert (told.code, told.out, told.err) == (0, "", "Nothing calls today.\n")
    assert kin("reconnect", "--json").json == []


def test_a_list_is_a_handful_and_as_long_as_asked(met: Kin) -> None:
    assert len(listed(met)) == 3
    # Of the five, two share a flat.
    assert [len(listed(met, "-n", str(most))) for most in (1, 2, 5, 0)] == [1, 2, 4, 4]


def test_over_an_interest_everybody_listed_is_into_it_or_its_kin(met: Kin) -> None:
    met("edit", "grace", "--into", "ceramics")
    met("edit", "zoe", "--clash", "pottery")
    found = met("reconnect", "--about", "pottery", "-n", "0", "--json").json
    assert sorted(each["person"]["handle"] for each in found) == ["grace-h", "maya-o", "tom-k"]
    assert {each["interest"] for each in found} == {"pottery", "ceramics"}
    assert met("reconnect", "--about", "harp").code == 3


def test_nobody_of_one_house_or_group_comes_twice_a_day(met: Kin, day: Any) -> None:
    day("2026-12-05")
    assert {"maya-o", "zoe-o"} - set(listed(met, "-n", "0"))  # they share a flat
    met("tie", "zoe", "grace", "--as", "Partner")  # and so does Grace, then
    assert len({"maya-o", "zoe-o", "grace-h"} & set(listed(met, "-n", "0"))) == 1
    met("edit", "tom-b", "--group", "choir")
    met("edit", "tom-k", "--group", "choir")
    assert len({"tom-b", "tom-k"} & set(listed(met, "-n", "0"))) == 1


def test_an_interest_leads_once_a_day_through_whatever_it_is_shared(kin: Kin) -> None:
    kin("me", "--into", "climbing")
    kin("add", "Ana Ruiz", "--into", "bouldering")
    kin("add", "Tom Becker", "--into", "ice climbing")
    kin("add", "Zoë Haddad", "--into", "climbing")
    assert len(listed(kin, "-n", "0")) == 1
    kin("edit", "tom", "--into", "fado")
    assert len(listed(kin, "-n", "0")) == 2
    told = [each["interest"] for each in kin("reconnect", "--json").json]
    assert len(told) == len(set(told)) == 3  # luck's too


def test_two_collide_but_only_one_of_them_is_taken_up_a_day(kin: Kin) -> None:
    for name, label in (("Ana", "pineapple on pizza"), ("Tom", "astrology")):
        kin("add", name, "--clash", label)
        kin("note", f"2026-05-01: {name} and I, until late")
    assert len(listed(kin, "-n", "0")) == 1


def test_what_collides_is_named_even_where_it_is_kin_to_something_of_yours(kin: Kin) -> None:
    kin("me", "--into", "climbing")
    kin("add", "Maya", "--clash", "sport climbing")
    kin("note", "2026-05-01: Maya took the bolts out")
    assert one(kin, "maya")["interest"] == "sport climbing"


def test_where_you_differ_the_question_is_about_that_beside_what_you_share(kin: Kin) -> None:
    kin("me", "--into", "chess")
    kin("add", "Maya", "--clash", "astrology", "--into", "chess")
    kin("note", "2026-05-01: Maya read my palm", "--about", "astrology")
    found = one(kin, "maya")
    assert found["interest"] == "astrology"
    assert "“astrology”" in found["question"] and "chess" in found["question"]


def test_the_question_is_about_the_thread_that_is_told(kin: Kin, day: Any) -> None:
    kin("add", "Maya")
    for on, words, due in (
        ("2026-06-01", "how was the move", "2026-06-20"),
        ("2026-10-01", "how was the exam", "2026-11-20"),
    ):
        day(on)
        kin("ask", "maya", words, "--due", due)
    day("2026-11-23")
    found = one(kin, "maya")
    assert found["because"] == "You wanted to hear: “how was the exam”."
    assert found["question"] == "How was the exam?"


def test_days_ahead_are_said_as_people_say_them(kin: Kin) -> None:
    for name, born in (("A", "23"), ("B", "24"), ("C", "26"), ("D", "30")):
        kin("add", f"{name} Okafor", "--birthday", f"{born} november")
    assert {each["because"] for each in kin("reconnect", "-n", "0", "--json").json} == {
        "Birthday today.", "Birthday tomorrow.", "Birthday on Thursday.", "Birthday a week today.",
    }  # fmt: skip


def test_a_year_is_not_said_to_have_been_january(kin: Kin) -> None:
    kin("add", "Maya", "--into", "fado")
    kin("note", "2024: Maya moved away")
    assert "since 2024" in one(kin, "maya")["question"]


def test_two_names_of_one_interest_weigh_once(kin: Kin) -> None:
    kin("add", "Maya", "--into", "birding -- since her aunt's marsh", "--into", "bird watching")
    found = one(kin, "maya", "--why")
    assert [each["interest"] for each in found["why"]["interests"]] == ["bird watching"]
    assert found["because"].endswith("“since her aunt's marsh”")


def test_the_tone_changes_after_a_very_long_time_and_never_after_one_talk(kin: Kin) -> None:
    for name in ("Ana", "Tom"):
        kin("add", name, "--into", f"tea of {name}", "--circle", "inner")
        kin("note", f"2019-03-04: {name}, on the bench")
    kin("note", "2019-03-12: Ana, on the pier")
    assert one(kin, "ana")["because"].endswith(
        "A long-lost friend; a hello is more welcome than it feels."
    )
    assert "long-lost" not in one(kin, "tom")["because"]


# Who may be shown


def test_whoever_you_talked_to_is_left_alone_for_three_days(met: Kin, day: Any) -> None:
    assert "maya-o" in listed(met, "-n", "0")  # who rang three days ago
    met("note", "Grace about sailing #sailing")
    for on, there in (("2026-11-24", False), ("2026-11-25", False), ("2026-11-26", True)):
        day(on)
        assert ("grace-h" in listed(met, "-n", "0")) is there, on


def test_a_thread_whose_day_came_since_brings_them_back_at_once(kin: Kin, day: Any) -> None:
    kin("add", "Maya")
    kin("note", "Maya has an exam")
    kin("ask", "maya", "how was the exam", "--due", "2026-11-24")
    assert listed(kin) == []
    day("2026-11-24")
    assert one(kin, "maya")["reasons"][0]["kind"] == "thread"
    kin("note", "Maya rang")  # it may well have come up
    day("2026-11-25")
    assert listed(kin) == []


def test_a_conversation_to_come_is_none_yet(kin: Kin) -> None:
    kin("add", "Maya", "--clash", "astrology", "--into", "fado")
    kin("note", "2027-01-05: dinner with Maya", "--about", "fado")
    found = one(kin, "maya", "--why")
    assert found["why"]["silence_days"] is None and found["why"]["quiet"] == 0.5
    assert [(each["kind"], each["lag_days"]) for each in found["why"]["interests"]] == [
        ("theirs", None)
    ]


def test_large_company_is_a_talk_but_no_rhythm_and_you_are_no_company(kin: Kin) -> None:
    names = ("Ana", "Ben", "Cem", "Dora", "Ede", "Fay")
    for name in names:
        kin("add", name, "--into", f"tea of {name}")
    kin("note", "2026-01-01: Ana and I", "--with", "ana")
    kin("note", "2026-03-02: Ana and I", "--with", "ana")
    party = [word for name in names for word in ("--with", name)]
    kin("note", "2026-04-01: everybody came", *party)
    why = one(kin, "ana", "--why")["why"]
    assert (why["gap_days"], why["median_gap"], why["silence_days"]) == (1, 60, 236)
    kin("note", "2026-04-01: and Ana stayed", "--with", "ana")  # a talk of two on the same day
    assert one(kin, "ana", "--why")["why"]["gap_days"] == 2
    kin("note", "2026-05-01: five of us", *party[:10], "--with", "me")
    assert one(kin, "ana", "--why")["why"]["gap_days"] == 3


def test_luck_never_draws_whom_you_just_talked_to(kin: Kin) -> None:
    kin("add", "Maya", "--into", "fado")
    kin("note", "Maya sang")
    kin("ask", "maya", "how was the concert", "--due", "2026-11-22")
    assert listed(kin) == [] and listed(kin, "--wander") == []


# What is kept of it


def test_a_showing_is_written_down_once_a_day_and_counts_from_tomorrow(
    met: Kin, book: Path, day: Any
) -> None:
    before = met("reconnect", "--json").json
    assert len(showings(book)) == 3
    assert met("reconnect", "-n", "0", "--json").json[0] == before[0]
    assert met("reconnect", "--json").json == before
    assert len(showings(book)) == 4 == len(set(showings(book)))
    shown = one(met, before[0]["person"]["handle"], "--why")["why"]
    assert (shown["shown_days_ago"], shown["back_off"]) == ([], 1.0)
    day("2026-11-24")
    after = one(met, before[0]["person"]["handle"], "--why")
    assert after["why"]["shown_days_ago"] == [1]
    assert after["why"]["back_off"] == round(1 - 0.5 * 2 ** (-1 / 60), 4)
    assert after["question"] != before[0]["question"]


def test_a_talk_takes_up_what_was_shown_until_then(met: Kin, day: Any) -> None:
    listed(met, "-n", "0")
    day("2026-11-30")
    met("note", "Grace called #sailing")
    listed(met, "-n", "0")
    day("2026-12-04")
    assert one(met, "grace-h", "--why")["why"]["shown_days_ago"] == []


def test_what_was_asked_before_changes_nothing_today(met: Kin) -> None:
    before = met("reconnect", "--json").json
    for words in (
        ("--about", "pottery"),
        ("--near", "leeds"),
        ("--wander",),
        ("--warm-up",),
        ("-n", "0"),
        ("--why",),
    ):
        met("reconnect", *words)
    assert met("reconnect", "--json").json == before


def test_an_answer_stands_where_it_cannot_be_written_down(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kin.book import session as store
    from kin.errors import BookError

    def locked(*_: object, **__: object) -> None:
        raise BookError("The book is locked.", "")

    monkeypatch.setattr(store, "writing", locked)
    told = met("reconnect")
    assert told.code == 0 and told.out
    assert "That they were suggested is not written down: The book is locked." in told.err
    assert showings(book) == []


def test_a_hello_to_warm_up_is_an_easy_one_and_another_tomorrow(kin: Kin, day: Any) -> None:
    kin("me", "--into", "chess", "--into", "tea")
    for name, label in (("Ana", "chess"), ("Tom", "tea")):
        kin("add", name, "--into", label)
        for on in ("2026-11-02", "2026-11-09", "2026-11-16"):
            kin("note", f"{on}: {name} came by", "--about", label)
    (first,) = kin("reconnect", "--warm-up", "-n", "1", "--json").json
    assert first["because"].startswith("An easy one to begin with. You both care about ")
    day("2026-11-24")
    (second,) = kin("reconnect", "--warm-up", "-n", "1", "--json").json
    assert second["because"].startswith("An easy one") and second["person"] != first["person"]
    asked = kin("reconnect", "--warm-up", "--about", "tea", "--json").json
    assert [each["interest"] for each in asked] == ["tea"]


# Who is left in peace


def test_not_now_is_two_weeks_and_needs_no_reason(met: Kin, day: Any) -> None:
    assert met("reconnect", "--not-now", "grace", "--json").json == {
        "handle": "grace-h",
        "name": "Grace Hopper",
        "until": "2026-12-07",
        "rests": True,
    }
    for on, there in (("2026-11-23", False), ("2026-12-06", False), ("2026-12-07", True)):
        day(on)
        assert ("grace-h" in listed(met, "-n", "0")) is there, on


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("1 december", "2026-12-01"), ("january", "2027-01-01"), ("next month", "2026-12-23"),
        ("friday", "2026-11-27"), ("in 3 weeks", "2026-12-14"), ("2027-03-01", "2027-03-01"),
    ],
)  # fmt: skip
def test_a_rest_ends_on_a_day_said_as_people_say_it(met: Kin, words: str, until: str) -> None:
    told = met("reconnect", "--let-rest", "grace", "--until", words, "--json")
    assert told.json["until"] == until


def test_who_rests_is_neither_listed_nor_drawn_until_you_take_it_back(met: Kin, day: Any) -> None:
    told = met("reconnect", "--let-rest", "grace")
    assert told.out == "Grace Hopper rests until you say otherwise.\n"
    assert told.err == "Take it back: kin reconnect --again grace-h\nUndo it: kin undo\n"
    met("reconnect", "--not-now", "grace")  # shorter than what holds already
    for on in ("2026-11-23", "2026-12-24", "2028-01-01"):
        day(on)
        for words in ((), ("-n", "0"), ("--wander",), ("--warm-up",), ("--about", "sailing")):
            assert "grace-h" not in listed(met, *words), (on, words)
    assert met("reconnect", "--again", "grace").out == "Grace Hopper may come up again.\n"
    assert "grace-h" in listed(met, "-n", "0")


@pytest.mark.parametrize(
    "words",
    [
        ("--let-rest", "grace", "--until", "yesterday"), ("--let-rest", "grace", "--until", "today"),
        ("--until", "friday"), ("--not-now", "grace", "--until", "friday"), ("--not-now", "grace", "--why"),
        ("--not-now", "grace", "--let-rest", "tom-k"), ("--wander", "--about", "pottery"), ("-n", "-1"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(met: Kin, book: Path, words: tuple[str, ...]) -> None:
    before = book.read_bytes()
    assert met("reconnect", *words).code == 2
    assert book.read_bytes() == before


def test_one_question_asked_of_two_leads_once_a_day(met: Kin) -> None:
    led = [each["because"] for each in met("reconnect", "--json").json]
    assert sum("did the kiln survive" in because for because in led) == 1
