"""Who to say hello to today: what is shown and recorded, and who is snoozed."""

from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.conftest import Kin


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return how to make it another day."""
    return lambda on: monkeypatch.setenv("KIN_NOW", on)


def list_handles(kin: Kin, *words: str) -> list[str]:
    """Return the handles of everyone suggested."""
    return [each["person"]["handle"] for each in kin("reconnect", *words, "--json").json]


def find_suggestion(kin: Kin, who: str, *words: str) -> Any:
    """Return the suggestion of one person among all."""
    found = kin("reconnect", "-n", "0", *words, "--json").json
    return next(each for each in found if each["person"]["handle"] == who)


def showings(book: Path) -> list[tuple[str, str]]:
    """Return who is recorded as shown, and when."""
    with connect(book) as db:
        rows = db.execute(
            "SELECT p.handle, s.day FROM showing s JOIN person p ON p.id = s.person_id ORDER BY s.day, p.handle"
        ).fetchall()
    db.close()
    return rows


# What is shown


def test_the_json_has_the_shape_that_programs_rely_on(met: Kin, day: Any) -> None:
    day("2026-12-01")
    assert met("reconnect", "--near", "lisbon", "--json").json == [
        {
            "person": {"handle": "maya-o", "name": "Maya Okafor"},
            "because": "You meant to ask: “How was the concert?”",
            "interest": None,
            "reasons": [
                {"kind": "question", "text": "You meant to ask: “How was the concert?”"},
                {"kind": "shared", "text": "You both love pottery."},
                {"kind": "theirs", "text": "Maya is into fado, and no one else you know is."},
                {
                    "kind": "differ",
                    "text": "You two see “pineapple on pizza” differently; worth another round.",
                },
            ],
            "opener": {
                "text": "How was the concert?",
                "because": "on your mind since Mon 23 Nov 2026",
            },
        }
    ]


def test_a_list_in_a_pipe_is_lines_with_a_hint_on_not_now(met: Kin) -> None:
    result = met("reconnect", "--near", "leeds")
    assert result.out == (
        "Tom King\ttom-k\tYou both love pottery.\tWhat drew you to pottery in the first place?\n"
    )
    assert result.err == "Not now? kin reconnect --not-now tom-k\n"


def test_an_empty_list_says_so_on_stderr(kin: Kin) -> None:
    kin("add", "Ada Plain")
    result = kin("reconnect")
    assert (result.code, result.out, result.err) == (0, "", "No one to suggest today.\n")
    assert kin("reconnect", "--json").json == []


def test_a_list_is_a_handful_and_as_long_as_asked(met: Kin) -> None:
    assert len(list_handles(met)) == 3
    # Of the five, two share a flat.
    assert [len(list_handles(met, "-n", str(most))) for most in (1, 2, 5, 0)] == [1, 2, 4, 4]


def test_about_an_interest_everyone_listed_is_into_it_or_a_related_one(met: Kin) -> None:
    met("edit", "grace", "--into", "ceramics")
    met("edit", "zoe", "--differ", "pottery")
    found = met("reconnect", "--about", "pottery", "-n", "0", "--json").json
    assert sorted(each["person"]["handle"] for each in found) == ["grace-h", "maya-o", "tom-k"]
    assert {each["interest"] for each in found} == {"pottery", "ceramics"}
    assert met("reconnect", "--about", "harp").code == 3


def test_no_household_or_group_comes_twice_a_day(met: Kin, day: Any) -> None:
    day("2026-12-05")
    assert {"maya-o", "zoe-o"} - set(list_handles(met, "-n", "0"))  # they share a flat
    met("tie", "zoe", "grace", "--as", "Partner")  # and so does Grace, then
    assert len({"maya-o", "zoe-o", "grace-h"} & set(list_handles(met, "-n", "0"))) == 1
    met("edit", "tom-b", "--group", "choir")
    met("edit", "tom-k", "--group", "choir")
    assert len({"tom-b", "tom-k"} & set(list_handles(met, "-n", "0"))) == 1


def test_an_interest_leads_once_a_day_through_whatever_it_is_shared(kin: Kin) -> None:
    kin("me", "--into", "climbing")
    kin("add", "Ana Ruiz", "--into", "bouldering")
    kin("add", "Tom Becker", "--into", "ice climbing")
    kin("add", "Zoë Haddad", "--into", "climbing")
    assert len(list_handles(kin, "-n", "0")) == 1
    kin("edit", "tom", "--into", "fado")
    assert len(list_handles(kin, "-n", "0")) == 2
    result = [each["interest"] for each in kin("reconnect", "--json").json]
    assert len(result) == len(set(result)) == 3  # luck's too


def test_only_one_difference_a_day_leads(kin: Kin) -> None:
    for name, label in (("Ana", "pineapple on pizza"), ("Tom", "astrology")):
        kin("add", name, "--differ", label)
        kin("note", f"2026-05-01: {name} and I, until late")
    assert len(list_handles(kin, "-n", "0")) == 1


def test_a_difference_is_named_even_if_it_is_related_to_your_interests(kin: Kin) -> None:
    kin("me", "--into", "climbing")
    kin("add", "Maya", "--differ", "sport climbing")
    kin("note", "2026-05-01: Maya took the bolts out")
    assert find_suggestion(kin, "maya")["interest"] == "sport climbing"


def test_the_opener_on_a_difference_also_names_what_you_share(kin: Kin) -> None:
    kin("me", "--into", "chess")
    kin("add", "Maya", "--differ", "astrology", "--into", "chess")
    kin("note", "2026-05-01: Maya read my palm", "--about", "astrology")
    found = find_suggestion(kin, "maya")
    assert found["interest"] == "astrology"
    assert "“astrology”" in found["opener"]["text"] and "chess" in found["opener"]["text"]


def test_the_opener_is_the_question_of_the_reason(kin: Kin, day: Any) -> None:
    kin("add", "Maya")
    for on, words, due in (
        ("2026-06-01", "how was the move", "2026-06-20"),
        ("2026-10-01", "how was the exam", "2026-11-20"),
    ):
        day(on)
        kin("ask", "maya", words, "--on", due)
    day("2026-11-23")
    found = find_suggestion(kin, "maya")
    assert found["because"] == "You meant to ask: “How was the exam?”"
    assert found["opener"]["text"] == "How was the exam?"


def test_coming_days_are_named_as_people_name_them(kin: Kin) -> None:
    for name, born in (("A", "23"), ("B", "24"), ("C", "26"), ("D", "30")):
        kin("add", f"{name} Okafor", "--birthday", f"{born} november")
    assert {each["because"] for each in kin("reconnect", "-n", "0", "--json").json} == {
        "Birthday today.", "Birthday tomorrow.", "Birthday on Thursday.", "Birthday a week from today.",
    }  # fmt: skip


def test_a_note_of_a_year_is_not_dated_to_january(kin: Kin) -> None:
    kin("add", "Maya", "--into", "fado")
    kin("note", "2024: Maya moved away")
    assert "since 2024" in find_suggestion(kin, "maya")["opener"]["text"]


def test_two_names_of_one_interest_count_once(kin: Kin) -> None:
    kin("add", "Maya", "--into", "birding -- since her aunt's marsh", "--into", "bird watching")
    found = find_suggestion(kin, "maya", "--why")
    assert [each["interest"] for each in found["why"]["interests"]] == ["bird watching"]
    assert found["because"].endswith("“since her aunt's marsh”")


def test_the_tone_changes_after_a_very_long_time_but_not_after_a_single_talk(kin: Kin) -> None:
    for name in ("Ana", "Tom"):
        kin("add", name, "--into", f"tea of {name}", "--circle", "inner")
        kin("note", f"2019-03-04: {name}, on the bench")
    kin("note", "2019-03-12: Ana, on the pier")
    assert find_suggestion(kin, "ana")["because"].endswith(
        "A long-lost friend; a hello is more welcome than it feels."
    )
    assert "long-lost" not in find_suggestion(kin, "tom")["because"]


# Who may be shown


def test_people_you_talked_to_are_left_alone_for_three_days(met: Kin, day: Any) -> None:
    assert "maya-o" in list_handles(met, "-n", "0")  # who rang three days ago
    met("note", "Grace about sailing #sailing")
    for on, there in (("2026-11-24", False), ("2026-11-25", False), ("2026-11-26", True)):
        day(on)
        assert ("grace-h" in list_handles(met, "-n", "0")) is there, on


def test_a_question_due_since_then_brings_them_back_at_once(kin: Kin, day: Any) -> None:
    kin("add", "Maya")
    kin("note", "Maya has an exam")
    kin("ask", "maya", "how was the exam", "--on", "2026-11-24")
    assert list_handles(kin) == []
    day("2026-11-24")
    assert find_suggestion(kin, "maya")["reasons"][0]["kind"] == "question"
    kin("note", "Maya rang")  # it may well have come up
    day("2026-11-25")
    assert list_handles(kin) == []


def test_a_note_in_the_future_does_not_count_yet(kin: Kin) -> None:
    kin("add", "Maya", "--differ", "astrology", "--into", "fado")
    kin("note", "2027-01-05: dinner with Maya", "--about", "fado")
    found = find_suggestion(kin, "maya", "--why")
    assert found["why"]["silence_days"] is None and found["why"]["quiet"] == 0.5
    assert [(each["kind"], each["lag_days"]) for each in found["why"]["interests"]] == [
        ("theirs", None)
    ]


def test_large_company_is_a_talk_but_makes_no_rhythm(kin: Kin) -> None:
    names = ("Ana", "Ben", "Cem", "Dora", "Ede", "Fay")
    for name in names:
        kin("add", name, "--into", f"tea of {name}")
    kin("note", "2026-01-01: Ana and I", "--with", "ana")
    kin("note", "2026-03-02: Ana and I", "--with", "ana")
    party = [word for name in names for word in ("--with", name)]
    kin("note", "2026-04-01: everyone came", *party)
    why = find_suggestion(kin, "ana", "--why")["why"]
    assert (why["gap_days"], why["median_gap"], why["silence_days"]) == (1, 60, 236)
    kin("note", "2026-04-01: and Ana stayed", "--with", "ana")  # a talk of two on the same day
    assert find_suggestion(kin, "ana", "--why")["why"]["gap_days"] == 2
    kin("note", "2026-05-01: five of us", *party[:10], "--with", "me")
    assert find_suggestion(kin, "ana", "--why")["why"]["gap_days"] == 3


def test_luck_never_picks_someone_you_just_talked_to(kin: Kin) -> None:
    kin("add", "Maya", "--into", "fado")
    kin("note", "Maya sang")
    kin("ask", "maya", "how was the concert", "--on", "2026-11-22")
    assert list_handles(kin) == [] and list_handles(kin, "--surprise") == []


# What is recorded


def test_a_showing_is_recorded_once_a_day_and_counts_from_tomorrow(
    met: Kin, book: Path, day: Any
) -> None:
    before = met("reconnect", "--json").json
    assert len(showings(book)) == 3
    assert met("reconnect", "-n", "0", "--json").json[0] == before[0]
    assert met("reconnect", "--json").json == before
    assert len(showings(book)) == 4 == len(set(showings(book)))
    shown = find_suggestion(met, before[0]["person"]["handle"], "--why")["why"]
    assert (shown["shown_days_ago"], shown["back_off"]) == ([], 1.0)
    day("2026-11-24")
    after = find_suggestion(met, before[0]["person"]["handle"], "--why")
    assert after["why"]["shown_days_ago"] == [1]
    assert after["why"]["back_off"] == round(1 - 0.5 * 2 ** (-1 / 60), 4)
    assert after["opener"] != before[0]["opener"]


def test_a_talk_clears_the_showings_until_then(met: Kin, day: Any) -> None:
    list_handles(met, "-n", "0")
    day("2026-11-30")
    met("note", "Grace called #sailing")
    list_handles(met, "-n", "0")
    day("2026-12-04")
    assert find_suggestion(met, "grace-h", "--why")["why"]["shown_days_ago"] == []


def test_earlier_calls_of_the_day_change_nothing(met: Kin) -> None:
    before = met("reconnect", "--json").json
    for words in (
        ("--about", "pottery"),
        ("--near", "leeds"),
        ("--surprise",),
        ("--warm-up",),
        ("-n", "0"),
        ("--why",),
    ):
        met("reconnect", *words)
    assert met("reconnect", "--json").json == before


def test_the_list_is_shown_even_if_it_cannot_be_recorded(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kin.book import session
    from kin.errors import BookError

    def locked(*_: object, **__: object) -> None:
        raise BookError("The book is locked.", "")

    monkeypatch.setattr(session, "open_for_writing", locked)
    result = met("reconnect")
    assert result.code == 0 and result.out
    assert "kin could not record who it suggested: The book is locked." in result.err
    assert showings(book) == []


def test_warm_up_starts_with_an_easy_one_and_another_tomorrow(kin: Kin, day: Any) -> None:
    kin("me", "--into", "chess", "--into", "tea")
    for name, label in (("Ana", "chess"), ("Tom", "tea")):
        kin("add", name, "--into", label)
        for on in ("2026-11-02", "2026-11-09", "2026-11-16"):
            kin("note", f"{on}: {name} came by", "--about", label)
    (first,) = kin("reconnect", "--warm-up", "-n", "1", "--json").json
    assert first["because"].startswith("An easy one to start with. You both love ")
    day("2026-11-24")
    (second,) = kin("reconnect", "--warm-up", "-n", "1", "--json").json
    assert second["because"].startswith("An easy one") and second["person"] != first["person"]
    asked = kin("reconnect", "--warm-up", "--about", "tea", "--json").json
    assert [each["interest"] for each in asked] == ["tea"]


# Who is snoozed


def test_not_now_is_two_weeks_and_needs_no_reason(met: Kin, day: Any) -> None:
    assert met("reconnect", "--not-now", "grace", "--json").json == {
        "handle": "grace-h",
        "name": "Grace Hopper",
        "until": "2026-12-07",
        "snoozed": True,
    }
    for on, there in (("2026-11-23", False), ("2026-12-06", False), ("2026-12-07", True)):
        day(on)
        assert ("grace-h" in list_handles(met, "-n", "0")) is there, on


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("1 december", "2026-12-01"), ("january", "2027-01-01"), ("next month", "2026-12-23"),
        ("friday", "2026-11-27"), ("in 3 weeks", "2026-12-14"), ("2027-03-01", "2027-03-01"),
    ],
)  # fmt: skip
def test_a_snooze_ends_on_a_day_in_words(met: Kin, words: str, until: str) -> None:
    result = met("reconnect", "--snooze", "grace", "--until", words, "--json")
    assert result.json["until"] == until


def test_no_one_snoozed_is_listed_or_picked_until_you_say_so(met: Kin, day: Any) -> None:
    result = met("reconnect", "--snooze", "grace")
    assert result.out == "kin won’t suggest Grace Hopper until you say so.\n"
    assert result.err == "Changed your mind? kin reconnect --again grace-h\nUndo it: kin undo\n"
    met("reconnect", "--not-now", "grace")  # shorter than what holds already
    for on in ("2026-11-23", "2026-12-24", "2028-01-01"):
        day(on)
        for words in ((), ("-n", "0"), ("--surprise",), ("--warm-up",), ("--about", "sailing")):
            assert "grace-h" not in list_handles(met, *words), (on, words)
    assert met("reconnect", "--again", "grace").out == "Grace Hopper may be suggested again.\n"
    assert "grace-h" in list_handles(met, "-n", "0")


@pytest.mark.parametrize(
    "words",
    [
        ("--snooze", "grace", "--until", "yesterday"), ("--snooze", "grace", "--until", "today"),
        ("--until", "friday"), ("--not-now", "grace", "--until", "friday"), ("--not-now", "grace", "--why"),
        ("--not-now", "grace", "--snooze", "tom-k"), ("--surprise", "--about", "pottery"), ("-n", "-1"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(met: Kin, book: Path, words: tuple[str, ...]) -> None:
    before = book.read_bytes()
    assert met("reconnect", *words).code == 2
    assert book.read_bytes() == before


def test_one_question_to_two_people_leads_once_a_day(met: Kin) -> None:
    led = [each["because"] for each in met("reconnect", "--json").json]
    assert sum("Did the kiln survive?" in because for because in led) == 1
