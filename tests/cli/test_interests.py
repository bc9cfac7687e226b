"""`kin interests`: the map, one interest, and common ground."""

import pytest

from tests.conftest import Kin


def _labels(kin: Kin, *words: str) -> list[str]:
    return [each["label"] for each in kin("interests", *words, "--json").json]


def _shared(kin: Kin, *people: str) -> list[str]:
    words = [word for who in people for word in ("--with", who)]
    return [each["label"] for each in kin("interests", *words, "--json").json["shared"]]


def test_the_map_lists_shared_interests_first(met: Kin) -> None:
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


def test_the_map_is_filtered(met: Kin) -> None:
    asked = {
        ("--mine",): ["pottery", "chess", "trail running"],
        ("--both",): ["pottery", "chess"],
        ("--rare",): ["chess", "pottery", "birding", "fado", "sailing", "sourdough"],
        ("--rare", "--both"): ["chess", "pottery"],
        ("-n", "2"): ["pottery", "chess"],
        ("--mine", "-n", "0"): ["pottery", "chess", "trail running"],
    }
    assert {words: _labels(met, *words) for words in asked} == asked


def test_an_interest_of_three_others_is_not_rare(met: Kin) -> None:
    met("edit", "grace", "--into", "pottery")
    assert "pottery" not in _labels(met, "--rare")


def test_a_short_map_in_a_pipe_has_rows_and_nothing_else(met: Kin) -> None:
    assert (
        met("interests", "-n", "1", "--plain").out
        == "pottery\tyou\t2\tMaya Okafor, Tom King\t2026-10-01\n"
    )


def test_one_interest_shows_who_how_they_came_to_it_and_when_it_last_came_up(met: Kin) -> None:
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
                    "learned_from": None,
                },
                {
                    "handle": "tom-k",
                    "name": "Tom King",
                    "stance": "into",
                    "via": None,
                    "note": None,
                    "learned_from": None,
                },
            ],
            "came_up_with": [
                {"handle": "maya-o", "name": "Maya Okafor", "on": "2026-10-01"},
                {"handle": "tom-b", "name": "Tom Becker", "on": "2026-10-01"},
            ],
        }
    ]
    assert met("interests", "pottery", "--plain").out == (
        "Maya Okafor\tmaya-o\t\t2026-10-01\ther father had a kiln\t\t\nTom King\ttom-k\t\t\t\t\t\n"
    )


def test_who_sees_it_differently_comes_last_and_is_marked(met: Kin) -> None:
    met("edit", "zoe", "--differ", "pottery")
    (pottery,) = met("interests", "pottery", "--json").json
    assert [(each["handle"], each["stance"]) for each in pottery["people"]] == [
        ("maya-o", "into"),
        ("tom-k", "into"),
        ("zoe-o", "differ"),
    ]


def test_spellings_of_one_interest_are_one(met: Kin) -> None:
    met("add", "Pat Ray", "--into", "Board Games")
    met("edit", "grace", "--into", "boardgame")
    for words in ("board games", "boardgame", "board-games", "BOARD GAME", "#board games"[1:]):
        (found,) = met("interests", words, "--json").json
        assert found["label"] == "Board Games"
        same = [each["handle"] for each in found["people"] if each["via"] is None]
        assert sorted(same) == ["grace-h", "pat-r"]


def test_an_unknown_interest_comes_with_near_misses(met: Kin) -> None:
    result = met("interests", "potery", "--json")
    assert result.code == 3
    assert result.error["candidates"] == ["pottery"]
    assert met("interests", "falconry").code == 3
    assert met("interests", "").code == 3


def test_common_ground_with_you(met: Kin) -> None:
    ground = met("interests", "--with", "maya", "--json").json
    assert {key: [each["label"] for each in ground[key]] for key in ground} == {
        "shared": ["pottery"],
        "differ": ["pineapple on pizza"],
        "theirs": ["fado"],
    }
    assert [each["on"] for each in ground["theirs"][0]["came_up_with"]] == ["2026-11-20"]
    assert met("interests", "--with", "maya", "--plain").out == (
        "pottery\t2026-10-01\tMaya Okafor: her father had a kiln\t\n"
    )
    assert _shared(met, "zoe") == []


def test_common_ground_of_two_others(met: Kin) -> None:
    ground = met("interests", "--with", "maya", "--with", "tom-k", "--json").json
    assert list(ground) == ["shared"]
    (pottery,) = ground["shared"]
    assert pottery["label"] == "pottery"
    assert [each["handle"] for each in pottery["people"]] == ["maya-o", "tom-k"]
    assert _shared(met, "maya", "tom-b") == []


def test_common_ground_with_yourself_is_not_a_bug(met: Kin) -> None:
    result = met("interests", "--with", "me")
    assert "bug" not in result.err
    assert result.code in (0, 2)
    assert _shared(met, "maya", "me") == ["pottery"]


def test_common_ground_needs_two_known_people(met: Kin) -> None:
    assert met("interests", "--with", "maya", "--with", "zoe", "--with", "grace").code == 2
    assert met("interests", "--with", "nobody").code == 3
    assert met("interests", "--with", "tom").code == 4


@pytest.mark.parametrize("part", ["--mine", "--both", "--rare"])
def test_one_interest_and_a_filter_of_the_map_exclude_each_other(met: Kin, part: str) -> None:
    assert met("interests", "pottery", part).code == 2


def test_an_empty_map_prints_no_rows(kin: Kin) -> None:
    kin("add", "Maya")
    result = kin("interests")
    assert (result.code, result.out) == (0, "")
    assert "kin me --into" in result.err


def test_no_common_ground_prints_no_rows(met: Kin) -> None:
    result = met("interests", "--with", "zoe")
    assert (result.code, result.out) == (0, "")
    assert "Zoë O’Brien" in result.err


def test_an_interest_that_only_came_up_in_a_note_is_not_on_the_map(met: Kin) -> None:
    met("note", "Maya on #falconry")
    assert "falconry" not in _labels(met)
    (falconry,) = met("interests", "falconry", "--json").json
    assert (falconry["yours"], falconry["people"]) == (False, [])
    assert falconry["came_up_with"] == [
        {"handle": "maya-o", "name": "Maya Okafor", "on": "2026-11-23"}
    ]


def test_a_note_about_a_kind_of_an_interest_counts_for_both(met: Kin) -> None:
    met("vocab", "under", "raku", "pottery")
    met("edit", "grace", "--into", "raku")
    met("note", "2026-11-22: Grace on #raku")
    on_both = {"handle": "grace-h", "name": "Grace Hopper", "on": "2026-11-22"}
    for words in ((), ("pottery",), ("raku",)):
        found = {each["label"]: each for each in met("interests", *words, "--json").json}
        for label in {"pottery", "raku"} & set(found):
            assert found[label]["came_up_with"][0] == on_both, (words, label)
    assert [each["handle"] for each in found["raku"]["came_up_with"]] == ["grace-h"]
