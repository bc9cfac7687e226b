"""`kin tie`: how two people know each other."""

from pathlib import Path
from typing import Any

from tests.conftest import Kin


def _ties(kin: Kin, who: str) -> Any:
    return kin("recall", who, "--json").json["ties"]


def test_a_tie_is_shown_from_both_sides(met: Kin) -> None:
    assert _ties(met, "maya") == [
        {"handle": "zoe-o", "name": "Zoë O’Brien", "word": "flat mate", "theirs": True}
    ]
    assert _ties(met, "zoe") == [
        {"handle": "maya-o", "name": "Maya Okafor", "word": "flat mate", "theirs": False}
    ]


def test_a_tie_is_echoed_in_a_sentence(met: Kin) -> None:
    result = met("tie", "tom-b", "Tom King", "--as", "brother")
    assert result.out == "Tom Becker (tom-b) is Tom King’s brother.\n"


def test_a_tie_added_twice_is_stored_once(met: Kin) -> None:
    result = met("tie", "zoe", "maya", "--as", "flat mate", "--json")
    assert result.json == {
        "person": {"handle": "zoe-o", "name": "Zoë O’Brien"},
        "other": {"handle": "maya-o", "name": "Maya Okafor"},
        "word": "flat mate",
    }
    assert len(_ties(met, "maya")) == 1


def test_two_people_may_be_tied_in_two_ways(met: Kin) -> None:
    met("tie", "zoe", "maya", "--as", "cousin")
    assert [tie["word"] for tie in _ties(met, "maya")] == ["cousin", "flat mate"]


def test_no_one_is_tied_to_themselves(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    result = met("tie", "maya", "Mo", "--as", "self")
    assert (result.code, result.out) == (2, "")
    assert book.read_bytes() == before


def test_a_tie_needs_two_known_people_and_a_word(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert met("tie", "maya", "nobody", "--as", "sister").code == 3
    assert met("tie", "tom", "maya", "--as", "sister").code == 4
    assert met("tie", "maya", "zoe").code == 2
    assert met("tie", "maya", "zoe", "--as", " ").code == 2
    assert book.read_bytes() == before


def test_a_tie_to_you_reads_naturally(met: Kin) -> None:
    met("add", "James Hodges")
    assert "You are James Hodges’ boss." in met("tie", "me", "james", "--as", "boss").out
    assert "you are James Hodges’ boss" in met("history").out
    met("tie", "zoe", "me", "--as", "sister")
    assert "Zoë O’Brien is your sister" in met("history").out
    assert "’s’" not in met("history").out and "You’s" not in met("history").out
