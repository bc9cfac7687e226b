"""Taking a name out of words that stay."""

import pytest
from hypothesis import given, strategies as st

from kin.language.person_names import name_words
from kin.privacy.redaction import called, given_name, redacted

MAYA = called(
    ["Maya Okafor", "Mo", "maya@example.org", "@maya-o"], ["maya", "okafor", "mo", "maya-o"]
)


@pytest.mark.parametrize(
    ("text", "left"),
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
def test_a_name_goes_and_the_rest_stays(text: str, left: str) -> None:
    assert redacted(text, MAYA) == left


@pytest.mark.parametrize(
    ("name", "text", "left"),
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
def test_other_forms_of_a_name_go_too(name: str, text: str, left: str) -> None:
    assert redacted(text, called([name], name_words(name))) == left


@pytest.mark.parametrize(
    ("name", "alone"),
    [("王小明", ("小明",)), ("欧阳小明", ("阳小明", "小明")), ("김민수", ("민수",)), ("さくら", ()), ("王明", ())],
)  # fmt: skip
def test_a_name_written_as_one_has_a_given_name(name: str, alone: tuple[str, ...]) -> None:
    assert given_name(name) == alone


def test_a_name_that_is_a_word_goes_with_its_capital_only() -> None:
    will = called(["Will May"], ["will", "may"])
    assert redacted("Will may come, and May will", will) == "someone may come, and someone will"


def test_a_name_in_a_script_without_spaces_is_found_inside() -> None:
    sakura = called(["小林 さくら"], ["小林", "さくら"])
    assert redacted("今日は小林さんとお茶", sakura) == "今日はsomeoneさんとお茶"


@given(st.text(), st.text())
def test_no_whole_name_is_left_whatever_stands_around_it(before: str, after: str) -> None:
    text = f"{before} Zyxwvut {after}"
    left = redacted(text, called(["Zyxwvut"], ["zyxwvut"]))
    assert " Zyxwvut " not in left


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_words_without_the_name_are_not_touched(text: str) -> None:
    nobody = called(["Zyxwvut Qwertz"], ["zyxwvut", "qwertz"])
    if "someone" not in text:
        assert redacted(text, nobody) == text


def test_a_number_before_a_name_makes_it_no_day() -> None:
    xavierine = called(["Xavierine Quill"], name_words("Xavierine Quill"))
    told = "At 7 Xavierine rang; 2. Quill, and a New Xavierine"
    assert redacted(told, xavierine) == "At 7 someone rang; 2. someone, and a New someone"
    april = called(["April Quill"], name_words("April Quill"))
    assert redacted("on 3 April, April came", april) == "on 3 April, someone came"
