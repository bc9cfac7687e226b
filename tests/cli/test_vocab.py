"""Ambiguous interests, typos, kinds of an interest, and your rules about them."""

import pytest

from tests.conftest import Kin
from tests.terminal import on_terminal

WHICH = "Which bass: bass guitar, double bass or bass fishing?"


# Ambiguous words


@pytest.fixture
def basses(kin: Kin) -> Kin:
    """Return kin with two who are into bass, whichever it is."""
    kin("add", "Bo Lind", "--into", "bass")
    kin("add", "Cy Young", "--into", "bass")
    return kin


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Di Moss", "--into", "bass"),
        ("edit", "bo", "--into", "bass"),
        ("edit", "cy", "--differ", "Bass"),
        ("me", "--into", "bass"),
        ("note", "tea with Bo about #bass"),
    ],
)
def test_an_ambiguous_word_is_reported_each_time_it_is_typed(
    basses: Kin, words: tuple[str, ...]
) -> None:
    assert " ".join(basses(*words).err.split()).casefold().startswith(WHICH.casefold())


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Di Moss", "--into", "bass"),
        ("edit", "cy", "--into", "bass"),
        ("me", "--into", "bass"),
    ],
)
def test_an_ambiguous_word_is_asked_about_each_time_on_a_terminal(
    basses: Kin, words: tuple[str, ...]
) -> None:
    seen = on_terminal([*words], [("Which one", "3")])
    assert "Which “bass” is it?" in seen.screen and "bass fishing" in seen.screen
    assert basses("interests", "bass fishing").code == 0


def test_an_ambiguous_word_connects_no_one(basses: Kin) -> None:
    assert basses("introduce", "--json").json == []
    assert "share no interest" in basses("introduce", "bo", "cy").out
    assert basses("interests", "--with", "bo", "--with", "cy", "--json").json == {"shared": []}
    basses("me", "--into", "bass")
    assert basses("interests", "--with", "bo", "--with", "cy", "--json").json == {"shared": []}


def test_an_ambiguous_word_that_you_share_yourself_counts(basses: Kin) -> None:
    basses("edit", "bo", "--both", "bass")
    assert [each["label"] for each in basses("recall", "bo", "--json").json["shared"]] == ["bass"]
    for two in (("bo",), ("bo", "me"), ("me", "bo")):
        words = [word for who in two for word in ("--with", who)]
        assert [each["label"] for each in basses("interests", *words, "--json").json["shared"]] == [
            "bass"
        ]


def test_a_kind_of_an_ambiguous_word_connects_no_one(basses: Kin) -> None:
    basses("add", "Di Moss", "--into", "slap bass")
    basses("vocab", "under", "slap bass", "bass")
    assert basses("introduce", "--json").json == []
    assert basses("interests", "--with", "bo", "--with", "di", "--json").json == {"shared": []}
    assert basses("share", "slap bass", "--json").json[0]["person"]["handle"] == "di-m"
    assert len(basses("share", "slap bass", "--json").json) == 1


def test_share_suggests_no_one_for_an_ambiguous_word(basses: Kin) -> None:
    result = basses("share", "bass")
    assert "bo-l" not in result.out and WHICH in result.err
    basses("vocab", "same", "bass", "bass fishing")
    assert {each["person"]["handle"] for each in basses("share", "bass", "--json").json} == {
        "bo-l",
        "cy-y",
    }


@pytest.mark.parametrize(
    "rules",
    [
        [("same", "bass", "bass guitar")],
        [("same", "double bass", "bass")],
        [("under", "bass", "music")],
        [("apart", "bass", each) for each in ("bass guitar", "double bass", "bass fishing")],
    ],
)
def test_a_rule_of_the_owner_settles_an_ambiguous_word(
    basses: Kin, rules: list[tuple[str, ...]]
) -> None:
    for words in rules:
        basses("vocab", *words)
    assert basses("edit", "bo", "--into", "bass").err == ""
    assert len(basses("introduce", "--json").json) == 1


def test_a_sense_that_is_set_apart_is_not_offered_again(basses: Kin) -> None:
    basses("vocab", "apart", "bass", "bass guitar")
    assert "Which bass: double bass or bass fishing?" in basses("edit", "bo", "--into", "bass").err


