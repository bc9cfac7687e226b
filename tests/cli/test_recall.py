"""The card to read before a catch-up, and the ways to say whose."""

import pytest

from tests.conftest import Kin


def test_the_card_holds_all_that_matters_first(met: Kin) -> None:
    brief = met("recall", "maya", "--json").json
    assert brief["person"]["name"] == "Maya Okafor"
    assert [(each["label"], each["note"], each["last_mentioned"]) for each in brief["shared"]] == [
        ("pottery", "her father had a kiln", "2026-10-01")
    ]
    assert [each["label"] for each in brief["collides"]] == ["pineapple on pizza"]
    assert [(each["label"], each["last_mentioned"]) for each in brief["theirs"]] == [
        ("fado", "2026-11-20")
    ]
    assert brief["threads"] == [
        {"text": "did the kiln survive", "opened_on": "2026-10-01", "due_on": None},
        {"text": "how was the concert", "opened_on": "2026-11-23", "due_on": "2026-11-30"},
    ]
    assert [talk["on"] for talk in brief["talks"]] == ["2026-11-20", "2026-10-01"]
    assert brief["dates"] == [
        {"kind": "birthday", "on": "2026-11-26", "in_days": 3, "label": "birthday"}
    ]
    assert brief["common_people"] == [{"handle": "tom-b", "name": "Tom Becker"}]


def test_each_question_says_what_it_rests_on(met: Kin) -> None:
    assert met("recall", "maya", "--json").json["questions"] == [
        {
            "text": "Did the kiln survive?",
            "because": "you have wanted to hear this since Thu 1 Oct 2026",
        },
        {
            "text": "What are you up to with pottery these days?",
            "because": "Thu 1 Oct 2026: “coffee with Maya and Tom Becker at Blue Door about #pottery ?did the…”",
        },
        {
            "text": "How has life treated you since we last talked?",
            "because": "Fri 20 Nov 2026: “Maya rang, a #fado evening is planned”",
        },
    ]


def test_the_card_in_a_pipe_is_plain_lines(met: Kin) -> None:
    told = met("recall", "maya")
    assert told.err == ""
    assert told.out == (
        "Maya Okafor  maya-o  “Mo”\n"
        "You last talked 3 days ago · Lisbon · book club\n"
        "  ask       did the kiln survive  asked 8 weeks ago\n"
        "            how was the concert  ripens Mon 30 Nov 2026\n"
        "  last      Fri 20 Nov 2026  “Maya rang, a #fado evening is planned”\n"
        "            Thu 1 Oct 2026, at Blue Door  “coffee with Maya and Tom Becker at Blue Door"
        " about #pottery ?did the kiln survive”\n"
        "  share     pottery, her father had a kiln (8 weeks ago)\n"
        "  collide   pineapple on pizza\n"
        "  begin     What are you up to with pottery these days?"
        "  Thu 1 Oct 2026: “coffee with Maya and Tom Becker at Blue Door about #pottery ?did the…”\n"
        "            How has life treated you since we last talked?"
        "  Fri 20 Nov 2026: “Maya rang, a #fado evening is planned”\n"
        "  theirs    fado (3 days ago)\n"
        "  soon      birthday Thu 26 Nov, in 3 days, turns 42\n"
        "  met       Sun 1 Mar 2026, at Kiln House\n"
        "            at the open kiln\n"
        "  both know Tom Becker\n"
        "  ties      Zoë O’Brien is Maya’s flat mate\n"
        "  reach     maya@example.org\n"
    )


def test_the_card_of_somebody_new_is_short(met: Kin) -> None:
    brief = met("recall", "grace", "--json").json
    assert [each["label"] for each in brief.pop("theirs")] == ["sailing"]
    assert brief.pop("person")["last_talk"] is None
    assert [each["because"] for each in brief.pop("questions")] == ["Grace is into sailing"]
    left = ("shared", "collides", "threads", "talks", "dates", "ties", "common_people")
    assert brief == {key: [] for key in left}


