"""Questions to ask next time: opened with `kin ask`, closed with `kin answered`."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kin


def _open(kin: Kin, who: str) -> list[Any]:
    return list(kin("recall", who, "--json").json["questions"])


def test_a_question_is_opened_today(met: Kin) -> None:
    assert met("ask", "grace", "did the boat float", "--json").json == [
        {
            "text": "did the boat float",
            "people": [{"handle": "grace-h", "name": "Grace Hopper"}],
            "opened_on": "2026-11-23",
            "on": None,
            "answered_on": None,
            "answer": None,
        }
    ]
    assert _open(met, "grace") == [
        {"text": "did the boat float", "opened_on": "2026-11-23", "on": None}
    ]


def test_a_day_without_a_year_is_the_next_one(met: Kin) -> None:
    assert met("ask", "grace", "the race", "--on", "12 april", "--json").json[0]["on"] == (
        "2027-04-12"
    )
    assert met("ask", "grace", "the exam", "--on", "friday", "--json").json[0]["on"] == (
        "2026-11-27"
    )


def test_a_question_is_echoed_with_the_person_and_the_day(met: Kin) -> None:
    result = met("ask", "grace", "the race", "--on", "2027-04-12")
    assert result.out == "To ask Grace Hopper (grace-h), from Mon 12 Apr 2027: the race\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ask", "grace", " "), 2),
        (("ask", "grace"), 2),
        (("ask", "grace", "the race", "--on", "3/4"), 2),
        (("ask", "grace", "the race", "--on", "whenever"), 2),
        (("ask", "nobody", "the race"), 3),
        (("ask", "tom", "the race"), 4),
        (("ask", "grace", "a\0b"), 2),
    ],
)
def test_an_unclear_question_is_refused(
    met: Kin, book: Path, words: tuple[str, ...], code: int
) -> None:
    before = book.read_bytes()
    result = met(*words)
    assert (result.code, result.out) == (code, "")
    assert book.read_bytes() == before


def test_the_only_open_question_needs_no_words_to_be_answered(met: Kin) -> None:
    assert met("answered", "tom-b", "--answer", "it survived\n", "--json").json == [
        {
            "text": "did the kiln survive",
            "people": [
                {"handle": "maya-o", "name": "Maya Okafor"},
                {"handle": "tom-b", "name": "Tom Becker"},
            ],
            "opened_on": "2026-10-01",
            "on": None,
            "answered_on": "2026-11-23",
            "answer": "it survived\n",
        }
    ]
    assert _open(met, "tom-b") == []


def test_a_question_to_two_people_is_answered_for_both(met: Kin) -> None:
    met("answered", "tom-b")
    assert [each["text"] for each in _open(met, "maya")] == ["how was the concert"]


def test_kin_does_not_choose_among_several_open_questions(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    result = met("answered", "maya", "--json")
    assert result.code == 4
    assert result.error["candidates"] == ["did the kiln survive", "how was the concert"]
    assert book.read_bytes() == before


def test_a_word_of_a_question_chooses_it(met: Kin) -> None:
    result = met("answered", "maya", "KILN", "--answer", "it did")
    assert result.out == "Answered by Maya Okafor (maya-o): did the kiln survive: it did\n"


def test_the_exact_question_wins_over_a_longer_one(met: Kin) -> None:
    met("ask", "grace", "the race")
    met("ask", "grace", "the race in spring")
    assert met("answered", "grace", "the race", "--json").json[0]["text"] == "the race"


def test_without_an_open_question_there_is_nothing_to_answer(met: Kin) -> None:
    result = met("answered", "zoe")
    assert result.code == 3
    assert result.err == (
        "kin: Zoë O’Brien has no open question. Ask one: kin ask zoe-o 'how was the trip'\n"
    )


def test_words_that_match_no_open_question_list_those_that_are_open(met: Kin) -> None:
    result = met("answered", "maya", "wedding", "--json")
    assert result.code == 3
    assert result.error["candidates"] == ["did the kiln survive", "how was the concert"]


def test_a_question_is_not_answered_twice(met: Kin) -> None:
    assert met("answered", "tom-b").code == 0
    assert met("answered", "tom-b").code == 3


def test_an_answer_is_found_again(met: Kin) -> None:
    met("answered", "tom-b", "--answer", "the glaze went zinnober")
    (hit,) = met("find", "zinnober", "--json").json
    assert (hit["kind"], [each["handle"] for each in hit["people"]]) == (
        "question",
        ["maya-o", "tom-b"],
    )
