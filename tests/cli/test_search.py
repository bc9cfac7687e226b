"""You remember the gardening, not the name: words, never search syntax."""

from typing import Any

from hypothesis import HealthCheck, example, given, settings, strategies as st

from tests.conftest import Kin


def _found(kin: Kin, *words: str) -> list[Any]:
    told = kin("find", "--json", "--", *words)
    assert told.code == 0, told.err
    return list(told.json)


def _kinds(kin: Kin, *words: str) -> list[str]:
    return [hit["kind"] for hit in _found(kin, *words)]


def test_words_are_found_wherever_they_stand(met: Kin) -> None:
    assert _found(met, "kiln") == [
        {
            "kind": "person",
            "people": ["maya-o"],
            "names": ["Maya Okafor"],
            "on": "2026-03-01",
            "text": "Maya Okafor\nat the open kiln\nKiln House\nLisbon",
        },
        {
            "kind": "interest",
            "people": ["maya-o"],
            "names": ["Maya Okafor"],
            "on": None,
            "text": "pottery: her father had a kiln",
        },
        {
            "kind": "thread",
            "people": ["maya-o", "tom-b"],
            "names": ["Maya Okafor", "Tom Becker"],
            "on": "2026-10-01",
            "text": "did the kiln survive",
        },
        {
            "kind": "talk",
            "people": ["maya-o", "tom-b"],
            "names": ["Maya Okafor", "Tom Becker"],
            "on": "2026-10-01",
            "text": "2026-10-01: coffee with Maya and Tom Becker at Blue Door about #pottery"
            " ?did the kiln survive",
        },
    ]


def test_what_is_found_in_a_pipe_is_a_line_each_with_tabs(met: Kin) -> None:
    assert met("find", "survive", "--plain").out == (
        "thread\t2026-10-01\tmaya-o,tom-b\tdid the kiln survive\n"
        "talk\t2026-10-01\tmaya-o,tom-b\t2026-10-01: coffee with Maya and Tom Becker at Blue Door"
        " about #pottery ?did the kiln survive\n"
    )


def test_names_nicknames_and_interests_are_found(met: Kin) -> None:
    met("edit", "grace", "--nick", "Amazing")
    asked = {
        "Okafor": ["maya-o"],
        "amazing": ["grace-h"],
        "sourdough": ["zoe-o"],
        "PyCon": ["tom-b"],
        "leeds": ["tom-k"],
    }
    assert {words: _found(met, words)[0]["people"] for words in asked} == asked


def test_all_the_words_must_stand_there_in_any_order(met: Kin) -> None:
    assert _kinds(met, "survive", "kiln") == ["thread", "talk"]
    assert _kinds(met, "survive kiln") == ["thread", "talk"]
    assert _kinds(met, "kiln falconry") == []


def test_the_last_letters_may_lack(met: Kin) -> None:
    assert _kinds(met, "surv") == ["thread", "talk"]
    assert _kinds(met, "sourdou") == ["interest"]


def test_case_accents_and_apostrophes_do_not_count(met: Kin) -> None:
    for words in ("zoe", "ZOË", "Zoe\u0308", "o'brien", "O’BRIEN"):
        assert [hit["people"] for hit in _found(met, words)] == [["zoe-o"]], words


def test_a_part_of_a_text_without_spaces_is_found(met: Kin) -> None:
    met("note", "陶芸教室でマヤと会った")
    assert [hit["text"] for hit in _found(met, "教室")] == ["陶芸教室でマヤと会った"]
    assert [hit["text"] for hit in _found(met, "マヤ")] == ["陶芸教室でマヤと会った"]


def test_signs_of_a_search_language_are_signs(met: Kin) -> None:
    met("note", "we said: do NOT panic OR run (ever)")
    asked: dict[str, list[str]] = {
        '"survive': ["thread", "talk"],
        'survive"': ["thread", "talk"],
        "surv*": ["thread", "talk"],
        "^survive": ["thread", "talk"],
        "(survive": ["thread", "talk"],
        "survive)": ["thread", "talk"],
        "-survive": ["thread", "talk"],
        "survive NEAR kiln": [],
        "NEAR(survive kiln)": [],
        "survive AND kiln": ["talk"],
        "words: survive": [],
        "NOT panic": ["talk"],
        "panic OR survive": [],
        '"': [],
        "*": [],
        "%": [],
        "_": [],
        "\\": [],
        "{}": [],
    }
    assert {words: _kinds(met, words) for words in asked} == asked


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=30))
@example("½ ² ①")
@example("a\0b")
@example("\udcff")
@example("\ufb01 ǆ ß ı")
@example("((((((((((")
@example('a" OR rowid:"')
def test_no_words_are_an_error_of_kin(kin: Kin, words: str) -> None:
    kin("me", "--into", "pottery")
    told = kin("find", "--json", "--", words)
    assert told.code in (0, 2), told.err
    assert "bug" not in told.err


def test_no_word_at_all_is_refused(met: Kin) -> None:
    assert met("find").code == 2
    assert met("find", "  ").code == 2


def test_at_most_so_many_are_shown(met: Kin) -> None:
    assert [hit["kind"] for hit in met("find", "kiln", "-n", "1", "--json").json] == ["person"]
    assert len(met("find", "kiln", "-n", "0", "--json").json) == 4


def test_conversations_come_newest_first(met: Kin) -> None:
    met("note", "2026-11-21: zinnia seeds")
    met("note", "2024-11-21: zinnia seeds")
    met("note", "2025-11-21: zinnia seeds")
    assert [hit["on"] for hit in _found(met, "zinnia")] == [
        "2026-11-21",
        "2025-11-21",
        "2024-11-21",
    ]


def test_what_was_changed_is_found_by_its_new_words_only(met: Kin) -> None:
    met("edit", "grace", "--met", "on a trawler", "--lives", "Hull")
    met("edit", "grace", "--met", "on a pier")
    assert _kinds(met, "trawler") == []
    assert _kinds(met, "pier") == ["person"]


def test_nothing_found_prints_no_rows(met: Kin) -> None:
    told = met("find", "falconry")
    assert (told.code, told.out) == (0, "")
    assert "falconry" in told.err
