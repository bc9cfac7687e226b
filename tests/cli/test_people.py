"""`kin add` and `kin people`."""

from pathlib import Path

import pytest

from tests.conftest import Kin

NOTHING_MET = {"on": None, "at": None, "story": None, "through": None}


def _handles(kin: Kin, *words: str) -> list[str]:
    return [person["handle"] for person in kin("people", *words, "--json").json]


def test_a_new_person_needs_only_a_name(kin: Kin) -> None:
    assert kin("add", "Maya", "--json").json == {
        "handle": "maya",
        "name": "Maya",
        "nicknames": [],
        "interests": [],
        "facts": [],
        "dates": [],
        "met": NOTHING_MET,
        "lives": None,
        "groups": [],
        "circle": None,
        "birthday": None,
        "last_note": None,
        "contacts": [],
    }


def test_every_flag_of_add_is_on_the_card(met: Kin) -> None:
    result = met(
        *("add", "Pat Ray", "--into", "tea -- from a tin", "--both", "go", "--differ", "cats"),
        *("--met", "in the rain", "--on", "12 march 2026", "--at", "Oslo", "--through", "maya"),
        *("--nick", "P", "--nick", "Patty", "--birthday", "29 february", "--lives", "Bergen"),
        *("--date", "wedding=12 june 2019"),
        *("--email", "p@x.example", "--phone", "+47 1", "--link", "https://p.example"),
        *("--group", "choir", "--group", "family", "--circle", "close", "--json"),
    )
    assert result.json == {
        "handle": "pat-r",
        "name": "Pat Ray",
        "nicknames": ["P", "Patty"],
        "interests": [
            {
                "key": "go",
                "label": "go",
                "stance": "into",
                "shared": True,
                "via": None,
                "note": None,
            },
            {
                "key": "tea",
                "label": "tea",
                "stance": "into",
                "shared": False,
                "via": None,
                "note": "from a tin",
            },
            {
                "key": "cat",
                "label": "cats",
                "stance": "differ",
                "shared": False,
                "via": None,
                "note": None,
            },
        ],
        "facts": [],
        "dates": [{"label": "wedding", "on": "2019-06-12"}],
        "met": {
            "on": "2026-03-12",
            "at": "Oslo",
            "story": "in the rain",
            "through": {"handle": "maya-o", "name": "Maya Okafor"},
        },
        "lives": "Bergen",
        "groups": ["choir", "family"],
        "circle": "close",
        "birthday": "--02-29",
        "last_note": None,
        "contacts": [
            {"kind": "email", "label": None, "value": "p@x.example"},
            {"kind": "link", "label": None, "value": "https://p.example"},
            {"kind": "phone", "label": None, "value": "+47 1"},
        ],
    }
    assert met("recall", "pat", "--json").json["person"] == result.json


def test_a_yearly_date_comes_up_again(kin: Kin) -> None:
    kin("add", "Maya", "--date", "wedding=12 december 2019")
    (wedding,) = kin("recall", "maya", "--json").json["dates"]
    assert (wedding["label"], wedding["on"], wedding["in_days"]) == ("wedding", "2026-12-12", 19)


def test_what_you_share_is_yours_from_then_on(kin: Kin) -> None:
    kin("add", "Maya", "--both", "pottery -- her father had a kiln")
    (mine,) = kin("me", "--json").json["interests"]
    assert (mine["label"], mine["note"]) == ("pottery", None)


def test_a_story_after_a_long_dash_stays_theirs_too(kin: Kin) -> None:
    card = kin("add", "Maya", "--both", "pottery — her father had a kiln", "--json").json
    assert card["interests"][0]["note"] == "her father had a kiln"
    (mine,) = kin("me", "--json").json["interests"]
    assert (mine["label"], mine["note"]) == ("pottery", None)


def test_the_dashes_inside_a_story_stay_as_they_were_typed(kin: Kin) -> None:
    card = kin("add", "Maya", "--into", "opera -- she — of all people — sings", "--json").json
    assert card["interests"][0]["note"] == "she — of all people — sings"


def test_notes_of_add_are_where_and_when_you_met(kin: Kin) -> None:
    kin(
        *("add", "Maya", "--on", "yesterday", "--at", "Kiln House"),
        *("--note", "talked of #tea ?how is the cat", "--note", "and of Rome"),
    )
    notes = kin("notes", "maya", "--json").json["notes"]
    assert [(each["on"], each["place"], each["text"]) for each in notes] == [
        ("2026-11-22", "Kiln House", "and of Rome"),
        ("2026-11-22", "Kiln House", "talked of #tea ?how is the cat"),
    ]
    assert [each["label"] for each in notes[1]["interests"]] == ["tea"]
    assert [each["text"] for each in notes[1]["questions"]] == ["how is the cat"]


