"""Two cards of one person become one, and nothing of either is lost."""

from pathlib import Path

import pytest

from tests.cli.test_history import dump
from tests.conftest import Kin


@pytest.fixture
def twice(met: Kin) -> Kin:
    """Return kin with Maya in the book twice, each card with something that the other lacks."""
    for words in (
        ("add", "Maya O. Okafor", "--into", "pottery -- from her aunt", "--into", "kayaking", "--nick", "Mayo", "--lives", "Porto",
         "--group", "choir", "--email", "m@work.example", "--email", "maya@example.org", "--birthday", "26 november", "--day", "wedding=12 june 2019",
         "--met", "in the choir", "--circle", "close"),
        ("note", "2 november: rowing with @maya-okafor and Maya Okafor and Tom King #kayaking ?which boat"),
        ("note", "3 november: @maya-okafor alone"),
        ("ask", "@maya-okafor", "what about the choir"),
        ("tie", "grace", "@maya-okafor", "--as", "cousin"),
        ("tie", "@maya-okafor", "maya-o", "--as", "herself"),
        ("add", "Nia Bell", "--through", "@maya-okafor"),
        ("edit", "nia", "--into", "kayaking", "--from", "@maya-okafor"),
    ):  # fmt: skip
        told = met(*words)
        assert told.code == 0, (words, told.err)
    return met


def test_the_one_card_has_everything_of_both(twice: Kin) -> None:
    told = twice("merge", "maya-o", "@maya-okafor", "--json").json
    person = told["person"]
    assert person["handle"] == "maya-o"
    assert told["merged"] == "maya-okafor"
    assert person["nicknames"] == ["Mo", "Mayo", "Maya O. Okafor"]
    assert {each["label"]: each["note"] for each in person["interests"]} == {
        "pottery": "her father had a kiln",
        "kayaking": None,
        "fado": None,
        "pineapple on pizza": None,
    }
    assert person["groups"] == ["book club", "choir"]
    assert (person["lives"], person["circle"], person["birthday"]) == (
        "Lisbon",
        "close",
        "1984-11-26",
    )
    assert [each["value"] for each in person["contacts"]] == ["maya@example.org", "m@work.example"]
    assert told["remarks"] == [
        "lives: Porto",
        "how you met: in the choir",
        "pottery: from her aunt",
    ]
    recalled = twice("recall", "maya", "--json").json
    assert {each["text"] for each in recalled["threads"]} >= {"which boat", "what about the choir"}
    assert [each["handle"] for each in recalled["ties"]] == ["grace-h", "zoe-o"]
    talks = twice("talks", "maya", "--json").json
    assert len(talks) == 4
    assert [each["handle"] for each in talks[2]["people"]] == ["maya-o", "tom-k"]
    assert twice("recall", "nia", "--json").json["person"]["met"]["through"] == "maya-o"
    (kayaking,) = twice("interests", "kayaking", "--json").json
    assert {each["handle"]: each["caught_from"] for each in kayaking["people"]} == {
        "maya-o": None,
        "nia-b": "maya-o",
    }
    assert twice("find", "Porto", "--json").json[0]["people"] == ["maya-o"]
    assert twice("recall", "mayo", "--json").json["person"]["handle"] == "maya-o"


def test_it_is_one_step(twice: Kin, book: Path) -> None:
    before = dump(book)
    twice("merge", "maya-o", "@maya-okafor")
    after = dump(book)
    assert twice("undo").out == "Undone: Maya O. Okafor and Maya Okafor as one card.\n"
    assert dump(book) == before
    twice("redo")
    assert dump(book) == after


def test_a_dry_run_shows_the_card_and_writes_nothing(twice: Kin, book: Path) -> None:
    before = dump(book)
    told = twice("merge", "maya-o", "@maya-okafor", "--dry-run")
    assert "would be one card" in told.out and "Mayo" in told.out
    assert dump(book) == before


def test_a_merge_needs_two_others(met: Kin) -> None:
    assert met("merge", "maya", "maya-o").code == 2
    assert met("merge", "maya", "me").code == 2
    assert met("merge", "maya", "nobody").code == 3
    assert met("merge", "maya", "tom").code == 4


def test_two_spellings_of_a_nickname_become_the_firsts(kin: Kin) -> None:
    kin("add", "Zoë Ode", "--nick", "Zo")
    kin("add", "Zora Ode", "--nick", "ZÓ", "--nick", "Zozo")
    assert kin("merge", "zoe", "zora").code == 0
    held = kin("recall", "zoe", "--json").json["person"]["nicknames"]
    assert sorted(held) == ["Zo", "Zora Ode", "Zozo"]
    assert kin("edit", "zoe", "--lives", "Graz", "--json").json["nicknames"] == held
