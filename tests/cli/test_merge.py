"""`kin merge`: two cards of the same person become one, and nothing is lost."""

from pathlib import Path

import pytest

from tests.cli.test_history import dump
from tests.conftest import Kin


@pytest.fixture
def twice(met: Kin) -> Kin:
    """Return kin with Maya in the book twice, each card with something that the other does not have."""
    for words in (
        ("add", "Maya O. Okafor", "--into", "pottery -- from her aunt", "--into", "kayaking", "--nick", "Mayo", "--lives", "Porto",
         "--group", "choir", "--email", "m@work.example", "--email", "maya@example.org", "--birthday", "26 november", "--date", "wedding=12 june 2019",
         "--met", "in the choir", "--circle", "close"),
        ("note", "2 november: rowing with @maya-okafor and Maya Okafor and Tom King #kayaking ?which boat"),
        ("note", "3 november: @maya-okafor alone"),
        ("ask", "@maya-okafor", "what about the choir"),
        ("tie", "grace", "@maya-okafor", "--as", "cousin"),
        ("tie", "@maya-okafor", "maya-o", "--as", "herself"),
        ("add", "Nia Bell", "--through", "@maya-okafor"),
        ("edit", "nia", "--into", "kayaking", "--from", "@maya-okafor"),
    ):  # fmt: skip
        result = met(*words)
        assert result.code == 0, (words, result.err)
    return met


def test_the_merged_card_has_everything_of_both(twice: Kin) -> None:
    result = twice("merge", "maya-o", "@maya-okafor", "--json").json
    person = result["person"]
    assert person["handle"] == "maya-o"
    assert result["merged"] == {"handle": "maya-okafor", "name": "Maya O. Okafor"}
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
    assert result["facts"] == [
        "lives: Porto",
        "how you met: in the choir",
        "pottery: from her aunt",
    ]
    recalled = twice("recall", "maya", "--json").json
    assert {each["text"] for each in recalled["questions"]} >= {
        "which boat",
        "what about the choir",
    }
    assert [each["handle"] for each in recalled["ties"]] == ["grace-h", "zoe-o"]
    notes = twice("notes", "maya", "--json").json["notes"]
    assert len(notes) == 4
    assert [each["handle"] for each in notes[2]["people"]] == ["maya-o", "tom-k"]
    assert twice("recall", "nia", "--json").json["person"]["met"]["through"] == {
        "handle": "maya-o",
        "name": "Maya Okafor",
    }
    (kayaking,) = twice("interests", "kayaking", "--json").json
    assert {each["handle"]: each["learned_from"] for each in kayaking["people"]} == {
        "maya-o": None,
        "nia-b": {"handle": "maya-o", "name": "Maya Okafor"},
    }
    (hit,) = twice("find", "Porto", "--json").json
    assert (hit["kind"], hit["text"]) == ("fact", "lives: Porto")
    assert twice("recall", "mayo", "--json").json["person"]["handle"] == "maya-o"


def test_a_merge_is_one_undo_step(twice: Kin, book: Path) -> None:
    before = dump(book)
    twice("merge", "maya-o", "@maya-okafor")
    after = dump(book)
    assert twice("undo").out == "Undone: Maya O. Okafor and Maya Okafor as one card.\n"
    assert dump(book) == before
    twice("redo")
    assert dump(book) == after


def test_a_dry_run_shows_the_card_and_writes_nothing(twice: Kin, book: Path) -> None:
    before = dump(book)
    result = twice("merge", "maya-o", "@maya-okafor", "--dry-run")
    assert "would be one card" in result.out and "Mayo" in result.out
    assert dump(book) == before


def test_a_merge_needs_two_cards_of_others(met: Kin) -> None:
    assert met("merge", "maya", "maya-o").code == 2
    assert met("merge", "maya", "me").code == 2
    assert met("merge", "maya", "nobody").code == 3
    assert met("merge", "maya", "tom").code == 4


def test_a_nickname_keeps_the_spelling_of_the_first_card(kin: Kin) -> None:
    kin("add", "Zoë Ode", "--nick", "Zo")
    kin("add", "Zora Ode", "--nick", "ZÓ", "--nick", "Zozo")
    assert kin("merge", "zoe", "zora").code == 0
    held = kin("recall", "zoe", "--json").json["person"]["nicknames"]
    assert sorted(held) == ["Zo", "Zora Ode", "Zozo"]
    assert kin("edit", "zoe", "--lives", "Graz", "--json").json["nicknames"] == held
