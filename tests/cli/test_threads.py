"""What you want to hear the end of: opened with ask, closed with heard."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kin


def _open(kin: Kin, who: str) -> list[Any]:
    return list(kin("recall", who, "--json").json["threads"])


def test_a_thread_is_opened_today(met: Kin) -> None:
    assert met("ask", "grace", "did the boat float", "--json").json == {
        "handle": "grace-h",
        "name": "Grace Hopper",
        "text": "did the boat float",
        "opened_on": "2026-11-23",
        "due_on": None,
        "heard_on": None,
        "outcome": None,
    }
    assert _open(met, "grace") == [
        {"text": "did the boat float", "opened_on": "2026-11-23", "due_on": None}
    ]


def test_a_day_without_a_year_is_the_next_one(met: Kin) -> None:
    assert met("ask", "grace", "the race", "--due", "12 april", "--json").json["due_on"] == (
        "2027-04-12"
    )
    assert met("ask", "grace", "the exam", "--due", "friday", "--json").json["due_on"] == (
        "2026-11-27"
    )


def test_a_thread_is_echoed_with_whom_and_when(met: Kin) -> None:
    told = met("ask", "grace", "the race", "--due", "2027-04-12")
    assert told.out == "To ask Grace Hopper (grace-h), from Mon 12 Apr 2027 on: the race\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ask", "grace", " "), 2),
        (("ask", "grace"), 2),
        (("ask", "grace", "the race", "--due", "3/4"), 2),
        (("ask", "grace", "the race", "--due", "whenever"), 2),
        (("ask", "nobody", "the race"), 3),
        (("ask", "tom", "the race"), 4),
        (("ask", "grace", "a\0b"), 2),
    ],
)
def test_a_thread_that_is_not_clear_is_refused(
    met: Kin, book: Path, words: tuple[str, ...], code: int
) -> None:
    before = book.read_bytes()
    told = met(*words)
    assert (told.code, told.out) == (code, "")
    assert book.read_bytes() == before


def test_the_only_open_thread_needs_no_words_to_be_closed(met: Kin) -> None:
    assert met("heard", "tom-b", "--so", "it survived\n", "--json").json == {
        "handle": "tom-b",
        "name": "Tom Becker",
        "text": "did the kiln survive",
        "opened_on": "2026-10-01",
        "due_on": None,
        "heard_on": "2026-11-23",
        "outcome": "it survived\n",
    }
    assert _open(met, "tom-b") == []


def test_a_thread_with_two_people_is_closed_for_both(met: Kin) -> None:
    met("heard", "tom-b")
    assert [each["text"] for each in _open(met, "maya")] == ["how was the concert"]


def test_of_several_open_threads_kin_does_not_choose(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    told = met("heard", "maya", "--json")
    assert told.code == 4
    assert told.error["candidates"] == ["did the kiln survive", "how was the concert"]
    assert book.read_bytes() == before


def test_a_word_of_a_thread_says_which_one(met: Kin) -> None:
    told = met("heard", "maya", "KILN", "--so", "it did")
    assert told.out == "Heard from Maya Okafor (maya-o): did the kiln survive: it did\n"


def test_the_whole_of_a_thread_beats_a_longer_one_that_has_it(met: Kin) -> None:
    met("ask", "grace", "the race")
    met("ask", "grace", "the race in spring")
    assert met("heard", "grace", "the race", "--json").json["text"] == "the race"


def test_without_an_open_thread_there_is_nothing_to_hear(met: Kin) -> None:
    told = met("heard", "zoe")
    assert told.code == 3
    assert told.err == (
        "kin: No open thread with Zoë O’Brien. Open one: kin ask zoe-o 'how was the trip'\n"
    )


def test_words_that_no_open_thread_has_are_answered_with_those_that_are(met: Kin) -> None:
    told = met("heard", "maya", "wedding", "--json")
    assert told.code == 3
    assert told.error["candidates"] == ["did the kiln survive", "how was the concert"]


def test_a_thread_that_was_heard_is_not_heard_twice(met: Kin) -> None:
    assert met("heard", "tom-b").code == 0
    assert met("heard", "tom-b").code == 3


def test_what_came_of_it_is_found_again(met: Kin) -> None:
    met("heard", "tom-b", "--so", "the glaze went zinnober")
    (hit,) = met("find", "zinnober", "--json").json
    assert (hit["kind"], hit["people"]) == ("thread", ["maya-o", "tom-b"])
