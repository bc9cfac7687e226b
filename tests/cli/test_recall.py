"""The card to read before you meet someone, and the ways to name them."""

import pytest

from tests.conftest import Kin


def test_the_card_has_everything_that_matters(met: Kin) -> None:
    card = met("recall", "maya", "--json").json
    assert card["person"]["name"] == "Maya Okafor"
    assert [(each["label"], each["note"], each["last_came_up"]) for each in card["shared"]] == [
        ("pottery", "her father had a kiln", "2026-10-01")
    ]
    assert [each["label"] for each in card["differ"]] == ["pineapple on pizza"]
    assert [(each["label"], each["last_came_up"]) for each in card["theirs"]] == [
        ("fado", "2026-11-20")
    ]
    assert card["questions"] == [
        {"text": "did the kiln survive", "opened_on": "2026-10-01", "on": None},
        {"text": "how was the concert", "opened_on": "2026-11-23", "on": "2026-11-30"},
    ]
    assert [note["on"] for note in card["notes"]] == ["2026-11-20", "2026-10-01"]
    assert card["dates"] == [{"label": "birthday", "on": "2026-11-26", "in_days": 3}]
    assert card["common_people"] == [{"handle": "tom-b", "name": "Tom Becker"}]


def test_each_opener_says_what_it_builds_on(met: Kin) -> None:
    assert met("recall", "maya", "--json").json["openers"] == [
        {
            "text": "Did the kiln survive?",
            "because": "on your mind since Thu 1 Oct 2026",
        },
        {
            "text": "What have you been up to with pottery lately?",
            "because": "Thu 1 Oct 2026: “coffee with Maya and Tom Becker at Blue Door about #pottery ?did the…”",
        },
        {
            "text": "How’s life been since we last talked?",
            "because": "Fri 20 Nov 2026: “Maya rang, a #fado evening is planned”",
        },
    ]


def test_the_card_in_a_pipe_is_plain_lines(met: Kin) -> None:
    result = met("recall", "maya")
    assert result.err == ""
    assert result.out == (
        "Maya Okafor  maya-o  “Mo”\n"
        "You last talked 3 days ago · Lisbon · book club\n"
        "  ask       did the kiln survive  noted 8 weeks ago\n"
        "            how was the concert  from Mon 30 Nov 2026\n"
        "  last      Fri 20 Nov 2026  “Maya rang, a #fado evening is planned”\n"
        "            Thu 1 Oct 2026, at Blue Door  “coffee with Maya and Tom Becker at Blue Door"
        " about #pottery ?did the kiln survive”\n"
        "  both      pottery, her father had a kiln (8 weeks ago)\n"
        "  differ    pineapple on pizza\n"
        "  openers   What have you been up to with pottery lately?"
        "  Thu 1 Oct 2026: “coffee with Maya and Tom Becker at Blue Door about #pottery ?did the…”\n"
        "            How’s life been since we last talked?"
        "  Fri 20 Nov 2026: “Maya rang, a #fado evening is planned”\n"
        "  theirs    fado (3 days ago)\n"
        "  soon      birthday Thu 26 Nov, in 3 days, turns 42\n"
        "  met       Sun 1 Mar 2026, at Kiln House\n"
        "            at the open kiln\n"
        "  in common Tom Becker\n"
        "  ties      Zoë O’Brien is Maya’s flat mate\n"
        "  contact   maya@example.org\n"
    )


def test_the_card_of_someone_new_is_short(met: Kin) -> None:
    card = met("recall", "grace", "--json").json
    assert [each["label"] for each in card.pop("theirs")] == ["sailing"]
    assert card.pop("person")["last_note"] is None
    assert [each["because"] for each in card.pop("openers")] == ["Grace is into sailing"]
    left = ("shared", "differ", "questions", "notes", "dates", "ties", "common_people")
    assert card == {key: [] for key in left}


def test_a_note_in_the_future_is_not_the_last_one(met: Kin) -> None:
    met("note", "2027-01-05: dinner with Grace")
    assert met("recall", "grace", "--json").json["notes"] == []


def test_there_are_never_more_than_three_notes_and_three_openers(met: Kin) -> None:
    for number in range(1, 6):
        met("note", f"2026-11-0{number}: Maya, number {number} #fado ?question {number}")
    card = met("recall", "maya", "--json").json
    assert [note["on"] for note in card["notes"]] == ["2026-11-20", "2026-11-05", "2026-11-04"]
    assert len(card["openers"]) == 3


def test_a_person_is_found_by_any_of_their_names(met: Kin) -> None:
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


def test_two_toms_are_listed_with_what_tells_them_apart(met: Kin) -> None:
    result = met("recall", "tom")
    assert (result.code, result.out) == (4, "")
    assert result.err == (
        "kin: “tom” could be Tom Becker (tom-b, met at PyCon); Tom King (tom-k, lives in Leeds). "
        "Use the handle: tom-b or tom-k\n"
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
def test_an_unknown_name_comes_with_near_misses(met: Kin, who: str, meant: list[str]) -> None:
    result = met("recall", who, "--json")
    assert result.code == 3
    assert result.error["candidates"] == meant


@pytest.mark.parametrize("who", ["", " ", "*", "%", "_", "'", "x" * 5000])
def test_what_is_not_a_name_finds_no_one(met: Kin, who: str) -> None:
    result = met("recall", who)
    assert (result.code, result.out) == (3, "")


def test_without_a_book_a_person_is_welcomed_and_a_program_gets_an_error(kin: Kin) -> None:
    welcomed = kin("recall", "maya")
    assert (welcomed.code, welcomed.out) == (0, "")
    assert welcomed.err.startswith("Welcome to kin.")
    result = kin("recall", "maya", "--json")
    assert (result.code, result.error["code"]) == (3, 3)
