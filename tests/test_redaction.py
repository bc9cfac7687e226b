"""Redaction: replacing a name in text that stays."""

import pytest
from hypothesis import given, strategies as st

from kin.language.person_names import list_name_words
from kin.privacy.redaction import list_given_names, make_name_matcher, redact

MAYA = make_name_matcher(
    ["Maya Okafor", "Mo", "maya@example.org", "@maya-o"], ["maya", "okafor", "mo", "maya-o"]
)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("coffee with Maya and Tom", "coffee with someone and Tom"),
        ("Maya Okafor’s kiln, maya's bowl", "someone’s kiln, someone's bowl"),
        ("MAYA OKAFOR rang; Okafor, Maya", "someone rang; someone, someone"),
        ("ask @maya-o or maya@example.org", "ask someone or someone"),
        ("Mo said no mo of that", "someone said no mo of that"),
        ("the Maya-Tom tandem", "the someone-Tom tandem"),
        ("Mayan temples, a mayor", "Mayan temples, a mayor"),
        ("Máya", "someone"),
        ("the Okafors; mos and Mos", "the someone; mos and Mos"),
        (
            "Maya‘s bowl, Mayas Schale, the Okafors’ dog",
            "someone‘s bowl, someone Schale, the someone’ dog",
        ),
        ("MayaOkafor, Maya_Okafor’s", "someone, someone’s"),
        ("", ""),
    ],
)
def test_a_name_is_replaced_and_the_rest_stays(text: str, redacted: str) -> None:
    assert redact(text, MAYA) == redacted


@pytest.mark.parametrize(
    ("name", "text", "redacted"),
    [
        ("Jean-Luc Picard", "Jean-Luc’s wife", "someone’s wife"),
        ("Jean-Luc Picard", "JeanLuc and the Picards", "someone and the someone"),
        ("Ann Quillfeather", "all Quillfeathers, ann’s too", "all someone, someone’s too"),
        ("Kit O’Brien", "the o’briens dog, and Obriens", "the someone dog, and someone"),
        ("Bob Jones", "the Joneses", "the someone"),
        ("Doe Miller", "she does what millers do", "she does what millers do"),
        ("Anna Levi", "parle d’Anna", "parle d’someone"),
    ],
)
def test_other_forms_of_a_name_are_replaced_too(name: str, text: str, redacted: str) -> None:
    assert redact(text, make_name_matcher([name], list_name_words(name))) == redacted


@pytest.mark.parametrize(
    ("name", "alone"),
    [("王小明", ("小明",)), ("欧阳小明", ("阳小明", "小明")), ("김민수", ("민수",)), ("さくら", ()), ("王明", ())],
)  # fmt: skip
def test_given_names_in_a_name_without_spaces(name: str, alone: tuple[str, ...]) -> None:
    assert list_given_names(name) == alone


def test_a_name_that_is_a_word_is_only_replaced_with_a_capital() -> None:
    will = make_name_matcher(["Will May"], ["will", "may"])
    assert redact("Will may come, and May will", will) == "someone may come, and someone will"


def test_a_name_is_found_in_text_without_spaces() -> None:
    sakura = make_name_matcher(["小林 さくら"], ["小林", "さくら"])
    assert redact("今日は小林さんとお茶", sakura) == "今日はsomeoneさんとお茶"


@given(st.text(), st.text())
def test_a_name_is_replaced_whatever_is_around_it(before: str, after: str) -> None:
    text = f"{before} Zyxwvut {after}"
    redacted = redact(text, make_name_matcher(["Zyxwvut"], ["zyxwvut"]))
    assert " Zyxwvut " not in redacted


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_text_without_the_name_is_not_changed(text: str) -> None:
    matcher = make_name_matcher(["Zyxwvut Qwertz"], ["zyxwvut", "qwertz"])
    if "someone" not in text:
        assert redact(text, matcher) == text


def test_a_number_before_a_name_does_not_make_it_a_date() -> None:
    xavierine = make_name_matcher(["Xavierine Quill"], list_name_words("Xavierine Quill"))
    text = "At 7 Xavierine rang; 2. Quill, and a New Xavierine"
    assert redact(text, xavierine) == "At 7 someone rang; 2. someone, and a New someone"
    april = make_name_matcher(["April Quill"], list_name_words("April Quill"))
    assert redact("on 3 April, April came", april) == "on 3 April, someone came"