def test_ask_opens_questions_to_the_new_person(kin: Kin) -> None:
    kin("add", "Maya", "--ask", "did she move", "--ask", "how was Rome")
    assert kin("recall", "maya", "--json").json["questions"] == [
        {"text": "did she move", "opened_on": "2026-11-23", "on": None},
        {"text": "how was Rome", "opened_on": "2026-11-23", "on": None},
    ]


def test_a_name_that_is_in_the_book_is_refused_and_it_says_who(met: Kin) -> None:
    result = met("add", "maya okafor")
    assert result.code == 1
    assert result.err == (
        "kin: Maya Okafor (maya-o, met at Kiln House) is already in your book. "
        "Add a second person with --anyway, or change the card: kin edit maya-o\n"
    )
    assert len(_handles(met)) == 5


def test_anyway_adds_a_second_person_with_another_handle(met: Kin) -> None:
    assert met("add", "Maya Okafor", "--anyway", "--json").json["handle"] == "maya-okafor"
    assert _handles(met, "--met", "Kiln House") == ["maya-o"]
    assert met("recall", "Maya Okafor").code == 4


@pytest.mark.parametrize(
    "name",
    ["N" * 3000, "", "   "],
    ids=["3,000 characters", "empty", "spaces"],
)
def test_a_name_that_cannot_be_stored_is_refused(kin: Kin, name: str) -> None:
    result = kin("add", name)
    assert (result.code, result.out) == (2, "")
    assert "The name" in result.err
    assert kin("people", "--json").json == []


@pytest.mark.parametrize("name", ["Ma\0ya", "Ma\udcffya"], ids=["NUL", "half a character"])
def test_a_name_that_is_not_text_is_refused(kin: Kin, name: str) -> None:
    result = kin("add", name)
    assert (result.code, result.out) == (2, "")
    assert result.err == "kin: What you typed is not UTF-8 text. Nothing was written.\n"
    assert kin("people", "--json").json == []


def test_words_that_cannot_be_stored_are_refused_in_every_flag(kin: Kin) -> None:
    kin("add", "Maya")
    flags = ["--into", "--both", "--differ", "--met", "--at", "--note", "--ask", "--nick"]
    flags += ["--email", "--phone", "--link", "--lives", "--group"]
    for flag in flags:
        for word in ("a\0b", "a\udcffb"):
            result = kin("add", "Pat", flag, word)
            assert (result.code, result.out) == (2, ""), (flag, word, result.err)
    assert _handles(kin) == ["maya"]


@pytest.mark.parametrize(
    ("flag", "word"),
    [
        ("--on", "3/4"),
        ("--on", "soon"),
        ("--on", "tomorrow"),
        ("--birthday", "soon"),
        ("--birthday", "30 february"),
        ("--birthday", "2030-01-01"),
        ("--date", "wedding=soon"),
        ("--date", "wedding"),
        ("--circle", "best"),
        ("--into", "…"),
        ("--group", " "),
    ],
)
def test_an_unclear_flag_is_refused_and_nothing_is_written(
    kin: Kin, book: Path, flag: str, word: str
) -> None:
    kin("add", "Maya", "--into", "tea")
    before = book.read_bytes()
    result = kin("add", "Pat", "--both", "chess", "--note", "a walk", flag, word)
    assert (result.code, result.out) == (2, "")
    assert book.read_bytes() == before


def test_an_ambiguous_day_is_refused_with_its_readings(kin: Kin) -> None:
    result = kin("add", "Maya", "--on", "3/4/2026", "--json")
    assert result.code == 2
    assert sorted(result.error["candidates"]) == ["2026-03-04", "2026-04-03"]


