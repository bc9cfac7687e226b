"""`kin edit` with flags: those of `kin add`, and `--not-…`."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kin


def _card(kin: Kin, who: str) -> Any:
    return kin("recall", who, "--json").json["person"]


def _stances(card: Any) -> dict[str, str]:
    return {each["label"]: each["stance"] for each in card["interests"]}


def test_the_flags_of_add_change_a_card(met: Kin) -> None:
    result = met(
        *("edit", "grace", "--into", "chess", "--differ", "cats", "--met", "on a pier", "--nick"),
        *("Amazing", "--on", "2026-05-02", "--at", "Hull", "--through", "tom-k", "--birthday"),
        *("9 december 1980", "--lives", "York", "--group", "crew", "--circle", "wide", "--email"),
        *("g@x.example", "--phone", "7", "--link", "https://g.example", "--json"),
    )
    card = result.json
    assert card == _card(met, "grace-h")
    assert _stances(card) == {"sailing": "into", "chess": "into", "cats": "differ"}
    assert card["met"] == {
        "on": "2026-05-02",
        "at": "Hull",
        "story": "on a pier",
        "through": {"handle": "tom-k", "name": "Tom King"},
    }
    changed = {key: card[key] for key in ("nicknames", "birthday", "lives", "groups", "circle")}
    assert changed == {
        "nicknames": ["Amazing"],
        "birthday": "1980-12-09",
        "lives": "York",
        "groups": ["crew"],
        "circle": "wide",
    }
    assert [each["value"] for each in card["contacts"]] == ["g@x.example", "https://g.example", "7"]


def test_an_edit_changes_only_what_it_names(met: Kin) -> None:
    before = _card(met, "maya")
    met("edit", "maya", "--lives", "Porto")
    assert _card(met, "maya") == {**before, "lives": "Porto"}


def test_every_not_flag_removes_one_thing(met: Kin) -> None:
    met("edit", "maya", "--phone", "1", "--link", "https://m.example", "--date", "name day=4 may")
    met("edit", "maya", "--circle", "close", "--through", "grace")
    result = met(
        *("edit", "maya", "--not-into", "Fado", "--not-differ", "pineapple-on-pizza"),
        *("--not-nick", "mo", "--not-group", "Book Club", "--not-email", "MAYA@example.org"),
        *("--not-phone", "1", "--not-link", "https://m.example", "--not-date", "Name Day"),
        *("--not-birthday", "--not-lives", "--not-circle", "--not-met", "--not-on", "--not-at"),
        *("--not-through", "--json"),
    )
    assert result.json == {
        "handle": "maya-o",
        "name": "Maya Okafor",
        "nicknames": [],
        "interests": [
            {
                "key": "pottery",
                "label": "pottery",
                "stance": "into",
                "shared": True,
                "via": None,
                "note": "her father had a kiln",
            }
        ],
        "facts": [],
        "dates": [],
        "met": {"on": None, "at": None, "story": None, "through": None},
        "lives": None,
        "groups": [],
        "circle": None,
        "birthday": None,
        "last_note": "2026-11-20",
        "contacts": [],
    }
    assert met("upcoming", "--days", "366", "--json").json["dates"] == []


@pytest.mark.parametrize(
    ("flag", "word"),
    [
        ("--not-into", "chess"),
        ("--not-differ", "fado"),
        ("--not-nick", "May"),
        ("--not-group", "family"),
        ("--not-email", "maya@example.com"),
        ("--not-phone", "1"),
        ("--not-link", "https://x.example"),
        ("--not-date", "wedding"),
    ],
)
def test_what_is_not_on_the_card_cannot_be_removed(
    met: Kin, book: Path, flag: str, word: str
) -> None:
    before = book.read_bytes()
    result = met("edit", "maya", "--lives", "Porto", flag, word)
    assert (result.code, result.out) == (3, "")
    assert f"“{word}”" in result.err
    assert book.read_bytes() == before


def test_an_interest_moves_from_into_to_differ_and_back(met: Kin) -> None:
    assert _stances(met("edit", "maya", "--differ", "pottery", "--json").json) == {
        "fado": "into",
        "pineapple on pizza": "differ",
        "pottery": "differ",
    }
    (pottery,) = [each for each in _card(met, "maya")["interests"] if each["key"] == "pottery"]
    assert pottery["note"] == "her father had a kiln"
    assert _stances(met("edit", "maya", "--into", "pottery", "--json").json)["pottery"] == "into"


def test_a_story_is_added_to_an_interest_that_was_there(met: Kin) -> None:
    card = met("edit", "maya", "--into", "Fado -- her aunt sang", "--json").json
    assert [
        (each["label"], each["note"]) for each in card["interests"] if each["key"] == "fado"
    ] == [("fado", "her aunt sang")]
    again = met("edit", "maya", "--into", "fado", "--json").json
    assert again == card


def test_what_you_come_to_share_is_yours_too(met: Kin) -> None:
    met("edit", "zoe", "--both", "sourdough")
    assert "sourdough" in _stances(met("me", "--json").json)
    assert [each["label"] for each in met("recall", "zoe", "--json").json["shared"]] == [
        "sourdough"
    ]


def test_an_edit_can_add_a_note_and_a_question(met: Kin) -> None:
    met("edit", "grace", "--note", "we spoke of tides", "--ask", "did the boat float")
    recall = met("recall", "grace", "--json").json
    assert [each["text"] for each in recall["notes"]] == ["we spoke of tides"]
    assert [each["text"] for each in recall["questions"]] == ["did the boat float"]


def test_a_person_is_found_by_a_new_name_and_handle(met: Kin) -> None:
    card = met("edit", "grace", "--name", "Grace Kelly", "--handle", "gk", "--json").json
    assert (card["handle"], card["name"]) == ("gk", "Grace Kelly")
    assert met("recall", "gk").code == 0
    assert met("recall", "Grace Hopper").code == 3


@pytest.mark.parametrize("handle", ["tom-b", "Maya O", "maya\n"])
def test_a_taken_or_invalid_handle_is_refused(met: Kin, book: Path, handle: str) -> None:
    before = book.read_bytes()
    assert met("edit", "maya", "--handle", handle).code == 2
    assert book.read_bytes() == before


def test_no_one_is_met_through_themselves(met: Kin) -> None:
    assert met("edit", "maya", "--through", "maya").code == 2


def test_an_edit_of_no_one_or_of_one_of_two_toms_is_refused(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert met("edit", "nobody", "--lives", "Rome").code == 3
    assert met("edit", "tom", "--lives", "Rome").code == 4
    assert met("edit", "maya", "--on", "3/4").code == 2
    assert met("edit", "maya", "--birthday", "soon").code == 2
    assert book.read_bytes() == before


def test_no_input_means_no_editor(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    script = tmp_path / "editor.py"
    script.write_text(f"open({str(opened)!r}, 'w').close()\n", encoding="utf-8")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    result = met("edit", "maya", "--no-input")
    assert (result.code, result.out) == (2, "")
    assert not opened.exists()


def test_an_edit_shows_the_whole_card(met: Kin) -> None:
    result = met("edit", "grace", "--lives", "York")
    assert result.out == ("Grace Hopper  grace-h  changed\n  into      sailing\n  lives     York\n")


@pytest.mark.parametrize(
    "words",
    [
        ("me", "--into", "Pottery", "--not-into", "pottery"),
        ("edit", "maya", "--into", "tea", "--not-differ", "teas"),
        ("edit", "maya", "--group", "Choir", "--not-group", "choir"),
        ("reconnect", "--not-now", "me"),
        ("reconnect", "--snooze", "me"),
    ],
)
def test_contradictory_flags_are_refused(met: Kin, book: Path, words: tuple[str, ...]) -> None:
    before = book.read_bytes()
    assert met(*words).code == 2
    assert book.read_bytes() == before


def test_removing_an_interest_of_the_other_stance_names_the_flag_for_it(met: Kin) -> None:
    result = met("edit", "maya", "--not-into", "pineapple on pizza")
    assert result.code == 3 and "--not-differ" in result.err
