"""Regressions in what a new user saw first."""

import json
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.make import grow
from tests.terminal import on_terminal


def handles(kin: Kin, prose: str) -> list[str]:
    """Return the handles of the people whom a note names."""
    (note,) = kin("note", prose, "--dry-run", "--json").json["notes"]
    return [each["handle"] for each in note["people"]]


def test_the_day_of_a_note_names_no_one(kin: Kin) -> None:
    kin("add", "May Chen")
    assert handles(kin, "May: rain") == []
    assert handles(kin, "May: rain with May") == ["may-c"]


def test_a_saint_and_a_double_name_are_someone_else(met: Kin) -> None:
    met("add", "Mark Twain")
    assert handles(met, "a visit to St. Mark's Square") == []
    assert handles(met, "Maya Okafor-Smith came") == []
    assert handles(met, "Mark came with Maya Okafor") == ["mark-t", "maya-o"]


def test_a_day_needs_no_space_after_its_colon(met: Kin) -> None:
    assert (
        met("note", "Yesterday:Maya sang", "--dry-run", "--json").json["notes"][0]["on"]
        == "2026-11-22"
    )
    assert (
        met("note", "at 17:30 Maya sang", "--dry-run", "--json").json["notes"][0]["on"]
        == "2026-11-23"
    )


def test_a_pipe_gets_everything_that_is_found(kin: Kin, book: Path) -> None:
    grow(book, people=60, notes=300, links=60, seed=4)
    everything = kin("find", "waiter", "--json").json
    assert len(everything) > 20
    assert len(kin("find", "waiter").out.splitlines()) == len(everything)
    assert len(kin("find", "waiter", "-n", "5", "--json").json) == 5
    assert kin("find", "waiter", "-n", "5").err == "… and more: -n 0 shows all\n"


def test_json_cannot_drive_a_terminal_and_means_the_same(kin: Kin) -> None:
    note = "a \x9b31m b \u202e c \x7f d \u2028 e \U000e0041 f"
    result = kin("note", note, "--json")
    assert json.loads(result.out)["notes"][0]["text"] == note
    assert result.out.removesuffix("\n").isprintable()


def test_a_known_name_is_reported_before_the_other_questions(met: Kin) -> None:
    seen = on_terminal(["add"], [("Who did you meet", "Maya Okafor")])
    assert seen.code == 1
    assert "already in your book" in seen.screen
    assert "What lit them up" not in seen.screen


def test_one_interest_cannot_be_both_and_differ(kin: Kin) -> None:
    result = kin("add", "Bob", "--both", "Chess", "--differ", "chess")
    assert (result.code, "chess" in result.err) == (2, True)
    assert kin("people", "--json").json == []


@pytest.mark.parametrize("words", [["--rare", "--mine"], ["--both"]])
def test_an_empty_part_of_the_map_is_not_called_an_empty_map(words: list[str], kin: Kin) -> None:
    kin("add", "Ada", "--into", "tea")
    assert "No interests here yet" not in kin("interests", *words).err


def test_a_dry_run_reports_unknown_names(met: Kin) -> None:
    assert (
        met("note", "coffee with Maya and Priya", "--dry-run").err == "Add Priya? kin add Priya\n"
    )


def test_an_odd_width_of_the_terminal_hides_nothing(met: Kin) -> None:
    seen = on_terminal(["recall", "maya"], environment={"COLUMNS": "0"})
    assert "Maya Okafor" in seen.screen


def test_namesakes_are_distinguished_by_interests_or_town(kin: Kin) -> None:
    kin("add", "Tom Becker", "--into", "chess")
    kin("add", "Tom King", "--lives", "Leeds")
    result = kin("recall", "tom")
    assert result.code == 4
    assert "Tom Becker (tom-b, into chess); Tom King (tom-k, lives in Leeds)" in result.err