def test_no_one_is_met_through_a_stranger_or_one_of_two_toms(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert met("add", "Pat", "--through", "nobody").code == 3
    assert met("add", "Pat", "--through", "tom").code == 4
    assert book.read_bytes() == before


def test_add_without_a_name_does_not_ask_without_a_terminal(kin: Kin) -> None:
    result = kin("add", "--into", "pottery")
    assert (result.code, result.out) == (2, "")
    assert result.err == "kin: Who did you meet? kin add NAME. On a terminal, kin add asks.\n"


def test_the_new_card_comes_with_what_to_type_next(kin: Kin) -> None:
    result = kin("add", "Maya Okafor", "--into", "fado")
    assert result.out == "Maya Okafor  maya-o  is in your book\n  into      fado\n"
    assert result.err == (
        "Next:\n  kin note 'coffee with Maya about …'\n  kin recall maya-o\nUndo it: kin undo\n"
    )


def test_the_list_is_in_the_order_of_names(met: Kin) -> None:
    assert _handles(met) == ["grace-h", "maya-o", "tom-b", "tom-k", "zoe-o"]


def test_the_list_in_a_pipe_is_a_line_each_with_tabs(met: Kin) -> None:
    assert met("people", "--plain").out == (
        "Grace Hopper\tgrace-h\tsailing\t\n"
        "Maya Okafor\tmaya-o\tpottery, fado\t2026-11-20\n"
        "Tom Becker\ttom-b\tchess, birding\t2026-10-01\n"
        "Tom King\ttom-k\tpottery\t\n"
        "Zoë O’Brien\tzoe-o\tsourdough\t\n"
    )


def test_people_are_filtered_by_what_kin_knows_about_them(met: Kin) -> None:
    asked = {
        ("--into", "Pottery"): ["maya-o", "tom-k"],
        ("--into", "pottery", "--into", "fado"): ["maya-o"],
        ("--into", "pineapple on pizza"): [],
        ("--group", "Book Clubs"): ["maya-o"],
        ("--lives", "lisbon"): ["maya-o"],
        ("--met", "pycon"): ["tom-b"],
        ("--met", "open kiln"): ["maya-o"],
        ("--since", "2026-03-02"): ["grace-h", "tom-b", "tom-k", "zoe-o"],
        ("--since", "2026-03-01"): ["grace-h", "maya-o", "tom-b", "tom-k", "zoe-o"],
        ("--quiet-since", "2026-11-01"): ["grace-h", "tom-b", "tom-k", "zoe-o"],
        ("--quiet-since", "2026-11-21", "--lives", "Lisbon"): ["maya-o"],
        ("--into", "pottery", "--lives", "Leeds"): ["tom-k"],
    }
    assert {words: _handles(met, *words) for words in asked} == asked


def test_an_accent_in_a_town_may_be_left_out(kin: Kin) -> None:
    kin("add", "Maya", "--lives", "Tromsø")
    assert _handles(kin, "--lives", "tromso") == ["maya"]


def test_a_group_of_signs_is_found_by_its_signs(kin: Kin) -> None:
    kin("add", "Maya", "--group", "!!")
    assert _handles(kin, "--group", "!!") == ["maya"]


def test_people_can_be_sorted_by_their_last_note(met: Kin) -> None:
    assert _handles(met, "--sort", "recent") == ["maya-o", "tom-b", "grace-h", "tom-k", "zoe-o"]
    assert _handles(met, "--sort", "recent", "-n", "2") == ["maya-o", "tom-b"]
    assert len(_handles(met, "-n", "0")) == 5


def test_a_short_list_in_a_pipe_has_rows_and_nothing_else(met: Kin) -> None:
    result = met("people", "-n", "2", "--plain")
    assert result.out == (
        "Grace Hopper\tgrace-h\tsailing\t\nMaya Okafor\tmaya-o\tpottery, fado\t2026-11-20\n"
    )


def test_a_future_note_is_not_the_last_one(met: Kin) -> None:
    met("note", "2027-01-05: dinner with Maya")
    (maya,) = met("people", "--lives", "Lisbon", "--json").json
    assert maya["last_note"] == "2026-11-20"


def test_an_invalid_order_or_number_is_refused(met: Kin) -> None:
    assert met("people", "--sort", "value").code == 2
    assert met("people", "-n", "-1").code == 2
    assert met("people", "--since", "3/4").code == 2


def test_an_empty_list_of_people_comes_with_a_hint(met: Kin) -> None:
    result = met("people", "--into", "falconry")
    assert (result.code, result.out, result.err) == (
        0,
        "",
        "No one matches. List everyone: kin people\n",
    )


def test_a_name_that_looks_like_a_handle_is_found(kin: Kin) -> None:
    assert kin("add", "--", "@Sum of Parts").code == 0
    assert kin("add", "--", "@Sum of Parts").code == 1
    assert kin("recall", "@Sum of Parts", "--json").json["person"]["name"] == "@Sum of Parts"
