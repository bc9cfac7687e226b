"""`kin find`: plain words in all kinds of text, never search syntax."""

from typing import Any

from hypothesis import HealthCheck, example, given, settings, strategies as st

from tests.conftest import Kin

MAYA = {"handle": "maya-o", "name": "Maya Okafor"}
TOM = {"handle": "tom-b", "name": "Tom Becker"}


def _found(kin: Kin, *words: str) -> list[Any]:
    result = kin("find", "--json", "--", *words)
    assert result.code == 0, result.err
    return list(result.json)


def _handles(hit: Any) -> list[str]:
    return [each["handle"] for each in hit["people"]]


def _kinds(kin: Kin, *words: str) -> list[str]:
    return [hit["kind"] for hit in _found(kin, *words)]


def test_words_are_found_in_all_kinds_of_text(met: Kin) -> None:
    assert _found(met, "kiln") == [
        {
            "kind": "person",
            "people": [MAYA],
            "on": "2026-03-01",
            "text": "Maya Okafor\nat the open kiln\nKiln House\nLisbon",
        },
        {
            "kind": "interest",
            "people": [MAYA],
            "on": None,
            "text": "pottery: her father had a kiln",
        },
        {
            "kind": "question",
            "people": [MAYA, TOM],
            "on": "2026-10-01",
            "text": "did the kiln survive",
        },
        {
            "kind": "note",
            "people": [MAYA, TOM],
            "on": "2026-10-01",
            "text": "2026-10-01: coffee with Maya and Tom Becker at Blue Door about #pottery"
            " ?did the kiln survive",
        },
    ]


def test_each_hit_in_a_pipe_is_a_line_with_tabs(met: Kin) -> None:
    assert met("find", "survive", "--plain").out == (
        "question\t2026-10-01\tmaya-o,tom-b\tdid the kiln survive\n"
        "note\t2026-10-01\tmaya-o,tom-b\t2026-10-01: coffee with Maya and Tom Becker at Blue Door"
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
    assert {words: _handles(_found(met, words)[0]) for words in asked} == asked


def test_all_the_words_must_match_in_any_order(met: Kin) -> None:
    assert _kinds(met, "survive", "kiln") == ["question", "note"]
    assert _kinds(met, "survive kiln") == ["question", "note"]
    assert _kinds(met, "kiln falconry") == []


def test_the_beginning_of_a_word_matches(met: Kin) -> None:
    assert _kinds(met, "surv") == ["question", "note"]
    assert _kinds(met, "sourdou") == ["interest"]


def test_case_accents_and_apostrophes_do_not_count(met: Kin) -> None:
    for words in ("zoe", "ZOË", "Zoe\u0308", "o'brien", "O’BRIEN"):
        assert [_handles(hit) for hit in _found(met, words)] == [["zoe-o"]], words


def test_a_part_of_a_text_without_spaces_is_found(met: Kin) -> None:
    met("note", "陶芸教室でマヤと会った")
    assert [hit["text"] for hit in _found(met, "教室")] == ["陶芸教室でマヤと会った"]
    assert [hit["text"] for hit in _found(met, "マヤ")] == ["陶芸教室でマヤと会った"]


def test_signs_of_a_search_language_are_plain_text(met: Kin) -> None:
    met("note", "we said: do NOT panic OR run (ever)")
    asked: dict[str, list[str]] = {
        '"survive': ["question", "note"],
        'survive"': ["question", "note"],
        "surv*": ["question", "note"],
        "^survive": ["question", "note"],
        "(survive": ["question", "note"],
        "survive)": ["question", "note"],
        "-survive": ["question", "note"],
        "survive NEAR kiln": [],
        "NEAR(survive kiln)": [],
        "survive AND kiln": ["note"],
        "words: survive": [],
        "NOT panic": ["note"],
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
def test_any_words_can_be_searched_for(kin: Kin, words: str) -> None:
    kin("me", "--into", "pottery")
    result = kin("find", "--json", "--", words)
    assert result.code in (0, 2), result.err
    assert "bug" not in result.err


def test_no_word_at_all_is_refused(met: Kin) -> None:
    assert met("find").code == 2
    assert met("find", "  ").code == 2


def test_a_limit_is_respected(met: Kin) -> None:
    assert [hit["kind"] for hit in met("find", "kiln", "-n", "1", "--json").json] == ["person"]
    assert len(met("find", "kiln", "-n", "0", "--json").json) == 4


def test_notes_come_newest_first(met: Kin) -> None:
    met("note", "2026-11-21: zinnia seeds")
    met("note", "2024-11-21: zinnia seeds")
    met("note", "2025-11-21: zinnia seeds")
    assert [hit["on"] for hit in _found(met, "zinnia")] == [
        "2026-11-21",
        "2025-11-21",
        "2024-11-21",
    ]


def test_a_changed_text_is_found_by_its_new_words_only(met: Kin) -> None:
    met("edit", "grace", "--met", "on a trawler", "--lives", "Hull")
    met("edit", "grace", "--met", "on a pier")
    assert _kinds(met, "trawler") == []
    assert _kinds(met, "pier") == ["person"]


def test_nothing_found_prints_no_rows(met: Kin) -> None:
    result = met("find", "falconry")
    assert (result.code, result.out) == (0, "")
    assert "falconry" in result.err
