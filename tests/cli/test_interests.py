"""Who is into what: the map, one interest, and common ground."""

import pytest

from tests.conftest import Kin


def _labels(kin: Kin, *words: str) -> list[str]:
    return [each["label"] for each in kin("interests", *words, "--json").json]


def test_the_map_begins_with_what_is_shared(met: Kin) -> None:
    assert _labels(met) == [
        *("pottery", "chess"),
        *("birding", "fado", "sailing", "sourdough"),
        "trail running",
    ]


def test_the_map_in_a_pipe_is_a_line_each_with_tabs(met: Kin) -> None:
    assert met("interests", "--plain").out == (
        "pottery\tyou\t2\tMaya Okafor, Tom King\t2026-10-01\n"
        "chess\tyou\t1\tTom Becker\t\n"
        "birding\t\t1\tTom Becker\t\n"
        "fado\t\t1\tMaya Okafor\t2026-11-20\n"
        "sailing\t\t1\tGrace Hopper\t\n"
        "sourdough\t\t1\tZoë O’Brien\t\n"
        "trail running\tyou\t0\t\t\n"
    )


def test_the_map_shows_a_part_of_itself(met: Kin) -> None:
    asked = {
        ("--mine",): ["pottery", "chess", "trail running"],
        ("--shared",): ["pottery", "chess"],
        ("--rare",): ["chess", "pottery", "birding", "fado", "sailing", "sourdough"],
        ("--rare", "--shared"): ["chess", "pottery"],
        ("-n", "2"): ["pottery", "chess"],
        ("--mine", "-n", "0"): ["pottery", "chess", "trail running"],
    }
    assert {words: _labels(met, *words) for words in asked} == asked


def test_what_three_others_love_is_not_rare(met: Kin) -> None:
    met("edit", "grace", "--into", "pottery")
    assert "pottery" not in _labels(met, "--rare")


def test_a_short_map_in_a_pipe_has_rows_and_nothing_else(met: Kin) -> None:
    assert (
        met("interests", "-n", "1", "--plain").out
        == "pottery\tyou\t2\tMaya Okafor, Tom King\t2026-10-01\n"
    )


def test_one_interest_tells_who_how_they_came_to_it_and_when_it_last_came_up(met: Kin) -> None:
    assert met("interests", "Pottery", "--json").json == [
        {
            "key": "pottery",
            "label": "pottery",
            "yours": True,
            "people": [
                {
                    "handle": "maya-o",
                    "name": "Maya Okafor",
                    "stance": "into",
                    "via": None,
                    "note": "her father had a kiln",
                    "last_mentioned": "2026-10-01",
                    "caught_from": None,
                },
                {
                    "handle": "tom-k",
                    "name": "Tom King",
                    "stance": "into",
                    "via": None,
                    "note": None,
                    "last_mentioned": None,
                    "caught_from": None,
                },
            ],
        }
    ]
    assert met("interests", "pottery", "--plain").out == (
        "Maya Okafor\tmaya-o\t\t2026-10-01\ther father had a kiln\t\t\nTom King\ttom-k\t\t\t\t\t\n"
    )


def test_who_sees_it_differently_comes_last_and_is_marked(met: Kin) -> None:
    met("edit", "zoe", "--clash", "pottery")
    (pottery,) = met("interests", "pottery", "--json").json
    assert [(each["handle"], each["stance"]) for each in pottery["people"]] == [
        ("maya-o", "into"),
        ("tom-k", "into"),
        ("zoe-o", "collides"),
    ]


def test_spellings_of_one_interest_are_one(met: Kin) -> None:
    met("add", "Pat Ray", "--into", "Board Games")
    met("edit", "grace", "--into", "boardgame")
    for words in ("board games", "boardgame", "board-games", "BOARD GAME", "#board games"[1:]):
        (found,) = met("interests", words, "--json").json
        assert found["label"] == "Board Games"
        same = [each["handle"] for each in found["people"] if each["via"] is None]
        assert sorted(same) == ["grace-h", "pat-r"]


def test_an_interest_of_nobody_comes_with_near_misses(met: Kin) -> None:
    told = met("interests", "potery", "--json")
    assert told.code == 3
    assert told.error["candidates"] == ["pottery"]
    assert met("interests", "falconry").code == 3
    assert met("interests", "").code == 3


def test_common_ground_with_you(met: Kin) -> None:
    assert _labels(met, "--with", "maya") == ["pottery"]
    assert met("interests", "--with", "maya", "--plain").out == (
        "pottery\t2026-10-01\tMaya Okafor: her father had a kiln\t\n"
    )
    assert _labels(met, "--with", "zoe") == []


def test_common_ground_of_two_others(met: Kin) -> None:
    (pottery,) = met("interests", "--with", "maya", "--with", "tom-k", "--json").json
    assert pottery["label"] == "pottery"
    assert [each["handle"] for each in pottery["people"]] == ["maya-o", "tom-k"]
    assert _labels(met, "--with", "maya", "--with", "tom-b") == []


def test_common_ground_with_yourself_is_no_bug(met: Kin) -> None:
    told = met("interests", "--with", "me")
    assert "bug" not in told.err
    assert told.code in (0, 2)
    assert _labels(met, "--with", "maya", "--with", "me") == ["pottery"]


def test_common_ground_is_of_two_and_of_known_people(met: Kin) -> None:
    assert met("interests", "--with", "maya", "--with", "zoe", "--with", "grace").code == 2
    assert met("interests", "--with", "nobody").code == 3
    assert met("interests", "--with", "tom").code == 4


@pytest.mark.parametrize("part", ["--mine", "--shared", "--rare"])
def test_one_interest_and_a_part_of_the_map_are_two_questions(met: Kin, part: str) -> None:
    assert met("interests", "pottery", part).code == 2


def test_an_empty_map_prints_no_rows(kin: Kin) -> None:
    kin("add", "Maya")
    told = kin("interests")
    assert (told.code, told.out) == (0, "")
    assert "kin me --into" in told.err


def test_no_common_ground_prints_no_rows(met: Kin) -> None:
    told = met("interests", "--with", "zoe")
    assert (told.code, told.out) == (0, "")
    assert "Zoë O’Brien" in told.err


def test_a_topic_of_a_note_that_nobody_loves_is_on_no_map(met: Kin) -> None:
    met("note", "Maya on #falconry")
    assert "falconry" not in _labels(met)
    (falconry,) = met("interests", "falconry", "--json").json
    assert (falconry["yours"], falconry["people"]) == (False, [])