def test_an_ambiguous_word_is_shown_before_anyone_has_it(kin: Kin) -> None:
    kin("add", "Bo Lind")
    result = kin("vocab", "show", "bass")
    assert result.code == 0
    assert "may be    bass guitar, double bass, bass fishing" in result.out
    assert "Write “bass guitar” instead" in result.err
    assert kin("vocab", "show", "bass", "--json").json == {
        "key": "bass",
        "label": "bass",
        "names": [],
        "broader": [],
        "narrower": [],
        "rules": [],
        "senses": ["bass guitar", "double bass", "bass fishing"],
    }
    assert kin("vocab", "show", "bouldering").code == 3


def test_an_ambiguous_word_is_shown_with_its_senses_until_one_is_chosen(basses: Kin) -> None:
    senses = ["bass guitar", "double bass", "bass fishing"]
    assert basses("vocab", "show", "bass", "--json").json["senses"] == senses
    basses("vocab", "same", "bass", "bass fishing")
    assert basses("vocab", "show", "bass", "--json").json["senses"] == []


def test_two_rules_about_one_interest_are_listed_in_one_line(kin: Kin) -> None:
    kin("vocab", "same", "alphaa", "betaa")
    kin("vocab", "apart", "alphaa", "gammaa")
    result = " ".join(kin("vocab", "show", "alphaa").out.split())
    assert result.endswith("“alphaa” means the same as “betaa”; “alphaa” is separate from “gammaa”")


# Rules


def test_a_rule_that_contradicts_another_is_refused_with_the_way_out(kin: Kin) -> None:
    kin("vocab", "same", "alphaa", "betaa")
    kin("vocab", "same", "betaa", "gammaa")
    result = kin("vocab", "apart", "alphaa", "gammaa")
    assert result.code == 2
    assert result.err == (
        "kin: “alphaa” is separate from “gammaa”. That contradicts your rule that “alphaa” means the same as “betaa”. "
        "First take that back: kin vocab apart alphaa betaa\n"
    )
    assert [each["relation"] for each in kin("vocab", "list", "--json").json] == ["same", "same"]
    assert kin("vocab", "apart", "alphaa", "betaa").code == 0
    assert kin("vocab", "show", "alphaa", "--json").json["names"] == []
    assert kin("vocab", "show", "betaa", "--json").json["names"] != []


@pytest.mark.parametrize(
    "rules",
    [
        ("apart a3 c3", "same a3 b3", "same b3 c3"),
        ("under a3 c3", "same a3 b3", "same b3 c3"),
        ("same a3 b3", "same b3 c3", "under a3 c3"),
        ("same a3 b3", "under a3 c3", "apart b3 c3"),
        ("same a3 b3", "apart b3 c3", "under a3 c3"),
        ("under a3 b3", "under b3 c3", "under c3 a3"),
        ("under a3 b3", "under b3 c3", "same a3 c3"),
        ("same a3 b3", "under a3 c3", "under c3 b3"),
        ("under bebop music", "under music bebopish", "under bebopish bebop"),
    ],
)
def test_a_contradictory_rule_is_refused_and_the_others_stay(
    kin: Kin, rules: tuple[str, ...]
) -> None:
    *before, last = [each.split() for each in rules]
    for words in before:
        assert kin("vocab", *words).code == 0
    result = kin("vocab", *last)
    assert result.code == 2 and "kin vocab " in result.err
    listed = [
        [each["relation"], each["a"], each["b"]] for each in kin("vocab", "list", "--json").json
    ]
    assert listed == before


def test_a_circle_through_the_shipped_list_is_refused(kin: Kin) -> None:
    result = kin("vocab", "under", "outdoors", "trekking")
    assert result.code == 2
    assert "“outdoors” is a kind of “trekking”" in result.err
    assert "kin vocab apart trekking hiking" in result.err


def test_a_rule_that_is_replaced_is_shown(kin: Kin) -> None:
    kin("vocab", "under", "alphaa", "betaa")
    result = kin("vocab", "under", "betaa", "alphaa")
    assert result.out == "“betaa” is a kind of “alphaa”.\n"
    assert "Replaces what you said before: “alphaa” is a kind of “betaa”." in result.err
    assert len(kin("vocab", "list", "--json").json) == 1


# Typos and kinds of an interest


def _rules(kin: Kin) -> list[tuple[str, str, str]]:
    rules = kin("vocab", "list", "--json").json
    return [(each["relation"], each["a"], each["b"]) for each in rules]