def test_a_conversation_to_come_is_not_recalled_as_the_last(met: Kin) -> None:
    met("note", "2027-01-05: dinner with Grace")
    assert met("recall", "grace", "--json").json["talks"] == []


def test_there_are_never_more_than_three_talks_and_three_questions(met: Kin) -> None:
    for number in range(1, 6):
        met("note", f"2026-11-0{number}: Maya, number {number} #fado ?question {number}")
    brief = met("recall", "maya", "--json").json
    assert [talk["on"] for talk in brief["talks"]] == ["2026-11-20", "2026-11-05", "2026-11-04"]
    assert len(brief["questions"]) == 3


def test_somebody_is_found_by_any_of_their_names(met: Kin) -> None:
    asked = {
        "maya-o": "maya-o",
        "@maya-o": "maya-o",
        "Maya Okafor": "maya-o",
        "MAYA OKAFOR": "maya-o",
        "mo": "maya-o",
        "Maya": "maya-o",
        "okafor": "maya-o",
        "Maya O": "maya-o",
        "maya o.": "maya-o",
        "Mo Okafor": "maya-o",
        "may": "maya-o",
        "oka": "maya-o",
        "Tom B": "tom-b",
        "tom k": "tom-k",
        "King": "tom-k",
        "Zoe": "zoe-o",
        "ZOË": "zoe-o",
        "Zoe\u0308": "zoe-o",
        "O'Brien": "zoe-o",
        "O’Brien": "zoe-o",
        "obrien": "zoe-o",
        "zoe o'brien": "zoe-o",
        "  Grace   Hopper ": "grace-h",
    }
    found = {who: met("recall", who, "--json").json["person"]["handle"] for who in asked}
    assert found == asked


def test_exact_beats_nickname_beats_partial(kin: Kin) -> None:
    kin("add", "Sam Field")  # sam-f
    kin("add", "Nora Samson")
    kin("add", "Samuel Vale", "--nick", "Sam")
    assert kin("recall", "Sam", "--json").json["person"]["name"] == "Samuel Vale"
    kin("add", "Sam", "--anyway")
    assert kin("recall", "Sam", "--json").json["person"]["name"] == "Sam"
    assert kin("recall", "Samso", "--json").json["person"]["name"] == "Nora Samson"


def test_one_of_two_toms_is_asked_for_with_what_tells_them_apart(met: Kin) -> None:
    told = met("recall", "tom")
    assert (told.code, told.out) == (4, "")
    assert told.err == (
        "kin: “tom” could be Tom Becker (tom-b, met at PyCon); Tom King (tom-k, lives in Leeds). "
        "Say which one by the handle: tom-b or tom-k\n"
    )
    assert met("recall", "tom", "--json").error["candidates"] == ["tom-b", "tom-k"]


@pytest.mark.parametrize(
    ("who", "meant"),
    [
        ("Grace Kelly", ["grace-h"]),
        ("Mayya", ["maya-o"]),
        ("Tom X", ["tom-b", "tom-k"]),
        ("Xerxes", []),
    ],
)
def test_nobody_of_that_name_comes_with_near_misses(met: Kin, who: str, meant: list[str]) -> None:
    told = met("recall", who, "--json")
    assert told.code == 3
    assert told.error["candidates"] == meant


@pytest.mark.parametrize("who", ["", " ", "*", "%", "_", "'", "x" * 5000])
def test_what_is_no_name_finds_nobody(met: Kin, who: str) -> None:
    told = met("recall", who)
    assert (told.code, told.out) == (3, "")


def test_where_there_is_no_book_a_person_is_welcomed_and_a_program_told(kin: Kin) -> None:
    welcomed = kin("recall", "maya")
    assert (welcomed.code, welcomed.out) == (0, "")
    assert welcomed.err.startswith("Welcome to kin.")
    told = kin("recall", "maya", "--json")
    assert (told.code, told.error["code"]) == (3, 3)
