"""Today, the time ahead, and the dashboard: dates in good time, and questions that come due."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kin


def _dates(kin: Kin, *words: str) -> list[tuple[str, str, int]]:
    found = kin(*words, "--json").json["dates"]
    return [(each["person"]["handle"], each["on"], each["in_days"]) for each in found]


def _asked(kin: Kin, *words: str) -> list[str]:
    return [each["text"] for each in kin(*words, "--json").json["questions"]]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return how a test sets the day."""
    return lambda day: monkeypatch.setenv("KIN_NOW", day)


def test_today_shows_the_dates_of_a_week_and_no_more(kin: Kin) -> None:
    for name, day in (
        *(("Yesterday", "22 november"), ("Today", "23 november"), ("Near", "30 november 1990")),
        ("Far", "1 december"),
    ):
        kin("add", name, "--birthday", day)
    assert _dates(kin, "today") == [("today", "2026-11-23", 0), ("near", "2026-11-30", 7)]


def test_today_in_a_pipe_is_lines_with_tabs(met: Kin, on: Any) -> None:
    on("2026-11-30")
    met("edit", "grace", "--date", "sailing day=2 december")
    assert met("today").out == (
        "2026-12-02\tdate\tgrace-h\tsailing day\n2026-11-30\tquestion\tmaya-o\thow was the concert\n"
    )


def test_a_week_goes_on_across_new_year(kin: Kin, on: Any) -> None:
    kin("add", "Sylvester", "--birthday", "31 december")
    kin("add", "Eve", "--birthday", "5 january 2000")
    kin("add", "Late", "--birthday", "6 january")
    on("2026-12-29")
    assert _dates(kin, "today") == [("sylvester", "2026-12-31", 2), ("eve", "2027-01-05", 7)]


def test_29_february_is_kept_on_the_28th_in_a_common_year(kin: Kin, on: Any) -> None:
    kin("add", "Leap", "--birthday", "29 february 2000")
    for day, found in {
        "2027-02-21": [("leap", "2027-02-28", 7)],
        "2027-02-28": [("leap", "2027-02-28", 0)],
        "2027-03-01": [],
        "2028-02-22": [("leap", "2028-02-29", 7)],
        "2028-02-28": [("leap", "2028-02-29", 1)],
        "2028-02-29": [("leap", "2028-02-29", 0)],
    }.items():
        on(day)
        assert _dates(kin, "today") == found, day


def test_a_question_is_shown_from_its_day_on(met: Kin, on: Any) -> None:
    assert _asked(met, "today") == []
    on("2026-11-30")
    assert met("today", "--json").json["questions"] == [
        {
            "text": "how was the concert",
            "people": [{"handle": "maya-o", "name": "Maya Okafor"}],
            "opened_on": "2026-11-23",
            "on": "2026-11-30",
            "answered_on": None,
            "answer": None,
        }
    ]
    on("2026-12-20")
    assert _asked(met, "today") == ["how was the concert"]
    met("answered", "maya", "concert")
    assert _asked(met, "today") == []


def test_old_questions_do_not_pile_up_after_a_holiday(met: Kin, on: Any) -> None:
    on("2027-06-01")
    assert _asked(met, "today") == []


def test_the_time_ahead_is_two_months_unless_you_say(kin: Kin) -> None:
    kin("add", "Near", "--birthday", "22 january")
    kin("add", "Far", "--birthday", "23 january")
    kin("ask", "near", "the exam", "--on", "2027-01-22")
    kin("ask", "near", "the race", "--on", "2027-01-23")
    assert _dates(kin, "upcoming") == [("near", "2027-01-22", 60)]
    assert _asked(kin, "upcoming") == ["the exam"]
    assert _dates(kin, "upcoming", "--days", "61") == [
        ("near", "2027-01-22", 60),
        ("far", "2027-01-23", 61),
    ]
    assert _asked(kin, "upcoming", "--days", "61") == ["the exam", "the race"]


def test_a_whole_year_has_each_date_once(kin: Kin) -> None:
    kin("add", "Today", "--birthday", "23 november", "--date", "wedding=22 november 2019")
    assert _dates(kin, "upcoming", "--days", "366") == [
        ("today", "2026-11-23", 0),
        ("today", "2027-11-22", 364),
    ]
    assert _dates(kin, "upcoming", "--days", "0") == [("today", "2026-11-23", 0)]


@pytest.mark.parametrize("days", ["-1", "367", "many"])
def test_an_invalid_number_of_days_is_refused(kin: Kin, days: str) -> None:
    assert kin("upcoming", "--days", days).code == 2


def test_a_quiet_day_prints_no_rows(met: Kin, on: Any) -> None:
    on("2026-07-01")
    assert (met("today").code, met("today").out) == (0, "")
    assert met("today", "--json").json == {"dates": [], "questions": []}


def test_the_dashboard_shows_the_day_at_a_glance(met: Kin) -> None:
    day = met("--json").json
    assert set(day) == {"questions", "dates", "hello", "notes"}
    assert day["questions"] == []
    assert day["dates"] == [
        {
            "person": {"handle": "maya-o", "name": "Maya Okafor"},
            "label": "birthday",
            "on": "2026-11-26",
            "in_days": 3,
        }
    ]
    assert day["hello"] == {
        "person": {"handle": "grace-h", "name": "Grace Hopper"},
        "interest": "sailing",
        "because": "Grace is into sailing, and no one else you know is.",
    }
    assert [note["on"] for note in day["notes"]] == ["2026-11-20", "2026-10-01"]


def test_the_dashboard_in_a_pipe_is_plain_lines(met: Kin) -> None:
    assert met().out == (
        "Mon 23 Nov 2026\n"
        "  dates     Maya Okafor  birthday Thu 26 Nov, in 3 days, turns 42\n"
        "  say hi to Grace Hopper  Grace is into sailing, and no one else you know is.\n"
        "  last      Fri 20 Nov 2026  Maya Okafor  Maya rang, a #fado evening is planned\n"
        "            Thu 1 Oct 2026  Maya Okafor and Tom Becker  coffee with Maya and Tom Becker"
        " at Blue Door about #pottery ?did the kiln survive\n"
    )


def test_the_dashboard_shows_a_handful_of_each(met: Kin, on: Any) -> None:
    for number in range(1, 6):
        met("note", f"2026-11-1{number}: Maya, number {number}")
        met("ask", "maya", f"question {number}", "--on", f"2026-11-2{number}")
        met("edit", "maya", "--date", f"holiday {number}={number} december")
    on("2026-11-30")
    day = met("--json").json
    assert [len(day[each]) for each in ("questions", "dates", "notes")] == [3, 3, 3]


def test_no_one_you_have_just_talked_to_is_suggested(met: Kin, on: Any) -> None:
    for day in range(2, 8):
        on(f"2026-10-0{day}")
        suggested = met("--json").json["hello"]["person"]["handle"]
        assert suggested not in ({"maya-o", "tom-b"} if day < 4 else set()), day


def test_without_a_book_kin_welcomes_and_makes_none(kin: Kin, book: Path) -> None:
    result = kin()
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("Welcome to kin.\n")
    assert "kin add Maya" in result.err and "kin demo" in result.err
    assert kin("--json").json == {"questions": [], "dates": [], "hello": None, "notes": []}
    assert not book.exists()