@pytest.mark.parametrize(
    "written",
    [
        (("add", "Ann", "--into", "cellar jazz"), ("add", "Ben", "--into", "jazz")),
        (("add", "Ann", "--into", "jazz"), ("add", "Ben", "--into", "cellar jazz")),
        (("add", "Ann", "--into", "jazz"), ("add", "Ben", "--into", "cellar jazz"), ("edit", "ann", "--into", "cellar jazz")),
        (("me", "--into", "cellar jazz", "--into", "jazz"),),
        (("add", "Ann", "--into", "cellar jazz"), ("note", "tea with Ann about #jazz")),
    ],
)  # fmt: skip
def test_a_kind_of_an_interest_is_reported_whichever_was_typed_first(
    kin: Kin, written: tuple[tuple[str, ...], ...]
) -> None:
    *before, last = written
    for words in before:
        kin(*words)
    assert (
        "Kept “cellar jazz” as an interest of its own. A kind of “jazz”? Yes, or no:\n"
        "  kin vocab under 'cellar jazz' jazz\n  kin vocab apart 'cellar jazz' jazz\n"
    ) in kin(*last).err


@pytest.mark.parametrize(("answer", "relation"), [("y", "under"), ("n", "apart")])
def test_a_kind_of_an_interest_is_asked_about_once_and_the_answer_stored(
    kin: Kin, answer: str, relation: str
) -> None:
    kin("add", "Ann", "--into", "cellar jazz")
    asked = "Is “cellar jazz” a kind of your “jazz”?"
    seen = on_terminal(["add", "Ben", "--into", "jazz"], [(asked, answer)])
    assert seen.code == 0 and asked in seen.screen
    assert _rules(kin) == [(relation, "cellar jazz", "jazz")]
    for words in (("edit", "ben", "--into", "cellar jazz"), ("edit", "ann", "--into", "jazz")):
        assert "cellar jazz" not in kin(*words).err


@pytest.mark.parametrize("relation", ["same", "under", "apart"])
def test_two_interests_with_a_rule_are_not_asked_about(kin: Kin, relation: str) -> None:
    kin("vocab", relation, "cellar jazz", "jazz")
    assert "cellar jazz" not in kin("add", "Ann", "--into", "cellar jazz", "--into", "jazz").err


def test_not_all_kinds_of_an_interest_are_asked_about_at_once(kin: Kin) -> None:
    for each in ("attic", "barn", "cellar", "desert", "nordic"):
        kin("add", each.title(), "--into", f"{each} jazz")
    assert kin("add", "Ben", "--into", "jazz").err.count("A kind of “jazz”?") == 3


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("photograhpy", "photography"),
        ("gardning", "gardening"),
        ("knittting", "knitting"),
        ("swiming", "swimming"),
        ("table tenis", "table tennis"),
        ("baord games", "board games"),
    ],
)
def test_a_typo_for_a_known_interest_is_reported_before_anyone_has_it(
    kin: Kin, typo: str, meant: str
) -> None:
    report = f"Kept “{typo}” and “{meant}” separate. The same thing? Yes, or no:\n  kin vocab same"
    assert report in kin("add", "Ann", "--into", typo).err


@pytest.mark.parametrize(
    "label",
    "banking|booking|hurling|croquet|training|wandering|drilling|knotting|slimming|swinging|ice dancing|line drawing"
    "|sheet music|indian music|comic collecting|speed dating|trap music|water games|air travel".split(
        "|"
    ),
)
def test_a_word_that_only_resembles_a_known_interest_is_taken_as_typed(
    kin: Kin, label: str
) -> None:
    assert "separate" not in kin("add", "Ann", "--into", label).err


@pytest.mark.parametrize(("answer", "label"), [("y", "photography"), ("n", "photograhpy")])
def test_a_typo_is_asked_about_and_the_answer_stored(kin: Kin, answer: str, label: str) -> None:
    asked = "Did you mean “photography”, not “photograhpy”?"
    seen = on_terminal(["add", "Ann", "--into", "photograhpy"], [(asked, answer)])
    assert asked in seen.screen
    assert [each["label"] for each in kin("interests", "--json").json] == [label]
    result = kin("add", "Ben", "--into", "photograhpy").err
    assert ("separate" in result) == (answer == "y")


def test_a_typo_in_the_book_is_joined_when_the_right_word_is_typed(kin: Kin) -> None:
    kin("add", "Ann", "--into", "photograhpy")
    asked = "Is “photograhpy” your “photography”?"
    assert asked in on_terminal(["add", "Ben", "--into", "photography"], [(asked, "y")]).screen
    assert _rules(kin) == [("same", "photograhpy", "photography")]
    assert len(kin("introduce", "--json").json) == 1
